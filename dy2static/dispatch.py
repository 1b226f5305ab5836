"""`d2s`, the one name that converted code calls: a Variable stages an op, a Python value runs Python.

The control names (cond, switch, while_loop, for_loop, and_, or_, not_, compare, assert_, defined) stand in the code
that people read. The others are hooks that the hidden pass `watch` puts in.
"""

from __future__ import annotations

import builtins
import collections
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from dy2static import eager
from dy2static.attempts import Attempt, run_attempt, stage_attempt
from dy2static.attributes import (
    attribute,
    attribute_reference,
    delete_attribute,
    delete_item,
    inplace_reference,
    item,
    item_reference,
    set_attribute,
    set_item,
)  # fmt: skip
from dy2static.calls import call, class_of, mentions, native
from dy2static.names import Scope, set_cell
from dy2static.names import own_error as _own
from dy2static.operators import binary, inplace, not_, truth, unary
from dy2static.regions import CannotStage, Loop, TestWrites, stage_cond, stage_loop
from dy2static.trace import Diverged, Trace, tracing
from runtime import ops
from runtime.opdef import TABLE
from runtime.ops.control import unpack as unpack_value
from runtime.ops.python import fstring as format_parts
from runtime.tracer import StagedMethod, TracingError, Variable
from runtime.tracer import unpack as unpack_variable
from runtime.types import ANY, UNDEFINED

__all__ = [
    "Scope", "UNDEFINED", "and_", "assert_", "attribute", "attribute_reference", "binary", "call", "call_spread",
    "call_with_items", "captured", "compare", "cond", "defined", "delete_attribute", "delete_item", "enter",
    "for_loop", "fstring", "inplace", "inplace_reference", "is_mapping", "is_sequence", "item", "item_reference",
    "iterate", "joined", "leave", "mapping", "matched", "merged", "named", "new", "new_dict", "new_set", "not_",
    "or_", "raised", "set_attribute", "set_cell", "set_item", "slice", "switch", "try_", "unary", "unpack",
    "while_loop", "without_keys",
]  # fmt: skip

slice = builtins.slice
MAX_TURNS = 20_000


# Control


def cond(
    test: Any, then: Callable[..., Any], orelse: Callable[..., Any] | None = None, state: tuple[Any, ...] = ()
) -> Any:
    trace = tracing()
    if trace is None:
        return eager.cond(test, then, orelse, state)
    test = truth(trace, test)
    branches = [lambda: then(*state), lambda: eager.cond(False, then, orelse, state)]
    if isinstance(test, Variable):
        return staged_cond(trace, test, branches)
    return branches[0]() if test else branches[1]()


def staged_cond(
    trace: Trace, test: Variable, branches: Sequence[Callable[[], Any]], tests: tuple[Callable[[], Any], ...] = ()
) -> Any:
    """A cond op; where a program cannot hold what the branches give, the number that decides is taken as a constant."""
    try:
        return stage_cond(trace, test, branches, tests)
    except CannotStage as reason:
        trace.number(test, f"this branch ({reason})")
        raise


def switch(cases: tuple[Any, ...], orelse: Callable[..., Any] | None = None, state: tuple[Any, ...] = ()) -> Any:
    trace = tracing()
    if trace is None:
        return eager.switch(cases, orelse, state)
    for index, (test, then) in enumerate(cases):
        tested = truth(trace, test())
        if isinstance(tested, Variable):
            rest = cases[index + 1 :]
            branches: list[Callable[[], Any]] = [partial(case[1], *state) for case in cases[index:]]
            branches.append(lambda: eager.switch((), orelse, state))
            return staged_cond(trace, tested, branches, tuple(case[0] for case in rest))
        if tested:
            return then(*state)
    return eager.switch((), orelse, state)


def while_loop(test: Callable[..., Any], body: Callable[..., Any], state: tuple[Any, ...] = ()) -> Any:
    trace = tracing()
    if trace is None:
        return eager.while_loop(test, body, state)
    loop = Loop(test, body, state, parameter_names(body))
    try:
        return bare(stage_loop(trace, loop))
    except TestWrites:
        return tested_at_the_end(test, body, state)
    except CannotStage as reason:
        return bare(unrolled_while(trace, loop, str(reason)))


