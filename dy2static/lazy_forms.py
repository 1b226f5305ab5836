"""map, filter, zip and the iterators of itertools, written in Python as generator functions: with staged values these
are converted, and their items taken as those of the user's own generators; see `forms`.
"""

from __future__ import annotations

import builtins
import itertools
import operator
from types import NoneType
from typing import Any

import numpy as np

from runtime.ir import MISSING


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


def accumulate_(iterable: Any, func: Any = None, *, initial: Any = None) -> Any:
    total = initial
    is_first = initial is None
    if not is_first:
        yield total
    for item in iterable:
        if is_first:
            total = item
            is_first = False
        else:
            total = total + item if func is None else func(total, item)
        yield total


def enumerate_(iterable: Any, start: Any = 0) -> Any:
    number = start
    for item in iterable:
        yield number, item
        number = number + 1


def zip_(*iterables: Any, strict: Any = False) -> Any:
    """Of several generators, which are read in turn."""
    iterators = []
    for iterable in iterables:
        iterators.append(iter(iterable))
    while True:
        items: list[Any] = []
        for iterator in iterators:
            item = next(iterator, MISSING)
            if item is MISSING and strict and len(items) > 0:
                raise ValueError("an argument of zip() is shorter than those before it")
            if item is MISSING:
                if strict:
                    for other in iterators[1:]:
                        if next(other, MISSING) is not MISSING:
                            raise ValueError("an argument of zip() is longer than those before it")
                return
            items.append(item)
        yield tuple(items)


def zip_around_(before: Any, generator: Any, after: Any, strict: Any = False) -> Any:
    """`zip(*before, generator, *after)`, of one generator and sequences; the generator gives the turns."""
    number = 0
    if strict or not is_past(before, number):
        for item in generator:
            if strict and (is_past(before, number) or is_past(after, number)):
                raise ValueError("an argument of zip() is shorter than another")
            if is_past(after, number):
                return
            yield (*[one[number] for one in before], item, *[one[number] for one in after])
            number = number + 1
            if not strict and is_past(before, number):
                return
    if strict and not (is_at_end(before, number) and is_at_end(after, number)):
        raise ValueError("an argument of zip() is longer than another")


def is_at_end(sequences: Any, number: Any) -> Any:
    found = True
    for sequence in sequences:
        if len(sequence) > number:
            found = False
    return found


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
    """What fails is refused when it is called, and not when the first item is asked for."""
    start, stop, step = (0, *bounds, 1) if len(bounds) == 1 else (*bounds, 1)[:3]
    for bound in (start, stop, step):
        if bound is not None and (not hasattr(bound, "__index__") or bound < 0):
            raise ValueError("bounds and step of islice() must be None or an integer that is not negative")
    start = 0 if start is None else start
    step = 1 if step is None else step
    if step < 1:
        raise ValueError("Step for islice() must be a positive integer or None.")
    return slice_of(iterable, start, stop, step)


def slice_of(iterable: Any, start: Any, stop: Any, step: Any) -> Any:
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


def compress_(data: Any, selectors: Any) -> Any:
    for item, selector in zip(data, selectors):
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
    if isinstance(start, (str, list, tuple, dict, NoneType)):
        raise TypeError("a number is required")
    return counted(start, step)


def counted(start: Any, step: Any) -> Any:
    number = start
    while True:
        yield number
        number = number + step


def groupby_(iterable: Any, key: Any = None) -> Any:
    """A group is read as a whole before it is given. What is left of it is gone when the next one is asked for: groups
    of Python's share one iterator."""
    group: list[Any] = []
    known = None
    for item in iterable:
        one = item if key is None else key(item)
        if len(group) > 0 and not known == one:
            items = iter(group)
            yield known, items
            for _ in items:
                pass
            group = []
        if len(group) == 0:
            known = one
        group.append(item)
    if len(group) > 0:
        items = iter(group)
        yield known, items
        for _ in items:
            pass


def cycle_(iterable: Any) -> Any:
    items = []
    for item in iterable:
        yield item
        items.append(item)
    while len(items) > 0:
        yield from items


def repeat_(object: Any, times: Any = MISSING) -> Any:
    return repeated(object) if times is MISSING else repeated_times(object, operator.index(times))


def repeated(object: Any) -> Any:
    while True:
        yield object


