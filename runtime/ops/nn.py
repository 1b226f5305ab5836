"""Rows for neural networks: what NumPy has no function for, or no fast one. Everything else in runtime.nn is NumPy.

`runtime.nn` gives each of them its public form, which calls the kernel on arrays and stages the row on Variables.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from runtime.opdef import OpDef
from runtime.ops import recurrent, windows
from runtime.ops.arguments import array_like, shape_argument
from runtime.ops.elementwise import elementwise
from runtime.types import Mismatch, TensorType, array

# Of exp(x²) · (1 − erf(x)) for x from 1 to 6, as a polynomial in what runs from -1 to 1 where 4 / (x + 3) does from 4/9
# to 1: its Chebyshev interpolation. The error of erf stays under 1e-15.
TAIL = (
    0.20798329133342894, 0.15436117429436857, 0.04969844540338987, 0.012713147695717271, 0.002479314697177827,
    0.00033160296032733373, 1.9563582468606898e-05, -2.4255564601579256e-06, -5.541246545763082e-07,
    4.524762668249119e-09, 1.133458488548437e-08, 2.6555729467266536e-10, -2.5293805568556623e-10,
    -6.639311322942376e-12, 4.714214204189678e-12,
)  # fmt: skip
SERIES = tuple(2 / math.sqrt(math.pi) * (-1) ** k / (math.factorial(k) * (2 * k + 1)) for k in range(18))


def erf(input: Any) -> Any:
    """The error function, of the dtype of `input`; of integers as float64."""
    given = np.asarray(input)
    wide = given.astype(np.float64, copy=False)
    size = np.minimum(np.abs(wide), 6.0)  # from there on it is 1
    near = wide * _polynomial(SERIES, np.minimum(size, 1.0) ** 2)
    far = 1 - np.exp(-size * size) * _polynomial(TAIL, (8 / (size + 3) - 13 / 9) / (5 / 9))
    made = np.where(size < 1, near, np.copysign(far, wide)).astype(_float_of(given.dtype), copy=False)
    return made if made.ndim else made[()]  # a scalar, as from a ufunc


def _polynomial(coefficients: Sequence[float], x: Any) -> Any:
    made = np.zeros_like(x)
    for one in reversed(coefficients):
        made = made * x + one
    return made


def _float_of(dtype: np.dtype[Any]) -> np.dtype[Any]:
    if dtype.kind not in "biuf":
        raise Mismatch(f"erf: its argument is of dtype {dtype}, and must be of real numbers")
    return dtype if dtype.kind == "f" else np.dtype(float)


# Random numbers. Those of the start-up program are made of a seed, and the same at every run.


def drop(input: Any, p: float) -> Any:
    """`input` with each item zero at the probability `p`, and the others scaled so that the mean is kept."""
    given = np.asarray(input)
    kept = np.random.random(given.shape) >= p
    return np.where(kept, given / given.dtype.type(1 - p) if p < 1 else given, given.dtype.type(0))


def drop_type(input: Any, p: Any) -> TensorType:
    known = array_like(input)
    if known.dtype is not None and known.dtype.kind not in "fc":
        raise Mismatch(f"dropout: argument 'input' is {known}, and must be of floats")
    return known


def normal(shape: Sequence[int], mean: float, std: float, dtype: str, seed: Any) -> Any:
    return (np.random.default_rng(seed).standard_normal(tuple(shape)) * std + mean).astype(dtype)


def uniform(shape: Sequence[int], low: float, high: float, dtype: str, seed: Any) -> Any:
    return np.random.default_rng(seed).uniform(low, high, tuple(shape)).astype(dtype)


def orthogonal(shape: Sequence[int], gain: float, dtype: str, seed: Any) -> Any:
    """Rows (or columns, where there are more rows) that are orthogonal and of length `gain`; trailing dims as one."""
    rows, columns = shape[0], math.prod(shape[1:])
    drawn = np.random.default_rng(seed).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(drawn)
    q = q * np.where(np.diagonal(r) < 0, -1.0, 1.0)
    return (gain * (q if rows >= columns else q.T).reshape(tuple(shape))).astype(dtype)


def made_type(shape: Any, first: Any, *rest: Any) -> TensorType:
    return array(rest[-2], shape_argument(shape))


def rows() -> Iterator[OpDef]:
    yield OpDef("nn.conv1d", windows.conv1d, lambda *args, **kwargs: windows.conv_type(1, *args, **kwargs))
    yield OpDef("nn.conv2d", windows.conv2d, lambda *args, **kwargs: windows.conv_type(2, *args, **kwargs))
    yield OpDef("nn.max_pool2d", windows.max_pool2d, windows.max_pool2d_type)
    yield OpDef("nn.avg_pool2d", windows.avg_pool2d, windows.avg_pool2d_type)
    yield OpDef("nn.lstm", recurrent.lstm, recurrent.lstm_type)
    yield OpDef("nn.gru", recurrent.gru, recurrent.gru_type)
    yield OpDef("nn.erf", erf, elementwise(erf))
    yield OpDef("nn.drop", drop, drop_type, effect="random")
    for kernel in (normal, uniform, orthogonal):
        yield OpDef("nn." + kernel.__name__, kernel, made_type)
