"""What nothing reads is not computed.

    v1: int = add(i, 1)        →
    return i                           return i
"""

from __future__ import annotations

from collections.abc import Iterable

from runtime.ir import Block, Program, Value, count_reads
from runtime.passes.sure import Sure


def drop_unused(program: Program, sure: Sure, kept: Iterable[Value]) -> None:
    """`kept` are Values that are fetched besides the results."""
    _drop(program.block, sure, count_reads(program, kept))


def _drop(block: Block, sure: Sure, reads: dict[Value, int]) -> None:
    kept = []
    for op in reversed(block.ops):
        for inner in reversed(op.blocks):
            _drop(inner, sure, reads)
        if not sure(op) or reads[op.outputs[0]]:
            kept.append(op)
            continue
        for value in op.inputs:
            reads[value] -= 1
    block.ops[:] = reversed(kept)
