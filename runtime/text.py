"""Data and call templates → text, as Python writes them, the same in every process."""

from __future__ import annotations

from typing import Any

import numpy as np

from runtime.ir import Constant, Slot, Value

INLINE = 40  # a constant whose text is longer gets a line of its own in a printed program
DEPTH = 100  # containers in each other deeper than this are cut: they may hold themselves


class Name(str):
    """Stands in a template in the place of a Slot, and is written without quotes."""


_BRACKETS: dict[type, tuple[str, str]] = {tuple: ("(", ")"), list: ("[", "]"), set: ("{", "}"), frozenset: ("{", "}")}


def text(template: Any, depth: int = 0) -> str:
    """A template as Python writes it, the same in every process: without addresses or the order of a set."""
    if isinstance(template, Name):
        return str(template)
    if isinstance(template, Slot):
        return f"${template.index}"
    if isinstance(template, slice):
        return f"slice({text(template.start)}, {text(template.stop)}, {text(template.step)})"
    if type(template) is dict or type(template) in _BRACKETS:
        return "…" if depth > DEPTH else _container_text(template, depth + 1)
    if isinstance(template, type):
        return f"np.{template.__name__}" if issubclass(template, np.generic) else template.__name__
    if isinstance(template, np.ufunc):
        own = getattr(np, template.__name__, None) is template
        return f"np.{template.__name__}" if own else template.__name__
    if template is Ellipsis:
        return "..."
    if type(template) is int and template.bit_length() > 1000:
        return hex(template)  # Python refuses to write very long decimals
    return _repr(template)


def _repr(datum: Any) -> str:
    """Its `repr`, but for one that holds an address or raises: those of foreign classes may do either."""
    try:
        written = repr(datum)
    except Exception:
        written = " at 0x"
    return written if " at 0x" not in written else getattr(datum, "__name__", f"<{type(datum).__name__}>")


def _container_text(container: Any, depth: int) -> str:
    if isinstance(container, dict):
        return "{" + ", ".join(f"{text(key, depth)}: {text(item, depth)}" for key, item in container.items()) + "}"
    items = [text(item, depth) for item in container]
    if isinstance(container, (set, frozenset)):
        items.sort()
    left, right = _BRACKETS[type(container)]
    comma = "," if type(container) is tuple and len(items) == 1 else ""
    return f"{left}{', '.join(items)}{comma}{right}"


def index_text(index: Any) -> str:
    """What stands between the brackets of x[…]."""
    if type(index) is tuple and index:
        parts = [index_text(item) if type(item) is slice else text(item) for item in index]
        return ", ".join(parts) + ("," if len(parts) == 1 else "")
    if not isinstance(index, slice):
        return text(index)
    parts = [index.start, index.stop] + ([] if index.step is None else [index.step])
    return ":".join("" if part is None else text(part) for part in parts)


def is_inline(value: Value) -> bool:
    """Whether a Value is a Constant that is printed in its place: short data, no array."""
    if not isinstance(value, Constant) or isinstance(value.value, np.ndarray):
        return False
    return len(text(value.value)) <= INLINE
