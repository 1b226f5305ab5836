"""Rules of what chooses items of an array by indices, conditions or order."""

from __future__ import annotations

from typing import Any

import numpy as np

from runtime.opdef import Rule
from runtime.ops.arguments import Unknown, array_like, is_integer, one_axis, result, typed
from runtime.ops.elementwise import elementwise_type
from runtime.ops.probe import probe
from runtime.ops.reduction import total
from runtime.ops.shaping import known_shape
from runtime.types import Dim, TensorType, array, broadcast, python


def where_type(condition: Any, *branches: Any) -> TensorType:
    if not branches:
        return nonzero_type(condition) if known_shape(array_like(condition)) else probe(np.where, (condition,), {})
    chosen = elementwise_type(lambda c, x, y: np.where(c != 0, x, y), (array_like(condition), *branches), {})
    return array(chosen.dtype, chosen.shape)


def nonzero_type(x: Any) -> TensorType:
    known = array_like(x)
    return python(tuple, (array(np.intp, (None,)),) * len(known_shape(known)))


def take_type(x: Any, indices: Any, axis: Any = None, out: Any = None, mode: Any = "raise") -> TensorType:
    if out is not None:
        return typed(out)
    known, places = array_like(x), array_like(indices)
    if axis is None:
        return result(known.dtype, places.shape)
    shape = known_shape(known)
    at = one_axis(axis, len(shape))
    return result(known.dtype, (*shape[:at], *known_shape(places), *shape[at + 1 :]))


def take_along_axis_type(x: Any, indices: Any, axis: Any = -1) -> TensorType:
    known, places = array_like(x), array_like(indices)
    if axis is None:
        return array(known.dtype, places.shape)
    at = one_axis(axis, len(known_shape(known)))
    wide = broadcast(*(tuple(1 if i == at else d for i, d in enumerate(known_shape(one))) for one in (known, places)))
    dims = list(wide or ())
    dims[at] = known_shape(places)[at]
    return array(known.dtype, tuple(dims))


def index_type(x: Any, axis: Any = -1, *args: Any, **kwargs: Any) -> TensorType:
    """argsort and its like: an index for each item."""
    return array(np.intp, sort_type(x, axis).shape)


def sort_type(x: Any, axis: Any = -1, *args: Any, **kwargs: Any) -> TensorType:
    known = array_like(x)
    if axis is None:
        return array(known.dtype, (None if known.shape is None else total(known.shape),))
    return array(known.dtype, known.shape)


def partition_type(x: Any, kth: Any, axis: Any = -1, *args: Any, **kwargs: Any) -> TensorType:
    return sort_type(x, axis)


def argpartition_type(x: Any, kth: Any, axis: Any = -1, *args: Any, **kwargs: Any) -> TensorType:
    return index_type(x, axis)


def clip_type(x: Any, *bounds: Any, out: Any = None, **kwargs: Any) -> TensorType:
    if out is not None or len(bounds) > 2:
        return typed(out if out is not None else bounds[2])
    named = [kwargs.get(name) for name in ("a_min", "a_max", "min", "max")]
    bounds = tuple(one for one in (*bounds, *named) if one is not None)
    operand = typed(x) if not typed(x).is_python else array_like(x)
    known = elementwise_type(np.maximum, (operand, bounds[0]), {}) if bounds else result(operand.dtype, operand.shape)
    if len(bounds) == 1:
        return known
    return elementwise_type(np.clip, (operand, *bounds), {})


def searchsorted_type(a: Any, v: Any, side: Any = "left", sorter: Any = None) -> TensorType:
    return result(np.intp, array_like(v).shape)


def triangle_type(x: Any, k: Any = 0) -> TensorType:
    known = array_like(x)
    shape = known_shape(known)
    return array(known.dtype, shape if len(shape) > 1 else shape * 2)


def diagonal_type(x: Any, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> TensorType:
    known = array_like(x)
    shape = known_shape(known)
    a, b = one_axis(axis1, len(shape)), one_axis(axis2, len(shape))
    rest = tuple(dim for place, dim in enumerate(shape) if place not in (a, b))
    return array(known.dtype, (*rest, _diagonal(shape[a], shape[b], offset)))


def _diagonal(rows: Dim, columns: Dim, offset: Any) -> Dim:
    if isinstance(rows, int) and isinstance(columns, int) and is_integer(offset):
        return max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    return rows if rows == columns and is_integer(offset) and offset == 0 else None


def diag_type(x: Any, k: Any = 0) -> TensorType:
    known = array_like(x)
    shape = known_shape(known)
    if len(shape) == 2:
        return diagonal_type(x, k)
    if len(shape) != 1:
        raise Unknown("diag takes one or two dims")
    dim = shape[0] if is_integer(k) and k == 0 else None
    if isinstance(shape[0], int) and is_integer(k):
        dim = shape[0] + abs(int(k))
    return array(known.dtype, (dim, dim))


def selected_type(x: Any, *args: Any, **kwargs: Any) -> TensorType:
    """np.extract, np.flatnonzero and their like: one dim, known only when the program runs."""
    return array(array_like(x).dtype, (None,))


def compress_type(condition: Any, x: Any, axis: Any = None, out: Any = None) -> TensorType:
    known = array_like(x)
    if axis is None:
        return array(known.dtype, (None,))
    shape = known_shape(known)
    at = one_axis(axis, len(shape))
    return array(known.dtype, (*shape[:at], None, *shape[at + 1 :]))


def unique_type(x: Any, *flags: Any, axis: Any = None, **named: Any) -> TensorType:
    known = array_like(x)
    if flags or named or axis is not None:
        return probe(np.unique, (x, *flags), {"axis": axis, **named})
    return array(known.dtype, (None,))


def index_rows(x: Any) -> TensorType:
    """np.argwhere: a row for each nonzero item."""
    rank = len(known_shape(array_like(x)))
    return array(np.intp, (None, rank))


def second_type(condition: Any, x: Any) -> TensorType:
    return selected_type(x)


def compress_method(x: Any, condition: Any, *args: Any, **kwargs: Any) -> TensorType:
    return compress_type(condition, x, *args, **kwargs)


FUNCTIONS: dict[str, Rule] = {
    "where": where_type, "nonzero": nonzero_type, "flatnonzero": lambda x: array(np.intp, (None,)),
    "argwhere": index_rows, "take": take_type, "take_along_axis": take_along_axis_type, "sort": sort_type,
    "argsort": index_type, "partition": partition_type, "argpartition": argpartition_type, "clip": clip_type,
    "searchsorted": searchsorted_type, "tril": triangle_type, "triu": triangle_type, "diagonal": diagonal_type,
    "diag": diag_type, "extract": second_type, "compress": compress_type, "unique": unique_type,
}  # fmt: skip
VIEWS = ["diagonal", "diag"]
METHODS: dict[str, Rule] = {
    "take": take_type, "argsort": index_type, "argpartition": argpartition_type, "clip": clip_type,
    "searchsorted": searchsorted_type, "diagonal": diagonal_type, "nonzero": nonzero_type, "compress": compress_method,
}  # fmt: skip
