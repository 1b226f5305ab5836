"""Reads of names that may be unbound: checked, where it is not sure that an assignment has been passed.

if c:                          z = d2s.UNDEFINED
    z = 1                      if c:
print(z)                 →         z = 1
print(z)                       print(d2s.defined(z, 'z'))
del z                          print(z)
                               z = d2s.UNDEFINED
"""

from __future__ import annotations

from typing import Any

import gast

from dy2static.analysis import Liveness, in_order
from dy2static.declarations import (
    COMPREHENSIONS,
    FUNCTIONS,
    comprehension_names,
    comprehension_parts,
    defined_here,
    own_names,
    walrus_targets,
)
from dy2static.expressions import replace_part
from dy2static.templates import assign, at, call, constant, helper, is_generated, load

Node = Any


class Known:
    """What is known at a point of a function, as sets of bits.

    bound      assigned in the running Python function, if only d2s.UNDEFINED
    defined    surely hold a value of the user's
    """

    __slots__ = ("bound", "defined")

    def __init__(self, bound: int, defined: int):
        self.bound = bound
        self.defined = defined

    def copy(self) -> Known:
        return Known(self.bound, self.defined)

    def inside(self, own: int) -> Known:
        """At the start of a generated function, whose `own` names are bound in it and no parameters."""
        return Known(self.bound & ~own, self.defined & ~own)

    def bind(self, bits: int) -> None:
        self.bound |= bits
        self.defined |= bits


class Frame:
    """A Python function being written.

    counts    how many functions of a name it defines
    own       tracked names that live in it, as bits; -1 in the user's own function: all others
    homes     captured names that live in it
    repeats   it may run more than once in one call of the user's function
    unset     its names that the statement being written reads before any assignment
    """

    __slots__ = ("taken", "own", "homes", "repeats", "counts", "unset")

    def __init__(
        self, taken: dict[str, None], own: int = -1, homes: dict[str, None] | None = None, repeats: bool = False
    ):
        self.taken = taken
        self.own = own
        self.homes = {} if homes is None else homes
        self.repeats = repeats
        self.counts: dict[str, int] = {}
        self.unset = 0

    def fresh(self, base: str) -> str:
        """A name for a function: base, base_2 … that is no variable."""
        number = self.counts.get(base, 0) + 1
        while f"{base}_{number}" in self.taken or number == 1 and base in self.taken:
            number += 1
        self.counts[base] = number
        return base if number == 1 else f"{base}_{number}"

    def branch(self, own: int, homes: dict[str, None]) -> Frame:
        return Frame(self.taken, own, homes, self.repeats)

    def iteration(self, own: int, homes: dict[str, None]) -> Frame:
        return Frame(self.taken, own, homes, repeats=True)


