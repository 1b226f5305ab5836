"""A program warns as the undecorated function does: the same warnings, in the same order, as often, and no others."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import runtime
from dy2static import to_static


def overflow_of_scalars(x):
    return x + x, x * x, -x


def overflow_in_a_cast(x):
    return np.float32(1) + 1e300, x * np.float32(1e30)


def division_by_zero(x):
    s = 0.0
    for i in range(3):
        s += 1 / (x - x)
        if i == 1:
            s -= x // (x * 0)
    return s


def divisions_that_are_silent(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = x / (x - x)
    with np.errstate(all="raise"):
        try:
            y = y + 1 / (x - x)
        except FloatingPointError:
            y = y * 2
    return np.log(y - y)


def discarded_imaginary_part(x):
    z = np.array([1j, 2j]) * x
    y = np.zeros(2)
    y[:] = z
    return y, np.sum(z, dtype=np.float64), z.astype(np.float32)


def mean_of_nothing(x):
    return np.array([x])[:0].mean(), np.nanmax(np.array([np.nan, np.nan]) * x)


def logarithm(x):
    return np.log(x)


def of_callees(x):
    y = logarithm(x * 0)
    for i in range(2):
        y = y + logarithm(
            x
            - x
        )
    return y


def over_several_lines(x):
    return (
        x
        / (x
           * 0)
    ), (np.array([x])[:0]
        .reshape(-1, 1)
        .mean())  # fmt: skip


def careful(x, level=1):
    if x > 0:
        warnings.warn("careful", stacklevel=level)
    warnings.warn(DeprecationWarning("soon"), stacklevel=level)
    return x


def of_the_user(x):
    x = careful(x)
    x = careful(x, 2)
    return careful(x, 3)


def calls_itself(x, depth=2):
    if depth == 0:
        return 1 / (x - x)
    return calls_itself(x, depth - 1) + x / (x * 0)


def in_a_handler(x):
    try:
        np.ones(2)[[5]]
    except IndexError:
        return 1 / (x * 0)
    finally:
        x = x + np.float64(1) / (x * 0)


FUNCTIONS = [
    overflow_of_scalars, overflow_in_a_cast, division_by_zero, divisions_that_are_silent, discarded_imaginary_part,
    mean_of_nothing, of_callees, over_several_lines, of_the_user, calls_itself, in_a_handler,
]  # fmt: skip
ARGUMENTS = [np.int8(100), np.int64(2**62), np.float32(3e38), np.float64(2), np.array(1e300), np.uint8(3)]


def warned(function: Callable[..., Any], x: Any) -> list[tuple[Any, ...]]:
    """What is warned of, and at which lines."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            function(x)
        except FloatingPointError as error:
            return [(type(error), str(error))]
    return [(one.category, str(one.message), one.filename, one.lineno) for one in caught]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_program_warns_as_the_function_does(function: Callable[..., Any]) -> None:
    static = to_static(function)
    for x in ARGUMENTS:
        expected = warned(function, x)
        assert warned(static, x) == expected, f"when it is traced for {x!r}"
        assert warned(static, x) == expected, f"when it is run for {x!r}"
        assert warned(runtime.LoadedFunction(static.program()), x) == expected, f"when it is loaded for {x!r}"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_program_that_is_debugged_warns_at_the_same_lines(function: Callable[..., Any]) -> None:
    assert warned(to_static(function, debug=True), ARGUMENTS[3]) == warned(function, ARGUMENTS[3])


MODULE = """
import warnings

import numpy as np

def f(x):
    y = np.log(x - x)
    return y - 1 / (x - x)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "warned_of_once.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("warned_of_once")
    del sys.modules["warned_of_once"]


def test_a_line_warns_once_by_default_whichever_program_runs_it(module: Any) -> None:
    """Python notes in the user's module what it has warned of; tracing makes it forget that."""
    first, second = to_static(module.f), to_static(module.f)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for function, count in [(first, 2), (second, 2), (first, 0), (module.f, 0), (second, 0)]:
            caught.clear()
            function(np.float32(2))
            assert [one.lineno for one in caught] == [7, 8][:count]


def test_a_filter_by_module_holds_of_its_programs(module: Any) -> None:
    static = to_static(module.f)
    for filter, count in (("warned_of_once", 0), ("test_warnings", 2)):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            warnings.filterwarnings("ignore", module=filter)
            static(np.float64(3))
        assert len(caught) == count


def test_a_warning_that_is_an_error_is_raised_at_the_same_point() -> None:
    def f(x):
        x[0] = 7
        y = 1 / x[1:]
        x[0] = 8
        return y

    for function in (f, to_static(f)):
        x = np.array([1.0, 0])
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(RuntimeWarning):
                function(x)
        assert x[0] == 7


MOST = np.float32(3e38)


def constants_overflow(x):
    with np.errstate(over="ignore"):
        y = np.float32(1) + 1e300
    try:
        with np.errstate(over="raise"):
            y = MOST * np.float32(10)
    except FloatingPointError:
        print("raised")
    return y * x, np.finfo(np.float32).max * np.float32(2), np.int8(100) + np.int8(100), MOST * MOST


def test_constants_that_warn_are_reckoned_when_the_program_runs(capsys: pytest.CaptureFixture[str]) -> None:
    expected = warned(constants_overflow, 1.5), capsys.readouterr().out
    static = to_static(constants_overflow)
    for _ in range(2):
        assert (warned(static, 1.5), capsys.readouterr().out) == expected
    assert len(expected[0]) == 3 and expected[1] == "raised\n"


@np.errstate(all="raise")
def under_errstate(x):
    x[0] = 7
    return 1 / x


def test_a_function_below_errstate_runs_under_it() -> None:
    static = to_static(under_errstate)
    x = np.array([1.0, 2])
    np.testing.assert_array_equal(static(x), 1 / x)
    assert "x[0] = 7" in static.code
    x[1] = 0
    for function in (under_errstate, static):
        x[0] = 1
        with pytest.raises(FloatingPointError):
            function(x)
        assert x[0] == 7
