"""Program → Graph: one region at a time, the outermost first, from the ops of a Block or of a part of one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from runtime.ir import Block, Constant, Op, Program, Value
from runtime.picture.facts import Facts
from runtime.picture.graph import Edge, Graph, Node, Region, Section
from runtime.picture.heat import Heat
from runtime.picture.sources import cut
from runtime.text import is_inline, text

if TYPE_CHECKING:
    from runtime.profiling import Profile

MAX_OPS = 120  # of one region; more are divided into parts
PART = 40  # ops of a part
PARTS = 60  # of one region, at most


def graph_of(program: Program, profile: Profile | None = None) -> Graph:
    """With a profile, nodes say what they cost. Raises ValueError for one of another program."""
    facts = Facts(program, None if profile is None else Heat(program, profile))
    graph = Graph(program.name, [], len(facts.all_ops), "" if facts.heat is None else facts.heat.note)
    todo: deque[_Filling] = deque()
    todo.append(_Filling(facts, todo, Region(), None))
    todo[0].outermost()
    while todo:
        filling = todo.popleft()
        graph.regions.append(filling.region)
        filling.finish()
    return graph


class _Filling:
    """One region while it is filled, from Blocks or from ops that are a part of one."""

    def __init__(self, facts: Facts, todo: deque[_Filling], region: Region, given: dict[Value, None] | None):
        self.facts = facts
        self.todo = todo
        self.region = region
        self.given = given  # what comes from outside; None in the outermost region
        self.made: dict[Value, tuple[Node, int]] = {}
        self.writers: dict[Value, Node] = {}
        self.readers: dict[Value, list[Node]] = {}
        self.actor: Node | None = None
        self.joined: set[tuple[Node, int | None, Node]] = set()
        self.ops: Sequence[Op] = ()
        self.results: list[tuple[Value, str, str]] = []  # each with the name it has outside, and the kind of its node

    def outermost(self) -> None:
        facts, program = self.facts, self.facts.program
        for value, name, kind, note in facts.inputs():
            self.enter(value, kind, note, name)
        for value in facts.named:
            if isinstance(value, Constant) and not is_inline(value):
                self.enter(value, "weight" if isinstance(value.value, np.ndarray) else "constant")
        self.ops = program.block.ops
        self.results = [
            (value, name, "result") for value, name in zip(program.block.results or (), facts.result_names())
        ]
        given = set(program.block.results or ())
        self.results += [
            (value, f"sets {name}", "result") for name, value in program.sets.items() if value not in given
        ]

    def enter(self, value: Value, kind: str, note: str = "", name: str = "") -> None:
        """A node by which a value comes into the region."""
        node = Node(kind, name or self.facts.name(value), text=note, ports=[self.facts.port(value)])
        if isinstance(value, Constant) and not note and kind in ("weight", "constant"):
            node.text = f"{value.value.nbytes} bytes" if kind == "weight" else cut(text(value.value), 40)
        self.region.nodes.append(node)
        self.made[value] = node, 0

    def finish(self) -> None:
        for value in self.given or ():
            self.enter(value, "captured")
        ops, results = self.ops, [value for value, _, _ in self.results]
        if len(ops) > MAX_OPS:
            first = 0
            for ops_of_part, leaving in self.divided(ops, results):
                self.add_part(ops_of_part, first, leaving)
                first += len(ops_of_part)
        else:
            for op in ops:
                self.add_op(op)
        for value, name, kind in self.results:
            self.leave(value, name, kind)

    def divided(self, ops: Sequence[Op], results: list[Value]) -> list[tuple[list[Op], list[Value]]]:
        """Consecutive ops, cut where the user's function changes if that is near, and what later ones take of each."""
        parts = _pieces(ops, max(PART, ceil(len(ops) / PARTS)))
        users: dict[Value, set[int]] = {value: {-1} for value in results}
        for place, part in enumerate(parts):
            for op in part:
                for value in self.facts.uses(op):
                    users.setdefault(value, set()).add(place)
        made = [[value for op in part for value in op.outputs] for part in parts]
        return [
            (part, [value for value in values if users.get(value, set()) - {place}])
            for place, (part, values) in enumerate(zip(parts, made))
        ]

    def add_part(self, ops: list[Op], first: int, leaving: list[Value]) -> None:
        facts = self.facts
        node = facts.part(ops, first)
        node.ports = [facts.port(value) for value in leaving]
        needed = facts.needed(ops, (), ())
        inner = self.section(node, "", dict(needed))
        inner.ops, inner.results = ops, [(value, facts.name(value), "next") for value in leaving]
        written = dict.fromkeys(value for op in ops for value in facts.written[op])
        self.add(node, [(value, "value") for value in needed], leaving, written, any(op in facts.acts for op in ops))

    def add_op(self, op: Op) -> None:
        facts = self.facts
        node = facts.node(op)
        for head, block, names_outside in facts.sections(op) if op.blocks else ():
            self.add_block(node, op, head, block, names_outside)
        used = [(value, self.role(op, place)) for place, value in enumerate(op.inputs) if not is_inline(value)]
        used += [(value, "captured") for value in facts.uses(op)]
        self.add(node, used, op.outputs, facts.written[op], op in facts.acts)

    def role(self, op: Op, place: int) -> str:
        if op.definition.name == "cond":
            return "condition"
        if op.definition.name == "while_loop":
            return "value" if place == 0 and op.call.kwargs.get("form") == "for" else "state"
        return "value"

    def add_block(self, node: Node, op: Op, head: str, block: Block, outside: list[str]) -> None:
        inner = self.section(node, head, dict(self.facts.needs[block]))
        used = set(self.facts.needed(block.ops, block.results or (), ()))
        starts = op.inputs[len(op.inputs) - len(op.outputs) :] if op.definition.name == "while_loop" else ()
        items = len(block.inputs) - len(starts)
        for place, value in enumerate(block.inputs):
            if value not in used and op.definition.name != "define":
                continue
            note = (
                f"starts as {self.facts.name(starts[place - items])}"
                if place >= items and head == "body" and starts
                else ""
            )
            inner.enter(value, "state" if place >= items and starts else "item", note)
        inner.ops = block.ops
        kind = "next" if head == "body" and starts else "result"
        inner.results = [(value, name, kind) for value, name in zip(block.results or (), outside)]

    def section(self, node: Node, head: str, given: dict[Value, None]) -> _Filling:
        section = Section(head)
        node.sections.append(section)
        inner = _Filling(self.facts, self.todo, section.region, given)
        self.todo.append(inner)
        return inner

    def add(
        self,
        node: Node,
        used: Sequence[tuple[Value, str]],
        outputs: Sequence[Value],
        written: Iterable[Value],
        acts: bool,
    ) -> None:
        self.region.nodes.append(node)
        for value, role in used:
            self.join(value, node, role)
            if value in self.writers:
                self.order(self.writers[value], node)
            self.readers.setdefault(value, []).append(node)
        for value in written:
            for reader in self.readers.pop(value, ()):
                self.order(reader, node)
            self.writers[value] = node
        if acts and self.actor is not None:
            self.order(self.actor, node)
        self.actor = node if acts else self.actor
        for place, value in enumerate(outputs):
            self.made[value] = node, place

    def join(self, value: Value, node: Node, role: str) -> None:
        source, port = self.made[value]
        if (source, port, node) not in self.joined:
            self.joined.add((source, port, node))
            self.region.edges.append(Edge(source, port, node, role))

    def order(self, first: Node, then: Node) -> None:
        known = first is then or any((first, port, then) in self.joined for port in (None, *range(len(first.ports))))
        if not known:
            self.joined.add((first, None, then))
            self.region.edges.append(Edge(first, None, then, "order"))

    def leave(self, value: Value, name: str, kind: str) -> None:
        node = Node(kind, name, text=f"= {cut(self.facts.name(value), 24)}", ports=[])
        node.printed = f"{name}: {value.type}"
        self.region.nodes.append(node)
        if not is_inline(value):
            self.join(value, node, "value")


def _pieces(ops: Sequence[Op], size: int) -> list[list[Op]]:
    """Consecutive ops in pieces of about `size`, that end with a line of the user's where one ends in time."""
    pieces: list[list[Op]] = [[]]
    for _, group in groupby(ops, key=lambda op: op.frame and (op.frame.file, op.frame.line, op.frame.caller)):
        line = list(group)
        if pieces[-1] and len(pieces[-1]) + len(line) > size:
            pieces.append([])
        while len(line) > size:
            pieces[-1] += line[:size]
            pieces.append([])
            line = line[size:]
        pieces[-1] += line
    return [piece for piece in pieces if piece]
