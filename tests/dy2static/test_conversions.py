"""Converted code that is kept on disk is the code that conversion gives, and is found only where that would give it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import numpy as np
import pytest

from dy2static import ConversionError, conversions, disk, instantiate, to_static
from dy2static.static_function import _plain_function
from tests.harness import ROOT
from tests.programs import PROGRAMS
from tests.test_layers import PURE

TEXT = "def f(x, y):\n    z = x + y if x > y else x - y\n    return z\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DY2STATIC_CACHE", str(tmp_path / "own"))
    return tmp_path / "own"


def function_of(path: Path, text: str = TEXT, name: str = "f") -> FunctionType:
    path.write_text(text, "utf-8")
    namespace: dict[str, Any] = {"__name__": path.stem}
    exec(compile(text, str(path), "exec"), namespace)
    return namespace[name]


def portrait(code: CodeType) -> Iterator[Any]:
    """All that a code object does and shows."""
    yield code.co_name, code.co_filename, code.co_firstlineno, code.co_flags, code.co_code, code.co_names
    yield code.co_varnames, code.co_freevars, code.co_cellvars, list(code.co_lines())
    yield (getattr(code, "co_qualname", ""), getattr(code, "co_exceptiontable", b""))
    yield list(code.co_positions()) if sys.version_info >= (3, 11) else ()
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from portrait(one)
        else:
            yield repr(one), type(one)


def converted(function: FunctionType) -> conversions.Conversion | None:
    try:
        return instantiate._converted(function, "")
    except ConversionError:
        return None


def test_kept_code_is_the_code_that_conversion_gives(folder: Path) -> None:
    compared = 0
    for function in {row.make(): None for row in PROGRAMS}:
        plain, _ = _plain_function(function)
        made = converted(plain)
        if made is None:
            continue
        conversions.keep(plain, "", made)
        found = conversions.kept(plain, "")
        assert found is not None and found.name == made.name and found.user_lines == made.user_lines
        assert list(portrait(found.code)) == list(portrait(made.code)), plain.__qualname__
        compared += 1
    assert compared > 500


def test_the_converter_is_told_by_all_of_its_files() -> None:
    assert set(conversions.MODULES) == {*PURE, "instantiate"}
    assert conversions._tools() is not None


@pytest.mark.parametrize("what", ["text", "form", "name", "qualname", "line", "file", "flags", "tools"])
def test_what_conversion_hangs_on_is_in_the_key(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    function, form = function_of(tmp_path / "one.py"), ""
    conversions.keep(function, form, instantiate._converted(function, form))
    assert conversions.kept(function, form) is not None
    if what == "text":
        function = function_of(tmp_path / "one.py", TEXT.replace("x + y", "y + x"))
    elif what == "form":
        form = "each"
    elif what == "name":
        function.__name__ = "g"
    elif what == "qualname":
        function.__qualname__ = "C.f"
    elif what == "line":
        function.__code__ = function.__code__.replace(co_firstlineno=2)
    elif what == "file":
        function = function_of(tmp_path / "two.py")
    elif what == "flags":
        function.__code__ = function.__code__.replace(co_flags=function.__code__.co_flags ^ 0x100_0000)
    else:
        monkeypatch.setattr(conversions, "_tools", lambda: b"others")
    assert conversions.kept(function, form) is None


def test_lambdas_of_one_line_are_told_apart(folder: Path, tmp_path: Path) -> None:
    text = "both = [lambda x: x + 1, lambda x: x * 3]\n"
    first, second = function_of(tmp_path / "lambdas.py", text, "both")  # type: ignore[misc]
    for function in (first, second):
        conversions.keep(function, "", instantiate._converted(function, ""))
    assert (first(5), second(5)) == (to_static(first)(5), to_static(second)(5))
    assert len(list(folder.iterdir())) == 2


def test_what_is_refused_is_refused_again(folder: Path, tmp_path: Path) -> None:
    function = function_of(tmp_path / "one.py", "def f(x):\n    async def g(): pass\n    return x\n")
    for _ in range(2):
        with pytest.raises(ConversionError):
            to_static(function)(1)
    assert not folder.exists()


def test_damaged_files_are_written_again(folder: Path, tmp_path: Path) -> None:
    expected = None
    for damage in (b"", b"not code", None):
        function = function_of(tmp_path / "one.py")
        assert to_static(function)(1, 2) == function(1, 2)
        (file,) = folder.iterdir()
        expected = expected or file.read_bytes()
        assert file.read_bytes() == expected
        if damage is not None:
            file.write_bytes(damage)
        instantiate._compiled.clear()


def test_marshal_that_is_no_conversion_is_nothing(folder: Path, tmp_path: Path) -> None:
    function = function_of(tmp_path / "one.py")
    key = conversions._key(function, "")
    assert key is not None
    for content in (b"", b"N", b"(\x00\x00", b"\xff"):
        disk.write(disk.name_of(key), content)
        assert conversions.kept(function, "") is None


@pytest.mark.parametrize("way", ["option", "environment"])
def test_it_is_turned_off(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    if way == "environment":
        monkeypatch.setenv("DY2STATIC_CACHE", "0")
    function = function_of(tmp_path / "one.py", "def g(x): return x + 1\ndef f(x): return g(x)\n")
    static = to_static(function, cache=way != "option")
    assert static(1) == 2 and static.converted(1) == 2
    assert not folder.exists()


def test_a_function_without_a_file_is_not_kept(folder: Path) -> None:
    assert to_static(_typed())(3) == 4
    assert not folder.exists()


def _typed() -> Callable[..., Any]:
    import linecache

    text = "def f(x): return x + 1 if x else x\n"
    linecache.cache["<typed>"] = (len(text), None, [text], "<typed>")
    namespace: dict[str, Any] = {}
    exec(compile(text, "<typed>", "exec"), namespace)
    return namespace["f"]


SECOND = """
import sys
import numpy as np
from dy2static import instantiate, source, to_static
def stop(*args): raise SystemExit("it converts")
if sys.argv[1] == "second":
    instantiate._converted = source.parse_file = stop
