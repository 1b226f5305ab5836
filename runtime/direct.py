"""What many of NumPy's functions do in the end, called at once where the types of their arguments tell that they would.

    np.sum(x)        →        np.add.reduce(x, axis=None)        np.argmax(x)        →        x.argmax()

The function itself first asks whether its argument is an array, of what class, and which options were given: for a
small array that takes longer than the sum. Values, dtypes, layouts and errors are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from runtime.ir import Op, Slot

REDUCTIONS = {
    "np.sum": np.add, "np.prod": np.multiply, "np.max": np.maximum, "np.amax": np.maximum, "np.min": np.minimum,
    "np.amin": np.minimum,
}  # fmt: skip
# Functions that call the method of the same name, and how many arguments both take by their places.
METHODS = {
    "argmax": 2, "argmin": 2, "argsort": 2, "cumsum": 2, "cumprod": 2, "reshape": 2, "ravel": 1, "transpose": 2,
    "swapaxes": 3, "squeeze": 2, "repeat": 3, "take": 3, "nonzero": 1,
}  # fmt: skip
FLOATS = "fd"  # the codes of the dtypes that the functions below compute as NumPy does


@dataclass(frozen=True)
class Direct:
    """What is called in the place of an op's own kernel.

    method   whether it is the method of that name, of the first argument
    options  what is given to it besides
    of_some  whether it is for arrays that have items: of others NumPy warns, and at the line that calls it
    """

    name: str
    kernel: Callable[..., Any]
    method: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    of_some: bool = False


def direct(op: Op) -> Direct | None:
    """What can be called in the place of an op's kernel, with the same arguments; None where nothing can."""
    name, args, kwargs = op.definition.name, op.call.args, op.call.kwargs
    if name in MAKERS:
        return Direct(name, MAKERS[name]) if _is_plain_maker(op) else None
    is_array = bool(args) and _is_array(op, args[0])
    is_given = is_array or bool(args) and _is_list(op, args[0])
    if name in REDUCTIONS and is_given and kwargs.keys() <= {"axis", "keepdims"} and len(args) < 3:
        return Direct(f"{name}.reduce", REDUCTIONS[name].reduce, options={} if "axis" in kwargs or args[1:] else ALL)
    if not is_array:
        return None
    if name in PRODUCTS and not kwargs and len(args) == 2:
        return PRODUCTS[name] if _is_array(op, args[1]) else None
    if name == "np.clip" and not kwargs and len(args) == 3:
        return Direct("clip", np.ndarray.clip, method=True)
    if name == "np.copy" and not kwargs and len(args) == 1:
        return Direct("copy", np.ndarray.copy, method=True, options={"order": "K"})
    if not kwargs.keys() <= {"axis"}:
        return None
    if name in KERNELS and len(args) <= KERNELS[name][1]:
        return Direct(name, KERNELS[name][0], of_some=KERNELS[name][0] in OF_SOME)
    method = name.removeprefix("np.")
    if name != method and len(args) <= METHODS.get(method, 0):
        return Direct(method, getattr(np.ndarray, method), method=True)
    return None


ALL = {"axis": None}


def _is_array(op: Op, arg: Any) -> bool:
    known = op.inputs[arg.index].type if isinstance(arg, Slot) else None
    return known is not None and known.is_array and not known.maybe


def _is_list(op: Op, arg: Any) -> bool:
    """Of which NumPy's functions make an array."""
    known = op.inputs[arg.index].type if isinstance(arg, Slot) else None
    return type(arg) in (list, tuple) if known is None else known.dtype in (list, tuple) and not known.maybe


def _is_plain_maker(op: Op) -> bool:
    """Whether it fills an array of float64 with a number, or is a unit matrix of float64."""
    args = op.call.args
    if op.call.kwargs or len(args) != 1 + (op.definition.name == "np.full"):
        return False
    return len(args) == 1 or type(args[1]) is float or isinstance(args[1], Slot) and _is_float(op, args[1])


def _is_float(op: Op, slot: Slot) -> bool:
    known = op.inputs[slot.index].type
    return known.is_number and known.dtype is float


# Kernels


