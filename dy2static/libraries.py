"""What is known of Python that has no row: which functions and classes of the libraries give the same whenever they are
called, and which objects are more than their attributes.

Whatever is not listed here may keep state or act outside of the program: it is called when the program runs.
"""

from __future__ import annotations

import datetime
import pathlib
import re
import sys
import types
import uuid
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
IMMUTABLE = (
    datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo, re.Pattern, re.Match, pathlib.PurePath,
    uuid.UUID, types.MappingProxyType, types.GenericAlias, types.CodeType,
)  # fmt: skip
CALLABLE = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodDescriptorType, np.ufunc,
    types.WrapperDescriptorType, types.MethodWrapperType, types.ClassMethodDescriptorType, staticmethod, classmethod,
    property, super,
)  # fmt: skip
# What the program has ops for, or what is taken apart while tracing.
KNOWN = (
    *NUMBERS, np.generic, np.ndarray, np.dtype, np.errstate, np.random.Generator, np.random.RandomState, str, bytes,
    bytearray, list, dict, tuple, set, frozenset, deque, range, slice, type, type(None), type(Ellipsis),
    type(NotImplemented), Enum, types.ModuleType, types.SimpleNamespace, types.CellType, *CALLABLE, *IMMUTABLE,
)  # fmt: skip
CONSTANT_CALLABLES = ("functools", "operator", "numpy", "typing")


def root_of(thing: Any) -> str:
    """The library that a function or class belongs to."""
    return str(getattr(thing, "__module__", None) or "").split(".")[0]


def is_of_a_library(thing: Any) -> bool:
    return root_of(thing) in sys.stdlib_module_names or root_of(thing) in ("numpy", "dy2static", "runtime")


def is_pure(function: Any) -> bool:
    """Whether a library's function may be called while tracing: it gives the same at every call."""
    owner = getattr(function, "__self__", None)
    if owner is not None and not isinstance(owner, (types.ModuleType, type)):
        return isinstance(owner, KNOWN) or type(owner).__module__ in PURE
    if isinstance(owner, type):
        return owner.__module__ in PURE
    objclass = getattr(function, "__objclass__", None)
    if objclass is not None:
        return issubclass(objclass, KNOWN) or objclass.__module__ in PURE
    module = root_of(function if getattr(function, "__module__", None) else type(function))
    return module in PURE and getattr(function, "__name__", "") not in SETTINGS


def is_structural(cls: type) -> bool:
    """Whether a class is written in Python, so that its instances are their attributes and nothing else."""
    new = getattr(cls, "__new__", None)
    is_written = bool(cls.__flags__ & 1 << 9) and (new is object.__new__ or isinstance(new, types.FunctionType))
    return is_written and any("__slots__" in vars(base) or "__dict__" in vars(base) for base in cls.__mro__[:-1])


def is_opaque_class(cls: type | None) -> bool:
    """Whether objects of a class hold state that no attribute shows: iterators, files, locks, generators."""
    if cls is None or issubclass(cls, KNOWN) or is_structural(cls):
        return False
    return root_of(cls) not in CONSTANT_CALLABLES
