"""Trees of tuples, lists and dicts, taken apart into leaves and put together again.

    {"a": (x, y), "b": [z]}    ⇄    [x, y, z]  and  {"a": (·, ·), "b": [·]}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Leaf:
    """The place of a leaf in a structure."""

    def __repr__(self) -> str:
        return "·"


LEAF = Leaf()


def flatten(tree: Any) -> tuple[list[Any], Any]:
    """The leaves of a tree, in order, and its structure, with LEAF for each. None is a part of the structure."""
    leaves: list[Any] = []
    return leaves, _take_apart(tree, leaves)


def _take_apart(tree: Any, leaves: list[Any]) -> Any:
    if isinstance(tree, dict):
        return {key: _take_apart(item, leaves) for key, item in tree.items()}
    if isinstance(tree, (tuple, list)):
        items = [_take_apart(item, leaves) for item in tree]
        return type(tree)._make(items) if hasattr(tree, "_make") else type(tree)(items)
    if tree is None:
        return None
    leaves.append(tree)
    return LEAF


def unflatten(structure: Any, leaves: list[Any]) -> Any:
    """The tree of a structure with these leaves."""
    return _put_together(structure, iter(leaves))


def _put_together(structure: Any, leaves: Iterator[Any]) -> Any:
    if isinstance(structure, Leaf):
        return next(leaves)
    if isinstance(structure, dict):
        return {key: _put_together(item, leaves) for key, item in structure.items()}
    if isinstance(structure, (tuple, list)):
        items = [_put_together(item, leaves) for item in structure]
        return type(structure)._make(items) if hasattr(structure, "_make") else type(structure)(items)
    return structure


def same_structure(a: Any, b: Any) -> bool:
    """Whether two structures have the same containers, of the same lengths and keys, and leaves in the same places."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(same_structure(a[key], b[key]) for key in a)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same_structure, a, b))
    return True
