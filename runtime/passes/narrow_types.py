"""Values get the types that their classes tell of.

    todo: list = pack([(0, n)])                      todo: list = pack([(0, n)])
    lo: ?, hi: ? = unpack(v1, 2)            →        lo: int, hi: int = unpack(v1, 2)
    v2: float64? = a[lo]                             v2: float64 = a[lo]
"""

from __future__ import annotations

import numpy as np

from runtime.classes import OTHER, PYTHON, Classes, ClassesOf, of_type
from runtime.ir import Program, blocks_of, walk
from runtime.types import TensorType, python, scalar


def narrow_types(program: Program, classes: ClassesOf) -> None:
    made = [value for op in walk(program.block) for value in op.outputs]
    for value in [*made, *(value for block in blocks_of(program) for value in block.inputs)]:
        if of_type(value.type) == OTHER and (found := _type(classes(value))) is not None:
            value.type = found


def _type(classes: Classes) -> TensorType | None:
    """The one type that is of these classes."""
    if len(classes) != 1 or classes == OTHER:
        return None
    (name,) = classes
    if name in PYTHON:
        return python({"bool": bool, "int": int, "float": float}[name])
    return scalar(np.dtype(name.rstrip("_")))


