"""Calls of Python that is no part of the program: the program makes them each time it runs, with the real values.

noisy(x)       of a function marked @not_to_static        →    v = python(noisy, x)
next(stream)   and stream.read() of an object with state  →    v = python(next, stream); v = method(stream, "read")

Such a call may change whatever it reaches. So what the program takes for granted of globals and attributes is read
anew wherever it is read, in a program that calls the user's own Python.
"""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from dy2static.history import is_data, is_mixed
from dy2static.libraries import FRAMES, OutsideMethod, calls_the_user, is_of_a_library, is_opaque_class
from dy2static.lines import CODES
from dy2static.objects import is_instance, map_items
from dy2static.places import Place
from dy2static.trace import Trace
from runtime.ir import Constant
from runtime.tracer import TracingError, Variable
from runtime.types import ANY, python

MARK = "__dy2static_as_is__"


def is_as_is(function: Any) -> bool:
    """Whether a function, class or object is marked, or stands in a module that is."""
    if MARK in getattr(function, "__dict__", ()):
        return True
    if not isinstance(function, (FunctionType, type)):
        return not isinstance(function, ModuleType) and MARK in vars(type(function))
    return is_in_marked_module(function.__module__ or "")


_marked_modules: set[str] = set()


def mark_module(module: ModuleType) -> None:
    _marked_modules.add(module.__name__)


def is_in_marked_module(name: str) -> bool:
    if not _marked_modules:
        return False
    parts = name.split(".")
    return any(".".join(parts[: count + 1]) in _marked_modules for count in range(len(parts)))


def call_outside(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Stages a call of Python as it is."""
    if getattr(function, "__name__", "") in FRAMES and is_of_a_library(function):
        raise TracingError(f"{function.__name__}() looks at the frames of running Python, and a program has none")
    if isinstance(function, MethodType):
        function, args = function.__func__, (function.__self__, *args)
    if not is_of_a_library(function) or any(map(reaches_the_user, (*args, *kwargs.values()))):
        expect_changes(trace)
    called = real(trace, function)
    return trace.emit("python", called, *real(trace, args), **real(trace, kwargs))


def call_method_outside(trace: Trace, method: OutsideMethod, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if calls_the_user(method.owner.type.dtype) or any(map(reaches_the_user, (*args, *kwargs.values()))):
        expect_changes(trace)
    return trace.emit("method", method.owner, method.name, *real(trace, args), **real(trace, kwargs))


def reaches_the_user(value: Any) -> bool:
    """Whether an argument may lead a library's function to the user's own Python."""
    if isinstance(value, (tuple, list)):
        return any(map(reaches_the_user, value))
    if isinstance(value, Variable):
        return value.type.dtype is not None and value.type.is_python and calls_the_user(value.type.dtype)
    return is_instance(value) or isinstance(value, (FunctionType, MethodType))


def expect_changes(trace: Trace) -> None:
    """From now on nothing outside of the program is taken to stay as it is while the program runs."""
    if not trace.assumptions.outside:
        trace.assumptions.outside = True
        trace.restart()


def may_change(trace: Trace, value: Any, place: Place) -> bool:
    """Whether a global, captured name or attribute has to be read when the program comes to it."""
    if not trace.assumptions.outside or place in trace.assumptions.volatile:
        return False
    changes = is_data(value) or is_opaque_class(type(value)) or is_mixed(value)
    if changes:
        trace.assumptions.volatile[place] = python(type(value)) if is_opaque_class(type(value)) else ANY
    return changes


def real(trace: Trace, value: Any) -> Any:
    """An argument of such a call: containers and objects are the ones they are, functions the user's own."""
    value = trace.resolve(value)
    if isinstance(value, (Variable, type, np.ufunc)):
        return value
    if isinstance(value, (FunctionType, BuiltinFunctionType, ModuleType)) or callable(value) and not is_instance(value):
        return real_function(trace, value)
    if callable(value) and trace.place_of(value) is None and id(value) not in trace.born:
        return real_function(trace, value)  # an object of a library, or one that is marked
    if isinstance(value, tuple):
        if trace.place_of(value) is not None:
            return trace.opaque(value)
        return map_items(lambda one: real(trace, one), value)
    if isinstance(value, dict) and trace.place_of(value) is None and id(value) not in trace.born:
        return {key: real(trace, item) for key, item in value.items()}  # keyword arguments
    if trace.place_of(value) is not None and not isinstance(value, (str, bytes)):
        return trace.opaque(value)
    return trace.lift(value)


def real_function(trace: Trace, function: Any) -> Variable:
    code = getattr(function, "__code__", None)
    if code in CODES:
        raise TracingError(
            f"{function.__name__}() is defined inside of converted code, and Python that is called as it is cannot "
            "call it back"
        )
    name = getattr(function, "__name__", None) or type(function).__name__
    if trace.place_of(function) is None or isinstance(function, (FunctionType, BuiltinFunctionType, ModuleType)):
        return Variable(Constant(function, python(type(function)), name), trace)
    return trace.opaque(function)


