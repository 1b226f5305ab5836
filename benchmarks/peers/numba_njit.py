"""The workloads as Numba compiles them: machine code of the same loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from benchmarks import workloads


@njit
def cond(x):
    if x[0] > 0:
        y = x * np.float32(2)
    else:
        y = -x
    return y


@njit
def loop(x, trips):
    i = 0
    while i < trips:
        x = x + np.float32(1)
        i += 1
    return x


@njit
def rnn(inputs, state, w, u):
    for t in range(inputs.shape[0]):
        state = np.tanh(inputs[t] @ w + state @ u)
    return state


@njit
def conv(images, kernels):
    batch, channels, height, width = images.shape
    filters, k = kernels.shape[0], kernels.shape[-1]
    out = np.zeros((batch, filters, height - k + 1, width - k + 1), images.dtype)
    for n in range(batch):
        for o in range(filters):
            for c in range(channels):
                for i in range(k):
                    for j in range(k):
                        weight = kernels[o, c, i, j]
                        for y in range(height - k + 1):
                            for x in range(width - k + 1):
                                out[n, o, y, x] += images[n, c, y + i, x + j] * weight
    return out


def bound(function: Any) -> Callable[..., Callable[[], Any]]:
    return lambda *arguments: lambda: function(*arguments)


# Numba compiles these as they are.
SAME = [njit(one) for one in (workloads.gcd, workloads.collatz, workloads.newton)]
VERSIONS = {one.__name__: bound(one) for one in (cond, loop, *SAME, rnn, conv)}
