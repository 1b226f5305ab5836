"""Ufuncs: the call, and the methods reduce, accumulate, outer, reduceat and at. Dtypes are NumPy's own, by trial."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from runtime.opdef import OpDef, Rule
from runtime.ops.arguments import Unknown, array_like, dtype_argument, either, quiet, result, typed
from runtime.types import WEAK_DTYPE, Mismatch, Shape, TensorType, array, broadcast, python, type_of


def foreign(function: np.ufunc, *args: Any, **kwargs: Any) -> Any:
    """A ufunc of another library's."""
    return function(*args, **kwargs)


def foreign_type(function: np.ufunc, *args: Any, **kwargs: Any) -> TensorType:
    if function.signature is not None:
        raise Unknown("a generalized ufunc")
    return elementwise_type(function, args, kwargs, function.nout)


def ufuncs() -> dict[str, np.ufunc]:
    """Every public elementwise ufunc of NumPy by name, aliases included; generalized ufuncs are in linalg."""
    found = {name: value for name, value in vars(np).items() if isinstance(value, np.ufunc) and value.signature is None}
    return dict(sorted(found.items()))


def elementwise(function: Callable[..., Any]) -> Rule:
    """The rule of a function that works item by item on its positional arguments, broadcast."""

    def rule(*args: Any, **kwargs: Any) -> TensorType:
        return elementwise_type(function, args, kwargs)

    return rule


def elementwise_type(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], results: int = 1
) -> TensorType:
    """dtype and kind come from a trial on one item, the shape from broadcasting."""
    shape, kind = broadcast_types(args)
    if any(_dtype_unknown(arg) for arg in args):
        return _unknown_dtype(shape, kind, results)
    outcome = one_item(function, args, kwargs)
    if outcome.is_python and isinstance(outcome.items, tuple):
        return python(outcome.dtype, tuple(_shaped(item.dtype, shape, kind) for item in outcome.items))
    if outcome.is_python:
        raise Unknown("objects")
    if shape == () and outcome.dtype is not None and outcome.dtype.kind not in "SUOV":
        return outcome
    return _shaped(outcome.dtype, shape, kind)


def broadcast_types(args: tuple[Any, ...]) -> tuple[Shape | None, Any]:
    """The broadcast shape of all arguments, and the result's kind where the shape does not tell it."""
    shapes = [typed(arg).shape if not _is_sequence(arg) else array_like(arg).shape for arg in args]
    kind = "array" if any(shapes) else None
    return broadcast(*shapes), kind


def _is_sequence(arg: Any) -> bool:
    known = typed(arg)
    return known.is_python and known.dtype not in WEAK_DTYPE


def _shaped(dtype: Any, shape: Shape | None, kind: Any) -> TensorType:
    if dtype is not None and dtype.kind in "SU":
        dtype = None
    made = result(dtype, shape)
    return array(dtype, None) if shape is None and kind == "array" else made


def _dtype_unknown(arg: Any) -> bool:
    known = typed(arg)
    return known.dtype is None or (_is_sequence(arg) and array_like(arg).dtype is None)


def _unknown_dtype(shape: Shape | None, kind: Any, results: int) -> TensorType:
    one = _shaped(None, shape, kind)
    return one if results == 1 else python(tuple, (one,) * results)


