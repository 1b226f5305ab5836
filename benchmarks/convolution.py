"""nn.conv2d beside other forms of a convolution in pure NumPy: the best of them may be at most 1.5 times as fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from benchmarks.report import Column, Effort, Row, Section, progress
from runtime import nn

Array = Any
# images, channels, size, filters, kernel
SHAPES = (
    (1, 3, 32, 2, 3),
    (8, 16, 64, 16, 3),
    (32, 64, 14, 128, 3),
    (1, 64, 56, 64, 3),
    (4, 3, 224, 32, 7),
    (8, 64, 28, 64, 1),
    (16, 1, 28, 8, 5),
)


def windows(x: Array, w: Array) -> Array:
    return sliding_window_view(x, w.shape[2:], axis=(2, 3))


def tensordot(x: Array, w: Array) -> Array:
    return np.tensordot(windows(x, w), w, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)


def columns(x: Array, w: Array) -> Array:
    view = windows(x, w).transpose(0, 1, 4, 5, 2, 3)
    made = np.matmul(w.reshape(len(w), -1), view.reshape(len(x), w[0].size, -1))
    return made.reshape(len(x), len(w), *view.shape[4:])


def shifts(x: Array, w: Array) -> Array:
    height, width = x.shape[2] - w.shape[2] + 1, x.shape[3] - w.shape[3] + 1
    out = np.zeros((len(x), len(w), height * width), x.dtype)
    for i, j in np.ndindex(*w.shape[2:]):
        part = x[:, :, i : i + height, j : j + width].reshape(*x.shape[:2], -1)
        out += np.matmul(np.ascontiguousarray(w[:, :, i, j]), part)
    return out.reshape(len(x), len(w), height, width)


def by_rows(x: Array, w: Array) -> Array:
    """Windows of one axis are copied; those of the other are offsets in the copy."""
    height, width = x.shape[2] - w.shape[2] + 1, x.shape[3] - w.shape[3] + 1
    view = sliding_window_view(x, w.shape[3], axis=3).transpose(0, 1, 4, 2, 3)
    copy = view.reshape(len(x), x.shape[1] * w.shape[3], -1)
    out = np.zeros((len(x), len(w), height * width), x.dtype)
    for i in range(w.shape[2]):
        part = copy[:, :, i * width : (i + height) * width]
        out += np.matmul(np.ascontiguousarray(w[:, :, i]).reshape(len(w), -1), part)
    return out.reshape(len(x), len(w), height, width)


FORMS: tuple[Callable[[Array, Array], Array], ...] = (tensordot, columns, shifts, by_rows)


def least(function: Callable[[Array, Array], Array], x: Array, w: Array, rounds: int) -> float:
    """Seconds of the fastest of `rounds`, each long enough for the clock."""
    function(x, w)
    times: list[float] = []
    calls = 1
    while len(times) < rounds:
        start = process_time()
        for _ in range(calls):
            function(x, w)
        spent = process_time() - start
        if spent < 2e-3 and not times:
            calls *= 2
        else:
            times.append(spent / calls)
    return min(times)


def rows(effort: Effort) -> Iterator[Row]:
    draw = np.random.default_rng(0)
    for images, channels, size, filters, kernel in SHAPES[:2] if effort.smoke else SHAPES:
        shape = f"{images} x {channels} x {size}^2, {filters} of {kernel}^2"
        progress(shape)
        x = draw.standard_normal((images, channels, size, size)).astype(np.float32)
        w = draw.standard_normal((filters, channels, kernel, kernel)).astype(np.float32)
        times = {form.__name__: least(form, x, w, effort.rounds(15)) for form in (*FORMS, nn.conv2d)}
        others = [times[form.__name__] for form in FORMS]
        yield {"name": shape, "forms": times, "ratio": times["conv2d"] / min(others)}


SECTION = Section(
    "convolution",
    "nn.conv2d beside other forms of a convolution in NumPy",
    "Processor time, the least of the rounds; the ratio is that of nn.conv2d to the best other form. For figures that "
    "can be compared give the BLAS one thread: OPENBLAS_NUM_THREADS=1.",
    lambda: [
        Column("", "name", "text"),
        *(Column(form.__name__, f"forms/{form.__name__}", "seconds", 12) for form in (*FORMS, nn.conv2d)),
        Column("ratio", "ratio", "ratio"),
    ],
    rows,
)
