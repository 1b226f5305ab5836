"""Which inputs a Program may change: found by following what every Value may share memory with.

y = x[1:]          y may share memory with x
y[0] = 1           so this may change x
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from runtime.ir import Block, Op, Program, Value, slots
from runtime.ops.effect import targets, writes
from runtime.types import NUMBERS, TensorType

IMMUTABLE = (*NUMBERS, str, bytes, type(None), range, slice)


def changed_inputs(program: Program) -> list[Value]:
    """The inputs that a run may change, in order."""
    ops = all_ops(program.block)
    written = [(op, target) for op in ops for target in written_values(op)]
    if not written:
        return []
    roots = Roots(program, ops)
    changed = {root for _, target in written for root in roots.of(target)}
    return [value for value in program.block.inputs if value in changed]


def all_ops(block: Block) -> list[Op]:
    """Every Op of a Block and those inside it, however deep; also of a faulty Program, which holds its own Block."""
    found: list[Op] = []
    seen: set[Block] = set()
    todo = [block]
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            found += one.ops
            todo += [inner for op in one.ops for inner in op.blocks]
    return found


def written_values(op: Op) -> Iterator[Value]:
    """The Values that an op writes into."""
    if op.blocks or not writes(op.definition, op.call) and op.definition.effect != "random":
        return
    for slot in slots(targets(op.definition, op.call)):
        yield op.inputs[slot.index]


class Roots:
    """For each Value the inputs of the Program that it may share memory with, or hold."""

    def __init__(self, program: Program, ops: list[Op]):
        self.found: dict[Value, frozenset[Value]] = {
            value: frozenset((value,)) for value in program.block.inputs if is_mutable(value.type)
        }
        self.passed = [value for op in ops if op.definition.name == "call" for value in op.inputs]
        self.stable = False
        while not self.stable:
            self.stable = True
            for op in ops:
                self._follow(op)

    def of(self, value: Value) -> frozenset[Value]:
        return self.found.get(value, frozenset())

    def _follow(self, op: Op) -> None:
        if op.definition.name == "define":
            self._flow(self.passed, op.blocks[0].inputs[1:])
            self._flow(op.blocks[0].results or (), (*op.outputs, op.blocks[0].inputs[0]))
        elif op.definition.name == "while_loop":
            self._loop(op)
        elif op.blocks:
            for block in op.blocks:
                self._each(block.results or (), op.outputs)
        elif op.definition.name == ".copy" and op.inputs[0].type.is_array:
            return  # of a list or dict the items are shared
        elif op.definition.aliases or op.definition.effect != "pure" or writes(op.definition, op.call):
            self._flow(op.inputs, op.outputs)
        if op.definition.effect == "write":
            self._flow(op.inputs[1:], [value for value in op.inputs[:1] if not value.type.is_array])

    def _loop(self, op: Op) -> None:
        count = len(op.outputs)
        if op.call.kwargs.get("form") == "for":
            self._flow(op.inputs[:1], op.blocks[0].inputs[:1])
        for block in op.blocks:
            self._each(_last(op.inputs, count), _last(block.inputs, count))
        body = next((block for block in op.blocks[::-1] if len(block.results or ()) == count), Block())
        self._each(op.inputs[len(op.inputs) - count :], op.outputs)
        self._each(body.results or (), op.outputs)
        for block in op.blocks:
            self._each(op.outputs, _last(block.inputs, count))

    def _each(self, sources: Iterable[Value], goals: Iterable[Value]) -> None:
        for source, goal in zip(sources, goals):
            self._flow((source,), (goal,))

    def _flow(self, sources: Iterable[Value], goals: Iterable[Value]) -> None:
        """Whatever a source may share memory with, each goal may."""
        gained: frozenset[Value] = frozenset().union(*map(self.of, sources))
        for goal in goals:
            if is_mutable(goal.type) and not gained <= self.of(goal):
                self.found[goal] = self.of(goal) | gained
                self.stable = False


def _last(values: tuple[Value, ...], count: int) -> tuple[Value, ...]:
    return values[len(values) - count :]


def is_mutable(type: TensorType) -> bool:
    """Whether a value of that type can be changed, or hold what can."""
    known: Any = type.dtype
    return type.kind != "scalar" and not (type.is_python and known in IMMUTABLE)
