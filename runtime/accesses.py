"""What is in a loop: the elements of arrays that it reads and writes, where each Value is made, and what reads it.

for i in range(n): c[i][j] += a[i, k]        →        accesses to c (by its rows) and a, which are made outside
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from runtime.classes import BINARY, COMPARE, INPLACE, RING
from runtime.ir import Block, Constant, Op, Program, Slot, Value, count_reads, line_of
from runtime.liveness import branches_of
from runtime.views import has_elements, taken_of

MAX_NESTING = 8
MAX_BETWEEN = 8  # ops after a row among which its first element is looked for
STREAMS = ("each_zip", "each_enumerate")
# Ops whose result has the dtype that its type says if their arrays have. What others give may hang on how big an int
# is: np.array([n, 1]) is typed int64, and is no such array for an n beyond 64 bits.
FAITHFUL = BINARY | COMPARE | frozenset(INPLACE) | frozenset(
    "negative positive abs invert getitem .copy .astype np.copy np.zeros np.ones np.empty np.zeros_like np.ones_like "
    "np.empty_like np.sqrt np.abs np.absolute np.exp np.log .reshape .ravel .transpose .T np.sin np.cos".split()
)  # fmt: skip
# Ops that may change where an array's elements are, or whose effects are not known.
UNSETTLING = frozenset(
    ".resize .setflags setattr python method np.errstate enter leave apply call define try next".split()
)


@dataclass(eq=False, repr=False)
class Access:
    """An element of an array, `base[key]`, or `base[row keys][key]`.

    key  the templates of the op's own key
    row  the getitem that gives the row, where the element is taken from one, on the same line
    """

    base: Value
    key: tuple[Any, ...]
    row: Op | None = None


@dataclass(eq=False, repr=False)
class Stream:
    """What a `for` goes through: an array, or the zip or enumerate of arrays that is made just before it.

    items  the elements that a turn begins with, and the array of each
    op     the zip or enumerate
    is_by_rows  whether a turn begins with the elements of a row: `for a, b in edges`
    """

    items: dict[Value, Value]
    op: Op | None = None
    is_by_rows: bool = False


def loops_of(program: Program, inline: Collection[Value]) -> list[Inside]:
    """The outermost loops of a Program that may work on elements; `inline` are Values that are no variables."""
    found = _outermost_loops(program.block, count_reads(program), inline)
    return [inside for inside in found if inside.accesses or inside.streams]


def _outermost_loops(block: Block, read: Counter[Value], inline: Collection[Value]) -> Iterator[Inside]:
    """Loops that may be gone through by elements; where an outer one may not, those in it."""
    for previous, op in zip([None, *block.ops], block.ops):
        if previous is not None and any(value in inline for value in previous.inputs):
            previous = None
        if op.definition.name == "while_loop" and (inside := Inside(op, previous, read)).is_settled:
            yield inside
        else:
            for child in op.blocks:
                yield from _outermost_loops(child, read, inline)


class Inside:
    """What is in a loop: its ops, where each Value is made, and the accesses to elements in loops further in.

    depths    how many loops are around the place where each Value is made, this one counted
    joins     for each Value that a branch or loop gives, what it is made of
    states    the Values that are one variable all through a loop
    """

    def __init__(self, loop: Op, previous: Op | None, read: Counter[Value]):
        self.loop = loop
        self.read = read
        self.ops: list[tuple[Op, int]] = []
        self.depths: dict[Value, int] = {}
        self.joins: dict[Value, list[Value]] = {}
        self.states: list[list[Value]] = []
        self.streams: dict[Op, Stream] = {}
        self.iterables: dict[Value, Value] = {}
        self.is_settled = True
        self._nesting = 0
        self._loop(loop, previous, 0)
        self.rows: dict[Op, Access] = {}
        self.accesses: dict[Op, Access] = {}
        self.readers = self._all_readers() if self.is_settled else {}
        for number, (one, depth) in enumerate(self.ops if self.is_settled else ()):
            if (row := self._row(number, one, depth)) is not None:
                self.rows[one] = row
            elif (access := self._access(one, depth)) is not None:
                self.accesses[one] = access

    def _loop(self, op: Op, previous: Op | None, depth: int) -> None:
        is_for = op.call.kwargs.get("form") == "for"
        body = op.blocks[0 if is_for else 1]
        if is_for:
            self.iterables[body.inputs[0]] = op.inputs[0]
        if is_for and (stream := self._stream(op, previous, body)) is not None:
            self.streams[op] = stream
        for number, output in enumerate(op.outputs):
            inputs = [block.inputs[len(block.inputs) - len(op.outputs) + number] for block in op.blocks]
            given = [op.inputs[number + is_for], *((body.results or ())[number : number + 1])]
            self.states.append([output, *inputs])
            self.joins.update(dict.fromkeys([output, *inputs], given))
        for block in op.blocks:
            self.depths.update(dict.fromkeys(block.inputs, depth + 1))
            self._block(block, depth + 1)

    def _block(self, block: Block, depth: int) -> None:
        self._nesting += 1
        self.is_settled &= self._nesting <= MAX_NESTING
        for previous, op in zip([None, *block.ops], block.ops):
            self.ops.append((op, depth))
            self.depths.update(dict.fromkeys(op.outputs, depth))
            self.is_settled &= op.definition.name not in UNSETTLING
            if op.definition.name == "while_loop":
                self._loop(op, previous, depth)
            elif op.definition.name == "cond":
                self._cond(op, depth)
        self._nesting -= 1

    def _stream(self, op: Op, previous: Op | None, body: Block) -> Stream | None:
        iterable, item = op.inputs[0], body.inputs[0]
        if self._has_elements(iterable, 1):
            return Stream({item: iterable})
        first = body.ops[0] if body.ops else None
        is_taken_apart = first is not None and first.definition.name == "unpack" and first.inputs == (item,)
        if first is None or not is_taken_apart or len(first.call.args) != 2 or self.read[item] != 1:
            return None
        if self._has_elements(iterable, 2):
            return Stream(dict.fromkeys(first.outputs, iterable), None, True) if first.outputs else None
        if previous is None or previous.definition.name not in STREAMS or iterable is not previous.outputs[0]:
            return None
        is_enumerate = previous.definition.name == "each_enumerate"
        arrays = previous.inputs[:1] if is_enumerate else previous.inputs
        is_plain = not previous.call.kwargs and previous.call.args[: len(arrays)] == tuple(
            map(Slot, range(len(arrays)))
        )
        if not is_plain or self.read[iterable] != 1 or len(first.outputs) != len(arrays) + is_enumerate:
            return None
        pairs = zip(first.outputs[is_enumerate:], arrays)
        return Stream({output: array for output, array in pairs if self._has_elements(array, 1)}, previous)

    def _has_elements(self, value: Value, rank: int) -> bool:
        known = value.type
        is_sure = known.is_array and not known.maybe and not isinstance(value, Constant)
        return is_sure and known.rank == rank and has_elements(known.dtype) and self.roots(value) is not None

    def _cond(self, op: Op, depth: int) -> None:
        branches = branches_of(op)
        for number, output in enumerate(op.outputs):
            self.joins[output] = [(op.blocks[place].results or ())[number] for place in branches]
        for block in op.blocks:
            self._block(block, depth)

    def state_joins(self) -> dict[Value, list[Value]]:
        """What the state of loops is made of: what it begins with, and what a turn gives."""
        return {value: self.joins[value] for state in self.states for value in state}

    def roots(self, value: Value, seen: set[Value] | None = None) -> set[Value] | None:
        """The Values from outside that have to be of their types if `value` is to be of its own; None where that does
        not tell."""
        seen = set() if seen is None else seen
        if value in seen or isinstance(value, Constant) or value.type.is_python:
            return set()
        seen.add(value)
        if value not in self.depths:
            return {value} if value.type.kind is not None and value.type.dtype is not None else None
        if value in self.joins:
            sources = self.joins[value]
        elif value in self.iterables:
            sources = [self.iterables[value]]
        elif value.op is not None and value.op.definition.name in FAITHFUL:
            sources = list(value.op.inputs)
        else:
            return None
        found = [self.roots(one, seen) for one in sources]
        return None if None in found else set().union(*(one for one in found if one))

    def _all_readers(self) -> dict[Value, list[Op | None]]:
        """The ops that read each Value; None stands for the end of a Block."""
        readers: dict[Value, list[Op | None]] = {}
        blocks = [self.loop.blocks, *(op.blocks for op, _ in self.ops)]
        for op, _ in self.ops:
            for value in op.inputs:
                readers.setdefault(value, []).append(op)
        for value in (value for some in blocks for block in some for value in block.results or ()):
            readers.setdefault(value, []).append(None)
        return readers

    def _access(self, op: Op, depth: int) -> Access | None:
        """How an op reads or writes an element of an array that is made outside of the innermost loop around it."""
        if (found := taken_of(op)) is None:
            return None
        base, key = found
        row = self.rows.get(base.op) if base.op is not None else None
        root = base if row is None else row.base
        is_whole = base.type.rank == len(key) and depth > self.depths.get(root, 0)
        is_sure = is_whole and self.roots(root) is not None
        return Access(root, key, base.op if row is not None else None) if is_sure else None

    def _row(self, number: int, op: Op, depth: int) -> Access | None:
        """A row of which only elements are taken, on the same line and at once, so that it need not be made."""
        if op.definition.name != "getitem" or (found := taken_of(op)) is None:
            return None
        base, key = found
        outer = self.rows.get(base.op) if base.op is not None else None
        root = base if outer is None else outer.base
        readers = self.readers.get(op.outputs[0], [])
        if base.type.rank == len(key) or depth <= self.depths.get(root, 0) or not readers:
            return None
        for reader in readers:
            if reader is None or line_of(reader.frame) != line_of(op.frame):
                return None
            taken = taken_of(reader)
            if taken is None or taken[0] is not op.outputs[0]:
                return None
        following = [one for one, at in self.ops[number + 1 : number + 1 + MAX_BETWEEN] if at == depth]
        first = following.index(readers[0]) if readers[0] in following else None
        if first is None or not all(cannot_fail(one) for one in following[:first]):
            return None
        return Access(root, key, base.op if outer is not None else None)


def cannot_fail(op: Op) -> bool:
    """Arithmetic of Python's ints."""
    types = [value.type for value in (*op.inputs, *op.outputs)]
    return op.definition.name in RING and all(type.is_number and type.dtype is int for type in types)
