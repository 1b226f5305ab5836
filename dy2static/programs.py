"""The programs of one function by the keys of its calls, and how many are kept.

    key of float32[n], int    →    first[key], which ran last    →    programs.of(key), all that may fit

A method bound to many objects has its programs in common, and Uses for each object.
Threads read while others write: what a reader got is never changed, only replaced.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from dy2static.entries import Entry
from dy2static.signature import MISS

MAX_PROGRAMS = 64  # of one key, told apart by their guards
MAX_ALL = 8192  # of one function; above it a quarter goes, the oldest first of those not in `recent`


class Uses:
    """What one function, or one method bound to an object, has run.

    call    of the program that ran last; the next call tries it first
    last    its Entry, and the arguments
    first   of each key the Entry that ran last: most calls need to look no further
    """

    __slots__ = ("__weakref__", "call", "first", "last")

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.call: Callable[..., Any] = miss
        self.last: tuple[Entry, tuple[Any, ...], dict[str, Any]] | None = None
        self.first: dict[Any, Entry] = {}

    def note(self, entry: Entry, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.last, self.call = (entry, args, kwargs), entry.call


def miss(*args: Any, **kwargs: Any) -> Any:
    return MISS


class Programs:
    """The Entries of one function.

    recent   those that ran again since some were dropped last
    """

    def __init__(self) -> None:
        self.recent: set[Entry] = set()
        self._uses: WeakSet[Uses] = WeakSet()
        self._by_key: dict[Any, tuple[Entry, ...]] = {}
        self._count = 0
        self._lock = threading.Lock()

    def uses(self) -> Uses:
        made = Uses()
        with self._lock:
            self._uses.add(made)
        return made

    def of(self, key: Any) -> tuple[Entry, ...]:
        """Those that a call with this key may fit, the newest first."""
        return self._by_key.get(key, ())

    def all(self) -> list[Entry]:
        """The oldest first."""
        with self._lock:
            return sorted(self._every(), key=_age)

    def keep(self, key: Any, entry: Entry) -> None:
        with self._lock:
            entries = (entry, *self.of(key))
            self._by_key[key] = entries[:MAX_PROGRAMS]
            self._count += len(self._by_key[key]) - len(entries) + 1
            self.recent.difference_update(entries[MAX_PROGRAMS:])
            if self._count > MAX_ALL:
                self._drop_old(MAX_ALL * 3 // 4)

    def clear(self) -> None:
        with self._lock:
            for uses in self._uses:
                uses.forget()
            self._drop_old(0)

    def _drop_old(self, most: int) -> None:
        """Keeps no more than `most`."""
        recent, self.recent = self.recent, set()
        every = sorted(self._every(), key=lambda entry: (entry in recent, entry.number))
        kept = set(every[max(len(every) - most, 0) :])
        by_key = {key: tuple(one for one in entries if one in kept) for key, entries in self._by_key.items()}
        self._by_key = {key: entries for key, entries in by_key.items() if entries}
        self._count = len(kept)
        for uses in self._uses:
            uses.first = {key: entry for key, entry in list(uses.first.items()) if entry in kept}

    def _every(self) -> list[Entry]:
        return [entry for entries in list(self._by_key.values()) for entry in entries]


def _age(entry: Entry) -> int:
    return entry.number
