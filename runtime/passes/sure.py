"""Which ops are sure: they never fail, warn or act, so that they may be left out, shared or done earlier."""

from __future__ import annotations

from runtime.classes import COMPARE, PYTHON, RING, Classes, ClassesOf, of_constant
from runtime.ir import Constant, Op, Program, Slot, walk

WHOLE = frozenset({"int", "bool"})
OF_NUMBERS = COMPARE | {"not_", "truth", "negative", "positive", "abs", "min", "max"}
OF_INTS = frozenset({"bitwise_and", "bitwise_or", "bitwise_xor"})
BY_A_CONSTANT = {"floor_divide": range(1, 2**62), "remainder": range(1, 2**62), "right_shift": range(64),
                 "left_shift": range(64)}  # fmt: skip
OF_ARRAYS = frozenset({"len", ".shape", ".size", ".ndim"})
RESHAPING = frozenset({".resize", "setattr", "python", "method"})  # after which an array may have another shape


class Sure:
    """Tells of each op of a Program whether it is sure."""

    def __init__(self, program: Program, classes: ClassesOf):
        self.classes = classes
        self._are_shapes_fixed = all(op.definition.name not in RESHAPING for op in walk(program.block))

    def __call__(self, op: Op) -> bool:
        name, args = op.definition.name, op.call.args
        if op.call.kwargs or len(op.outputs) != 1 or not args:
            return False
        if name in OF_ARRAYS:
            return self._are_shapes_fixed and self._is_array(op)
        if name == "getitem":
            return self._is_item_of_a_tuple(op)
        operands = [self._classes(op, arg) for arg in args]
        are_ints = all(one and one <= WHOLE for one in operands)
        if name in RING:
            return are_ints or all(one == {"float"} for one in operands)
        if name in OF_NUMBERS:
            return all(one and one <= PYTHON for one in operands) and len(args) > (name in ("min", "max"))
        if name in BY_A_CONSTANT:
            return are_ints and type(args[1]) is int and args[1] in BY_A_CONSTANT[name]
        if name == "range":
            return are_ints and (len(args) < 3 or type(args[2]) is int and args[2] != 0)
        return name in OF_INTS and are_ints

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
