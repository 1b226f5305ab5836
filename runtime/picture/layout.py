"""Graph → Layout: each region in rows, top to bottom, in the order that keeps edges short and crossings few.

Ranks are longest paths; an edge over several rows goes through bends, one a row, that all edges of its value share.
Rows are ordered by barycentres, up and down. Then each row is placed as near to its neighbours as its order allows.
A box is laid out as a region for each section, side by side, and is a node of that size outside.
`place` is what the page does again, in JavaScript, when a box is folded: ranks and orders stay, places change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from runtime.picture.graph import Edge, Graph, Node, Port, Region, Section
from runtime.picture.sources import cut

CHAR, SMALL = 7.3, 6.1  # width of a character at 12 and 10 pixels: the fonts are of one width
GAP_X, GAP_Y = 18.0, 44.0
NEAR = 8.0  # between two bends
OVER = 12.0  # by which the type of the last port may stand out of its node
PAD = 14.0  # around a region in its section
HEAD = 28.0  # the title of a box
CAPTION = 20.0  # the title of a section
PILL, OP, OP_TEXT = 24.0, 28.0, 44.0
COST = 15.0  # the line of an op that says what it costs
WIDE = 1500.0  # where the next section of a box starts a new line
ORDERING, PLACING = 6, 6  # sweeps
LOW = 60.0  # a row up to this height has its nodes in its middle; in others they hang from its top
LONGEST = 34  # characters of a text, and of a type LONGEST_TYPE
LONGEST_TYPE = 22

ENTERS = ("captured", "weight", "constant")
LEAVES = ("result", "next")


@dataclass(slots=True, eq=False)
class Cell:
    """A node in a row, or a bend of an edge. x is its middle, y its top, in its region."""

    node: Node | None
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0
    label: tuple[float, float] = 0.0, 0.0  # the last type below it: its length, and the part of the width it starts at

    @property
    def right(self) -> float:
        """From its middle to the right end of the node, and of the type where that stands out."""
        length, start = self.label
        return max(self.width / 2, (start - 0.5) * self.width + length)


@dataclass(slots=True, eq=False)
class Piece:
    """An edge from one row to the next. `out` and `into` are where it leaves and enters, as parts of the widths."""

    source: Cell
    target: Cell
    out: float
    into: float
    edge: Edge


@dataclass(slots=True, eq=False)
class Rows:
    """A region that is laid out; `links` are, for each row, the pieces that come from the row before."""

    rows: list[list[Cell]]
    links: list[list[Piece]]
    tops: list[tuple[float, float]] = field(default_factory=list)  # of each row its top and its bottom
    width: float = 0.0
    height: float = 0.0


@dataclass(slots=True, eq=False)
class Layout:
    graph: Graph
    cells: dict[Node, Cell]
    rows: dict[Region, Rows]
    corners: dict[Section, tuple[float, float]] = field(default_factory=dict)  # in their box
    folded: set[Node] = field(default_factory=set)


def layout_of(graph: Graph, folded: Iterable[Node] = ()) -> Layout:
    layout = Layout(graph, {}, {}, folded=set(folded))
    for region in graph.regions:
        rows = layout.rows[region] = _arranged(region)
        layout.cells.update((cell.node, cell) for row in rows.rows for cell in row if cell.node is not None)
    for region in reversed(graph.regions):  # what is in a box stands after it
        place(layout, region)
    return layout


# Ranks and orders


def _arranged(region: Region) -> Rows:
    ranks = _ranks(region)
    cells = {node: Cell(node, *size_of(node)) for node in region.nodes}
    for edge in region.edges:
        cells[edge.source].label = max(cells[edge.source].label, _label(edge), key=lambda label: label[1])
    rows: list[list[Cell]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for node in region.nodes:
        rows[ranks[node]].append(cells[node])
    links = _links(region, ranks, cells, rows)
    _order(rows, links)
    _fan_in(rows, links)
    return Rows(rows, links)


def _ranks(region: Region) -> dict[Node, int]:
    """Longest paths; what enters stands close to its first use, and results stand in the last row."""
    before: dict[Node, list[Node]] = {node: [] for node in region.nodes}
    after: dict[Node, list[Node]] = {node: [] for node in region.nodes}
    for edge in region.edges:
        before[edge.target].append(edge.source)
        after[edge.source].append(edge.target)
    ranks: dict[Node, int] = {}
    for node in region.nodes:  # in program order, so that sources come first
        ranks[node] = max((ranks[other] + 1 for other in before[node]), default=0)
    last = max(ranks.values(), default=0)
    for node in region.nodes:
        if node.kind in LEAVES:
            ranks[node] = max(last, 1)
    for node in region.nodes:
        if node.kind in ENTERS and after[node]:
            ranks[node] = max(0, min(ranks[other] for other in after[node]) - 1)
    return ranks


def _links(
    region: Region, ranks: dict[Node, int], cells: dict[Node, Cell], rows: list[list[Cell]]
) -> list[list[Piece]]:
    """The pieces of all edges. The bends of a value's edges are shared: each row has at most one for each role."""
    links: list[list[Piece]] = [[] for _ in rows]
    bends: dict[tuple[Node, int | None, str, int], Cell] = {}
    for edge in region.edges:
        cell, out = cells[edge.source], out_of(edge)
        for rank in range(ranks[edge.source] + 1, ranks[edge.target]):
            key = edge.source, edge.port, edge.role, rank
            if key not in bends:
                bends[key] = Cell(None, 4.0, 0.0)
                rows[rank].append(bends[key])
                links[rank].append(Piece(cell, bends[key], out, 0.5, edge))
            cell, out = bends[key], 0.5
        links[ranks[edge.target]].append(Piece(cell, cells[edge.target], out, 0.5, edge))
    return links


