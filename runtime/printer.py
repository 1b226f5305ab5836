"""Program → text, names of Values, and a summary.

    program f(x: float32[n], y: float32[n]) {
      weight w: float32[3]
      c: bool[n] = greater(x, y)              # ternary.py:6
      z: float32[n] = cond(c)
        then {
          v1: float32[n] = add(x, w)
          return v1
        }
        else {
          return y
        }
      i: int = while_loop(i: int = 0)         # ternary.py:8
        test {
          v2: bool = less(i, 10)
          return v2
        }
        body {
          i_2: int = add(i, 1)                # ternary.py:9
          return i_2
        }
      return z
    }

An elif chain has, after `then`, an `elif` that gives its test and a `then` for each case. `unreachable` ends a Block
whose end is never reached. The printer takes any Program, sound or not, because the verifier shows faults by it.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from runtime import ir
from runtime.changes import changed_inputs
from runtime.ir import Block, Constant, Frame, Op, Program, Slot, Value, fill, slots
from runtime.text import Name, index_text, is_inline, text

LONG = 72  # what is printed of a constant in a line of its own
COLUMN = 48  # comments stand in one column in a Block, but no longer line moves it


def traverse(block: Block) -> Iterator[tuple[Op | Block, bool]]:
    """Each Block and Op in program order, twice: (it, True) before what it holds and (it, False) after.

    A Block that is met a second time is passed over, so that even a faulty Program comes to an end.
    """
    seen: set[Block] = set()
    stack: list[tuple[Op | Block | None, Iterator[Op | Block]]] = [(None, iter((block,)))]
    while stack:
        parent, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if parent is not None:
                yield parent, False
        elif not (isinstance(child, Block) and child in seen):
            if isinstance(child, Block):
                seen.add(child)
            yield child, True
            stack.append((child, iter(child.ops if isinstance(child, Block) else child.blocks)))


# Names


def names(program: Program) -> dict[Value, str]:
    """A name for each Value: the user's where there is one, else v1, v2 …; made unique by a suffix.

    A loop's state has one name in its outputs and in the inputs of its Blocks. Constants that are printed in their
    place come last, so that they take no name from a Value.
    """
    made, constants = values_of(program)
    state = _loop_states(program)
    hidden = [value for value in constants if is_inline(value)]
    heads = [*made[: len(program.block.inputs)], *(value for value in constants if not is_inline(value))]
    heads += [value for value in made[len(program.block.inputs) :] if value not in state]
    hints = {value: value.hint for value in heads}
    for inner, outer in state.items():
        hints[outer] = hints.get(outer) or inner.hint
    scheme = _Scheme(hints.values())
    named = {value: scheme.name(hint, "w" if isinstance(value, Constant) else "v") for value, hint in hints.items()}
    named |= {value: named[state[value]] for value in state}
    return named | {value: scheme.name(value.hint, "c") for value in hidden}


def values_of(program: Program) -> tuple[list[Value], list[Constant]]:
    """The Values that something makes, and the Constants, each once and in the order of the text."""
    made: list[Value] = []
    used: list[Value] = []
    for item, before in traverse(program.block):
        if isinstance(item, Block):
            made += item.inputs if before else ()
            used += () if before else item.results or ()
        elif before:
            made += item.outputs
            used += item.inputs
    return list(dict.fromkeys(made)), [value for value in dict.fromkeys(used) if isinstance(value, Constant)]


def _loop_states(program: Program) -> dict[Value, Value]:
    """The inputs of a loop's Blocks → the loop's output of the same place."""
    shared: dict[Value, Value] = {}
    for item, before in traverse(program.block):
        if before and isinstance(item, Op) and _is_loop(item):
            for place, block in enumerate(item.blocks):
                shared.update(zip(_state(item, place, block.inputs), item.outputs))
    heads = set(shared.values())
    return {inner: outer for inner, outer in shared.items() if inner not in heads}


def _is_loop(op: Op) -> bool:
    return op.definition.name == "while_loop" and len(op.blocks) > 0


def _is_for(op: Op) -> bool:
    return _is_loop(op) and op.call.kwargs.get("form") == "for" and bool(op.inputs) and bool(op.blocks[0].inputs)


def _state(op: Op, place: int, inputs: tuple[Value, ...]) -> tuple[Value, ...]:
    """The state among the inputs of Block number `place` of a loop: all but the item that a `for` body takes."""
    return inputs[1:] if place == 0 and _is_for(op) else inputs


class _Scheme:
    """Gives out names, each once. What one Value wants is not given to another as a numbered name."""

    def __init__(self, hints: Iterable[str | None]):
        self.wanted = {_identifier(hint) for hint in hints if hint}
        self.given: set[str] = set()
        self.count: Counter[str] = Counter()

    def name(self, hint: str | None, letter: str) -> str:
        base = _identifier(hint) if hint else letter
        if hint and base not in self.given:
            self.given.add(base)
            return base
        pattern, first = (base + "_", 2) if hint else (letter, 1)
        while (name := f"{pattern}{self.count[pattern] + first}") in self.wanted or name in self.given:
            self.count[pattern] += 1
        self.given.add(name)
        return name


def _identifier(hint: str) -> str:
    name = hint if hint.isascii() and hint.isidentifier() else re.sub(r"\W", "_", hint)
    name = f"_{name}" if name[0].isdigit() else name
    return f"{name}_" if keyword.iskeyword(name) else name


# Lines


@dataclass(eq=False, repr=False)
class Line:
    """One line of a printed program, and the Op or Block (its return) that it shows; None is the program itself."""

    text: str
    subject: Op | Block | None = None
    comment: str = ""
    block: Block | None = None


def print_program(program: Program) -> str:
    lines = print_lines(program)
    columns: Counter[Block | None] = Counter()
    for line in lines:
        if line.comment:
            columns[line.block] = max(columns[line.block], min(len(line.text), COLUMN))
    return "\n".join(
        f"{line.text:<{columns[line.block]}}  # {line.comment}" if line.comment else line.text for line in lines
    )


def print_lines(program: Program) -> list[Line]:
    """The lines of the printed program, without their comments."""
    return _Printing(program).lines


class _Printing:
    """The state of printing one program: its names, the lines so far, their indent, and the user's line shown last."""

    def __init__(self, program: Program):
        self.program = program
        self.named = names(program)
        self.lines: list[Line] = []
        self.indent = 0
        self.blocks: list[Block] = []
        self.heads: dict[Block, str] = {program.block: self.header()}
        self.frame: tuple[str, int] | None = None
        for item, before in traverse(program.block):
            if isinstance(item, Block):
                self.start(item) if before else self.end(item)
            elif before:
                self.op(item)
            else:
                self.indent -= 2

    def line(self, text: str, subject: Op | Block | None = None, frame: Frame | None = None) -> None:
        place = None if frame is None else (re.split(r"[\\/]", frame.file)[-1], frame.line)
        comment = f"{place[0]}:{place[1]}" if place is not None and place != self.frame else ""
        self.frame = place or self.frame
        self.lines.append(Line(" " * self.indent + text, subject, comment, self.blocks[-1] if self.blocks else None))

    def header(self) -> str:
        return f"program {self.program.name}({', '.join(self.typed(value) for value in self.program.block.inputs)})"

    def start(self, block: Block) -> None:
        self.line(self.heads.get(block, "block") + " {", None)
        if block is self.program.block:
            self.lines[-1].comment = self.changes()
        self.indent += 2
        self.blocks.append(block)
        if block is self.program.block:
            self.constants()

    def changes(self) -> str:
        """Says which inputs the program may change."""
        try:
            changed = changed_inputs(self.program)
        except (IndexError, AttributeError, KeyError, TypeError):  # of a faulty program, which is printed all the same
            return ""
        return f"changes {', '.join(map(self.value, changed))}" if changed else ""

    def constants(self) -> None:
        for value in self.named:
            if not isinstance(value, Constant) or is_inline(value):
                continue
            if isinstance(value.value, np.ndarray):
                self.line(f"weight {self.typed(value)}")
            else:
                self.line(f"constant {self.typed(value)} = {_cut(text(value.value))}")

    def end(self, block: Block) -> None:
        if block.results is None:
            self.line("unreachable", block)
        elif block is self.program.block:
            self.line(f"return {self.result()}", block)
        elif block.results:
            self.line(f"return {', '.join(self.value(value) for value in block.results)}", block)
        self.blocks.pop()
        self.indent -= 2
        shown = self.lines[-1].subject is block
        self.line("}", None if shown else block)

    def result(self) -> str:
        results = self.program.block.results or ()
        if self.program.result is None and results:
            return ", ".join(self.value(value) for value in results)
        return text(fill(self.program.result, lambda slot: self.slot(slot, results)))

    def op(self, op: Op) -> None:
        self.heads.update(zip(op.blocks, self.block_heads(op)))
        outputs = ", ".join(self.typed(value) for value in op.outputs)
        self.line(f"{outputs} = {self.op_text(op)}" if outputs else self.op_text(op), op, op.frame)
        self.indent += 2

    def block_heads(self, op: Op) -> list[str]:
        """What stands before the `{` of each Block of a control op."""
        if op.definition.name == "try":
            return self.try_heads(op)
        if op.definition.name == "define":
            parameters = op.blocks[0].inputs
            return [f"{self.value(parameters[0])}({', '.join(self.typed(value) for value in parameters[1:])})"]
        return _heads(op)

    def try_heads(self, op: Op) -> list[str]:
        heads = ["body"]
        for classes, block in zip(op.call.kwargs["classes"], op.blocks[1:]):
            caught = "" if classes is None else f" {text(classes)}"
            heads.append(f"except{caught} as {self.value(block.inputs[0])}")
        return heads + ["else"] * op.call.kwargs["orelse"] + ["finally"] * op.call.kwargs["final"]

    def op_text(self, op: Op) -> str:
        if _is_loop(op):
            return f"while_loop({self.loop_state(op)})"
        if op.definition.name == "define" and "cache" in op.call.kwargs:
            return f"define(cache={text(op.call.kwargs['cache'])})"
        if op.definition.name in ("try", "define"):
            return f"{op.definition.name}()"
        args = fill(op.call.args, lambda slot: self.slot(slot, op.inputs))
        kwargs = fill(op.call.kwargs, lambda slot: self.slot(slot, op.inputs))
        name = op.definition.name
        if name in _SUBSCRIPTS and len(args) == _SUBSCRIPTS[name].count("{") and not kwargs:
            shown = [_receiver(args[0]), index_text(args[1]), *map(text, args[2:])]
            return _SUBSCRIPTS[name].format(*shown)
        written = [text(arg) for arg in args]
        written += [f"{key}={text(item)}" for key, item in kwargs.items()]
        if not (name.startswith(".") and args):
            return f"{name}({', '.join(written)})"
        if _is_attribute(name[1:]) and len(written) == 1:
            return f"{_receiver(args[0])}{name}"
        return f"{_receiver(args[0])}{name}({', '.join(written[1:])})"

    def loop_state(self, op: Op) -> str:
        """`for item: int in r, s: float32[n] = x`: the item, and each state with the value that it starts with."""
        inputs, state = op.inputs, op.blocks[0].inputs
        start = ""
        if _is_for(op):
            start = f"for {self.typed(state[0])} in {self.value(inputs[0])}"
            inputs, state = inputs[1:], state[1:]
        shown = [f"{self.typed(inner)} = {self.value(value)}" for inner, value in zip(state, inputs)]
        return ", ".join([start, *shown] if start else shown)

    def typed(self, value: Value) -> str:
        return f"{self.value(value)}: {value.type}"

    def value(self, value: Value) -> str:
        if isinstance(value, Constant) and is_inline(value):
            return text(value.value)
        return self.named.get(value) or f"<{value.hint or 'a value'}, made nowhere>"

    def slot(self, slot: Slot, values: Sequence[Value]) -> Name:
        known = isinstance(slot.index, int) and 0 <= slot.index < len(values)
        return Name(self.value(values[slot.index]) if known else f"<no input {slot.index}>")


