"""Inputs that are known become constants.

    program f(x: float32[n], w: float32[n]) {        program f(x: float32[n]) {
      v1: float32[n] = multiply(x, w)           →      v1: float32[n] = multiply(x, <weight float32[3]>)
"""

from __future__ import annotations

from collections.abc import Mapping

from runtime.ir import Block, Constant, Parameter, Program, Slot, Value, fill, slots
from runtime.rewrite import copy_block


def with_constants(program: Program, constants: Mapping[Value, Constant]) -> Program:
    """A copy of `program` in which the inputs that are keys of `constants` have become those.

    A parameter that was made of one of them is none of the copy's.
    """
    values: dict[Value, Value] = dict(constants)
    numbers = [number for number, value in enumerate(program.block.inputs) if value not in constants]
    kept = Block(tuple(program.block.inputs[number] for number in numbers))
    kept.ops, kept.results = program.block.ops, program.block.results
    parameters = _renumbered(program.parameters, {old: new for new, old in enumerate(numbers)})
    return Program(program.name, copy_block(kept, values), parameters, program.result)


def _renumbered(parameters: tuple[Parameter, ...], numbers: dict[int, int]) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(one.name, fill(one.template, lambda slot: Slot(numbers[slot.index])), one.kind, one.default)
        for one in parameters
        if all(slot.index in numbers for slot in slots(one.template))
    )
