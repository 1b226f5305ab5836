"""Converted code kept on disk: what one process has converted, the next one finds.

    key     the text of the file, what tells the function in it, and the form; besides, whose work it is: the
            converter's own files, gast and Python
    kept    the code, and which functions in it are the user's: by marshal, as Python's own .pyc files

The code that a function is converted into hangs on nothing else. What a trace is made of does: on the objects that
it meets, the code of whatever is called, what Python gave while tracing. So programs are traced anew.
"""

from __future__ import annotations

import importlib.util
import marshal
import os
import sys
from dataclasses import dataclass
from functools import cache
from types import CodeType, FunctionType

import gast

from dy2static import disk
from dy2static.source import comparable, lines_of

# What conversion hangs on, of this package.
MODULES = (
    "errors constructs python_control_flow python_statements python_expressions python_builtins templates class_names "
    "source declarations resumption generators desugar analysis early_exit expressions comprehensions unbound cells "
    "confined control_flow scopes hooks watch convert disk conversions instantiate"
).split()
_texts: dict[str, tuple[list[str], bytes]] = {}


@dataclass(eq=False, repr=False)
class Conversion:
    """A converted function's code, which makes it.

    user_lines  name and first line of each of the user's functions in it
    name        of the function itself in that code
    """

    code: CodeType
    user_lines: frozenset[tuple[str, int]]
    name: str


def kept(function: FunctionType, form: str) -> Conversion | None:
    """What was kept of converting `function` as it stands in its file now, if anything."""
    key = _key(function, form)
    content = None if key is None else disk.read(disk.name_of(key))
    if content is None:
        return None
    try:
        code, lines, name = marshal.loads(content)
    except (EOFError, ValueError, TypeError):
        return None
    return Conversion(code, frozenset(lines), name)


def keep(function: FunctionType, form: str, made: Conversion) -> None:
    key = _key(function, form)
    if key is None:
        return
    try:
        content = marshal.dumps((made.code, sorted(made.user_lines), made.name))
    except ValueError:  # it is nested too deep for marshal
        return
    disk.write(disk.name_of(key), content)


def _key(function: FunctionType, form: str) -> bytes | None:
    """All that tells the conversion of `function` from another's; None where nothing can be kept."""
    code, tools = function.__code__, _tools()
    if disk.folder() is None or tools is None or code.co_filename.startswith("<"):
        return None
    lines = lines_of(function)
    if not lines:
        return None
    told: tuple[object, ...] = code.co_name, code.co_firstlineno, code.co_varnames, code.co_freevars, code.co_flags
    if code.co_name == "<lambda>":
        places = list(code.co_positions()) if sys.version_info >= (3, 11) else []
        told = (*told, comparable(code), places)
    own = (code.co_filename, function.__name__, function.__qualname__, form)
    return b"\0".join((repr((told, own)).encode("utf-8", "surrogatepass"), _text_sum(code.co_filename, lines), tools))


def _text_sum(filename: str, lines: list[str]) -> bytes:
    """The checksum of a file's text, made anew when `linecache` has read it anew."""
    known = _texts.get(filename)
    if known is None or known[0] is not lines:
        known = lines, disk.checksum("".join(lines).encode("utf-8", "surrogatepass"))
        _texts[filename] = known
    return known[1]


@cache
def _tools() -> bytes | None:
    """What tells this converter and Python from all others; None where that cannot be told."""
    own, theirs = os.path.dirname(__file__), os.path.dirname(gast.__file__)
    files = [f"{own}/{name}.py" for name in MODULES]
    files += [f"{theirs}/{name}.py" for name in ("__init__", "astn", "ast3", "gast")]
    try:
        states = [os.stat(file) for file in files]
    except OSError:
        return None
    stamps = [number for one in states for number in (one.st_size, one.st_mtime_ns, one.st_ctime_ns, one.st_ino)]
    ranges = "no_debug_ranges" in sys._xoptions, os.environ.get("PYTHONNODEBUGRANGES")
    python = sys.version, sys.implementation.cache_tag, importlib.util.MAGIC_NUMBER, sys.flags.optimize, ranges
    return repr((python, gast.__version__)).encode() + marshal.dumps(stamps)
