"""Layout → SVG: one flat list of regions, each a group at its place, so that the page can move and hide them.

<g class="region" id="r1">   panel and caption of its section, edges, nodes
    <path class="edge state" id="e7">    a piece of an edge
    <g class="node op" id="n3">          a node, with what a pointer over it shows as its <title>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from runtime.picture.graph import Graph, Node, Region, Section
from runtime.picture.layout import (
    CAPTION,
    CHAR,
    HEAD,
    LONGEST,
    PAD,
    SMALL,
    Cell,
    Layout,
    Piece,
    Rows,
    label_of,
    layout_of,
    section_size,
)
from runtime.picture.sources import cut

MARGIN = 24.0
STEM = 14.0  # straight, beside the type
MARKS = {
    "input": "▸", "weight": "◆", "constant": "■", "state": "↻", "next": "↻", "item": "•", "captured": "↳",
    "result": "◂",
}  # fmt: skip
ROLES = ("value", "condition", "state", "captured", "order")
# Of each colour its light and its dark form.
PALETTE = {
    "paper": ("#ffffff", "#15181d"), "card": ("#fdfdfc", "#1d2127"), "panel": ("#f0f1f3", "#2a2f37"),
    "line": ("#dfe2e6", "#343a44"), "ink": ("#1c2128", "#e3e7ec"), "dim": ("#6a737f", "#97a1ae"),
    "name": ("#8a3d8f", "#d9a0e0"), "edge": ("#808b98", "#7c8796"), "hot": ("#d6336c", "#ff7aa8"),
    "input": ("#1f6fb2", "#6cb2ee"), "input-fill": ("#e2f0fc", "#16324b"),
    "result": ("#237a3b", "#6fcf8a"), "result-fill": ("#e1f5e6", "#173a22"),
    "weight": ("#9a6b00", "#e3b341"), "weight-fill": ("#fff3d1", "#40320f"),
    "state": ("#0b7a75", "#4fc9c2"), "state-fill": ("#dcf4f2", "#12393a"),
    "item": ("#b3541e", "#f0a070"), "item-fill": ("#fdeadf", "#44270f"),
    "captured": ("#7048c8", "#b197fc"), "cond": ("#b8860b", "#e0b84c"), "cond-fill": ("#fbf1d5", "#3b3216"),
    "heat": ("#e8590c", "#f08c4a"),
    "acts": ("#c0392b", "#ff8a7a"), "acts-fill": ("#fde4e1", "#4a1f1a"),
}  # fmt: skip


class Colours(Template):
    idpattern = r"[a-z]+(?:-[a-z]+)*"


def svg_of(graph: Graph) -> str:
    """A whole .svg file: all boxes open, light or dark as the viewer's system is."""
    light, dark = (style({name: pair[place] for name, pair in PALETTE.items()}) for place in (0, 1))
    return drawing(layout_of(graph), f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}}}\n")


def style(colours: dict[str, str]) -> str:
    return Colours(Path(__file__).with_name("picture.css").read_text("utf-8")).substitute(colours)


def drawing(layout: Layout, css: str) -> str:
    outer = layout.rows[layout.graph.regions[0]]
    width, height = outer.width + 2 * MARGIN, outer.height + 2 * MARGIN + 14
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label={quoted("program " + layout.graph.name)}>',
        f"<style>\n{css}</style>" if css else "",
        "<defs>",
        *(
            f'<marker id="arrow-{role}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5 8 4 0 7.5z"/></marker>'
            for role in ROLES
        ),
        "</defs>",
        '<g id="view">',
        *_Drawing(layout).lines(),
        "</g>",
        "</svg>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


class Numbers:
    """The number of each cell and piece, which are their ids in the drawing and in the page's data."""

    def __init__(self, layout: Layout):
        everything = [layout.rows[region] for region in layout.graph.regions]
        cells = [cell for rows in everything for row in rows.rows for cell in row]
        pieces = [piece for rows in everything for link in rows.links for piece in link]
        self.cells = {cell: number for number, cell in enumerate(cells)}
        self.pieces = {piece: number for number, piece in enumerate(pieces)}


