"""Tracing: the Builder, which appends Ops to Blocks, and Variable, what user code holds instead of a value.

    x = Variable(float32[n])
    np.tanh(x * 2)        emits multiply and np.tanh, and gives a Variable

A Variable answers Python's operators and NumPy's protocols by appending the op of that very name, so the program does
at run time what the user wrote, whatever kind of value turns up. Where Python itself needs the value now (`bool(x)`,
`range(x)`, a dictionary key), `Builder.number` decides: it gives the number, or raises.
"""

from __future__ import annotations

import operator
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum
from types import BuiltinFunctionType, NoneType
from typing import Any

import numpy as np

from runtime import ops
from runtime.errors import Dy2StaticError
from runtime.ir import Block, Call, Constant, Frame, Missing, Op, Slot, Value
from runtime.opdef import TABLE, OpDef
from runtime.ops.objects import TOLD
from runtime.types import ANY, UNDEFINED, UNSET, TensorType, array, item_type, python, scalar, type_of

PLAIN = (
    int,
    float,
    complex,
    str,
    bytes,
    type(None),
    type(Ellipsis),
    np.generic,
    np.dtype,
    range,
    frozenset,
    type(NotImplemented),
    Missing,
)


class TracingError(Dy2StaticError, TypeError):
    """Something that cannot be staged was asked of a Variable, or put into a program.

    cure   what to do about it, where that is not what is said of all such faults
    """

    cure = ""


class _Current(threading.local):
    builder: Builder | None = None


CURRENT = _Current()


def current_builder() -> Builder | None:
    """The Builder that is tracing in this thread, or None."""
    return CURRENT.builder


@contextmanager
def tracing(builder: Builder | None) -> Iterator[None]:
    """Makes `builder` the current one of this thread; None suspends tracing."""
    before, CURRENT.builder = CURRENT.builder, builder
    try:
        yield
    finally:
        CURRENT.builder = before


