"""Hooks for items: `owner[key]` read, written and deleted, with keys that may be known only when the program runs."""

from __future__ import annotations

import builtins
import collections
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from dy2static.attribute_writes import delete_in_dict, set_in_dict
from dy2static.branches import choose
from dy2static.calls import call
from dy2static.choices import Choice, is_function, is_option
from dy2static.errors import ConversionError, Location
from dy2static.history import holds_data
from dy2static.indices import index_of
from dy2static.iterables import all_items, gathered
from dy2static.native import made_here, native
from dy2static.objects import is_instance
from dy2static.outside import real
from dy2static.places import Place, eval_place
from dy2static.trace import Trace, tracing
from dy2static.values import is_staged_key, mentions, python_class, written_method
from runtime.ir import Constant
from runtime.tracer import TracingError, Variable
from runtime.types import python


def item(owner: Any, key: Any) -> Any:
    trace = tracing()
    if trace is None:
        return owner[key]
    owner, key = trace.resolve(owner), trace.resolve(key)
    method = written_method(owner, "__getitem__")
    if method is not None:
        return call(method, owner, key)
    key = key_of(trace, owner, key)
    if isinstance(owner, Variable):
        found = trace.emit("getitem", owner, key)
        return reread_item(trace, found, trace.reread[owner.value], key) if owner.value in trace.reread else found
    if id(owner) in INDEXERS:
        name = INDEXERS[id(owner)]
        return trace.emit(name, key) if name is not None else owner[key]
    if is_staged_key(trace, key) and isinstance(owner, (list, tuple, dict, str, range)):
        return varying_item(trace, owner, key)
    if isinstance(owner, collections.defaultdict) and key not in owner and isinstance(trace.enlist(owner), Variable):
        return trace.emit("getitem", trace.resolve(owner), key)
    value = native(trace, operator.getitem, owner, key)
    place = trace.place_of(owner)
    if place is None:
        return made_here(trace, value)
    return trace.admit(value, place.item(key)) if not isinstance(key, builtins.slice) else value


def key_of(trace: Trace, owner: Any, key: Any) -> Any:
    """The key of an item; what is no dict takes an object of the user's for the number that it stands for."""
    cls = python_class(trace.resolve(owner))
    return key if cls is None or issubclass(cls, dict) else index_of(trace, key)


def reread_item(trace: Trace, found: Variable, base: Place, key: Any) -> Any:
    """An item of what the program reads anew: functions and objects are those that are there while tracing."""
    if mentions(key) or isinstance(key, builtins.slice):
        return found
    place = base.item(key)
    try:
        known = eval_place(place, trace.arguments)
    except (LookupError, TypeError, AttributeError):
        return found
    if type(known) in (list, tuple, dict) and holds_data(known):
        trace.reread[found.value] = place
    elif type(known) in (list, tuple, dict) and known:
        return trace.admit(known, place)
    if not (is_function(known) or is_instance(known)):
        return found
    made = trace.admit(known, place)
    check = partial(check_same, str(place), trace.location())
    trace.emit("python", Variable(Constant(check, python(partial)), trace), found, real(trace, made))
    return made


def check_same(place: str, location: Location | None, found: Any, known: Any) -> None:
    """Refuses, when the program runs, what Python outside of it has changed and only tracing could look at."""
    if found is not known:
        reason = f"{place} is another object than when the call began, and what is called or read must be known by then"
        raise ConversionError(reason, "keep what changes as data, and choose by it", location)


# NumPy's objects that are used by indexing them; None: what they give is known now.
INDEXERS = {
    id(np.r_): "np.r_", id(np.c_): "np.c_", id(np.mgrid): "np.mgrid", id(np.ogrid): "np.ogrid", id(np.s_): None,
    id(np.index_exp): None,
}  # fmt: skip


