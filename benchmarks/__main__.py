"""Static programs side by side with the plain NumPy functions they were made of, in one run.

    python -m benchmarks [--smoke] [--json FILE]

A ratio is static / plain, the median over paired rounds: below 1 the program is faster.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from time import perf_counter

import numpy as np

from benchmarks.timing import compare, paired, seconds_of_import
from benchmarks.workloads import WORKLOADS, Workload, ternary
from dy2static import to_static


@dataclass(frozen=True)
class Row:
    """One line of the table; times in seconds. `plain` and `static` are what is compared, whatever it is."""

    name: str
    plain: float | None
    static: float
    ratio: float | None
    trip: float | None = None


def imports(rounds: int) -> Iterator[Row]:
    for module in ("runtime", "dy2static"):
        seconds_of_import(module)
        pair = paired(partial(seconds_of_import, "numpy"), partial(seconds_of_import, module), rounds)
        yield Row(f"import {module} / import numpy", pair.first, pair.second, pair.ratio)


def first_call() -> Row:
    """Converting, tracing, planning and running, on the first call in this process."""
    arguments = (np.array([3], np.float32), np.array([2], np.float32))
    start = perf_counter()
    to_static(ternary)(*arguments)
    return Row("first call of ternary", None, perf_counter() - start, None)


def next_first_call() -> Row:
    """The same for a second function, with everything of the converter warm."""
    arguments = (np.array([3], np.float32), np.array([2], np.float32))
    start = perf_counter()
    to_static(another_ternary)(*arguments)
    return Row("first call of one more function", None, perf_counter() - start, None)


def another_ternary(x, y):
    z = x - y if x < y else x + y
    return z


def calls(workload: Workload, seconds: float) -> Row:
    """A warm call of the static function beside the plain one. Their results must be the same."""
    function, arguments = workload.function, workload.arguments
    static = to_static(function)
    np.testing.assert_array_equal(static(*arguments), function(*arguments))
    pair = compare(lambda: function(*arguments), lambda: static(*arguments), seconds)
    trip = pair.second / workload.trips if workload.trips else None
    return Row(workload.name, pair.first, pair.second, pair.ratio, trip)


def rows(smoke: bool) -> Iterator[Row]:
    yield first_call()
    yield next_first_call()
    yield from imports(3 if smoke else 15)
    for workload in WORKLOADS:
        if not (smoke and workload.slow):
            yield calls(workload, 0.2 if smoke else 3.0)


def duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def line(row: Row) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return f"{row.name:34}{duration(row.plain):>10}{duration(row.static):>10}{ratio:>8}{duration(row.trip):>10}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--smoke", action="store_true", help="once through, quickly: figures are rough")
    parser.add_argument("--json", metavar="FILE", help="also write the figures, in seconds, to FILE")
    options = parser.parse_args()

    print(f"Python {platform.python_version()}, NumPy {np.__version__}")
    print(f"{'':34}{'plain':>10}{'static':>10}{'ratio':>8}{'a trip':>10}")
    done = []
    for row in rows(options.smoke):
        print(line(row), flush=True)
        done.append(row)
    if options.json:
        with open(options.json, "w") as file:
            json.dump([asdict(row) for row in done], file, indent=1)


if __name__ == "__main__":
    main()
