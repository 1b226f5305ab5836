"""Objects of the user's that stand for numbers: C asks their `__index__` and `__float__`, which are converted here.

items[offset], items[offset:], range(offset)    →    items[offset.__index__()], …
math.sqrt(length)                               →    math.sqrt(length.__float__())
"""

from __future__ import annotations

import builtins
import math
import operator
from typing import Any

import numpy as np

from dy2static.protocols import given
from dy2static.trace import Trace
from dy2static.values import is_hashable, python_class, written_method
from runtime.tracer import Variable

INDEXED = {
    builtins.range, builtins.bin, builtins.hex, builtins.oct, builtins.chr, operator.index, math.gcd, math.lcm,
    math.comb, math.perm, math.factorial, math.isqrt, np.zeros, np.ones, np.empty, np.full, np.arange, np.eye,
}  # fmt: skip
NUMBERS: dict[Any, tuple[str, ...]] = {
    int: ("__int__", "__index__"),
    float: ("__float__", "__index__"),
    complex: ("__complex__", "__float__", "__index__"),
}


def index_of(trace: Trace, value: Any) -> Any:
    """`value`, or the number that it stands for as an index; in slices and tuples too."""
    if value is None or isinstance(value, (int, str, Variable)):
        return value
    if isinstance(value, slice):
        parts = [value.start, value.stop, value.step]
        known = [index_of(trace, part) for part in parts]
        return value if all(map(operator.is_, parts, known)) else slice(*known)
    if type(value) is tuple:
        return tuple(index_of(trace, part) for part in value)
    return number_of(trace, value, ("__index__",))


def number_of(trace: Trace, value: Any, names: tuple[str, ...]) -> Any:
    """What the first of these methods gives that the class of `value` has, if it is the user's; else `value`."""
    cls = python_class(value)
    name = next((name for name in names if hasattr(cls, name)), "")
    method = written_method(value, name)
    return value if method is None else given(trace, name, str(cls and cls.__name__), trace.call(method, (value,), {}))


def with_numbers(trace: Trace, function: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments of a function written in C that takes numbers."""
    if not is_hashable(function) or not args:
        return args
    if function in INDEXED:
        return tuple(index_of(trace, arg) for arg in args)
    if function in NUMBERS:
        return (number_of(trace, args[0], NUMBERS[function]), *args[1:])
    if function is round:
        return (args[0], *(index_of(trace, arg) for arg in args[1:]))
    if getattr(function, "__module__", None) == "math" and function is not math.trunc:
        return tuple(float_of(trace, arg) for arg in args)
    if getattr(function, "__module__", None) == "cmath":
        return tuple(number_of(trace, arg, NUMBERS[complex]) for arg in args)
    return args


def float_of(trace: Trace, value: Any) -> Any:
    """`value`, or the number that it stands for; in a list of numbers too."""
    if type(value) in (list, tuple) and any(written_method(one, "__float__") for one in value):
        return [float_of(trace, one) for one in value]
    return number_of(trace, value, NUMBERS[float])
