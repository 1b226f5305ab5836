"""Kernels as strangers write them: traced = saved and loaded = eager, arguments included, at each size."""

from pathlib import Path

import pytest

from dy2static import to_static
from runtime import element_writer
from tests.harness import differences, eager, fresh, observe, observe_all
from tests.kernels import KERNELS
from tests.programs.row import Row
from tests.test_programs import save_and_run

# Faults of the library, by kernel: what goes wrong.
KNOWN_FAULTS: dict[str, str] = {}


def marked(row: Row) -> object:
    fault = KNOWN_FAULTS.get(str(row))
    return pytest.param(row, id=str(row), marks=[pytest.mark.xfail(strict=True, reason=fault)] if fault else [])


ROWS = [marked(row) for row in KERNELS]


@pytest.mark.parametrize("size", [0, 10**9], ids=["views", "plain"])
@pytest.mark.parametrize("row", ROWS)
def test_kernel_traced_is_eager(row: Row, size: int, monkeypatch: pytest.MonkeyPatch):
    """Each size twice: the first round traces, the second must trace nothing. Both forms of loops over elements."""
    monkeypatch.setattr(element_writer, "MIN_SIZE", size)
    source = row.make()
    static = to_static(source)
    assert not differences(eager(row), observe_all(row, static, source))
    count = len(static.programs)
    assert not differences(eager(row), observe_all(row, static, source))
    assert len(static.programs) == count, "a warm call traced again"


@pytest.mark.parametrize("row", ROWS)
def test_kernel_saved_is_eager(row: Row, tmp_path: Path):
    for number, inputs in enumerate(row.inputs):
        source = row.make()
        expected = observe(source, fresh(inputs), source, [])
        found, but = save_and_run(row, fresh(inputs), tmp_path / f"{number}.d2s")
        assert not differences([expected], [found], but), f"inputs {number}"


def test_there_are_enough_kernels():
    assert len(KERNELS) >= 60
    assert all(len(row.inputs) >= 2 for row in KERNELS)
    assert set(KNOWN_FAULTS) <= {str(row) for row in KERNELS}
