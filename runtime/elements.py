"""Loops over the elements of arrays, and which Values in them are held as Python numbers.

    for i in range(n): s += a[i] * b[i]        →        a_at_, b_at_ = memoryview(a), memoryview(b)
                                                        for i in range(n): s += a_at_[i] * b_at_[i]

A NumPy scalar of float64 or int64 is a Python number in another box: what Python computes of the two is the same to
the bit, in a third of the time, as long as nothing overflows. Overflow shows in the result (an infinity, nan, an int
of more than 64 bits) or as an exception, and then the line is computed again as the user wrote it, for NumPy's
warnings and errors. A Value is a number here only if nothing that reads it can tell the difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from runtime.classes import (
    BINARY,
    BITS,
    CHOICES,
    COMPARE,
    FLOATS,
    INPLACE,
    NUMPY,
    PYTHON,
    RING,
    SMALL,
    WHOLE,
    Classes,
    ClassesOf,
    of_constant,
)
from runtime.ir import Block, Constant, Op, Program, Slot, Value
from runtime.liveness import branches_of

MAX_NESTING = 8
MIN_GAIN = 5
MAX_BETWEEN = 8  # ops after a row among which its first element is looked for
MAX_EXACT = 2**53  # ints up to this are floats, too
DTYPES = frozenset(map(np.dtype, "float64 int64 int32 int16 int8 uint32 uint16 uint8 bool".split()))
EXACT = frozenset({"float64", "int64"})  # whose arithmetic is Python's
ROOT = "np.sqrt"
# Ops that give the same of a Python number and of the NumPy scalar that it stands for, and those that do of floats.
INDIFFERENT = frozenset("not_ truth float int bool".split())
MATHS = "sqrt exp log log10 sin cos tan atan atan2 fabs hypot floor ceil tanh isnan isinf".split()
OF_FLOATS = frozenset("math." + name for name in MATHS)
STREAMS = ("each_zip", "each_enumerate")
# Ops that may change where an array's elements are, or whose effects are not known.
UNSETTLING = frozenset(
    ".resize .setflags setattr python method np.errstate enter leave apply call define try next".split()
)


@dataclass(frozen=True, eq=False)
class Access:
    """An element of an array, `base[key]`, or `base[row keys][key]`.

    key  the templates of the op's own key
    row  the getitem that gives the row, where the element is taken from one, on the same line
    """

    base: Value
    key: tuple[Any, ...]
    row: Op | None = None


@dataclass(frozen=True, eq=False)
class Stream:
    """What a `for` goes through: an array, or the zip or enumerate of arrays that is made just before it.

    items  the elements that a turn begins with, and the array of each
    op     the zip or enumerate
    """

    items: dict[Value, Value]
    op: Op | None = None


@dataclass(eq=False)
class Loop:
    """A loop that works on elements.

    accesses  the getitems and setitems that go through views of memory
    rows      getitems that are part of those, and no ops of their own
    classes   of all Values of the program
    computed  all ops that are computed of Python numbers
    numbers   the Values that are Python numbers
    streams   for each loop in it that goes through elements of arrays, how
    pairs     those streams by the zip or enumerate, where that is in the loop
    views     the arrays of `accesses`, with whether they come from outside
    scalars   NumPy scalars from outside that are computed with
    leaving   the numbers of those outputs that become NumPy scalars again
    """

    op: Op
    classes: ClassesOf
    accesses: dict[Op, Access]
    rows: dict[Op, Access]
    computed: set[Op]
    numbers: set[Value]
    streams: dict[Op, Stream] = field(default_factory=dict)
    pairs: dict[Op, Stream] = field(default_factory=dict)
    views: dict[Value, bool] = field(default_factory=dict)
    scalars: dict[Value, None] = field(default_factory=dict)
    leaving: list[int] = field(default_factory=list)


def element_loops(program: Program, inline: Collection[Value]) -> dict[Op, Loop]:
    """The outermost loops of a Program that work on elements; `inline` are Values that are no variables."""
    read = Counter(value for block in _blocks(program.block) for value in _read_in(block))
    candidates = [
        inside for inside in _outermost_loops(program.block, read, inline) if inside.accesses or inside.streams
    ]
    if not candidates:
        return {}
    classes = ClassesOf(program)
    found = [_settled(inside, classes, read) for inside in candidates]
    return {loop.op: loop for loop in found if loop is not None}


def _outermost_loops(block: Block, read: Counter[Value], inline: Collection[Value]) -> Iterator[_Inside]:
    """Loops that may be gone through by elements; where an outer one may not, those in it."""
    for previous, op in zip([None, *block.ops], block.ops):
        if previous is not None and any(value in inline for value in previous.inputs):
            previous = None
        if op.definition.name == "while_loop" and (inside := _Inside(op, previous, read)).is_settled:
            yield inside
        else:
            for child in op.blocks:
                yield from _outermost_loops(child, read, inline)


def _blocks(block: Block) -> Iterator[Block]:
    yield block
    for op in block.ops:
        for child in op.blocks:
            yield from _blocks(child)


def _read_in(block: Block) -> Iterator[Value]:
    for op in block.ops:
        yield from op.inputs
    yield from block.results or ()


class _Inside:
    """What is in a loop: its ops, where each Value is made, and the accesses to elements in loops further in.

    depths    how many loops are around the place where each Value is made, this one counted
    joins     for each Value that a branch or loop gives, what it is made of
    states    the Values that are one variable all through a loop
    """

    def __init__(self, loop: Op, previous: Op | None, read: Counter[Value]):
        self.loop = loop
        self.read = read
        self.ops: list[tuple[Op, int]] = []
        self.depths: dict[Value, int] = {}
        self.joins: dict[Value, list[Value]] = {}
        self.states: list[list[Value]] = []
        self.streams: dict[Op, Stream] = {}
        self.is_settled = True
        self._nesting = 0
        self._loop(loop, previous, 0)
        self.readers = self._all_readers()
        self.rows: dict[Op, Access] = {}
        self.accesses: dict[Op, Access] = {}
        for number, (one, depth) in enumerate(self.ops):
            if (row := self._row(number, one, depth)) is not None:
                self.rows[one] = row
            elif (access := self._access(one, depth)) is not None:
                self.accesses[one] = access

    def _loop(self, op: Op, previous: Op | None, depth: int) -> None:
        is_for = op.call.kwargs.get("form") == "for"
        body = op.blocks[0 if is_for else 1]
        if is_for and (stream := self._stream(op, previous, body)) is not None:
            self.streams[op] = stream
        for number, output in enumerate(op.outputs):
            inputs = [block.inputs[len(block.inputs) - len(op.outputs) + number] for block in op.blocks]
            given = [op.inputs[number + is_for], *((body.results or ())[number : number + 1])]
            self.states.append([output, *inputs])
            self.joins.update(dict.fromkeys([output, *inputs], given))
        for block in op.blocks:
            self.depths.update(dict.fromkeys(block.inputs, depth + 1))
            self._block(block, depth + 1)

    def _block(self, block: Block, depth: int) -> None:
        self._nesting += 1
        self.is_settled &= self._nesting <= MAX_NESTING
        for previous, op in zip([None, *block.ops], block.ops):
            self.ops.append((op, depth))
            self.depths.update(dict.fromkeys(op.outputs, depth))
            self.is_settled &= op.definition.name not in UNSETTLING
            if op.definition.name == "while_loop":
                self._loop(op, previous, depth)
            elif op.definition.name == "cond":
                self._cond(op, depth)
        self._nesting -= 1

    def _stream(self, op: Op, previous: Op | None, body: Block) -> Stream | None:
        iterable, item = op.inputs[0], body.inputs[0]
        if _is_row_of_elements(iterable):
            return Stream({item: iterable})
        if previous is None or previous.definition.name not in STREAMS or iterable is not previous.outputs[0]:
            return None
        first = body.ops[0] if body.ops else None
        is_taken_apart = first is not None and first.definition.name == "unpack" and first.inputs == (item,)
        if first is None or not is_taken_apart or len(first.call.args) != 2 or self.read[item] != 1:
            return None
        is_enumerate = previous.definition.name == "each_enumerate"
        arrays = previous.inputs[:1] if is_enumerate else previous.inputs
        is_plain = not previous.call.kwargs and previous.call.args[: len(arrays)] == tuple(
            map(Slot, range(len(arrays)))
        )
        if not is_plain or self.read[iterable] != 1 or len(first.outputs) != len(arrays) + is_enumerate:
            return None
        pairs = zip(first.outputs[is_enumerate:], arrays)
        return Stream({output: array for output, array in pairs if _is_row_of_elements(array)}, previous)

    def _cond(self, op: Op, depth: int) -> None:
        branches = branches_of(op)
        for number, output in enumerate(op.outputs):
            self.joins[output] = [(op.blocks[place].results or ())[number] for place in branches]
        for block in op.blocks:
            self._block(block, depth)

    def _all_readers(self) -> dict[Value, list[Op | None]]:
        """The ops that read each Value; None stands for the end of a Block."""
        readers: dict[Value, list[Op | None]] = {}
        blocks = [self.loop.blocks, *(op.blocks for op, _ in self.ops)]
        for op, _ in self.ops:
            for value in op.inputs:
                readers.setdefault(value, []).append(op)
        for value in (value for some in blocks for block in some for value in block.results or ()):
            readers.setdefault(value, []).append(None)
        return readers

    def _access(self, op: Op, depth: int) -> Access | None:
        """How an op reads or writes an element of an array that is made outside of the innermost loop around it."""
        if (found := _taken(op)) is None:
            return None
        base, key = found
        row = self.rows.get(base.op) if base.op is not None else None
        root = base if row is None else row.base
        is_whole = base.type.rank == len(key) and depth > self.depths.get(root, 0)
        return Access(root, key, base.op if row is not None else None) if is_whole else None

    def _row(self, number: int, op: Op, depth: int) -> Access | None:
        """A row of which only elements are taken, on the same line and at once, so that it need not be made."""
        if op.definition.name != "getitem" or (found := _taken(op)) is None:
            return None
        base, key = found
        outer = self.rows.get(base.op) if base.op is not None else None
        root = base if outer is None else outer.base
        readers = self.readers.get(op.outputs[0], [])
        if base.type.rank == len(key) or depth <= self.depths.get(root, 0) or not readers:
            return None
        for reader in readers:
            taken = None if reader is None else _taken(reader)
            if reader is None or taken is None or taken[0] is not op.outputs[0] or line_of(reader) != line_of(op):
                return None
        following = [one for one, at in self.ops[number + 1 : number + 1 + MAX_BETWEEN] if at == depth]
        first = following.index(readers[0]) if readers[0] in following else None
        if first is None or not all(_cannot_fail(one) for one in following[:first]):
            return None
        return Access(root, key, base.op if outer is not None else None)


def _is_row_of_elements(value: Value) -> bool:
    known = value.type
    is_sure = known.is_array and not known.maybe and not isinstance(value, Constant)
    return is_sure and known.rank == 1 and known.dtype in DTYPES


def line_of(op: Op) -> tuple[str, int] | None:
    return None if op.frame is None else (op.frame.file, op.frame.line)


def _cannot_fail(op: Op) -> bool:
    """Arithmetic of Python's ints."""
    types = [value.type for value in (*op.inputs, *op.outputs)]
    return op.definition.name in RING and all(type.is_number and type.dtype is int for type in types)


