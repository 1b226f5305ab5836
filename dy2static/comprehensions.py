"""List, set and dict comprehensions → loops in functions of their own.

                                       def listed(iterable):
                                           items = []
y = [x * k for x in xs if x > 0]   →       for x in iterable:
                                               if x > 0:
                                                   items.append(x * k)
                                           return items
                                       y = listed(xs)
"""

from __future__ import annotations

from typing import Any

import gast

from dy2static.declarations import (
    COMPREHENSIONS,
    FUNCTIONS,
    comprehension_names,
    comprehension_parts,
    declare_function,
    defined_here,
    fresh,
    is_kept,
    own_names,
    walrus_targets,
)
from dy2static.expressions import Statements, by_kind, declaration
from dy2static.generators import with_forms
from dy2static.templates import assign, at, call, children, function, load, parameters, walk

Node = Any


def expand_comprehensions(tree: Node) -> None:
    """Converts a function and the functions inside it, in place; before early exits are converted."""
    for node in list(walk(tree)):
        if isinstance(node, gast.FunctionDef) and hasattr(node, "scope"):
            node.body = Comprehensions(node.scope).block(node.body)


def is_function(node: Node) -> bool:
    return isinstance(node, gast.FunctionDef)


def is_plain_generator(node: Node) -> bool:
    """Whether a generator expression has one loop over names, and so can be given as functions of an item."""
    if not isinstance(node, gast.GeneratorExp) or len(node.generators) > 1:
        return False
    target = node.generators[0].target
    names = target.elts if isinstance(target, gast.Tuple) else [target]
    walrus = any(isinstance(inner, gast.NamedExpr) for inner in walk(node))
    return all(isinstance(name, gast.Name) for name in names) and not walrus


BUILDERS: dict[type, tuple[str, Any]] = {
    gast.ListComp: ("listed", lambda: gast.List([], gast.Load())),
    gast.SetComp: ("collected", lambda: gast.Set([gast.Starred(gast.Tuple([], gast.Load()), gast.Load())])),
    gast.DictComp: ("mapped", lambda: gast.Dict([], [])),
}


class Comprehensions(Statements):
    """Comprehensions in lambdas, generator expressions and class bodies stay: no definition can be put before those."""

    def visit(self, node: Node) -> Node:
        if isinstance(node, gast.Lambda):
            return node
        if isinstance(node, gast.GeneratorExp):
            return self._generated(node)
        if isinstance(node, gast.Call) and node.args and is_plain_generator(node.args[0]):
            node.func = self.visit(node.func)
            node.args[1:] = [self.visit(argument) for argument in node.args[1:]]
            node.keywords = [self.visit(keyword) for keyword in node.keywords]
            return node
        if type(node) in BUILDERS:
            return self._expand(node)
        return self.children(node)

    def _expand(self, node: Node) -> Node:
        name, empty = BUILDERS[type(node)]
        name, iterable, items = self._fresh(name), self._fresh("iterable"), self._fresh("items")
        first = self.visit(node.generators[0].iter)
        node.generators[0].iter = at(first, load(iterable))
        targets = walrus_targets(node)
        self.scope.cells.update((target, None) for target in targets if target not in self.scope.outer)
        body = [declaration(kind, names) for kind, names in by_kind(targets, self.scope)]
        body += [assign([items], empty()), self._loops(node, items), gast.Return(load(items))]
        made = at(node, function(name, [iterable], body))
        declare_function(made, self.scope.taken)
        made.body = Comprehensions(made.scope).block(made.body)
        self.before.append(made)
        return at(node, gast.Call(load(name), [first], []))

    def _generated(self, node: Node) -> Node:
        """A generator expression as a generator function, which is called."""
        name, iterable = self._fresh("generated"), self._fresh("iterable")
        first = self.visit(node.generators[0].iter)
        node.generators[0].iter = at(first, load(iterable))
        targets = walrus_targets(node)
        self.scope.cells.update((target, None) for target in targets if target not in self.scope.outer)
        body = [declaration(kind, names) for kind, names in by_kind(targets, self.scope)]
        body.append(self._nested(node, [gast.Expr(gast.Yield(node.elt))]))
        made = at(node, gast.FunctionDef(name, parameters([iterable]), body, [], None, None, []))
        for form in with_forms(made, self.scope.taken):
            for one in [] if is_kept(form) else [form, *(inner for inner in form.body if is_function(inner))]:
                declare_function(one, self.scope.taken)
                one.body = Comprehensions(one.scope).block(one.body)
            self.scope.local[form.name] = None
            self.before.append(form)
        return at(node, gast.Call(load(name), [call("start", [first])], []))

    def _fresh(self, base: str) -> str:
        name = fresh(base, self.scope.taken)
        self.scope.taken[name] = None
        return name

    def _loops(self, node: Node, items: str) -> Node:
        return self._nested(node, self._added(node, items))

    def _nested(self, node: Node, body: list[Node]) -> Node:
        body = at(node, body)
        for generator in reversed(node.generators):
            for test in reversed(generator.ifs):
                body = [at(test, gast.If(test, body, []))]
            body = [at(generator.target, gast.For(generator.target, generator.iter, body, [], None))]
        return body[0]

    def _added(self, node: Node, items: str) -> list[Node]:
        if not isinstance(node, gast.DictComp):
            method = "append" if isinstance(node, gast.ListComp) else "add"
            return [gast.Expr(gast.Call(gast.Attribute(load(items), method, gast.Load()), [node.elt], []))]
        key = self._fresh("key")  # evaluated before the value, as an assignment to items[…] would not
        put = gast.Assign([gast.Subscript(load(items), load(key), gast.Store())], node.value, None)
        return [assign([key], node.key), put]


# ---------------------------------------------------------------------------------------------- variables of their own


def rename_variables(tree: Node, free: tuple[str, ...] = ()) -> None:
    """Gives the variables of comprehensions that stay names of their own, where a function around has the same name.

    CPython 3.12 and 3.13 run a comprehension in its function's frame, and there lose the free variable of that name.
    """
    _rename_inside(tree, frozenset(free), tree.scope.taken)


def _rename_inside(node: Node, around: frozenset[str], taken: dict[str, None]) -> None:
    if isinstance(node, gast.FunctionDef) and hasattr(node, "scope"):
        around = around | frozenset(node.scope.local)
    if type(node) in BUILDERS:
        names = [name for name in comprehension_names(node) if name in around]
        made = {name: fresh(name, taken) for name in sorted(names)}
        taken.update(dict.fromkeys(made.values()))
        for part in comprehension_parts(node)[1:] if made else ():
            _rename(part, made)
    for child in children(node):
        _rename_inside(child, around, taken)


def _rename(node: Node, names: dict[str, str]) -> None:
    """Renames variables, but where an inner scope has a variable of that name."""
    if isinstance(node, gast.Name):
        node.id = names.get(node.id, node.id)
    elif isinstance(node, FUNCTIONS):
        hidden = own_names(node)
        for part in defined_here(node):
            _rename(part, names)
        for part in node.body if isinstance(node.body, list) else [node.body]:
            _rename(part, {old: new for old, new in names.items() if old not in hidden})
    elif isinstance(node, COMPREHENSIONS):
        first, *others = comprehension_parts(node)
        _rename(first, names)
        hidden = comprehension_names(node)
        for part in others:
            _rename(part, {old: new for old, new in names.items() if old not in hidden})
    else:
        for part in children(node):
            _rename(part, names)
