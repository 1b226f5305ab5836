"""Hooks for attributes and items: reads that remember where a value came from, and writes that the program does."""

from __future__ import annotations

import builtins
import collections
import functools
import operator
from collections.abc import Callable
from enum import Enum
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any

import numpy as np

from dy2static.branches import choose
from dy2static.builtin_forms import FORMS
from dy2static.by_class import METHODS, MethodByClass, choose_class, classes_with, is_of_unknown_class
from dy2static.calls import call
from dy2static.choices import Choice, is_choice, is_function, is_option
from dy2static.libraries import OutsideMethod, is_immutable_class, is_of_a_library, is_opaque_class
from dy2static.native import made_here, native
from dy2static.objects import is_instance
from dy2static.operators import inplace
from dy2static.outside import may_change, real_function
from dy2static.places import Place, root_object
from dy2static.slots import Slot
from dy2static.streams import Generator, Giver, is_generator
from dy2static.trace import Trace, tracing
from dy2static.values import class_of, mentions, written_method
from runtime import ops
from runtime.ir import Constant, Value
from runtime.tracer import StagedMethod, TracingError, Variable, read_attribute
from runtime.types import ANY, UNDEFINED, join, type_of

_MISSING = object()


def typed(variable: Any, type: Any) -> Any:
    if isinstance(variable, Variable):
        variable.value.type = type
    return variable


def declare_volatile(trace: Trace, place: Place, value: Any) -> None:
    """From now on the program reads `place` where it is read; the first write starts the trace again."""
    value = trace.resolve(value)
    type = value.type if isinstance(value, Variable) else type_of(value)
    known = trace.assumptions.volatile.get(place)
    old = trace.admitted.get(place, _MISSING)
    start = ANY if old is _MISSING else old.type if isinstance(old, Variable) else type_of(old)
    joined = join(start if known is None else known, type)
    if known is None or joined != known:
        trace.assumptions.volatile[place] = joined if known is None or trace.assumptions.attempts < 50 else ANY
        trace.restart()


def is_library(value: Any) -> bool:
    """Whether a value belongs to NumPy or the standard library, whose names are not rebound."""
    if isinstance(value, ModuleType):
        return True
    if isinstance(value, (FunctionType, functools.partial)) or is_instance(value):
        return False
    return callable(value) and getattr(value, "__module__", None) in _LIBRARY


_LIBRARY = {"builtins", "numpy", "math", "cmath", "operator", "itertools", "functools"}


def attribute(owner: Any, name: str) -> Any:
    trace = tracing()
    if trace is None:
        return getattr(owner, name)
    if not isinstance(owner, (list, dict, set)) or has_items_for_attributes(owner):
        owner = trace.resolve(owner)
    if isinstance(owner, Variable):
        return variable_attribute(trace, owner, name)
    if is_choice(owner):
        return owner.use(lambda option: attribute(option, name))
    if is_generator(owner):
        return generator_method(trace, owner, name)
    if isinstance(owner, ModuleType):
        return module_attribute(trace, owner, name)
    if name == "__dict__":
        raise TracingError("__dict__ holds attributes in a way that cannot be staged: use getattr and setattr")
    found = class_attribute(type(owner), name)
    if isinstance(found, property) and found.fget is not None:
        return call(found.fget, owner)
    if isinstance(found, FunctionType) and name not in getattr(owner, "__dict__", {}):
        return getattr(owner, name)
    if isinstance(found, functools.cached_property) and not _hasattr(trace, owner, name, plainly=True):
        value = call(found.func, owner)
        set_attribute(value, owner, name)
        return value
    getter = getattr(type(found), "__get__", None)
    if isinstance(getter, FunctionType) and not isinstance(found, functools.cached_property):
        return call(getter, found, owner, type(owner))
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
    owner = holder_of(trace, owner, name)
    place = trace.place_of(owner)
    if place is None:
        value = native(trace, getattr, owner, name)
        if isinstance(value, Variable) and value.type.maybe:
            return trace.emit("present", value, type(owner).__name__, name)
        is_shared = name not in getattr(owner, "__dict__", {}) and isinstance(value, (list, dict, set, np.ndarray))
        cls = type(owner) if not isinstance(owner, type) else owner
        if is_shared and found is value:
            return trace.admit(value, root_object(cls, cls.__name__).attribute(name))
        return value
    path = place.attribute(name)
    if path in trace.assumptions.volatile:
        return typed(trace.emit("load", trace.opaque(owner), name), trace.assumptions.volatile[path])
    try:
        value = native(trace, getattr, owner, name)
    except AttributeError:
        trace.guard("absent", place, name)
        raise
    if callable(value) and getattr(value, "__self__", None) is owner or _is_class_method(value):
        return value
    if may_change(trace, value, path):
        return typed(trace.emit("load", trace.opaque(owner), name), trace.assumptions.volatile[path])
    return trace.admit(value, path)


