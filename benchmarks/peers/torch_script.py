"""The workloads in TorchScript, whose numbers are Python's: ints where the workload has ints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor


@torch.jit.script
def cond(x: Tensor):
    if bool(x > 0):
        y = x * 2
    else:
        y = -x
    return y


@torch.jit.script
def loop(x: Tensor, trips: int):
    i = 0
    while i < trips:
        x = x + 1
        i += 1
    return x


@torch.jit.script
def gcd(a: int, b: int):
    while b != 0:
        a, b = b, a % b
    return a


@torch.jit.script
def collatz(n: int):
    steps = 0
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


@torch.jit.script
def newton(a: Tensor):
    x = a
    while True:
        step = (x * x - a) / (2 * x)
        x = x - step
        if bool(torch.abs(step).max() < 1e-12):
            break
    return x


@torch.jit.script
def rnn(inputs: Tensor, state: Tensor, w: Tensor, u: Tensor):
    for t in range(inputs.size(0)):
        state = torch.tanh(inputs[t] @ w + state @ u)
    return state


@torch.jit.script
def conv(images: Tensor, kernels: Tensor):
    return torch.nn.functional.conv2d(images, kernels)


def bound(function: Any) -> Callable[..., Callable[[], Any]]:
    def make(*arguments: Any) -> Callable[[], Any]:
        given = [torch.from_numpy(one.copy()) if isinstance(one, np.ndarray) else one for one in arguments]

        def call() -> Any:
            with torch.inference_mode():
                return function(*given)

        return call

    return make


VERSIONS = {
    name: bound(function)
    for name, function in {
        "cond": cond, "loop": loop, "gcd": gcd, "collatz": collatz, "newton": newton, "rnn": rnn, "conv": conv,
    }.items()
}  # fmt: skip
