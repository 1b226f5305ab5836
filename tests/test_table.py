"""The table itself: its programs run under plain Python, are told apart, and are run on every path."""

import sys
from pathlib import Path
from types import CodeType

import pytest

from tests.harness import ROOT, differences, eager, fresh, observe
from tests.programs import LATER, PROGRAMS
from tests.programs.row import Row

TABLE = PROGRAMS + LATER
WITHOUT_CODE = ("continue", "break", "pass", "else:", "try:", "finally:", "global ", "nonlocal ", '"""')


def test_the_table_is_long_enough():
    assert len(PROGRAMS) >= 250
    assert LATER


def test_names_are_unique():
    names = [row.name for row in TABLE]
    assert not {name for name in names if names.count(name) > 1}


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_program_does_the_same_each_time(row: Row):
    assert not differences(eager(row), eager(row))


@pytest.mark.parametrize("row", TABLE, ids=str)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of NumPy, for a shape that is set
def test_the_inputs_reach_every_line(row: Row):
    missed = lines_with_code(row) - lines_reached(row)
    assert not missed, f"no input of {row} reaches line {sorted(missed)}"


def code_of(row: Row) -> CodeType:
    function = row.make()
    function = getattr(function, "func", function)  # of a partial
    return getattr(function, "__code__", None) or type(function).__call__.__code__


def lines_with_code(row: Row) -> set[int]:
    code = code_of(row)
    text = Path(code.co_filename).read_text("utf-8").splitlines()
    lines = {line for part in parts(code) for _, _, line in part.co_lines() if line and line > part.co_firstlineno}
    return {line for line in lines if not text[line - 1].strip().startswith(WITHOUT_CODE)}


def parts(code: CodeType):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from parts(constant)


def lines_reached(row: Row) -> set[int]:
    reached: set[int] = set()
    folder = str(ROOT / "tests" / "programs")

    def trace(frame, event, argument):
        if not frame.f_code.co_filename.startswith(folder):
            return None
        reached.add(frame.f_lineno)
        return trace

    function = row.make()
    before = sys.gettrace()
    for inputs in row.inputs:
        given = fresh(inputs)
        sys.settrace(trace)
        try:
            observe(function, given, function, [])
        finally:
            sys.settrace(before)
    return reached
