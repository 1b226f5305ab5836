"""Elements that change places are read and written one by one, without an array of indices and one of elements.

    v1: float64[2] = a[[i, j]]                v1: float64 = a[i]
    a[[j, i]] = v1                    →       v2: float64 = a[j]
                                              a[j] = v1
                                              a[i] = v2

What is read is there to be written, so that no write fails that would have left the others undone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from runtime.ir import Block, Call, Op, Program, Slot, Value, blocks_of, count_reads
from runtime.opdef import TABLE
from runtime.types import scalar
from runtime.views import DTYPES, may_be_index

MAX_PLACES = 8


def plain_swaps(program: Program) -> None:
    reads = count_reads(program)
    for block in blocks_of(program):
        _rewrite(block, reads)


def _rewrite(block: Block, reads: dict[Value, int]) -> None:
    ops: list[Op] = []
    for op in block.ops:
        has_list = bool(ops) and ops[-1].definition.name == "pack" and ops[-1].outputs[0] in op.inputs
        last = ops[-2:] if has_list else ops[-1:]
        if last and all(len(one.outputs) == 1 == reads[one.outputs[0]] for one in last) and _is_swap(last[0], op):
            ops[len(ops) - len(last) :] = _one_by_one(last[0], op)
        else:
            ops.append(op)
    block.ops[:] = ops


def _is_swap(taken: Op, put: Op) -> bool:
    if taken.definition.name != "getitem" or put.definition.name != "setitem" or put.inputs[-1:] != taken.outputs:
        return False
    array, places, others = taken.inputs[0], _places(taken), _places(put)
    known = array.type
    is_plain = known.is_array and not known.maybe and known.rank == 1 and known.dtype in DTYPES
    if not is_plain or put.inputs[0] is not array or places is None or others is None:
        return False
    return len(places) == len(others) and set(others) <= set(places)


def _places(op: Op) -> list[Any] | None:
    """The ints in the list that is the key of a getitem or setitem."""
    key, owner = op.call.args[1] if op.call.args[0] == Slot(0) else None, op
    if isinstance(key, Slot) and (made := op.inputs[key.index].op) is not None and made.definition.name == "pack":
        key, owner = made.call.args[0], made  # a list that was made just before
    if type(key) is not list or not 1 < len(key) <= MAX_PLACES or not all(may_be_index(part, owner) for part in key):
        return None
    places = [owner.inputs[part.index] if isinstance(part, Slot) else part for part in key]
    return None if any(map(_is_unsigned_long, places)) else places


def _is_unsigned_long(place: Any) -> bool:
    """Of a uint64 beside an int NumPy makes floats, which are no indices."""
    return isinstance(place, Value) and not place.type.is_python and place.type.dtype == np.uint64


def _one_by_one(taken: Op, put: Op) -> list[Op]:
    array = taken.inputs[0]
    read = [_access("getitem", array, place, taken) for place in _places(taken) or ()]
    values = [op.outputs[0] for op in read]
    return read + [_access("setitem", array, place, put, value) for place, value in zip(_places(put) or (), values)]


def _access(name: str, array: Value, place: Any, like: Op, value: Value | None = None) -> Op:
    inputs = (array, *((place,) if isinstance(place, Value) else ()), *((value,) if value is not None else ()))
    key = Slot(1) if isinstance(place, Value) else place
    args = (Slot(0), key) if value is None else (Slot(0), key, Slot(len(inputs) - 1))
    types = (scalar(array.type.dtype),) if value is None else ()
    return Op(TABLE[name], inputs, Call(args), types, like.frame)
