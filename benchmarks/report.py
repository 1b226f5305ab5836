"""Section → table on the screen, and a document of all figures: seconds, bytes, ratios, with versions and cores.

    {"format": 1, "date": "2026-11-26", "cores": 2, "versions": {"python": …, "numpy": …}, "sections": {"calls": [{…}]}}

No name of a machine, a person or a folder goes into it.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

FORMAT = 1
Row = dict[str, Any]


@dataclass(frozen=True)
class Effort:
    """How long to measure: in a smoke run each thing once through, with rough figures."""

    smoke: bool = False

    def seconds(self, whole: float) -> float:
        return min(whole, 0.01) if self.smoke else whole

    def rounds(self, whole: int) -> int:
        return 1 if self.smoke else whole

    def sizes(self, *whole: int) -> tuple[int, ...]:
        """The sizes of a curve; of a smoke run the two smallest."""
        return whole[:2] if self.smoke else whole


@dataclass(frozen=True)
class Column:
    """`key` is a path in a row, as "peers/numba/ratio"; `form` is one of FORMS."""

    head: str
    key: str
    form: str
    width: int = 0


@dataclass(frozen=True)
class Section:
    """A table: `rows` measures them one by one, `closing` says what follows of all. `about` tells how to read it."""

    name: str
    title: str
    about: str
    columns: Callable[[], Sequence[Column]]
    rows: Callable[[Effort], Iterable[Row]]
    closing: Callable[[Sequence[Row]], Sequence[str]] = lambda rows: ()


def seconds_text(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if abs(seconds) >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def bytes_text(number: float) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return f"{number:.0f} B"


def ratio_text(ratio: float) -> str:
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2f}"


FORMS: dict[str, Callable[[Any], str]] = {
    "text": str,
    "mark": lambda is_over: "over" if is_over else "",
    "count": lambda count: f"{count:,}",
    "seconds": seconds_text,
    "bytes": bytes_text,
    "ratio": ratio_text,
}


def value_of(row: Row, key: str) -> Any:
    value: Any = row
    for step in key.split("/"):
        value = None if value is None else value.get(step)
    return value


def heading(columns: Sequence[Column]) -> str:
    return "".join(_cell(column.head, column) for column in columns)


def line(row: Row, columns: Sequence[Column]) -> str:
    values = ((column, value_of(row, column.key)) for column in columns)
    return "".join(_cell("" if value is None else FORMS[column.form](value), column) for column, value in values)


def _cell(text: str, column: Column) -> str:
    if column.form == "text":
        return f"{text:<{column.width or 36}}"
    return f"{text:>{column.width or max(10, len(column.head) + 2)}}"


def document(sections: dict[str, Sequence[Row]], modules: Iterable[str], smoke: bool) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "smoke": smoke,
        "cores": cores(),
        "machine": f"{platform.system()} {platform.machine()}",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, **versions(modules)},
        "sections": {name: list(rows) for name, rows in sections.items()},
    }


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def versions(modules: Iterable[str]) -> dict[str, str]:
    """Of those that are installed, by whatever name: tensorflow is there as tensorflow-cpu, too."""
    names = importlib.metadata.packages_distributions()
    return {module: importlib.metadata.version(names[module][0]) for module in modules if names.get(module)}


def progress(text: str) -> None:
    """What is being measured, on a terminal: one line of stderr, which the next one replaces."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
