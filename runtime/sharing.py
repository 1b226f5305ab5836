"""Which Values live in one variable.

    a_2 = a + 1 if r == 0 else a        →        if r == 0: a = a + 1
"""

from __future__ import annotations

from collections.abc import Collection

from runtime.ir import Constant, Op, Program, Value, blocks_of
from runtime.liveness import Liveness, branches_of
from runtime.printer import traverse

MAX_NAMED = 8  # of those that share no more than a name
MAX_SHARING = 64  # Values in one variable: bounds the work for long programs


class Sharing:
    """Groups of Values that live in one variable; a Value that shares with none is a group of its own."""

    def __init__(self, program: Program, inline: Collection[Value], kept: Collection[Value]):
        self.liveness = Liveness(program, inline)
        self.groups: dict[Value, list[Value]] = {}
        self.inputs = set(program.block.inputs)
        self.fixed = {*kept, *self.liveness.fixed}
        ops = [item for item, before in traverse(program.block) if before and isinstance(item, Op)]
        for op in ops:
            self._join_states(op)
        for op in ops:
            self._share(op)
        self._share_names(program)

    def group(self, value: Value) -> list[Value]:
        return self.groups.get(value) or [value]

    def _join_states(self, op: Op) -> None:
        """State of a loop is one variable all through."""
        if op.definition.name != "while_loop":
            return
        for child in op.blocks:
            for value, output in zip(child.inputs[len(child.inputs) - len(op.outputs) :], op.outputs):
                self._unite(output, value)

    def _share(self, op: Op) -> None:
        if op.definition.name == "cond":
            for index in branches_of(op):
                for output, result in zip(op.outputs, op.blocks[index].results or ()):
                    self._try(output, result)
        elif op.definition.name == "while_loop":
            is_for = op.call.kwargs.get("form") == "for"
            body = op.blocks[0 if is_for else 1]
            for output, result in zip(op.outputs, body.results or ()):
                self._try(output, result)
            for output, start in zip(op.outputs, op.inputs[is_for:]):
                self._try(output, start)

    def _share_names(self, program: Program) -> None:
        """A name that the user gives again in a Block is the same variable: what it held before is released."""
        for block in blocks_of(program):
            last: dict[str | None, Value] = {value.hint: value for value in block.inputs if value.hint}
            for output in (output for op in block.ops for output in op.outputs if output.hint):
                before = last.get(output.hint, output)
                if len(self.group(output)) + len(self.group(before)) <= MAX_NAMED:
                    self._try(output, before)
                last[output.hint] = output

    def _try(self, a: Value, b: Value) -> None:
        """Lets two Values share a variable where that changes nothing."""
        if isinstance(b, Constant):
            return
        mine, other = self.group(a), self.group(b)
        if mine is other or len(mine) + len(other) > MAX_SHARING or self.fixed.intersection([*mine, *other]):
            return
        if self.inputs.intersection(mine) and self.inputs.intersection(other):
            return
        if not any(self.liveness.interfere(x, y) for x in mine for y in other):
            self._unite(a, b)

    def _unite(self, a: Value, b: Value) -> None:
        united = [*self.group(a), *self.group(b)]
        for value in united:
            self.groups[value] = united
