"""What a random program does in each form, beside what CPython does.

Each form runs in a module of its own, freshly made, so that nothing of one form is seen by another.
"""

from __future__ import annotations

import linecache
import re
import signal
import sys
import tempfile
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

from dy2static import ConversionError, to_static
from dy2static.convert import convert_module
from tests.harness import Observation, differences, fresh, observe, observe_all, portrait
from tests.programs.row import FORMS, Row
from tests.random_programs.inputs import inputs_of
from tests.random_programs.prelude import PRELUDE
from tests.random_programs.writer import Writer
from tests.test_programs import save_and_run

SECONDS = 60.0
CANNOT_SAVE = re.compile(
    "cannot be saved: it uses|cannot be part of a file, which holds data only|(Oops|Crate|Box) of type type cannot be"
)


class TooLong(BaseException):
    """A form did not come to its end in time."""


@dataclass(frozen=True)
class Outcome:
    """What became of one program: `kind` is "same", "refused" or a fault: "different", "crash", "hang"."""

    seed: int
    kind: str
    form: str = ""
    report: str = ""
    text: str = ""

    @property
    def signature(self) -> str:
        """What is told of it in one line; programs that share it often share a cause."""
        lines = self.report.strip().splitlines() or [""]
        if self.kind == "crash":
            return lines[-1][:110]
        if self.kind == "refused":
            return re.sub(r"\d+", "N", re.sub(r"'\w+'", "'…'", lines[0].partition(": ")[2]))[:110]
        return "".join(re.findall(r"(\w+) differs?", self.report)[:1]) or lines[0][:110]

    @property
    def is_fault(self) -> bool:
        return self.kind not in ("same", "refused")


def module_of(text: str, name: str = "") -> types.ModuleType:
    """A module of the text; its source is where linecache finds it. Modules of one text share what they are converted
    to."""
    filename = f"random/programs/{name or f'program_{crc32(text.encode())}.py'}"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    module = types.ModuleType("random_program")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        exec(compile(text, filename, "exec"), module.__dict__)
    return module


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def row_of(text: str, inputs: tuple[Any, ...]) -> Row:
    return Row("f", "random", lambda: module_of(text).f, inputs, (), FORMS)


def converted(row: Row) -> str:
    source, plain = row.make(), row.make()
    found = observe_all(row, to_static(source).converted, source)
    return differ(observe_all(row, plain, plain), found) or globals_differ(plain, source)


def differ(expected: list[Observation], found: list[Observation], but: tuple[str, ...] = ()) -> str:
    return differences([*map(as_local, expected)], [*map(as_local, found)], but)


def as_local(seen: Observation) -> Observation:
    """Before Python 3.12 a comprehension is a function, to which Python calls an unset name around it free."""
    is_free = seen.error == "builtins.NameError" and sys.version_info < (3, 12)
    return replace(seen, error="builtins.UnboundLocalError") if is_free else seen


def traced(row: Row) -> str:
    """Twice over on one static function: the second round is warm, and traces nothing anew."""
    source, plain = row.make(), row.make()
    static = to_static(source)
    found = observe_all(row, static, source)
    count = len(static.programs)
    found += observe_all(row, static, source)
    expected = observe_all(row, plain, plain) + observe_all(row, plain, plain)
    if len(static.programs) != count:
        return "a warm call traced again"
    return differ(expected, found) or globals_differ(plain, source)


def saved(row: Row) -> str:
    """With one input of each combination of types: tracing for all would take most of the time."""
    with tempfile.TemporaryDirectory() as directory:
        for number, inputs in list(enumerate(row.inputs))[:: max(len(row.inputs) // 2, 1)]:
            plain = row.make()
            expected = observe(plain, fresh(inputs), plain, [])
            found, but = save_and_run(row, fresh(inputs), Path(directory) / f"{number}.d2s")
            if CANNOT_SAVE.search(found.message):
                continue
            if found_difference := differ([expected], [found], but):
                return f"inputs {number}: {found_difference}"
    return ""


def converted_text(text: str) -> str:
    """The module's text with its own functions converted; they run without a trace."""
    names = re.findall(r"^def (\w+)", text, re.MULTILINE)
    return convert_module(text, "random.py", [name for name in names if f"\ndef {name}(" not in PRELUDE])


def printed(row: Row) -> str:
    """The text of the converted module does the same, and so does what is made of that text by converting it again."""
    plain = row.make()
    text = converted_text("".join(linecache.getlines(plain.__code__.co_filename)))
    again = converted_text(text)
    expected = observe_all(row, plain, plain)
    for one in (text, again):
        made = module_of(one).f
        if report := differ([*map(as_free, expected)], [*map(as_free, observe_all(row, made, made))]):
            return f"{report}\n{one}"
    return ""


def as_free(seen: Observation) -> Observation:
    """Where the text is run by Python alone, a name that is unset in a function of a part of a try is free there."""
    return replace(seen, error="builtins.NameError") if seen.error == "builtins.UnboundLocalError" else seen


def globals_differ(plain: Any, source: Any) -> str:
    mine, theirs = ({name: portrait(f.__globals__[name]) for name in ("G", "K")} for f in (plain, source))
    return "" if mine == theirs else f"globals differ\n  eager: {mine}\n  form:  {theirs}"


RUNS: dict[str, Callable[[Row], str]] = {"printed": printed, "converted": converted, "traced": traced, "saved": saved}


def check_text(text: str, inputs: tuple[Any, ...], seed: int = -1, seconds: float = SECONDS) -> Outcome:
    """The first form that differs; a refusal where there is no difference."""
    row, refusal = row_of(text, inputs), None
    for form, run in RUNS.items():
        try:
            with time_limit(seconds):
                report = run(row)
        except ConversionError as error:
            if "a program that does not hold" in str(error):
                return Outcome(seed, "crash", form, traceback.format_exc(), text)
            refusal = refusal or Outcome(seed, "refused", form, str(error), text)
            continue
        except TooLong:
            return Outcome(seed, "hang", form, traceback.format_exc(limit=-6), text)
        except Exception:
            return Outcome(seed, "crash", form, traceback.format_exc(), text)
        if report:
            return Outcome(seed, "different", form, report, text)
    return refusal or Outcome(seed, "same", text=text)


def check(seed: int) -> Outcome:
    return check_text(Writer(seed).write(), inputs_of(seed), seed)


__all__ = ["Observation", "Outcome", "check", "check_text"]
