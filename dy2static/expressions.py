"""and, or, not, ternaries, chained comparisons and assert → calls that take their lazy operands as lambdas.

a and f(b)                     d2s.and_(a, lambda: f(b))
not a                          d2s.not_(a)
x if c else y                  d2s.cond(c, lambda: x, lambda: y)
a < f() < b              →     d2s.compare(a, "<", f(), "<", lambda: b)
assert c, m                    d2s.assert_(c, lambda: m)

use(a and (n := b))            def operand():
                                   nonlocal n
                         →         return (n := b)
                               use(d2s.and_(a, operand))
"""

from __future__ import annotations

from typing import Any

import gast

from dy2static.declarations import (
    COMPREHENSIONS,
    Scope,
    blocks_of,
    defined_here,
    fresh,
    walrus_targets,
)
from dy2static.early_exit import LOOPS
from dy2static.templates import at, call, chain, constant, function, load, thunk, walk

Node = Any

SIGNS: dict[type, str] = {
    gast.Lt: "<",
    gast.LtE: "<=",
    gast.Gt: ">",
    gast.GtE: ">=",
    gast.Eq: "==",
    gast.NotEq: "!=",
    gast.Is: "is",
    gast.IsNot: "is not",
    gast.In: "in",
    gast.NotIn: "not in",
}


def convert_expressions(tree: Node) -> None:
    """Converts a function and the functions inside it, in place."""
    for node in list(walk(tree)):
        if isinstance(node, gast.FunctionDef) and hasattr(node, "scope"):
            node.body = Expressions(node.scope).block(node.body)


class Statements:
    """Visits the expressions of one function's statements; definitions that one needs go before its statement."""

    def __init__(self, scope: Scope):
        self.scope = scope
        self.before: list[Node] = []

    def block(self, statements: list[Node]) -> list[Node]:
        done: list[Node] = []
        for node in statements:
            made = self.statement(node)
            done += self.before + made
            self.before = []
        return done

    def statement(self, node: Node) -> list[Node]:
        if isinstance(node, gast.If):
            self._branches(node)
        elif isinstance(node, LOOPS):
            self._loop(node)
        elif isinstance(node, gast.Try):
            self._attempt(node)
        elif isinstance(node, (gast.FunctionDef, gast.ClassDef)):
            self.parts_of_definition(node)
        else:
            self.children(node)
        return [node]

    def _attempt(self, node: Node) -> None:
        for handler in node.handlers:
            if handler.type is not None:
                handler.type = self.visit(handler.type)
        for part in blocks_of(node):
            part[:] = self._inner(part)

    def _branches(self, node: Node) -> None:
        """Definitions of every test of a chain go before it all: a test runs when its turn comes, as they do."""
        cases, orelse = chain(node)
        link = node
        for number, (test, body) in enumerate(cases):
            if number:
                link = link.orelse[0]
            link.test = self.visit(test)
            link.body = self._inner(body)
        link.orelse = self._inner(orelse)

    def _inner(self, statements: list[Node]) -> list[Node]:
        outer, self.before = self.before, []
        made = self.block(statements)
        self.before = outer
        return made

    def _loop(self, node: Node) -> None:
        if isinstance(node, gast.For):
            node.iter = self.visit(node.iter)
            node.target = self.visit(node.target)
        else:
            outer, self.before = self.before, list(getattr(node, "before_test", []))
            node.test = self.visit(node.test)
            if self.before:
                node._fields = ("before_test", *gast.While._fields)
            node.before_test, self.before = self.before, outer
            self.scope.cells.update(walrus_targets(node.test))
        node.body = self._inner(node.body)
        node.orelse = self._inner(node.orelse)

    def parts_of_definition(self, node: Node) -> None:
        """Decorators, defaults and bases; the body is a function of its own, or a class body, which stays as it is."""
        for part in defined_here(node):
            made = self.visit(part)
            if made is not part:
                replace_part(node, part, made)

    def visit(self, node: Node) -> Node:
        raise NotImplementedError

    def children(self, node: Node) -> Node:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                value[:] = [self.visit(item) if isinstance(item, gast.AST) else item for item in value]
            elif isinstance(value, gast.AST):
                setattr(node, name, self.visit(value))
        return node


