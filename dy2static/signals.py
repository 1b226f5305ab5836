"""What ends a piece of tracing, and what the trace that starts again has learned by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from dy2static.places import Place
from runtime.types import TensorType


class Signal(BaseException):
    """Ends a piece of tracing; BaseException, so that no handler of the user's code catches it."""



class Restart(Signal):
    """The assumptions have changed: the whole trace starts again."""



class Promote(Signal):
    """A container made at `depth` is changed further in: it has to live in the program from there on."""

    def __init__(self, container: Any, depth: int):
        self.container = container
        self.depth = depth



class Unroll(Signal):
    """Python needs a number that changes in the loop whose Blocks are regions number `depth`: it cannot be staged."""

    def __init__(self, depth: int, reason: str):
        self.depth = depth
        self.reason = reason



class Diverged(Signal):
    """The end of this piece of code is not reached: every path through it raises."""


class Staged(Signal):
    """What was run as plain Python, to see whether it is that, needs an op."""


@dataclass
class LoopMemo:
    """What tracing a loop has shown; the first guess of the next time."""

    types: tuple[TensorType, ...] = ()
    packed: set[tuple[int, ...]] = field(default_factory=set)
    lifted: set[tuple[int, ...]] = field(default_factory=set)
    unroll: str | None = None



@dataclass
class Assumptions:
    """What earlier attempts at a trace have learned."""

    numbers: set[Place] = field(default_factory=set)  # taken as constants: Python needs them
    shapes: set[Place] = field(default_factory=set)  # arrays whose sizes are taken as constants
    whole: set[Place] = field(default_factory=set)  # containers and objects that live in the program
    volatile: dict[Place, TensorType] = field(
        default_factory=dict
    )  # attributes, globals, cells that the program changes
    dynamic: set[Place] = field(default_factory=set)  # numbers that have changed between calls
    recursive: set[CodeType] = field(default_factory=set)  # functions whose depth of recursion is not known
    loops: dict[Any, LoopMemo] = field(default_factory=dict)
    attempts: int = 0
