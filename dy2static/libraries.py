"""What is known of Python that has no row: which functions and classes of the libraries give the same whenever they are
called, and which objects are more than their attributes.

Whatever is not listed here may keep state or act outside of the program: it is called when the program runs.
"""

from __future__ import annotations

import datetime
import itertools
import pathlib
import re
import sys
import types
from collections import deque
from enum import Enum
from typing import Any

import numpy as np

from runtime.types import NUMBERS

# Modules whose functions give the same for the same arguments, and change none of them but those of CHANGERS.
PURE = set(
    "builtins math cmath operator _operator itertools functools _functools heapq _heapq bisect _bisect struct _struct "
    "binascii base64 zlib unicodedata json _json statistics _statistics string _string collections _collections "
    "dataclasses typing types abc _abc enum copy numbers fractions textwrap re _sre keyword colorsys contextlib "
    "inspect numpy posixpath ntpath token difflib html fnmatch _codecs codecs reprlib pprint".split()
)
# Functions of these act on more than their arguments: they are called as they are, and not converted; so are
# the methods of their objects.
OUTSIDE = set(
    "os sys subprocess socket threading uuid secrets datetime logging io pathlib shutil warnings tempfile pickle "
    "asyncio multiprocessing signal atexit traceback linecache weakref gc locale decimal time random numpy queue "
    "posixpath ntpath genericpath glob copyreg _pydatetime _pyio _pydecimal".split()
)
# They act on the process: what they do is done when the program runs.
SETTINGS = {
    "set_printoptions", "get_printoptions", "printoptions", "seterr", "geterr", "seterrcall", "geterrcall",
    "setbufsize", "getbufsize", "set_string_function", "set_numeric_ops",
}  # fmt: skip
FRAMES = {"_getframe", "exc_info", "settrace", "setprofile", "currentframe", "stack", "trace", "getouterframes",
          "_getframemodulename", "exec", "eval", "locals"}  # fmt: skip
CHANGERS = {
    "heappush", "heappop", "heapify", "heapreplace", "heappushpop", "insort", "insort_left", "insort_right",
    "_heapify_max", "_heappop_max", "_heapreplace_max",
}  # fmt: skip
ENDLESS = {"count", "cycle", "repeat"}  # of itertools
_IMMUTABLE = (
    datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo, re.Pattern, re.Match, pathlib.PurePath,
    types.MappingProxyType, types.GenericAlias, types.CodeType, types.UnionType,
)  # fmt: skip
CALLABLE = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodDescriptorType, np.ufunc,
    types.WrapperDescriptorType, types.MethodWrapperType, types.ClassMethodDescriptorType, staticmethod, classmethod,
    property, super,
)  # fmt: skip
_KNOWN = (
    *NUMBERS, np.generic, np.ndarray, np.dtype, np.errstate, str, bytes, bytearray, list, dict, tuple, set, frozenset,
    deque, range, slice, type, type(None), type(Ellipsis), type(NotImplemented), Enum, types.ModuleType,
    types.SimpleNamespace, types.CellType, *CALLABLE,
)  # fmt: skip
_STATEFUL = (list, dict, set, deque, bytearray, np.ndarray)
CONSTANT_CALLABLES = ("functools", "operator", "numpy", "typing")


# Whoever has an object of these classes has imported their module; we do not, for the time that it takes.
_RANDOM = ("numpy.random", ("Generator", "RandomState"))
_VALUES = (("uuid", ("UUID",)), ("fractions", ("Fraction",)))


def _imported(module: str, names: tuple[str, ...]) -> tuple[type, ...]:
    """Classes of a module; none where this process has not imported it."""
    found = sys.modules.get(module)
    return () if found is None else tuple(getattr(found, name) for name in names)


def is_random_generator(value: Any) -> bool:
    return isinstance(value, _imported(*_RANDOM))


