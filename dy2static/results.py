"""What a program gives: its flat results, and how the function's result is made of them.

    return a, {"b": b}        →        (Slot(0), Slot(1)) of a and a dict that the program makes
"""

from __future__ import annotations

from types import FunctionType, ModuleType
from typing import Any

from dy2static.lines import CODES
from dy2static.signals import Refused
from dy2static.structure import is_mutable, is_plain_tuple
from dy2static.trace import Trace
from runtime.ir import Slot
from runtime.tracer import TracingError, Variable, rebuilt
from runtime.types import NUMBERS


def result_template(trace: Trace, result: Any) -> tuple[Any, list[Variable]]:
    """How a call's result is made of the program's flat ones, and those."""
    values: list[Variable] = []

    def template(value: Any) -> Any:
        if id(value) in trace.lazy:
            raise TracingError("an iterator cannot be part of a program")
        value = trace.resolve(value)
        if not isinstance(value, Variable) and (trace.place_of(value) is not None or is_mutable(value)):
            value = _own_object(trace, value)
        check_leaving(trace, value)
        if isinstance(value, Variable):
            values.append(value)
            return Slot(len(values) - 1)
        if is_plain_tuple(value):
            return rebuilt(value, [template(item) for item in value])
        if value is None or isinstance(value, (*NUMBERS, str, FunctionType, type, ModuleType)):
            return value
        return template(trace.lift(value)) if not trace.is_plain(value) else value

    return template(result), values


def _own_object(trace: Trace, value: Any) -> Any:
    """The user's own object, given back as it is."""
    return trace.lift(value) if not isinstance(value, (FunctionType, type, ModuleType)) else value


def check_leaving(trace: Trace, value: Any) -> None:
    """Raises Refused for a function or class which the function makes: what they use are values of the program, and
    there is one for all calls."""
    made = value.type.dtype if isinstance(value, Variable) else value
    if isinstance(value, FunctionType) and value.__code__ in CODES:
        what = f"the function {value.__name__}(), which it makes"
    elif isinstance(made, type) and id(made) in trace.born and (made is value or _uses_the_program(made)):
        what = f"{'' if made is value else 'an object of '}the class {made.__name__}, which it makes"
    else:
        return
    raise Refused(
        f"{what}: each call of Python's makes another one, which sees the values of that call",
        "return what it gives, or make it outside of the function and hand it the values",
    )


def _uses_the_program(cls: type) -> bool:
    """Whether a class or its methods hold values of the program."""
    return any(
        isinstance(value, Variable) or any(map(_holds_a_value, getattr(value, "__closure__", None) or ()))
        for value in vars(cls).values()
    )


def _holds_a_value(cell: Any) -> bool:
    try:
        return isinstance(cell.cell_contents, Variable)
    except ValueError:  # not set yet
        return False
