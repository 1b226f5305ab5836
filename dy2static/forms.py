"""Builtins that call back or go through an iterable, written in Python: with staged values these are converted and
called.

They agree with the builtins in values, order of calls and exceptions; what is lazy is a generator function.
"""

from __future__ import annotations

import builtins
import collections
import dataclasses
import functools
import itertools
import math
import operator
from typing import Any

import numpy as np

from dy2static.heaps import SEARCHING

_MISSING = object()


def map_(function: Any, *iterables: Any) -> Any:
    if len(iterables) == 1:
        for item in iterables[0]:
            yield function(item)
    elif len(iterables) == 2:
        for first, second in zip(*iterables):
            yield function(first, second)
    elif len(iterables) == 3:
        for first, second, third in zip(*iterables):
            yield function(first, second, third)
    else:
        for items in zip(*iterables):
            yield function(*items)


def filter_(function: Any, iterable: Any) -> Any:
    for item in iterable:
        if item if function is None else function(item):
            yield item


def selected(iterable: Any, element: Any, *conditions: Any) -> Any:
    """The generator expression `element(item) for item in iterable if all conditions`."""
    for item in iterable:
        wanted = True
        for test in conditions:
            if wanted and not test(item):
                wanted = False
        if wanted:
            yield element(item)


def starmap_(function: Any, iterable: Any) -> Any:
    for items in iterable:
        yield function(*items)


def accumulate_(iterable: Any, function: Any = None, *, initial: Any = None) -> Any:
    total = initial
    is_first = initial is None
    if not is_first:
        yield total
    for item in iterable:
        if is_first:
            total = item
            is_first = False
        else:
            total = total + item if function is None else function(total, item)
        yield total


def enumerate_(iterable: Any, start: Any = 0) -> Any:
    number = start
    for item in iterable:
        yield number, item
        number = number + 1


def zip_(*iterables: Any) -> Any:
    """Of several generators, which are read in turn."""
    iterators = []
    for iterable in iterables:
        iterators.append(iter(iterable))
    while True:
        items = []
        for iterator in iterators:
            item = next(iterator, _MISSING)
            if item is _MISSING:
                return
            items.append(item)
        yield tuple(items)


def zip_around_(before: Any, generator: Any, after: Any) -> Any:
    """`zip(*before, generator, *after)`, of one generator and sequences; the generator gives the turns."""
    number = 0
    if not is_past(before, number):
        for item in generator:
            if is_past(after, number):
                return
            yield (*[one[number] for one in before], item, *[one[number] for one in after])
            number = number + 1
            if is_past(before, number):
                return


def is_past(sequences: Any, number: Any) -> Any:
    found = False
    for sequence in sequences:
        if len(sequence) <= number:
            found = True
    return found


def chain_(*iterables: Any) -> Any:
    for iterable in iterables:
        yield from iterable


def chain_from_(iterables: Any) -> Any:
    for iterable in iterables:
        yield from iterable


def islice_(iterable: Any, *bounds: Any) -> Any:
    start, stop, step = (0, *bounds, 1) if len(bounds) == 1 else (*bounds, 1)[:3]
    start = 0 if start is None else start
    step = 1 if step is None else step
    if stop is None or stop > start:
        wanted = start
        number = 0
        for item in iterable:
            if number == wanted:
                yield item
                wanted = wanted + step
                if stop is not None and wanted >= stop:
                    return
            number = number + 1


def takewhile_(test: Any, iterable: Any) -> Any:
    for item in iterable:
        if not test(item):
            return
        yield item


def dropwhile_(test: Any, iterable: Any) -> Any:
    is_dropping = True
    for item in iterable:
        if is_dropping:
            is_dropping = test(item)
        if not is_dropping:
            yield item


def compress_(items: Any, selectors: Any) -> Any:
    for item, selector in zip(items, selectors):
        if selector:
            yield item


def filterfalse_(test: Any, iterable: Any) -> Any:
    for item in iterable:
        if not (item if test is None else test(item)):
            yield item


def pairwise_(iterable: Any) -> Any:
    before = None
    is_first = True
    for item in iterable:
        if not is_first:
            yield before, item
        before = item
        is_first = False


