"""Memory for big arrays that do not leave a program, kept from one turn and one call to the next.

A new array of many megabytes comes in pages that the system first has to clear, which takes longer than to compute what
is written there. An array that was given out is given out again when nobody holds it any more: neither a variable nor a
view of it.
"""

from __future__ import annotations

import sys
import threading
import weakref
from typing import Any

import numpy as np

from runtime.switches import whole_number

ENVIRONMENT = "DY2STATIC_BUFFERS"
MEGABYTES = 256  # that are kept at most, by all programs together


def limit() -> int:
    """How many bytes are kept at most: as the environment says, in megabytes."""
    given = whole_number(ENVIRONMENT, 0, "a number of megabytes")
    return (MEGABYTES if given is None else given) << 20


def _holders(arrays: list[Any], place: int) -> int:
    return sys.getrefcount(arrays[place])


NOBODY = _holders([object()], 0)  # beside the list
COUNTS = getattr(sys, "_is_gil_enabled", lambda: True)()  # without the lock of CPython they are no counts


class Buffers:
    """The arrays of one chain of a program; any number of threads may ask."""

    def __init__(self) -> None:
        self._kept: list[np.ndarray] = []
        self._lock = threading.Lock()
        _EVERY.add(self)

    def take(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
        """An array of anything, which nobody else holds."""
        with self._lock:
            free = [place for place in range(len(self._kept)) if _holders(self._kept, place) == NOBODY]
            for place in free:
                if self._kept[place].shape == shape and self._kept[place].dtype == dtype:
                    return self._kept[place]
            for place in reversed(free):  # of another size
                del self._kept[place]
            made = np.empty(shape, dtype)
            if COUNTS and made.nbytes + size() <= limit():
                self._kept.append(made)
            return made

    def release(self) -> None:
        with self._lock:
            self._kept.clear()

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(array.nbytes for array in list(self._kept))


_EVERY: weakref.WeakSet[Buffers] = weakref.WeakSet()


def size() -> int:
    """How many bytes are kept."""
    return sum(buffers.size for buffers in list(_EVERY))


def release_buffers() -> None:
    """Gives the memory back that programs keep for their next calls."""
    for buffers in list(_EVERY):
        buffers.release()
