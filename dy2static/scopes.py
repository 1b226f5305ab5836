"""Which scope a name belongs to while a pass goes down a function: its own, one around it, or the module's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from dy2static.templates import is_generated


class Scopes:
    """The functions around the node that a pass stands at, and the class in whose body it is."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, str]] = []  # name → "local", "nonlocal", "outer" or "class"
        self.generated: list[bool] = []

    def enter(self, function: Any) -> None:
        names = [*parameter_names(function), *Bindings.of(function)]
        body = function.body if isinstance(function.body, list) else []
        self.add(dict.fromkeys(names, "local"), body, is_generated(function))

    def enter_class(self, node: Any) -> None:
        """The names of a class's body are seen by what stands in it, and by no function inside it."""
        self.add(dict.fromkeys([*IN_CLASSES, *Bindings.of(node)], "class"), node.body, False)

    @property
    def in_class(self) -> bool:
        return bool(self.scopes) and self.scopes[-1].get(IN_CLASSES[0]) == "class"

    def add(self, scope: dict[str, str], body: list[Any], generated: bool) -> None:
        declared = Declarations()
        for statement in body:
            declared.visit(statement)
        for name in declared.globals:
            scope[name] = "outer"
        for name in declared.nonlocals:
            scope[name] = "nonlocal" if self.is_bound(name) else "outer"
        self.scopes.append(scope)
        self.generated.append(generated)

    def leave(self) -> None:
        self.scopes.pop()
        self.generated.pop()

    def is_bound(self, name: str) -> bool:
        return self.kind(name) != "outer"

    def kind(self, name: str) -> str:
        for index, scope in enumerate(reversed(self.scopes)):
            if index == 0 and name in scope:
                return scope[name]
            if scope.get(name, "class") != "class":
                return "local" if scope[name] != "outer" else "outer"
        return "outer"

    def is_free(self, name: str) -> bool:
        """Whether a function of the user's stands between a read of the name and the function it is local to."""
        for scope, generated in zip(reversed(self.scopes), reversed(self.generated)):
            if scope.get(name) == "local":
                return False
            if not generated:
                return True
        return False


IN_CLASSES = ("__module__", "__qualname__")  # what every body of a class starts with


def parameter_names(function: Any) -> list[str]:
    arguments = function.args
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    listed += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [one.id for one in listed]


class Bindings(gast.NodeVisitor):
    """The names that a function's own statements bind, in order."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}

    @classmethod
    def of(cls, function: Any) -> list[str]:
        visitor = cls()
        for statement in function.body if isinstance(function.body, list) else [function.body]:
            visitor.visit(statement)
        return list(visitor.names)

    def visit_Name(self, node: Any) -> None:
        if not isinstance(node.ctx, gast.Load):
            self.names.setdefault(node.id)

    def visit_FunctionDef(self, node: Any) -> None:
        self.names.setdefault(node.name)
        for item in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if item is not None:
                self.visit(item)

    def visit_ClassDef(self, node: Any) -> None:
        self.names.setdefault(node.name)

    def visit_Lambda(self, node: Any) -> None:
        for item in (*node.args.defaults, *node.args.kw_defaults):
            if item is not None:
                self.visit(item)

    def visit_comprehension_node(self, node: Any) -> None:
        self.visit(node.generators[0].iter)
        for inner in gast.walk(node):
            if isinstance(inner, gast.NamedExpr):
                self.names.setdefault(inner.target.id)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehension_node

    def visit_Import(self, node: Any) -> None:
        for alias in node.names:
            self.names.setdefault(alias.asname or alias.name.split(".")[0])

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node: Any) -> None:
        if node.name is not None:
            self.names.setdefault(node.name if isinstance(node.name, str) else node.name.id)
        self.generic_visit(node)

    def visit_MatchAs(self, node: Any) -> None:
        if node.name is not None:
            self.names.setdefault(node.name)
        self.generic_visit(node)


class Declarations(gast.NodeVisitor):
    """The names that a function declares global or nonlocal."""

    def __init__(self) -> None:
        self.globals: list[str] = []
        self.nonlocals: list[str] = []

    def visit_Global(self, node: Any) -> None:
        self.globals += node.names

    def visit_Nonlocal(self, node: Any) -> None:
        self.nonlocals += node.names

    def visit_FunctionDef(self, node: Any) -> None:
        return

    visit_ClassDef = visit_Lambda = visit_FunctionDef


class FreeNames:
    """The names that a function, or a function in it, takes from around it."""

    def __init__(self) -> None:
        self.known: dict[int, frozenset[str]] = {}

    def of(self, function: Any) -> frozenset[str]:
        if id(function) not in self.known:
            body = function.body if isinstance(function.body, list) else [function.body]
            declared = Declarations()
            for statement in body:
                declared.visit(statement)
            own = {*parameter_names(function), *Bindings.of(function)} - set(declared.nonlocals) | set(declared.globals)
            self.known[id(function)] = frozenset(self._used(body, set(declared.nonlocals)) - own)
        return self.known[id(function)]

    def of_inner(self, function: Any) -> set[str]:
        """Those of the functions that stand in a function."""
        return {name for node in self._inner(function.body) for name in self.of(node)}

    def _used(self, body: list[Any], used: set[str]) -> set[str]:
        for node in self._inner(body, used):
            used |= self.of(node)
        return used

    def _inner(self, body: list[Any], used: set[str] | None = None) -> Iterator[Any]:
        """The outermost functions in a body; names on the way to them go to `used`."""
        todo = list(body)
        while todo:
            node = todo.pop()
            if isinstance(node, (gast.FunctionDef, gast.Lambda)):
                yield node
                todo += [*node.args.defaults, *node.args.kw_defaults, *getattr(node, "decorator_list", ())]
            elif isinstance(node, gast.AST):
                if used is not None and isinstance(node, gast.Name):
                    used.add(node.id)
                todo += gast.iter_child_nodes(node)
