"""Hooks of what builds values and takes them apart: displays, unpacking, spread arguments, f-strings."""

from __future__ import annotations

import builtins
import collections
import itertools
from collections.abc import Callable
from typing import Any

from dy2static import forms, lazy_forms, taking_forms
from dy2static.calls import call
from dy2static.definitions import new
from dy2static.items import item as item_of
from dy2static.items import set_item
from dy2static.iterables import all_items, is_known_iterable, is_own_iterable, iterable_of
from dy2static.iterations import in_turn
from dy2static.native import native
from dy2static.operators import binary, not_
from dy2static.staging import and_, cond, for_loop
from dy2static.stopping import Expression, running
from dy2static.streams import is_generator
from dy2static.trace import tracing
from dy2static.values import has_objects, is_staged_key, mentions, written_method
from runtime import ops
from runtime.ops.control import unpack as unpack_value
from runtime.ops.python import fstring as format_parts
from runtime.tracer import StagedMethod, TracingError, Variable
from runtime.tracer import unpack as unpack_variable

CONSUMERS = {builtins.set, builtins.frozenset, builtins.dict, builtins.tuple, builtins.list, collections.deque}


def call_with_items(
    function: Any, iterable: Any, element: Callable[[Any], Any], *conditions: Callable[[Any], Any]
) -> Any:
    """`function(element(item) for item in iterable if all conditions)`."""
    trace = tracing()
    is_consumer = isinstance(getattr(function, "__self__", None), (str, bytes)) or function in CONSUMERS
    name = ops.name_of(function)
    if trace is not None and function is builtins.next:
        return first_of((iterable, element, *conditions))
    is_op = is_consumer or name is not None and "." not in name
    if trace is None or function in taking_forms.ONE_BY_ONE or not is_op:
        return call(function, selected(iterable, element, *conditions))

    def tested(item: Any, then: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
        return cond(and_(True, *(lambda test=test: test(item) for test in conditions)), then, orelse)

    if function in (builtins.any, builtins.all):
        wanted = function is builtins.any
        with running(trace, Expression()):
            return for_loop(
                lambda item, found: tested(
                    item, lambda: cond(element(item), lambda: True, lambda: False), lambda: not wanted
                ),
                iterable,
                (not wanted,),
                lambda found: found if not wanted else not_(found),
            )
    made: list[Any] = trace.bear([])
    with running(trace, Expression()):
        for_loop(lambda item: tested(item, lambda: call(made.append, element(item)), lambda: None), iterable)
    return call(function, made)


def call_beside_items(function: Any, parts: tuple[Any, ...], *rest: Any, **kwargs: Any) -> Any:
    """`function((element(item) for item in iterable if all conditions), *rest)`; the generator's parts in a tuple."""
    if function is builtins.next and tracing() is not None:
        return first_of(parts, *rest)
    return call(function, selected(*parts), *rest, **kwargs)


def first_of(parts: tuple[Any, ...], *default: Any) -> Any:
    """`next` of a generator that nothing else reads: a loop that ends at the first item."""
    iterable, element, *conditions = parts
    trace = tracing()
    assert trace is not None
    made: list[Any] = trace.bear([])

    def found(item: Any) -> bool:
        call(made.append, element(item))
        return False

    def turn(item: Any, going: Any) -> Any:
        met = and_(True, *(lambda test=test: test(item) for test in conditions))
        return cond(met, lambda: found(item), lambda: True)

    def missing() -> Any:
        if default:
            return default[0]
        raise trace.own(StopIteration())

    with running(trace, Expression()):
        for_loop(turn, iterable, (True,), lambda going: going)
    return cond(binary(">", call(len, made), 0), lambda: item_of(made, 0), missing)


def selected(iterable: Any, element: Callable[[Any], Any], *conditions: Callable[[Any], Any]) -> Any:
    """`(element(item) for item in iterable if all conditions)`, beside other arguments of a call."""
    if tracing() is not None:
        for part in (element, *conditions):
            part.__dy2static_inline__ = True  # type: ignore[attr-defined]
        return call(lazy_forms.selected, iterable, element, *conditions)
    return (element(item) for item in iterable if all(test(item) for test in conditions))


def unpack(value: Any, count: int, star: int | None = None) -> Any:
    trace = tracing()
    if trace is None:
        try:
            return unpack_value(value, count, star)
        finally:
            del value  # as in `eager.for_loop`
    if star is not None and is_own_iterable(value):
        value = call(taking_forms.with_rest, value, star)
    value = iterable_of(trace, value)
    if star is None and is_generator(value) and value.value is None:
        value = call(taking_forms.exactly, value, count)
    value = trace.resolve(all_items(trace, value))
    if isinstance(value, Variable):
        return unpack_variable(value, count, star)
    if isinstance(value, StagedMethod):
        raise trace.own(TypeError("cannot unpack non-iterable method object"))
    trace.consume(value)
    checked = native(trace, unpack_value, value, count, star)
    made = list(checked)
    if star is not None:
        trace.bear(made[star])
    return made


def iterate(value: Any) -> Any:
    trace = tracing()
    if trace is None:
        return value
    value = all_items(trace, iterable_of(trace, value))
    value = trace.resolve(value)
    trace.consume(value)
    is_known_iterable(trace, value)
    return value.items("iterating over it here") if isinstance(value, Variable) else value


def steps_of(value: Any) -> Any:
    """What a loop that is left to Python goes through."""
    if is_generator(value) and value.value is None:
        return value.steps()
    trace, items = tracing(), iterate(value)
    return items if trace is None else in_turn(trace, items)


def tuple_of(items: Any) -> Any:
    """`(*a, b)`"""
    return call(tuple, items)


def gathered(stars: tuple[bool, ...], *items: Any) -> Any:
    """The items of `{*a, b}`, where nothing is asked how long it is."""
    if tracing() is None:
        return itertools.chain.from_iterable(item if star else (item,) for star, item in zip(stars, items))
    return joined(stars, *(call(forms.items_of, item) if star else item for star, item in zip(stars, items)))


def set_of(items: Any) -> Any:
    """`{*a, b}`"""
    return call(set, items)


def new_set(*items: Any) -> Any:
    """`{a, b}`"""
    trace = tracing()
    if trace is None or not any(is_staged_key(trace, one) for one in items):
        return new(set(items) if trace is None else native(trace, set, items))
    return trace.emit("set", list(items))


def new_dict(*pairs: tuple[Any, Any]) -> Any:
    """`{a: x, b: y}`"""
    trace = tracing()
    if trace is None or not is_staged_key(trace, tuple(key for key, _ in pairs)):
        return new(dict(pairs) if trace is None else native(trace, dict, pairs))
    return trace.emit("dict", list(pairs))


def merged(*pairs: tuple[Any, Any]) -> Any:
    """`{a: x, **d}`; the key of a spread dict is Ellipsis."""
    made: dict[Any, Any] = new({})
    for key, value in pairs:
        if key is Ellipsis:
            call(forms.spread_into, made, value)
        else:
            set_item(value, made, key)
    return made


def mapping(value: Any) -> Any:
    """What `**value` gives to a call."""
    trace = tracing()
    if trace is not None and isinstance(trace.resolve(value), Variable):
        raise TracingError("the keys of **arguments are known only when the program runs")
    if trace is not None and not hasattr(value, "keys"):
        raise trace.own(TypeError(f"argument after ** must be a mapping, not {type(value).__name__}"))
    return value


def joined(stars: tuple[bool, ...], *items: Any) -> Any:
    """`[a, *b]`; `stars` says which items are spread."""
    made: list[Any] = new([])
    for star, value in zip(stars, items):
        call(made.extend if star else made.append, value)
    return made


def written_text(value: Any, conversion: Any = None, spec: Any = "") -> tuple[Any, Any, Any]:
    """A part of an f-string, with the text that the methods of a user's class give instead of the object."""
    is_repr = conversion in ("r", "a", 114, 97)
    method = None if is_repr or conversion in ("s", 115) else written_method(value, "__format__")
    if method is not None:
        return call(method, value, spec), None, ""
    holds_objects = isinstance(value, (list, tuple, dict, set)) and has_objects(value)
    holds_objects = holds_objects and (conversion or spec == "")  # a list takes no spec
    if holds_objects or any(written_method(value, name) is not None for name in ("__repr__", "__str__")):
        return call(repr if is_repr else str, value), conversion if conversion in ("a", 97) else None, spec
    return value, conversion, spec


def fstring(*parts: Any) -> Any:
    trace = tracing()
    if trace is not None:
        parts = tuple(one if isinstance(one, str) else written_text(trace.resolve(one[0]), *one[1:]) for one in parts)
    if trace is not None and any(mentions(part) for part in parts):
        return trace.emit("fstring", *parts)
    return format_parts(*parts) if trace is None else native(trace, format_parts, *parts)
