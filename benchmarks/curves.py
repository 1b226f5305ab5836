"""How the cost of a warm call grows: with the size of an array, with turns, ops, depth, and with signatures.

`each` is the static program's time for one item, turn, op or call: where it is level, nothing grows faster than the
work.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.report import Column, Effort, Row, Section, progress
from benchmarks.timing import compare
from dy2static import to_static


def polynomial(x):
    return ((x * 2 + 1) * x - 3) * x + 4


def sums(x, n):
    total = 0.0
    for i in range(n):
        total += i * 0.5
        if total > 1e300:
            break
    return total


def written(name: str, lines: list[str]) -> Callable[..., Any]:
    """A function f(x, n) with these lines."""
    text = "\n".join(["def f(x, n):", *("    " + line for line in lines), "    return x", ""])
    file = f"curves/{name}.py"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"np": np}
    exec(compile(text, file, "exec"), namespace)
    function: Callable[..., Any] = namespace["f"]
    return function


def straight(size: int) -> Callable[..., Any]:
    """`size` ops in a row, on an array of one item."""
    return written(f"ops_{size}", [f"x = x * {1 + i / 1000}" for i in range(size)])


def nested(depth: int) -> Callable[..., Any]:
    """`depth` loops in each other, with 4,096 turns of the innermost in all."""
    turns = round(4096 ** (1 / depth))
    heads = ["    " * i + f"for i{i} in range({turns}):" for i in range(depth)]
    return written(f"depth_{depth}", [*heads, "    " * depth + "x = x * 0.5 + n"])


class Signatures:
    """A function that has been called with `count` dtypes, ranks and lengths of tuples; the last is called again."""

    def __init__(self, count: int):
        self.function = to_static(written(f"signatures_{count}", ["x = x[0]"]))
        self.given = [signature(number) for number in range(count)]
        for one in self.given:
            self.function(one, 1)

    def call(self) -> Any:
        return self.function(self.given[-1], 1)

    def alternate(self) -> None:
        """A call of each of the last eight, so that none fits at once."""
        for one in self.given[-8:]:
            self.function(one, 1)


DTYPES = ("float64", "float32", "int64", "int32", "int16", "int8", "uint8", "bool", "complex128", "uint64")


def signature(number: int) -> Any:
    """Arguments that no other number gives: two arrays of a dtype and rank each."""
    first, rest = number % len(DTYPES), number // len(DTYPES)
    second, rank = rest % len(DTYPES), rest // len(DTYPES) + 1
    return np.zeros((1,) * rank, DTYPES[first]), np.zeros((1,), DTYPES[second])


@dataclass(frozen=True)
class Curve:
    """`make(size)` gives the plain call, the static one, and how many items, turns, ops or calls these are."""

    name: str
    sizes: tuple[int, ...]
    make: Callable[[int], tuple[Callable[[], Any], Callable[[], Any], int]]


def of(function: Callable[..., Any], *arguments: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
    static = to_static(function)
    np.testing.assert_array_equal(static(*arguments), function(*arguments))
    return partial(function, *arguments), partial(static, *arguments)


def of_signatures(count: int, alternating: bool) -> tuple[Callable[[], Any], Callable[[], Any], int]:
    many, few = Signatures(count), Signatures(8)
    if alternating:
        return few.alternate, many.alternate, 8
    return few.call, many.call, 1


CURVES = (
    Curve("items of an array", (10**2, 10**3, 10**4, 10**5, 10**6, 10**7),
          lambda size: (*of(polynomial, np.linspace(-1, 1, size)), size)),
    Curve("turns of a loop", (10, 10**2, 10**3, 10**4, 10**5, 10**6), lambda size: (*of(sums, 0, size), size)),
    Curve("ops of a program", (10, 30, 100, 300, 1000), lambda size: (*of(straight(size), np.ones(1), 0), size)),
    Curve("loops in each other", (1, 2, 3, 4, 6, 12), lambda size: (*of(nested(size), 1.0, 3), 4096)),
    Curve("signatures, one called", (10, 30, 100, 300, 1000), lambda size: of_signatures(size, False)),
    Curve("signatures, eight by turns", (10, 30, 100, 300, 1000), lambda size: of_signatures(size, True)),
)  # fmt: skip


def rows(effort: Effort) -> Iterator[Row]:
    for curve in CURVES:
        for size in effort.sizes(*curve.sizes):
            progress(f"{curve.name}: {size:,}")
            plain, static, units = curve.make(size)
            pair = compare(plain, static, effort.seconds(0.6))
            yield {"curve": curve.name, "size": size, "plain": pair.first, "static": pair.second,
                   "ratio": pair.ratio, "each": pair.second / units}  # fmt: skip


SECTION = Section(
    "curves",
    "how the cost of a warm call grows",
    "`each` is the static program's time for one item, turn, op or call: level where nothing grows faster than the "
    "work. With signatures, `plain` is a static function that has eight of them.",
    lambda: [
        Column("with the number of", "curve", "text", 28), Column("size", "size", "count", 12),
        Column("plain", "plain", "seconds"), Column("static", "static", "seconds"), Column("ratio", "ratio", "ratio"),
        Column("each", "each", "seconds"),
    ],
    rows,
)  # fmt: skip
