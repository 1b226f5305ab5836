"""Loops over elements, in two forms: through views of memory with Python numbers, and as they are.

    if ready_(a, b):
        a_at_, b_at_ = memoryview(a), memoryview(b)
        for i in range(n):
            try:
                t_ = s + a_at_[i] * b_at_[i]
                if t_ - t_ == 0.0: s = t_
                else: retry_ = True
            except faults_: retry_ = True
            if retry_:
                retry_ = False
                s = plain_(float64_(s) + a[i] * b[i])
    else:
        …

What Python computes is taken if it shows that nothing overflowed or failed; if not, the line is computed again with
NumPy's scalars. Nothing has happened before that: only the last step of a line writes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import numpy as np

from runtime.accesses import MAX_NESTING, Access, Stream
from runtime.classes import (
    BITS,
    CHOICES,
    COMPARE,
    FLOATS,
    INPLACE,
    NUMPY,
    PYTHON,
    Classes,
    is_small,
    of_constant,
    representation,
)
from runtime.codegen import MAX_DEPTH, MAX_LOOPS, Writer
from runtime.elements import ROOT, Loop
from runtime.ir import Block, Constant, Frame, Op, Slot, Value
from runtime.opdef import TABLE
from runtime.plan import Plan
from runtime.writer import Pending, Scope, deeper, operand

LOW, HIGH = -(2**63), 2**63 - 1
CLOSED = (BITS - {"left_shift"}) | {"remainder"}  # of 64 bits where the operands are
# What computing an element may raise; others come from outside, such as from the handler of a signal.
FAULTS = (ArithmeticError, LookupError, TypeError, ValueError, NotImplementedError)
RETRY = "retry_"  # whether the last write failed
TRIED = "t_"
FITS = {"float": "{0} - {0} == 0.0", "int": f"{LOW} <= {{0}} <= {HIGH}"}
MIN_SIZE = 32  # elements, below which a loop is over before views of memory pay


def ready(expected: tuple[tuple[Any, ...], ...], *given: Any) -> bool:
    """Whether a loop is worth it, its arrays and scalars are of the dtypes and classes that are expected, and NumPy
    lets pass what Python's floats do not show."""
    size = 0
    for kinds, value in zip(expected, given):
        is_array = isinstance(value, np.ndarray)
        if (value.dtype if is_array else type(value)) not in kinds:
            return False
        if is_array and not (value.flags.aligned and value.dtype.char == kinds[0].char):  # longlong equals int64
            return False
        size += value.size if is_array else 0
    return size >= MIN_SIZE and np.geterr()["under"] == "ignore"


def plain(number: Any) -> Any:
    """The Python number that a NumPy scalar stands for."""
    return number.item() if isinstance(number, np.generic) else number


class Number(str):
    """The text of an expression of Python numbers, and what else is known of it.

    slow     the text of the same expression of NumPy scalars
    test     how its result shows that it holds: a key of FITS
    checks   conditions on parts of it, by the names that the text gives them
    is_atom  whether it needs no parentheses as an operand
    """

    slow: str
    test: str
    checks: tuple[str, ...]
    is_atom: bool

    def __new__(cls, text: str, slow: str, test: str, checks: Iterable[str] = (), is_atom: bool = False) -> Number:
        made = super().__new__(cls, text)
        made.slow, made.test, made.checks, made.is_atom = slow, test, tuple(checks), is_atom
        return made


@dataclass(eq=False)
class Part:
    """An operand: its texts of Python numbers and of NumPy scalars, the conditions on it, and how it is tested."""

    text: str
    slow: str
    checks: tuple[str, ...] = ()
    test: str = "any"


