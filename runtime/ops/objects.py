"""Ops on objects that are no data: attributes of the user's own objects, closure cells, and instances built in a program.

Only a program that is run where it was traced meets such objects; a saved one has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runtime.opdef import OpDef
from runtime.types import TensorType, python


def load(owner: Any, name: str) -> Any:
    """`owner.name`."""
    return getattr(owner, _checked(name))


def store(owner: Any, name: str, value: Any) -> None:
    """`owner.name = value`."""
    setattr(owner, _checked(name), value)


def drop(owner: Any, name: str) -> None:
    """`del owner.name`."""
    delattr(owner, _checked(name))


def _checked(name: str) -> str:
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(f"a program cannot reach the attribute {name!r}")
    return name


def instance(cls: type, state: dict[str, Any]) -> Any:
    """An object of a class, with these attributes; its `__init__` has been traced already."""
    made = object.__new__(cls)
    for name, value in state.items():
        object.__setattr__(made, name, value)
    return made


def nothing(*args: Any) -> TensorType:
    return python(type(None))


def rows() -> Iterator[OpDef]:
    yield OpDef("load", load, aliases=True)
    yield OpDef("store", store, nothing, effect="write")
    yield OpDef("drop", drop, nothing, effect="write")
    yield OpDef("instance", instance, lambda cls, state: python(cls), aliases=True)

