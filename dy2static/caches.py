"""Functions with a cache (`functools.cache`): traced as if they had none where nobody can tell, else called as they
are.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from pathlib import PurePath
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

from dy2static.cached_recursion import call_kept
from dy2static.lines import CODES
from dy2static.memos import are_same, call_once, captured_by, is_known
from dy2static.native import native
from dy2static.objects import is_instance
from dy2static.outside import call_outside
from dy2static.structure import can_be_state
from dy2static.trace import Trace
from dy2static.values import class_name, mentions, python_class
from runtime import ops
from runtime.ir import Block, walk
from runtime.tracer import TracingError, Variable


def call_cached(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function with a cache: traced as if it had none, where nothing can tell; else called as it is."""
    code = getattr(function.__wrapped__, "__code__", None)
    if code is not None and is_installed(code) and not mentions((args, kwargs)):
        return native(trace, function, *args, **kwargs)
    if code in trace.assumptions.cached and code in CODES:
        raise TracingError(
            f"{function.__wrapped__.__name__}() has a cache that is new at each call of the function around it, and "
            "more than its result hangs on that: cache_info, or what the function changes"
        )
    check_has_hash(trace, (*args, *kwargs.values()))
    if is_in_a_cycle(trace, function):
        made = call_in_a_cycle(trace, function, args, kwargs)
        if made is not NotImplemented:
            return made
    if code in CODES and not (tells_classes(function, args, kwargs) or is_asked_alike(trace, function, (args, kwargs))):
        keep_cache(trace, code)
    saves_time = code is not None and is_installed(code) or tells_classes(function, args, kwargs)
    is_shared = code not in CODES and not (is_closed(function.__wrapped__) and saves_time)
    if code in trace.assumptions.cached or is_shared:
        return call_outside(trace, function, args, kwargs)
    return traced_as_without(trace, function, partial(trace.call, function.__wrapped__, args, kwargs))


def traced_as_without(trace: Trace, function: Any, call: Callable[[], Any]) -> Any:
    """What a call gives that is traced as if the function had no cache; the next trace knows if that shows."""
    code = getattr(function.__wrapped__, "__code__", None)
    block, before, held = trace.block, len(trace.block.ops), captured_by(trace, function.__wrapped__)
    _, known = trace.captured.setdefault(id(function), (function, held))
    if function in trace.caching and not is_in_a_cycle(trace, function):
        trace.assumptions.cycles.add(code)
        trace.restart()
    trace.caching.append(function)
    try:
        made = call()
    finally:
        trace.caching.pop()
    emitted = Block()
    emitted.ops = block.ops[before:]
    acts = any(op.definition.effect in ACTING or ops.writes(op.definition, op.call) for op in walk(emitted))
    is_own = code is not None and (code in CODES or names_itself(code))
    acts = acts or not are_same(held, captured_by(trace, function.__wrapped__)) or not is_fixed(trace, made, is_own)
    takes_time = any(op.definition.name in ("while_loop", "call") for op in walk(emitted))
    if code in CODES and (acts or takes_time or not are_same(held, known)):
        keep_cache(trace, code)
    if acts:
        trace.assumptions.cached.add(code)
        trace.restart()
    return made


def keep_cache(trace: Trace, code: CodeType | None) -> None:
    """Starts again with a function made here as one of the program that has its cache."""
    if code is not None and not code.co_flags & inspect.CO_GENERATOR:
        trace.assumptions.recursive.add(code)
        trace.restart()


def names_itself(code: CodeType) -> bool:
    return code.co_name in names_in(code) | set(code.co_freevars)


def is_in_a_cycle(trace: Trace, function: Any) -> bool:
    """Whether a function is Python's that calls itself, also by way of others."""
    code = getattr(function.__wrapped__, "__code__", None)
    if code is None or code.co_flags & inspect.CO_GENERATOR:
        return False
    known = trace.assumptions.cycles | trace.assumptions.recursive
    return code in known or names_itself(code) or function.__wrapped__ in called_by(function.__wrapped__)


def called_by(function: FunctionType) -> list[FunctionType]:
    """The functions that one names, and those that they name."""
    found: list[FunctionType] = []
    for one in chain((function,), found):  # which grows meanwhile
        named = [cell.cell_contents for cell in one.__closure__ or () if cell != CellType()]
        named += [one.__globals__[name] for name in names_in(one.__code__) if name in one.__globals__]
        inner = [getattr(value, "__wrapped__", value) for value in named if callable(value)]
        found += [value for value in inner if isinstance(value, FunctionType) and value not in found]
    return found


def call_in_a_cycle(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function with a cache that calls itself: without the cache it might never come to its end.

    Gives NotImplemented where objects that are known while tracing decide how deep that goes.
    """
    code, given = function.__wrapped__.__code__, (*args, *kwargs.values())
    is_staged = code in trace.assumptions.recursive or any(key[0] == id(function) for key in trace.kept)
    if not is_staged and all(is_known(trace, one) for one in given):
        once = partial(call_once, trace, function, args, kwargs)
        if code not in CODES and is_closed(function.__wrapped__):
            return traced_as_without(trace, function, once)
        return once() if code in CODES else NotImplemented
    if not is_staged and not all(can_be_state(trace, trace.resolve(one)) for one in given):
        return NotImplemented
    if code not in CODES:
        return call_outside(trace, function, args, kwargs)
    if id(function) in trace.memos:
        trace.assumptions.recursive.add(code)
        trace.restart()
    return call_kept(trace, function, args, kwargs, trace.instantiate(function.__wrapped__))


def check_has_hash(trace: Trace, given: Iterable[Any]) -> None:
    for one in given:
        one = trace.resolve(one)
        cls = python_class(one)
        if isinstance(one, tuple):
            check_has_hash(trace, one)
        elif cls is not None and cls.__hash__ is None:
            raise trace.own(TypeError(f"unhashable type: {class_name(cls)!r}"))


def tells_classes(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether equal keys of a cache are of one class; else it gives for 2.0 what it has given for np.float32(2)."""
    is_plain = len(args) < 2 and not kwargs and all(python_class(arg) in (int, str) for arg in args)
    return is_plain or bool(function.cache_parameters()["typed"])


def is_asked_alike(trace: Trace, function: Any, given: tuple[tuple[Any, ...], dict[str, Any]]) -> bool:
    """Whether the keys of a cache are of the same classes as before: which of two equal ones came first is known only
    to the program."""
    args, kwargs = given
    classes = (tuple(map(python_class, args)), tuple((name, python_class(kwargs[name])) for name in kwargs))
    _, known = trace.cache_keys.setdefault(id(function), (function, classes))
    return bool(classes == known)


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
