"""What the passes make of programs, and what they must leave alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dy2static import to_static
from runtime import load
from runtime.executor import build
from runtime.ir import Constant, Program, walk
from runtime.passes.constants import with_constants
from runtime.passes.optimize import optimized
from runtime.types import type_of
from tests.harness import portrait

pytestmark = pytest.mark.usefixtures("optimized")


def counts(n):
    i = 0
    s = 0.0
    while i < n:
        i += 1
        s += 0.5
    return i, s


def grows(x, n):
    while n > 0:
        x += 1
        n -= 1
    return x


def neighbours(x, n):
    s = 0
    for i in range(n):
        s = s + x[i + 1] * x[i + 1] - x[len(x) - 1]
    return s


def stencil(u, steps):
    for _ in range(steps):
        u[1:-1] = u[1:-1] + 0.5 * (u[2:] - u[1:-1])
    return u


def in_slices(u, v, k):
    for i in range(k):
        u[i] += v
        u[1:, 1] -= 2
        u[i : i + 1, 0] *= 3
    return u


def fancy(u, k):
    for _ in range(k):
        u[[0, 0]] += 1
        u[u > 2] -= 1
    return u


def of_copies(u, k):
    for i in range(k):
        v = u[0].copy()
        v += 1
        u[0] = v
    return u


def kept(x, n):
    found = []
    for _ in range(n):
        found.append(x[1:])
        found.append(x[1:])
    return found


def resized(x, n):
    sizes = []
    for i in range(n):
        sizes.append(len(x))
        x.resize(len(x) + 1, refcheck=False)
    return sizes


def divides(n, d):
    s = 0
    for _ in range(n):
        s = s + 7 // d
    return s


def lists(n):
    items = [1]
    for _ in range(n):
        items += [len(items)]
    return items


def rebound(u, n):
    for _ in range(n):
        a = u[1:] + u[:-1]
        u = np.concatenate([a, u[1:]])
    return u


def twice(x, n):
    y = x
    for _ in range(n):
        y = x[1:]
        y[0] = y[0] + 1
        z = x[1:]
        z[0] = y[0] * 2
    return y


def frozen(x, n):
    for i in range(n):
        v = x[1:]
        v[0] = i
        x.setflags(write=False)
    return x


def frozen_between(x, n):
    for _ in range(n):
        v = x[2:]
        v += 1
        x.setflags(write=False)
        x[2:] = v
    return x


def in_a_list(x, n):
    out = [None] * n
    found = {}
    for i in range(n):
        out[i] = x[0:2]
        found[i] = x[0:2]
    return [id(one) for one in (*out, *found.values())], out, found


C, D = np.zeros(2000), np.zeros(2000)
D[1000] = 7


def of_two_alike(n):
    s = 0.0
    for _ in range(n):
        s += C[2:].sum() - D[2:].sum()
    return s


def program_of(function: Callable[..., Any], *args: Any) -> Program:
    return to_static(function).program(*args)


def names_of(program: Program) -> list[str]:
    return [op.definition.name for op in walk(program.block)]


def test_in_place_operators_of_numbers_become_plain_ones() -> None:
    names = names_of(optimized(program_of(counts, 3))[0])
    assert "iadd" not in names and names.count("add") == 2


def test_those_of_arrays_stay() -> None:
    names = names_of(optimized(program_of(grows, np.arange(3.0), 2))[0])
    assert "iadd" in names and "isubtract" not in names


def test_repeats_are_shared_and_invariants_leave_the_loop() -> None:
    before = program_of(neighbours, np.arange(9.0), 3)
    after = optimized(before)[0]
    assert names_of(before).count("add") == 3 and names_of(after).count("add") == 2
    (loop,) = (op for op in after.block.ops if op.definition.name == "while_loop")
    assert "len" not in [op.definition.name for block in loop.blocks for op in block.ops]


def test_slices_leave_the_loop() -> None:
    after = optimized(program_of(stencil, np.arange(9.0), 3))[0]
    (loop,) = (op for op in after.block.ops if op.definition.name == "while_loop")
    assert [op.definition.name for op in after.block.ops].count("getitem") == 2
    assert "getitem" not in [op.definition.name for op in loop.blocks[0].ops]


def test_what_was_changed_in_place_is_not_written_again() -> None:
    after = optimized(program_of(in_slices, np.ones((3, 3)), 2.0, 2))[0]
    assert "setitem" not in names_of(after)


def test_copies_are_written_back() -> None:
    assert names_of(optimized(program_of(fancy, np.ones(4), 2))[0]).count("setitem") == 2
    assert names_of(optimized(program_of(of_copies, np.ones((2, 2)), 2))[0]).count("setitem") == 1


def test_slices_that_can_be_told_apart_are_made_each_time() -> None:
    found = to_static(kept)(np.arange(4.0), 2)
    assert len({id(one) for one in found}) == 4


def test_slices_in_lists_and_dicts_are_each_their_own() -> None:
    made, out, found = to_static(in_a_list)(np.arange(4.0), 3)
    assert len({id(one) for one in (*out, *found.values())}) == 6 and len(made) == 6


def test_arrays_that_look_alike_are_not_one_in_a_file(tmp_path: Path) -> None:
    static = to_static(of_two_alike)
    static(2)
    static.save(tmp_path / "f.d2s")
    assert load(tmp_path / "f.d2s")(4) == of_two_alike(4) == -28


def test_a_program_without_loops_is_planned_as_it_is() -> None:
    program = to_static(lambda x: x + 1).program(np.ones(2))
    assert program.plan().program is program


def test_the_argument_stays_as_it_is() -> None:
    program = program_of(stencil, np.arange(9.0), 3)
    before = str(program)
    optimized(program)
    assert str(program) == before


def after_a_loop(x, n):
    d, a = (1, 1 % 0.5)
    while a:
        d, a = 1
    while n:
        a = abs(d)
        n = n - 1
    turns = range(2, 5)
    for _ in turns:
        x = x + len(turns) + abs(d)
    steps = range(n, 3)
    for _ in steps:
        x = x - len(steps)
    return x, a


def each_its_own(x, n):
    made = []
    for _ in range(n):
        made.append(x * 2.0)
    return made == [x * 2.0] * n, (x * 2.0) in made, n < 2 or made[0] is made[1], (x * 2.0,) == (x * 2.0,)


def best_of_each(x, n):
    best, seen, at = x[0], [], 0
    for i in range(n):
        if x[i] > best:
            best, at = x[i], i
        seen.append(x[i])
    return best, at, best in seen, seen == [x[i] for i in range(n)], seen[0] is best


def neighbours_swapped(x, y, n):
    for i in range(n - 1):
        if x[i] > x[i + 1]:
            x[i], x[i + 1] = x[i + 1], x[i]
        y[i + 1] = x[i]
        x[i + 1] += x[i] + x[i + 1]
    return x


def reads_after_writes(x, y, n):
    total = 0.0
    for i in range(n):
        total += x[i]
        y[0] = i
        total += x[i] - x[0]
        if x[0] > 2:
            y[1] += x[0]
        total += x[1] + x[0] * (x[1] if y[i] > x[i] else x[i])
        while x[2] < 9:
            x[2] += 1 + x[1]
        total -= x[2]
    return total


def numbers_again(a, n):
    total = 0
    for _ in range(n):
        total += (2 * a) ** 2 + a / 4 + (2 * a) ** 2 - a / 4
        try:
            total += 1 / (a - 1) + 1 / (a - 1)
        except ZeroDivisionError:
            total -= 1
    return total


def shuffled(x, n, i, j):
    for k in range(n):
        x[[k, i]] = x[[i, k]]
        x[[0, j, 2]] = x[[2, 0, j]]
        x[[k, 1]] = x[[k + 1, k]]
        x[[i, i]] = x[[i, j]]
        x[[True, False, True, True]] = x[[True, True, False, True]]
    return x


def neutral(x, a, b, n):
    for i in range(n):
        x += 1 * (x * 0.5) - (x - 1.0) / 1
        a = a * 1 + (a - 0) / 1.0 + 0 * a
        b = (0 + b - 0) * 1 // 1 << 0 | 0
        x[i % len(x)] += a + b - (-0.0)
    return x, a, b


def of_zeros(a, n):
    found = []
    for _ in range(n):
        found.append((a + 0, a - 0.0, a - (-0.0), a * 1, a / 1, 0 + a, a // 1))
    return [str(one) for one in found[0]], n


def known_tests(x, n):
    total = 0.0
    for i in range(n):
        if not not x[i] > 0:
            total += x[i]
        for _ in range(0):
            total += 1
        for k in range(3 - 3, 2 * 0):
            total += k
        if not not not total:
            total -= 2 * 3 - 1
    return total


def neutral_of_each_turn(x, y, n):
    d, s, found, numbers = x - y, x[0] * 2.0, [], []
    for i in range(n):
        e = d * 1
        e[0] += i
        found.append(e)
        numbers.append(s * 1)
    return found, numbers[0] is numbers[1], numbers[0] in numbers[1:]


def neutral_twice(x, y, n):
    found = []
    for _ in range(n):
        d = x - y
        e = d * 1
        f = 1 * e
        e[0] += 1
        found += [e, f]
    return found


def neutral_of_a_state(x, y, n):
    s = given = y[0]
    for i in range(n):
        if i > 9:
            s = s + 1
    t, u = s - 0, max(given, given) * 1
    return t is given, u is given, t in [given]


def computed_in_each_turn(x, y, n):
    s, found = y[0], []
    is_big = s * 2.0 > 3
    for _ in range(n):
        found.append(s * 2.0)
    return is_big, found[0] is found[1], found[0] in found[1:]


def remainders(x, y, n):
    big, found = n + 10**30, []
    for _ in range(n):
        found.append((big * 3 % 10**90, big * 3 % 10**90))
    return found[0][0] is found[0][1]


def unsigned(x, i, j):
    for _ in range(2):
        x[[i, j]] = x[[j, i]]
    return x


def test_what_changes_nothing_is_not_done() -> None:
    found = names_of(optimized(program_of(neutral, np.arange(4.0), 1.5, 3, 3))[0])
    assert found.count("multiply") == 2 and found.count("divide") == 0 and found.count("floor_divide") == 0


def test_loops_without_a_turn_and_double_negations_are_dropped() -> None:
    found = names_of(optimized(program_of(known_tests, np.arange(4.0), 3))[0])
    assert found.count("while_loop") == 1 and found.count("not_") <= 1


def test_a_branch_whose_test_is_known_is_its_ops() -> None:
    def chosen(x, flag):
        for i in range(3):
            if flag:
                x = x + i
            else:
                x = x - i
        return x

    program = program_of(chosen, 1.5, np.bool_(True))
    flag = program.block.inputs[1]
    frozen = with_constants(program, {flag: Constant(True, type_of(True))})
    assert "cond" not in names_of(optimized(frozen)[0])
    assert build(frozen)(1.5) == chosen(1.5, True)


def test_elements_that_change_places_are_read_and_written_one_by_one() -> None:
    found = optimized(program_of(shuffled, np.arange(4.0), 3, 1, 2))[0]
    assert names_of(found).count("setitem") == 2 * 2 + 3 + 2  # what is written is not what was read, and a mask


def test_elements_are_read_once_until_something_is_written() -> None:
    found = names_of(optimized(program_of(neighbours_swapped, np.arange(6.0), np.arange(6.0), 6))[0])
    assert found.count("getitem") == 5 and found.count("setitem") == 4


def test_numbers_that_can_be_told_apart_are_computed_each_time() -> None:
    found = names_of(optimized(program_of(each_its_own, 1.5, 3))[0])
    assert found.count("multiply") >= 4


OF_TURNS = (neutral_of_each_turn, neutral_twice, neutral_of_a_state, computed_in_each_turn, remainders)
CASES: list[tuple[Callable[..., Any], Callable[[], tuple[Any, ...]]]] = [
    (counts, lambda: (3,)),
    (grows, lambda: (np.arange(3.0), 2)),
    (grows, lambda: (2, 2)),
    (neighbours, lambda: (np.arange(9.0), 3)),
    (neighbours, lambda: (np.arange(3.0), 3)),
    (neighbours, lambda: (np.zeros(0), 0)),
    (stencil, lambda: (np.arange(9.0), 3)),
    (in_slices, lambda: (np.ones((3, 3)), 2.0, 3)),
    (in_slices, lambda: (np.ones((3, 3)), np.arange(3.0), 4)),
    (in_slices, lambda: (np.ones(3), 2.0, 3)),
    (fancy, lambda: (np.ones(4), 3)),
    (of_copies, lambda: (np.ones((2, 2)), 2)),
    (kept, lambda: (np.arange(4.0), 2)),
    (resized, lambda: (np.arange(3.0), 3)),
    (divides, lambda: (0, 0)),
    (divides, lambda: (2, 0)),
    (lists, lambda: (3,)),
    (rebound, lambda: (np.arange(4.0), 3)),
    (twice, lambda: (np.arange(4.0), 3)),
    (frozen, lambda: (np.arange(4.0), 2)),
    (frozen_between, lambda: (np.arange(4.0), 2)),
    (of_two_alike, lambda: (3,)),
    (after_a_loop, lambda: (1.5, 3)),
    (after_a_loop, lambda: (np.arange(3), 0)),
    (each_its_own, lambda: (1.5, 3)),
    (each_its_own, lambda: (float("nan"), 3)),
    (best_of_each, lambda: (np.array([1.0, 5.0, 2.0, np.inf]), 4)),
    (best_of_each, lambda: (np.array([np.nan, np.nan]), 2)),
    (best_of_each, lambda: (np.array([1, 7, 7, 2**62]), 9)),
    (neighbours_swapped, lambda: (np.array([5.0, 2.0, 7.0, -1.0]), np.zeros(4), 4)),
    (neighbours_swapped, lambda: _twice(np.array([5.0, 2.0, 7.0, -1.0]), 4)),
    (neighbours_swapped, lambda: (np.array([5, 2, 7, -1]), np.zeros(4), 6)),
    (reads_after_writes, lambda: (np.array([5.0, 2.0, 7.0, -1.0]), np.zeros(4), 4)),
    (reads_after_writes, lambda: _twice(np.array([5.0, 2.0, 7.0, -1.0]), 4)),
    (reads_after_writes, lambda: _shifted(np.array([5.0, 2.0, 7.0, -1.0]), 3)),
    (numbers_again, lambda: (1.5, 3)),
    (neutral, lambda: (np.array([5.0, -0.0, np.nan]), 1.5, 3, 3)),
    (neutral, lambda: (np.array([5.0, -0.0, np.inf]), -0.0, 2**70, 3)),
    (neutral, lambda: (np.array([5.0, -0.0]), np.float64(-0.0), np.int64(-7), 3)),
    (neutral, lambda: (np.array([5.0, -0.0], np.float32), np.nan, True, 3)),
    (of_zeros, lambda: (-0.0, 2)),
    (of_zeros, lambda: (True, 2)),
    (of_zeros, lambda: (np.float64(-0.0), 2)),
    (of_zeros, lambda: (np.bool_(True), 2)),
    (known_tests, lambda: (np.array([5.0, -0.0, np.nan]), 3)),
    (known_tests, lambda: (np.array([-5.0, -0.0, np.nan]), 5)),
    (shuffled, lambda: (np.array([5.0, 2.0, 7.0, -1.0]), 3, 1, 2)),
    (shuffled, lambda: (np.array([5, 2, 7, -1]), 3, -1, -2)),
    (shuffled, lambda: (np.array([5, 2, 7, -1]), 3, 1, 4)),
    (shuffled, lambda: (np.array([5.0, 2.0, 7.0, -1.0]), 4, np.int64(1), 0)),
    *[(one, lambda: (np.array([np.nan, 2.0]), np.array([np.nan, 3.0]), 3)) for one in OF_TURNS],
    *[(one, lambda: (np.array([4.0, 2.0]), np.array([1.0, 3.0]), 2)) for one in OF_TURNS],
    *[(unsigned, lambda i=i: (np.arange(3.0), np.uint64(1), i)) for i in (0, np.uint64(2), np.uint8(2))],
    (numbers_again, lambda: (1, 3)),
    (numbers_again, lambda: (1e200, 2)),
]


def _twice(x: np.ndarray, n: int) -> tuple[Any, ...]:
    return x, x, n


def _shifted(x: np.ndarray, n: int) -> tuple[Any, ...]:
    return x[:-1], x[1:], n


@pytest.mark.parametrize("number", range(len(CASES)))
def test_the_result_is_the_functions(number: int) -> None:
    function, make = CASES[number]
    assert observed(to_static(function), make()) == observed(function, make())


def observed(function: Callable[..., Any], given: tuple[Any, ...]) -> tuple[Any, ...]:
    try:
        result = portrait(function(*given))
    except Exception as error:
        result = type(error).__name__
    return result, [portrait(one) for one in given]
