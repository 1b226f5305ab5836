"""`dataclasses.replace`, `asdict` and `astuple` of objects of a known class: what they read is seen while tracing."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from types import NoneType
from typing import Any

from dy2static.attributes import attribute
from dy2static.builtin_forms import FORMS
from dy2static.calls import call_formless
from dy2static.definitions import new
from dy2static.outside import call_outside
from dy2static.trace import Trace
from dy2static.values import python_class
from runtime.tracer import Variable

CONSTANTS = (bool, int, float, complex, str, bytes, NoneType, range)


def _fields(value: Any) -> tuple[Any, ...] | None:
    """The fields of an object that is known to be one of a dataclass."""
    cls = python_class(value)
    return dataclasses.fields(cls) if cls is not None and dataclasses.is_dataclass(cls) and value is not cls else None


def _replace(trace: Trace, owner: Any, /, **changes: Any) -> Any:
    owner = trace.resolve(owner)
    fields, cls = _fields(owner), python_class(owner)
    declared = getattr(cls, "__dataclass_fields__", {})
    is_plain = fields is not None and len(fields) == len(declared) and all(one.init for one in fields)
    if isinstance(owner, Variable) and cls is None:
        return call_outside(trace, dataclasses.replace, (owner,), changes)
    if not is_plain or isinstance(owner, type):
        return call_formless(trace, dataclasses.replace, (owner,), changes)
    kept = {one.name: attribute(owner, one.name) for one in fields or () if one.name not in changes}
    return trace.call(cls, (), {**changes, **kept})


def _taken_apart(function: Callable[..., Any], gather: Callable[[Any, list[Any]], Any]) -> Callable[..., Any]:
    """A function that makes dicts or tuples of an object and of what is in it."""

    def form(trace: Trace, owner: Any, **factory: Any) -> Any:
        owner = trace.resolve(owner)
        if isinstance(owner, Variable) and python_class(owner) is None:
            return call_outside(trace, function, (owner,), factory)
        if factory or _fields(owner) is None or isinstance(owner, type):
            return call_formless(trace, function, (owner,), factory)
        return inner(trace, owner)

    def inner(trace: Trace, value: Any) -> Any:
        value = trace.resolve(value)
        fields = None if isinstance(value, type) else _fields(value)
        if fields is not None:
            return new(gather(fields, [inner(trace, attribute(value, one.name)) for one in fields]))
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return trace.call(type(value), tuple(inner(trace, one) for one in value), {})
        if type(value) in (list, tuple):
            return new(type(value)([inner(trace, one) for one in value]))
        if type(value) is dict:
            return new({inner(trace, key): inner(trace, one) for key, one in value.items()})
        if python_class(value) in CONSTANTS:
            return value
        if isinstance(value, Variable):
            return call_outside(trace, _inside(function), (value,), {})
        return trace.call(copy.deepcopy, (value,), {})

    return form


def _inside(function: Callable[..., Any]) -> Callable[[Any], Any]:
    """What `function` makes of a value that it finds in an object."""
    holder = dataclasses.make_dataclass("Holder", ["held"])

    def taken(value: Any) -> Any:
        made = function(holder(value))
        return made["held"] if isinstance(made, dict) else made[0]

    return taken


def _as_dict(fields: Any, values: list[Any]) -> dict[str, Any]:
    return {field.name: value for field, value in zip(fields, values)}


def _as_tuple(fields: Any, values: list[Any]) -> tuple[Any, ...]:
    return tuple(values)


FORMS[dataclasses.replace] = _replace
FORMS[dataclasses.asdict] = _taken_apart(dataclasses.asdict, _as_dict)
FORMS[dataclasses.astuple] = _taken_apart(dataclasses.astuple, _as_tuple)
