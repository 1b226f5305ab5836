"""Ops that act on something besides their result: print, raise, assert, attribute writes, clocks, random numbers.

`writes` tells of any call whether it changes an argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from runtime.ir import Call
from runtime.opdef import OpDef
from runtime.ops import reduction
from runtime.types import TensorType, python

SETTABLE = ("shape", "dtype", "flat", "real", "imag", "strides", "writeable")
MISSING = object()
NOTHING: Mapping[str, Any] = {}


def raise_(error: Any, *args: Any, cause: Any = MISSING) -> Any:
    """`raise error(*args) from cause`; `error` is a class or an exception."""
    made = error(*args) if isinstance(error, type) else error
    if cause is MISSING:
        raise made
    raise made from cause


def caught(cls: type[BaseException], args: tuple[Any, ...], named: Mapping[str, Any] = NOTHING) -> BaseException:
    """An exception that was caught, or made, while the program was traced."""
    return cls(*args, **named)


def assert_(test: Any, *message: Any) -> None:
    """`assert test, message`."""
    if not test:
        raise AssertionError(*message)


def set_attribute(x: Any, name: str, value: Any) -> None:
    """`x.name = value`, for the attributes of arrays that can be set."""
    if name not in SETTABLE:
        raise AttributeError(f"a program cannot set the attribute {name!r}")
    setattr(x, name, value)


def none_type(*args: Any, **kwargs: Any) -> TensorType:
    return python(type(None))


# The place of `out` among the positional arguments, the array counted; reductions know their own.
OUT_PLACES = {
    "clip": 3, "take": 3, "compress": 3, "choose": 2, "dot": 2, "outer": 2, "concatenate": 2, "concat": 2,
    "trace": 5, "round": 2, "around": 2, "fix": 1, "isposinf": 1, "isneginf": 1, "matmul": 2, "percentile": 3,
    "quantile": 3, "nanpercentile": 3, "nanquantile": 3,
}  # fmt: skip
OVERWRITERS = set("median nanmedian percentile quantile nanpercentile nanquantile byteswap nan_to_num".split())
SHUFFLERS = {"np.random.shuffle", ".shuffle", "random.shuffle"}


def writes(definition: OpDef, call: Call) -> bool:
    """Whether this call of the row changes one of its arguments, be it by its nature or by `out=`."""
    name = definition.name
    if definition.effect == "write" or name in SHUFFLERS or name in ("python", "method"):
        return True
    if call.kwargs.get("out") is not None or _positional_out(name, call.args) is not None:
        return True
    last = name.rpartition(".")[2]
    return last in OVERWRITERS and _overwrites(last, call)


def targets(definition: OpDef, call: Call) -> list[Any]:
    """The arguments that a call of `writes` changes, and the generator that one draws from."""
    name = definition.name
    outs = [call.kwargs.get("out"), _positional_out(name, call.args)]
    if name in SHUFFLERS:
        return list(call.args[:2])
    if definition.effect == "write" or definition.effect == "random" and name.startswith("."):
        return [*call.args[:1], *outs]
    last = name.rpartition(".")[2]
    return [*(call.args[:1] if last in OVERWRITERS and _overwrites(last, call) else ()), *outs]


def _positional_out(name: str, args: tuple[Any, ...]) -> Any:
    if not name.startswith(("np.", ".")):
        return None
    last = name.rpartition(".")[2]
    ufunc = getattr(np, last, None) if name == "np." + last and last in vars(np) else None
    if isinstance(ufunc, np.ufunc):
        return next((out for out in args[ufunc.nin :] if out is not None), None)
    names = (reduction.FUNCTIONS | reduction.CUMULATIVE | reduction.UFUNC_METHODS).get(last, "").split()
    place = names.index("out") + 1 if "out" in names else OUT_PLACES.get(last)
    return args[place] if place is not None and len(args) > place else None


def _overwrites(last: str, call: Call) -> bool:
    if last == "byteswap":
        return bool(call.kwargs.get("inplace") or call.args[1:2] == (True,))
    if last == "nan_to_num":
        return call.kwargs.get("copy") is False or call.args[1:2] == (False,)
    place = 3 if last in ("median", "nanmedian") else 4
    return bool(call.kwargs.get("overwrite_input") or (len(call.args) > place and call.args[place]))


def rows() -> Iterator[OpDef]:
    yield OpDef("print", print, none_type, effect="io")
    yield OpDef("breakpoint", breakpoint, none_type, effect="io")
    yield OpDef("raise", raise_, effect="raise")
    yield OpDef("caught", caught)
    yield OpDef("assert", assert_, none_type, effect="io")
    yield OpDef("setattr", set_attribute, none_type, effect="write")
    for name in ("copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis"):
        yield OpDef("np." + name, getattr(np, name), none_type, effect="write")
