"""Ops on objects that are no data: attributes of the user's own objects, closure cells, and instances built in a
program.

Only a program that is run where it was traced meets such objects; a saved one has none.
"""

from __future__ import annotations

import collections
import copy
import operator
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MemberDescriptorType, SimpleNamespace
from typing import Any

import numpy as np

from runtime.opdef import OpDef
from runtime.ops.arguments import typed
from runtime.types import ANY, UNDEFINED, TensorType, python

READABLE = ("__name__", "__qualname__", "__doc__", "__class__", "__cause__", "__context__",
            "__suppress_context__", "__notes__")  # fmt: skip


def load(owner: Any, name: str) -> Any:
    """`owner.name`."""
    return getattr(owner, _checked(name))


TOLD = {"__name__": str, "__qualname__": str, "args": tuple}


def told(owner: Any, name: str) -> Any:
    """The name of a class, or the arguments of an exception: of these there are some in files too."""
    if name not in TOLD:
        raise AttributeError(f"a program cannot reach the attribute {name!r}")
    return getattr(owner, name)


def told_type(owner: Any, name: str) -> TensorType:
    cls = typed(owner).dtype
    is_known = isinstance(cls, type) and issubclass(cls, (type, BaseException))
    return python(TOLD[name]) if is_known else ANY


def store(owner: Any, name: str, value: Any) -> None:
    """`owner.name = value`."""
    setattr(owner, _checked(name), value)


def drop(owner: Any, name: str) -> None:
    """`del owner.name`."""
    delattr(owner, _checked(name))


def is_readable(name: str) -> bool:
    """Whether a program may ask for an attribute of that name."""
    return not (name.startswith("__") and name.endswith("__")) or name in READABLE


def _checked(name: str) -> str:
    if not is_readable(name):
        raise AttributeError(f"a program cannot reach the attribute {name!r}")
    return name


def present(value: Any, cls: str, name: str) -> Any:
    """The value of an attribute that may not have been set."""
    if value is UNDEFINED:
        raise AttributeError(f"{cls!r} object has no attribute {name!r}")
    return value


def otherwise(value: Any, default: Any) -> Any:
    """`value`, or `default` where it was not set."""
    return default if value is UNDEFINED else value


def container(cls: type, items: Any, *rest: Any) -> Any:
    """An OrderedDict, defaultdict, Counter or deque of these items; `rest` is the factory or the greatest length."""
    if cls is collections.defaultdict:
        return collections.defaultdict(rest[0], items)
    return cls(items, *rest)


def instance(cls: type, state: dict[str, Any], *args: Any) -> Any:
    """An object of a class, with these attributes; `__init__` has been traced already. `args` are an exception's."""
    own_new = issubclass(cls, (BaseException, SimpleNamespace))
    made: Any = cls.__new__(cls, *args) if own_new else object.__new__(cls)
    for name, value in state.items():
        if value is UNDEFINED:
            continue
        found = next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)
        if hasattr(made, "__dict__") and not isinstance(found, MemberDescriptorType):
            vars(made)[name] = value  # past a property or descriptor of that name, which has set it there
        else:
            object.__setattr__(made, name, value)
    return made


def collection(cls: type, items: Any, state: dict[str, Any]) -> Any:
    """A list, dict or set of a class, with these items and attributes; `__init__` has been traced already."""
    kinds: tuple[Any, ...] = (list, collections.OrderedDict, dict, set)  # an OrderedDict has an order of its own
    base = next(kind for kind in kinds if issubclass(cls, kind))
    made: Any = base.__new__(cls)
    base.__init__(made, items)
    for name, value in state.items():
        object.__setattr__(made, name, value)
    return made


def python_call(function: Any, *args: Any, **kwargs: Any) -> Any:
    """`function(*args, **kwargs)`, Python that is no part of the program."""
    return function(*args, **kwargs)


def method_call(owner: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """`owner.name(*args, **kwargs)`, of an object that is no data."""
    return getattr(owner, name)(*args, **kwargs)


def made_type(function: Any, *args: Any, **kwargs: Any) -> TensorType:
    """What a class gives that neither its `__new__` nor its metaclass can make another thing of."""
    is_plain = type(function) is type and not hasattr(function.__new__, "__code__")
    return python(function) if is_plain else ANY


def exception(cls: Any, args: tuple[Any, ...], state: dict[str, Any]) -> Any:
    """An exception with these arguments and attributes, made without an `__init__` of the user's."""
    base: Any = cls
    while base.__module__ != "builtins":
        base = base.__base__
    made = base.__new__(cls, *args)
    base.__init__(made, *args)
    for name, value in state.items():
        if value is not UNDEFINED:
            object.__setattr__(made, name, value)
    return made


def nothing(*args: Any) -> TensorType:
    return python(type(None))


def enter(manager: Any) -> Any:
    """The start of `with manager`."""
    return type(manager).__enter__(manager)


def leave(manager: Any, error: Any) -> Any:
    """The end of `with manager`, with the exception that came or None."""
    return type(manager).__exit__(manager, error and type(error), error, error and error.__traceback__)


# The builtins that call special methods and look at what those give.
PROTOCOLS: dict[str, tuple[Callable[[Any], Any], type]] = {
    "__len__": (len, int), "__bool__": (bool, bool), "__float__": (float, float), "__int__": (int, int),
    "__index__": (operator.index, int), "__complex__": (complex, complex), "__hash__": (hash, int),
    "__str__": (str, str), "__repr__": (repr, str), "__format__": (format, str),
}  # fmt: skip


def passed_on(name: str, owner: str, result: Any) -> Any:
    """What a builtin makes of `result`, which method `name` of an object of a class named `owner` has given."""

    def method(*args: Any) -> Any:
        return result

    return PROTOCOLS[name][0](type(owner, (), {name: method})())


def passed_on_type(name: Any, owner: Any, result: Any) -> TensorType:
    return python(PROTOCOLS[name][1])


def rows() -> Iterator[OpDef]:
    yield OpDef("load", load, aliases=True)
    yield OpDef("passed_on", passed_on, passed_on_type, effect="io")
    yield OpDef("told", told, told_type, aliases=True)
    yield OpDef("store", store, nothing, effect="write")
    yield OpDef("has", hasattr, lambda owner, name: python(bool), effect="io")
    yield OpDef("present", present, lambda value, cls, name: replace(value, maybe=False), effect="io", aliases=True)
    yield OpDef("load_or", getattr, aliases=True, effect="io")
    yield OpDef("otherwise", otherwise, aliases=True)
    yield OpDef("copy", copy.copy, typed, aliases=True)
    yield OpDef("deepcopy", copy.deepcopy, typed)
    yield OpDef("container", container, lambda cls, items, *rest: python(cls))
    yield OpDef("python", python_call, made_type, effect="io", aliases=True)
    yield OpDef("method", method_call, effect="io", aliases=True)
    yield OpDef("exception", exception, lambda cls, args, state: python(cls), aliases=True)
    yield OpDef("drop", drop, nothing, effect="write")
    yield OpDef("np.errstate", np.errstate, lambda **kwargs: python(np.errstate), effect="io")
    yield OpDef("enter", enter, effect="io")
    yield OpDef("leave", leave, effect="io")
    yield OpDef("instance", instance, lambda cls, state, *args: python(cls), aliases=True)
    yield OpDef("collection", collection, lambda cls, items, state: python(cls), aliases=True)
