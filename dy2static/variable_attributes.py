"""Attributes of a value of the program: ops, methods that are called later, and what the user's classes have."""

from __future__ import annotations

import collections
import functools
import operator
from collections.abc import Callable
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    SimpleNamespace,
    WrapperDescriptorType,
)
from typing import Any

import numpy as np

from dy2static.branches import stage_cond
from dy2static.by_class import METHODS, MethodByClass, choose_class, classes_where, is_of_unknown_class
from dy2static.calls import call
from dy2static.class_changes import has_own_value, own_value
from dy2static.descriptors import accessor, has_accessor, is_overriding
from dy2static.libraries import OutsideMethod, is_immutable_class, is_opaque_class, is_structural
from dy2static.trace import Trace
from dy2static.values import class_name, class_of
from runtime import ops
from runtime.tracer import StagedMethod, TracingError, Variable, read_attribute
from runtime.types import ANY


def class_attribute(cls: Any, name: str) -> Any:
    return next((base.__dict__[name] for base in cls.__mro__ if name in base.__dict__), None)


def is_user_class(cls: type | None) -> bool:
    if cls is None or cls is SimpleNamespace:
        return cls is not None
    if cls.__module__.startswith("numpy"):  # as np.poly1d; arrays, scalars and tuples of NumPy's are values
        return is_structural(cls) and all(base is object or _is_written(base) for base in cls.__mro__)
    return _is_written(cls)


def _is_written(cls: type) -> bool:
    """Whether a class statement has made a class."""
    return bool(cls.__flags__ & 1 << 9)


def variable_attribute(trace: Trace, owner: Variable, name: str) -> Any:
    if name == "__class__":
        return call(type, owner)
    if is_opaque_class(class_of(owner)) or is_immutable_class(class_of(owner)):
        return opaque_attribute(trace, owner, name)
    if is_user_class(class_of(owner)):
        return instance_attribute(trace, owner, name)
    written = classes_where(
        trace,
        owner,
        lambda cls: isinstance(class_attribute(cls, name), METHODS)
        or has_accessor(cls, name, "__get__")
        or has_own_value(trace, cls, name),
    )
    if written:
        return attribute_by_class(trace, owner, name, written)
    if name == "__array_namespace__":
        return namespace_method(owner)
    named = getattr(operator, name, None) if name.startswith("__") else None
    if named is not None and ops.name_of(named) is not None:
        return functools.partial(named, owner)
    if name.startswith("__") and name not in _DUNDERS:
        raise TracingError(f"{name} of a staged value is no op: use the operator or function that it stands for")
    cls = class_of(owner)
    if cls is not None and cls is not type and not hasattr(cls, name):
        raise trace.own(AttributeError(f"{class_name(cls)!r} object has no attribute {name!r}"))
    if cls is not None and cls is not type and name not in ops.METHODS | ops.ATTRIBUTES:
        if isinstance(getattr(cls, name), MethodDescriptorType) and issubclass(cls, _CONTAINERS):
            return OutsideMethod(owner, name)
        reason = ops.REFUSED.get("." + name, "it has no row")
        raise TracingError(f"{name!r} of {cls.__name__} objects is no op: {reason}")
    if name == "dtype" and owner.type.dtype is not None and trace.settled(owner).dtype is None:
        found = trace.emit(".dtype", owner)
        found.value.type = ANY  # and not one of the class that the likely dtype has
        return found
    found = _own_errors(trace, owner, name)
    if isinstance(found, StagedMethod) and is_of_unknown_class(owner):
        found.loaded = trace.emit("load", owner, name)
    return found


_CONTAINERS = (list, dict, set, collections.deque)
_DUNDERS = set(
    "__name__ __qualname__ __array_namespace__ __cause__ __context__ __suppress_context__ __notes__".split()
)


def attribute_by_class(trace: Trace, owner: Variable, name: str, classes: list[type]) -> Any:
    if all(isinstance(class_attribute(cls, name), METHODS) for cls in classes):
        return MethodByClass(trace, owner, name, classes, functools.partial(method_of, trace))
    use = functools.partial(variable_attribute, trace, name=name)
    return choose_class(trace, owner, classes, use, lambda: _loaded(trace, owner, name))


def _loaded(trace: Trace, owner: Variable, name: str) -> Any:
    found = _own_errors(trace, owner, name)
    return trace.emit("load", owner, name) if isinstance(found, StagedMethod) else found


def method_of(trace: Trace, owner: Variable, name: str) -> Callable[..., Any]:
    found = variable_attribute(trace, owner, name)
    return lambda *args, **kwargs: call(found, *args, **kwargs)


def namespace_method(owner: Variable) -> Any:
    """The method of an array that gives the module of its functions, which is NumPy for every array."""
    cls = class_of(owner)
    if cls is None or not issubclass(cls, (np.ndarray, np.generic)):
        raise TracingError("__array_namespace__ of a value that may be no array is known only when the program runs")
    stand_in = np.empty(0) if cls is np.ndarray else cls(0)
    if not hasattr(stand_in, "__array_namespace__"):
        raise AttributeError(f"{class_name(cls)!r} object has no attribute '__array_namespace__'")
    return stand_in.__array_namespace__


def _own_errors(trace: Trace, owner: Variable, name: str) -> Any:
    try:
        return read_attribute(owner, name)
    except AttributeError as error:
        raise trace.own(error)


def opaque_attribute(trace: Trace, owner: Variable, name: str) -> Any:
    """An attribute of an object with state: its methods are called in the program, as they are."""
    found = class_attribute(class_of(owner), name)
    is_method = isinstance(found, (FunctionType, MethodDescriptorType, BuiltinFunctionType, WrapperDescriptorType))
    if is_method or isinstance(found, (classmethod, staticmethod, ClassMethodDescriptorType)):
        return OutsideMethod(owner, name)
    return trace.emit("load", owner, name)


def instance_attribute(trace: Trace, owner: Variable, name: str) -> Any:
    """An attribute of an object that lives in the program; its methods and properties are those of its class."""
    cls = class_of(owner)
    found = class_attribute(cls, name)
    getter = accessor(trace, cls, name, "__get__")
    if getter is not None and is_overriding(found):
        return getter(owner, cls)
    if getter is not None:
        return own_or_given(trace, owner, name, getter)
    if isinstance(found, FunctionType):
        return MethodType(found, owner)
    if isinstance(found, (classmethod, staticmethod)):
        return getattr(cls, name)
    if isinstance(found, MethodDescriptorType) and name in ops.METHODS:
        return StagedMethod(owner, name)
    if has_own_value(trace, cls, name):
        return own_or_given(trace, owner, name, lambda owner, cls: own_value(trace, cls, name))
    return trace.emit("load", owner, name)


def own_or_given(trace: Trace, owner: Variable, name: str, getter: Callable[..., Any]) -> Any:
    """What an object has itself, or else what a method `__get__` of its class's gives."""
    cls = class_of(owner)
    given = functools.partial(getter, owner, cls)
    if not hasattr(cls, "__dictoffset__") or cls.__dictoffset__ == 0:  # type: ignore[union-attr]
        return given()
    is_own = trace.emit("contains", call(vars, owner), name)
    return stage_cond(trace, is_own, [functools.partial(trace.emit, "load", owner, name), given])
