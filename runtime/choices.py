"""`a and b`, `a or b`, `a if test else b` and `not a` that only read and compare elements: Python numbers as well.

not done[v] and dist[v] < best        →        not done_at_[v] and dist_at_[v] < best
"""

from __future__ import annotations

from runtime.accesses import cannot_fail
from runtime.attempts import AttemptWriter
from runtime.classes import COMPARE, PYTHON
from runtime.codegen import MAX_DEPTH
from runtime.ir import Block, Op, Value, line_of
from runtime.number_writer import Number, Part, both_texts
from runtime.writer import Pending, Scope


class ChoiceWriter(AttemptWriter):
    """Writes those as parts of expressions of numbers, where no part needs lines of its own."""

    def negation(self, op: Op) -> None:
        last = self.scope.pending[-1] if self.scope.pending else None
        is_here = last is not None and last.value is op.inputs[0] and line_of(last.frame) == line_of(op.frame)
        text = last.text if last is not None and is_here and op.outputs[0] in self.plan.inline else None
        if not isinstance(text, Number) or text.is_sure or text.test != "any" or text.checks:
            return super().op(op)
        fast, slow = both_texts(text)
        self.scope.pending[-1] = Pending(op.outputs[0], Number(f"not {fast}", f"not {slow}", "any"), op.frame)

    def cond(self, op: Op) -> None:
        number = self._choice(op) if self._is_choice(op) else None
        if number is None:
            return super().cond(op)
        if op.outputs[0] in self.plan.inline:
            self.scope.pending.append(Pending(op.outputs[0], number, op.frame))
        else:
            self.flush()
            self.assign(self.plan.names[op.outputs[0]], number, op.frame)

    def _is_choice(self, op: Op) -> bool:
        if self.loop is None or len(op.blocks) != 2 or len(op.outputs) != 1 or self.depth > MAX_DEPTH:
            return False
        output, inner = op.outputs[0], [one for block in op.blocks for one in block.ops]
        if output not in self.loop.numbers and not self.loop.classes(output) <= PYTHON:
            return False
        are_inside = all(line_of(one.frame) == line_of(op.frame) and self.plan.inline.issuperset(one.outputs)
                         for one in inner)  # fmt: skip
        return are_inside and all(map(self._only_looks, inner))

    def _only_looks(self, op: Op) -> bool:
        """Whether it reads or compares elements, so that its result needs no test."""
        assert self.loop is not None
        name = op.definition.name
        if name == "cond":
            return self._is_choice(op)
        if op in self.loop.accesses or name in COMPARE:
            return op in self.loop.computed and name != "setitem" or all(map(self._is_pythons, op.inputs))
        return cannot_fail(op) or name in ("not_", "truth") and all(map(self._is_pythons, op.inputs))

    def _is_pythons(self, value: Value) -> bool:
        assert self.loop is not None
        return value in self.loop.numbers or self.classes(value) <= PYTHON

    def _choice(self, op: Op) -> Number | None:
        """None where a part needs lines of its own, or none of them reads an element."""
        pending, count = list(self.scope.pending), len(self.scope.lines)
        (test,) = self.operands(op.inputs, op.frame, numbers=True)
        if isinstance(test, Number) and test.test != "any":
            tested = self._alone(Part(test, test.slow, test.checks, test.test, test.operands))
            test = Number(tested.text, tested.slow, "any", tested.checks)
        checks = test.checks if isinstance(test, Number) else ()
        parts = [test, *(text for block in op.blocks if (text := self._only_text(block)) is not None)]
        is_kept = op.outputs[0] not in self.plan.inline and self.plan.names[op.outputs[0]] in parts
        if len(parts) == 3 and not is_kept and any(isinstance(one, Number) and not one.is_sure for one in parts):
            fast, slow = (self._chosen(op, *texts) for texts in zip(*map(both_texts, parts)))
            return Number(fast, slow, "any", checks)
        if len(self.scope.lines) == count:
            self.scope.pending = pending
        return None

    def _only_text(self, block: Block) -> str | None:
        """The text of a Block's result, if there is nothing else to it."""
        outer, self.scope = self.scope, Scope()
        self.depth += 1
        self.ops(block)
        texts = None if block.results is None else self.operands(block.results, None, numbers=True)
        is_alone = not self.scope.lines and not self.scope.pending
        self.scope = outer
        self.depth -= 1
        is_alone &= texts is not None and not (isinstance(texts[0], Number) and _has_tests(texts[0]))
        return texts[0] if texts is not None and is_alone else None


def _has_tests(number: Number) -> bool:
    """Whether its result shows only by tests that it holds: those of a branch are told where that is taken."""
    return number.test != "any" or bool(number.checks)
