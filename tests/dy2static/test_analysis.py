"""Reads, writes and liveness of single statements and of blocks."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from dy2static.analysis import Liveness, captured_names
from dy2static.declarations import bindings, declare, free_names
from dy2static.source import source_of
from tests.dy2static.test_source import made_by


def declared(text: str) -> Any:
    function = made_by(textwrap.dedent(text).lstrip(), f"<analysis {abs(hash(text))}>")
    tree = source_of(function).tree
    declare(tree)
    return tree


def flow_of(statement: str) -> tuple[list[str], list[str], list[str], bool]:
    """What `statement` reads, surely binds, and may bind; whether it falls. The names are a, b, c, d."""
    tree = declared("def f(a, b, c, d):\n" + textwrap.indent(textwrap.dedent(statement).strip(), "    ") + "\n")
    flows = Liveness(tree)
    flow = flows.block(tree.body)
    return flows.names(flow.reads), flows.names(flow.kills), flows.names(flow.writes), flow.falls


ROWS = [
    ("a = b + c", "bc", "a", "a"),
    ("a += b", "ab", "a", "a"),
    ("a.x = b", "ab", "", ""),
    ("a[b] = c", "abc", "", ""),
    ("a[b] += c", "abc", "", ""),
    ("a, (b, *c) = d", "d", "abc", "abc"),
    ("a = b = a", "a", "ab", "ab"),
    ("del a", "a", "a", "a"),
    ("import a.b, c as d", "", "ad", "ad"),
    ("print((a := b) + a)", "b", "a", "a"),
    ("print(a + (a := b))", "ab", "a", "a"),
    ("a = [b for b in c]", "c", "a", "a"),
    ("a = [b for c in d]", "bd", "a", "a"),
    ("a = [(b := c) for c in d]", "d", "a", "ab"),
    ("a = b\nb = a", "b", "ab", "ab"),
    ("if a:\n    b = 1\nelse:\n    b = c", "ac", "b", "b"),
    ("if a:\n    b = 1\nelif b:\n    c = 1", "ab", "", "bc"),
    ("if a:\n    b = 1\nelse:\n    raise c", "ac", "b", "b"),
    ("while a:\n    b = c\n    c = d", "acd", "", "bc"),
    ("for a in b:\n    c = a", "b", "", "ac"),
    ("for a in b:\n    c = c + a", "bc", "", "ac"),
    ("for a.x in b:\n    pass", "ab", "", ""),
    ("def g(x=a): pass", "a", "", ""),
    ("x: int = a", "a", "", ""),
]


@pytest.mark.parametrize("statement, reads, kills, writes", ROWS, ids=[row[0] for row in ROWS])
def test_flow_of_a_statement(statement: str, reads: str, kills: str, writes: str) -> None:
    found = flow_of(statement)
    only = [[name for name in names if name in "abcd"] for names in found[:3]]
    assert [sorted(names) for names in only] == [sorted(reads), sorted(kills), sorted(writes)]
    assert found[3]


@pytest.mark.parametrize("statement", [
    "return a", "raise a", "while True:\n    a = 1", "if a:\n    return\nelse:\n    raise b"
])  # fmt: skip
def test_what_never_ends_keeps_nothing_alive(statement: str) -> None:
    reads, kills, _, falls = flow_of(statement)
    assert not falls
    assert kills == ["a", "b", "c", "d"]


def test_names_are_in_order_of_first_appearance() -> None:
    tree = declared("def f(z, a):\n    q = 1\n    b = z\n    z = 2\n    for c in q: pass\n")
    assert list(Liveness(tree).bits) == ["z", "a", "q", "b", "c"]


def test_live_after_each() -> None:
    tree = declared("def f(a, b):\n    c = a\n    a = c\n    return a, b\n")
    flows = Liveness(tree)
    assert [flows.names(live) for live in flows.live_after_each(tree.body, 0)] == [["b", "c"], ["a", "b"], []]


CAPTURES = [
    ("g = lambda: a", "a"),
    ("g = lambda a: a + b", "b"),
    ("g = lambda x=a: x", ""),
    ("def g():\n    return a", "a"),
    ("def g(a):\n    b = 1\n    return a, b", ""),
    ("def g():\n    nonlocal b\n    b = 1", "b"),
    ("def g():\n    global a\n    return a", ""),
    ("def g():\n    def h():\n        return a", "a"),
    ("def g(x: a = b): pass", ""),
    ("class G:\n    x = a", "a"),
    ("class G:\n    def g(self):\n        return a", "a"),
    ("class G(a): pass", ""),
    ("g = (a for x in b)", "a"),
    ("g = [a for x in b]", ""),
    ("g = [lambda: (a, x) for x in b]", "a"),
    ("g = [a for a in b]", ""),
]


@pytest.mark.parametrize("statement, expected", CAPTURES, ids=[row[0] for row in CAPTURES])
def test_captured_names(statement: str, expected: str) -> None:
    tree = declared("def f(a, b):\n" + textwrap.indent(statement, "    ") + "\n")
    assert [name for name in captured_names(tree) if name in "ab"] == list(expected)


def test_declarations_are_taken_out_and_noted() -> None:
    tree = declared("def f(a):\n    if a:\n        global g\n        g = 1\n    x: int\n    y: int = g\n")
    assert list(tree.scope.local) == ["a", "y", "x"]
    assert tree.scope.outer == {"g": "global"}


def test_bindings_are_those_of_the_own_scope() -> None:
    tree = declared("def f():\n    a = lambda b: (c := b)\n    def d(): e = 1\n    [g for g in a if (h := g)]\n")
    found: dict[str, None] = {}
    for statement in tree.body:
        bindings(statement, found)
    assert list(found) == ["a", "d", "h"]


def test_free_names_of_a_function() -> None:
    tree = declared("def f(a):\n    b = 1\n    return lambda c: a + b + c + d\n")
    found: dict[str, None] = {}
    free_names(tree, frozenset(), found)
    assert list(found) == ["d"]
