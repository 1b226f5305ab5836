"""The workloads of the table: plain functions, each with the arguments of one call. A row is one line of WORKLOADS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Workload:
    """A function and its arguments. Nothing here changes its arguments, so one set serves every call.

    key   by which the peers have their own version of it; "" where they have none
    """

    name: str
    key: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


def ternary(x, y):
    z = x + y if x > y else x - y
    return z


def cond(x):
    if x > 0:
        y = x * 2
    else:
        y = -x
    return y


def loop(x, trips):
    i = 0
    while i < trips:
        x = x + 1
        i += 1
    return x


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def collatz(n):
    steps = 0
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


def newton(a):
    """Square roots, all at once, until every one has converged."""
    x = a
    while True:
        step = (x * x - a) / (2 * x)
        x = x - step
        if np.abs(step).max() < 1e-12:
            break
    return x


def rnn(inputs, state, w, u):
    """inputs: [steps, size]; state: [size]; w, u: [size, size]."""
    for x in inputs:
        state = np.tanh(x @ w + state @ u)
    return state


def conv(images, kernels):
    """images: [batch, channels, height, width]; kernels: [out, channels, k, k]; no padding."""
    k = kernels.shape[-1]
    height, width = images.shape[2] - k + 1, images.shape[3] - k + 1
    out = np.zeros((images.shape[0], kernels.shape[0], height, width), images.dtype)
    for i in range(k):
        for j in range(k):
            out += np.einsum("nchw,oc->nohw", images[:, :, i : i + height, j : j + width], kernels[:, :, i, j])
    return out


def _normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


WORKLOADS = (
    Workload("ternary on float32[1]", "", ternary, (np.array([3], np.float32), np.array([2], np.float32))),
    Workload("cond on float32[1]", "cond", cond, (np.array([3], np.float32),)),
    Workload("while, 10 trips", "loop", loop, (np.array([0], np.float32), 10)),
    Workload("while, 100000 trips", "loop", loop, (np.array([0], np.float32), 100_000)),
    Workload("gcd of two ints", "gcd", gcd, (1836311903, 1134903170)),
    Workload("Collatz from 27", "collatz", collatz, (27,)),
    Workload("Newton on float64[1000]", "newton", newton, (np.linspace(1, 1000, 1000),)),
    Workload(
        "RNN, 100 steps of 64", "rnn", rnn, (_normal(100, 64), _normal(64), _normal(64, 64) / 8, _normal(64, 64) / 8)
    ),
    Workload("conv 8x16x64x64, 3x3", "conv", conv, (_normal(8, 16, 64, 64), _normal(16, 16, 3, 3))),
)
