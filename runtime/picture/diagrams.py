"""Graph → text for other programs: DOT of Graphviz, and Mermaid. Boxes become clusters and subgraphs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from runtime.picture.graph import Edge, Graph, Node, Region

DOT_SHAPES = {
    "input": 'shape=box, style="rounded,filled", fillcolor="#e2f0fc"',
    "result": 'shape=box, style="rounded,filled", fillcolor="#e1f5e6"',
    "weight": 'shape=box3d, style=filled, fillcolor="#fff3d1"',
    "constant": "shape=note",
    "state": 'shape=box, style="rounded,filled", fillcolor="#dcf4f2"',
    "next": 'shape=box, style="rounded,filled", fillcolor="#dcf4f2"',
    "item": 'shape=box, style="rounded,filled", fillcolor="#fdeadf"',
    "captured": 'shape=box, style="rounded,dashed"',
}
DOT_EDGES = {
    "value": "", "condition": ', color="#b8860b", penwidth=2', "state": ', color="#0b7a75", penwidth=2',
    "captured": ', color="#7048c8", style=dashed', "order": ", style=dotted",
}  # fmt: skip
MERMAID_SHAPES = {
    "input": ("([", "])"), "result": ("([", "])"), "state": ("([", "])"), "next": ("([", "])"), "item": ("([", "])"),
    "captured": ("([", "])"), "weight": ("[(", ")]"), "constant": ("[(", ")]"),
}  # fmt: skip
MERMAID_ARROWS = {"value": "-->", "condition": "==>", "state": "==>", "captured": "-.->", "order": "-.-"}
MERMAID_CLASSES = """\
  classDef input fill:#e2f0fc,stroke:#1f6fb2,color:#1c2128
  classDef result fill:#e1f5e6,stroke:#237a3b,color:#1c2128
  classDef weight fill:#fff3d1,stroke:#9a6b00,color:#1c2128
  classDef state fill:#dcf4f2,stroke:#0b7a75,color:#1c2128
  classDef next fill:#dcf4f2,stroke:#0b7a75,color:#1c2128
  classDef item fill:#fdeadf,stroke:#b3541e,color:#1c2128
  classDef captured stroke:#7048c8,stroke-dasharray:5 3"""


def numbers(graph: Graph) -> dict[Node, str]:
    """The name of each node: n0, n1, …, the outermost first."""
    nodes = (node for region in graph.regions for node in region.nodes)
    return {node: f"n{number}" for number, node in enumerate(nodes)}


def nested(graph: Graph, start: Callable[[Node], list[str]], end: str) -> Iterator[tuple[int, str | Node | Edge]]:
    """Depth, and a line, node or edge. What is in a box or section stands between its `start` lines and `end`."""
    stack: list[tuple[int, Iterator[Node | str | Edge | Region]]] = [(1, iter((graph.regions[0],)))]
    while stack:
        depth, items = stack[-1]
        item = next(items, None)
        if item is None:
            stack.pop()
        elif isinstance(item, Region):
            stack.append((depth, iter((*item.nodes, *item.edges))))
        elif isinstance(item, Node) and item.sections:
            yield from ((depth, line) for line in start(item))
            stack.append((depth, iter((end,))))
            stack.append((depth + 1, _inside(item, start, end)))
        else:
            yield depth, item


def _inside(node: Node, start: Callable[[Node], list[str]], end: str) -> Iterator[Node | str | Edge | Region]:
    for section in node.sections:
        if section.title:
            yield from start(Node("section", section.title))
        yield section.region
        if section.title:
            yield end


def label(node: Node) -> list[str]:
    """The lines on a node."""
    first = f"{node.title}  {node.name}" if node.name and not node.sections else node.title
    second = node.place if node.sections else node.text
    return [line for line in (first, second, node.cost) if line]


def type_of(edge: Edge) -> str:
    return "" if edge.port is None else edge.source.ports[edge.port].type


def dot_of(graph: Graph) -> str:
    named = numbers(graph)

    def start(node: Node) -> list[str]:
        # Edges end at nodes and not at clusters, so a box has its title as a node inside.
        count[0] += 1
        head = [f"subgraph cluster_{count[0]} {{"]
        if node in named:
            return [*head, f'  label=""; {named[node]} [shape=plaintext, label={quoted(*label(node))}];']
        return [*head, f"  label={quoted(node.title)};"]

    count = [0]
    lines = [f"digraph {quoted(graph.name)} {{", "  node [shape=box, fontname=monospace]; edge [fontname=monospace];"]
    for depth, item in nested(graph, start, "}"):
        if isinstance(item, Node):
            shape = DOT_SHAPES.get(item.kind, "style=rounded")
            item = f"{named[item]} [label={quoted(*label(item))}, {shape}];"
        elif isinstance(item, Edge):
            ends = f"{named[item.source]} -> {named[item.target]}"
            item = f"{ends} [label={quoted(type_of(item))}{DOT_EDGES[item.role]}];"
        lines.append("  " * depth + item)
    return "\n".join([*lines, "}"]) + "\n"


def quoted(*lines: str) -> str:
    """A DOT string: lines to the left, with no escapes of the user's."""
    plain = (one_line(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(plain) + '"'


def mermaid_of(graph: Graph) -> str:
    named = numbers(graph)

    def start(node: Node) -> list[str]:
        count[0] += 1
        return [f"subgraph {named.get(node) or f's{count[0]}'}[{entities(*label(node))}]"]

    count = [0]
    lines = ["flowchart TB", MERMAID_CLASSES]
    for depth, item in nested(graph, start, "end"):
        if isinstance(item, Node):
            left, right = MERMAID_SHAPES.get(item.kind, ("[", "]"))
            kind = f":::{item.kind}" if f"classDef {item.kind} " in MERMAID_CLASSES else ""
            item = f"{named[item]}{left}{entities(*label(item))}{right}{kind}"
        elif isinstance(item, Edge):
            said = f"|{entities(type_of(item))}|" if type_of(item) else ""
            item = f"{named[item.source]} {MERMAID_ARROWS[item.role]}{said} {named[item.target]}"
        lines.append("  " * depth + item)
    return "\n".join(lines) + "\n"


def entities(*lines: str) -> str:
    """A Mermaid string. What might be read as Markdown or HTML is written by number."""
    written = (re.sub(r"[^\w .,:=+/()\[\]-]", lambda match: f"#{ord(match[0])};", one_line(line)) for line in lines)
    return '"' + "<br/>".join(written) + '"'


def one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+", " ", text)
