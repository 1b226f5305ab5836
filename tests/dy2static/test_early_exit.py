"""Early exits become flags and branches, and mean the same."""

from __future__ import annotations

import copy
import textwrap
from typing import Any

import gast
import pytest

from dy2static.control_flow import by_kind_of
from dy2static.convert import code_text
from dy2static.early_exit import convert_exits
from dy2static.expressions import declaration
from dy2static.source import deep_recursion
from dy2static.templates import at, walk
from tests.dy2static.eager_form import Function, after, compiled, converted, outcome
from tests.dy2static.functions import ROWS
from tests.dy2static.test_source import made_by

IDS = [f"{function.__name__}-{number}" for number, (function, _) in enumerate(ROWS)]


def declare_again(tree: Any) -> None:
    """Puts global and nonlocal back, which the last pass does."""
    for node in walk(tree):
        if isinstance(node, gast.FunctionDef):
            node.body[:0] = at(node, [declaration(kind, names) for kind, names in by_kind_of(node.scope.outer)])


@pytest.mark.parametrize("function, calls", ROWS, ids=IDS)
def test_structured_code_does_what_the_original_does(function: Function, calls: tuple[Any, ...]) -> None:
    source, tree = after(function, convert_exits, declare_again)
    made = compiled(function, source, tree)
    for args in calls:
        expected = outcome(function, copy.deepcopy(args))
        if "UnboundLocal" not in expected and "NameError" not in expected:  # the last pass is what sees to those
            assert outcome(made, copy.deepcopy(args)) == expected


@pytest.mark.parametrize("function, calls", ROWS, ids=IDS)
def test_what_is_left_is_structured(function: Function, calls: tuple[Any, ...]) -> None:
    _, tree = after(function, convert_exits)
    stops = [node.body[-1].body[0] for node in walk(tree) if isinstance(node, gast.For) and is_stop(node.body[-1])]
    for node in walk(tree):
        assert not isinstance(node, gast.Continue)
        assert not isinstance(node, gast.Break) or node in stops
        assert not isinstance(node, (gast.For, gast.While)) or not node.orelse
        assert not isinstance(node, (gast.For, gast.While)) or not any(isinstance(n, gast.Return) for n in own(node))


def is_stop(node: Any) -> bool:
    return isinstance(node, gast.If) and isinstance(node.body[0], gast.Break)


def own(node: Any) -> list[Any]:
    """The nodes of a statement that belong to its own function."""
    found, todo = [], [node]
    while todo:
        node = todo.pop()
        found.append(node)
        if not isinstance(node, (gast.FunctionDef, gast.Lambda)):
            todo += gast.iter_child_nodes(node)
    return found


def text_after(text: str) -> str:
    function = made_by(textwrap.dedent(text).lstrip(), f"<early exit {abs(hash(text))}>")
    source, tree = after(function, convert_exits)
    return code_text(tree).strip()


ROWS_OF_TEXT = [
    (
        """
        def f(c, a):
            if c:
                return a
            b = a + 1
            return b
        """,
        """
        def f(c, a):
            if c:
                return a
            else:
                b = a + 1
                return b
        """,
    ),
    (
        """
        def f(c, a):
            if c < 1:
                return 1
            if c < 2:
                return 2
            if c < 3:
                raise ValueError
            return a
        """,
        """
        def f(c, a):
            if c < 1:
                return 1
            elif c < 2:
                return 2
            elif c < 3:
                raise ValueError
            else:
                return a
        """,
    ),
    (
        """
        def f(xs):
            for x in xs:
                if x < 0:
                    break
                print(x)
        """,
        """
        def f(xs):
            stop = False
            for x in xs:
                if x < 0:
                    stop = True
                else:
                    print(x)
                if stop:
                    break
        """,
    ),
    (
        """
        def f(n):
            while n > 0:
                n -= 1
                if n == 3:
                    continue
                print(n)
        """,
        """
        def f(n):
            while n > 0:
                n -= 1
                if not n == 3:
                    print(n)
        """,
    ),
    (
        """
        def f(n):
            while True:
                n -= 1
                if n < 3:
                    return n
        """,
        """
        def f(n):
            returned = False
            while not returned:
                n -= 1
                if n < 3:
                    result = n
                    returned = True
            return result
        """,
    ),
    (
        """
        def f(a, b):
            if a:
                if b:
                    return 1
                a = 2
            else:
                b = 2
            return a + b
        """,
        """
        def f(a, b):
            returned = False
            if a:
                if b:
                    result = 1
                    returned = True
                else:
                    a = 2
            else:
                b = 2
            if returned:
                return result
            else:
                return a + b
        """,
    ),
]


@pytest.mark.parametrize("before, expected", ROWS_OF_TEXT)
def test_exits_become_branches_and_flags(before: str, expected: str) -> None:
    assert text_after(before) == textwrap.dedent(expected).strip()


def depth_of(tree: Any) -> int:
    depths, todo = [0], [(node, 1) for node in tree.body]
    while todo:
        node, depth = todo.pop()
        depths.append(depth)
        blocks = [
            block for name in ("body", "orelse") for block in [getattr(node, name, [])] if isinstance(block, list)
        ]
        is_chain = isinstance(node, gast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], gast.If)
        for block in blocks:
            todo += [(inner, depth if is_chain and block is node.orelse else depth + 1) for inner in block]
    return max(depths)


LONG = [
    "    if x == {0}:\n        return {0}\n",
    "    y += 1\n    if x == {0}:\n        return y\n",
    "    for i in range(2):\n        if x == {0}:\n            return i\n    y += 1\n",
    "    if x == {0}:\n        y += 1\n        if y == {0}:\n            return y\n    elif x == 7:\n        y += 1\n",
]


@pytest.mark.parametrize("part", LONG)
@pytest.mark.parametrize("count", [3, 300])
def test_a_long_function_stays_flat_and_short(part: str, count: int) -> None:
    text = "def f(x):\n    y = 0\n" + "".join(part.format(number) for number in range(count)) + "    return -y\n"
    function = made_by(text, f"<long {hash(part)} {count}>")
    _, tree = after(function, convert_exits)
    assert depth_of(tree) <= 14
    with deep_recursion():
        assert sum(1 for _ in walk(tree)) < 60 * (count + 1)
    made = converted(function)
    for x in (0, 1, 7, count // 2, count - 1, count):
        assert outcome(made, (x,)) == outcome(function, (x,))