def is_immutable_class(cls: type | None) -> bool:
    """Whether objects of a class of the libraries never change: dates, patterns, paths, fractions."""
    late = (one for module, names in _VALUES for one in _imported(module, names))
    return cls is not None and (issubclass(cls, (*_IMMUTABLE, *late)) or cls.__module__ == "typing")


def is_known_class(cls: type) -> bool:
    """Whether the program has ops for objects of a class, or they are taken apart while tracing."""
    return issubclass(cls, (*_KNOWN, *_imported(*_RANDOM))) or is_immutable_class(cls)


class OutsideMethod:
    """A method of an object with state, not called yet."""

    __slots__ = ("owner", "name")

    def __init__(self, owner: Any, name: str):
        self.owner = owner
        self.name = name


def is_bound_to_state(value: Any) -> bool:
    """Whether a value is a method, written in C, of a container or of an object with state."""
    owner = getattr(value, "__self__", None)
    is_python = isinstance(getattr(value, "__func__", None), types.FunctionType)
    if owner is None or is_python or isinstance(value, type) or not callable(value) or is_public(value):
        return False
    return isinstance(owner, _STATEFUL) or is_random_generator(owner) or is_opaque_class(type(owner))


def is_public(function: Any) -> bool:
    """Whether it is a function of a module that is a method of a hidden object, such as np.random.normal."""
    modules = (sys.modules.get("numpy.random"), sys.modules.get("random"))
    return any(module and vars(module).get(getattr(function, "__name__", "")) == function for module in modules)


_ITERATED: tuple[Any, ...] = ((), [], "", b"", range(0), {}, set(), {}.values(), {}.items())
QUIET = {type(iter(one)) for one in _ITERATED} | {itertools.count}


def root_of(thing: Any) -> str:
    """The library that a function or class belongs to."""
    owner = getattr(thing, "__objclass__", None) or getattr(thing, "__self__", None)
    if getattr(thing, "__module__", None) is None and owner is not None:
        return root_of(owner if isinstance(owner, type) else type(owner))
    return str(getattr(thing, "__module__", None) or "").split(".")[0]


def calls_the_user(cls: type | None) -> bool:
    """Whether using an object of this class may run Python of the user's: generators, map, handlers of a logger."""
    if cls is None or not is_of_a_library(cls):
        return True
    return is_opaque_class(cls) and cls not in QUIET and root_of(cls) not in ("random", "array", "_thread", "_io", "io")


def is_of_a_library(thing: Any) -> bool:
    return root_of(thing) in sys.stdlib_module_names or root_of(thing) in ("numpy", "dy2static", "runtime")


def is_pure(function: Any) -> bool:
    """Whether a library's function may be called while tracing: it gives the same at every call."""
    owner = getattr(function, "__self__", None)
    if owner is not None and not isinstance(owner, (types.ModuleType, type)):
        return is_known_class(type(owner)) or type(owner).__module__ in PURE
    if isinstance(owner, type):
        return owner.__module__ in PURE
    objclass = getattr(function, "__objclass__", None)
    if objclass is not None:
        return is_known_class(objclass) or objclass.__module__ in PURE
    module = root_of(function if getattr(function, "__module__", None) else type(function))
    return module in PURE and getattr(function, "__name__", "") not in SETTINGS


def is_structural(cls: type) -> bool:
    """Whether a class is written in Python, so that its instances are their attributes and nothing else."""
    new = getattr(cls, "__new__", None)
    is_written = bool(cls.__flags__ & 1 << 9) and (new is object.__new__ or isinstance(new, types.FunctionType))
    return is_written and any("__slots__" in vars(base) or "__dict__" in vars(base) for base in cls.__mro__[:-1])


def is_opaque_class(cls: type | None) -> bool:
    """Whether objects of a class hold state that no attribute shows: iterators, files, locks, generators."""
    if cls is None or cls is object or is_known_class(cls):
        return False
    if is_structural(cls):
        return root_of(cls) in OUTSIDE and root_of(cls) != "numpy"
    return root_of(cls) not in CONSTANT_CALLABLES