def mean(x: Any, axis: Any = None) -> Any:
    count = _count(x, axis)
    if not count:
        return np.mean(x, axis=axis)
    return _share(np.add.reduce(x, axis=axis), np.intp(count))


def _is_axis(x: Any, axis: Any) -> bool:
    return type(axis) is int and -x.ndim <= axis < x.ndim


def _count(x: Any, axis: Any) -> int:
    """How many items are reduced to one; 0 where that is left to NumPy."""
    if x.dtype.char not in FLOATS:
        return 0
    size: int = x.size if axis is None else x.shape[axis] if _is_axis(x, axis) else 0
    return size


def _share(total: Any, count: Any) -> Any:
    """`total` divided by a count, in its own dtype."""
    if type(total) is np.ndarray:
        return np.true_divide(total, count, out=total, casting="unsafe")
    return total.dtype.type(total / count)


def var(x: Any, axis: Any = None) -> Any:
    count = _count(x, axis)
    if not count or not x.ndim:
        return np.var(x, axis=axis)
    apart = x - _share(np.add.reduce(x, axis=axis, keepdims=True), np.intp(count))
    return _share(np.add.reduce(np.multiply(apart, apart, out=apart), axis=axis), np.intp(count))


def std(x: Any, axis: Any = None) -> Any:
    found = var(x, axis)
    return np.sqrt(found, out=found) if type(found) is np.ndarray else np.sqrt(found)


def norm(x: Any, axis: Any = None) -> Any:
    if axis is not None or x.dtype.char not in FLOATS:
        return np.linalg.norm(x, axis=axis)
    flat = x.ravel(order="K")
    return np.sqrt(flat.dot(flat))


def diff(x: Any, axis: Any = -1) -> Any:
    if type(axis) is not int or axis not in (-1, x.ndim - 1) or not x.ndim or x.dtype.char not in FLOATS:
        return np.diff(x, axis=axis)
    return np.subtract(x[..., 1:], x[..., :-1])


def roll(x: Any, shift: Any, axis: Any = None) -> Any:
    if type(shift) is not int or axis is not None and not _is_axis(x, axis):
        return np.roll(x, shift, axis)
    if axis is None:
        return roll(x.ravel(), shift, 0).reshape(x.shape)
    size = x.shape[axis]
    by = shift % size if size else 0
    before = (slice(None),) * (axis % x.ndim)
    made = np.empty_like(x)
    made[(*before, slice(by, None))] = x[(*before, slice(None, size - by))]
    made[(*before, slice(None, by))] = x[(*before, slice(size - by, None))]
    return made


def zeros_like(x: Any) -> Any:
    return np.zeros(x.shape, x.dtype) if x.flags.c_contiguous and x.dtype.char in FLOATS else np.zeros_like(x)


def ones(shape: Any) -> Any:
    made = np.empty(shape)
    made.fill(1.0)
    return made


def full(shape: Any, value: Any) -> Any:
    made = np.empty(shape)
    made.fill(value)
    return made


def outer(x: Any, y: Any) -> Any:
    return np.multiply(x.ravel()[:, None], y.ravel()[None, :])


def eye(n: Any) -> Any:
    if type(n) is not int or n < 1:
        return np.eye(n)
    made = np.zeros((n, n))
    made.ravel()[:: n + 1] = 1.0
    return made


# By the names of ops; how many arguments they take by their places.
KERNELS: dict[str, tuple[Callable[..., Any], int]] = {
    "np.mean": (mean, 2), ".mean": (mean, 2), "np.var": (var, 2), ".var": (var, 2), "np.std": (std, 2),
    ".std": (std, 2), "np.linalg.norm": (norm, 1), "np.diff": (diff, 1), "np.roll": (roll, 3),
    "np.zeros_like": (zeros_like, 1),
}  # fmt: skip
OF_SOME = frozenset({mean, var, std})
MAKERS: dict[str, Callable[..., Any]] = {"np.ones": ones, "np.full": full, "np.eye": eye, "np.identity": eye}
PRODUCTS = {"np.outer": Direct("np.outer", outer), "np.dot": Direct("dot", np.ndarray.dot, method=True)}
