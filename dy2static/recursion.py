"""A function that calls itself to a depth that is known only when the program runs, as a function of the program.

    def fact(n):                                         fact = define()
        return 1 if n <= 1 else n * fact(n - 1)     →      fact(n: int) { … v: ? = call(fact, n - 1) … return v }
                                                         v: ? = call(fact, n)

Parameters that are data become parameters of that function; the others (objects, functions) have to be the same at
every depth. Attributes and captured names that it writes live in boxes, as those of a try statement do.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Any

from dy2static.regions import CannotStage, Traced, lift_inside, trace_block, with_retries
from dy2static.signals import Diverged, Restart
from dy2static.signature import own_signature
from dy2static.slots import Box, are_settled, own_boxes
from dy2static.structure import can_be_state
from dy2static.trace import Trace
from runtime.ir import Call, Op, Slot, Value
from runtime.opdef import TABLE
from runtime.tracer import TracingError, Variable
from runtime.types import ANY, TensorType, join, python

MAX_DEPTH = 60
MAX_CHOSEN = 12  # of calls each of which a branch decides upon, where all that they are given is data
MAX_ROUNDS = 12


@dataclass(eq=False, repr=False)
class Definition:
    """A function of the program while its body is traced."""

    function: Value
    types: list[TensorType]
    boxes: dict[Any, Box]
    cache: dict[str, Any] | None = None


def is_recursive(trace: Trace, function: FunctionType, given: Any) -> bool:
    """Whether `function` is to be a function of the program. A trace that goes too deep starts again with that
    known."""
    code = function.__code__
    if code in trace.assumptions.recursive:
        return True
    depths = [depth for called, depth in trace.calls if called is code]
    if len(depths) > MAX_DEPTH or len(set(depths)) > MAX_CHOSEN and is_data_only(trace, given):
        trace.assumptions.recursive.add(code)
        raise Restart
    return False


def is_data_only(trace: Trace, given: tuple[tuple[Any, ...], dict[str, Any]]) -> bool:
    args, kwargs = given
    return all(can_be_state(trace, trace.resolve(value)) for value in (*args, *kwargs.values()))


def call_recursive(
    trace: Trace, function: FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any], run: Callable[..., Any]
) -> Any:
    """Stages a call; `run(*args, **kwargs)` is the converted function."""
    bound = own_signature(function).bind(*args, **kwargs)
    data = {name: value for name, value in bound.arguments.items() if can_be_state(trace, trace.resolve(value))}
    fixed = tuple((name, id(value)) for name, value in bound.arguments.items() if name not in data)
    lifted = [trace.lift(value) for value in data.values()]
    key = (function.__code__, tuple(data), fixed)
    known = trace.definitions.get(key)
    if known is not None:
        known.types = [join(a, b.type) for a, b in zip(known.types, lifted)]
        result = emit_call(trace, known.function, lifted, ANY)
        read_boxes(trace, known.boxes)
        return result
    if len(trace.definitions) > MAX_DEPTH:
        raise TracingError(f"{function.__name__}() calls itself with objects that differ at every depth")

    boxes: dict[Any, Box] = {}

    def attempt() -> tuple[Value, TensorType] | None:
        mark, found = trace.mark(), len(boxes)
        for box in own_boxes(trace, boxes).values():
            box.open(trace)
        known = Definition(Value(python(None), function.__name__), [variable.type for variable in lifted], boxes)
        trace.definitions[key] = known
        try:
            defined = define(trace, known, bound, list(data), run)
        finally:
            del trace.definitions[key]
        # What was found to be written only now was read by its value out here, and not when the function is called.
        if len(boxes) > found or not are_settled(own_boxes(trace, boxes)):
            trace.rewind(mark)
            return None
        return defined

    for _ in range(MAX_ROUNDS):
        made = with_retries(trace, attempt)
        if made is not None:
            result = emit_call(trace, made[0], lifted, made[1])
            read_boxes(trace, boxes)
            return result
    raise CannotStage("a recursive function changes attributes or captured names of objects that differ at every depth")


def read_boxes(trace: Trace, boxes: dict[Any, Box]) -> None:
    """What the call has written, seen by the code after it."""
    for box in list(boxes.values()):
        if box.variable is not None:
            trace.write(box.slot, box.read(trace))


def define(
    trace: Trace, known: Definition, bound: inspect.BoundArguments, names: list[str], run: Callable[..., Any]
) -> tuple[Value, TensorType]:
    """Traces the body until the types of its parameters are stable, and emits it."""
    for _ in range(MAX_ROUNDS):
        types = list(known.types)
        parameters = tuple(Value(type, name) for type, name in zip(types, names))
        body = partial(_body, trace, bound, names, parameters, run)
        traced = _trace_body(trace, known, body, parameters)
        if known.types == types:
            break
    if not traced.reached:
        raise Diverged
    traced.block.results = (traced.value.value,)
    call = Call((), {"name": known.function.hint, **({} if known.cache is None else {"cache": known.cache})})
    op = trace.append(Op(TABLE["define"], (), call, (python(None),), trace.frame(), (traced.block,)))
    op.outputs[0].hint = known.function.hint
    return op.outputs[0], traced.value.type


def _trace_body(
    trace: Trace, known: Definition, body: Callable[[], Any], parameters: tuple[Value, ...]
) -> Traced:
    """The body starts with what its boxes hold when it is called."""
    before = [(box.slot, box.slot.get()) for box in known.boxes.values()]

    def run() -> Any:
        for box in known.boxes.values():
            if box.variable is not None:
                box.slot.set(box.read(trace))
        return body()

    try:
        return trace_block(trace, "function", run, (known.function, *parameters), known.boxes)
    finally:
        for slot, old in before:
            slot.set(old)


def _body(
    trace: Trace,
    bound: inspect.BoundArguments,
    names: list[str],
    parameters: tuple[Value, ...],
    run: Callable[..., Any],
) -> Variable:
    arguments = dict(bound.arguments)
    arguments.update({name: Variable(value, trace) for name, value in zip(names, parameters)})
    inner = inspect.BoundArguments(bound.signature, arguments)
    result = run(*inner.args, **inner.kwargs)
    with trace.ending(run):
        return lift_inside(trace, result)


def emit_call(trace: Trace, function: Value, arguments: list[Variable], type: TensorType) -> Variable:
    inputs = (function, *(variable.value for variable in arguments))
    call = Call(tuple(Slot(index) for index in range(len(inputs))))
    op = trace.append(Op(TABLE["call"], inputs, call, (type,), trace.frame()))
    return Variable(op.outputs[0], trace)
