"""Program → Graph: nodes, boxes and edges, in regions that each are drawn on their own.

    def f(x, y):                       region of f:   (x) (y) → greater → [box] → (return)
        if x > y: z = x + y            box:           title "if x > y", sections "then" and "else"
        else: z = x - y                section then:  (x) (y) captured → add → (z)

Each op is in the graph once: as a node, or as a box where it holds Blocks. No edge crosses the border of a box: a value
that comes from outside enters by a node of its own in the region, and a Block's results leave by nodes.
A long list of ops is drawn as a row of boxes, `parts`, of consecutive ops.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from runtime.ir import Op


@dataclass(slots=True, eq=False)
class Port:
    """A value that leaves a node."""

    name: str
    type: str


@dataclass(slots=True, eq=False)
class Node:
    """An op, a box, or the place where a value enters or leaves a region.

    kind      op; cond, loop, try, function, part: boxes; input, weight, constant, state, item, captured: a value that
              enters; result, next: one that leaves
    title     the op's name, the user's condition, or the value's name
    name      the user's variables
    text      the expression; what a state starts with
    place     file:line, and the user's `source` line there
    printed   the op as the printed program has it
    cost      what it costs, where that was measured; heat from 0 to 5 says how much that is of the whole
    """

    kind: str
    title: str
    name: str = ""
    text: str = ""
    place: str = ""
    source: str = ""
    printed: str = ""
    cost: str = ""
    heat: int = 0
    ports: list[Port] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    op: Op | None = None


@dataclass(slots=True, eq=False)
class Edge:
    """A value that flows, or with `port` None an order that effects must keep.

    role   value, condition, state (what a loop starts with), captured, order
    """

    source: Node
    port: int | None
    target: Node
    role: str


@dataclass(slots=True, eq=False)
class Region:
    """Nodes and edges that are laid out together, the nodes in program order."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Section:
    """One part of a box: a branch, a test, a body."""

    title: str
    region: Region = field(default_factory=Region)


@dataclass(slots=True, eq=False)
class Graph:
    """`regions`: the outermost first, and each before those of the boxes in it. `note` says what a run costs."""

    name: str
    regions: list[Region]
    ops: int
    note: str = ""
