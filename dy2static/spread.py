"""Calls with spread arguments, of as many items as are there when the program runs.

    np.maximum(*x)    of a function with an op:       v = apply("np.maximum", x)
    f(a, *b)          of def f(x, y, *rest):    →     y, *rest = b, whose length is checked first
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import partial
from types import FunctionType, MethodType
from typing import Any

from dy2static import forms, lazy_forms
from dy2static.by_class import MethodByClass
from dy2static.calls import call
from dy2static.displays import iterate, joined, unpack
from dy2static.iterables import all_items, measured
from dy2static.libraries import is_of_a_library
from dy2static.outside import call_outside, is_as_is
from dy2static.streams import holding
from dy2static.trace import Trace, tracing
from dy2static.values import is_hashable
from runtime import ops
from runtime.ops.generic import is_spreadable
from runtime.tracer import StagedMethod, Variable


@dataclass(eq=False, repr=False)
class Rest:
    """What a parameter `*rest` gets as a value of the program."""

    items: Any


def rest(items: tuple[Any, ...]) -> Any:
    """A parameter `*rest` as the function reads it."""
    return items[0].items if len(items) == 1 and isinstance(items[0], Rest) else items


def call_spread(function: Any, stars: tuple[bool, ...], /, *items: Any, **kwargs: Any) -> Any:
    """`function(a, *b)`; `stars` says which arguments are spread."""
    trace = tracing()
    if trace is None:
        return function(*known_items(stars, items), **kwargs)
    items = tuple(all_items(trace, measured(trace, i)) if star else i for star, i in zip(stars, items))
    if function is zip and kwargs == {"strict": False}:
        kwargs = {}
    unknown = [star and has_unknown_length(trace.resolve(item)) for star, item in zip(stars, items)]
    function = function if isinstance(function, (StagedMethod, MethodByClass)) else trace.resolve(function)
    if True not in unknown:
        return call(function, *known_items(stars, items), **kwargs)
    if is_spreadable(ops.name_of(function)):
        return call_applied(trace, function, joined(stars, *items), kwargs)
    if is_hashable(function) and function in lazy_forms.GIVING:
        function = lazy_forms.GIVING[function]
    if can_bind(function, kwargs):
        return call(function, *bound(function, stars, items, unknown.index(True)), **kwargs)
    if is_of_a_library(function) and not isinstance(function, (Variable, StagedMethod)):
        return call_outside(trace, call_with, (function, joined(stars, *items)), kwargs)
    return call(function, *known_items(stars, items), **kwargs)


def call_applied(trace: Trace, function: Any, items: Any, kwargs: dict[str, Any]) -> Any:
    """A function that has an op, with all of `items`; zip gives an iterator."""
    if function is not zip:
        return trace.emit("apply", ops.name_of(function), items, **kwargs)
    rows, each = (partial(trace.emit, "apply", name, items, **kwargs) for name in ("zip", "each_zip"))
    return holding(trace, zip, (), {}, rows, each)


def call_with(function: Any, items: Any, **kwargs: Any) -> Any:
    """`function(*items, **kwargs)`, called by the program, of a function of a library that has no op."""
    return function(*items, **kwargs)


def known_items(stars: tuple[bool, ...], items: tuple[Any, ...]) -> list[Any]:
    args: list[Any] = []
    for star, value in zip(stars, items):
        args.extend(iterate(value) if star else [value])
    return args


def has_unknown_length(value: Any) -> bool:
    if not isinstance(value, Variable):
        return False
    known = value.type
    if known.is_array and known.shape:
        return not isinstance(known.shape[0], int)
    return not (known.dtype is tuple and isinstance(known.items, tuple))


def can_bind(function: Any, kwargs: dict[str, Any]) -> bool:
    """Whether it is a function of the user's of which it is known which of its parameters get the items."""
    plain, _ = plain_function(function)
    is_form = isinstance(plain, FunctionType) and plain.__module__ == lazy_forms.__name__
    if not isinstance(plain, FunctionType) or is_of_a_library(plain) and not is_form or is_as_is(function):
        return False
    code = plain.__code__
    names = code.co_varnames[: code.co_argcount]
    is_generator = bool(code.co_flags & inspect.CO_GENERATOR) and not is_form
    return not is_generator and not plain.__defaults__ and not any(name in kwargs for name in names)


def plain_function(function: Any) -> tuple[Any, int]:
    """The function that gets the arguments, and how many it gets before them: a class is made by one of its methods."""
    if isinstance(function, MethodType):
        return function.__func__, 1
    if not isinstance(function, type):
        return function, 0
    new = getattr(function, "__new__", None)
    return (getattr(function, "__init__", None) if new is object.__new__ else new), 1


def bound(function: Any, stars: tuple[bool, ...], items: tuple[Any, ...], number: int) -> list[Any]:
    """The arguments for each parameter; item `number` is the first one of unknown length."""
    given = known_items(stars[:number], items[:number])
    plain, receivers = plain_function(function)
    count = plain.__code__.co_argcount - receivers
    takes_rest = bool(plain.__code__.co_flags & inspect.CO_VARARGS)
    missing = max(count - len(given), 0)
    extra = given[count:]
    others = joined((*[False] * len(extra), *stars[number:]), *extra, *items[number:])
    call(forms.check_count, others, missing, takes_rest, plain.__qualname__)
    if not takes_rest:
        return [*given[:count], *unpack(others, missing)]
    *first, last = unpack(others, missing + 1, missing) if missing else [others]
    return [*given[:count], *first, Rest(call(tuple, last))]
