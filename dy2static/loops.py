"""Loop bodies traced into the Blocks of a while_loop op.

    s = 0                                       s = 0
    for v in x:                     →           s: ? = while_loop(for v: float32 in x, s = 0)
        s = s + v                                 body { s_2: ? = add(s, v)   return s_2 }

A body is traced again until the types of its state are stable; the next trace starts from what this one found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from types import CellType, FunctionType
from typing import Any

from dy2static.iterations import CONTAINERS
from dy2static.regions import CannotStage, emit_control, trace_block, trace_test, with_retries
from dy2static.signals import LoopMemo, Promote, Restart, Signal, Unroll
from dy2static.slots import Slot, cell_slot
from dy2static.structure import Column, Fixed, as_state, can_be_state, describe, is_mutable, is_plain_tuple, is_same
from dy2static.trace import Trace
from runtime.ir import Block, Value
from runtime.tracer import TracingError, Variable, row_type
from runtime.types import ANY, TensorType, join

MAX_ROUNDS = 12


@dataclass(eq=False, repr=False)
class Loop:
    """A loop as the converted code hands it over; `iterable` is None for a while loop.

    source   makes the iterable anew in each attempt, where it is an iterator over what the loop may change
    """

    test: Callable[..., Any] | None
    body: Callable[..., Any]
    state: tuple[Any, ...]
    names: tuple[str, ...]
    iterable: Variable | None = None
    item_name: str = "item"
    source: Callable[[], Variable] | None = None


def stage_loop(trace: Trace, loop: Loop) -> tuple[Any, ...]:
    """Emits a while_loop op; gives the final state. Raises CannotStage, or Unroll of a region of this loop."""
    memo = trace.assumptions.loops.setdefault(loop_key(trace, loop), LoopMemo())
    if memo.unroll is not None:
        raise CannotStage(memo.unroll)
    try:
        promote_known(trace, loop, memo)
        return with_retries(trace, lambda: _LoopStager(trace, loop, memo).stage(), partial(note_changed, loop, memo))
    except CannotStage as reason:
        memo.unroll = str(reason)
        raise
    except Unroll as unroll:
        if unroll.depth != trace.depth:
            raise
        memo.unroll = unroll.reason
        if unroll.restarts:
            raise Restart from None
        raise CannotStage(unroll.reason) from None


def cells_of(loop: Loop) -> dict[str, CellType]:
    """The captured names of a loop's test and body."""
    functions = [one for one in (loop.test, loop.body) if isinstance(one, FunctionType)]
    return {name: cell for one in functions for name, cell in zip(one.__code__.co_freevars, one.__closure__ or ())}


def names_of(loop: Loop) -> dict[str, Any]:
    """What the names that a loop reads or writes stand for before it."""
    known = dict(zip(loop.names, loop.state))
    for name, cell in cells_of(loop).items():
        try:
            known[name] = cell.cell_contents
        except ValueError:  # not set yet
            continue
    return known


def note_changed(loop: Loop, memo: LoopMemo, container: Any) -> None:
    """Notes the name of a container that the loop changes: it lives in the program."""
    memo.changed.update(dict.fromkeys(name for name, value in names_of(loop).items() if value is container))


def promote_known(trace: Trace, loop: Loop, memo: LoopMemo) -> None:
    """Puts containers into the program that an earlier trace of the loop has found to be changed."""
    known = names_of(loop) if memo.changed else {}
    for name in memo.changed:
        value = known.get(name)
        if isinstance(value, CONTAINERS) and trace.place_of(value) is None and trace.birth(value) == trace.depth:
            if not isinstance(trace.resolve(value), Variable) and id(value) not in trace.dicts:
                trace.promote(value)


def loop_key(trace: Trace, loop: Loop) -> Any:
    frames = []
    frame = trace.frame()
    while frame is not None:
        frames.append((frame.file, frame.line, frame.function))
        frame = frame.caller
    return (loop.body.__code__, tuple(frames))


