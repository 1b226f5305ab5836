"""Layout → one HTML file that needs no server and no network: the drawing, and what folds, searches and moves it.

The drawing is whole without JavaScript. The page's rules (`page.css`) and program (`page.js`) stand in it as they are;
what the program knows of the layout is JSON of `data_of`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from runtime.picture import layout as sizes
from runtime.picture.graph import Graph, Node, Region, Section
from runtime.picture.layout import Layout, Piece, layout_of, size_of
from runtime.picture.svg import MARGIN, PALETTE, STEM, Numbers, drawing, escaped, style

SHOWN = 150  # nodes that a page starts with; the boxes beyond are folded

LEGEND = (
    '<span><i class="input-mark">▸</i>input</span>'
    '<span><i class="weight-mark">◆</i>weight, parameter</span>'
    '<span><i class="result-mark">◂</i>result</span>'
    '<span><i class="state-mark">↻</i>state of a loop</span>'
    '<span><i class="item-mark">•</i>item of a loop, parameter</span>'
    '<span><i class="captured-mark">↳</i>captured: made outside</span>'
    '<span><b class="line condition"></b>condition</span>'
    '<span><b class="line state"></b>state starts as</span>'
    '<span><b class="line captured"></b>captured</span>'
    '<span><b class="line order"></b>order of effects</span>'
)
HEAT = '<span><b class="heat-mark"></b>share of the time, from pale to dark</span>'
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>{name}</title>
<style>
{css}
</style>
</head>
<body>
<header>
<h1>{name}</h1><span class="count">{count}</span>
<input id="search" type="search" placeholder="search  ( / )" aria-label="search"><span id="found" role="status"></span>
<span class="space"></span>
<button id="unfold" title="open all boxes">open all</button>
<button id="fold" title="fold all boxes">fold all</button>
<button id="out" title="smaller" aria-label="smaller">−</button>
<button id="in" title="larger" aria-label="larger">+</button>
<button id="fit" title="the whole picture">fit</button>
<button id="theme" title="light or dark">◐</button>
</header>
<div id="stage">
{drawing}<div id="tip"></div>
</div>
<footer>{legend}</footer>
<script type="application/json" id="data">{data}</script>
<script>
{program}</script>
</body>
</html>
"""


def page_of(graph: Graph) -> str:
    layout = layout_of(graph, folded_at_first(graph))
    count = f"{graph.ops} op{'s' * (graph.ops != 1)}" + (f" · {graph.note}" if graph.note else "")
    return PAGE.format(
        name=escaped(graph.name), count=escaped(count), css=css(), drawing=drawing(layout, ""),
        legend=LEGEND + (HEAT if graph.note else ""),
        data=json.dumps(data_of(layout), separators=(",", ":")).replace("<", "\\u003c"), program=_file("page.js"),
    )  # fmt: skip


def folded_at_first(graph: Graph) -> list[Node]:
    """The boxes beyond the first SHOWN nodes, the outer ones opened first."""
    shown, folded, inside = len(graph.regions[0].nodes), [], {graph.regions[0]}
    for region in graph.regions:
        for node in region.nodes if region in inside else ():
            more = sum(len(section.region.nodes) for section in node.sections)
            if shown + more > SHOWN or node.kind == "part":
                folded.append(node) if node.sections else None
            else:
                shown += more
                inside |= {section.region for section in node.sections}
    unseen = (node for region in graph.regions if region not in inside for node in region.nodes if node.sections)
    return [*folded, *unseen]


def css() -> str:
    """The palette as variables, the drawing's rules by them, and the page's."""
    light, dark = (";".join(f"--{name}:{pair[place]}" for name, pair in PALETTE.items()) for place in (0, 1))
    drawn = style({name: f"var(--{name})" for name in PALETTE})
    return (
        f":root {{ color-scheme: light; {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ color-scheme: dark; {dark} }} }}\n"
        f":root[data-theme=dark] {{ color-scheme: dark; {dark} }}\n{drawn}\n{_file('page.css')}"
    )


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


def data_of(layout: Layout) -> dict[str, Any]:
    """Sizes, rows and links by number: what `place` of layout.py works on."""
    return _Data(layout).data


class _Data:
    def __init__(self, layout: Layout):
        self.layout = layout
        self.numbers = Numbers(layout)
        self.regions = {region: number for number, region in enumerate(layout.graph.regions)}
        self.sections = {
            section.region: (layout.cells[node], section)
            for region in layout.graph.regions
            for node in region.nodes
            for section in node.sections
        }
        self.data = {
            "cells": [self.cell(cell) for cell in self.numbers.cells],
            "regions": [self.region(region) for region in layout.graph.regions],
            "folded": sorted(self.numbers.cells[layout.cells[node]] for node in layout.folded),
            "sizes": {
                "gapX": sizes.GAP_X, "near": sizes.NEAR, "gapY": sizes.GAP_Y, "low": sizes.LOW, "pad": sizes.PAD,
                "head": sizes.HEAD, "wide": sizes.WIDE, "sweeps": sizes.PLACING, "margin": MARGIN, "stem": STEM,
            },
        }  # fmt: skip

    def cell(self, cell: sizes.Cell) -> dict[str, Any]:
        if cell.node is None:
            return {"w": cell.width, "h": cell.height, "bend": 1}
        width, height = size_of(cell.node)
        label = [_round(cell.label[0]), _round(cell.label[1], 4)]
        if not cell.node.sections:
            return {"w": _round(width), "h": height, "label": label}
        regions = [self.regions[section.region] for section in cell.node.sections]
        return {"own": [_round(width), height], "regions": regions, "label": label}

    def region(self, region: Region) -> dict[str, Any]:
        rows = self.layout.rows[region]
        box, section = self.sections.get(region, (None, None))
        trunks: dict[tuple[Node, int | None], int] = {}
        return {
            "box": -1 if box is None else self.numbers.cells[box],
            "caption": sizes.CAPTION if section is not None and section.title else 0,
            "least": _least(section),
            "rows": [[self.numbers.cells[cell] for cell in row] for row in rows.rows],
            "links": [self.link(pieces, trunks) for pieces in rows.links],
        }

    def link(self, pieces: Iterable[Piece], trunks: dict[tuple[Node, int | None], int]) -> list[list[Any]]:
        """Of each piece: source, target, where it leaves and enters, its number, and the number of its value."""
        cells = self.numbers.cells
        return [
            [
                cells[piece.source], cells[piece.target], _round(piece.out, 4), _round(piece.into, 4),
                self.numbers.pieces[piece],
                trunks.setdefault((piece.edge.source, piece.edge.port), len(trunks)),
            ]
            for piece in pieces
        ]  # fmt: skip


def _least(section: Section | None) -> float:
    return 60.0 if section is None else max(len(section.title) * sizes.SMALL + 2 * sizes.PAD, 60.0)


def _round(number: float, digits: int = 1) -> float:
    return round(number, digits)
