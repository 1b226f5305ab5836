"""Hooks for attributes: reads that remember where a value came from, and writes that the program does."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from enum import Enum
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as np

from dy2static import forms
from dy2static.attribute_writes import (
    delete_attribute,
    delete_plainly,
    present_attribute,
    set_attribute,
    set_in_dict,
    set_plainly,
)
from dy2static.branches import choose
from dy2static.builtin_forms import FORMS
from dy2static.calls import call, call_formless
from dy2static.choices import is_choice
from dy2static.class_changes import check_asked_of_class, is_changed, where_asked
from dy2static.descriptors import accessor, has_accessor, is_overriding
from dy2static.inherited import StagedSuper, inherited_attribute
from dy2static.libraries import OutsideMethod, is_immutable_class, is_of_a_library
from dy2static.module_attributes import module_attribute
from dy2static.native import native
from dy2static.objects import class_having, is_instance, is_own_collection
from dy2static.operators import inplace
from dy2static.outside import may_change, real_function
from dy2static.places import Place, root_object
from dy2static.streams import Generator, Giver, is_generator
from dy2static.trace import Trace, tracing
from dy2static.values import class_of, python_class
from dy2static.variable_attributes import class_attribute, is_user_class, variable_attribute
from runtime.ir import Constant, Value
from runtime.ops.objects import is_readable
from runtime.tracer import TracingError, Variable
from runtime.types import UNDEFINED


def reread(trace: Trace, variable: Variable, place: Place) -> Variable:
    """Notes that the program has read a place that it may have changed."""
    variable.value.type = trace.assumptions.volatile[place]
    trace.reread[variable.value] = place
    return variable


def attribute(owner: Any, name: str) -> Any:
    trace = tracing()
    if trace is None:
        return getattr(owner, name)
    if isinstance(owner, (super, StagedSuper)):
        return inherited_attribute(trace, owner, name)
    if not isinstance(owner, (list, dict, set)) or has_items_for_attributes(owner):
        owner = trace.resolve(owner)
    if isinstance(owner, Variable) and name == "__dict__":
        return call(vars, owner)
    if isinstance(owner, Variable):
        return variable_attribute(trace, owner, name)
    if is_choice(owner):
        return owner.use(lambda option: attribute(option, name))
    if is_generator(owner):
        return generator_method(trace, owner, name)
    if isinstance(owner, ModuleType):
        return module_attribute(trace, owner, name)
    if name == "__dict__" and is_instance(owner) and trace.place_of(owner) is None:
        return _vars(trace, owner)
    if name == "__dict__":
        raise TracingError("__dict__ holds attributes in a way that cannot be staged: use getattr and setattr")
    if name == "update" and id(owner) in trace.dicts:
        return Giver(trace, functools.partial(update_attributes, trace, trace.dicts[id(owner)][1]))
    found = class_attribute(type(owner), name)
    getter = accessor(trace, type(owner), name, "__get__")
    if getter is not None and (is_overriding(found) or not _has_its_own(trace, owner, name)):
        return getter(owner, type(owner))
    if isinstance(owner, type) and found is None and (getter := accessor(trace, owner, name, "__get__")) is not None:
        inner = class_attribute(owner, name)
        return inner if isinstance(inner, property) else getter(None, owner)
    if isinstance(found, FunctionType) and name not in getattr(owner, "__dict__", {}):
        return getattr(owner, name)
    if isinstance(found, functools.cached_property) and not _hasattr(trace, owner, name, plainly=True):
        value = call(found.func, owner)
        set_attribute(value, owner, name)
        return value
    theirs = None if getter is not None else getattr(type(found), "__get__", None)
    if isinstance(theirs, FunctionType) and not isinstance(found, functools.cached_property):
        if is_overriding(found) or not _has_its_own(trace, owner, name):
            return call(theirs, found, owner, type(owner))
    if isinstance(owner, type) and found is None and not issubclass(owner, Enum):
        inner = class_attribute(owner, name)
        theirs = getattr(type(inner), "__get__", None)
        if isinstance(theirs, FunctionType) and not isinstance(inner, functools.cached_property):
            return call(theirs, inner, None, owner)  # it may give a new object at each reading
    custom = getattr(type(owner), "__getattr__", None)
    if isinstance(custom, FunctionType) and not has_plainly(owner, name):
        return call(custom, owner, name)
    if isinstance(owner, functools._lru_cache_wrapper) and name in ("cache_info", "cache_clear"):
        code = getattr(owner.__wrapped__, "__code__", None)
        if code not in trace.assumptions.cached:
            trace.assumptions.cached.add(code)
            trace.restart()
        return OutsideMethod(real_function(trace, owner), name)
    if isinstance(getattr(type(owner), "__getattribute__", None), FunctionType):
        raise TracingError(f"{type(owner).__name__}.__getattribute__ is called at every read, and a program does not")
    if is_immutable_class(type(owner)):
        return native(trace, getattr, owner, name)
    if (asked := where_asked(trace, owner, name)) is not None:
        return trace.emit("load", asked, name)
    owner = holder_of(trace, owner, name)
    place = trace.place_of(owner)
    if place is None:
        value = present_attribute(trace, owner, name)
        is_shared = name not in getattr(owner, "__dict__", {}) and isinstance(value, (list, dict, set, np.ndarray))
        cls = type(owner) if not isinstance(owner, type) else owner
        if is_shared and found is value and id(class_having(cls, name)) not in trace.born:
            return trace.admit(value, root_object(cls, cls.__name__).attribute(name))
        return value
    path = place.attribute(name)
    if path in trace.assumptions.volatile:
        return reread(trace, trace.emit("load", trace.opaque(owner), name), path)
    try:
        value = native(trace, getattr, owner, name)
    except AttributeError:
        trace.guard("absent", place, name)
        raise
    if callable(value) and getattr(value, "__self__", None) is owner or _is_class_method(value):
        return value
    if may_change(trace, value, path) and is_readable(name):
        return reread(trace, trace.emit("load", trace.opaque(owner), name), path)
    return trace.admit(value, path)


def generator_method(trace: Trace, owner: Generator, name: str) -> Giver:
    def method(*args: Any) -> Any:
        try:
            return getattr(owner.steps(for_send=True), name)(*args)
        except StopIteration as error:
            raise trace.own(error)

    if name in ("__iter__", "__next__"):
        return Giver(trace, lambda: call(iter if name == "__iter__" else next, owner))
    if name == "close":
        return Giver(trace, owner.close)
    if name not in ("send", "throw") or owner.value is not None:
        raise TracingError(f"{name!r} of a generator cannot be staged")
    return Giver(trace, method)


def _is_class_method(value: Any) -> bool:
    """Whether it is a class method written in C, which is made anew at each reading."""
    return isinstance(value, BuiltinFunctionType) and isinstance(value.__self__, type)


def holder_of(trace: Trace, owner: Any, name: str) -> Any:
    """The class that holds an attribute which an object, or a class under it, has not itself: it is read there."""
    cls = owner if isinstance(owner, type) else type(owner)
    own = () if owner is cls else getattr(owner, "__dict__", ())
    base = class_having(cls, name)
    if base is None or name in own or issubclass(cls, Enum) or is_of_a_library(base) or id(base) in trace.born:
        return owner
    value = vars(base)[name]
    if base is owner and trace.place_of(owner) is not None or callable(value) or hasattr(type(value), "__get__"):
        return owner
    place = trace.place_of(owner)
    if place is not None and place.attribute(name) in trace.assumptions.volatile:
        return owner  # which the program gives one of its own
    if place is not None and base is not owner and hasattr(owner, "__dict__"):
        trace.guard("unset", place, name)
    trace.origins.setdefault(id(base), (base, root_object(base, base.__name__)))
    return base


def has_items_for_attributes(owner: Any) -> bool:
    return isinstance(owner, dict) and hasattr(type(owner), "__getattr__") or is_own_collection(owner)


def has_plainly(owner: Any, name: str) -> bool:
    try:
        object.__getattribute__(owner, name)
    except AttributeError:
        return False
    return True


def attribute_reference(owner: Any, name: str) -> tuple[Any, Callable[[Any], None]]:
    return attribute(owner, name), lambda value: set_attribute(value, owner, name)


def inplace_reference(symbol: str, reference: tuple[Any, Callable[[Any], None]], value: Any) -> None:
    old, write = reference
    write(inplace(symbol, old, value))


# Builtins that read and write attributes


def by_name(trace: Trace, name: Variable, use: Callable[[str], Any]) -> Any:
    """`use(name)` of a name that is one of several constants."""
    names = sorted(possible_texts(name.value))
    numbers = {text: number for number, text in enumerate(names)}
    return choose(trace.emit("getitem", numbers, name), [functools.partial(use, text) for text in names])


def possible_texts(value: Value) -> set[str]:
    """The strings that a value may be, where branches choose among constants."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return {value.value}
    if value.op is None or value.op.definition.name != "cond":
        raise TracingError("the name of this attribute is known only when the program runs")
    place = value.op.outputs.index(value)
    width = len(value.op.outputs)
    branches = [block for block in value.op.blocks if block.results is not None and len(block.results) == width]
    return {text for block in branches for text in possible_texts(block.results[place])}  # type: ignore[index]


