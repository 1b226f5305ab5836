"""Reductions over axes, as functions and as methods, and the cumulative ones that keep the shape.

A row is NumPy's name and the parameters after the array, in NumPy's order; dtype and kind come from a trial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from runtime.opdef import OpDef, Rule
from runtime.ops.arguments import Unknown, array_like, axes, dtype_argument, quiet, typed
from runtime.ops.elementwise import ufunc_rule
from runtime.ops.probe import probe
from runtime.types import ANY, Shape, TensorType, array, python, type_of

FUNCTIONS = {
    "sum": "axis dtype out keepdims initial where",
    "prod": "axis dtype out keepdims initial where",
    "nansum": "axis dtype out keepdims initial where",
    "nanprod": "axis dtype out keepdims initial where",
    "max": "axis out keepdims initial where",
    "min": "axis out keepdims initial where",
    "amax": "axis out keepdims initial where",
    "amin": "axis out keepdims initial where",
    "nanmax": "axis out keepdims initial where",
    "nanmin": "axis out keepdims initial where",
    "mean": "axis dtype out keepdims where",
    "nanmean": "axis dtype out keepdims where",
    "std": "axis dtype out ddof keepdims where mean correction",
    "var": "axis dtype out ddof keepdims where mean correction",
    "nanstd": "axis dtype out ddof keepdims where mean correction",
    "nanvar": "axis dtype out ddof keepdims where mean correction",
    "any": "axis out keepdims where",
    "all": "axis out keepdims where",
    "argmax": "axis out keepdims",
    "argmin": "axis out keepdims",
    "nanargmax": "axis out keepdims",
    "nanargmin": "axis out keepdims",
    "ptp": "axis out keepdims",
    "median": "axis out overwrite_input keepdims",
    "nanmedian": "axis out overwrite_input keepdims",
    "count_nonzero": "axis keepdims",
    "average": "axis weights returned keepdims",
}
CUMULATIVE = {
    "cumsum": "axis dtype out",
    "cumprod": "axis dtype out",
    "nancumsum": "axis dtype out",
    "nancumprod": "axis dtype out",
}
METHODS = ("sum", "prod", "max", "min", "mean", "std", "var", "any", "all", "argmax", "argmin")
CUMULATIVE_METHODS = ("cumsum", "cumprod")
UFUNC_METHODS = {
    "reduce": "axis dtype out keepdims initial where",
    "accumulate": "axis dtype out",
    "reduceat": "indices axis dtype out",
}


def bound(names: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments after the array, by name. Raises Unknown for one that there is not."""
    known = names.split()
    if len(args) > len(known) or not set(kwargs) <= set(known):
        raise Unknown("no such argument")
    return dict(zip(known, args)) | kwargs


def reduction(function: Callable[..., Any], names: str, axis: Any = None) -> Rule:
    """The rule of a reduction; `axis` is the default of its parameter."""

    def rule(x: Any, *args: Any, **kwargs: Any) -> TensorType:
        given = bound(names, args, kwargs)
        if given.get("out") is not None:
            return typed(given["out"])
        known = array_like(x)
        if known.shape == ():  # axis 0 is allowed, and a median stays an array
            return ANY if known.dtype is None else probe(function, (x,), given)
        keepdims = given.get("keepdims", False)
        if known.dtype is None and given.get("dtype") is None:
            # Before NumPy 2.4 np.count_nonzero gives a Python int.
            item = ANY if function is np.count_nonzero else TensorType(None, None, ())
        else:
            item = _one_item(function, known.dtype, _dtype_key(given), _extras(given))
        if given.get("returned"):
            raise Unknown("two results")
        if not isinstance(keepdims, (bool, np.bool_)):
            return TensorType(None, None, None)
        return _with_shape(item, known.shape, given.get("axis", axis), bool(keepdims))

    return rule


