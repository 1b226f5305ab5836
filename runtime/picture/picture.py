"""Picture: what `program.draw()` gives."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from runtime.files import replacing
from runtime.ir import Program, program_of
from runtime.picture.building import graph_of
from runtime.picture.diagrams import dot_of, mermaid_of
from runtime.picture.graph import Graph
from runtime.picture.layout import layout_of
from runtime.picture.page import folded_at_first, page_of
from runtime.picture.svg import escaped, svg_of
from runtime.verifier import verify

if TYPE_CHECKING:
    from runtime.profiling import Profile

FORMATS: dict[str, Callable[[Graph], str]] = {".html": page_of, ".svg": svg_of, ".dot": dot_of, ".mmd": mermaid_of}
SUFFIXES = ", ".join(list(FORMATS)[:-1]) + " or " + list(FORMATS)[-1]
LOWEST, HIGHEST = 240, 640  # pixels in a notebook


class Picture:
    """A Program's graph. A notebook shows it; `save` writes it."""

    def __init__(self, program: Program, profile: Profile | None = None):
        self.graph = graph_of(verify(program_of(program)), profile)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the picture to `path`, wholly or not at all, in the format of its suffix: .html, .svg, .dot or .mmd.

        Raises ValueError for another suffix, TypeError for what is no path, and for a place that cannot be written
        what the operating system says.
        """
        text = self.text(format_of(path))
        with replacing(path) as file:
            file.write(text.encode("utf-8"))

    def text(self, suffix: str) -> str:
        """What `save` writes to a file of that suffix."""
        return FORMATS[suffix](self.graph)

    def _repr_html_(self) -> str:
        # A frame of its own: pages in one notebook have the same ids, and the notebook's rules do not reach in.
        height = layout_of(self.graph, folded_at_first(self.graph)).rows[self.graph.regions[0]].height + 150
        return (
            f'<iframe srcdoc="{escaped(self.text(".html"))}" sandbox="allow-scripts" loading="lazy" '
            f'style="width: 100%; height: {min(max(height, LOWEST), HIGHEST):.0f}px; border: 1px solid #8886">'
            "</iframe>"
        )

    def __repr__(self) -> str:
        return f"<picture of program {self.graph.name}, {self.graph.ops} ops: save it as {SUFFIXES}>"


def format_of(path: str | os.PathLike[str]) -> str:
    """The suffix that says the format."""
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"a picture is kept in a file: give its path, such as 'graph.html', and not {path!r:.80}")
    name = os.fsdecode(path)
    suffix = os.path.splitext(name)[1].lower()
    if suffix in FORMATS:
        return suffix
    found = f"its suffix is {suffix!r}" if suffix else "it has no suffix"
    raise ValueError(f"saving a picture as {name!r}: {found}, and {SUFFIXES} says the format, as in 'graph.html'")
