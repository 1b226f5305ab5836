"""A slice that was changed in place is not written onto itself.

    v1: float64[n] = x[2:]                         v1: float64[n] = x[2:]
    v2: float64[n] = iadd(v1, y)            →      v2: float64[n] = iadd(v1, y)
    x[2:] = v2

That is what Python does of `x[2:] += y`; the last step copies the slice, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from runtime.ir import Op, Program, Slot, blocks_of
from runtime.ops.operators import INPLACE
from runtime.views import is_int


def drop_self_writes(program: Program) -> None:
    for block in blocks_of(program):
        block.ops[:] = [op for op in block.ops if not _writes_itself(op)]


def _writes_itself(op: Op) -> bool:
    if op.definition.name != "setitem" or not isinstance(op.call.args[2], Slot):
        return False
    changed = op.inputs[op.call.args[2].index].op
    if changed is None or changed.definition.name not in INPLACE:
        return False
    view = changed.inputs[changed.call.args[0].index]
    known = view.type
    if view.op is None or view.op.definition.name != "getitem" or not known.is_array or known.maybe or not known.rank:
        return False
    place = _place(op)
    return place is not None and place == _place(view.op)


def _place(op: Op) -> Hashable:
    """The array and the key of a getitem or setitem that takes a view; None for others."""
    base, key = op.call.args[:2]
    parts = key if type(key) is tuple else (key,)
    if not isinstance(base, Slot) or not op.inputs[base.index].type.is_array or op.inputs[base.index].type.maybe:
        return None
    found = [_part(part, op) for part in parts]
    return None if None in found else (op.inputs[base.index], type(key) is tuple, *found)


def _part(part: Any, op: Op) -> Hashable:
    if isinstance(part, slice):
        bounds = [bound is None or is_int(bound, op) for bound in (part.start, part.stop, part.step)]
        return tuple(_given(bound, op) for bound in (part.start, part.stop, part.step)) if all(bounds) else None
    if part is Ellipsis or part is None:
        return repr(part)
    known = op.inputs[part.index].type if isinstance(part, Slot) else None
    is_number = known is not None and known.kind == "scalar" and known.dtype is not None and known.dtype.kind in "iu"
    return ("at", _given(part, op)) if is_number or is_int(part, op) else None


def _given(part: Any, op: Op) -> Hashable:
    return op.inputs[part.index] if isinstance(part, Slot) else part
