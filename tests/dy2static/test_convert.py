"""Converted code as text, as a module, and with the user's lines."""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
import traceback
from pathlib import Path
from typing import Any

import pytest

from dy2static.convert import convert_module
from dy2static.errors import ConversionError
from tests.dy2static import functions
from tests.dy2static.eager_form import converted, text_of
from tests.dy2static.functions import ROWS
from tests.dy2static.test_source import made_by

ROOT = Path(__file__).resolve().parents[2]

PLAIN = [
    (
        functions.while_two,
        """
        def while_two(a, b):
            def test(a, b):
                return a < b
            def body(a, b):
                a = a + 2
                b = b + 1
                return a, b
            a, b = d2s.while_loop(test, body, (a, b))
            return a, b
        """,
    ),
    (
        functions.name_set_in_one_branch,
        """
        def name_set_in_one_branch(a):
            z = d2s.UNDEFINED
            def then(z):
                z = 1
                return z
            z = d2s.cond(a, then, None, (z,))
            return d2s.defined(z, 'z')
        """,
    ),
    (
        functions.guards,
        """
        def guards(x):
            def then():
                return 'negative'
            def then_2():
                return 'zero'
            def then_3():
                return 'small'
            def orelse():
                return 'large'
            return d2s.switch(((lambda: x < 0, then), (lambda: x == 0, then_2), (lambda: x < 10, then_3)), orelse)
        """,
    ),
    (
        functions.for_total,
        """
        def for_total(xs):
            total = 0
            def body(x, total):
                total += x
                return total
            total = d2s.for_loop(body, xs, (total,))
            return total
        """,
    ),
    (
        functions.for_else_break,
        """
        def for_else_break(n):
            stop = False
            found = d2s.UNDEFINED
            def body(i, found, stop):
                def then(found, stop):
                    found = i
                    stop = True
                    return found, stop
                found, stop = d2s.cond(n % i == 0, then, None, (found, stop))
                return found, stop
            def test(found, stop):
                return d2s.not_(stop)
            found, stop = d2s.for_loop(body, range(2, n), (found, stop), test)
            def then(found):
                found = -1
                return found
            found = d2s.cond(d2s.not_(stop), then, None, (found,))
            return d2s.defined(found, 'found')
        """,
    ),
    (
        functions.closure_counter,
        """
        def closure_counter(n):
            count = 0
            def bump(by=1):
                nonlocal count
                count += by
                return count
            def test():
                return count < n
            def body():
                bump()
                def then():
                    nonlocal count
                    count += 10
                    bump(5)
                d2s.cond(count == 2, then)
            d2s.while_loop(test, body, ())
            return count
        """,
    ),
]


def without_blank_lines(text: str) -> str:
    return "\n".join(line for line in textwrap.dedent(text).splitlines() if line.strip())


@pytest.mark.parametrize("function, expected", PLAIN, ids=[row[0].__name__ for row in PLAIN])
def test_converted_code_is_plain(function: Any, expected: str) -> None:
    assert without_blank_lines(text_of(function)) == without_blank_lines(expected)


@pytest.mark.parametrize("function", [row[0] for row in ROWS], ids=[row[0].__name__ for row in ROWS])
def test_text_is_what_runs(function: Any) -> None:
    text = text_of(function)
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(ast.unparse(ast.parse(text))))


HASHES = """
import hashlib
from tests.dy2static.eager_form import text_of
from tests.dy2static.functions import ROWS
texts = [text_of(function, expand) for function, _ in ROWS for expand in (False, True)]
print(hashlib.sha256("".join(texts).encode()).hexdigest())
"""


