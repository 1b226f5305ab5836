"""Inputs of random programs: for each call two numbers and two arrays, of many kinds, ranks and sizes."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

NUMBERS = (int, int, int, float, float, bool, np.float64, np.float32, np.int64, np.int32)
DTYPES = (np.float64, np.float64, np.float32, np.int64, np.int32)
RANKS = (0, 1, 1, 1, 2, 2)


def inputs_of(seed: int, signatures: int = 2, calls: int = 3) -> tuple[tuple[Any, ...], ...]:
    """The arguments of all calls: `calls` with new values and sizes for each of some combinations of types."""
    source = random.Random(f"inputs {seed}")
    found = []
    for _ in range(signatures):
        kinds = [source.choice(NUMBERS), source.choice(NUMBERS)]
        types = [(source.choice(DTYPES), source.choice(RANKS)) for _ in range(2)]
        for _ in range(calls):
            sizes = [source.choice((1, 2, 3, 3, 4)), source.choice((0, 1, 2, 3, 3, 3))]
            found.append((*(number(source, kind) for kind in kinds), *(array(source, *type, sizes) for type in types)))
    return tuple(found)


def number(source: random.Random, kind: Any) -> Any:
    part = 0.5 if "float" in kind.__name__ and source.random() < 0.5 else 0
    return kind(source.choice((-3, -1, 0, 1, 2, 3, 5)) + part)


def array(source: random.Random, dtype: Any, rank: int, sizes: list[int]) -> np.ndarray[Any, Any]:
    shape = tuple(sizes[len(sizes) - rank :])
    count = int(np.prod(shape))
    scale = 2 if np.issubdtype(dtype, np.floating) else 1
    return (np.array([source.randint(-4, 6) for _ in range(count)]) / scale).reshape(shape).astype(dtype)
