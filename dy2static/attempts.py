"""`try` statements staged as a try op, whose Blocks are the body, the handlers, the else and the finally part.

A name that a part writes has to be seen by the next one with the value it had when the exception came. So those names
live in boxes, lists of one item in the program: each write puts the value into its box, and each part starts by
reading them.

    try:                           box = pack([r])
        r = x / y           →      try() body { v: float = divide(x, y)   box[0] = v }
    except ZeroDivisionError:        except ZeroDivisionError { box[0] = 0.0 }
        r = 0.0                    r: float = box[0]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import CellType, CodeType, FunctionType
from typing import Any

from dy2static.native import native
from dy2static.regions import CannotStage, Traced, trace_block, with_retries
from dy2static.signals import Boxed, Diverged, Promote, Signal, Staged
from dy2static.slots import Box, Region, are_settled, cell_slot, open_box, own_boxes
from dy2static.stopping import catching
from dy2static.trace import Trace
from runtime.ir import Block, Call, Op, Value
from runtime.opdef import TABLE
from runtime.tracer import Variable
from runtime.types import python

MAX_ROUNDS = 24


class Attempt:
    """A try statement as the converted code hands it over; a handler's classes are None for a bare `except:`."""

    __slots__ = ("body", "handlers", "orelse", "final")

    def __init__(
        self,
        body: Callable[[], Any],
        handlers: Sequence[tuple[Callable[[], Any] | None, Callable[[Any], Any]]],
        orelse: Callable[[], Any] | None = None,
        final: Callable[[], Any] | None = None,
    ):
        self.body = body
        self.handlers = handlers
        self.orelse = orelse
        self.final = final


def run_attempt(attempt: Attempt) -> None:
    """What a try statement means for plain Python."""
    try:
        try:
            attempt.body()
        except BaseException as error:
            handler = _handler(attempt, error)
            if handler is None:
                raise
            handler(error)
        else:
            if attempt.orelse is not None:
                attempt.orelse()
    finally:
        if attempt.final is not None:
            attempt.final()


def _handler(attempt: Attempt, error: BaseException) -> Callable[[Any], Any] | None:
    for classes, handler in attempt.handlers:
        if classes is None or isinstance(error, classes()):
            return handler
    return None


def stage_attempt(trace: Trace, attempt: Attempt) -> None:
    """Emits a try op, where its body needs one. Raises Diverged where no path comes to its end."""
    known = run_now(trace, attempt.body)
    if known is not None:
        return _go_on(trace, attempt, known.error)
    memo = trace.assumptions.boxed.setdefault((code_of(attempt.body), trace.frame()), {})
    boxes = _known_boxes(trace, attempt, memo)
    for _ in range(MAX_ROUNDS):
        try:
            parts = with_retries(trace, lambda: _stage(trace, attempt, boxes))
        except Signal:
            _remember(trace, attempt, boxes, memo)
            raise
        is_settled = are_settled(own_boxes(trace, boxes))
        _remember(trace, attempt, boxes, memo)
        is_reached = _reaches_its_end(attempt, parts)
        # What does not come to its end tells nobody around of what it writes, and settles by itself.
        if not is_settled and not (is_reached and _is_traced_again(trace, boxes)):
            continue
        if not is_reached:
            raise Diverged  # out here: an attempt that ends by it drops its ops
        for box in boxes.values():
            if box.variable is None:
                box.open(trace)
            trace.write(box.slot, box.read(trace))
        return None
    raise CannotStage("the values that its parts write do not become stable")


def _cells(attempt: Attempt) -> dict[str, CellType]:
    """The captured names of all parts."""
    parts = [attempt.body, *(handler for _, handler in attempt.handlers), attempt.orelse, attempt.final]
    functions = [part for part in (getattr(one, "func", one) for one in parts) if isinstance(part, FunctionType)]
    return {name: cell for part in functions for name, cell in zip(part.__code__.co_freevars, part.__closure__ or ())}


def _known_boxes(trace: Trace, attempt: Attempt, memo: dict[str, Boxed]) -> dict[Any, Box]:
    """The boxes of the names that an earlier trace of this statement has found to be written."""
    cells, boxes = _cells(attempt), {}
    for name, boxed in memo.items():
        if name in cells:
            slot = cell_slot(cells[name], trace.starts[-1], boxed.is_own)
            boxes[slot.key] = open_box(slot.key, trace.regions) or Box(slot, boxed.type)
    return boxes


def _remember(trace: Trace, attempt: Attempt, boxes: dict[Any, Box], memo: dict[str, Boxed]) -> None:
    for name, cell in _cells(attempt).items():
        box = boxes.get(id(cell))
        if box is not None:
            memo[name] = Boxed(box.type, box.slot.is_own)


@dataclass(eq=False, repr=False)
class Outcome:
    """How plain Python ended."""

    error: Exception | None = None


