"""The functions of samples/, as they are and as programs; of those that are built by hand, the converted one's plain
form is what they stand beside."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmarks.kernels import closing, columns, is_over
from benchmarks.report import Effort, Row, Section, progress
from benchmarks.timing import compare
from dy2static import to_static
from runtime import LoadedFunction
from samples import (
    conditional_sum_dynamic,
    conditional_sum_static,
    convolution_dynamic,
    counters,
    decode,
    network_dynamic,
    newton,
    pid,
    ternary,
    two_counters_dynamic,
    two_counters_static,
)


def single(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def plain_of(static: Any) -> Callable[..., Any]:
    """The undecorated function."""
    plain: Callable[..., Any] = static.__dy2static_function__
    return plain


def pairs() -> Iterator[tuple[str, Callable[..., Any], Callable[..., Any], tuple[Any, ...]]]:
    """Name, plain function, static one, and the arguments of both."""
    forward = network_dynamic.Network().forward
    given: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
        ("ternary", ternary.ternary, (single(1), -single(1))),
        ("counters", counters.counters, (0, 10)),
        ("newton", newton.anomaly, (np.linspace(0, 3, 1000), 0.5)),
        ("pid", pid.heat, (np.linspace(60, 90, 200), 20.0, (2.0, 0.1, 0.5))),
        ("decode", decode.decode, (decode.tokens("although"),)),
        ("conditional_sum_dynamic", conditional_sum_dynamic.conditional_sum, (single(100), single(100) + 1)),
        ("two_counters_dynamic", two_counters_dynamic.two_counters, (0, 10)),
        ("convolution_dynamic", convolution_dynamic.convolution, (single(1, 3, 32, 32),)),
        ("network_dynamic", forward, (single(20, 1, 8, 8),)),
    )
    for name, function, arguments in given:
        is_static = hasattr(function, "__dy2static_function__")
        plain = plain_of(function) if is_static else function
        yield name, plain, function if is_static else to_static(function), arguments
    for name, main, function, arguments in (
        ("conditional_sum_static", conditional_sum_static.main, conditional_sum_dynamic.conditional_sum, given[5][2]),
        ("two_counters_static", two_counters_static.main, two_counters_dynamic.two_counters, (0, 10)),
    ):
        yield name, plain_of(function), LoadedFunction(main), arguments


def rows(effort: Effort) -> Iterator[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, plain, static, arguments in pairs():
            progress(name)
            yield measured(name, plain, static, arguments, effort.seconds(1.0))
    progress("")


def measured(
    name: str, plain: Callable[..., Any], static: Callable[..., Any], arguments: tuple[Any, ...], seconds: float
) -> Row:
    """Their arguments are not changed, so that calls can be repeated between two looks at the clock."""
    np.testing.assert_equal(static(*arguments), plain(*arguments))
    row: Row = {}
    for tried in (seconds, 3 * seconds):  # the machine may have been busy with other things
        pair = compare(partial(plain, *arguments), partial(static, *arguments), tried)
        row = {"name": name, "plain": pair.first, "static": pair.second, "ratio": pair.ratio}
        if not is_over(row):
            break
    return {**row, "over": is_over(row)}


SECTION = Section(
    "samples",
    "the functions of samples/",
    "Warm calls by turns. Of those that are built by hand a call of the loaded program is timed, beside the plain "
    "function of the converted sample.",
    columns,
    rows,
    closing,
)
