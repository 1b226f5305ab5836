"""What Python goes through while tracing, and an op changes meanwhile: it has to live in the program from the start.

    more = [n]                                    more = pack([n])
    for v in more:                        →       while_loop(for v in more)
        for _ in range(k): more.append(v)           body { … }

Python would go on with the list as it was before the op. So the trace starts again, and the containers that are made
at the place where this one was made are put into the program there.
"""

from __future__ import annotations

import gc
import itertools
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from types import CodeType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any

from dy2static.lines import CODES
from dy2static.readings import VIEWS
from dy2static.signals import STAND_INS, Restart
from runtime.tracer import TracingError

if TYPE_CHECKING:
    from dy2static.trace import Trace

CONTAINERS = (list, dict, set, deque)


def note_birth(trace: Trace, made: Any) -> None:
    """Notes where a container is made, or puts it into the program at once."""
    place = place_of_making()
    if place in trace.assumptions.early:
        trace.promote(made)
    trace.cradles[id(made)] = place


def place_of_making() -> tuple[CodeType, int] | None:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code not in CODES:
        frame = frame.f_back
    return None if frame is None else (frame.f_code, frame.f_lasti)


def in_turn(trace: Trace, iterable: Iterable[Any]) -> Iterator[Any]:
    """The items of `iterable`, as Python gives them."""
    read = [one for one in sources(iterable) if id(one) not in trace.staged]
    iterator = iter(iterable)
    while True:
        try:
            item = next(iterator)
        except StopIteration:
            return
        except Exception as error:
            if is_raised_by_c(error):
                trace.own(error)  # as by `zip` of unequal lengths: the user's program raises it
            raise
        yield item
        check_unstaged(trace, read)


def is_raised_by_c(error: Exception) -> bool:
    """Whether what was called where an error is handled has no Python in it, and what it says is of no stand-in."""
    assert error.__traceback__ is not None
    is_ours = isinstance(error, TracingError) or any(name in str(error) for name in STAND_INS)
    return error.__traceback__.tb_next is None and not is_ours


def check_unstaged(trace: Trace, containers: list[Any]) -> None:
    """Starts the trace again where one of these has come to live in the program."""
    for container in containers:
        if id(container) in trace.staged:
            put_into_program(trace, container)
            raise TracingError(f"a {type(container).__name__} is changed by ops while Python goes through it")


def put_into_program(trace: Trace, made: Any) -> None:
    """Starts the trace again, with a container or iterator as one of the program; not where that cannot be."""
    place = trace.cradles.get(id(made))
    if place is not None and place not in trace.assumptions.early:
        trace.assumptions.early.add(place)
        trace.assumptions.loops.clear()  # loops that could not be staged around it may be so now
        raise Restart


def sources(iterable: Any) -> list[Any]:
    """The containers that going through `iterable` reads."""
    found: list[Any] = []
    todo, is_chain = [iterable], False
    while todo:
        one = todo.pop()
        is_chain = is_chain or isinstance(one, itertools.chain)
        if isinstance(one, CONTAINERS):
            found.append(one)
        elif isinstance(one, tuple):
            todo += [item for item in one if is_chain or hasattr(type(item), "__next__")]
        elif type(one) in VIEWS or hasattr(type(one), "__next__") and not isinstance(one, GeneratorType):
            todo += gc.get_referents(one)
    return found
