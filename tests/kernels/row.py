"""A kernel is a Row: a function as its author wrote it, and its inputs at two sizes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.programs.row import FORMS, Inputs, Row

KERNELS: list[Row] = []


def kernel(*inputs: Inputs) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Puts the function below it into the list."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        module = Path(function.__code__.co_filename).stem
        KERNELS.append(Row(function.__name__, module, lambda: function, inputs, (), FORMS))
        return function

    return register


def real(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers around 0; the same each time."""
    return np.random.default_rng(seed).standard_normal(shape).round(3)


def whole(*shape: int, below: int = 10, seed: int = 0, dtype: Any = np.int64) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, below, shape).astype(dtype)


def definite(n: int) -> np.ndarray:
    """A symmetric positive definite matrix."""
    a = real(n, n)
    return a @ a.T + n * np.eye(n)


def codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8).copy()
