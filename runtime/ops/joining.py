"""Rules of what joins arrays, takes them apart or repeats them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from runtime.opdef import Rule
from runtime.ops.arguments import (
    Unknown,
    array_like,
    dtype_argument,
    integer,
    is_integer,
    one_axis,
    promote,
    result,
    same_dim,
    typed,
)
from runtime.ops.reduction import total
from runtime.ops.shaping import known_shape
from runtime.types import Dim, Shape, TensorType, array, broadcast, python


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
    return [array_like(item) for item in (arrays if isinstance(arrays, (tuple, list)) else known.items)]


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


FUNCTIONS: dict[str, Rule] = {
    "broadcast_arrays": broadcast_arrays_type, "concatenate": concatenate_type, "concat": concatenate_type,
    "stack": stack_type, "vstack": lifted(_two, lambda rank: 0),
    "hstack": lifted(lambda shape: shape or (1,), lambda rank: 0 if rank == 1 else 1),
    "dstack": lifted(_three, lambda rank: 2), "column_stack": lifted(_column, lambda rank: 1),
    "atleast_1d": at_least(lambda shape: shape or (1,)), "atleast_2d": at_least(_two), "atleast_3d": at_least(_three),
    "split": split_type, "array_split": array_split_type, "vsplit": axis_split(lambda rank: 0),
    "hsplit": axis_split(lambda rank: 0 if rank == 1 else 1), "dsplit": axis_split(lambda rank: 2),
    "unstack": unstack_type, "repeat": repeat_type,
}  # fmt: skip
VIEWS = ("broadcast_arrays atleast_1d atleast_2d atleast_3d split array_split vsplit hsplit dsplit unstack").split()
METHODS: dict[str, Rule] = {"repeat": repeat_type}