def one_item(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> TensorType:
    """The type of `function` on arrays of one item, of the arguments' kinds and dtypes."""
    given = tuple(kwargs.items())
    keys = [_stand_ins(arg) for arg in args]
    return either(_one_item(function, combination, given) for combination in itertools.product(*keys))


@lru_cache(maxsize=8192)
def _one_item(function: Callable[..., Any], keys: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> TensorType:
    with quiet():
        try:
            return type_of(function(*map(_proxy, keys), **dict(kwargs)))
        except TypeError as error:  # which dtypes alone decide
            raise Mismatch(str(error)) from None


def _stand_ins(arg: Any) -> list[tuple[Any, ...]]:
    """Keys of what stands for an argument: (kind, dtype, value); of one whose kind is unknown several.

    The kinds matter: NumPy's short cuts for powers tell scalars, arrays and arrays of no dims apart.
    """
    if isinstance(arg, np.ndarray) and arg.shape == ():
        return [("0-d", arg.dtype, arg.item())]
    if not isinstance(arg, (TensorType, list, tuple)):
        return [("constant", type(arg), repr(arg), arg)]
    known = typed(arg)
    if known.is_python and known.dtype in WEAK_DTYPE:
        return [("constant", known.dtype, "1", known.dtype(1))]
    if known.is_python:
        return [("array", array_like(known).dtype, 1)]
    kinds = ["array" if known.shape else "0-d"] if known.is_array else ["scalar"]
    if known.shape is None:
        kinds = ["array", "0-d"] if known.is_array else ["array", "0-d", "scalar"]
    elif known.kind is None:
        kinds = ["array"] if known.shape else ["0-d", "scalar"]
    return [(kind, known.dtype, 1) for kind in kinds]


def _proxy(key: tuple[Any, ...]) -> Any:
    kind, dtype, *value = key
    if kind == "constant":
        return value[1]
    if dtype.kind in "OV":
        raise Unknown("an object")
    one = np.full(1 if kind == "array" else (), value[0], dtype)
    return one[()] if kind == "scalar" else one


def ufunc_rule(ufunc: np.ufunc) -> Rule:
    def rule(*args: Any, out: Any = None, where: Any = True, dtype: Any = None, **kwargs: Any) -> TensorType:
        kwargs = {key: value for key, value in kwargs.items() if key in ("casting", "signature", "sig")}
        if dtype is not None:
            kwargs["dtype"] = dtype_argument(dtype)
            if kwargs["dtype"] is None:
                return _unknown_dtype(*broadcast_types(args[: ufunc.nin]), ufunc.nout)
        outs = given_outs(ufunc, args, out)
        made = elementwise_type(ufunc, args[: ufunc.nin], kwargs, ufunc.nout)
        others = (() if where is True else (where,)) + tuple(one for one in outs if one is not None)
        if others:
            made = _resized(made, broadcast_types(args[: ufunc.nin] + others))
        if not any(one is not None for one in outs):
            return made
        results = made.items if isinstance(made.items, tuple) else (made,)
        chosen = tuple(results[i] if one is None else typed(one) for i, one in enumerate(outs))
        return chosen[0] if ufunc.nout == 1 else python(tuple, chosen)

    return rule


def _resized(made: TensorType, sized: tuple[Shape | None, Any]) -> TensorType:
    if isinstance(made.items, tuple):
        return python(tuple, tuple(_shaped(item.dtype, *sized) for item in made.items))
    return _shaped(made.dtype, *sized)


def given_outs(ufunc: np.ufunc, args: tuple[Any, ...], out: Any) -> tuple[Any, ...]:
    """The `out` arguments of a ufunc call, positional or not; None where a new array is made."""
    outs = list(args[ufunc.nin :])
    if out is not None:
        known = typed(out)
        outs = list(out) if isinstance(out, tuple) else list(known.items) if _is_outs(known) else [out]  # type: ignore[arg-type]
    return tuple(outs + [None] * (ufunc.nout - len(outs)))


def _is_outs(known: TensorType) -> bool:
    return known.dtype is tuple and isinstance(known.items, tuple)


def rows() -> Iterator[OpDef]:
    for name, ufunc in ufuncs().items():
        yield OpDef("np." + name, ufunc, ufunc_rule(ufunc), domain=domain(ufunc))
    yield OpDef("ufunc", foreign, foreign_type)


def domain(ufunc: np.ufunc) -> str:
    """What a ufunc takes, by its loops."""
    taken = {loop.split("->")[0] for loop in ufunc.types}
    if any("D" in loop or "d" in loop for loop in taken):
        return "any"
    return "int" if any("l" in loop for loop in taken) else "bool"
