"""Builtins that do something with each item before they ask for the next one, written in Python for iterables that
run Python of the user's: what a generator prints and changes stands between the comparisons, additions and hashes.

What nobody can watch waits: numbers are collected, and added by the builtin itself.
"""

from __future__ import annotations

import builtins
import functools
import math
from typing import Any

import numpy as np

from dy2static.forms import EMPTY, itself
from dy2static.sorting import ComparedBy
from runtime.ir import MISSING


def is_number(value: Any) -> Any:
    """Whether a value is one of those numbers whose additions and comparisons neither fail nor print."""
    return type(value) in (int, float, bool)


def added(numbers: Any, total: Any) -> Any:
    """sum(numbers, total) of numbers alone, which has no form but is an op."""
    return sum(numbers, total)


def next_inside(iterator: Any) -> Any:
    """next(iterator) in the code of a generator, which its StopIteration would leave."""
    item = next(iterator, MISSING)
    if item is MISSING:
        raise RuntimeError("generator raised StopIteration")
    return item


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


def found_(item: Any, iterable: Any) -> Any:
    for one in iterable:
        if one is item or one == item:
            return True
    return False


def sum_(iterable: Any, start: Any = 0) -> Any:
    if isinstance(start, (str, bytes, bytearray)):
        raise TypeError("sum() can't sum strings [use ''.join(seq) instead]")
    total = start
    numbers: list[Any] = []
    for item in iterable:
        if is_number(item) and is_number(total):
            numbers.append(item)
        else:
            if len(numbers) > 0:
                total = added(numbers, total)
                numbers.clear()
            total = total + item
    return added(numbers, total) if len(numbers) > 0 else total


def prod_(iterable: Any, *, start: Any = 1) -> Any:
    total = start
    for item in iterable:
        total = total * item
    return total


def fsum_(iterable: Any) -> Any:
    numbers = []
    for item in iterable:
        numbers.append(item if is_number(item) else math.fsum((item,)))
    return math.fsum(numbers)


def extreme(iterable: Any, key: Any, is_better: Any, default: Any, name: Any) -> Any:
    best = best_key = None
    is_first = True
    for item in iterable:
        one = key(item)
        if is_first or is_better(one, best_key):
            best = item
            best_key = one
            is_first = False
    if not is_first:
        return best
    if default is MISSING:
        raise ValueError(f"{name}() {EMPTY}")
    return default


def max_(iterable: Any, *, key: Any = None, default: Any = MISSING) -> Any:
    if isinstance(key, ComparedBy):
        return extreme(iterable, itself, lambda a, b: key.compare(a, b) > 0, default, "max")
    return extreme(iterable, itself if key is None else key, lambda a, b: a > b, default, "max")


def min_(iterable: Any, *, key: Any = None, default: Any = MISSING) -> Any:
    if isinstance(key, ComparedBy):
        return extreme(iterable, itself, lambda a, b: key.compare(a, b) < 0, default, "min")
    return extreme(iterable, itself if key is None else key, lambda a, b: a < b, default, "min")


def reduce_(function: Any, iterable: Any, *start: Any) -> Any:
    value = start[0] if start else None
    is_first = len(start) == 0
    for item in iterable:
        if is_first:
            value = item
            is_first = False
        else:
            value = function(value, item)
    if is_first:
        raise TypeError("reduce() of empty iterable with no initial value")
    return value


def hashed(iterable: Any) -> Any:
    """The items for a set or Counter, which takes no further one after one that has no hash."""
    made = []
    for item in iterable:
        hash(item)
        made.append(item)
    return made


def set_(iterable: Any) -> Any:
    made = set()
    for item in iterable:
        made.add(item)
    return made


def frozenset_(iterable: Any) -> Any:
    return frozenset(set_(iterable))


def dict_(pairs: Any, **more: Any) -> Any:
    made = {}
    for key, value in pairs:
        made[key] = value
    made.update(more)
    return made


def exactly(iterable: Any, count: Any) -> Any:
    """What `a, b = iterable` takes: no more than tells that there is too much."""
    made: list[Any] = []
    for item in iterable:
        if len(made) == count:
            raise ValueError(f"too many values to unpack (expected {count})")
        made.append(item)
    return made


def with_rest(iterable: Any, count: Any) -> Any:
    """What `a, *b = iterable` takes: the first ones, and a list of what is left."""
    iterator = iter(iterable)
    made: list[Any] = []
    for _ in range(count):
        item = next(iterator, MISSING)
        if item is MISSING:
            raise ValueError(f"not enough values to unpack (expected at least {count})")
        made.append(item)
    return [*made, *list(iterator)]


def fromiter_(iterable: Any, dtype: Any) -> Any:
    items = []
    for item in iterable:
        if not is_number(item):
            np.fromiter((item,), dtype)
        items.append(item)
    return np.fromiter(items, dtype)


SHORT: dict[Any, Any] = {builtins.any: any_, builtins.all: all_}
# Each with the place of its iterable.
ONE_BY_ONE: dict[Any, tuple[Any, int]] = {
    builtins.sum: (sum_, 0),
    builtins.max: (max_, 0),
    builtins.min: (min_, 0),
    builtins.set: (set_, 0),
    builtins.frozenset: (frozenset_, 0),
    builtins.dict: (dict_, 0),
    math.prod: (prod_, 0),
    math.fsum: (fsum_, 0),
    functools.reduce: (reduce_, 1),
    np.fromiter: (fromiter_, 0),
}
