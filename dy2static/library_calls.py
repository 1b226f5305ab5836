"""Calls of what is written in C, or is NumPy's: an op of that name where there is one, else Python now, or a call that
the program makes.

np.tanh(x), len(x), print(…)     →     an op of that name
items.append(x)                  →     the list's own method, or an op on the list where it lives in the program
"""

from __future__ import annotations

import operator
from collections import deque
from types import FunctionType, MethodDescriptorType, WrapperDescriptorType
from typing import Any

import numpy as np

from dy2static import forms, sorting
from dy2static.branches import choose
from dy2static.choices import Choice, is_function, is_option
from dy2static.indices import INTEGERS, in_order, index_of, stands_for_number
from dy2static.libraries import CHANGERS, is_pure
from dy2static.native import function_name, native
from dy2static.objects import is_own_collection
from dy2static.outside import call_outside
from dy2static.readings import note_view
from dy2static.streams import is_generator
from dy2static.trace import Trace
from dy2static.values import (
    class_of,
    has_objects,
    has_staged_argument,
    holds_objects,
    holds_staged_key,
    is_hashable,
    is_staged_key,
    is_stateful,
    mentions,
    reads_objects,
    varies,
    written_method,
)
from runtime import ops
from runtime.tracer import StagedMethod, TracingError, Variable

# These look at no values, so that containers with Variables inside need not be staged.
STRUCTURAL = {len, list, tuple, dict, enumerate, zip, reversed, iter, next, id, callable, repr, type, isinstance, slice}


