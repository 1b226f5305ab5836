"""Whether a loop over elements is begun with views of memory and Python numbers: for as long as that pays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

MIN_SIZE = 32  # elements, below which a loop is over before views of memory pay
TOLERATED = 8  # steps that are done again, of as many elements or of this number
FIRST, LONGEST = 15, 1023  # runs that are left to NumPy after one that did more steps again


def ready_for(
    expected: tuple[tuple[Any, ...], ...], may_underflow: bool
) -> tuple[Callable[..., bool], Callable[[int], None]]:
    """A test of what a loop works on: whether it is worth it, of the dtypes and classes that are expected, and NumPy
    lets pass what Python's floats do not show.

    And what is told how many steps a run did again, which takes longer than to do them with NumPy at once: after too
    many, the next runs are NumPy's, and the more of them the longer that is so.
    """
    rest = pause = last = 0

    def ready(*given: Any) -> bool:
        nonlocal rest, last
        if rest > 0:
            rest -= 1
            return False
        size = 0
        for kinds, value in zip(expected, given):
            if type(value) is not np.ndarray:
                if type(value) not in kinds:
                    return False
            elif value.dtype is kinds[0] or value.dtype in kinds and value.dtype.char == kinds[0].char:
                size += value.size  # longlong equals int64
            else:
                return False
        last = size
        if size < MIN_SIZE or may_underflow and np.geterr()["under"] != "ignore":
            return False
        return all(value.flags.aligned for value in given if type(value) is np.ndarray)

    def note(retried: int) -> None:
        nonlocal rest, pause
        pause = min(2 * pause + FIRST, LONGEST) if retried > TOLERATED + last // TOLERATED else 0
        rest = pause

    return ready, note
