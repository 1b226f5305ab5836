"""Runs of elementwise ops: which they are, and that blocks change no bit, warning, error or thread."""

from __future__ import annotations

import threading
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dy2static import to_static
from runtime import chain_writer, chains
from runtime.plan import Plan

pytestmark = pytest.mark.usefixtures("optimized")

RANDOM = np.random.default_rng(0)


def polynomial(x):
    return ((((x * 2 + 1) * x - 3) * x + 0.5) / (x * x + 1.0)) - x


def lines(x, y):
    a = x * 2
    b = a + y
    c = np.sqrt(np.abs(b))
    return c.sum(), c


def compared(x, y):
    inside = (x > 0.2) & (y < 0.5)
    return np.where(inside, x - y, x * y + 1)


def shared(x, y):
    a = x + y
    return a * a, (a - 1) / 2


def broadcast(x, y):
    return (x[:, None] * y + 1) - y


def quotients(x, y):
    return (x - 0.5) / (y * 0)


def kept(x, y):
    z = x * y + 1
    x[...] = 0
    return z, x


def strided(x, y):
    return (x[::2] + 1) * y[1::2]


def masked(x, y):
    return ~(x > y) & (x != 0)


def rows(x, y):
    u, v = x.reshape(2, -1), y[: x.size].reshape(2, -1)
    return u[:, 1:] * 2 + v[:, :-1] - u[:, :-1]


def columns(x, y):
    u, v = x.reshape(2, -1).T, y[: x.size].reshape(2, -1).T
    made = (u + v) * u
    return made, made.flags.f_contiguous


FUNCTIONS = [rows, columns, lines, compared, shared, broadcast, quotients, kept, strided, masked]


def numbers(dtype: Any, size: int) -> Any:
    return (RANDOM.standard_normal(size) * 3).astype(dtype)


def observed(function: Callable[..., Any], *args: Any) -> tuple[Any, list[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found: Any = function(*args)
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
    made = found if isinstance(found, tuple) else (found,)
    shown = [(one.dtype, one.shape, one.tobytes()) if isinstance(one, np.ndarray) else repr(one) for one in made]
    return shown, [f"{one.message} at line {one.lineno}" for one in caught]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int32, np.uint8])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_blocks_give_the_same_bits_and_warnings(function: Callable[..., Any], dtype: Any) -> None:
    static = to_static(function)
    for size in (2, 4, 10, 402):
        x, y = numbers(dtype, size), numbers(dtype, size)
        expected = observed(function, x.copy(), y.copy()), observed(function, x.copy(), y[:-1].copy())
        assert expected == (observed(static, x.copy(), y.copy()), observed(static, x.copy(), y[:-1].copy()))


def test_blocks_of_rows_give_the_same_of_two_nans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "BLOCK", 2**14)
    x = np.full((3000, 103), np.nan)
    y = -x
    for function in (lambda x, y: (x * 1) + (y * 1), lambda x, y: np.fmax(x * 1, y * 1)):
        expected, found = (one(x[:, :101], y[:, :101]) for one in (function, to_static(function)))
        assert expected.tobytes() == found.tobytes()


@pytest.mark.parametrize("threads", ["1", "2", "5"])
def test_the_environment_says_how_many_threads(threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(chains.ENVIRONMENT, threads)
    assert chains.threads() == int(threads)
    x = numbers(np.float64, 999)
    assert np.array_equal(to_static(polynomial)(x), polynomial(x))


def test_a_thread_of_the_users_computes_alone() -> None:
    found: list[int] = []
    one = threading.Thread(target=lambda: found.append(chains.threads()))
    one.start()
    one.join()
    assert found == [1]


def test_the_plan_names_the_chains() -> None:
    static = to_static(lines)
    static(numbers(np.float64, 8), numbers(np.float64, 8))
    plan = Plan(static.programs[0])
    assert "c is computed of x, y by blocks where they are big" in str(plan)
    assert "def chain_1_(x, y):" in chain_writer.write(plan, "f").text


def test_a_result_that_is_read_twice_ends_a_chain() -> None:
    static = to_static(shared)
    static(numbers(np.float64, 8), numbers(np.float64, 8))
    (chain,) = Plan(static.programs[0]).chains.values()
    assert [op.definition.name for op in chain.ops] == ["subtract", "divide"]


def test_errors_stand_at_the_users_line_once() -> None:
    with pytest.raises(ValueError) as raised:
        to_static(lines)(np.ones(8), np.ones(9))
    own = [entry.line for entry in traceback.extract_tb(raised.value.__traceback__) if entry.filename == __file__]
    assert own[1:] == ["b = a + y"]


def test_errstate_of_the_caller_holds() -> None:
    static = to_static(quotients)
    x, y = np.ones(40), np.ones(40)
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        static(x, y)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isinf(static(x, y)).all()
