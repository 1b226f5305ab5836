"""Builtins that call back or go through an iterable, written in Python: with staged values these are converted and
called.

They agree with the builtins in values, order of calls and exceptions; what is lazy stands in `lazy_forms`.
"""

from __future__ import annotations

import builtins
import collections
import dataclasses
import functools
import math
import operator
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dy2static.heaps import SEARCHING
from dy2static.lazy_forms import GIVING
from dy2static.sorting import ComparedBy, sorted_
from runtime.ir import MISSING


def next_or(iterator: Any, default: Any) -> Any:
    try:
        return iterator.__next__()
    except StopIteration:
        return default


def next_resumed(resume: Any, given: Any) -> Any:
    """`next(generator)` of one that runs on; see `lazy_forms.resumed`."""
    if resume():
        return given()
    raise StopIteration


def next_resumed_or(resume: Any, given: Any, default: Any) -> Any:
    if resume():
        return given()
    return default


def first(iterable: Any) -> Any:
    """`next(iterable)` of a generator that no one reads after it."""
    for item in iterable:
        return item
    raise StopIteration


def first_or(iterable: Any, default: Any) -> Any:
    for item in iterable:
        return item
    return default


def ask_length(iterable: Any) -> None:
    """What is no length is no fault here."""
    try:
        len(iterable)
    except TypeError:
        pass


def ask_hint(iterable: Any) -> None:
    hint: Any = NotImplemented
    try:
        hint = iterable.__length_hint__()
    except TypeError:
        pass
    if hint is not NotImplemented and not isinstance(hint, int):
        raise TypeError("__length_hint__ must be an integer")
    if hint is not NotImplemented and hint < 0:
        raise ValueError("__length_hint__() should return >= 0")


def ask_length_and_hint(iterable: Any) -> None:
    try:
        len(iterable)
    except TypeError:
        ask_hint(iterable)


def items_of(iterable: Any) -> Any:
    """list(iterable), of one that is not asked how long it is."""
    return list(iterable)


def taken(iterable: Any) -> Any:
    made = []
    for item in iterable:
        made.append(item)
    return made


def reduce_(function: Any, iterable: Any, *start: Any) -> Any:
    items = items_of(iterable)
    if start:
        value = start[0]
        first = 0
    elif len(items) == 0:
        raise TypeError("reduce() of empty iterable with no initial value")
    else:
        value = items[0]
        first = 1
    for index in range(first, len(items)):
        value = function(value, items[index])
    return value


def piecewise_(x: Any, condlist: Any, funclist: Any, *args: Any, **kwargs: Any) -> Any:
    """np.piecewise of functions, each of which is called where its condition holds somewhere."""
    x = np.asarray(x)
    if np.isscalar(condlist) or not isinstance(condlist[0], (list, np.ndarray)) and x.ndim != 0:
        condlist = [condlist]
    conditions = np.asarray(condlist, dtype=bool)
    if len(conditions) == len(funclist) - 1:
        conditions = np.concatenate([conditions, ~np.any(conditions, axis=0, keepdims=True)], axis=0)
    elif len(conditions) != len(funclist):
        raise ValueError(f"with {len(conditions)} condition(s), there must be as many functions, or one more")
    y = np.zeros_like(x)
    for place, function in enumerate(funclist):
        where = conditions[place]
        if callable(function):
            values = x[where]
            if values.size > 0:
                y[where] = function(values, *args, **kwargs)
        else:
            y[where] = function
    return y


def itself(item: Any) -> Any:
    return item


def extreme(iterable: Any, key: Any, is_better: Any, default: Any, name: Any) -> Any:
    items = items_of(iterable)
    if len(items) == 0:
        if default is MISSING:
            raise ValueError(f"{name}() {EMPTY}")
        return default
    best = items[0]
    best_key = key(best)
    for index in range(1, len(items)):
        one = key(items[index])
        if is_better(one, best_key):
            best = items[index]
            best_key = one
    return best


EMPTY = "iterable argument is empty" if sys.version_info >= (3, 12) else "arg is an empty sequence"


def max_(*items: Any, key: Any = None, default: Any = MISSING) -> Any:
    listed = items[0] if len(items) == 1 else items
    if isinstance(key, ComparedBy):
        return extreme(listed, itself, lambda a, b: key.compare(a, b) > 0, default, "max")
    return extreme(listed, itself if key is None else key, lambda a, b: a > b, default, "max")


