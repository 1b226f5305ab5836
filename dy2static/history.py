"""What the calls of a function have shown of its arguments: which texts and structures differ from call to call.

A short text and the structure of a short container are constants of a program at first: `mode == "fast"` is decided
while tracing, and the items are inputs of their own. Where that would make one more program for each value, the text or
container becomes one input.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from dy2static.places import Place, root_argument
from runtime.types import NUMBERS

PATIENCE = 8  # programs for different texts or structures of one argument
LONG = 32  # items or letters; a longer container of data or text is one input from the first call on
DATA = (*NUMBERS, str, bytes, type(None), np.generic)


class History:
    """The texts and structures that the arguments of one function had."""

    def __init__(self) -> None:
        self._seen: dict[Place, set[Any]] = {}

    def note(self, arguments: Mapping[str, Any]) -> None:
        for name, value in arguments.items():
            form = _form(value)
            forms = self._seen.setdefault(root_argument(name), set())
            if form is not None and len(forms) <= PATIENCE:
                forms.add(form)

    def changing(self) -> set[Place]:
        """The arguments that have had too many forms for a program each."""
        return {place for place, forms in self._seen.items() if len(forms) > PATIENCE}


def _form(value: Any) -> Any:
    """What a program takes for granted of a text or container, or None for another value."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return frozenset(map(repr, value))
    return len(value) if isinstance(value, (list, tuple)) else None


def is_data(value: Any) -> bool:
    """Whether a value is plain data all through, so that a program can hold it as one value."""
    if type(value) in (list, tuple):
        return all(map(is_data, value))
    if type(value) is dict:
        return all(map(is_data, value.values())) and all(map(is_data, value))
    return isinstance(value, DATA) or type(value) is np.ndarray and not value.dtype.hasobject


def is_mixed(value: Any) -> bool:
    """Whether a list or dict holds data beside what is none, such as functions and objects."""
    return type(value) in (list, dict) and holds_data(value) and not all(map(is_data, leaves(value)))


def holds_data(value: Any) -> bool:
    return any(map(is_data, leaves(value)))


def leaves(value: Any, depth: int = 8) -> Iterator[Any]:
    """The items of a list, tuple or dict, and of those in it."""
    if type(value) not in (list, tuple, dict) or depth == 0:
        yield value
        return
    for item in value.values() if type(value) is dict else value:
        yield from leaves(item, depth - 1)
