"""The user's lines: which code is converted code of which function, and which line is being traced."""

from __future__ import annotations

import dis
import sys
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any

from runtime.ir import Frame


@dataclass(eq=False, repr=False)
class CodeOrigin:
    """A code object of converted code: the user's function it belongs to."""

    function: str
    generated: bool


class Codes:
    """What is known of code objects as long as they live, each by itself: they are slow to hash, and the same text
    makes equal ones."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[weakref.ref[CodeType], CodeOrigin]] = {}

    def __setitem__(self, code: CodeType, origin: CodeOrigin) -> None:
        key = id(code)
        self._kept[key] = weakref.ref(code, lambda _: self._kept.pop(key, None)), origin

    def __getitem__(self, code: CodeType) -> CodeOrigin:
        return self._kept[id(code)][1]

    def __contains__(self, code: object) -> bool:
        return id(code) in self._kept

    def get(self, code: object) -> CodeOrigin | None:
        kept = self._kept.get(id(code))
        return kept[1] if kept is not None else None


CODES = Codes()


def run(function: Callable[[], Any]) -> Any:
    """Calls `function`; frames outside of this call are not the user's."""
    return function()


class Lines:
    """Makes one Frame for each line and way that leads there."""

    def __init__(self) -> None:
        self.frames: dict[Any, Frame] = {}
        self.callers: list[Frame | None] = []

    def below(self, caller: Frame | None, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Calls a function of the user's from the line `caller`: whoever looks for the line looks up to here."""
        self.callers.append(caller)
        try:
            return function(*args, **kwargs)
        finally:
            self.callers.pop()

    def here(self) -> Frame | None:
        stack: list[tuple[CodeType, int, str]] = []
        frame = sys._getframe(1)
        made: Frame | None = None
        skipping = False
        while frame is not None:
            origin = CODES.get(frame.f_code)
            if origin is not None:
                if not skipping:
                    stack.append((frame.f_code, frame.f_lineno, origin.function))
                skipping = origin.generated
            elif frame.f_code is run.__code__:
                break
            elif frame.f_code is Lines.below.__code__:
                made = self.callers[-1]
                break
            frame = frame.f_back  # type: ignore[assignment]
        for code, line, function in reversed(stack):
            key = (id(made), code.co_filename, line, function)
            if key not in self.frames:
                self.frames[key] = Frame(code.co_filename, line, function, made)
            made = self.frames[key]
        return made

    def end_of(self, function: Any) -> Frame | None:
        """The line of the `return` of a branch, a body or a function that has run: where what it gives becomes values
        of the program. `function` may be a partial of it; of other functions, the line that is being traced."""
        frame = self.here()
        code = getattr(getattr(function, "func", function), "__code__", None)
        if code is None or code not in CODES:
            return frame
        line = _return_line(code)
        name = CODES[code].function
        is_part = frame is not None and CODES[code].generated and frame.function == name
        caller = frame.caller if is_part and frame is not None else frame
        return Frame(code.co_filename, line, name, caller)

    def raised_at(self, error: BaseException) -> Frame | None:
        """The user's line that raised `error`, below the line that is being traced."""
        frame = self.here()
        traceback = error.__traceback__
        while traceback is not None:
            origin = CODES.get(traceback.tb_frame.f_code)
            if origin is not None:
                same = frame is not None and origin.generated and frame.function == origin.function
                caller = frame.caller if same and frame is not None else frame
                frame = Frame(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno, origin.function, caller)
            traceback = traceback.tb_next
        return frame


RETURNS = {dis.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in dis.opmap}


def _return_line(code: CodeType) -> int:
    """That of its last `return`; where it has none, its last line."""
    ranges = [(start, end, line) for start, end, line in code.co_lines() if line is not None]
    offsets = [offset for offset in range(0, len(code.co_code), 2) if code.co_code[offset] in RETURNS]
    found = [line for start, end, line in ranges if offsets and start <= offsets[-1] < end]
    return found[0] if found else max(line for *_, line in ranges)


def is_raised_by_converted(error: BaseException) -> bool:
    """Whether converted code itself has raised `error`: the user's own line, such as one that reads an unset name."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback is not None and traceback.tb_frame.f_code in CODES


def as_users(error: BaseException) -> BaseException:
    """`error` as the user's code raises it: a name that is free in a function of the passes is local there."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    origin = CODES.get(traceback.tb_frame.f_code) if traceback is not None else None
    if type(error) is not NameError or origin is None or not origin.generated:
        return error
    return UnboundLocalError(*error.args).with_traceback(error.__traceback__)