def min_(*items: Any, key: Any = None, default: Any = MISSING) -> Any:
    listed = items[0] if len(items) == 1 else items
    if isinstance(key, ComparedBy):
        return extreme(listed, itself, lambda a, b: key.compare(a, b) < 0, default, "min")
    return extreme(listed, itself if key is None else key, lambda a, b: a < b, default, "min")


def sum_(iterable: Any, start: Any = 0) -> Any:
    total = start
    for item in iterable:
        total = total + item
    return total


def with_(manager: Any, body: Any) -> None:
    """A with statement around `body`; see `statements.with_`."""
    check_manager(manager)
    entered = enter(manager)
    is_clean = True
    try:
        try:
            body(entered)
        except BaseException as error:
            is_clean = False
            if not leave(manager, error):
                raise
    finally:
        if is_clean:
            leave(manager, None)


def check_manager(manager: Any) -> None:
    """Python looks for both methods before it calls one."""
    for name in ("__enter__", "__exit__"):
        if not hasattr(type(manager), name):
            raise NO_MANAGER(f"{type(manager).__name__!r} object does not support the context manager protocol")


# What entering an object that is no context manager raises.
NO_MANAGER = TypeError if sys.version_info >= (3, 11) else AttributeError


def enter(manager: Any) -> Any:
    return type(manager).__enter__(manager)


def leave(manager: Any, error: Any) -> Any:
    return type(manager).__exit__(manager, error and type(error), error, error and error.__traceback__)


def vectorized(function: Any, otypes: Any, *args: Any) -> Any:
    """A call of np.vectorize(function): like NumPy it calls once more, for the first item, to see the dtype:
    with NumPy scalars there, and with Python numbers for the result."""
    arrays = np.broadcast_arrays(*args)
    if arrays[0].size == 0 and otypes is None:
        raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
    columns = []
    for place, _ in enumerate(args):
        columns.append(arrays[place].ravel().tolist())
    dtype = otypes
    if otypes is None:
        one = function(*[np.asarray(arg).flat[0] for arg in args])
        dtype = "U" if isinstance(one, str) else np.asarray(one).dtype
    made = []
    for index in range(arrays[0].size):
        made.append(function(*[column[index] for column in columns]))
    return np.array(made, dtype=dtype).reshape(arrays[0].shape)


def applied_along_axis(function: Any, axis: Any, array: Any, *args: Any, **kwargs: Any) -> Any:
    """np.apply_along_axis, of arrays of one or two dims, whose rows are views."""
    array = np.asanyarray(array)
    if array.ndim == 1:
        return np.array(function(array, *args, **kwargs))
    rows = array if axis % 2 == 1 else array.T
    if len(rows) == 0:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    first = np.asanyarray(function(rows[0], *args, **kwargs))
    made = np.zeros((len(rows), *first.shape), first.dtype)
    made[0] = first
    for index in range(1, len(rows)):
        made[index] = np.asanyarray(function(rows[index], *args, **kwargs))
    return made if axis % 2 == 1 or made.ndim == 1 else made.T


def getattr_or(owner: Any, name: str, default: Any) -> Any:
    try:
        found = getattr(owner, name)
    except AttributeError:
        found = default
    return found


def hasattr_(owner: Any, name: str) -> bool:
    try:
        getattr(owner, name)
        found = True
    except AttributeError:
        found = False
    return found


def has_all(owner: Any, names: Any) -> Any:
    return all(hasattr(owner, name) for name in names)


def is_sequence_(value: Any) -> Any:
    """Whether a sequence pattern may match a value, whose class is not known while tracing."""
    texts = (str, bytes, bytearray)
    return isinstance(value, (tuple, list, range, collections.deque, Sequence)) and not isinstance(value, texts)


def is_mapping_(value: Any) -> Any:
    return isinstance(value, (dict, Mapping))


def dataclass_repr(self: Any) -> Any:
    """The __repr__ that `dataclass` writes."""
    parts = []
    for field in dataclasses.fields(self):
        if field.repr:
            parts.append(f"{field.name}={getattr(self, field.name)!r}")
    return f"{type(self).__qualname__}({', '.join(parts)})"


def fromkeys_(iterable: Any, value: Any = None) -> Any:
    made: dict[Any, Any] = {}
    for key in iterable:
        made[key] = value
    return made


