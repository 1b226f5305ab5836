"""Every kernel of tests/kernels, as it is and as a program.

A warm call of each, on arguments that are made anew for every call, by turns; in seconds of the processor. Where a
kernel has larger arguments here, those are taken.
"""

from __future__ import annotations

import gc
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from copy import deepcopy
from io import StringIO
from statistics import median
from time import thread_time
from typing import Any

import numpy as np

from benchmarks.report import Column, Effort, Row, Section, progress
from dy2static import to_static
from tests.kernels import KERNELS
from tests.kernels.row import codes, definite, real, whole

LIMIT, FIXED = 1.05, 1e-6  # what a program may take: of the plain kernel's time, and besides

LARGER: dict[str, Callable[[], tuple[Any, ...]]] = {
    "heat_1d": lambda: (real(400), 0.1, 5),
    "gauss_seidel_red_black": lambda: (real(40, 40), real(40, 40, seed=1), 2),
    "stencil_3d_by_elements": lambda: (real(12, 12, 12),),
    "advection_minmod": lambda: (real(300), 0.25, 5),
    "signed_distance_sweep": lambda: (real(30, 30) > 0, 1),
    "lu_doolittle": lambda: (definite(25),),
    "cholesky_loops": lambda: (definite(25),),
    "forward_substitution": lambda: (np.tril(definite(40)), real(40)),
    "gauss_elimination": lambda: (definite(40), real(40)),
    "thomas": lambda: (real(300), real(300, seed=1) + 5, real(300, seed=2), real(300, seed=3)),
    "successive_over_relaxation": lambda: (definite(20), real(20), 1.2),
    "longest_common_subsequence": lambda: (whole(60, below=4), whole(60, below=4, seed=1)),
    "levenshtein_two_rows": lambda: (whole(60, below=9, dtype=np.uint8), whole(60, below=9, seed=1, dtype=np.uint8)),
    "dynamic_time_warping": lambda: (real(40), real(40, seed=1), None),
    "matrix_chain_order": lambda: (whole(25, below=50) + 1,),
    "floyd_warshall": lambda: (np.abs(real(25, 25)),),
    "needleman_wunsch": lambda: (codes("GATTACA" * 6), codes("GCATGCU" * 6)),
    "bubble_sort": lambda: (real(60),),
    "insertion_sort": lambda: (real(60),),
    "shell_sort": lambda: (real(500),),
    "heap_sort": lambda: (real(300),),
    "quick_sort_with_a_stack": lambda: (real(300),),
    "counting_sort": lambda: (whole(500, below=40),),
    "kadane": lambda: (real(1000),),
    "moving_average": lambda: (real(1000), 5),
    "multiply_polynomials": lambda: (real(40), real(40, seed=1)),
    "horner_with_derivative": lambda: (real(300), 0.5),
    "lagrange": lambda: (np.arange(40.0), real(40), 0.3),
    "natural_spline": lambda: (np.arange(200.0), real(200)),
    "iir_filter": lambda: (real(400), real(3), np.array([2.0, 0.3, 0.1])),
    "holt_smoothing": lambda: (np.abs(real(500)), 0.5, 0.5),
    "welford_and_kahan": lambda: (real(1000),),
    "histogram_by_hand": lambda: (real(500), 20, -1.0, 1.5),
    "linear_interpolation": lambda: (np.arange(100.0), real(100), np.abs(real(300)) * 20),
    "convolve_2d": lambda: (real(20, 20), real(3, 3)),
    "integral_image": lambda: (real(30, 30),),
    "floyd_steinberg": lambda: (real(25, 25).astype(np.float32) * 100,),
    "median_filter": lambda: (whole(16, 16, below=255, dtype=np.uint8), 3),
    "resize_bilinear": lambda: (real(12, 12), 24, 24),
    "csr_times_vector": lambda: (np.arange(0, 2001, 5), whole(2000, below=400), real(2000), real(400)),
    "bellman_ford": lambda: (60, whole(300, below=60), whole(300, below=60, seed=1), np.abs(real(300))),
    "n_body_leapfrog": lambda: (real(12, 3), real(12, 3, seed=1), np.abs(real(12)), 0.01, 3),
    "adler32": lambda: (codes("Wikipedia" * 40).astype(np.int64),),
}


