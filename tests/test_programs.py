"""The promise: converted, traced and saved programs do what the undecorated function does, on every row."""

import contextlib
import io
from pathlib import Path

import pytest

import runtime
from dy2static import ConversionError, to_static
from runtime.ir import walk
from tests.harness import (
    Observation,
    differences,
    eager,
    fresh,
    is_our_own,
    observe,
    observe_all,
    observe_error,
    portrait,
)
from tests.programs import LATER, PROGRAMS, UNSAVED
from tests.programs.row import Given, Row

AFTER_SAVING = ("surroundings",)
ONLY_ERROR = ("surroundings", "arguments", "aliases", "output")


def rows(form: str) -> list[Row]:
    return [row for row in PROGRAMS if form in row.forms and not (form == "saved" and str(row) in UNSAVED)]


@pytest.mark.parametrize("row", rows("converted"), ids=str)
def test_converted_is_eager(row: Row):
    source = row.make()
    found = observe_all(row, to_static(source).converted, source)
    assert not differences(eager(row), found)


@pytest.mark.parametrize("row", rows("traced"), ids=str)
def test_traced_is_eager(row: Row):
    """Every input twice on one static function: the first round traces, the second is warm and must trace nothing."""
    source = row.make()
    static = to_static(source)
    found = observe_all(row, static, source)
    count = len(static.programs)
    assert not differences(eager(row), found)
    if not row.is_stateful:
        assert not differences(eager(row), observe_all(row, static, source))
        assert len(static.programs) == count, "a warm call traced again"
    assert not missing_stages(row, static.programs), f"not staged: {missing_stages(row, static.programs)}"


@pytest.mark.parametrize("row", rows("traced"), ids=str)
def test_debug_is_eager(row: Row):
    """The program run op by op at the user's lines, with a watch on every variable of the function."""
    source = row.make()
    static = to_static(source, debug=True)
    for name in static.plain.__code__.co_varnames:
        static.watch(name, lambda value: None)
    found = observe_all(row, static, source)
    assert not differences(eager(row), found)


@pytest.mark.parametrize("row", rows("saved"), ids=str)
def test_saved_is_eager(row: Row, tmp_path: Path):
    for number, inputs in enumerate(row.inputs):
        source = row.make()
        expected = observe(source, fresh(inputs), source, [])
        found, but = save_and_run(row, fresh(inputs), tmp_path / f"{number}.d2s")
        assert not differences([expected], [found], but), f"inputs {number}"


@pytest.mark.parametrize("row", [row for row in PROGRAMS if str(row) in UNSAVED], ids=str)
def test_what_a_file_cannot_hold_is_refused(row: Row, tmp_path: Path):
    refused = 0
    for number, inputs in enumerate(row.inputs):
        given, path = fresh(inputs), tmp_path / f"{number}.d2s"
        try:
            to_static(row.make()).save(path, *given.args, **given.kwargs)
        except (TypeError, ValueError):
            refused += 1
            assert not path.exists()
    assert refused


@pytest.mark.parametrize("row", LATER, ids=str)
def test_what_cannot_be_converted_is_refused_or_right(row: Row):
    source = row.make()
    with pytest.raises(ConversionError):
        assert not differences(eager(row), observe_all(row, to_static(source), source))
        raise ConversionError("it is right", "take it off the list of what is refused")


def save_and_run(row: Row, given: Given, path: Path) -> tuple[Observation, tuple[str, ...]]:
    """Saving must print nothing and change nothing. A program that cannot but fail may fail when it is saved."""
    source = row.make()
    before = portrait((given.args, given.kwargs))
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            to_static(source).save(path, *given.args, **given.kwargs)
        except Exception as caught:
            if is_our_own(caught):
                raise
            return observe_error(caught), ONLY_ERROR
    assert printed.getvalue() == ""
    assert portrait((given.args, given.kwargs)) == before
    return observe(runtime.load(path), given, source, []), AFTER_SAVING


def missing_stages(row: Row, programs: list[runtime.Program]) -> set[str]:
    return set(row.stages) - {op.definition.name for program in programs for op in walk(program.block)}
