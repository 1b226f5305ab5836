"""Names that stay one variable of the whole function, a cell, because parts of a try statement share them."""

from __future__ import annotations

from typing import Any

import gast

from dy2static.analysis import Liveness, own_bindings
from dy2static.declarations import FUNCTIONS, blocks_of, names_in
from dy2static.templates import children, walk

Node = Any


def share_attempts(function: Node) -> None:
    """What the parts of a try bind stays one variable: the next part sees it as it was when the exception came.

    A name that one part alone knows, and that it binds before it reads it, is that part's own.
    """
    todo, flows = list(function.body), Liveness(function)
    everywhere: dict[str, int] = {}
    while todo:
        node = todo.pop()
        if isinstance(node, (*FUNCTIONS, gast.ClassDef)):
            continue
        todo += children(node)
        if isinstance(node, gast.Try):
            everywhere = everywhere or occurrences([function.args, *function.body])
            for part in blocks_of(node):
                here, reads = occurrences(part), flows.names(flows.block(part).reads)
                bound = [name for name in own_bindings(part) if name in function.scope.local]
                shared = [name for name in bound if here[name] < everywhere[name] or name in reads]
                function.scope.cells.update({name: None for name in shared if name not in function.scope.private})


def occurrences(nodes: list[Node]) -> dict[str, int]:
    """How often each name stands in the nodes, bound or used, in inner scopes too."""
    found: dict[str, int] = {}
    for top in nodes:
        for node in walk(top):
            declared = node.scope.outer if isinstance(node, gast.FunctionDef) and hasattr(node, "scope") else ()
            for name in [*names_in(node), *declared]:
                found[name] = found.get(name, 0) + 1
    return found
