"""What tracing uses for a value of the user's: an input of the program, a guarded constant, or the object itself."""

from __future__ import annotations

from enum import Enum
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from dy2static.errors import ConversionError
from dy2static.history import LONG, is_data, is_mixed
from dy2static.libraries import (
    OutsideMethod,
    is_bound_to_state,
    is_immutable_class,
    is_of_a_library,
    is_opaque_class,
    is_structural,
)
from dy2static.objects import check_array, is_opaque, is_own_collection
from dy2static.places import Place
from dy2static.signals import HoldsItself
from runtime.tracer import StagedMethod, Variable
from runtime.types import NUMBERS, array, python, scalar

if TYPE_CHECKING:
    from dy2static.trace import Trace

CONSTANTS = (str, bytes, type(None), np.dtype, slice, type(Ellipsis), range, frozenset)


def admitted(trace: Trace, value: Any, place: Place) -> Any:
    if isinstance(value, Variable):
        return value
    may_change = trace.assumptions.outside and type(value) in (list, dict) and (is_data(value) or is_mixed(value))
    if place in trace.assumptions.whole or may_change and place not in trace.spread:
        known = trace.containers.setdefault(id(value), place)
        if known != place and not isinstance(value, tuple) and known in trace.admitted:
            trace.guard("same", place, known)
            return trace.admitted[known]
        trace.guard("type", place, type(value))
        whole = trace.capture(place, value, python(type(value)))
        trace.reread[whole.value] = place
        return whole
    if isinstance(value, np.ndarray):
        return _array(trace, value, place)
    if isinstance(value, (*NUMBERS, np.generic)) and not isinstance(value, Enum):
        return _number(trace, value, place)
    if is_guess(trace, value, place):
        trace.guessed = True
        trace.guard("type", place, type(value))
        return trace.capture(place, value, python(type(value)))
    if isinstance(value, CONSTANTS):
        trace.guard("equal", place, value)
        return value
    if isinstance(value, (tuple, list, dict)) and (type(value) in (tuple, list, dict) or hasattr(value, "_make")):
        return _container(trace, value, place)
    if isinstance(value, (tuple, list, dict)):
        trace.guard("type", place, type(value))
        if is_own_collection(value):
            trace.meet(type(value))
        return trace.capture(place, value, python(type(value)))
    is_outside = type(value) is set and _root(place).step != "argument"
    if is_outside and id(value) not in trace.assumptions.sets and all(isinstance(item, FIXED) for item in value):
        return _set(trace, value, place)
    if is_immutable_class(type(value)):
        return _immutable(trace, value, place)
    if is_bound_to_state(value):
        return _bound_method(trace, value, place)
    first = trace.place_of(value)
    if first is not None and first != place:
        trace.guard("same", place, first)
    else:
        trace.origins[id(value)] = (value, place)
    is_one = type(value) is object  # a sentinel
    if is_one or isinstance(value, (FunctionType, BuiltinFunctionType, type, ModuleType, np.ufunc, Enum)):
        trace.guard("is", place, value)
    elif isinstance(value, MethodType):
        trace.guard("type", place, type(value))
        trace.guard("is", place.attribute("__func__"), value.__func__)
        trace.admit(value.__self__, place.attribute("__self__"))
    else:
        is_read = is_opaque(value) or is_told_by_its_parts(value)
        trace.guard("type" if is_read else "is", place, type(value) if is_read else value)
    if is_opaque(value):
        return trace.capture(place, value, python(type(value)))
    return value


def is_told_by_its_parts(value: Any) -> bool:
    """Whether attributes are all there is to a value, each of which is looked at where it is read."""
    return isinstance(value, (SimpleNamespace, BaseException, partial)) or is_structural(type(value))


FIXED = (str, type(None), type)


def _set(trace: Trace, value: set[Any], place: Place) -> set[Any]:
    """A set that stands outside of the function: of names, as a rule, and hardly ever another one at the next call."""
    first = trace.containers.setdefault(id(value), place)
    if first != place and first in trace.admitted:
        trace.guard("same", place, first)
        return trace.admitted[first]
    trace.guard("set", place, frozenset(value))
    made = set(value)
    trace.origins[id(made)] = (made, place)
    trace.sets[id(made)] = value
    return made


