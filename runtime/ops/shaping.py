"""Rules of what moves items about: reshape, transpose, join, split, repeat, choose. Functions and methods share them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from runtime.opdef import Rule
from runtime.ops.arguments import (
    Unknown,
    array_like,
    axes,
    dtype_argument,
    fixed_width,
    integer,
    is_integer,
    one_axis,
    promote,
    result,
    same_dim,
    shape_argument,
    typed,
)
from runtime.ops.elementwise import elementwise_type
from runtime.ops.probe import probe
from runtime.ops.reduction import total
from runtime.types import Dim, Shape, TensorType, array, broadcast, python


def known_shape(known: TensorType) -> Shape:
    if known.shape is None:
        raise Unknown("rank")
    return known.shape


def reshape_type(x: Any, shape: Any, order: Any = "C", **kwargs: Any) -> TensorType:
    known = array_like(x)
    wanted = shape_argument(shape)
    if wanted is None:
        return array(known.dtype, None)
    return array(known.dtype, reshaped(known.shape, wanted))


def reshaped(shape: Shape | None, wanted: Shape) -> Shape:
    """`wanted` with its -1 worked out, where the other dims tell it. A dim known only at run time may be a -1 too."""
    if -1 not in wanted:
        return wanted
    at = wanted.index(-1)
    rest = [dim for place, dim in enumerate(wanted) if place != at]
    found: Dim = None
    if shape is not None and None not in rest:
        found = _quotient(shape, rest)
    return (*wanted[:at], found, *wanted[at + 1 :])


def _quotient(shape: Shape, divisors: list[Dim]) -> Dim:
    product = int(np.prod([dim for dim in divisors if isinstance(dim, int)] or [1]))
    symbols = [dim for dim in shape if not isinstance(dim, int)]
    size = int(np.prod([dim for dim in shape if isinstance(dim, int)] or [1]))
    if not symbols:
        return size // product if product else None
    return symbols[0] if len(symbols) == 1 and product == size != 0 else None


def reshape_method(x: Any, *shape: Any, **kwargs: Any) -> TensorType:
    return reshape_type(x, kwargs["shape"] if "shape" in kwargs else shape[0] if len(shape) == 1 else shape)


def flat_type(x: Any, *args: Any, **kwargs: Any) -> TensorType:
    """ravel and flatten."""
    known = array_like(x)
    return array(known.dtype, (None if known.shape is None else total(known.shape),))


def transpose_type(x: Any, *order: Any, axes: Any = None) -> TensorType:
    known = array_like(x)
    wanted = axes if axes is not None else order[0] if len(order) == 1 else order or None
    if known.shape is None:
        return array(known.dtype, None)
    if wanted is None:
        return array(known.dtype, known.shape[::-1])
    places = [one_axis(axis, len(known.shape)) for axis in (wanted if isinstance(wanted, (tuple, list)) else (wanted,))]
    return array(known.dtype, tuple(known.shape[place] for place in places))


def swapaxes_type(x: Any, axis1: Any, axis2: Any) -> TensorType:
    known = array_like(x)
    dims = list(known_shape(known))
    a, b = one_axis(axis1, len(dims)), one_axis(axis2, len(dims))
    dims[a], dims[b] = dims[b], dims[a]
    return array(known.dtype, tuple(dims))


def matrix_transpose_type(x: Any) -> TensorType:
    return swapaxes_type(x, -1, -2)


def moveaxis_type(x: Any, source: Any, destination: Any) -> TensorType:
    known = array_like(x)
    shape = known_shape(known)
    origin, target = axes(source, len(shape)), axes(destination, len(shape))
    order = [place for place in range(len(shape)) if place not in origin]
    for to, place in sorted(zip(target, origin)):
        order.insert(to, place)
    return array(known.dtype, tuple(shape[place] for place in order))


def squeeze_type(x: Any, axis: Any = None) -> TensorType:
    known = array_like(x)
    shape = known_shape(known)
    if axis is None:
        if not all(isinstance(dim, int) for dim in shape):
            return array(known.dtype, None)
        return array(known.dtype, tuple(dim for dim in shape if dim != 1))
    gone = axes(axis, len(shape))
    return array(known.dtype, tuple(dim for place, dim in enumerate(shape) if place not in gone))


def expand_dims_type(x: Any, axis: Any) -> TensorType:
    known = array_like(x)
    shape = known_shape(known)
    count = len(axis) if isinstance(axis, (tuple, list)) else 1
    new = axes(axis, len(shape) + count)
    dims = iter(shape)
    return array(known.dtype, tuple(1 if place in new else next(dims) for place in range(len(shape) + count)))


def broadcast_to_type(x: Any, shape: Any, subok: Any = False) -> TensorType:
    return array(array_like(x).dtype, shape_argument(shape))


def broadcast_arrays_type(*args: Any, subok: Any = False) -> TensorType:
    known = [array_like(arg) for arg in args]
    shape = broadcast(*(one.shape for one in known))
    return python(tuple, tuple(array(one.dtype, shape) for one in known))


def parts(arrays: Any) -> list[TensorType]:
    """The arrays of a sequence of arrays. Raises Unknown where their number is."""
    known = typed(arrays)
    if known.is_array and known.shape and isinstance(known.shape[0], int):
        return [array(known.dtype, known.shape[1:])] * known.shape[0]
    if not known.is_python or not isinstance(known.items, tuple) or not known.items:
        raise Unknown("how many arrays")
    return [array_like(item) for item in known.items]


def joined_dtype(known: list[TensorType], dtype: Any = None) -> Any:
    if dtype is not None:
        return dtype_argument(dtype)
    dtypes = [one.dtype for one in known]
    return None if any(one is None for one in dtypes) else promote(dtypes)


def concatenated_dtype(arrays: Any) -> Any:
    """np.concatenate, alone among the joins, takes Python numbers as weak."""
    known = typed(arrays)
    items = known.items if isinstance(known.items, tuple) else ()
    if not any(item.is_number for item in items):
        return joined_dtype(parts(arrays))
    weak = [item.dtype(1) if item.is_number else array_like(item).dtype for item in items]
    return None if any(one is None for one in weak) else np.result_type(*weak)


def concatenate_type(arrays: Any, axis: Any = 0, out: Any = None, dtype: Any = None, **kwargs: Any) -> TensorType:
    if out is not None:
        return typed(out)
    return join_along(parts(arrays), axis, concatenated_dtype(arrays) if dtype is None else dtype_argument(dtype))


def join_along(known: list[TensorType], axis: Any, dtype: Any) -> TensorType:
    shapes = [one.shape for one in known]
    if axis is None:
        totals = [None if shape is None else total(shape) for shape in shapes]
        return array(dtype, (added(totals),))
    if any(shape is None for shape in shapes):
        return array(dtype, None)
    sure = [shape for shape in shapes if shape is not None]
    at = one_axis(axis, len(sure[0]))
    if any(len(shape) != len(sure[0]) for shape in sure):
        raise Unknown("ranks differ")
    dims = [added(column) if place == at else _same(column) for place, column in enumerate(zip(*sure))]
    return array(dtype, tuple(dims))


def _same(dims: tuple[Dim, ...]) -> Dim:
    first, *rest = dims
    for dim in rest:
        first = same_dim(first, dim)
    return first


def added(dims: Any) -> Dim:
    """The sum of dims, if it is a number or a single symbol."""
    dims = [dim for dim in dims if dim != 0]
    if all(isinstance(dim, int) for dim in dims):
        return sum(dims)
    return dims[0] if len(dims) == 1 else None


def stack_type(arrays: Any, axis: Any = 0, out: Any = None, dtype: Any = None, **kwargs: Any) -> TensorType:
    if out is not None:
        return typed(out)
    known = parts(arrays)
    first = array(joined_dtype(known, dtype), None)
    if any(one.shape is None for one in known):
        return first
    shape = tuple(_same(column) for column in zip(*(known_shape(one) for one in known)))
    if any(len(known_shape(one)) != len(shape) for one in known):
        raise Unknown("ranks differ")
    at = one_axis(axis, len(shape) + 1)
    return array(first.dtype, (*shape[:at], len(known), *shape[at:]))


def lifted(lift: Callable[[Shape], Shape], axis: Callable[[int], int]) -> Rule:
    """vstack and its like: each array gets its missing dims, then they are joined along an axis."""

    def rule(arrays: Any, dtype: Any = None, casting: Any = "same_kind") -> TensorType:
        known = [array(one.dtype, lift(known_shape(one))) for one in parts(arrays)]
        return join_along(known, axis(len(known_shape(known[0]))), joined_dtype(known, dtype))

    return rule


def _two(shape: Shape) -> Shape:
    return (1,) * (2 - len(shape)) + shape


def _three(shape: Shape) -> Shape:
    return (1, *shape, 1) if len(shape) == 1 else _two(shape) + (1,) * (3 - max(len(shape), 2))


def _column(shape: Shape) -> Shape:
    return (*(shape or (1,)), 1) if len(shape) < 2 else shape


def at_least(lift: Callable[[Shape], Shape]) -> Rule:
    def rule(*arrays: Any) -> TensorType:
        made = tuple(array(one.dtype, lift(known_shape(one))) for one in map(array_like, arrays))
        return made[0] if len(made) == 1 else python(tuple, made)

    return rule


def split_type(x: Any, sections: Any, axis: Any = 0, uneven: bool = False) -> TensorType:
    known = array_like(x)
    shape = known_shape(known)
    at = one_axis(axis, len(shape))
    sizes = _sections(shape[at], sections, uneven)
    return python(list, tuple(array(known.dtype, (*shape[:at], size, *shape[at + 1 :])) for size in sizes))


def _sections(dim: Dim, sections: Any, uneven: bool) -> list[Dim]:
    if is_integer(sections):
        count = int(sections)
        if not isinstance(dim, int):
            return [None if count != 1 else dim] * count
        if dim % count and not uneven:
            raise Unknown("not an equal division")
        return [dim // count + (number < dim % count) for number in range(count)]
    if not isinstance(sections, (tuple, list)):
        raise Unknown("how many sections")
    cuts = [integer(cut) for cut in sections]
    if not isinstance(dim, int):
        return [None] * (len(cuts) + 1)
    return [len(range(dim)[a:b]) for a, b in zip([0, *cuts], [*cuts, dim])]


def axis_split(axis: Callable[[int], int]) -> Rule:
    return lambda x, sections: split_type(x, sections, axis(len(known_shape(array_like(x)))))


def array_split_type(x: Any, sections: Any, axis: Any = 0) -> TensorType:
    return split_type(x, sections, axis, uneven=True)


def unstack_type(x: Any, /, *, axis: Any = 0) -> TensorType:
    known = array_like(x)
    shape = known_shape(known)
    at = one_axis(axis, len(shape))
    item = result(known.dtype, shape[:at] + shape[at + 1 :])
    dim = shape[at]
    return python(tuple, (item,) * dim if isinstance(dim, int) else item)


def repeat_type(x: Any, repeats: Any, axis: Any = None) -> TensorType:
    known = array_like(x)
    shape = known_shape(known) if axis is not None else (total(known_shape(known)),)
    at = one_axis(axis, len(shape)) if axis is not None else 0
    dim: Dim = None
    if is_integer(repeats) and isinstance(shape[at], int):
        dim = int(repeats) * shape[at]  # type: ignore[operator]
    elif isinstance(repeats, (tuple, list)) and len(repeats) > 1:
        dim = sum(integer(count) for count in repeats)
    elif is_integer(repeats) and repeats == 1:
        dim = shape[at]
    return array(known.dtype, (*shape[:at], dim, *shape[at + 1 :]))


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


def same_type(x: Any, *args: Any, **kwargs: Any) -> TensorType:
    """Of what moves items within an array: flip, roll …"""
    known = array_like(x)
    return array(known.dtype, known.shape)


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
    bounds = tuple(one for one in (*bounds, *(kwargs.get(k) for k in ("a_min", "a_max", "min", "max"))) if one is not None)
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


def astype_type(x: Any, dtype: Any, *args: Any, **kwargs: Any) -> TensorType:
    known = array_like(x)
    return array(fixed_width(dtype), known.shape)


def shape_type(x: Any) -> TensorType:
    shape = array_like(x).shape
    return python(tuple, python(int) if shape is None else (python(int),) * len(shape))


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


def sized(function: Any, rule: Rule) -> Rule:
    """`rule` for arrays that have dims. What has none is tried: there kinds differ from function to function."""

    def sized_rule(x: Any, *args: Any, **kwargs: Any) -> TensorType:
        shape = array_like(x).shape
        if shape == ():
            return probe(function, (x, *args), kwargs)
        made = rule(x, *args, **kwargs)
        return made if shape is not None or made.is_python else replace(made, kind=None)

    return sized_rule


FUNCTIONS: dict[str, Rule] = {
    "reshape": reshape_type, "ravel": flat_type, "transpose": transpose_type, "permute_dims": transpose_type,
    "matrix_transpose": matrix_transpose_type, "swapaxes": swapaxes_type, "moveaxis": moveaxis_type,
    "squeeze": squeeze_type, "expand_dims": expand_dims_type, "broadcast_to": broadcast_to_type,
    "broadcast_arrays": broadcast_arrays_type, "concatenate": concatenate_type, "concat": concatenate_type,
    "stack": stack_type, "vstack": lifted(_two, lambda rank: 0),
    "hstack": lifted(lambda shape: shape or (1,), lambda rank: 0 if rank == 1 else 1),
    "dstack": lifted(_three, lambda rank: 2), "column_stack": lifted(_column, lambda rank: 1),
    "atleast_1d": at_least(lambda shape: shape or (1,)), "atleast_2d": at_least(_two), "atleast_3d": at_least(_three),
    "split": split_type, "array_split": array_split_type, "vsplit": axis_split(lambda rank: 0),
    "hsplit": axis_split(lambda rank: 0 if rank == 1 else 1), "dsplit": axis_split(lambda rank: 2),
    "unstack": unstack_type, "repeat": repeat_type, "where": where_type, "nonzero": nonzero_type,
    "flatnonzero": lambda x: array(np.intp, (None,)), "argwhere": index_rows, "take": take_type,
    "take_along_axis": take_along_axis_type, "flip": same_type, "fliplr": same_type, "flipud": same_type,
    "roll": same_type, "sort": sort_type, "argsort": index_type, "partition": partition_type,
    "argpartition": argpartition_type, "clip": clip_type, "searchsorted": searchsorted_type, "tril": triangle_type,
    "triu": triangle_type, "diagonal": diagonal_type, "diag": diag_type, "astype": astype_type, "shape": shape_type,
    "ndim": lambda x: python(int), "extract": second_type, "compress": compress_type, "unique": unique_type,
}  # fmt: skip
# What these do with a scalar is found by trial.
TRIED_WITHOUT_DIMS = (
    "ravel transpose permute_dims swapaxes squeeze flip sort argsort partition argpartition roll repeat nonzero "
    "compress unique argwhere diagonal"
).split()
VIEWS = set(
    "reshape ravel transpose permute_dims matrix_transpose swapaxes moveaxis squeeze expand_dims broadcast_to "
    "broadcast_arrays atleast_1d atleast_2d atleast_3d split array_split vsplit hsplit dsplit unstack flip fliplr "
    "flipud diagonal diag astype".split()
)
METHODS: dict[str, Rule] = {
    "reshape": reshape_method, "ravel": flat_type, "flatten": flat_type, "transpose": transpose_type,
    "swapaxes": swapaxes_type, "squeeze": squeeze_type, "repeat": repeat_type, "take": take_type,
    "argsort": index_type, "argpartition": argpartition_type, "clip": clip_type, "searchsorted": searchsorted_type,
    "diagonal": diagonal_type, "astype": astype_type, "nonzero": nonzero_type,
    "compress": lambda x, condition, *args, **kwargs: compress_type(condition, x, *args, **kwargs),
}  # fmt: skip
