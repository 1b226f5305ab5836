"""What gives the same in each turn of a loop is computed before it.

    while_loop(for i: int in v1)                     v2: int = len(x)
      body {                                         while_loop(for i: int in v1)
        v2: int = len(x)                      →        body {
        v3: int = subtract(v2, i)                        v3: int = subtract(v2, i)
"""

from __future__ import annotations

from collections.abc import Iterable

from runtime.ir import Block, Op, Program, Value, walk
from runtime.passes.escaping import escaping
from runtime.passes.sure import Sure


def hoist_invariants(program: Program, sure: Sure, kept: Iterable[Value] = ()) -> None:
    _Hoisting(sure, escaping(program, kept)).hoist(program.block)


class _Hoisting:
    def __init__(self, sure: Sure, escaping: set[Value]):
        self.sure = sure
        self.escaping = escaping

    def hoist(self, block: Block) -> None:
        ops: list[Op] = []
        for op in block.ops:
            for inner in op.blocks:
                self.hoist(inner)
            if op.definition.name == "while_loop":
                found, at = self._invariants(op), len(ops)
                is_beside = op.call.kwargs.get("form") == "for" and bool(ops) and op.inputs[0] in ops[-1].outputs
                if is_beside and not any(value in ops[-1].outputs for one in found for value in one.inputs):
                    at -= 1  # what a loop goes through stays beside it
                ops[at:at] = found
            ops.append(op)
        block.ops[:] = ops

    def _invariants(self, loop: Op) -> list[Op]:
        """Takes out of a loop's Blocks, and of the branches in them, what hangs on nothing that is made in the loop."""
        made: set[Value] = {value for block in loop.blocks for value in block.inputs}
        made.update(value for block in loop.blocks for op in walk(block) for value in op.outputs)
        found: list[Op] = []
        for block in loop.blocks:
            self._take(block, made, found)
        return found

    def _take(self, block: Block, made: set[Value], found: list[Op]) -> None:
        kept = []
        for op in block.ops:
            if self._is_movable(op) and made.isdisjoint(op.inputs):
                found.append(op)
                made.difference_update(op.outputs)
                continue
            kept.append(op)
            for branch in op.blocks if op.definition.name == "cond" else ():
                self._take(branch, made, found)
        block.ops[:] = kept

    def _is_movable(self, op: Op) -> bool:
        """Each turn gives an object of its own, where that can be told."""
        return self.sure(op) and (op.outputs[0] not in self.escaping or self.sure.is_one_object(op))
