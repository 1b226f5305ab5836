"""`sorted` and `list.sort` with a key, written in Python: converted where they are called."""

from __future__ import annotations

import sys
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


def first_run_before_3_13(items: Any, compare: Any) -> Any:
    """The items up to the first that breaks their order, which may be falling."""
    run = items[:2]
    if len(items) < 2:
        return run
    falls = compare(items[1], items[0]) < 0
    while len(run) < len(items) and (compare(items[len(run)], run[-1]) < 0) == falls:
        run.append(items[len(run)])
    return run[::-1] if falls else run


def first_run_since_3_13(items: Any, compare: Any) -> Any:
    """The same where equal items may stand in a falling run, and what follows it may rise on."""
    run = rising(items, items[:1], compare)
    if len(run) == len(items) or len(run) > 1 and compare(items[0], run[-1]) < 0:
        return run
    groups = [run, [items[len(run)]]]  # of equal items, each less than the one before
    last, place = items[len(run)], len(run) + 1
    while place < len(items):
        if compare(items[place], last) < 0:
            groups.append([items[place]])
        elif compare(last, items[place]) < 0:
            break
        else:
            groups[-1].append(items[place])
        last = items[place]
        place += 1
    made = []
    for group in reversed(groups):
        made.extend(group)
    return rising(items, made, compare)


def rising(items: Any, run: Any, compare: Any) -> Any:
    """The run with the items after it that are not less than the one before."""
    while len(run) < len(items) and not compare(items[len(run)], run[-1]) < 0:
        run.append(items[len(run)])
    return run


first_run = first_run_since_3_13 if sys.version_info >= (3, 13) else first_run_before_3_13


def sort_(items: Any, *, key: Any, reverse: Any = False) -> None:
    items[:] = sorted_(items, key=key, reverse=reverse)


def sorted_places(keys: Any, reverse: Any) -> Any:
    """The places of `keys` in sorted order; an op of the program where they are staged."""
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=reverse)