class Reads:
    """The reads of one function, in the order of evaluation.

    frames       the Python functions being written, innermost last
    unchecked    names that passes made: they are read only where they are bound
    is_careful   some code of the function moves into functions, where Python itself would not see what is unbound
    """

    def __init__(self, function: Node):
        self.function = function
        self.scope = function.scope
        self.flows = Liveness(function)
        self.frames: list[Frame] = []
        self.is_careful = True
        self.unchecked = 0
        for name in self.scope.made:
            self.unchecked |= self.flows.bits.get(name, 0)

    def unset(self, bits: int) -> list[Node]:
        """z = d2s.UNDEFINED"""
        return [assign([name], helper("UNDEFINED")) for name in self.flows.names(bits)]

    def checks_before(self, target: Node, known: Known) -> list[Node]:
        """A statement that reads the name, which `x += 1` and `del x` do not show."""
        made = self.checked(at(target, load(target.id)), known)
        return [] if isinstance(made, gast.Name) else [at(target, gast.Expr(made))]

    def delete(self, node: Node, known: Known) -> list[Node]:
        """del x → x = d2s.UNDEFINED; other targets as they are."""
        made: list[Node] = []
        for target in flat_targets(node.targets):
            bit = self.flows.bits.get(target.id, 0) if isinstance(target, gast.Name) else 0
            if not bit or not self.is_careful:
                made.append(at(target, gast.Delete([self.check(target, known)])))
                continue
            made += self.checks_before(target, known)
            made.append(at(target, assign([target.id], helper("UNDEFINED"))))
            known.bound |= bit
            known.defined &= ~bit
        return made

    def checked(self, node: Node, known: Known) -> Node:
        """d2s.defined(z, 'z') for a read of z, unless it surely holds a value."""
        bit = self.flows.bits.get(node.id, 0)
        if not bit or known.defined & bit or not self.is_careful:
            known.defined |= bit
            return node
        if not known.bound & bit:
            self.need_bound(bit, known)
        if self.unchecked & bit:
            return node
        known.defined |= bit
        return at(node, call("defined", [load(node.id), constant(node.id)]))

    def check(self, node: Node, known: Known, hidden: frozenset[str] = frozenset()) -> Node:
        """`node`, an expression or a statement that holds no block, with its reads checked."""
        if isinstance(node, gast.Name):
            if node.id in hidden:
                return node
            if isinstance(node.ctx, gast.Load):
                return self.checked(node, known)
            known.bind(self.flows.bits.get(node.id, 0))
            return node
        if isinstance(node, gast.alias):
            known.bind(self.flows.bits.get((node.asname or node.name).split(".")[0], 0))
            return node
        if isinstance(node, COMPREHENSIONS):
            return self._check_comprehension(node, known, hidden)
        if isinstance(node, (*FUNCTIONS, gast.ClassDef)):
            return self._check_definition(node, known, hidden)
        for part in in_order(node):
            made = self.check(part, known, hidden)
            if made is not part:
                put(node, part, made)
        return node

    def _check_comprehension(self, node: Node, known: Known, hidden: frozenset[str]) -> Node:
        parts = comprehension_parts(node)
        generators = node.generators
        generators[0].iter = self.check(parts[0], known, hidden)
        inner, maybe = hidden | comprehension_names(node), known.copy()
        for number, generator in enumerate(generators):
            if number:
                generator.iter = self.check(generator.iter, maybe, inner)
            generator.target = self.check(generator.target, maybe, inner)
            generator.ifs = [self.check(test, maybe, inner) for test in generator.ifs]
        for name in ("key", "value") if isinstance(node, gast.DictComp) else ("elt",):
            setattr(node, name, self.check(getattr(node, name), maybe, inner))
        if self.is_careful:
            self.need_bound(self._walrus_bits(node) & ~known.bound, known)  # the loop may not run
        return node

    def need_bound(self, bits: int, known: Known) -> None:
        """Makes names bound before the statement that is being written."""
        known.bound |= bits
        for frame in reversed(self.frames):
            frame.unset |= bits & frame.own
            bits &= ~frame.own

    def _walrus_bits(self, node: Node) -> int:
        bits = 0
        for name in walrus_targets(node):
            bits |= self.flows.bits.get(name, 0)
        return bits

    def _check_definition(self, node: Node, known: Known, hidden: frozenset[str]) -> Node:
        for part in defined_here(node):
            made = self.check(part, known, hidden)
            if made is not part:
                replace_part(node, part, made)
        if is_generated(node):
            inner, maybe = hidden | own_names(node), known.copy()
            if isinstance(node, gast.Lambda):
                node.body = self.check(node.body, maybe, inner)
            else:
                node.body = [self.check(part, maybe, inner) for part in node.body]
        if not isinstance(node, gast.Lambda):
            known.bind(self.flows.bits.get(node.name, 0))
        return node


def flat_targets(targets: list[Node]) -> list[Node]:
    """del (a, [b]) → a, b"""
    found: list[Node] = []
    for target in targets:
        found += flat_targets(target.elts) if isinstance(target, (gast.Tuple, gast.List)) else [target]
    return found


def put(node: Node, old: Node, new: Node) -> None:
    for name in node._fields:
        value = getattr(node, name, None)
        if value is old:
            setattr(node, name, new)
            return
        if isinstance(value, list):
            for index, item in enumerate(value):
                if item is old:
                    value[index] = new
                    return
