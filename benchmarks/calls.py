"""What a call costs beside the plain one, with nothing to compute; what starting costs; and memory of the workloads."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import Column, Effort, Row, Section, progress
from benchmarks.timing import compare, paired, peak_of, printed, seconds_of_import
from benchmarks.workloads import WORKLOADS, newton
from dy2static import to_static


def first(x, *rest):
    return x


def both(x, y):
    return x


def one(x):
    return x


def named(x, *, y):
    return x


class Held:
    def __init__(self, w: Any):
        self.w = w

    def read(self, x):
        return self.w


ARRAY = np.zeros(3)
CALLS: tuple[tuple[str, Callable[..., Any], tuple[Any, ...], dict[str, Any]], ...] = (
    ("one array", one, (ARRAY,), {}),
    ("two arrays", both, (ARRAY, ARRAY[:2]), {}),
    ("five arrays", first, tuple(np.zeros(3) for _ in range(5)), {}),
    ("two Python numbers", both, (1, 2.0), {}),
    ("two NumPy scalars", both, (np.float32(1), np.float64(2)), {}),
    ("an array by its name", named, (ARRAY,), {"y": ARRAY[:2]}),
    ("a list of three numbers", one, ([1, 2, 3],), {}),
    ("a tuple of an array and a number", one, ((ARRAY, 2),), {}),
    ("a dict of two arrays", one, ({"a": ARRAY, "b": ARRAY[:2]},), {}),
    ("a method that reads an array of self", Held(np.zeros(3)).read, (ARRAY,), {}),
)


def call_rows(effort: Effort) -> Iterator[Row]:
    for name, function, args, kwargs in CALLS:
        static = to_static(function)
        static(*args, **kwargs)
        pair = compare(partial(function, *args, **kwargs), partial(static, *args, **kwargs), effort.seconds(0.5))
        yield {"name": name, "plain": pair.first, "static": pair.second, "over": pair.second - pair.first}


CALL = Section(
    "calls",
    "what a warm call costs that computes nothing",
    "`over` is what the program's call takes more than the plain one: finding the program that fits, and its check.",
    lambda: [
        Column("arguments", "name", "text"), Column("plain", "plain", "seconds"), Column("static", "static", "seconds"),
        Column("over", "over", "seconds"),
    ],
    call_rows,
)  # fmt: skip

FIRST = """
from time import perf_counter as now
import numpy as np
from benchmarks.workloads import {function}
from dy2static import to_static
arguments = {arguments}
static = to_static({function})
start = now()
static(*arguments)
print(now() - start)
"""
SHORT = ("ternary", "np.ones(1, np.float32), np.zeros(1, np.float32)")
LONG = ("newton", "(np.linspace(1, 1000, 1000),)")
WARMED = "from benchmarks.workloads import cond\nto_static(cond)(np.ones(1))\n"
# Not getrusage, which counts what the parent had: a child starts as a copy of it.
RESIDENT = """
import {module}
with open("/proc/self/status") as status:
    print(1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM")))
"""


def start_rows(effort: Effort) -> Iterator[Row]:
    rounds = effort.rounds(15)
    for module in ("runtime", "dy2static"):
        seconds_of_import(module)
        pair = paired(partial(seconds_of_import, "numpy"), partial(seconds_of_import, module), rounds)
        yield {"name": f"import {module} / import numpy", "plain": pair.first, "static": pair.second,
               "ratio": pair.ratio}  # fmt: skip
    for function, arguments in (SHORT,) if effort.smoke else (SHORT, LONG):
        code = FIRST.format(function=function, arguments=arguments)
        yield {"name": f"first call of {function}, first process", "static": median_of(code, rounds)}
        with tempfile.TemporaryDirectory() as folder:  # a cache of its own, which the first process fills
            printed(code, {"DY2STATIC_CACHE": folder})
            yield {"name": f"first call of {function}, next process", "static": median_of(code, rounds, folder)}
        code = code.replace("start = now()", WARMED + "start = now()")
        yield {"name": f"first call of {function}, after another", "static": median_of(code, rounds)}
    for module in ("numpy", "runtime", "dy2static") if Path("/proc/self/status").exists() else ():
        yield {"name": f"memory of a process that imports {module}", "bytes": printed(RESIDENT.format(module=module))}


def median_of(code: str, rounds: int, folder: str | None = None) -> float:
    """The median over fresh processes, each with an empty cache where there is no `folder`."""
    times = []
    for number in range(rounds):
        progress(f"first calls: {number + 1} of {rounds}")
        with tempfile.TemporaryDirectory() as empty:
            times.append(printed(code, {"DY2STATIC_CACHE": folder or empty}))
    progress("")
    return float(np.median(times))


START = Section(
    "start",
    "imports and first calls, each in a fresh process",
    "A first call converts, traces, plans and runs. `after another` has the converter warm; `next process` finds "
    "what the first one has kept on the disk.",
    lambda: [
        Column("", "name", "text", 44), Column("plain", "plain", "seconds"), Column("static", "static", "seconds"),
        Column("ratio", "ratio", "ratio"), Column("memory", "bytes", "bytes"),
    ],
    start_rows,
)  # fmt: skip


def memory_rows(effort: Effort) -> Iterator[Row]:
    for workload in WORKLOADS:
        if effort.smoke and workload.key == "loop":
            continue
        yield peaks(workload.name, workload.function, workload.arguments)
    size = 10 ** (4 if effort.smoke else 6)
    yield peaks(f"Newton on float64[{size}]", newton, (np.linspace(1, 1000, size),))
    yield peaks(f"ten steps on float64[{size}]", steps, (np.linspace(1, 1000, size),))


def steps(x):
    """Each array is dead when the next is there."""
    x = np.tanh(x)
    x = np.cos(x)
    x = np.exp(x)
    x = np.cos(x)
    x = np.tanh(x)
    x = np.exp(x)
    x = np.cos(x)
    x = np.tanh(x)
    x = np.exp(x)
    x = np.cos(x)
    return x


def peaks(name: str, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Row:
    static = to_static(function)
    static(*arguments)
    plain, ours = (peak_of(partial(call, *arguments)) for call in (function, static))
    return {"name": name, "plain": plain, "static": ours}


MEMORY = Section(
    "memory",
    "the most memory that a warm call holds beyond its arguments",
    "Bytes of Python and NumPy as tracemalloc counts them.",
    lambda: [Column("", "name", "text"), Column("plain", "plain", "bytes"), Column("static", "static", "bytes")],
    memory_rows,
)
