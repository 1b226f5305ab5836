"""Faults of tracing → ConversionError at the user's line."""

from __future__ import annotations

import linecache
import os
import sys
from types import CodeType, TracebackType

from dy2static.errors import ConversionError, Location
from dy2static.lines import CODES
from dy2static.signals import Endless, Refused

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
    said = str(error) if kind in CURES or isinstance(error, Refused) else f"{kind}: {error}"
    what = "this loop" if isinstance(error, Endless) else "this"
    made = ConversionError(
        f"{what} cannot be converted: {said}", cure, user_location(error.__traceback__)
    )
    made.__cause__ = error
    return made


def user_location(traceback: TracebackType | None) -> Location | None:
    """The innermost line of converted code in a traceback."""
    found = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code in CODES and not (found is not None and code.co_filename.startswith(HERE)):
            found = (code, traceback.tb_lineno, traceback.tb_lasti)
        traceback = traceback.tb_next
    if found is None:
        return None
    code, line, offset = found
    return Location(
        code.co_filename, line, _column(code, offset), linecache.getline(code.co_filename, line).rstrip("\n")
    )


def _column(code: CodeType, offset: int) -> int:
    if sys.version_info < (3, 11):
        return 0
    positions = list(code.co_positions())
    column = positions[offset // 2][2] if offset // 2 < len(positions) else None
    return column or 0
