"""What a call in converted code does while tracing: stage an op, convert the function that is called, or run it now.

np.tanh(x), x.sum(), len(x), print(…)    an op of that name                              library_calls
helper(x), model(x)                      the user's Python, converted when it is reached python_calls
Model(x)                                 its class's `__init__`, converted               instances
len([x, y]), math.sqrt(2.0)              Python, now: nothing in it depends on a value   native
"""

from __future__ import annotations

import builtins
import functools
import math
from enum import EnumMeta
from importlib import import_module
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, MethodType, WrapperDescriptorType
from typing import Any

import numpy as np

from dy2static import forms, heaps, lazy_forms, taking_forms
from dy2static.builtin_forms import FORMS, call_vectorized
from dy2static.by_class import MethodByClass, choose_class, classes_with, getattr_static
from dy2static.choices import is_choice
from dy2static.constructs import EXCLUDE, Refusal, refused_builtin
from dy2static.errors import ConversionError, Location
from dy2static.indices import asks_in_its_own_way, with_numbers
from dy2static.instances import construct
from dy2static.iterables import (
    begun,
    call_taking,
    gathered,
    gathers,
    is_no_iterable,
    is_own_iterable,
    is_taker,
    iterable_of,
    measured,
    measures,
    takes_items,
)
from dy2static.leaves import number
from dy2static.libraries import OutsideMethod
from dy2static.library_calls import (
    call_builtin,
    call_foreign_ufunc,
    call_named,
    changing_form,
    is_question_of_masks,
    orders_staged,
    refuse,
)
from dy2static.native import native
from dy2static.objects import Inner, class_having, is_instance
from dy2static.outside import call_method_outside, call_outside, is_as_is
from dy2static.protocols import given
from dy2static.python_calls import call_python
from dy2static.readings import forget_reading
from dy2static.signals import Refused
from dy2static.streams import Giver, as_made_by, is_generator
from dy2static.trace import Trace, tracing
from dy2static.values import class_name, class_of, has_objects, is_hashable, mentions, python_class, written_method
from runtime import ops
from runtime.tracer import StagedMethod, Variable


def call(function: Any, /, *args: Any, **kwargs: Any) -> Any:
    """The hook for every call."""
    trace = tracing()
    if trace is None:
        return function(*args, **kwargs)
    return call_function(trace, function, args, kwargs)


