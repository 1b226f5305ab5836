"""Reads and writes of each statement, over structured code: no break, continue or loop-else is left, and a return ends
the function. So liveness is one backward walk, and a loop needs no second one.

Names are bits of an int, in order of first appearance: sets of names are cheap, and their order is never arbitrary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gast

from dy2static.declarations import (
    COMPREHENSIONS,
    FUNCTIONS,
    bindings,
    comprehension_names,
    comprehension_parts,
    defined_here,
    free_names,
    free_names_inside,
    own_names,
    walrus_targets,
)
from dy2static.templates import chain, children, is_generated

Node = Any
ALL = -1
NOTHING: frozenset[str] = frozenset()


@dataclass(eq=False, repr=False)
class Flow:
    """What a statement or block does to names, as sets of bits.

    reads     whose value from before it may be needed
    kills     surely bound or deleted by it when it ends; ALL when it never ends
    writes    that it may bind or delete
    deletes   that it may delete
    """

    reads: int = 0
    kills: int = 0
    writes: int = 0
    deletes: int = 0

    def then(self, other: Flow) -> Flow:
        return Flow(
            self.reads | (other.reads & ~self.kills),
            self.kills | other.kills,
            self.writes | other.writes,
            self.deletes | other.deletes,
        )

    def maybe(self) -> Flow:
        """It may not happen."""
        return Flow(self.reads, 0, self.writes, self.deletes)

    def live_before(self, live_after: int) -> int:
        return self.reads | (live_after & ~self.kills)

    @property
    def falls(self) -> bool:
        """Whether the statement after it is ever reached."""
        return self.kills != ALL


IDLE = Flow()
ENDS = Flow(0, ALL, 0, 0)


def either(a: Flow, b: Flow) -> Flow:
    """One of both happens."""
    return Flow(a.reads | b.reads, a.kills & b.kills, a.writes | b.writes, a.deletes | b.deletes)


class Liveness:
    """The Flows of one function's statements, each computed once.

    Names that a function inside captures are left out: it may read or write them at any time.
    """

    def __init__(self, function: Node):
        self.captured = captured_names(function)
        scope = function.scope
        self.tracked = [name for name in scope.local if name not in self.captured and name not in scope.cells]
        self.bits = {name: 1 << index for index, name in enumerate(self.tracked)}
        self._flows: dict[Node, Flow] = {}

    def names(self, bits: int) -> list[str]:
        """In order of first appearance."""
        found, bits = [], bits & ((1 << len(self.tracked)) - 1)
        while bits:
            lowest = bits & -bits
            found.append(self.tracked[lowest.bit_length() - 1])
            bits ^= lowest
        return found

    def block(self, statements: list[Node]) -> Flow:
        flow = IDLE
        for statement in statements:
            flow = flow.then(self.statement(statement))
        return flow

    def live_after_each(self, statements: list[Node], live: int) -> list[int]:
        found = []
        for statement in reversed(statements):
            found.append(live)
            live = self.statement(statement).live_before(live)
        return found[::-1]

    def statement(self, node: Node) -> Flow:
        known = self._flows.get(node)
        if known is None:
            known = self._flows[node] = self._statement(node)
        return known

    def _statement(self, node: Node) -> Flow:
        if isinstance(node, gast.If):
            return self._branches(node)
        if isinstance(node, gast.While):
            return self._while(node)
        if isinstance(node, gast.For):
            return self._for(node)
        if isinstance(node, gast.Try):
            return self._attempt(node)
        flow = self.expression(node)
        return flow.then(ENDS) if isinstance(node, (gast.Return, gast.Raise)) else flow

    def _branches(self, node: Node) -> Flow:
        cases, orelse = chain(node)
        tests, joined = IDLE, None
        for test, body in cases:
            tests = tests.then(self.expression(test))
            branch = tests.then(self.block(body))
            joined = branch if joined is None else either(joined, branch)
        branch = tests.then(self.block(orelse))
        return branch if joined is None else either(joined, branch)

    def _while(self, node: Node) -> Flow:
        test, body = self.test(node), self.block(node.body)
        flow = test.then(body)
        if isinstance(node.test, gast.Constant) and node.test.value:
            return flow.then(ENDS)
        return flow if runs_once(node) else either(flow, test)

    def _attempt(self, node: Node) -> Flow:
        """Of a try, whose parts are functions: the names that they bind are cells, and not tracked."""
        reads = 0
        for part in [node.body, node.orelse, node.finalbody]:
            reads |= self.block(part).reads
        for handler in node.handlers:
            own = self.bits.get(handler.name.id, 0)
            reads |= self.block(handler.body).reads & ~own
            reads |= self.expression(handler.type).reads if handler.type is not None else 0
        return Flow(reads)

    def test(self, node: Node) -> Flow:
        """Of a while: the definitions that its test needs, then the test."""
        return self.block(getattr(node, "before_test", [])).then(self.expression(node.test))

    def _for(self, node: Node) -> Flow:
        iterable = self.expression(node.iter)
        return either(iterable.then(self.iteration(node)), iterable)

    def iteration(self, node: Node) -> Flow:
        """Of a for: the target is bound, then the body runs."""
        return self.expression(node.target).then(self.block(node.body))

    # Expressions

    def expression(self, node: Node, hidden: frozenset[str] = NOTHING) -> Flow:
        """Of an expression, or of a statement that holds no block."""
        if isinstance(node, gast.Name):
            return self._name(node, hidden)
        if isinstance(node, gast.alias):
            return self._binding((node.asname or node.name).split(".")[0])
        if isinstance(node, COMPREHENSIONS):
            return self._comprehension(node, hidden)
        if isinstance(node, (*FUNCTIONS, gast.ClassDef)):
            return self._definition(node, hidden)
        flow = IDLE
        for part in in_order(node):
            one = self.expression(part, hidden)
            if one is not IDLE:
                flow = flow.then(one)
        return flow

    def _name(self, node: Node, hidden: frozenset[str]) -> Flow:
        bit = 0 if node.id in hidden else self.bits.get(node.id, 0)
        if not bit:
            return IDLE
        if isinstance(node.ctx, gast.Load):
            return Flow(bit)
        if isinstance(node.ctx, gast.Del):
            return Flow(bit, bit, bit, bit)
        return Flow(bit if getattr(node, "is_read", False) else 0, bit, bit)

    def _binding(self, name: str) -> Flow:
        bit = self.bits.get(name, 0)
        return Flow(0, bit, bit)

    def _comprehension(self, node: Node, hidden: frozenset[str]) -> Flow:
        parts = comprehension_parts(node)
        flow = self.expression(parts[0], hidden)
        inner = hidden | comprehension_names(node)
        for part in parts[1:]:
            flow = flow.then(self.expression(part, inner).maybe())
        return flow

    def _definition(self, node: Node, hidden: frozenset[str]) -> Flow:
        flow = IDLE
        for part in defined_here(node):
            flow = flow.then(self.expression(part, hidden))
        if is_generated(node):
            flow = flow.then(self._reads_inside(node, hidden))
        if isinstance(node, gast.Lambda):
            return flow
        return flow.then(self._binding(node.name))

    def _reads_inside(self, node: Node, hidden: frozenset[str]) -> Flow:
        """A function that a pass made runs at once, or never."""
        found: dict[str, None] = {}
        free_names_inside(node, hidden, found)
        reads = 0
        for name in found:
            reads |= self.bits.get(name, 0)
        return Flow(reads)


def in_order(node: Node) -> list[Node]:
    """The direct parts of an expression or simple statement, in the order of evaluation."""
    if isinstance(node, gast.Assign):
        return [node.value, *node.targets]
    if isinstance(node, gast.NamedExpr):
        return [node.value, node.target]
    if isinstance(node, gast.AugAssign):
        if isinstance(node.target, gast.Name):
            node.target.is_read = True
        return [node.target, node.value]
    if isinstance(node, gast.Dict):
        return [part for pair in zip(node.keys, node.values) for part in pair if part is not None]
    return children(node)


def runs_once(node: Node) -> bool:
    """Whether the body of a while surely runs, as that of `while True` does."""
    return getattr(node, "runs_once", False)


def runs_on(node: Node) -> bool:
    """Whether a while goes on with what has begun elsewhere, so that its first turns may be known; see `resumption`."""
    return getattr(node, "runs_on", False)


def captured_names(function: Node) -> dict[str, None]:
    """The names used by functions, lambdas, classes and generators inside it, which may run at any time."""
    found: dict[str, None] = {}
    for part in function.body:
        _captured(part, NOTHING, found)
    return {name: None for name in found if name in function.scope.local}


def _captured(node: Node, hidden: frozenset[str], found: dict[str, None]) -> None:
    if isinstance(node, (*FUNCTIONS, gast.ClassDef)):
        for part in defined_here(node):
            _captured(part, hidden, found)
        if not is_generated(node):
            free_names_inside(node, hidden, found)
            return
        inner = hidden | own_names(node)
        for part in node.body if isinstance(node.body, list) else [node.body]:
            _captured(part, inner, found)
    elif isinstance(node, gast.GeneratorExp):
        parts = comprehension_parts(node)
        _captured(parts[0], hidden, found)
        inner = hidden | comprehension_names(node)
        for part in parts[1:]:
            free_names(part, inner, found)
    elif isinstance(node, COMPREHENSIONS):
        parts = comprehension_parts(node)
        _captured(parts[0], hidden, found)
        inner = hidden | comprehension_names(node)
        for part in parts[1:]:
            _captured(part, inner, found)
    else:
        for part in children(node):
            _captured(part, hidden, found)


def own_bindings(statements: list[Node]) -> dict[str, None]:
    """The names bound by the statements themselves, and not by functions inside them."""
    found: dict[str, None] = {}
    for statement in statements:
        bindings(statement, found)
    return found


__all__ = [
    "ALL",
    "Flow",
    "Liveness",
    "captured_names",
    "in_order",
    "own_bindings",
    "runs_on",
    "runs_once",
    "walrus_targets",
]
