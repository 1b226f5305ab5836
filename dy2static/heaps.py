"""`heapq` and `bisect`, whose functions change or search a list in C, written in Python: converted where they are
called.

They make the comparisons of the originals in the same order, so that a heap has the same order of items.
"""

from __future__ import annotations

import bisect
import heapq
from typing import Any


def heappush_(heap: Any, item: Any) -> None:
    heap.append(item)
    rise(heap, 0, len(heap) - 1)


def heappop_(heap: Any) -> Any:
    last = heap.pop()
    if len(heap) == 0:
        return last
    first = heap[0]
    heap[0] = last
    sink(heap, 0)
    return first


def heapify_(heap: Any) -> None:
    for index in range(len(heap) // 2):
        sink(heap, len(heap) // 2 - 1 - index)


def heapreplace_(heap: Any, item: Any) -> Any:
    first = heap[0]
    heap[0] = item
    sink(heap, 0)
    return first


def heappushpop_(heap: Any, item: Any) -> Any:
    if len(heap) > 0 and heap[0] < item:
        return heapreplace_(heap, item)
    return item


def nsmallest_(n: Any, iterable: Any, key: Any = None) -> Any:
    items = sorted(iterable) if key is None else sorted(iterable, key=key)
    return items[: max(n, 0)]


def nlargest_(n: Any, iterable: Any, key: Any = None) -> Any:
    items = sorted(iterable, reverse=True) if key is None else sorted(iterable, key=key, reverse=True)
    return items[: max(n, 0)]


def rise(heap: Any, start: Any, place: Any) -> None:
    """Moves the item at `place` towards `start` until its parent is not greater."""
    item = heap[place]
    while place > start:
        parent = (place - 1) // 2
        if not item < heap[parent]:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = item


def sink(heap: Any, start: Any) -> None:
    """Moves the item at `start` down to a leaf, and up from there to its place."""
    item = heap[start]
    place = start
    child = 2 * start + 1
    while child < len(heap):
        if child + 1 < len(heap) and not heap[child] < heap[child + 1]:
            child = child + 1
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    heap[place] = item
    rise(heap, start, place)


def bisect_left_(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> Any:
    if lo < 0:
        raise ValueError("lo must be non-negative")
    end = len(a) if hi is None else hi
    while lo < end:
        middle = (lo + end) // 2
        if (a[middle] if key is None else key(a[middle])) < x:
            lo = middle + 1
        else:
            end = middle
    return lo


def bisect_right_(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> Any:
    if lo < 0:
        raise ValueError("lo must be non-negative")
    end = len(a) if hi is None else hi
    while lo < end:
        middle = (lo + end) // 2
        if x < (a[middle] if key is None else key(a[middle])):
            end = middle
        else:
            lo = middle + 1
    return lo


def insort_left_(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> None:
    a.insert(bisect_left_(a, x if key is None else key(x), lo, hi, key=key), x)


def insort_right_(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> None:
    a.insert(bisect_right_(a, x if key is None else key(x), lo, hi, key=key), x)


CHANGING = {
    heapq.heappush: heappush_,
    heapq.heappop: heappop_,
    heapq.heapify: heapify_,
    heapq.heapreplace: heapreplace_,
    heapq.heappushpop: heappushpop_,
    bisect.insort_left: insort_left_,
    bisect.insort_right: insort_right_,
}
SEARCHING = {
    heapq.nsmallest: nsmallest_,
    heapq.nlargest: nlargest_,
    bisect.bisect_left: bisect_left_,
    bisect.bisect_right: bisect_right_,
}
