"""The decorators: `to_static` and `not_to_static`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, TypeVar, overload

from dy2static.errors import ConversionError
from dy2static.outside import MARK, mark_module
from dy2static.signature import InputSpec
from dy2static.source import source_of
from dy2static.static_function import StaticFunction
from runtime.ops import name_of

T = TypeVar("T")


@overload
def to_static(function: Callable[..., Any], *, input_spec: Sequence[InputSpec] | None = None) -> StaticFunction: ...
@overload
def to_static(
    function: None = None, *, input_spec: Sequence[InputSpec] | None = None
) -> Callable[[Callable[..., Any]], StaticFunction]: ...
def to_static(function: Any = None, *, input_spec: Sequence[InputSpec] | None = None) -> Any:
    """Turns a function of NumPy arrays and Python numbers into one that runs as a static program.

    Use it bare (`@to_static`), with types (`@to_static(input_spec=[InputSpec(("n",), "float32", "x")])`), or on any
    function,
    method, lambda or callable object (`to_static(f)`). The first call with arguments of new kinds traces a program.

    Raises ConversionError for what cannot be converted: no Python source, a generator, `async`.
    """
    if function is None:
        return lambda function: to_static(function, input_spec=input_spec)
    if isinstance(function, StaticFunction):
        return function
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(to_static(function.__func__, input_spec=input_spec))
    if name_of(function) is not None:
        reason = (
            f"{function.__name__} cannot be converted: it is an operation of the program itself, and no Python of yours"
        )
        raise ConversionError(reason, "call it from a Python function of your own, and convert that")
    made = StaticFunction(function, input_spec)
    source_of(made.plain)
    return made


def not_to_static(function: T) -> T:
    """Marks a function, class or module to be kept as it is: a program calls it each time it runs, with real values.

    A program with such a call runs, and cannot be saved. What cannot carry a mark is given back in a partial.
    """
    if isinstance(function, ModuleType):
        mark_module(function)
        return function
    try:
        setattr(function, MARK, True)
    except (AttributeError, TypeError):
        return not_to_static(functools.partial(function))  # type: ignore[return-value]
    return function
