"""Eight threads call the same static functions at once, first calls included: each gets what the plain one gives."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dy2static import to_static
from tests.harness import ROOT, eager, fresh, observe_error, portrait
from tests.programs import PROGRAMS
from tests.programs.row import Row

THREADS = 8


@contextmanager
def switching_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What `work` gives in each of the threads, which start it together."""
    start, given, faults = threading.Barrier(THREADS), [None] * THREADS, []

    def run(number: int) -> None:
        try:
            start.wait()
            given[number] = work(number)
        except BaseException as fault:
            faults.append(fault)

    with switching_often():
        threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    if faults:
        raise faults[0]
    return given


def outcome(function: Callable[..., Any], row: Row, number: int) -> tuple[str, str, str]:
    given = fresh(row.inputs[number % len(row.inputs)])
    try:
        result, error = portrait(function(*given.args, **given.kwargs)), ""
    except Exception as caught:
        result, error = "", observe_error(caught).error
    return result, error, portrait((given.args, given.kwargs))


def silent(row: Row) -> bool:
    return "traced" in row.forms and not row.is_stateful and not any(seen.output for seen in eager(row))


def chosen() -> list[Row]:
    """Some forty rows with several inputs, spread over all modules."""
    many = [row for row in PROGRAMS if len(row.inputs) > 2 and silent(row)]
    return many[:: max(1, len(many) // 40)]


def test_the_recursion_limit_is_what_it_was() -> None:
    """It is one for all threads, and raised while any of them converts or traces."""
    before = sys.getrecursionlimit()

    def work(thread: int) -> None:
        for number in range(6):
            static = to_static(lambda x: x + 1 if x > number else x)
            assert static(float(thread)) == (thread + 1 if thread > number else thread)

    at_once(work)
    assert sys.getrecursionlimit() == before


@pytest.mark.filterwarnings("ignore")
def test_eight_threads_get_what_one_gets() -> None:
    rows = chosen()
    assert len(rows) >= 30
    for row in rows:
        plain, static = row.make(), to_static(row.make())
        rounds = max(2, len(row.inputs))
        expected = [outcome(plain, row, number) for number in range(len(row.inputs))]

        def work(thread: int) -> list[Any]:
            return [outcome(static, row, thread + number) for number in range(rounds)]

        for thread, found in enumerate(at_once(work)):
            for number, one in enumerate(found):
                assert one == expected[(thread + number) % len(row.inputs)], f"{row}, thread {thread}"


def wandering(x, y, n):
    total = np.zeros_like(x)
    for i in range(n):
        if np.sum(x) > np.sum(y):
            x = x - y / (i + 1)
        else:
            x = x + y
            total[i % len(total)] += 1
    while np.max(x) > 1:
        x = x / 2
    return x, total


def test_the_same_signature_is_traced_once() -> None:
    static = to_static(wandering)
    x, y = np.arange(6.0), np.full(6, 2.0)
    expected = wandering(x, y, 9)
    for found in at_once(lambda thread: [static(x, y, 9) for _ in range(20)]):
        for one in found:
            assert portrait(one) == portrait(expected)
    assert len(static.programs) == 1


def test_many_signatures_at_once_are_right_and_each_is_traced_once() -> None:
    static = to_static(wandering)
    kinds = [np.dtype(letter) for letter in "efdFD"]
    calls = [(np.arange(1, 4).astype(a), np.ones(3, b), n) for a in kinds[:3] for b in kinds[:3] for n in (1, 4)]
    expected = [portrait(wandering(*args)) for args in calls]

    def work(thread: int) -> list[tuple[int, str]]:
        order = np.random.default_rng(thread).permutation(len(calls) * 4) % len(calls)
        return [(index, portrait(static(*calls[index]))) for index in order]

    for found in at_once(work):
        for index, one in found:
            assert one == expected[index]
    assert len(static.programs) == 9


def test_big_arrays_are_right_from_eight_threads() -> None:
    """Elementwise chains over blocks, and buffers."""

    def chained(x, y):
        return np.sqrt(np.abs(x * 2 - y) + 1) * np.where(x > y, x, -y) - x / (np.abs(y) + 1)

    static = to_static(chained)
    data = [np.random.default_rng(seed).normal(size=(2, 4001)) for seed in range(THREADS)]
    expected = [chained(*pair) for pair in data]
    for thread, found in enumerate(at_once(lambda thread: [static(*data[thread]) for _ in range(10)])):
        for one in found:
            assert one.tobytes() == expected[thread].tobytes()


def test_threads_may_drop_all_programs_while_others_call() -> None:
    static = to_static(wandering)
    x, y = np.arange(6.0), np.full(6, 2.0)
    expected = portrait(wandering(x, y, 3))

    def work(thread: int) -> list[str]:
        found = []
        for number in range(12):
            if thread == 0 and number % 3 == 0:
                static.clear_cache()
            found.append(portrait(static(x, y, 3)))
            static.programs
        return found

    assert {one for found in at_once(work) for one in found} == {expected}


def test_methods_of_many_objects_are_right_from_eight_threads() -> None:
    class Layer:
        def __init__(self, w):
            self.w = w

        @to_static
        def forward(self, x):
            return x * self.w if self.w > 2 else x + self.w

    layers = [Layer(w) for w in (1, 2.5, np.float32(3), np.float64(0.5))]

    def work(thread: int) -> list[Any]:
        return [layers[(thread + number) % 4].forward(float(number)) for number in range(24)]

    for thread, found in enumerate(at_once(work)):
        for number, one in enumerate(found):
            layer = layers[(thread + number) % 4]
            assert portrait(one) == portrait(Layer.__dict__["forward"].function(layer, float(number)))


FRESH = """
import sys, threading
sys.setswitchinterval(1e-6)
import numpy as np
from dy2static import to_static
import model
names = [name for name in vars(model) if name.startswith("f")]
start, faults = threading.Barrier(8), []
statics = {}
def work(thread):
    try:
        start.wait()
        for turn in range(len(names)):
            name = names[(turn + thread // 2) % len(names)]
            static = statics.setdefault(name, to_static(getattr(model, name)))
            for x in (np.arange(3.0), 2, np.float32(1.5)):
                found, expected = static(x), getattr(model, name)(x)
                assert repr(found) == repr(expected) and type(found) is type(expected), (name, x, found, expected)
    except BaseException as fault:
        faults.append(fault)
threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for one in threads: one.start()
for one in threads: one.join()
if faults: raise faults[0]
"""


@pytest.mark.parametrize("cache", ["0", "shared"])
def test_a_fresh_process_starts_with_eight_threads(tmp_path: Path, cache: str) -> None:
    """Imports, the table, conversion and tracing are new to all of them; and the files on disk, to three processes."""
    text = "import numpy as np\n" + "".join(
        f"def f{i}(x):\n    s = x\n    for k in range({i}):\n        s = s + k * x if np.sum(s) < 50 else s - k\n"
        f"    return inner{i}(s)\ndef inner{i}(x):\n    return np.tanh(x) + {i} if np.max(x) > 1 else x\n"
        for i in range(8)
    )
    (tmp_path / "model.py").write_text(text, "utf-8")
    folder = "0" if cache == "0" else str(tmp_path / "kept")
    paths = os.pathsep.join((str(ROOT), str(tmp_path)))
    environment = {**os.environ, "PYTHONPATH": paths, "DY2STATIC_CACHE": folder}
    command = [sys.executable, "-W", "ignore", "-c", FRESH]
    running = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for one in running:
        assert one.communicate()[1] == "" and one.returncode == 0
    assert (tmp_path / "kept").exists() == (cache != "0")
