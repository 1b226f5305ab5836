"""Branches and loop bodies traced into the Blocks of cond and while_loop ops.

Everything a branch or body does to what it did not make is an effect op in its Block, except for two things that live
in Python while tracing: local names, which are passed as state, and attributes and closure cells of objects made while
tracing. Writes to those are logged; at the end of the Block they are undone and become results of the op.

    s = 0                                       s = 0
    for v in x:                     →           s: ? = while_loop(for v: float32 in x, s = 0)
        s = s + v                                 body { s_2: ? = add(s, v)   return s_2 }

A loop body is traced again until the types of its state are stable; the next trace starts from what this one found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

import numpy as np

from dy2static.trace import Box, Diverged, LoopMemo, Promote, Region, Slot, Trace, Unroll, is_instance
from runtime import ops
from runtime.ir import Block, Call, Op, Value
from runtime.ir import Slot as Input
from runtime.opdef import TABLE
from runtime.tracer import TracingError, Variable, row_type
from runtime.types import ANY, UNDEFINED, TensorType, join

MAX_ROUNDS = 12
MAX_RETRIES = 200


class TestWrites(Exception):
    """The test of a while loop changes an attribute or a captured name, which is state of the loop."""


class CannotStage(Exception):
    """A branch or loop has state that a program cannot hold; the reason says which."""


@dataclass(slots=True)
class Traced:
    """A Block and what its code gave: `value` is None where its end is not reached."""

    block: Block
    value: Any
    log: dict[Any, tuple[Slot, Any]]
    reached: bool


def trace_block(
    trace: Trace,
    kind: str,
    function: Callable[[], Any],
    inputs: tuple[Value, ...] = (),
    boxes: dict[Any, Box] | None = None,
) -> Traced:
    """Runs `function` with its ops going to a new Block; `boxes` are those of a try statement."""
    region = Region(kind, Block(inputs), boxes)
    value, reached = None, True
    with trace.region(region):
        try:
            value = function()
        except Diverged:
            reached = False
        except Exception as error:
            if not trace.is_genuine(error):
                raise
            emit_raise(trace, error)
            reached = False
    return Traced(region.block, value, region.log, reached)


def emit_raise(trace: Trace, error: BaseException) -> None:
    """Stages an exception that the user's code has raised while it was traced."""
    op = trace.op(TABLE["raise"], (type(error), *error.args), {})
    op.outputs = ()
    op.frame = trace.raised_at(error)


def with_retries(trace: Trace, attempt: Callable[[], Any]) -> Any:
    """Makes an attempt again whenever a container made out here turns out to be changed inside."""
    for _ in range(MAX_RETRIES):
        try:
            with trace.attempt():
                return attempt()
        except Promote as promote:
            if promote.depth != trace.depth:
                raise
            container = promote.container
        trace.promote(container)
    raise CannotStage("it changes containers that are made anew whenever it is traced")


# cond


def stage_cond(
    trace: Trace, test: Variable, branches: Sequence[Callable[[], Any]], tests: Sequence[Callable[[], Any]] = ()
) -> Any:
    """Emits a cond op. `branches` are then, [then of each further test …], else; `tests` are those further tests."""
    return with_retries(trace, lambda: _stage_cond(trace, test, branches, tests))


def _stage_cond(
    trace: Trace, test: Variable, branches: Sequence[Callable[[], Any]], tests: Sequence[Callable[[], Any]]
) -> Any:
    traced = [trace_block(trace, "cond", branch) for branch in branches]
    test_blocks = [_trace_test(trace, "cond", function) for function in tests]
    slots = {key: slot for one in traced for key, (slot, _) in one.log.items()}
    merger = Merger(trace, [one for one in traced if one.reached])
    values = [
        (one.value, *(one.log[key][1] if key in one.log else slot.get() for key, slot in slots.items()))
        for one in traced
        if one.reached
    ]
    merged = merger.merge(values) if values else None
    blocks = [traced[0].block]
    for block, branch in zip(test_blocks, traced[1:-1]):
        blocks += [block, branch.block]
    blocks.append(traced[-1].block)
    outputs = emit_control(trace, "cond", (test.value,), {}, merger.types(), tuple(blocks))
    for one in traced:
        one.block.results = None if not one.reached else merger.results(one)
    if not values:
        raise Diverged
    value, *written = fill_columns(merged, outputs)
    for slot, new in zip(slots.values(), written):
        trace.write(slot, new)
    return value


def _trace_test(trace: Trace, kind: str, function: Callable[[], Any], inputs: tuple[Value, ...] = ()) -> Block:
    traced = trace_block(trace, kind, lambda: trace.lift(function()).value, inputs)
    if any(not (isinstance(new, Variable) and new.value in inputs) for _, new in traced.log.values()):
        raise TestWrites
    traced.block.results = (traced.value,) if traced.reached else None
    return traced.block


