"""What try, with, match and raise become in converted code."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from dy2static import forms
from dy2static.attempts import Attempt, run_attempt, stage_attempt
from dy2static.attributes import attribute
from dy2static.builtin_forms import FORMS
from dy2static.calls import call
from dy2static.exceptions import raise_in_program
from dy2static.libraries import is_opaque_class
from dy2static.signals import Diverged
from dy2static.streams import Generator, Giver, Manager
from dy2static.trace import Trace, tracing
from dy2static.values import class_of, written_method
from runtime.tracer import TracingError, Variable

STAGED_MANAGERS = (np.errstate, warnings.catch_warnings)


def try_(body: Callable[[], Any], handlers: Any = (), orelse: Any = None, final: Any = None) -> None:
    trace = tracing()
    attempt = Attempt(body, handlers, orelse, final)
    if trace is None:
        run_attempt(attempt)
    else:
        stage_attempt(trace, attempt)


def with_(manager: Any, body: Callable[[Any], Any]) -> None:
    """`with manager`: `body` gets what entering it gives."""
    trace = tracing()
    if trace is None:
        with manager as value:
            body(value)
    elif isinstance(manager, Manager):
        with_generator(trace, manager.generator, body)
    else:
        call(forms.with_, manager, Giver(trace, body))


def with_generator(trace: Trace, generator: Generator, body: Callable[[Any], Any]) -> None:
    """The generator runs, with the body where it yields: there it also sees what the body raises."""
    if not generator.forms().once:
        raise TracingError(f"{generator.name}() does not yield once on every path, as a context manager has to")
    if not generator.begin(True):
        raise trace.own(RuntimeError("generator didn't yield"))
    generator.push(Giver(trace, body), stops=False, managed=True)


def enter(trace: Trace, manager: Any) -> Any:
    """The start of `with manager`."""
    if isinstance(manager, Variable) and is_entered_outside(manager):
        return trace.emit("enter", manager)
    return call_special(manager, "__enter__")


def call_special(manager: Any, name: str, *args: Any) -> Any:
    """A method of its class, whatever attribute the object has by this name."""
    method = written_method(manager, name)
    return call(attribute(manager, name), *args) if method is None else call(method, manager, *args)


def is_entered_outside(manager: Variable) -> bool:
    """Whether a context manager is none of the user's classes, whose methods are converted."""
    cls = class_of(manager)
    return cls is None or cls in STAGED_MANAGERS or is_opaque_class(cls)


def leave(trace: Trace, manager: Any, error: Any) -> Any:
    """The end of `with manager`; whether it swallows the exception."""
    if isinstance(manager, Variable) and is_entered_outside(manager):
        return trace.emit("leave", manager, error)
    kind = None if error is None else call(type, error)
    return call_special(manager, "__exit__", kind, error, None)


FORMS.update({forms.enter: enter, forms.leave: leave})




def stage_raise(trace: Trace, error: Any, cause: tuple[Any, ...]) -> None:
    raise_in_program(trace, error, cause)
    raise Diverged


def raised(error: Any, *cause: Any) -> BaseException:
    """What a raise statement raises, marked as the user's own."""
    trace = tracing()
    if isinstance(error, type) and issubclass(error, BaseException):
        error = call(error)
    if trace is not None and (isinstance(error, Variable) or any(isinstance(one, Variable) for one in cause)):
        stage_raise(trace, error, cause)
    if trace is not None:
        trace.own(error)
    if cause:
        error.__cause__ = cause[0]() if isinstance(cause[0], type) else cause[0]
    return error
