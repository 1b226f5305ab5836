"""Branches and loop bodies traced into the Blocks of cond and while_loop ops.

Everything a branch or body does to what it did not make is an effect op in its Block, except for two things that live
in Python while tracing: local names, which are passed as state, and attributes and closure cells of objects made while
tracing. Writes to those are logged; at the end of the Block they are undone and become results of the op.

What stages them stands in branches, loops, attempts and recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dy2static.exceptions import raise_in_program
from dy2static.signals import Diverged, Promote
from dy2static.slots import Box, Region, Slot
from dy2static.stopping import as_it_leaves
from dy2static.structure import describe, is_mutable
from dy2static.trace import Trace
from runtime.ir import Block, Call, Op, Value
from runtime.ir import Slot as Input
from runtime.opdef import TABLE
from runtime.tracer import TracingError, Variable
from runtime.types import TensorType

NOTHING: dict[Any, Any] = {}
MAX_RETRIES = 200


class TestWrites(Exception):
    """The test of a while loop changes an attribute or a captured name, which is state of the loop."""


class CannotStage(Exception):
    """A branch or loop has state that a program cannot hold; the reason says which."""

    def __init__(self, reason: str, cure: str | None = None):
        super().__init__(reason)
        self.cure = cure


class Traced:
    """A Block and what its code gave: `value` is None where its end is not reached."""

    __slots__ = ("region", "value", "reached")

    def __init__(self, region: Region, value: Any, reached: bool):
        self.region = region
        self.value = value
        self.reached = reached

    @property
    def block(self) -> Block:
        return self.region.block

    @property
    def log(self) -> dict[Any, tuple[Slot, Any]]:
        return self.region.log


def trace_block(
    trace: Trace,
    kind: str,
    function: Callable[[], Any],
    inputs: tuple[Value, ...] = (),
    boxes: dict[Any, Box] | None = None,
) -> Traced:
    """Runs `function` with its ops going to a new Block; `boxes` are those of a try statement."""
    region = Region(kind, Block(inputs), boxes, function)
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
    return Traced(region, value, reached)


def emit_raise(trace: Trace, error: BaseException) -> None:
    """Stages an exception that the user's code has raised while it was traced."""
    op = raise_in_program(trace, as_it_leaves(trace, error))
    op.frame = trace.lines.raised_at(error)


def with_retries(trace: Trace, attempt: Callable[[], Any], note: Callable[[Any], None] | None = None) -> Any:
    """Makes an attempt again whenever a container made out here turns out to be changed inside, of which it is told."""
    for _ in range(MAX_RETRIES):
        try:
            with trace.attempt():
                return attempt()
        except Promote as promote:
            if promote.depth != trace.depth:
                raise
            container = promote.container
        if note is not None:
            note(container)
        trace.promote(container)
    raise CannotStage("it changes containers that are made anew whenever it is traced")


def trace_test(
    trace: Trace,
    kind: str,
    function: Callable[[], Any],
    inputs: tuple[Value, ...] = (),
    given: dict[Any, Any] = NOTHING,
) -> Block:
    """The Block of a test, which writes nothing besides the state that it was `given`."""
    traced = trace_block(trace, kind, lambda: trace.lift(function()).value, inputs)
    if any(new is not given.get(key, traced) for key, (_, new) in traced.log.items()):
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


def lift_inside(trace: Trace, value: Any) -> Variable:
    """Lifts what a Block gives, at its end. Raises CannotStage for an object that a program cannot hold."""
    if is_mutable(trace.resolve(value)) and trace.place_of(value) is None and trace.birth(value) < trace.depth:
        raise Promote(value, trace.birth(value))
    try:
        return trace.lift(value)
    except TracingError:
        raise CannotStage(f"{describe(value)} is not the same on every path") from None


