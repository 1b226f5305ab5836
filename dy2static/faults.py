"""Faults of tracing → ConversionError at the user's line."""

from __future__ import annotations

import linecache
import os
import sys
from types import CodeType, TracebackType

from dy2static.errors import ConversionError, Location
from dy2static.lines import CODES, CodeOrigin
from dy2static.signals import STAND_INS, Endless, Refused

HERE = os.path.dirname(__file__)  # the Python of builtins stands here, which is not the user's
CURES = {
    "TracingError": "take the value as an argument, write it with NumPy, "
    "or mark the function that needs it @not_to_static",
    "Endless": "let a value that is known when the program runs decide its end, go through a range, an array or a "
    "list, or run the loop before the call and pass what it gives",
    "CannotStage": "give every path a value of the same kind, or decide by a plain Python value",
}
OTHER = "write this part with NumPy and plain Python, or mark the function @not_to_static and call it outside"


def conversion_error(error: BaseException) -> ConversionError:
    """The ConversionError for what went wrong while a program was traced."""
    kind = type(error).__name__
    cure = getattr(error, "cure", None) or CURES.get(kind, OTHER)
    is_ours = kind in CURES or isinstance(error, Refused)
    said = str(error) if is_ours else f"{kind}: {error}"
    if not is_ours and any(name in said for name in STAND_INS):
        said = "what is called here takes no value that is known only when the program runs"
    what = "this loop" if isinstance(error, Endless) else "this"
    *callers, location = user_locations(error.__traceback__) or [None]
    made = ConversionError(f"{what} cannot be converted: {said}", cure, location)
    made.callers = [caller for caller in reversed(callers) if caller is not None]
    made.__cause__ = error
    return made


def reached(error: ConversionError) -> ConversionError:
    """The same error, of a function that was called while a program was traced: with the calls that led there."""
    ways = [one for one in reversed(user_locations(error.__traceback__)) if one is not None]
    if ways and (error.location is None or _is_one_line(error.location, ways[0])):
        error.location = ways.pop(0)  # which has the column too
    error.callers = ways
    return error


def _is_one_line(one: Location, other: Location) -> bool:
    return (one.filename, one.line) == (other.filename, other.line)


def user_locations(traceback: TracebackType | None) -> list[Location | None]:
    """The lines of converted code in a traceback, one for each of the user's functions on the way, outermost first."""
    found: list[tuple[CodeOrigin, Location]] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        origin = CODES.get(code)
        if origin is not None and not (found and code.co_filename.startswith(HERE)):
            if found and origin.generated and found[-1][0].function == origin.function:
                found.pop()  # it goes on in a branch or a loop
            found.append((origin, _location(code, traceback.tb_lineno, traceback.tb_lasti)))
        traceback = traceback.tb_next
    return [location for _, location in found]


def _location(code: CodeType, line: int, offset: int) -> Location:
    text = linecache.getline(code.co_filename, line).rstrip("\n")
    return Location(code.co_filename, line, _column(code, offset), text)


def _column(code: CodeType, offset: int) -> int:
    if sys.version_info < (3, 11):
        return 0
    positions = list(code.co_positions())
    column = positions[offset // 2][2] if offset // 2 < len(positions) else None
    return column or 0
