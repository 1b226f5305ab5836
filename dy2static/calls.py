"""What a call in converted code does while tracing: stage an op, convert the function that is called, or run it as it
is.

np.tanh(x), x.sum(), len(x), print(…)    an op of that name helper(x), model(x), Model(x)            the user's Python,
converted when it is reached len([x, y]), math.sqrt(2.0)              Python, now: nothing in it depends on a staged
value
"""

from __future__ import annotations

import builtins
import copy
import dataclasses
import functools
import inspect
import math
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    NoneType,
    SimpleNamespace,
    UnionType,
    WrapperDescriptorType,
)
from typing import Any

import numpy as np

from dy2static import forms, heaps
from dy2static.branches import choose
from dy2static.by_class import MethodByClass
from dy2static.choices import Choice, is_choice, is_function, is_option
from dy2static.constructs import EXCLUDE, Refusal, refused_builtin
from dy2static.errors import ConversionError
from dy2static.exceptions import construct_exception, has_own_init
from dy2static.libraries import (
    CHANGERS,
    ENDLESS,
    OUTSIDE,
    PURE,
    OutsideMethod,
    is_opaque_class,
    is_pure,
    root_of,
)
from dy2static.lines import CODES
from dy2static.objects import Inner, is_instance, state_of
from dy2static.outside import call_method_outside, call_outside, is_as_is, real
from dy2static.places import root_object
from dy2static.recursion import call_recursive, is_recursive
from dy2static.regions import CannotStage
from dy2static.signals import Refused
from dy2static.signature import own_signature
from dy2static.streams import Generator, Giver, Manager, holding, is_generator, start
from dy2static.trace import Trace, tracing
from runtime import ops
from runtime.ir import Block, walk
from runtime.tracer import StagedMethod, TracingError, Variable
from runtime.types import NUMBERS, TensorType

