"""How a rule reads its arguments: TensorTypes where Values go, and plain constants, templates of both included."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from runtime.types import WEAK_DTYPE, Dim, Mismatch, Shape, TensorType, array, join, python, scalar, type_of


@contextmanager
def quiet() -> Iterator[None]:
    """Trials say nothing of what the values they are made with come to."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class Unknown(Exception):
    """Raised by a rule that cannot tell the result's type."""


def typed(value: Any) -> TensorType:
    """The type of an argument, be it a TensorType, a constant or a template."""
    if isinstance(value, TensorType):
        return value
    if isinstance(value, (tuple, list)):
        return python(type(value), tuple(typed(item) for item in value))
    return type_of(value)


def result(dtype: Any, shape: Shape | None) -> TensorType:
    """What most NumPy functions give: a scalar where an array would have no dimensions."""
    if dtype is not None and np.dtype(dtype).kind in "OV":
        raise Unknown("an item of such an array is any Python object")
    if shape is None:
        return TensorType(None, None if dtype is None else np.dtype(dtype), None)
    if shape:
        return array(dtype, shape)
    return scalar(None if dtype is not None and np.dtype(dtype).kind in "SU" else dtype)  # text is cut to its length


def array_like(value: Any) -> TensorType:
    """The type that `np.asarray(value)` has."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return array(np.asarray(value).dtype, ())
    known = typed(value)
    if not known.is_python:
        return array(known.dtype, known.shape)
    if known.dtype in WEAK_DTYPE:
        return array(WEAK_DTYPE[known.dtype], ())
    if known.dtype is range:
        return array(np.int64, (len(value) if isinstance(value, range) else None,))
    if known.dtype is str and isinstance(value, str):
        return array(np.asarray(value).dtype, ())
    if known.dtype in (tuple, list) or (isinstance(known.dtype, type) and issubclass(known.dtype, tuple)):
        return _sequence(known, value if isinstance(value, (tuple, list)) else known.items)
    return array(None, None)


def _sequence(known: TensorType, items: Any) -> TensorType:
    if known.items is None:
        return array(None, None)
    if not isinstance(known.items, tuple):
        one = array_like(known.items)
        return array(one.dtype, None if one.shape is None else (None, *one.shape))
    if not known.items:
        return array(np.float64, (0,))
    found = [array_like(item) for item in items]
    dtypes = [item.dtype for item in found]
    dtype = None if any(one is None for one in dtypes) else promote(dtypes)
    shape = same_shape(item.shape for item in found)
    return array(dtype, None if shape is None else (len(found), *shape))


def promote(dtypes: Iterable[Any]) -> Any:
    """The dtype that holds all of `dtypes`, none of them weak."""
    first, *rest = dtypes
    for dtype in rest:
        first = np.promote_types(first, dtype)
    return first


def same_shape(shapes: Iterable[Shape | None]) -> Shape | None:
    """The one shape that all must have: of each dim what is known best. Raises Mismatch where they surely differ."""
    found: Shape | None = None
    for shape in shapes:
        if shape is None:
            return None
        found = shape if found is None else tuple(same_dim(a, b) for a, b in _pairs(found, shape))
    return found


def _pairs(a: Shape, b: Shape) -> Iterable[tuple[Dim, Dim]]:
    if len(a) != len(b):
        raise Unknown("ranks differ")
    return zip(a, b)


def same_dim(a: Dim, b: Dim) -> Dim:
    if isinstance(a, int) and isinstance(b, int) and a != b:
        raise Mismatch(f"dims {a} and {b} differ")
    if isinstance(a, int) or b is None:
        return a
    return b


def is_integer(value: Any) -> bool:
    """Whether `value` is an integer that is known now."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.timedelta64))


def integer(value: Any) -> int:
    if not is_integer(value):
        raise Unknown("known only when the program runs")
    return int(value)


def is_integer_like(value: Any) -> bool:
    """Whether `value` surely is one integer, known or not."""
    known = typed(value)
    if known.is_python:
        return known.dtype is int
    return known.kind == "scalar" and known.dtype is not None and known.dtype.kind in "iu"


def axes(axis: Any, rank: int) -> tuple[int, ...]:
    """The normalized axes of an `axis` argument; None means all."""
    if axis is None:
        return tuple(range(rank))
    numbers = [integer(one) for one in (axis if isinstance(axis, (tuple, list)) else (axis,))]
    return tuple(one_axis(number, rank) for number in numbers)


def one_axis(axis: Any, rank: int) -> int:
    number = integer(axis)
    if not rank:
        raise Unknown("what has no dims may allow an axis")
    if not -rank <= number < rank:
        raise Mismatch(f"there is no axis {number} among {rank} dims")
    return number % rank


def dtype_argument(value: Any) -> Any:
    """The dtype that a `dtype=` argument names, or None where it is known only when the program runs."""
    if isinstance(value, str):
        with quiet():
            return np.dtype(value)
    if not isinstance(value, TensorType):
        return np.dtype(value)
    if isinstance(value.dtype, type) and issubclass(value.dtype, np.dtype):
        return np.dtype(value.dtype())  # type: ignore[call-overload]
    return None


def fixed_width(value: Any) -> Any:
    """As dtype_argument; None too for "U" and its like, which the values make as wide as they need."""
    dtype = dtype_argument(value)
    return None if dtype is None or (dtype.kind in "USV" and dtype.itemsize == 0) else dtype


def shape_argument(value: Any) -> Shape | None:
    """The shape that a `shape=` argument names: an int, a sequence of ints, or the type of either."""
    if is_integer(value):
        return (int(value),)
    if isinstance(value, (tuple, list)):
        return tuple(int(dim) if is_integer(dim) else None for dim in value)
    known = typed(value)
    if is_integer_like(known):
        return (None,)
    if known.dtype in (tuple, list) and isinstance(known.items, tuple):
        return (None,) * len(known.items)
    if known.is_array and known.rank == 1 and known.shape is not None and isinstance(known.shape[0], int):
        return (None,) * known.shape[0]
    return None


def either(types: Iterable[TensorType]) -> TensorType:
    """The join of several types."""
    first, *rest = types
    for other in rest:
        first = join(first, other)
    return first
