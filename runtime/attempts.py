"""Steps that are computed of Python numbers, tried together, and done again as the user wrote them where one fails.

    x = a[i]; s = s + x        →        try:
                                            x = a_at_[i]
                                            t_ = s + x
                                            if isfinite_(t_): s = t_
                                            else: retry_ = True
                                        except faults_: retry_ = True
                                        if retry_:
                                            retry_, retried_ = False, retried_ + 1
                                            x = plain_(a[i])
                                            s = plain_(float64_(s) + float64_(x))
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from runtime.ir import Frame, Op
from runtime.number_writer import FITS, RETRIED, RETRY, TRIED, VIEW, Number, NumberWriter, Part
from runtime.writer import Line, deeper

# What computing an element may raise; others come from outside, such as from the handler of a signal.
FAULTS = (ArithmeticError, LookupError, TypeError, ValueError, NotImplementedError)
MAX_STEPS = 8  # that are tried together


@dataclass(eq=False, repr=False)
class Step:
    """What is computed of Python numbers, and the same as the user wrote it.

    name     the variable that it is stored in, or None where an element is written
    is_sure  whether it has been done where it did not fail
    """

    fast: list[Line]
    slow: Line
    name: str | None
    is_sure: bool = False

    @cached_property
    def names(self) -> set[str]:
        """All names that are read in it; what is stored comes first."""
        texts = [line.text.removeprefix(f"{self.name} = ") for line in (*self.fast, self.slow)]
        return {name for text in texts for name in re.findall(r"[^\W\d]\w*", text)}

    @cached_property
    def reads(self) -> bool:
        """Whether it reads elements."""
        return sum(line.text.count(f"{VIEW}[") for line in self.fast) > (self.name is None)


@dataclass(eq=False, repr=False)
class Attempt:
    """Steps that are tried together, and done again from the first where one of them fails; as lines of a Scope."""

    start: int
    end: int = 0
    steps: list[Step] = field(default_factory=list)

    def takes_more(self) -> bool:
        """Whether its steps may be done again after the last of them: it changed nothing that one of them reads."""
        last = self.steps[-1]
        if len(self.steps) == MAX_STEPS or not last.is_sure:
            return False
        if last.name is None:
            return not any(one.reads for one in self.steps)
        return all(last.name not in one.names for one in self.steps)


class AttemptWriter(NumberWriter):
    """Writes what is computed of Python numbers as attempts."""

    def flush(self) -> None:
        pending, self.scope.pending = self.scope.pending, []
        for one in pending:
            if isinstance(one.text, Number):
                self.assign(self.plan.names[one.value], one.text, one.frame)
            else:
                self.line(f"{self.plan.names[one.value]} = {one.text}", one.frame)

    def assign(self, name: str, number: Number, frame: Frame | None) -> None:
        part = Part(number, number.slow, number.checks, number.test, number.operands)
        self.attempt(f"{name} = {{}}", part, f"{name} = {self.plain(number.slow)}", frame, name)

    def attempt(self, store: str, part: Part, slow: str, frame: Frame | None, name: str | None = None) -> None:
        """Stores what Python computes; where it fails or does not hold, it is done as the user wrote it.

        That is outside of the `except`, or its errors would have ours for context. `name` is the variable that is
        stored, or None where an element is written.
        """
        conditions = [part.condition(TRIED)] if part.test in FITS else []
        conditions += part.checks
        if not conditions:
            return self._join(Step([Line(0, store.format(part.text), frame)], Line(0, slow, frame), name, True))
        fast = [
            Line(0, f"{TRIED} = {part.text}", frame),
            Line(0, f"if {' and '.join(conditions)}: {store.format(TRIED)}", frame),
            Line(0, f"else: {RETRY} = True", frame),
        ]
        self._join(Step(fast, Line(0, slow, frame), name))

    def _join(self, step: Step) -> None:
        """Writes a step, in one attempt with those just before it where all of them may be done again."""
        attempt = self.scope.attempt
        if attempt is None or attempt.end != len(self.scope.lines) or not attempt.takes_more():
            attempt = self.scope.attempt = Attempt(len(self.scope.lines))
        del self.scope.lines[attempt.start :]
        attempt.steps.append(step)
        frame = attempt.steps[0].slow.frame
        self.line("try:", frame)
        self.scope.lines += deeper(line for one in attempt.steps for line in one.fast)
        self.line(f"except {self.bind('faults', FAULTS)}: {RETRY} = True", frame)
        self.line(f"if {RETRY}:", frame)
        self.line(f"{RETRY}, {RETRIED} = False, {RETRIED} + 1", frame, 1)
        self.scope.lines += deeper(one.slow for one in attempt.steps)
        attempt.end = len(self.scope.lines)

    def sure(self, op: Op) -> None:
        """An op that cannot fail joins an attempt just before it, so that what comes after it can."""
        attempt, end = self.scope.attempt, len(self.scope.lines)
        super().op(op)
        is_open = attempt is not None and attempt.end == end and attempt.takes_more()
        if is_open and len(self.scope.lines) == end + 1:
            line = self.scope.lines.pop()
            self._join(Step([line], line, self.plan.names[op.outputs[0]], True))
