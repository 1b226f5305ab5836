"""Random chains of views and writes: all aliases are what NumPy makes of them. More: python -m tests.random_views."""

from __future__ import annotations

import pytest

from tests.random_views import check


@pytest.mark.parametrize("block", range(8))
def test_chains_of_views_and_writes_change_every_alias_as_numpy_does(block: int) -> None:
    for seed in range(block * 25, block * 25 + 25):
        assert not list(check(seed))


def test_an_alias_sees_a_shape_that_is_set_by_another_name() -> None:
    assert not list(check(241))
