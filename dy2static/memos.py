"""Functions with a cache that are given only what is known while tracing: each call is traced once, as Python makes it
once.

    @cache
    def go(i, j): …
    go(7, 8)            go(6, 8), go(7, 7), … are traced once each, and what they gave is taken again

What was traced for a call is there again only where its ops are: in that branch or turn, and in what is inside of it.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import Enum
from types import CellType, FunctionType, MethodType
from typing import Any

import numpy as np

from dy2static.lines import CODES
from dy2static.objects import is_instance, state_of
from dy2static.trace import Trace
from runtime.ir import Block, Op
from runtime.tracer import Variable


@dataclass(frozen=True, eq=False)
class Entry:
    """What a call gave, and the Block and its last op when it had; `block` is None where it needed none."""

    value: Any
    block: Block | None
    last: Op | None

    def is_there(self, trace: Trace) -> bool:
        if self.block is None:
            return True
        return self.block in trace.blocks and (self.last is None or self.last in self.block.ops)


def is_known(trace: Trace, value: Any) -> bool:
    """Whether a key of a cache is known while tracing, and has the hash and equals then that it has in the program."""
    value = trace.resolve(value)
    if isinstance(value, (tuple, frozenset)):
        return all(is_known(trace, one) for one in value)
    if is_instance(value):
        return is_itself(value)
    return isinstance(value, (int, float, complex, str, bytes, type(None), np.generic, Enum, range, type, FunctionType))


def is_itself(value: Any) -> bool:
    """Whether a value equals nothing else."""
    cls: Any = type(value)
    return cls.__hash__ is object.__hash__ and cls.__eq__ is object.__eq__


def call_once(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Traces a call, or gives what was traced for it. A result that is not there any more makes it a function of the
    program, whose cache is the program's."""
    if id(function) not in trace.memos:
        memo = functools.lru_cache(**function.cache_parameters())(functools.partial(traced, trace, function))
        trace.memos[id(function)] = (function, memo)
    entry = trace.memos[id(function)][1](*args, **kwargs)
    if not entry.is_there(trace):
        trace.assumptions.recursive.add(function.__wrapped__.__code__)
        trace.restart()
    return entry.value


def traced(trace: Trace, function: Any, *args: Any, **kwargs: Any) -> Entry:
    block = trace.block
    before = len(block.ops), written(trace)
    made = trace.call(function.__wrapped__, args, kwargs)
    is_free = before == (len(block.ops), written(trace)) and not isinstance(made, Variable) and trace.is_plain(made)
    return Entry(made, None if is_free else block, block.ops[-1] if block.ops else None)


def written(trace: Trace) -> list[tuple[Any, int]]:
    """What the regions have written so far."""
    return [(key, id(slot.get())) for region in trace.regions for key, (slot, _) in region.log.items()]


def captured_by(trace: Trace, function: Any) -> dict[Any, Any]:
    """What a function that was made while tracing has captured, and the parts of that, by the keys of their slots."""
    found: dict[Any, Any] = {}
    todo, seen = [function], set()
    while todo:
        value = todo.pop()
        if id(value) not in seen and trace.place_of(value) is None:
            seen.add(id(value))
            parts = dict(parts_of(value))
            found |= parts
            todo += parts.values()
    return found


def parts_of(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, FunctionType) and value.__code__ in CODES:
        return [(id(cell), cell.cell_contents) for cell in value.__closure__ or () if cell != CellType()]
    if isinstance(value, functools._lru_cache_wrapper):
        return [((id(value), "__wrapped__"), value.__wrapped__)]
    if isinstance(value, MethodType):
        return [((id(value), "__self__"), value.__self__), ((id(value), "__func__"), value.__func__)]
    if isinstance(value, dict) or is_instance(value):
        state = value if isinstance(value, dict) else state_of(value)
        return [((id(value), key), part) for key, part in state.items()]
    if isinstance(value, (set, frozenset)):
        return [((id(value), one), one) for one in value]
    return [((id(value), place), part) for place, part in enumerate(value)] if isinstance(value, ITEMS) else ()


ITEMS = (list, tuple, deque)


def are_same(one: dict[Any, Any], other: dict[Any, Any], apart: Container[Any] = ()) -> bool:
    """Whether nothing captured has changed, but for what stands under the keys `apart`."""
    return all(key in apart or key in one and key in other and is_same(one[key], other[key]) for key in {*one, *other})


def is_same(one: Any, other: Any) -> bool:
    if isinstance(one, Variable) and isinstance(other, Variable):
        return one.value is other.value
    return one is other or type(one) is type(other) and isinstance(one, (int, str)) and bool(one == other)