def is_over(row: Row) -> bool:
    return bool(row["static"] > LIMIT * row["plain"] + FIXED)


def seconds_of(function: Callable[..., Any], arguments: tuple[Any, ...]) -> float:
    """One call on copies of the arguments. What it raises is part of it: some kernels are given what they refuse."""
    given = deepcopy(arguments)
    start = thread_time()
    try:
        function(*given)
    except (ArithmeticError, ValueError):
        pass
    return thread_time() - start


def measured(
    name: str, function: Callable[..., Any], static: Callable[..., Any], arguments: tuple[Any, ...], seconds: float
) -> Row:
    once = max(seconds_of(function, arguments), seconds_of(static, arguments) and seconds_of(static, arguments))
    rounds = max(5, min(200, int(seconds / max(2 * once, 1e-9))))
    pairs = []
    for number in range(rounds):
        one, two = (function, static) if number % 2 else (static, function)
        times = seconds_of(one, arguments), seconds_of(two, arguments)
        pairs.append(times if number % 2 else times[::-1])
    row = {"plain": median(a for a, _ in pairs), "static": median(b for _, b in pairs)}
    return {"name": name, **row, "ratio": median(b / max(a, 1e-9) for a, b in pairs)}


def checked(
    name: str, function: Callable[..., Any], static: Callable[..., Any], arguments: tuple[Any, ...], seconds: float
) -> Row:
    """Measured again, and longer, where it is over the limit: the machine may have been busy with other things."""
    row = measured(name, function, static, arguments, seconds)
    if is_over(row):
        row = min(row, measured(name, function, static, arguments, 3 * seconds), key=lambda row: row["ratio"])
    return {**row, "over": is_over(row)}


def rows(effort: Effort) -> Iterator[Row]:
    """The dearest beside their plain forms come last."""
    found = []
    enabled = gc.isenabled()
    with warnings.catch_warnings(), redirect_stdout(StringIO()):
        warnings.simplefilter("ignore")
        gc.disable()
        try:
            for number, kernel in enumerate(KERNELS, 1):
                progress(f"{number} of {len(KERNELS)} kernels: {kernel.name}")
                given = LARGER[kernel.name]() if kernel.name in LARGER and not effort.smoke else kernel.inputs[-1]
                assert isinstance(given, tuple), f"the arguments of {kernel.name} are no tuple"
                function = kernel.make()
                found.append(checked(kernel.name, function, to_static(function), given, effort.seconds(0.3)))
                gc.collect()
        finally:
            if enabled:
                gc.enable()
    progress("")
    yield from sorted(found, key=lambda row: row["ratio"])


def closing(rows: Sequence[Row]) -> list[str]:
    """The geometric mean, and what takes more than it may, by name."""
    mean = math.exp(sum(math.log(max(row["ratio"], 1e-9)) for row in rows) / max(1, len(rows)))
    over = [f"{row['name']} ({row['ratio']:.2f})" for row in rows if row["over"]]
    said = f"{len(over)} of {len(rows)} take more than {LIMIT} x and {FIXED * 1e6:.0f} us: {', '.join(over)}"
    return [f"geometric mean of {len(rows)}: {mean:.2f}", said if over else f"none takes more than {LIMIT} x and 1 us"]


def columns() -> list[Column]:
    return [
        Column("", "name", "text"), Column("plain", "plain", "seconds"), Column("static", "static", "seconds"),
        Column("ratio", "ratio", "ratio"), Column("", "over", "mark", 7),
    ]  # fmt: skip


SECTION = Section(
    "kernels",
    "numerical kernels as strangers write them, those of the tests",
    "Processor time of warm calls on fresh arguments, by turns. One that is over 1.05 times its plain form and 1 us is "
    "measured again and longer, and named where it stays so.",
    columns,
    rows,
    closing,
)
