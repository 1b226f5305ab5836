"""Attributes of classes that the program sets or deletes: who reads them by another name asks when the program runs.

    Base.limit = n
    Child.limit                 what the classes above Child have by then
    g = Child(); g.limit        the same, as long as g has none itself
"""

from __future__ import annotations

from collections import deque
from typing import Any

from dy2static.objects import class_having
from dy2static.places import root_object
from dy2static.trace import Trace
from dy2static.values import mentions
from runtime.tracer import TracingError, Variable
from runtime.types import UNDEFINED


def note_change(trace: Trace, owner: Any, name: str) -> None:
    """Notes that the program changes an attribute, where its owner is a class; the trace starts again after it."""
    if isinstance(owner, type):
        trace.assumptions.class_changes.add((owner, name))


def note_local_change(trace: Trace, owner: Any, name: str, deletes: bool = False) -> None:
    """Notes that the function sets or deletes an attribute of a class that it has made itself."""
    known = trace.assumptions
    key = (getattr(owner, "__qualname__", ""), name)
    if isinstance(owner, type) and (key not in known.local_changes or deletes and name not in known.local_deletions):
        known.local_changes.add(key)
        known.local_deletions |= {name} if deletes else set()
        trace.restart()


def has_own_value(trace: Trace, cls: Any, name: str) -> bool:
    """Whether a class that the function makes has an attribute whose value is one of the program, or changes: the class
    itself, which Python makes while tracing, has it as it is then."""
    base = class_having(cls, name)
    if base is None or id(base) not in trace.born:
        return False
    value = vars(base)[name]
    if callable(value) and not isinstance(value, Variable) or hasattr(type(value), "__get__"):
        return False
    is_container = isinstance(value, (list, dict, set, deque))
    return is_container or mentions(value) or (base.__qualname__, name) in trace.assumptions.local_changes


def own_value(trace: Trace, cls: Any, name: str) -> Any:
    """That attribute, as it is now."""
    value = getattr(cls, name)
    if isinstance(value, Variable) and value.type.maybe:
        return trace.emit("present", value, cls.__name__, name)
    return value


def check_asked_of_class(trace: Trace, cls: Any, name: str) -> None:
    """Raises TracingError where only the program knows whether a class that the function makes has an attribute."""
    changed = {owner for owner, attribute in trace.assumptions.local_changes if attribute == name}
    if not changed:
        return
    made = [one for one, _ in trace.born.values() if isinstance(one, type) and one.__qualname__ in changed]
    asked = [one for one in made if cls is None or issubclass(cls, one)]
    if asked and name in trace.assumptions.local_deletions or not all(_has_now(one, name) for one in asked):
        raise TracingError(f"whether a class has {name!r} by now is known only when the program runs")


def _has_now(cls: type, name: str) -> bool:
    value = getattr(cls, name, UNDEFINED)
    return value is not UNDEFINED and not (isinstance(value, Variable) and value.type.maybe)


def is_changed(trace: Trace, cls: Any, name: str) -> bool:
    changes = trace.assumptions.class_changes
    return bool(changes) and any((base, name) in changes for base in getattr(cls, "__mro__", ()))


def where_asked(trace: Trace, owner: Any, name: str) -> Variable | None:
    """What the program asks for an attribute that it has changed in a class; None where that decides nothing."""
    cls = owner if isinstance(owner, type) else type(owner)
    if not is_changed(trace, cls, name):
        return None
    if trace.place_of(owner) is not None:
        return trace.opaque(owner)
    own = {} if owner is cls else getattr(owner, "__dict__", {})
    if isinstance(own.get(name), Variable) and own[name].type.maybe:
        raise TracingError(f"whether {name!r} was set decides here, and that is known only when the program runs")
    if name in own:
        return None
    for base in cls.__mro__:
        if id(base) not in trace.born:
            trace.origins.setdefault(id(base), (base, root_object(base, base.__name__)))
            return trace.opaque(base)
        if name in vars(base):
            return None
    return None
