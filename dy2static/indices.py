"""Objects of the user's that stand for numbers: C asks their `__index__` and `__float__`, which are converted here.

items[offset], items[offset:], range(offset)    →    items[offset.__index__()], …
math.sqrt(length)                               →    math.sqrt(length.__float__())
"""

from __future__ import annotations

import builtins
import math
import operator
from collections.abc import Callable
from types import NoneType
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
        parts = (value.step, value.start, value.stop)  # as they are asked
        step, start, stop = known = in_order(trace, parts, index_of, INTEGERS)
        return value if all(map(operator.is_, parts, known)) else slice(start, stop, step)
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
    """The arguments of a function written in C that takes numbers, which it asks in their order."""
    if not is_hashable(function) or not args:
        return args
    if function in INDEXED:
        return in_order(trace, args, index_of, INTEGERS)
    if function in NUMBERS:
        return (number_of(trace, args[0], NUMBERS[function]), *args[1:])
    if function is round:
        return (args[0], *(index_of(trace, arg) for arg in args[1:]))
    if getattr(function, "__module__", None) == "math" and function is not math.trunc:
        return in_order(trace, args, float_of, REALS)
    if getattr(function, "__module__", None) == "cmath":
        return in_order(trace, args, lambda trace, arg: number_of(trace, arg, NUMBERS[complex]), (object,))
    return args


INTEGERS = (int, np.integer, NoneType)
REALS = (int, float, np.integer, np.floating, np.bool_, list, tuple)


def in_order(
    trace: Trace, args: tuple[Any, ...], convert: Callable[[Trace, Any], Any], taken: tuple[type, ...]
) -> tuple[Any, ...]:
    """The arguments as numbers, up to the first that the function refuses: it asks none after that."""
    made: list[Any] = []
    for arg in args:
        made.append(convert(trace, arg))
        cls = python_class(made[-1])
        if cls is not None and not issubclass(cls, taken):
            break
    return (*made, *args[len(made) :])


def asks_in_its_own_way(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a function written in C asks objects of the user's for numbers in a way that only itself knows."""
    if not is_hashable(function):
        return False
    module = getattr(function, "__module__", None)
    is_alone = len(args) + len(kwargs) == 1
    if function in (complex, math.log) and not is_alone:
        return any(map(stands_for_number, (*args, *kwargs.values())))
    if function not in INDEXED and module not in ("math", "cmath"):
        return False
    is_known = not kwargs and function not in OWN_WAYS and function.__module__ != "numpy"
    if is_known and (is_alone or all(python_class(arg) is not None for arg in args)):
        return False
    return any(map(stands_for_number, (*args, *kwargs.values())))


OWN_WAYS = {math.ldexp, math.dist, math.isclose, math.fsum, math.prod, getattr(math, "sumprod", math.prod)}


def stands_for_number(value: Any) -> bool:
    if type(value) in (list, tuple):
        return any(map(stands_for_number, value))
    return any(written_method(value, name) is not None for name in ("__float__", "__index__", "__complex__"))


def float_of(trace: Trace, value: Any) -> Any:
    """`value`, or the number that it stands for; in a list of numbers too."""
    if type(value) in (list, tuple) and any(written_method(one, "__float__") for one in value):
        return [float_of(trace, one) for one in value]
    return number_of(trace, value, NUMBERS[float])
