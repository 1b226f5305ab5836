"""What is known already is not computed, and what changes nothing is not done.

    v1: int = add(i, 0)                       v3: float64[n] = subtract(x, y)
    v2: int = remainder(v1, 2)        →       v2: int = remainder(i, 2)
    v3: float64[n] = subtract(x, y)
    v4: float64[n] = multiply(1, v3)          (and v3 stands for v4)

Only rules that are exact to the bit: `x + 0.0` is none, since it makes 0.0 of -0.0, and `x * x` may differ from
`x ** 2` in the last place. A branch whose test is a constant is its ops; of a loop that makes no turn remains what it
begins with.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from runtime.classes import BINARY, RING
from runtime.ir import Block, Constant, Op, Program, Slot, Value, count_reads
from runtime.ops.effect import writes
from runtime.passes.escaping import escaping
from runtime.passes.sure import Sure
from runtime.types import type_of

# name: {where the other operand stands: the constant that leaves it as it is}
OF_INTS = {
    "add": {0: 0, 1: 0}, "subtract": {0: 0}, "multiply": {0: 1, 1: 1}, "floor_divide": {0: 1},
    "bitwise_or": {0: 0, 1: 0}, "bitwise_xor": {0: 0, 1: 0}, "left_shift": {0: 0}, "right_shift": {0: 0},
}  # fmt: skip
OF_FLOATS = {"subtract": {0: 0}, "multiply": {0: 1, 1: 1}, "divide": {0: 1}}
NUMBERS = (bool, int, float)
MAX_SHIFT = 64  # that is computed beforehand: it may stand in a branch that is never taken
MAKING = RING | {"divide", "floor_divide", "power", "negative"}  # give none of their operands


def simplify(program: Program, sure: Sure, replaced: dict[Value, Value], kept: Iterable[Value] = ()) -> None:
    """`replaced` takes up the Values that are no more, each with the one that stands for it."""
    kept = tuple(kept)
    _Simplifying(program, sure, replaced, escaping(program, kept), kept).block(program.block)


class _Simplifying:
    def __init__(
        self, program: Program, sure: Sure, replaced: dict[Value, Value], escaping: set[Value], kept: Iterable[Value]
    ):
        self.sure = sure
        self.replaced = replaced
        self.escaping = escaping
        self.reads = count_reads(program, kept)
        self.turn: set[Value] = set()  # what was made since the turn of the innermost loop began

    def block(self, block: Block) -> None:
        block.ops[:] = [one for op in block.ops for one in self._op(op)]
        if block.results is not None:
            block.results = tuple(map(self._now, block.results))

    def _turn(self, block: Block) -> None:
        """A Block that may be gone through more than once, or at another time."""
        outer, self.turn = self.turn, set()
        self.block(block)
        self.turn = outer

    def _replace(self, values: Iterable[Value], others: Iterable[Value]) -> None:
        """Others, which are read for these, are read in their place."""
        for value, other in zip(values, others):
            self.replaced[value] = other
            self.reads[other] += self.reads[value] - 1

    def _now(self, value: Value) -> Value:
        while value in self.replaced:
            value = self.replaced[value]
        return value

    def _op(self, op: Op) -> list[Op]:
        """What stands for an op."""
        op.inputs = tuple(map(self._now, op.inputs))
        instead = self._instead(op)
        if instead is not None:
            self._replace(op.outputs, [instead])
            return []
        self.turn.update(op.outputs)
        if op.definition.name == "cond":
            return self._cond(op)
        for inner in op.blocks:
            self._turn(inner)
        if _makes_no_turn(op):
            self._replace(op.outputs, op.inputs[len(op.inputs) - len(op.outputs) :])
            return []
        return [op]

    def _cond(self, op: Op) -> list[Op]:
        """Its branch, where the test is known; `not not x` is as true as x."""
        test = op.inputs[0]
        while (under := self._doubly_negated(test)) is not None:
            test = under
        op.inputs = (test,)
        if not isinstance(test, Constant) or type(test.value) is not bool or len(op.blocks) != 2:
            for inner in op.blocks:
                self.block(inner)
            return [op]
        chosen = op.blocks[0 if test.value else 1]
        self.block(chosen)
        if chosen.results is None:
            return chosen.ops
        self._replace(op.outputs, chosen.results)
        return chosen.ops

    def _doubly_negated(self, value: Value) -> Value | None:
        outer = value.op
        inner = self._now(outer.inputs[0]).op if outer is not None and outer.definition.name == "not_" else None
        if inner is None or inner.definition.name != "not_":
            return None
        under = self._now(inner.inputs[0])
        known = self.sure.classes(under)
        return under if known and "other" not in known else None

    def _instead(self, op: Op) -> Value | None:
        """The operand that an op of numbers gives again, or the constant that it gives."""
        name = op.definition.name
        if op.call.kwargs or len(op.outputs) != 1 or name not in BINARY or len(op.call.args) != 2:
            return None
        operands = [_constant(op, arg) for arg in op.call.args]
        if all(type(one) in NUMBERS for one in operands):
            return self._computed(op, operands)
        given = [(place, op.inputs[arg.index]) for place, arg in enumerate(op.call.args) if isinstance(arg, Slot)]
        for place, value in given:
            is_free = op.outputs[0] not in self.escaping or self._is_new(value)
            if is_free and self._is_neutral(name, operands[1 - place], value, place):
                return value
        return None

    def _is_neutral(self, name: str, constant: Any, value: Value, place: int) -> bool:
        known = self.sure.classes(value)
        if known in ({"int"}, {"int64"}):
            return type(constant) is int and OF_INTS.get(name, {}).get(place) == constant
        is_float = known in ({"float"}, {"float64"}) or self._is_new_array_of_floats(value)
        is_neutral = is_float and type(constant) in (int, float) and OF_FLOATS.get(name, {}).get(place) == constant
        return is_neutral and str(constant) != "-0.0"  # -0.0 - -0.0 is 0.0

    def _is_new_array_of_floats(self, value: Value) -> bool:
        known, op = value.type, value.op
        is_array = known.is_array and not known.maybe and bool(known.rank) and known.dtype is not None
        is_computed = op is not None and op.definition.name in BINARY
        return is_array and known.dtype.kind == "f" and is_computed and self._is_new(value)

    def _is_new(self, value: Value) -> bool:
        """Whether it was made in the same turn, and nothing else has it."""
        is_made = value.op is not None and (value.op.definition.name in MAKING or self.sure.is_read(value.op))
        return is_made and value in self.turn and self.reads[value] == 1

    def _computed(self, op: Op, operands: list[Any]) -> Constant | None:
        is_huge = op.definition.name == "left_shift" and operands[1] > MAX_SHIFT
        if is_huge or op.definition.effect != "pure" or writes(op.definition, op.call):
            return None
        try:
            found = op.definition.kernel(*operands)
        except (ArithmeticError, ValueError):
            return None  # when the program runs
        return Constant(found, type_of(found)) if type(found) in NUMBERS else None


def _constant(op: Op, arg: Any) -> Any:
    value = op.inputs[arg.index] if isinstance(arg, Slot) else arg
    return value.value if isinstance(value, Constant) else value


def _makes_no_turn(op: Op) -> bool:
    if op.definition.name != "while_loop":
        return False
    if op.call.kwargs.get("form") == "for":
        through = op.inputs[0]
        return isinstance(through, Constant) and type(through.value) in (range, tuple) and len(through.value) == 0
    test = op.blocks[0]
    result = test.results[0] if test.results and not test.ops else None
    return isinstance(result, Constant) and result.value is False