def comes_of_a_loop(body: Block, place: int) -> bool:
    """Whether a result of a body hangs on what a loop inside it gives."""
    todo: list[Value] = [] if body.results is None else [body.results[place]]
    seen: set[Value] = set()
    while todo:
        value = todo.pop()
        if value in seen or value.op is None:
            continue
        seen.add(value)
        if value.op.definition.name == "while_loop":
            return True
        todo += value.op.inputs
        for block in value.op.blocks:
            todo += block.results or ()
    return False


class _Retry(Signal):
    """The state has another structure than was assumed: trace the loop again."""


class Widened(Signal):
    """A loop inside this one has found that a type of its state changes, which it has from the state of this one: this
    one, whose state will change as well, is traced again at once, with that as a guess."""

    def __init__(self, stager: _LoopStager, types: dict[int, TensorType]):
        self.stager = stager
        self.types = types


class Found(Signal):
    """A loop inside this one has found captured names that are written, and that both must have as state."""

    def __init__(self, stager: _LoopStager):
        self.stager = stager


class _LoopStager:
    def __init__(self, trace: Trace, loop: Loop, memo: LoopMemo):
        self.trace = trace
        self.loop = loop
        self.memo = memo
        self.slots: dict[Any, Slot] = {}
        self.given: dict[Any, Any] = {}
        self.changed = "its state is an object"
        self.initial: list[Variable] = []
        self.depth = 0
        self.start = trace.starts[-1]
        self._add_cells()

    def stage(self) -> tuple[Any, ...]:
        for _ in range(MAX_ROUNDS * 4):
            try:
                with self.trace.attempt():
                    return self._stage()
            except _Retry:
                continue
            except Found as found:
                if found.stager is not self:
                    raise
                self._add_cells()
        raise CannotStage("the structure of its state does not become stable")

    def _stage(self) -> tuple[Any, ...]:
        if self.loop.source is not None:
            self.loop.iterable = self.loop.source()
        start = (*self.loop.state, *(slot.get() for slot in self.slots.values()))
        leaves: list[Any] = []
        shape = self.flatten(start, (), leaves)
        initial = self.initial = [self._lift_initial(leaf) for leaf in leaves]
        guess = [variable.type for variable in initial]
        if len(self.memo.types) == len(guess):
            guess = [join(a, b) for a, b in zip(guess, self.memo.types)]
        blocks, guess = self._settle(shape, guess)
        self.memo.types = tuple(guess)
        return self._emit(shape, initial, guess, blocks)

    def _settle(self, shape: Any, start: list[TensorType]) -> tuple[tuple[Block, ...], list[TensorType]]:
        """The Blocks, traced until the types of the state are stable, from what is known of them."""
        guess, told, round = start, set[int](), 0
        while True:
            mark = self.trace.mark()
            try:
                blocks, types = self._trace(shape, guess)
            except Widened as widened:
                if widened.stager is not self:
                    raise
                self.trace.rewind(mark)
                told |= set(widened.types)
                guess = [join(a, widened.types.get(place, a)) for place, a in enumerate(guess)]
                self._tell_loop_around(guess)
                continue
            body = blocks[0] if self.loop.iterable is not None else blocks[-1]
            if types == guess and all(comes_of_a_loop(body, place) for place in told):
                return blocks, guess
            self.trace.rewind(mark)
            if types == guess:  # what was told does not come back to the state: it may not have changed after all
                self.memo.is_told = False
                guess, told = start, set()
                continue
            round += 1
            guess = types if round < MAX_ROUNDS - 1 else [ANY] * len(guess)
            self._tell_loop_around(guess)

    def _tell_loop_around(self, guess: list[TensorType]) -> None:
        """Raises Widened where state of a loop around this one is what a state of another type starts from."""
        found: dict[int, TensorType] = {}
        around: Any = None
        for start, type in zip(self.initial, guess):
            stager, place = self.trace.loop_inputs.get(start.value, (None, 0))
            if stager is not None and stager.memo.is_told and join(start.type, type) != start.type:
                if around is None or around is stager:
                    around, found[place] = stager, join(start.type, type)
        if around is not None:
            raise Widened(around, found)

    def _emit(
        self, shape: Any, initial: list[Variable], types: list[TensorType], blocks: tuple[Block, ...]
    ) -> tuple[Any, ...]:
        inputs = tuple(variable.value for variable in initial)
        form = "while"
        if self.loop.iterable is not None:
            form, inputs = "for", (self.loop.iterable.value, *inputs)
        outputs = emit_control(self.trace, "while_loop", inputs, {"form": form}, types, blocks)
        self._hint([output.value for output in outputs], shape)
        final = self.unflatten(shape, iter(outputs))
        for slot, new in zip(self.slots.values(), final[len(self.loop.state) :]):
            self.trace.write(slot, new)
        return final[: len(self.loop.state)]

    def _lift_initial(self, leaf: Any) -> Variable:
        try:
            return self.trace.lift(leaf)
        except TracingError:
            raise CannotStage(self.changed) from None

    # State as a tree: tuples are taken apart, unless they turned out to change their structure

    def flatten(self, value: Any, path: tuple[int, ...], leaves: list[Any]) -> Any:
        value = self.trace.resolve(value)
        if is_plain_tuple(value) and (not path or path not in self.memo.packed):
            made = [self.flatten(item, (*path, index), leaves) for index, item in enumerate(value)]
            return type(value)._make(made) if hasattr(value, "_make") else tuple(made)
        if not can_be_state(self.trace, value) and path not in self.memo.lifted:
            return Fixed(value)
        leaves.append(value)
        return Column(len(leaves) - 1)

    def unflatten(self, shape: Any, variables: Any) -> Any:
        if isinstance(shape, Column):
            return next(variables)
        if isinstance(shape, Fixed):
            return shape.value
        filled = [self.unflatten(item, variables) for item in shape]
        return type(shape)._make(filled) if hasattr(shape, "_make") else tuple(filled)

    def match(self, shape: Any, value: Any, path: tuple[int, ...], leaves: list[Any]) -> None:
        """Takes the new state apart as `shape` was; a change of structure packs that place, and starts again."""
        if isinstance(shape, Column):
            leaves.append(value)
        elif isinstance(shape, Fixed):
            if not is_same(shape.value, value):
                self.changed = (
                    f"{self._name(path)} is {describe(shape.value)} before it and {describe(value)} after a turn"
                )
                self.memo.lifted.add(path)
                raise _Retry
        elif is_plain_tuple(value) and type(value) is type(shape) and len(value) == len(shape):
            for index, (inner, item) in enumerate(zip(shape, value)):
                self.match(inner, item, (*path, index), leaves)
        else:
            self.memo.packed.add(path)
            raise _Retry

    def _name(self, path: tuple[int, ...]) -> str:
        return repr(self.loop.names[path[0]]) if path and path[0] < len(self.loop.names) else "its state"

    # Tracing

    def _trace(self, shape: Any, guess: list[TensorType]) -> tuple[tuple[Block, ...], list[TensorType]]:
        tests: tuple[Block, ...] = ()
        if self.loop.test is not None:
            inputs = self._inputs(guess, shape)
            run = partial(self._call, self.loop.test, shape, inputs)
            tests = (trace_test(self.trace, "while_loop", run, inputs, self.given),)
        body, new, _ = self._trace_body(shape, guess)
        blocks = (body, *tests) if self.loop.iterable is not None else (*tests, body)
        if body.results is None:
            return blocks, list(guess)
        asked = [value in self.trace.asked for value in body.inputs[len(body.inputs) - len(guess) :]]
        found = zip(guess, new, self.initial, asked)
        types = [join(a, self._settled(b, start) if is_asked else b.type) for a, b, start, is_asked in found]
        return blocks, types

    def _settled(self, *values: Variable) -> TensorType:
        """The type of state of which a dtype or class was asked."""
        return reduce(join, map(self.trace.settled, values))

    def _trace_body(self, shape: Any, guess: list[TensorType]) -> tuple[Block, list[Variable], Any]:
        inputs = self._inputs(guess, shape)
        items: tuple[Value, ...] = ()
        if self.loop.iterable is not None:
            items = (Value(row_type(self.loop.iterable.type), self.loop.item_name),)
        lifted: list[Variable] = []
        self.trace.loop_inputs.update((value, (self, place)) for place, value in enumerate(inputs))

        def run() -> None:
            given = tuple(Variable(item, self.trace) for item in items)
            state = self._call(self.loop.body, shape, inputs, given)
            after = (*as_state(state, len(self.loop.state)), *(slot.get() for slot in self.slots.values()))
            leaves: list[Any] = []
            self.match(shape, after, (), leaves)
            with self.trace.ending(self.loop.body):
                lifted.extend(self._lift_final(leaf) for leaf in leaves)

        self.depth = self.trace.depth
        self.trace.open_loops.append(self)
        try:
            traced = trace_block(self.trace, "while_loop", run, (*items, *inputs))
        finally:
            self.trace.open_loops.pop()
        fresh = {key: slot for key, (slot, _) in traced.log.items() if key not in self.slots}
        if fresh:
            self.slots |= fresh
            self._note_cells(fresh)
            raise _Retry
        traced.block.results = tuple(variable.value for variable in lifted) if traced.reached else None
        return traced.block, lifted, None

    def _add_cells(self) -> None:
        """Takes the captured names that an earlier trace of this loop has found to be written into the state."""
        cells = cells_of(self.loop) if self.memo.cells else {}
        for name, is_own in self.memo.cells.items():
            if name in cells:
                slot = cell_slot(cells[name], self.start, is_own)
                self.slots.setdefault(slot.key, slot)

    def _note_cells(self, fresh: dict[Any, Slot]) -> None:
        """Notes the captured names among what was found, also for the loops around, the first of which starts again."""
        first = None
        for stager in (*self.trace.open_loops, self):
            names = {id(cell): name for name, cell in cells_of(stager.loop).items()}
            for key in [key for key in fresh if key in names and stager.lacks(key, fresh[key]) or stager is self]:
                if key in names:
                    stager.memo.cells[names[key]] = fresh[key].is_own
                    first = first or (stager if stager is not self else None)
        if first is not None:
            raise Found(first)

    def lacks(self, key: Any, slot: Slot) -> bool:
        """Whether a write of this slot, made in the body that is being traced, shows that the state is not complete."""
        return key not in self.slots and self.depth >= max(slot.depth, self.trace.birth_of_keep(slot))

    def _lift_final(self, leaf: Any) -> Variable:
        value = self.trace.resolve(leaf)
        if is_mutable(value) and self.trace.place_of(value) is None:
            if self.trace.birth(value) < self.trace.depth:
                raise Promote(value, self.trace.birth(value))
        try:
            return self.trace.lift(value)
        except TracingError:
            raise CannotStage(f"{describe(value)} cannot be state of a program") from None

    def _call(self, function: Any, shape: Any, inputs: tuple[Value, ...], items: tuple[Any, ...] = ()) -> Any:
        state = self.unflatten(shape, iter([Variable(value, self.trace) for value in inputs]))
        for slot, value in zip(self.slots.values(), state[len(self.loop.state) :]):
            self.trace.write(slot, value)
            self.given[slot.key] = value
        return function(*items, *state[: len(self.loop.state)])

    def _inputs(self, types: Sequence[TensorType], shape: Any) -> tuple[Value, ...]:
        values = tuple(Value(type) for type in types)
        self._hint(values, shape)
        return values

    def _hint(self, values: Sequence[Value], shape: Any) -> None:
        for name, part in zip(self.loop.names, shape):
            if isinstance(part, Column):
                values[part.index].hint = name