def _getattr(trace: Trace, owner: Any, name: Any, *default: Any) -> Any:
    if isinstance(name, Variable):
        return by_name(trace, name, lambda text: _getattr(trace, owner, text, *default))
    if not default:
        return attribute(owner, name)
    place, held = trace.place_of(owner), trace.resolve(owner)
    if _is_given(held, name):
        return trace.call(forms.getattr_or, (held, name, *default), {})
    if not isinstance(held, Variable) and (asked := where_asked(trace, held, name)) is not None:
        return trace.emit("load_or", asked, name, *default)
    cls = class_of(held) if isinstance(held, Variable) else object
    check_asked_of_class(trace, cls, name)
    if cls is None or is_user_class(cls) and not in_class(cls, name) or is_changed(trace, cls, name):
        return trace.emit("load_or", held, name, *default)
    if place is not None and place.attribute(name) in trace.assumptions.volatile:
        return trace.emit("load_or", trace.opaque(owner), name, *default)
    found = list(_values_of(owner, name))
    if found and isinstance(found[0], Variable) and found[0].type.maybe:
        return functools.reduce(lambda rest, value: trace.emit("otherwise", value, rest), reversed(found), *default)
    try:
        return attribute(owner, name)
    except AttributeError:
        return default[0]


def _values_of(owner: Any, name: str) -> Iterator[Any]:
    """What an object and the classes above it have by this name, as far as it may not have been set."""
    classes = (owner if isinstance(owner, type) else type(owner)).__mro__
    for held in (getattr(owner, "__dict__", {}), *(vars(base) for base in classes)):
        if name in held:
            yield held[name]
            if not (isinstance(held[name], Variable) and held[name].type.maybe):
                return


