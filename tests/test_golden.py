"""Converted code and printed programs, byte for byte: `pytest --update-golden` writes them, people read the diffs."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dy2static import to_static
from tests.harness import ROOT, fresh, observe
from tests.programs import PROGRAMS
from tests.programs.row import Row

GOLDEN = Path(__file__).parent / "golden"
READABLE = [row for row in PROGRAMS if row.module == "readable"]

# What the design page shows, with the names of the sample.
COUNTERS = """
def golden_counters(first, second):
    def test(first, second):
        return first < second
    def body(first, second):
        first += 2
        second += 1
        return first, second
    first, second = d2s.while_loop(test, body, (first, second))
    return first, second
"""


def text_of(row: Row) -> str:
    """The converted code, and the programs of all inputs; paths start at the root of the project."""
    source = row.make()
    static = to_static(source)
    for inputs in row.inputs:
        observe(static, fresh(inputs), source, [])
    parts = [static.code, *(str(program) for program in static.programs)]
    return "\n\n".join(part.strip("\n") for part in parts).replace(f"{ROOT}{os.sep}", "") + "\n"


def file_of(row: Row) -> Path:
    return GOLDEN / f"{row.name.removeprefix('golden_')}.txt"


def test_there_are_twenty():
    assert len(READABLE) >= 20


@pytest.mark.parametrize("row", READABLE, ids=str)
def test_code_and_programs_are_the_golden_file(row: Row, update_golden: bool):
    text = text_of(row)
    if update_golden:
        file_of(row).write_text(text, "utf-8", newline="\n")
    assert file_of(row).exists(), "there is no golden file: run pytest --update-golden, and read what it wrote"
    assert text == file_of(row).read_text("utf-8")


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_no_hash_seed_changes_them(seed: str):
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "tests.test_golden"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "".join(file_of(row).read_text("utf-8") for row in READABLE)


def test_every_golden_file_is_of_a_program():
    assert sorted(GOLDEN.iterdir()) == sorted(file_of(row) for row in READABLE)


def test_counters_is_as_plain_as_the_design_page_shows_it():
    row = next(row for row in READABLE if row.name == "golden_counters")
    code = to_static(row.make()).code
    assert ast.dump(ast.parse(code)) == ast.dump(ast.parse(COUNTERS))
    assert len(code.strip().splitlines()) <= len(COUNTERS.strip().splitlines()) + 3


if __name__ == "__main__":
    for row in READABLE:
        sys.stdout.write(text_of(row))
