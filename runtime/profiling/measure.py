"""A Program and its inputs → Profile: the program is run as it is, with marks, and op by op, in time and in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any

import numpy as np

from runtime.chain_writer import write
from runtime.changes import changed_inputs
from runtime.codegen import Source
from runtime.executor import build, check_feed, flat_inputs, function_name, function_of, planned
from runtime.ir import Program, Value, line_of, walk
from runtime.origins import show_user_lines
from runtime.profiling.marks import MARK, marked
from runtime.profiling.opwise import write_opwise
from runtime.profiling.profile import Cost, Profile
from runtime.profiling.rows import line_costs, op_costs
from runtime.profiling.snapshot import Snapshot
from runtime.scope import Scope, global_scope
from runtime.verifier import verify

Array = Any
SECONDS, MOST = 0.1, 1000  # how long and how often the calls of one kind are repeated, where nobody says how often
MOST_OWN = 4.0  # by what a mark in a program may be slower than alone: the processor's caches hold less of it


def profile_fed(program: Program, feed: Mapping[str, Any] | None, scope: Scope | None, repeat: int | None) -> Profile:
    """The profile of a program that is fed by name, as Executor.run feeds it. What it would keep in the scope is not
    kept, and `result` is the list of its flat results."""
    held = global_scope() if scope is None else scope
    inputs = flat_inputs(program, check_feed(program, {} if feed is None else feed), held)
    fetch = (*(program.block.results or ()), *program.sets.values())
    return profile_run(verify(program), inputs, repeat, fetch)


def profile_run(
    program: Program, inputs: Sequence[Any], repeat: int | None = None, fetch: tuple[Value, ...] | None = None
) -> Profile:
    """The profile of runs with these flat inputs, which are as before when it comes back.

    `repeat` is how often it is run in each way; without it, as often as fits in a tenth of a second, but once where it
    prints or draws random numbers.
    """
    if repeat is not None and (type(repeat) is not int or repeat < 1):
        raise ValueError(f"repeat is how often the program is run in each way, 1 at least, and not {repeat!r}")
    runs = _Runs(program, inputs)
    try:
        return _profile(program, runs, repeat, fetch)
    except Exception as error:
        raise show_user_lines(error)
    finally:
        runs.snapshot.restore()


def _profile(program: Program, runs: _Runs, repeat: int | None, fetch: tuple[Value, ...] | None) -> Profile:
    name = function_name(program)
    plain = build(program, fetch)
    first = runs.seconds(plain, 1)
    times = repeat or (1 if _acts(program) else max(1, min(MOST, int(SECONDS / max(first, 1e-9)))))
    runs.seconds(plain, 1)  # what the first call has warmed up is not the cost of a call
    seconds, result = runs.seconds(plain, times), runs.result
    plan, planned_fetch = planned(program, fetch)
    lines = write(plan, name, planned_fetch)
    line_table = _measured(program, name, lines, [line_of(frame) for frame in lines.frames], runs, times, seconds)
    ops, owners = write_opwise(program, name, fetch)
    op_table = _measured(program, name, ops, owners, runs, times, None)
    return Profile(
        program, times, seconds, line_table.seconds, op_table.seconds, line_table.peak,
        line_costs(program, plan, line_table.costs), op_costs(program, op_table.costs), result,
    )  # fmt: skip


def _given_to_change(program: Program, inputs: Sequence[Any]) -> list[Any]:
    """What a run may change of its inputs: all of it, where it calls Python that nobody knows."""
    if any(op.definition.name in ("python", "method") for op in walk(program.block)):
        return list(inputs)
    changed = set(changed_inputs(program))
    return [given for value, given in zip(program.block.inputs, inputs) if value in changed]


def _acts(program: Program) -> bool:
    return any(op.definition.effect in ("io", "random") for op in walk(program.block))


class _Runs:
    """Calls of functions with one set of inputs, which each call is given as the first one was."""

    def __init__(self, program: Program, inputs: Sequence[Any]):
        self.inputs = inputs
        self.snapshot = Snapshot(_given_to_change(program, inputs))
        self.result: Any = None

    def seconds(self, function: Callable[..., Any], times: int, mark: _Clock | _Memory | None = None) -> float:
        """The time of a call, the median of `times`."""
        spent = []
        for _ in range(times):
            self.snapshot.restore()
            self.result = None
            if mark is not None:
                mark.start()
            start = perf_counter_ns()
            result = function(*self.inputs)
            spent.append(perf_counter_ns() - start)
            if mark is not None:
                mark.stop()
            self.result = self.snapshot.apart(result)
            del result
        return float(np.median(spent)) / 1e9


@dataclass
class _Table:
    """What was measured: of each key its Cost; seconds of a call with the marks; most bytes that it held at once."""

    costs: dict[Hashable, Cost]
    seconds: float
    peak: int


def _measured(
    program: Program,
    name: str,
    source: Source,
    keys: Sequence[Hashable],
    runs: _Runs,
    times: int,
    whole: float | None,
) -> _Table:
    """`whole` is what the costs should add up to, in seconds of a call, where that is known."""
    found = marked(source.text, keys)
    clock, memory = _Clock(len(found.keys)), _Memory(len(found.keys))
    function = function_of(program, name, _with_mark(source, clock), found.tree)
    runs.seconds(function, 1)
    seconds = runs.seconds(function, times, clock)
    function = function_of(program, name, _with_mark(source, memory), found.tree)
    with memory:
        runs.seconds(function, 1, memory)
    return _Table(_costs(found.keys, clock, memory, whole), seconds, memory.peak)


def _with_mark(source: Source, mark: Callable[[int], None]) -> Source:
    return Source(source.text, {**source.namespace, MARK: mark}, source.frames)


def _costs(keys: Sequence[Hashable], clock: _Clock, memory: _Memory, whole: float | None) -> dict[Hashable, Cost]:
    """The costs of all marks of one key together. A piece that has several marks runs as often as the one of them that
    runs most."""
    costs: dict[Hashable, Cost] = {}
    for key, seconds, runs, most, kept in zip(keys, clock.seconds(whole), clock.runs(), memory.most, memory.kept):
        old = costs.get(key, Cost())
        number = int(runs) if runs.is_integer() else runs
        costs[key] = Cost(old.seconds + seconds, max(old.runs, number), max(old.peak, most), old.kept + kept)
    return costs


class _Clock:
    """A mark that takes the time since the one before. Of each call a row is kept: another program may have had the
    processor in one of them, and medians do not see it."""

    def __init__(self, size: int):
        self.spent, self.counts = [0] * size, [0] * size
        self.rows: list[Array] = []
        self.turns = np.zeros(size, int)
        self.last = 0

    def start(self) -> None:
        self.spent[:] = self.counts[:] = [0] * len(self.spent)
        self.last = perf_counter_ns()

    def stop(self) -> None:
        self.rows.append(np.array(self.spent, float))
        self.turns += self.counts

    def __call__(self, site: int) -> None:
        now = perf_counter_ns()
        self.spent[site] += now - self.last
        self.counts[site] += 1
        self.last = perf_counter_ns()

    def runs(self) -> list[float]:
        """How often each piece runs in a call."""
        return [int(turns) / len(self.rows) for turns in self.turns]

    def seconds(self, whole: float | None) -> list[float]:
        """Of each piece in a call, without what is the marks' own: what they show of nothing; more, within reason,
        where all pieces take more than the `whole` that a call takes without marks."""
        medians, runs = np.median(self.rows, axis=0), np.array(self.runs())
        own = idle = _Clock.idle()
        if whole is not None and runs.sum():
            own = min(max(idle, (medians.sum() - whole * 1e9) / runs.sum()), MOST_OWN * idle)
        return [float(one) for one in np.maximum(medians - runs * own, 0) / 1e9]

    @staticmethod
    def idle() -> float:
        """What a mark shows of nothing, in nanoseconds: the least of some rounds."""
        rounds = []
        for _ in range(5):
            clock = _Clock(1)
            clock.start()
            for _ in range(1000):
                clock(0)
            rounds.append(clock.spent[0] / 1000)
        return min(rounds)


class _Memory:
    """A mark that takes the bytes allocated since the one before: at most at once, and those that are still there."""

    def __init__(self, size: int):
        self.most, self.kept = [0] * size, [0] * size
        self.first = self.before = self.peak = 0
        self.was_on = False

    def __enter__(self) -> None:
        self.was_on = tracemalloc.is_tracing()
        tracemalloc.start()

    def __exit__(self, *error: object) -> None:
        if not self.was_on:
            tracemalloc.stop()

    def start(self) -> None:
        self.first = self.before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()

    def stop(self) -> None:
        """There is one call."""

    def __call__(self, site: int) -> None:
        now, peak = tracemalloc.get_traced_memory()
        self.most[site] = max(self.most[site], peak - self.before)
        self.kept[site] += now - self.before
        self.peak = max(self.peak, peak - self.first)
        now = peak = 0  # their own memory is not the program's
        tracemalloc.reset_peak()
        self.before = tracemalloc.get_traced_memory()[0]
