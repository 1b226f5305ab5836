"""The oracle: what one call of a function does, as far as the promise goes, written as text that can be compared.

    Row ─ make ─► function ─ each form ─► callable ─ observe, on each input in turn ─► [Observation, …]

The undecorated function's observations are computed, never typed in; every form must give the same.
"""

from __future__ import annotations

import contextlib
import copy
import io
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dy2static import RetraceWarning
from tests.programs.row import Given, Inputs, Row

ROOT = Path(__file__).resolve().parent.parent
COMPARED = ("result", "arguments", "aliases", "surroundings", "output", "error")


@dataclass(frozen=True)
class Observation:
    """What one call did.

    result       the value with its kinds, dtypes and shapes; "" after an exception
    arguments    the arguments after the call
    aliases      which arrays, lists and dicts of arguments and result are one, or share memory
    surroundings what the function's object and closure hold after the call
    output       what it printed
    error        the exception's type; "" if there was none
    message      the exception's message
    written      a `raise` or `assert` of the user's gave the message
    trace        the exception's traceback, for the reader of a failed test
    """

    result: str = ""
    arguments: str = ""
    aliases: str = ""
    surroundings: str = ""
    output: str = ""
    error: str = ""
    message: str = ""
    written: bool = False
    trace: str = ""


def observe(function: Callable[..., Any], given: Given, source: Any, kept: list[Any]) -> Observation:
    """Calls `function`, made of `source`, once. The result is put into `kept`, to see later if it is still the same."""
    error, result = Observation(), None
    with contextlib.redirect_stdout(io.StringIO()) as printed, warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", RetraceWarning)  # rows have many inputs
        try:
            result = function(*given.args, **given.kwargs)
        except Exception as caught:
            if is_our_own(caught):
                raise
            error = observe_error(caught)
    kept.append(result)
    return replace(
        error,
        result="" if error.error else portrait(result),
        arguments=portrait((given.args, given.kwargs)),
        aliases="; ".join(aliases({"args": given.args, "kwargs": given.kwargs, "result": result})),
        surroundings=portrait(surroundings(source)),
        output=printed.getvalue(),
    )


def is_our_own(error: BaseException) -> bool:
    """Whether the converter or the runtime refused, which no program of the table expects."""
    return any(cls.__name__ in ("Dy2StaticError", "ConversionError") for cls in type(error).__mro__)


def observe_error(error: Exception) -> Observation:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    starts = ("raise", "assert") if isinstance(error, AssertionError) else ("raise",)
    written = Path(frame.filename).parent.name == "programs" and (frame.line or "").startswith(starts)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return Observation(error=name, message=str(error), written=written, trace=text_of(error))


def text_of(error: BaseException) -> str:
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


def fresh(inputs: Inputs) -> Given:
    """Arguments of one call, shared with no other. One deepcopy keeps two arguments that are one array one."""
    given = inputs() if callable(inputs) else copy.deepcopy(inputs)
    return given if isinstance(given, Given) else Given(tuple(given))


def observe_all(row: Row, function: Callable[..., Any], source: Any, rounds: int = 1) -> list[Observation]:
    """One Observation for each input, `rounds` times over, and one more of all results at the end.

    The last shows whether a later call changed the result of an earlier one.
    """
    kept: list[Any] = []
    found = [observe(function, fresh(inputs), source, kept) for _ in range(rounds) for inputs in row.inputs]
    return [*found, Observation(result=portrait(kept))]


def eager(row: Row, rounds: int = 1) -> list[Observation]:
    function = row.make()
    return observe_all(row, function, function, rounds)


def differences(expected: list[Observation], got: list[Observation], but: tuple[str, ...] = ()) -> str:
    """The fields that differ, as text; "" if none does."""
    assert len(expected) == len(got)
    return "\n".join(line for i in range(len(expected)) for line in different_fields(i, expected[i], got[i], but))


def different_fields(call: int, eager: Observation, form: Observation, but: tuple[str, ...]) -> Iterator[str]:
    for name in COMPARED + (("message",) if eager.written else ()):
        mine, theirs = getattr(eager, name), getattr(form, name)
        if mine != theirs and name not in but:
            yield f"call {call}: {name} differs\n  eager: {mine}\n  form:  {theirs}"
            if name == "error":
                yield form.trace or eager.trace


def portrait(value: Any) -> str:
    """The value in full: kind, dtype, shape and bits (each NaN the same), of containers the items in order."""
    if isinstance(value, np.ndarray):
        items = [portrait(item) for item in value.ravel()] if value.dtype == object else value.tolist()
        return f"{type(value).__name__} {value.dtype}{list(value.shape)} {items}"
    if isinstance(value, np.generic):
        return f"{value.dtype} {value.item()!r}"
    if isinstance(value, (tuple, list)):
        return f"{type(value).__name__}({', '.join(map(portrait, value))})"
    if isinstance(value, dict):
        return f"{type(value).__name__}{{{', '.join(f'{portrait(k)}: {portrait(v)}' for k, v in value.items())}}}"
    if isinstance(value, (set, frozenset)):
        return f"{type(value).__name__}{{{', '.join(sorted(map(portrait, value)))}}}"
    if isinstance(value, (bool, int, float, complex, str, bytes, bytearray, type(None), range, slice)):
        return f"{type(value).__name__} {value!r}"
    if callable(value) or isinstance(value, types.ModuleType):
        return getattr(value, "__qualname__", type(value).__qualname__)
    return f"{type(value).__name__} {portrait(getattr(value, '__dict__', {}))}"


def aliases(named: dict[str, Any]) -> Iterator[str]:
    """A sentence for each two places that hold one object or share memory."""
    places = list(find_mutable(named, ""))
    for number, (name, value) in enumerate(places):
        for earlier, other in places[:number]:
            if value is other:
                yield f"{name} is {earlier}"
            elif isinstance(value, np.ndarray) and isinstance(other, np.ndarray) and np.shares_memory(value, other):
                yield f"{name} shares memory with {earlier}"


def find_mutable(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, (np.ndarray, list, dict)) and name:
        yield name, value
    if isinstance(value, (tuple, list)):
        for index, item in enumerate(value):
            yield from find_mutable(item, f"{name}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from find_mutable(item, f"{name}.{key}" if name else str(key))


def surroundings(source: Any) -> list[Any]:
    """What a function can change besides its arguments: its object's attributes and its closure's cells."""
    cells = [cell for cell in getattr(source, "__closure__", None) or () if cell != types.CellType()]
    contents = [cell.cell_contents for cell in cells if not callable(cell.cell_contents)]
    owner = getattr(source, "__self__", source)
    return [getattr(owner, "__dict__", None), contents]
