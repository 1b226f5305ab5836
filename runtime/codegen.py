"""Plan → Python source: one function a Program, with `if` for cond and `while` or `for` for while_loop.

    z: float32[n] = cond(c) …        →    z = x + y if x > y else x - y
    i: int = while_loop(i = 0) …     →    i = 0
                                          while i < n:
                                              i = i + 1

Expressions stay nested as long as that keeps the order in which the program evaluates them, and the user's line.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any

from runtime.direct import Direct
from runtime.ir import Block, Constant, Frame, Op, Program, Slot, Value, line_of
from runtime.leaving import Leaving, leaving, unset_in
from runtime.opdef import TABLE
from runtime.ops.array import BOTH
from runtime.ops.effect import writes
from runtime.ops.generic import is_spreadable
from runtime.ops.objects import is_readable
from runtime.plan import Plan, free_values, gives_test
from runtime.writer import Compound, ExpressionWriter, Line, Pending, Scope, deeper, negated, operand

MAX_LOOPS = 15  # CPython allows 20 nested blocks
MARGIN = 8
LEAVE = "leave"  # stands for `break` and what goes before it
FREE = 3  # names that CPython assigns at once without making a tuple
ATOM = re.compile(r"[\w.'\"]+")
MAX_DEPTH = 60  # and 100 levels of indentation


@dataclass(eq=False, repr=False)
class Source:
    """What a Writer gives: the function's text, the objects it names, and each line's Frame (line 1 is frames[0])."""

    text: str
    namespace: dict[str, Any]
    frames: list[Frame | None]


class Writer(ExpressionWriter):
    """Writes `function`: flat inputs in, the filled result template out (or a list of `fetch`)."""

    def __init__(self, plan: Plan):
        super().__init__(plan)
        self.outlined: list[list[Line]] = []
        self.loops = 0
        self.depth = 0
        self.leaving: set[Block] = set()  # branches that leave the loop around them
        self.unset: set[Value] = set()  # flags that are False where they are read

    def function(self, name: str, fetch: tuple[Value, ...] | None) -> Source:
        program: Program = self.plan.program
        block = program.block
        self.ops(block)
        if block.results is not None:
            results = block.results if fetch is None else fetch
            frame = _last_frame(block)
            texts = self.operands(results, frame)
            self.flush()
            template = program.result if fetch is None else [Slot(index) for index in range(len(fetch))]
            self.line(f"return {self.template(template, texts)}", frame)
        header = f"def {name}({', '.join(self.plan.names[value] for value in block.inputs)}):"
        body = self.scope.lines or [Line(0, "pass", None)]
        parts = [*self.outlined, [Line(0, header, None), *deeper(body)]]
        lines = [line for part in parts for line in part]
        text = "\n".join("    " * line.depth + line.text for line in lines) + "\n"
        return Source(text, self.namespace, [line.frame for line in lines])

    # Ops

    def ops(self, block: Block) -> None:
        for op in block.ops:
            self.op(op)

    def op(self, op: Op) -> None:
        getattr(self, _STATEMENTS.get(op.definition.name, "expression"))(op)

    def expression(self, op: Op) -> None:
        """An op with at most one output: pending if it has one use, here; else a line."""
        text = self.op_text(op, self.op_operands(op))
        is_pure = op.definition.effect == "pure" and not writes(op.definition, op.call)
        if op.outputs and op.outputs[0] in self.plan.inline and is_pure:
            self.scope.pending.append(Pending(op.outputs[0], text, op.frame))
            return
        self.flush()
        used = op.outputs and op.outputs[0] in self.plan.used
        self.line(f"{self.plan.names[op.outputs[0]]} = {text}" if used else text, op.frame)

    def op_operands(self, op: Op) -> list[str]:
        return self.operands(op.inputs, op.frame)

    def op_text(self, op: Op, texts: Sequence[str]) -> str:
        instead = self.plan.direct(op)
        if instead is None:
            return self.as_written(op, texts)
        if not instead.of_some:
            return self._direct(instead, op, texts)
        place = op.call.args[0].index
        text = texts[place]
        name = text if text.isidentifier() else self.unused("x")
        named = [*texts[:place], name, *texts[place + 1 :]]
        test = f"{name}.size" if name == text else f"({name} := {text}).size"
        return Compound(f"{self._direct(instead, op, named)} if {test} else {self.as_written(op, named)}")

    def as_written(self, op: Op, texts: Sequence[str]) -> str:
        name, args, kwargs = op.definition.name, op.call.args, op.call.kwargs
        if name == "getitem":
            return f"{operand(self.template(args[0], texts))}[{self.index(args[1], texts)}]"
        if name == "pack":
            return self.template(args[0], texts)
        if name == "load" and is_attribute(args[1]):
            return f"{owner_of(self.template(args[0], texts))}.{args[1]}"
        if name == "apply" and type(args[0]) is str and is_spreadable(args[0]):
            spread = [f"*{operand(self.template(args[1], texts))}"]
            spread += [f"{key}={self.template(value, texts)}" for key, value in kwargs.items()]
            return f"{self.bind(args[0], TABLE[args[0]].kernel)}({', '.join(spread)})"
        if name in ("is_", "is_not"):  # of a literal Python warns
            objects = [self._object(op, arg, texts) for arg in args]
            return Compound(str(op.definition.source).format(*objects))
        if op.definition.source is not None and not kwargs:
            return Compound(op.definition.source.format(*(operand(self.template(arg, texts)) for arg in args)))
        if name.startswith(".") and name[1:] not in BOTH:
            called, args = f"{owner_of(self.template(args[0], texts))}{name}", args[1:]
        else:
            called = self.bind(name, op.definition.kernel)
        written = [self.template(arg, texts) for arg in args]
        written += [f"{key}={self.template(value, texts)}" for key, value in kwargs.items()]
        return f"{called}({', '.join(written)})"

    def _direct(self, instead: Direct, op: Op, texts: Sequence[str]) -> str:
        written = [self.template(arg, texts) for arg in op.call.args]
        options = {key: self.template(value, texts) for key, value in op.call.kwargs.items()}
        options.update({key: self.datum(value) for key, value in instead.options.items()})
        called = self.bind(instead.name, instead.kernel) if not instead.method else ""
        if instead.method:
            called = f"{operand(written.pop(0))}.{instead.name}"
        return f"{called}({', '.join([*written, *(f'{key}={text}' for key, text in options.items())])})"

    def _object(self, op: Op, template: Any, texts: Sequence[str]) -> str:
        value = op.inputs[template.index] if isinstance(template, Slot) else template
        value = value.value if isinstance(value, Constant) else value
        is_literal = type(value) in (int, float, str, bytes)
        return self.bind("k", value) if is_literal else operand(self.template(template, texts))

    def setitem(self, op: Op) -> None:
        texts = self.op_operands(op)
        self.flush()
        target, key, value = op.call.args
        written = f"{operand(self.template(target, texts))}[{self.index(key, texts)}] = {self.template(value, texts)}"
        self.line(written, op.frame)

    def store(self, op: Op) -> None:
        owner, name, value = op.call.args
        if not is_attribute(name):
            return self.expression(op)
        texts = self.op_operands(op)
        self.flush()
        self.line(f"{owner_of(self.template(owner, texts))}.{name} = {self.template(value, texts)}", op.frame)

    def inplace(self, op: Op) -> None:
        texts = self.op_operands(op)
        self.flush()
        name = self.plan.names[op.outputs[0]]
        target, value = (self.template(arg, texts) for arg in op.call.args)
        if name != target:
            self.line(f"{name} = {target}", op.frame)
        self.line(f"{name} {_INPLACE[op.definition.name]}= {value}", op.frame)

    def unpack(self, op: Op) -> None:
        if op in self.plan.taken_apart:
            return
        texts = self.op_operands(op)
        self.flush()
        self.line(f"{self._unpacked(op)} = {self.template(op.call.args[0], texts)}", op.frame)

    def _unpacked(self, op: Op) -> str:
        names = [self.plan.names[value] for value in op.outputs]
        if len(op.call.args) > 2 and op.call.args[2] is not None:
            names[op.call.args[2]] = "*" + names[op.call.args[2]]
        return f"[{', '.join(names)}]" if len(names) < 2 else ", ".join(names)

    def raise_(self, op: Op) -> None:
        texts = self.op_operands(op)
        self.flush()
        cls, *args = op.call.args
        written = ", ".join(self.template(arg, texts) for arg in args)
        made = texts[cls.index] if isinstance(cls, Slot) else f"{self.template(cls, texts)}({written})"
        cause = f" from {self.template(op.call.kwargs['cause'], texts)}" if "cause" in op.call.kwargs else ""
        self.line(f"raise {made}{cause}", op.frame)

    # Control

    def begin(self, block: Block) -> None:
        """What stands at the beginning of a nested Block."""

    def nested(self, block: Block, loop: bool = False) -> tuple[list[Line], list[str] | None]:
        """The lines of a Block, and the texts of its results (None where its end is not reached)."""
        outer, self.scope = self.scope, Scope()
        self.loops += loop
        self.depth += 1
        self.begin(block)
        self.ops(block)
        texts = None if block.results is None else self.operands(block.results, _last_frame(block))
        self.flush()
        lines = self.scope.lines
        self.scope = outer
        self.loops -= loop
        self.depth -= 1
        return lines, texts

    def cond(self, op: Op) -> None:
        if self.depth > MAX_DEPTH:
            return self.outline(op)
        (test,) = self.operands(op.inputs, op.frame)
        first, *others = op.blocks
        lines, texts = self.nested(first)
        last = self.nested(others[0]) if len(others) == 1 else None
        is_short = self.leaving.isdisjoint(op.blocks)
        if is_short and last is not None and not lines and not last[0] and texts is not None and last[1] is not None:
            if self._ternary(op, test, texts, last[1]):
                return
        self.flush()
        if gives_test(op) is not None and test != self.plan.names[op.inputs[0]]:
            self.line(f"{self.plan.names[op.inputs[0]]} = {test}", op.frame)
            test = self.plan.names[op.inputs[0]]
        self.line(f"if {test}:", op.frame)
        self._branch(op, first, lines, texts)
        self._otherwise(op, others, 0, last)

    def _ternary(self, op: Op, test: str, then: Sequence[str], orelse: Sequence[str]) -> bool:
        """A cond with one output, and on one line of the user's, as an expression; not where a branch leaves the
        variable as it is."""
        inner = [inner.frame for block in op.blocks for inner in block.ops]
        if len(op.outputs) != 1 or any(line_of(frame) != line_of(op.frame) for frame in inner):
            return False
        if op.outputs[0] not in self.plan.inline and self.plan.names[op.outputs[0]] in (then[0], orelse[0]):
            return False
        text = Compound(self._chosen(op, operand(test), operand(then[0]), operand(orelse[0])))
        if op.outputs[0] in self.plan.inline:
            self.scope.pending.append(Pending(op.outputs[0], text, op.frame))
        else:
            self.flush()
            self.line(f"{self.plan.names[op.outputs[0]]} = {text}", op.frame)
        return True

    @staticmethod
    def _chosen(op: Op, test: str, then: str, orelse: str) -> str:
        given = gives_test(op)
        if given is None:
            return f"{then} if {test} else {orelse}"
        return f"{test} {('or', 'and')[given]} {(orelse, then)[given]}"

    def _otherwise(
        self, op: Op, blocks: Sequence[Block], depth: int, last: tuple[list[Line], list[str] | None] | None
    ) -> None:
        """The elif and else parts; `depth` grows where a test needs lines of its own. `last` is a written else."""
        while len(blocks) > 1:
            test_lines, test = self.nested(blocks[0])
            lines, texts = self.nested(blocks[1])
            if test is None or test_lines:
                self.line("else:", op.frame, depth)
                depth += 1
                self.scope.lines += deeper(test_lines, depth)
            if test is None:
                return
            frame = _last_frame(blocks[0]) or op.frame
            self.line(f"{'if' if test_lines else 'elif'} {test[0]}:", frame, depth)
            self._branch(op, blocks[1], lines, texts, depth)
            blocks = blocks[2:]
        lines, texts = last or self.nested(blocks[0])
        if lines or blocks[0] in self.leaving or texts and self._assigned(op, texts):
            self.line("else:", op.frame, depth)
            self._branch(op, blocks[0], lines, texts, depth)

    def _branch(self, op: Op, block: Block, lines: list[Line], texts: list[str] | None, depth: int = 0) -> None:
        written = deeper(lines, depth + 1)
        if texts is not None:
            written += [Line(depth + 1, text, _last_frame(block) or op.frame) for text in self._assigned(op, texts)]
        if block in self.leaving:
            written.append(Line(depth + 1, LEAVE, _last_frame(block) or op.frame))
        self.scope.lines += written or [Line(depth + 1, "pass", op.frame)]

    def _assigned(self, op: Op, texts: Sequence[str]) -> list[str]:
        return self.assignment([self.plan.names[value] for value in op.outputs], texts)

    def assignment(self, names: Sequence[str], texts: Sequence[str]) -> list[str]:
        pairs = [(name, text) for name, text in zip(names, texts) if name != text]
        lines = []
        while len(pairs) > FREE and all(ATOM.fullmatch(text) for _, text in pairs):
            read = {text for _, text in pairs}
            first = next((pair for pair in pairs if pair[0] not in read), None)
            if first is None:
                break
            lines.append(f"{first[0]} = {first[1]}")
            pairs.remove(first)
        if pairs:
            lines.append(", ".join(name for name, _ in pairs) + " = " + ", ".join(text for _, text in pairs))
        return lines

    def while_loop(self, op: Op) -> None:
        if self.loops >= MAX_LOOPS or self.depth > MAX_DEPTH:
            return self.outline(op)
        if op.call.kwargs.get("form") == "for":
            return self._for(op)
        self._start(op, self.operands(op.inputs, op.frame))
        test, body = op.blocks
        found = self._leaving(op)
        if found is not None and found.test is None:
            self.line("while True:", op.frame)
            return self._body(op, body, [])
        lines, tests = self.nested(test if found is None or found.test is None else found.test, loop=True)
        frame = _last_frame(test) or op.frame
        if tests is None or lines:
            self.line("while True:", op.frame)
            self.scope.lines += deeper(lines)
            if tests is not None:
                self.line(f"if {negated(tests[0])}: break", frame, 1)
        else:
            self.line(f"while {tests[0]}:", frame)
        self._body(op, body, [])

    def _for(self, op: Op) -> None:
        iterable, *state = self.operands(op.inputs, op.frame)
        iterable = self.iterable(op, iterable)
        if not all(ATOM.fullmatch(text) for text in state):
            self.flush()
            self.line(f"{self.plan.names[op.blocks[0].inputs[0]]} = {iterable}", op.frame)
            iterable = self.plan.names[op.blocks[0].inputs[0]]
        self._start(op, state)
        self.turns(op, iterable)

    def turns(self, op: Op, iterable: str) -> None:
        """The turns of a `for` whose state is set."""
        self.line(f"for {self._target(op.blocks[0])} in {iterable}:", op.frame)
        self._body(op, op.blocks[0], [] if self._leaving(op) is not None else list(op.blocks[1:]))

    def _target(self, body: Block) -> str:
        """The item of a turn, or what it is taken apart into."""
        first = body.ops[0] if body.ops else None
        return self._unpacked(first) if first in self.plan.taken_apart else self.plan.names[body.inputs[0]]

    def _leaving(self, op: Op) -> Leaving | None:
        """How a loop is left by `break`, which cannot stand in a function of its own."""
        if not self.plan.is_optimized or self.depth + MARGIN > MAX_DEPTH:
            return None
        flag, found = unset_in(op, self.unset), leaving(op, self.unset)
        if flag is not None:
            self.unset.add(flag)
        if found is not None:
            self.leaving.update(found.branches)
        return found

    def iterable(self, op: Op, text: str) -> str:
        """The text of what a `for` goes through."""
        return text

    def _start(self, op: Op, texts: Sequence[str]) -> None:
        self.flush()
        for text in self.assignment([self.plan.names[value] for value in op.outputs], texts):
            self.line(text, op.frame)

    def _body(self, op: Op, body: Block, tests: list[Block]) -> None:
        names = [self.plan.names[value] for value in op.outputs]
        lines, texts = self.nested(body, loop=True)
        if texts is not None:
            frame = _last_frame(body) or op.frame
            last = [Line(0, text, frame) for text in self.assignment(names, texts)]
            lines = [one for line in lines for one in left(line, last)] + last
        for test in tests if texts is not None else []:
            test_lines, results = self.nested(test, loop=True)
            lines = lines + test_lines
            if results is not None:
                lines.append(Line(0, f"if {negated(results[0])}: break", op.frame))
        self.scope.lines += deeper(lines or [Line(0, "pass", op.frame)])

    def try_(self, op: Op) -> None:
        """Blocks are the body, a handler for each of `classes`, and the else and finally parts where there are such."""
        if self.loops >= MAX_LOOPS or self.depth > MAX_DEPTH:
            return self.outline(op)
        self.flush()
        classes = op.call.kwargs["classes"]
        heads = ["try:"]
        for caught, block in zip(classes, op.blocks[1:]):
            name = self.plan.names[block.inputs[0]]
            heads.append(f"except {'BaseException' if caught is None else self.template(caught, ())} as caught_{name}:")
        heads += ["else:"] * op.call.kwargs["orelse"] + ["finally:"] * op.call.kwargs["final"]
        for head, block in zip(heads, op.blocks):
            lines, _ = self.nested(block, loop=True)
            if block.inputs:
                name = self.plan.names[block.inputs[0]]
                lines = [Line(0, f"{name} = caught_{name}", op.frame), *lines]
            self.line(head, op.frame)
            self.scope.lines += deeper(lines or [Line(0, "pass", op.frame)])

    def define(self, op: Op) -> None:
        """A function of the program, which may call itself; the first input of its Block is the function. `cache` says
        how `functools.lru_cache` keeps what it gives, anew at each run of the op."""
        self.flush()
        (block,) = op.blocks
        own, *parameters = (self.plan.names[value] for value in block.inputs)
        saved, self.loops = self.loops, 0
        lines, texts = self.nested(block)
        self.loops = saved
        if (cache := op.call.kwargs.get("cache")) is not None:
            kept = f"maxsize={cache['maxsize']}, typed={cache['typed']}"
            self.line(f"@{self.bind('lru_cache', functools.lru_cache)}({kept})", op.frame)
        self.line(f"def {own}({', '.join(parameters)}):", op.frame)
        result = [] if texts is None else [Line(0, f"return {texts[0]}", _last_frame(block))]
        self.scope.lines += deeper([*lines, *result])
        self.line(f"{self.plan.names[op.outputs[0]]} = {own}", op.frame)

    def call(self, op: Op) -> None:
        function, *arguments = self.op_operands(op)
        self.flush()
        self.line(f"{self.plan.names[op.outputs[0]]} = {function}({', '.join(arguments)})", op.frame)

    def outline(self, op: Op) -> None:
        """Writes a control op that stands too deep as a function of its own."""
        captured = free_values(op)
        texts = [self.name(value) for value in captured]
        self.flush()
        name = f"part_{len(self.outlined) + 1}_"
        self.outlined.append([])
        place = len(self.outlined) - 1
        saved = self.scope, self.loops, self.depth
        self.scope, self.loops, self.depth = Scope(), 0, 0
        getattr(self, _STATEMENTS[op.definition.name])(op)
        self.flush()
        outputs = "".join(self.plan.names[value] + ", " for value in op.outputs)
        self.line(f"return ({outputs})", op.frame)
        body = deeper(self.scope.lines)
        self.outlined[place] = [Line(0, f"def {name}({', '.join(texts)}):", op.frame), *body]
        self.scope, self.loops, self.depth = saved
        left = f"({outputs}) = " if op.outputs else ""
        self.line(f"{left}{name}({', '.join(texts)})", op.frame)


def owner_of(text: str) -> str:
    """The text of what an attribute is asked of."""
    text = operand(text)
    return f"({text})" if text[0] in "0123456789" else text


def is_attribute(name: Any) -> bool:
    """Whether it can be written after a dot, and a program may reach it."""
    is_name = isinstance(name, str) and name.isascii() and name.isidentifier() and not iskeyword(name)
    return is_name and is_readable(name)


def left(line: Line, last: list[Line]) -> list[Line]:
    """A line that leaves a loop does first what a turn does last."""
    if line.text != LEAVE:
        return [line]
    return [*(Line(line.depth, one.text, one.frame) for one in last), Line(line.depth, "break", line.frame)]


def _last_frame(block: Block) -> Frame | None:
    return block.ops[-1].frame if block.ops else None


_INPLACE = {
    "iadd": "+", "isubtract": "-", "imultiply": "*", "idivide": "/", "ifloor_divide": "//", "iremainder": "%",
    "ipower": "**", "imatmul": "@", "ileft_shift": "<<", "iright_shift": ">>", "ibitwise_and": "&",
    "ibitwise_or": "|", "ibitwise_xor": "^",
}  # fmt: skip
# The methods that write ops that are statements.
_STATEMENTS = {
    "cond": "cond",
    "while_loop": "while_loop",
    "try": "try_",
    "define": "define",
    "call": "call",
    "setitem": "setitem",
    "store": "store",
    "unpack": "unpack",
    "raise": "raise_",
    **dict.fromkeys(_INPLACE, "inplace"),
}
