"""What a Program is said to change holds what it changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dy2static import to_static
from runtime.changes import changed_inputs
from tests.harness import fresh, observe, portrait
from tests.kernels import KERNELS
from tests.programs import PROGRAMS
from tests.programs.row import Row

ROWS = [
    *KERNELS,
    *(row for row in PROGRAMS if row.module in ("mutation", "reshaped", "numpy_edges", "nested", "loops")),
]


def names_changed(static: Any) -> list[str | None]:
    return [value.hint for value in changed_inputs(static.programs[-1])]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_array_that_a_program_changes_is_named(row: Row) -> None:
    static = to_static(row.make())
    for inputs in row.inputs:
        given = fresh(inputs)
        before = [portrait(arg) for arg in given.args]
        observe(static, given, row.make(), [])
        if not static.programs:
            continue
        changed = names_changed(static)
        for name, arg, was in zip(static.__signature__.parameters, given.args, before):
            if isinstance(arg, np.ndarray) and portrait(arg) != was and not shares(arg, given.args):
                assert name in changed


def shares(arg: Any, args: tuple[Any, ...]) -> bool:
    return sum(isinstance(other, np.ndarray) and np.shares_memory(arg, other) for other in args) > 1


def pure(x, y):
    z = x + y
    z[0] = 5
    w = x.copy()
    w.sort()
    return z, [x, y]


def by_a_view(x, y):
    z = x.T[1:]
    z[...] = y[0]
    return z


def by_a_list(x, y):
    held = []
    for i in range(len(x)):
        held.append(x)
    held[0][0] = y[0]


def by_a_branch(x, y):
    z = x if y[0] > 0 else y
    np.add(z, 1, out=z)


def by_state_of_a_loop(x, y):
    a, b = x, x + y
    for _ in range(3):
        a, b = b, a
    b[0] = 1


EXPECTED = [(pure, []), (by_a_view, ["x"]), (by_a_list, ["x"]), (by_a_branch, ["x", "y"]), (by_state_of_a_loop, ["x"])]


@pytest.mark.parametrize("function, expected", EXPECTED, ids=lambda value: getattr(value, "__name__", ""))
def test_the_text_of_a_program_names_what_it_changes(function: Any, expected: list[str]) -> None:
    static = to_static(function)
    static(np.array([1.0, 2]), np.array([3.0, 4]))
    assert names_changed(static) == expected
    head = str(static.programs[-1]).splitlines()[0]
    assert head.endswith(f"# changes {', '.join(expected)}") if expected else "#" not in head