def _extras(given: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Arguments on which the dtype hangs: weights, and a dtype-changing initial value."""
    weights = given.get("weights")
    return () if weights is None else (("weights", array_like(weights).dtype),)


def _dtype_key(given: dict[str, Any]) -> Any:
    if given.get("dtype") is None:
        return None
    dtype = dtype_argument(given["dtype"])
    if dtype is None:
        raise Unknown("a dtype known only when the program runs")
    return dtype


@lru_cache(maxsize=2048)
def _one_item(function: Callable[..., Any], dtype: Any, wanted: Any, extras: tuple[tuple[str, Any], ...]) -> TensorType:
    if (dtype is None) or dtype.kind in "OV":
        raise Unknown("objects")
    kwargs = {} if wanted is None else {"dtype": wanted}
    kwargs |= {name: np.ones(2, other) for name, other in extras}
    if getattr(function, "__name__", "") == "reduceat":
        kwargs["indices"] = [0]
    with quiet():
        return type_of(function(np.ones(2, dtype), **kwargs))


def _with_shape(item: TensorType, shape: Shape | None, axis: Any, keepdims: bool) -> TensorType:
    if shape is None and axis is None and not keepdims:
        return _full(item)
    if shape is None:
        return TensorType(None, _numpy_dtype(item), None)
    try:
        gone = axes(axis, len(shape))
    except Unknown:
        if isinstance(axis, TensorType) and axis.is_number:
            kept: Shape = (None,) * (len(shape) - (not keepdims))
            return array(_numpy_dtype(item), kept) if kept else TensorType("scalar", _numpy_dtype(item), ())
        raise
    if keepdims:
        left = tuple(1 if place in gone else dim for place, dim in enumerate(shape))
    else:
        left = tuple(dim for place, dim in enumerate(shape) if place not in gone)
    if left:
        return array(_numpy_dtype(item), left)
    return _full(item) if axis is None else TensorType("scalar", _numpy_dtype(item), ())


def _full(item: TensorType) -> TensorType:
    if item.is_python or item == ANY:
        return item
    return TensorType("scalar", item.dtype, ())


def _numpy_dtype(item: TensorType) -> Any:
    """Of a Python int, which np.count_nonzero gives for the whole array: what it gives along an axis."""
    return np.dtype(np.intp) if item.is_python else item.dtype


def cumulative(function: Callable[..., Any], names: str, axis: Any = None) -> Rule:
    def rule(x: Any, *args: Any, **kwargs: Any) -> TensorType:
        given = bound(names, args, kwargs)
        if given.get("out") is not None:
            return typed(given["out"])
        known = array_like(x)
        dtype = None if known.dtype is None else _one_item(function, known.dtype, _dtype_key(given), ()).dtype
        if known.shape is None:
            return array(dtype, None)
        if given.get("axis", axis) is not None:
            return array(dtype, known.shape or (1,))
        return array(dtype, (total(known.shape),))

    return rule


def total(shape: Shape) -> Any:
    """The number of items of an array, where it is known; of one symbol and ones, the symbol."""
    product, symbols = 1, []
    for dim in shape:
        if isinstance(dim, int):
            product *= dim
        else:
            symbols.append(dim)
    if product == 0 or not symbols:
        return product
    return symbols[0] if len(symbols) == 1 and product == 1 else None


def method_kernel(name: str) -> Callable[..., Any]:
    def kernel(x: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(x, name)(*args, **kwargs)

    kernel.__name__ = name
    return kernel


def rows() -> Iterator[OpDef]:
    for name, names in FUNCTIONS.items():
        function = getattr(np, name)
        yield OpDef("np." + name, function, reduction(function, names))
    for name, names in CUMULATIVE.items():
        function = getattr(np, name)
        yield OpDef("np." + name, function, cumulative(function, names))


def method_rules() -> dict[str, Rule]:
    """The rules of the methods of arrays that reduce."""
    rules = {name: array_only(reduction(method_kernel(name), FUNCTIONS[name])) for name in METHODS}
    rules |= {name: array_only(cumulative(method_kernel(name), CUMULATIVE[name])) for name in CUMULATIVE_METHODS}
    return rules


def array_only(rule: Rule) -> Rule:
    """`rule` for what surely is NumPy's: `.index`, `.sum` … of other objects are theirs."""

    def only(x: Any, *args: Any, **kwargs: Any) -> TensorType:
        known = typed(x)
        if known.is_python or (known.kind is None and known.dtype is None):
            raise Unknown("not NumPy's")
        return rule(x, *args, **kwargs)

    return only


def ufunc_method_rows(name: str, ufunc: np.ufunc) -> Iterator[OpDef]:
    """Rows of a ufunc's methods: "np.add.reduce" and so on."""
    for method in ("reduce", "accumulate", "reduceat", "outer", "at"):
        function = getattr(ufunc, method)
        rule = _ufunc_method_rule(ufunc, method, function)
        yield OpDef(f"np.{name}.{method}", function, rule, effect="write" if method == "at" else "pure")


def _ufunc_method_rule(ufunc: np.ufunc, method: str, function: Callable[..., Any]) -> Rule:
    if method == "at":
        return lambda *args, **kwargs: python(type(None))
    if method == "reduce":
        return reduction(function, UFUNC_METHODS[method], 0)
    if method == "accumulate":
        return cumulative(function, UFUNC_METHODS[method], 0)
    return outer_rule(ufunc) if method == "outer" else reduceat_rule(function)


def outer_rule(ufunc: np.ufunc) -> Rule:
    plain = ufunc_rule(ufunc)

    def rule(x: Any, y: Any, **kwargs: Any) -> TensorType:
        left, right = array_like(x), array_like(y)
        if left.shape is None or right.shape is None:
            raise Unknown("ranks")
        return plain(array(left.dtype, left.shape + (1,) * len(right.shape)), right, **kwargs)

    return rule


def reduceat_rule(function: Callable[..., Any]) -> Rule:
    def rule(x: Any, indices: Any, axis: Any = 0, dtype: Any = None, out: Any = None) -> TensorType:
        if out is not None:
            return typed(out)
        known, places = array_like(x), array_like(indices)
        item = _one_item(function, known.dtype, _dtype_key({"dtype": dtype}), ())
        if known.shape is None or places.shape is None:
            return array(item.dtype, None)
        at = axes(axis, len(known.shape))[0]
        return array(item.dtype, (*known.shape[:at], places.shape[0], *known.shape[at + 1 :]))

    return rule
