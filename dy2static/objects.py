"""The user's containers and objects: what they are made of, and which of them a program can hold."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from enum import Enum
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np

from dy2static.errors import ConversionError
from dy2static.libraries import is_immutable_class, is_of_a_library, is_opaque_class, is_random_generator, is_structural
from runtime.tracer import TracingError, Variable

# Ops that put a value into an object, where it can be reached again.
KEEPERS = {"store", "setitem", ".append", ".insert", ".extend", ".add", ".setdefault", ".update", "iadd"}


def check_array(value: np.ndarray[Any, Any], name: str) -> None:
    if type(value) not in (np.ndarray, np.memmap):
        raise ConversionError(f"{name} is a {type(value).__name__}, not a plain array", f"pass np.asarray({name})")
    if value.dtype.hasobject:
        raise ConversionError(f"{name} is an array of Python objects", "pass an array of numbers, or a list")



def map_items(function: Callable[[Any], Any], container: Any) -> Any:
    if isinstance(container, dict):
        return {key: function(item) for key, item in container.items()}
    made = [function(item) for item in container]
    return type(container)._make(made) if hasattr(container, "_make") else type(container)(made)



def copy_container(container: Any) -> Any:
    """A plain copy, so that what is emitted is not replaced by what stands for the container."""
    if isinstance(container, dict):
        kind: Any = OrderedDict if isinstance(container, OrderedDict) else dict  # which has an order of its own
        return dict(kind.items(container))
    return list(set.__iter__(container) if isinstance(container, set) else iter_plainly(container))


def iter_plainly(container: Any) -> Any:
    """The items of a list or deque, whatever `__iter__` a class of the user's has."""
    return list.__iter__(container) if isinstance(container, list) else iter(container)



def class_having(cls: Any, name: str) -> Any:
    """The class, `cls` or one above it, where attribute `name` of `cls` stands, or None."""
    return next((base for base in getattr(cls, "__mro__", ()) if name in vars(base)), None)


class Inner:
    """An object of the converter's own that stands for one of Python's while tracing; no program can hold it."""

    def __iter__(self) -> Any:
        raise TracingError(f"{self} cannot be gone through here")

    def lifted(self, trace: Any) -> Variable:
        """What stands for it in a program, where there is such a thing."""
        raise TracingError(f"{self} cannot be part of a program")

    def __hash__(self) -> int:
        raise TracingError(f"{self} cannot be a key")


def is_instance(value: Any) -> bool:
    """Whether a value is an object whose attributes are all there is to it: of a class written in Python, or a
    namespace."""
    cls = type(value)
    if cls is SimpleNamespace:
        return True
    is_ours = str(cls.__module__).split(".")[0] in ("runtime", "dy2static", "typing")  # of Cython, no text
    is_written = is_structural(cls) and not is_ours and not isinstance(value, (type, BaseException, Enum))
    return is_written and is_made_by_object(cls) and cls.__basicsize__ >= object.__basicsize__


def has_own_hash(value: Any) -> bool:
    """Whether a key, or what a tuple of keys holds, is an object of a class that has a method `__hash__`."""
    if isinstance(value, (tuple, frozenset)):
        return any(map(has_own_hash, value))
    return is_instance(value) and isinstance(type(value).__hash__, FunctionType)


def is_made_by_object(cls: type) -> bool:
    """Whether no base of a class makes its objects in C, with more to them than their attributes."""
    if getattr(cls, "__new__", None) is object.__new__:
        return True
    made_by = (vars(base).get("__new__") for base in cls.__mro__[:-1])
    return all(new is None or isinstance(new, staticmethod) for new in made_by) and not is_immutable_class(cls)



def is_own_collection(value: Any) -> bool:
    """Whether a value is of a class of the user's that is a list, dict or set, and may have attributes besides."""
    return isinstance(value, (list, dict, set)) and is_own_collection_class(type(value))


def is_own_collection_class(cls: type) -> bool:
    is_written = issubclass(cls, (list, dict, set)) and bool(cls.__flags__ & 1 << 9) and not is_of_a_library(cls)
    return is_written and cls.__new__ in (list.__new__, dict.__new__, set.__new__)


def is_plain_mapping(value: Any) -> bool:
    """Whether a dict of a class written in Python is made by its items alone: results of SciPy are."""
    cls = type(value)
    if not isinstance(value, dict) or cls.__init__ is not dict.__init__ or cls.__new__ is not dict.__new__:
        return False
    return cls.__setitem__ is dict.__setitem__ and not getattr(value, "__dict__", None)


def has_own_init(cls: type) -> bool:
    return any(isinstance(getattr(cls, name), FunctionType) for name in ("__init__", "__new__"))


BY_NAME = ("name", "path")  # of an ImportError; what else a later Python gives in `__reduce__` is no argument


def made_of(error: BaseException) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of an exception, with an OSError's file, and those by name, as an ImportError's module."""
    if isinstance(type(error).__reduce__, FunctionType):
        return error.args, {}
    reduced: Any = error.__reduce__()  # its class, its arguments, and perhaps what it has besides
    names = BY_NAME if isinstance(error, ImportError) and len(reduced) > 2 else ()
    return reduced[1], {name: reduced[2][name] for name in names if reduced[2].get(name) is not None}


def state_of(value: Any) -> dict[str, Any]:
    """The attributes of an instance, in the order in which they were set."""
    state = dict(getattr(value, "__dict__", {}))
    for cls in type(value).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name.startswith("__") and not name.endswith("__"):
                name = f"_{cls.__name__.lstrip('_')}{name}"
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                state[name] = getattr(value, name)
    return state



def is_opaque(value: Any) -> bool:
    """Whether an object is used as it is at run time, by staged calls of its methods."""
    is_known = isinstance(value, (set, bytearray, deque)) or is_random_generator(value)
    return is_known or is_opaque_class(type(value))