def _taken(op: Op) -> tuple[Value, tuple[Any, ...]] | None:
    """The array and the key of a getitem or setitem whose key has ints only."""
    if op.definition.name not in ("getitem", "setitem") or not isinstance(op.call.args[0], Slot):
        return None
    base = op.inputs[op.call.args[0].index]
    key = op.call.args[1] if type(op.call.args[1]) is tuple else (op.call.args[1],)
    known = base.type
    if not known.is_array or known.maybe or known.dtype not in DTYPES or known.rank is None or not 0 < len(key):
        return None
    is_fit = len(key) <= known.rank and not isinstance(base, Constant)
    return (base, key) if is_fit and all(_may_be_index(part, op) for part in key) else None


def _may_be_index(part: Any, op: Op) -> bool:
    """An int of Python's or NumPy's, by its type; what its type does not tell is seen later."""
    if not isinstance(part, Slot):
        return type(part) is int
    known = op.inputs[part.index].type
    if known.is_python:
        return known.dtype is int and not known.maybe
    return known.kind == "scalar" and not known.maybe and known.dtype is not None and known.dtype.kind in "iu"


def _gain(op: Op) -> int:
    """What a computed op saves, in about 10 ns: more the more dims, and a single item or comparison nothing."""
    if op.definition.name in ("getitem", "setitem"):
        return 8 if isinstance(op.call.args[1], tuple) and len(op.call.args[1]) > 1 else 0
    return 0 if op.definition.name in COMPARE | CHOICES else 5