def varying_item(trace: Trace, owner: Any, key: Any) -> Any:
    """An item of a Python container at a staged key: the container becomes one of the program, if it holds data."""
    options = owner.values() if isinstance(owner, dict) else owner
    if len(owner) > 1 and isinstance(owner, (list, tuple, dict)) and all(is_option(trace, one) for one in options):
        if any(map(is_function, options)):
            return chosen_item(trace, owner, key)
    if isinstance(owner, dict) or not all(is_datum(trace, value) for value in owner):
        if isinstance(owner, dict) and all(is_datum(trace, value) for value in owner.values()):
            return trace.emit("getitem", trace.lift(owner), key)
        lifted = lifted_objects(trace, owner) if isinstance(owner, list) else None
        if lifted is not None:
            return trace.emit("getitem", lifted, key)
        return item(owner, trace.number(key, "this index") if isinstance(key, Variable) else key)
    return trace.emit("getitem", trace.lift(owner), key)


def lifted_objects(trace: Trace, owner: list[Any]) -> Any:
    """A list of objects that the function made, as a value of the program; None where one of them cannot live there."""
    if trace.place_of(owner) is not None or not any(map(is_instance, owner)):
        return None
    mark = trace.mark()
    try:
        return trace.lift(owner)
    except TracingError:
        trace.rewind(mark)
        return None


def chosen_item(trace: Trace, owner: Any, key: Any) -> Any:
    """The function that stands at a staged key; looking its number up raises what Python does for a key that is not
    there."""
    if isinstance(owner, dict):
        numbers: Any = dict(zip(owner, range(len(owner))))
    else:
        numbers = type(owner)(range(len(owner)))
    options = owner.values() if isinstance(owner, dict) else owner
    return Choice(tuple(options), trace.emit("getitem", numbers, key), choose)


def is_datum(trace: Trace, value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return all(is_datum(trace, inner) for inner in value)
    if isinstance(value, dict):
        return all(is_datum(trace, inner) for inner in value.values())
    try:
        return isinstance(value, Variable) or trace.constant(value) is not None
    except TracingError:
        return False


def set_item(value: Any, owner: Any, key: Any) -> None:
    trace = tracing()
    if trace is None:
        owner[key] = value
        return
    method = written_method(trace.resolve(owner), "__setitem__")
    if method is not None:
        call(method, owner, key, value)
        return
    if id(owner) in trace.dicts and isinstance(key, str):
        set_in_dict(trace, trace.dicts[id(owner)][1], key, value)
        return
    key = key_of(trace, owner, key)
    if isinstance(key, builtins.slice):
        value = items_of_slice(trace, value)
    target, value = trace.enlist(owner), trace.resolve(value)
    spread = isinstance(key, builtins.slice) and isinstance(value, Variable)
    if not isinstance(target, Variable) and (is_staged_key(trace, key) or spread):
        trace.check_is_no_dict(owner)
        target = trace.promote(owner)
    if isinstance(target, Variable):
        trace.emit("setitem", target, key, value)
    else:
        native(trace, operator.setitem, owner, key, value)


def items_of_slice(trace: Trace, value: Any) -> Any:
    """What a slice is set to: an iterator gives its items."""
    value = all_items(trace, gathered(trace, value))
    is_iterator = not isinstance(value, Variable) and hasattr(type(value), "__next__")
    return call(list, value) if is_iterator else value


def delete_item(owner: Any, key: Any) -> None:
    trace = tracing()
    if trace is None:
        del owner[key]
        return
    method = written_method(trace.resolve(owner), "__delitem__")
    if method is not None:
        call(method, owner, key)
        return
    if id(owner) in trace.dicts and isinstance(key, str):
        delete_in_dict(trace, trace.dicts[id(owner)][1], key)
        return
    key = key_of(trace, owner, key)
    target = trace.enlist(owner)
    if not isinstance(target, Variable) and is_staged_key(trace, key):
        trace.check_is_no_dict(owner)
        target = trace.promote(owner)
    if isinstance(target, Variable):
        trace.emit("delitem", target, key)
    else:
        native(trace, operator.delitem, owner, key)


def item_reference(owner: Any, key: Any) -> tuple[Any, Callable[[Any], None]]:
    return item(owner, key), lambda value: set_item(value, owner, key)
