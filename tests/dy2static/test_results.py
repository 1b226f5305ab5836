"""What a call may give: not functions and classes that the function makes, which hold the values of the first call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dy2static import ConversionError, to_static
from runtime import executor


def adder(n):
    def add(x):
        return x + n

    return add


def with_a_lambda(n):
    return n, lambda x: x * n


def local_class(n):
    class Holder:
        kept = n

    return Holder


def object_of_a_local_class(n):
    class Holder:
        def get(self):
            return n

    return Holder()


def given_back(function, n):
    return function, n + 1


def used_inside(n):
    def twice(x):
        return x * 2

    return twice(n)


@pytest.mark.parametrize("function", [adder, with_a_lambda, local_class, object_of_a_local_class])
def test_what_the_function_makes_is_refused_with_what_to_do(function: Callable[..., Any]) -> None:
    with pytest.raises(ConversionError, match=r"returns: (the|an object of the) (function|class) .* which it makes"):
        to_static(function)(np.float64(3))
    with pytest.raises(ConversionError, match="return what it gives"):
        to_static(function)(3)


def test_what_is_given_is_given_back() -> None:
    assert to_static(given_back)(len, 1) == (len, 2)
    assert to_static(given_back)(adder, 1) == (adder, 2)
    assert to_static(used_inside)(4) == 8


class Ball:
    def __init__(self, place: float, speed: float):
        self.place, self.speed = place, speed

    def move(self, time: float) -> None:
        self.place = self.place + self.speed * time
        if self.place > 2:
            self.speed = -self.speed


def steps(balls, time, count):
    for _ in range(count):
        for ball in balls:
            ball.move(time)
    return sum(ball.place for ball in balls)


def test_a_loop_that_changes_an_attribute_of_each_of_many_objects_is_traced_a_few_times() -> None:
    static = to_static(steps)
    plain, ours = ([Ball(1 + k / 7, 2.0) for k in range(150)] for _ in range(2))
    assert static(ours, 0.1, 4) == steps(plain, 0.1, 4)
    assert [(one.place, one.speed) for one in ours] == [(one.place, one.speed) for one in plain]
    source: str = executor.build(static.program()).source  # type: ignore[attr-defined]
    assert source.count(".place = ") == 150 and "store" not in source
