"""Makes the screenshots of docs/pictures again: `make pictures`. It needs chromium, Pillow, and what the tests need.

A screenshot named as a sample is of its program; a pair of samples has one, and the start-up program its own.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from dy2static import InputSpec, to_static
from runtime.ir import Program
from runtime.picture import Picture
from runtime.picture.layout import layout_of
from runtime.picture.svg import MARGIN, PALETTE
from samples.ternary import ternary
from tests.runtime.test_picture import PROGRAMS
from tests.test_browser import CHROMIUM, browse

HERE = Path(__file__).parent
LARGEST = 100_000  # bytes


@dataclass(frozen=True)
class Shot:
    program: str
    folded: tuple[str, ...] = ()  # titles of boxes
    scale: float = 1.0
    bars: tuple[int, int] | None = None  # width and height of a page that is shown with its header and footer
    dark: bool = False


SHOTS = {
    "ternary": Shot("ternary", bars=(900, 590)),
    "counters": Shot("counters", bars=(900, 520)),
    "newton": Shot("newton", bars=(1060, 780), dark=True),
    "pid": Shot("pid", ("if temperature >= BOILING", "if returned"), 0.55),
    "decode": Shot("decode", scale=0.7),
    "conditional_sum": Shot("conditional_sum_static"),
    "two_counters": Shot("two_counters_dynamic"),
    "convolution": Shot("convolution_static"),
    "convolution_startup": Shot("convolution_startup"),
    "network": Shot("network_static"),
}


def program_of(name: str) -> Program:
    """As the pages of docs show it: nothing says that the inputs of `ternary` are of one size."""
    if name == "ternary":
        return to_static(ternary).program(InputSpec(("n",), "float32"), InputSpec(("m",), "float32"))
    program: Program = PROGRAMS[name]()
    return program


# The browser changes its size for a screenshot, so the page is given its own from the start.
CHANGED = """<style>body {{ width: {width}px; height: {height}px; }} {bars}</style>
<script>
addEventListener("load", () => {{
  for (const box of document.querySelectorAll(".box"))
    if ({folded}.includes(box.querySelector(":scope > .title").textContent))
      box.querySelector(".head").dispatchEvent(new MouseEvent("click", {{ bubbles: true }}));
  document.getElementById("fit").click();
}});
</script></head>"""


def make(name: str, shot: Shot, folder: Path) -> int:
    """The size of docs/pictures/<name>.png in bytes."""
    picture = program_of(shot.program).draw()
    width, height = shot.bars or size_of(picture, shot)
    bars = "" if shot.bars else "header, footer { display: none !important; }"
    changed = CHANGED.format(width=width, height=height, bars=bars, folded=list(shot.folded))
    page = folder / f"{name}.html"
    page.write_text(picture.text(".html").replace("</head>", changed, 1), "utf-8")
    made = HERE / f"{name}.png"
    dark = ["--blink-settings=preferredColorScheme=0"] if shot.dark else []
    browse(page, folder, f"--window-size={width},{height}", f"--screenshot={made}", *dark)
    few_colours(made)
    return made.stat().st_size


def few_colours(path: Path) -> None:
    """Keeps the picture's own colours and the most frequent others, 256 in all: the file is a third as large.

    Pillow's own choice turns thin lines grey.
    """
    with Image.open(path) as opened:
        pixels = np.asarray(opened.convert("RGB"))
    colours, places, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    own = [tuple(bytes.fromhex(colour[1:])) for pair in PALETTE.values() for colour in pair]
    frequent = [tuple(colour) for colour in colours[np.argsort(-counts)].tolist()]
    palette = np.array(list(dict.fromkeys([*own, *frequent]))[:256])
    nearest = np.array([np.argmin(((palette - colour) ** 2).sum(axis=1)) for colour in colours.astype(int)], np.uint8)
    image = Image.fromarray(nearest[places].reshape(pixels.shape[:2]), "P")
    image.putpalette(palette.astype(np.uint8).tobytes())
    image.save(path, optimize=True)


def size_of(picture: Picture, shot: Shot) -> tuple[int, int]:
    """Of the drawing, as the page fits it into its stage."""
    nodes = [node for region in picture.graph.regions for node in region.nodes if node.sections]
    folded = [node for node in nodes if node.title in shot.folded]
    assert {node.title for node in folded} == set(shot.folded), [node.title for node in nodes]
    drawn = layout_of(picture.graph, folded).rows[picture.graph.regions[0]]
    width, height = drawn.width + 2 * MARGIN, drawn.height + 2 * MARGIN + 14
    return round(width * shot.scale), round(height * shot.scale)


def main(names: list[str]) -> None:
    assert CHROMIUM is not None, "no chromium on this machine"
    with tempfile.TemporaryDirectory() as folder:
        for name in names or SHOTS:
            size = make(name, SHOTS[name], Path(folder))
            print(f"{name}.png: {size} bytes" + (" - too large" if size > LARGEST else ""))


if __name__ == "__main__":
    main(sys.argv[1:])