class _Drawing:
    def __init__(self, layout: Layout):
        self.layout = layout
        self.numbers = Numbers(layout)
        self.places: dict[Region, tuple[float, float]] = {layout.graph.regions[0]: (MARGIN, MARGIN)}
        self.sections: dict[Region, Section] = {}
        self.hidden: set[Region] = set()

    def lines(self) -> Iterator[str]:
        for number, region in enumerate(self.layout.graph.regions):
            yield from self.region(number, region)

    def region(self, number: int, region: Region) -> Iterator[str]:
        rows, (x, y) = self.layout.rows[region], self.places[region]
        hidden = ' display="none"' if region in self.hidden else ""
        yield f'<g class="region" id="r{number}" transform="translate({x:.1f} {y:.1f})"{hidden}>'
        if region in self.sections:
            yield from self.panel(self.sections[region], rows)
        for rank, pieces in enumerate(rows.links):
            for piece in pieces:
                yield self.edge(piece, rows.tops[rank - 1][1], rows.tops[rank])
        used = {(edge.source, edge.port) for edge in region.edges}
        for cell in (cell for row in rows.rows for cell in row):
            if cell.node is not None:
                yield from self.node(cell, cell.node, used, region in self.hidden)
                self.enter(cell, cell.node, (x, y), region in self.hidden)
        yield "</g>"

    def enter(self, cell: Cell, node: Node, origin: tuple[float, float], hidden: bool) -> None:
        """Says where the regions in a box are."""
        for section in node.sections:
            self.sections[section.region] = section
            left, top = self.layout.corners.get(section, (0.0, 0.0))
            caption = CAPTION if section.title else 0.0
            x = origin[0] + cell.x - cell.width / 2 + left + PAD
            self.places[section.region] = x, origin[1] + cell.y + top + caption + 8
            if hidden or node in self.layout.folded:
                self.hidden.add(section.region)

    def panel(self, section: Section, rows: Rows) -> Iterator[str]:
        width, height = section_size(section, rows)
        top = -8 - (CAPTION if section.title else 0)
        yield f'<rect class="panel" x="{-PAD:.0f}" y="{top:.0f}" width="{width:.1f}" height="{height:.1f}" rx="5"/>'
        if section.title:
            yield f'<text class="caption" x="-4" y="-12">{escaped(section.title)}</text>'

    def edge(self, piece: Piece, bottom: float, row: tuple[float, float]) -> str:
        target, edge = piece.target, piece.edge
        arrow = "" if target.node is None else f' marker-end="url(#arrow-{edge.role})"'
        name, drawn = self.numbers.pieces[piece], path(piece, bottom, row[0])
        return (
            f'<path class="edge {edge.role}" id="e{name}" d="{drawn}"{arrow}>'
            f"<title>{escaped(about_edge(piece))}</title></path>"
        )

    def node(self, cell: Cell, node: Node, used: set[tuple[Node, int | None]], hidden: bool) -> Iterator[str]:
        kind = f"box {node.kind}" if node.sections else node.kind
        acts = " acts" if node.op is not None and not node.sections and node.op.definition.effect != "pure" else ""
        heat = f" heat-{node.heat}" if node.heat else ""
        left = cell.x - cell.width / 2
        yield (
            f'<g class="node {kind}{acts}{heat}" id="n{self.numbers.cells[cell]}" '
            f'transform="translate({left:.1f} {cell.y:.1f})"><title>{escaped(about(node))}</title>'
        )
        yield from self.box(cell, node) if node.sections else shape(cell, node)
        for place, port in enumerate(node.ports):
            if (node, place) in used:
                at = (place + 0.5) / len(node.ports)
                x, y = at * cell.width + 5, cell.height + 12
                label = escaped(label_of(node, port))
                yield f'<text class="type" data-at="{at:.4f}" x="{x:.1f}" y="{y:.1f}">{label}</text>'
        yield "</g>"

    def box(self, cell: Cell, node: Node) -> Iterator[str]:
        mark = "▸" if node in self.layout.folded else "▾"
        yield f'<rect class="frame" width="{cell.width:.1f}" height="{cell.height:.1f}" rx="7"/>'
        yield f'<path class="head" d="{head_path(cell.width, cell.height <= HEAD)}"/>'
        yield f'<text class="fold" x="9" y="18">{mark}</text>'
        yield f'<text class="title" x="26" y="18">{escaped(node.title)}</text>'
        if node.place:
            x = 36 + len(node.title) * CHAR
            yield f'<text class="dim small place" x="{x:.1f}" y="18">{escaped(node.place)}</text>'
        if node.cost:
            x = 36 + len(node.title) * CHAR + (len(node.place) * SMALL + 14 if node.place else 0)
            yield f'<text class="small cost" x="{x:.1f}" y="18">{escaped(node.cost)}</text>'


