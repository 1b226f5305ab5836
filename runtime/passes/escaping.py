"""Which Values get where one object can be told from an equal one.

    items.append(x * 2.0)        the list holds the object: `in`, `==` and `is` ask which one it is, above all for a nan
    y[i] = x * 2.0               an array holds the number
"""

from __future__ import annotations

from collections.abc import Iterable

from runtime.classes import BINARY, COMPARE
from runtime.ir import Block, Op, Program, Slot, Value, slots, walk
from runtime.liveness import branches_of
from runtime.ops.effect import writes

# These may give an operand itself: `a % b` does where a has fewer digits.
GIVING_ONE = frozenset("min max positive abs float int round remainder left_shift right_shift".split())
COMPUTING = (BINARY - GIVING_ONE) | COMPARE | frozenset(
    "power not_ truth negative invert bool str repr format range len unpack".split()
)  # fmt: skip
PLACED = frozenset({"getitem", "setitem"})


def escaping(program: Program, kept: Iterable[Value] = ()) -> set[Value]:
    """All Values of a Program that do, also by way of branches and loops; `kept` are read besides the results."""
    found: set[Value] = {*(program.block.results or ()), *kept}
    sources: dict[Value, list[Value]] = {}  # what each Value may be
    for op in walk(program.block):
        for value, made in _passed_on(op):
            sources.setdefault(made, []).append(value)
        found.update(value for value in op.inputs if not _only_computes(op, value))
        for block in op.blocks:
            if block not in _joined_blocks(op):
                found.update(block.results or ())
    todo = list(found)
    while todo:
        fresh = [value for value in sources.get(todo.pop(), ()) if value not in found]
        found.update(fresh)
        todo += fresh
    return found


def _joined_blocks(op: Op) -> list[Block]:
    """Those whose results are tests, or what `_passed_on` tells of."""
    return list(op.blocks) if op.definition.name in ("cond", "while_loop") else []


def _passed_on(op: Op) -> list[tuple[Value, Value]]:
    """The Values that an op may give again, each with the one that it gives it as."""
    name = op.definition.name
    if name in GIVING_ONE:
        return [(value, op.outputs[0]) for value in op.inputs]
    if name == "cond":
        ends = [op.blocks[place].results or () for place in branches_of(op)]
        return [pair for end in ends for pair in zip(end, op.outputs)]
    if name != "while_loop":
        return []
    is_for = op.call.kwargs.get("form") == "for"
    turn = op.blocks[0 if is_for else 1].results or ()
    states = [block.inputs[len(block.inputs) - len(op.outputs) :] for block in op.blocks]
    given = [op.inputs[is_for:], turn]
    return [pair for start in given for state in (op.outputs, *states) for pair in zip(start, state)]


def _only_computes(op: Op, value: Value) -> bool:
    """Whether all that an op makes of a Value is new, but for what `_passed_on` tells of."""
    name = op.definition.name
    if name in ("cond", "while_loop"):
        return True
    if name in COMPUTING or name in GIVING_ONE:  # but for the items of a tuple
        return all(isinstance(arg, Slot) or not any(True for _ in slots(arg)) for arg in op.call.args)
    if name in PLACED and isinstance(op.call.args[0], Slot):
        target = op.inputs[op.call.args[0].index].type
        owner, key, new = ([op.inputs[slot.index] for slot in slots(arg)] for arg in (*op.call.args, None)[:3])
        if value in new or value in owner and name == "setitem":
            return target.is_array and not target.maybe
        return value not in key or target.is_array or target.dtype in (list, tuple, str)
    if name.startswith("."):
        known = op.inputs[op.call.args[0].index].type if isinstance(op.call.args[0], Slot) else None
        if known is None or known.kind not in ("array", "scalar") or known.maybe:
            return False
    is_pure = op.definition.effect == "pure" and not writes(op.definition, op.call) and not op.definition.aliases
    return is_pure and name.startswith(("np.", "math.", "."))
