"""Classes that the function itself makes, whose objects live in the program: Python calls their special methods there.

    k = x[0] * 2
    class D:
        def __add__(self, other): return self.v + other.v + k        k is a value of the program, and no number
"""

from __future__ import annotations

import dis
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from dy2static.lines import CODES
from dy2static.signals import Refused
from runtime.types import NUMBERS

# Methods that converted code calls itself, whatever it knows of the object.
CONVERTED = set("__init__ __new__ __call__ __post_init__ __init_subclass__ __set_name__ __class_getitem__".split())
FIXED = (*NUMBERS, str, bytes, type(None), type, FunctionType, BuiltinFunctionType, MethodType, ModuleType)


def check_special_methods(cls: type) -> None:
    """Raises Refused for a special method that uses a name around its class which has a value of the program."""
    for base in cls.__mro__:
        for name, method in vars(base).items():
            if name.startswith("__") and name.endswith("__") and name not in CONVERTED:
                _check(base, name, method)


def _check(cls: type, name: str, method: Any) -> None:
    if not isinstance(method, FunctionType) or method.__code__ not in CODES or method.__closure__ is None:
        return
    for captured, cell in zip(method.__code__.co_freevars, method.__closure__):
        if _is_fixed(cell) and not _sets(method, captured):
            continue
        raise Refused(
            f"objects of {cls.__name__} live in the program, where Python calls {name}, which uses {captured!r} of the "
            "function around its class",
            f"give {captured} to the objects as an attribute, or move the class out of the function",
        )


def _is_fixed(cell: Any) -> bool:
    try:
        held = cell.cell_contents
    except ValueError:  # not set yet
        return False
    return isinstance(held, FIXED) or hasattr(type(held), "__dy2static_scope__")


def _sets(method: FunctionType, name: str) -> bool:
    return any(step.argval == name and step.opname == "STORE_DEREF" for step in dis.get_instructions(method))