def replace_part(node: Node, old: Node, new: Node) -> None:
    """Puts `new` where `old` stands, anywhere in the header of a definition."""
    for owner in [node, getattr(node, "args", None), *parameter_nodes(node)]:
        if owner is None:
            continue
        for name in owner._fields:
            value = getattr(owner, name, None)
            if value is old:
                setattr(owner, name, new)
            elif isinstance(value, list) and name != "body":
                value[:] = [new if item is old else item for item in value]


def parameter_nodes(node: Node) -> list[Node]:
    if not hasattr(node, "args"):
        return []
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    return [argument for argument in every if argument is not None]


class Expressions(Statements):
    """`depth` counts the lambdas and comprehensions around: no definition can be put before those."""

    def __init__(self, scope: Scope):
        super().__init__(scope)
        self.depth = 0

    def statement(self, node: Node) -> list[Node]:
        if isinstance(node, gast.Assert):
            return [self._assert(node)] if __debug__ else []
        return super().statement(node)

    def visit(self, node: Node) -> Node:
        if isinstance(node, (gast.Name, gast.Constant)):
            return node
        convert = CONVERSIONS.get(type(node))
        if convert is not None:
            return convert(self, node)
        if isinstance(node, (gast.Lambda, *COMPREHENSIONS)):
            self.depth += 1
            self.children(node)
            self.depth -= 1
            return node
        return self.children(node)

    def _assert(self, node: Node) -> Node:
        arguments = [self.visit(node.test)] + ([self._lazy(node.msg)] if node.msg is not None else [])
        return at(node, gast.Expr(call("assert_", arguments)))

    def _bool_op(self, node: Node) -> Node:
        if not self._can_delay(node.values[1:]):
            return self.children(node)
        name = "and_" if isinstance(node.op, gast.And) else "or_"
        first = self.visit(node.values[0])
        return at(node, call(name, [first, *(self._lazy(value) for value in node.values[1:])]))

    def _unary_op(self, node: Node) -> Node:
        operand = self.visit(node.operand)
        if isinstance(node.op, gast.Not):
            return at(node, call("not_", [operand]))
        node.operand = operand
        return node

    def _if_exp(self, node: Node) -> Node:
        if not self._can_delay([node.body, node.orelse]):
            return self.children(node)
        test = self.visit(node.test)
        return at(node, call("cond", [test, self._lazy(node.body), self._lazy(node.orelse)]))

    def _compare(self, node: Node) -> Node:
        if len(node.ops) < 2 or not self._can_delay(node.comparators[1:]):
            return self.children(node)
        arguments = [self.visit(node.left)]
        for number, (sign, right) in enumerate(zip(node.ops, node.comparators)):
            operand = self._lazy(right) if number else self.visit(right)
            arguments += [constant(SIGNS[type(sign)]), operand]
        return at(node, call("compare", arguments))

    def _can_delay(self, operands: list[Node]) -> bool:
        """A := inside a lambda or comprehension cannot be delayed: no definition before the statement sees its
        names."""
        return not self.depth or not any(walrus_targets(operand) for operand in operands)

    def _lazy(self, operand: Node) -> Node:
        targets = walrus_targets(operand)
        made = self.visit(operand)
        if not targets:
            return at(operand, thunk(made))
        name = fresh("operand", self.scope.taken)
        self.scope.taken[name] = None
        body = [declaration(kind, names) for kind, names in by_kind(targets, self.scope)]
        self.scope.cells.update((target, None) for target in targets if target not in self.scope.outer)
        self.before.append(at(operand, function(name, (), [*body, gast.Return(made)])))
        return at(operand, load(name))


CONVERSIONS: dict[type, Any] = {
    gast.BoolOp: Expressions._bool_op,
    gast.UnaryOp: Expressions._unary_op,
    gast.IfExp: Expressions._if_exp,
    gast.Compare: Expressions._compare,
}


def by_kind(names: Any, scope: Scope) -> list[tuple[str, list[str]]]:
    """How a function inside declares names that it binds: the same names by the kind of declaration."""
    found = {kind: [name for name in names if scope.outer.get(name, "nonlocal") == kind] for kind in KINDS}
    return [(kind, listed) for kind, listed in found.items() if listed]


KINDS: dict[str, Any] = {"global": gast.Global, "nonlocal": gast.Nonlocal}


def declaration(kind: str, names: list[str]) -> Node:
    return KINDS[kind](names)
