"""Hooks at what is made: containers, functions, and classes, which Python makes while tracing."""

from __future__ import annotations

import dis
import inspect
import sys
from types import FunctionType
from typing import Any

import numpy as np

from dy2static.calls import call
from dy2static.libraries import is_of_a_library
from dy2static.lines import CODES
from dy2static.native import native
from dy2static.trace import Trace, tracing
from dy2static.values import class_of
from runtime.tracer import TracingError, Variable


def new(made: Any) -> Any:
    """Notes where a container was made."""
    trace = tracing()
    if trace is not None and isinstance(made, type) and (hook := hook_of(made)) is not None:
        raise TracingError(f"making {made.__name__} calls {hook}, and a program cannot make a class")
    return made if trace is None else trace.bear(made)


def decorator(function: Any) -> Any:
    """What a decorator is called by: the user's are converted, as all that converted code calls."""
    trace = tracing()
    if trace is None:
        return function
    if is_of_a_library(getattr(function, "func", function)):
        return lambda made: decorated(trace, function, made)
    return lambda made: call(function, new(made))


def decorated(trace: Trace, function: Any, made: Any) -> Any:
    """What a decorator of a library gives; `dataclass` refuses defaults without a hash, from Python 3.11 on."""
    if sys.version_info >= (3, 11) and isinstance(made, type) and function.__module__ == "dataclasses":
        for name, value in vars(made).items():
            if isinstance(value, Variable) and class_of(value) is np.ndarray and name in annotated(made):
                message = f"mutable default {np.ndarray} for field {name} is not allowed: use default_factory"
                raise trace.own(ValueError(message))
    return native(trace, function, made)


def annotated(cls: type) -> Any:
    return vars(cls).get("__annotations__", ())


def hook_of(cls: type) -> str | None:
    """The hook of the user's, written outside of the program, that Python has called when it made the class."""
    places = [(base, "__init_subclass__") for base in cls.__mro__[1:]]
    places += [(base, name) for base in inspect.getmro(type(cls)) for name in ("__prepare__", "__new__", "__init__")]
    places += [(base, "__set_name__") for value in vars(cls).values() for base in type(value).__mro__]
    for base, name in places:
        found = vars(base).get(name)
        function = getattr(found, "__func__", found)
        if isinstance(function, FunctionType) and not (is_of_a_library(base) or function.__code__ in CODES):
            if name != "__set_name__" or not sets_attributes_only(function):
                return name
    return None


def sets_attributes_only(function: FunctionType) -> bool:
    """Whether a function does nothing to anything but its arguments, and calls none."""
    acts = ("CALL", "PRECALL", "STORE_GLOBAL", "STORE_DEREF", "STORE_SUBSCR", "DELETE", "LOAD_GLOBAL", "LOAD_DEREF")
    return not any(step.opname.startswith(acts) for step in dis.get_instructions(function))
