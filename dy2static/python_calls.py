"""Calls of functions that are written in Python: the user's are converted when they are reached, those of a library run
now or are called by the program.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from abc import ABCMeta
from collections.abc import Callable
from contextlib import contextmanager
from types import CodeType, FunctionType, NoneType
from typing import Any

import numpy as np

from dy2static import forms, heaps, lazy_forms, sorting, taking_forms
from dy2static.errors import ConversionError
from dy2static.libraries import OUTSIDE, is_pure
from dy2static.lines import CODES, Lines
from dy2static.native import native
from dy2static.objects import is_instance
from dy2static.outside import call_outside, real
from dy2static.places import root_object
from dy2static.recursion import call_recursive, is_recursive
from dy2static.signature import own_signature
from dy2static.streams import Generator, Manager, start
from dy2static.trace import Trace
from dy2static.values import mentions, python_class, reads_objects
from runtime.tracer import TracingError, Variable
from runtime.types import NUMBERS

# Rooms of functions that are converted as the user's own are; so are those of runtime.nn.
WRITTEN_HERE = tuple(room.__name__ for room in (forms, taking_forms, lazy_forms, heaps, sorting))


def call_python(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    module = (function.__module__ or "").split(".")[0]
    is_library = module in sys.stdlib_module_names or module in ("numpy", "dy2static", "runtime")
    is_library = is_library and function.__module__ not in WRITTEN_HERE and module_of(function) != "runtime.nn"
    wrapped = getattr(function, "__wrapped__", None)
    if function.__code__ is MANAGED and isinstance(wrapped, FunctionType):
        return Manager(start_generator(trace, wrapped, args, kwargs))
    if function.__code__ is UNDER_ERRSTATE and isinstance(wrapped, FunctionType):
        return trace.call(forms.under_errstate, (*errstate_of(function), wrapped, args, kwargs), {})
    if function in OF_CLASSES and len(args) == 1 and (cls := python_class(args[0])) is not None:
        return native(trace, function, args[0] if cls is type else cls)
    if function is ABCMeta.register:
        check_registration(trace, *args, **kwargs)
    if is_library and not is_method_of(function, args) and module not in ("dy2static", "runtime"):
        staged = mentions(args) or mentions(kwargs)
        acts = not is_pure(function) and (not staged or module in OUTSIDE)
        if acts or reads_objects(trace, (*args, *kwargs.values())):
            return call_outside(trace, function, args, kwargs)
        if not staged:
            return native(trace, function, *args, **kwargs)
    if is_library and module in ("dy2static", "runtime") and not (mentions(args) or mentions(kwargs)):
        return native(trace, function, *args, **kwargs)
    if not trace.has_source(function) and not is_made_by_library(function):
        made = ConversionError(
            f"{function.__qualname__}() cannot be converted: its source is not there",
            "put it into a file and import it from there, or mark it @not_to_static",
            trace.location(),
        )
        raise made
    if is_generated_repr(function) and args and dataclasses.is_dataclass(python_class(args[0])):
        return call_python(trace, forms.dataclass_repr, args, kwargs)
    if not trace.has_source(function):
        is_of_objects = any(isinstance(arg, Variable) or is_instance(arg) for arg in args)
        if function.__name__ not in ("__init__", "__new__") and is_of_objects:
            return call_generated(trace, function, args, kwargs)
        return native(trace, function, *args, **kwargs)
    if function.__code__.co_flags & inspect.CO_GENERATOR:
        return start_generator(trace, function, args, kwargs)
    args, kwargs = with_defaults(trace, function, args, kwargs)
    converted = trace.instantiate(function)
    if is_recursive(trace, function, (args, kwargs)):
        return call_recursive(trace, function, args, kwargs, converted)
    origin = CODES.get(function.__code__)
    is_part = origin is not None and origin.generated
    trace.calls.append((function.__code__, trace.depth))
    try:
        with trace.started(trace.starts[-1] if is_part else trace.depth):
            if is_part:
                return converted(*args, **kwargs)
            return trace.lines.below(trace.lines.here(), converted, args, kwargs)
    except TypeError as error:
        if does_not_fit(error):
            trace.own(error)
        raise
    finally:
        trace.calls.pop()


def check_registration(trace: Trace, cls: type, subclass: Any) -> None:
    """Refuses to register a class where that would last, or is done only when the program runs."""
    if id(cls) in trace.born:
        is_done_now = trace.birth(cls) == trace.depth
    else:
        is_done_now = id(subclass) in trace.born and trace.depth == 0
    if not is_done_now or cls in trace.asked_for:
        what = "in a branch or loop, of what stands outside, or after objects of the program were asked for it"
        raise TracingError(f"{cls.__name__}.register() {what}: register classes outside of the function")


def does_not_fit(error: BaseException) -> bool:
    """Whether the call itself has failed: the arguments do not fit the parameters."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback is not None and traceback.tb_frame.f_code in (call_python.__code__, Lines.below.__code__)


