"""Hooks of what builds values and takes them apart: displays, unpacking, spread arguments, f-strings."""

from __future__ import annotations

import builtins
import collections
from collections.abc import Callable, Iterator
from typing import Any

from dy2static.attributes import item as item_of
from dy2static.attributes import set_item
from dy2static.calls import call, mentions, native
from dy2static.operators import binary, not_
from dy2static.staging import and_, cond, for_loop
from dy2static.trace import tracing
from runtime import ops
from runtime.ops.control import unpack as unpack_value
from runtime.ops.python import fstring as format_parts
from runtime.tracer import StagedMethod, TracingError, Variable
from runtime.tracer import unpack as unpack_variable

CONSUMERS = {builtins.set, builtins.frozenset, builtins.dict, builtins.tuple, builtins.list, collections.deque}
CONSUMER_NAMES = {"np.fromiter", "math.fsum", "math.prod"}


class Items:
    """What a generator expression gives: `element` of each item that meets the conditions, or of it in turn Items."""

    __slots__ = ("is_nested", "iterable", "element", "conditions")

    def __init__(
        self, is_nested: bool, iterable: Any, element: Callable[[Any], Any], *conditions: Callable[[Any], Any]
    ):
        self.is_nested, self.iterable, self.element, self.conditions = is_nested, iterable, element, conditions

    def __iter__(self) -> Iterator[Any]:
        for item in iterate(self.iterable):
            if all(test(item) for test in self.conditions):
                made = self.element(item)
                if self.is_nested:
                    yield from made
                else:
                    yield made

    def loop(
        self,
        then: Callable[[Any], Any],
        otherwise: Any = None,
        state: tuple[Any, ...] = (),
        test: Callable[..., Any] | None = None,
    ) -> Any:
        """A staged loop: `then(element)` for each; its state is what `then` gives, or `otherwise` without one."""

        def inner(made: Any) -> Any:
            return made.loop(then, otherwise, state, test) if self.is_nested else then(made)

        def turn(item: Any, *going: Any) -> Any:
            met = and_(True, *(lambda test=test: test(item) for test in self.conditions))
            return cond(met, lambda: inner(self.element(item)), lambda: otherwise)

        return for_loop(turn, self.iterable, state, test)


def call_with_items(function: Any, items: Items, *rest: Any, **kwargs: Any) -> Any:
    """`function(element(item) for item in iterable if all conditions)`."""
    trace = tracing()
    if trace is None or not is_consumer(trace.resolve(function)):
        return call(function, iter(items), *rest, **kwargs)
    if function in (builtins.any, builtins.all):
        return quantified(items, function is builtins.any)
    made: list[Any] = trace.bear([])
    if function is builtins.next:
        return first_of(items, made, *rest)
    items.loop(lambda item: call(made.append, item))
    return call(function, made, *rest, **kwargs)


def is_consumer(function: Any) -> bool:
    """Whether it takes all that the generator gives, and a list does as well."""
    if isinstance(function, StagedMethod):
        return True
    owner, name = getattr(function, "__self__", None), ops.name_of(function)
    if isinstance(owner, (str, bytes, list, dict, set, collections.deque)):
        return True
    return function in CONSUMERS or name is not None and ("." not in name or name in CONSUMER_NAMES)


def quantified(items: Items, wanted: bool) -> Any:
    """`any` or `all`, which end at the first item that decides."""
    return items.loop(
        lambda item: cond(item, lambda: True, lambda: False),
        not wanted,
        (not wanted,),
        lambda found: found if not wanted else not_(found),
    )


def first_of(items: Items, made: list[Any], *default: Any) -> Any:
    """`next`, which puts the first item into `made`."""

    def found(item: Any) -> bool:
        call(made.append, item)
        return False

    def missing() -> Any:
        if default:
            return default[0]
        trace = tracing()
        assert trace is not None
        raise trace.own(StopIteration())

    items.loop(found, True, (True,), lambda going: going)
    return cond(binary(">", call(len, made), 0), lambda: item_of(made, 0), missing)


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
