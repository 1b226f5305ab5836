"""break, continue, return and loop-else → structured if and while.

    for x in xs:                       stop = False
        if x < 0:                      for x in xs:
            break                          if x < 0:
        total += x              →              stop = True
    else:                                  else:
        total = -1                             total += x
                                           if stop:
                                               break
                                       if not stop:
                                           total = -1

    if c:                              if c:
        return a                           return a
    b = a + 1                   →      else:
    return b                               b = a + 1
                                           return b

    while a:                           returned = False
        if b:                          while not returned and a:
            return c            →          if b:
        a -= 1                                 returned = True
    return d                                   result = c
                                           else:
                                               a -= 1
                                       if returned:
                                           return result
                                       else:
                                           return d

What is left: a return only at the end of a path through the function, no continue, no loop-else, `while` without
break, and `if flag: break` as the last statement of a `for`. The rest of a block is moved into the one branch that
reaches it, never copied. Where two branches reach it, or blocks would nest too deep, flags guard it, piece by piece.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import gast

from dy2static.declarations import Scope, blocks_of
from dy2static.templates import assign, at, chain, constant, if_not, load, store, unchain, walk

Node = Any
RETURN, BREAK, CONTINUE = 1, 2, 4
DEEPEST = 8
LOOPS = (gast.While, gast.For)
DEFINITIONS = (gast.FunctionDef, gast.ClassDef)


def convert_exits(tree: Node) -> None:
    """Converts a function and the functions inside it, in place."""
    functions = [node for node in walk(tree) if isinstance(node, gast.FunctionDef) and hasattr(node, "scope")]
    for function in functions:
        function.body = Exits(function.scope).block(function.body, Place())


@dataclass(eq=False, repr=False)
class Place:
    """Where a block stands.

    flag       ends the loop around it: it is false while the loop's body runs; None outside of loops
    skip       skips the rest of the loop's body; None where no block needs it
    at_end     nothing runs after the block, so that a return may stay
    depth      of rests moved into branches
    """

    flag: str | None = None
    skip: str | None = None
    at_end: bool = True
    depth: int = 0


class Exits:
    """One function. `returned` and `result` are its flag and value of returns that leave a loop."""

    def __init__(self, scope: Scope):
        self.scope = scope
        self._returned: str | None = None
        self._result: str | None = None
        self._exits: dict[Node, int] = {}
        self._falls: dict[Node, bool] = {}

    @property
    def returned(self) -> str:
        if self._returned is None:
            self._returned = self.scope.fresh("returned")
        return self._returned

    @property
    def result(self) -> str:
        if self._result is None:
            self._result = self.scope.fresh("result")
        return self._result

    # What leaves a statement

    def exits(self, node: Node) -> int:
        """Which of RETURN, BREAK, CONTINUE lead out of a statement."""
        known = self._exits.get(node)
        if known is None:
            known = self._exits[node] = self._find_exits(node)
        return known

    def _find_exits(self, node: Node) -> int:
        if isinstance(node, gast.Return):
            return RETURN
        if isinstance(node, gast.Break):
            return BREAK
        if isinstance(node, gast.Continue):
            return CONTINUE
        if isinstance(node, gast.If):
            cases, orelse = chain(node)
            found = self.exits_of(orelse)
            for _, body in cases:
                found |= self.exits_of(body)
            return found
        if isinstance(node, LOOPS):
            return (self.exits_of(node.body) & RETURN) | self.exits_of(node.orelse)
        if isinstance(node, gast.Try):
            found = 0
            for part in blocks_of(node):
                found |= self.exits_of(part)
            return found
        return 0

    def exits_of(self, statements: list[Node]) -> int:
        found = 0
        for statement in statements:
            found |= self.exits(statement)
            if not self._statement_falls(statement):
                break
        return found

    def falls(self, statements: list[Node]) -> bool:
        """Whether the end of a block is reached on some path."""
        return all(self._statement_falls(statement) for statement in statements)

    def _statement_falls(self, node: Node) -> bool:
        known = self._falls.get(node)
        if known is None:
            known = self._falls[node] = self._find_falls(node)
        return known

    def _find_falls(self, node: Node) -> bool:
        if isinstance(node, (gast.Return, gast.Break, gast.Continue, gast.Raise)):
            return False
        if isinstance(node, gast.If):
            cases, orelse = chain(node)
            return self.falls(orelse) or any(self.falls(body) for _, body in cases)
        if isinstance(node, gast.While) and is_endless(node):
            return bool(self.exits_of(node.body) & BREAK)
        return True

    # Blocks

    def block(self, statements: list[Node], place: Place) -> list[Node]:
        """The structured form of a block. Statements that are never reached go."""
        statements = self._without_loop_else(statements)
        done: list[Node] = []
        for index, node in enumerate(statements):
            falls = self._statement_falls(node)
            if self.exits(node):
                rest = statements[index + 1 :] if falls else []
                return done + self._exit(node, rest, place)
            done += self._inside(node, place)
            if not falls:
                break
        return done

    def _exit(self, node: Node, rest: list[Node], place: Place) -> list[Node]:
        """A statement that something leaves, and the rest of its block."""
        if isinstance(node, gast.If):
            return self._branches(node, rest, place)
        if isinstance(node, LOOPS):
            return self._returning_loop(node, rest, place)
        if isinstance(node, gast.Try):
            return self._guarded([node, *rest], place) if place.at_end or rest else self._parts(node, place)
        return self._leave(node, place)

    def _parts(self, node: Node, place: Place) -> list[Node]:
        """A try whose parts something may leave: by flags, so that each part comes to its end."""
        start: list[Node] = []
        found = self.exits_of(node.body)
        if found and not self.falls(node.body):
            node.orelse = []
        elif found and node.orelse:
            flag, place, start = self._flag(node, found, place)
            node.orelse = [at(node.orelse[0], if_not(flag, node.orelse))]
        for part in blocks_of(node):
            part[:] = self.block(part, replace(place, at_end=False)) or [at(node, gast.Pass())]
        return [*start, node]

    def _without_loop_else(self, statements: list[Node]) -> list[Node]:
        found: list[Node] = []
        for node in statements:
            found.append(node)
            if isinstance(node, LOOPS) and node.orelse:
                found += self._loop_else(node)
        return found

    def _loop_else(self, node: Node) -> list[Node]:
        """The else of a loop as statements after it."""
        orelse, node.orelse = node.orelse, []
        self._exits.pop(node, None)
        self._falls.pop(node, None)
        if not self.exits_of(node.body) & BREAK:
            return self._without_loop_else(orelse)
        node.flag = self.scope.fresh("stop")
        return [at(orelse[0], if_not(node.flag, orelse))]

    def _inside(self, node: Node, place: Place) -> list[Node]:
        """A statement that nothing leaves: only what is inside it changes."""
        if isinstance(node, LOOPS):
            return self._loop(node, place)
        if isinstance(node, gast.If):
            inner = replace(place, at_end=False)
            cases, orelse = chain(node)
            return [unchain([(test, self.block(body, inner)) for test, body in cases], self.block(orelse, inner))]
        if isinstance(node, gast.Try):
            return self._parts(node, place)
        return [node]

    def _leave(self, node: Node, place: Place) -> list[Node]:
        """A return, break or continue, as flags."""
        if place.at_end:
            return [node]
        flags = [place.skip] if place.skip else []
        made: list[Node] = []
        if isinstance(node, gast.Break):
            flags += [place.flag] if place.flag else []
        if isinstance(node, gast.Return):
            flags += [self.returned] + ([place.flag] if place.flag not in (None, self.returned) else [])
            made = [assign([self.result], node.value or constant(None))]
        if flags:
            made.append(gast.Assign([store(flag) for flag in flags if flag], constant(True), None))
        return at(node, made)

    def _branches(self, node: Node, rest: list[Node], place: Place) -> list[Node]:
        """An if that something leaves, and the rest of its block."""
        cases, orelse = chain(node)
        only_guards = self._are_guards(cases, orelse)
        while only_guards and rest and isinstance(rest[0], gast.If) and self._are_guards(*chain(rest[0])):
            cases += chain(rest[0])[0]
            rest = rest[1:]
        falling = [number for number, body in enumerate([*(b for _, b in cases), orelse]) if self.falls(body)]
        if rest and (len(falling) > 1 or place.depth >= DEEPEST):
            return self._guarded([unchain(cases, orelse), *rest], place)
        bodies = [body for _, body in cases] + [orelse]
        inner = replace(place, depth=place.depth + 1) if rest else place
        if rest and falling:
            bodies[falling[0]] = bodies[falling[0]] + rest
        made = [self.block(body, inner) for body in bodies]
        return [if_else(node, [(test, body) for (test, _), body in zip(cases, made)], made[-1])]

    def _are_guards(self, cases: list[tuple[Node, list[Node]]], orelse: list[Node]) -> bool:
        """Whether the end of a chain is reached where no test of it holds, and only there."""
        return not orelse and not any(self.falls(body) for _, body in cases)

    def _guarded(self, statements: list[Node], place: Place) -> list[Node]:
        """A block as pieces that run one after the other, each but the first only if nothing has left."""
        if place.at_end and place.depth < DEEPEST:
            return self._if_returned(statements[0], statements[1:], place)
        if place.at_end:
            inner = Place(at_end=False, depth=place.depth)
            start = assign([self.returned], constant(False)), assign([self.result], constant(None))
            pieces = self._pieces(statements, inner, self.returned)
            return [*at(statements[0], list(start)), *pieces, at(statements[-1], gast.Return(load(self.result)))]
        flag, place, made = self._flag(statements[0], self.exits_of(statements), place)
        return [*made, *self._pieces(statements, place, flag)]

    def _flag(self, node: Node, found: int, place: Place) -> tuple[str, Place, list[Node]]:
        """The flag that tells whether something has left a block, the block's place, and what goes before it."""
        if not found & CONTINUE:
            return place.flag or self.returned, place, []
        if place.skip:
            return place.skip, place, []
        skip = self.scope.fresh("skip")
        return skip, replace(place, skip=skip), [at(node, assign([skip], constant(False)))]

    def _pieces(self, statements: list[Node], place: Place, flag: str) -> list[Node]:
        pieces: list[list[Node]] = [[]]
        for node in statements:
            pieces[-1].append(node)
            if self.exits(node):
                pieces.append([])
        made = self.block(pieces[0], place)
        for piece in pieces[1:]:
            inside = self.block(piece, place)
            if inside:
                made.append(at(piece[0], if_not(flag, inside)))
        return made

    def _if_returned(self, node: Node, rest: list[Node], place: Place) -> list[Node]:
        """A statement that a return leaves on some paths, at the end of the function: test after it whether one did."""
        start = at(node, assign([self.returned], constant(False)))
        middle = self.block([node], replace(place, at_end=False))
        leave = gast.Return(load(self.result))
        if not self._statement_falls(node):
            return [start, *middle, at(node, leave)]
        after = self.block(rest, replace(place, depth=place.depth + 1))
        return [start, *middle, if_else(node, [(at(node, load(self.returned)), [at(node, leave)])], after)]

    # Loops

    def _loop(self, node: Node, place: Place) -> list[Node]:
        """A loop without else; what leaves it inside becomes its flag."""
        found = self.exits_of(node.body)
        if not found & (BREAK | RETURN):
            node.body = self.block(node.body, Place(at_end=False, depth=place.depth)) or [at(node, gast.Pass())]
            return [node]
        flag = getattr(node, "flag", None) or (self.scope.fresh("stop") if found & BREAK else self.returned)
        node.body = self.block(node.body, Place(flag, at_end=False, depth=place.depth))
        start = [at(node, assign([flag], constant(False)))] if found & BREAK else []
        if isinstance(node, gast.For):
            end = at(node.iter, gast.If(load(flag), [gast.Break()], []))
            node.body = [*node.body, end]
        else:
            node.runs_once = is_endless(node)
            go_on = gast.UnaryOp(gast.Not(), load(flag))
            node.test = at(node.test, go_on if node.runs_once else gast.BoolOp(gast.And(), [go_on, node.test]))
        return [*start, node]

    def _returning_loop(self, node: Node, rest: list[Node], place: Place) -> list[Node]:
        """A loop that a return inside it leaves, and the rest of the block."""
        if place.at_end or rest:
            return self._guarded([node, *rest], place)
        made = self._loop(node, place)
        flags = [flag for flag in (place.flag, place.skip) if flag and flag != self.returned]
        if flags:
            made.append(at(node, gast.Assign([store(flag) for flag in flags], load(self.returned), None)))
        return made


def is_endless(node: Node) -> bool:
    return isinstance(node.test, gast.Constant) and bool(node.test.value)


def if_else(place: Node, cases: list[tuple[Node, list[Node]]], orelse: list[Node]) -> Node:
    """The if that `unchain` makes, with `if c: pass / else: rest` turned into `if not c: rest`."""
    test, body = cases[0]
    if len(cases) == 1 and orelse and not [node for node in body if not isinstance(node, gast.Pass)]:
        return at(test, gast.If(gast.UnaryOp(gast.Not(), test), orelse, []))
    return unchain(cases, orelse)
