"""Types that hang on how big a Python int is, which only the program knows.

    x = np.array([n, 1])      int64[2] for most n; beyond int64 NumPy makes it float64, uint64 or of objects
    np.zeros(n), x + n        float64 and the dtype of x, whatever n is

An op's type is the one for ints that fit: nearly all do, and the executor does not need it. Python that asks for the
dtype or class itself asks here: each op on the way is typed once more, with an int that fits into no dtype.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from runtime.ir import Constant, Op, Slot, Value
from runtime.tracer import rebuilt
from runtime.types import ANY, Mismatch, TensorType, array, join, python, same_dtype

if TYPE_CHECKING:
    from dy2static.trace import Trace

BIG = 2**70
MOST = 2**63 - 1
SIZE = 2**48  # no array or list has as many items
SIZES = {"len", ".size", "np.size", ".ndim", "np.ndim", ".nbytes", ".itemsize"}
REFUSALS = (OverflowError, IndexError, Mismatch, MemoryError)


def settled(trace: Trace, value: Value) -> TensorType:
    """The type of a value without what another size of the program's ints would change."""
    if not _may_hang(value):
        return value.type
    todo = [value]
    while todo:
        one = todo[-1]
        missing = [each for each in _sources(one) if each not in trace.settlements and _may_hang(each)]
        if missing and one not in trace.settlements:
            trace.settlements[one] = one.type  # of a loop that comes back to itself
            todo += missing
            continue
        todo.pop()
        trace.settlements[one] = _settled_by(trace, one)
    return trace.settlements[value]


def _may_hang(value: Value) -> bool:
    known = value.type
    if isinstance(value, Constant) or known.dtype is None:
        return False
    return not known.is_python or known.dtype in (int, tuple)


def _sources(value: Value) -> Iterator[Value]:
    if value.op is None or value.op.definition.name in SIZES:
        return
    if not value.op.blocks:
        yield from value.op.inputs
        return
    yield from _given(value)


def _given(value: Value) -> Iterator[Value]:
    """What an op with Blocks may give as `value`."""
    op = value.op
    assert op is not None
    place = op.outputs.index(value)
    for block in op.blocks:
        if block.results is not None and len(block.results) == len(op.outputs):
            yield block.results[place]
    if op.definition.name == "while_loop":
        yield op.inputs[len(op.inputs) - len(op.outputs) + place]


def _settled_by(trace: Trace, value: Value) -> TensorType:
    known, op = value.type, value.op
    if op is None:
        if value not in trace.blocks[0].inputs and not known.is_python:
            trace.asked.add(value)
        return known
    if op.blocks:
        found = known
        for given in _given(value):
            found = join(found, _type(trace, given))
        return known if found == known else _loose(known)
    if all(_stand_in(trace, one) is one.type for one in op.inputs) or op.definition.name in SIZES:
        return known
    return known if len(op.outputs) == 1 and _is_typed_alike(trace, op, known) else _loose(known)


def _type(trace: Trace, value: Value) -> TensorType:
    return trace.settlements.get(value, value.type)


def _stand_in(trace: Trace, value: Value) -> Any:
    """The type of an input of an op; of an int that may be too big for int64 an int that is."""
    known = _type(trace, value)
    if known.is_python and known.dtype is int:
        return BIG if largest(value) > MOST else known
    if known.is_python and isinstance(known.items, tuple) and any(item.dtype is int for item in known.items):
        return replace(known, items=tuple(python(None) if item.dtype is int else item for item in known.items))
    return value.type if known == value.type else known


def _is_typed_alike(trace: Trace, op: Op, known: TensorType) -> bool:
    stand_ins = [_stand_in(trace, one) for one in op.inputs]
    args, kwargs = _filled((op.call.args, op.call.kwargs), stand_ins)
    try:
        found = op.definition.rule(*args, **kwargs)
    except REFUSALS:
        return True  # there is no result then
    except Exception:
        return False
    return found.kind == known.kind and same_dtype(found.dtype, known.dtype)


def _filled(template: Any, values: list[Any]) -> Any:
    if isinstance(template, Slot):
        return values[template.index]
    if isinstance(template, (tuple, list)):
        return rebuilt(template, [_filled(item, values) for item in template])
    if isinstance(template, dict):
        return {key: _filled(item, values) for key, item in template.items()}
    if isinstance(template, slice):
        return slice(*(_filled(part, values) for part in (template.start, template.stop, template.step)))
    return template


def _loose(known: TensorType) -> TensorType:
    return array(None, known.shape) if known.is_array else ANY


def largest(value: Value, depth: int = 4) -> float:
    """What neither `value` nor its negative ever exceeds: known of sizes, and of what is made of a few of them."""
    op = value.op
    if op is None or depth == 0:
        return INFINITE
    name = op.definition.name
    if name in SIZES or name == "getitem" and any(_is_shape(one) for one in op.inputs[:1]):
        return SIZE
    if name not in LARGEST or len(op.call.args) != 2:
        return INFINITE
    return float(LARGEST[name](*(_largest_of(one, op, depth - 1) for one in op.call.args)))


def _largest_of(template: Any, op: Op, depth: int) -> float:
    if isinstance(template, int):
        return abs(template)
    is_int = isinstance(template, Slot) and op.inputs[template.index].type.dtype is int
    return largest(op.inputs[template.index], depth) if is_int else INFINITE


def _is_shape(value: Value) -> bool:
    return value.op is not None and value.op.definition.name in (".shape", "np.shape")


INFINITE = float("inf")
LARGEST: dict[str, Any] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a + b,
    "multiply": lambda a, b: a * b,
    "floor_divide": lambda a, b: a + 1,
    "remainder": lambda a, b: b,
}
