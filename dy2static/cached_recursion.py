"""A function that has a cache of its own and calls itself, as a function of the program that has the cache.

    @cache                                               fib = define(cache={'maxsize': None, 'typed': False})
    def fib(n):                                            fib(n: int) { … v: ? = call(fib, n - 1) … return v }
        return n if n < 2 else fib(n - 1) + fib(n - 2)   v: ? = call(fib, n)
    return fib(n)                                    →

All calls have to reach one cache. So the function is defined where the user's code makes it, with parameters of types
that fit each call; one that such functions call in turn before it is defined is kept in a list of the program until
then. What it reads of its surroundings has to be the same at each call.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from dy2static.memos import are_same, captured_by, is_itself
from dy2static.recursion import MAX_DEPTH, MAX_ROUNDS, Definition, define, emit_call, read_boxes
from dy2static.regions import CannotStage, with_retries
from dy2static.signals import Refused
from dy2static.signature import own_signature
from dy2static.slots import are_settled, own_boxes
from dy2static.structure import can_be_state
from dy2static.trace import Trace
from dy2static.values import python_class
from runtime.ir import Block, Value, walk
from runtime.ops import writes
from runtime.plan import free_values
from runtime.tracer import TracingError, Variable
from runtime.types import ANY, TensorType, join, python

ARGUMENT = "pass that as an argument, or take the cache away"
ALIKE = "call it in one way everywhere, all arguments by their place"


@dataclass(eq=False, repr=False)
class Kept(Definition):
    """A function of the program with a cache.

    maker    the user's function with its cache
    block    where it is defined
    held     what it had captured then
    forms    how it was called: how many arguments stand by place, and the names of the others
    classes  of its arguments, in the calls so far
    given    what stands for it after its definition, and the type of what it gives
    box      the list that holds it for those that call it before
    """

    maker: Any = None
    block: Block = field(default_factory=Block)
    held: dict[Any, Any] = field(default_factory=dict)
    forms: set[Any] = field(default_factory=set)
    classes: set[Any] = field(default_factory=set)
    given: tuple[Value, TensorType] | None = None
    box: Variable | None = None

    def is_there(self, trace: Trace) -> bool:
        if self.block not in trace.blocks:
            return False
        return self.given is None or self.given[0].op in self.block.ops


def call_kept(
    trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], run: Callable[..., Any]
) -> Any:
    """Stages a call of `function`, which is an lru_cache; `run(*args, **kwargs)` is what it wraps, converted."""
    bound = bind(trace, function, args, kwargs)
    data = {name: value for name, value in bound.arguments.items() if can_be_state(trace, trace.resolve(value))}
    others = {name: value for name, value in bound.arguments.items() if name not in data}
    if not all(map(is_one, others.values())):
        cure = "give it numbers, texts or tuples, or take the cache away"
        raise Refused(f"{function.__name__}() has a cache and is given objects that may equal others", cure)
    lifted = [trace.lift(value) for value in data.values()]
    key = (id(function), tuple(data), tuple((name, id(value)) for name, value in others.items()))
    known = next((one for one in trace.kept.get(key, ()) if one.is_there(trace)), None)
    types = [variable.type for variable in lifted]
    asked = (function.__wrapped__.__code__, tuple(data))
    if known is None:
        learned = trace.assumptions.parameters.get(asked, types)
        known = define_kept(trace, function, key, bound, list(data), [*map(join, learned, types)], run)
    widened = [join(a, b) for a, b in zip(known.types, types)]
    if known.given is not None and widened != known.types:
        trace.assumptions.parameters[asked] = widened
        trace.restart()
    known.types = widened
    known.forms.add((len(args), tuple(kwargs), len(bound.arguments)))
    known.classes.add(tuple(python_class(variable) for variable in lifted))
    check_keys(known, function)
    if known.given is not None:
        fill_boxes(trace, known, function.__wrapped__)
    result = emit_call(trace, callee(trace, known), lifted, known.given[1] if known.given is not None else ANY)
    read_boxes(trace, known.boxes)
    return result


def bind(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> inspect.BoundArguments:
    """The arguments by name, also those that are left out where they may be keys."""
    signature = own_signature(function.__wrapped__)
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise trace.own(error)
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            raise Refused(f"{function.__name__}() has a cache and takes names that it does not tell", ALIKE)
        if name not in bound.arguments and isinstance(parameter.default, (*PLAIN, Variable)):
            bound.arguments[name] = parameter.default
    bound.arguments = {name: bound.arguments[name] for name in signature.parameters if name in bound.arguments}
    return bound


def is_one(value: Any) -> bool:
    """Whether something that is no data is a key that equals itself alone."""
    return isinstance(value, (FunctionType, MethodType, ModuleType, type)) or is_itself(value)


def define_kept(
    trace: Trace,
    function: Any,
    key: Any,
    bound: inspect.BoundArguments,
    names: list[str],
    types: list[TensorType],
    run: Callable[..., Any],
) -> Kept:
    """Defines a function in the Block where the user's code makes it."""
    if sum(one[0] == key[0] for one in trace.kept) > MAX_DEPTH:
        raise TracingError(f"{function.__name__}() calls itself with objects that differ at every depth")
    boxes: dict[Any, Any] = {}

    def attempt() -> Kept | None:
        found = len(boxes)
        mark = trace.mark()
        for box in own_boxes(trace, boxes).values():
            box.open(trace)
        own = Value(python(None), function.__name__)
        known = Kept(own, list(types), boxes, function.cache_parameters(), function, trace.block)
        known.held = captured_by(trace, function.__wrapped__)
        trace.kept.setdefault(key, []).insert(0, known)
        try:
            known.given = define(trace, known, bound, names, run)
        finally:
            if known.given is None:
                trace.kept[key].remove(known)
        if len(boxes) > found or not are_settled(own_boxes(trace, boxes)):
            trace.kept[key].remove(known)
            types[:] = known.types
            trace.rewind(mark)
            return None
        if known.box is not None:
            trace.emit("setitem", known.box, 0, Variable(known.given[0], trace))
        return known

    with at_birth(trace, function):
        for _ in range(MAX_ROUNDS):
            made = with_retries(trace, attempt)
            if made is not None:
                return made
    raise CannotStage("a recursive function changes attributes or captured names of objects that differ at every depth")


