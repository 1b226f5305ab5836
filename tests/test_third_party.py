"""Functions that others wrote, taken by import, do what they do undecorated; a file holds those that work on data."""

from pathlib import Path

import pytest

from dy2static import to_static
from tests.harness import differences, eager, fresh, observe, observe_all
from tests.programs.row import Given, Row
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


@pytest.mark.parametrize("row", BORROWED, ids=str)
def test_saved_borrowed_is_eager(row: Row, tmp_path: Path):
    """Or saving it is refused, where a file cannot hold it."""
    for number, inputs in enumerate(row.inputs):
        function, path = row.make(), tmp_path / f"{number}.d2s"
        if "saved" not in row.forms and not is_saved(row, fresh(inputs), path):
            continue
        expected = observe(function, fresh(inputs), function, [])
        found, but = save_and_run(row, fresh(inputs), path)
        assert not differences([expected], [found], but), f"inputs {number}"


def is_saved(row: Row, given: Given, path: Path) -> bool:
    try:
        to_static(row.make()).save(path, *given.args, **given.kwargs)
    except (TypeError, ValueError):
        assert not path.exists()
        return False
    return True
