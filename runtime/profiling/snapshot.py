"""What a program may change, kept and put back, so that each run is given the same.

    snapshot = Snapshot([x, {"seen": [1]}])
    x += 1; …                                 # a run
    snapshot.restore()                        # the same objects hold the same items again
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterable
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

PLAIN = (int, float, complex, str, bytes, type(None), np.generic, range, slice)
CODE = (type, FunctionType, MethodType, BuiltinFunctionType, ModuleType)


class Snapshot:
    """The contents of arrays, lists, dicts, sets and objects, and of all that they hold."""

    def __init__(self, values: Iterable[Any]):
        self._kept: dict[int, tuple[Any, Any]] = {}  # by identity: an object, and what it held
        todo = list(values)
        while todo:
            value = todo.pop()
            if isinstance(value, (*PLAIN, *CODE)) or id(value) in self._kept:
                continue
            held = _contents(value)
            self._kept[id(value)] = value, held
            todo += _inner(held)

    def restore(self) -> None:
        for value, held in self._kept.values():
            _put_back(value, held)

    def apart(self, result: Any) -> Any:
        """`result` with copies in the place of what `restore` changes."""
        if isinstance(result, np.ndarray):
            arrays = (one for one, _ in self._kept.values() if isinstance(one, np.ndarray))
            return result.copy() if any(np.may_share_memory(result, one) for one in arrays) else result
        if isinstance(result, tuple):
            items = [self.apart(item) for item in result]
            return type(result)._make(items) if hasattr(result, "_make") else type(result)(items)
        if type(result) is list:
            return [self.apart(item) for item in result]
        if type(result) is dict:
            return {key: self.apart(item) for key, item in result.items()}
        return result


def _contents(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy() if value.flags.writeable else None
    if isinstance(value, (list, deque, tuple, frozenset)):
        return list(value)
    if isinstance(value, (dict, set, bytearray)):
        return value.copy()
    if isinstance(value, array):
        return value[:]
    if isinstance(value, np.random.Generator):
        return value.bit_generator.state
    return dict(vars(value)) if hasattr(value, "__dict__") else None


def _inner(held: Any) -> list[Any]:
    if isinstance(held, dict):
        return list(held.values())
    return list(held) if isinstance(held, (list, set)) else []


def _put_back(value: Any, held: Any) -> None:
    if held is None or isinstance(value, (tuple, frozenset)):
        return
    if isinstance(value, np.ndarray):
        value[...] = held
    elif isinstance(value, array):
        value[:] = held
    elif isinstance(value, np.random.Generator):
        value.bit_generator.state = held
    elif isinstance(value, (dict, set, deque, list, bytearray)):
        _refill(value, held)
    else:
        _refill(vars(value), held)


def _refill(value: Any, held: Any) -> None:
    """Only what is another is written: a dict may be the globals of a module that other threads read."""
    if isinstance(value, dict):
        for key in [key for key in value if key not in held]:
            del value[key]
        for key, item in held.items():
            if key not in value or value[key] is not item:
                value[key] = item
    elif list(value) != list(held) if isinstance(value, (set, bytearray)) else not _are_same(value, held):
        add: Callable[[Any], None] = value.update if isinstance(value, set) else value.extend
        value.clear()
        add(held)


def _are_same(value: Any, held: list[Any]) -> bool:
    return len(value) == len(held) and all(one is other for one, other in zip(value, held))
