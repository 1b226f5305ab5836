"""`d2s`, the one name that converted code calls: a Variable stages an op, a Python value runs Python.

The control names (cond, switch, while_loop, for_loop, and_, or_, not_, compare, assert_, defined) stand in the code
that people read. The others are hooks that the hidden pass `watch` puts in.
"""

from __future__ import annotations

import builtins

from dy2static import dataclass_forms as dataclass_forms
from dy2static.attribute_writes import delete_attribute, set_attribute
from dy2static.attributes import attribute, attribute_reference, inplace_reference
from dy2static.calls import call
from dy2static.definitions import decorator, new
from dy2static.displays import (
    call_beside_items,
    call_with_items,
    fstring,
    gathered,
    iterate,
    joined,
    mapping,
    merged,
    new_dict,
    new_set,
    set_of,
    steps_of,
    tuple_of,
    unpack,
)
from dy2static.inherited import super_of
from dy2static.items import delete_item, item, item_reference, set_item
from dy2static.iterables import advance, begin, start
from dy2static.names import Scope, captured, defined, named, new_cells, set_cell
from dy2static.operators import binary, inplace, not_, unary
from dy2static.patterns import has_parts, is_mapping, is_sequence, matched, without_keys
from dy2static.spread import call_spread, rest
from dy2static.staging import and_, assert_, compare, cond, for_loop, or_, run_on, switch, while_loop
from dy2static.statements import raised, try_, with_
from dy2static.streams import generator
from runtime.ir import MISSING
from runtime.types import UNDEFINED

__all__ = [
    "MISSING", "Scope", "UNDEFINED", "advance", "and_", "assert_", "attribute", "attribute_reference", "begin",
    "binary", "call", "call_beside_items", "call_spread", "call_with_items", "captured", "compare", "cond",
    "decorator", "defined", "delete_attribute", "delete_item", "for_loop", "fstring", "gathered", "generator",
    "has_parts", "inplace", "inplace_reference", "is_mapping", "is_sequence", "item", "item_reference", "iterate",
    "joined", "locals", "mapping", "matched", "merged", "named", "new", "new_cells", "new_dict", "new_set", "not_",
    "or_", "raised", "rest", "run_on", "set_attribute", "set_cell", "set_item", "set_of", "slice", "start", "steps_of",
    "super_of", "switch", "try_", "tuple_of", "unary", "unpack", "while_loop", "with_", "without_keys",
]  # fmt: skip

locals = builtins.locals
slice = builtins.slice