_SUBSCRIPTS = {"getitem": "{0}[{1}]", "setitem": "{0}[{1}] = {2}", "delitem": "del {0}[{1}]"}


def _heads(op: Op) -> list[str]:
    if op.definition.name == "cond":
        return [*("elif" if place % 2 else "then" for place in range(len(op.blocks) - 1)), "else"]
    if _is_loop(op):
        return ["body", "test"] if op.call.kwargs.get("form") == "for" else ["test", "body"]
    return []


def _receiver(template: Any) -> str:
    written = text(template)
    return written if written[:1].isidentifier() or written[:1] in "([{'\"<" else f"({written})"


def _is_attribute(name: str) -> bool:
    """Whether `x.name` is read and not called."""
    return hasattr(np.ndarray, name) and not callable(getattr(np.ndarray, name))


def _cut(written: str) -> str:
    return written if len(written) <= LONG else written[:LONG] + "…"


# Summary


def summarize(program: Program) -> str:
    """Inputs, weights and their bytes, depth of control, and the number of ops by name."""
    named = names(program)
    weights = [value for value in named if isinstance(value, Constant) and isinstance(value.value, np.ndarray)]
    counts: Counter[str] = Counter()
    depth = deepest = 0
    for item, before in traverse(program.block):
        if isinstance(item, Block):
            depth += 1 if before else -1
            deepest = max(deepest, depth)
        elif before:
            counts[item.definition.name] += 1
    rows = [
        ("inputs", len(program.block.inputs), ", ".join(f"{named[v]}: {v.type}" for v in program.block.inputs)),
        ("results", sum(1 for _ in slots(program.result)) or len(program.block.results or ()), ""),
        ("weights", len(weights), f"{sum({id(v.value): v.value.nbytes for v in weights}.values())} bytes"),
        *((f"  {named[v]}", "", f"{v.type}, {v.value.nbytes} bytes") for v in weights),
        ("depth", deepest - 1, ""),
        ("ops", sum(counts.values()), ""),
        *((f"  {name}", count, "") for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
    ]
    width = max(len(row[0]) for row in rows)
    lines = [f"{name:<{width}}  {count:>6}  {note}".rstrip() for name, count, note in rows]
    return "\n".join([f"program {program.name}", *(f"  {line}" for line in lines)])


ir.show.program = print_program
ir.show.summary = summarize
