"""Options of the test run."""

import os
import sys
import tempfile

import pytest

from runtime import chains, element_writer, elements, readiness, unpacked

# The arrays of most tests are small, and their loops do little; they go through views of memory, and are computed by
# blocks, all the same. On every other Python they are unpacked into lists.
readiness.MIN_SIZE, readiness.TOLERATED, element_writer.MIN_TURNS, elements.MIN_GAIN = 0, 10**9, 0, 1
chains.BIG, chains.BLOCK = 1, 4
if sys.version_info.minor % 2:
    unpacked.STARTING = unpacked.STARTING_ONE = unpacked.UNPACKING = unpacked.PACKING = 0


def pytest_configure(config: pytest.Config) -> None:
    """Converted code is kept for all processes of the run, and not in the user's own cache."""
    if "DY2STATIC_CACHE" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="dy2static-tests-")
        os.environ["DY2STATIC_CACHE"] = folder.name
        config.add_cleanup(folder.cleanup)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; review their diffs")


@pytest.fixture
def optimized(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what passes and plans do: CI runs one Python without them."""
    monkeypatch.setenv("DY2STATIC_OPTIMIZE", "1")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
