"""The workloads as tf.function traces them: `if` and `while` of Python, on tensors. Images have their channels last."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # read by the import below

import tensorflow as tf


@tf.function
def cond(x):
    if x[0] > 0:
        y = x * 2
    else:
        y = -x
    return y


@tf.function
def loop(x, trips):
    i = tf.constant(0, tf.int64)
    while i < trips:
        x = x + 1
        i += 1
    return x


@tf.function
def gcd(a, b):
    while b != 0:
        a, b = b, a % b
    return a


@tf.function
def collatz(n):
    steps = tf.constant(0, tf.int64)
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


@tf.function
def newton(a):
    x, greatest = a, tf.constant(np.inf, tf.float64)
    while greatest >= 1e-12:
        step = (x * x - a) / (2 * x)
        x = x - step
        greatest = tf.reduce_max(tf.abs(step))
    return x


@tf.function
def rnn(inputs, state, w, u):
    state = state[tf.newaxis]
    for x in inputs:
        state = tf.tanh(x[tf.newaxis] @ w + state @ u)
    return state[0]


@tf.function
def conv(images, kernels):
    return tf.nn.conv2d(images, kernels, 1, "VALID")


def bound(function: Any) -> Callable[..., Callable[[], Any]]:
    def make(*arguments: Any) -> Callable[[], Any]:
        given = [tf.constant(one) if isinstance(one, np.ndarray) else tf.constant(one, tf.int64) for one in arguments]
        return lambda: function(*given)

    return make


class Last:
    """An image with its channels last, as NumPy has it: turned when it is read, and not when it is made."""

    def __init__(self, images: Any):
        self.images = images

    def __array__(self, *given: Any, **rest: Any) -> np.ndarray:
        return self.images.numpy().transpose(0, 3, 1, 2)


def convolution(images: np.ndarray, kernels: np.ndarray) -> Callable[[], Any]:
    call = bound(conv)(np.ascontiguousarray(images.transpose(0, 2, 3, 1)), kernels.transpose(2, 3, 1, 0).copy())
    return lambda: Last(call())


VERSIONS = {
    "cond": bound(cond), "loop": bound(loop), "gcd": bound(gcd), "collatz": bound(collatz), "newton": bound(newton),
    "rnn": bound(rnn), "conv": convolution,
}  # fmt: skip
