"""Pieces of converted code as trees.

function("body", ["a"], [...])      def body(a): ...            (marked generated) call("not_", [stop])
d2s.not_(stop) assign(["a", "b"], value)           a, b = value at(node, piece)                     piece, standing
where the user's node stands
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import gast

Node = Any
T = TypeVar("T")

HELPER = "d2s"


def children(node: Node) -> list[Node]:
    """The direct parts of a node that say something: operators and contexts are left out."""
    found: list[Node] = []
    values = node.__dict__
    for name in node._fields:
        value = values.get(name)
        if isinstance(value, list):
            found += [item for item in value if isinstance(item, gast.AST)]
        elif isinstance(value, gast.AST) and value._fields:
            found.append(value)
    return found


def walk(tree: Node) -> Iterator[Node]:
    """Every node, in the order of the text."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        todo += reversed(children(node))


def at(place: Node, piece: T) -> T:
    """`piece`, with the position of the user's node `place` wherever it has none of its own."""
    # A call of a method has the line where its name ends: of `d2s.cond` that would be the last line of the place.
    position = [place.lineno, place.col_offset] * 2
    todo: list[Any] = list(piece) if isinstance(piece, list) else [piece]
    while todo:
        node = todo.pop()
        if hasattr(node, "lineno"):
            continue
        if "lineno" in node._attributes:
            node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = position
        todo += children(node)
    return piece


def load(name: str) -> Node:
    return gast.Name(name, gast.Load(), None, None)


def store(name: str) -> Node:
    return gast.Name(name, gast.Store(), None, None)


def constant(value: Any) -> Node:
    return gast.Constant(value, None)


def helper(name: str) -> Node:
    """d2s.NAME. Marked, so that `rename_helper` finds it."""
    owner = load(HELPER)
    owner.is_helper = True
    return gast.Attribute(owner, name, gast.Load())


def rename_helper(tree: Node, name: str) -> None:
    for node in walk(tree):
        if getattr(node, "is_helper", False):
            node.id = name


def call(name: str, arguments: Sequence[Node], **keywords: Node) -> Node:
    named = [gast.keyword(key, value) for key, value in keywords.items()]
    return gast.Call(helper(name), list(arguments), named)


def is_call(node: Node, name: str) -> bool:
    """Whether `node` is d2s.NAME(…), made by a pass."""
    function = node.func if isinstance(node, gast.Call) else None
    return isinstance(function, gast.Attribute) and function.attr == name and is_helper(function.value)


def is_helper(node: Node) -> bool:
    return getattr(node, "is_helper", False)


def parameters(names: Iterable[str]) -> Node:
    arguments = [gast.Name(name, gast.Param(), None, None) for name in names]
    return gast.arguments(arguments, [], None, [], [], None, [])


def function(name: str, names: Iterable[str], body: list[Node]) -> Node:
    made = gast.FunctionDef(name, parameters(names), body or [gast.Pass()], [], None, None, [])
    made.generated = True
    return made


def thunk(value: Node) -> Node:
    """lambda: VALUE"""
    made = gast.Lambda(parameters(()), value)
    made.generated = True
    return made


def is_generated(node: Node) -> bool:
    """Whether a function or lambda was made by a pass and runs at once, so that it captures nothing for later."""
    return getattr(node, "generated", False)


def is_part(node: Node) -> bool:
    """Whether a function holds statements of the user's function around it, and captures its names for later."""
    return getattr(node, "is_part", False)


def names_tuple(names: Sequence[str]) -> Node:
    return gast.Tuple([load(name) for name in names], gast.Load())


def result_of(names: Sequence[str]) -> Node:
    """return a, b — or return a."""
    return gast.Return(load(names[0]) if len(names) == 1 else names_tuple(names))


def assign(names: Sequence[str], value: Node) -> Node:
    """a, b = VALUE — or a = VALUE — or VALUE as a statement, where there are no names."""
    if not names:
        return gast.Expr(value)
    if len(names) == 1:
        return gast.Assign([store(names[0])], value, None)
    return gast.Assign([gast.Tuple([store(name) for name in names], gast.Store())], value, None)


def if_not(flag: str, body: list[Node]) -> Node:
    return gast.If(gast.UnaryOp(gast.Not(), load(flag)), body, [])


def chain(node: Node) -> tuple[list[tuple[Node, list[Node]]], list[Node]]:
    """The (test, body) pairs of an if/elif chain, and its else."""
    cases = [(node.test, node.body)]
    while len(node.orelse) == 1 and isinstance(node.orelse[0], gast.If):
        node = node.orelse[0]
        cases.append((node.test, node.body))
    return cases, node.orelse


def links(node: Node) -> list[Node]:
    """The If nodes of an if/elif chain."""
    found = [node]
    while len(node.orelse) == 1 and isinstance(node.orelse[0], gast.If):
        node = node.orelse[0]
        found.append(node)
    return found


def unchain(cases: Sequence[tuple[Node, list[Node]]], orelse: list[Node]) -> Node:
    """The If node of a chain. Each link stands where its test stands."""
    for test, body in reversed(cases):
        made = at(test, gast.If(test, body or [at(test, gast.Pass())], orelse))
        orelse = [made]
    return orelse[0]
