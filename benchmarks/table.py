"""The table: each workload in eager NumPy, as a static program, and in the peers that are installed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.peers import installed, missing
from benchmarks.report import Column, Effort, Row, Section, progress
from benchmarks.timing import compare
from benchmarks.workloads import WORKLOADS, Workload
from dy2static import to_static

CLOSE = 1e-4  # peers sum in another order


def columns() -> list[Column]:
    own = [Column("", "name", "text", 26), Column("eager NumPy", "eager", "seconds", 13)]
    own += [Column("dy2static", "dy2static", "seconds", 12), Column("ratio", "ratio", "ratio", 8)]
    return own + [Column(peer.name, f"peers/{peer.name}/ratio", "ratio", len(peer.name) + 2) for peer in installed()]


def rows(effort: Effort) -> Iterator[Row]:
    return (measured(workload, effort.seconds(1.5)) for workload in WORKLOADS)


def measured(workload: Workload, seconds: float) -> Row:
    """A warm call of each beside the eager one, by turns. Their results must be the same, and those of peers close."""
    function, arguments = workload.function, workload.arguments
    static = to_static(function)
    np.testing.assert_array_equal(static(*arguments), function(*arguments))
    progress(f"{workload.name}: dy2static")
    pair = compare(lambda: function(*arguments), lambda: static(*arguments), seconds)
    row: Row = {"name": workload.name, "eager": pair.first, "dy2static": pair.second, "ratio": pair.ratio, "peers": {}}
    for name, call in calls(workload):
        progress(f"{workload.name}: {name}")
        pair = compare(lambda: function(*arguments), call, seconds)
        row["peers"][name] = {"seconds": pair.second, "ratio": pair.ratio}
    progress("")
    return row


def calls(workload: Workload) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The calls of the peers, which give what the workload gives."""
    wanted = np.asarray(workload.function(*workload.arguments))
    for peer in installed():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of packages that are not ours
            make = peer.versions().get(workload.key)
            if make is None:
                continue
            call = make(*workload.arguments)
            got = np.asarray(call())
        if got.shape != wanted.shape or not np.allclose(got, wanted, rtol=CLOSE, atol=CLOSE):
            raise AssertionError(f"{peer.name} gives another result for {workload.name}")
        yield peer.name, call


def closing(rows: Sequence[Row]) -> list[str]:
    names = ", ".join(peer.name for peer in missing())
    return [f"not installed: {names}"] if names else []


SECTION = Section(
    "workloads",
    "warm calls of the workloads; eager NumPy is 1, lower is better",
    "Ratios are time / eager NumPy's, the median over paired rounds. Peers are measured where they are installed, each "
    "in its own best idiom with its arguments ready, and give the same results.",
    columns,
    rows,
    closing,
)
