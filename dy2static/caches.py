"""Functions with a cache (`functools.cache`): traced as if they had none where nobody can tell, else called as they
are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from pathlib import PurePath
from types import CellType, CodeType, ModuleType
from typing import Any

from dy2static.lines import CODES
from dy2static.native import native
from dy2static.objects import is_instance, state_of
from dy2static.outside import call_outside
from dy2static.signals import Refused
from dy2static.trace import Trace
from dy2static.values import mentions, python_class
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
    if code in CODES and not tells_classes(function, args, kwargs):
        check_is_asked_alike(trace, function, (args, kwargs))
    saves_time = code is not None and is_installed(code) or tells_classes(function, args, kwargs)
    is_shared = code not in CODES and not (is_closed(function.__wrapped__) and saves_time)
    if code in trace.assumptions.cached or is_shared:
        return call_outside(trace, function, args, kwargs)
    block, before, held = trace.block, len(trace.block.ops), held_by(function.__wrapped__)
    made = trace.call(function.__wrapped__, args, kwargs)
    emitted = Block()
    emitted.ops = block.ops[before:]
    acts = any(op.definition.effect in ACTING or ops.writes(op.definition, op.call) for op in walk(emitted))
    is_own = code is not None and (code in CODES or code.co_name in names_in(code) | set(code.co_freevars))
    if acts or held != held_by(function.__wrapped__) or not is_fixed(trace, made, is_own):
        trace.assumptions.cached.add(code)
        trace.restart()
    return made


def tells_classes(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether equal keys of a cache are of one class; else it gives for 2.0 what it has given for np.float32(2)."""
    is_plain = len(args) < 2 and not kwargs and all(python_class(arg) in (int, str) for arg in args)
    return is_plain or bool(function.cache_parameters()["typed"])


def check_is_asked_alike(trace: Trace, function: Any, given: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
    """Refuses keys of other classes for one cache: which of two equal ones came first is known only to the program."""
    args, kwargs = given
    classes = (tuple(map(python_class, args)), tuple((name, python_class(kwargs[name])) for name in kwargs))
    _, known = trace.cache_keys.setdefault(id(function), (function, classes))
    if classes != known:
        raise Refused(
            f"{function.__wrapped__.__name__}() is asked for numbers of several classes: where they are equal, its "
            "cache gives for one what it has given for the other",
            "make them of one class before the call, as float() does, or make the cache typed",
        )


def held_by(function: Any) -> list[Any]:
    """What a function that was made while tracing can change of the one around it, by identity."""
    cells = (getattr(function, "__closure__", None) or ()) if getattr(function, "__code__", None) in CODES else ()
    found: list[Any] = [cell.cell_contents for cell in cells if cell != CellType()]
    return [(id(one), *map(id, parts_of(one))) for one in found]


def parts_of(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return (*value.keys(), *value.values())
    if is_instance(value):
        return parts_of(state_of(value))
    return value if isinstance(value, (list, set, deque)) else ()


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
