"""Loops that write elements make no copies: neither time nor memory of a trip grows with the array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.element_writes import CONSTANT, LOOPS, flatness
from benchmarks.timing import peak_of
from dy2static import to_static
from tests.kernels.row import whole


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.__name__)
def test_the_peak_of_memory_is_that_of_the_plain_function(loop: Callable[..., Any]) -> None:
    static, n = to_static(loop), 50_000
    static(np.zeros(n), n)
    plain, found = (peak_of(lambda call=call: call(np.zeros(n), n)) for call in (loop, static))
    assert found <= 1.2 * plain + CONSTANT / 10


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.__name__)
def test_a_trip_costs_the_same_in_a_bigger_array(loop: Callable[..., Any]) -> None:
    """A copy at each trip would make it a hundred times as much: the bound is wide, for machines that are busy."""
    static, n = to_static(loop), 100_000
    static(np.zeros(n), n)
    assert flatness(static, n, 0.1) < 10


def test_whole_numbers_are_written_as_they_are() -> None:
    x = whole(1000)
    for loop in LOOPS[:4]:
        np.testing.assert_array_equal(to_static(loop)(x.copy(), 1000), loop(x.copy(), 1000))
