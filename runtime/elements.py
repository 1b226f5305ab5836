"""Loops over the elements of arrays, and which Values in them are held as Python numbers.

    for i in range(n): s += a[i] * b[i]        →        a_at_, b_at_ = memoryview(a), memoryview(b)
                                                        for i in range(n): s += a_at_[i] * b_at_[i]

A NumPy scalar of float64 or int64 is a Python number in another box: what Python computes of the two is the same to
the bit, in a third of the time, as long as nothing overflows. Overflow shows in the result (an infinity, nan, an int
of more than 64 bits) or as an exception, and then the line is computed again as the user wrote it, for NumPy's
warnings and errors. A Value is a number here only if nothing that reads it can tell the difference.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.accesses import Access, Inside, Stream, loops_of
from runtime.classes import (
    BINARY,
    BITS,
    CASTS,
    CHOICES,
    COMPARE,
    FLOATS,
    INPLACE,
    INTS,
    NUMPY,
    NUMPY_INTS,
    PYTHON,
    RING,
    WHOLE,
    Classes,
    ClassesOf,
    classes_named,
    is_small,
    is_whole,
    is_within,
    of_constant,
    representation,
    result,
)
from runtime.ir import Constant, Op, Program, Slot, Value
from runtime.readers import arrays_trusted
from runtime.unpacked import Unpacked, unpacked

MIN_GAIN = 5
EXACT = NUMPY_INTS | {"float64"}  # whose arithmetic is Python's, as long as the class has the result
PRODUCTS = frozenset({"multiply", "divide"})
ROOT = "np.sqrt"


@dataclass(eq=False, repr=False)
class Loop:
    """A loop that works on elements.

    accesses  the getitems and setitems that go through views of memory
    rows      getitems that are part of those, and no ops of their own
    classes   of all Values of the program
    computed  all ops that are computed of Python numbers
    numbers   the Values that are Python numbers
    unpacked  the loops in it, or itself, that may run with lists
    states    what its own state and that of loops in it is made of
    streams   for each loop in it that goes through elements of arrays, how
    pairs     those streams by the zip or enumerate, where that is in the loop
    views     the arrays of `accesses`, with whether they come from outside
    scalars   NumPy scalars from outside that are computed with
    roots     what must be of its type when the loop begins: the dtypes or classes that it may have
    leaving   the numbers of those outputs that become NumPy scalars again
    """

    op: Op
    classes: ClassesOf
    accesses: dict[Op, Access]
    rows: dict[Op, Access]
    computed: set[Op]
    numbers: set[Value]
    unpacked: dict[Op, Unpacked]
    states: dict[Value, list[Value]]
    streams: dict[Op, Stream] = field(default_factory=dict)
    pairs: dict[Op, Stream] = field(default_factory=dict)
    views: dict[Value, bool] = field(default_factory=dict)
    scalars: dict[Value, None] = field(default_factory=dict)
    roots: dict[Value, tuple[Any, ...]] = field(default_factory=dict)
    leaving: list[int] = field(default_factory=list)

    def may_underflow(self) -> bool:
        """Whether it computes a float that may be too small, of which NumPy can be told to warn."""
        products = (op for op in self.computed if INPLACE.get(op.definition.name, op.definition.name) in PRODUCTS)
        return any(representation(self.classes(op.outputs[0])) == "float" for op in products)


def element_loops(program: Program, inline: Collection[Value]) -> dict[Op, Loop]:
    """The outermost loops of a Program that work on elements; `inline` are Values that are no variables."""
    candidates = loops_of(program, inline)
    if not candidates:
        return {}
    classes = ClassesOf(program)
    found = [_settled(inside, classes) for inside in candidates]
    return {loop.op: loop for loop in found if loop is not None}


def _gain(op: Op, classes: ClassesOf) -> int:
    """What a computed op saves, in about 10 ns: an element more the more dims, a comparison little, and a sum of ints
    of 64 bits nothing, since its range is tested."""
    name = INPLACE.get(op.definition.name, op.definition.name)
    if name in ("getitem", "setitem"):
        return 8 if isinstance(op.call.args[1], tuple) and len(op.call.args[1]) > 1 else 2
    if name in COMPARE | CHOICES:
        return 1
    if classes(op.outputs[0]) <= {"int", "int64"}:
        return 0 if name in RING else 2
    return 5


def _gain_of_lists(loop: Unpacked) -> float:
    return sum(loop.gains.values()) / 10


def _settled(inside: Inside, classes: ClassesOf) -> Loop | None:
    op, read = inside.loop, inside.read
    finder = _Numbers(inside, classes, {output for output in op.outputs if read[output]})
    finder.settle()
    accesses = {one: access for one, access in inside.accesses.items() if one in finder.computed}
    with_lists = unpacked(op, accesses, finder.rows, classes)
    gain = sum(_gain(one, classes) for one in finder.computed) + 8 * len(finder.rows)
    if gain + sum(map(_gain_of_lists, with_lists.values())) < MIN_GAIN:
        return None
    loop = Loop(op, classes, accesses, finder.rows, finder.computed, finder.numbers, with_lists, inside.state_joins())
    for one, stream in inside.streams.items():
        items = {item: array for item, array in stream.items.items() if item in finder.numbers}
        if items:
            loop.streams[one] = Stream(items, stream.op, stream.is_by_rows)
            if stream.op is not None and one is not op:
                loop.pairs[stream.op] = loop.streams[one]
    loop.views = {access.base: access.base not in inside.depths for access in accesses.values()}
    for value in (value for one, _ in inside.ops if one in finder.computed for value in one.inputs):
        is_outside = value not in inside.depths and not isinstance(value, Constant)
        if is_outside and classes(value) & NUMPY and classes(value) <= PYTHON | NUMPY:
            loop.scalars[value] = None
    _look_at_roots(loop, inside)
    loop.leaving = [k for k, output in enumerate(op.outputs) if output in finder.numbers and read[output]]
    return loop


def _look_at_roots(loop: Loop, inside: Inside) -> None:
    """Notes what has to be of its type when the loop begins."""
    arrays = [*loop.views, *(array for stream in loop.streams.values() for array in stream.items.values())]
    others = (op for op, _ in inside.ops if op not in loop.computed and op not in loop.rows)
    read = ((op, value) for op in others for value in op.inputs if value in loop.numbers)
    arrays += [one for op, value in read for one in arrays_trusted(op, value, loop.classes) or ()]
    given = loop.op.inputs[len(loop.op.inputs) - len(loop.op.outputs) :]
    states = [one for one, output in zip(given, loop.op.outputs) if output in loop.numbers]
    for value in (root for one in arrays for root in sorted_roots(inside, one)):
        loop.roots[value] = (value.type.dtype,) if value.type.is_array else (value.type.dtype.type,)
    for value in [*loop.scalars, *states]:
        if loop.classes(value) & NUMPY and not isinstance(value, Constant):
            loop.roots[value] = classes_named(loop.classes(value))


def sorted_roots(inside: Inside, value: Value) -> list[Value]:
    """In the order in which the loop reads them, so that code is the same each time."""
    found = inside.roots(value) or set()
    before = [stream.op for stream in inside.streams.values() if stream.op is not None]  # a zip of what is looped over
    ops = [inside.loop, *before, *(op for op, _ in inside.ops)]
    return [one for one in dict.fromkeys(x for op in ops for x in op.inputs) if one in found]


class _Numbers:
    """Begins with all that might be a number, and takes away what something could tell from a NumPy scalar."""

    def __init__(self, inside: Inside, classes: ClassesOf, leaving: set[Value]):
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
        if op in self.computed or op in self.rows:
            return True
        arrays = arrays_trusted(op, value, self.classes)
        if arrays and (value in self.items or value.op in self.inside.accesses):
            return False  # nothing is saved: an array takes a NumPy scalar a little faster
        return arrays is not None and all(self.inside.roots(one) is not None for one in arrays)

    def _may_be_given(self, one: Value, joined: Value) -> bool:
        """Whether a branch or loop may give it for a number."""
        known = self.classes(one)
        if one in self.numbers:
            return True
        if self._is_only_tested(joined):
            return known <= {"bool", "bool_"}
        if known <= PYTHON:
            return "int" not in known or "float64" not in self.classes(joined) or is_small(one)
        # What comes from outside is turned into a number where the loop begins.
        is_own = one in self.inside.loop.inputs and joined in self._own_states()
        return is_own and known <= PYTHON | NUMPY and not {"int", "float64"} <= known

    def _is_only_tested(self, value: Value) -> bool:
        """Whether a branch gives it, and nothing but tests read it: those take what is True of NumPy's, too."""
        is_branch = value.op is not None and value.op.definition.name == "cond"
        readers = self.inside.readers.get(value, ())
        return is_branch and value not in self.leaving and all(self._is_test(op) for op in readers)

    def _is_test(self, op: Op | None) -> bool:
        return op is not None and op not in self.computed and op.definition.name in ("cond", "not_", "truth")

    def _own_states(self) -> set[Value]:
        own = self.inside.states[: len(self.inside.loop.outputs)]
        return {value for state in own for value in state}

    def _may_leave(self, value: Value) -> bool:
        """Whether it can be told after the loop what it has to be: always a NumPy scalar, or what it began with."""
        known = self.classes(value)
        if len(known) == 1 or is_whole(known) and self._is_whole_after_a_turn(value):
            return True
        own = self.inside.states[self.inside.loop.outputs.index(value)]
        return known <= FLOATS | {"int", "bool"} and "float64" in known and self._begins_only(value, own, set())

    def _is_whole_after_a_turn(self, value: Value) -> bool:
        """Whether it is NumPy's after a turn, and Python's without one."""
        first, *given = self.inside.joins[value]
        known = self.classes(value) - {"int"}
        return self.classes(first) == {"int"} and bool(given) and all(self.classes(one) == known for one in given)

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
        if name in CASTS:
            is_fit = operands[0] <= INTS or operands[0] <= FLOATS and found == "float"
            return len(operands) == 1 and self.classes(op.outputs[0]) == {CASTS[name]} and is_fit
        if name in COMPARE:
            are_numbers = all("bool_" not in one for one in operands)
            return found == "bool" and are_numbers and any(one & NUMPY for one in operands)
        if name in CHOICES:
            return len(operands) > 1 and found in ("float", "int") and self._are_alike(op, found)
        if any("bool_" in one for one in operands):
            return False
        is_sure = any(one <= EXACT for one in operands)
        # NumPy's warnings of np.int64(0) / 0.0 and np.int64(0) / np.float64(0.0) are two.
        if name in PRODUCTS and any(FLOATS <= one for one in operands) and any(one & NUMPY_INTS for one in operands):
            return False
        if name == "divide" and any(one <= FLOATS for one in operands):
            return is_sure
        if name == "divide":
            return is_sure and _may_be_ints(op, result("add", operands))
        if name == "left_shift" and not (type(op.call.args[1]) is int and 0 <= op.call.args[1] < 64):
            return False  # Python's grow
        if name in BINARY:
            is_float = found == "float" and name not in WHOLE | BITS
            return is_sure and (is_float or _may_be_ints(op, self.classes(op.outputs[0])))
        return is_sure and (name in ("negative", "abs") and found is not None or name == ROOT and found == "float")

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
        if is_whole(known) and str(dtype) not in known:  # of what does not fit NumPy's is cut, and Python's an error
            return False
        if dtype.kind == "b":
            return bool(known) and known <= {"bool", "bool_"}
        return bool(known) and (known <= {"bool", "int"} or representation(known) == "int")


def _may_be_ints(op: Op, classes: Classes) -> bool:
    """Whether operands that give ints of one class of NumPy's may be Python's: constants have to be of that class."""
    given = [op.inputs[arg.index] if isinstance(arg, Slot) else arg for arg in op.call.args]
    constants = [one.value if isinstance(one, Constant) else one for one in given]
    (name,) = classes if len(classes) == 1 else (None,)
    return name in NUMPY_INTS and all(is_within(one, name) for one in constants if isinstance(one, int))
