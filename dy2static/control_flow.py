"""if, while and for → calls that get functions and an explicit state.

    while a < b:                   def test(a, b):
        a = a + 2                      return a < b
        b = b + 1            →     def body(a, b):
                                       a = a + 2
                                       b = b + 1
                                       return a, b
                                   a, b = d2s.while_loop(test, body, (a, b))

    if c:                          z = d2s.UNDEFINED
        z = x                      def then(z):
    return z                 →         z = x
                                       return z
                                   z = d2s.cond(c, then, None, (z,))
                                   return d2s.defined(z, 'z')

State = names written inside that are live before or after. A name that a function inside captures is no state: it stays
one variable, and generated functions that write it declare it nonlocal.
"""

from __future__ import annotations

from typing import Any

import gast

from dy2static.analysis import own_bindings, runs_on, runs_once
from dy2static.cells import occurrences, share_attempts
from dy2static.confined import confined_functions
from dy2static.declarations import FUNCTIONS, walrus_targets
from dy2static.expressions import by_kind, declaration
from dy2static.templates import (
    assign,
    at,
    call,
    chain,
    children,
    constant,
    function,
    is_generated,
    load,
    names_tuple,
    result_of,
    store,
    thunk,
    walk,
)
from dy2static.unbound import Frame, Known, Reads

Node = Any
Case = tuple[Node, list[Node]]
STRUCTURES = (gast.If, gast.While, gast.For, gast.Try)


def convert_control_flow(tree: Node) -> None:
    """Converts a function and the functions inside it, in place."""
    functions = [node for node in walk(tree) if isinstance(node, gast.FunctionDef) and hasattr(node, "scope")]
    for node in functions:
        share_attempts(node)
    for made in [ControlFlow(node) for node in functions]:  # all are analysed before the first one changes
        made.convert()


