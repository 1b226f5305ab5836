"""`match` and `with` → if and try.

match p:                              subject = p
    case (x, 0) if x > 1:             if d2s.is_sequence(subject) and len(subject) == 2 and subject[1] == 0:
        A                        →        x = subject[0]
    case _:                               if x > 1: matched = True; A
        B                             if not matched: B

with a as x:                          manager = a
    BODY                         →    def attempt(entered):
                                          x = entered
                                          BODY
                                      d2s.with_(manager, attempt)
"""

from __future__ import annotations

import copy
from typing import Any

import gast

from dy2static.declarations import blocks_of
from dy2static.templates import assign, at, call, constant, if_not, load, store

Node = Any
SELF_MATCHING = ("bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple")


def desugar(tree: Node) -> None:
    """Rewrites a function and the functions inside it, in place."""
    for node in gast.walk(tree):
        if isinstance(node, gast.FunctionDef) and hasattr(node, "scope"):
            node.body = _Desugar(node).block(node.body)


class _Desugar:
    def __init__(self, function: Node):
        self.scope = function.scope
        caught = {handler.name for handler in gast.walk(function) if isinstance(handler, gast.ExceptHandler)}
        stored = [node for node in gast.walk(function) if isinstance(node, gast.Name) and node not in caught]
        self.assigned = {node.id for node in stored if not isinstance(node.ctx, gast.Load)}

    def block(self, statements: list[Node]) -> list[Node]:
        made: list[Node] = []
        for node in statements:
            if not isinstance(node, (gast.FunctionDef, gast.ClassDef)):
                for inner in blocks_of(node):
                    inner[:] = self.block(inner)
            if isinstance(node, gast.Match):
                made += at(node, self.match(node))
            elif isinstance(node, gast.With):
                made += at(node, self.with_(node.items, node.body))
            elif isinstance(node, gast.Try):
                made.append(self.try_(node))
            else:
                made.append(node)
        return made

    # with

    def with_(self, items: list[Node], body: list[Node]) -> list[Node]:
        if not items:
            return body
        first, *others = items
        manager, entered = self.scope.fresh("manager"), self.scope.fresh("entered")
        self.scope.private.update({manager: None, entered: None})
        inner = [] if first.optional_vars is None else [gast.Assign([first.optional_vars], load(entered), None)]
        made = gast.Try([*inner, *self.with_(others, body)], [], [], [])
        made.manager, made.entered = manager, entered
        return [assign([manager], first.context_expr), made]

    def try_(self, node: Node) -> Node:
        """Every handler gets a name for its exception, and a bare raise in it raises that."""
        for handler in node.handlers:
            name = handler.name
            if name is None or name.id in self.assigned:
                handler.name = at(handler, store(self.scope.fresh("error")))
            if name is not None and name.id in self.assigned:
                first = at(handler, assign([name.id], load(handler.name.id)))
                handler.body = [
                    first,
                    *handler.body,
                    at(handler, gast.Delete([gast.Name(name.id, gast.Del(), None, None)])),
                ]
            self._name_raises(handler.body, handler.name.id)
        return node

    def _name_raises(self, statements: list[Node], name: str) -> None:
        """A bare raise in a handler raises the exception by its name; a function or handler inside it may be under way
        with another one."""
        for node in statements:
            if isinstance(node, gast.Raise) and node.exc is None:
                node.exc = at(node, load(name))
            elif isinstance(node, gast.Try):
                self._name_raises([*node.body, *node.orelse], name)
                if _has_bare_raise(node.finalbody):
                    self._note_pending(node, name)
            elif not isinstance(node, (gast.FunctionDef, gast.ClassDef)):
                for block in blocks_of(node):
                    self._name_raises(block, name)

    def _note_pending(self, node: Node, name: str) -> None:
        """A bare raise in a `finally` raises the exception that passes it, or else that of the handler around it.

            try: BODY                       pending = error
            finally: raise          →       try: BODY
                                            except BaseException as passing: pending = passing; raise passing
                                            finally: raise pending
        """
        pending, passing = self.scope.fresh("pending"), self.scope.fresh("passing")
        body = node.body
        if node.handlers or node.orelse:
            body = [at(node, gast.Try(node.body, node.handlers, node.orelse, []))]
        again = [assign([pending], load(passing)), gast.Raise(load(passing), None)]
        handler = gast.ExceptHandler(load("BaseException"), store(passing), again)
        watched = at(node, gast.Try(body, [handler], [], []))
        node.body, node.handlers, node.orelse = [at(node, assign([pending], load(name))), watched], [], []
        self._name_raises(node.finalbody, pending)

    # match

    def match(self, node: Node) -> list[Node]:
        subject = self.scope.fresh("subject")
        needs_flag = any(case.guard is not None and _captures(case.pattern) for case in node.cases)
        start = [assign([subject], node.subject)]
        if needs_flag:
            return start + self._with_flag(node.cases, subject)
        orelse: list[Node] = []
        for case in reversed(node.cases):
            tests, bindings = self.pattern(case.pattern, load(subject))
            if case.guard is not None:
                tests.append(case.guard)
            body = [*bindings, *case.body]
            orelse = body if not tests else [at(case.pattern, gast.If(_all(tests), body, orelse))]
        return start + orelse

    def _with_flag(self, cases: list[Node], subject: str) -> list[Node]:
        matched = self.scope.fresh("matched")
        made = [assign([matched], constant(False))]
        for case in cases:
            tests, bindings = self.pattern(case.pattern, load(subject))
            body = [assign([matched], constant(True)), *case.body]
            if case.guard is not None:
                body = [gast.If(case.guard, body, [])]
            body = [*bindings, *body]
            inner = [gast.If(_all(tests), body, [])] if tests else body
            made.append(if_not(matched, inner))
        return made

    def pattern(self, node: Node, value: Node) -> tuple[list[Node], list[Node]]:
        """The tests that a pattern makes of `value`, and the assignments of its captures."""
        made: tuple[list[Node], list[Node]] = getattr(self, "_" + type(node).__name__)(node, value)
        return made

    def _MatchValue(self, node: Node, value: Node) -> tuple[list[Node], list[Node]]:
        return [gast.Compare(value, [gast.Eq()], [node.value])], []

    def _MatchSingleton(self, node: Node, value: Node) -> tuple[list[Node], list[Node]]:
        return [gast.Compare(value, [gast.Is()], [constant(node.value)])], []

    def _MatchAs(self, node: Node, value: Node) -> tuple[list[Node], list[Node]]:
        tests, bindings = self.pattern(node.pattern, value) if node.pattern is not None else ([], [])
        if node.name is not None:
            bindings = [*bindings, assign([node.name], copy.deepcopy(value))]
        return tests, bindings

    def _MatchOr(self, node: Node, value: Node) -> tuple[list[Node], list[Node]]:
        parts = [self.pattern(part, copy.deepcopy(value)) for part in node.patterns]
        if any(not tests for tests, _ in parts):
            return [], parts[0][1]
        tests = [gast.BoolOp(gast.Or(), [_all(tests) for tests, _ in parts])]
        if not any(bindings for _, bindings in parts):
            return tests, []
        orelse: list[Node] = []
        for inner, bindings in reversed(parts):
            orelse = [gast.If(copy.deepcopy(_all(inner)), bindings or [gast.Pass()], orelse)]
        return tests, orelse

    def _MatchSequence(self, node: Node, value: Node) -> tuple[list[Node], list[Node]]:
        stars = [index for index, part in enumerate(node.patterns) if isinstance(part, gast.MatchStar)]
        count = len(node.patterns) - len(stars)
        length = gast.Call(load("len"), [copy.deepcopy(value)], [])
        size = gast.Compare(length, [gast.GtE() if stars else gast.Eq()], [constant(count)])
        tests: list[Node] = [call("is_sequence", [copy.deepcopy(value)])]
        if count or not stars:
            tests.append(size)
        bindings: list[Node] = []
        for index, part in enumerate(node.patterns):
            after = index - len(node.patterns)
            if isinstance(part, gast.MatchStar):
                if part.name is not None:
                    end = constant(after + 1) if after + 1 else None
                    items = gast.Call(load("list"), [copy.deepcopy(value)], [])  # a deque has no slices
                    rest = gast.Subscript(items, gast.Slice(constant(index), end, None), gast.Load())
                    bindings.append(assign([part.name], rest))
                continue
            place = after if stars and index > stars[0] else index
            item = gast.Subscript(copy.deepcopy(value), constant(place), gast.Load())
            more, bound = self.pattern(part, item)
            tests, bindings = tests + more, bindings + bound
        return tests, bindings

    def _MatchMapping(self, node: Node, value: Node) -> tuple[list[Node], list[Node]]:
        tests: list[Node] = [call("is_mapping", [copy.deepcopy(value)])]
        bindings: list[Node] = []
        tests += [gast.Compare(copy.deepcopy(key), [gast.In()], [copy.deepcopy(value)]) for key in node.keys]
        for key, part in zip(node.keys, node.patterns):
            more, bound = self.pattern(part, gast.Subscript(copy.deepcopy(value), copy.deepcopy(key), gast.Load()))
            tests, bindings = tests + more, bindings + bound
        if node.rest is not None:
            keys = gast.Tuple([copy.deepcopy(key) for key in node.keys], gast.Load())
            bindings.append(assign([node.rest], call("without_keys", [copy.deepcopy(value), keys])))
        return tests, bindings

    def _MatchClass(self, node: Node, value: Node) -> tuple[list[Node], list[Node]]:
        tests: list[Node] = [gast.Call(load("isinstance"), [copy.deepcopy(value), node.cls], [])]
        bindings: list[Node] = []
        is_self = isinstance(node.cls, gast.Name) and node.cls.id in SELF_MATCHING and len(node.patterns) == 1
        parts: list[tuple[Node, Node]] = []
        if node.patterns and not is_self:
            names = gast.Tuple([constant(name) for name in node.kwd_attrs], gast.Load())
            given = [copy.deepcopy(value), copy.deepcopy(node.cls), constant(len(node.patterns)), names]
            tests.append(call("has_parts", given))
        for index, part in enumerate(node.patterns):
            found = call("matched", [copy.deepcopy(value), copy.deepcopy(node.cls), constant(index)])
            parts.append((part, copy.deepcopy(value) if is_self else found))
        for name, part in zip(node.kwd_attrs, node.kwd_patterns):
            if is_self or not node.patterns:
                tests.append(gast.Call(load("hasattr"), [copy.deepcopy(value), constant(name)], []))
            parts.append((part, gast.Attribute(copy.deepcopy(value), name, gast.Load())))
        for part, item in parts:
            more, bound = self.pattern(part, item)
            tests, bindings = tests + more, bindings + bound
        return tests, bindings


def _all(tests: list[Node]) -> Node:
    return tests[0] if len(tests) == 1 else gast.BoolOp(gast.And(), tests)


def _captures(pattern: Node) -> bool:
    return any(getattr(node, "name", None) is not None or getattr(node, "rest", None) for node in gast.walk(pattern))


def _has_bare_raise(statements: list[Node]) -> bool:
    """Whether a bare raise stands in a block, and in no handler or function inside it."""
    for node in statements:
        if isinstance(node, gast.Raise) and node.exc is None:
            return True
        if isinstance(node, gast.Try):
            blocks = [node.body, node.orelse, node.finalbody]
        elif isinstance(node, (gast.FunctionDef, gast.ClassDef)):
            blocks = []
        else:
            blocks = blocks_of(node)
        if any(map(_has_bare_raise, blocks)):
            return True
    return False
