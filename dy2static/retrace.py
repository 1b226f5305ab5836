"""The warning that a function is traced again and again, with what changes between its calls.

    RetraceWarning: step() was traced 10 times. The value of argument 'n' was another each time (1, 2, 3, …): …
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dy2static.errors import RetraceWarning
from dy2static.places import Guard, Place
from runtime.ir import Frame

MOST = 10  # programs of one function before a word is said
Reasons = dict[Place, tuple[str, str, Frame | None]]
_OWN = tuple(str(Path(__file__).parent.parent / name) + os.sep for name in ("runtime", "dy2static"))


def warn_of_retracing(
    name: str, guards: Sequence[Sequence[Guard]], reasons: Reasons, warned: set[tuple[str, int]]
) -> None:
    """Warns at the user's line that calls, unless it is among `warned`. `guards` are those of each program so far."""
    place = calling_line()
    if len(guards) < MOST or place in warned:
        return
    warned.add(place)
    message = f"{name}() was traced {len(guards)} times. {difference(guards, reasons)}"
    warnings.warn_explicit(message, RetraceWarning, *place)


def calling_line() -> tuple[str, int]:
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((*_OWN, "<check ")):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def difference(guards: Sequence[Sequence[Guard]], reasons: Reasons) -> str:
    """What differs most between the programs, and what to do about it."""
    found: dict[tuple[str, Place], dict[str, None]] = {}
    for one in guards:
        of_program: dict[tuple[str, Place], list[str]] = {}
        for guard in one:
            of_program.setdefault((guard.kind, guard.place), []).append(shown(guard))
        for key, texts in of_program.items():
            found.setdefault(key, {}).setdefault(" and ".join(texts))
    (kind, place), values = max(found.items(), key=lambda item: len(item[1]), default=(("", None), {}))
    if place is None or len(values) < 2:
        return "Its calls reach other code each time. Split it into functions that each take one kind of arguments."
    what, cure = KINDS.get(kind, OTHER)
    return f"{what} {named(place)} changes between the calls ({listed(values)}){because(place, reasons)}. {cure}."


def shown(guard: Guard) -> str:
    if guard.kind == "type":
        return str(guard.value.__name__)
    if guard.kind == "array":
        return f"{guard.value[0]} of rank {guard.value[1]}"
    if guard.kind == "dim":
        return f"dim {guard.value[0]} is {guard.value[1]}"
    if guard.kind == "is":
        return f"{getattr(guard.value, '__qualname__', type(guard.value).__name__)} at {id(guard.value):#x}"
    return repr(guard.value)


def named(place: Place) -> str:
    return f"argument {place.name!r}" if place.step == "argument" else str(place)


def listed(values: dict[str, None]) -> str:
    first = list(values)[:3]
    return ", ".join(first) + (", …" if len(values) > len(first) else "")


def because(place: Place, reasons: Reasons) -> str:
    if place not in reasons:
        return ""
    _, why, frame = reasons[place]
    at = f" at {os.path.basename(frame.file)}:{frame.line}" if frame is not None else ""
    return f", and {why} needs it while tracing{at}"


KEEP = "Use it only where a program can (see f.explain()), or make it part of what does not change"
OTHER = ("What is found at", KEEP)
KINDS: dict[str, tuple[str, Any]] = {
    "equal": ("The value of", KEEP),
    "shape": ("The shape of", KEEP),
    "len": ("The length of", "Pass an array instead of a list, whose length is no part of the program"),
    "keys": ("The keys of", "Pass the same keys each time"),
    "type": ("The type of", "Pass the same type each time, as by float(x)"),
    "array": ("The dtype or rank of", "Pass one dtype and rank, as by np.asarray(x, np.float64)"),
    "scalar": ("The dtype of", "Pass one dtype, as by np.float64(x)"),
    "dim": ("A fixed dim of", "Name the dim in the InputSpec instead of fixing its size"),
    "is": ("The object", "Make it once, outside of the calls, and not anew for each"),
}
