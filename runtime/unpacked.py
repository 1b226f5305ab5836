"""Loops that touch the elements of arrays so often that it pays to unpack them into lists, and to pack them after it.

    for i in range(n): a[i] += b[i]        →        a_at_, b_at_ = a.tolist(), b.tolist()
                                                    try:
                                                        for i in range(n): a_at_[i] = a_at_[i] + b_at_[i]
                                                    finally: a[...] = a_at_

An item of a list is reached in a third of the time that an element takes through a view of memory. Nothing may look at
an array meanwhile but the accesses themselves: neither an op of the loop nor another array that shares its memory.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from runtime.accesses import Access
from runtime.classes import NUMPY, PYTHON, ClassesOf
from runtime.ir import Block, Constant, Op, Value
from runtime.ops.effect import writes
from runtime.types import ANY, TensorType

METADATA = frozenset("len .shape .size .ndim .dtype .itemsize .nbytes".split())
# Ops with an effect, which is not on arrays where no operand is one.
CONFINED = frozenset(".append .pop print raise assert setitem".split())
# What a list saves at each access, against a view of memory, and what it costs for each element; in nanoseconds.
SAVED, SAVED_OF_MANY_DIMS = 15, 35
UNPACKING, PACKING = 10, 20
STARTING, STARTING_ONE = 3000, 1000  # for a loop, and for each array
TRIPS = 12  # that loops further in are trusted to make, where that is not known
MAX_ELEMENTS = 1 << 14  # objects of Python take four times the memory, and leave the processor's cache

Around = tuple[Value | None, ...]  # what the loops around an access go through, the outermost left out


@dataclass(eq=False, repr=False)
class Unpacked:
    """A `for` that may run with lists in the place of arrays.

    arrays  those that are unpacked, with whether they are written
    others  arrays that ops of the loop read as a whole
    gains   nanoseconds saved by each turn, but for the loops in it; and by each turn of those, by what they go
            through (None where that is made in the loop)
    """

    op: Op
    arrays: dict[Value, bool] = field(default_factory=dict)
    others: dict[Value, None] = field(default_factory=dict)
    gains: dict[Around, float] = field(default_factory=dict)


def unpacked(loop: Op, accesses: dict[Op, Access], rows: dict[Op, Access], classes: ClassesOf) -> dict[Op, Unpacked]:
    """The outermost of a loop and the loops in it that may run with lists; `accesses` and `rows` are what goes
    through views of memory."""
    if loop.definition.name == "while_loop":
        found = _Reading(loop, accesses, rows, classes).found()
        if found is not None:
            return {loop: found}
    inner = (op for block in loop.blocks for op in block.ops if op.blocks)
    return {key: one for op in inner for key, one in unpacked(op, accesses, rows, classes).items()}


class _Reading:
    """A look at all that the ops of one loop do with arrays."""

    def __init__(self, loop: Op, accesses: dict[Op, Access], rows: dict[Op, Access], classes: ClassesOf):
        self.accesses, self.rows, self.classes = accesses, rows, classes
        self.made: set[Value] = set()
        self.result = Unpacked(loop)

    def found(self) -> Unpacked | None:
        op, result = self.result.op, self.result
        # A loop that may be left early may have nothing to do.
        if op.call.kwargs.get("form") != "for" or len(op.blocks) != 1 or not self._is_fit(op, None, 1.0):
            return None
        is_watched = any(result.arrays.get(one) for one in result.others)
        return result if result.arrays and not is_watched and self.made.isdisjoint(result.arrays) else None

    def _is_fit_block(self, block: Block, around: Around, share: float) -> bool:
        self.made.update(block.inputs)
        for op in block.ops:
            self.made.update(op.outputs)
        return all(self._is_fit(op, around, share) for op in block.ops)

    def _is_fit(self, op: Op, around: Around | None, share: float) -> bool:
        name = op.definition.name
        access = self.accesses.get(op) or self.rows.get(op)
        if access is not None:
            self._note(op, access, around or (), share)
            return True
        if name == "cond":
            are_plain = all(map(self._is_plain, (*op.inputs, *op.outputs)))
            return are_plain and all(self._is_fit_block(block, around or (), share / 2) for block in op.blocks)
        if name == "while_loop":
            iterable = op.inputs[: op.call.kwargs.get("form") == "for"]
            are_plain = all(map(self._is_plain, (*op.inputs[len(iterable) :], *op.outputs)))
            is_fit = are_plain and all(self._is_made_apart(one) or self._is_apart(one) for one in iterable)
            inner = () if around is None else (*around, self._countable(iterable))
            return is_fit and all(self._is_fit_block(block, inner, share) for block in op.blocks)
        if op.blocks:
            return False
        is_pure = op.definition.effect == "pure" and not writes(op.definition, op.call)
        if is_pure or name.startswith("each_"):
            return name in METADATA or all(map(self._is_apart, op.inputs))
        is_number = name[:1] == "i" and all(map(self._is_plain, op.outputs))
        return (name in CONFINED or is_number) and all(map(self._is_plain, op.inputs))

    def _countable(self, iterable: Sequence[Value]) -> Value | None:
        """What a loop goes through, where its length is known before the outer loop begins."""
        known = iterable[0].type if iterable else ANY
        is_counted = known.is_array or known.is_python and known.dtype in (range, list, tuple)
        return iterable[0] if is_counted and not known.maybe and iterable[0] not in self.made else None

    def _note(self, op: Op, access: Access, around: Around, share: float) -> None:
        """Takes up an access to an element; a row's is counted where its elements are taken."""
        is_written = op.definition.name == "setitem"
        self.result.arrays[access.base] = self.result.arrays.get(access.base, False) or is_written
        if op in self.rows:
            return
        saved = share * (SAVED if access.base.type.rank == 1 else SAVED_OF_MANY_DIMS)
        self.result.gains[around] = self.result.gains.get(around, 0) + saved

    def _is_made_apart(self, value: Value) -> bool:
        """Whether it is a zip or the like of what has been looked at."""
        return value in self.made and value.op is not None and value.op.definition.name.startswith("each_")

    def _is_apart(self, value: Value) -> bool:
        """Whether it is nothing that holds arrays, or an array of which it can be seen where it lies."""
        if self._is_plain(value):
            return True
        if value not in self.made and value.type.is_array and not value.type.maybe:
            self.result.others[value] = None
        return value.type.is_array and not value.type.maybe

    def _is_plain(self, value: Value) -> bool:
        """Whether it holds no arrays."""
        if isinstance(value, Constant):
            return not isinstance(value.value, (np.ndarray, list, tuple, dict))
        known = self.classes(value)
        return bool(known) and known <= PYTHON | NUMPY or _is_plain_type(value.type)


