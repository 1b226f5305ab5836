"""In-place operators on numbers become plain ones: a number cannot change.

    i_2: int = iadd(i, 1)        →        i_2: int = add(i, 1)
"""

from __future__ import annotations

from runtime.classes import NUMPY, PYTHON, ClassesOf
from runtime.ir import Program, walk
from runtime.opdef import TABLE
from runtime.ops.operators import INPLACE


def plain_operators(program: Program, classes: ClassesOf) -> None:
    for op in walk(program.block):
        plain = INPLACE.get(op.definition.name)
        if plain is not None and _is_number(classes(op.inputs[op.call.args[0].index])):
            op.definition = TABLE[plain[1]]


def _is_number(classes: frozenset[str]) -> bool:
    return bool(classes) and classes <= PYTHON | NUMPY
