"""`python -m benchmarks.peers NAME SECONDS`: one peer beside eager NumPy, in a process of its own, as JSON.

The pools of threads that one peer keeps would slow the others, and eager NumPy.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmarks.peers import PEERS, Peer
from benchmarks.timing import compare
from benchmarks.workloads import WORKLOADS, Workload

CLOSE = 1e-4  # peers sum in another order


def calls(peer: Peer) -> Iterator[tuple[Workload, Callable[[], Any]]]:
    """The workloads that a peer has, and its calls. Raises AssertionError where one gives another result."""
    versions = peer.versions()
    for workload in WORKLOADS:
        if workload.key in versions:
            call = versions[workload.key](*workload.arguments)
            wanted, got = np.asarray(workload.function(*workload.arguments)), np.asarray(call())
            if got.shape != wanted.shape or not np.allclose(got, wanted, rtol=CLOSE, atol=CLOSE):
                raise AssertionError(f"{peer.name} gives another result for {workload.name}")
            yield workload, call


def measured(peer: Peer, seconds: float) -> dict[str, dict[str, float]]:
    found = {}
    for workload, call in calls(peer):
        pair = compare(partial(workload.function, *workload.arguments), call, seconds)
        found[workload.name] = {"seconds": pair.second, "ratio": pair.ratio}
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # packages that are not ours warn of what is theirs
    peer = next(peer for peer in PEERS if peer.name == sys.argv[1])
    print(json.dumps(measured(peer, float(sys.argv[2]))))
