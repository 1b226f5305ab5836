"""Where Values are written and read, and which of them may share one variable.

    a_2 = a + 1 if r == 0 else a        →        if r == 0: a = a + 1

Each op stands at a number in program order, each Block at a path of (op, number of the Block in it). A variable may be
written again where what it held is not read after that: not later on, unless in a branch that excludes this one, and
not in the next turn of a loop that holds both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count

from runtime.ir import Block, Constant, Op, Program, Value, blocks_of
from runtime.printer import traverse

MAX_NAMED = 8  # of those that share no more than a name
MAX_SHARING = 64  # Values in one variable: bounds the work for long programs

Path = tuple[tuple[Op, int], ...]


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


class Liveness:
    """The writes and reads of each Value of a Program; `inline` are those that are evaluated where they are read."""

    def __init__(self, program: Program, inline: Collection[Value]):
        self.writes: dict[Value, list[Point]] = {}
        self.reads: dict[Value, list[Read]] = {}
        self.fixed: set[Value] = set()  # read by functions of the program, which look them up when they are called
        self._numbers = count()
        self._ends: dict[Op, frozenset[int]] = {}  # the branches of each cond, for those who ask often
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

    def _walk_op(self, op: Op, path: Path) -> None:
        name = op.definition.name
        before = self._point(path)
        self._read(op.inputs, before)
        if name == "while_loop":
            self._walk_loop(op, path, before)
            return
        ends = [self._walk(child, (*path, (op, index))) for index, child in enumerate(op.blocks)]
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
        """State is written before the loop, and at the end of each turn; a `for` looks at its iterable after that."""
        is_for = op.call.kwargs.get("form") == "for"
        if is_for:
            self._read(op.inputs[:1], self._point(path))
        ends = [self._walk(child, (*path, (op, index))) for index, child in enumerate(op.blocks)]
        body = 0 if is_for else 1
        for value in op.blocks[body].inputs[is_for:]:
            self.writes[value] += [before, ends[body]]
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
            for value in (*op.inputs, *(inner for child in op.blocks for inner in _read_inside(child))):
                self.reads.setdefault(value, []).append(delayed)

    # What may be written when

    def _clobbers(self, writer: Value, value: Value) -> bool:
        """Whether writing `writer` into the variable of `value` would be seen by a read of `value`."""
        home = self.writes[value][0]
        return any(
            self._is_seen(write, read.point, home)
            for write in self.writes[writer]
            if write.number >= home.number
            for read in self.reads.get(value, ())
            if read.by is not writer
        )

    def _is_seen(self, write: Point, read: Point, home: Point) -> bool:
        around = {op for op, _ in home.path}
        for (op, index), (other, place) in zip(write.path, read.path):
            if op is not other:
                break
            if op.definition.name == "while_loop" and op not in around:
                return True
            if index != place:
                return write.number < read.number and index not in self._ends.get(op, ())
        return write.number < read.number


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


class Sharing:
    """Groups of Values that live in one variable; a Value that shares with none is a group of its own."""

    def __init__(self, program: Program, inline: Collection[Value], kept: Collection[Value]):
        self.liveness = Liveness(program, inline)
        self.groups: dict[Value, list[Value]] = {}
        self.inputs = set(program.block.inputs)
        self.fixed = {*kept, *self.liveness.fixed}
        ops = [item for item, before in traverse(program.block) if before and isinstance(item, Op)]
        for op in ops:
            self._join_states(op)
        for op in ops:
            self._share(op)
        self._share_names(program)

    def group(self, value: Value) -> list[Value]:
        return self.groups.get(value) or [value]

    def _join_states(self, op: Op) -> None:
        """State of a loop is one variable all through."""
        if op.definition.name != "while_loop":
            return
        for child in op.blocks:
            for value, output in zip(child.inputs[len(child.inputs) - len(op.outputs) :], op.outputs):
                self._unite(output, value)

    def _share(self, op: Op) -> None:
        if op.definition.name == "cond":
            for index in branches_of(op):
                for output, result in zip(op.outputs, op.blocks[index].results or ()):
                    self._try(output, result)
        elif op.definition.name == "while_loop":
            is_for = op.call.kwargs.get("form") == "for"
            body = op.blocks[0 if is_for else 1]
            for output, result in zip(op.outputs, body.results or ()):
                self._try(output, result)
            for output, start in zip(op.outputs, op.inputs[is_for:]):
                self._try(output, start)

    def _share_names(self, program: Program) -> None:
        """A name that the user gives again in a Block is the same variable: what it held before is released."""
        for block in blocks_of(program):
            last: dict[str | None, Value] = {value.hint: value for value in block.inputs if value.hint}
            for output in (output for op in block.ops for output in op.outputs if output.hint):
                before = last.get(output.hint, output)
                if len(self.group(output)) + len(self.group(before)) <= MAX_NAMED:
                    self._try(output, before)
                last[output.hint] = output

    def _try(self, a: Value, b: Value) -> None:
        """Lets two Values share a variable where that changes nothing."""
        if isinstance(b, Constant):
            return
        mine, other = self.group(a), self.group(b)
        if mine is other or len(mine) + len(other) > MAX_SHARING or self.fixed.intersection([*mine, *other]):
            return
        if self.inputs.intersection(mine) and self.inputs.intersection(other):
            return
        if not any(self.liveness.interfere(x, y) for x in mine for y in other):
            self._unite(a, b)

    def _unite(self, a: Value, b: Value) -> None:
        united = [*self.group(a), *self.group(b)]
        for value in united:
            self.groups[value] = united