def tested_at_the_end(test: Callable[..., Any], body: Callable[..., Any], state: tuple[Any, ...]) -> Any:
    """A while loop whose test has effects: the test runs once before it, and then at the end of each turn."""
    count = len(state)

    def turn(going: Any, *state: Any) -> Any:
        after = eager.pack(body(*state), count)
        return (test(*after), *after) if after else test(*after)

    final = while_loop(lambda going, *state: going, turn, (test(*state), *state))
    return bare(eager.pack(final, count + 1)[1:])


def unrolled_while(trace: Trace, loop: Loop, reason: str) -> tuple[Any, ...]:
    state = loop.state
    for _ in range(MAX_TURNS):
        tested = truth(trace, loop.test(*state))  # type: ignore[misc]
        if isinstance(tested, Variable):
            tested = trace.number(tested, f"this loop, which cannot be staged ({reason}),")
        if not tested:
            return state
        state = eager.pack(loop.body(*state), len(state))
    raise TracingError(
        f"this loop cannot be staged ({reason}), and it was left to Python for {MAX_TURNS} turns without an end"
    )


def for_loop(
    body: Callable[..., Any], iterable: Any, state: tuple[Any, ...] = (), test: Callable[..., Any] | None = None
) -> Any:
    trace = tracing()
    if trace is None:
        return eager.for_loop(body, iterable, state, test)
    iterable = trace.resolve(iterable)
    item, *names = body.__code__.co_varnames[: body.__code__.co_argcount]
    loop = Loop(test, body, state, tuple(names), None, item)
    if isinstance(iterable, (Variable, range)):
        loop.iterable = trace.lift(iterable)
        try:
            return bare(stage_loop(trace, loop))
        except CannotStage as reason:
            iterable = concrete_items(trace, iterable, str(reason))
    return bare(unrolled_for(trace, loop, iterable))


def concrete_items(trace: Trace, iterable: Any, reason: str) -> Iterable[Any]:
    """What a loop that cannot be staged goes through in Python."""
    if not isinstance(iterable, Variable):
        return iterable
    purpose = f"this loop, which cannot be staged ({reason}),"
    if iterable.type.dtype is range:
        return trace.number(iterable, purpose)
    return iterable.items(purpose)


def unrolled_for(trace: Trace, loop: Loop, iterable: Any) -> tuple[Any, ...]:
    """A loop over a Python sequence, turn by turn; `going` is the staged test of a break, once there is one."""
    state, going = loop.state, None
    count = len(state)
    for one in native(trace, iter, iterable):
        if going is None:
            state = eager.pack(loop.body(one, *state), count)
        else:
            state = eager.pack(cond(going, lambda *s, one=one: loop.body(one, *s), None, state), count)
        if loop.test is None:
            continue
        tested = truth(trace, loop.test(*state))
        if isinstance(tested, Variable):
            going = tested
        elif not tested:
            break
    return state


def parameter_names(function: Callable[..., Any]) -> tuple[str, ...]:
    return function.__code__.co_varnames[: function.__code__.co_argcount]


def bare(state: tuple[Any, ...]) -> Any:
    return eager.unchanged(state)


# try, with and match


def try_(body: Callable[[], Any], handlers: Any = (), orelse: Any = None, final: Any = None) -> None:
    trace = tracing()
    attempt = Attempt(body, handlers, orelse, final)
    if trace is None:
        run_attempt(attempt)
    else:
        stage_attempt(trace, attempt)


def enter(manager: Any) -> Any:
    """The start of `with manager`."""
    trace = tracing()
    if trace is None:
        return type(manager).__enter__(manager)
    if isinstance(manager, Variable) and class_of(manager) is np.errstate:
        return trace.emit("enter", manager)
    return call(attribute(manager, "__enter__"))


