"""Functions of which nothing is left when the block that makes them has ended: each turn of a loop may own its own.

for i in range(n):                     for i in range(n):
    def down(k):                           keep = lambda k: i + k
        return down(k - 1) if k else i     kept.append(keep)
    total += down(i)                       # a later turn can call it: it is not confined
"""

from __future__ import annotations

from typing import Any

import gast

from dy2static.declarations import own_yields
from dy2static.templates import children, is_call, is_generated, walk

Node = Any


def confined_functions(block: list[Node]) -> dict[str, None]:
    """The names that statements of `block` bind to a function, once and before anything else there knows the name, if
    nobody but each other ever gets hold of these functions: they are only called."""
    made: dict[str, Node] = {}
    known: set[str] = set()
    for statement in block:
        name = name_of_made(statement)
        if name is not None and name not in known and name not in made:
            made[name] = statement
        known |= {node.id for node in walk(statement) if isinstance(node, gast.Name)} - {name}
    while True:
        escaped: set[str] = set()
        for statement in block:
            _escape(statement, made, escaped)
        if not escaped & made.keys():
            return dict.fromkeys(made)
        made = {name: statement for name, statement in made.items() if name not in escaped}


def name_of_made(statement: Node) -> str | None:
    if isinstance(statement, gast.FunctionDef) and not is_generated(statement):
        is_plain = all(is_call(one, "generator") for one in statement.decorator_list)
        return statement.name if is_plain else None
    if isinstance(statement, gast.Assign) and isinstance(statement.value, gast.Lambda):
        target = statement.targets[0]
        return target.id if len(statement.targets) == 1 and isinstance(target, gast.Name) else None
    return None


def _escape(node: Node, made: dict[str, Node], escaped: set[str]) -> None:
    """Adds the names that the node does anything with but call them."""
    parts = children(node)
    if isinstance(node, gast.Call) and isinstance(node.func, (gast.Name, gast.Lambda)):
        called = children(node.func) if isinstance(node.func, gast.Lambda) else []
        parts = [*called, *node.args, *node.keywords]
    elif node in made.values():
        function = node if isinstance(node, gast.FunctionDef) else node.value
        parts = children(function) if isinstance(function, gast.Lambda) or not own_yields(function) else []
        escaped |= names_of(function) if not parts else set()
    elif isinstance(node, gast.Name):
        escaped.add(node.id)
    elif isinstance(node, (gast.FunctionDef, gast.Lambda)) and not is_generated(node):
        escaped |= {*names_of(node), *([node.name] if isinstance(node, gast.FunctionDef) else [])}
    elif isinstance(node, (gast.GeneratorExp, gast.ClassDef, gast.alias)):
        escaped |= names_of(node)
    for part in parts:
        _escape(part, made, escaped)


def names_of(node: Node) -> set[str]:
    """The names in a node, those of what is imported too."""
    names = {one.id for one in walk(node) if isinstance(one, gast.Name)}
    return names | {(one.asname or one.name).split(".")[0] for one in walk(node) if isinstance(one, gast.alias)}