def generator_method(trace: Trace, owner: Generator, name: str) -> Giver:
    def method(*args: Any) -> Any:
        try:
            return getattr(owner.steps(), name)(*args)
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
    base = next((one for one in cls.__mro__ if name in vars(one)), None)
    if base is None or name in own or issubclass(cls, Enum) or is_of_a_library(base) or id(base) in trace.born:
        return owner
    value = vars(base)[name]
    if base is owner and trace.place_of(owner) is not None or callable(value) or hasattr(type(value), "__get__"):
        return owner
    place = trace.place_of(owner)
    if place is not None and base is not owner and hasattr(owner, "__dict__"):
        trace.guard("unset", place, name)
    trace.origins.setdefault(id(base), (base, root_object(base, base.__name__)))
    return base


def class_attribute(cls: Any, name: str) -> Any:
    return next((base.__dict__[name] for base in cls.__mro__ if name in base.__dict__), None)


def has_items_for_attributes(owner: Any) -> bool:
    return isinstance(owner, dict) and hasattr(type(owner), "__getattr__")


def is_user_class(cls: type | None) -> bool:
    return cls is not None and bool(cls.__flags__ & 1 << 9) and not cls.__module__.startswith("numpy")


def has_plainly(owner: Any, name: str) -> bool:
    try:
        object.__getattribute__(owner, name)
    except AttributeError:
        return False
    return True


def module_attribute(trace: Trace, module: ModuleType, name: str) -> Any:
    value = native(trace, getattr, module, name)
    if is_library(value) or module.__name__.split(".")[0] in _STANDARD and not _varies(value):
        return value
    trace.origins.setdefault(id(module), (module, root_object(module, module.__name__)))
    return trace.admit(value, trace.origins[id(module)][1].attribute(name))


def _varies(value: Any) -> bool:
    """Whether an attribute of a library's module holds state: sys.stdout, os.environ, sys.argv."""
    return isinstance(value, (list, dict, set)) or is_instance(value) or is_opaque_class(type(value))


_STANDARD = {
    "numpy",
    "math",
    "cmath",
    "operator",
    "itertools",
    "functools",
    "random",
    "time",
    "sys",
    "os",
    "re",
    "string",
}


def variable_attribute(trace: Trace, owner: Variable, name: str) -> Any:
    if name == "__class__":
        return call(type, owner)
    if is_opaque_class(class_of(owner)) or is_immutable_class(class_of(owner)):
        return opaque_attribute(trace, owner, name)
    if is_user_class(class_of(owner)):
        return instance_attribute(trace, owner, name)
    written = classes_with(trace, owner, name, (*METHODS, property))
    if written:
        return attribute_by_class(trace, owner, name, written)
    if name == "__array_namespace__":
        return namespace_method(owner)
    named = getattr(operator, name, None) if name.startswith("__") else None
    if named is not None and ops.name_of(named) is not None:
        return functools.partial(named, owner)
    if name.startswith("__") and name not in _DUNDERS:
        raise TracingError(f"{name} of a staged value is no op: use the operator or function that it stands for")
    cls = class_of(owner)
    if cls is not None and cls is not type and not hasattr(cls, name):
        raise trace.own(AttributeError(f"{cls.__name__!r} object has no attribute {name!r}"))
    if cls is not None and cls is not type and name not in ops.METHODS | ops.ATTRIBUTES:
        if isinstance(getattr(cls, name), MethodDescriptorType) and issubclass(cls, _CONTAINERS):
            return OutsideMethod(owner, name)
        reason = ops.REFUSED.get("." + name, "it has no row")
        raise TracingError(f"{name!r} of {cls.__name__} objects is no op: {reason}")
    return _own_errors(trace, owner, name)


_CONTAINERS = (list, dict, set, collections.deque)
_DUNDERS = ("__name__", "__array_namespace__", "__cause__", "__context__", "__suppress_context__", "__notes__")


def attribute_by_class(trace: Trace, owner: Variable, name: str, classes: list[type]) -> Any:
    if all(isinstance(class_attribute(cls, name), METHODS) for cls in classes):
        return MethodByClass(trace, owner, name, classes, method_of)
    return choose_class(
        trace, owner, classes, lambda known: attribute(known, name), lambda: _own_errors(trace, owner, name)
    )


def method_of(owner: Variable, name: str) -> Callable[..., Any]:
    found = attribute(owner, name)
    return lambda *args, **kwargs: call(found, *args, **kwargs)