def call_named(trace: Trace, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    staged = mentions(args) or mentions(kwargs) or name in HASHING and holds_staged_key(trace, args)
    if staged and any(map(is_stateful, args)) and name != "print":
        return call_outside(trace, function, args, kwargs)
    if not staged and name in KNOWN_NOW:
        return native(trace, function, *args, **kwargs)
    for arg in args:
        trace.consume(arg)
    if name == "iter" and len(args) == 1 and holds_data(trace, args[0]):
        return trace.emit("iter", trace.lift(args[0]))
    if name in ("iter", "next") and not (args and isinstance(trace.resolve(args[0]), Variable)):
        return native(trace, function, *args, **kwargs)
    definition = ops.find(name)
    is_array_function = name.startswith("np.") and not isinstance(function, type)
    if staged and is_hashable(function) and function in STRUCTURAL and not has_staged_argument(trace, args):
        try:
            return native(trace, function, *args, **kwargs)
        except TypeError as error:
            if trace.is_genuine(error):
                raise
    is_array_function |= trace.assumptions.scalars and isinstance(function, type) and issubclass(function, np.generic)
    if definition is not None and (staged or is_array_function or definition.effect in ("io", "random")):
        return trace.emit(name, *args, **kwargs)
    if function not in STRUCTURAL and any(map(stands_for_number, (*args, *kwargs.values()))):
        return call_outside(trace, function, args, kwargs)
    return native(trace, function, *args, **kwargs)


HASHING = {"dict", "set", "frozenset", "dict.fromkeys"}
KNOWN_NOW = {
    "np.dtype", "np.finfo", "np.iinfo", "np.result_type", "np.promote_types", "np.can_cast", "np.issubdtype",
    "np.isscalar", "np.iterable",
    "np.broadcast_shapes", "np.min_scalar_type", "np.isdtype", "np.common_type", "np.find_common_type",
}  # fmt: skip


def holds_data(trace: Trace, value: Any) -> bool:
    """Whether an iterator over a container can be one of the program."""
    if not isinstance(value, (list, tuple, str, bytes, range)):
        return False
    return all(isinstance(trace.resolve(one), Variable) or trace.is_plain(one) for one in value)


def refuse(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raises TracingError for a function of NumPy that a program cannot call, with the reason."""
    module = (getattr(function, "__module__", None) or type(function).__module__ or "").split(".")[0]
    if module != "numpy" or not (mentions(args) or mentions(kwargs) or ops.acts_outside(function)):
        return
    reason = ops.refusal(function)
    if reason is not None:
        raise TracingError(f"{function_name(function)} cannot be part of a program: {reason}")


def is_question_of_masks(function: Any) -> bool:
    """Whether a function asks if a value is a masked array, which no staged value is: they are refused as arguments."""
    return getattr(function, "__module__", None) == "numpy.ma.core" and function.__name__ in ("isMaskedArray", "isMA")


def call_builtin(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function written in C that has no op: a method of a container, or one that is run now."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, (list, dict, set, deque)):
        return container_method(trace, owner, function, args, kwargs)
    if isinstance(function, DESCRIPTORS) and args and function.__objclass__ in UNBOUND:
        return call_unbound(trace, function, trace.resolve(args[0]), args[1:], kwargs)
    if isinstance(owner, FunctionType) and function.__name__ == "__get__":
        return native(trace, function, *args)
    if isinstance(owner, BaseException) and function.__name__ == "add_note":
        return trace.call(forms.add_note_, (owner, *args), kwargs)
    for arg in args:
        trace.consume(arg)
    if function in REFUSED:
        raise TracingError(f"{function_name(function)} acts outside of the program, and a program has no op for it")
    staged = mentions(args) or mentions(kwargs)
    if isinstance(owner, tuple) and compares_staged(trace, owner, function, args):
        return StagedMethod(trace.lift(owner), function.__name__)(*args, **kwargs)
    if staged and isinstance(owner, str) and function.__name__ in ops.METHODS:
        return trace.emit("." + function.__name__, owner, *args, **kwargs)
    if getattr(function, "__objclass__", None) is object and has_staged_argument(trace, args[:1]):
        return None if function.__name__ == "__init__" else call_outside(trace, function, args, kwargs)
    if isinstance(owner, super) or getattr(function, "__objclass__", None) in (object, type, BaseException):
        return native(trace, function, *args, **kwargs)
    of_builtin = isinstance(owner, type) and owner.__module__ in ("builtins", "collections")
    is_of_class = bool(getattr(function, "__objclass__", None) or of_builtin)
    if staged and is_of_class and not has_staged_argument(trace, args):
        return native(trace, function, *args, **kwargs)
    if staged or not is_pure(function) or changes_from_outside(trace, function, args) or calls_objects(trace, args):
        if mentions(owner):  # no constant: the program hands it to the method
            function, args = getattr(type(owner), function.__name__), (owner, *args)
        return call_outside(trace, function, args, kwargs)
    return native(trace, function, *args, **kwargs)


def calls_objects(trace: Trace, args: tuple[Any, ...]) -> bool:
    """Whether a function written in C may call methods of the user's, or read what may be another in the next call."""
    return has_objects(args) or reads_objects(trace, args)


REFUSED = {open, input, eval, exec, compile}
UNBOUND = (list, dict, set, deque, str, tuple)


DESCRIPTORS = (MethodDescriptorType, WrapperDescriptorType)


def call_unbound(trace: Trace, function: Any, owner: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`list.append(owner, …)`: the method of the list, also where the class of `owner` has another one."""
    if not isinstance(owner, (Variable, function.__objclass__)):
        return native(trace, function, owner, *args, **kwargs)  # which raises
    if not isinstance(owner, Variable):
        return trace.call(native(trace, function.__get__, owner, type(owner)), args, kwargs)
    cls, base = class_of(owner), function.__objclass__
    has_own = any(issubclass(known, base) for known in trace.assumptions.classes) if cls is None else cls is not base
    trace.asks_for_classes |= cls is None
    if has_own or function.__name__ not in ops.METHODS:
        return call_outside(trace, function, (owner, *args), kwargs)
    return StagedMethod(owner, function.__name__)(*args, **kwargs)


def changes_from_outside(trace: Trace, function: Any, args: tuple[Any, ...]) -> bool:
    """Whether a function of a library changes what was not made just here."""
    if getattr(function, "__name__", "") not in CHANGERS or not args:
        return False
    return trace.place_of(args[0]) is not None or trace.birth(args[0]) < trace.depth


def fill_container(trace: Trace, owner: Any, kind: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """`list.__init__(owner, items)`, with the method that adds items."""
    if len(owner) > 0 and kind is not dict:
        trace.call(kind.clear, (owner,), {})
    trace.call(getattr(kind, "extend" if kind is list else "update"), (owner, *args), kwargs)


def call_foreign_ufunc(trace: Trace, function: np.ufunc, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A ufunc of another library's acts on nothing but `out`, as NumPy's own do."""
    given, outs = args[: function.nin], args[function.nin :]
    if any(out is not None for out in outs):
        kwargs = {**kwargs, "out": outs[0] if len(outs) == 1 else outs}
    return trace.emit("ufunc", function, *given, **kwargs)


MUTATORS: dict[type, set[str]] = {
    list: {"append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "__setitem__", "__delitem__"},
    dict: {"update", "setdefault", "pop", "popitem", "move_to_end", "clear", "__setitem__", "__delitem__"},
    deque: set("append appendleft pop popleft extend extendleft insert remove rotate clear reverse".split()),
    set: {"add", "discard", "remove", "pop", "clear", "update", "difference_update", "intersection_update"},
}
COMPARING = {"index", "count", "remove", "sort", "__contains__"}


def changing_form(kind: type | None, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The Python of a method that runs the user's while it changes a container of this class."""
    if name == "sort" and kwargs.get("key") is not None:
        return sorting.sort_
    if name == "update" and kind is dict and len(args) == 1 and written_method(args[0], "keys"):
        return forms.update_keys_
    return forms.TAKING.get((kind, name)) if len(args) == 1 and is_generator(args[0]) and not kwargs else None


def compares_staged(trace: Trace, owner: Any, function: Any, args: tuple[Any, ...]) -> bool:
    """Whether a method of a container compares what is known only when the program runs."""
    if function.__name__ == "sort" and any(orders_staged(trace, one) for one in owner):
        return True
    return function.__name__ in COMPARING and (mentions((owner, args)) or holds_objects(trace, (owner, args)))


def orders_staged(trace: Trace, value: Any) -> bool:
    """Whether an object of the user's is ordered by what is known only when the program runs."""
    has_order = any(written_method(value, name) is not None for name in ("__lt__", "__gt__"))
    return has_order and varies(trace, value)


def kind_of(owner: Any) -> type | None:
    """The class of containers that change which `owner` is of."""
    return next((cls for cls in (list, dict, set, deque) if isinstance(owner, cls)), None)


def container_method(trace: Trace, owner: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    name = function.__name__
    kind = kind_of(owner)
    assert kind is not None
    if name == "__init__" and mentions((args, kwargs)):
        return fill_container(trace, owner, kind, args, kwargs)
    if name in ("insert", "pop", "rotate") and kind is not dict and args:
        args = (index_of(trace, args[0]), *args[1:])
    if name == "index" and len(args) > 1:
        args = (args[0], *in_order(trace, args[1:], index_of, INTEGERS))
    if name in ("__getitem__", "__contains__") and len(args) == 1 and not is_own_collection(owner):
        return trace.call(getattr(operator, name), (owner, *args), {})
    changes = name in MUTATORS[kind]
    target = trace.enlist(owner) if changes else trace.resolve(owner)
    compares = compares_staged(trace, owner, function, args)
    keyed = kind in (dict, set) and is_staged_key(trace, args[:1])
    keyed = keyed or name in ("pop", "insert", "rotate") and mentions(args[:1])
    if name == "get" and kind is dict and keyed and len(owner) > 1:
        options = (*owner.values(), args[1] if len(args) > 1 else None)
        if any(map(is_function, options)) and all(is_option(trace, option) for option in options):
            numbers = trace.lift({key: number for number, key in enumerate(owner)})
            return Choice(options, trace.emit(".get", numbers, args[0], len(owner)), choose)
    form = changing_form(kind, name, args, kwargs)
    if form is not None and not is_own_collection(owner):
        return trace.call(form, (owner, *args), kwargs)
    spread = name in ("extend", "update", "extendleft") and has_staged_argument(trace, args)
    if not isinstance(target, Variable) and (compares or keyed or spread):
        if changes:
            trace.check_is_no_dict(owner)
        target = trace.promote(owner) if changes else trace.lift(owner)
    if isinstance(target, Variable) and is_own_collection(owner):
        return call_outside(trace, getattr(kind, name), (target, *args), kwargs)
    if isinstance(target, Variable):
        return StagedMethod(target, name)(*args, **kwargs)
    return note_view(trace, native(trace, function, *args, **kwargs), owner)
