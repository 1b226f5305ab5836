"""Lazy operators become calls, and mean the same."""

from __future__ import annotations

import copy
from typing import Any

import gast
import pytest

from dy2static.comprehensions import expand_comprehensions
from dy2static.control_flow import convert_control_flow
from dy2static.convert import code_text
from dy2static.early_exit import convert_exits
from dy2static.expressions import convert_expressions
from dy2static.templates import walk
from tests.dy2static.eager_form import Function, after, compiled, outcome
from tests.dy2static.functions import ROWS
from tests.dy2static.test_source import made_by

EXPRESSIONS = [
    ("a and b", "d2s.and_(a, lambda: b)"),
    ("a or b or f(c)", "d2s.or_(a, lambda: b, lambda: f(c))"),
    ("not a", "d2s.not_(a)"),
    ("a if c else b", "d2s.cond(c, lambda: a, lambda: b)"),
    ("a if c else b if f(b) else 0", "d2s.cond(c, lambda: a, lambda: d2s.cond(f(b), lambda: b, lambda: 0))"),
    ("a < f(b) < c", "d2s.compare(a, '<', f(b), '<', lambda: c)"),
    ("a not in b is not c == 1", "d2s.compare(a, 'not in', b, 'is not', lambda: c, '==', lambda: 1)"),
    ("a < b", "a < b"),
    ("a is None", "a is None"),
    ("-a + b[c].d", "-a + b[c].d"),
    ("[x for x in b if x and a]", "[x for x in b if d2s.and_(x, lambda: a)]"),
    ("lambda x, y=a or b: x and y", "lambda x, y=d2s.or_(a, lambda: b): d2s.and_(x, lambda: y)"),
    ("lambda x: (x and (y := 1))", "lambda x: x and (y := 1)"),
    ("(a and b) + (not c)", "d2s.and_(a, lambda: b) + d2s.not_(c)"),
    ("f(*(a or b), **(b or c), k=not a)", "f(*d2s.or_(a, lambda: b), k=d2s.not_(a), **d2s.or_(b, lambda: c))"),
]


def text_after(text: str, *passes: Any) -> str:
    function = made_by(text, f"<expressions {abs(hash(text))}>")
    _, tree = after(function, *passes)
    return code_text(tree)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("before, expected", EXPRESSIONS)
def test_an_expression_becomes_calls(before: str, expected: str) -> None:
    text = text_after(f"def f(a, b, c):\n    return {before}\n", convert_expressions)
    assert squeezed(text.split("return ", 1)[1]).replace(",**", ",**") == squeezed(in_order(expected, before))


def in_order(expected: str, before: str) -> str:
    """Printers differ in where they put ** arguments."""
    return expected.replace("k=d2s.not_(a), **d2s.or_(b, lambda: c)", "**d2s.or_(b, lambda: c), k=d2s.not_(a)")


def test_assert_becomes_a_call() -> None:
    text = text_after("def f(a):\n    assert a\n    assert a > 1, a + 1\n", convert_expressions)
    assert squeezed("d2s.assert_(a)\n d2s.assert_(a > 1, lambda: a + 1)") in squeezed(text)


def test_a_walrus_in_a_lazy_operand_binds_in_the_function() -> None:
    text = text_after("def f(a):\n    return a and (b := a)\n", convert_expressions, convert_control_flow)
    expected = """
    def f(a):
        b: object
        def operand():
            nonlocal b
            return (b := a)
        return d2s.and_(a, operand)
    """
    assert squeezed(text).replace("b:object", "b:object") == squeezed(expected)


@pytest.mark.parametrize("function, calls", ROWS, ids=[row[0].__name__ for row in ROWS])
@pytest.mark.parametrize("expand", [False, True], ids=["", "expanded"])
def test_no_lazy_operator_is_left(function: Function, calls: tuple[Any, ...], expand: bool) -> None:
    passes = (expand_comprehensions, convert_exits, convert_expressions) if expand else (convert_expressions,)
    _, tree = after(function, *passes)
    for node in outside_classes(tree):
        assert not isinstance(node, (gast.IfExp, gast.Assert, gast.BoolOp))
        assert not isinstance(node, gast.UnaryOp) or not isinstance(node.op, gast.Not)
        assert not isinstance(node, gast.Compare) or len(node.ops) == 1
        assert not expand or not isinstance(node, (gast.ListComp, gast.SetComp, gast.DictComp)) or in_lambda(tree, node)


def outside_classes(tree: Any) -> list[Any]:
    """The nodes that are not directly in the body of a class, which stays as it is."""
    inside = [n for c in walk(tree) if isinstance(c, gast.ClassDef) for s in c.body if not is_def(s) for n in walk(s)]
    return [node for node in walk(tree) if node not in inside]


def is_def(node: Any) -> bool:
    return isinstance(node, gast.FunctionDef)


def in_lambda(tree: Any, wanted: Any) -> bool:
    return any(wanted in walk(node) for node in walk(tree) if isinstance(node, (gast.Lambda, gast.GeneratorExp)))


COMPREHENSIONS = [
    ("[x * k for x in xs if x > 0]", ([3, -1], 2)),
    ("[x for row in xs for x in row if x if x > k]", ([[3, 1], []], 2)),
    ("{x % 2: x for x in xs}", ([1, 2, 3], 0)),
    ("{k: (k := x) for x in xs}", ([1, 2, 3], 0)),
    ("{x % 2 for x in xs}", ([1, 2, 3], 0)),
    ("[[y for y in x] for x in xs]", ([[1], [2, 3]], 0)),
    ("[(k := k + x) for x in xs], k", ([1, 2], 5)),
    ("[x for x in [x + 1 for x in xs]]", ([1, 2], 5)),
    ("[k for k, *_ in xs], k", (["ab", "c"], 5)),
    ("[x for x in xs] or [x for x in k]", ([], [7])),
    ("[f() for f in [lambda: x for x in xs]]", ([1, 2], 0)),
    ("(lambda: [x for x in xs if x])()", ([1, 0], 0)),
    ("[x for x in xs if x in [y for y in range(k)]]", ([1, 5], 3)),
    ("sum([x for x in xs if x]) if xs else [k for _ in range(2)]", ([], 1)),
    ("[*xs, *[x for x in xs]], {**{x: 1 for x in xs}}", ([1], 1)),
    ("missing if not [x for x in xs] else 1", ([], 1)),
]


@pytest.mark.parametrize("text, args", COMPREHENSIONS)
def test_comprehensions_become_loops(text: str, args: tuple[Any, ...]) -> None:
    function = made_by(f"def f(xs, k):\n    return {text}\n", f"<comprehension {abs(hash(text))}>")
    source, tree = after(function, expand_comprehensions, convert_exits, convert_expressions, convert_control_flow)
    made = compiled(function, source, tree)
    assert outcome(made, copy.deepcopy(args)) == outcome(function, copy.deepcopy(args))


def test_a_comprehension_in_the_test_of_a_while_runs_each_time() -> None:
    text = """def f(n):
    out = []
    while [x for x in range(n) if x and n] and (m := n):
        n -= 1
        if m == 3:
            continue
        out.append((n, m))
        if n == 1:
            break
    else:
        out.append("else")
    return out
"""
    function = made_by(text, "<comprehension in while>")
    source, tree = after(function, expand_comprehensions, convert_exits, convert_expressions, convert_control_flow)
    made = compiled(function, source, tree)
    for n in range(6):
        assert outcome(made, (n,)) == outcome(function, (n,))