def _settled(inside: _Inside, classes: ClassesOf, read: Counter[Value]) -> Loop | None:
    op = inside.loop
    finder = _Numbers(inside, classes, {output for output in op.outputs if read[output]})
    finder.settle()
    accesses = {one: access for one, access in inside.accesses.items() if one in finder.computed}
    if sum(map(_gain, finder.computed)) + 8 * len(finder.rows) < MIN_GAIN:
        return None
    loop = Loop(op, classes, accesses, finder.rows, finder.computed, finder.numbers)
    for one, stream in inside.streams.items():
        items = {item: array for item, array in stream.items.items() if item in finder.numbers}
        if items:
            loop.streams[one] = Stream(items, stream.op)
            if stream.op is not None and one is not op:
                loop.pairs[stream.op] = loop.streams[one]
    loop.views = {access.base: access.base not in inside.depths for access in accesses.values()}
    for value in (value for one, _ in inside.ops if one in finder.computed for value in one.inputs):
        is_outside = value not in inside.depths and not isinstance(value, Constant)
        if is_outside and classes(value) & NUMPY and classes(value) <= PYTHON | NUMPY:
            loop.scalars[value] = None
    loop.leaving = [k for k, output in enumerate(op.outputs) if output in finder.numbers and read[output]]
    return loop