def namespace_method(owner: Variable) -> Any:
    """The method of an array that gives the module of its functions, which is NumPy for every array."""
    cls = class_of(owner)
    if cls is None or not issubclass(cls, (np.ndarray, np.generic)):
        raise TracingError("__array_namespace__ of a value that may be no array is known only when the program runs")
    stand_in = np.empty(0) if cls is np.ndarray else cls(0)
    if not hasattr(stand_in, "__array_namespace__"):
        raise AttributeError(f"{cls.__name__!r} object has no attribute '__array_namespace__'")
    return stand_in.__array_namespace__


def _own_errors(trace: Trace, owner: Variable, name: str) -> Any:
    try:
        return read_attribute(owner, name)
    except AttributeError as error:
        raise trace.own(error)


def opaque_attribute(trace: Trace, owner: Variable, name: str) -> Any:
    """An attribute of an object with state: its methods are called in the program, as they are."""
    found = class_attribute(class_of(owner), name)
    is_method = isinstance(found, (FunctionType, MethodDescriptorType, BuiltinFunctionType, WrapperDescriptorType))
    if is_method or isinstance(found, (classmethod, staticmethod, ClassMethodDescriptorType)):
        return OutsideMethod(owner, name)
    return trace.emit("load", owner, name)


def instance_attribute(trace: Trace, owner: Variable, name: str) -> Any:
    """An attribute of an object that lives in the program; its methods and properties are those of its class."""
    cls = class_of(owner)
    found = class_attribute(cls, name)
    if isinstance(found, property) and found.fget is not None:
        return call(found.fget, owner)
    if isinstance(found, FunctionType):
        return MethodType(found, owner)
    if isinstance(found, (classmethod, staticmethod)):
        return getattr(cls, name)
    if isinstance(found, MethodDescriptorType) and name in ops.METHODS:
        return StagedMethod(owner, name)
    return trace.emit("load", owner, name)


def set_attribute(value: Any, owner: Any, name: str) -> None:
    trace = tracing()
    if trace is None:
        return setattr(owner, name, value)
    owner = trace.resolve(owner)
    if isinstance(owner, Variable) and not is_user_class(class_of(owner)):
        return set_unknown(trace, value, owner, name)
    cls = class_of(owner) if isinstance(owner, Variable) else type(owner)
    found = class_attribute(cls, name)
    if isinstance(found, property) and found.fset is not None:
        return call(found.fset, owner, value)
    custom = getattr(cls, "__setattr__", None)
    if isinstance(custom, FunctionType):
        return call(custom, owner, name, value)
    if isinstance(owner, dict):
        owner = trace.enlist(owner)  # its attributes are its items, where it has any
    if isinstance(owner, Variable):
        return trace.emit("store", owner, name, value)
    place = trace.place_of(owner)
    if place is not None:
        declare_volatile(trace, place.attribute(name), value)
        trace.emit("store", trace.opaque(owner), name, value)
    elif trace.birth(owner) < trace.depth:
        trace.write(attribute_slot(owner, name, trace.birth(owner)), value)
    else:
        native(trace, setattr, owner, name, value)
    return None


def set_unknown(trace: Trace, value: Any, owner: Variable, name: str) -> None:
    """`owner.name = value` where the class of `owner` is known only when the program runs, or is not the user's."""
    written = classes_with(trace, owner, name, (property,))
    written += [cls for cls in classes_with(trace, owner, "__setattr__", METHODS) if cls not in written]
    if written:
        use = functools.partial(set_attribute, value, name=name)
        return choose_class(trace, owner, written, use, lambda: trace.emit("store", owner, name, value))
    if is_of_unknown_class(owner) and name not in ARRAY_ATTRIBUTES:
        return trace.emit("store", owner, name, value)
    return setattr(owner, name, value)


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
    if isinstance(owner, dict):
        owner = trace.enlist(owner)
    if isinstance(owner, Variable):
        return trace.emit("drop", owner, name)
    place = trace.place_of(owner)
    if place is not None:
        if trace.assumptions.volatile.get(place.attribute(name)) != ANY:
            trace.assumptions.volatile[place.attribute(name)] = ANY
            trace.restart()
        return trace.emit("drop", trace.opaque(owner), name)
    if trace.birth(owner) < trace.depth:
        attribute(owner, name)
        return trace.write(attribute_slot(owner, name, trace.birth(owner)), UNDEFINED)
    return native(trace, delattr, owner, name)


