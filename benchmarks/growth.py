"""How time, code and program grow with the function that is converted, traced and run once.

Each shape is written at growing sizes. The last columns say by which power of the size a figure grew from the size
before: 1 is linear.
"""

from __future__ import annotations

import gc
import linecache
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from math import log
from time import process_time
from typing import Any

from benchmarks.report import Column, Effort, Row, Section, progress
from dy2static import to_static
from runtime.ir import walk

COUNTS = (10, 30, 100, 300)
DEPTHS = (2, 4, 8, 16)


@dataclass(frozen=True)
class Shape:
    """Functions of growing size: `write(size)` gives the lines of the body of f(x, y)."""

    name: str
    write: Callable[[int], list[str]]
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Figure:
    """What one function took: seconds of the processor until converted, and then until traced and run once, the best of
    some rounds; characters of its code without indents; ops of its program."""

    shape: str
    size: int
    convert: float
    trace: float
    code: int
    ops: int


def branches(count: int) -> list[str]:
    return [line for i in range(count) for line in (f"if x > {i}:", f"    y = y + {i}", "else:", "    y = y * 2")]


def exits(count: int) -> list[str]:
    return [line for i in range(count) for line in (f"if x > {i + 10}:", f"    return y + {i}")]


def chain(count: int) -> list[str]:
    rest = [line for i in range(1, count) for line in (f"elif x < {i}:", f"    y = y + {i}")]
    return ["if x < 0:", "    y = y - 1", *rest, "else:", "    y = -y"]


def cases(count: int) -> list[str]:
    return ["match x:", *(line for i in range(count) for line in (f"    case {i}:", f"        y = y + {i}"))]


def loops(count: int) -> list[str]:
    return [line for i in range(count)
            for line in (f"while y < {i}:", "    y = y + 1", f"    if y > {i + 5}:", "        break")]  # fmt: skip


def names(count: int) -> list[str]:
    """A name of its own in each branch, read at the end."""
    made = [line for i in range(count) for line in (f"v{i} = y", f"if x > {i}:", f"    v{i} = y + {i}")]
    return [*made, *(f"y = y + v{i}" for i in range(count))]


def attempts(count: int) -> list[str]:
    return [line for i in range(count)
            for line in ("try:", f"    y = y // (x - {i})", "except ZeroDivisionError:", "    y = 0")]  # fmt: skip


def mixed(count: int) -> list[str]:
    """`count` branches in five times as many lines."""
    return [line for i in range(count)
            for line in (f"z = y + {i}", f"if x > {i}:", "    y = z", "w = z * 2", "y = y + w % 3")]  # fmt: skip


def nested(head: str, after: str = "") -> Callable[[int], list[str]]:
    def write(depth: int) -> list[str]:
        heads = ["    " * i + head.format(i=i) for i in range(depth)]
        tails = ["    " * (i + 1) + after for i in reversed(range(depth)) if after]
        return [*heads, "    " * depth + "y = y + 1", *tails]

    return write


SHAPES = (
    Shape("branches in a row", branches, COUNTS),
    Shape("early returns in a row", exits, COUNTS),
    Shape("elif chain", chain, COUNTS),
    Shape("match", cases, COUNTS),
    Shape("loops with break in a row", loops, COUNTS),
    Shape("branches with own names", names, COUNTS),
    Shape("try statements in a row", attempts, COUNTS),
    Shape("60 branches in 300 lines", mixed, (20, 60)),
    Shape("if in if", nested("if x > {i}:", "y = y * 2"), DEPTHS),
    Shape("for in for", nested("for i{i} in range(x):", "y = y * 2"), DEPTHS),
    Shape("while in while", nested("while y < x + {i}:", "y = y + 1"), DEPTHS),
    Shape("for and if with break", nested("for i{i} in range(x):", "if y > 5: break"), DEPTHS),
    Shape("type that changes in loops", nested("for i{i} in range(x):", "y = y + 0.5"), DEPTHS),
    Shape("list that grows in loops", nested("for i{i} in range(x):", "items.append(y)"), DEPTHS),
    Shape("try in try", nested("try:", "y = y // x\n{pad}except ZeroDivisionError:\n{pad}    y = 0"), DEPTHS),
)


def function_of(shape: Shape, size: int) -> Callable[..., Any]:
    lines = ["def f(x, y):", "    items = []"]
    for line in shape.write(size):
        pad = " " * (len(line) - len(line.lstrip()))
        lines += ("    " + line.replace("{pad}", "    " + pad[4:])).split("\n")
    text = "\n".join([*lines, "    return y, len(items)", ""])
    filename = f"growth/{shape.name.replace(' ', '_')}_{size}.py"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace: dict[str, Any] = {}
    exec(compile(text, filename, "exec"), namespace)
    return namespace["f"]


def measure(shape: Shape, size: int, rounds: int = 3) -> Figure:
    return min((measure_once(shape, size) for _ in range(rounds)), key=lambda figure: figure.convert + figure.trace)


def measure_once(shape: Shape, size: int, argument: int = 1) -> Figure:
    function = function_of(shape, size)
    static = to_static(function)
    gc.collect()
    gc.disable()
    try:
        start = process_time()
        code = static.code
        converted = process_time()
        got = static(argument, 1)
        traced = process_time()
    finally:
        gc.enable()
    if got != function(argument, 1):
        raise AssertionError(f"{shape.name}, {size}: {got} is not {function(argument, 1)}")
    ops = sum(1 for _ in walk(static.program().block))
    characters = sum(len(line.strip()) for line in code.split("\n"))
    return Figure(shape.name, size, converted - start, traced - converted, characters, ops)


def power(small: Figure, large: Figure, field: str) -> float:
    return log(getattr(large, field) / max(getattr(small, field), 1e-9)) / log(large.size / small.size)


POWERS = ("convert", "trace", "code", "ops")


def rows(effort: Effort) -> Iterator[Row]:
    to_static(function_of(SHAPES[0], 3))(1, 1)  # imports what only conversion needs
    for shape in SHAPES:
        before: Figure | None = None
        for size in shape.sizes[:1] if effort.smoke else shape.sizes:
            progress(f"{shape.name}: {size}")
            figure = measure(shape, size, effort.rounds(3))
            grown = {} if before is None else {name: power(before, figure, name) for name in POWERS}
            yield {**asdict(figure), "grows": grown}
            before = figure


SECTION = Section(
    "conversion",
    "converting and tracing functions of growing size",
    "Processor time until converted, and then until traced and run once; characters of the converted code, and ops. "
    "The last columns say by which power of the size these grew: 1 is linear. Without Python's collector of cycles, "
    "whose full runs over all that is imported fall on one size and not on the next.",
    lambda: [
        Column("", "shape", "text", 28), Column("size", "size", "count", 6), Column("convert", "convert", "seconds"),
        Column("trace", "trace", "seconds"), Column("code", "code", "count"), Column("ops", "ops", "count", 8),
        *(Column(f"^{name}", f"grows/{name}", "ratio") for name in POWERS),
    ],
    rows,
)  # fmt: skip
