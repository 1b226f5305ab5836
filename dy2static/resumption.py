"""Generator functions → functions that give one which runs on to the next item, whenever it is called.

    def evens(n):                  def evens(n):
        i = 0                          place = 0
        while i < n:                   i = given = d2s.UNDEFINED
            if i % 2 == 0:             is_started = False
                yield i                def resume():
            i += 1                         nonlocal i, place, given, is_started
                                           found = False
                              →            if not is_started:
                                               is_started = True
                                               i = 0
                                               place = 1
                                           while not found and place >= 0:
                                               here = place
                                               place = -1
                                               if here == 1:
                                                   if i < n:
                                                       if i % 2 == 0:
                                                           given = i
                                                           found = True
                                                           place = 3
                                                       else:
                                                           place = 3
                                               elif here == 3:
                                                   i += 1
                                                   place = 1
                                           return found
                                       return resume, lambda: given, …

What waits between two items lives in captured names, which are state of a program as others are: such a generator can
be left, and read on wherever the program comes to. The place of one that has ended or raised is -1.
"""

from __future__ import annotations

from typing import Any

import gast

from dy2static.declarations import SCOPES, YIELDS, bindings, fresh, names_in, names_used, own_nodes, parameter_names
from dy2static.templates import assign, at, call, children, constant, helper, load, parameters, store, walk

Node = Any
LOOPS = (gast.For, gast.While)
TRIES = (gast.Try, *([gast.TryStar] if hasattr(gast, "TryStar") else []))
PARTED = (*TRIES, gast.With, gast.Match)


def can_resume(function: Node) -> bool:
    """Whether a generator function can be cut where it yields: no try, with or match is around a yield, no yield stands
    in an expression, and it gives no value at its end."""
    for node in own_nodes(function):
        if isinstance(node, gast.Return) and node.value is not None:
            return False
        if isinstance(node, PARTED) and _leaves(node):
            return False
        if isinstance(node, gast.stmt) and any(map(_yields, _parts(node))) and not _can_cut(node):
            return False
    return True


def _yields(node: Node) -> bool:
    return isinstance(node, YIELDS) or any(map(_yields, _parts(node)))


def _parts(node: Node) -> list[Node]:
    return [] if isinstance(node, SCOPES) else children(node)


def _can_cut(node: Node) -> bool:
    if isinstance(node, (gast.If, *LOOPS)):
        return not _yields(head_of(node))
    value = node.value if isinstance(node, (gast.Expr, gast.Assign)) else None
    is_whole = isinstance(value, gast.Yield) or isinstance(value, gast.YieldFrom) and isinstance(node, gast.Expr)
    return is_whole and not any(map(_yields, children(value)))


def head_of(node: Node) -> Node:
    """What an if or while tests, or a for goes through."""
    return node.iter if isinstance(node, gast.For) else node.test


def resumable(function: Node, taken: dict[str, None] | None = None) -> Node:
    """Rewrites a generator function in place."""
    taken = names_used(function) if taken is None else taken
    declared = [node for node in own_nodes(function) if isinstance(node, (gast.Global, gast.Nonlocal))]
    outer = {name for node in declared for name in node.names}
    found: dict[str, None] = {}
    for statement in function.body:
        bindings(statement, found)
    given = set(parameter_names(function.args))
    cutter = _Cutter(taken)
    cutter.run(function.body)
    own = [name for name in found if name not in outer and (name in given or not cutter.is_private(name))]
    inner = cutter.resume(declared, [*own, *cutter.kept])
    start = [assign([name], helper("UNDEFINED")) for name in (*own, *cutter.unset) if name not in given]
    start += [assign([cutter.place], constant(0)), assign([cutter.started], constant(False))]
    ended = gast.FunctionDef(fresh("close", taken), parameters(()), cutter.closing(), [], None, None, [])
    last = gast.Lambda(parameters(()), load(cutter.given))
    parts = gast.Tuple([load(inner.name), last, load(ended.name)], gast.Load())
    function.body = at(function, [*start, inner, ended, gast.Return(parts)])
    return function


