"""Loops that write one element of an array: a trip costs the same in arrays of 10^3 to 10^6, in time and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmarks.report import Column, Effort, Row, Section, progress
from benchmarks.timing import compare, paired, peak_of, seconds_of
from dy2static import to_static

SMALLEST = 1000
CONSTANT = 1 << 20  # bytes that do not grow with the arrays and are left out of the ratio of peaks


def plain_loop(x, n):
    for i in range(n):
        x[i] = i * 0.5
    return x


def nested_loops(x, n):
    k = int(np.sqrt(n))
    for i in range(k):
        for j in range(n // k):
            x[i * (n // k) + j] += 1
    return x


def branches(x, n):
    for i in range(n):
        if i % 2 == 0:
            x[i] = i
        elif x[i] > 0:
            x[i] -= 1
        else:
            x[-1] = i
    return x


def put(x, i, value):
    x[i] = value


def callee(x, n):
    for i in range(n):
        put(x, i, x[i - 1] + 1)
    return x


def through_views(x, n):
    y = x.reshape(-1, 2).T
    for i in range(n // 2):
        y[0, i] = i
        y[1, i] += y[0, i]
    return x


def while_over_new_array(x, n):
    out = np.zeros_like(x)
    i = 0
    while i < n:
        out[i] = x[i] * 2
        i += 1
    return out


def stencil(x, n):
    """Whole slices: its peak of memory is that of the temporaries that NumPy makes."""
    for _ in range(4):
        x[1:-1] = (x[:-2] + x[2:]) * 0.5 - x[1:-1]
    return x


LOOPS: tuple[Callable[..., Any], ...] = (
    plain_loop, nested_loops, branches, callee, through_views, while_over_new_array, stencil,
)  # fmt: skip


def measure(loop: Callable[..., Any], n: int, seconds: float) -> Row:
    static = to_static(loop)
    x = np.zeros(n)
    np.testing.assert_array_equal(static(x.copy(), n), loop(x.copy(), n))
    pair = compare(partial(loop, x, n), partial(static, x, n), seconds)
    peaks = [peak_of(partial(call, np.zeros(n), n)) + CONSTANT for call in (loop, static)]
    return {
        "name": loop.__name__, "size": n, "plain": pair.first / n, "static": pair.second / n, "ratio": pair.ratio,
        "flat": flatness(static, n, seconds), "peak": peaks[1] / peaks[0],
    }  # fmt: skip


def flatness(static: Callable[..., Any], n: int, seconds: float) -> float:
    """The cost of a trip at size `n` over that at SMALLEST. A machine that slows down slows both."""
    small, big = np.zeros(SMALLEST), np.zeros(n)
    repeats = max(1, n // SMALLEST // 10)
    each = seconds_of(partial(static, big, n), 1)
    rounds = max(3, min(50, int(seconds / each)))
    pair = paired(
        lambda: seconds_of(partial(static, small, SMALLEST), repeats),
        lambda: seconds_of(partial(static, big, n), 1),
        rounds,
    )
    return pair.ratio * SMALLEST / n


def rows(effort: Effort) -> Iterator[Row]:
    for loop in LOOPS:
        for n in effort.sizes(10**3, 10**4, 10**5, 10**6):
            progress(f"{loop.__name__}: {n:,}")
            yield measure(loop, n, effort.seconds(1.0))


SECTION = Section(
    "writes",
    "loops that write one element of an array",
    "Times are of a trip. `flat` is the static trip at that size over the one at 1,000, both timed by turns; `peak` "
    "the most memory that a call held beyond its arguments, static over plain.",
    lambda: [
        Column("", "name", "text", 22), Column("size", "size", "count", 11), Column("plain", "plain", "seconds"),
        Column("static", "static", "seconds"), Column("ratio", "ratio", "ratio"), Column("flat", "flat", "ratio"),
        Column("peak", "peak", "ratio"),
    ],
    rows,
)  # fmt: skip