def leave(manager: Any, error: Any) -> Any:
    """The end of `with manager`; whether it swallows the exception."""
    trace = tracing()
    if trace is None:
        return type(manager).__exit__(manager, error and type(error), error, error and error.__traceback__)
    if isinstance(manager, Variable) and class_of(manager) is np.errstate:
        return trace.emit("leave", manager, error)
    kind = None if error is None else call(type, error)
    return call(attribute(manager, "__exit__"), kind, error, None)


def is_sequence(value: Any) -> Any:
    """Whether a sequence pattern may match a value."""
    return call(isinstance, value, (tuple, list, range, collections.deque, array))


def is_mapping(value: Any) -> Any:
    return call(isinstance, value, dict)


def without_keys(mapping: Any, keys: tuple[Any, ...]) -> Any:
    rest = call(dict, mapping)
    for key in keys:
        delete_item(rest, key)
    return rest


def matched(value: Any, cls: type, index: int) -> Any:
    """What sub-pattern number `index` of a class pattern is matched with."""
    return attribute(value, cls.__match_args__[index])  # type: ignore[attr-defined]


# Values of expressions


def and_(first: Any, *rest: Callable[[], Any]) -> Any:
    if not rest:
        return first
    return cond(first, lambda: and_(rest[0](), *rest[1:]), lambda: first)


def or_(first: Any, *rest: Callable[[], Any]) -> Any:
    if not rest:
        return first
    return cond(first, lambda: first, lambda: or_(rest[0](), *rest[1:]))


def compare(left: Any, symbol: str, right: Any, *rest: Any) -> Any:
    result = binary(symbol, left, right)
    if not rest:
        return result
    return cond(result, lambda: compare(right, rest[0], rest[1](), *rest[2:]), lambda: result)


def assert_(test: Any, message: Callable[[], Any] | None = None) -> None:
    trace = tracing()
    if trace is None:
        return eager.assert_(test, message)

    def fail() -> None:
        raise trace.own(AssertionError(*([] if message is None else [message()])))

    cond(test, lambda: None, fail)


def defined(value: Any, name: str) -> Any:
    trace = tracing()
    if trace is None or value is UNDEFINED:
        return native(trace, eager.defined, value, name) if trace else eager.defined(value, name)
    if isinstance(value, Variable) and (value.type.maybe or value.type == ANY):
        return named(trace.emit("defined", value, name), name)
    return value


# Hooks