def emit_control(
    trace: Trace,
    name: str,
    inputs: tuple[Value, ...],
    kwargs: dict[str, Any],
    types: Sequence[TensorType],
    blocks: tuple[Block, ...],
) -> list[Variable]:
    unique = list(dict.fromkeys(inputs))
    call = Call(tuple(Input(unique.index(value)) for value in inputs), kwargs)
    op = trace.append(
        Op(TABLE[name], inputs if name == "while_loop" else tuple(unique), call, tuple(types), trace.frame(), blocks)
    )
    if name == "while_loop":
        op.call = Call(tuple(Input(index) for index in range(len(inputs))), kwargs)
    return [Variable(output, trace) for output in op.outputs]


@dataclass(frozen=True)
class Column:
    """The place of output number `index` in a merged value."""

    index: int


class Merger:
    """Joins what the branches of a cond give: what is the same in all stays, the rest becomes outputs of the op."""

    def __init__(self, trace: Trace, branches: list[Traced]):
        self.trace = trace
        self.branches = branches
        self.columns: list[list[Variable]] = []
        self.shared: dict[tuple[int, ...], Column] = {}

    def merge(self, values: Sequence[Any]) -> Any:
        first = values[0]
        if all(is_same(first, other) for other in values[1:]) and self._is_visible(first):
            return first
        if is_plain_tuple(first) and all(type(other) is type(first) and len(other) == len(first) for other in values):
            merged = [self.merge(items) for items in zip(*values)]
            return type(first)._make(merged) if hasattr(first, "_make") else tuple(merged)
        return self._column(values)

    def _is_visible(self, value: Any) -> bool:
        if isinstance(value, Variable):
            return self.trace.depths.get(value.value, 0) <= self.trace.depth
        if is_plain_tuple(value):
            return all(self._is_visible(item) for item in value)
        if isinstance(value, (list, dict, set)):
            return self.trace.birth(value) <= self.trace.depth
        return True

    def _column(self, values: Sequence[Any]) -> Column:
        lifted = []
        for branch, value in zip(self.branches, values):
            with self.trace.inside(branch.block):
                lifted.append(lift_inside(self.trace, value))
        key = tuple(id(variable.value) for variable in lifted)
        if key not in self.shared or len(self.branches) == 1:
            self.columns.append(lifted)
            self.shared[key] = Column(len(self.columns) - 1)
        return self.shared[key]

    def types(self) -> list[TensorType]:
        joined = []
        for column in self.columns:
            type = column[0].type
            for other in column[1:]:
                type = join(type, other.type)
            joined.append(type)
        return joined

    def results(self, branch: Traced) -> tuple[Value, ...]:
        index = self.branches.index(branch)
        return tuple(column[index].value for column in self.columns)


def lift_inside(trace: Trace, value: Any) -> Variable:
    """Lifts what a Block gives, at its end. Raises CannotStage for an object that a program cannot hold."""
    if is_mutable(trace.resolve(value)) and trace.place_of(value) is None and trace.birth(value) <= trace.depth:
        raise Promote(value, trace.birth(value))
    try:
        return trace.lift(value)
    except TracingError:
        raise CannotStage(f"{describe(value)} is not the same on every path") from None


def is_mutable(value: Any) -> bool:
    return isinstance(value, (list, dict, set, deque)) or is_instance(value)


def describe(value: Any) -> str:
    return f"{getattr(value, '__name__', None) or 'an object of class ' + type(value).__name__}"


def is_plain_tuple(value: Any) -> bool:
    return type(value) is tuple or isinstance(value, tuple) and hasattr(value, "_make")


def is_same(a: Any, b: Any) -> bool:
    """Whether two paths give the same thing, which then needs no output."""
    if isinstance(a, Variable) and isinstance(b, Variable):
        return a.value is b.value
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, (bool, int, str, bytes)):
        return bool(a == b)
    if isinstance(a, (float, complex, np.generic)):
        return repr(a) == repr(b)
    return is_plain_tuple(a) and len(a) == len(b) and all(map(is_same, a, b))


def fill_columns(merged: Any, outputs: Sequence[Any]) -> Any:
    if isinstance(merged, Column):
        return outputs[merged.index]
    if is_plain_tuple(merged):
        filled = [fill_columns(item, outputs) for item in merged]
        return type(merged)._make(filled) if hasattr(merged, "_make") else tuple(filled)
    return merged


# while_loop


@dataclass
class Loop:
    """A loop as the converted code hands it over; `iterable` is None for a while loop."""

    test: Callable[..., Any] | None
    body: Callable[..., Any]
    state: tuple[Any, ...]
    names: tuple[str, ...]
    iterable: Variable | None = None
    item_name: str = "item"


