"""What is computed already is not computed again.

    v1: int = add(i, 1)                    v1: int = add(i, 1)
    v2: float64 = x[v1]             →      v2: float64 = x[v1]
    v3: int = add(i, 1)                    v4: float64 = y[v1]
    v4: float64 = y[v3]
"""

from __future__ import annotations

from collections.abc import Hashable

from runtime.ir import Block, Constant, Op, Program, Value
from runtime.passes.sure import Sure

Known = dict[Hashable, Value]


def share_repeats(program: Program, sure: Sure, replaced: dict[Value, Value]) -> None:
    """`replaced` takes up the Values that are no more, each with the one that stands for it."""
    _share(program.block, sure, {}, replaced)


def _share(block: Block, sure: Sure, known: Known, replaced: dict[Value, Value]) -> None:
    """`known` holds what is computed before the Block; what the Block computes is known to the Blocks in it."""
    kept, own = [], []
    for op in block.ops:
        op.inputs = tuple(replaced.get(value, value) for value in op.inputs)
        if sure(op):
            key = _key(op)
            if key in known:
                replaced[op.outputs[0]] = known[key]
                continue
            known[key] = op.outputs[0]
            own.append(key)
        kept.append(op)
        for inner in op.blocks:
            _share(inner, sure, known, replaced)
    for key in own:
        del known[key]
    block.ops[:] = kept
    if block.results is not None:
        block.results = tuple(replaced.get(value, value) for value in block.results)


def _key(op: Op) -> Hashable:
    return op.definition.name, tuple(map(_operand, op.inputs)), repr(op.call.args)


def _operand(value: Value) -> Hashable:
    """Equal numbers and texts are one; of other constants each is itself."""
    if isinstance(value, Constant) and type(value.value) in (bool, int, float, str):
        return type(value.value), repr(value.value)
    return value
