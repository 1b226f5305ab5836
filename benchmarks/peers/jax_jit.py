"""The workloads in JAX: its own control functions, compiled by XLA. A call ends when its result is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

jax.config.update("jax_enable_x64", True)  # else float64 is float32


def cond(x):
    return lax.cond(x[0] > 0, lambda x: x * 2, lambda x: -x, x)


def loop(x, trips):
    return lax.fori_loop(0, trips, lambda i, x: x + 1, x)


def gcd(a, b):
    return lax.while_loop(lambda pair: pair[1] != 0, lambda pair: (pair[1], pair[0] % pair[1]), (a, b))[0]


def collatz(n):
    def body(state):
        n, steps = state
        return jnp.where(n % 2 == 0, n // 2, 3 * n + 1), steps + 1

    return lax.while_loop(lambda state: state[0] != 1, body, (n, 0))[1]


def newton(a):
    def body(state):
        x, _ = state
        step = (x * x - a) / (2 * x)
        return x - step, jnp.abs(step).max()

    return lax.while_loop(lambda state: state[1] >= 1e-12, body, (a, jnp.inf))[0]


def rnn(inputs, state, w, u):
    return lax.scan(lambda state, x: (jnp.tanh(x @ w + state @ u), None), state, inputs)[0]


def conv(images, kernels):
    return lax.conv(images, kernels, (1, 1), "VALID")


def bound(function: Any) -> Callable[..., Callable[[], Any]]:
    compiled = jax.jit(function)

    def make(*arguments: Any) -> Callable[[], Any]:
        given = [jnp.asarray(one) if isinstance(one, np.ndarray) else jnp.int64(one) for one in arguments]
        return lambda: compiled(*given).block_until_ready()

    return make


VERSIONS = {one.__name__: bound(one) for one in (cond, loop, gcd, collatz, newton, rnn, conv)}