def stage_loop(trace: Trace, loop: Loop) -> tuple[Any, ...]:
    """Emits a while_loop op; gives the final state. Raises CannotStage, or Unroll of a region of this loop."""
    memo = trace.assumptions.loops.setdefault(loop_key(trace, loop), LoopMemo())
    if memo.unroll is not None:
        raise CannotStage(memo.unroll)
    try:
        return with_retries(trace, lambda: _LoopStager(trace, loop, memo).stage())
    except CannotStage as reason:
        memo.unroll = str(reason)
        raise
    except Unroll as unroll:
        if unroll.depth != trace.depth:
            raise
        memo.unroll = unroll.reason
        raise CannotStage(unroll.reason) from None


def loop_key(trace: Trace, loop: Loop) -> Any:
    frames = []
    frame = trace.frame()
    while frame is not None:
        frames.append((frame.file, frame.line, frame.function))
        frame = frame.caller
    return (loop.body.__code__, tuple(frames))


class _Retry(Exception):
    """The state has another structure than was assumed: trace the loop again."""


class _LoopStager:
    def __init__(self, trace: Trace, loop: Loop, memo: LoopMemo):
        self.trace = trace
        self.loop = loop
        self.memo = memo
        self.slots: dict[Any, Slot] = {}
        self.changed = "its state is an object"

    def stage(self) -> tuple[Any, ...]:
        for _ in range(MAX_ROUNDS * 4):
            try:
                with self.trace.attempt():
                    return self._stage()
            except _Retry:
                continue
        raise CannotStage("the structure of its state does not become stable")

    def _stage(self) -> tuple[Any, ...]:
        start = (*self.loop.state, *(slot.get() for slot in self.slots.values()))
        leaves: list[Any] = []
        shape = self.flatten(start, (), leaves)
        initial = [self._lift_initial(leaf) for leaf in leaves]
        guess = [variable.type for variable in initial]
        if len(self.memo.types) == len(guess):
            guess = [join(a, b) for a, b in zip(guess, self.memo.types)]
        for round in range(MAX_ROUNDS):
            length = len(self.trace.block.ops)
            blocks, types = self._trace(shape, guess)
            if types == guess:
                break
            guess = types if round < MAX_ROUNDS - 2 else [ANY] * len(guess)
            del self.trace.block.ops[length:]
        self.memo.types = tuple(guess)
        return self._emit(shape, initial, guess, blocks)

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
            tests = (_trace_test(self.trace, "while_loop", run, inputs),)
        body, new, _ = self._trace_body(shape, guess)
        blocks = (body, *tests) if self.loop.iterable is not None else (*tests, body)
        types = [join(a, variable.type) for a, variable in zip(guess, new)] if body.results is not None else list(guess)
        return blocks, types

    def _trace_body(self, shape: Any, guess: list[TensorType]) -> tuple[Block, list[Variable], Any]:
        inputs = self._inputs(guess, shape)
        items: tuple[Value, ...] = ()
        if self.loop.iterable is not None:
            items = (Value(row_type(self.loop.iterable.type), self.loop.item_name),)
        lifted: list[Variable] = []

        def run() -> None:
            given = tuple(Variable(item, self.trace) for item in items)
            state = self._call(self.loop.body, shape, inputs, given)
            after = (*as_state(state, len(self.loop.state)), *(slot.get() for slot in self.slots.values()))
            leaves: list[Any] = []
            self.match(shape, after, (), leaves)
            lifted.extend(self._lift_final(leaf) for leaf in leaves)

        traced = trace_block(self.trace, "while_loop", run, (*items, *inputs))
        fresh = {key: slot for key, (slot, _) in traced.log.items() if key not in self.slots}
        if fresh:
            self.slots |= fresh
            raise _Retry
        traced.block.results = tuple(variable.value for variable in lifted) if traced.reached else None
        return traced.block, lifted, None

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
        return function(*items, *state[: len(self.loop.state)])

    def _inputs(self, types: Sequence[TensorType], shape: Any) -> tuple[Value, ...]:
        values = tuple(Value(type) for type in types)
        self._hint(values, shape)
        return values

    def _hint(self, values: Sequence[Value], shape: Any) -> None:
        for name, part in zip(self.loop.names, shape):
            if isinstance(part, Column):
                values[part.index].hint = name


@dataclass(frozen=True)
class Fixed:
    """State that is the same object in every turn."""

    value: Any


def can_be_state(trace: Trace, value: Any) -> bool:
    if isinstance(
        value,
        (Variable, bool, int, float, complex, str, bytes, type(None), np.generic, np.dtype, list, dict, tuple, slice),
    ):
        return True
    return value is UNDEFINED or isinstance(value, (np.ndarray, range, set, Enum))


def as_state(state: Any, count: int) -> tuple[Any, ...]:
    """What a generated body returned, as a tuple: bare for one name, None for no name."""
    if count == 0:
        return ()
    return (state,) if count == 1 else tuple(state)


__all__ = ["CannotStage", "TestWrites", "Loop", "Traced", "emit_raise", "ops", "stage_cond", "stage_loop"]
