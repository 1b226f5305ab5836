"""Loops that run with lists in the place of arrays: which they are, and that nothing can tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dy2static import to_static
from runtime import chain_writer, unpacked
from runtime.plan import Plan
from tests.harness import portrait

pytestmark = pytest.mark.usefixtures("optimized")


def swaps(a):
    for i in range(len(a) - 1):
        if a[i] > a[i + 1]:
            a[i], a[i + 1] = a[i + 1], a[i]


def table(n):
    t = np.zeros((n, n), dtype=np.int64)
    for i in range(n):
        for j in range(n):
            t[i][j] = i * j if i < 2 else t[i - 1, j] + t[i, j - 1] if j else 1
    return t


def fails(a, b):
    for i in range(len(a)):
        a[i] = a[i] + 1
        b[i] = a[i] * 2


def shifts(a, b):
    for i in range(len(b)):
        b[i] = a[i] + 0.5


def small_ints(a, n):
    for i in range(len(a)):
        a[i] = a[i] + n


def flags(a, b):
    for i in range(len(a)):
        b[i] = a[i] > 2 or b[i]


def found(a, x):
    for i in range(len(a)):
        if a[i] == x:
            return i
    return -1


def sums(a):
    for i in range(1, len(a)):
        a[i] = a[i - 1] + np.sum(a[:i])


def with_a_callback(a, f):
    for i in range(len(a)):
        a[i] = a[i] * 2
        f()


def of_both(a, b, c):
    s = 0.0
    for i in range(len(a)):
        a[i] = b[i] * 2
        s += c[:2].sum()
    return s


def plan_of(function: Callable[..., Any], *args: Any) -> Plan:
    return Plan(to_static(function).program(*args))


def loops_of(function: Callable[..., Any], *args: Any) -> list[unpacked.Unpacked]:
    return [one for loop in plan_of(function, *args).element_loops.values() for one in loop.unpacked.values()]


A, B = np.arange(9.0), np.arange(9.0)[::-1].copy()


def test_the_loop_is_written_with_lists_and_without() -> None:
    text = chain_writer.write(plan_of(swaps, A), "f").text
    assert "a_at_ = a.tolist()" in text and "a[...] = a_at_" in text and "memoryview(a)" in text


@pytest.mark.parametrize("function, args", [(swaps, (A,)), (table, (4,)), (shifts, (A, B)), (of_both, (A, B, A))])
def test_a_loop_over_elements_alone_may_run_with_lists(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    assert len(loops_of(function, *args)) == 1


def test_arrays_that_are_read_as_a_whole_are_looked_at_beside() -> None:
    (loop,) = loops_of(of_both, A, B, A)
    assert [value.hint for value in loop.arrays] == ["b", "a"] and [value.hint for value in loop.others] == ["c"]


@pytest.mark.parametrize("function, args", [(found, (A, 3.0)), (sums, (A,))])
def test_other_loops_may_not(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    assert not loops_of(function, *args)


def test_it_has_to_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, cost in (("STARTING", 3000), ("STARTING_ONE", 1000), ("PACKING", 20), ("UNPACKING", 10)):
        monkeypatch.setattr(unpacked, name, cost)
    big = np.zeros(1000)
    assert unpacked.pays(range(1000), 60, [big], [])
    assert not unpacked.pays(range(1000), 20, [big], [])
    assert not unpacked.pays(range(10), 60, [big], [])
    assert not unpacked.pays(iter(big), 60, [], [big])
    assert not unpacked.pays(range(10**9), 60, [], [np.broadcast_to(0.0, (1 << 21,))])


def test_what_shares_memory_or_cannot_be_written_is_left_alone() -> None:
    big = np.zeros(1000)
    ask = range(10**6), 60
    assert unpacked.pays(*ask, [big], [np.zeros(1000)])
    assert not unpacked.pays(*ask, [big], [big[1:]])
    assert not unpacked.pays(*ask, [big[:500], big[400:]], [])
    assert not unpacked.pays(*ask, [big], [], [big[::-1]])
    assert unpacked.pays(*ask, [], [big, big[1:]], [big])
    assert not unpacked.pays(memoryview(big), 60, [big], [])
    big.flags.writeable = False
    assert not unpacked.pays(*ask, [big], [])


INPUTS: list[tuple[Callable[..., Any], Callable[[], tuple[Any, ...]]]] = [
    (swaps, lambda: (B.copy(),)),
    (swaps, lambda: (B[::2].copy()[::-1],)),
    (table, lambda: (5,)),
    (fails, lambda: (A.copy(), np.zeros(4))),
    (fails, lambda: (A.copy(), np.zeros(9, np.int64))),
    (shifts, lambda: (A.copy(),) * 2),
    (shifts, lambda: (A.copy(), np.zeros(9, np.float32))),
    (small_ints, lambda: (np.arange(9, dtype=np.int8), 1)),
    (small_ints, lambda: (np.arange(9, dtype=np.int8), 1000)),
    (small_ints, lambda: (np.full(9, 127, np.int8), np.int8(3))),
    (small_ints, lambda: (np.full(9, 2**62), 2**62)),
    (small_ints, lambda: (np.arange(9, dtype=np.uint16), -1)),
    (flags, lambda: (A.copy(), np.zeros(9, bool))),
    (of_both, lambda: (A.copy(), B.copy(), A)),
]


@pytest.mark.parametrize("number", range(len(INPUTS)))
def test_arrays_errors_and_results_are_as_without(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STARTING", "STARTING_ONE", "PACKING", "UNPACKING"):
        monkeypatch.setattr(unpacked, name, 0)
    function, make = INPUTS[number]
    assert observed(to_static(function), make()) == observed(function, make())


def test_a_view_given_beside_its_array_is_seen_to_change() -> None:
    for give in (lambda: (base := A.copy(), base[1:])[::-1], lambda: (base := A.copy(), base[1:])):
        assert observed(to_static(shifts), give()) == observed(shifts, give())


def observed(function: Callable[..., Any], given: tuple[Any, ...]) -> tuple[Any, ...]:
    with np.errstate(all="ignore"):
        try:
            result = portrait(function(*given))
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
    return result, [portrait(one) for one in given]