def repeated_times(object: Any, times: Any) -> Any:
    for _ in range(times):
        yield object


def zip_longest_(*iterables: Any, fillvalue: Any = None) -> Any:
    pools = [list(iterable) for iterable in iterables]
    longest = 0
    for pool in pools:
        longest = max(longest, len(pool))
    for index in range(longest):
        yield tuple([pool[index] if index < len(pool) else fillvalue for pool in pools])


def zip_longest_in_turn_(*iterables: Any, fillvalue: Any = None) -> Any:
    """Of generators, which are read in turn."""
    iterators = []
    for iterable in iterables:
        iterators.append(iter(iterable))
    ended = [False for _ in iterables]
    left = len(iterators)
    while True:
        items: list[Any] = []
        for place, iterator in enumerate(iterators):
            item = MISSING if ended[place] else next(iterator, MISSING)
            if item is MISSING and not ended[place]:
                ended[place] = True
                left = left - 1
                if left == 0:
                    return
            items.append(fillvalue if item is MISSING else item)
        yield tuple(items)


def product_(*iterables: Any, repeat: Any = 1) -> Any:
    """The items are taken when it is called."""
    pools = [tuple(iterable) for iterable in iterables]
    if repeat < 0:
        raise ValueError("repeat argument cannot be negative")
    return product_of(pools * repeat)


def product_of(pools: Any) -> Any:
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


def checked(r: Any) -> Any:
    r = operator.index(r)
    if r < 0:
        raise ValueError("r must be non-negative")
    return r


def combinations_(iterable: Any, r: Any) -> Any:
    return combinations_of(tuple(iterable), checked(r))


def combinations_of(pool: Any, r: Any) -> Any:
    for places in product_(range(len(pool)), repeat=r):
        if is_rising(places, 1):
            yield tuple([pool[place] for place in places])


def combinations_with_replacement_(iterable: Any, r: Any) -> Any:
    return repeating_combinations_of(tuple(iterable), checked(r))


def repeating_combinations_of(pool: Any, r: Any) -> Any:
    for places in product_(range(len(pool)), repeat=r):
        if is_rising(places, 0):
            yield tuple([pool[place] for place in places])


def permutations_(iterable: Any, r: Any = None) -> Any:
    pool = tuple(iterable)
    return permutations_of(pool, len(pool) if r is None else checked(r))


def permutations_of(pool: Any, r: Any) -> Any:
    for places in product_(range(len(pool)), repeat=r):
        if len(set(places)) == len(places):
            yield tuple([pool[place] for place in places])


def is_rising(places: Any, least: Any) -> Any:
    found = True
    for index in range(1, len(places)):
        if places[index] - places[index - 1] < least:
            found = False
    return found


def resumed(resume: Any, given: Any) -> Any:
    """The items of a generator that runs on to the next one whenever `resume` is called."""
    more = resume()
    while more:
        yield given()
        more = resume()


def iterated(iterator: Any) -> Any:
    """The items of an object of the user's that is an iterator."""
    while True:
        try:
            item = iterator.__next__()
        except StopIteration:
            return
        yield item


def iter_(function: Any, sentinel: Any) -> Any:
    """iter(function, sentinel)"""
    while True:
        item = function()
        if sentinel is item or sentinel == item:
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


GIVING: dict[Any, Any] = {
    builtins.map: map_,
    builtins.filter: filter_,
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
    itertools.groupby: groupby_,
    itertools.combinations: combinations_,
    itertools.combinations_with_replacement: combinations_with_replacement_,
    itertools.permutations: permutations_,
}
if hasattr(itertools, "pairwise"):
    GIVING[itertools.pairwise] = pairwise_
# Those that ask for an iterator when they are called.
BEGINNING = GIVING.keys() - {
    itertools.product, itertools.chain, itertools.combinations, itertools.combinations_with_replacement,
    itertools.permutations,
} | {itertools.cycle}  # fmt: skip
LAZY = {builtins.enumerate: enumerate_}
# Those that are Python's own are left to Python where nothing is staged, and these never.
ITERATORS = {
    itertools.count: count_,
    itertools.cycle: cycle_,
    itertools.repeat: repeat_,
    np.ndindex: ndindex_,
    np.ndenumerate: ndenumerate_,
}
