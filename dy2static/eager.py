"""The meaning of the names that converted code calls, where no value is a Variable: plain Python.

State convention: several names are passed and given back as a tuple, one name bare, none as None.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterable
from typing import Any

from runtime.types import UNDEFINED

Thunk = Callable[[], Any]
State = tuple[Any, ...]

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda item, container: item in container,
    "not in": lambda item, container: item not in container,
}


def unchanged(state: State) -> Any:
    """What a branch gives that does nothing."""
    if len(state) > 1:
        return state
    return state[0] if state else None


def start(iterable: Iterable[Any]) -> Any:
    """What a generator expression goes through."""
    return iter(iterable)


def pack(values: Any, count: int) -> State:
    """What a branch or body of `count` state names gave, as a tuple."""
    if count > 1:
        return tuple(values)
    return (values,) if count else ()


def cond(test: Any, then: Callable[..., Any], orelse: Callable[..., Any] | None = None, state: State = ()) -> Any:
    if test:
        return then(*state)
    return unchanged(state) if orelse is None else orelse(*state)


def switch(
    cases: Iterable[tuple[Thunk, Callable[..., Any]]], orelse: Callable[..., Any] | None = None, state: State = ()
) -> Any:
    """The first case whose test is true."""
    for test, then in cases:
        if test():
            return then(*state)
    return unchanged(state) if orelse is None else orelse(*state)


def while_loop(test: Callable[..., Any], body: Callable[..., Any], state: State) -> Any:
    count = len(state)
    while test(*state):
        state = pack(body(*state), count)
    return unchanged(state)


def for_loop(
    body: Callable[..., Any], iterable: Iterable[Any], state: State, test: Callable[..., Any] | None = None
) -> Any:
    """`test` runs after each iteration, so that no item is fetched after a break."""
    count = len(state)
    try:
        for item in iterable:
            state = pack(body(item, *state), count)
            if test is not None and not test(*state):
                break
    finally:
        del iterable  # a generator that an exception leaves is closed at once, and not when the traceback goes
    return unchanged(state)


def and_(value: Any, *others: Thunk) -> Any:
    for other in others:
        if not value:
            return value
        value = other()
    return value


def or_(value: Any, *others: Thunk) -> Any:
    for other in others:
        if value:
            return value
        value = other()
    return value


def not_(value: Any) -> bool:
    return not value


def compare(left: Any, *rest: Any) -> Any:
    """compare(a, "<", b, "<", lambda: c) is `a < b < c`."""
    result = OPERATORS[rest[0]](left, rest[1])
    left = rest[1]
    for sign, right in zip(rest[2::2], rest[3::2]):
        if not result:
            return result
        value = right()
        result = OPERATORS[sign](left, value)
        left = value
    return result


def assert_(test: Any, message: Thunk | None = None) -> None:
    if test:
        return
    if message is None:
        raise AssertionError
    raise AssertionError(message())


def defined(value: Any, name: str) -> Any:
    if value is UNDEFINED:
        raise undefined(name)
    return value


def undefined(name: str) -> UnboundLocalError:
    """The exception that reading the unbound local `name` raises, in the words of the running Python."""
    if sys.version_info < (3, 11):
        return UnboundLocalError(f"local variable {name!r} referenced before assignment")
    return UnboundLocalError(f"cannot access local variable {name!r} where it is not associated with a value")


__all__ = [
    "UNDEFINED",
    "and_",
    "assert_",
    "compare",
    "cond",
    "defined",
    "for_loop",
    "not_",
    "or_",
    "switch",
    "while_loop",
]


def generator(*forms: Any) -> Callable[[Any], Any]:
    """Decorates a generator function, which plain Python runs as it is."""
    return lambda function: function
