"""Passes: Programs of the same results, and the Program they were made of as it was."""

from __future__ import annotations

import numpy as np

from runtime import Executor
from runtime.ir import Constant
from runtime.passes.constants import with_constants
from runtime.static import Program, cond, data, program_guard, returns
from runtime.types import type_of
from runtime.verifier import verify


def test_a_known_input_becomes_a_constant_in_branches_too():
    program = Program("f")
    with program_guard(program):
        x, w = data("x", ("n",), "float32"), data("w", ("n",), "float32")
        returns(cond(np.sum(x) > 3, lambda: x * w, lambda: x - w))
    before = str(program)
    weight = np.array([2, 3], np.float32)
    made = with_constants(program, {program.block.inputs[1]: Constant(weight, type_of(weight))})
    verify(made)
    assert str(program) == before
    assert [value.hint for value in made.block.inputs] == ["x"]
    for array in (np.array([1, 1], np.float32), np.array([3, 4], np.float32)):
        expected = array * weight if np.sum(array) > 3 else array - weight
        (given,) = Executor().run(made, feed={"x": array})
        np.testing.assert_array_equal(given, expected, strict=True)
