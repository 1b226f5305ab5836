"""A chain of ten elementwise ops on an array far beyond the cache: time and peak memory beside eager NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.report import Column, Effort, Row, Section
from benchmarks.timing import compare, peak_of
from dy2static import to_static
from runtime.chains import BIG


def chain(x):
    return np.sqrt(np.abs(x * 2 + 1) - x) * 3 - np.maximum(x, 0.5) / 4 + x


def rows(effort: Effort) -> Iterator[Row]:
    for size in effort.sizes(10**5, 10**6, 10**7):
        x = np.linspace(-1, 1, size)
        static = to_static(chain)
        np.testing.assert_array_equal(static(x), chain(x))
        pair = compare(partial(chain, x), partial(static, x), effort.seconds(6.0))
        peaks = peak_of(partial(chain, x)), peak_of(partial(static, x))
        yield {"name": f"ten ops on float64[{size:,}]", "plain": pair.first, "static": pair.second,
               "ratio": pair.ratio, "plain_peak": peaks[0], "static_peak": peaks[1]}  # fmt: skip


SECTION = Section(
    "chain",
    "a chain of ten elementwise operations",
    f"From {BIG:,} items on it is computed block by block, in as many threads as there are cores. Peaks are the most "
    "memory that a call holds beyond its arguments, the result included.",
    lambda: [
        Column("", "name", "text"), Column("eager", "plain", "seconds"), Column("static", "static", "seconds"),
        Column("ratio", "ratio", "ratio"), Column("eager's peak", "plain_peak", "bytes", 14),
        Column("static's peak", "static_peak", "bytes", 15),
    ],
    rows,
)  # fmt: skip
