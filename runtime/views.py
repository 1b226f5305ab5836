"""Keys of arrays: which getitems make views and cannot fail, which take elements, and which ops only look at what is
in an array."""

from __future__ import annotations

from typing import Any

import numpy as np

from runtime.ir import Constant, Op, Slot, Value

DTYPES = frozenset(map(np.dtype, "float64 int64 int32 int16 int8 uint32 uint16 uint8 bool".split()))
CHARS = frozenset(dtype.char for dtype in DTYPES)
IDENTITY = frozenset({"is_", "is_not", "id"})


def is_slice(op: Op) -> bool:
    """Whether it slices an array by Python's ints, which cannot fail."""
    if op.definition.name != "getitem" or not isinstance(op.call.args[0], Slot):
        return False
    base, key = op.inputs[op.call.args[0].index], op.call.args[1]
    parts = key if type(key) is tuple else (key,)
    known = base.type
    if not known.is_array or known.maybe or not known.rank or known.rank < sum(part is not None for part in parts):
        return False
    is_plain = sum(part is Ellipsis for part in parts) < 2
    return is_plain and all(part is None or part is Ellipsis or _is_range(part, op) for part in parts)


def _is_range(part: Any, op: Op) -> bool:
    if not isinstance(part, slice) or not (part.step is None or type(part.step) is int and part.step != 0):
        return False
    return all(bound is None or is_int(bound, op) for bound in (part.start, part.stop))


def is_int(part: Any, op: Op) -> bool:
    """Whether a template is a Python int."""
    known = op.inputs[part.index].type if isinstance(part, Slot) else None
    return type(part) is int if known is None else known.is_number and known.dtype is int


def only_looks(op: Op, value: Value) -> bool:
    """Whether an op does no more with an array than to read or write its items."""
    if op.definition.name == "setitem":  # a list or dict would keep the array itself
        target = op.inputs[op.call.args[0].index].type if isinstance(op.call.args[0], Slot) else None
        return target is not None and target.is_array and not target.maybe
    if op.definition.name == "getitem":
        return op.call.args[0] == Slot(op.inputs.index(value))
    return op.definition.effect == "pure" and not op.definition.aliases and op.definition.name not in IDENTITY


def has_elements(dtype: Any) -> bool:
    """Whether a view of memory gives its elements as Python numbers; longlong equals int64, and is another class."""
    return dtype in DTYPES and dtype.char in CHARS


def taken_of(op: Op) -> tuple[Value, tuple[Any, ...]] | None:
    """The array and the key of a getitem or setitem whose key has ints only."""
    if op.definition.name not in ("getitem", "setitem") or not isinstance(op.call.args[0], Slot):
        return None
    base = op.inputs[op.call.args[0].index]
    key = op.call.args[1] if type(op.call.args[1]) is tuple else (op.call.args[1],)
    known = base.type
    if not known.is_array or known.maybe or not has_elements(known.dtype) or known.rank is None or not 0 < len(key):
        return None
    is_fit = len(key) <= known.rank and not isinstance(base, Constant)
    return (base, key) if is_fit and all(may_be_index(part, op) for part in key) else None


def may_be_index(part: Any, op: Op) -> bool:
    """An int of Python's or NumPy's, by its type; what its type does not tell is seen later."""
    if not isinstance(part, Slot):
        return type(part) is int
    known = op.inputs[part.index].type
    if known.is_python:
        return known.dtype is int and not known.maybe
    return known.kind == "scalar" and not known.maybe and known.dtype is not None and known.dtype.kind in "iu"