def item(owner: Any, key: Any) -> Any:
    trace = tracing()
    if trace is None:
        return owner[key]
    owner, key = trace.resolve(owner), trace.resolve(key)
    method = written_method(owner, "__getitem__")
    if method is not None:
        return call(method, owner, key)
    if isinstance(owner, Variable):
        return trace.emit("getitem", owner, key)
    if id(owner) in INDEXERS:
        name = INDEXERS[id(owner)]
        return trace.emit(name, key) if name is not None else owner[key]
    if mentions(key) and isinstance(owner, (list, tuple, dict, str, range)):
        return varying_item(trace, owner, key)
    if isinstance(owner, collections.defaultdict) and key not in owner and isinstance(trace.enlist(owner), Variable):
        return trace.emit("getitem", trace.resolve(owner), key)
    value = native(trace, operator.getitem, owner, key)
    place = trace.place_of(owner)
    if place is None:
        return made_here(trace, value)
    return trace.admit(value, place.item(key)) if not isinstance(key, builtins.slice) else value


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
        return item(owner, trace.number(key, "this index") if isinstance(key, Variable) else key)
    return trace.emit("getitem", trace.lift(owner), key)


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
    target, value = trace.enlist(owner), trace.resolve(value)
    spread = isinstance(key, builtins.slice) and isinstance(value, Variable)
    if not isinstance(target, Variable) and (mentions(key) or spread):
        target = trace.promote(owner)
    if isinstance(target, Variable):
        trace.emit("setitem", target, key, value)
    else:
        native(trace, operator.setitem, owner, key, value)


def delete_item(owner: Any, key: Any) -> None:
    trace = tracing()
    if trace is None:
        del owner[key]
        return
    method = written_method(trace.resolve(owner), "__delitem__")
    if method is not None:
        call(method, owner, key)
        return
    target = trace.enlist(owner)
    if not isinstance(target, Variable) and mentions(key):
        target = trace.promote(owner)
    if isinstance(target, Variable):
        trace.emit("delitem", target, key)
    else:
        native(trace, operator.delitem, owner, key)


def attribute_reference(owner: Any, name: str) -> tuple[Any, Callable[[Any], None]]:
    return attribute(owner, name), lambda value: set_attribute(value, owner, name)


def item_reference(owner: Any, key: Any) -> tuple[Any, Callable[[Any], None]]:
    return item(owner, key), lambda value: set_item(value, owner, key)


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
    cls = class_of(held) if isinstance(held, Variable) else object
    if cls is None or is_user_class(cls) and not hasattr(cls, name):
        return trace.emit("load_or", held, name, *default)
    if place is not None and place.attribute(name) in trace.assumptions.volatile:
        return trace.emit("load_or", trace.opaque(owner), name, *default)
    raw = getattr(owner, "__dict__", {}).get(name)
    if isinstance(raw, Variable) and raw.type.maybe:
        return trace.emit("otherwise", raw, *default)
    try:
        return attribute(owner, name)
    except AttributeError:
        return default[0]


def _hasattr(trace: Trace, owner: Any, name: str, plainly: bool = False) -> Any:
    """`hasattr`; `plainly` asks for the object's own attributes only."""
    owner = trace.resolve(owner)
    if plainly and name not in getattr(owner, "__dict__", {}):
        place = trace.place_of(owner)
        if place is not None:
            trace.guard("unset", place, name)
        return place is not None and place.attribute(name) in trace.assumptions.volatile
    if isinstance(owner, Variable):
        try:
            known = class_of(owner)
        except AttributeError:
            return False
        if known is None or is_user_class(known) and not hasattr(known, name):
            return trace.emit("has", owner, name)
        return hasattr(known, name)
    place = trace.place_of(owner)
    if place is not None and place.attribute(name) in trace.assumptions.volatile:
        return trace.emit("has", trace.opaque(owner), name)
    try:
        value = native(trace, getattr, owner, name)
    except AttributeError:
        if place is not None:
            trace.guard("absent", place, name)
        return False
    return trace.emit("is_not", value, UNDEFINED) if isinstance(value, Variable) and value.type.maybe else True


def _setattr(trace: Trace, owner: Any, name: Any, value: Any) -> None:
    if isinstance(name, Variable):
        return by_name(trace, name, lambda text: set_attribute(value, owner, text))
    set_attribute(value, owner, name)


def _delattr(trace: Trace, owner: Any, name: Any) -> None:
    if isinstance(name, Variable):
        return by_name(trace, name, lambda text: delete_attribute(owner, text))
    return delete_attribute(owner, name)


ATTRIBUTES: dict[Any, Callable[..., Any]] = {
    getattr: _getattr,
    hasattr: _hasattr,
    setattr: _setattr,
    delattr: _delattr,
}
FORMS.update(ATTRIBUTES)
