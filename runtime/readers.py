"""What reads a number and cannot tell it from the NumPy scalar that it stands for.

names[k], np.exp(x), A[j] -= x * A[i]        →        k and x may be Python's, where A is of float64
"""

from __future__ import annotations

from typing import Any

import numpy as np

from runtime.classes import (
    BINARY,
    BITS,
    COMPARE,
    FLOATS,
    INPLACE,
    INTS,
    Classes,
    ClassesOf,
    is_small,
    of_constant,
    representation,
)
from runtime.ir import Op, Slot, Value

WHOLES = frozenset({"int", "int64"})
BIG = (np.dtype(np.float64), np.dtype(np.int64))
CHARS = {dtype.char for dtype in BIG}
# Ops that give the same of both, and those that do of floats.
ALIKE = frozenset("not_ truth float int bool".split())
MATHS = "sqrt exp log log10 sin cos tan atan atan2 fabs hypot floor ceil tanh isnan isinf".split()
OF_FLOATS = frozenset("math." + name for name in MATHS)
# NumPy's functions of one number make an array of it first, which has the dtype that the scalar has.
OF_ONE = (
    "exp exp2 expm1 log log2 log10 log1p sqrt cbrt square reciprocal abs absolute fabs sign signbit "
    "floor ceil trunc rint sin cos tan arcsin arccos arctan asin acos atan sinh cosh tanh "
    "arcsinh arccosh arctanh asinh acosh atanh degrees radians deg2rad rad2deg isfinite isinf isnan"
).split()
OF_TWO = "arctan2 atan2 hypot maximum minimum fmax fmin copysign fmod".split()
ARITY = {**dict.fromkeys(("np." + name for name in OF_ONE), 1), **dict.fromkeys(("np." + name for name in OF_TWO), 2)}
CONTAINERS = (list, tuple, str)


def arrays_trusted(op: Op, value: Value, classes: ClassesOf) -> list[Value] | None:
    """The arrays that must be of their dtypes if an op is not to tell whether `value` is Python's; None if it can."""
    name = INPLACE.get(op.definition.name, op.definition.name)
    known = classes(value)
    if name in ALIKE or name in OF_FLOATS and representation(known) == "float":
        return []
    if name == "range" and representation(known) == "int":
        return []
    if name in ARITY:
        return [] if _is_taken_alike(op, ARITY[name], classes) else None
    if name in BINARY or name in COMPARE:
        return _array_beside(op, value, known, is_of_bits=name in BITS)
    return _array_of_access(op, value, known) if name in ("getitem", "setitem") else None


def _is_taken_alike(op: Op, arity: int, classes: ClassesOf) -> bool:
    """Whether a function of NumPy gets numbers of 64 bits only: what is smaller makes a smaller float."""
    if op.call.kwargs or len(op.call.args) != arity:
        return False
    given = [op.inputs[arg.index] if isinstance(arg, Slot) else arg for arg in op.call.args]
    known = [classes(one) if isinstance(one, Value) else of_constant(one) for one in given]
    if arity == 1:
        return known[0] <= FLOATS or known[0] <= WHOLES
    return all(is_small(one) or few and few <= FLOATS | {"int64"} for one, few in zip(given, known))


def _array_beside(op: Op, value: Value, known: Classes, is_of_bits: bool) -> list[Value] | None:
    """The array that is the other operand: of 64 bits, it makes of NumPy's scalars what it makes of numbers."""
    others = [one for one in op.inputs if one is not value]
    is_plain = not op.call.kwargs and len(op.call.args) == 2 and len(others) == 1
    if not is_plain or not _is_of_64_bits(others[0]):
        return None
    is_alike = known <= INTS or known <= FLOATS and not is_of_bits
    return others if is_alike else None


def _array_of_access(op: Op, value: Value, known: Classes) -> list[Value] | None:
    """The array whose items or slice a number is written to; none is needed where it is an index."""
    container, key, *new = op.call.args
    if not isinstance(container, Slot) or op.inputs[container.index] is value or op.call.kwargs:
        return None
    base = op.inputs[container.index]
    is_key = any(part is value for part in _parts(op, key))
    if is_key and not (known <= INTS and _is_container(base)):
        return None
    if not any(isinstance(part, Slot) and op.inputs[part.index] is value for part in new):
        return [] if is_key else None
    is_alike = known <= INTS or known <= FLOATS and base.type.dtype == np.float64
    return [base] if is_alike and _is_of_64_bits(base) else None


def _parts(op: Op, key: Any) -> list[Value]:
    """The Values that a key is made of."""
    parts = key if isinstance(key, tuple) else (key,)
    split = [(part.start, part.stop, part.step) if isinstance(part, slice) else (part,) for part in parts]
    return [op.inputs[end.index] for ends in split for end in ends if isinstance(end, Slot)]


def _is_container(base: Value) -> bool:
    known = base.type
    return not known.maybe and (known.is_array or known.is_python and known.dtype in CONTAINERS)


def _is_of_64_bits(array: Value) -> bool:
    """Whether its type is that of an array of float64 or int64; of longlong, arithmetic with np.int64 has another."""
    known = array.type
    is_sure = known.is_array and not known.maybe and bool(known.rank)
    return is_sure and known.dtype in BIG and known.dtype.char in CHARS
