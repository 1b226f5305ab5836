"""What the patterns of `match` ask of a value, as CPython asks it: by the flags of classes and by `__match_args__`."""

from __future__ import annotations

from typing import Any

from dy2static import forms
from dy2static.attributes import attribute
from dy2static.calls import call
from dy2static.items import delete_item
from dy2static.trace import tracing
from dy2static.values import python_class

SEQUENCE, MAPPING, MATCHES_ITSELF = 1 << 5, 1 << 6, 1 << 22  # of type.__flags__


def is_sequence(value: Any) -> Any:
    """Whether a sequence pattern may match a value."""
    flags = flags_of(value)
    return call(forms.is_sequence_, value) if flags is None else bool(flags & SEQUENCE)


def is_mapping(value: Any) -> Any:
    flags = flags_of(value)
    return call(forms.is_mapping_, value) if flags is None else bool(flags & MAPPING)


def flags_of(value: Any) -> int | None:
    """The flags of a value's class, which classes inherit and `register` sets; None if the class is not known yet."""
    trace = tracing()
    cls = python_class(value if trace is None else trace.resolve(value))
    return None if cls is None else cls.__flags__


def without_keys(mapping: Any, keys: tuple[Any, ...]) -> Any:
    rest = call(dict, mapping)
    for key in keys:
        delete_item(rest, key)
    return rest


def has_parts(value: Any, cls: type, count: int, names: tuple[str, ...]) -> Any:
    """Whether an instance of `cls` has what the `count` sub-patterns by position and those by name are matched with.

    Raises TypeError for a class that does not tell so many, or one of them twice.
    """
    known = positions(cls, count)
    for index, name in enumerate(known + names):
        if not isinstance(name, str):
            raise own(TypeError(f"__match_args__ elements must be strings (got {type(name).__name__})"))
        if name in (known + names)[:index]:
            raise own(TypeError(f"{cls.__name__}() got multiple sub-patterns for attribute {name!r}"))
    return call(forms.has_all, value, known + names)


def positions(cls: type, count: int) -> tuple[Any, ...]:
    """The attributes that sub-patterns by position are matched with; none where it is the object itself."""
    if count == 0:
        return ()
    takes_itself = cls.__flags__ & MATCHES_ITSELF and not hasattr(cls, "__match_args__")
    known = () if takes_itself else getattr(cls, "__match_args__", ())
    if not isinstance(known, tuple):
        raise own(TypeError(f"{cls.__name__}.__match_args__ must be a tuple (got {type(known).__name__})"))
    most = 1 if takes_itself else len(known)
    if count > most:
        ending = "" if most == 1 else "s"
        raise own(TypeError(f"{cls.__name__}() accepts {most} positional sub-pattern{ending} ({count} given)"))
    return known[:count]


def own(error: BaseException) -> BaseException:
    trace = tracing()
    return error if trace is None else trace.own(error)


def matched(value: Any, cls: type, index: int) -> Any:
    """What sub-pattern number `index` of a class pattern is matched with."""
    names = positions(cls, index + 1)
    return attribute(value, names[index]) if names else value
