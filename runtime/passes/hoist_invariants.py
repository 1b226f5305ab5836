"""What gives the same in each turn of a loop is computed before it.

    while_loop(for i: int in v1)                     v2: int = len(x)
      body {                                         while_loop(for i: int in v1)
        v2: int = len(x)                      →        body {
        v3: int = subtract(v2, i)                        v3: int = subtract(v2, i)
"""

from __future__ import annotations

from runtime.ir import Block, Op, Program, Value, walk
from runtime.passes.sure import Sure


def hoist_invariants(program: Program, sure: Sure) -> None:
    _hoist(program.block, sure)


def _hoist(block: Block, sure: Sure) -> None:
    ops: list[Op] = []
    for op in block.ops:
        for inner in op.blocks:
            _hoist(inner, sure)
        if op.definition.name == "while_loop":
            at = len(ops)
            if ops and op.inputs and op.inputs[0] in ops[-1].outputs:
                at -= 1  # what a loop goes through stays beside it
            ops[at:at] = _invariants(op, sure)
        ops.append(op)
    block.ops[:] = ops


def _invariants(loop: Op, sure: Sure) -> list[Op]:
    """Takes out of a loop's Blocks, and of the branches in them, what hangs on nothing that is made in the loop."""
    made: set[Value] = {value for block in loop.blocks for value in block.inputs}
    made.update(value for block in loop.blocks for op in walk(block) for value in op.outputs)
    found: list[Op] = []
    for block in loop.blocks:
        _take(block, sure, made, found)
    return found


def _take(block: Block, sure: Sure, made: set[Value], found: list[Op]) -> None:
    kept = []
    for op in block.ops:
        if sure(op) and made.isdisjoint(op.inputs):
            found.append(op)
            made.difference_update(op.outputs)
            continue
        kept.append(op)
        for branch in op.blocks if op.definition.name == "cond" else ():
            _take(branch, sure, made, found)
    block.ops[:] = kept
