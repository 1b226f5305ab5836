"""Plain Python that is run now, while tracing: what it makes is noted as made here, what it raises is the user's."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from dy2static.objects import state_of
from dy2static.signals import STAND_INS
from dy2static.trace import Trace
from runtime.tracer import TracingError, Variable


def native(trace: Trace, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Calls plain Python; what it raises is what the user's program raises."""
    try:
        made = function(*args, **kwargs)
        if isinstance(made, str) and "<Variable" in made:
            raise TracingError(f"{function_name(function)} writes values as text that are known when the program runs")
        return made_here(trace, made)
    except Exception as error:
        if not isinstance(error, TracingError) and not any(name in str(error) for name in STAND_INS):
            trace.own(error)  # else it is Python that cannot do with a Variable what it does with its value
        raise


def made_here(trace: Trace, result: Any) -> Any:
    if trace.assumptions.scalars and isinstance(result, np.generic):
        return trace.lift(result)
    is_made = isinstance(result, (list, dict, set, functools._lru_cache_wrapper)) or hasattr(type(result), "__next__")
    if is_made and not isinstance(result, Variable) and id(result) not in trace.born:
        trace.bear(result)
    if type(result) is tuple:
        bear_items(trace, result)
    return result


def bear_state(trace: Trace, made: Any) -> None:
    """Notes the containers that an `__init__` without source, as that of a dataclass, has made."""
    bear_items(trace, state_of(made).values())


def bear_items(trace: Trace, items: Iterable[Any]) -> None:
    """Notes the containers among items that have just been made."""
    for value in items:
        is_known = id(value) in trace.born or trace.place_of(value) is not None
        if isinstance(value, (list, dict, set, deque)) and not is_known:
            trace.bear(value)


def function_name(function: Any) -> str:
    name = getattr(function, "__qualname__", None) or type(function).__name__
    module = getattr(function, "__module__", None)
    return f"{module}.{name}()" if module and module != "builtins" else f"{name}()"