OF_CLASSES = {dataclasses.fields, dataclasses.is_dataclass}  # they look at the class of an object only


def module_of(function: FunctionType) -> str:
    """The package or module, two names deep, that a function stands in."""
    return ".".join((function.__module__ or "").split(".")[:2])


def is_method_of(function: FunctionType, args: tuple[Any, ...]) -> bool:
    """Whether it is called as a method of an object that is its attributes: it is converted, as the user's own."""
    if not args or not is_instance(args[0]):
        return False
    return any(vars(base).get(function.__name__) is function for base in type(args[0]).__mro__)


def with_defaults(
    trace: Trace, function: FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments with the function's defaults, which are read where they stand at every call."""
    if not (function.__defaults__ or function.__kwdefaults__) or function.__code__ in CODES:
        return args, kwargs
    signature = own_signature(function)
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise trace.own(error)
    place = root_object(function, function.__name__)
    named = list(signature.parameters)
    first = function.__code__.co_argcount - len(function.__defaults__ or ())
    for name, parameter in signature.parameters.items():
        if name in bound.arguments or parameter.default is inspect.Parameter.empty:
            continue
        if parameter.kind is parameter.KEYWORD_ONLY:
            at = place.attribute("__kwdefaults__").item(name)
        else:
            at = place.attribute("__defaults__").item(named.index(name) - first)
        is_simple = isinstance(parameter.default, (*NUMBERS, str, type(None)))
        bound.arguments[name] = parameter.default if is_simple else trace.admit(parameter.default, at)
    bound.arguments = {name: bound.arguments[name] for name in named if name in bound.arguments}
    return bound.args, bound.kwargs


def start_generator(trace: Trace, function: FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Generator:
    args, kwargs = with_defaults(trace, function, args, kwargs)
    return start(trace, function, args, kwargs)


def call_generated(trace: Trace, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A method that a library has made for a class of the user's: its text, or a comparison of its fields."""
    return trace.emit("python", *real(trace, (function, *args)), **real(trace, kwargs))


def is_made_by_library(function: FunctionType) -> bool:
    """Whether a function without source was written by the standard library: methods of dataclasses, named tuples."""
    name = function.__name__
    return name.startswith("__") and name.endswith("__") or (function.__module__ or "").startswith("namedtuple")


def is_generated_repr(function: FunctionType) -> bool:
    """Whether `dataclass` has written a method __repr__."""
    wrapped = getattr(function, "__wrapped__", None)
    is_wrapped = isinstance(wrapped, FunctionType) and wrapped.__code__.co_filename.startswith("<")
    return function.__name__ == "__repr__" and is_wrapped


def iter_nothing() -> Any:
    """A generator, to ask what generators are."""
    yield


MANAGED: CodeType = contextmanager(iter_nothing).__code__
UNDER_ERRSTATE: CodeType = np.errstate()(iter_nothing).__code__


def errstate_of(function: FunctionType) -> tuple[Any, ...]:
    """What a function that np.errstate decorates is run under: the arguments of np.errstate."""
    manager = inspect.getclosurevars(function).nonlocals["self"]
    if not isinstance(getattr(manager, "_call", None), (NoneType, type(getattr(np.errstate(), "_call", None)))):
        raise TracingError("np.errstate(call=…) calls back while the program runs, and a program has no op for it")
    return tuple(getattr(manager, f"_{name}") for name in ("all", "divide", "over", "under", "invalid"))
