"""Memory that programs keep for their next calls, and that nothing can tell."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import runtime
from dy2static import to_static
from runtime import buffers
from runtime.buffers import Buffers

pytestmark = pytest.mark.usefixtures("optimized")
FLOAT = np.dtype(float)


@pytest.fixture(autouse=True)
def _nothing_is_kept():
    runtime.release_buffers()


def test_what_nobody_holds_is_given_out_again() -> None:
    made = Buffers()
    first = made.take((4, 5), FLOAT)
    held = id(first)
    view = first[1:]
    del first
    assert id(made.take((4, 5), FLOAT)) != held
    del view
    assert id(made.take((4, 5), FLOAT)) == held
    assert made.size == 2 * 160


def test_another_size_takes_the_place_of_what_is_free() -> None:
    made = Buffers()
    held = made.take((100,), FLOAT)
    made.take((100,), FLOAT)
    made.take((7,), FLOAT)
    made.take((7,), np.dtype(np.int64))
    assert made.size == held.nbytes + 56


def test_no_more_is_kept_than_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DY2STATIC_BUFFERS", "1")
    made = Buffers()
    held = [made.take((50_000,), FLOAT) for _ in range(4)]
    assert made.size == 800_000 and len({id(one) for one in held}) == 4
    monkeypatch.setenv("DY2STATIC_BUFFERS", "0")
    assert Buffers().take((3,), FLOAT).shape == (3,) and buffers.size() == 800_000


def farthest(x, y):
    return np.abs(x * 2 - y).max(), (x + y * 3 - 1).sum()


def smoothed(x, y):
    for _ in range(3):
        x[1:-1] = 0.25 * (x[:-2] + 2 * x[1:-1] + x[2:])
        y = (x - y) * 0.5 + 1
    return x, y


def test_what_stays_inside_is_kept_until_it_is_released() -> None:
    static, x, y = to_static(farthest), np.arange(200.0), np.ones(200)
    assert static(x, y) == farthest(x, y)
    kept = buffers.size()
    assert static(x, y) == farthest(x, y) and buffers.size() == kept == 2 * 1600
    runtime.release_buffers()
    assert buffers.size() == 0 and static(x, y) == farthest(x, y)
    static.clear_cache()
    del static
    gc.collect()
    assert buffers.size() == 0


def test_what_leaves_is_the_callers_own() -> None:
    static, x, y = to_static(smoothed), np.arange(200.0), np.ones(200)
    given, expected = x.copy(), x.copy()
    found, wanted = static(given, y), smoothed(expected, y)
    for one, other in zip((*found, given), (*wanted, expected)):
        assert one.tobytes() == other.tobytes()
    assert found[1].flags.owndata and found[1].base is None and static(given, y)[1] is not found[1]


def test_eight_threads_at_once_share_no_memory() -> None:
    static = to_static(farthest)
    arrays = [(np.arange(300.0) * k, np.ones(300)) for k in range(16)]
    expected = [farthest(*given) for given in arrays]

    def work(number: int) -> Any:
        return [static(*given) for given in arrays[number:] + arrays[:number]]

    with ThreadPoolExecutor(8) as pool:
        for number, found in enumerate(pool.map(work, range(16))):
            assert found == expected[number:] + expected[:number]