MUTATORS = {
    list: {"append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "__setitem__", "__delitem__"},
    dict: {"update", "setdefault", "pop", "popitem", "move_to_end", "clear", "__setitem__", "__delitem__"},
    deque: set("append appendleft pop popleft extend extendleft insert remove rotate clear reverse".split()),
    set: {"add", "discard", "remove", "pop", "clear", "update", "difference_update", "intersection_update"},
}
COMPARING = {"index", "count", "remove", "sort", "__contains__"}
# These look at no values, so that containers with Variables inside need not be staged.
STRUCTURAL = {len, list, tuple, dict, enumerate, zip, reversed, iter, next, id, callable, repr, type, isinstance, slice}
def native(trace: Trace, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Calls plain Python; what it raises is what the user's program raises."""
    try:
        made = function(*args, **kwargs)
        if isinstance(made, str) and "<Variable" in made:
            raise TracingError(f"{function_name(function)} writes values as text that are known when the program runs")
        return made_here(trace, made)
    except Exception as error:
        if not isinstance(error, TracingError) and "Variable" not in str(error):
            trace.own(error)  # else it is Python that cannot do with a Variable what it does with its value
        raise


def mentions(value: Any, depth: int = 8) -> bool:
    """Whether there is a Variable, or a container that lives in the program, in `value`."""
    if isinstance(value, (Variable, Inner)):
        return True
    if isinstance(value, (tuple, list, set, deque)):
        return _is_staged(value) or depth > 0 and any(mentions(item, depth - 1) for item in value)
    if isinstance(value, dict):
        return _is_staged(value) or depth > 0 and any(mentions(item, depth - 1) for item in value.values())
    if isinstance(value, slice):
        return any(isinstance(part, Variable) for part in (value.start, value.stop, value.step))
    return False


def _is_staged(container: Any) -> bool:
    trace = tracing()
    return trace is not None and id(container) in trace.staged


def call(function: Any, /, *args: Any, **kwargs: Any) -> Any:
    """The hook for every call."""
    trace = tracing()
    if trace is None:
        return function(*args, **kwargs)
    return call_function(trace, function, args, kwargs)


def call_function(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    function = trace.resolve(function)
    if isinstance(function, (StagedMethod, MethodByClass)):
        return function(*args, **kwargs)
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
    if function is None:
        raise trace.own(TypeError("'NoneType' object is not callable"))
    if isinstance(function, Variable) and function.value.op is not None and function.value.op.definition.name == "load":
        return call_method_outside(trace, loaded_method(function), args, kwargs)
    if isinstance(function, Variable):
        method = getattr(class_of(function), "__call__", None)
        if isinstance(method, FunctionType):
            return call_function(trace, method, (function, *args), kwargs)
        return call_function(trace, trace.number(function, "calling a function here"), args, kwargs)
    if isinstance(function, MethodType) and ops.name_of(function) is None:
        return call_function(trace, function.__func__, (function.__self__, *args), kwargs)
    if isinstance(function, functools.partial):
        func, first, keywords = parts_of_partial(trace, function)
        return call_function(trace, func, (*first, *args), {**keywords, **kwargs})
    if type(function) in forms.GETTERS:
        _, keys = function.__reduce__()[:2]
        function = call_python(trace, forms.GETTERS[type(function)], keys, {})
    if (refusal := refused(function, len(args) + len(kwargs))) is not None:
        raise Refused(refusal.reason, f"{refusal.cure}, {EXCLUDE}")
    original = getattr(function, "__dy2static_function__", None)
    if original is not None:
        return call_function(trace, original, args, kwargs)
    if isinstance(function, functools._lru_cache_wrapper):
        return call_cached(trace, function, args, kwargs)
    special = SPECIAL.get(function) if _is_hashable(function) and args else None
    method = written_method(trace.resolve(args[0]), special) if special is not None else None
    if method is not None:
        return call_function(trace, method, args, kwargs)
    if function is bool and len(args) == 1 and python_class(trace.resolve(args[0])) is not bool:
        for called in ("__bool__", "__len__"):
            method = written_method(trace.resolve(args[0]), called)
            if method is not None:
                return call_function(trace, bool, (call_function(trace, method, args, {}),), {})
    form = FORMS.get(function) if _is_hashable(function) else None
    if form is not None:
        return form(trace, *args, **kwargs)
    return call_formless(trace, function, args, kwargs)


def call_formless(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call of what has no form of its own here."""
    written = python_form(function, args, kwargs) if _is_hashable(function) else None
    if written is not None:
        return call_form(trace, function, written, args, kwargs)
    if takes_items(function):
        args = tuple(iterable_of(trace, arg) for arg in args)
        if any(map(is_generator, args)):
            return call_taking(trace, function, args, kwargs)
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


# Builtins that call a method of the user's class.
SPECIAL = {
    len: "__len__", abs: "__abs__", repr: "__repr__", int: "__int__", float: "__float__",
    round: "__round__", reversed: "__reversed__", hash: "__hash__", complex: "__complex__",
    divmod: "__divmod__", str: "__str__", bytes: "__bytes__", bool: "__bool__", format: "__format__",
    math.floor: "__floor__", math.ceil: "__ceil__", math.trunc: "__trunc__",
}  # fmt: skip


def is_question_of_masks(function: Any) -> bool:
    """Whether a function asks if a value is a masked array, which no staged value is: they are refused as arguments."""
    return getattr(function, "__module__", None) == "numpy.ma.core" and function.__name__ in ("isMaskedArray", "isMA")


def refuse(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raises TracingError for a function of NumPy that a program cannot call, with the reason."""
    module = (getattr(function, "__module__", None) or type(function).__module__ or "").split(".")[0]
    if module != "numpy" or not (mentions(args) or mentions(kwargs) or ops.acts_outside(function)):
        return
    reason = ops.refusal(function)
    if reason is not None:
        raise TracingError(f"{function_name(function)} cannot be part of a program: {reason}")


def call_cached(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function with a cache: traced as if it had none, where nothing can tell; else called as it is."""
    code = getattr(function.__wrapped__, "__code__", None)
    if code is not None and is_installed(code) and not mentions((args, kwargs)):
        return native(trace, function, *args, **kwargs)
    if code in trace.assumptions.cached or not is_closed(function.__wrapped__) and code not in CODES:
        return call_outside(trace, function, args, kwargs)
    block, before = trace.block, len(trace.block.ops)
    made = call_function(trace, function.__wrapped__, args, kwargs)
    emitted = Block()
    emitted.ops = block.ops[before:]
    acts = any(op.definition.effect in ACTING or ops.writes(op.definition, op.call) for op in walk(emitted))
    is_own = code is not None and (code in CODES or code.co_name in names_in(code) | set(code.co_freevars))
    if acts or not is_fixed(trace, made, is_own):
        trace.assumptions.cached.add(code)
        trace.restart()
    return made


def is_installed(code: CodeType) -> bool:
    """Whether code is of an installed package, whose caches only save time."""
    return not {"site-packages", "dist-packages"}.isdisjoint(PurePath(code.co_filename).parts)


ACTING = ("write", "io", "random")


def is_closed(function: Any) -> bool:
    """Whether what a function gives hangs on its arguments alone: it reads no data from outside."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    outside = [function.__globals__[name] for name in names_in(code) if name in function.__globals__]
    outside += [cell.cell_contents for cell in function.__closure__ or ()]
    return all(isinstance(one, (type, ModuleType)) or callable(one) and not is_instance(one) for one in outside)


def names_in(code: CodeType) -> set[str]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return set(code.co_names).union(*map(names_in, inner))


def is_fixed(trace: Trace, value: Any, is_own: bool) -> bool:
    """Whether a result is one that nobody can change, so that a second one like it is as good as the first; what a
    function that calls itself gives is taken for a number."""
    value = trace.resolve(value)
    if isinstance(value, tuple):
        return all(is_fixed(trace, one, is_own) for one in value)
    if isinstance(value, Variable) and value.type.kind is None:
        return is_own
    if isinstance(value, Variable):
        return value.type.is_number or value.type.kind == "scalar" or value.type.dtype in (str, bool, type(None))
    return trace.is_plain(value)


def call_form(trace: Trace, function: Any, form: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The Python form of a builtin; a list that it gives in the place of an iterator is read once."""
    for arg in args:
        trace.consume(arg)
    made = call_python(trace, form, args, kwargs)
    if isinstance(function, type) and isinstance(made, list):
        trace.lazy[id(made)] = made
    return made


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


def python_form(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The Python of a builtin that calls back, where it has to be converted."""
    if kwargs.get("key") is not None and function in forms.WITH_KEY:
        return forms.WITH_KEY[function]
    if function in forms.ITERATORS:
        return forms.ITERATORS[function]
    form = forms.WITH_FUNCTION.get(function)
    if function in heaps.CHANGING:
        return heaps.CHANGING[function]
    called = args[0] if args else None
    is_pure = not mentions(args) and not isinstance(called, (FunctionType, MethodType))
    return None if is_pure else form


def refused(function: Any, count: int) -> Refusal | None:
    name = str(getattr(function, "__name__", "help"))  # the helper of the site module has no name
    return refused_builtin(name, count) if getattr(builtins, name, None) is function else None
def takes_items(function: Any) -> bool:
    """Whether a function does not keep a generator that it is given as it is: it takes its items, or cannot do so."""
    if isinstance(getattr(function, "__self__", None), CONTAINERS):
        return function.__name__ in TAKING_METHODS
    return _is_hashable(function) and (function in forms.TAKERS or function is zip)


def iterable_of(trace: Trace, value: Any) -> Any:
    """What going through `value` goes through: for an object of the user's, the generator that its methods make."""
    if isinstance(value, (Inner, type)):
        return value
    if isinstance(value, Variable):
        method = written_method(value, "__iter__")
        return value if method is None else call_function(trace, method, (value,), {})
    cls = type(value)
    if isinstance(getattr(cls, "__iter__", None), FunctionType):
        value = call_function(trace, cls.__iter__, (value,), {})
        cls = type(value)
    if isinstance(value, Iterator) and trace.birth(value) < trace.depth and not is_instance(value):
        raise CannotStage("an iterator that was made outside of it is read inside it")
    if isinstance(getattr(cls, "__next__", None), FunctionType) and not isinstance(value, Inner):
        return call_python(trace, forms.iterated, (value,), {})
    is_sequence = isinstance(getattr(cls, "__getitem__", None), FunctionType) and is_instance(value)
    return call_python(trace, forms.indexed, (value,), {}) if is_sequence and not hasattr(cls, "__iter__") else value


def call_taking(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Calls a function that takes the items of generators, with lists of these items."""
    if function is zip:
        return zip_with_generators(trace, args, kwargs)
    is_method = isinstance(getattr(function, "__self__", None), CONTAINERS)
    if not is_method and not (_is_hashable(function) and function in forms.TAKERS):
        raise TracingError(f"{function_name(function)} is given a generator, and a program has no op for that")
    if not is_method and function in forms.SHORT:
        return call_python(trace, forms.SHORT[function], args, kwargs)
    return call_function(trace, function, tuple(all_items(trace, arg) for arg in args), kwargs)


def all_items(trace: Trace, value: Any) -> Any:
    if not is_generator(value):
        return value
    return value.rest(True) if value.value is not None else call_python(trace, forms.taken, (value,), {})


def zip_with_generators(trace: Trace, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if kwargs:
        raise TracingError("zip(strict=…) of generators cannot be staged")
    places = [place for place, arg in enumerate(args) if is_generator(arg)]
    if len(places) > 1:
        return call_python(trace, forms.zip_, args, {})
    before, generator, after = args[: places[0]], args[places[0]], args[places[0] + 1 :]
    sequences = [tuple(_as_sequence(trace, one) for one in part) for part in (before, after)]
    return call_python(trace, forms.zip_around_, (sequences[0], generator, sequences[1]), {})


def _as_sequence(trace: Trace, iterable: Any) -> Any:
    is_indexed = isinstance(trace.resolve(iterable), (Variable, list, tuple, range, str, np.ndarray))
    return iterable if is_indexed else call_function(trace, list, (iterable,), {})


CONTAINERS = (str, bytes, list, dict, set, frozenset, deque)
TAKING_METHODS = {
    "join", "extend", "extendleft", "update", "union", "intersection", "difference", "symmetric_difference",
    "issubset", "issuperset", "difference_update", "intersection_update", "symmetric_difference_update",
}  # fmt: skip


def _is_hashable(value: Any) -> bool:
    return isinstance(value, (FunctionType, BuiltinFunctionType, type)) or value is np.apply_along_axis


# NumPy, builtins and the standard library's functions that have ops


def call_named(trace: Trace, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    staged = mentions(args) or mentions(kwargs)
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
    if staged and _is_hashable(function) and function in STRUCTURAL and not _has_staged_argument(trace, args):
        try:
            return native(trace, function, *args, **kwargs)
        except TypeError as error:
            if trace.is_genuine(error):
                raise
    is_array_function |= trace.assumptions.scalars and isinstance(function, type) and issubclass(function, np.generic)
    if definition is not None and (staged or is_array_function or definition.effect in ("io", "random")):
        return trace.emit(name, *args, **kwargs)
    return native(trace, function, *args, **kwargs)


def holds_data(trace: Trace, value: Any) -> bool:
    """Whether an iterator over a container can be one of the program."""
    if not isinstance(value, (list, tuple, str, bytes, range)):
        return False
    return all(isinstance(trace.resolve(one), Variable) or trace.is_plain(one) for one in value)


KNOWN_NOW = {
    "np.dtype", "np.finfo", "np.iinfo", "np.result_type", "np.promote_types", "np.can_cast", "np.issubdtype",
    "np.isscalar", "np.iterable",
    "np.broadcast_shapes", "np.min_scalar_type", "np.isdtype", "np.common_type", "np.find_common_type",
}  # fmt: skip


def _has_staged_argument(trace: Trace, args: tuple[Any, ...]) -> bool:
    return any(isinstance(trace.resolve(arg), Variable) for arg in args)


def made_here(trace: Trace, result: Any) -> Any:
    if trace.assumptions.scalars and isinstance(result, np.generic):
        return trace.lift(result)
    is_made = isinstance(result, (list, dict, set)) or hasattr(type(result), "__next__")
    if is_made and not isinstance(result, Variable) and id(result) not in trace.born:
        trace.bear(result)
    if type(result) is tuple:
        bear_items(trace, result)
    return result


def call_builtin(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function written in C that has no op: a method of a container, or one that is run now."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, (list, dict, set, deque)):
        return container_method(trace, owner, function, args, kwargs)
    if isinstance(function, MethodDescriptorType) and args and function.__objclass__ in UNBOUND:
        return call_function(trace, bound_method(trace, args[0], function), args[1:], kwargs)
    for arg in args:
        trace.consume(arg)
    if function in REFUSED:
        raise TracingError(f"{function_name(function)} acts outside of the program, and a program has no op for it")
    staged = mentions(args) or mentions(kwargs)
    if staged and isinstance(owner, str) and function.__name__ in ops.METHODS:
        return trace.emit("." + function.__name__, owner, *args, **kwargs)
    if isinstance(owner, super) or getattr(function, "__objclass__", None) in (object, type, BaseException):
        return native(trace, function, *args, **kwargs)
    of_builtin = isinstance(owner, type) and owner.__module__ in ("builtins", "collections")
    if staged and (getattr(function, "__objclass__", None) or of_builtin):
        return native(trace, function, *args, **kwargs)
    if staged or not is_pure(function) or changes_from_outside(trace, function, args) or reads_objects(trace, args):
        return call_outside(trace, function, args, kwargs)
    return native(trace, function, *args, **kwargs)


def call_foreign_ufunc(trace: Trace, function: np.ufunc, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A ufunc of another library's acts on nothing but `out`, as NumPy's own do."""
    given, outs = args[: function.nin], args[function.nin :]
    if any(out is not None for out in outs):
        kwargs = {**kwargs, "out": outs[0] if len(outs) == 1 else outs}
    return trace.emit("ufunc", function, *given, **kwargs)


UNBOUND = (list, dict, set, deque, str)


def bound_method(trace: Trace, owner: Any, function: MethodDescriptorType) -> Any:
    """`list.append` of a list → the list's own method."""
    owner = trace.resolve(owner)
    if isinstance(owner, Variable):
        return StagedMethod(owner, function.__name__)
    return native(trace, function.__get__, owner, type(owner))


def changes_from_outside(trace: Trace, function: Any, args: tuple[Any, ...]) -> bool:
    """Whether a function of a library changes what was not made just here."""
    if getattr(function, "__name__", "") not in CHANGERS or not args:
        return False
    return trace.place_of(args[0]) is not None or trace.birth(args[0]) < trace.depth


def is_stateful(value: Any) -> bool:
    return isinstance(value, Variable) and is_opaque_class(class_of(value))


REFUSED = {open, input, eval, exec, compile, breakpoint} - {breakpoint}


def function_name(function: Any) -> str:
    name = getattr(function, "__qualname__", None) or type(function).__name__
    module = getattr(function, "__module__", None)
    return f"{module}.{name}()" if module and module != "builtins" else f"{name}()"


def container_method(trace: Trace, owner: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    name = function.__name__
    kind = next(cls for cls in (list, dict, set, deque) if isinstance(owner, cls))
    changes = name in MUTATORS[kind]
    target = trace.enlist(owner) if changes else trace.resolve(owner)
    compares = name in COMPARING and (mentions(owner) or mentions(args))
    keyed = kind in (dict, set) and mentions(args[:1]) or name in ("pop", "insert", "rotate") and mentions(args[:1])
    if name == "get" and kind is dict and mentions(args[:1]) and len(owner) > 1:
        options = (*owner.values(), args[1] if len(args) > 1 else None)
        if any(map(is_function, options)) and all(is_option(trace, option) for option in options):
            numbers = trace.lift({key: number for number, key in enumerate(owner)})
            return Choice(options, trace.emit(".get", numbers, args[0], len(owner)), choose)
    if name == "sort" and kwargs.get("key") is not None:
        return call_function(trace, forms.sort_, (owner,), kwargs)
    spread = name in ("extend", "update", "extendleft") and _has_staged_argument(trace, args)
    if not isinstance(target, Variable) and (compares or keyed or spread):
        target = trace.promote(owner) if changes else trace.lift(owner)
    if isinstance(target, Variable):
        return StagedMethod(target, name)(*args, **kwargs)
    return native(trace, function, *args, **kwargs)


# The user's Python


def call_python(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    module = (function.__module__ or "").split(".")[0]
    is_library = module in sys.stdlib_module_names or module in ("numpy", "dy2static", "runtime")
    is_library = is_library and function.__module__ not in (forms.__name__, heaps.__name__)
    wrapped = getattr(function, "__wrapped__", None)
    if function.__code__ is MANAGED and isinstance(wrapped, FunctionType):
        return Manager(start_generator(trace, wrapped, args, kwargs))
    if function.__code__ is UNDER_ERRSTATE and isinstance(wrapped, FunctionType):
        return call_function(trace, forms.under_errstate, (*errstate_of(function), wrapped, args, kwargs), {})
    if function in OF_CLASSES and len(args) == 1 and (cls := python_class(args[0])) is not None:
        return native(trace, function, args[0] if cls is type else cls)
    if is_library and not is_method_of(function, args) and module not in ("dy2static", "runtime"):
        staged = mentions(args) or mentions(kwargs)
        acts = not is_pure(function) and (not staged or module in OUTSIDE)
        if acts or reads_objects(trace, (*args, *kwargs.values())):
            return call_outside(trace, function, args, kwargs)
        if not staged:
            return native(trace, function, *args, **kwargs)
    if is_library and module in ("dy2static", "runtime") and not (mentions(args) or mentions(kwargs)):
        return native(trace, function, *args, **kwargs)
    if not trace.has_source(function) and not is_made_by_library(function):
        made = ConversionError(
            f"{function.__qualname__}() cannot be converted: its source is not there",
            "put it into a file and import it from there, or mark it @not_to_static",
            trace.location(),
        )
        raise made
    if is_generated_repr(function) and args and dataclasses.is_dataclass(args[0]):
        return call_python(trace, forms.dataclass_repr, args, kwargs)
    if not trace.has_source(function):
        if function.__name__ not in ("__init__", "__new__") and any(map(is_instance, args)):
            return call_generated(trace, function, args, kwargs)
        return native(trace, function, *args, **kwargs)
    if function.__code__.co_flags & inspect.CO_GENERATOR:
        return start_generator(trace, function, args, kwargs)
    args, kwargs = with_defaults(trace, function, args, kwargs)
    try:
        converted = trace.instantiate(function)
    except ConversionError as error:
        _name_caller(trace, error)
        raise
    if is_recursive(trace, function):
        return call_recursive(trace, function, args, kwargs, converted)
    trace.calls.append(function.__code__)
    origin = CODES.get(function.__code__)
    try:
        with trace.started(trace.starts[-1] if origin is not None and origin.generated else trace.depth):
            return converted(*args, **kwargs)
    except TypeError as error:
        if error.__traceback__ is not None and error.__traceback__.tb_next is None:
            trace.own(error)  # the arguments do not fit the parameters
        raise
    finally:
        trace.calls.pop()


def iter_nothing() -> Any:
    """A generator, to ask what generators are."""
    yield


UNDER_ERRSTATE: CodeType = np.errstate()(iter_nothing).__code__


def errstate_of(function: FunctionType) -> tuple[Any, ...]:
    """What a function that np.errstate decorates is run under: the arguments of np.errstate."""
    manager = inspect.getclosurevars(function).nonlocals["self"]
    if not isinstance(getattr(manager, "_call", None), (NoneType, type(getattr(np.errstate(), "_call", None)))):
        raise TracingError("np.errstate(call=…) calls back while the program runs, and a program has no op for it")
    return tuple(getattr(manager, f"_{name}") for name in ("all", "divide", "over", "under", "invalid"))


MANAGED: CodeType = contextmanager(iter_nothing).__code__


def start_generator(trace: Trace, function: FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Generator:
    args, kwargs = with_defaults(trace, function, args, kwargs)
    return start(trace, function, args, kwargs)


def call_generated(trace: Trace, function: FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A method that a library has made for a class of the user's: its text, or a comparison of its fields."""
    return trace.emit("python", *real(trace, (function, *args)), **real(trace, kwargs))


def is_method_of(function: FunctionType, args: tuple[Any, ...]) -> bool:
    """Whether it is called as a method of an object that is its attributes: it is converted, as the user's own."""
    if not args or not is_instance(args[0]):
        return False
    return any(vars(base).get(function.__name__) is function for base in type(args[0]).__mro__)


OF_CLASSES = {dataclasses.fields, dataclasses.is_dataclass}  # they look at the class of an object only


def vars_of(value: Any) -> dict[str, Any]:
    return state_of(value) if is_instance(value) else vars(value)


def reads_objects(trace: Trace, args: tuple[Any, ...]) -> bool:
    """Whether one of the arguments is an object of the user's, whose attributes may be others in the next call."""
    kinds = [arg for arg in args if is_instance(arg) or isinstance(arg, SimpleNamespace)]
    return any(trace.place_of(arg) is not None or mentions(list(vars_of(arg).values())) for arg in kinds)


def is_made_by_library(function: FunctionType) -> bool:
    """Whether a function without source was written by the standard library: methods of dataclasses, named tuples."""
    name = function.__name__
    return name.startswith("__") and name.endswith("__") or (function.__module__ or "").startswith("namedtuple")


def is_generated_repr(function: FunctionType) -> bool:
    """Whether `dataclass` has written a method __repr__."""
    wrapped = getattr(function, "__wrapped__", None)
    is_wrapped = isinstance(wrapped, FunctionType) and wrapped.__code__.co_filename.startswith("<")
    return function.__name__ == "__repr__" and is_wrapped


def _name_caller(trace: Trace, error: ConversionError) -> None:
    location = trace.location()
    if location is not None and (not error.callers or error.callers[-1] != location):
        error.callers.append(location)


def with_defaults(
    trace: Trace, function: FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments with the function's defaults, which are read where they stand at every call."""
    if not (function.__defaults__ or function.__kwdefaults__) or function.__code__ in CODES:
        return args, kwargs
    signature = own_signature(function)
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise trace.own(error)
    place = root_object(function, function.__name__)
    named = list(signature.parameters)
    first = function.__code__.co_argcount - len(function.__defaults__ or ())
    for name, parameter in signature.parameters.items():
        if name in bound.arguments or parameter.default is inspect.Parameter.empty:
            continue
        if parameter.kind is parameter.KEYWORD_ONLY:
            at = place.attribute("__kwdefaults__").item(name)
        else:
            at = place.attribute("__defaults__").item(named.index(name) - first)
        is_simple = isinstance(parameter.default, (*NUMBERS, str, type(None)))
        bound.arguments[name] = parameter.default if is_simple else trace.admit(parameter.default, at)
    bound.arguments = {name: bound.arguments[name] for name in named if name in bound.arguments}
    return bound.args, bound.kwargs


def construct(trace: Trace, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`cls(…)`: a class of the user's is built by its converted `__init__`."""
    for arg in args:
        trace.consume(arg)
    new, init = getattr(cls, "__new__", None), getattr(cls, "__init__", None)
    if issubclass(cls, BaseException) and has_own_init(cls):
        return construct_exception(trace, cls, args, kwargs)
    if issubclass(cls, BaseException):
        return native(trace, cls, *args, **kwargs)
    if type(cls) is not type and isinstance(getattr(type(cls), "__call__", None), FunctionType):
        return native(trace, cls, *args, **kwargs)
    if isinstance(new, FunctionType) and not isinstance(init, FunctionType):
        return call_function(trace, new, (cls, *args), kwargs)
    if root_of(cls) in OUTSIDE and is_opaque_class(cls):
        return call_outside(trace, cls, args, kwargs)
    if new is object.__new__ and isinstance(init, FunctionType):
        made = trace.bear(native(trace, new, cls))
    elif isinstance(new, FunctionType):
        made = trace.bear(call_function(trace, new, (cls, *args), kwargs))
    else:
        if issubclass(cls, COLLECTIONS) and (mentions(args) or mentions(kwargs)):
            return construct_collection(trace, cls, *args, **kwargs)
        is_data = cls.__module__ in ("builtins", "collections") or type(cls) is not type or _is_python_class(cls)
        is_endless = cls.__module__ == "itertools" and cls.__name__ in ENDLESS
        keeps_state = is_opaque_class(cls) and (is_endless or cls.__module__ not in PURE)
        if keeps_state or not is_data and (mentions(args) or mentions(kwargs)):
            return call_outside(trace, cls, args, kwargs)
        return trace.bear(native(trace, cls, *args, **kwargs))
    if isinstance(made, cls):  # and perhaps a subclass, with an __init__ of its own
        call_function(trace, type(made).__init__, (made, *args), kwargs)
    bear_state(trace, made)
    return made


COLLECTIONS = (deque, Counter, OrderedDict, defaultdict)


def construct_collection(trace: Trace, cls: type, *args: Any, **kwargs: Any) -> Any:
    """One made of staged items is made by the program; a deque holds Variables, as a list does."""
    if cls is deque and not _has_staged_argument(trace, args) and not mentions((args[1:], *kwargs.values())):
        return trace.bear(native(trace, deque, *args, **kwargs))
    if cls not in COLLECTIONS or kwargs and cls is not deque:
        raise TracingError(f"{cls.__name__}() of values that are staged has no op")
    factory, items = (args[:1], args[1:]) if cls is defaultdict else ((), args)
    rest = factory if cls is defaultdict else (*items[1:], *kwargs.values())
    return trace.emit("container", cls, items[0] if items else [], *rest)


def bear_state(trace: Trace, made: Any) -> None:
    """Notes the containers that an `__init__` without source, as that of a dataclass, has made."""
    bear_items(trace, state_of(made).values())


def bear_items(trace: Trace, items: Iterable[Any]) -> None:
    """Notes the containers among items that have just been made."""
    for value in items:
        is_known = id(value) in trace.born or trace.place_of(value) is not None
        if isinstance(value, (list, dict, set, deque)) and not is_known:
            trace.bear(value)


def _is_python_class(cls: type) -> bool:
    return bool(cls.__flags__ & (1 << 9))  # a heap type: made by a class statement


# Builtins that look at types, attributes or call back


def _isinstance(trace: Trace, value: Any, classes: Any) -> Any:
    value = trace.resolve(value)
    if is_choice(value):
        return value.use(lambda option: _isinstance(trace, option, classes))
    if is_choice(classes):
        return classes.use(lambda option: _isinstance(trace, value, option))
    if is_generator(value):
        return native(trace, isinstance, iter_nothing(), classes)
    if not isinstance(value, Variable):
        return native(trace, isinstance, value, classes)
    cls = class_of(value)
    return issubclass(cls, classes) if cls is not None else trace.emit("isinstance", value, _classes(classes))


def _classes(classes: Any) -> Any:
    """What isinstance is asked for, `A | B` as a tuple."""
    if isinstance(classes, UnionType):
        return classes.__args__
    return tuple(map(_classes, classes)) if isinstance(classes, tuple) else classes


def _type(trace: Trace, value: Any, *rest: Any) -> Any:
    value = trace.resolve(value)
    if is_choice(value):
        return value.use(lambda option: _type(trace, option))
    if not rest and not isinstance(value, Variable) and trace.place_of(value) is not None and is_instance(value):
        known = type(value)
        trace.origins.setdefault(id(known), (known, root_object(known, known.__name__)))
        return known
    if rest or not isinstance(value, Variable):
        return native(trace, type, value, *rest)
    cls = class_of(value)
    return cls if cls is not None else trace.emit("type", value)


def class_of(variable: Variable) -> type | None:
    """The Python class of a Variable's value, where its type tells it."""
    known = variable.type
    if known.maybe:
        return None
    if known.kind == "array":
        return np.ndarray
    if known.kind == "scalar":
        return None if known.dtype is None else known.dtype.type
    return known.dtype if known.kind == "python" else None


def python_class(value: Any) -> type | None:
    """The class of a Variable's value, where its type tells it, or of a Python value."""
    return class_of(value) if isinstance(value, Variable) else type(value)


def written_method(value: Any, name: str) -> FunctionType | None:
    """The method of that name that the user's class of `value` has, to be converted; None for those written in C."""
    method = getattr(python_class(value), name, None)
    return method if isinstance(method, FunctionType) else None


def _sorted_places(trace: Trace, keys: Any, reverse: Any) -> Any:
    if mentions(keys) or mentions(reverse):
        return trace.emit("sorted_places", keys, reverse)
    return native(trace, forms.sorted_places, keys, reverse)


def _copied(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def form(trace: Trace, value: Any, *rest: Any) -> Any:
        deep = name == "deepcopy" and (isinstance(value, (list, dict, set, tuple)) or is_instance(value))
        if not (mentions(value) or deep or is_instance(value)):
            return native(trace, function, value, *rest)
        return trace.emit(name, trace.lift(value)) if deep or mentions(value) else native(trace, function, value)

    return form


def _told_by_type(function: Callable[..., Any], answer: Callable[[TensorType], Any]) -> Callable[..., Any]:
    """A function that asks for the rank or dtype of its argument: known while tracing, where the type tells it."""
    name = ops.name_of(function)

    def form(trace: Trace, value: Any, *rest: Any, **kwargs: Any) -> Any:
        value = trace.resolve(value)
        if not isinstance(value, Variable) or rest or kwargs:
            return call_formless(trace, function, (value, *rest), kwargs)
        known = None if value.type.maybe else answer(value.type)
        return trace.emit(str(name), value) if known is None else known

    return form


def _repr(trace: Trace, value: Any) -> Any:
    method = getattr(type(value), "__repr__", None)
    if isinstance(method, FunctionType) and is_instance(value):
        return call_function(trace, method, (value,), {})
    return call_named(trace, "repr", repr, (value,), {})


def _str(trace: Trace, *args: Any, **kwargs: Any) -> Any:
    for name in ("__str__", "__repr__") if len(args) == 1 and is_instance(args[0]) else ():
        method = getattr(type(args[0]), name, None)
        if isinstance(method, FunctionType):
            return call_function(trace, method, args, {})
    return call_named(trace, "str", str, args, kwargs)


def _apply_along_axis(trace: Trace, function: Any, axis: Any, array: Any, *args: Any, **kwargs: Any) -> Any:
    if not mentions((array, args, tuple(kwargs.values()))) and not isinstance(function, (FunctionType, MethodType)):
        return native(trace, np.apply_along_axis, function, axis, array, *args, **kwargs)
    known = array.type.shape if isinstance(array, Variable) and array.type.is_array else np.shape(array)
    if known is None or len(known) not in (1, 2):
        raise TracingError("np.apply_along_axis over a Python function is staged for arrays of one or two dims")
    return call_python(trace, forms.applied_along_axis, (function, axis, array, *args), kwargs)


def call_vectorized(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call of what np.vectorize has made."""
    is_plain = not (kwargs or function.excluded or function.cache or function.signature is not None)
    if not is_plain or len(function.otypes or "") > 1:
        raise TracingError("np.vectorize with keywords, several results, excluded, signature or cache cannot be staged")
    return call_python(trace, forms.vectorized, (function.pyfunc, function.otypes and function.otypes[0], *args), {})


def _callable(trace: Trace, value: Any) -> Any:
    if is_choice(value):
        return value.use(callable)
    return call_named(trace, "callable", callable, (value,), {})


def _next(trace: Trace, iterator: Any, *default: Any) -> Any:
    method = getattr(type(iterator), "__next__", None)
    if isinstance(method, FunctionType) and is_instance(iterator):
        return call_function(trace, forms.next_or if default else method, (iterator, *default), {})
    if not is_generator(iterator):
        return call_named(trace, "next", next, (iterable_of(trace, iterator), *default), {})
    if iterator.value is not None:
        return call_named(trace, "next", next, (iterator.iterated(), *default), {})
    if iterator.is_fresh and iterator.forms().loops:
        made = call_python(trace, forms.first, (iterator, *default), {})
        iterator.peek()
        return made
    try:
        return next(iterator.steps(), *default)
    except StopIteration as error:
        raise trace.own(error)


def _iter(trace: Trace, iterable: Any, *sentinel: Any) -> Any:
    if sentinel:
        return call_named(trace, "iter", iter, (iterable, *sentinel), {})
    made = iterable_of(trace, iterable)
    return made if is_generator(made) else call_named(trace, "iter", iter, (made,), {})


def _reversed(trace: Trace, sequence: Any) -> Any:
    method = getattr(type(sequence), "__reversed__", None)
    if isinstance(method, FunctionType) and is_instance(sequence):
        return call_function(trace, method, (sequence,), {})
    return held(trace, "reversed", reversed, (sequence,), {})


def _lazy(name: str, function: Any) -> Callable[..., Any]:
    """`zip` and the like: with staged values an op that gives all items, which a generator holds."""

    def form(trace: Trace, *args: Any, **kwargs: Any) -> Any:
        args = tuple(iterable_of(trace, arg) for arg in args)
        if any(map(is_generator, args)):
            given = call_taking if function is zip else call_function
            return given(trace, forms.LAZY.get(function, function), args, kwargs)
        return held(trace, name, function, args, kwargs)

    return form


def _is_iterable(type: TensorType) -> bool | None:
    if type.is_python:
        return None if type.dtype not in (*NUMBERS, str, tuple, list, dict, range) else type.dtype not in NUMBERS
    return None if type.rank is None else type.rank > 0


def _rank(type: TensorType) -> int | None:
    return type.rank if type.kind in ("array", "scalar") else 0 if type.is_number else None


def _is_complex(type: TensorType) -> bool | None:
    if type.dtype is None or not (type.is_number or type.kind in ("array", "scalar")):
        return None
    return type.dtype is complex if type.is_python else type.dtype.kind == "c"


def _is_real(type: TensorType) -> bool | None:
    known = _is_complex(type)
    return None if known is None else not known


def held(trace: Trace, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if not _has_staged_argument(trace, args):
        return call_named(trace, name, function, args, kwargs)
    value = functools.partial(call_named, trace, name, function, args, kwargs)
    return holding(trace, function, args, kwargs, lambda: trace.lift(value()))


FORMS: dict[Any, Callable[..., Any]] = {
    zip: _lazy("zip", zip),
    enumerate: _lazy("enumerate", enumerate),
    reversed: _reversed,
    next: _next,
    repr: _repr,
    callable: _callable,
    str: _str,
    np.apply_along_axis: _apply_along_axis,
    np.vectorize: lambda trace, *args, **kwargs: native(trace, np.vectorize, *args, **kwargs),
    iter: _iter,
    np.iterable: _told_by_type(np.iterable, _is_iterable),
    np.ndim: _told_by_type(np.ndim, _rank),
    np.iscomplexobj: _told_by_type(np.iscomplexobj, _is_complex),
    np.isrealobj: _told_by_type(np.isrealobj, _is_real),
    copy.copy: _copied("copy", copy.copy),
    copy.deepcopy: _copied("deepcopy", copy.deepcopy),
    forms.sorted_places: _sorted_places,
    isinstance: _isinstance,
    type: _type,
}
