"""Which classes of numbers each Value may have, where its type cannot tell: a join of two kinds has no type.

s: ? = while_loop(s = 0.0) … iadd(s, v4: float64)        →        s is a float or a float64
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from runtime.contents import TAKING, Contents, Item
from runtime.ir import Block, Constant, Op, Program, Slot, Value
from runtime.liveness import branches_of
from runtime.types import TensorType, scalar, type_of

Classes = frozenset[str]
OTHER: Classes = frozenset({"other"})
NOTHING: Classes = frozenset()

PYTHON = frozenset({"bool", "int", "float"})
FLOATS = frozenset({"float", "float64"})
SMALL = frozenset({"int8", "int16", "int32", "uint8", "uint16", "uint32"})
NUMPY_INTS = SMALL | {"int64"}
INTS = NUMPY_INTS | {"int"}
NUMPY = frozenset({"bool_", "int64", "float64"}) | SMALL
RANGES = {name: (int(np.iinfo(name).min), int(np.iinfo(name).max)) for name in sorted(NUMPY_INTS)}

MAX_EXACT = 2**53  # ints below this are floats, too, and no other int is
RING = frozenset({"add", "subtract", "multiply"})
WHOLE = frozenset({"floor_divide", "remainder"})
BITS = frozenset({"bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift"})
BINARY = RING | WHOLE | BITS | {"divide"}
COMPARE = frozenset({"less", "less_equal", "equal", "not_equal", "greater", "greater_equal"})
INPLACE = {"i" + name: name for name in BINARY}
CHOICES = frozenset({"min", "max"})
CASTS = {"np." + name: name for name in (*sorted(NUMPY_INTS), "float64")}


class ClassesOf:
    """The classes of each Value of a Program, found by going through it until nothing new is met."""

    def __init__(self, program: Program):
        self._contents = Contents(program)
        self._gone_through: dict[Value, Value] = {}  # what each item comes out of
        self._known: dict[Value, Classes] = {}
        self._grown = True
        for value in program.block.inputs:
            self._add(value, of_type(value.type))
        while self._grown:
            self._grown = False
            self._block(program.block)

    def __call__(self, value: object) -> Classes:
        """Of a Value, or of a constant in a template."""
        if isinstance(value, Constant):
            return of_constant(value.value)
        return self._known.get(value, NOTHING) if isinstance(value, Value) else of_constant(value)

    def _add(self, value: Value, classes: Classes) -> None:
        before = self._known.get(value, NOTHING)
        if not classes <= before:
            self._known[value] = before | classes
            self._grown = True

    def _block(self, block: Block) -> None:
        for op in block.ops:
            self._op(op)

    def _op(self, op: Op) -> None:
        name = op.definition.name
        if name == "while_loop":
            self._loop(op)
        elif op.blocks:
            self._blocks(op)
        elif len(op.outputs) == 1:
            (output,) = op.outputs
            known = of_type(output.type)
            self._add(output, known if known != OTHER else self._result(name, op))
        else:
            items = self._unpacked(op)
            for number, output in enumerate(op.outputs):
                known = of_type(output.type)
                self._add(output, known if known != OTHER or items is None else _classes(items[number]))

    def _blocks(self, op: Op) -> None:
        """A cond joins what its branches give; of other ops that hold Blocks nothing is known but their types."""
        is_cond = op.definition.name == "cond"
        for block in op.blocks:
            for value in block.inputs:
                self._add(value, of_type(value.type))
            self._block(block)
        for number, output in enumerate(op.outputs):
            if not is_cond:
                self._add(output, of_type(output.type))
            for place in branches_of(op) if is_cond else ():
                self._add(output, self((op.blocks[place].results or ())[number]))

    def _loop(self, op: Op) -> None:
        is_for = op.call.kwargs.get("form") == "for"
        body = op.blocks[0 if is_for else 1]
        if is_for:
            item = body.inputs[0]
            self._gone_through[item] = op.inputs[0]
            known = of_type(item.type)
            self._add(item, known if known != OTHER else _classes(self._item(item)))
        for number, output in enumerate(op.outputs):
            given = self(op.inputs[number + is_for])
            if body.results is not None:
                given |= self(body.results[number])
            self._add(output, given)
            for block in op.blocks:
                self._add(block.inputs[len(block.inputs) - len(op.outputs) + number], given)
        for block in op.blocks:
            self._block(block)

    def _result(self, name: str, op: Op) -> Classes:
        operands = [self(op.inputs[arg.index]) if isinstance(arg, Slot) else of_constant(arg) for arg in op.call.args]
        if op.call.kwargs:
            return OTHER
        if name in TAKING:
            element = self._element(op)
            return _classes(self._item(op.outputs[0])) if element is None else element
        return result(INPLACE.get(name, name), operands)

    def _element(self, op: Op) -> Classes | None:
        """Of an element of an array, whose key the type of its parts does not show to be ints."""
        base = op.inputs[op.call.args[0].index].type if isinstance(op.call.args[0], Slot) else None
        if base is None or not base.is_array or base.maybe or len(op.call.args) != 2:
            return None
        key = op.call.args[1] if type(op.call.args[1]) is tuple else (op.call.args[1],)
        parts = [self(op.inputs[part.index]) if isinstance(part, Slot) else of_constant(part) for part in key]
        if base.rank != len(parts) or not all(part <= INTS for part in parts):
            return OTHER
        return of_type(scalar(base.dtype)) if all(parts) else NOTHING

    def _item(self, value: Value) -> Item:
        """What is known of a Value that comes out of a list or pair of the program's own."""
        if value in self._gone_through:
            owner = self._gone_through[value]
            return self._contents.item(owner, self) if owner in self._contents.sources else None
        op = value.op
        if op is None or op.definition.name not in TAKING or not isinstance(op.call.args[0], Slot):
            return None
        owner, key = op.inputs[op.call.args[0].index], op.call.args[1:]
        if owner in self._contents.sources:
            return None if key and isinstance(key[0], slice) else self._contents.item(owner, self)
        pair = self._item(owner)
        if pair == NOTHING:
            return NOTHING
        is_place = isinstance(pair, tuple) and type(key[0]) is int and -len(pair) <= key[0] < len(pair)
        return pair[key[0]] if is_place else None

    def _unpacked(self, op: Op) -> Sequence[Item] | None:
        """What each output of an `unpack` is, where it takes apart a tuple that comes out of such a list."""
        if op.definition.name != "unpack" or op.call.args[0] != Slot(0) or len(op.call.args) > 2:
            return None
        pair = self._item(op.inputs[0])
        if pair == NOTHING:
            return [NOTHING] * len(op.outputs)
        return pair if isinstance(pair, tuple) and len(pair) == len(op.outputs) else None


