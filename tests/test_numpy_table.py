"""docs/numpy.md is what the op table says, and what it calls refused is refused by name."""

from __future__ import annotations

import numpy as np
import pytest

from dy2static import ConversionError, to_static
from tests.numpy_table import counted, sections, stale

POLYNOMIAL = np.polynomial.Polynomial
CALLS = [
    lambda x: np.save("x.npy", x),
    lambda x: np.load("x.npy") + x,
    lambda x: np.seterr(all="ignore"),
    lambda x: np.geterr(),
    lambda x: np.set_printoptions(precision=len(x)),
    lambda x: np.matrix(x),
    lambda x: np.recarray(x),
    lambda x: np.rec.fromarrays([x]),
    lambda x: np.ma.masked_where(x > 2, x),
    lambda x: np.ma.sum(x),
    lambda x: np.poly1d(x),
    lambda x: POLYNOMIAL(x),
    lambda x: np.from_dlpack(x),
    lambda x: np.fromfunction(lambda i: i, (len(x),)),
    lambda x: np.lib.array_utils.byte_bounds(x),
    lambda x: x.ctypes,
    lambda x: x.data,
    lambda x: x.tofile("x"),
]


def test_the_page_is_up_to_date() -> None:
    assert stale() == [], "run python -m tests.numpy_table"


def test_nearly_all_pure_functions_are_rows_or_generic() -> None:
    done, pure = counted([entry for entries in sections().values() for entry in entries])
    assert pure > 700
    assert done / pure >= 0.95


@pytest.mark.parametrize("function", CALLS)
def test_a_refused_function_is_refused_with_its_reason(function) -> None:
    with pytest.raises(ConversionError, match="cannot be part of a program|is no op") as caught:
        to_static(function)(np.array([1.0, 2, 3]))
    assert "test_numpy_table.py" in str(caught.value)


def test_assertions_of_numpy_testing_are_kept() -> None:
    @to_static
    def f(x, y):
        np.testing.assert_allclose(x, y)
        if x[0] > 0:
            np.testing.assert_array_equal(x, y)

    f(np.ones(2), np.ones(2))
    with pytest.raises(AssertionError):
        f(np.ones(2), np.zeros(2))


def test_an_array_gives_its_namespace() -> None:
    def f(x):
        xp = x.__array_namespace__(api_version="2022.12")
        if xp.any(x > 3):
            x = xp.where(x > 0, x, -x)
        return xp.concat([x, xp.zeros(2)]), xp.sum(x).__array_namespace__() is xp

    x = np.array([1.0, 4, -9])
    np.testing.assert_array_equal(to_static(f)(x)[0], f(x)[0])
    assert to_static(f)(x)[1] == f(x)[1]
