"""Peers: other ways to run the workloads, each in the form that suits it best, written by hand.

A peer is a module of this package, imported only where what it needs is installed. Its VERSIONS take the arguments of a
workload, by the workload's key, and give a call without arguments: what has to be made of the arguments is made before
the clock starts, and the call gives something that NumPy reads.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Make = Callable[..., Callable[[], Any]]  # the workload's arguments → a call


@dataclass(frozen=True)
class Peer:
    """`needs` are modules that have to be there; the first is the peer itself."""

    name: str
    module: str
    needs: tuple[str, ...]

    @property
    def is_installed(self) -> bool:
        return all(find_spec(module) is not None for module in self.needs)

    def versions(self) -> dict[str, Make]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # packages that are not ours warn of what is theirs
            found: dict[str, Make] = import_module(f"benchmarks.peers.{self.module}").VERSIONS
        return found


PEERS = (
    Peer("onnxruntime", "onnx_runtime", ("onnxruntime", "onnx")),
    Peer("torch.jit.script", "torch_script", ("torch",)),
    Peer("tf.function", "tf_function", ("tensorflow",)),
    Peer("jax.jit", "jax_jit", ("jax",)),
    Peer("numba.njit", "numba_njit", ("numba",)),
)


def installed() -> list[Peer]:
    return [peer for peer in PEERS if peer.is_installed]


def missing() -> list[Peer]:
    return [peer for peer in PEERS if not peer.is_installed]
