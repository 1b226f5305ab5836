"""A function that is chosen when the program runs: one of several that are known while tracing, and a number.

    f = np.sin if c else helper            index: int = cond(c) then { return 0 } else { return 1 }
    f(x)                            →      v: ? = cond(index == 0) then { sin(x) } else { what helper(x) does }
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import BuiltinFunctionType, CellType, FunctionType, MethodType
from typing import Any

import numpy as np

from dy2static.objects import Inner
from dy2static.trace import Trace
from runtime.ir import Missing
from runtime.tracer import StagedMethod, Variable
from runtime.types import UNDEFINED

PLAIN = (type(None), bool, int, float, str, type(UNDEFINED), Missing)


class Choice(Inner):
    """One of `options`, by the number that `index` has when the program runs."""

    def __init__(self, options: tuple[Any, ...], index: Variable, choose: Callable[..., Any]):
        self.options = options
        self.index = index
        self.choose = choose

    def lifted(self, trace: Any) -> Variable:
        return trace.emit("getitem", self.options, self.index)

    def use(self, function: Callable[[Any], Any]) -> Any:
        """What `function` gives for the option that it is; a branch for each."""
        return self.choose(self.index, [functools.partial(function, option) for option in self.options])

    def __str__(self) -> str:
        return f"one of {', '.join(getattr(one, '__name__', repr(one)) for one in self.options)}"


def is_choice(value: Any) -> bool:
    return isinstance(value, Choice)


def is_function(value: Any) -> bool:
    callables = (FunctionType, MethodType, BuiltinFunctionType, type, np.ufunc, functools.partial, StagedMethod)
    return isinstance(value, callables) or type(value).__name__ == "_ArrayFunctionDispatcher"


def can_choose(trace: Trace, values: Any) -> bool:
    """Whether values are options: functions, and what may stand beside one, made of nothing that only a branch sees."""
    options = [option for value in values for option in (value.options if is_choice(value) else (value,))]
    return any(map(is_function, options)) and all(is_option(trace, option) for option in options)


def is_option(trace: Trace, value: Any) -> bool:
    return isinstance(value, PLAIN) or is_function(value) and is_seen(trace, value)


def is_seen(trace: Trace, value: Any, depth: int = 4) -> bool:
    """Whether all that a function is made of is there at this depth of regions, too."""
    if isinstance(value, Variable):
        return trace.depths.get(value.value, 0) <= trace.depth
    parts: tuple[Any, ...] = ()
    if isinstance(value, FunctionType):
        cells = [contents(cell) for cell in value.__closure__ or ()]
        parts = (*cells, *(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
    elif isinstance(value, functools.partial):
        parts = (value.func, *value.args, *value.keywords.values())
    elif isinstance(value, StagedMethod):
        parts = (value.variable,)
    elif isinstance(value, (MethodType, BuiltinFunctionType)):
        parts = (value.__self__,)
    elif isinstance(value, (tuple, list)):
        parts = tuple(value)
    is_old = id(value) not in trace.born or trace.born[id(value)][1] <= trace.depth or is_function(value)
    return is_old and (depth == 0 or all(is_seen(trace, part, depth - 1) for part in parts))


def contents(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None
