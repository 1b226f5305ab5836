"""Rules of what gives an array another shape, dtype or order of axes. Functions and methods share them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from runtime.opdef import Rule
from runtime.ops.arguments import Unknown, array_like, axes, fixed_width, one_axis, shape_argument
from runtime.ops.probe import probe
from runtime.ops.reduction import total
from runtime.types import Dim, Mismatch, Shape, TensorType, array, python


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


def check_reshape(x: Any, shape: Any, **kwargs: Any) -> None:
    """Raises Mismatch where the items surely do not fill the shape."""
    known, wanted = array_like(x).shape, shape_argument(shape)
    if known is None or wanted is None or not all(isinstance(dim, int) for dim in (*known, *wanted)):
        return
    size = math.prod(dim for dim in known if isinstance(dim, int))
    count = math.prod(dim for dim in wanted if isinstance(dim, int) and dim != -1)
    if size != count and not (-1 in wanted and count and size % count == 0):
        raise Mismatch(f"{size} items do not fill the shape {list(wanted)}")


def _quotient(shape: Shape, divisors: list[Dim]) -> Dim:
    product = int(np.prod([dim for dim in divisors if isinstance(dim, int)] or [1]))
    symbols = [dim for dim in shape if not isinstance(dim, int)]
    size = int(np.prod([dim for dim in shape if isinstance(dim, int)] or [1]))
    if not symbols:
        return size // product if product else None
    return symbols[0] if len(symbols) == 1 and product == size != 0 else None


def check_reshape_method(x: Any, *shape: Any, **kwargs: Any) -> None:
    check_reshape(x, kwargs["shape"] if "shape" in kwargs else shape[0] if len(shape) == 1 else shape)


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


def same_type(x: Any, *args: Any, **kwargs: Any) -> TensorType:
    """Of what moves items within an array: flip, roll …"""
    known = array_like(x)
    return array(known.dtype, known.shape)


def astype_type(x: Any, dtype: Any, *args: Any, **kwargs: Any) -> TensorType:
    known = array_like(x)
    return array(fixed_width(dtype), known.shape)


def shape_type(x: Any) -> TensorType:
    shape = array_like(x).shape
    return python(tuple, python(int) if shape is None else (python(int),) * len(shape))


def sized(function: Callable[..., Any], rule: Rule) -> Rule:
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
    "flip": same_type, "fliplr": same_type, "flipud": same_type, "roll": same_type, "astype": astype_type,
    "shape": shape_type, "ndim": lambda x: python(int),
}  # fmt: skip
CHECKS = {"reshape": check_reshape, ".reshape": check_reshape_method}
VIEWS = (
    "reshape ravel transpose permute_dims matrix_transpose swapaxes moveaxis squeeze expand_dims broadcast_to flip "
    "fliplr flipud astype"
).split()
METHODS: dict[str, Rule] = {
    "reshape": reshape_method, "ravel": flat_type, "flatten": flat_type, "transpose": transpose_type,
    "swapaxes": swapaxes_type, "squeeze": squeeze_type, "astype": astype_type,
}  # fmt: skip