@contextmanager
def at_birth(trace: Trace, function: Any) -> Iterator[None]:
    """Traces where a function was made, and refuses what uses values of the branches and loops further in."""
    depth = trace.birth(function)
    inputs = {value for region in trace.regions[depth:] for value in region.block.inputs}
    block = trace.blocks[depth]
    before = len(block.ops)
    with further_out(trace, depth):
        yield
    used = {value for op in block.ops[before:] for value in free_values(op)}
    if any(value in inputs or trace.depths.get(value, 0) > depth for value in used):
        raise Refused(f"{function.__name__}() has a cache and reads what changes in a branch or loop", ARGUMENT)


@contextmanager
def further_out(trace: Trace, depth: int) -> Iterator[None]:
    """Traces to the end of a Block that is being traced, ahead of the branches and loops in it."""
    inner, staged = trace.regions[depth:], trace.staged
    del trace.regions[depth:]
    trace.staged = {key: entry for key, entry in staged.items() if entry[2] <= depth}
    try:
        with trace.inside(trace.blocks[depth]):
            yield
    finally:
        trace.regions += inner
        trace.staged = {**staged, **trace.staged}


def callee(trace: Trace, known: Kept) -> Value:
    """What stands for a function with a cache here: in its own body, after its definition, or before that."""
    if any(region.block.inputs[:1] == (known.function,) for region in trace.regions):
        return known.function
    if known.given is not None:
        return known.given[0]
    if known.box is None:
        with further_out(trace, trace.blocks.index(known.block)):
            known.box = trace.emit("pack", [None])
            known.box.value.type = python(list)
    held: Variable = trace.emit("getitem", known.box, 0)
    held.value.type = python(None)
    return held.value


def fill_boxes(trace: Trace, known: Kept, function: FunctionType) -> None:
    """What the function reads and writes, as it is before this call of it."""
    if not are_same(captured_by(trace, function), known.held, known.boxes):
        raise Refused(f"{known.maker.__name__}() has a cache, and what it reads changes between its calls", ARGUMENT)
    for box in known.boxes.values():
        before = box.type
        box.put(trace, box.slot.get())
        if box.type != before:
            raise Refused(f"{known.maker.__name__}() has a cache, and what it writes is of several types", ARGUMENT)


def check_keys(known: Kept, function: Any) -> None:
    """Refuses calls of several forms where it shows that Python takes them for several keys."""
    if len(known.forms) < 2 and not any(names for _, names, _ in known.forms):
        if all(count == bound for count, _, bound in known.forms):
            return
    plain = all(cls in PLAIN for classes in known.classes for cls in classes)
    if not plain or len(known.classes) > 1 and not function.cache_parameters()["typed"]:
        text = "has a cache and is called in several forms with numbers of several classes"
        raise Refused(f"{known.maker.__name__}() {text}", ALIKE)
    if known.given is None:
        return
    body = known.given[0].op
    assert body is not None
    acts = any(op.definition.effect in ACTING or writes(op.definition, op.call) for op in walk(body.blocks[0]))
    if acts or not is_constant(known.given[1]):
        text = "has a cache that takes one key for several where it is called in several forms, and that shows"
        raise Refused(f"{known.maker.__name__}() {text}", ALIKE)


ACTING = ("write", "io", "random")
PLAIN = (int, float, str, bool, bytes, type(None), np.float64, np.int64, np.bool_)


def is_constant(type: TensorType) -> bool:
    return type.kind is None or type.is_number or type.kind == "scalar" or type.dtype in (str, bool, None.__class__)
