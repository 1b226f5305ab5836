"""Builtins that call back or go through an iterable, written in Python: with staged values these are converted and
called.

They agree with the builtins in values, order of calls and exceptions. What is lazy in Python and is a list here (map,
filter, generator expressions) calls back when it is made, and not when it is read.
"""

from __future__ import annotations

import builtins
import functools
import itertools
import operator
from typing import Any

from dy2static.heaps import SEARCHING

_MISSING = object()


def map_(function: Any, *iterables: Any) -> Any:
    made = []
    if len(iterables) == 1:
        for item in iterables[0]:
            made.append(function(item))
    else:
        for items in zip(*iterables):
            made.append(function(*items))
    return made


def filter_(function: Any, iterable: Any) -> Any:
    made = []
    for item in iterable:
        if item if function is None else function(item):
            made.append(item)
    return made


def starmap_(function: Any, iterable: Any) -> Any:
    made = []
    for items in iterable:
        made.append(function(*items))
    return made


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


def accumulate_(iterable: Any, function: Any = None, *, initial: Any = None) -> Any:
    made: list[Any] = []
    if initial is not None:
        made.append(initial)
    for item in iterable:
        if len(made) == 0:
            made.append(item)
        else:
            made.append(made[-1] + item if function is None else function(made[-1], item))
    return made


def sorted_(iterable: Any, *, key: Any, reverse: Any = False) -> Any:
    items = list(iterable)
    keys = map_(key, items)
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
    return rows


def chain_(*iterables: Any) -> Any:
    made = []
    for iterable in iterables:
        for item in iterable:
            made.append(item)
    return made


def from_iterable(iterables: Any) -> Any:
    made = []
    for iterable in iterables:
        for item in iterable:
            made.append(item)
    return made


def pairwise_(iterable: Any) -> Any:
    items = list(iterable)
    return list(zip(items, items[1:]))


def combinations_(iterable: Any, r: Any) -> Any:
    items = list(iterable)
    rows: list[Any] = [((), 0)]
    for _ in range(r):
        longer = []
        for row, start in rows:
            for index in range(start, len(items)):
                longer.append(((*row, items[index]), index + 1))
        rows = longer
    return [row for row, _ in rows]


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
    itertools.combinations: combinations_,
    itertools.groupby: groupby_,
    **({itertools.pairwise: pairwise_} if hasattr(itertools, "pairwise") else {}),
    **SEARCHING,
}
WITH_METHOD: dict[tuple[Any, str], Any] = {
    (itertools.chain, "from_iterable"): from_iterable,
    (dict, "fromkeys"): fromkeys_,
}
GETTERS: dict[type, Any] = {operator.itemgetter: itemgetter_, operator.attrgetter: attrgetter_}
WITH_KEY = {builtins.sorted: sorted_, builtins.max: max_, builtins.min: min_}
