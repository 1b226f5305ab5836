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


def rows_of(n: int, each: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A sparse n x n matrix with `each` items in a row: where rows begin, columns, items."""
    return np.arange(0, n * each + 1, each), whole(n * each, below=n, seed=seed), real(n * each, seed=seed)


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
    "jacobi_2d": lambda: (real(90, 70), 1e-9, 6),
    "laplace_3d": lambda: (real(30, 30, 30).astype(np.float32), 3),
    "back_substitution_in_place": lambda: (definite(60).astype(np.float32), real(60).astype(np.float32)),
    "lu_with_pivots": lambda: (real(30, 30),),
    "modified_gram_schmidt": lambda: (real(60, 40),),
    "householder_qr": lambda: (real(40, 30),),
    "gauss_jordan_inverse": lambda: (definite(30),),
    "conjugate_gradient": lambda: (definite(60), real(60)),
    "edit_distance_of_strings": lambda: ("kitten" * 5, "sitting" * 5),
    "knapsack": lambda: (whole(20, below=9) + 1, whole(20, below=50, seed=1), 60),
    "viterbi": lambda: (whole(60, below=4), np.full(3, 1 / 3), np.full((3, 3), 1 / 3), np.abs(real(3, 4))),
    "hmm_forward_scaled": lambda: (whole(60, below=4), np.full(3, 1 / 3), np.full((3, 3), 1 / 3), np.abs(real(3, 4))),
    "coin_change": lambda: (np.array([1, 5, 10, 25]), 200),
    "longest_increasing_subsequence": lambda: (whole(60, below=1000),),
    "dijkstra_dense": lambda: (whole(40, 40), 2),
    "crc32_bitwise": lambda: (codes("Wikipedia" * 10),),
    "fnv1a": lambda: (codes("Wikipedia" * 10),),
    "popcounts": lambda: (whole(60, below=2**31, dtype=np.uint32),),
    "sieve": lambda: (5000,),
    "collatz_lengths": lambda: (200,),
    "lcg_random_walk": lambda: (7, 300),
    "fisher_yates": lambda: (300,),
    "power_mod": lambda: (2, 3**200, 1000000007),
    "run_length_encode": lambda: (whole(500, below=3, dtype=np.uint8),),
    "run_length_decode": lambda: (whole(200), whole(200, below=5, seed=1)),
    "union_find": lambda: (200, whole(150, 2, below=200)),
    "prime_factors": lambda: (2**20 * 3**9 * 1009 * 2003,),
    "pascal_triangle": lambda: (30,),
    "selection_sort_of_a_copy": lambda: (whole(60, below=1000),),
    "quick_sort_with_a_list": lambda: (real(300),),
    "merge_sort_bottom_up": lambda: (whole(300, below=1000),),
    "merge_sort_recursive": lambda: (whole(200, below=1000),),
    "radix_sort": lambda: (whole(300, below=1000),),
    "binary_search": lambda: (np.arange(10000.0), 1234.0),
    "quick_select": lambda: (whole(300, below=1000), 44),
    "unique_in_place": lambda: (whole(300, below=30),),
    "top_k": lambda: (real(400), 5),
    "flood_fill": lambda: (np.zeros((16, 16), np.int64), 3, 3, 9),
    "label_components": lambda: (whole(16, 16, below=2),),
    "pairwise_lennard_jones": lambda: (real(20, 3),),
    "cloud_in_cell": lambda: (np.abs(real(300)), 30),
    "sir_epidemic": lambda: (990.0, 10.0, 300),
    "ising_metropolis": lambda: (1 - 2 * whole(12, 12, below=2), 200, 1.2),
    "verlet_chain": lambda: (real(100), 20),
    "rnn": lambda: (real(60, 8), real(8, 32), real(32, 32) / 9, real(32)),
    "attention": lambda: (real(60, 16), real(60, 16, seed=1), real(60, 16, seed=2), True),
    "max_pool": lambda: (real(3, 20, 20),),
    "batch_norm": lambda: (real(200, 40), real(40), real(40, seed=1), real(40, seed=2), np.abs(real(40)), True),
    "layer_norm_rows": lambda: (real(4, 10, 64), 1e-5),
    "fft_radix_2": lambda: (real(128) + 0j,),
    "fft_recursive": lambda: (real(64),),
    "dct_naive": lambda: (real(16),),
    "gcd_lcm": lambda: (np.int64(1779979416004714189), np.int64(1100087778366101931)),
    "extended_gcd": lambda: (1779979416004714189, 1100087778366101931),
    "newton_square_root": lambda: (2e30, 1e-3),
    "bisection": lambda: (0.0, 30.0, 1e-12),
    "golden_section": lambda: (-1.0, 4.0, 1e-12),
    "trapezoid_and_simpson": lambda: (-1.0, 2.0, 300),
    "romberg": lambda: (8,),
    "csr_times_csr": lambda: (*rows_of(40, 5), *rows_of(40, 5, seed=1), 40),
    "csr_transpose": lambda: (*rows_of(60, 5), 60),
    "breadth_first": lambda: (*rows_of(100, 4)[:2], 2),
    "topological_order": lambda: (100, np.stack([whole(200, below=50), 50 + whole(200, below=50, seed=1)], 1)),
    "blelloch_scan": lambda: (real(128),),
    "segmented_scans": lambda: (real(300), whole(300)),
    "nearest_neighbours_vote": lambda: (real(60, 3), whole(60, below=3), real(3, seed=1), 4),
    "dbscan": lambda: (real(40, 2), 0.5, 3),
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
