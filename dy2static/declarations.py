"""What a function's names are, written down before any statement moves into a function of its own.

    def f():                       def f():
        n: int = 0                     global total
        if n:                          n = 0
            global total       →       if n:
            total = n                      total = n

Each function gets a Scope, which later passes read. Raises ConversionError for what cannot be converted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gast

from dy2static.constructs import CALLS, IN_CLASSES, JUMP, NODES, Refusal
from dy2static.errors import ConversionError
from dy2static.source import Source
from dy2static.templates import at, children, walk

Node = Any
FUNCTIONS = (gast.FunctionDef, gast.Lambda)
COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)


@dataclass(eq=False, repr=False)
class Scope:
    """The names of one function.

    local    bound in it, in order of first appearance; parameters first
    outer    declared in it: name → "global" or "nonlocal"
    cells    local names that stay one variable although functions that passes make write them
    made     local names that passes added
    private  of these, what is set and read in one part of a try
    taken    every name in the converted function and in what stands around it; shared by all its Scopes
    """

    local: dict[str, None]
    outer: dict[str, str]
    taken: dict[str, None]
    cells: dict[str, None] = field(default_factory=dict)
    made: dict[str, None] = field(default_factory=dict)
    private: dict[str, None] = field(default_factory=dict)

    def fresh(self, base: str) -> str:
        """A local name that nobody uses: base, base_2, base_3 …"""
        name = fresh(base, self.taken)
        self.taken[name] = self.local[name] = self.made[name] = None
        return name


def fresh(base: str, taken: Any) -> str:
    if base not in taken:
        return base
    number = 2
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"


# ----------------------------------------------------------------------------------------------------- refused

YIELDS = (gast.Yield, gast.YieldFrom)
SCOPES = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda, gast.ClassDef, gast.GeneratorExp)


def own_nodes(node: Node) -> Iterator[Node]:
    """The nodes of a function, without those of the functions and classes inside it."""
    todo = list(reversed(node.body))
    while todo:
        one = todo.pop()
        yield one
        if not isinstance(one, SCOPES):
            todo += reversed(children(one))


def own_yields(node: Node) -> list[Node]:
    return [one for one in own_nodes(node) if isinstance(one, YIELDS)]


def keep(node: Node) -> None:
    """Leaves a function as it is: the passes rewrite what stands inside it, and not it."""
    node.kept = True


def is_kept(node: Node) -> bool:
    return getattr(node, "kept", False)


REFUSED = {getattr(gast, name): refusal for name, refusal in NODES.items() if hasattr(gast, name)}


def refuse_unsupported(tree: Node, source: Source) -> None:
    yields = {id(one) for node in walk(tree) if is_kept(node) for one in own_yields(node)}
    for node in walk(tree):
        if id(node) in yields:
            continue
        if isinstance(node, gast.ClassDef):
            _refuse_in_class(node, tree.name, source)
        found = REFUSED.get(type(node)) or _refused_call(node)
        if isinstance(node, gast.Try) and (exit := _exit_of(node.finalbody)) is not None:
            found, node = JUMP, exit
        if getattr(node, "is_async", 0):
            found, node = REFUSED[gast.AsyncFor], node.target
        if found:
            raise ConversionError(*found.of(tree.name), source.location(node))


def _refuse_in_class(node: Node, name: str, source: Source) -> None:
    for inner in own_nodes(node):
        found = IN_CLASSES.get(type(inner).__name__)
        if found is not None:
            raise ConversionError(*found.of(name), source.location(inner))


def _exit_of(statements: list[Node]) -> Node | None:
    """A return, break or continue that leaves these statements."""
    for node in statements:
        if isinstance(node, (gast.Return, gast.Break, gast.Continue)):
            return node
        loops = isinstance(node, (gast.For, gast.While))
        for block in [] if isinstance(node, (gast.FunctionDef, gast.ClassDef)) else blocks_of(node):
            found = _exit_of(block)
            if found is not None and not (loops and not isinstance(found, gast.Return)):
                return found
    return None


def _refused_call(node: Node) -> Refusal | None:
    if not isinstance(node, gast.Call) or not isinstance(node.func, gast.Name):
        return None
    most, refusal = CALLS.get(node.func.id, (-1, None))
    return None if len(node.args) + len(node.keywords) > most else refusal


# ----------------------------------------------------------------------------------------------------- declared


def declare(tree: Node) -> None:
    """Gives every function a Scope, its declarations a place at its top, and drops annotations of variables."""
    taken = names_used(tree)
    for node in walk(tree):
        if isinstance(node, gast.FunctionDef) and not is_kept(node):
            declare_function(node, taken)


def declare_function(function: Node, taken: dict[str, None]) -> None:
    outer: dict[str, str] = {}
    bare: dict[str, None] = {}
    function.body = _without_declarations(function.body, outer, bare)
    bound = dict.fromkeys(parameter_names(function.args))
    for statement in function.body:
        bindings(statement, bound)
    bound |= bare
    local = {name: None for name in bound if name not in outer}
    function.scope = Scope(local, outer, taken)


def names_used(tree: Node) -> dict[str, None]:
    """Every identifier that is or may be a variable."""
    return {name: None for node in walk(tree) for name in names_in(node)}


def names_in(node: Node) -> list[str]:
    """The variables that a node itself names."""
    if isinstance(node, gast.Name):
        return [node.id]
    if isinstance(node, (gast.Global, gast.Nonlocal)):
        return list(node.names)
    if isinstance(node, gast.alias):
        return [(node.asname or node.name).split(".")[0]]
    return [name for name in (getattr(node, "name", None), getattr(node, "rest", None)) if isinstance(name, str)]


def _without_declarations(body: list[Node], outer: dict[str, str], bare: dict[str, None]) -> list[Node]:
    """The statements with the declarations taken out, `x: int = 1` as `x = 1`; what they declared is noted."""
    kept = []
    for node in body:
        if isinstance(node, (gast.Global, gast.Nonlocal)):
            outer.update(dict.fromkeys(node.names, type(node).__name__.lower()))
        elif isinstance(node, gast.AnnAssign):
            kept += _without_annotation(node, bare)
        else:
            kept.append(node)
            if isinstance(node, (gast.FunctionDef, gast.ClassDef)):
                continue
            for inner in blocks_of(node):
                inner[:] = _without_declarations(inner, outer, bare) or [at(node, gast.Pass())]
    return kept


def _without_annotation(node: Node, bare: dict[str, None]) -> list[Node]:
    """The annotation of a variable of a function is not evaluated; `x: int` alone makes x a local name."""
    if node.value is not None:
        return [gast.copy_location(gast.Assign([node.target], node.value, None), node)]
    if isinstance(node.target, gast.Name):
        bare[node.target.id] = None
        return []
    return [gast.copy_location(gast.Expr(part), node) for part in children(node.target) if _is_expression(part)]


def _is_expression(node: Node) -> bool:
    return isinstance(node, gast.expr)


def blocks_of(node: Node) -> list[list[Node]]:
    """The non-empty statement lists directly inside a statement that is no function or class."""
    found = [getattr(node, name) for name in ("body", "orelse", "finalbody") if getattr(node, name, None)]
    for part in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
        found.append(part.body)
    return [block for block in found if isinstance(block, list)]


# ----------------------------------------------------------------------------------------------------- bindings


def parameter_names(arguments: Node) -> list[str]:
    nodes = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    return [node.id for node in nodes if node is not None]


def bindings(node: Node, found: dict[str, None]) -> None:
    """Adds the names that a statement or expression binds in its own scope, in order of appearance."""
    todo = [node]
    while todo:
        node = todo.pop()
        if isinstance(node, gast.Name):
            if not isinstance(node.ctx, gast.Load):
                found[node.id] = None
        elif isinstance(node, (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef)):
            found[node.name] = None
            todo += reversed(defined_here(node))
        elif isinstance(node, gast.Lambda):
            todo += reversed(defined_here(node))
        elif isinstance(node, COMPREHENSIONS):
            found.update(walrus_targets(node))
        elif isinstance(node, gast.alias):
            found[(node.asname or node.name).split(".")[0]] = None
        else:
            for name in (getattr(node, "name", None), getattr(node, "rest", None)):
                if isinstance(name, str):
                    found[name] = None
            todo += reversed(children(node))


def walrus_targets(node: Node) -> dict[str, None]:
    """Names that := binds in the scope that `node` stands in, also from inside comprehensions."""
    found: dict[str, None] = {}
    todo = [node]
    while todo:
        node = todo.pop()
        if isinstance(node, gast.NamedExpr):
            found[node.target.id] = None
        if isinstance(node, (*FUNCTIONS, gast.ClassDef)):
            todo += reversed(defined_here(node))
        else:
            todo += reversed(children(node))
    return found


def defined_here(node: Node) -> list[Node]:
    """What of a function, lambda or class is evaluated in the scope in which it is defined."""
    found = list(getattr(node, "decorator_list", []))
    if isinstance(node, gast.ClassDef):
        return found + node.bases + node.keywords
    arguments = node.args
    found += arguments.defaults + [default for default in arguments.kw_defaults if default is not None]
    if isinstance(node, gast.Lambda):
        return found
    return found + [getattr(annotated, name) for annotated, name in annotation_places(node)]


def annotation_places(function: Node) -> list[tuple[Node, str]]:
    """Where the annotations of a function stand, as nodes with the name of a field, in the order of evaluation."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    places = [(one, "annotation") for one in every if one is not None] + [(function, "returns")]
    return [(node, name) for node, name in places if getattr(node, name) is not None]


