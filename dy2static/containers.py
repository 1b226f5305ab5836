"""Containers and objects that come to live in a program: the op that makes one, and what it keeps of its items."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from dy2static.lines import CODES
from dy2static.objects import (
    KEEPERS,
    Inner,
    copy_container,
    has_own_hash,
    is_instance,
    is_own_collection,
    is_plain_mapping,
    map_items,
    state_of,
)
from dy2static.signals import Unroll
from runtime.ir import Constant
from runtime.ops.effect import SHUFFLERS
from runtime.tracer import TracingError, Variable
from runtime.types import python

if TYPE_CHECKING:
    from dy2static.trace import Trace


def emit_container(trace: Trace, container: Any) -> Any:
    cls, items = type(container), copy_container(container)
    if cls is dict and any(map(has_own_hash, items)):
        return trace.emit("dict", list(items.items()))
    if cls in (list, dict):
        return trace.emit("pack", items)
    if cls is set:
        return trace.emit("set", items)
    if is_own_collection(container):
        state = state_of(container)
        if isinstance(container, defaultdict):
            state["default_factory"] = factory_of(trace, container.default_factory)
        return trace.emit("collection", cls, items, state)
    if cls not in (OrderedDict, Counter, defaultdict, deque) and not is_plain_mapping(container):
        raise TracingError(f"{cls.__name__} objects cannot be part of a program")
    if cls is defaultdict:
        return trace.emit("container", cls, items, factory_of(trace, container.default_factory))
    rest = (container.maxlen,) if cls is deque else ()
    return trace.emit("container", cls, items, *rest)


def factory_of(trace: Trace, factory: Any) -> Any:
    """What makes the missing values of a defaultdict: a function of the user's is called as it is by the program, if
    it needs nothing of what the program computes."""
    if not isinstance(factory, FunctionType):
        return factory
    if not is_self_contained(factory):
        raise TracingError(
            "the factory of this defaultdict has defaults or uses names of the function around it, of which the "
            "program can give it none: call setdefault() instead"
        )
    if factory.__code__ not in CODES and not trace.assumptions.outside:  # it may change whatever it reaches
        trace.assumptions.outside = True
        trace.restart()
    return Variable(Constant(factory, python(FunctionType), factory.__name__), trace)


def is_self_contained(function: FunctionType) -> bool:
    """Whether a function has no names of the function around it, and no defaults."""
    names = (name for name in function.__code__.co_freevars if not name.startswith("d2s"))
    return not any(names) and not function.__defaults__ and not function.__kwdefaults__


def kept_arguments(
    trace: Trace, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of an op of that name, where it puts them into a container or object that lives on."""

    def keep(value: Any) -> Any:
        return kept(trace, value)

    if name == "pack" and not isinstance(args[0], (Variable, slice)):
        return (map_items(keep, args[0]),), kwargs
    if name == "instance":
        return (args[0], map_items(keep, args[1]), *args[2:]), kwargs
    if name == "collection":
        return (args[0], map_items(keep, args[1]), map_items(keep, args[2])), kwargs
    if name in SHUFFLERS:
        return tuple(trace.lift(trace.enlist(arg)) if isinstance(arg, list) else arg for arg in args), kwargs
    if name in ("python", "method"):
        return tuple(map(keep, args)), {key: keep(arg) for key, arg in kwargs.items()}
    if name in SHARING:
        gives_one = name in ("max", "min") and len(args) > 1
        made = tuple(kept(trace, arg) if gives_one else share(trace, arg) for arg in args)
        return made, {key: kept(trace, arg) for key, arg in kwargs.items()}
    if name in KEEPERS:
        leave_functions(trace, args[1:])
        return tuple(map(keep, args)), kwargs
    return args, kwargs


# Ops whose results hold the items of their arguments.
SHARING = set("dict set sorted max min reversed zip each_zip enumerate list tuple sum dict.fromkeys container".split())


def share(trace: Trace, value: Any) -> Any:
    """An argument of which the items themselves get into the result."""
    if not isinstance(value, (list, tuple, dict)) or trace.place_of(value) is not None or id(value) in trace.staged:
        return value
    return map_items(lambda item: kept(trace, item), value)


def kept(trace: Trace, value: Any) -> Any:
    """What a container keeps of an item: containers stay the ones they are, and are not built anew."""
    if isinstance(value, tuple):
        if trace.place_of(value) is not None:
            return trace.opaque(value)
        return map_items(lambda item: kept(trace, item), value)
    return trace.lift(value) if isinstance(value, (list, dict, set)) or is_instance(value) else value


def leave_functions(trace: Trace, values: tuple[Any, ...]) -> None:
    """A loop that puts functions into containers is left to Python, which can hold them."""
    if any(isinstance(value, (FunctionType, MethodType, Inner)) for value in values):
        for depth in reversed(range(trace.depth)):
            if trace.regions[depth].kind == "while_loop":
                raise Unroll(depth, "a container gets functions in it", restarts=True)
