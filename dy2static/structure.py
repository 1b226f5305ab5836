"""The structure of what branches and loops give: tuples are taken apart, what is the same on every path stays."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from dy2static.objects import is_instance
from dy2static.trace import Trace
from runtime.ir import Missing
from runtime.tracer import Variable
from runtime.types import UNDEFINED


@dataclass(eq=False, repr=False)
class Column:
    """The place of output number `index` in a merged value."""

    index: int


@dataclass(eq=False, repr=False)
class Fixed:
    """State that is the same object in every turn."""

    value: Any


@dataclass(eq=False, repr=False)
class Chosen:
    """One of the `options`; which of them is output number `index`."""

    options: tuple[Any, ...]
    index: int


def is_plain_tuple(value: Any) -> bool:
    return type(value) is tuple or isinstance(value, tuple) and hasattr(value, "_make")


def is_same(a: Any, b: Any) -> bool:
    """Whether two paths give the same thing, which then needs no output."""
    if isinstance(a, Variable) and isinstance(b, Variable):
        return a.value is b.value
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, (bool, int, str, bytes)):
        return bool(a == b)
    if isinstance(a, (float, complex, np.generic)):
        return repr(a) == repr(b)
    return is_plain_tuple(a) and len(a) == len(b) and all(map(is_same, a, b))


def fill_columns(merged: Any, outputs: Sequence[Any]) -> Any:
    if isinstance(merged, Column):
        return outputs[merged.index]
    if is_plain_tuple(merged):
        filled = [fill_columns(item, outputs) for item in merged]
        return type(merged)._make(filled) if hasattr(merged, "_make") else tuple(filled)
    return merged


def is_mutable(value: Any) -> bool:
    return isinstance(value, (list, dict, set, deque)) or is_instance(value)


def describe(value: Any) -> str:
    return f"{getattr(value, '__name__', None) or 'an object of class ' + type(value).__name__}"


def can_be_state(trace: Trace, value: Any) -> bool:
    if isinstance(
        value,
        (Variable, bool, int, float, complex, str, bytes, type(None), np.generic, np.dtype, list, dict, tuple, slice),
    ):
        return True
    return value is UNDEFINED or isinstance(value, (np.ndarray, range, set, Enum, Missing))


def as_state(state: Any, count: int) -> tuple[Any, ...]:
    """What a generated body returned, as a tuple: bare for one name, None for no name."""
    if count == 0:
        return ()
    return (state,) if count == 1 else tuple(state)