def _label(edge: Edge) -> tuple[float, float]:
    if edge.port is None:
        return 0.0, 0.0
    return len(label_of(edge.source, edge.source.ports[edge.port])) * SMALL + 8 - OVER, out_of(edge)


def out_of(edge: Edge) -> float:
    """Where an edge leaves its node: each port has its own place."""
    return 0.5 if edge.port is None else (edge.port + 0.5) / max(1, len(edge.source.ports))


def _order(rows: list[list[Cell]], links: list[list[Piece]]) -> None:
    """Sorts each row by the middle of its neighbours in the row before, then in the row after, and again."""
    above: dict[Cell, list[Piece]] = {cell: [] for row in rows for cell in row}
    below: dict[Cell, list[Piece]] = {cell: [] for row in rows for cell in row}
    for pieces in links:
        for piece in pieces:
            above[piece.target].append(piece)
            below[piece.source].append(piece)
    at = {cell: (place + 0.5) / len(row) for row in rows for place, cell in enumerate(row)}
    for sweep in range(ORDERING):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            wanted = {cell: _barycentre(at, above[cell] if down else below[cell], down, at[cell]) for cell in row}
            row.sort(key=wanted.__getitem__)
            for place, cell in enumerate(row):
                at[cell] = (place + 0.5) / len(row)


def _barycentre(at: dict[Cell, float], pieces: list[Piece], down: bool, own: float) -> float:
    if not pieces:
        return own
    return sum(at[piece.source] + piece.out / 1000 if down else at[piece.target] for piece in pieces) / len(pieces)


def _fan_in(rows: list[list[Cell]], links: list[list[Piece]]) -> None:
    """Spreads the edges that enter a node over its width, in the order in which they come from above."""
    for rank, pieces in enumerate(links):
        at = {cell: place for place, cell in enumerate(rows[rank - 1])} if rank else {}
        entering: dict[Cell, list[Piece]] = {}
        for piece in pieces:
            entering.setdefault(piece.target, []).append(piece)
        for target, found in entering.items():
            found.sort(key=lambda piece: at[piece.source] + piece.out / 2)
            for place, piece in enumerate(found):
                piece.into = 0.5 if target.node is None else (place + 1) / (len(found) + 1)


# Sizes


def size_of(node: Node) -> tuple[float, float]:
    """Of a node that stands for itself: a folded box, an op, a value."""
    types = max((len(label_of(node, port)) * SMALL + 8 for port in node.ports), default=0.0)
    # Each label starts at the middle of its port's share of the width.
    types = 2 * (types - OVER) if len(node.ports) == 1 else types * len(node.ports)
    if node.sections:
        said = len(node.title) + len(node.place) + (len(node.cost) + 2 if node.cost else 0)
        return max(types, (said + 3) * CHAR + 34, 120.0), HEAD
    title = len(node.title) + (len(node.name) + 3 if node.name else 0)
    width = max(title * CHAR, len(cut(node.text, LONGEST)) * SMALL, len(node.cost) * SMALL) + 20
    if node.kind == "op":
        return max(width, types, 60.0), (OP_TEXT if node.text else OP) + (COST if node.cost else 0)
    return max((len(node.title) + 3) * CHAR + len(cut(node.text, LONGEST)) * SMALL + 18, types), PILL