def call_with_items(
    function: Any, iterable: Any, element: Callable[[Any], Any], *conditions: Callable[[Any], Any]
) -> Any:
    """`function(element(item) for item in iterable if all conditions)`."""
    trace = tracing()
    is_consumer = isinstance(getattr(function, "__self__", None), (str, bytes)) or function in CONSUMERS
    name = ops.name_of(function)
    if trace is None or not (is_consumer or name is not None and "." not in name):
        items = iterate(iterable)
        return call(function, (element(item) for item in items if all(test(item) for test in conditions)))

    def tested(item: Any, then: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
        return cond(and_(True, *(lambda test=test: test(item) for test in conditions)), then, orelse)

    if function in (builtins.any, builtins.all):
        wanted = function is builtins.any
        return for_loop(
            lambda item, found: tested(
                item, lambda: cond(element(item), lambda: True, lambda: False), lambda: not wanted
            ),
            iterable,
            (not wanted,),
            lambda found: found if not wanted else not_(found),
        )
    made: list[Any] = trace.bear([])
    for_loop(lambda item: tested(item, lambda: call(made.append, element(item)), lambda: None), iterable)
    return call(function, made)


CONSUMERS = {builtins.set, builtins.frozenset, builtins.dict, builtins.tuple, builtins.list, collections.deque}


def call_spread(function: Any, stars: tuple[bool, ...], /, *items: Any, **kwargs: Any) -> Any:
    """`function(a, *b)`; `stars` says which arguments are spread."""
    trace = tracing()
    spread = [] if trace is None else [trace.resolve(item) for star, item in zip(stars, items) if star]
    unknown = [one for one in spread if isinstance(one, Variable) and not has_known_length(one)]
    if trace is not None and unknown and not kwargs and ops.name_of(function):
        return trace.emit("apply", ops.name_of(function), joined(stars, *items))
    args: list[Any] = []
    for star, value in zip(stars, items):
        args.extend(iterate(value) if star else [value])
    return call(function, *args, **kwargs)


def has_known_length(variable: Variable) -> bool:
    known = variable.type
    if known.is_array and known.shape:
        return isinstance(known.shape[0], int)
    return known.dtype is tuple and isinstance(known.items, tuple)


def captured(value: Any, name: str, is_free: bool) -> Any:
    """A read of a name that several functions share, and that one of them may have left unset."""
    if is_free and value is UNDEFINED:
        message = f"cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
        raise _own(tracing(), NameError(message))
    if is_free and isinstance(value, Variable) and value.type.maybe:
        return value.builder.emit("defined", value, name, False)
    if value is UNDEFINED or isinstance(value, Variable) and value.type.maybe:
        return defined(value, name)
    return value


def named(value: Any, name: str) -> Any:
    """Notes the user's name for a Value."""
    if isinstance(value, Variable) and value.value.hint is None:
        value.value.hint = name
    return value


def unpack(value: Any, count: int, star: int | None = None) -> Any:
    trace = tracing()
    if trace is None:
        return unpack_value(value, count, star)
    value = trace.resolve(value)
    if isinstance(value, Variable):
        return unpack_variable(value, count, star)
    if isinstance(value, StagedMethod):
        raise trace.own(TypeError("cannot unpack non-iterable method object"))
    checked = native(trace, unpack_value, iterate(value), count, star)
    return list(checked)


def iterate(value: Any) -> Any:
    trace = tracing()
    if trace is None:
        return value
    value = trace.resolve(value)
    return value.items("iterating over it here") if isinstance(value, Variable) else value


def new_set(*items: Any) -> Any:
    """`{a, b}`"""
    trace = tracing()
    if trace is None or not mentions(items):
        return new(set(items))
    return trace.emit("set", list(items))


def new_dict(keys: tuple[Any, ...], *values: Any) -> Any:
    """`{a: x, b: y}`"""
    trace = tracing()
    if trace is None or not mentions(keys):
        return new(dict(zip(keys, values)))
    return trace.emit("dict", list(zip(keys, values)))


def merged(keys: tuple[Any, ...], *values: Any) -> Any:
    """`{a: x, **d}`; the key of a spread dict is Ellipsis."""
    made: dict[Any, Any] = new({})
    for key, value in zip(keys, values):
        if key is Ellipsis:
            call(made.update, value)
        else:
            set_item(value, made, key)
    return made


def mapping(value: Any) -> Any:
    """What `**value` gives to a call."""
    trace = tracing()
    if trace is not None and isinstance(trace.resolve(value), Variable):
        raise TracingError("the keys of **arguments are known only when the program runs")
    return value


def joined(stars: tuple[bool, ...], *items: Any) -> Any:
    """`[a, *b]`; `stars` says which items are spread."""
    made: list[Any] = new([])
    for star, value in zip(stars, items):
        call(made.extend if star else made.append, value)
    return made


def new(made: Any) -> Any:
    """Notes where a container was made."""
    trace = tracing()
    return made if trace is None else trace.bear(made)


def fstring(*parts: Any) -> Any:
    trace = tracing()
    if trace is not None and any(mentions(part) for part in parts):
        return trace.emit("fstring", *parts)
    return format_parts(*parts)


def stage_raise(trace: Trace, error: Any, cause: tuple[Any, ...]) -> None:
    args = (error,) if isinstance(error, Variable) else (type(error), *error.args)
    op = trace.op(TABLE["raise"], args, {"cause": cause[0]} if cause else {})
    op.outputs = ()
    raise Diverged


def raised(error: Any, *cause: Any) -> BaseException:
    """What a raise statement raises, marked as the user's own."""
    trace = tracing()
    if isinstance(error, type) and issubclass(error, BaseException):
        error = call(error)
    if trace is not None and (isinstance(error, Variable) or any(isinstance(one, Variable) for one in cause)):
        stage_raise(trace, error, cause)
    if trace is not None:
        trace.own(error)
    if cause:
        error.__cause__ = cause[0]() if isinstance(cause[0], type) else cause[0]
    return error
