"""Random functions do the same when they are converted."""

from __future__ import annotations

import pytest

from dy2static import dispatch, eager
from tests.dy2static.eager_form import converted, outcome
from tests.dy2static.random_programs import FUEL, Fuel, Writer, function_of

CALLS = ((0, 1), (3, -1), (2, 2))


def told(outcome: str) -> str:
    """Without the message of an unbound name, which says how the name is reached."""
    head = outcome.split(":")[0]
    return "unbound" + outcome[outcome.index("\n") :] if head in ("NameError", "UnboundLocalError") else outcome


def check(seed: int, closures: bool, expand: bool, blocks: bool = False) -> None:
    text = Writer(seed, closures, blocks).write()
    try:
        function, fuel = function_of(text, seed)
    except SyntaxError:
        return
    made = converted(function, expand, dispatch if blocks else eager)
    for args in CALLS:
        fuel.left = FUEL
        expected = told(outcome(function, args)), fuel.left
        fuel.left = FUEL
        assert (told(outcome(made, args)), fuel.left) == expected, f"{args}\n{text}"


@pytest.mark.parametrize("closures, blocks", [(False, False), (True, False), (True, True)])
@pytest.mark.parametrize("block", range(5))
def test_random_functions_do_the_same_converted(block: int, closures: bool, blocks: bool) -> None:
    for seed in range(block * 15, block * 15 + 15):
        check(seed, closures, bool(seed % 2), blocks)


def test_fuel_ends_every_program() -> None:
    fuel = Fuel()
    assert [fuel.tick(n) for n in range(FUEL)] == list(range(FUEL))