def _is_given(owner: Any, name: str) -> bool:
    """Whether Python of the user's says if there is such an attribute, and what it is."""
    cls = owner if isinstance(owner, type) else python_class(owner)
    is_given = cls is not None and has_accessor(cls, name, "__get__")
    return is_given and not (cls is owner and isinstance(class_attribute(cls, name), property))


def in_class(cls: type, name: str) -> bool:
    return class_having(cls, name) is not None


def _hasattr(trace: Trace, owner: Any, name: Any, plainly: bool = False) -> Any:
    """`hasattr`; `plainly` asks for the object's own attributes only."""
    if isinstance(name, Variable):
        return by_name(trace, name, functools.partial(_hasattr, trace, owner))
    owner = trace.resolve(owner)
    if is_generator(owner):
        return hasattr(owner.cls, name)
    if plainly and name not in getattr(owner, "__dict__", {}):
        place = trace.place_of(owner)
        if place is not None:
            trace.guard("unset", place, name)
        return place is not None and place.attribute(name) in trace.assumptions.volatile
    if not plainly and _is_given(owner, name):
        return trace.call(forms.hasattr_, (owner, name), {})
    if isinstance(owner, Variable):
        try:
            known = class_of(owner)
        except AttributeError:
            return False
        check_asked_of_class(trace, known, name)
        if known is None or known is type:
            return trace.emit("has", owner, name)  # a class has more than is in `type`
        if is_user_class(known) and not in_class(known, name) or is_changed(trace, known, name):
            return trace.emit("has", owner, name)
        return in_class(known, name)
    place = trace.place_of(owner)
    if (asked := where_asked(trace, owner, name)) is not None:
        return trace.emit("has", asked, name)
    if place is not None and place.attribute(name) in trace.assumptions.volatile:
        return trace.emit("has", trace.opaque(owner), name)
    try:
        value = native(trace, getattr, owner, name)
    except AttributeError:
        if place is not None:
            trace.guard("absent", place, name)
        return False
    if place is not None and name in getattr(owner, "__dict__", {}):
        trace.guard("own", place, name)
    return trace.emit("is_not", value, UNDEFINED) if isinstance(value, Variable) and value.type.maybe else True


