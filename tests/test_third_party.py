"""Functions that others wrote, taken by import, do what they do undecorated; a file holds those that work on data."""

from pathlib import Path

import pytest

from dy2static import to_static
from tests.harness import differences, eager, fresh, observe, observe_all
from tests.programs.row import Row
from tests.test_programs import missing_stages, save_and_run
from tests.third_party import BORROWED


def has_control(row: Row) -> bool:
    return bool({"cond", "while_loop"} & set(row.stages))


def test_there_are_enough_with_loops_and_with_branches():
    assert len({str(row) for row in BORROWED if "while_loop" in row.stages}) >= 20
    assert len({str(row) for row in BORROWED if has_control(row)}) >= 50


@pytest.mark.parametrize("row", BORROWED, ids=str)
def test_borrowed_is_eager(row: Row):
    """Every input twice: the first round traces, the second is warm and must trace nothing."""
    function = row.make()
    static = to_static(function)
    assert not differences(eager(row), observe_all(row, static, function))
    count = len(static.programs)
    assert not differences(eager(row), observe_all(row, static, function))
    assert len(static.programs) == count, "a warm call traced again"
    assert not missing_stages(row, static.programs), f"not staged: {missing_stages(row, static.programs)}"


@pytest.mark.parametrize("row", [row for row in BORROWED if "saved" in row.forms], ids=str)
def test_saved_borrowed_is_eager(row: Row, tmp_path: Path):
    for number, inputs in enumerate(row.inputs):
        function = row.make()
        expected = observe(function, fresh(inputs), function, [])
        found, but = save_and_run(row, fresh(inputs), tmp_path / f"{number}.d2s")
        assert not differences([expected], [found], but), f"inputs {number}"


@pytest.mark.parametrize("row", [row for row in BORROWED if "saved" not in row.forms], ids=str)
def test_what_a_file_cannot_hold_of_it_is_refused(row: Row, tmp_path: Path):
    given, path = fresh(row.inputs[0]), tmp_path / "f.d2s"
    with pytest.raises((TypeError, ValueError)):
        to_static(row.make()).save(path, *given.args, **given.kwargs)
    assert not path.exists()