class _Cutter:
    """Cuts statements into steps, none of which has a yield inside of it.

    steps      the statements of each; the place of the generator is the number of the next one
    here       the list that the next statement goes to
    loops      where break and continue go, of the loops that are cut
    """

    def __init__(self, taken: dict[str, None]):
        self.taken = taken
        names = ("place", "is_started", "given", "found", "here")
        self.place, self.started, self.given, self.found, self.at = map(self.fresh, names)
        self.iterators: list[str] = []
        self.steps: list[list[Node]] = []
        self.loops: list[tuple[int, int]] = []
        self.here = self.step(self.new_step())

    @property
    def kept(self) -> list[str]:
        return [self.place, self.started, *self.unset]

    @property
    def unset(self) -> list[str]:
        return [self.given, *self.iterators]

    def is_private(self, name: str) -> bool:
        """Whether a name that the function binds is read in one step only, which has set it before."""
        steps = [statements for statements in self.steps if _knows(statements, name)] or [[]]
        is_captured = any(isinstance(one, SCOPES) and _knows([one], name) for node in steps[0] for one in walk(node))
        return len(steps) == 1 and not is_captured and _sets_first(steps[0], name)

    def fresh(self, base: str) -> str:
        name = fresh(base, self.taken)
        self.taken[name] = None
        return name

    def new_step(self) -> int:
        self.steps.append([])
        return len(self.steps) - 1

    def step(self, number: int) -> list[Node]:
        return self.steps[number]

    def go(self, number: int) -> Node:
        return assign([self.place], constant(number))

    # Statements

    def run(self, statements: list[Node]) -> bool:
        """Adds the statements to the steps; whether their end is reached."""
        for node in statements:
            if isinstance(node, (gast.Global, gast.Nonlocal)):
                continue
            if not self.add(node):
                return False
        return True

    def add(self, node: Node) -> bool:
        if isinstance(node, gast.Return):
            return False
        if isinstance(node, (gast.Break, gast.Continue)):
            self.here.append(at(node, self.go(self.loops[-1][isinstance(node, gast.Continue)])))
            return False
        if not _yields(node) and not _leaves(node):
            self.here.append(_ended(node, self.found))
            return True
        if isinstance(node, gast.If):
            return self.branch(node)
        if isinstance(node, LOOPS):
            return self.loop(node)
        return self.give(node)

    def give(self, node: Node) -> bool:
        if isinstance(node.value, gast.YieldFrom):
            item = self.fresh("item")
            self.iterators.append(item)
            inner = at(node, gast.Expr(gast.Yield(load(item))))
            return self.loop(at(node, gast.For(store(item), node.value.value, [inner], [], None)))
        after = self.new_step()
        value = node.value.value or constant(None)
        self.here += at(node, [assign([self.given], value), assign([self.found], constant(True)), self.go(after)])
        self.here = self.step(after)
        if isinstance(node, gast.Assign):
            self.here.append(at(node, gast.Assign(node.targets, constant(None), None)))
        return True

    def branch(self, node: Node) -> bool:
        made = gast.copy_location(gast.If(node.test, [], []), node)
        self.here.append(made)
        after = self.new_step()
        ends = [self.part(statements, made_part, after) for statements, made_part in
                ((node.body, made.body), (node.orelse, made.orelse))]  # fmt: skip
        made.body = made.body or [at(node, gast.Pass())]
        self.here = self.step(after)
        return any(ends)

    def part(self, statements: list[Node], here: list[Node], after: int) -> bool:
        """A part of a statement, whose end goes to the step `after`."""
        self.here = here
        ends = self.run(statements)
        if ends:
            self.here.append(self.go(after))
        return ends

    def loop(self, node: Node) -> bool:
        is_for = isinstance(node, gast.For)
        if is_for:
            iterator, item = self.fresh("iterator"), self.fresh("item")
            self.iterators += [iterator, item]
            self.here.append(at(node, assign([iterator], call("begin", [node.iter]))))
        head, after = self.new_step(), self.new_step()
        self.here.append(at(node, self.go(head)))
        self.here = self.step(head)
        test, start = (node.test, []) if not is_for else self.next_item(node, iterator, item)
        if is_for:
            self.here.append(at(node, assign([item], call("advance", [load(iterator)]))))
        made = at(node, gast.If(test, start, []))
        is_endless = isinstance(test, gast.Constant) and bool(test.value)
        if not is_endless:
            self.here.append(made)
        self.loops.append((after, head))
        self.part(node.body, self.here if is_endless else made.body, head)
        self.loops.pop()
        self.part(node.orelse, made.orelse, after)
        self.here = self.step(after)
        return True

    def next_item(self, node: Node, iterator: str, item: str) -> tuple[Node, list[Node]]:
        test = gast.Compare(load(item), [gast.IsNot()], [helper("MISSING")])
        return test, [at(node.target, gast.Assign([node.target], load(item), None))]

    # What is made of them

    def resume(self, declared: list[Node], names: list[str]) -> Node:
        step: list[Node] = []
        for number, statements in reversed(list(enumerate(self.steps))[1:]):
            test = gast.Compare(load(self.at), [gast.Eq()], [constant(number)])
            step = [gast.If(test, statements or [gast.Pass()], step)]
        begin = [assign([self.at], load(self.place)), self.go(-1)]
        waits = gast.UnaryOp(gast.Not(), load(self.found))
        test = gast.BoolOp(gast.And(), [waits, gast.Compare(load(self.place), [gast.GtE()], [constant(0)])])
        first = gast.UnaryOp(gast.Not(), load(self.started))
        body = [*declared, gast.Nonlocal(names), assign([self.found], constant(False))]
        body += [gast.If(first, [assign([self.started], constant(True)), self.go(-1), *self.steps[0]], [])]
        loop = gast.While(test, [*begin, *step], [])
        loop.runs_on = True
        body += [loop, gast.Return(load(self.found))]
        made = gast.FunctionDef(self.fresh("resume"), parameters(()), body, [], None, None, [])
        made.is_part = True
        return made

    def closing(self) -> list[Node]:
        return [gast.Nonlocal([self.place, self.started]), assign([self.started], constant(True)), self.go(-1)]


