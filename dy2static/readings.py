"""What was read of a value, and is looked at later: views of dicts, and attributes that may be methods.

values = squares.values()     the dict comes to live in the program later: so does what looks at it
node.count                    a method, where it is called, and else what the program reads there
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from runtime.tracer import StagedMethod, Variable

if TYPE_CHECKING:
    from dy2static.trace import Trace

_DICTS: tuple[Any, ...] = ({}, OrderedDict())
VIEWS = {type(getattr(made, name)()): "." + name for made in _DICTS for name in ("keys", "values", "items")}


def note_view(trace: Trace, view: Any, owner: Any) -> Any:
    """Notes the dict that a view looks at."""
    if type(view) in VIEWS:
        trace.views[id(view)] = (view, owner)
    return view


def is_staged_view(trace: Trace, view: Any) -> bool:
    """Whether a view looks at a dict that lives in the program."""
    known = trace.views.get(id(view))
    return known is not None and id(known[1]) in trace.staged


def view_of(trace: Trace, view: Any) -> Variable:
    """The view of the program that looks at the same dict."""
    made: Variable = trace.emit(VIEWS[type(view)], trace.lift(trace.views[id(view)][1]))
    return made


def read(trace: Trace, value: Any) -> Any:
    """What stands in the program for a view or for what was read, where it has to be there now."""
    if type(value) in VIEWS:
        return view_of(trace, value) if is_staged_view(trace, value) else value
    if type(value) in METHODS and value.loaded is not None:
        value.is_used = True
        return value.loaded
    return value


METHODS: set[type] = {StagedMethod}  # what stands for a method until it is called, and may be none


def forget_reading(trace: Trace, method: Any) -> None:
    """Takes back what a method was read by, when it is called, and so is one."""
    if method.loaded is None or method.is_used:
        return
    for block in reversed(trace.blocks):
        places = reversed(range(len(block.ops)))  # it was read just before
        place = next((place for place in places if block.ops[place] is method.loaded.value.op), None)
        if place is not None:
            del block.ops[place]
    method.loaded = None
