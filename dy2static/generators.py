"""Generator functions → functions that hand each item to whoever takes the items.

    def pairs(xs):                     def pairs(xs, *, d2s_give):
        for a in xs:                       for a in xs:
            yield a, a + 1       →             if d2s_give((a, a + 1)):
        yield from xs                              return
                                           for item in xs:
                                               if d2s_give(item):
                                                   return

What was a jump back and forth is a call, which is staged as any other: the loop that takes the items is the body of the
generator's own loops. A give that is true ends the generator, as a break does. Where no one ends it, the ifs go.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import gast

from dy2static.constructs import EXCLUDE
from dy2static.declarations import SCOPES, YIELDS, blocks_of, fresh, is_kept, keep, names_used, own_nodes, own_yields
from dy2static.errors import ConversionError
from dy2static.resumption import LOOPS, PARTED, TRIES, can_resume, resumable
from dy2static.source import Source
from dy2static.templates import at, call, children, constant, load, store, walk

Node = Any
GIVE = "d2s_give"
FORMS = ("each", "until", "resumed")
NOT_BARE = {
    gast.Yield: (
        "'yield' stands inside an expression, where the rest of it would have to wait",
        "give the value that it gives back a name",
    ),
    gast.YieldFrom: (
        "it takes what 'yield from' gives back, which is known when the other generator has ended",
        "yield the items in a loop, and hand that value over in another way, such as a list",
    ),
}


def is_generator(node: Node) -> bool:
    return isinstance(node, gast.FunctionDef) and bool(own_yields(node))


def keep_generators(tree: Node) -> None:
    """Generator functions inside a function stay as they are in the code that people read and that Python runs."""
    for node in list(walk(tree)):
        if node is not tree and is_generator(node):
            keep(node)


def expand_generators(tree: Node, source: Source) -> None:
    """Puts the forms of each generator function before it; tracing finds them by d2s.generator."""
    taken = names_used(tree)
    todo = [tree]
    while todo:
        node = todo.pop()
        for block in blocks_of(node):
            block[:] = [made for one in block for made in _with_forms(one, taken, source)]
        todo += reversed(children(node))


def _with_forms(node: Node, taken: dict[str, None], source: Source) -> list[Node]:
    return with_forms(node, taken, source) if is_generator(node) and not is_kept(node) else [node]


def with_forms(node: Node, taken: dict[str, None], source: Source | None = None) -> list[Node]:
    """A generator function after its forms; `source` tells where what cannot be done stands."""
    made, known = [], traits(node)
    for name in FORMS if known[-1] else FORMS[:2]:
        form = copy.deepcopy(node)
        form = resumable(form, taken) if name == "resumed" else push(form, source, name == "until")
        form.name = fresh(f"{node.name.lstrip('_')}_{name}", taken)  # which no class takes for a private name
        taken[form.name] = None
        form.decorator_list, form.args.defaults = [], []
        form.args.kw_defaults = [None] * len(form.args.kwonlyargs)
        made.append(form)
    keep(node)
    named = [*(load(form.name) for form in made), *([] if known[-1] else [constant(None)])]
    node.decorator_list.append(at(node, call("generator", [*named, *map(constant, known)])))
    return [*made, node]


def push(function: Node, source: Source | None, stops: bool) -> Node:
    """Rewrites a generator function in place. Raises ConversionError for a yield inside an expression."""
    function.body = _Pusher(names_used(function), source, stops).block(function.body)
    function.args.kwonlyargs.append(at(function, gast.Name(GIVE, gast.Param(), None, None)))
    function.args.kw_defaults.append(None)
    return function


class _Pusher:
    def __init__(self, taken: dict[str, None], source: Source | None, stops: bool):
        self.taken = taken
        self.source = source
        self.stops = stops

    def block(self, statements: list[Node]) -> list[Node]:
        return [made for node in statements for made in self.statement(node)]

    def statement(self, node: Node) -> list[Node]:
        if isinstance(node, SCOPES):
            return [node]
        value = getattr(node, "value", None) if isinstance(node, (gast.Expr, gast.Assign)) else None
        if isinstance(value, gast.Yield):
            self._check([value.value] if value.value is not None else [])
            given = at(node, self._give(value.value or constant(None)))
            return [given, *self._sent(node)]
        if isinstance(value, gast.YieldFrom) and isinstance(node, gast.Expr):
            self._check([value.value])
            item = fresh("item", self.taken)
            self.taken[item] = None
            return [at(node, gast.For(store(item), value.value, [self._give(load(item))], [], None))]
        blocks = blocks_of(node)
        self._check([part for part in children(node) if not isinstance(part, (gast.stmt, gast.ExceptHandler))])
        for block in blocks:
            block[:] = self.block(block)
        return [node]

    def _give(self, value: Node) -> Node:
        given = gast.Call(load(GIVE), [value], [])
        return gast.If(given, [gast.Return(None)], []) if self.stops else gast.Expr(given)

    def _sent(self, node: Node) -> list[Node]:
        """What a yield gives back: None, where no one sends."""
        if isinstance(node, gast.Expr):
            return []
        return [at(node, gast.Assign(node.targets, constant(None), None))]

    def _check(self, expressions: list[Node]) -> None:
        for expression in expressions:
            if isinstance(expression, gast.match_case):
                continue
            for node in _own(expression):
                if isinstance(node, YIELDS) and self.source is not None:
                    reason, cure = NOT_BARE[type(node)]
                    place = self.source.location(node)
                    raise ConversionError(f"this generator cannot be converted: {reason}", f"{cure}, {EXCLUDE}", place)


def _own(node: Node) -> Iterator[Node]:
    todo = [node]
    while todo:
        one = todo.pop()
        yield one
        if not isinstance(one, SCOPES):
            todo += children(one)


# -------------------------------------------------------------------------------------------------- what can be done


def traits(tree: Node) -> tuple[bool, bool, bool, bool, bool]:
    """What can be done with a generator function.

    steps    it can be read item by item, as Python does: no statement has parts that would have to wait
    loops    a loop can take its items: no handler around a yield would catch what the loop's body raises
    once     it is good for a context manager: every path that comes to its end passes one yield
    cleans   something of it runs when it is closed: a finally or a with around a yield
    resumes  it can be left, and read on in another place
    """
    steps = not any(isinstance(node, PARTED) for node in own_nodes(tree))
    loops = not any(_catches(node) for node in own_nodes(tree))
    cleans = any(_cleans(node) for node in own_nodes(tree))
    return steps, loops, _counts(tree.body) <= {1}, cleans, can_resume(tree)


def _catches(node: Node) -> bool:
    return isinstance(node, gast.Try) and bool(node.handlers) and any(map(_yields, node.body))


def _cleans(node: Node) -> bool:
    return (isinstance(node, gast.With) or isinstance(node, TRIES) and bool(node.finalbody)) and _yields(node)


def _yields(node: Node) -> bool:
    return any(isinstance(one, YIELDS) for one in _own(node))


def _counts(statements: list[Node]) -> set[int]:
    """How many yields the paths to the end of a block pass; 2 for any number that is not known or more than one."""
    found = {0}
    for node in statements:
        found = {min(a + b, 2) for a in found for b in _counts_of(node)}
        if _yields(node) and isinstance(node, (gast.Return, *LOOPS)) or isinstance(node, gast.Return) and 0 in found:
            return {2}
    return found


def _counts_of(node: Node) -> set[int]:
    if isinstance(node, gast.Raise):
        return set()
    if isinstance(node, gast.If):
        return _counts(node.body) | _counts(node.orelse)
    if isinstance(node, gast.With):
        return _counts(node.body)
    if isinstance(node, gast.Try):
        elsewhere = [*(handler.body for handler in node.handlers), node.finalbody]
        late = any(_counts(part) - {0} for part in elsewhere)
        return {2} if late else _counts([*node.body, *node.orelse])
    return {2} if isinstance(node, gast.Match) and _yields(node) else {int(_yields(node))}
