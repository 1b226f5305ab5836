"""Python's operators on values of any kind, as the `operator` module has them, and the in-place ones."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from runtime.opdef import OpDef, Rule
from runtime.ops.arguments import either, typed
from runtime.ops.elementwise import elementwise_type
from runtime.ops.indexing import check_setitem, getitem_type
from runtime.ops.linalg import matmul_type
from runtime.ops.probe import probe
from runtime.types import ANY, Mismatch, TensorType, array, join, python

BINARY: dict[str, tuple[Callable[..., Any], str]] = {
    "add": (operator.add, "+"),
    "subtract": (operator.sub, "-"),
    "multiply": (operator.mul, "*"),
    "divide": (operator.truediv, "/"),
    "floor_divide": (operator.floordiv, "//"),
    "remainder": (operator.mod, "%"),
    "power": (operator.pow, "**"),
    "left_shift": (operator.lshift, "<<"),
    "right_shift": (operator.rshift, ">>"),
    "bitwise_and": (operator.and_, "&"),
    "bitwise_or": (operator.or_, "|"),
    "bitwise_xor": (operator.xor, "^"),
}
COMPARE: dict[str, tuple[Callable[..., Any], str]] = {
    "less": (operator.lt, "<"),
    "less_equal": (operator.le, "<="),
    "equal": (operator.eq, "=="),
    "not_equal": (operator.ne, "!="),
    "greater": (operator.gt, ">"),
    "greater_equal": (operator.ge, ">="),
}
UNARY: dict[str, tuple[Callable[..., Any], str]] = {
    "negative": (operator.neg, "-{0}"),
    "positive": (operator.pos, "+{0}"),
    "invert": (operator.invert, "~{0}"),
    "abs": (operator.abs, "abs({0})"),
}
INPLACE: dict[str, tuple[Callable[..., Any], str]] = {
    "iadd": (operator.iadd, "add"),
    "isubtract": (operator.isub, "subtract"),
    "imultiply": (operator.imul, "multiply"),
    "idivide": (operator.itruediv, "divide"),
    "ifloor_divide": (operator.ifloordiv, "floor_divide"),
    "iremainder": (operator.imod, "remainder"),
    "ipower": (operator.ipow, "power"),
    "imatmul": (operator.imatmul, "matmul"),
    "ileft_shift": (operator.ilshift, "left_shift"),
    "iright_shift": (operator.irshift, "right_shift"),
    "ibitwise_and": (operator.iand, "bitwise_and"),
    "ibitwise_or": (operator.ior, "bitwise_or"),
    "ibitwise_xor": (operator.ixor, "bitwise_xor"),
}
REPEATED = (tuple, list, str, bytes)


def operator_rule(function: Callable[..., Any]) -> Rule:
    def rule(*args: Any) -> TensorType:
        types = [typed(arg) for arg in args]
        if all(type.is_python for type in types):
            joined = _joined(types) if function is operator.add else None
            return joined or probe(function, args, {})
        if any(type.kind is None and type.dtype is None for type in types):
            return ANY if function is divmod else _with_unknown(types)
        if function is operator.mul and any(type.dtype in REPEATED for type in types):
            return ANY  # a NumPy integer repeats a list, other scalars multiply it
        if function is operator.mod and types[0].dtype is str:
            return python(str)
        return elementwise_type(function, args, {}, 2 if function is divmod else 1)

    return rule


def _joined(types: list[TensorType]) -> TensorType | None:
    """The sum of two containers, where one has items of which nothing is known."""
    one, other = types
    are_alike = one.dtype is other.dtype and one.dtype in REPEATED and not one.maybe and not other.maybe
    return python(one.dtype) if are_alike and None in (one.items, other.items) else None


EXPONENTS: dict[str, tuple[Any, ...]] = {
    "b": (True, False),
    "i": (3, 2, 1, 0, -1),
    "u": (3, 2, 1, 0),
    "f": (1.5, 2.0, 1.0, 0.5, 0.0, -1.0),
    "c": (1j, 2, 0.5),
}


def power_type(x: Any, y: Any) -> TensorType:
    """NumPy has short cuts for some exponents (2, 0.5 …), and they differ in dtype: bools ** 2 are int8."""
    known = typed(y)
    if not isinstance(y, TensorType) or known.shape or known.dtype is None or typed(x).is_python:
        made = _power(x, y)
        if made.kind == "scalar" and made.dtype is None and "array" in (typed(x).kind, known.kind):
            return replace(made, kind=None)  # before NumPy 2.3 a short cut gives an array of no dims
        return made
    found = [_power(x, y)]
    for exponent in exponents(known):
        with suppress(Exception):  # integers have no negative powers
            found.append(_power(x, exponent))
    return either(found)


def exponents(known: TensorType) -> Iterator[Any]:
    """Values of the type, where it may have no dims."""
    dtype = np.dtype(known.dtype)
    for number in EXPONENTS.get(dtype.kind, ()):
        if known.is_python:
            yield known.dtype(number)
            continue
        if known.kind != "array":
            yield dtype.type(number)
        if known.kind != "scalar":
            yield np.array(number, dtype)


def _with_unknown(types: list[TensorType]) -> TensorType:
    """An array of one dimension or more stays an array, whatever else there is."""
    return array(None, None) if any(type.is_array and type.shape != () for type in types) else ANY


_power = operator_rule(operator.pow)


def compare_rule(function: Callable[..., Any]) -> Rule:
    rule = operator_rule(function)

    def compare(*args: Any) -> TensorType:
        made = rule(*args)
        if made.dtype is None and made.kind is not None and not made.is_python:
            return replace(made, dtype=np.dtype(bool))
        return made

    return compare


def matmul_rule(x: Any, y: Any) -> TensorType:
    return matmul_type(x, y)


def inplace_rule(rule: Rule) -> Rule:
    """An array stays itself; other values are replaced by what the plain operator gives, a list by a longer one."""

    def inplace(x: Any, y: Any) -> TensorType:
        known = typed(x)
        if known.is_array:
            return known
        if known.is_python and known.dtype is list:
            return _extended(known, typed(y))
        made = rule(x, y)
        return made if known.kind is not None else join(made, array(known.dtype, known.shape))

    return inplace


def check_inplace(rule: Rule) -> Rule:
    """Raises Mismatch where an array does not take what the plain operator gives."""

    def check(x: Any, y: Any) -> TensorType:
        known, made = typed(x), rule(x, y)
        if known.is_array:
            _check_kept(known, made)
        return known

    return check


def _check_kept(known: TensorType, made: TensorType) -> None:
    if isinstance(known.dtype, np.dtype) and isinstance(made.dtype, np.dtype):
        if not np.can_cast(made.dtype, known.dtype, "same_kind"):
            raise Mismatch(f"{made.dtype} is not written into an array of {known.dtype}")
    if known.shape is not None and made.shape is not None:
        grown = len(made.shape) > len(known.shape)
        if grown or any(isinstance(a, int) and isinstance(b, int) and a != b for a, b in zip(known.shape, made.shape)):
            raise Mismatch(f"{made} does not fit into {known}")


def _extended(known: TensorType, other: TensorType) -> TensorType:
    if isinstance(known.items, tuple) and isinstance(other.items, tuple) and other.dtype in (list, tuple):
        return python(list, known.items + other.items)
    return python(list)


def always(type: TensorType) -> Rule:
    return lambda *args, **kwargs: type


def contains(container: Any, item: Any) -> bool:
    """`item in container`."""
    return item in container


def delitem(container: Any, key: Any) -> None:
    del container[key]


BOOL, NOTHING = always(python(bool)), always(python(type(None)))


def rows() -> Iterator[OpDef]:
    rules: dict[str, Rule] = {"matmul": matmul_rule, "power": power_type}
    for name, (function, sign) in BINARY.items():
        rules.setdefault(name, operator_rule(function))
        yield OpDef(name, function, rules[name], f"{{0}} {sign} {{1}}")
    for name, (function, sign) in COMPARE.items():
        yield OpDef(name, function, compare_rule(function), f"{{0}} {sign} {{1}}")
    for name, (function, source) in UNARY.items():
        yield OpDef(name, function, operator_rule(function), source)
    yield OpDef("divmod", divmod, operator_rule(divmod))
    yield OpDef("matmul", operator.matmul, matmul_rule, "{0} @ {1}")
    for name, (function, plain) in INPLACE.items():
        yield OpDef(name, function, inplace_rule(rules[plain]), effect="write", aliases=True,
                    check=check_inplace(rules[plain]))  # fmt: skip
    yield OpDef("is_", operator.is_, BOOL, "{0} is {1}")
    yield OpDef("is_not", operator.is_not, BOOL, "{0} is not {1}")
    yield OpDef("contains", contains, BOOL, "{1} in {0}")
    yield OpDef("not_", operator.not_, BOOL, "not {0}")
    yield OpDef("truth", bool, BOOL, "bool({0})")
    yield OpDef("getitem", operator.getitem, getitem_type, "{0}[{1}]", aliases=True)
    yield OpDef("setitem", operator.setitem, NOTHING, effect="write", check=check_setitem)
    yield OpDef("delitem", delitem, NOTHING, effect="write")
