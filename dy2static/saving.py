"""What a file has to hold of a traced program: no places, no objects, only inputs, constants and weights."""

from __future__ import annotations

import inspect
from typing import Any

from dy2static.places import Place
from runtime.document import check_ops
from runtime.ir import Constant, Program
from runtime.passes.constants import with_constants
from runtime.types import type_of

DATA = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)


def closed_program(
    program: Program, places: tuple[Place, ...], values: list[Any], dropped: set[str], signature: inspect.Signature
) -> Program:
    """`program` with everything that is not an argument read now and kept: arrays become weights.

    places, values  of each flat input; dropped names the parameters (self) that a call of the file does not have
    """
    check_ops(program)
    captured = {index for index, place in enumerate(places) if not _is_argument(place) or _root_name(place) in dropped}
    constants = {}
    for index in sorted(captured):
        old = program.block.inputs[index]
        if old.type.is_python and (old.type.dtype not in DATA or is_namespace(places[index])):
            raise TypeError(
                f"{program.name} cannot be saved: it uses {places[index]}, a {old.type}, as it is at run time "
                "(it changes it, or gives it back); pass the values in it as arguments"
            )
        constants[old] = Constant(values[index], type_of(values[index]), old.hint)
    made = with_constants(program, constants)
    made.parameters = tuple(one for one in made.parameters if one.name not in dropped)
    return made


def is_namespace(place: Place) -> bool:
    """Whether this is a dict of globals: it is changed, for they are read one by one."""
    return place.base is None and place.step == "object" and isinstance(place.anchor, dict)


def _is_argument(place: Place) -> bool:
    while place.base is not None:
        if place.step != "item":
            return False
        place = place.base
    return place.step == "argument"


def _root_name(place: Place) -> str:
    while place.base is not None:
        place = place.base
    return str(place.name)
