"""Lists that a program makes and keeps to itself: what comes out of them is known, and of all others it is not."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dy2static import to_static
from runtime.classes import ClassesOf
from runtime.ir import walk
from tests.harness import portrait

pytestmark = pytest.mark.usefixtures("optimized")

COUNT = 40  # elements: views of memory pay


def ranges(a, k):
    todo = [(0, len(a) - 1)]
    while todo:
        lo, hi = todo.pop()
        if hi - lo > k:
            middle = (lo + hi) // 2
            todo.append((lo, middle))
            todo.append((middle + 1, hi))
        else:
            for i in range(lo, hi):
                a[i] += a[i + 1]
    return a


def filled(a, k):
    todo = [(k, 1)]
    while todo:
        at, step = todo.pop(0)
        if 0 <= at < len(a) and a[at] < 50:
            a[at] = 50 + step
            todo.extend([(at - 1, step), (at + 2, step + 1)])
    return a


def roots(a, k):
    parent = list(range(len(a)))
    rank = [0] * len(a)
    for i in range(len(a)):
        x, y = i, (i * k) % len(a)
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        while parent[y] != y:
            y = parent[y]
        if rank[x] < rank[y]:
            x, y = y, x
        parent[y] = x
        if rank[x] == rank[y]:
            rank[x] += 1
        a[x] += a[y]
    return a, parent, rank


def of_floats_later(a, k):
    todo = [0]
    total = 0.0
    for i in range(len(a)):
        todo.append(todo[-1] + (0.5 if i > 30 else 1))
        if i < 20:
            total += a[todo[i]] + todo[i + 1]
    return total, todo


def by_another_name(a, k):
    todo, other = [0], [2.5]
    both = todo if k > 1 else other
    both.append(1.5)
    total = 0.0
    for i in range(len(a)):
        total += a[i] * todo[-1]
    return total


def in_another_list(a, k):
    todo = [3]
    outer = [todo, todo]
    outer[k % 2].append(0.25)
    total = 0
    for i in range(len(a)):
        total += a[i] * todo[-1]
    return total


def swapped(a, k):
    now, after = [0], []
    seen = 0
    for i in range(len(a)):
        for x in now:
            after.append(x + (1 if i < 30 else 0.5))
        now, after = after, []
        seen += a[i] * now[0]
    return seen


def by_a_function(a, k):
    todo = [1]

    def put(x):
        todo.append(x)

    total = 0
    for i in range(len(a)):
        put(a[i])
        total += todo[-1] * a[i] + todo[i // 2]
    return total, todo[:2]


def of_the_larger_list(a, k):
    todo, floor = [k], [0]
    larger = max(todo, floor)
    total = 0
    for i in range(len(a)):
        larger.append(i + 0.5)
        total += (todo[-1] // 1) * a[i]
    return total


def recursive(a, k):
    todo = [1]

    def down(n):
        if n > 0:
            todo.append(n * 0.5)
            down(n - 1)

    down(k)
    total = 0
    for i in range(len(a)):
        total += todo[-1] * a[i]
    return total


def by_slices(a, k):
    todo = [1, 2, 3]
    todo[1:] = [0.5, 7]
    more = [k, 2] + todo
    total = 0
    for i in range(len(a)):
        total += a[i] * todo[i % 2] * more[i % 3]
    return total


def in_place(a, k):
    todo = [1]
    todo += [0.5] if k > 1 else [2]
    total = 0
    for i in range(len(a)):
        total += a[i] * todo[-1]
    return total


def of_both_kinds(a, k):
    todo = [(1, 2)]
    if k > 1:
        todo.append(5)
    total = 0
    for i in range(len(a)):
        total += a[i] * todo[0][1]
        if i == 35:
            x, y = todo.pop()
            total += x
    return total


def of_other_lengths(a, k):
    todo = [(1, 2), (3, 4, 5)]
    total = 0
    for i in range(len(a)):
        total += a[i] * todo[i % 2][0]
        if i % 2 == 0:
            x, y = todo[i % k]
            total += x * y
    return total


def out_of_bounds(a, k):
    todo = [2**70, k]
    total = 0
    for i in range(len(a)):
        total += a[todo[1]]
        if i == 35:
            total += a[todo[0]]
    return total


def of_scalars(a, k):
    best = [a[0]]
    for i in range(len(a)):
        if a[i] > best[-1]:
            best.append(a[i])
        best[0] = best[-1]
    return best


def emptied(a, k):
    todo = []
    for i in range(len(a)):
        a[i] += 1
        if i == 38:
            a[0] = todo.pop()
    return a


FUNCTIONS = [one for one in list(globals().values()) if inspect.isfunction(one) and one.__module__ == __name__]


def arguments() -> list[tuple[Any, ...]]:
    return [(kind(COUNT), k) for kind in (np.arange, lambda n: np.arange(n) * 1.5) for k in (1, 2, 3)]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
def test_the_result_is_the_functions(function: Callable[..., Any]) -> None:
    static = to_static(function)
    for number, given in enumerate(arguments()):
        for _ in range(2):
            assert observed(static, arguments()[number]) == observed(function, arguments()[number]), given


def observed(function: Callable[..., Any], given: tuple[Any, ...]) -> tuple[Any, ...]:
    try:
        result = portrait(function(*given))
    except Exception as error:
        result = type(error).__name__, str(error)
    return result, [portrait(one) for one in given]


def classes_of(function: Callable[..., Any], hint: str) -> set[str]:
    static = to_static(function)
    static(np.arange(COUNT * 1.0), 2)
    program = static.program()
    classes = ClassesOf(program)
    return {one for op in walk(program.block) for value in op.outputs if value.hint == hint for one in classes(value)}


def test_what_comes_out_is_what_was_put_in() -> None:
    assert classes_of(ranges, "lo") == classes_of(ranges, "middle") == classes_of(filled, "step") == {"int"}
    assert classes_of(roots, "x") == {"int"}


def test_of_lists_that_others_may_change_nothing_is_known() -> None:
    assert "other" in classes_of(by_another_name, "total")
    assert "other" in classes_of(in_another_list, "total")