def _classes(item: Item) -> Classes:
    return item if isinstance(item, frozenset) else OTHER


def of_type(type: TensorType) -> Classes:
    """Of a Value of which nothing else is known."""
    if type.maybe or type.dtype is None or type.kind not in ("python", "scalar"):
        return OTHER
    if type.is_python:
        return frozenset({type.dtype.__name__}) if type.dtype in (bool, int, float) else OTHER
    name = "bool_" if type.dtype == bool else type.dtype.type.__name__  # longlong equals int64
    return frozenset({name}) if name in NUMPY else OTHER


def of_constant(value: object) -> Classes:
    return of_type(type_of(value)) if isinstance(value, (bool, int, float, np.generic)) else OTHER


def classes_named(classes: Classes) -> tuple[type, ...]:
    """The classes themselves."""
    return tuple({"bool": bool, "int": int, "float": float}.get(name) or getattr(np, name) for name in sorted(classes))


def result(name: str, operands: Sequence[Classes]) -> Classes:
    """Of an operator, `min` or `max` on operands of these classes; NOTHING while one is not known yet."""
    if any(not classes for classes in operands):
        return NOTHING
    if any(not classes <= PYTHON | NUMPY for classes in operands):
        return OTHER
    if name in CHOICES and len(operands) > 1:
        return frozenset().union(*operands)
    if len(operands) == 1 and name in ("negative", "abs"):
        return frozenset().union(*(_of_one(one) for one in operands[0]))
    if len(operands) != 2:
        return OTHER
    pairs = [(a, b) for a in operands[0] for b in operands[1]]
    if name in COMPARE:
        return frozenset("bool" if {a, b} <= PYTHON else "bool_" for a, b in pairs)
    if name not in BINARY:
        return OTHER
    return frozenset().union(*(_of_two(name, frozenset(pair)) for pair in pairs))


def _of_one(one: str) -> Classes:
    return frozenset({"int"}) if one == "bool" else OTHER if one == "bool_" else frozenset({one})


def _of_two(name: str, pair: Classes) -> Classes:
    if "bool_" in pair:
        return OTHER
    is_python = pair <= PYTHON
    if pair & FLOATS or name == "divide":
        return OTHER if name in BITS else frozenset({"float" if is_python else "float64"})
    if is_python and pair == {"bool"} and name in BITS and "shift" not in name:
        return frozenset({"bool"})
    return frozenset({"int" if is_python else joined_ints(pair)})


def joined_ints(classes: Classes) -> str:
    """The class of what NumPy makes of ints of these, where Python's take that of the others."""
    return str(np.result_type(*sorted(classes & NUMPY_INTS)))


def is_within(number: int, name: str) -> bool:
    """Whether a class of NumPy's ints has the number."""
    low, high = RANGES[name]
    return low <= number <= high


def is_small(value: Any) -> bool:
    """A constant int that is a float, too."""
    number = value.value if isinstance(value, Constant) else value
    return isinstance(number, float) or isinstance(number, int) and abs(number) < MAX_EXACT


def representation(classes: Classes) -> str | None:
    """The kind of Python number that stands for NumPy scalars of these classes; None where there is no one kind."""
    if "float64" in classes and classes <= PYTHON | {"float64"}:
        return "float"
    if "bool_" in classes and classes <= {"bool", "bool_"}:
        return "bool"
    return "int" if classes <= INTS and len(classes & NUMPY_INTS) == 1 else None


def is_whole(classes: Classes) -> bool:
    """Of what may be Python's own int or one of NumPy's, such as `s` in `s = 0` … `s += a[i]`."""
    return "int" in classes and len(classes) == 2 and representation(classes) == "int"
