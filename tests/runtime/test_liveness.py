"""Values share a variable where only one is needed at a time: the generated function reads like the user's own."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from dy2static import to_static
from runtime import executor
from runtime.ir import Value, walk
from runtime.liveness import Liveness, Point, branches_of
from tests.harness import portrait

pytestmark = pytest.mark.usefixtures("optimized")


def counts(n):
    a = b = c = 0
    for i in range(n):
        if i % 3 == 0:
            a = a + 1
        elif i % 3 == 1:
            b = b + i
        else:
            c = c - 1
    return a, b, c


def fibonacci(n):
    a, b = 0, 1
    while n > 0:
        a, b = b, a + b
        n = n - 1
    return a


def rotation(n):
    a, b, c = 1, 2, 3
    for _ in range(n):
        a, b, c = b, c, a
    return a, b, c


def previous(n):
    last = now = n
    while now > 1:
        last = now
        now = now // 2 if now % 2 == 0 else 3 * now + 1
    return last, now


def first_and_now(n):
    start = n
    while n > 3:
        n = n - 1
    return start, n


def needed_in_the_next_turn(n):
    base = n
    total = 0
    for i in range(3):
        x = base
        for j in range(i):
            x = x + j
        total = total + x
    return total, base


def swap_in_a_branch(n):
    a, b = n, 10
    for i in range(4):
        if i % 2 == 0:
            a, b = b, a
        else:
            a = a + b
    return a, b


def kept_by_a_list(n):
    seen = []
    x = n
    while x > 0:
        seen.append(x)
        x = x - 2
    return seen, x


def read_by_a_handler(n):
    x = n
    try:
        x = x + 1
        x = x // (n - 2)
    except ZeroDivisionError:
        x = x * 100
    return x


def iterable_of_its_own(n):
    x = [n, n + 1]
    for item in x:
        x = x + [item]
    return x


def value_of_and(n):
    a = n > 1 and n * 2
    b = n > 5 or n + 1
    return a and b, a, b


def recursive(n):
    k = n
    if n > 0:
        k = recursive(n - 1) + k
    return k


def inplace_of_itself(n):
    a, b = n, n + 1
    while b < 20:
        a += b
        b += a
        b -= a - b
    return a, b


def best_of_three(n):
    best, at = 0, -1
    for i in range(n):
        x = (i * 7) % 5
        if x == 0:
            continue
        if x == 3 and i > 4:
            break
        if x > best:
            best, at = x, i
        y = best
        if y > 2:
            y = y + 1
            best = best - 1 if i % 2 else y
    return best, at


def is_small(k):
    n = k * 2
    m = n + 1
    return n * m < 300


def named_in_the_test(n):
    k = n
    while is_small(k):
        k = k + 1
        n = n + 3
    return k, n


FUNCTIONS = [one for name, one in list(globals().items()) if inspect.isfunction(one) and one.__module__ == __name__]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_sharing_changes_no_result(function: Callable[..., Any]) -> None:
    static = to_static(function)
    for n in range(9):
        assert portrait(static(n)) == portrait(function(n))


TEXTS = {
    counts: """\
def counts_program_(n):
    a, b, c = 0, 0, 0
    for i in range(n):
        v2 = i % 3
        if v2 == 0:
            a = a + 1
        elif v2 == 1:
            b = b + i
        else:
            c = c - 1
    return (a, b, c)
""",
    fibonacci: """\
def fibonacci_program_(n):
    a, b = 0, 1
    while n > 0:
        b_2 = a + b
        n = n - 1
        a, b = b, b_2
    return a
""",
    first_and_now: """\
def first_and_now_program_(n):
    n_2 = n
    while n_2 > 3:
        n_2 = n_2 - 1
    return (n, n_2)
""",
}


@pytest.mark.parametrize("function", TEXTS)
def test_the_generated_function_reads_like_the_users(function: Callable[..., Any]) -> None:
    static = to_static(function)
    static(3)
    assert executor.build(static.program()).source == TEXTS[function]


def is_seen(write: Point, read: Point, homes: list[Point]) -> bool:
    """The definition, of one write and one read of a Value that is written at `homes`."""
    if not any(home.number <= write.number and not are_parted(home, write) for home in homes):
        return False
    around = {op for op, _ in homes[0].path}
    for (op, index), (other, place) in zip(write.path, read.path):
        if op is not other:
            break
        if op.definition.name == "while_loop" and op not in around:
            return True
        if index != place:
            break
    return write.number < read.number and not are_parted(write, read)


def are_parted(first: Point, later: Point) -> bool:
    """Whether they are in two branches of one cond."""
    for (op, index), (other, place) in zip(first.path, later.path):
        if op is not other:
            return False
        if index != place:
            return op.definition.name == "cond" and index in branches_of(op)
    return False


def clobbers(liveness: Liveness, writer: Value, value: Value) -> bool:
    homes = liveness.writes[value]
    return any(
        is_seen(write, read.point, homes)
        for write in liveness.writes[writer]
        if write.number >= homes[0].number
        for read in liveness.reads.get(value, ())
        if read.by is not writer
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_passing_over_by_halves_finds_what_looking_at_every_read_finds(function: Callable[..., Any]) -> None:
    static = to_static(function)
    static(5)
    for program in static.programs:
        values = [value for op in walk(program.block) for value in op.outputs]
        for inline in ((), values[::2], values[1::3]):
            liveness = Liveness(program, inline)
            placed = [value for value in values if value in liveness.writes]
            for a, b in itertools.permutations(placed, 2):
                expected = clobbers(liveness, a, b) or clobbers(liveness, b, a)
                assert liveness.interfere(a, b) == expected, (a.hint, b.hint)