def count_(start: Any = 0, step: Any = 1) -> Any:
    number = start
    while True:
        yield number
        number = number + step


def cycle_(iterable: Any) -> Any:
    items = []
    for item in iterable:
        yield item
        items.append(item)
    while len(items) > 0:
        yield from items


def repeat_(item: Any, times: Any = None) -> Any:
    if times is None:
        while True:
            yield item
    else:
        for _ in range(times):
            yield item


def zip_longest_(*iterables: Any, fillvalue: Any = None) -> Any:
    pools = [list(iterable) for iterable in iterables]
    longest = 0
    for pool in pools:
        longest = max(longest, len(pool))
    for index in range(longest):
        yield tuple([pool[index] if index < len(pool) else fillvalue for pool in pools])


def combinations_(iterable: Any, count: Any) -> Any:
    pool = list(iterable)
    for places in product_(range(len(pool)), repeat=count):
        if is_rising(places, 1):
            yield tuple([pool[place] for place in places])


def combinations_with_replacement_(iterable: Any, count: Any) -> Any:
    pool = list(iterable)
    for places in product_(range(len(pool)), repeat=count):
        if is_rising(places, 0):
            yield tuple([pool[place] for place in places])


def permutations_(iterable: Any, count: Any = None) -> Any:
    pool = list(iterable)
    for places in product_(range(len(pool)), repeat=len(pool) if count is None else count):
        if len(set(places)) == len(places):
            yield tuple([pool[place] for place in places])


def is_rising(places: Any, least: Any) -> Any:
    found = True
    for index in range(1, len(places)):
        if places[index] - places[index - 1] < least:
            found = False
    return found


def iterated(iterator: Any) -> Any:
    """The items of an object of the user's that is an iterator."""
    while True:
        try:
            item = iterator.__next__()
        except StopIteration:
            return
        yield item


def indexed(sequence: Any) -> Any:
    """The items of an object of the user's that has items and no iterator."""
    number = 0
    while True:
        try:
            item = sequence[number]
        except IndexError:
            return
        yield item
        number = number + 1


def next_or(iterator: Any, default: Any) -> Any:
    try:
        return iterator.__next__()
    except StopIteration:
        return default


def first(iterable: Any, *default: Any) -> Any:
    """`next(iterable, *default)` of a generator that no one reads after it."""
    for item in iterable:
        return item
    if len(default) == 0:
        raise StopIteration
    return default[0]


def taken(iterable: Any) -> Any:
    made = []
    for item in iterable:
        made.append(item)
    return made


def found_(item: Any, iterable: Any) -> Any:
    for one in iterable:
        if one is item or one == item:
            return True
    return False


def any_(iterable: Any) -> Any:
    for item in iterable:
        if item:
            return True
    return False


def all_(iterable: Any) -> Any:
    for item in iterable:
        if not item:
            return False
    return True


def reduce_(function: Any, iterable: Any, *start: Any) -> Any:
    items = list(iterable)
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


def sorted_(iterable: Any, *, key: Any, reverse: Any = False) -> Any:
    items = list(iterable)
    keys = [key(item) for item in items]
    made = []
    for place in sorted_places(keys, reverse):
        made.append(items[place])
    return made


def sort_(items: Any, *, key: Any, reverse: Any = False) -> None:
    items[:] = sorted_(items, key=key, reverse=reverse)


def extreme(iterable: Any, key: Any, is_better: Any, default: Any, name: Any) -> Any:
    items = list(iterable)
    if len(items) == 0:
        if default is _MISSING:
            raise ValueError(f"{name}() iterable argument is empty")
        return default
    best = items[0]
    best_key = key(best)
    for index in range(1, len(items)):
        one = key(items[index])
        if is_better(one, best_key):
            best = items[index]
            best_key = one
    return best


def max_(*items: Any, key: Any, default: Any = _MISSING) -> Any:
    return extreme(items[0] if len(items) == 1 else items, key, lambda a, b: a > b, default, "max")


def min_(*items: Any, key: Any, default: Any = _MISSING) -> Any:
    return extreme(items[0] if len(items) == 1 else items, key, lambda a, b: a < b, default, "min")


