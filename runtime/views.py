"""Slices of arrays: which getitems make views and cannot fail, and which ops only look at what is in an array."""

from __future__ import annotations

from typing import Any

from runtime.ir import Op, Slot, Value

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
