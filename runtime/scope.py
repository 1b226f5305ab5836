"""Scopes: what programs keep between their runs. A name in a scope is one array, for all programs that have it.

Executor().run(startup)                    sets the parameters in the current scope
Executor().run(main, feed, fetch_list)     reads them there, and what it writes into them is kept
with scope_guard(Scope()): …               another model with the same names
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from runtime.errors import FeedError
from runtime.ir import Constant, Program, Value
from runtime.passes.constants import with_constants
from runtime.types import TensorType, is_within, type_of

Array = np.ndarray[Any, Any]


class Scope(dict[str, Array]):
    """Arrays by the names of parameters."""

    def __missing__(self, name: str) -> Array:
        raise KeyError(f"the scope holds no parameter {name!r}; it holds {', '.join(self) or 'none'}")

    def keep(self, name: str, value: Any) -> None:
        """Sets a parameter to a copy of `value`."""
        self[name] = np.array(value)

    def value(self, program: Program, name: str) -> Array:
        """A parameter of `program`. Raises FeedError where it is not set, or is of another type."""
        expected = program.state[name].type
        if name not in self:
            raise FeedError(
                f"parameter {name!r} of {program.name} is not set in this scope; run the start-up program in it first, "
                "Executor().run(startup), or load all parameters by load_state_dict"
            )
        found = type_of(self[name])
        if not is_within(found, expected):
            raise FeedError(f"parameter {name!r} of {program.name} is {expected}, and the scope holds {found}")
        return self[name]


class _Current(threading.local):
    def __init__(self) -> None:
        self.scope = _GLOBAL


_GLOBAL = Scope()
_current = _Current()


def global_scope() -> Scope:
    """The scope that programs run in: the one of the innermost `scope_guard`, or the one that is always there."""
    return _current.scope


@contextmanager
def scope_guard(scope: Scope) -> Iterator[Scope]:
    """Programs that are run within, in this thread, keep what they keep in `scope`."""
    before, _current.scope = _current.scope, scope
    try:
        yield scope
    finally:
        _current.scope = before


def given_state(owner: str, own: Mapping[str, TensorType], state: Any) -> dict[str, Array]:
    """Copies of the arrays of `state`, which must have the names and shapes of `own`, in the dtypes of `own`.

    Raises KeyError for a name that is missing or unknown, ValueError for another shape, TypeError for what the dtype
    does not take.
    """
    if not isinstance(state, Mapping):
        cure = "a dict of arrays by name, as state_dict() gives,"
        raise TypeError(f"load_state_dict of {owner}: {cure} is loaded, and not {state!r}")
    missing, extra = [name for name in own if name not in state], [name for name in state if name not in own]
    if missing or extra:
        said = [f"{word} {', '.join(names)}" for word, names in (("missing:", missing), ("unknown:", extra)) if names]
        raise KeyError(f"load_state_dict of {owner}: {'; '.join(said)}")
    for name, type in own.items():
        if np.shape(state[name]) != type.shape:
            given = list(np.shape(state[name]))
            raise ValueError(f"load_state_dict of {owner}: {name!r} is {type}, and an array of shape {given} was given")
        found = np.asarray(state[name]).dtype
        if not np.can_cast(found, type.dtype, "same_kind"):
            raise TypeError(f"load_state_dict of {owner}: {name!r} is {type}, and an array of {found} was given")
    return {name: np.array(state[name], type.dtype) for name, type in own.items()}


def closed(program: Program, scope: Scope | None = None) -> Program:
    """`program` with its parameters as the scope holds them now: they become weights. One without is given back."""
    if not program.state:
        return program
    held = global_scope() if scope is None else scope
    constants: dict[Value, Constant] = {}
    for name, value in program.state.items():
        constants[value] = Constant(held.value(program, name).copy(), value.type, value.hint)
    return with_constants(program, constants)
