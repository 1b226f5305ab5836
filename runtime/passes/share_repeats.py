"""What is computed already is not computed again, and an element that was read is not read again before any write.

    v1: int = add(i, 1)                    v1: int = add(i, 1)
    v2: float64 = x[v1]             →      v2: float64 = x[v1]
    v3: int = add(i, 1)                    v5: float64 = multiply(v2, v2)
    v4: float64 = x[v3]
    v5: float64 = multiply(v2, v4)
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from runtime.ir import Block, Constant, Op, Program, Value
from runtime.ops.effect import writes
from runtime.passes.escaping import escaping
from runtime.passes.sure import Sure

Known = dict[Hashable, Value]


def share_repeats(program: Program, sure: Sure, replaced: dict[Value, Value], kept: Iterable[Value] = ()) -> None:
    """`replaced` takes up the Values that are no more, each with the one that stands for it."""
    _Sharing(sure, replaced, escaping(program, kept)).share(program.block, {})


class _Sharing:
    def __init__(self, sure: Sure, replaced: dict[Value, Value], escaping: set[Value]):
        self.sure = sure
        self.replaced = replaced
        self.escaping = escaping
        self.known: Known = {}
        self.turn: set[Value] = set()  # what was made since the turn of the innermost loop began

    def share(self, block: Block, read: Known) -> None:
        """`known` holds what is computed before the Block, `read` the elements that were read and not written since;
        what the Block computes is known to the Blocks in it."""
        kept, own = [], []
        for op in block.ops:
            op.inputs = tuple(self.replaced.get(value, value) for value in op.inputs)
            is_read = self.sure.is_read(op)
            if is_read or self.sure(op) or self.sure.is_repeatable(op):
                key, known = _key(op), read if is_read else self.known
                if key in known and self._replace(op, known[key]):
                    continue
                own += [] if is_read or key in known else [key]
                known.setdefault(key, op.outputs[0])
            kept.append(op)
            self.turn.update(op.outputs)
            self._share_inside(op, read)
        for key in own:
            del self.known[key]
        block.ops[:] = kept
        if block.results is not None:
            block.results = tuple(self.replaced.get(value, value) for value in block.results)

    def _share_inside(self, op: Op, read: Known) -> None:
        """Branches know what was read before them if the tests write nothing, and turns of a loop if it writes nothing
        at all."""
        is_writing = _may_write(op)
        if op.blocks:
            tests = op.blocks[1:-1:2] if op.definition.name == "cond" else op.blocks
            is_lost = any(_may_write(one) for test in tests for one in test.ops)
            turn = self.turn
            for inner in op.blocks:
                self.turn = turn if op.definition.name == "cond" else set()
                self.share(inner, {} if is_lost else dict(read))
            self.turn = turn
        if is_writing:
            read.clear()

    def _replace(self, op: Op, known: Value) -> bool:
        """Lets a Value stand for an equal one where nothing can tell that both are one object."""
        if op.outputs[0] in self.escaping:
            is_seen = known in self.escaping or known not in self.turn  # each turn makes one of its own
            if is_seen and not self.sure.is_one_object(op):
                return False
            self.escaping.add(known)
        self.replaced[op.outputs[0]] = known
        return True


def _may_write(op: Op) -> bool:
    """Whether it may change an element of an array: itself, or what is in it."""
    if op.blocks:
        return op.definition.name not in ("cond", "while_loop") or any(
            _may_write(one) for block in op.blocks for one in block.ops
        )
    return op.definition.effect != "pure" or writes(op.definition, op.call)


def _key(op: Op) -> Hashable:
    return op.definition.name, tuple(map(_operand, op.inputs)), repr(op.call.args)


def _operand(value: Value) -> Hashable:
    """Equal numbers and texts are one; of other constants each is itself."""
    if isinstance(value, Constant) and type(value.value) in (bool, int, float, str):
        return type(value.value), repr(value.value)
    return value
