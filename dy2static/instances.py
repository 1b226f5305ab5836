"""`cls(…)`: an object of the user's class is made by its converted `__init__`, a collection of staged items by the
program.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from types import FunctionType, SimpleNamespace
from typing import Any

from dy2static.exceptions import construct_exception
from dy2static.libraries import ENDLESS, OUTSIDE, PURE, is_immutable_class, is_of_a_library, is_opaque_class, root_of
from dy2static.native import bear_state, native
from dy2static.objects import has_own_init, is_own_collection_class
from dy2static.outside import call_outside
from dy2static.signals import Refused
from dy2static.trace import Trace
from dy2static.values import has_staged_argument, holds_staged_key, mentions, python_class
from runtime.tracer import TracingError


def construct(trace: Trace, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`cls(…)`: a class of the user's is built by its converted `__init__`."""
    for arg in args:
        trace.consume(arg)
    new, init = getattr(cls, "__new__", None), getattr(cls, "__init__", None)
    if issubclass(cls, BaseException) and has_own_init(cls):
        return construct_exception(trace, cls, args, kwargs)
    if issubclass(cls, BaseException):
        return trace.bear(native(trace, cls, *args, **kwargs))
    if cls is SimpleNamespace and not mentions(args):
        made = trace.bear(native(trace, cls, *args, **kwargs))
        bear_state(trace, made)
        return made
    if type(cls) is not type and isinstance(getattr(type(cls), "__call__", None), FunctionType):
        return native(trace, cls, *args, **kwargs)
    if is_immutable_class(cls) and is_of_a_library(cls):
        is_known = not mentions((args, kwargs))
        return native(trace, cls, *args, **kwargs) if is_known else call_outside(trace, cls, args, kwargs)
    if isinstance(new, FunctionType) and not isinstance(init, FunctionType) and not issubclass(cls, (list, dict, set)):
        made = trace.call(new, (cls, *args), kwargs)
        if python_class(made) is None and not issubclass(cls, (int, float, complex, str, bytes, tuple, frozenset)):
            raise TracingError(f"{cls.__name__}.__new__ may give objects of several classes")
        if isinstance(made, cls) and isinstance(type(made).__init__, FunctionType):
            trace.call(type(made).__init__, (made, *args), kwargs)
        return made
    if root_of(cls) in OUTSIDE and is_opaque_class(cls) or cls is bytearray:
        return call_outside(trace, cls, args, kwargs)
    if isinstance(getattr(cls, "__del__", None), FunctionType):
        raise Refused(
            f"{cls.__name__} has __del__, which runs when the last name of an object goes: a program counts no names",
            "call what has to be done at the end by a method of another name, or make the object outside",
        )
    if new is object.__new__ and isinstance(init, FunctionType):
        made = trace.bear(native(trace, new, cls))
    elif isinstance(new, FunctionType):
        made = trace.bear(trace.call(new, (cls, *args), kwargs))
    elif is_own_collection_class(cls) and (isinstance(init, FunctionType) or mentions((args, kwargs))):
        made = trace.bear(native(trace, cls.__new__, cls))
    else:
        if issubclass(cls, COLLECTIONS) and (mentions((args, kwargs)) or holds_staged_key(trace, args)):
            return construct_collection(trace, cls, *args, **kwargs)
        is_data = cls.__module__ in ("builtins", "collections") or type(cls) is not type or _is_python_class(cls)
        is_endless = cls.__module__ == "itertools" and cls.__name__ in ENDLESS
        keeps_state = is_opaque_class(cls) and (is_endless or cls.__module__ not in PURE)
        if keeps_state or not is_data and (mentions(args) or mentions(kwargs)):
            return call_outside(trace, cls, args, kwargs)
        return trace.bear(native(trace, cls, *args, **kwargs))
    if isinstance(new, FunctionType) and init in (list.__init__, set.__init__):
        kwargs = {}  # these are for `__new__`
    if isinstance(made, cls):  # and perhaps a subclass, with an __init__ of its own
        trace.call(type(made).__init__, (made, *args), kwargs)
    bear_state(trace, made)
    return made


COLLECTIONS = (deque, Counter, OrderedDict, defaultdict)


def construct_collection(trace: Trace, cls: type, *args: Any, **kwargs: Any) -> Any:
    """One made of staged items is made by the program; a deque holds Variables, as a list does."""
    if cls is deque and not has_staged_argument(trace, args) and not mentions((args[1:], *kwargs.values())):
        return trace.bear(native(trace, deque, *args, **kwargs))
    if kwargs and cls in (Counter, OrderedDict, defaultdict) and len(args) == (cls is defaultdict):
        args, kwargs = (*args, dict(kwargs)), {}
    if cls not in COLLECTIONS or kwargs and cls is not deque:
        raise TracingError(f"{cls.__name__}() of values that are staged has no op")
    factory, items = (args[:1], args[1:]) if cls is defaultdict else ((), args)
    rest = factory if cls is defaultdict else (*items[1:], *kwargs.values())
    return trace.emit("container", cls, items[0] if items else [], *rest)


def _is_python_class(cls: type) -> bool:
    return bool(cls.__flags__ & (1 << 9))  # a heap type: made by a class statement
