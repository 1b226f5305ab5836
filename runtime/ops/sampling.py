"""Types of random numbers, by trial on generators of our own: a trial must not move the user's."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np

from runtime.opdef import Rule
from runtime.ops.arguments import typed
from runtime.ops.probe import probe
from runtime.types import ANY, TensorType, python

WITHOUT_RESULT = ("shuffle", "seed", "set_state")
UNTRIED = ("get_state", "spawn", "default_rng")
ALIASES = {"ranf": "random_sample", "sample": "random_sample"}


@lru_cache(maxsize=8)
def own(kind: str) -> Any:
    """A generator of our own: "Generator", "RandomState" or "Random"."""
    made = {"Generator": "default_rng", "RandomState": "RandomState"}
    return import_module("random").Random(0) if kind == "Random" else getattr(np.random, made[kind])(0)


def drawn(kind: str, name: str) -> Rule:
    """The rule of the method `name` of such generators, bound to one."""

    def rule(*args: Any, **kwargs: Any) -> TensorType:
        if name in WITHOUT_RESULT:
            return python(type(None))
        function = getattr(own(kind), name if kind == "Random" else ALIASES.get(name, name), None)
        return ANY if function is None or name in UNTRIED else probe(function, args, kwargs)

    return rule


def method_rule(name: str) -> Rule:
    """The rule of the method of that name of any generator."""

    def rule(x: Any, *args: Any, **kwargs: Any) -> TensorType:
        cls = typed(x).dtype
        kind = getattr(cls, "__name__", "")
        if kind not in ("Generator", "RandomState", "Random") or cls is not type(own(kind)):
            return ANY
        return drawn(kind, name)(*args, **kwargs)

    return rule
