"""Which code is that of a program, and the user's lines that it came from: for tracebacks, and for warnings.

The traceback of a fault is rewritten: in the place of the generated function stand the lines of the user's source that
the op came from, callers first.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, zip_longest
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any

from runtime.ir import Frame
from runtime.relocation import Range, relocated

# Of each code object of a program, its lines as they were generated, and the Frames of all lines. By identity: the
# code of two programs may be equal.
_programs: dict[int, tuple[list[Range], list[Frame | None]]] = {}
_user_codes: weakref.WeakSet[CodeType] = weakref.WeakSet()  # code of programs that stands at the user's lines itself
_lock = threading.RLock()  # a finalizer may run while it is held


def note_program(
    function: Callable[..., Any], codes: Iterable[tuple[CodeType, list[Range]]], frames: list[Frame | None]
) -> None:
    """Notes where the code of a program's function came from, for as long as that lives."""
    noted = {id(code): (ranges, frames) for code, ranges in codes}
    with _lock:
        _programs.update(noted)
    weakref.finalize(function, _forget, list(noted)).atexit = False


def _forget(codes: Iterable[int]) -> None:
    with _lock:
        for code in codes:
            _programs.pop(code, None)


def frame_at(code: CodeType, offset: int) -> Frame | None:
    """The user's line that an instruction of a program's code came from."""
    ranges, frames = _programs[id(code)]
    line = next((line for start, end, line in ranges if start <= offset < end), None)
    return None if line is None else frames[line - 1]


def show_user_lines(error: BaseException) -> BaseException:
    """Rewrites the traceback of `error` in place."""
    entries: list[TracebackType] = []
    traceback = error.__traceback__
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    codes = [entry.tb_frame.f_code for entry in entries]
    if not any(id(code) in _programs or code in _user_codes for code in codes):
        return error
    entries = [entry for entry in entries if not _is_own(entry.tb_frame.f_code)]
    pairs = zip_longest(entries, entries[1:])
    entries = [entry for entry, inner in pairs if inner is None or not _goes_on(entry, inner)]
    rest: TracebackType | None = None
    for entry in reversed(entries):
        if id(entry.tb_frame.f_code) not in _programs:
            rest = TracebackType(rest, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
            continue
        frame = frame_at(entry.tb_frame.f_code, entry.tb_lasti)
        while frame is not None:
            rest = _entry(frame, rest)
            frame = frame.caller
    error.__traceback__ = rest
    return error


_PART = re.compile(r"(chain|part)_\d+_")  # no Value has such a name


def _goes_on(entry: TracebackType, inner: TracebackType) -> bool:
    """Whether a program goes on in a function that is part of it, so that the user's line is that of `inner`."""
    codes = entry.tb_frame.f_code, inner.tb_frame.f_code
    return all(id(code) in _programs for code in codes) and _PART.fullmatch(codes[1].co_name) is not None


def note_user_code(code: CodeType) -> None:
    """Notes that the functions inside `code` stand at the user's lines: tracebacks keep them as they are."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            _user_codes.add(inner)
            note_user_code(inner)


def _is_own(code: CodeType) -> bool:
    """Whether a frame is of the machinery between the user's call and the user's lines."""
    if id(code) in _programs or code in _user_codes:
        return False
    return code.co_filename.startswith(_OWN) or code.co_filename.startswith("<check ")


_OWN = tuple(str(Path(__file__).parent.parent / name) + os.sep for name in ("runtime", "dy2static"))


def _entry(frame: Frame, rest: TracebackType | None) -> TracebackType:
    """A traceback entry that stands at the user's line."""
    code, _ = relocated(compile("raise _stop", frame.file, "exec"), frame.file, [frame.line])
    stop = StopIteration()
    try:
        exec(code.replace(co_name=frame.function), {"_stop": stop})
    except StopIteration:
        pass
    made = stop.__traceback__
    assert made is not None and made.tb_next is not None
    return TracebackType(rest, made.tb_next.tb_frame, made.tb_next.tb_lasti, frame.line)


# Warnings


def warned_in(file: str) -> dict[str, Any]:
    """What Python looks for in a function's globals when it warns: the module, and what that has warned of."""
    # The user's modules are the last ones, but for that which is run.
    for name in ("__main__", *reversed(list(sys.modules))):
        own = getattr(sys.modules.get(name), "__dict__", {})
        if own.get("__file__") == file:
            return {"__name__": name, "__warningregistry__": own.setdefault("__warningregistry__", {})}
    return {"__name__": Path(file).stem}


def warn(message: Any, category: Any = None, stacklevel: int = 1, source: Any = None, **rest: Any) -> None:
    """warnings.warn, with the levels counted in the user's own calls: those that a program was made of, too."""
    if rest or not isinstance(message, (str, Warning)):
        return warnings.warn(message, category, stacklevel + 1, source, **rest)
    stack = _users_stack(sys._getframe(1))
    file, line, scope = next(islice(stack, max(stacklevel - 1, 0), None), ("sys", 1, vars(sys)))
    if category is None or isinstance(message, Warning):
        category = type(message) if isinstance(message, Warning) else UserWarning
    registry = scope.setdefault("__warningregistry__", {})
    warnings.warn_explicit(message, category, file, line, scope.get("__name__", "<string>"), registry, None, source)


def _users_stack(frame: FrameType | None) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """File, line and globals of the user's calls, innermost first."""
    while frame is not None:
        if id(frame.f_code) in _programs:
            origin = frame_at(frame.f_code, frame.f_lasti)
            while origin is not None:
                scope = frame.f_globals if origin.file == frame.f_code.co_filename else warned_in(origin.file)
                yield origin.file, origin.line, scope
                origin = origin.caller
        elif not _is_own(frame.f_code):
            yield frame.f_code.co_filename, frame.f_lineno, frame.f_globals
        frame = frame.f_back