def call_function(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if isinstance(function, (StagedMethod, MethodByClass)):
        forget_reading(trace, function)
    if isinstance(function, StagedMethod) and (
        form := changing_form(class_of(function.variable), function.name, args, kwargs)
    ):
        return call_function(trace, form, (function.variable, *args), kwargs)
    if isinstance(function, (StagedMethod, MethodByClass)):
        return function(*args, **kwargs)
    function = trace.resolve(function)
    if isinstance(function, Giver):
        return function.give(*args)
    if is_choice(function):
        return function.use(lambda option: call_function(trace, option, args, kwargs))
    if isinstance(function, OutsideMethod):
        return call_method_outside(trace, function, args, kwargs)
    if is_as_is(function):
        return call_outside(trace, function, args, kwargs)
    if getattr(function, "__dy2static_inline__", False):
        return function(*args, **kwargs)
    if isinstance(function, np.vectorize):
        return call_vectorized(trace, function, args, kwargs)
    if isinstance(function, EnumMeta) and len(args) == 1 and isinstance(args[0], Variable):
        args = (number(trace, args[0], f"{function.__name__}() looks for a member"),)
    if (cls := python_class(function)) is not None and is_not_callable(function, cls):
        raise trace.own(TypeError(f"{class_name(cls)!r} object is not callable"))
    if isinstance(function, Variable) and function.value.op is not None and function.value.op.definition.name == "load":
        return call_method_outside(trace, loaded_method(function), args, kwargs)
    if isinstance(function, Variable):
        if function.value.op is not None and function.value.op.definition.name == "type" and trace.assumptions.classes:
            return call_class_of(trace, Variable(function.value.op.inputs[0], trace), args, kwargs)
        method = getattr(class_of(function), "__call__", None)
        if isinstance(method, FunctionType):
            return call_function(trace, method, (function, *args), kwargs)
        if classes := classes_with(trace, function, "__call__", (FunctionType,)):
            return call_object(trace, function, classes, args, kwargs)
        return call_function(trace, trace.number(function, "calling a function here"), args, kwargs)
    if isinstance(function, MethodType) and ops.name_of(function) is None:
        return call_function(trace, function.__func__, (function.__self__, *args), kwargs)
    if isinstance(function, functools.partial):
        func, first, keywords = parts_of_partial(trace, function)
        return call_function(trace, func, (*first, *args), {**keywords, **kwargs})
    if type(function) in forms.GETTERS:
        maker, keys = function.__reduce__()[:2]
        named = maker.keywords if isinstance(maker, functools.partial) else {}
        keys = (*maker.args, *keys) if named else keys
        function = call_python(trace, forms.GETTERS[type(function)], keys, named)
    if (refusal := refused(function, len(args) + len(kwargs))) is not None:
        raise Refused(refusal.reason, f"{refusal.cure}, {EXCLUDE}")
    original = getattr(function, "__dy2static_function__", None)
    if original is not None:
        return call_function(trace, original, args, kwargs)
    if isinstance(function, functools._lru_cache_wrapper):
        return import_module("dy2static.caches").call_cached(trace, function, args, kwargs)  # rare: imported late
    special = SPECIAL.get(function) if is_hashable(function) and args else None
    method = written_method(trace.resolve(args[0]), special) if special is not None else None
    if method is not None and special == "__format__" and len(args) == 1:
        args = (*args, "")
    if method is not None:
        return given(trace, str(special), owner_name(trace, args[0]), call_function(trace, method, args, kwargs))
    if function is bool and len(args) == 1:
        method = written_method(trace.resolve(args[0]), "__len__")
        if method is not None:
            length = given(trace, "__len__", owner_name(trace, args[0]), call_function(trace, method, args, {}))
            return call_function(trace, bool, (length,), {})
    if asks_in_its_own_way(function, args, kwargs):
        return call_outside(trace, function, args, kwargs)
    args = with_numbers(trace, function, args)
    form = FORMS.get(function) if is_hashable(function) else None
    if form is not None:
        return form(trace, *args, **kwargs)
    return call_formless(trace, function, args, kwargs)


def is_not_callable(value: Any, cls: type) -> bool:
    """Whether nothing of a class can be called; it may be a guess where a name may be unset."""
    is_guess = cls is object or isinstance(value, Variable) and value.type.maybe
    return not is_guess and class_having(cls, "__call__") is None


def call_object(
    trace: Trace, owner: Variable, classes: list[type], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """A call of an object whose class is known only when the program runs."""

    def called(found: Variable) -> Any:
        return call_function(trace, getattr_static(class_of(found), "__call__"), (found, *args), kwargs)

    def missing() -> Any:
        call_outside(trace, functools.partial(refuse_callable, trace.location()), (owner,), {})
        raise trace.own(TypeError("an object is called whose class has no method __call__"))

    return choose_class(trace, owner, classes, called, missing)


def refuse_callable(location: Location | None, owner: Any) -> None:
    """Refuses, when the program runs, a call of a function of which nothing was known while tracing."""
    if callable(owner):
        reason = "which function is called here is known only when the program runs"
        raise ConversionError(reason, "choose among functions by an if, or mark the caller @not_to_static", location)


def call_formless(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call of what has no form of its own here."""
    if is_hashable(function) and function in taking_forms.ONE_BY_ONE:
        form, place = taking_forms.ONE_BY_ONE[function]
        args = with_generator(trace, function, args, place)
        if place < len(args) and is_generator(args[place]) and args[place].value is None:
            return call_python(trace, form, args, kwargs)
    written = python_form(function, args, kwargs) if is_hashable(function) else None
    if written is not None:
        return call_form(trace, function, written, args, kwargs)
    if is_hashable(function) and function in ORDERING and orders_own(trace, args):
        if function is sorted:
            return trace.emit("sorted", trace.lift(call_function(trace, list, args, {})), **kwargs)
        return call_form(trace, function, forms.WITH_KEY[function], args, {"key": forms.itself, **kwargs})
    if function is dict and len(args) == 1 and written_method(args[0], "keys"):
        return call_python(trace, forms.dict_of, args, kwargs)
    if isinstance(owner := getattr(function, "__self__", None), dict):
        form = changing_form(type(owner), function.__name__, args, kwargs)
        if form is forms.update_keys_:
            return call_python(trace, form, (owner, *args), kwargs)
    if (function is bytes or function is bytearray) and len(args) == 1 and is_own_iterable(args[0]):
        return call_function(trace, function, (call_function(trace, TAKING[function], args, {}),), kwargs)
    if getattr(function, "__module__", "") == "statistics" and any(map(is_own_iterable, args)):
        return call_outside(trace, function, args, kwargs)  # how often it goes through them is each Python's own
    if takes_items(function):
        taken = measured if measures(function) else gathered if gathers(function) else iterable_of
        args = tuple(
            arg if is_no_iterable(function, args, place) else taken(trace, arg) for place, arg in enumerate(args)
        )
        if any(map(is_generator, args)):
            return call_taking(trace, function, args, kwargs)
        if is_taker(function):
            args = tuple(listed(trace, arg) for arg in args)
    name = ops.name_of(function)
    if name is not None:
        return call_named(trace, name, function, args, kwargs)
    if is_question_of_masks(function) and mentions(args[:1]):
        return False
    refuse(function, args, kwargs)
    if isinstance(function, FunctionType):
        return call_python(trace, function, args, kwargs)
    if isinstance(function, type):
        return construct(trace, function, args, kwargs)
    if isinstance(function, np.ufunc):
        return call_foreign_ufunc(trace, function, args, kwargs)
    if isinstance(function, (BuiltinFunctionType, MethodDescriptorType, WrapperDescriptorType)):
        return call_builtin(trace, function, args, kwargs)
    method = getattr(type(function), "__call__", None)
    if isinstance(method, FunctionType):
        return call_function(trace, method, (function, *args), kwargs)
    written = getattr(method, "__dy2static_function__", None)
    if written is not None:
        return call_function(trace, written, (function, *args), kwargs)
    return call_builtin(trace, function, args, kwargs)


def with_generator(trace: Trace, function: Any, args: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    """The arguments with the generator that the methods of an iterable of the user's make in the place of it."""
    if place >= len(args) or is_no_iterable(function, args, place) or not is_own_iterable(args[place]):
        return args
    if function is dict and written_method(args[place], "keys"):
        return args
    taken = measured if measures(function) else iterable_of
    return (*args[:place], taken(trace, args[place]), *args[place + 1 :])


def orders_own(trace: Trace, args: tuple[Any, ...]) -> bool:
    """Whether a function compares objects of the user's by what is known only when the program runs."""
    items = args[0] if len(args) == 1 and isinstance(args[0], (list, tuple)) else args
    return any(orders_staged(trace, one) for one in items)


def owner_name(trace: Trace, value: Any) -> str:
    cls = python_class(trace.resolve(value))
    return "object" if cls is None else cls.__name__


ORDERING = {max, min, sorted}
TAKING = {bytes: list, bytearray: forms.items_of}
# Builtins that call a method of the user's class.
SPECIAL = {
    len: "__len__", abs: "__abs__", repr: "__repr__", int: "__int__", float: "__float__",
    round: "__round__", reversed: "__reversed__", hash: "__hash__", complex: "__complex__",
    divmod: "__divmod__", str: "__str__", bytes: "__bytes__", bool: "__bool__", format: "__format__",
    math.floor: "__floor__", math.ceil: "__ceil__", math.trunc: "__trunc__",
}  # fmt: skip


def call_form(trace: Trace, function: Any, form: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The Python form of a builtin; a list that it gives in the place of an iterator is read once."""
    for arg in args:
        trace.consume(arg)
    args = begun(trace, function, args)
    if form is lazy_forms.zip_longest_ and any(map(is_generator, args)):
        form = lazy_forms.zip_longest_in_turn_
    made = as_made_by(function, call_python(trace, form, args, kwargs))
    if isinstance(function, type) and isinstance(made, list):
        trace.lazy[id(made)] = made
    if is_generator(made) and not any(map(calls_back, (*args, *kwargs.values()))):
        if made.key in trace.assumptions.iterated:
            return call_outside(trace, function, args, kwargs)
        made.is_plain = True
    return made


def listed(trace: Trace, value: Any) -> Any:
    """The items of an iterator of Python's, which may be staged: a list of them is looked through."""
    if isinstance(value, Variable) or is_instance(value) or not hasattr(type(value), "__next__"):
        return value
    trace.consume(value)
    return native(trace, list, value)


def call_class_of(trace: Trace, owner: Variable, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`type(owner)(…)` where the class is known when the program runs: a branch for each that it may be."""
    trace.asks_for_classes = True

    def make(known: Variable) -> Any:
        return call_function(trace, class_of(known), args, kwargs)

    def refuse_other() -> Any:
        raise trace.own(TypeError("an object of a class that the program does not know is asked for its class"))

    return choose_class(trace, owner, list(trace.assumptions.classes), make, refuse_other)


def calls_back(value: Any) -> bool:
    return isinstance(value, Inner) or callable(value) and not isinstance(value, Variable)


def loaded_method(function: Variable) -> OutsideMethod:
    """What was read of an object whose class is known when the program runs, as a method of it."""
    op = function.value.op
    assert op is not None
    return OutsideMethod(Variable(op.inputs[0], function.builder), op.call.args[1])


def parts_of_partial(trace: Trace, partial: functools.partial[Any]) -> tuple[Any, Any, Any]:
    parts = (partial.func, partial.args, partial.keywords)
    place = trace.place_of(partial)
    if place is None:
        return parts
    func, args, keywords = (trace.admit(part, place.attribute(name)) for name, part in zip(_PARTS, parts))
    return func, args, keywords


_PARTS = ("func", "args", "keywords")
WRITTEN = (FunctionType, MethodType, functools._lru_cache_wrapper)


def python_form(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The Python of a builtin that calls back, where it has to be converted."""
    if kwargs.get("key") is not None and function in forms.WITH_KEY:
        return forms.WITH_KEY[function]
    if function in forms.OF_OBJECTS and has_objects((*args, *kwargs.values())):
        return forms.OF_OBJECTS[function]
    if function in lazy_forms.ITERATORS:
        return lazy_forms.ITERATORS[function]
    form = forms.WITH_FUNCTION.get(function)
    if function in heaps.CHANGING:
        return heaps.CHANGING[function]
    called = args[0] if args else None
    is_pure = not mentions((*args, *kwargs.values())) and not isinstance(called, WRITTEN)
    is_pure = is_pure and (form is None or not has_objects((*args, *kwargs.values())))
    is_pure = is_pure and not any(map(is_own_iterable, args))
    return None if is_pure else form


def refused(function: Any, count: int) -> Refusal | None:
    name = str(getattr(function, "__name__", "help"))  # the helper of the site module has no name
    return refused_builtin(name, count) if getattr(builtins, name, None) is function else None