class Builder:
    """Appends ops to the Block on top of its stack."""

    def __init__(self) -> None:
        self.blocks: list[Block] = [Block()]

    @property
    def block(self) -> Block:
        return self.blocks[-1]

    @contextmanager
    def inside(self, block: Block) -> Iterator[Block]:
        """What is emitted within goes to the end of `block`."""
        depth = len(self.blocks)
        self.blocks.append(block)
        try:
            yield block
        finally:
            del self.blocks[depth:]

    def emit(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Appends the op `name`; arguments are Variables, data, and containers of both. Gives its output, or None."""
        definition = TABLE.get(name) or ops.find(name)
        if definition is None:
            raise TracingError(f"there is no op {name!r}")
        op = self.op(definition, args, kwargs)
        return Variable(op.outputs[0], self) if op.outputs else None

    def op(self, definition: OpDef, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Op:
        """Appends an Op with one output, whose type the definition's rule infers."""
        inputs = _Inputs(self)
        call = Call(inputs.template(args), inputs.template(kwargs))
        type = without_items(self.infer(definition, inputs.typed(call.args), inputs.typed(call.kwargs)))
        gives_nothing = definition.effect != "pure" and type.dtype is NoneType
        return self.append(Op(definition, tuple(inputs.values), call, () if gives_nothing else (type,), self.frame()))

    def infer(self, definition: OpDef, args: tuple[Any, ...], kwargs: dict[str, Any]) -> TensorType:
        """The type of an op's result. What the op will refuse when the program runs is not refused before."""
        return definition.infer(*args, **kwargs)

    def mismatch(self, found: str) -> None:
        """Is told of types that will be refused, by functions that see them before their ops do."""

    def append(self, op: Op) -> Op:
        self.block.ops.append(op)
        return op

    def lift(self, value: Any) -> Variable:
        """`value` as a Variable: a Variable itself, a datum, or a container, which the program builds anew."""
        value = self.resolve(value)
        if isinstance(value, Variable):
            return value
        if isinstance(value, (tuple, list, dict, set, slice)):
            return self.emit("pack", value)
        return Variable(self.constant(value), self)

    def constant(self, value: Any) -> Constant:
        if value is UNDEFINED:
            return Constant(value, UNSET)
        if isinstance(value, PLAIN + (np.ndarray,)) or is_named(value):
            return Constant(value, type_of(value))
        raise TracingError(f"{type(value).__name__} objects cannot be part of a program")

    def resolve(self, value: Any) -> Any:
        """What stands for `value` in the program; here itself."""
        return value

    def frame(self) -> Frame | None:
        """The user's line that is being traced."""
        return None

    def number(self, variable: Variable, purpose: str) -> Any:
        """The number that Python needs of `variable` while tracing."""
        raise TracingError(f"{purpose} needs the value of {variable!r}, which is known only when the program runs")


def builder_of(tree: Any) -> Builder | None:
    """The Builder of the first Variable in a tree of tuples, lists and dicts, or None."""
    todo, seen = [tree], set()
    while todo:
        one = todo.pop()
        if isinstance(one, Variable):
            return one.builder
        if isinstance(one, (tuple, list, dict)) and id(one) not in seen:
            seen.add(id(one))  # some containers hold themselves
            todo.extend(reversed(one.values() if isinstance(one, dict) else one))
    return None


class _Inputs:
    """Collects the Values among an op's arguments and gives the template of the call."""

    def __init__(self, builder: Builder):
        self.builder = builder
        self.values: list[Value] = []

    def template(self, value: Any) -> Any:
        value = self.builder.resolve(value)
        if isinstance(value, Variable):
            return self._slot(value.value)
        if isinstance(value, np.ndarray):
            return self._slot(self.builder.lift(value).value)
        if isinstance(value, PLAIN) or value is UNDEFINED:
            return value
        if isinstance(value, (tuple, list)):
            made = [self.template(item) for item in value]
            return rebuilt(value, made)
        if isinstance(value, dict):
            return {key: self.template(item) for key, item in value.items()}
        if isinstance(value, slice):
            return slice(self.template(value.start), self.template(value.stop), self.template(value.step))
        if is_named(value):
            return value
        return self._slot(self.builder.lift(value).value)

    def _slot(self, value: Value) -> Slot:
        for index, other in enumerate(self.values):
            if other is value:
                return Slot(index)
        self.values.append(value)
        return Slot(len(self.values) - 1)

    def typed(self, template: Any) -> Any:
        from_slot = [value.type for value in self.values]
        return _typed(template, from_slot)


def rebuilt(container: Any, items: list[Any]) -> Any:
    """A tuple, named tuple or list like `container`, of other items."""
    if isinstance(container, list):
        return items
    return type(container)._make(items) if hasattr(container, "_make") else tuple(items)


def _typed(template: Any, types: list[TensorType]) -> Any:
    if isinstance(template, Slot):
        return types[template.index]
    if isinstance(template, (tuple, list)):
        return rebuilt(template, [_typed(item, types) for item in template])
    if isinstance(template, dict):
        return {key: _typed(item, types) for key, item in template.items()}
    if isinstance(template, slice):
        return slice(_typed(template.start, types), _typed(template.stop, types), _typed(template.step, types))
    return template


def is_named(value: Any) -> bool:
    """Whether a program can hold `value` by name: a class, NumPy function or builtin."""
    return isinstance(value, (type, np.ufunc, BuiltinFunctionType, Enum)) or ops.name_of(value) is not None


class Variable:
    """A Value under tracing."""

    __slots__ = ("value", "builder")
    __array_priority__ = 1e9

    def __init__(self, value: Value, builder: Builder):
        self.value = value
        self.builder = builder

    def __hash__(self) -> int:
        raise TracingError("the hash of a value is known only when the program runs")

    @property
    def type(self) -> TensorType:
        return self.value.type

    def __repr__(self) -> str:
        return f"<Variable {self.value.hint or ''}: {self.type}>".replace(" :", ":")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__array_namespace__",):
            raise AttributeError(name)
        return read_attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in Variable.__slots__:
            object.__setattr__(self, name, value)
        else:
            self.builder.emit("setattr", self, name, value)

    def __getitem__(self, key: Any) -> Any:
        return self.builder.emit("getitem", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self.builder.emit("setitem", self, key, value)

    def __delitem__(self, key: Any) -> None:
        self.builder.emit("delitem", self, key)

    def __contains__(self, item: Any) -> bool:
        return bool(self.builder.emit("contains", self, item))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items("iterating over it here"))

    def items(self, purpose: str) -> list[Variable]:
        """Its items as separate Variables; their number must be known, or be a number that Python may have."""
        known = self.type.items
        if isinstance(known, tuple) and self.type.dtype is tuple:
            return unpack(self, len(known))
        if self.type.is_array and self.type.shape and isinstance(self.type.shape[0], int):
            return unpack(self, self.type.shape[0])
        length = self.builder.emit("len", self)
        return unpack(self, length if isinstance(length, int) else self.builder.number(length, purpose))

    def __len__(self) -> int:
        length = self.builder.emit("len", self)
        return length if isinstance(length, int) else int(self.builder.number(length, "len()"))

    def __bool__(self) -> bool:
        return bool(self.builder.number(self.builder.emit("truth", self), "bool()"))

    def __int__(self) -> int:
        return int(self.builder.number(self, "int()"))

    def __index__(self) -> int:
        return operator.index(self.builder.number(self, "an index or a count"))

    def __float__(self) -> float:
        return float(self.builder.number(self, "float()"))

    def __complex__(self) -> complex:
        return complex(self.builder.number(self, "complex()"))

    def __str__(self) -> str:
        return repr(self)

    def __format__(self, spec: str) -> str:
        return format(self.builder.number(self, "formatting it as text"), spec)

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray[Any, Any]:
        raise TracingError(
            "this function needs the elements of the array now, and they are known when the program runs"
        )

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("out") is not None and len(kwargs["out"]) == 1:
            kwargs["out"] = kwargs["out"][0]
        name = "np." + ufunc.__name__
        return self.builder.emit(name if method == "__call__" else f"{name}.{method}", *args, **kwargs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        name = ops.name_of(function)
        if name is None:
            raise TracingError(f"{function.__module__}.{function.__name__} has no op")
        return self.builder.emit(name, *args, **kwargs)


def read_attribute(variable: Variable, name: str) -> Any:
    """`variable.name`: a constant where the type tells it, else an op, or a method to be called."""
    known = variable.type
    if name == "ndim" and known.kind in ("array", "scalar") and known.rank is not None:
        return known.rank
    if name == "dtype" and known.kind in ("array", "scalar") and known.dtype is not None:
        return known.dtype
    if ops.is_method(known, name):
        return StagedMethod(variable, name)
    if name in ops.ATTRIBUTES:
        return variable.builder.emit("." + name, variable)
    if known.dtype is None and known.kind in (None, "python") or known.dtype is type:
        return variable.builder.emit("told" if name in TOLD else "load", variable, name)
    raise AttributeError(f"{known} has no attribute {name!r}")


class StagedMethod:
    """A method of a Variable, not called yet; `loaded` is what was read, where that may be no method."""

    __slots__ = ("variable", "name", "loaded", "is_used")

    def __init__(self, variable: Variable, name: str):
        self.variable = variable
        self.name = name
        self.loaded: Variable | None = None
        self.is_used = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.variable.builder.emit("." + self.name, self.variable, *args, **kwargs)


def unpack(variable: Variable, count: int, star: int | None = None) -> list[Variable]:
    """Emits `a, b, … = variable`; target number `star` takes what is left, as a list."""
    builder = variable.builder
    known = variable.type.items
    fits = star is None and isinstance(known, tuple) and len(known) == count
    types = list(known) if fits else [row_type(variable.type)] * count  # type: ignore[arg-type]
    if star is not None:
        types[star] = python(list, types[star])
    call = Call((Slot(0), count) if star is None else (Slot(0), count, star))
    op = builder.append(Op(TABLE["unpack"], (variable.value,), call, tuple(types), builder.frame()))
    return [Variable(output, builder) for output in op.outputs]


def row_type(type: TensorType) -> TensorType:
    """The type of one item of a value, as iteration gives it."""
    if type.is_array and type.shape:
        row = type.shape[1:]
        return array(type.dtype, row) if row else scalar(type.dtype)
    if type.is_python and type.dtype in (str, range):
        return python(str if type.dtype is str else int)
    return (item_type(type.items) if type.dtype in (tuple, list) or isinstance(type.items, TensorType) else None) or ANY


def without_items(type: TensorType) -> TensorType:
    """Without what is known of the items of lists, dicts and sets: they may change."""
    if not type.is_python or type.items is None:
        return type
    if type.dtype in (list, dict, set):
        return replace(type, items=None)
    items = type.items
    kept = tuple(map(without_items, items)) if isinstance(items, tuple) else without_items(items)
    return type if kept == items else replace(type, items=kept)


def _operator(name: str, reflected: bool = False) -> Callable[..., Any]:
    if reflected:
        return lambda self, other: self.builder.emit(name, other, self)
    return lambda self, *others: self.builder.emit(name, self, *others)


BINARY = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "floordiv": "floor_divide",
    "mod": "remainder", "pow": "power", "matmul": "matmul", "lshift": "left_shift", "rshift": "right_shift",
    "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor",
}  # fmt: skip
INPLACE = {"i" + python_name: "i" + name for python_name, name in BINARY.items()}
COMPARE = {"lt": "less", "le": "less_equal", "eq": "equal", "ne": "not_equal", "gt": "greater", "ge": "greater_equal"}
UNARY = {"neg": "negative", "pos": "positive", "invert": "invert", "abs": "abs"}

for _short, _name in (BINARY | COMPARE | UNARY | INPLACE).items():
    setattr(Variable, f"__{_short}__", _operator(_name))
for _short, _name in BINARY.items():
    setattr(Variable, f"__r{_short}__", _operator(_name, reflected=True))
setattr(Variable, "__divmod__", _operator("divmod"))
setattr(Variable, "__rdivmod__", _operator("divmod", reflected=True))
setattr(Variable, "__round__", _operator("round"))