def code_of(body: Any) -> CodeType | None:
    """The code of a part of a try statement; of a handler with its exception, that of the handler."""
    return getattr(getattr(body, "func", body), "__code__", None)


def run_now(trace: Trace, body: Callable[[], Any]) -> Outcome | None:
    """Runs a body in which nothing depends on a staged value; None, and nothing done, where an op is needed."""
    region, error = Region("try", Block()), None
    code = code_of(body)
    if code in trace.assumptions.staged_bodies:
        return None  # tried before: nested statements would be tried anew at every level
    try:
        with trace.speculation(region):
            body()
    except Staged:
        trace.assumptions.staged_bodies.add(code)
        if trace.speculations:
            raise  # what runs around it is no more plain Python than this
        return None
    except Promote as promote:
        if promote.depth != trace.depth:
            raise
        return None
    except Exception as caught:
        if not trace.is_genuine(caught):
            raise
        error = caught
    trace.keep(region)
    return Outcome(error)


def _go_on(trace: Trace, attempt: Attempt, error: Exception | None) -> None:
    """What follows a body whose outcome is known while tracing."""
    rest: Callable[[], Any] | None = attempt.orelse
    if error is not None:
        handler = _handler(attempt, error)
        if handler is None:
            return _leave(attempt, error)
        rest = partial(handler, error)
    with chained(error):
        if rest is not None and attempt.final is not None:
            stage_attempt(trace, Attempt(rest, (), None, attempt.final))
        elif rest is not None or attempt.final is not None:
            (rest or attempt.final)()  # type: ignore[misc]


def _leave(attempt: Attempt, error: Exception) -> None:
    if attempt.final is not None:
        with chained(error):
            attempt.final()
    raise error


@contextmanager
def chained(error: Exception | None) -> Iterator[None]:
    """What is raised while `error` is handled has it as its `__context__`, as in Python's own handlers."""
    try:
        yield
    except Exception as raised:
        if error is not None and raised is not error and raised.__context__ is None:
            raised.__context__ = error
        raise


def _is_traced_again(trace: Trace, boxes: dict[Any, Box]) -> bool:
    """Whether a statement around this one has no box yet for a place that this one has found to be written: it is
    traced again, and this one within it; it need not settle before."""
    found = [key for key, box in boxes.items() if box.variable is None]
    around = [region.boxes for region in trace.regions if region.boxes is not None]
    if any(key in known and known[key].variable is None for known in around for key in found):
        return True
    return any(loop.lacks(key, boxes[key].slot) for loop in trace.open_loops for key in found)


def _stage(trace: Trace, attempt: Attempt, boxes: dict[Any, Box]) -> list[Traced]:
    """One round. Where a part has written a place that had no box, or a type that its box had not, nothing of it stays,
    and the boxes are not settled."""
    mark = trace.mark()
    for box in own_boxes(trace, boxes).values():
        box.open(trace)
    classes = [None if lazy is None else native(trace, lazy) for lazy, _ in attempt.handlers]
    with catching(trace, classes):
        parts = [_part(trace, boxes, attempt.body, first=True)]
    for _, handler in attempt.handlers:
        parts.append(_handler_part(trace, boxes, handler))
    parts += [_part(trace, boxes, part) for part in (attempt.orelse, attempt.final) if part is not None]
    if not are_settled(own_boxes(trace, boxes)):
        trace.rewind(mark)
        return parts
    kwargs = {"classes": classes, "orelse": attempt.orelse is not None, "final": attempt.final is not None}
    trace.append(Op(TABLE["try"], (), Call((), kwargs), (), trace.frame(), tuple(part.block for part in parts)))
    for part in parts:
        part.block.results = () if part.reached else None
    return parts


def _reaches_its_end(attempt: Attempt, parts: list[Traced]) -> bool:
    count = len(attempt.handlers)
    normal = parts[0].reached and (attempt.orelse is None or parts[1 + count].reached)
    handled = any(part.reached for part in parts[1 : 1 + count])
    return (normal or handled) and (attempt.final is None or parts[-1].reached)


def _part(
    trace: Trace, boxes: dict[Any, Box], function: Callable[..., Any], first: bool = False, *inputs: Value
) -> Traced:
    def run() -> None:
        if not first:
            for box in boxes.values():
                box.slot.set(box.read(trace))
        function(*(Variable(value, trace) for value in inputs))

    before = [(box.slot, box.slot.get()) for box in boxes.values()]
    try:
        return trace_block(trace, "try", run, inputs, boxes)
    finally:
        for slot, old in before:
            slot.set(old)


def _handler_part(trace: Trace, boxes: dict[Any, Box], handler: Callable[[Any], Any]) -> Traced:
    return _part(trace, boxes, handler, False, Value(python(None), "error"))
