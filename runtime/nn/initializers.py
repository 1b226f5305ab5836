"""How a parameter starts: each initializer is a row of the table and its arguments.

So the array that a layer makes now and the one that the start-up program makes are the same.

    Xavier(uniform=False)      nn.normal((2, 3, 3, 3), 0.0, 0.29, 'float32', seed=[0, 1])
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from runtime.nn.staged import staged

Shape = tuple[int, ...]
Row = tuple[Any, ...]  # its name and arguments


class _Seeds:
    """Gives each parameter that has no seed of its own the next one."""

    def __init__(self) -> None:
        self.start = int.from_bytes(os.urandom(6), "little")
        self.count = 0

    def next(self) -> list[int]:
        self.count += 1
        return [self.start, self.count]


_seeds = _Seeds()


def seed(number: int) -> None:
    """Makes what follows repeatable: the parameters of layers made from here on, and the random numbers of NumPy."""
    _seeds.start, _seeds.count = int(number), 0
    np.random.seed(number)


@dataclass(frozen=True)
class Initializer:
    """Base of all: `seed` makes every array of a shape the same; None takes the next number of `nn.seed`."""

    def row(self, shape: Shape, dtype: str, seed: Any) -> Row:
        raise NotImplementedError

    def own_seed(self) -> Any:
        """The seed of one parameter."""
        given = getattr(self, "seed", None)
        return _seeds.next() if given is None else given

    def array(self, shape: Shape, dtype: str, seed: Any) -> np.ndarray[Any, Any]:
        return np.asarray(staged(*self.row(shape, dtype, seed)))

    def stage(self, emit: Callable[..., Any], shape: Shape, dtype: str, seed: Any) -> Any:
        """The same as an op."""
        return emit(*self.row(shape, dtype, seed))


@dataclass(frozen=True)
class Constant(Initializer):
    """Every item is `value`."""

    value: float = 0.0

    def row(self, shape: Shape, dtype: str, seed: Any) -> Row:
        return "np.full", shape, self.value, dtype

    def own_seed(self) -> None:
        return None


@dataclass(frozen=True)
class Normal(Initializer):
    """Normal numbers of that mean and standard deviation."""

    mean: float = 0.0
    std: float = 1.0
    seed: int | None = None

    def row(self, shape: Shape, dtype: str, seed: Any) -> Row:
        return "nn.normal", shape, float(self.mean), float(self.std), dtype, seed


@dataclass(frozen=True)
class Uniform(Initializer):
    """Numbers from `low` up to `high`, each as likely as the others."""

    low: float = -1.0
    high: float = 1.0
    seed: int | None = None

    def row(self, shape: Shape, dtype: str, seed: Any) -> Row:
        return "nn.uniform", shape, float(self.low), float(self.high), dtype, seed


@dataclass(frozen=True)
class Xavier(Initializer):
    """Variance 2 / (fan in + fan out), uniform or normal. Source: Glorot and Bengio, 2010."""

    uniform: bool = True
    fan_in: float | None = None
    fan_out: float | None = None
    seed: int | None = None

    def row(self, shape: Shape, dtype: str, seed: Any) -> Row:
        inner, outer = fans(shape)
        total = (inner if self.fan_in is None else self.fan_in) + (outer if self.fan_out is None else self.fan_out)
        return _of_variance(2 / max(total, 1), self.uniform, shape, dtype, seed)


@dataclass(frozen=True)
class Kaiming(Initializer):
    """Variance gain² / fan in, for what a rectifier follows. Source: He et al., 2015."""

    uniform: bool = True
    fan_in: float | None = None
    negative_slope: float = 0.0
    nonlinearity: str = "relu"
    seed: int | None = None

    def row(self, shape: Shape, dtype: str, seed: Any) -> Row:
        gains = {
            "relu": 2.0,
            "leaky_relu": 2 / (1 + self.negative_slope**2),
            "linear": 1.0,
            "sigmoid": 1.0,
            "tanh": 25 / 9,
        }
        if self.nonlinearity not in gains:
            raise ValueError(f"Kaiming: nonlinearity is {self.nonlinearity!r}, and must be one of {', '.join(gains)}")
        inner = fans(shape)[0] if self.fan_in is None else self.fan_in
        return _of_variance(gains[self.nonlinearity] / max(inner, 1), self.uniform, shape, dtype, seed)


@dataclass(frozen=True)
class Orthogonal(Initializer):
    """Orthogonal rows or columns, of length `gain`; a kernel is a matrix [filters, the rest]."""

    gain: float = 1.0
    seed: int | None = None

    def row(self, shape: Shape, dtype: str, seed: Any) -> Row:
        if len(shape) < 2:
            raise ValueError(f"Orthogonal: the shape is {list(shape)}, and must have two dims at least")
        return "nn.orthogonal", shape, float(self.gain), dtype, seed


def fans(shape: Shape) -> tuple[int, int]:
    """How many items one of the results is made of, and how many results one item goes into.

    A matrix is [in, out], a kernel [out, in, *spatial].
    """
    if len(shape) < 2:
        return math.prod(shape), math.prod(shape)
    if len(shape) == 2:
        return shape[0], shape[1]
    size = math.prod(shape[2:])
    return shape[1] * size, shape[0] * size


def _of_variance(variance: float, uniform: bool, shape: Shape, dtype: str, seed: Any) -> Row:
    if uniform:
        return "nn.uniform", shape, -math.sqrt(3 * variance), math.sqrt(3 * variance), dtype, seed
    return "nn.normal", shape, 0.0, math.sqrt(variance), dtype, seed
