"""Converted functions do what the originals do, on plain Python values."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.dy2static.eager_form import Function, converted, outcome
from tests.dy2static.functions import ROWS

IDS = [f"{function.__name__}-{number}" for number, (function, _) in enumerate(ROWS)]


@pytest.mark.parametrize("function, calls", ROWS, ids=IDS)
@pytest.mark.parametrize("expand", [False, True], ids=["", "expanded"])
def test_converted_does_what_the_original_does(function: Function, calls: tuple[Any, ...], expand: bool) -> None:
    made = converted(function, expand)
    for args in calls:
        assert outcome(made, copy.deepcopy(args)) == outcome(function, copy.deepcopy(args))