def _is_plain_type(known: TensorType) -> bool:
    if known.maybe or not known.is_python:
        return known.kind == "scalar" and not known.maybe
    if known.dtype in (list, tuple):
        items = (known.items,) if isinstance(known.items, TensorType) else known.items or (ANY,)
        return all(map(_is_plain_type, items))
    return known.dtype in (bool, int, float, complex, str, bytes, range, slice, type(None))


def fewest_turns(loop: Unpacked) -> int | None:
    """What a loop must make for lists to pay: fewer of them are seen at once, and no array is looked at. None where it
    hangs on the turns of loops in it."""
    if any(one is not None for around in loop.gains for one in around):
        return None
    saved = sum(gain * (TRIPS if around else 1) for around, gain in loop.gains.items())
    return math.ceil((STARTING + STARTING_ONE * len(loop.arrays)) / saved)


# While a program runs


def pays(
    turns: Any, gain: float, written: Sequence[Any], read: Sequence[Any], others: Iterable[Any] = ()
) -> bool:
    """Whether a loop over `turns` gains by lists, in nanoseconds each turn, more than they cost, and its arrays lie
    apart from each other."""
    gained = gain * (len(turns) if isinstance(turns, (range, memoryview, list, np.ndarray)) else 0)
    taken = [*written, *read]
    start = STARTING + STARTING_ONE * len(taken)
    if gained < start:
        return False
    size = sum(one.size for one in written)
    elements = size + sum(one.size for one in read)
    if gained < start + PACKING * size + UNPACKING * elements or elements > MAX_ELEMENTS:
        return False
    if not all(type(one) is np.ndarray and one.ndim for one in taken):
        return False
    if not all(one.flags.writeable for one in written):
        return False
    rest = [np.asarray(one) for one in (turns, *others) if isinstance(one, (memoryview, np.ndarray))]
    apart = [(one, other) for k, one in enumerate(written) for other in (*taken[k + 1 :], *rest)]
    return not any(np.may_share_memory(one, other) for one, other in apart)


def fresh(array: Any, items: Any, chain: Sequence[tuple[Any, ...]]) -> Any:
    """The element that `array` would give at a key, or a key of its row and so on; `items` is what is in it by now.

    Raises what NumPy raises for the keys.
    """
    found = array
    for key in chain:
        found = found[key]
        for part in key:
            items = items[part]
    return type(found)(items)


def put(array: Any, items: Any, chain: Sequence[tuple[Any, ...]], value: Any) -> None:
    """Writes an element of the array, as NumPy converts it, and the item that stands for it."""
    row = array
    for key in chain[:-1]:
        row = row[key]
    row[chain[-1]] = value
    keys = [part for key in chain for part in key]
    for part in keys[:-1]:
        items = items[part]
    items[keys[-1]] = row[chain[-1]].item()
