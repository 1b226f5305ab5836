"""Code of a generated function → the same code at the user's file and lines; NumPy's warnings name those.

    1  def f_program_(x, y):                          7
    2      v1 = x / y          # f.py:7        →      7
    3      return v1 + 1       # f.py:8               8

Only the table of lines is another; what runs is what was compiled.
"""

from __future__ import annotations

import linecache
import sys
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from types import CodeType
from typing import Any

from runtime.ir import Frame

Range = tuple[int, int, "int | None"]  # from this byte of the code to that one: a line, or none
MAX_LENGTH = 8 if sys.version_info >= (3, 11) else 127  # instructions of an entry
NO_COLUMNS, NO_LINE = 13, 15  # kinds of entries, from Python 3.11 on


def keep_source(made: Any, file: str, text: str) -> None:
    """Lets tracebacks show the lines of a generated function, or code, for as long as it lives."""
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    weakref.finalize(made, linecache.cache.pop, file, None).atexit = False


def main_file(frames: Iterable[Frame | None]) -> str | None:
    """The file of the function that the program came from: where the outermost lines of most ops stand."""
    files = Counter(path_of(frame)[-1].file for frame in frames if frame is not None)
    return files.most_common(1)[0][0] if files else None


def path_of(frame: Frame) -> list[Frame]:
    """The frame and its callers, outermost last."""
    path = [frame]
    while path[-1].caller is not None:
        path.append(path[-1].caller)
    return path


def lines_in(file: str, frames: Sequence[Frame | None]) -> list[int]:
    """Of each generated line the user's: the innermost in `file`; where there is none, that of the line before."""
    found = [_line_in(file, frame) for frame in frames]
    last = min(line for line in found if line)
    lines = []
    for line in found:
        last = line or last
        lines.append(last)
    return lines


def _line_in(file: str, frame: Frame | None) -> int:
    while frame is not None and frame.file != file:
        frame = frame.caller
    return 0 if frame is None else frame.line


def relocated(code: CodeType, file: str, lines: Sequence[int]) -> tuple[CodeType, list[tuple[CodeType, list[Range]]]]:
    """The code, and that of the functions in it, with lines[n - 1] in the place of line n.

    Gives besides each of the new code objects with the lines that it had.
    """
    before = list(code.co_lines())
    after = [(start, end, None if line is None else lines[line - 1]) for start, end, line in before]
    first = lines[code.co_firstlineno - 1]
    consts: list[object] = []
    moved: list[tuple[CodeType, list[Range]]] = []
    for const in code.co_consts:
        const, inner = relocated(const, file, lines) if isinstance(const, CodeType) else (const, [])
        consts.append(const)
        moved += inner
    table = bytes(_table(after, first))
    made = code.replace(co_filename=file, co_firstlineno=first, co_linetable=table, co_consts=tuple(consts))
    return made, [*moved, (made, before)]


def _table(ranges: Iterable[Range], first: int) -> Iterator[int]:
    """The table of lines as CPython reads it: Objects/lnotab_notes.txt of 3.10, Objects/locations.md from 3.11 on."""
    entry = _entry if sys.version_info >= (3, 11) else _entry_of_310
    last = first
    for start, end, line in ranges:
        for place in range(start, end, 2 * MAX_LENGTH):
            yield from entry(min(end - place, 2 * MAX_LENGTH) // 2, None if line is None else line - last)
            last = last if line is None else line


def _entry(length: int, delta: int | None) -> Iterator[int]:
    yield 0x80 | (NO_LINE if delta is None else NO_COLUMNS) << 3 | length - 1
    if delta is None:
        return
    rest = -delta << 1 | 1 if delta < 0 else delta << 1
    while rest >= 64:
        yield 0x40 | rest & 63
        rest >>= 6
    yield rest


def _entry_of_310(length: int, delta: int | None) -> Iterator[int]:
    while delta is not None and abs(delta) > 127:
        step = 127 if delta > 0 else -127
        yield from (0, step & 0xFF)
        delta -= step
    yield from (2 * length, 128 if delta is None else delta & 0xFF)
