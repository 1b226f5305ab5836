"""Profile: what a program's calls cost, by the user's lines and by ops, as a table.

    profile of scaled: 812 runs of 118 us; 119 us with its lines timed, 140 us op by op
    it held at most 160 kB more than it was given

     time  share  runs  a run   most   kept
    98 us   83 %     1  98 us  80 kB  80 kB  f.py:7  y = np.tanh(x * 2)
                                                     multiply, np.tanh
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runtime.ir import Op, Program

if TYPE_CHECKING:
    from runtime.picture import Picture

SHOWN = 25  # rows of a table
WIDTH = 72  # characters of a line or op
LEAST = 1024  # bytes, below which memory is Python's own small change


@dataclass(frozen=True)
class Cost:
    """Of one call: seconds in all runs, and how often it ran; bytes that it needed at most at once, beyond what was
    there, and that were there when it was done and not before."""

    seconds: float = 0.0
    runs: float = 0
    peak: int = 0
    kept: int = 0


@dataclass(frozen=True)
class LineCost:
    """A line of the user's. `ops` are the ops that come from it, and `notes` say what is computed with other lines."""

    file: str
    line: int
    text: str
    cost: Cost
    ops: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpCost:
    """An op, as the printed program has it, that was run for itself. A loop or condition is without what is in it."""

    op: Op = field(repr=False)
    text: str
    place: str
    cost: Cost


@dataclass(frozen=True)
class Profile:
    """What `profile` gives; seconds are those of one call, and medians.

    calls     how many calls were timed in each of the three ways
    seconds   a call as it always is; `by_lines` with its lines timed, `by_ops` op by op
    peak      the most bytes that it held beyond what it was given
    lines     the costs of the user's lines in the program as it runs, the dearest first
    ops       those of ops that are run one by one, with nothing fused
    result    what the last call as it always is gave
    """

    program: Program = field(repr=False)
    calls: int
    seconds: float
    by_lines: float
    by_ops: float
    peak: int
    lines: tuple[LineCost, ...] = field(repr=False)
    ops: tuple[OpCost, ...] = field(repr=False)
    result: Any = field(repr=False)

    def __str__(self) -> str:
        runs = f"{self.calls} runs of" if self.calls > 1 else "a run of"
        head = [
            f"profile of {self.program.name}: {runs} {duration(self.seconds)}; "
            f"{duration(self.by_lines)} with its lines timed, {duration(self.by_ops)} op by op",
            f"it held {_most(self.peak)} more than it was given",
        ]
        parts = [*head, "", "by lines, as it runs:", *self._line_table()]
        return "\n".join([*parts, "", "by ops, each run for itself and nothing fused:", *self._op_table()]) + "\n"

    def draw(self) -> Picture:
        """A picture of the program with the cost of each op, from pale to dark: `.save("graph.html")` writes it."""
        return self.program.draw(self)

    def _line_table(self) -> Iterator[str]:
        places = [f"{row.file}:{row.line}" for row in self.lines]
        wide = max(map(len, places[:SHOWN]), default=0)
        texts = [f"{place:<{wide}}  {_cut(row.text)}" for place, row in zip(places, self.lines)]
        below = [[" " * (wide + 2) + note for note in _notes(row)] for row in self.lines]
        yield from _table([row.cost for row in self.lines], texts, below)

    def _op_table(self) -> Iterator[str]:
        wide = max((len(row.place) for row in self.ops[:SHOWN]), default=0)
        texts = [f"{row.place:<{wide}}  {_cut(row.text)}" for row in self.ops]
        yield from _table([row.cost for row in self.ops], texts, [[]] * len(texts))


def _notes(row: LineCost) -> list[str]:
    return [_cut(", ".join(row.ops)), *row.notes] if row.ops else list(row.notes)


HEADS = ("time", "share", "runs", "a run", "most", "kept")


def _table(costs: Sequence[Cost], texts: Sequence[str], below: Sequence[Sequence[str]]) -> Iterator[str]:
    whole = sum(cost.seconds for cost in costs) or 1.0
    rows = [_cells(cost, whole) for cost in costs[:SHOWN]]
    widths = [max(map(len, column)) for column in zip(HEADS, *rows)]
    yield "  ".join(f"{head:>{width}}" for head, width in zip(HEADS, widths))
    indent = " " * (sum(widths) + 2 * len(widths))
    for cells, text, notes in zip(rows, texts, below):
        yield "  ".join([*(f"{cell:>{width}}" for cell, width in zip(cells, widths)), text]).rstrip()
        yield from (indent + note for note in notes)
    if rest := costs[SHOWN:]:
        yield f"and {len(rest)} more: {_share(sum(cost.seconds for cost in rest), whole)} of the time"


def _cells(cost: Cost, whole: float) -> tuple[str, ...]:
    once = duration(cost.seconds / cost.runs) if cost.runs else ""
    kept = size(max(cost.kept, 0))  # what a line frees has been made by another one
    return duration(cost.seconds), _share(cost.seconds, whole), f"{cost.runs:g}", once, size(cost.peak), kept


def _most(bytes: int) -> str:
    return f"at most {size(bytes)}" if size(bytes) else "less than 1 kB"


def _share(seconds: float, whole: float) -> str:
    return f"{100 * seconds / whole:.0f} %"


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def duration(seconds: float) -> str:
    """With three digits, in the unit that suits: 1.23 ms."""
    for unit, one in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= 0.9995 * one:
            return f"{_digits(seconds / one)} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def _digits(number: float) -> str:
    return f"{number:.{2 if number < 9.995 else 1 if number < 99.95 else 0}f}"


def size(number: int) -> str:
    """Bytes in the unit that suits; nothing of Python's small change."""
    if abs(number) < LEAST:
        return ""
    for unit, one in (("GB", 10**9), ("MB", 10**6)):
        if abs(number) >= one:
            return f"{_digits(number / one) if number > 0 else '-' + _digits(-number / one)} {unit}"
    return f"{number / 1000:.0f} kB"