def head_path(width: float, alone: bool) -> str:
    """The band of a box's title, round where the box is."""
    low = "a6 6 0 0 1-6 6H7a6 6 0 0 1-6-6V7" if alone else "H1V7"
    down = HEAD - 7 if alone else HEAD
    return f"M1 7a6 6 0 0 1 6-6H{width - 7:.1f}a6 6 0 0 1 6 6V{down:.1f}{low}z"


def path(piece: Piece, bottom: float, top: float) -> str:
    """Down to the end of the row, a curve to the next row, and down to the node."""
    x = piece.source.x + (piece.out - 0.5) * piece.source.width
    end = piece.target.x + (piece.into - 0.5) * piece.target.width
    start = piece.source.y + piece.source.height
    stem = bottom + (STEM if piece.source.node is not None else 0)
    middle = (stem + top) / 2
    last = "" if piece.target.y == top else f"V{piece.target.y:.1f}"
    return f"M{x:.1f} {start:.1f}V{stem:.1f}C{x:.1f} {middle:.1f} {end:.1f} {middle:.1f} {end:.1f} {top:.1f}{last}"


def shape(cell: Cell, node: Node) -> Iterator[str]:
    round_ = 6 if node.kind == "op" else cell.height / 2
    yield f'<rect class="shape" width="{cell.width:.1f}" height="{cell.height:.1f}" rx="{round_:.0f}"/>'
    text = escaped(cut(node.text, LONGEST))
    if node.kind == "op":
        yield f'<text class="title" x="10" y="18">{escaped(node.title)}</text>'
        if node.name:
            yield f'<text class="name" text-anchor="end" x="{cell.width - 10:.1f}" y="18">{escaped(node.name)}</text>'
        if text:
            yield f'<text class="small dim" x="10" y="35">{text}</text>'
        if node.cost:
            yield f'<text class="small cost" x="10" y="{cell.height - 8:.1f}">{escaped(node.cost)}</text>'
        return
    title = cut(node.title, LONGEST)
    yield f'<text class="title" x="10" y="16">{MARKS[node.kind]} {escaped(title)}</text>'
    if text:
        yield f'<text class="small dim" x="{10 + (len(title) + 3) * CHAR:.1f}" y="16">{text}</text>'


def about(node: Node) -> str:
    """What a pointer over a node shows: its types, its line."""
    said = {
        "input": "input", "weight": "weight", "constant": "constant", "state": "state of the loop",
        "item": "set anew each time", "captured": "captured: made outside", "result": "result",
        "next": "value that goes on",
    }.get(node.kind)  # fmt: skip
    lines = [node.printed] if node.printed else []
    if said:
        types = ", ".join(f"{port.name}: {port.type}" for port in node.ports)
        lines = [f"{said} {node.printed or types} {node.text}".rstrip()]
    elif node.sections:
        lines = [node.title, *(f"gives {port.name}: {port.type}" for port in node.ports)]
    place = f"{node.place}   {node.source}".rstrip()
    return "\n".join([*lines, *(line for line in (place, node.cost) if line)])


def about_edge(piece: Piece) -> str:
    edge = piece.edge
    if edge.port is None:
        return "effects stay in this order"
    port = edge.source.ports[edge.port]
    return f"{port.name}: {port.type}" + ("" if edge.role == "value" else f" ({edge.role})")


# What neither XML nor HTML may hold.
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010fffd]")
_NAMED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def escaped(text: str) -> str:
    return _CONTROL.sub("\ufffd", text).translate(_NAMED)


def quoted(text: str) -> str:
    return f'"{escaped(text)}"'
