"""super(): what the classes above have, of objects that tracing makes and of those that live in the program.

super().speak()          the method of the next class, with the same receiver
super().name             its property
super().__setitem__(…)   of list, dict, set and object: the method written in C, called with the receiver
"""

from __future__ import annotations

import functools
from types import ClassMethodDescriptorType, FunctionType, MethodDescriptorType, MethodType, WrapperDescriptorType
from typing import Any

from dy2static.descriptors import accessor_of
from dy2static.native import native
from dy2static.objects import Inner
from dy2static.trace import Trace, tracing
from dy2static.values import class_of
from runtime.tracer import TracingError, Variable


class StagedSuper(Inner):
    """`super(start, receiver)` of an object that lives in the program."""

    def __init__(self, start: type, receiver: Variable, cls: type):
        self.start, self.receiver, self.cls = start, receiver, cls

    def __str__(self) -> str:
        return "what super() gives"


def super_of(start: type, receiver: Any) -> Any:
    """`super(start, receiver)`"""
    trace = tracing()
    receiver = receiver if trace is None else trace.resolve(receiver)
    if not isinstance(receiver, Variable):
        return super(start, receiver)
    cls = class_of(receiver)
    if not issubclass(cls or object, start):
        raise TracingError(f"super() in {start.__name__} asks for the class of an object that is known at run time")
    return StagedSuper(start, receiver, cls or start)


def inherited_attribute(trace: Trace, owner: Any, name: str) -> Any:
    """`super().name`."""
    start, cls, receiver = parts_of(owner)
    following = cls.__mro__[cls.__mro__.index(start) + 1 :]
    base = next((base for base in following if name in vars(base)), object)
    found = vars(base).get(name)
    getter = accessor_of(trace, found, "__get__", base)
    if getter is not None and not (isinstance(found, property) and receiver is cls):
        return getter(None if receiver is cls else receiver, cls)
    if isinstance(found, (FunctionType, classmethod, staticmethod)):
        return _bound(found, receiver, cls)
    if isinstance(found, (MethodDescriptorType, WrapperDescriptorType)) and receiver is not cls:
        return functools.partial(found, receiver)
    if isinstance(owner, StagedSuper) and (found is None or isinstance(found, ClassMethodDescriptorType)):
        raise trace.own(AttributeError(f"'super' object has no attribute {name!r}"))
    return native(trace, getattr, owner, name) if not isinstance(owner, StagedSuper) else found


def parts_of(owner: Any) -> tuple[Any, Any, Any]:
    """The class after which is looked, that of the receiver, and the receiver."""
    if isinstance(owner, StagedSuper):
        return owner.start, owner.cls, owner.receiver
    return owner.__thisclass__, owner.__self_class__, owner.__self__


def _bound(found: Any, receiver: Any, cls: Any) -> Any:
    if isinstance(found, staticmethod):
        return found.__func__
    if isinstance(found, classmethod):
        return MethodType(found.__func__, cls)
    return found if receiver is cls else MethodType(found, receiver)
