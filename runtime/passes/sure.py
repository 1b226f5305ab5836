"""Which ops are sure: they never fail, warn or act, so that they may be left out, shared or done earlier.

Others can be shared where the first of them has been done: arithmetic of Python's numbers, which gives the same each
time or fails each time, and reads of elements as long as nothing is written.
"""

from __future__ import annotations

from runtime.classes import BINARY, COMPARE, NUMPY, PYTHON, RING, Classes, ClassesOf, is_small, of_constant
from runtime.ir import Constant, Op, Program, Slot, Value, blocks_of, walk
from runtime.ops.operators import INPLACE
from runtime.views import is_slice, only_looks, taken_of

WHOLE = frozenset({"int", "bool"})
OF_NUMBERS = COMPARE | {"negative", "positive", "abs", "min", "max"}
OF_INTS = frozenset({"bitwise_and", "bitwise_or", "bitwise_xor"})
BY_A_CONSTANT = {"floor_divide": range(1, 2**62), "remainder": range(1, 2**62), "right_shift": range(64),
                 "left_shift": range(64)}  # fmt: skip
OF_ARRAYS = frozenset({"len", ".shape", ".size", ".ndim"})
OF_PYTHON_NUMBERS = BINARY | {"power", "math.sqrt", "math.sin", "math.cos", "math.exp", "math.log"}
RESHAPING = frozenset({".resize", ".setflags", "setattr", "python", "method", "apply"})  # what arrays are may change


class Sure:
    """Tells of each op of a Program whether it is sure."""

    def __init__(self, program: Program, classes: ClassesOf):
        self.classes = classes
        self._readers: dict[Value, list[Op | None]] = {}  # None stands for the end of a Block
        for op in walk(program.block):
            for value in op.inputs:
                self._readers.setdefault(value, []).append(op)
        for value in (value for block in blocks_of(program) for value in block.results or ()):
            self._readers.setdefault(value, []).append(None)
        self.are_arrays_fixed = all(op.definition.name not in RESHAPING for op in walk(program.block))

    def __call__(self, op: Op) -> bool:
        name, args = op.definition.name, op.call.args
        if op.call.kwargs or len(op.outputs) != 1 or not args:
            return False
        if name in OF_ARRAYS:
            return self.are_arrays_fixed and self._is_array(op)
        if name == "getitem":
            return self._is_item_of_a_tuple(op) or self._is_view(op)
        operands = [self._classes(op, arg) for arg in args]
        are_ints = all(one and one <= WHOLE for one in operands)
        if name in RING or name == "divide" and type(args[1]) in (int, float) and args[1] != 0:
            return are_ints and name in RING or all(map(_is_float, operands, args))
        if name in ("not_", "truth"):
            return all(one and one <= PYTHON | NUMPY for one in operands)
        if name in OF_NUMBERS:
            return all(one and one <= PYTHON for one in operands) and len(args) > (name in ("min", "max"))
        if name in BY_A_CONSTANT:
            return are_ints and type(args[1]) is int and args[1] in BY_A_CONSTANT[name]
        if name == "range":
            return are_ints and (len(args) < 3 or type(args[2]) is int and args[2] != 0)
        return name in OF_INTS and are_ints

    def is_repeatable(self, op: Op) -> bool:
        """Whether doing it once more would give an equal number, without a warning, if it has been done."""
        if op.call.kwargs or len(op.outputs) != 1 or not op.call.args:
            return False
        operands = [self._classes(op, arg) for arg in op.call.args]
        return op.definition.name in OF_PYTHON_NUMBERS and all(one and one <= PYTHON for one in operands)

    def is_one_object(self, op: Op) -> bool:
        """Whether doing it again gives the same object, or one that nothing tells from it."""
        is_held = op.definition.name == "getitem" and not self.is_read(op)
        return is_held or op.definition.name == "range" or self.classes(op.outputs[0]) == {"bool"}

    def is_read(self, op: Op) -> bool:
        """Whether it reads an element of an array."""
        taken = taken_of(op) if op.definition.name == "getitem" else None
        return taken is not None and taken[0].type.rank == len(taken[1])

    def _is_view(self, op: Op) -> bool:
        """Whether it slices an array, and nothing can tell the slice from another one of the same."""
        return self.are_arrays_fixed and is_slice(op) and self._is_only_looked_at(op.outputs[0])

    def _is_only_looked_at(self, view: Value) -> bool:
        for op in self._readers.get(view, ()):
            if op is None:
                return False
            if op.definition.name in INPLACE:  # gives the view itself
                if not self._is_only_looked_at(op.outputs[0]):
                    return False
            elif not only_looks(op, view):
                return False
        return True

    def _classes(self, op: Op, arg: object) -> Classes:
        return self.classes(op.inputs[arg.index]) if isinstance(arg, Slot) else of_constant(arg)

    def _is_array(self, op: Op) -> bool:
        value = op.inputs[0] if op.call.args == (Slot(0),) else None
        rank = None if value is None or isinstance(value, Constant) else value.type.rank
        return value is not None and value.type.is_array and not value.type.maybe and bool(rank)

    def _is_item_of_a_tuple(self, op: Op) -> bool:
        place, key = op.call.args
        known = op.inputs[place.index].type if isinstance(place, Slot) else None
        if known is None or known.dtype is not tuple or known.maybe or not isinstance(known.items, tuple):
            return False
        return type(key) is int and -len(known.items) <= key < len(known.items)


def _is_float(classes: Classes, arg: object) -> bool:
    """A float, or a constant int that is one as well."""
    return classes == {"float"} or type(arg) is int and is_small(arg)
