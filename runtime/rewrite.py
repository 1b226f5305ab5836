"""Copies of Programs with some Values replaced."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.ir import Block, Constant, Op, Program, Value


def copy_block(block: Block, values: dict[Value, Value]) -> Block:
    """A copy of a Block; `values` says what replaces a Value, and takes up the copies that are made."""
    made = Block(tuple(_copy_value(value, values) for value in block.inputs))
    for op in block.ops:
        made.ops.append(_copy_op(op, values))
    made.results = None if block.results is None else tuple(values.get(value, value) for value in block.results)
    return made


def _copy_value(value: Value, values: dict[Value, Value]) -> Value:
    if value not in values:
        values[value] = Value(value.type, value.hint)
    return values[value]


def _copy_op(op: Op, values: dict[Value, Value]) -> Op:
    inputs = tuple(values.get(value, value) for value in op.inputs)
    blocks = tuple(copy_block(block, values) for block in op.blocks)
    made = Op(op.definition, inputs, op.call, tuple(value.type for value in op.outputs), op.frame, blocks)
    for old, new in zip(op.outputs, made.outputs):
        new.hint = old.hint
        values[old] = new
    return made


def with_constants(program: Program, constants: Mapping[Value, Constant]) -> Program:
    """A copy of `program` in which the inputs that are keys of `constants` have become those."""
    values: dict[Value, Value] = dict(constants)
    kept = Block(tuple(value for value in program.block.inputs if value not in constants))
    kept.ops, kept.results = program.block.ops, program.block.results
    return Program(program.name, copy_block(kept, values), program.parameters, program.result)
