"""When a generator ends that a loop leaves before its end.

    for item in pairs(x): … break       at once: what it does last runs where the loop is left
    m = pairs(x)
    for item in m: … break              when the last name for it goes, which is no place in the code

The second is refused where the generator does something last: it has a `finally` or a `with` around a yield.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any

from dy2static.lines import CODES
from dy2static.objects import Inner, is_instance, state_of
from dy2static.signals import Refused
from dy2static.streams import Generator
from dy2static.trace import Trace

CONTAINERS = (list, tuple, set, frozenset, deque)


def check_ending(trace: Trace, generator: Generator, is_left: bool) -> None:
    """Raises Refused where a generator that a loop may leave is closed at another time than while tracing."""
    may_be_left = is_left or any(region.kind == "try" for region in trace.regions)
    if not may_be_left or not generator.forms().cleans:
        return
    if any(is_held(one) for one in (generator, *trace.running)):
        raise Refused(
            f"a loop may leave {generator} before its end, which a name still holds: its 'finally' or 'with' ends only "
            "when that name goes",
            "call the generator in the head of the loop, or take all of its items with list() first",
        )


def is_held(generator: Generator) -> bool:
    """Whether a name in the user's functions that are being traced leads to a generator."""
    frame: FrameType | None = sys._getframe(1)
    seen: set[int] = set()
    while frame is not None:
        if frame.f_code in CODES and not is_own(frame) and leads_to(generator, frame.f_locals.values(), seen):
            return True
        frame = frame.f_back
    return False


def is_own(frame: FrameType) -> bool:
    """Whether a function was written here, as `map` is: it holds its arguments no longer than the one in C would."""
    return str(frame.f_globals.get("__name__")).split(".")[0] in ("dy2static", "runtime")


def leads_to(generator: Generator, values: Iterable[Any], seen: set[int]) -> bool:
    todo = list(values)
    while todo:
        one = todo.pop()
        if one is generator:
            return True
        if id(one) not in seen:
            seen.add(id(one))
            todo += parts(one)
    return False


def parts(value: Any) -> Iterator[Any]:
    """What a value keeps alive, as far as a generator can be among it."""
    if isinstance(value, Generator):
        yield from (*value.args, *value.kwargs.values())
    elif isinstance(value, dict):
        yield from dict.values(value)
    elif isinstance(value, CONTAINERS):
        yield from value
    elif not isinstance(value, Inner) and is_instance(value):
        yield from state_of(value).values()
