"""Which scope a name belongs to while a pass goes down a function: its own, one around it, or the module's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from dy2static.templates import is_generated


class Scopes:
    """The functions around the node that a pass stands at."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, str]] = []  # name → "local", "nonlocal" or "outer"
        self.generated: list[bool] = []
        self.of_class: list[bool] = []

    def enter(self, function: Any) -> None:
        """Into a function or a class."""
        is_class = isinstance(function, gast.ClassDef)
        scope = {} if is_class else dict.fromkeys(parameter_names(function), "local")
        for name in Bindings.of(function):
            scope.setdefault(name, "local")
        declared = Declarations()
        for statement in function.body if isinstance(function.body, list) else []:
            declared.visit(statement)
        for name in declared.globals:
            scope[name] = "outer"
        for name in declared.nonlocals:
            scope[name] = "nonlocal" if self.is_bound(name) else "outer"
        self.push(scope, is_class or is_generated(function), is_class)

    def push(self, scope: dict[str, str], generated: bool, of_class: bool = False) -> None:
        self.scopes.append(scope)
        self.generated.append(generated)
        self.of_class.append(of_class)

    def leave(self) -> None:
        self.scopes.pop()
        self.generated.pop()
        self.of_class.pop()

    def seen(self) -> Iterator[tuple[int, dict[str, str], bool]]:
        """The scopes whose names are seen here, from the innermost: what stands in a class sees none of its names."""
        last = len(self.scopes) - 1
        for index in range(last, -1, -1):
            if index == last or not self.of_class[index]:
                yield last - index, self.scopes[index], self.generated[index]

    def is_bound(self, name: str) -> bool:
        for _, scope, _ in self.seen():
            if name in scope:
                return scope[name] != "outer"
        return False

    def kind(self, name: str) -> str:
        for index, scope, _ in self.seen():
            if name in scope:
                return scope[name] if index == 0 else "local" if scope[name] != "outer" else "outer"
        return "outer"

    def is_free(self, name: str) -> bool:
        """Whether a function of the user's stands between a read of the name and the function it is local to."""
        for _, scope, generated in self.seen():
            if scope.get(name) == "local":
                return False
            if not generated:
                return True
        return False


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
        return cls.of_statements(function.body if isinstance(function.body, list) else [function.body])

    @classmethod
    def of_statements(cls, statements: list[Any]) -> list[str]:
        visitor = cls()
        for statement in statements:
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
