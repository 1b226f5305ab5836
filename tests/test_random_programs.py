"""A hundred random programs do the same in every form; python -m tests.random_programs runs as many as are wanted."""

import pytest

from tests.random_programs.check import check


@pytest.mark.parametrize("seed", range(100))
def test_a_random_program_does_the_same_in_every_form(seed):
    outcome = check(seed)
    assert outcome.kind in ("same", "refused"), outcome.report
