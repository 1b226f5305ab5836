"""Attributes that converted code sets and deletes: the user's own code is called for it, or the program does it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from dy2static.by_class import METHODS, choose_class, classes_where, getattr_static, is_of_unknown_class
from dy2static.calls import call
from dy2static.class_changes import note_change, note_local_change
from dy2static.descriptors import accessor, has_accessor, is_overriding, is_settable
from dy2static.native import native
from dy2static.objects import class_having, is_own_collection
from dy2static.outside import real_function
from dy2static.places import Place
from dy2static.slots import Slot
from dy2static.trace import Trace, tracing
from dy2static.values import class_of, python_class, type_now, written_method
from dy2static.variable_attributes import is_user_class
from runtime.tracer import TracingError, Variable
from runtime.types import ANY, UNDEFINED, join, type_of

_MISSING = object()


def declare_volatile(trace: Trace, place: Place, value: Any) -> None:
    """From now on the program reads `place` where it is read; the first write starts the trace again."""
    value = trace.resolve(value)
    type = trace.settled(value) if isinstance(value, Variable) else type_of(value)
    known = trace.assumptions.volatile.get(place)
    old = trace.admitted.get(place, _MISSING)
    start = ANY if old is _MISSING else type_now(old)
    joined = join(start if known is None else known, type)
    if known is None or joined != known:
        trace.assumptions.volatile[place] = joined if known is None or trace.assumptions.attempts < 50 else ANY
        for one, now in _alike(trace, place) if known is None else ():
            trace.assumptions.volatile.setdefault(one, join(type_of(now), type))
        trace.restart()


def _alike(trace: Trace, place: Place) -> Iterator[tuple[Place, Any]]:
    """The same attribute of objects of the same class beside the one that has it, and what it is: what changes one of
    them is about to change the others, and each first write would start the trace again."""
    item = place.base
    if place.step != "attribute" or item is None or item.step != "item":
        return
    for container, found in list(trace.origins.values()):
        if found != item.base or type(container) not in (list, tuple, dict):
            continue
        keys = container if isinstance(container, dict) else range(len(container))
        owner = container[item.name]
        for key in keys:
            if type(container[key]) is type(owner) and place.name in getattr(container[key], "__dict__", ()):
                yield found.item(key).attribute(place.name), container[key].__dict__[place.name]


def present_attribute(trace: Trace, owner: Any, name: str) -> Any:
    """The attribute of an object that was made while tracing; the program asks whether it was set, where that may be
    either."""
    value = native(trace, getattr, owner, name)
    if isinstance(value, Variable) and value.type.maybe:
        return trace.emit("present", value, type(owner).__name__, name)
    return value


def set_attribute(value: Any, owner: Any, name: str) -> None:
    trace = tracing()
    if trace is None:
        return setattr(owner, name, value)
    owner = trace.resolve(owner)
    if isinstance(owner, Variable) and not is_user_class(class_of(owner)):
        return set_unknown(trace, value, owner, name)
    custom = written_method(owner, "__setattr__")
    if custom is not None:
        return call(custom, owner, name, value)
    return set_plainly(trace, owner, name, value)


def set_plainly(trace: Trace, owner: Any, name: str, value: Any) -> None:
    """`object.__setattr__(owner, name, value)`."""
    owner = trace.resolve(owner)
    setter = accessor(trace, python_class(owner), name, "__set__")
    if setter is not None:
        setter(owner, value)
        return None
    if isinstance(owner, dict) or is_own_collection(owner):
        owner = trace.enlist(owner)  # the attributes of a dict may be its items
    if isinstance(owner, Variable):
        return store(trace, owner, name, value)
    place = trace.place_of(owner)
    if place is not None:
        note_change(trace, owner, name)
        declare_volatile(trace, place.attribute(name), value)
        store(trace, trace.opaque(owner), name, value)
        return None
    note_local_change(trace, owner, name)
    if trace.birth(owner) < trace.depth and is_settable(owner, name):
        trace.write(attribute_slot(owner, name, trace.birth(owner)), value)
    else:
        native(trace, type.__setattr__ if isinstance(owner, type) else object.__setattr__, owner, name, value)
    return None


def store(trace: Trace, owner: Variable, name: str, value: Any) -> None:
    """The op that sets an attribute, past a `__setattr__` of the user's, which has been traced."""
    if written_method(owner, "__setattr__") is None:
        trace.emit("store", owner, name, value)
    else:
        trace.emit("python", real_function(trace, object.__setattr__), owner, name, value)


def set_in_dict(trace: Trace, owner: Any, name: str, value: Any) -> None:
    """`owner.__dict__[name] = value`, past all that the class of `owner` has for setting an attribute."""
    owner = trace.resolve(owner)
    if isinstance(owner, Variable):
        check_is_bare(owner, name)
        return store(trace, owner, name, value)
    if trace.birth(owner) < trace.depth:
        trace.write(dict_slot(owner, name, trace.birth(owner)), value)
    else:
        vars(owner)[name] = value
    return None