def _immutable(trace: Trace, value: Any, place: Place) -> Any:
    """A date, a pattern or the like: what it is shows in no attribute, so that another one is another value."""
    if _root(place).step == "argument" and is_of_a_library(type(value)):
        trace.guard("type", place, type(value))
        return trace.capture(place, value, python(type(value)))
    trace.guard("is", place, value)
    trace.origins.setdefault(id(value), (value, place))
    return value


def _bound_method(trace: Trace, value: Any, place: Place) -> Any:
    """A method of a container or object with state, bound to what stands in the program for it."""
    trace.guard("type", place, type(value))
    trace.guard("equal", place.attribute("__name__"), value.__name__)
    trace.guard("type", place.attribute("__self__"), type(value.__self__))
    if isinstance(value.__self__, set) and id(value.__self__) not in trace.assumptions.sets:
        trace.assumptions.sets.add(id(value.__self__))
        trace.restart()
    owner = trace.admit(value.__self__, place.attribute("__self__"))
    if not isinstance(owner, Variable):
        return getattr(owner, value.__name__)
    if is_opaque_class(type(value.__self__)):
        return OutsideMethod(owner, value.__name__)
    return StagedMethod(owner, value.__name__)


def is_guess(trace: Trace, value: Any, place: Place) -> bool:
    """Whether a text or container of an argument is likely to have another form in the next call."""
    if type(value) not in (str, list, tuple, dict) or _root(place).step != "argument" or not _only_items(place):
        return False
    if not trace.assumptions.guessing or place in trace.spread:
        return False
    return (len(value) > LONG or place in trace.assumptions.changing) and is_data(value)


def _array(trace: Trace, value: np.ndarray[Any, Any], place: Place) -> Variable:
    check_array(value, str(place))
    if type(value) is not np.ndarray:
        reason = f"{place} is a {type(value).__name__}, and a program takes plain arrays"
        raise ConversionError(reason, f"pass np.asarray({place}), which shares its memory")
    trace.guard("array", place, (value.dtype, value.ndim))
    if place in trace.assumptions.shapes:
        trace.guard("shape", place, value.shape)
        return trace.capture(place, value, array(value.dtype, value.shape))
    for axis, dim in enumerate(trace.spec_dims.get(place, ())):
        if isinstance(dim, int):
            trace.guard("dim", place, (axis, dim))
        elif dim is not None and (first := trace.named_dims.setdefault(dim, (place, axis))) != (place, axis):
            trace.guard("tied", place, (axis, *first))
    dims = trace.spec_dims.get(place) or tuple(trace.symbol() for _ in value.shape)
    return trace.capture(place, value, array(value.dtype, dims))


def _number(trace: Trace, value: Any, place: Place) -> Any:
    is_argument = place.step in ("argument", "item") and _root(place).step == "argument" and _only_items(place)
    is_staged = is_argument or trace.assumptions.scalars and isinstance(value, np.generic)
    if place in trace.assumptions.numbers or not (is_staged or place in trace.assumptions.dynamic):
        trace.guard("equal", place, value)
        return value
    trace.guard("type", place, type(value))
    if isinstance(value, np.generic):
        trace.guard("scalar", place, value.dtype)
        return trace.capture(place, value, scalar(value.dtype))
    return trace.capture(place, value, python(type(value)))


def _container(trace: Trace, value: Any, place: Place) -> Any:
    first = trace.containers.setdefault(id(value), place)
    if first != place and first in trace.admitted and not isinstance(value, tuple):
        trace.guard("same", place, first)
        return trace.admitted[first]
    if first.is_above(place):
        raise HoldsItself
    trace.guard("type", place, type(value))
    if isinstance(value, dict):
        trace.guard("keys", place, tuple(value))
        items: Any = {key: trace.admit(item, place.item(key)) for key, item in value.items()}
        made = items if type(value) is dict else value
    else:
        trace.guard("len", place, len(value))
        listed = [trace.admit(item, place.item(index)) for index, item in enumerate(value)]
        made = (
            type(value)._make(listed) if hasattr(value, "_make") else listed if type(value) is list else tuple(listed)
        )
    if not (isinstance(made, tuple) and not made):  # there is but one empty tuple
        trace.origins[id(made)] = (made, place)
    return made


def _root(place: Place) -> Place:
    while place.base is not None:
        place = place.base
    return place


def _only_items(place: Place) -> bool:
    while place.base is not None:
        if place.step != "item":
            return False
        place = place.base
    return True