import model
static = to_static(model.step)
for x in (np.float32(3), np.arange(4.0), 2):
    print(repr(static(x)), static.programs[-1])
try:
    static(np.array([1, "a"]))
except Exception as error:
    import traceback
    print(type(error), [(one.name, one.lineno) for one in traceback.extract_tb(error.__traceback__)][1:])
"""
MODEL = '''
import numpy as np

def inner(x, *rest, k=(lambda v: v * 2)):
    def deeper(y):
        nonlocal count
        count += 1
        return y - 1
    count = 0
    while np.sum(x) > 10 and count < 5:
        x = deeper(k(x)) / 3
    return x, count

class Layer:
    __scale = 3
    def forward(self, x):
        return [v * self.__scale for v in np.atleast_1d(x)]

def step(x):
    assert x.dtype.kind in "f" if hasattr(x, "dtype") else True
    if np.sum(x) > 3:
        x = x + 1
    return inner(x), Layer().forward(x)
'''


def test_a_second_process_starts_without_converting(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(MODEL, "utf-8")
    said = []
    for which in ("first", "second"):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))}
        command = [sys.executable, "-W", "error", "-c", SECOND, which]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert said[0] == said[1] and "while_loop" in said[0] and "AssertionError" in said[0]


def test_a_changed_file_is_converted_anew(folder: Path, tmp_path: Path) -> None:
    for text in (TEXT, TEXT.replace("x - y", "y - x"), TEXT):
        function = function_of(tmp_path / "one.py", text)
        stamp = hash(text) % 1_000_000
        os.utime(tmp_path / "one.py", (stamp, stamp))
        assert to_static(function)(np.float32(1), np.float32(3)) == function(np.float32(1), np.float32(3))
