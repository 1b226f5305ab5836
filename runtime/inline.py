"""A Program called where another is being made: its ops are copied into that one.

    g = runtime.load("g.d2s")             z: float32[n] = add(x, y)            # g's own ops, on the caller's values
    z = g(x, y) * 2                  →    v: float32[n] = multiply(z, 2)

Types are carried over with the callee's symbolic dims replaced by the dims of the arguments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from runtime.errors import FeedError
from runtime.ir import Block, Program, Value, fill
from runtime.rewrite import copy_block
from runtime.tracer import Builder, TracingError, Variable
from runtime.types import Dim, TensorType, is_within

Dims = Mapping[str, Dim]


def call_inline(builder: Builder, program: Program, arguments: Sequence[Any]) -> Any:
    """The result of `program` on its flat inputs `arguments`, as values of what `builder` makes.

    Raises FeedError for an argument that is not surely of the type that the program takes.
    """
    lifted = [builder.lift(argument) for argument in arguments]
    dims: dict[str, Dim] = {}
    for value, given in zip(program.block.inputs, lifted):
        _check(program.name, value, given.type, dims)
    copies: dict[Value, Value] = dict(zip(program.block.inputs, (variable.value for variable in lifted)))
    outer = Block()
    outer.ops, outer.results = program.block.ops, program.block.results
    made = copy_block(outer, copies)
    for op in made.ops:
        builder.append(op)
    _rename_dims(made, dims)
    if made.results is None:
        raise TracingError(f"{program.name} always raises, and cannot be part of another program")
    results = made.results
    return fill(program.result, lambda slot: Variable(results[slot.index], builder))


def _check(program: str, value: Value, given: TensorType, dims: dict[str, Dim]) -> None:
    expected = value.type
    if expected.shape and given.shape and len(expected.shape) == len(given.shape):
        for dim, size in zip(expected.shape, given.shape):
            if isinstance(dim, str):
                dims[dim] = size if dims.get(dim, size) == size else None
        expected = replace(expected, shape=_renamed(expected.shape, dims))
    if not is_within(given, expected):
        name = repr(value.hint) if value.hint else "without a name"
        raise FeedError(f"calling {program}: its input {name} is {value.type}, and {given} is given here")


def _renamed(shape: tuple[Dim, ...] | None, dims: Dims) -> tuple[Dim, ...] | None:
    """A symbol of the callee's that no argument fixes is not known here."""
    return None if shape is None else tuple(dims.get(dim) if isinstance(dim, str) else dim for dim in shape)


def _rename_dims(block: Block, dims: Dims) -> None:
    for op in block.ops:
        for value in op.outputs:
            value.type = _of_caller(value.type, dims)
        for inner in op.blocks:
            for value in inner.inputs:
                value.type = _of_caller(value.type, dims)
            _rename_dims(inner, dims)


def _of_caller(type: TensorType, dims: Dims) -> TensorType:
    items: Any = type.items
    if isinstance(items, tuple):
        items = tuple(_of_caller(item, dims) for item in items)
    elif items is not None:
        items = _of_caller(items, dims)
    return replace(type, shape=_renamed(type.shape, dims), items=items)