def label_of(node: Node, port: Port) -> str:
    """What stands at an edge where it leaves its node: the type, with the name where there are several, or of a box."""
    type = cut(port.type, LONGEST_TYPE)
    return f"{cut(port.name, LONGEST_TYPE)}: {type}" if node.sections or len(node.ports) > 1 else type


# Places


def place(layout: Layout, region: Region) -> None:
    """Gives each cell of a region its place. The boxes in it must have their sizes."""
    rows = layout.rows[region]
    for row in rows.rows:
        for cell in row:
            if cell.node is not None and cell.node.sections:
                cell.width, cell.height = _box_size(layout, cell.node)
    _place_x(rows)
    _place_y(rows)


def _box_size(layout: Layout, node: Node) -> tuple[float, float]:
    """Puts the sections of a box side by side, in several lines where they are wide."""
    width, height = size_of(node)
    if node in layout.folded:
        return width, height
    x, y, line = PAD, HEAD + PAD / 2, 0.0
    for section in node.sections:
        inner = layout.rows[section.region]
        wide, high = section_size(section, inner)
        if x > PAD and x + wide > WIDE:
            x, y, line = PAD, y + line + PAD, 0.0
        layout.corners[section] = x, y
        x, line = x + wide + PAD, max(line, high)
        width = max(width, x)
    return width, y + line + PAD


def section_size(section: Section, inner: Rows) -> tuple[float, float]:
    caption = CAPTION if section.title else 0.0
    return max(inner.width + 2 * PAD, len(section.title) * SMALL + 2 * PAD, 60.0), inner.height + caption + PAD + 10


def _place_x(rows: Rows) -> None:
    for row in rows.rows:
        _pack(row, [0.0] * len(row), [1.0] * len(row))
    for sweep in range(PLACING):
        down = sweep % 2 == 0
        order = range(len(rows.rows)) if down else range(len(rows.rows) - 1, -1, -1)
        for rank in order:
            pieces = rows.links[rank] if down else rows.links[rank + 1] if rank + 1 < len(rows.rows) else []
            _pull(rows.rows[rank], pieces, down)
    left = min((cell.x - cell.width / 2 for row in rows.rows for cell in row), default=0.0)
    for row in rows.rows:
        for cell in row:
            cell.x -= left
    rows.width = max((cell.x + cell.right for row in rows.rows for cell in row), default=0.0)


def _pull(row: list[Cell], pieces: list[Piece], down: bool) -> None:
    """Moves the cells of a row towards where their edges would be straight; bends hold on most."""
    sums = dict.fromkeys(row, (0.0, 0))
    for piece in pieces:
        out = piece.source.x + (piece.out - 0.5) * piece.source.width
        into = piece.target.x + (piece.into - 0.5) * piece.target.width
        moved, by = (piece.target, out - into) if down else (piece.source, into - out)
        total, count = sums[moved]
        sums[moved] = total + by, count + 1
    wanted = [cell.x + (sums[cell][0] / sums[cell][1] if sums[cell][1] else 0.0) for cell in row]
    _pack(row, wanted, [(0.1 if not sums[cell][1] else 4.0 if cell.node is None else 1.0) for cell in row])


def _pack(row: Sequence[Cell], wanted: Sequence[float], weights: Sequence[float]) -> None:
    """Places cells in their order without overlaps, with the least sum of weighted squares of ways to `wanted`."""
    groups: list[tuple[float, float, int]] = []  # of each its weight, weighted sum of wanted starts, number of cells
    offset, offsets = 0.0, []
    for index, cell in enumerate(row):
        if index:
            near = row[index - 1].node is None and cell.node is None
            offset += row[index - 1].right + cell.width / 2 + (NEAR if near else GAP_X)
        offsets.append(offset)
        group = weights[index], weights[index] * (wanted[index] - offset), 1
        while groups and groups[-1][1] / groups[-1][0] > group[1] / group[0]:
            last = groups.pop()
            group = last[0] + group[0], last[1] + group[1], last[2] + group[2]
        groups.append(group)
    index = 0
    for weight, total, count in groups:
        for _ in range(count):
            row[index].x = total / weight + offsets[index]
            index += 1


def _place_y(rows: Rows) -> None:
    y, rows.tops = 0.0, []
    for row in rows.rows:
        height = max((cell.height for cell in row), default=0.0)
        for cell in row:
            cell.y = y + ((height - cell.height) / 2 if height < LOW else 0.0)
        rows.tops.append((y, y + height))
        y += height + GAP_Y
    rows.height = max(y - GAP_Y, 0.0)
