"""Loops that are left by `break` where a flag says so: the text, and that the results are the function's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dy2static import to_static
from runtime import executor
from tests.harness import portrait

pytestmark = pytest.mark.usefixtures("optimized")


def first_over(n, limit):
    s = 0
    for i in range(n):
        s = s + i
        if s > limit:
            break
    return s


def with_an_else(n, limit):
    s = 0
    while n > 0:
        n = n - 1
        if s > limit:
            break
        elif n == 3:
            s = s + 5
            break
        s = s + n
    else:
        s = -1
    return s, n


def of_two_loops(n, limit):
    for i in range(n):
        for j in range(i):
            if i * j == limit:
                return i, j
    return None


def for_ever(n, limit):
    while True:
        n = n + 1
        if n > limit:
            break
    return n


def in_the_middle(n, limit):
    s = 0
    for i in range(n):
        if i == limit:
            break
        s = s + i
    return s


def deep_in_branches(n, limit):
    s = 0
    for i in range(n):
        s = s + 1
        if i > 2:
            if s > limit:
                s = -s
                break
    return s


def swaps_its_state(n, limit):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
        if a > limit:
            a = -a
            break
    return a, b


def break_and_return(n, limit):
    s = 0
    while s < n:
        s = s + 1
        if s == limit:
            return "limit"
        if s > 7:
            break
    return s


def of_an_array(n, limit):
    x = np.arange(20.0)
    for i in range(n):
        x[i] = x[i] * 2
        if x[i] > limit:
            break
    return x


def in_a_try(n, limit):
    s = 0
    for i in range(n):
        try:
            s = s + 10 // (limit - i)
        except ZeroDivisionError:
            s = -1
            break
        finally:
            s = s * 2
    return s


FUNCTIONS = [
    first_over, with_an_else, of_two_loops, for_ever, in_the_middle, deep_in_branches, swaps_its_state,
    break_and_return, of_an_array, in_a_try,
]  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_result_is_the_functions(function: Callable[..., Any]) -> None:
    static = to_static(function)
    for n in range(0, 12, 2):
        for limit in (-1, 0, 3, 12, 100):
            assert portrait(static(n, limit)) == portrait(function(n, limit))


def text_of(function: Callable[..., Any]) -> str:
    text: str = executor.build(to_static(function).program(5, 3)).source  # type: ignore[attr-defined]
    return text


@pytest.mark.parametrize("function", [first_over, with_an_else, of_two_loops, for_ever, of_an_array])
def test_a_flag_that_is_set_last_is_not_tested(function: Callable[..., Any]) -> None:
    text = text_of(function)
    assert "break\n" in text and "while not stop" not in text and "if not (not stop)" not in text


def test_the_text_reads_like_the_users() -> None:
    assert (
        text_of(for_ever)
        == """\
def for_ever_program_(n, limit):
    stop = False
    while True:
        n = n + 1
        if n > limit:
            stop = True
            break
    return n
"""
    )