def delete_in_dict(trace: Trace, owner: Any, name: str) -> None:
    """`del owner.__dict__[name]`"""
    owner = trace.resolve(owner)
    if isinstance(owner, Variable):
        check_is_bare(owner, name)
        return drop(trace, owner, name)
    if name not in vars(owner):
        raise trace.own(KeyError(name))
    if trace.birth(owner) < trace.depth:
        trace.write(dict_slot(owner, name, trace.birth(owner)), UNDEFINED)
    else:
        del vars(owner)[name]
    return None


def check_is_bare(owner: Variable, name: str) -> None:
    """Raises TracingError where an op that sets an attribute would ask the class of `owner` to do it."""
    base = class_having(class_of(owner), name)
    if base is not None and is_overriding(vars(base)[name]):
        raise TracingError(
            f"__dict__ of an object that lives in the program changes past {name!r} of its class: keep the value under "
            "another name"
        )


def dict_slot(owner: Any, name: str, depth: int) -> Slot:
    held = vars(owner)

    def write(value: Any) -> None:
        if value is not UNDEFINED:
            held[name] = value
        else:
            held.pop(name, None)

    return Slot((id(owner), name), lambda: held.get(name, UNDEFINED), write, owner, depth)


def set_unknown(trace: Trace, value: Any, owner: Variable, name: str) -> None:
    """`owner.name = value` where the class of `owner` is known only when the program runs, or is not the user's."""
    written = classes_acting(trace, owner, name, "__set__", "__setattr__")
    if written:
        use = functools.partial(set_attribute, value, name=name)
        return choose_class(trace, owner, written, use, lambda: trace.emit("store", owner, name, value))
    if is_of_unknown_class(owner) and name not in ARRAY_ATTRIBUTES:
        return trace.emit("store", owner, name, value)
    return setattr(owner, name, value)


def classes_acting(trace: Trace, owner: Any, name: str, kind: str, method: str) -> list[type]:
    """The classes of which `owner` may be an object and that have Python for what is done to the attribute."""

    def acts(cls: type) -> bool:
        return has_accessor(cls, name, kind) or isinstance(getattr_static(cls, method), METHODS)

    return classes_where(trace, owner, acts)


ARRAY_ATTRIBUTES = {"shape", "dtype", "real", "imag", "flat", "strides"}


def attribute_slot(owner: Any, name: str, depth: int = 0) -> Slot:
    def write(value: Any) -> None:
        kind = type if isinstance(owner, type) else object
        if value is not UNDEFINED:
            kind.__setattr__(owner, name, value)
        elif hasattr(owner, name):
            kind.__delattr__(owner, name)

    return Slot((id(owner), name), lambda: getattr(owner, name, UNDEFINED), write, owner, depth)


def delete_attribute(owner: Any, name: str) -> None:
    trace = tracing()
    if trace is None:
        return delattr(owner, name)
    owner = trace.resolve(owner)
    written = classes_acting(trace, owner, name, "__delete__", "__delattr__")
    if written:
        use = functools.partial(delete_attribute, name=name)
        choose_class(trace, owner, written, use, lambda: trace.emit("drop", owner, name))
    elif (custom := written_method(owner, "__delattr__")) is not None:
        call(custom, owner, name)
    else:
        delete_plainly(trace, owner, name)


def delete_plainly(trace: Trace, owner: Any, name: str) -> None:
    """`object.__delattr__(owner, name)`."""
    owner = trace.resolve(owner)
    deleter = accessor(trace, python_class(owner), name, "__delete__")
    if deleter is not None:
        deleter(owner)
        return None
    if isinstance(owner, dict):
        owner = trace.enlist(owner)
    if isinstance(owner, Variable):
        return drop(trace, owner, name)
    place = trace.place_of(owner)
    if place is not None:
        note_change(trace, owner, name)
        if trace.assumptions.volatile.get(place.attribute(name)) != ANY:
            trace.assumptions.volatile[place.attribute(name)] = ANY
            trace.restart()
        return drop(trace, trace.opaque(owner), name)
    note_local_change(trace, owner, name, deletes=True)
    if trace.birth(owner) < trace.depth and is_settable(owner, name):
        present_attribute(trace, owner, name)
        return trace.write(attribute_slot(owner, name, trace.birth(owner)), UNDEFINED)
    return native(trace, type.__delattr__ if isinstance(owner, type) else object.__delattr__, owner, name)


def drop(trace: Trace, owner: Variable, name: str) -> None:
    """The op that deletes an attribute, past a `__delattr__` of the user's, which has been traced."""
    if written_method(owner, "__delattr__") is None:
        trace.emit("drop", owner, name)
    else:
        trace.emit("python", real_function(trace, object.__delattr__), owner, name)
