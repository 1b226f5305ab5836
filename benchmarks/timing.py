"""Paired timing: two things timed by turns in one process, so that what slows the machine slows both. And peaks of
memory."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

Call = Callable[[], Any]


@dataclass(frozen=True)
class Pair:
    """Medians of the rounds, in seconds, and of the rounds' own ratios second / first."""

    first: float
    second: float
    ratio: float
    rounds: int


def compare(first: Call, second: Call, seconds: float) -> Pair:
    """Times both by turns for about `seconds` in all, three rounds at least; short calls are repeated in a round."""
    repeats = max(1, int(0.002 / max(seconds_of(first, 1), 1e-9)))
    each = (seconds_of(first, repeats) + seconds_of(second, repeats)) * repeats
    rounds = max(3, min(200, int(seconds / max(each, 1e-9))))
    return paired(lambda: seconds_of(first, repeats), lambda: seconds_of(second, repeats), rounds)


def paired(first: Callable[[], float], second: Callable[[], float], rounds: int) -> Pair:
    """`first` and `second` measure once and give seconds; which goes first changes from round to round."""
    times: list[tuple[float, float]] = []
    enabled = gc.isenabled()
    gc.disable()
    try:
        for index in range(rounds):
            if index % 2:
                b = second()
                a = first()
            else:
                a = first()
                b = second()
            times.append((a, b))
    finally:
        if enabled:
            gc.enable()
    return Pair(median(a for a, _ in times), median(b for _, b in times), median(b / a for a, b in times), rounds)


def seconds_of(call: Call, repeats: int) -> float:
    start = perf_counter()
    for _ in range(repeats):
        call()
    return (perf_counter() - start) / repeats


def peak_of(call: Call) -> int:
    """The most bytes that a call held at once, of Python and NumPy."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def seconds_of_import(module: str) -> float:
    """The time of `import module` in a fresh process, that of the interpreter's own start left out."""
    return printed(f"from time import perf_counter as now; start = now(); import {module}; print(now() - start)")


def printed(code: str, environment: Mapping[str, str] | None = None) -> float:
    """The number that a fresh process prints."""
    # Bytecode must be kept, as it is for installed packages: else compiling is what is timed.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**inherited, **(environment or {})}
    )
    return float(done.stdout)
