"""The picture of each sample is to be seen in the docs: docs/pictures/<sample>.png, one for the two files of a pair."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.harness import ROOT

SAMPLES = sorted({re.sub("_(static|dynamic)$", "", path.stem) for path in (ROOT / "samples").glob("*.py")})
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHOWN = {page.parent / link for page in PAGES for link in re.findall(r"!\[[^]]+\]\((\S+)\)", page.read_text("utf-8"))}
FILES = sorted((ROOT / "docs" / "pictures").glob("*.png"))


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_shown(sample: str):
    assert ROOT / "docs" / "pictures" / f"{sample}.png" in SHOWN


def test_what_is_shown_is_there():
    assert {path for path in SHOWN if not path.is_file()} == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_screenshot_is_small_and_shown(file: Path):
    assert file in SHOWN
    assert file.read_bytes().startswith(b"\x89PNG")
    assert file.stat().st_size < 100_000