def itemgetter_(*keys: Any) -> Any:
    if len(keys) == 1:
        return lambda value: value[keys[0]]
    return lambda value: tuple([value[key] for key in keys])


def attrgetter_(*names: Any) -> Any:
    if len(names) == 1:
        return lambda value: nested(value, names[0])
    return lambda value: tuple([nested(value, name) for name in names])


def methodcaller_(name: Any, *args: Any, **kwargs: Any) -> Any:
    return lambda value: getattr(value, name)(*args, **kwargs)


def nested(value: Any, name: Any) -> Any:
    for part in name.split("."):
        value = getattr(value, part)
    return value


def under_errstate(
    all: Any, divide: Any, over: Any, under: Any, invalid: Any, function: Any, args: Any, kwargs: Any
) -> Any:
    """A call of what `@np.errstate(…)` stands above."""
    with np.errstate(all=all, divide=divide, over=over, under=under, invalid=invalid):
        return function(*args, **kwargs)


def check_count(items: Any, count: Any, takes_rest: Any, name: Any) -> None:
    """Raises TypeError unless a function that still misses `count` arguments can take `items` for them."""
    if len(items) < count:
        raise TypeError(f"{name}() missing {count - len(items)} required positional arguments")
    if not takes_rest and len(items) > count:
        raise TypeError(f"{name}() is given {len(items) - count} positional arguments more than it takes")


def dict_of(mapping: Any, **more: Any) -> Any:
    """dict() of an object of the user's that has keys and items."""
    made = {}
    for key in mapping.keys():
        made[key] = mapping[key]
    made.update(more)
    return made


def spread_into(made: Any, mapping: Any) -> None:
    """`{**mapping}`, which takes no pairs."""
    if not hasattr(mapping, "keys"):
        raise TypeError(f"{type(mapping).__name__!r} object is not a mapping")
    made.update(mapping)


def extend_(items: Any, iterable: Any) -> None:
    """list.extend of a generator, which may look at the list between its items."""
    for item in iterable:
        items.append(item)


def update_set_(items: Any, iterable: Any) -> None:
    for item in iterable:
        items.add(item)


def update_dict_(items: Any, pairs: Any) -> None:
    for key, value in pairs:
        items[key] = value


def update_keys_(items: Any, mapping: Any, **more: Any) -> None:
    """dict.update of an object of the user's that has keys and items."""
    for key in mapping.keys():
        items[key] = mapping[key]
    items.update(more)


def add_note_(error: Any, note: Any) -> None:
    """BaseException.add_note (Python 3.11)."""
    if not isinstance(note, str):
        raise TypeError(f"note must be a str, not '{type(note).__name__}'")
    if not hasattr(error, "__notes__"):
        error.__notes__ = []
    if not isinstance(error.__notes__, list):
        raise TypeError("Cannot add note: __notes__ is not a list")
    error.__notes__.append(note)


# Methods of containers that take what a generator gives.
TAKING: dict[tuple[Any, str], Any] = {
    (list, "extend"): extend_,
    (collections.deque, "extend"): extend_,
    (set, "update"): update_set_,
    (dict, "update"): update_dict_,
}
# By the methods that an iterable of the user's has.
ASKED: dict[tuple[str, ...], Any] = {
    ("__len__",): ask_length,
    ("__length_hint__",): ask_hint,
    ("__len__", "__length_hint__"): ask_length_and_hint,
}
WITH_FUNCTION: dict[Any, Any] = {
    functools.reduce: reduce_,
    dict.fromkeys: fromkeys_,
    **SEARCHING,
    **GIVING,
}
GETTERS: dict[type, Any] = {
    operator.itemgetter: itemgetter_,
    operator.attrgetter: attrgetter_,
    operator.methodcaller: methodcaller_,
}
WITH_KEY = {builtins.sorted: sorted_, builtins.max: max_, builtins.min: min_}
OF_OBJECTS = {builtins.sum: sum_}  # which call methods of objects
TAKERS = {
    builtins.any, builtins.all, builtins.list, builtins.tuple, builtins.set, builtins.frozenset, builtins.dict,
    builtins.sum, builtins.min, builtins.max, builtins.sorted, collections.deque, collections.Counter,
    collections.OrderedDict, math.prod, math.fsum, np.fromiter, tuple.__new__,
}  # fmt: skip
