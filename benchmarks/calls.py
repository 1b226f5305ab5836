"""What calls cost: a first call in a fresh process, and a warm call beside the plain one at growing numbers of
signatures.

    python -m benchmarks.calls [--smoke]

The `last` signature is the one of the call before; in `random` order each call has another.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from dy2static import to_static

COUNTS = (1, 10, 100, 1000, 5000)
KINDS = [(letter, rank) for letter in "bhiqBHIQefdFD?" for rank in range(1, 7)]
CALLS = 4000  # timed at once

FIRST = """
from time import perf_counter as now
import numpy as np
from dy2static import to_static
from benchmarks.workloads import ternary
arguments = np.array([3], np.float32), np.array([2], np.float32)
start = now()
to_static(ternary)(*arguments)
print(now() - start)
"""


@dataclass(frozen=True)
class Figure:
    """Seconds a call: the least and the median of some rounds. `over` is static less plain, by pairs of rounds."""

    name: str
    size: int
    least: float
    median: float
    over: float | None = None


def rows(smoke: bool = False) -> Iterator[Figure]:
    yield from first_calls(3 if smoke else 15)
    yield overhead(10 if smoke else 60)
    for count in COUNTS[:3] if smoke else COUNTS:
        yield from by_signatures(count, 5 if smoke else 15)


def first_calls(rounds: int) -> Iterator[Figure]:
    """Conversion, tracing and running in a fresh process after its imports: nothing kept on disk, and all kept."""
    with tempfile.TemporaryDirectory() as around:
        folders = {"cold": os.path.join(around, "{}"), "warm": os.path.join(around, "kept"), "off": "0"}
        _first_call(folders["warm"])
        for name, folder in folders.items():
            times = [_first_call(folder.format(number)) for number in range(rounds)]
            yield Figure(f"first call, cache {name}", 1, min(times), median(times))


def _first_call(folder: str) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["DY2STATIC_CACHE"] = folder
    command = [sys.executable, "-c", FIRST]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)


def first(x: Any, y: Any) -> Any:
    return x


def second(x: Any, y: Any) -> Any:
    return y


def overhead(rounds: int) -> Figure:
    """A warm call of a function of two arrays that does nothing: what a call adds."""
    static, arguments = to_static(first), (np.ones(1, np.float32), np.ones(1, np.float32))
    static(*arguments)
    return _compared("two arrays", 1, first, static, [arguments] * CALLS, rounds)


def by_signatures(count: int, rounds: int) -> Iterator[Figure]:
    static, arguments = to_static(second), signatures(count)
    for one in arguments:
        static(*one)
    assert len(static.programs) == count
    chosen = random.Random(0)
    yield _compared("last", count, second, static, [arguments[0]] * CALLS, rounds)
    yield _compared("random", count, second, static, chosen.choices(arguments, k=CALLS), rounds)


def signatures(count: int) -> list[tuple[Any, Any]]:
    """Arguments of so many different signatures."""
    pairs = itertools.islice(itertools.product(KINDS, repeat=2), count)
    return [(np.ones((1,) * a, one), np.ones((1,) * b, other)) for (one, a), (other, b) in pairs]


def _compared(
    name: str, size: int, plain: Callable[..., Any], static: Callable[..., Any], calls: Sequence[Any], rounds: int
) -> Figure:
    gc.collect()
    gc.disable()
    try:
        pairs = [(_seconds(plain, calls), _seconds(static, calls)) for _ in range(rounds)]
    finally:
        gc.enable()
    times = [b for _, b in pairs]
    return Figure(name, size, min(times), median(times), median(b - a for a, b in pairs))


def _seconds(function: Callable[..., Any], calls: Sequence[Any]) -> float:
    start = perf_counter()
    for arguments in calls:
        function(*arguments)
    return (perf_counter() - start) / len(calls)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calls", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--smoke", action="store_true", help="once through, quickly: figures are rough")
    options = parser.parse_args()
    print(f"{'':24}{'signatures':>12}{'least':>12}{'median':>12}{'over plain':>12}")
    for row in rows(options.smoke):
        over = "" if row.over is None else f"{row.over * 1e6:.2f} us"
        unit, scale = ("ms", 1e3) if row.least > 1e-4 else ("us", 1e6)
        shown = [f"{seconds * scale:.2f} {unit}" for seconds in (row.least, row.median)]
        print(f"{row.name:24}{row.size:>12}{shown[0]:>12}{shown[1]:>12}{over:>12}", flush=True)


if __name__ == "__main__":
    main()
