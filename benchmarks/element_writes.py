"""Loops that write one element of an array: a trip costs the same in arrays of 10^3 to 10^6, in time and memory.

    python -m benchmarks.element_writes [--smoke]

A trip of the plain function and of the static program, and their ratio. `flat` is the static trip at that size over the
one at 10^3, both timed by turns. `peak` is the most memory that a call held beyond its arguments, static over plain.
"""

from __future__ import annotations

import argparse
import platform
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.timing import compare, paired, seconds_of
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


@dataclass(frozen=True)
class Figures:
    """Seconds of a trip, and bytes at the peak."""

    plain: float
    static: float
    ratio: float
    flat: float
    peak: float


def measure(loop: Callable[..., Any], n: int, seconds: float) -> Figures:
    static = to_static(loop)
    x = np.zeros(n)
    np.testing.assert_array_equal(static(x.copy(), n), loop(x.copy(), n))
    pair = compare(partial(loop, x, n), partial(static, x, n), seconds)
    peaks = [peak_of(partial(call, np.zeros(n), n)) + CONSTANT for call in (loop, static)]
    return Figures(pair.first / n, pair.second / n, pair.ratio, flatness(static, n, seconds), peaks[1] / peaks[0])


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


def peak_of(call: Callable[[], Any]) -> int:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def lines(sizes: tuple[int, ...], seconds: float) -> Iterator[str]:
    for loop in LOOPS:
        for n in sizes:
            found = measure(loop, n, seconds)
            yield (
                f"{loop.__name__:22}{n:>9}{found.plain * 1e9:>8.1f} ns{found.static * 1e9:>8.1f} ns"
                f"{found.ratio:>8.2f}{found.flat:>8.2f}{found.peak:>8.2f}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.element_writes", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="10^3 and 10^4 only, quickly")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}")
    print(f"{'':22}{'n':>9}{'plain':>11}{'static':>11}{'ratio':>8}{'flat':>8}{'peak':>8}")
    sizes = (10**3, 10**4) if options.smoke else (10**3, 10**4, 10**5, 10**6)
    for line in lines(sizes, 0.05 if options.smoke else 1.0):
        print(line, flush=True)


if __name__ == "__main__":
    main()
