"""An op stands at the line of the user's that it comes from: what a branch or a body gives, at its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dy2static import to_static
from runtime.ir import Program, walk
from tests.programs.row import f64

LINES = Path(__file__).read_text("utf-8").splitlines()


def returns_in_a_loop(x, limit):
    rounds = 0
    while True:
        x = x / 2
        rounds += 1
        if x.sum() < 1:
            break
        if rounds == limit:
            return x, -1  # packs
    return x, rounds  # packs


def returns_in_branches(x, limit):
    if x.sum() > limit:
        y = x * 2
        return y, "large"  # packs
    elif x.sum() < 0:
        return x  # no pack
    else:
        y = x + 1
    return [y, y]  # packs


def state_of_a_loop(x, limit):
    pair = 0
    for i in range(limit):
        y = x * i
        pair = (y, i)  # packs
    return pair


def calls_itself(x, limit):
    if limit > 0:
        x = calls_itself(x * 2, limit - 1)[0]
    y = x + 1
    return y, limit  # packs


def gives_a_list(x, limit):
    total = x.sum()
    x = x + total
    return [x, total]  # packs


FUNCTIONS = [returns_in_a_loop, returns_in_branches, state_of_a_loop, calls_itself, gives_a_list]


def lines_of(program: Program, name: str) -> set[int]:
    return {op.frame.line if op.frame else 0 for op in walk(program.block) if op.definition.name == name}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_tuple_that_a_block_gives_stands_where_it_is_written(function: Callable[..., Any]) -> None:
    first = function.__code__.co_firstlineno
    last = next((line for line in range(first, len(LINES)) if LINES[line].startswith(("def ", "FUN"))), len(LINES))
    marked = {line for line in range(first, last) if LINES[line - 1].endswith("# packs")}
    assert lines_of(to_static(function).program(f64(1, 2), 3), "pack") == marked
