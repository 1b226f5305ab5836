"""What happens on each line of the user's while a program is traced: which lines are reached, which names take which
values. The debugger's and explain's knowledge of what leaves no op behind.

    k = len(layers)       line 3 reached
    y = x                 line 4 reached; k = 3 at line 3
    return y              line 5 reached; y = the Value of x at line 4
"""

from __future__ import annotations

import sys
from types import CodeType, FrameType, FunctionType
from typing import Any

from dy2static.lines import CODES
from dy2static.templates import HELPER
from dy2static.trace import Trace, tracing
from runtime.ir import Block, Frame, Slot, Value
from runtime.stepper import Binding, Mark
from runtime.tracer import Variable, rebuilt
from runtime.types import UNDEFINED

MAX_DEPTH = 4  # of containers that are looked into


class Recorder:
    """Used as a context around tracing. A debugger that is on is off inside: it is for the run of the program.

    marks   for each Block, what happened between its ops
    lines   each line that was reached, as (file, line)
    names   the variables of each function that was reached, by its name
    reasons, unrolled   what the trace has noted of constants and loops
    """

    def __init__(self, trace: Trace) -> None:
        self.reasons = trace.assumptions.reasons
        self.unrolled = trace.unrolled
        self.marks: dict[Block, list[Mark]] = {}
        self.lines: dict[tuple[str, int], None] = {}
        self.names: dict[str, set[str]] = {}
        self.active: list[Activation] = []

    def __enter__(self) -> Recorder:
        self.before = sys.gettrace()
        sys.settrace(self.entered)
        return self

    def __exit__(self, *error: Any) -> None:
        sys.settrace(self.before)

    def entered(self, frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code not in CODES or (trace := tracing()) is None:
            return None
        generated = CODES[frame.f_code].generated
        self.names.setdefault(CODES[frame.f_code].function, set()).update(names_of(frame.f_code))
        # A generated function's own line is that of any node inside it; it is called from the statement that it is of.
        at = self.active[-1].frame if generated and self.active else trace.frame()
        self.active.append(Activation(self, trace, at, generated))
        return self.active[-1].happened

    def mark(self, trace: Trace, frame: Frame | None, bindings: tuple[Binding, ...]) -> None:
        after = trace.block.ops[-1] if trace.block.ops else None
        self.marks.setdefault(trace.block, []).append(Mark(after, frame, bindings))


class Activation:
    """One running function: the line it is at, and what its names hold."""

    def __init__(self, recorder: Recorder, trace: Trace, frame: Frame | None, generated: bool):
        self.recorder = recorder
        self.trace = trace
        self.frame = frame
        self.known: dict[str, Any] = {}
        self.is_start = generated  # the parameters of a generated function are what its caller's names hold

    def happened(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "return":
            while self.recorder.active.pop() is not self:
                pass
        if event not in ("line", "return") or tracing() is not self.trace:
            return self.happened
        bindings = tuple(self.changes(frame))
        self.is_start = False
        if event == "return":
            if bindings:
                self.recorder.mark(self.trace, None, bindings)
            return self.happened
        self.frame = self.trace.frame()
        if self.frame is not None:
            self.recorder.lines[self.frame.file, self.frame.line] = None
        self.recorder.mark(self.trace, self.frame, bindings)
        return self.happened

    def changes(self, frame: FrameType) -> Any:
        for name, value in list(frame.f_locals.items()):
            if not is_users(name, value) or name in self.known and self.known[name] is value:
                continue
            self.known[name] = value
            values: list[Value] = []
            yield Binding(name, shown(self.trace, value, values), tuple(values), self.frame, not self.is_start)


def names_of(code: CodeType) -> set[str]:
    """The variables of a function, and of what stands inside it."""
    names = {name for name in (*code.co_varnames, *code.co_cellvars, *code.co_freevars) if is_name(name)}
    return names.union(*(names_of(inner) for inner in code.co_consts if isinstance(inner, CodeType)))


def is_name(name: str) -> bool:
    """Whether it is not one of the converter's."""
    return name.isidentifier() and not name.strip("_").startswith(HELPER) and name != "__class__"


def is_users(name: str, value: Any) -> bool:
    if not is_name(name) or value is UNDEFINED:
        return False
    return not (isinstance(value, FunctionType) and is_converted(value.__code__))


def is_converted(code: CodeType) -> bool:
    return code in CODES and CODES[code].generated


def shown(trace: Trace, value: Any, values: list[Value], depth: int = 0) -> Any:
    """The template of what a debugger shows of a value while the program runs."""
    value = trace.resolve(value)
    if isinstance(value, Variable):
        values.append(value.value)
        return Slot(len(values) - 1)
    if depth < MAX_DEPTH and (type(value) in (list, tuple) or isinstance(value, tuple) and hasattr(value, "_make")):
        return rebuilt(value, [shown(trace, item, values, depth + 1) for item in value])
    if depth < MAX_DEPTH and type(value) is dict:
        return {key: shown(trace, item, values, depth + 1) for key, item in value.items()}
    return value


