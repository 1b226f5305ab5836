"""The number that Python needs of a Variable while tracing: the inputs it is computed from are taken as constants."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dy2static.signals import Restart, Unroll
from runtime import executor
from runtime.ir import Block, Constant, Op, Program, Value, walk
from runtime.plan import free_values
from runtime.tracer import TracingError, Variable
from runtime.types import TensorType, array

if TYPE_CHECKING:
    from dy2static.trace import Trace

SIZES = {".shape", ".size", "len", "np.shape", "np.size", ".nbytes"}


def number(trace: Trace, variable: Variable, purpose: str) -> Any:
    """Takes the arguments that the number comes from as constants, and starts again."""
    leaves, needed = _leaves(trace, variable.value, purpose)
    if not leaves:
        program = Program("number", Block(trace.blocks[0].inputs))
        program.block.ops = [op for block in trace.blocks for op in block.ops if needed.intersection(op.outputs)]
        return executor.build(program, (variable.value,))(*trace.examples)[0]
    for value, wants_shape in leaves.items():
        place = trace.inputs[trace.blocks[0].inputs.index(value)]
        known = trace.assumptions.shapes if wants_shape else trace.assumptions.numbers
        if place in known:  # it was not enough: that of a list, say
            raise _unknown(trace, value, purpose)
        known.add(place)
        what = "the shape of" if wants_shape else "the value of"
        trace.assumptions.reasons.setdefault(place, (what, purpose, trace.frame()))
    raise Restart


def _leaves(trace: Trace, value: Value, purpose: str) -> tuple[dict[Value, bool], set[Value]]:
    """The inputs that a number is computed from, and whether it is only their shape that counts."""
    leaves: dict[Value, bool] = {}
    todo = [value]
    seen: set[Value] = set()
    while todo:
        one = todo.pop()
        if one in seen or isinstance(one, Constant):
            continue
        seen.add(one)
        if one.op is None:
            _leaf(trace, one, leaves, purpose)
        elif one.op.definition.name in SIZES and trace.assumptions.reshaped:
            raise _unknown(trace, one, purpose)
        elif one.op.definition.name in SIZES and one.op.inputs[0] in trace.blocks[0].inputs:
            leaves[one.op.inputs[0]] = True
        elif not is_repeatable(one.op) or one.type.is_python and one.type.dtype in (list, dict, set):
            raise _unknown(trace, one, purpose)
        else:
            todo += free_values(one.op)
    return leaves, seen


def is_repeatable(op: Op) -> bool:
    """Whether doing an op once more, now, gives what it will give and changes nothing."""
    inside = [inner for block in op.blocks for inner in walk(block)]
    return all(one.definition.effect in ("pure", "control") for one in (op, *inside))


def _leaf(trace: Trace, value: Value, leaves: dict[Value, bool], purpose: str) -> None:
    for depth in reversed(range(trace.depth)):
        if value in trace.regions[depth].block.inputs:
            raise Unroll(depth, f"{purpose} needs a number that changes in the loop")
    if value not in trace.blocks[0].inputs or not value.type.is_number and value.type.kind != "scalar":
        raise _unknown(trace, value, purpose)
    leaves[value] = False


def _unknown(trace: Trace, value: Value, purpose: str) -> TracingError:
    name = f"{value.hint!r}" if value.hint else f"a {value.type} value"
    return TracingError(f"{purpose} needs the value of {name} while tracing, and it is known when the program runs")


def known_size(name: str, type: TensorType) -> Any:
    """What an op of SIZES gives for an array whose dims are all known numbers, or a tuple of known length; or None."""
    if name == "len" and type.dtype is tuple and isinstance(type.items, tuple):
        return len(type.items)
    if not type.is_array or not type.shape or not all(isinstance(dim, int) for dim in type.shape):
        return None
    if name in (".shape", "np.shape"):
        return type.shape
    return type.shape[0] if name == "len" else math.prod(type.shape) if name in (".size", "np.size") else None


def loosened(type: TensorType, reshaped: set[str]) -> TensorType:
    """`type` without the attributes `reshaped` of arrays, "shape" or "dtype"."""
    if type.is_python:
        items = type.items
        made = tuple(loosened(item, reshaped) for item in items) if isinstance(items, tuple) else None
        return replace(type, items=made)
    if type.kind == "scalar":
        return type
    loose = array(None if "dtype" in reshaped else type.dtype, None)
    return replace(loose, kind=type.kind, maybe=type.maybe)
