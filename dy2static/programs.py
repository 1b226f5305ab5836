"""The programs of one function by the keys of its calls, and how many are kept.

    key of float32[n], int    →    first[key], the call that ran last    →    of(key), all that may fit

Threads read while others write: what a reader got is never changed, only replaced.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from dy2static.entries import Entry

MAX_PROGRAMS = 64  # of one key, told apart by their guards
MAX_ALL = 8192  # of one function; above it a quarter goes, the oldest first of those not in `recent`
Call = Callable[..., Any]


class Programs:
    """The Entries of one function.

    first    of each key the call of the Entry that was used last: most calls need to look no further
    recent   the calls that were used again since programs were dropped last
    """

    def __init__(self) -> None:
        self.first: dict[Any, Call] = {}
        self.recent: set[Call] = set()
        self._by_key: dict[Any, tuple[Entry, ...]] = {}
        self._count = 0
        self._lock = threading.Lock()

    def of(self, key: Any) -> tuple[Entry, ...]:
        """Those that a call with this key may fit, the newest first."""
        return self._by_key.get(key, ())

    def all(self) -> list[Entry]:
        """The oldest first."""
        with self._lock:
            return sorted((entry for entries in self._by_key.values() for entry in entries), key=_age)

    def with_call(self, call: Call) -> Entry | None:
        return next((entry for entry in self.all() if entry.call is call), None)

    def use(self, key: Any, entry: Entry) -> None:
        """Notes that a call with this key has run it again."""
        self.first[key] = entry.call
        self.recent.add(entry.call)

    def keep(self, key: Any, entry: Entry) -> None:
        with self._lock:
            entries = (entry, *self.of(key))
            self._by_key[key] = entries[:MAX_PROGRAMS]
            self._count += len(self._by_key[key]) - len(entries) + 1
            self.recent.difference_update(one.call for one in entries[MAX_PROGRAMS:])
            self.first[key] = entry.call
            if self._count > MAX_ALL:
                self._drop(MAX_ALL * 3 // 4)

    def clear(self) -> None:
        with self._lock:
            self._by_key = {}
            self._drop(0)

    def _drop(self, most: int) -> None:
        """Keeps no more than `most`."""
        recent, self.recent = self.recent, set()
        every = [entry for entries in self._by_key.values() for entry in entries]
        every.sort(key=lambda entry: (entry.call in recent, entry.number))
        kept = {entry.call for entry in every[max(len(every) - most, 0) :]}
        by_key = {key: tuple(one for one in entries if one.call in kept) for key, entries in self._by_key.items()}
        self._by_key = {key: entries for key, entries in by_key.items() if entries}
        self._count = len(kept)
        calls = {key: self.first.get(key) for key in self._by_key}
        self.first = {key: call for key, call in calls.items() if call in kept}


def _age(entry: Entry) -> int:
    return entry.number