def _has_its_own(trace: Trace, owner: Any, name: str) -> bool:
    """Whether an object has an attribute itself, which goes before a method `__get__` of its class's."""
    value = getattr(owner, "__dict__", {}).get(name)
    if isinstance(value, Variable) and value.type.maybe:
        raise TracingError(f"whether {name!r} was set decides here, and that is known only when the program runs")
    return bool(_hasattr(trace, owner, name, plainly=True))


def _setattr(trace: Trace, owner: Any, name: Any, value: Any) -> None:
    if isinstance(name, Variable):
        return by_name(trace, name, lambda text: set_attribute(value, owner, text))
    set_attribute(value, owner, name)


def _vars(trace: Trace, *owners: Any) -> Any:
    """`vars`; the dict of an object that lives in Python is that object's own, and its items are set as attributes."""
    owner = trace.resolve(owners[0]) if owners else None
    if not is_instance(owner) or trace.place_of(owner) is not None:
        return call_formless(trace, vars, owners, {})
    held = native(trace, vars, owner)
    if any(isinstance(value, Variable) and value.type.maybe for value in held.values()):
        return call_formless(trace, vars, owners, {})  # which attributes it has is asked when the program runs
    trace.dicts[id(held)] = (held, owner)
    trace.born[id(held)] = (held, trace.birth(owner))
    return held


def update_attributes(trace: Trace, owner: Any, items: Any) -> None:
    """`owner.__dict__.update(items)`"""
    if not isinstance(items, dict):
        raise TracingError("__dict__ takes attributes in a way that cannot be staged: use setattr")
    for name, value in items.items():
        set_in_dict(trace, owner, name, value)


def _delattr(trace: Trace, owner: Any, name: Any) -> None:
    if isinstance(name, Variable):
        return by_name(trace, name, lambda text: delete_attribute(owner, text))
    return delete_attribute(owner, name)


ATTRIBUTES: dict[Any, Callable[..., Any]] = {
    getattr: _getattr,
    hasattr: _hasattr,
    setattr: _setattr,
    delattr: _delattr,
    vars: _vars,
    object.__setattr__: set_plainly,
    object.__delattr__: delete_plainly,
}
FORMS.update(ATTRIBUTES)
