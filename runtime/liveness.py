"""Where Values are written and read, and whether two of them need a variable each.

Each op stands at a number in program order, each Block at a path of (op, number of the Block in it). A variable may be
written again where what it held is not read after that: not later on, unless in a branch that excludes this one, and
not in the next turn of a loop that holds both.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count
from operator import attrgetter, itemgetter

from runtime.ir import Block, Constant, Op, Program, Value
from runtime.printer import traverse

Path = tuple[tuple[Op, int], ...]
Span = tuple[int, int]  # the first and the last number

_number, _read_number, _first = attrgetter("number"), attrgetter("point.number"), itemgetter(0)


@dataclass(eq=False, repr=False)
class Point:
    """A place in a program: its number in program order, and the Blocks around it."""

    number: int
    path: Path


@dataclass(eq=False, repr=False)
class Read:
    """A read at a point, at the latest; `by` is the inline Value that is evaluated there."""

    point: Point
    by: Value | None = None


@dataclass(eq=False, repr=False)
class Life:
    """When one Value is needed: its writes and reads in program order, and the loops that need it in each turn.

    The loops, as spans of numbers, are the outermost ones that read it and that it was not written in first.
    """

    home: int
    writes: list[Point]
    reads: list[Read]
    loops: list[Span]

    @property
    def reach(self) -> int:
        """The last point where writing anything else into the variable can be seen."""
        last = self.reads[-1].point.number if self.reads else self.home
        return max(last, *(end for _, end in self.loops)) if self.loops else last


class Liveness:
    """The writes and reads of each Value of a Program; `inline` are those that are evaluated where they are read."""

    def __init__(self, program: Program, inline: Collection[Value]):
        self.writes: dict[Value, list[Point]] = {}
        self.reads: dict[Value, list[Read]] = {}
        self.fixed: set[Value] = set()  # read by functions of the program, which look them up when they are called
        self._numbers = count()
        self._ends: dict[Op, frozenset[int]] = {}  # the branches of each cond, for those who ask often
        self._spans: dict[Op, Span] = {}  # from the first to the last point in the Blocks of each op
        self._lives: dict[Value, Life] = {}
        self._walk(program.block, ())
        self._delay_reads(program.block, inline)

    def interfere(self, a: Value, b: Value) -> bool:
        """Whether each needs a variable of its own."""
        return self._clobbers(a, b) or self._clobbers(b, a)

    # Where things are

    def _point(self, path: Path) -> Point:
        return Point(next(self._numbers), path)

    def _write(self, value: Value, point: Point) -> None:
        self.writes.setdefault(value, []).append(point)

    def _read(self, values: Collection[Value], point: Point) -> None:
        for value in values:
            self.reads.setdefault(value, []).append(Read(point))

    def _walk(self, block: Block, path: Path) -> Point:
        """Gives the point of the Block's end, where its results are read."""
        start = self._point(path)
        for value in block.inputs:
            self._write(value, start)
        for op in block.ops:
            self._walk_op(op, path)
        end = self._point(path)
        self._read(block.results or (), end)
        return end

    def _walk_blocks(self, op: Op, path: Path) -> list[Point]:
        start = self._point(path)
        ends = [self._walk(child, (*path, (op, index))) for index, child in enumerate(op.blocks)]
        self._spans[op] = (start.number, ends[-1].number if ends else start.number)
        return ends

    def _walk_op(self, op: Op, path: Path) -> None:
        name = op.definition.name
        before = self._point(path)
        self._read(op.inputs, before)
        if name == "while_loop":
            self._walk_loop(op, path, before)
            return
        ends = self._walk_blocks(op, path)
        after = self._point(path)
        if name == "cond":
            branches = branches_of(op)
            self._ends[op] = frozenset(branches)
            for output in op.outputs:
                self.writes[output] = [ends[index] for index in branches]
        elif name == "define":
            self.fixed.update(_values_inside(op.blocks[0]))
        for output in op.outputs:
            self._write(output, before if _writes_first(op) else after)
        if _writes_first(op):
            self._read(op.inputs, after)

    def _walk_loop(self, op: Op, path: Path, before: Point) -> None:
        """State is written before the loop, and at the end of each turn; a `for` looks at its iterable after that.

        A test leaves it to the turn, or to what comes after the loop.
        """
        is_for = op.call.kwargs.get("form") == "for"
        if is_for:
            self._read(op.inputs[:1], self._point(path))
        ends = self._walk_blocks(op, path)
        body = 0 if is_for else 1
        for value in op.blocks[body].inputs[is_for:]:
            self.writes[value] += [before, ends[body]]
        for test, end in zip(op.blocks[:body], ends):
            self._read(test.inputs, end)
        after = self._point(path)
        for output in op.outputs:
            self._write(output, after)

    def _delay_reads(self, block: Block, inline: Collection[Value]) -> None:
        """What an inline Value is made of is read where that Value is read."""
        ops = [item for item, before in traverse(block) if before and isinstance(item, Op)]
        for op in reversed(ops):
            reads = [read for value in op.outputs if value in inline for read in self.reads.get(value, ())]
            if not reads:
                continue
            last = max(reads, key=lambda read: read.point.number)
            delayed = last if last.by is not None else Read(last.point, op.outputs[0])
            for value in {*op.inputs, *(inner for child in op.blocks for inner in _read_inside(child))}:
                self.reads.setdefault(value, []).append(delayed)

    # What may be written when

    def _life(self, value: Value) -> Life:
        if value not in self._lives:
            home, reads = self.writes[value][0], self.reads.get(value, [])
            loops = {self._spans[loop] for read in reads if (loop := _first_loop(read.point, home)) is not None}
            writes = sorted(self.writes[value], key=_number)
            self._lives[value] = Life(home.number, writes, sorted(reads, key=_read_number), sorted(loops))
        return self._lives[value]

    def _clobbers(self, writer: Value, value: Value) -> bool:
        """Whether writing `writer` into the variable of `value` would be seen by a read of `value`.

        A Value may have hundreds of writes or reads, in a long elif: what cannot matter is passed over by halving.
        """
        life, writes = self._life(value), self._life(writer).writes
        start = bisect_left(writes, life.home, key=_number)
        end = bisect_right(writes, life.reach, key=_number)
        return any(self._is_held(write, life) and self._is_seen(write, life, writer) for write in writes[start:end])

    def _is_held(self, write: Point, life: Life) -> bool:
        """Whether the Value may have been written by then: what a cond gives is written where its branches end."""
        position = bisect_right(life.writes, write.number, key=_number) - 1
        while position >= 0:
            parting = self._parting(life.writes[position], write)
            if parting is None:
                return True
            position = bisect_left(life.writes, self._spans[parting][0], key=_number) - 1
        return False

    def _is_seen(self, write: Point, life: Life, writer: Value) -> bool:
        reads = life.reads
        loop = bisect_right(life.loops, write.number, key=_first) - 1
        if loop >= 0 and write.number <= life.loops[loop][1]:
            first, last = life.loops[loop]
            inside = range(bisect_left(reads, first, key=_read_number), bisect_right(reads, last, key=_read_number))
            if any(reads[place].by is not writer for place in inside):
                return True
        position = bisect_right(reads, write.number, key=_read_number)
        while position < len(reads):
            read = reads[position]
            if read.by is writer:
                position += 1
                continue
            parting = self._parting(write, read.point)
            if parting is None:
                return True
            position = bisect_right(reads, self._spans[parting][1], position, key=_read_number)
        return False

    def _parting(self, first: Point, later: Point) -> Op | None:
        """The cond of which the later point is not reached where the first is, since it is in another branch."""
        for (op, index), (other, place) in zip(first.path, later.path):
            if op is not other:
                return None
            if index != place:
                return op if index in self._ends.get(op, ()) else None
        return None


def _first_loop(point: Point, home: Point) -> Op | None:
    """The outermost loop around a point that is not around `home`."""
    around = {op for op, _ in home.path}
    return next((op for op, _ in point.path if op.definition.name == "while_loop" and op not in around), None)


def branches_of(op: Op) -> list[int]:
    """The numbers of the Blocks of a cond that are branches, and not tests of an elif, and whose end is reached."""
    places = [0, *range(2, len(op.blocks) - 1, 2), len(op.blocks) - 1]
    return [place for place in places if op.blocks[place].results is not None]


def _writes_first(op: Op) -> bool:
    """Whether an op is written as `out = target; out += value`."""
    return op.definition.effect == "write" and len(op.outputs) == 1


def _values_inside(block: Block) -> Iterator[Value]:
    """The inputs of a function of the program, and all that is read in it."""
    yield from block.inputs
    yield from _read_inside(block)


def _read_inside(block: Block) -> Iterator[Value]:
    for item, before in traverse(block):
        values = item.inputs if isinstance(item, Op) else () if before else item.results or ()
        yield from (value for value in values if not isinstance(value, Constant))
