"""Copies of Blocks with some Values replaced: what passes are made of."""

from __future__ import annotations

from runtime.ir import Block, Op, Value


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