def _leaves(node: Node) -> bool:
    """Whether a statement holds a break or continue of a loop around it, which is cut."""
    if isinstance(node, (gast.Break, gast.Continue)):
        return True
    if isinstance(node, SCOPES):
        return False
    if isinstance(node, LOOPS):
        return any(map(_leaves, node.orelse))
    return any(map(_leaves, children(node)))


def _ended(node: Node, found: str) -> Node:
    """A statement without a yield, in which a return ends the generator."""
    todo = [node]
    while todo:
        one = todo.pop()
        if isinstance(one, gast.Return):
            one.value = at(one, load(found))
        todo += _parts(one)
    return node


def _knows(nodes: list[Node], name: str) -> bool:
    return any(name in names_in(one) for node in nodes for one in walk(node))


def _sets_first(statements: list[Node], name: str) -> bool:
    """Whether statements set a name before they read it, whatever path they take; that none of them does is so too."""
    for index, node in enumerate(statements):
        if not _knows([node], name):
            continue
        rest = statements[index + 1 :]
        if isinstance(node, (gast.Assign, gast.AnnAssign)):
            targets = node.targets if isinstance(node, gast.Assign) else [node.target]
            is_set = node.value is not None and any(name in bound_by(target) for target in targets)
            return is_set and not _knows([node.value], name)
        if not isinstance(node, (gast.If, *LOOPS)) or _knows([*rest, head_of(node)], name):
            return False
        if isinstance(node, gast.For) and name in bound_by(node.target):
            return not _knows(node.orelse, name)
        return _sets_first(node.body, name) and _sets_first(node.orelse, name)
    return True


def bound_by(target: Node) -> dict[str, None]:
    found: dict[str, None] = {}
    bindings(target, found)
    return found
