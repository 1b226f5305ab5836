"""Making arrays: of a shape, of values, in the likeness of another; and casts to NumPy's scalar types."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from runtime.opdef import OpDef, Rule
from runtime.ops.arguments import (
    Unknown,
    array_like,
    dtype_argument,
    fixed_width,
    is_integer,
    result,
    shape_argument,
    typed,
)
from runtime.ops.probe import by_trial, probe
from runtime.types import Dim, TensorType, array


def of_shape(default: Any) -> Rule:
    """np.zeros(shape, dtype) and its like."""

    def rule(shape: Any, dtype: Any = default, order: Any = "C", **kwargs: Any) -> TensorType:
        return array(dtype_argument(default if dtype is None else dtype), shape_argument(shape))

    return rule


def full_type(shape: Any, fill_value: Any, dtype: Any = None, order: Any = "C", **kwargs: Any) -> TensorType:
    known = dtype_argument(dtype) if dtype is not None else array_like(fill_value).dtype
    return array(known, shape_argument(shape))


def like_type(
    prototype: Any, dtype: Any = None, order: Any = "K", subok: Any = True, shape: Any = None, **kwargs: Any
) -> TensorType:
    known = array_like(prototype)
    wanted = known.dtype if dtype is None else fixed_width(dtype)
    return array(wanted, known.shape if shape is None else shape_argument(shape))


def full_like_type(prototype: Any, fill_value: Any, *args: Any, **kwargs: Any) -> TensorType:
    return like_type(prototype, *args, **kwargs)


def of_values(x: Any, dtype: Any = None, *args: Any, ndmin: Any = 0, copy: Any = None, **kwargs: Any) -> TensorType:
    """np.array(values, dtype): of arrays, numbers and nested lists."""
    known = array_like(x)
    wanted = known.dtype if dtype is None else fixed_width(dtype)
    if known.shape is None:
        return array(wanted, None)
    return array(wanted, (1,) * (int(ndmin) - len(known.shape)) + known.shape)


def at_least_1d(x: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> TensorType:
    made = of_values(x, dtype)
    return array(made.dtype, made.shape if made.shape is None else made.shape or (1,))


def arange_type(*args: Any, dtype: Any = None, **kwargs: Any) -> TensorType:
    """dtype by a trial on the types; the dim where all numbers are known."""
    if len(args) == 4:
        *args_, dtype = args
        return arange_type(*args_, dtype=dtype, **kwargs)
    if kwargs or not args:
        raise Unknown("bounds by keyword")
    if any(array_like(arg).dtype == object for arg in args if isinstance(arg, int)):
        raise Unknown("bounds beyond all integers of NumPy")
    known = probe(np.arange, tuple(map(typed, args)), {}).dtype if dtype is None else dtype_argument(dtype)
    return array(known, (_steps(*args),))


def _steps(*args: Any) -> Dim:
    if not all(isinstance(arg, (int, float, np.integer, np.floating)) for arg in args):
        return None
    start, stop, step = (*args, 1) if len(args) == 2 else (0, args[0], 1) if len(args) == 1 else args
    return max(0, math.ceil((stop - start) / step))


def spaced(function: Callable[..., Any]) -> Rule:
    """linspace, logspace and geomspace: `num` values along axis 0 of the broadcast bounds."""

    def rule(start: Any, stop: Any, num: Any = 50, *args: Any, **kwargs: Any) -> TensorType:
        if args or kwargs.get("axis", 0) != 0:
            raise Unknown("another axis")
        few = probe(function, (start, stop, 2), kwargs)
        dim: Dim = int(num) if is_integer(num) else None
        if isinstance(few.items, tuple):  # with retstep=True
            return replace(few, items=(_counted(few.items[0], dim), few.items[1]))
        return _counted(few, dim)

    return rule


def _counted(few: TensorType, dim: Dim) -> TensorType:
    return replace(few, shape=None if few.shape is None else (dim, *few.shape[1:]))


def eye_type(n: Any, m: Any = None, k: Any = 0, dtype: Any = float, **kwargs: Any) -> TensorType:
    return array(dtype_argument(dtype), (shape_argument((n,)) or ()) + (shape_argument((n if m is None else m,)) or ()))


def identity_type(n: Any, dtype: Any = float, **kwargs: Any) -> TensorType:
    return eye_type(n, dtype=float if dtype is None else dtype)


def cast_rule(cls: type) -> Rule:
    """np.float32(x): a scalar of a scalar, an array of an array or a list."""
    dtype = np.dtype(cls)

    def rule(x: Any = 0, **kwargs: Any) -> TensorType:
        known = typed(x)
        if known.is_python and known.dtype is str:
            return result(dtype, ())
        if known.kind is None and known.dtype is None:
            return TensorType(None, dtype, None)
        return result(dtype, array_like(x).shape)

    return rule if dtype.kind in "biufc" else by_trial(cls)


RULES: dict[str, Rule] = {
    "zeros": of_shape(float),
    "ones": of_shape(float),
    "empty": of_shape(float),
    "full": full_type,
    "zeros_like": like_type,
    "ones_like": like_type,
    "empty_like": like_type,
    "full_like": full_like_type,
    "array": of_values,
    "asarray": of_values,
    "asanyarray": of_values,
    "copy": lambda x, *args, **kwargs: of_values(x),
    "ascontiguousarray": at_least_1d,
    "asfortranarray": at_least_1d,
    "require": of_values,
    "arange": arange_type,
    "linspace": spaced(np.linspace),
    "logspace": spaced(np.logspace),
    "geomspace": spaced(np.geomspace),
    "eye": eye_type,
    "identity": identity_type,
}
ALIASING = {"asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "require", "array"}
SCALAR_TYPES = (
    "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 longdouble "
    "complex64 complex128 clongdouble intc uintc long ulong longlong ulonglong intp uintp byte ubyte short ushort "
    "half single double csingle cdouble str_ bytes_ datetime64 timedelta64"
).split()


def rows() -> Iterator[OpDef]:
    for name, rule in RULES.items():
        function: Callable[..., Any] = getattr(np, name)
        yield OpDef("np." + name, function, rule, aliases=name in ALIASING)
    for name in SCALAR_TYPES:
        cls = getattr(np, name)
        yield OpDef("np." + name, cls, cast_rule(cls))
