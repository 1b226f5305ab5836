"""The op table: its rows are made on first use."""

from runtime.opdef import TABLE
from runtime.ops import (
    array,
    control,
    creation,
    effect,
    elementwise,
    generic,
    nn,
    objects,
    operators,
    python,
    reduction,
)
from runtime.ops.array import ATTRIBUTES, METHODS, is_method
from runtime.ops.catalogue import REFUSED
from runtime.ops.effect import writes
from runtime.ops.generic import acts_outside, find, listed_names, name_of, refusal

# The small families that most programs need come first: a name makes the rows up to its own.
TABLE.families += [
    family.rows
    for family in (operators, control, effect, elementwise, reduction, python, creation, objects, generic, array, nn)
]

__all__ = [
    "ATTRIBUTES",
    "METHODS",
    "REFUSED",
    "acts_outside",
    "find",
    "is_method",
    "listed_names",
    "name_of",
    "refusal",
    "writes",
]
