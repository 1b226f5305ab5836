"""A hundred random programs do the same in every form; python -m tests.random_programs runs as many as are wanted."""

import os
import subprocess
import sys

import pytest

from tests.harness import ROOT
from tests.random_programs.check import check


@pytest.mark.parametrize("seed", range(100))
def test_a_random_program_does_the_same_in_every_form(seed):
    outcome = check(seed)
    assert outcome.kind in ("same", "refused"), outcome.report


def digests(hash_seed: int, count: int) -> str:
    command = [sys.executable, "-m", "tests.random_programs.digest", "--count", str(count)]
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_random_programs_are_converted_alike_under_every_hash_seed():
    first = digests(0, 12)
    assert first.count("\n") == 12
    assert digests(1, 12) == first
    assert digests(2, 12) == first
