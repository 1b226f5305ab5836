"""What is called in the place of NumPy's functions gives the same bits, dtypes, layouts, warnings and errors."""

from __future__ import annotations

import linecache
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dy2static import to_static
from runtime.direct import direct
from runtime.ir import walk
from runtime.plan import Plan

pytestmark = pytest.mark.usefixtures("optimized")

random = np.random.default_rng(0)
GAPS = np.asfortranarray(random.standard_normal((6, 4)))
ARRAYS = {
    "floats": random.standard_normal(9),
    "rows": random.standard_normal((4, 5)).astype(np.float32),
    "columns": GAPS,
    "gaps": GAPS[::2, ::-1],
    "ints": random.integers(-9, 9, (3, 4)),
    "bools": random.random((3, 3)) < 0.5,
    "halves": random.standard_normal((3, 4)).astype(np.float16),
    "complex": random.standard_normal((3, 2)) + 1j,
    "edges": np.array([[np.inf, -0.0, 1e308], [np.nan, 0.0, 1e308]]),
    "empty": np.zeros((0, 3)),
    "huge": np.full((2, 2), 3e38, np.float32),
}
FUNCTIONS = """
np.sum(x) | np.sum(x, axis=0) | np.sum(x, axis=-1, keepdims=True) | np.sum(x, 0) | np.prod(x) | np.max(x) | np.min(x)
np.amax(x, axis=0) | np.amin(x, axis=None, keepdims=True) | np.max(x, axis=7) | np.max(x, (0,))
np.mean(x) | np.mean(x, axis=0) | np.mean(x, 0) | x.mean() | x.mean(axis=-1) | np.mean(x, axis=9)
np.mean(x, axis=(0,)) | np.var(x) | x.var(axis=0) | np.std(x) | x.std(axis=-1) | np.std(x, axis=5)
np.linalg.norm(x) | np.linalg.norm(x, axis=0) | np.diff(x) | np.diff(x, axis=0) | np.diff(x, axis=-1)
np.roll(x, 1) | np.roll(x, -2, axis=0) | np.roll(x, 3, axis=-1) | np.roll(x, 1, 0) | np.roll(x, 1, axis=4)
np.roll(x, 0) | np.roll(x, True, axis=0) | np.roll(x, (1, 1), axis=(0, 0)) | np.zeros_like(x)
np.argmax(x) | np.argmin(x, axis=0) | np.argsort(x, axis=0) | np.cumsum(x) | np.cumprod(x, axis=0) | np.cumsum(x, 0)
np.reshape(x, (-1,)) | np.reshape(x, (7, 7)) | np.ravel(x) | np.transpose(x) | np.swapaxes(x, 0, -1) | np.squeeze(x)
np.repeat(x, 2, axis=0) | np.take(x, [0, 1]) | np.take(x, 0, axis=0) | np.nonzero(x)
np.clip(x, -0.5, 1) | np.clip(x, 0, None) | np.clip(x, 2) | np.clip(x, x, 0) | np.copy(x) | np.dot(x, x)
np.dot(x, x.T) | np.dot(x, 2) | np.outer(x, x) | np.outer(x, x[0]) | np.min([x[0], x[-1]]) | np.max((1, 2.5))
np.sum([1, 2.5, x.size]) | np.max([])
np.sum([x, x], axis=0) | np.prod([[1, 2], [3, 4]], 0) | np.eye(3) | np.eye(0) | np.identity(4)
np.eye(x.ndim) | np.eye(-1)
np.ones(x.shape) | np.full(x.shape, 0.5) | np.full(x.size, float("inf")) | np.ones(-1) | np.full("no", 1.0)
"""
TEXTS = [text.strip() for line in FUNCTIONS.strip().splitlines() for text in line.split("|")]


def made(text: str) -> Callable[..., Any]:
    file, source = f"<{text}>", f"def function(x):\n    return {text}\n"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    scope: dict[str, Any] = {"np": np}
    exec(compile(source, file, "exec"), scope)
    function: Callable[..., Any] = scope["function"]
    return function


def observed(function: Callable[..., Any], array: Any) -> list[str]:
    """A result to the bit with its class, dtype and strides; an error; the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function(array.copy(order="K"))
            found = [shown(one) for one in (result if type(result) is tuple else (result,))]
        except Exception as error:
            found = [f"{type(error).__name__}: {error}"]
    return [*found, *sorted(f"{one.category.__name__}: {one.message}" for one in caught)]


def shown(value: Any) -> str:
    value_of = np.asarray(value)
    return f"{type(value).__name__} {value_of.dtype} {value_of.shape} {value_of.strides} {value_of.tobytes().hex()}"


@pytest.mark.parametrize("text", TEXTS)
def test_the_result_is_numpys_to_the_bit(text: str) -> None:
    function = made(text)
    static = to_static(function)
    for name, array in ARRAYS.items():
        assert observed(static, array) == observed(function, array), name


def several(x):
    return np.sum(x), np.argmax(x), x.mean(), np.sum([1, 2]), np.sum(x, dtype=np.float32)


def test_functions_of_arrays_alone_are_called_at_once() -> None:
    program = to_static(several).program(np.ones(3))
    found = [one for op in walk(program.block) if (one := direct(op)) is not None]
    assert [(one.name, one.method, one.options) for one in found] == [
        ("np.sum.reduce", False, {"axis": None}),
        ("argmax", True, {}),
        (".mean", False, {}),
        ("np.sum.reduce", False, {"axis": None}),
    ]


def test_the_environment_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    program = to_static(several).program(np.ones(3))
    monkeypatch.setenv("DY2STATIC_OPTIMIZE", "0")
    plan = Plan(program)
    assert all(plan.direct(op) is None for op in walk(program.block))
