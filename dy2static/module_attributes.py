"""Attributes of modules: names of NumPy and the standard library stay what they are, others are read at every call."""

from __future__ import annotations

import functools
from types import FunctionType, ModuleType
from typing import Any

from dy2static.libraries import is_opaque_class
from dy2static.native import native
from dy2static.objects import is_instance
from dy2static.places import root_object
from dy2static.trace import Trace


def is_library(value: Any) -> bool:
    """Whether a value belongs to NumPy or the standard library, whose names are not rebound."""
    if isinstance(value, ModuleType):
        return True
    if isinstance(value, (FunctionType, functools.partial)) or is_instance(value):
        return False
    return callable(value) and getattr(value, "__module__", None) in _LIBRARY


_LIBRARY = {"builtins", "numpy", "math", "cmath", "operator", "itertools", "functools"}


def module_attribute(trace: Trace, module: ModuleType, name: str) -> Any:
    value = native(trace, getattr, module, name)
    if is_library(value) or module.__name__.split(".")[0] in _STANDARD and not _varies(value):
        return value
    trace.origins.setdefault(id(module), (module, root_object(module, module.__name__)))
    return trace.admit(value, trace.origins[id(module)][1].attribute(name))


def _varies(value: Any) -> bool:
    """Whether an attribute of a library's module holds state: sys.stdout, os.environ, sys.argv."""
    return isinstance(value, (list, dict, set)) or is_instance(value) or is_opaque_class(type(value))


_STANDARD = {
    "numpy",
    "math",
    "cmath",
    "operator",
    "itertools",
    "functools",
    "random",
    "time",
    "sys",
    "os",
    "re",
    "string",
}