class _Numbers:
    """Begins with all that might be a number, and takes away what something could tell from a NumPy scalar."""

    def __init__(self, inside: _Inside, classes: ClassesOf, leaving: set[Value]):
        self.inside = inside
        self.classes = classes
        self.leaving = leaving
        self.computed = {op for op, _ in inside.ops if self._is_computable(op)}
        self.rows = dict(inside.rows)
        made = [op.outputs[0] for op in self.computed if op.outputs]
        self.items = {item for stream in inside.streams.values() for item in stream.items}
        first = (*made, *inside.joins, *self.items)
        self.numbers = {value for value in first if representation(classes(value)) is not None}
        self._joined: dict[Value, list[Value]] = {}
        for value, given in inside.joins.items():
            for one in given:
                self._joined.setdefault(one, []).append(value)

    def settle(self) -> None:
        while True:
            removed = {value for value in self.numbers if not self._holds(value)}
            for state in self.inside.states:
                if not self.numbers.difference(removed).issuperset(state):
                    removed.update(self.numbers.intersection(state))
            kept = self.numbers - removed
            rows = {op: row for op, row in self.rows.items() if self._is_only_part(op, row)}
            lost = {op for op, access in self.inside.accesses.items()
                    if op in self.computed and access.row is not None and access.row not in rows}  # fmt: skip
            lost |= {op for op in self.computed if self._is_held_up(op, kept)}
            lost |= {op for op in self.computed if op.outputs and self.classes(op.outputs[0]) & NUMPY
                    and op.outputs[0] not in kept}  # fmt: skip
            if not removed and not lost and len(rows) == len(self.rows):
                return
            self.numbers, self.rows = kept, rows
            self.computed -= lost

    def _is_held_up(self, op: Op, numbers: set[Value]) -> bool:
        """Whether it would have to make a number of a NumPy scalar first, which takes longer than is saved."""
        if op in self.inside.accesses:
            return False
        return any(
            value in self.inside.depths and value not in numbers and not self.classes(value) <= PYTHON
            for value in op.inputs
        )

    def _is_only_part(self, op: Op, row: Access) -> bool:
        """Whether a row stands only in accesses to its elements, and its own row so."""
        readers = self.inside.readers[op.outputs[0]]
        return (row.row is None or row.row in self.rows) and all(
            reader in self.computed or reader in self.rows for reader in readers
        )

    def _holds(self, value: Value) -> bool:
        if any(op is not None and not self._is_indifferent(op, value) for op in self.inside.readers.get(value, ())):
            return False
        if any(joined not in self.numbers for joined in self._joined.get(value, ())):
            return False
        given = self.inside.joins.get(value)
        if given is not None and not all(self._may_be_given(one, value) for one in given):
            return False
        if value in self.leaving and not self._may_leave(value):
            return False
        return value in self.inside.joins or value in self.items or value.op in self.computed

    def _is_indifferent(self, op: Op, value: Value) -> bool:
        if op.definition.name == "cond" or op.definition.name == "while_loop" and value is not op.inputs[0]:
            return True  # a test, or state, which is looked at with what it joins
        if op.definition.name == "while_loop":
            return op.call.kwargs.get("form") != "for"
        name = op.definition.name
        if op in self.computed or op in self.rows or name in INDIFFERENT:
            return True
        kind = representation(self.classes(value))
        return kind == "float" and name in OF_FLOATS or kind == "int" and name == "range"

    def _may_be_given(self, one: Value, joined: Value) -> bool:
        """Whether a branch or loop may give it for a number."""
        known = self.classes(one)
        if one in self.numbers:
            return True
        if known <= PYTHON:
            return "int" not in known or "float64" not in self.classes(joined) or is_small(one)
        # What comes from outside is turned into a number where the loop begins.
        is_own = one in self.inside.loop.inputs and joined in self._own_states()
        return is_own and known <= PYTHON | NUMPY and not {"int", "float64"} <= known

    def _own_states(self) -> set[Value]:
        own = self.inside.states[: len(self.inside.loop.outputs)]
        return {value for state in own for value in state}

    def _may_leave(self, value: Value) -> bool:
        """Whether it can be told after the loop what it has to be: always a NumPy scalar, or what it began with."""
        known = self.classes(value)
        if len(known) == 1:
            return True
        own = self.inside.states[self.inside.loop.outputs.index(value)]
        return known <= FLOATS | {"int", "bool"} and "float64" in known and self._begins_only(value, own, set())

    def _begins_only(self, value: Value, own: Sequence[Value], seen: set[Value]) -> bool:
        """Whether Python numbers come only from what the state began with."""
        if value in own and seen or value in seen:
            return True
        seen.add(value)
        if value in own:
            given = self.inside.joins[value][1:]
        elif value in self.inside.joins:
            given = self.inside.joins[value]
        elif value.op in self.computed and value.op.definition.name in CHOICES:
            given = list(value.op.inputs)
            if any(not isinstance(arg, Slot) for arg in value.op.call.args):
                return False
        else:
            return not self.classes(value) & PYTHON
        return all(self._begins_only(one, own, seen) for one in given)

    # Which ops can be computed of Python numbers

    def _is_computable(self, op: Op) -> bool:
        if op in self.inside.accesses:
            return op.definition.name == "getitem" or self._may_be_written(op)
        name = INPLACE.get(op.definition.name, op.definition.name)
        if op.call.kwargs or len(op.outputs) != 1:
            return False
        operands = [self.classes(op.inputs[arg.index]) if isinstance(arg, Slot) else of_constant(arg)
                    for arg in op.call.args]  # fmt: skip
        if not operands or any(not one or not one <= PYTHON and representation(one) is None for one in operands):
            return False
        found = representation(self.classes(op.outputs[0]))
        if name in COMPARE:
            return found == "bool" and self._are_comparable(operands) and any(not one & PYTHON for one in operands)
        if name in CHOICES:
            return len(operands) > 1 and found in ("float", "int") and self._are_alike(op, found)
        if any(one & SMALL or "bool_" in one for one in operands):
            return False
        is_sure = any(one <= EXACT for one in operands)
        if name == "divide":  # Python rounds a quotient of big ints once, NumPy three times
            return is_sure and any(one <= FLOATS for one in operands)
        if name == "left_shift" and not (type(op.call.args[1]) is int and 0 <= op.call.args[1] < 64):
            return False  # Python's grow
        if name in BINARY:
            return is_sure and (found == "float" and name not in WHOLE | BITS or found == "int")
        return is_sure and (name in ("negative", "abs") and found is not None or name == ROOT and found == "float")

    def _are_comparable(self, operands: Sequence[Classes]) -> bool:
        return all("bool_" not in one for one in operands)

    def _are_alike(self, op: Op, found: str) -> bool:
        """min and max give an operand: ints among floats only where that is the same number."""
        for arg in op.call.args:
            value = op.inputs[arg.index] if isinstance(arg, Slot) else arg
            known = self.classes(value) if isinstance(value, Value) else of_constant(value)
            if found == "float" and known & {"int", "int64"} and not is_small(value):
                return False
        return True

    def _may_be_written(self, op: Op) -> bool:
        """Whether a view of memory takes the value, as the array would."""
        arg = op.call.args[2]
        known = self.classes(op.inputs[arg.index]) if isinstance(arg, Slot) else of_constant(arg)
        dtype = self.inside.accesses[op].base.type.dtype
        if dtype.kind == "f":
            return bool(known) and known <= PYTHON | EXACT
        return bool(known) and known <= (
            {"bool", "bool_"} if dtype.kind == "b" else {"bool", "int", "int64", str(dtype)}
        )


def is_small(value: Any) -> bool:
    """A constant int that is a float, too."""
    number = value.value if isinstance(value, Constant) else value
    return isinstance(number, (int, float)) and abs(number) <= MAX_EXACT


def representation(classes: Classes) -> str | None:
    """The kind of Python number that stands for NumPy scalars of these classes; None where there is no one kind."""
    if "float64" in classes and classes <= PYTHON | {"float64"}:
        return "float"
    if "int64" in classes and classes <= {"bool", "int", "int64"}:
        return "int"
    if "bool_" in classes and classes <= {"bool", "bool_"}:
        return "bool"
    return "int" if len(classes) == 1 and classes <= SMALL else None
