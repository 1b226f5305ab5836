"""A row of the table: a function, the inputs it is run on, and the control ops that its Program must hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Given:
    """The arguments of one call."""

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)


def given(*args: Any, **kwargs: Any) -> Given:
    return Given(args, kwargs)


Inputs = tuple[Any, ...] | Given | Callable[[], "tuple[Any, ...] | Given"]


@dataclass(frozen=True)
class Row:
    """One program.

    make     gives the function to convert: a fresh one each time, where the function keeps state between calls
    inputs   for each call a tuple of arguments, a Given, or a function that makes either
    stages   names of control ops of which each stands in the Program of some inputs
    forms    the forms in which the row holds: "converted", "traced", "saved"
    """

    name: str
    module: str
    make: Callable[[], Callable[..., Any]]
    inputs: tuple[Inputs, ...]
    stages: tuple[str, ...]
    forms: tuple[str, ...]

    @property
    def is_stateful(self) -> bool:
        """Whether a call changes what is around the function, which no saved program can do."""
        return "saved" not in self.forms

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


ROWS: list[Row] = []
FORMS = ("converted", "traced", "saved")


def program(
    *inputs: Inputs, stages: str = "", name: str | None = None, forms: tuple[str, ...] = FORMS, made: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Puts the function below it into the table. `made`: that function makes the one that is meant."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        code = function.__code__ if hasattr(function, "__code__") else type(function).__call__.__code__
        make = function if made else lambda: function
        label = name or function.__name__
        ROWS.append(Row(label, Path(code.co_filename).stem, make, inputs, tuple(stages.split()), forms))
        return function

    return register


def f32(*items: Any) -> np.ndarray:
    return np.array(items, np.float32)


def f64(*items: Any) -> np.ndarray:
    return np.array(items, np.float64)


def i64(*items: Any) -> np.ndarray:
    return np.array(items, np.int64)


def b1(*items: Any) -> np.ndarray:
    return np.array(items, bool)


def zero_d(item: Any, dtype: Any = np.float64) -> np.ndarray:
    return np.array(item, dtype)


def grid(rows: int, columns: int, dtype: Any = np.float64) -> np.ndarray:
    """0, 1, 2 … in `rows` rows; half of them negative, so that both sides of most conditions are met."""
    return (np.arange(rows * columns) - rows * columns // 2).reshape(rows, columns).astype(dtype)
