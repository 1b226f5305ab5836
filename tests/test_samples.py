"""Every sample runs by itself, and so does what the README shows."""

from __future__ import annotations

import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dy2static import cli, to_static
from samples.counters import counters

ROOT = Path(__file__).resolve().parent.parent
PAIRED = ("_static", "_dynamic")  # these print numbers only: tests/test_static_and_dynamic.py
SAMPLES = sorted(path for path in (ROOT / "samples").glob("*.py") if not path.stem.endswith(PAIRED))
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run_python(folder: Path, *command: str | Path) -> str:
    done = subprocess.run([sys.executable, "-W", "error", *command], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_runs_and_shows_code_and_program(sample: Path, tmp_path: Path) -> None:
    printed = run_python(tmp_path, sample)
    assert "d2s." in printed
    assert f"program {sample.stem}(" in printed or "program " in printed


def test_ternary_leaves_its_program_where_it_says(tmp_path: Path) -> None:
    printed = run_python(tmp_path, ROOT / "samples" / "ternary.py", tmp_path / "out")
    assert str(tmp_path / "out" / "ternary.d2s") in printed
    assert (tmp_path / "out" / "ternary.d2s").is_file()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def block(language: str) -> str:
    return blocks(language)[0]


@pytest.fixture
def shown(tmp_path: Path) -> Path:
    """A folder with the README's Python as model.py."""
    (tmp_path / "model.py").write_text(block("python"))
    return tmp_path


def test_the_python_of_the_readme_runs(shown: Path) -> None:
    printed = run_python(shown, "model.py")
    assert "d2s.cond(" in printed
    assert "= cond(" in printed
    assert printed.splitlines()[-1] == "-1.0"


def test_the_types_of_the_readme_are_those_of_its_programs(tmp_path: Path) -> None:
    (tmp_path / "specs.py").write_text(blocks("python")[1])
    printed = run_python(tmp_path, "specs.py")
    assert printed.startswith("program scale(x: float32[n, 3], k: float)")
    assert printed.splitlines()[-1] == " [2. 2. 2.]]"


def test_the_commands_of_the_readme_run(shown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shown)
    np.save("x.npy", np.float32([3]))
    np.savez("data.npz", velocity=np.float32([2]))
    commands = [line.removeprefix("$ dy2static ") for line in block("console").splitlines()]
    assert {command.split()[0] for command in commands} == set(cli.COMMANDS)
    for command in commands:
        assert cli.main(shlex.split(command)) == 0, command
    with np.load("out.npz") as results:
        assert results["result"] == np.float32([0])


def indented(first_line: str) -> str:
    """The indented block of the README that starts with `first_line`, without the indent."""
    found = re.search(rf"^    {re.escape(first_line)}.*?(?=^\S)", README, re.DOTALL | re.MULTILINE)
    assert found is not None
    return re.sub("^    ", "", found[0], flags=re.MULTILINE).strip()


def test_the_readme_shows_code_and_program_as_they_are() -> None:
    static = to_static(counters)
    assert indented("def counters(first, second):\n        while") == inspect.getsource(counters).strip()
    assert indented("def counters(first, second):\n\n") == static.code.strip()
    assert indented("program counters(") == str(static.program(0, 10)).strip()
