"""A converted function called with values of a program that is built by hand: its own program becomes part of that one.

x = static.data("x", ("n",))
y = f(x)                        f is traced for float32[n], and its ops are copied into the program of x
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from dy2static.entries import EntryMaker
from dy2static.places import Guard, Place, eval_place, root_argument
from dy2static.signature import InputSpec, filled
from runtime.inline import call_inline
from runtime.tracer import Builder, TracingError, Variable
from runtime.types import TensorType


def call_by_hand(maker: EntryMaker, builder: Builder, bound: inspect.BoundArguments) -> Any:
    """The result, as values of what `builder` makes. Raises TracingError where tracing needs more than their types."""
    specs: dict[Place, Any] = {}
    examples = {
        name: filled(value, root_argument(name), specs, _spec_of) for name, value in bound.arguments.items()
    }
    entry = maker.trace(inspect.BoundArguments(maker.signature, examples), specs)
    for guard in entry.guards:
        value = _read(guard.place, bound.arguments)
        if isinstance(value, Variable) and not _holds(guard, value.type, bound.arguments):
            raise _unknown(maker, guard.place)
    return call_inline(builder, entry.program, [_input(maker, place, bound.arguments) for place in entry.inputs])


def _spec_of(value: Any, place: Place) -> InputSpec | None:
    if not isinstance(value, Variable):
        return None
    known = value.type
    if known.kind is None or known.dtype is None or known.shape is None:
        raise TracingError(f"argument {place} is {known}: its kind, dtype and rank must be known")
    return InputSpec(known.shape if known.is_array else None, known.dtype)


def _read(place: Place, arguments: dict[str, Any]) -> Any:
    """The value at a place, or the Variable that it would be read from."""
    if place.base is None:
        return eval_place(place, arguments)
    base = _read(place.base, arguments)
    if isinstance(base, Variable):
        return base
    try:
        return eval_place(place, arguments)
    except (AttributeError, KeyError, IndexError, TypeError):
        return None


def _holds(guard: Guard, known: TensorType, arguments: dict[str, Any]) -> bool:
    """Whether a value of this type surely is what the program takes for granted."""
    if guard.kind == "tied":
        axis, place, other_axis = guard.value
        other = _read(place, arguments)
        shape = other.type.shape if isinstance(other, Variable) else np.shape(other)
        dim = None if known.shape is None else known.shape[axis]
        return shape is not None and dim is not None and dim == shape[other_axis]
    if guard.kind == "dim":
        return known.shape is not None and known.shape[guard.value[0]] == guard.value[1]
    if guard.kind == "shape":
        return known.shape == guard.value
    return guard.kind in ("array", "scalar", "type", "tied")  # tied are dims of one name, which the specs took of here


def _input(maker: EntryMaker, place: Place, arguments: dict[str, Any]) -> Any:
    if place.base is not None and isinstance(_read(place.base, arguments), Variable):
        raise _unknown(maker, place)
    return eval_place(place, arguments)


def _unknown(maker: EntryMaker, place: Place) -> TracingError:
    return TracingError(
        f"converting {maker.function.__name__}() needs the value or the sizes of {place}, which are known only when "
        "the program runs; give its sizes to static.data, or build this part by hand"
    )
