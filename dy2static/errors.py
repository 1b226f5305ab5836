"""What the converter refuses, said with the user's own line; and what it warns of.

Exception
├── NotImplementedError
│   └── ConversionError     the source is not there, or holds something that cannot be converted
└── Warning
    └── UserWarning
        └── RetraceWarning  one function was traced many times
"""

from __future__ import annotations

from dataclasses import dataclass
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


class ConversionError(NotImplementedError):
    """A function that cannot be converted: why, where, and what to do about it."""

    def __init__(self, reason: str, cure: str, location: Location | None = None):
        super().__init__(reason, cure, location)
        self.reason = reason
        self.cure = cure
        self.location = location
        self.callers: list[Location] = []

    @property
    def filename(self) -> str | None:
        return self.location.filename if self.location else None

    @property
    def lineno(self) -> int | None:
        return self.location.line if self.location else None

    def __str__(self) -> str:
        reached = "".join(
            f"\nreached by the call at {one.filename}:{one.line}: {one.text.strip()}" for one in self.callers
        )
        if self.location is None:
            return f"{self.reason}\n{self.cure}{reached}"
        place = f"{self.location.filename}:{self.location.line}"
        return f"{place}: {self.reason}\n{_pointed(self.location)}{self.cure}{reached}"


def _pointed(location: Location) -> str:
    """The line, set in by four, and the caret below it; nothing where the line is not known."""
    text = location.text.rstrip().expandtabs()
    line = text.lstrip()
    if not line:
        return ""
    column = len(location.text[: location.column].expandtabs()) - (len(text) - len(line))
    return f"    {line}\n    {' ' * max(column, 0)}^\n"
