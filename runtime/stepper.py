"""Program → a Python function that stands at the user's own lines, for debuggers and for watching values.

    def f(x):                                 def f(_d2s_x):                       # code at the user's file and name
        y = g(x)            7                     x = _d2s_x
        return y + 1        8                     def _d2s_call_1():               # code at g's file and lines
                                  →                   nonlocal _d2s_v1
    def g(x):                                         x = _d2s_x
        return x * 2        3                         _d2s_v1 = _d2s_x * 2
                                                  _d2s_call_1()
                                                  y = _d2s_v1
                                                  _d2s_v2 = _d2s_v1 + 1
                                                  return _d2s_v2

It is the executor's text with one line an op. Each function of the user's that the Program has taken in is a function
again, so that `step`, `next` and `up` of pdb go where the user expects, and its variables have the user's names.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.codegen import Writer
from runtime.ir import Block, Constant, Frame, Op, Program, Value, walk
from runtime.origins import note_user_code, warned_in
from runtime.placing import Origin, compile_at
from runtime.plan import Plan
from runtime.writer import Line

PREFIX = "_d2s_"
OBJECT = "_d2so_"  # of objects that are bound to the function; no Value has a name of this kind
WATCH = PREFIX + "watch"
IN_TEXT = {"slice", "BaseException"}  # builtins that generated code uses by their own names


@dataclass(frozen=True, slots=True)
class Binding:
    """A name of the user's takes a value: `template` of `values`, at a line. A name that a loop or branch only hands
    on is not `fresh`."""

    name: str
    template: Any
    values: tuple[Value, ...]
    frame: Frame | None
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """The user's line `frame` was reached after the op `after` of a Block, and what had been bound until then."""

    after: Op | None
    frame: Frame | None
    bindings: tuple[Binding, ...] = ()


Marks = Mapping[Block, Sequence[Mark]]
Watcher = Callable[[str, Any, str, str, int], None]  # name, value, function, file, line


def build_steps(
    program: Program, marks: Marks, origin: Frame, watched: frozenset[str] = frozenset(), watch: Watcher | None = None
) -> Callable[..., Any]:
    """As executor.build, for debugging: `origin` is where the program's function is defined.

    `watch` is told of each value that a name in `watched` takes.
    """
    every = {value: None for op in walk(program.block) for value in op.outputs}
    plan = Plan(program, every, optimize=False)  # each has a variable of its own: the user's names hold them
    plan.names = {value: PREFIX + name for value, name in plan.names.items()}
    plan.taken_apart = set()  # each op has a line of its own
    writer = StepWriter(plan, marks, watched)
    name = PREFIX + "program"
    source = writer.function(name, None)
    origins = {name: Origin(origin.file, program.name, origin.line)}
    namespace = {**source.namespace, **warned_in(origin.file), WATCH: watch}
    code = compile_at(source.text, source.frames, origins, PREFIX, definition_line)
    exec(code, namespace)
    note_user_code(code)
    function: Callable[..., Any] = namespace[name]
    return function


class StepWriter(Writer):
    """Writes one line an op, the user's lines that have no op, and the user's names."""

    def __init__(self, plan: Plan, marks: Marks, watched: frozenset[str]):
        super().__init__(plan)
        self.marks = marks
        self.watched = watched
        self.visible = set(plan.program.block.inputs)
        self.handed_on: dict[Op, set[str]] = {}
        self.items: set[Value] = set()

    def bind(self, hint: str, value: Any) -> str:
        """No name of the program's may hide, or be hidden by, one of the user's."""
        hint = OBJECT + re.sub(r"\W", "_", hint)
        name = self.bound.setdefault((hint, id(value)), f"{hint}_{len(self.bound)}")
        self.namespace[name] = value
        return name

    def ops(self, block: Block) -> None:
        marks = grouped(self.marks.get(block, ()))
        self.marked(marks.get(None, {}))
        for op in block.ops:
            self.op(op)
            self.visible.update(op.outputs)
            self.marked(marks.get(op, {}))

    def op(self, op: Op) -> None:
        if op.definition.name == "while_loop":
            self.visible.update(op.outputs)  # they are the state, which is set before the first turn
            if op.call.kwargs.get("form") == "for":
                self.items.add(op.blocks[0].inputs[0])
        super().op(op)
        written = op.inputs[0].hint if op.definition.effect == "write" and op.inputs else None
        if written in self.watched:
            self.flush()
            self.watch(str(written), self.name(op.inputs[0]), op.frame)

    def nested(self, block: Block, loop: bool = False) -> tuple[list[Line], list[str] | None]:
        before = set(self.visible)
        self.visible.update(block.inputs)
        try:
            return super().nested(block, loop)
        finally:
            self.visible = before

    # The user's lines and names

    def marked(self, marks: Mapping[Frame | None, dict[str, Binding]]) -> None:
        self.flush()
        for frame, bindings in marks.items():
            for binding in bindings.values():
                self.binding(binding)
            if frame is not None:
                self.line("pass", frame)

    def binding(self, binding: Binding) -> None:
        is_seen = all(value in self.visible or isinstance(value, Constant) for value in binding.values)
        if binding.name in IN_TEXT or not is_seen:
            return
        texts = [self.name(value) for value in binding.values]
        self.line(f"{binding.name} = {self.template(binding.template, texts)}", binding.frame)
        if binding.name in self.watched and self.is_news(binding):
            self.watch(binding.name, binding.name, binding.frame)

    def is_news(self, binding: Binding) -> bool:
        """Whether the user's code has set the name, and not a loop or branch that hands on what was set inside."""
        if len(binding.values) != 1:
            return binding.fresh
        (value,) = binding.values
        if value in self.items:
            return True
        made = value.op
        if made is None or made.definition.name not in ("cond", "while_loop"):
            return binding.fresh
        return binding.name not in self.bound_inside(made)

    def bound_inside(self, op: Op) -> set[str]:
        """The names that are set anywhere in the Blocks of an op."""
        if op not in self.handed_on:
            names = {one.name for block in op.blocks for mark in self.marks.get(block, ()) for one in mark.bindings}
            for inner in (inner for block in op.blocks for inner in block.ops if inner.blocks):
                names |= self.bound_inside(inner)
            self.handed_on[op] = names
        return self.handed_on[op]

    def watch(self, name: str, text: str, frame: Frame | None) -> None:
        at = frame or Frame("", 0, "")
        self.line(f"{WATCH}({name!r}, {text}, {at.function!r}, {at.file!r}, {at.line})", frame)


def grouped(marks: Sequence[Mark]) -> dict[Op | None, dict[Frame | None, dict[str, Binding]]]:
    """The bindings at each line after each op, once: a piece that was traced again has marked again."""
    found: dict[Op | None, dict[Frame | None, dict[str, Binding]]] = {}
    for mark in marks:
        lines = found.setdefault(mark.after, {})
        lines.setdefault(mark.frame, {}).update({one.name: one for one in mark.bindings})
    return found


def definition_line(file: str, function: str, line: int) -> int:
    """The line of the `def` above `line`; `line` itself where there is none to be seen."""
    head = re.compile(rf"\s*(async\s+)?def\s+{re.escape(function)}\b")
    for number in range(line, 0, -1):
        if head.match(linecache.getline(file, number)):
            return number
    return line
