"""Functions whose calls are more than an op or plain Python: FORMS has what is done for them.

isinstance(x, float), type(x), np.ndim(x)     known now, where the type tells it
repr(model), callable(f), copy.copy(model)    look at methods of the user's
np.vectorize, np.apply_along_axis             call back
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from types import FunctionType, MethodType, NoneType, UnionType
from typing import Any, Union, get_origin

import numpy as np

from dy2static import forms, sorting
from dy2static.choices import is_choice
from dy2static.iterables import ITERATION, all_items, iterable_of
from dy2static.library_calls import call_named
from dy2static.native import native
from dy2static.objects import is_instance
from dy2static.outside import call_outside
from dy2static.places import root_object
from dy2static.python_calls import call_python
from dy2static.streams import is_generator
from dy2static.trace import Trace
from dy2static.values import class_of_type, has_objects, mentions
from runtime import ops
from runtime.tracer import TracingError, Variable
from runtime.types import NUMBERS, TensorType


def _isinstance(trace: Trace, value: Any, classes: Any) -> Any:
    value = trace.resolve(value)
    if is_choice(value):
        return value.use(lambda option: _isinstance(trace, option, classes))
    if is_choice(classes):
        return classes.use(lambda option: _isinstance(trace, value, option))
    if is_generator(value):
        return native(trace, issubclass, value.cls, classes)
    if not isinstance(value, Variable):
        return native(trace, isinstance, value, classes)
    cls = class_of_type(trace.settled(value))
    if cls is not None:
        return issubclass(cls, classes)
    listed = _classes(classes)
    trace.asked_for |= {one for one in (listed if isinstance(listed, tuple) else (listed,)) if isinstance(one, type)}
    return trace.emit("isinstance", value, listed)


def _classes(classes: Any) -> Any:
    """What isinstance is asked for, `A | B` as a tuple."""
    if isinstance(classes, UnionType) or get_origin(classes) is Union:
        return tuple(NoneType if one is None else one for one in classes.__args__)
    return tuple(map(_classes, classes)) if isinstance(classes, tuple) else classes


def _issubclass(trace: Trace, cls: Any, classes: Any) -> Any:
    return call_named(trace, "issubclass", issubclass, (cls, _classes(classes)), {})


def _type(trace: Trace, value: Any, *rest: Any) -> Any:
    value = trace.resolve(value)
    if is_choice(value):
        return value.use(lambda option: _type(trace, option))
    if is_generator(value) and not rest:
        return value.cls
    if not rest and not isinstance(value, Variable) and trace.place_of(value) is not None and is_instance(value):
        known = type(value)
        trace.origins.setdefault(id(known), (known, root_object(known, known.__name__)))
        return known
    if rest or not isinstance(value, Variable):
        return native(trace, type, value, *rest)
    cls = class_of_type(trace.settled(value))
    return cls if cls is not None else trace.emit("type", value)


def _told_by_type(function: Callable[..., Any], answer: Callable[[TensorType], Any]) -> Callable[..., Any]:
    """A function that asks for the rank or dtype of its argument: known while tracing, where the type tells it."""

    def form(trace: Trace, value: Any, *rest: Any, **kwargs: Any) -> Any:
        value = trace.resolve(value)
        name = str(ops.name_of(function))
        if not isinstance(value, Variable) or rest or kwargs:
            return call_named(trace, name, function, (value, *rest), kwargs)
        known = None if value.type.maybe else answer(value.type)
        return trace.emit(name, value) if known is None else known

    return form


def _is_iterable(type: TensorType) -> bool | None:
    if type.is_python:
        return None if type.dtype not in (*NUMBERS, str, tuple, list, dict, range) else type.dtype not in NUMBERS
    return None if type.rank is None else type.rank > 0


def _rank(type: TensorType) -> int | None:
    return type.rank if type.kind in ("array", "scalar") else 0 if type.is_number else None


def _is_complex(type: TensorType) -> bool | None:
    if type.dtype is None or not (type.is_number or type.kind in ("array", "scalar")):
        return None
    return type.dtype is complex if type.is_python else type.dtype.kind == "c"


def _is_real(type: TensorType) -> bool | None:
    known = _is_complex(type)
    return None if known is None else not known


def _repr(trace: Trace, value: Any) -> Any:
    method = getattr(type(value), "__repr__", None)
    if isinstance(method, FunctionType) and is_instance(value):
        return trace.call(method, (value,), {})
    if has_objects(value):
        return call_outside(trace, repr, (value,), {})
    return call_named(trace, "repr", repr, (value,), {})


def _str(trace: Trace, *args: Any, **kwargs: Any) -> Any:
    for name in ("__str__", "__repr__") if len(args) == 1 and is_instance(args[0]) else ():
        method = getattr(type(args[0]), name, None)
        if isinstance(method, FunctionType):
            return trace.call(method, args, {})
    if len(args) == 1 and has_objects(args[0]):
        return call_outside(trace, str, args, {})
    return call_named(trace, "str", str, args, kwargs)


def _callable(trace: Trace, value: Any) -> Any:
    if is_choice(value):
        return value.use(callable)
    return call_named(trace, "callable", callable, (value,), {})


def _copied(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def form(trace: Trace, value: Any, *rest: Any) -> Any:
        deep = name == "deepcopy" and (isinstance(value, (list, dict, set, tuple)) or is_instance(value))
        deep |= is_instance(value) and trace.place_of(value) is not None  # its attributes are others in the next call
        if not (mentions(value) or deep or is_instance(value)):
            return native(trace, function, value, *rest)
        return trace.emit(name, trace.lift(value)) if deep or mentions(value) else native(trace, function, value)

    return form


def _sorted_places(trace: Trace, keys: Any, reverse: Any) -> Any:
    if mentions(keys) or mentions(reverse):
        return trace.emit("sorted_places", keys, reverse)
    return native(trace, sorting.sorted_places, keys, reverse)


def _apply_along_axis(trace: Trace, function: Any, axis: Any, array: Any, *args: Any, **kwargs: Any) -> Any:
    if not mentions((array, args, tuple(kwargs.values()))) and not isinstance(function, (FunctionType, MethodType)):
        return native(trace, np.apply_along_axis, function, axis, array, *args, **kwargs)
    known = array.type.shape if isinstance(array, Variable) and array.type.is_array else np.shape(array)
    if known is None or len(known) not in (1, 2):
        raise TracingError("np.apply_along_axis over a Python function is staged for arrays of one or two dims")
    return call_python(trace, forms.applied_along_axis, (function, axis, array, *args), kwargs)


def _piecewise(trace: Trace, x: Any, condlist: Any, funclist: Any, *args: Any, **kwargs: Any) -> Any:
    if isinstance(funclist, (list, tuple)) and any(map(callable, funclist)):
        return call_python(trace, forms.piecewise_, (x, condlist, funclist, *args), kwargs)
    return call_named(trace, "np.piecewise", np.piecewise, (x, condlist, funclist, *args), kwargs)


def call_vectorized(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call of what np.vectorize has made."""
    place = trace.place_of(function)
    if place is not None:
        trace.guard("is", place, function)
    is_plain = not (kwargs or function.excluded or function.cache or function.signature is not None)
    if not is_plain or len(function.otypes or "") > 1:
        raise TracingError("np.vectorize with keywords, several results, excluded, signature or cache cannot be staged")
    return call_python(trace, forms.vectorized, (function.pyfunc, function.otypes and function.otypes[0], *args), {})


def _items_of(trace: Trace, iterable: Any) -> Any:
    return trace.call(list, (all_items(trace, iterable_of(trace, iterable)),), {})


FORMS: dict[Any, Callable[..., Any]] = {
    **ITERATION,
    forms.items_of: _items_of,
    repr: _repr,
    callable: _callable,
    str: _str,
    np.apply_along_axis: _apply_along_axis,
    np.piecewise: _piecewise,
    np.vectorize: lambda trace, *args, **kwargs: native(trace, np.vectorize, *args, **kwargs),
    np.iterable: _told_by_type(np.iterable, _is_iterable),
    np.ndim: _told_by_type(np.ndim, _rank),
    np.iscomplexobj: _told_by_type(np.iscomplexobj, _is_complex),
    np.isrealobj: _told_by_type(np.isrealobj, _is_real),
    copy.copy: _copied("copy", copy.copy),
    copy.deepcopy: _copied("deepcopy", copy.deepcopy),
    functools.cmp_to_key: lambda trace, mycmp: sorting.ComparedBy(mycmp),
    sorting.sorted_places: _sorted_places,
    isinstance: _isinstance,
    issubclass: _issubclass,
    type: _type,
}
