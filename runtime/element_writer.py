"""Loops over elements, in two forms: through views of memory with Python numbers, and as they are.

    if not ready_(a, b):
        …
    else:
        a_at_, b_at_ = memoryview(a), memoryview(b)
        for i in range(n):
            try:
                t_ = s + a_at_[i] * b_at_[i]
                if isfinite_(t_): s = t_
                else: retry_ = True
            except faults_: retry_ = True
            if retry_:
                retry_ = False
                s = plain_(float64_(s) + a[i] * b[i])

What Python computes is taken if it shows that nothing overflowed or failed; if not, the line is computed again with
NumPy's scalars. Nothing has happened before that: only the last step of a line writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from runtime.accesses import MAX_NESTING, Access, Stream, cannot_fail
from runtime.choices import ChoiceWriter
from runtime.classes import FLOATS, INTS, PYTHON, is_whole, representation
from runtime.codegen import MAX_DEPTH, MAX_LOOPS
from runtime.elements import Loop
from runtime.ir import Block, Frame, Op, Slot, Value, walk
from runtime.number_writer import RAN, RETRIED, RETRY, TRIED, Number, Part, text_of
from runtime.readiness import ready_for
from runtime.unpacked import TRIPS, Unpacked, fewest_turns, pays, put
from runtime.writer import Line, Pending, Scope, deeper

MIN_TURNS = 16  # of a loop without loops in it, below which it is over before views of memory pay


def columns(array: Any) -> Iterable[Any]:
    """The rows of an array of two dims, as tuples of Python numbers that are read when their turn comes."""
    return zip(*(memoryview(column) for column in array.T)) if array.shape[1] else array


class ElementWriter(ChoiceWriter):
    """Writes loops over elements in both forms, all else as Writer does."""

    # Loops

    def while_loop(self, op: Op) -> None:
        loop = self.plan.element_loops.get(op)
        is_deep = self.depth + MAX_NESTING > MAX_DEPTH or self.loops + MAX_NESTING > MAX_LOOPS
        if loop is None or self.loop is not None or is_deep:
            return super().while_loop(op)
        self.flush()
        ready, self.note = ready_for(tuple(loop.roots.values()), loop.may_underflow())
        test = f"{self.bind('ready', ready)}({', '.join(map(self.name, loop.roots))})"
        # NumPy's own form comes first: CPython finds the line of a warning by going through all lines before it.
        self.line(f"if {self._few_turns(op)}not {test}:", op.frame)
        self._form(op, None)
        self.line("else:", op.frame)
        self._form(op, loop)

    def _few_turns(self, op: Op) -> str:
        """A test of how often a loop without loops in it is gone through, where that can be seen at once."""
        through = op.inputs[0] if op.call.kwargs.get("form") == "for" else None
        if through is None or any(one.definition.name == "while_loop" for one in walk(op.blocks[0])):
            return ""
        known = through.type
        has_length = known.is_array and bool(known.rank) or known.is_python and known.dtype is range
        return f"len({self.name(through)}) < {MIN_TURNS} or " if has_length and not known.maybe and MIN_TURNS else ""

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
        self.line(f"{RETRY}, {RETRIED} = False, 0", frame)
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
        if any(is_whole(self.loop.classes(op.outputs[number])) for number in self.loop.leaving):
            self.line(f"{RAN} = False", op.frame)
        given = op.inputs[len(op.inputs) - len(op.outputs) :]
        for number, (value, output) in enumerate(zip(given, op.outputs)):
            if output not in self.loop.numbers:
                continue
            is_float = representation(self.loop.classes(output)) == "float"
            name, is_leaving = self.plan.names[output], is_float and number in self.loop.leaving
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
        if stream.is_by_rows:
            self.line(f"{name} = {self.bind('columns', columns)}({text})", op.frame)
        elif stream.op is None:
            self.line(f"{name} = memoryview({text})", op.frame)
        else:
            self.line(f"{name} = {self._pairs(stream, list(map(self.name, stream.op.inputs)))}", op.frame)
        return name

    def turns(self, op: Op, iterable: str) -> None:
        """A loop that may run with lists is written with them and without."""
        unpacked = None if self.loop is None or self.unpacked is not None else self.loop.unpacked.get(op)
        if unpacked is None:
            return super().turns(op, iterable)
        name = iterable if iterable.isidentifier() else self.plan.names[op.blocks[0].inputs[0]]
        if name != iterable:
            self.line(f"{name} = {iterable}", op.frame)
        groups = [[one for one, is_written in unpacked.arrays.items() if is_written is kind] for kind in (True, False)]
        groups.append([one for one in unpacked.others if one is not op.inputs[0]])
        given = ", ".join(f"[{', '.join(map(self.name, group))}]" for group in groups)
        test = f"{self.bind('pays', pays)}({name}, {self._gain(unpacked)}, {given})"
        fewest = fewest_turns(unpacked)
        if self.loop is not None and op is not self.loop.op and fewest is not None and self._has_length(op):
            test = f"len({name}) >= {fewest} and {test}"
        self.line(f"if {test}:", op.frame)
        outer, self.scope, self.unpacked = self.scope, Scope(), unpacked
        self.loops, self.depth = self.loops + 1, self.depth + 2
        super().turns(op, name)
        self.loops, self.depth = self.loops - 1, self.depth - 2
        lines, self.scope, self.unpacked = self.scope.lines, outer, None
        self._with_lists(unpacked, lines)
        self.line("else:", op.frame)
        outer, self.scope = self.scope, Scope()
        super().turns(op, name)
        lines, self.scope = self.scope.lines, outer
        self.scope.lines += deeper(lines)

    def _gain(self, unpacked: Unpacked) -> str:
        """What a turn gains by lists: that of a loop in it as often as it is gone through."""
        constant, terms = 0.0, []
        for around, saved in unpacked.gains.items():
            trusted = saved * (TRIPS if None in around else 1)
            lengths = [f"len({self.name(one)})" for one in around if one is not None]
            constant += 0 if lengths else trusted
            terms += [" * ".join([f"{trusted:g}", *lengths])] if lengths else []
        return " + ".join([*([f"{constant:g}"] if constant or not terms else []), *terms])

    def _has_length(self, op: Op) -> bool:
        """Whether a `for` goes through a range, or the view of an array's memory."""
        known = op.inputs[0].type
        stream = None if self.loop is None else self.loop.streams.get(op)
        is_viewed = stream is not None and stream.op is None and not stream.is_by_rows
        return known.is_python and known.dtype is range and not known.maybe or is_viewed

    def _with_lists(self, unpacked: Unpacked, lines: list[Line]) -> None:
        """The lines of a loop, with its arrays unpacked before and packed after it, however it is left."""
        frame = unpacked.op.frame
        for array in unpacked.arrays:
            self.line(f"{self.view(array)} = {self.name(array)}.tolist()", frame, 1)
        written = [array for array, is_written in unpacked.arrays.items() if is_written]
        if written:
            self.line("try:", frame, 1)
        self.scope.lines += deeper(lines, 1 + bool(written))
        if written:
            self.line("finally:", frame, 1)
        for array in written:
            self.line(f"{self.name(array)}[...] = {self.view(array)}", frame, 2)
        if self.loop is not None and unpacked.op is not self.loop.op:
            for array in unpacked.arrays:
                self.line(f"{self.view(array)} = memoryview({self.name(array)})", frame, 1)

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
                self.line(f"if {RAN}: {boxed}" if is_whole(loop.classes(output)) else boxed, loop.op.frame)
                continue
            same = f"{name} = {self.start(output)} if {name} is {self.begun(output)} else {self.boxed(output, name)}"
            self.line(same, loop.op.frame)
        self.line(f"if {RETRIED}: {self.bind('note', self.note)}({RETRIED})", loop.op.frame)
        if loop.views:
            self.line(" = ".join([*sorted({self.view(value) for value in loop.views}), "None"]), loop.op.frame)

    def begin(self, block: Block) -> None:
        """Views of arrays that are inputs of a Block are made where it begins."""
        if self.loop is not None and block is self.loop.op.blocks[self.loop.op.call.kwargs.get("form") != "for"]:
            if any(is_whole(self.loop.classes(self.loop.op.outputs[number])) for number in self.loop.leaving):
                self.line(f"{RAN} = True", block.ops[0].frame if block.ops else None)
        for value in self._scalars_of_rows(block):
            self.line(f"{self.name(value)} = {self.boxed(value, self.name(value))}", block.ops[0].frame)
        for value in block.inputs if self.loop is not None else ():
            if self.loop is not None and value in self.loop.views:
                self._make_view(value, block.ops[0].frame if block.ops else None)

    def _scalars_of_rows(self, block: Block) -> list[Value]:
        """What a turn takes out of a row, and what has to be a NumPy scalar."""
        streams = {} if self.loop is None else self.loop.streams
        items = [stream.items for op, stream in streams.items() if stream.is_by_rows and op.blocks[0] is block]
        taken = block.ops[0].outputs if items else ()
        return [value for value in taken if value not in items[0] and value in self.plan.used]

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
        elif op.definition.name == "not_":
            self.negation(op)
        elif op not in self.loop.computed:
            self.sure(op) if cannot_fail(op) else super().op(op)
        elif op.definition.name == "setitem":
            self._write(op, self.loop.accesses[op])
        else:
            self._compute(op)
        for value in op.outputs:
            if self.loop is not None and value in self.loop.views:
                self.flush()
                self._make_view(value, op.frame)

    def _compute(self, op: Op) -> None:
        number = self.number(op)
        if op.outputs[0] in self.plan.inline:
            self.scope.pending.append(Pending(op.outputs[0], number, op.frame))
            return
        self.flush()
        self.assign(self.plan.names[op.outputs[0]], number, op.frame)

    def _write(self, op: Op, access: Access) -> None:
        pending = [one.text for one in self.scope.pending if one.value in op.inputs]
        if any(isinstance(text, Number) and text.checks for text in pending):
            self.flush()  # conditions on keys are told before the value is written
        *key, new = self.parts(op, [*access.key, op.call.args[2]])
        self.flush()
        fast, slow = self.element(access, key)
        if self.unpacked is None or access.base not in self.unpacked.arrays:
            return self.attempt(f"{fast} = {{}}", new, f"{slow} = {new.slow}", op.frame)
        chain = text_of(self.chain(access, (part.slow for part in key)))
        written = f"{self.bind('put', put)}({self.name(access.base)}, {self.view(access.base)}, {chain}, {new.slow})"
        self.attempt(f"{fast} = {{}}", self._item(op, access, new), written, op.frame)

    def _item(self, op: Op, access: Access, new: Part) -> Part:
        """What a list holds for an element: the Python number that the array would give."""
        arg, dtype = op.call.args[2], access.base.type.dtype
        value = op.inputs[arg.index] if isinstance(arg, Slot) else arg
        known = self.classes(value)
        kind = {"f": float, "b": bool}.get(dtype.kind, int)
        alike = {float: FLOATS, bool: {"bool", "bool_"}, int: INTS}[kind]
        text = new.text if self.is_number(value) and known <= alike else f"{kind.__name__}({new.text})"
        if kind is not int or known == {dtype.type.__name__}:
            return replace(new, text=text)
        limits = np.iinfo(dtype)
        return replace(new, text=text, checks=(*new.checks, f"{limits.min} <= {TRIED} <= {limits.max}"))

    def _row(self, op: Op, row: Access) -> None:
        """Keeps the key of a row: names that it is made of may have other values when its elements are taken."""
        texts = []
        operands = self.operands(op.inputs, op.frame)
        for template in row.key:
            text = self.template(template, operands)
            if isinstance(template, Slot):
                name = self.unused("r")
                if not text.isidentifier():
                    self.flush()
                self.line(f"{name} = {text}", op.frame)
                text = name
            texts.append(text)
        self.rows[op] = self.chain(row, texts)
