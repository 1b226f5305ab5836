"""The two files of each pair of samples print the same, and docs/static_and_dynamic.md shows what is in them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import ROOT

PAIRS = sorted(path.stem.removesuffix("_static") for path in (ROOT / "samples").glob("*_static.py"))
PAGE = (ROOT / "docs" / "static_and_dynamic.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?(?: name=(\S+))?\n(.*?)^```$", re.S | re.M)
BLOCKS = [match.groups() for match in BLOCK.finditer(PAGE)]


def run(folder: Path, *command: str | Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", *command], cwd=folder, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_there_are_the_pairs() -> None:
    assert PAIRS == ["conditional_sum", "convolution", "network", "two_counters"]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_prints_the_same(pair: str, tmp_path: Path) -> None:
    static, dynamic = (run(tmp_path, ROOT / "samples" / f"{pair}_{style}.py") for style in ("static", "dynamic"))
    assert static == dynamic
    assert len(static.splitlines()) >= 3


def test_the_network_reads_and_runs_alone(tmp_path: Path) -> None:
    lines = run(tmp_path, ROOT / "samples" / "network_static.py").splitlines()
    assert float(lines[0].split("%")[0]) > 90
    assert lines[2].split()[:20] == lines[3].split()[:20]


@pytest.mark.parametrize("file, text", [(file, text) for kind, file, _, text in BLOCKS if kind == "python" and file])
def test_an_excerpt_of_the_page_is_in_its_sample(file: str, text: str) -> None:
    assert text in (ROOT / "samples" / file).read_text("utf-8")


PROGRAMS = [(file, name, text) for kind, file, name, text in BLOCKS if kind == "program"]


@pytest.mark.parametrize("file, name, text", PROGRAMS, ids=[f"{name or file}" for file, name, _ in PROGRAMS])
def test_a_program_of_the_page_is_the_sample_s(file: str, name: str | None, text: str, tmp_path: Path) -> None:
    stem = file.removesuffix(".py")
    shown = (
        f"sample.{name or 'main'}" if stem.endswith("_static") else f"sample.{stem.removesuffix('_dynamic')}.program()"
    )
    code = f"from contextlib import redirect_stdout; import io, samples.{stem} as sample\n"
    code += f"with redirect_stdout(io.StringIO()): sample.run()\nprint({shown})"
    assert run(tmp_path, "-c", code) == text


def test_the_mistake_of_the_page_is_reported_as_it_says(tmp_path: Path) -> None:
    (python,) = [text for kind, file, _, text in BLOCKS if kind == "python" and not file]
    (output,) = [text for kind, _, _, text in BLOCKS if kind == "output"]
    (tmp_path / "page.py").write_text(python, "utf-8")
    assert run(tmp_path, "page.py").replace(str(tmp_path) + os.sep, "") == output
