"""A function that calls itself to a depth that is known only when the program runs, as a function of the program.

    def fact(n):                                         fact = define()
        return 1 if n <= 1 else n * fact(n - 1)     →      fact(n: int) { … v: ? = call(fact, n - 1) … return v }
                                                         v: ? = call(fact, n)

Parameters that are data become parameters of that function; the others (objects, functions) have to be the same at
every depth.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Any

from dy2static.regions import CannotStage, lift_inside, trace_block, with_retries
from dy2static.signals import Diverged, Restart
from dy2static.signature import own_signature
from dy2static.structure import can_be_state
from dy2static.trace import Trace
from runtime.ir import Call, Op, Slot, Value
from runtime.opdef import TABLE
from runtime.tracer import TracingError, Variable
from runtime.types import ANY, TensorType, join, python

MAX_DEPTH = 60
MAX_ROUNDS = 12


@dataclass
class Definition:
    """A function of the program while its body is traced."""

    function: Value
    types: list[TensorType]


def is_recursive(trace: Trace, function: FunctionType) -> bool:
    """Whether `function` is to be a function of the program. A trace that goes too deep starts again with that
    known."""
    code = function.__code__
    if code in trace.assumptions.recursive:
        return True
    if trace.calls.count(code) > MAX_DEPTH:
        trace.assumptions.recursive.add(code)
        raise Restart
    return False


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
        return _call(trace, known.function, lifted, ANY)
    if len(trace.definitions) > MAX_DEPTH:
        raise TracingError(f"{function.__name__}() calls itself with objects that differ at every depth")

    def attempt() -> tuple[Value, TensorType]:
        known = Definition(Value(python(None), function.__name__), [variable.type for variable in lifted])
        trace.definitions[key] = known
        try:
            return _define(trace, known, bound, list(data), run)
        finally:
            del trace.definitions[key]

    defined, result = with_retries(trace, attempt)
    return _call(trace, defined, lifted, result)


def _define(
    trace: Trace, known: Definition, bound: inspect.BoundArguments, names: list[str], run: Callable[..., Any]
) -> tuple[Value, TensorType]:
    """Traces the body until the types of its parameters are stable, and emits it."""
    for _ in range(MAX_ROUNDS):
        types = list(known.types)
        parameters = tuple(Value(type, name) for type, name in zip(types, names))
        body = partial(_body, trace, bound, names, parameters, run)
        traced = trace_block(trace, "function", body, (known.function, *parameters))
        if known.types == types:
            break
    if traced.log:
        raise CannotStage("a recursive function changes an attribute or a captured name")
    if not traced.reached:
        raise Diverged
    traced.block.results = (traced.value.value,)
    call = Call((), {"name": known.function.hint})
    op = trace.append(Op(TABLE["define"], (), call, (python(None),), trace.frame(), (traced.block,)))
    op.outputs[0].hint = known.function.hint
    return op.outputs[0], traced.value.type


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
    return lift_inside(trace, run(*inner.args, **inner.kwargs))


def _call(trace: Trace, function: Value, arguments: list[Variable], type: TensorType) -> Variable:
    inputs = (function, *(variable.value for variable in arguments))
    call = Call(tuple(Slot(index) for index in range(len(inputs))))
    op = trace.append(Op(TABLE["call"], inputs, call, (type,), trace.frame()))
    return Variable(op.outputs[0], trace)