class ElementWriter(Writer):
    """Writes loops over elements in both forms, all else as Writer does."""

    def __init__(self, plan: Plan):
        super().__init__(plan)
        self.loop: Loop | None = None  # the one that is written through views
        self.rows: dict[Op, tuple[str, str]] = {}  # of each row, its keys and the text that gives it
        self.reserved |= {RETRY, TRIED}
        for loop in plan.element_loops.values():
            self.reserved |= {self.view(value) for value in loop.views} | {self.alias(one) for one in loop.scalars}
            self.reserved |= {name(value) for value in loop.op.outputs for name in (self.start, self.begun)}

    # Names

    def view(self, value: Value) -> str:
        return f"{self.plan.names[value]}_at_"

    def alias(self, value: Value) -> str:
        return f"{self.plan.names[value]}_n_"

    def start(self, value: Value) -> str:
        return f"{self.plan.names[value]}_0_"

    def begun(self, value: Value) -> str:
        return f"{self.plan.names[value]}_1_"

    def boxed(self, value: Value, text: str) -> str:
        """The NumPy scalar that a number stands for."""
        assert self.loop is not None
        (name,) = self.loop.classes(value) & NUMPY
        return f"{self.bind(name.rstrip('_'), getattr(np, name))}({text})"

    def plain(self, text: str) -> str:
        return f"{self.bind('plain', plain)}({text})"

    def _fresh(self, letter: str) -> str:
        """A name that no object and no Value has."""
        names = (f"{letter}{number}_" for number in count(1))
        name = next(name for name in names if name not in self.reserved and name not in self.namespace)
        self.reserved.add(name)
        return name

    # Loops

    def while_loop(self, op: Op) -> None:
        loop = self.plan.element_loops.get(op)
        is_deep = self.depth + MAX_NESTING > MAX_DEPTH or self.loops + MAX_NESTING > MAX_LOOPS
        if loop is None or self.loop is not None or is_deep:
            return super().while_loop(op)
        self.flush()
        expected = self.bind("expected", tuple(loop.roots.values()))
        given = ", ".join([expected, *map(self.name, loop.roots)])
        self.line(f"if {self.bind('ready', ready)}({given}):", op.frame)
        self._form(op, loop)
        self.line("else:", op.frame)
        self._form(op, None)

    def _form(self, op: Op, loop: Loop | None) -> None:
        outer, self.scope, self.loop = self.scope, Scope(), loop
        self.depth += 1
        if loop is not None:
            self._enter(loop)
        super().while_loop(op)
        self.flush()
        if loop is not None:
            self._leave(loop)
        self.depth -= 1
        lines, self.scope, self.loop = self.scope.lines, outer, None
        self.scope.lines += deeper(lines)

    def _enter(self, loop: Loop) -> None:
        frame = loop.op.frame
        self.line(f"{RETRY} = False", frame)
        for value, is_outside in loop.views.items():
            if is_outside:
                self._make_view(value, frame)
        for value in loop.scalars:
            self.line(f"{self.alias(value)} = {self.plain(self.name(value))}", frame)

    def _make_view(self, value: Value, frame: Frame | None) -> None:
        self.line(f"{self.view(value)} = memoryview({self.name(value)})", frame)

    def _start(self, op: Op, texts: Sequence[str]) -> None:
        super()._start(op, texts)
        if self.loop is None or op is not self.loop.op:
            return
        given = op.inputs[len(op.inputs) - len(op.outputs) :]
        for number, (value, output) in enumerate(zip(given, op.outputs)):
            if output not in self.loop.numbers:
                continue
            name, is_leaving = self.plan.names[output], number in self.loop.leaving
            if is_leaving:
                self.line(f"{self.start(output)} = {name}", op.frame)
            if not self.loop.classes(value) <= PYTHON:
                self.line(f"{name} = {self.plain(name)}", op.frame)
            if is_leaving:
                self.line(f"{self.begun(output)} = {name}", op.frame)

    def iterable(self, op: Op, text: str) -> str:
        """Elements of arrays come out of a view of memory as Python numbers."""
        stream = None if self.loop is None else self.loop.streams.get(op)
        if self.loop is None or stream is None or stream.op is not None and op is not self.loop.op:
            return text
        self.flush()
        name = self.plan.names[op.blocks[0].inputs[0]]  # state may be set before the loop begins
        if stream.op is None:
            self.line(f"{name} = memoryview({text})", op.frame)
        else:
            self.line(f"{name} = {self._pairs(stream, list(map(self.name, stream.op.inputs)))}", op.frame)
        return name

    def _pairs(self, stream: Stream, texts: list[str]) -> str:
        """The zip or enumerate of views of arrays."""
        assert stream.op is not None
        arrays = set(stream.items.values())
        wrapped = [f"memoryview({text})" if x in arrays else text for x, text in zip(stream.op.inputs, texts)]
        return self.op_text(stream.op, wrapped)

    def _leave(self, loop: Loop) -> None:
        """Numbers that are read after the loop become NumPy scalars, but for those that are still what they were."""
        for number in loop.leaving:
            output = loop.op.outputs[number]
            name = self.plan.names[output]
            boxed = f"{name} = {self.boxed(output, name)}"
            if representation(loop.classes(output)) != "float":  # equal ints may be one object
                self.line(boxed, loop.op.frame)
                continue
            same = f"{name} = {self.start(output)} if {name} is {self.begun(output)} else {self.boxed(output, name)}"
            self.line(same, loop.op.frame)
        if loop.views:
            self.line(" = ".join([*sorted({self.view(value) for value in loop.views}), "None"]), loop.op.frame)

    def begin(self, block: Block) -> None:
        """Views of arrays that are inputs of a Block are made where it begins."""
        for value in block.inputs if self.loop is not None else ():
            if self.loop is not None and value in self.loop.views:
                self._make_view(value, block.ops[0].frame if block.ops else None)

    # Ops

    def op(self, op: Op) -> None:
        if self.loop is None:
            return super().op(op)
        if op in self.loop.rows:
            self._row(op, self.loop.rows[op])
        elif op in self.loop.pairs:
            texts = self.op_operands(op)
            self.flush()
            self.line(f"{self.plan.names[op.outputs[0]]} = {self._pairs(self.loop.pairs[op], texts)}", op.frame)
        elif op not in self.loop.computed:
            super().op(op)
        elif op.definition.name == "setitem":
            self._write(op, self.loop.accesses[op])
        else:
            self._compute(op)
        for value in op.outputs:
            if self.loop is not None and value in self.loop.views:
                self.flush()
                self._make_view(value, op.frame)

    def operands(self, values: Sequence[Value], frame: Frame | None, numbers: bool = False) -> list[str]:
        """Numbers stand only in the text of other Numbers: elsewhere they are assigned, and so tested, first."""
        for one in self.scope.pending if self.loop is not None else ():
            is_number = isinstance(one.text, Number)
            if one.value in values and (
                is_number and not numbers or numbers and not is_number and self._warns(one.value)
            ):
                self.flush()
                break
        return super().operands(values, frame)

    def _warns(self, value: Value) -> bool:
        """Whether an expression may do more than give its result: it is computed twice where a Number fails."""
        if value not in self.plan.inline or value.op is None:
            return False
        return not self._classes(value) <= PYTHON or any(map(self._warns, value.op.inputs))

    def flush(self) -> None:
        pending, self.scope.pending = self.scope.pending, []
        for one in pending:
            if isinstance(one.text, Number):
                self._assign(self.plan.names[one.value], one.text, one.frame)
            else:
                self.line(f"{self.plan.names[one.value]} = {one.text}", one.frame)

    def _compute(self, op: Op) -> None:
        number = self._number(op)
        if op.outputs[0] in self.plan.inline:
            self.scope.pending.append(Pending(op.outputs[0], number, op.frame))
            return
        self.flush()
        self._assign(self.plan.names[op.outputs[0]], number, op.frame)

    def _assign(self, name: str, number: Number, frame: Frame | None) -> None:
        part = Part(number, number.slow, number.checks, number.test)
        self._attempt(f"{name} = {{}}", part, f"{name} = {self.plain(number.slow)}", frame)

    def _write(self, op: Op, access: Access) -> None:
        if any(isinstance(one.text, Number) and one.text.checks for one in self.scope.pending):
            self.flush()  # conditions on keys are told before the value is written
        *key, new = self._parts(op, [*access.key, op.call.args[2]])
        self.flush()
        fast, slow = self._element(access, key)
        self._attempt(f"{fast} = {{}}", new, f"{slow} = {new.slow}", op.frame)

    def _row(self, op: Op, row: Access) -> None:
        """Keeps the key of a row: names that it is made of may have other values when its elements are taken."""
        texts = []
        for template, text in zip(row.key, self.operands_of(row.key, op)):
            if isinstance(template, Slot):
                name = self._fresh("r")
                if not text.isidentifier():
                    self.flush()
                self.line(f"{name} = {text}", op.frame)
                text = name
            texts.append(text)
        fast, slow = ("", self.name(row.base)) if row.row is None else self.rows[row.row]
        self.rows[op] = (f"{fast}{', '.join(texts)}, ", f"{slow}[{', '.join(texts)}]")

    def operands_of(self, templates: Iterable[Any], op: Op) -> list[str]:
        texts = self.operands(op.inputs, op.frame)
        return [self.template(template, texts) for template in templates]

    def _element(self, access: Access, key: Sequence[Part]) -> tuple[str, str]:
        """The texts of an element, taken through the view of its array and as the user wrote it."""
        fast, slow = ("", self.name(access.base)) if access.row is None else self.rows[access.row]
        own = ", ".join(part.text for part in key)
        return f"{self.view(access.base)}[{fast}{own}]", f"{slow}[{', '.join(part.slow for part in key)}]"

    def _attempt(self, store: str, part: Part, slow: str, frame: Frame | None) -> None:
        """Stores what Python computes; where it fails or does not hold, the line is done as the user wrote it.

        That is outside of the `except`, or its errors would have ours for context.
        """
        conditions = [FITS[part.test].format(TRIED)] if part.test in FITS else []
        conditions += part.checks
        self.line("try:", frame)
        if conditions:
            self.line(f"{TRIED} = {part.text}", frame, 1)
            self.line(f"if {' and '.join(conditions)}: {store.format(TRIED)}", frame, 1)
            self.line(f"else: {RETRY} = True", frame, 1)
        else:
            self.line(store.format(part.text), frame, 1)
        self.line(f"except {self.bind('faults', FAULTS)}: {RETRY} = True", frame)
        self.line(f"if {RETRY}:", frame)
        self.line(f"{RETRY} = False", frame, 1)
        self.line(slow, frame, 1)

    # Expressions of numbers

    def _number(self, op: Op) -> Number:
        assert self.loop is not None
        if op in self.loop.accesses:
            return self._read(op, self.loop.accesses[op])
        name = INPLACE.get(op.definition.name, op.definition.name)
        parts = [self._alone(part) if part.test == "int" else part for part in self._parts(op, op.call.args)]
        if name in COMPARE or name in CHOICES:
            parts = [self._alone(part) for part in parts]
        elif name == "divide":
            parts[1] = self._alone(parts[1])
        if name in COMPARE:
            parts = self._comparable(op, parts)
        if name in CHOICES:  # they give one of them, which must stay what it is
            parts = [replace(part, slow=part.text) if part.text.isidentifier() else part for part in parts]
        test = "any" if name in COMPARE or name in CHOICES else representation(self.loop.classes(op.outputs[0]))
        assert test is not None
        if test == "int":
            parts = [self._in_range(op, arg, part) for arg, part in zip(op.call.args, parts)]
            test = "any" if name in CLOSED else test
        source = TABLE[name].source or f"{self.bind(name, op.definition.kernel)}({', '.join(['{}'] * len(parts))})"
        fast = f"{self.bind('math_sqrt', math.sqrt)}({{}})" if name == ROOT else source
        return Number(
            fast.format(*(part.text for part in parts)),
            source.format(*(part.slow for part in parts)),
            test,
            (check for part in parts for check in part.checks),
        )

    def _read(self, op: Op, access: Access) -> Number:
        key = self._parts(op, access.key)
        checks = (check for part in key for check in part.checks)
        return Number(*self._element(access, key), "any", checks, is_atom=True)

    def _parts(self, op: Op, templates: Iterable[Any]) -> list[Part]:
        texts = self.operands(op.inputs, op.frame, numbers=True)
        return [self._part(op, template, texts) for template in templates]

    def _part(self, op: Op, template: Any, texts: Sequence[str]) -> Part:
        assert self.loop is not None
        if not isinstance(template, Slot):
            text = operand(self.template(template, texts))
            return Part(operand(self.datum(plain(template))) if isinstance(template, np.generic) else text, text)
        value, text = op.inputs[template.index], texts[template.index]
        if isinstance(text, Number):
            wrap = "{}" if text.is_atom else "({})"
            return Part(wrap.format(text), wrap.format(text.slow), text.checks, text.test)
        text = operand(text)
        if isinstance(value, Constant):
            return Part(operand(self.datum(plain(value.value))), text)
        if value in self.loop.numbers:
            return Part(text, self.boxed(value, text))
        if value in self.loop.scalars:
            return Part(self.alias(value), text)
        return Part(text, text)  # Python's, or an index or item that a view of memory takes as it is

    def _alone(self, part: Part) -> Part:
        """A part whose result is tested by itself, because that of the whole does not show how it is."""
        return part if part.test == "any" else self._named(part, part.test)

    def _named(self, part: Part, test: str) -> Part:
        name = self._fresh("d")
        return Part(f"({name} := {part.text})", part.slow, (*part.checks, FITS[test].format(name)))

    def _in_range(self, op: Op, template: Any, part: Part) -> Part:
        """Python's own ints are tested to be of 64 bits, as NumPy tests them."""
        value = op.inputs[template.index] if isinstance(template, Slot) else template
        if "int" not in self._classes(value):
            return part
        number = value.value if isinstance(value, Constant) else value
        if isinstance(number, int) and LOW <= number <= HIGH:
            return part
        return self._named(part, "int")

    def _comparable(self, op: Op, parts: Sequence[Part]) -> list[Part]:
        """NumPy compares ints with floats as floats, Python does it exactly."""
        values = [op.inputs[arg.index] if isinstance(arg, Slot) else arg for arg in op.call.args]
        if not any(self._classes(value) & FLOATS for value in values):
            return list(parts)
        return [
            replace(part, text=f"float({part.text})")
            if self._classes(value) & {"int", "int64"} and not self._classes(value) & FLOATS and not is_small(value)
            else part
            for part, value in zip(parts, values)
        ]

    def _classes(self, value: Any) -> Classes:
        assert self.loop is not None
        return self.loop.classes(value) if isinstance(value, Value) else of_constant(value)