class ControlFlow(Reads):
    """One function."""

    def __init__(self, function: Node):
        super().__init__(function)
        self.cells = {name: None for name in self.scope.local if name in {**self.flows.captured, **self.scope.cells}}
        self.scope.cells.update(self.cells)
        self.housed: dict[str, None] = {}
        self._occurrences: dict[str, int] = {}

    def convert(self) -> None:
        bits = self.flows.bits
        known = Known(0, 0)
        parameters = [name for name in bits if name in self._parameters()]
        for name in parameters:
            known.bind(bits[name])
        bound = own_bindings(self.function.body)
        dropped = any(name not in bound and name not in parameters for name in bits)
        moved = (isinstance(node, STRUCTURES) or is_generated(node) for node in self._own_nodes())
        self.is_careful = dropped or any(moved)
        body = self.block(self.function.body, known, 0, Frame(self.scope.taken))
        start = self._docstring(body)
        kept = start + self._declarations(body[len(start) :]) + body[len(start) :]
        self.function.body = kept or [at(self.function, gast.Pass())]

    def _parameters(self) -> frozenset[str]:
        arguments = self.function.args
        nodes = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
        return frozenset(node.id for node in nodes if node is not None)

    def _own_nodes(self) -> Any:
        todo = list(self.function.body)
        while todo:
            node = todo.pop()
            yield node
            if not isinstance(node, (*FUNCTIONS, gast.ClassDef)):
                todo += children(node)

    def _docstring(self, body: list[Node]) -> list[Node]:
        first = body[0] if body else None
        is_text = isinstance(first, gast.Expr) and isinstance(first.value, gast.Constant)
        return body[:1] if is_text and isinstance(first.value.value, str) else []  # type: ignore[union-attr]

    def _declarations(self, body: list[Node]) -> list[Node]:
        """global and nonlocal, and a bare annotation for each cell that only generated functions bind."""
        made = [declaration(kind, names) for kind, names in by_kind_of(self.scope.outer)]
        bound = {**own_bindings(body), **dict.fromkeys(self._parameters())}
        made += self._bare([name for name in self.cells if name not in self.housed and name not in bound])
        return at(self.function, made)

    # Blocks

    def block(self, statements: list[Node], known: Known, live: int, frame: Frame) -> list[Node]:
        done: list[Node] = []
        self.frames.append(frame)
        for node, live_after in zip(statements, self.flows.live_after_each(statements, live)):
            made = self.statement(node, known, live_after, frame)
            done += at(node, self.unset(frame.unset)) + made
            frame.unset = 0
        self.frames.pop()
        return [node for node in done if not isinstance(node, gast.Pass)]

    def statement(self, node: Node, known: Known, live: int, frame: Frame) -> list[Node]:
        if isinstance(node, gast.If):
            return self.branches(node, known, live, frame)
        if isinstance(node, gast.While):
            return self.while_loop(node, known, live, frame)
        if isinstance(node, gast.For):
            return self.for_loop(node, known, live, frame)
        if isinstance(node, gast.Try):
            return self.attempt(node, known, frame)
        if isinstance(node, gast.Delete):
            return self.delete(node, known)
        before: list[Node] = []
        if isinstance(node, gast.AugAssign) and isinstance(node.target, gast.Name):
            before = self.checks_before(node.target, known)
        self.check(node, known)
        return [*before, node]

    # Generated functions

    def make(self, place: Node, name: str, params: list[str], body: list[Node], homes: Any = ()) -> Node:
        """A function that declares the cells and outer names that its own statements bind, if it is not their home."""
        bound = own_bindings(body)
        shared = [n for n in bound if n in self.scope.outer or n in self.cells and n not in homes]
        start = [declaration(kind, names) for kind, names in by_kind(shared, self.scope)]
        start += self._bare([n for n in homes if n not in bound])
        return at(place, function(name, params, [*start, *body]))

    def _bare(self, names: list[str]) -> list[Node]:
        """x: object, which makes x a local name of the function it stands in."""
        return [gast.AnnAssign(store(name), load("object"), None, 1) for name in names]

    def body(
        self, statements: list[Node], known: Known, outputs: int, frame: Frame, first: list[Node] | None = None
    ) -> list[Node]:
        """The body of a generated function that gives `outputs`; `frame` is its own."""
        made = [*(first or []), *self.block(statements, known, outputs, frame)]
        if outputs and self.flows.block(statements).falls:
            place = statements[-1] if statements else self.function
            made.append(at(place, result_of(self.flows.names(outputs))))
        return made

    # if

    def branches(self, node: Node, known: Known, live: int, frame: Frame) -> list[Node]:
        cases, orelse = switch_cases(node)
        bodies = [body for _, body in cases] + [orelse]
        is_end = any(has_return(body) for body in bodies)
        live = 0 if is_end else live
        flows = [self.flows.block(body) for body in bodies]
        written = needed = 0
        for flow in flows:
            written |= flow.writes
        outputs = written & live
        for flow in flows:
            needed |= flow.live_before(outputs)
        tests, inside = self._tests(cases, known)
        # What is unbound here and no result needs no place in the state: the branch that binds it owns it.
        params = written & needed & (known.bound | outputs)
        made = self._start(node, params, [known, *inside])
        branches = self._branch_functions(node, bodies, inside, (params, outputs), frame)
        made += [branch for branch in branches if branch is not None]
        value = self._branch_call(node, tests, branches, self.flows.names(params))
        self._join(known, outputs, [k for k, flow in zip(inside, flows) if flow.falls])
        made.append(at(node.test, gast.Return(value) if is_end else assign(self.flows.names(outputs), value)))
        return made

    def _tests(self, cases: list[Case], known: Known) -> tuple[list[Node], list[Known]]:
        """The checked tests, and what is known at the start of each branch, else included."""
        tests = [self.check(cases[0][0], known)]
        later, inside = known.copy(), [known.copy()]
        for test, _ in cases[1:]:
            tests.append(self.check(test, later))
            inside.append(later.copy())
        return tests, [*inside, later]

    def _start(self, node: Node, state: int, points: list[Known]) -> list[Node]:
        """Makes the state's unbound names bound."""
        unbound = state & ~points[0].bound
        for known in points:
            known.bound |= unbound
        return at(node, self.unset(unbound))

    def _branch_functions(
        self, node: Node, bodies: list[list[Node]], inside: list[Known], bits: tuple[int, int], frame: Frame
    ) -> list[Node | None]:
        params, outputs = bits
        names = self.flows.names(params)
        made: list[Node | None] = []
        for number, (body, known) in enumerate(zip(bodies, inside)):
            is_else = number == len(bodies) - 1
            if is_else and not body and params == outputs:
                made.append(None)
                continue
            own = self.flows.block(body).writes & ~params
            inside[number] = start = known.inside(own)
            homes = self._homes(body, frame.repeats)
            inner = frame.branch(own, homes)
            name = frame.fresh("orelse" if is_else else "then")
            made.append(self.make(node.test, name, names, self.body(body, start, outputs, inner), homes))
        return made

    def _homes(self, body: list[Node], repeats: bool) -> dict[str, None]:
        """The captured names that occur in this block only: one cell there is as good as one around it."""
        if not self.cells:
            return {}
        if not self._occurrences:
            self._occurrences = occurrences([self.function.args, *self.function.body])
        here = occurrences(body)
        found = {name: None for name in self.cells if name in here and here[name] == self._occurrences[name]}
        if found and repeats:
            confined = confined_functions(body)
            found = {name: None for name in found if name in confined}
        for frame in self.frames:
            for name in found:
                frame.homes.pop(name, None)
        self.housed.update(found)
        return found

    def _branch_call(self, node: Node, tests: list[Node], branches: list[Node | None], state: list[str]) -> Node:
        *thens, orelse = [load(branch.name) if branch is not None else None for branch in branches]
        after = [names_tuple(state)] if state else []
        if orelse is not None or after:
            after.insert(0, orelse or constant(None))
        if len(tests) == 1:
            return at(node.test, call("cond", [tests[0], thens[0], *after]))
        pairs = [gast.Tuple([at(t, thunk(t)), then], gast.Load()) for t, then in zip(tests, thens)]
        return at(node.test, call("switch", [gast.Tuple(pairs, gast.Load()), *after]))

    def _join(self, known: Known, outputs: int, ends: list[Known]) -> None:
        defined = outputs
        for end in ends:
            defined &= end.defined
        known.bound |= outputs
        known.defined = (known.defined & ~outputs) | defined

    # try

    def attempt(self, node: Node, known: Known, frame: Frame) -> list[Node]:
        """d2s.try_(attempt, ((lambda: Error, handler), …), orelse, final)"""
        made: list[Node] = []
        if hasattr(node, "manager"):
            body = self._part("attempt", [node.entered], node.body, node, known, frame, made)
            return [*made, at(node, gast.Expr(call("with_", [load(node.manager), body])))]
        body = self._part("attempt", [], node.body, node, known, frame, made)
        handlers = []
        for handler in node.handlers:
            name = handler.name.id
            classes = constant(None)
            if handler.type is not None:
                classes = at(handler.type, thunk(self.check(handler.type, known.copy())))
            function = self._part("handler", [name], handler.body, handler, known, frame, made)
            handlers.append(gast.Tuple([classes, function], gast.Load()))
        arguments = [body, gast.Tuple(handlers, gast.Load())]
        for base, part in (("otherwise", node.orelse), ("finish", node.finalbody)):
            arguments.append(self._part(base, [], part, node, known, frame, made) if part else constant(None))
        while isinstance(arguments[-1], gast.Constant):
            arguments.pop()
        return [*made, at(node, gast.Expr(call("try_", arguments)))]

    def _part(
        self, base: str, params: list[str], body: list[Node], place: Node, known: Known, frame: Frame, made: list[Node]
    ) -> Node:
        """The name of the function of one part, which goes to `made`."""
        own = self.flows.block(body).writes
        inside = known.inside(own)
        for name in params:
            inside.bind(self.flows.bits.get(name, 0))
        name = frame.fresh(base)
        homes = self._homes(body, frame.repeats)
        inner = frame.branch(own, homes)
        made.append(self.make(place, name, params, self.body(body, inside, 0, inner), homes))
        return load(name)

    # Loops

    def while_loop(self, node: Node, known: Known, live: int, frame: Frame) -> list[Node]:
        test, body = self.flows.test(node), self.flows.block(node.body)
        state = body.writes & (live | test.then(body).reads)
        made = self._start(node, state, [known])
        known.defined &= ~(body.deletes & state)
        names = self.flows.names(state)
        inside = known.inside(body.writes & ~state)
        before = [self.check(part, inside) for part in getattr(node, "before_test", [])]
        value = self.check(node.test, inside)
        known.defined |= inside.defined & ~(body.writes & ~state)
        test_body = [*before, at(node.test, gast.Return(value))]
        made.append(self.make(node.test, frame.fresh("test"), names, test_body))
        name = frame.fresh("body")
        homes = self._homes(node.body, True)
        inner = frame.iteration(body.writes & ~state, homes)
        made.append(self.make(node.test, name, names, self.body(node.body, inside, state, inner), homes))
        if runs_once(node):
            known.defined = (known.defined & ~state) | (inside.defined & state)
        kind = "run_on" if runs_on(node) else "while_loop"
        loop = call(kind, [load(made[-2].name), load(name), names_tuple(names)])
        return [*made, at(node.test, assign(names, at(node.test, loop)))]

    def for_loop(self, node: Node, known: Known, live: int, frame: Frame) -> list[Node]:
        node.iter = self.check(node.iter, known)
        statements, flag = self._without_stop(node)
        target = self.flows.expression(node.target)
        inner = target.then(self.flows.block(statements))
        head = live | inner.reads
        item, first = self._item(node, head, frame)
        own = self.flows.bits.get(item, 0)
        state = (inner.writes & head & ~own) | self.flows.bits.get(flag, 0)
        made = self._start(node, state, [known])
        known.defined &= ~(inner.deletes & state)
        names = self.flows.names(state)
        inside = known.inside(inner.writes & ~state)
        inside.bind(own)
        first = [self.check(part, inside) for part in first]
        name = frame.fresh("body")
        homes = self._homes(statements, True)
        body = self.body(statements, inside, state, frame.iteration(inner.writes & ~state, homes), first)
        made.append(self.make(node.iter, name, [item, *names], body, homes))
        arguments = [load(name), node.iter, names_tuple(names)]
        if flag:
            stop = at(node.iter, gast.Return(call("not_", [load(flag)])))
            made.append(self.make(node.iter, frame.fresh("test"), names, [stop]))
            arguments.append(load(made[-1].name))
        return [*made, at(node.iter, assign(names, call("for_loop", arguments)))]

    def _without_stop(self, node: Node) -> tuple[list[Node], str]:
        """The body, and the flag of its last statement `if flag: break`."""
        last = node.body[-1]
        if isinstance(last, gast.If) and isinstance(last.body[0], gast.Break):
            return node.body[:-1], last.test.id
        return node.body, ""

    def _item(self, node: Node, live: int, frame: Frame) -> tuple[str, list[Node]]:
        """The first parameter of a for body, and what assigns the target from it where it is not the target."""
        name = node.target.id if isinstance(node.target, gast.Name) else ""
        bit = self.flows.bits.get(name, 0)
        if bit and not live & bit:
            return name, []
        item = frame.fresh("item")
        return item, [at(node.target, gast.Assign([node.target], load(item), None))]


def by_kind_of(outer: dict[str, str]) -> list[tuple[str, list[str]]]:
    kinds: dict[str, list[str]] = {}
    for name, kind in outer.items():
        kinds.setdefault(kind, []).append(name)
    return list(kinds.items())


def switch_cases(node: Node) -> tuple[list[Case], list[Node]]:
    """The cases of a chain, up to a test that binds a name: that one is evaluated in place, in a branch of its own."""
    if walrus_targets(node.test):
        return [(node.test, node.body)], node.orelse
    cases, orelse = [], [node]
    while len(orelse) == 1 and isinstance(orelse[0], gast.If) and not walrus_targets(orelse[0].test):
        cases.append((orelse[0].test, orelse[0].body))
        orelse = orelse[0].orelse
    return cases, orelse


def has_return(statements: list[Node]) -> bool:
    """Whether a block, in which exits are structured, gives the function's result on some path."""
    for node in statements:
        if isinstance(node, gast.Return):
            return True
        if isinstance(node, gast.If):
            cases, orelse = chain(node)
            if any(has_return(body) for _, body in cases) or has_return(orelse):
                return True
    return False
