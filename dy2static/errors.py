"""What the converter refuses, said with the user's own line; and what it warns of.

Exception
├── NotImplementedError
│   └── ConversionError     the source is not there, or holds something that cannot be converted
└── Warning
    └── UserWarning
        └── RetraceWarning  one function was traced many times
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import groupby
from typing import Any


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the user's file: `line` from 1, `column` from 0 in characters, `text` the whole line ("" if
    unknown)."""

    filename: str
    line: int
    column: int = 0
    text: str = ""

    @classmethod
    def of(cls, node: Any, filename: str, lines: list[str]) -> Location:
        """Where `node` starts. Columns of syntax trees count UTF-8 bytes."""
        text = lines[node.lineno - 1].rstrip("\r\n") if node.lineno <= len(lines) else ""
        column = len(text.encode()[: node.col_offset].decode(errors="replace"))
        return cls(filename, node.lineno, column, text)


class RetraceWarning(UserWarning):
    """A function was traced many times: what changes between its calls, and how to stop that."""


MAX_CALLERS = 8  # that are shown of a way


class ConversionError(NotImplementedError):
    """A function that cannot be converted: why, where, and what to do about it.

    location   the line that cannot be converted, and `callers` the calls that led there, the nearest first
    """

    def __init__(self, reason: str, cure: str, location: Location | None = None):
        super().__init__(reason, cure, location)
        self.reason = reason
        self.cure = cure
        self.location = location
        self.callers: list[Location] = []

    @property
    def shown(self) -> Location | None:
        """The user's own line: where that calls a library, and the library does what cannot be converted, the call."""
        ways = [self.location, *self.callers] if self.location else []
        return next((one for one in ways if one is not None and not is_of_library(one.filename)), self.location)

    @property
    def filename(self) -> str | None:
        return self.shown.filename if self.shown else None

    @property
    def lineno(self) -> int | None:
        return self.shown.line if self.shown else None

    def __str__(self) -> str:
        if self.location is None or self.shown is None:
            return f"{self.reason}\n{self.cure}{_listed('reached by the call at', self.callers)}"
        ways = [self.location, *self.callers]
        at = ways.index(self.shown)
        inner, outer = ways[:at], ways[at + 1 :]
        said = f"{self.shown.filename}:{self.shown.line}: {self.reason}\n{_pointed(self.shown)}{self.cure}"
        return said + _listed("which leads to", inner[::-1]) + _listed("reached by the call at", outer)


# Not the user's: this project, Python's own library and what is installed.
_OWN = os.path.dirname(__file__)
_LIBRARIES = tuple(
    os.path.join(folder, "")
    for folder in (_OWN, os.path.join(os.path.dirname(_OWN), "runtime"), os.path.dirname(os.__file__))
)
_INSTALLED = {"site-packages", "dist-packages"}


def is_of_library(filename: str) -> bool:
    return filename.startswith(_LIBRARIES) or not _INSTALLED.isdisjoint(filename.replace(os.sep, "/").split("/"))


def _listed(words: str, locations: list[Location]) -> str:
    """A line for each of the nearest calls; one for those of a function that calls itself."""
    said = []
    for one, same in groupby(locations):
        count = len(list(same))
        times = f" ({count} times)" if count > 1 else ""
        said.append(f"\n{words} {one.filename}:{one.line}: {one.text.strip()}{times}")
    return "".join(said[:MAX_CALLERS])


def _pointed(location: Location) -> str:
    """The line, set in by four, and the caret below it; nothing where the line is not known."""
    text = location.text.rstrip().expandtabs()
    line = text.lstrip()
    if not line:
        return ""
    column = len(location.text[: location.column].expandtabs()) - (len(text) - len(line))
    return f"    {line}\n    {' ' * max(column, 0)}^\n"
