"""The blocks of code in docs/debugging.md and docs/speed.md run, in order, and print what the page says."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.harness import ROOT

PAGES = [ROOT / "docs" / "debugging.md", ROOT / "docs" / "speed.md"]
BLOCK = re.compile(r"^```(python|output)(?: file=(\S+))?\n(.*?)^```$", re.S | re.M)


def blocks(text: str) -> list[tuple[str, str, str]]:
    """Of each block its kind, file and text."""
    return BLOCK.findall(text)


RUN = """
import linecache, os, sys
namespace = {}
for number, text in enumerate(__import__("json").load(open("blocks.json", encoding="utf-8"))):
    print(f"--- {number}", flush=True)
    # Each block is a file of its own, as `page.py`, so that tracebacks and refusals can show its lines.
    folder = f"block{number}"
    os.makedirs(folder)
    path = os.path.abspath(os.path.join(folder, "page.py"))
    open(path, "w", encoding="utf-8").write(text)
    exec(compile(text, path, "exec"), namespace)
"""


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: page.name)
def printed(request, tmp_path_factory) -> list[tuple[str, str]]:
    """What each block says it prints, and what it printed."""
    folder = tmp_path_factory.mktemp("page")
    expected: list[str] = []
    texts: list[str] = []
    for kind, file, text in blocks(request.param.read_text("utf-8")):
        if file:
            (folder / file).write_text(text, "utf-8")
        elif kind == "python":
            texts.append(text)
            expected.append("")
        else:
            expected[-1] = text
    (folder / "blocks.json").write_text(json.dumps(texts), "utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", RUN],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", env={**environment(), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = re.split(r"^--- \d+\n", done.stdout, flags=re.M)[1:]
    found = [re.sub(rf"{re.escape(str(folder))}\S*?(\w+\.py)", r"\1", text) for text in found]
    return list(zip(expected, found, strict=True))


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("DY2STATIC")}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tracing knows of no columns for its carets")
def test_each_block_prints_what_the_page_says(printed):
    for number, (expected, found) in enumerate(printed):
        assert found.rstrip("\n") == expected.rstrip("\n"), f"block {number}"


def test_every_block_runs(printed):
    assert printed
