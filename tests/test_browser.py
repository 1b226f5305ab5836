"""Pages of pictures in a real browser without a screen: boxes fold, the search finds, no request is made.

A copy of the page gets two scripts: the first records errors and requests, the second does what a user does and writes
what came of it into the page, which the browser prints.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime import static
from runtime.ir import Program
from tests.runtime.test_picture import PROGRAMS

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")

OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-default-apps --disable-extensions --mute-audio "
    "--hide-scrollbars --window-size=1200,800 --virtual-time-budget=10000"
).split()
RECORD = """<script>
window.errors = [];
window.addEventListener("error", (event) => errors.push(event.message || `${event.target} cannot be loaded`), true);
window.addEventListener("unhandledrejection", (event) => errors.push(String(event.reason)));
document.addEventListener("securitypolicyviolation", (event) => errors.push(`refused: ${event.blockedURI}`));
for (const name of ["error", "warn"]) console[name] = (...all) => errors.push(all.join(" "));
</script>"""
# `show` is what can be seen of the page now.
TELL = """<pre id="told"></pre><script>
window.addEventListener("load", () => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const visible = (item) => item.getClientRects().length > 0 && !item.closest('[display="none"]');
  const title = (box) => box.querySelector(":scope > .title").textContent;
  const click = (item) => item.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  const boxes = () => all(".node.box").filter(visible);
  const show = () => ({ nodes: all(".node").filter(visible).length, boxes: boxes().map(title) });
  const box = (name) => boxes().find((one) => title(one) === name);
  const search = (text) => {
    const field = document.getElementById("search");
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const found = all(".node.match");
    return { said: document.getElementById("found").textContent, names: found.map((one) => one.textContent.trim()),
             seen: found.filter(visible).length };
  };
  const overlaps = () => {
    let count = 0;
    for (const region of all(".region").filter(visible)) {
      const shapes = [...region.children].filter((one) => one.matches(".node"))
        .map((one) => one.querySelector(".shape, .frame").getBoundingClientRect());
      shapes.forEach((a, i) => shapes.slice(i + 1).forEach((b) => {
        count += a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
      }));
      if (!region.querySelector(".panel")) continue;
      const panel = region.querySelector(":scope > .panel").getBoundingClientRect();
      const inside = (a) => a.left > panel.left - 1 && a.right < panel.right + 1 && a.bottom < panel.bottom + 1;
      count += shapes.filter((a) => !inside(a)).length;
    }
    return count;
  };
  const colour = () => getComputedStyle(document.body).backgroundColor;
  const told = { ready: document.documentElement.dataset.ready };
  try { (%s)(told); } catch (error) { errors.push(String(error.stack)); }
  told.errors = errors;
  told.requests = performance.getEntriesByType("resource").map((entry) => entry.name);
  document.getElementById("told").textContent = JSON.stringify(told);
});
</script>"""


def in_browser(program: Program, script: str, folder: Path, *options: str) -> dict[str, Any]:
    """What `script`, a function of JavaScript, enters into `told`, with the errors and requests of the page."""
    page = program.draw().text(".html").replace("<head>", f"<head>{RECORD}", 1)
    start, end = page.rsplit("</body>", 1)
    path = folder / "page.html"
    path.write_text(start + TELL % script + "</body>" + end, "utf-8")
    printed = browse(path, folder, "--dump-dom", *options)
    found = re.search(r'<pre id="told">(.*?)</pre>', printed, re.DOTALL)
    assert found is not None and found[1], printed[-2000:]
    told: dict[str, Any] = json.loads(unescape(found[1]))
    assert told["errors"] == []
    assert told["requests"] == []
    assert told["ready"] == "yes"
    return told


def browse(path: Path, folder: Path, *options: str) -> str:
    assert CHROMIUM is not None
    command = [CHROMIUM, *OPTIONS, f"--user-data-dir={folder / 'profile'}", *options, path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_page_opens_and_its_boxes_fold(name: str, tmp_path: Path):
    """Each box that is seen is folded and opened again, with what is around it in order at every step."""
    script = """(told) => {
        told.before = show();
        told.overlaps = overlaps();
        told.folds = [];
        for (const name of boxes().map(title)) {
            if (!box(name)) continue;
            const was = box(name).getAttribute("aria-expanded");
            click(box(name).querySelector(".head"));
            told.folds.push([name, was, box(name).getAttribute("aria-expanded"), show().nodes]);
            told.overlaps += overlaps();
            click(box(name).querySelector(".head"));
        }
        told.after = show();
        click(document.getElementById("fold"));
        told.folded = show();
        click(document.getElementById("unfold"));
        told.open = show();
        told.overlaps += overlaps();
    }"""
    program = PROGRAMS[name]()
    told = in_browser(program, script, tmp_path)
    regions = program.draw().graph.regions
    assert told["overlaps"] == 0
    assert told["after"] == told["before"]
    assert told["folded"]["nodes"] == len(regions[0].nodes)
    assert told["open"]["nodes"] == sum(len(region.nodes) for region in regions)
    for _, was, now, nodes in told["folds"]:
        assert (was, now) in {("true", "false"), ("false", "true")}
        assert (nodes < told["before"]["nodes"]) == (was == "true")


def test_a_search_opens_what_it_finds(tmp_path: Path):
    script = """(told) => {
        click(document.getElementById("fold"));
        told.folded = show();
        told.found = search("np.clip");
        told.none = search("nothing of this name");
        told.empty = search("");
        told.line = search("newton.py:33");
    }"""
    told = in_browser(PROGRAMS["newton"](), script, tmp_path)
    assert "if longest > 1" not in told["folded"]["boxes"]
    assert told["found"]["said"] == "1 of 1"
    assert told["found"]["seen"] == 1
    assert told["found"]["names"][0].startswith("np.clip")
    assert (told["none"]["said"], told["none"]["names"]) == ("none found", [])
    assert (told["empty"]["said"], told["empty"]["names"]) == ("", [])
    assert len(told["line"]["names"]) == 2  # the comparison, and the box it decides


def test_a_pointer_over_a_node_shows_its_type_and_line(tmp_path: Path):
    script = """(told) => {
        const node = all(".node.op").find((one) => one.textContent.trim().startsWith("greater"));
        node.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
        told.tip = document.getElementById("tip").textContent;
        told.hot = all(".edge.hot").length;
    }"""
    told = in_browser(PROGRAMS["ternary"](), script, tmp_path)
    assert told["tip"] == "v1: bool[n] = greater(x, y)\nternary.py:16   z = x + y if x > y else x - y"
    assert told["hot"] == 3


def test_the_theme_is_the_systems_until_it_is_chosen(tmp_path: Path):
    script = """(told) => {
        told.colours = [colour()];
        click(document.getElementById("theme"));
        told.colours.push(colour());
        click(document.getElementById("theme"));
        told.colours.push(colour());
    }"""
    light, dark = "rgb(255, 255, 255)", "rgb(21, 24, 29)"
    program = PROGRAMS["ternary"]()
    assert in_browser(program, script, tmp_path)["colours"] == [light, dark, light]
    system = in_browser(program, script, tmp_path, "--blink-settings=preferredColorScheme=0")
    assert system["colours"] == [dark, light, dark]


def test_a_page_in_a_notebook_opens(tmp_path: Path):
    """Its frame has no rights to the page around it, and tells of itself by its picture."""
    frame = PROGRAMS["counters"]().draw()._repr_html_().replace('sandbox="allow-scripts"', "", 1)
    tell = "<script>onload = () => document.title = frames[0].document.documentElement.dataset.ready</script>"
    path = tmp_path / "notebook.html"
    path.write_text(f"<!DOCTYPE html><html><head></head><body>{frame}{tell}</body></html>", "utf-8")
    assert "<title>yes</title>" in browse(path, tmp_path, "--dump-dom")


def test_a_program_of_2000_ops_opens(tmp_path: Path):
    """It starts folded, so that what is shown stays small; a search finds in what is folded."""
    main = static.Program("main")
    with static.program_guard(main):
        x, y = static.data("x", ("n",)), static.data("y", ("n",))
        for _ in range(500):
            x = np.tanh(x) + y
            y = y * 0.5 + x
        static.returns(x, y)
    script = "(told) => { told.shown = show(); told.found = search('v1999'); told.later = show(); }"
    told = in_browser(main, script, tmp_path)
    assert told["shown"]["nodes"] < 200
    assert told["found"]["seen"] > 0
    assert told["later"]["nodes"] < 400
