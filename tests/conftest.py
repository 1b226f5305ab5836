"""Options of the test run."""

import pytest

from runtime import element_writer

# The arrays of most tests are small; their loops go through views of memory all the same.
element_writer.MIN_SIZE = 0


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; review their diffs")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
