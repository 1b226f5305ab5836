"""docs/python.md is true: each row's example does what the row says, and nothing of Python is left out."""

import ast
import builtins
import importlib.util
import re
import sys
from pathlib import Path

import pytest

from dy2static import ConversionError, to_static
from dy2static.constructs import Construct
from dy2static.document import TABLE, arguments, document, example, refusal
from tests.harness import ROOT, differences, observe_all
from tests.programs.row import Row

DOCUMENT = ROOT / "docs" / "python.md"
ROWS = [one for group in TABLE.values() for one in group if sys.version_info >= one.since]
CONVERTS = [one for one in ROWS if not one.is_refused]
REFUSED = [one for one in ROWS if one.is_refused]
# Nodes that only older Pythons made, and those that say nothing by themselves.
OLD = set("AST mod Module Interactive Expression FunctionType Suite stmt expr expr_context boolop operator unaryop "
          "cmpop slice Index ExtSlice AugLoad AugStore Param Num Str Bytes NameConstant Ellipsis excepthandler pattern "
          "type_ignore TypeIgnore type_param".split())  # fmt: skip
NO_FUNCTIONS = set("copyright credits exit license quit".split())  # of the site module


@pytest.fixture(autouse=True)
def no_debugger(monkeypatch):
    monkeypatch.setattr(sys, "breakpointhook", lambda: print("stopped"))


@pytest.mark.parametrize("construct", CONVERTS, ids=lambda one: one.title)
def test_an_example_converts_and_agrees(construct: Construct, tmp_path: Path):
    row = Row(construct.title, "constructs", lambda: example(construct, tmp_path), tuple(arguments()), (), ())
    expected = row.make()
    expected = observe_all(row, expected, expected)
    found = row.make()
    assert not differences(expected, observe_all(row, to_static(found), found))


@pytest.mark.parametrize("construct", REFUSED, ids=lambda one: one.title)
def test_an_example_is_refused_in_the_documents_words(construct: Construct, tmp_path: Path):
    text = refusal(construct, tmp_path)
    head, line, caret, *cure = text.splitlines()
    number = int(re.match(r"example\.py:(\d+): ", head).group(1))
    assert line == "    " + construct.source.splitlines()[number - 1].strip()
    assert caret.strip() == "^"
    assert len(cure) == 1 and cure[0]
    if sys.version_info >= (3, 11):  # before it, tracing knows of no columns
        assert f"```\n{text}\n```" in DOCUMENT.read_text("utf-8")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="some rows cannot be parsed")
def test_the_document_is_the_table():
    assert DOCUMENT.read_text("utf-8") == document(), "run `make docs`"


def test_every_node_has_a_row():
    covered = {name for group in TABLE.values() for one in group for name in one.nodes}
    nodes = {name for name, cls in vars(ast).items() if isinstance(cls, type) and issubclass(cls, ast.AST)}
    assert not {name for name in nodes if name[0] != "_"} - covered - OLD


def test_every_builtin_has_a_row():
    covered = {name for one in TABLE["Builtins"] for name in one.nodes}
    names = {name for name, value in vars(builtins).items() if callable(value) and not is_exception(value)}
    assert not {name for name in names if not name.startswith("__")} - covered - NO_FUNCTIONS


def is_exception(value) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


@pytest.mark.parametrize("text", ["g = locals\n    return g()", "g = eval\n    return g('x')", "return [vars][0]()"])
def test_a_refused_builtin_under_another_name_is_refused_or_right(text, tmp_path):
    path = tmp_path / "other.py"
    path.write_text(f"def f(x):\n    {text}\n")
    spec = importlib.util.spec_from_file_location("other", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        assert to_static(module.f)(1) == module.f(1)
    except ConversionError:
        pass