def product_(*iterables: Any, repeat: Any = 1) -> Any:
    pools = [list(iterable) for iterable in iterables] * repeat
    rows: list[Any] = [()]
    for pool in pools:
        longer = []
        for row in rows:
            for item in pool:
                longer.append((*row, item))
        rows = longer
    yield from rows


def ndindex_(*shape: Any) -> Any:
    sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
    for size in sizes:
        if size < 0:
            raise ValueError("negative dimensions are not allowed")
    if len(sizes) == 1:
        for first in range(sizes[0]):
            yield (first,)
    elif len(sizes) == 2:
        for first in range(sizes[0]):
            for second in range(sizes[1]):
                yield first, second
    else:
        yield from product_(*[range(size) for size in sizes])


def ndenumerate_(array: Any) -> Any:
    array = np.asarray(array)
    for place in ndindex_(*array.shape):
        yield place, array[place]


def with_(manager: Any, body: Any) -> None:
    """A with statement around `body`; see `statements.with_`."""
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


def enter(manager: Any) -> Any:
    return type(manager).__enter__(manager)


def leave(manager: Any, error: Any) -> Any:
    return type(manager).__exit__(manager, error and type(error), error, error and error.__traceback__)


def vectorized(function: Any, otypes: Any, *args: Any) -> Any:
    """A call of np.vectorize(function): like NumPy it calls once more, for the first item, to see the dtype."""
    arrays = np.broadcast_arrays(*args)
    if arrays[0].size == 0 and otypes is None:
        raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
    columns = []
    for place, _ in enumerate(args):
        columns.append(arrays[place].ravel().tolist())
    dtype = otypes
    if otypes is None:
        one = function(*[column[0] for column in columns])
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


def nested(value: Any, name: Any) -> Any:
    for part in name.split("."):
        value = getattr(value, part)
    return value


def groupby_(iterable: Any, key: Any = None) -> Any:
    made: list[Any] = []
    for item in iterable:
        one = item if key is None else key(item)
        if len(made) > 0 and made[-1][0] == one:
            made[-1][1].append(item)
        else:
            made.append((one, [item]))
    return made


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


def sorted_places(keys: Any, reverse: Any) -> Any:
    """The places of `keys` in sorted order; an op of the program where they are staged."""
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=reverse)


WITH_FUNCTION: dict[Any, Any] = {
    builtins.map: map_,
    builtins.filter: filter_,
    functools.reduce: reduce_,
    itertools.starmap: starmap_,
    itertools.accumulate: accumulate_,
    itertools.product: product_,
    itertools.chain: chain_,
    itertools.chain.from_iterable: chain_from_,
    itertools.islice: islice_,
    itertools.takewhile: takewhile_,
    itertools.dropwhile: dropwhile_,
    itertools.compress: compress_,
    itertools.filterfalse: filterfalse_,
    itertools.zip_longest: zip_longest_,
    itertools.combinations: combinations_,
    itertools.combinations_with_replacement: combinations_with_replacement_,
    itertools.permutations: permutations_,
    itertools.groupby: groupby_,
    dict.fromkeys: fromkeys_,
    **SEARCHING,
}
if hasattr(itertools, "pairwise"):
    WITH_FUNCTION[itertools.pairwise] = pairwise_
GETTERS: dict[type, Any] = {operator.itemgetter: itemgetter_, operator.attrgetter: attrgetter_}
WITH_KEY = {builtins.sorted: sorted_, builtins.max: max_, builtins.min: min_}
LAZY = {builtins.enumerate: enumerate_}
# Those that are Python's own are left to Python where nothing is staged, and these never.
ITERATORS = {
    itertools.count: count_,
    itertools.cycle: cycle_,
    itertools.repeat: repeat_,
    np.ndindex: ndindex_,
    np.ndenumerate: ndenumerate_,
}
SHORT = {builtins.any: any_, builtins.all: all_}
TAKERS = {
    *SHORT, builtins.list, builtins.tuple, builtins.set, builtins.frozenset, builtins.dict, builtins.sum, builtins.min,
    builtins.max, builtins.sorted, collections.deque, collections.Counter, collections.OrderedDict, math.prod,
    math.fsum, np.fromiter, tuple.__new__,
}  # fmt: skip
