"""Attributes that are Python of the user's: properties, and descriptors, which are objects of a class of the user's.

    o.a         →    A.__get__(o, type(o))       where A = vars(type(o))["a"], converted
    o.a = v     →    A.__set__(o, v)
    del o.a     →    A.__delete__(o)
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

from dy2static.libraries import is_of_a_library
from dy2static.objects import class_having
from dy2static.places import root_object
from dy2static.trace import Trace

_ACCESSORS = {"__get__": "fget", "__set__": "fset", "__delete__": "fdel"}


def accessor(trace: Trace, cls: Any, name: str, kind: str) -> Callable[..., Any] | None:
    """What is called where attribute `name` of an object of class `cls` is read, set or deleted, as `kind` says."""
    base = class_having(cls, name)
    return None if base is None else accessor_of(trace, vars(base)[name], kind, base)


def accessor_of(trace: Trace, found: Any, kind: str, base: type) -> Callable[..., Any] | None:
    """The same, of what class `base` itself has."""
    method = written_accessor(found, kind)
    if method is None:
        return None
    if isinstance(found, property) and method is getattr(found, _ACCESSORS[kind]):
        return lambda owner, *args: trace.call(method, (owner, *args[: kind == "__set__"]), {})
    return lambda *args: trace.call(method, (placed(trace, found, base), *args), {})


def written_accessor(found: Any, kind: str) -> Any:
    """The function of a property, or the method that the user's class of a descriptor has; None for others."""
    method = getattr(type(found), kind, None)
    if isinstance(method, FunctionType):
        is_theirs = is_of_a_library(type(found)) or isinstance(found, functools.cached_property)
        return None if is_theirs else method
    return getattr(found, _ACCESSORS[kind]) if isinstance(found, property) else None


def has_accessor(cls: type, name: str, kind: str) -> bool:
    base = class_having(cls, name)
    return base is not None and written_accessor(vars(base)[name], kind) is not None


def is_overriding(found: Any) -> bool:
    """Whether what a class has goes before what its objects have: a data descriptor."""
    return hasattr(type(found), "__set__") or hasattr(type(found), "__delete__")


def placed(trace: Trace, found: Any, base: type) -> Any:
    """A descriptor as the user's object that it is: its attributes are read at every call, and changed by the program
    only."""
    if id(base) in trace.born or id(found) in trace.born:
        return found
    return trace.admit(found, root_object(found, type(found).__name__))


def is_settable(owner: Any, name: str) -> bool:
    """Whether Python itself sets that attribute of an object; not where `__slots__` do not name it."""
    base = class_having(type(owner), name)
    found = None if base is None else vars(base)[name]
    if not is_overriding(found):
        return isinstance(owner, type) or hasattr(owner, "__dict__")
    return not isinstance(found, property) and not isinstance(getattr(type(found), "__delete__", None), FunctionType)
