"""The table: each workload in eager NumPy, as a static program, and in the peers that are installed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from benchmarks.peers import Peer, installed, missing
from benchmarks.report import Column, Effort, Row, Section, progress
from benchmarks.timing import compare
from benchmarks.workloads import WORKLOADS, Workload
from dy2static import to_static


def columns() -> list[Column]:
    own = [Column("", "name", "text", 26), Column("eager NumPy", "eager", "seconds", 13)]
    own += [Column("dy2static", "dy2static", "seconds", 12), Column("ratio", "ratio", "ratio", 8)]
    return own + [Column(peer.name, f"peers/{peer.name}/ratio", "ratio", len(peer.name) + 2) for peer in installed()]


def rows(effort: Effort) -> Iterator[Row]:
    peers = {peer.name: beside(peer, effort.seconds(1.5)) for peer in installed()}
    for workload in WORKLOADS:
        progress(workload.name)
        found = {name: rows[workload.name] for name, rows in peers.items() if workload.name in rows}
        yield measured(workload, effort.seconds(1.5)) | {"peers": found}


def measured(workload: Workload, seconds: float) -> Row:
    """A warm call of the static function beside the plain one. Their results must be the same."""
    function, arguments = workload.function, workload.arguments
    static = to_static(function)
    np.testing.assert_array_equal(static(*arguments), function(*arguments))
    pair = compare(partial(function, *arguments), partial(static, *arguments), seconds)
    return {"name": workload.name, "eager": pair.first, "dy2static": pair.second, "ratio": pair.ratio}


def beside(peer: Peer, seconds: float) -> dict[str, Row]:
    """A peer's figures by workload, from a process of its own. Raises RuntimeError where that fails."""
    progress(f"{peer.name}, in a process of its own")
    command = [sys.executable, "-m", "benchmarks.peers", peer.name, str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"measuring {peer.name} has failed:\n{done.stderr}")
    found: dict[str, Row] = json.loads(done.stdout.splitlines()[-1])
    return found


def closing(rows: Sequence[Row]) -> list[str]:
    names = ", ".join(peer.name for peer in missing())
    return [f"not installed: {names}"] if names else []


SECTION = Section(
    "workloads",
    "warm calls of the workloads; eager NumPy is 1, lower is better",
    "Ratios are time / eager NumPy's, the median over paired rounds. Peers are measured where they are installed, each "
    "in a process and the idiom of its own, with its arguments ready; they give the same results.",
    columns,
    rows,
    closing,
)
