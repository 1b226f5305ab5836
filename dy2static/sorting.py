"""`sorted` and `list.sort` with a key, written in Python: converted where they are called."""

from __future__ import annotations

from typing import Any


class ComparedBy:
    """What functools.cmp_to_key gives: the key of a sort that asks `compare` of two items."""

    def __init__(self, compare: Any):
        self.compare = compare


def sorted_(iterable: Any, *, key: Any, reverse: Any = False) -> Any:
    items = list(iterable)
    if isinstance(key, ComparedBy):
        return sorted_by(items, key.compare, reverse)
    keys = [key(item) for item in items]
    made = []
    for place in sorted_places(keys, reverse):
        made.append(items[place])
    return made


def sorted_by(items: Any, compare: Any, reverse: Any) -> Any:
    """Sorted as CPython sorts fewer than 64 items, so that `compare` is asked the same, whatever it answers."""
    items = items[::-1] if reverse else items
    made = first_run(items, compare)
    for place in range(len(made), len(items)):
        start, end = 0, place
        while start < end:
            middle = (start + end) // 2
            if compare(items[place], made[middle]) < 0:
                end = middle
            else:
                start = middle + 1
        made.insert(start, items[place])
    return made[::-1] if reverse else made


def first_run(items: Any, compare: Any) -> Any:
    """The items up to the first that breaks their order, which may be falling."""
    run = items[:2]
    if len(items) < 2:
        return run
    falls = compare(items[1], items[0]) < 0
    while len(run) < len(items) and (compare(items[len(run)], run[-1]) < 0) == falls:
        run.append(items[len(run)])
    return run[::-1] if falls else run


def sort_(items: Any, *, key: Any, reverse: Any = False) -> None:
    items[:] = sorted_(items, key=key, reverse=reverse)


def sorted_places(keys: Any, reverse: Any) -> Any:
    """The places of `keys` in sorted order; an op of the program where they are staged."""
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=reverse)
