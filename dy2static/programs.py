"""The programs of one function by the keys of its calls, and how many are kept.

Threads read while others write: what a reader got is never changed, only replaced.
"""

from __future__ import annotations

import threading
from itertools import count
from typing import Any

from dy2static.entries import Entry

MAX_PROGRAMS = 64  # of one key, told apart by their guards
MAX_ALL = 8192  # of one function; above it, the quarter goes that was not used for longest

_uses = count(1)


class Programs:
    """The Entries of one function."""

    def __init__(self) -> None:
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

    def keep(self, key: Any, entry: Entry) -> None:
        note_use(entry)
        with self._lock:
            entries = (entry, *self.of(key))
            self._by_key[key] = entries[:MAX_PROGRAMS]
            self._count += 1 if len(entries) <= MAX_PROGRAMS else 0
            if self._count > MAX_ALL:
                self._drop_oldest()

    def clear(self) -> None:
        with self._lock:
            self._by_key = {}
            self._count = 0

    def _drop_oldest(self) -> None:
        uses = sorted(entry.used for entries in self._by_key.values() for entry in entries)
        least = uses[-(MAX_ALL * 3 // 4)]
        kept = {key: tuple(one for one in entries if one.used >= least) for key, entries in self._by_key.items()}
        self._by_key = {key: entries for key, entries in kept.items() if entries}
        self._count = sum(map(len, self._by_key.values()))


def note_use(entry: Entry) -> None:
    entry.used = next(_uses)


def _age(entry: Entry) -> int:
    return entry.number