def test_conversion_does_not_depend_on_the_hash_seed() -> None:
    command = [sys.executable, "-c", HASHES]
    seeds = [{"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)} for seed in ("0", "1", "2")]
    printed = {subprocess.run(command, env=seed, cwd=ROOT, capture_output=True, check=True).stdout for seed in seeds}
    assert len(printed) == 1


def test_text_that_astor_cannot_print_is_printed_all_the_same() -> None:
    function = made_by("def f(x):\n    if x:\n        return f\"{x['a']} {x!r:>{x['w']}}\"\n", "<fstring>")
    assert converted(function)({"a": 1, "w": 20}) == function({"a": 1, "w": 20})
    assert "d2s.cond" in text_of(function)


# Lines of tracebacks


def fails_deep_inside(n):
    total = 0
    for i in range(n):
        while total < 10:
            total += 1
            if total > 5 and i < 3:
                total = (
                    total
                    + 1 // (i - i)
                )  # fmt: skip
    return total


def fails_in_a_lazy_operand(n):
    x = n or n.missing
    y = n and (
        n.missing
    )  # fmt: skip
    return x, y


@pytest.mark.parametrize("function", [fails_deep_inside, fails_in_a_lazy_operand])
def test_a_traceback_shows_the_users_line(function: Any) -> None:
    lines = []
    for form in (function, converted(function)):
        with pytest.raises((ZeroDivisionError, AttributeError)) as caught:
            form(2)
        frames = traceback.extract_tb(caught.value.__traceback__)
        lines.append([frame.lineno for frame in frames if frame.filename == __file__][-1])
        assert frames[-1].filename == __file__
    assert lines[0] == lines[1]


# Modules

MODULE = '''#!/usr/bin/env python
"""About it."""
from __future__ import annotations

import functools
from dy2static import to_static   # the one


def plain(x):
    return 1 if x else 2   # stays


@to_static
def step(x, scale=2):
    """Steps."""
    # lost
    if x > 0:
        x = x * scale
    return x


class Model:
  w = 3

  @functools.lru_cache
  @to_static(input_spec=None)
  def __call(self, n):
    text = """two
lines"""
    while n > 0 and self.w:
      n -= self.__less()
    return n, text

  def __less(self):
      return 1

  call = lambda self, n: self.__call(n)

d2s = "taken"
last = 1
'''


def run(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "written"}
    exec(compile(text, "written.py", "exec"), namespace)
    return namespace


def test_a_module_keeps_what_is_not_converted() -> None:
    text = convert_module(MODULE, "model.py")
    assert "return 1 if x else 2   # stays\n" in text
    assert text.startswith(MODULE[: MODULE.index("\nimport functools")] + "from dy2static import dispatch as d2s_")
    assert text.endswith(MODULE[MODULE.index("  def __less") :])
    assert "@to_static" not in text
    assert "  @functools.lru_cache\n  def _Model__call(self, n):\n" in text
    assert '"""two\nlines"""' in text or "two\\nlines" in text


def test_a_converted_module_does_the_same() -> None:
    written = run(convert_module(MODULE, "model.py"))
    assert [written["step"](x) for x in (3, -3)] == [6, -3]
    assert written["Model"]().call(5) == (0, "two\nlines")
    assert written["plain"](0) == 2
    assert written["step"].__doc__ == "Steps."


def test_functions_of_a_module_are_named_with_their_class() -> None:
    text = convert_module(MODULE, "model.py", ["plain", "Model.__less"])
    assert "d2s_.cond(x, lambda: 1, lambda: 2)" in text
    assert "@to_static\ndef step" in text


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConversionError, match="'nothing'"):
        convert_module(MODULE, "model.py", ["nothing"])


def test_a_module_without_decorated_functions_is_kept() -> None:
    text = "x = 1\n\ndef f(x): return x"
    assert convert_module(text, "m.py") == text


def test_a_module_that_does_not_parse_is_refused() -> None:
    with pytest.raises(ConversionError) as caught:
        convert_module("x = 1\ndef f(:\n", "m.py")
    assert caught.value.lineno == 2


ENDS = [
    "@to_static\ndef f(x):\n    if x: return 1",
    "@to_static\r\ndef f(x):\r\n    if x: return 1\r\n\r\ny = 2\r\n",
    "if 1:\n\t@to_static\n\tdef f(x):\n\t\tif x: return 1\n",
    "x = 1; y = 2\n@to_static\ndef f(x): return 1 if x else None\n",
]


@pytest.mark.parametrize("text", ENDS)
def test_a_module_keeps_its_line_ends_and_indents(text: str) -> None:
    written = convert_module(text, "m.py")
    assert run(written)["f"](1) == 1
    assert ("\r\n" in written) == ("\r\n" in text)
    assert written.count("\n") == written.count("\r\n") or "\r" not in text