# ----------------------------------------------------------------------------------------------------- free names


def free_names(node: Node, hidden: frozenset[str], found: dict[str, None]) -> None:
    """Adds the names used in `node`, in inner scopes too, that are not in `hidden` and not bound in an inner scope."""
    if isinstance(node, gast.Name):
        if node.id not in hidden:
            found[node.id] = None
    elif isinstance(node, (*FUNCTIONS, gast.ClassDef)):
        for part in defined_here(node):
            free_names(part, hidden, found)
        free_names_inside(node, hidden, found)
    elif isinstance(node, COMPREHENSIONS):
        free_names(node.generators[0].iter, hidden, found)
        inner = hidden | comprehension_names(node)
        for part in comprehension_parts(node)[1:]:
            free_names(part, inner, found)
    elif isinstance(node, gast.Nonlocal):
        found.update(dict.fromkeys(name for name in node.names if name not in hidden))
    else:
        for part in children(node):
            free_names(part, hidden, found)


def free_names_inside(node: Node, hidden: frozenset[str], found: dict[str, None]) -> None:
    """As free_names, of the body of a function, lambda or class."""
    body = node.body if isinstance(node.body, list) else [node.body]
    if not isinstance(node, gast.ClassDef):
        outer = node.scope.outer if hasattr(node, "scope") else {}
        found.update((name, None) for name, kind in outer.items() if kind == "nonlocal" and name not in hidden)
        hidden = hidden | own_names(node)
    for part in body:
        free_names(part, hidden, found)


def own_names(function: Node) -> frozenset[str]:
    """The names that are not free in a function or lambda: its locals, and what it declares global."""
    scope = getattr(function, "scope", None)
    if scope is not None:
        return frozenset([*scope.local, *(name for name, kind in scope.outer.items() if kind == "global")])
    bound = dict.fromkeys(parameter_names(function.args))
    body = function.body if isinstance(function.body, list) else [function.body]
    outer: dict[str, str] = {}
    for part in body:
        bindings(part, bound)
        if isinstance(part, (gast.Global, gast.Nonlocal)):
            outer.update(dict.fromkeys(part.names, type(part).__name__.lower()))
    return frozenset(name for name in bound if outer.get(name) != "nonlocal")


def comprehension_names(node: Node) -> frozenset[str]:
    """The loop variables of a comprehension."""
    found: dict[str, None] = {}
    for generator in node.generators:
        bindings(generator.target, found)
    return frozenset(found)


def comprehension_parts(node: Node) -> list[Node]:
    """In the order of evaluation; the first is evaluated in the scope around."""
    found = []
    for generator in node.generators:
        found += [generator.iter, generator.target, *generator.ifs]
    return found + ([node.key, node.value] if isinstance(node, gast.DictComp) else [node.elt])
