"""Builtins and the standard library's functions on Python values; what they give is found by trial."""

from __future__ import annotations

import builtins
import cmath
import math
import operator
from collections.abc import Callable, Iterator
from typing import Any

from runtime.opdef import OpDef, Rule
from runtime.ops.arguments import either, result, typed
from runtime.ops.probe import by_trial
from runtime.types import ANY, TensorType, item_type, python

CASTS = {"int": int, "float": float, "bool": bool, "complex": complex, "str": str, "repr": str, "bytes": bytes}
BY_TRIAL = "round pow sum chr ord hex bin oct ascii".split()
NO_DEFAULT = object()


def always(cls: type) -> Rule:
    return lambda *args, **kwargs: python(cls)


def iterated(value: Any) -> TensorType:
    """The one type of what iterating over `value` gives."""
    known = typed(value)
    if known.is_python and known.dtype is range:
        return python(int)
    if known.is_python and known.dtype in (str, bytes):
        return python(str if known.dtype is str else int)
    if known.is_python:
        return item_type(known.items) or ANY
    if known.is_array and known.shape:
        return result(known.dtype, known.shape[1:])
    return ANY


def count(value: Any) -> int | None:
    """How many items iterating over `value` gives, where it is known."""
    known = typed(value)
    if isinstance(value, (str, range)):
        return len(value)
    if known.is_python and isinstance(known.items, tuple):
        return len(known.items)
    if known.is_array and known.shape and isinstance(known.shape[0], int):
        return known.shape[0]
    return None


def separate(value: Any) -> list[TensorType] | None:
    """The type of each item, where their number is known and not big."""
    known, number = typed(value), count(value)
    if number is None or number > 64:
        return None
    if known.is_python and isinstance(known.items, tuple):
        return list(known.items)
    return [iterated(value)] * number


def collected(cls: type) -> Rule:
    """list(x) and tuple(x)."""

    def rule(*args: Any) -> TensorType:
        if not args:
            return python(cls, ())
        items = separate(args[0])
        return python(cls, iterated(args[0]) if items is None else tuple(items))

    return rule


def zipped(*args: Any, strict: Any = False) -> TensorType:
    rows = [separate(arg) for arg in args]
    known = [row for row in rows if row is not None]
    if known and len(known) == len(rows):
        return python(list, tuple(python(tuple, items) for items in zip(*known)))
    return python(list, python(tuple, tuple(iterated(arg) for arg in args)))


def enumerated(x: Any, start: Any = 0) -> TensorType:
    items = separate(x)
    if items is None:
        return python(list, python(tuple, (python(int), iterated(x))))
    return python(list, tuple(python(tuple, (python(int), item)) for item in items))


def backwards(x: Any) -> TensorType:
    items = separate(x)
    return python(list, iterated(x) if items is None else tuple(reversed(items)))


def one_by_one(function: type, rule: Rule) -> Rule:
    """The iterator itself, whose items are those of the list that `rule` tells of."""
    return lambda *args, **kwargs: python(function, iterated(rule(*args, **kwargs)))


def sorted_type(x: Any, **kwargs: Any) -> TensorType:
    items = separate(x)
    one = iterated(x)
    return python(list, one if items is None else (one,) * len(items))


def listed(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` with a list for its iterator, which a program could run through only once."""

    def kernel(*args: Any, **kwargs: Any) -> list[Any]:
        return list(function(*args, **kwargs))

    kernel.__name__ = function.__name__
    return kernel


def fstring(*parts: Any) -> str:
    """The text of an f-string: each part is text, or (value, conversion, format spec)."""
    return "".join(part if isinstance(part, str) else _formatted(*part) for part in parts)


def _formatted(value: Any, conversion: Any = None, spec: str = "") -> str:
    letter = chr(conversion) if isinstance(conversion, int) and conversion > 0 else conversion
    conversions: dict[Any, Callable[[Any], str]] = {"s": str, "r": repr, "a": ascii}
    converted = conversions[letter](value) if letter in conversions else value
    return format(converted, spec or "")


def extreme_type(*args: Any, default: Any = NO_DEFAULT, key: Any = None) -> TensorType:
    """max and min give one of their arguments, or of the items of the one they have."""
    if len(args) > 1:
        return either(map(typed, args))
    items = separate(args[0]) or [iterated(args[0])]
    return either(items if default is NO_DEFAULT else [*items, typed(default)])


def sorted_places(keys: Any, reverse: Any) -> list[int]:
    """The places of `keys` in the order that sorting gives them."""
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=reverse)


def type_type(x: Any, *rest: Any) -> TensorType:
    return python(type)


def rows() -> Iterator[OpDef]:
    for name, cls in CASTS.items():
        yield OpDef(name, getattr(builtins, name), always(cls))
    for name in BY_TRIAL:
        yield OpDef(name, getattr(builtins, name), by_trial(getattr(builtins, name)))
    yield OpDef("max", max, extreme_type, aliases=True)
    yield OpDef("min", min, extreme_type, aliases=True)
    yield OpDef("len", len, always(int), "len({0})")
    yield OpDef("all", all, always(bool))
    yield OpDef("any", any, always(bool))
    yield OpDef("format", format, always(str))
    yield OpDef("fstring", fstring, always(str))
    yield OpDef("isinstance", isinstance, always(bool))
    yield OpDef("issubclass", issubclass, always(bool))
    yield OpDef("callable", callable, always(bool))
    yield OpDef("hash", hash, always(int))
    yield OpDef("id", id, always(int))
    yield OpDef("type", type, type_type)
    yield OpDef("range", range, always(range))
    yield OpDef("slice", slice, always(slice))
    yield OpDef("list", list, collected(list), aliases=True)
    yield OpDef("tuple", tuple, collected(tuple), aliases=True)
    yield OpDef("set", set, always(set), aliases=True)
    yield OpDef("frozenset", frozenset, always(frozenset), aliases=True)
    yield OpDef("dict", dict, always(dict), aliases=True)
    yield OpDef("sorted", sorted, sorted_type, aliases=True)
    yield OpDef("sorted_places", sorted_places, always(list))
    yield OpDef("iter", iter, lambda x: python(None), aliases=True)
    yield OpDef("next", next, effect="io", aliases=True)
    yield OpDef("reversed", listed(reversed), backwards, aliases=True)
    yield OpDef("enumerate", listed(enumerate), enumerated, aliases=True)
    yield OpDef("zip", listed(zip), zipped, aliases=True)
    for function, rule in ((reversed, backwards), (enumerate, enumerated), (zip, zipped)):
        # A loop that changes what it goes through sees the change. "io", since an iterator can be read only once.
        yield OpDef(f"each_{function.__name__}", function, one_by_one(function, rule), effect="io", aliases=True)
    yield OpDef("operator.index", operator.index, by_trial(operator.index))
    for module in (math, cmath):
        for name, function in sorted(vars(module).items()):
            if callable(function) and not name.startswith("_"):
                yield OpDef(f"{module.__name__}.{name}", function, by_trial(function))
