"""What ends a piece of tracing, and what the trace that starts again has learned by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from dy2static.places import Place
from dy2static.progress import Progress
from runtime.ir import Frame
from runtime.tracer import TracingError
from runtime.types import TensorType

# Classes of what stands for a value while tracing: an error that names one is none of the user's.
STAND_INS = ("Variable", "Choice", "ComparedBy")


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

    def __init__(self, depth: int, reason: str, restarts: bool = False):
        self.depth = depth
        self.reason = reason
        self.restarts = restarts  # the trace starts again: containers that live in the program need not do so


class Diverged(Signal):
    """The end of this piece of code is not reached: every path through it raises."""


class Staged(Signal):
    """What was run as plain Python, to see whether it is that, needs an op."""


class Endless(TracingError):
    """A loop that Python runs while tracing does not come to its end."""


class Refused(TracingError):
    """Something that is known by name, with a cure of its own."""

    def __init__(self, reason: str, cure: str):
        super().__init__(reason)
        self.cure = cure


class HoldsItself(Refused):
    """A container or object is among its own parts: no op can put it together."""

    def __init__(self) -> None:
        super().__init__("it contains itself", "pass the parts of it that are needed")


@dataclass(eq=False, repr=False)
class LoopMemo:
    """What tracing a loop has shown; the first guess of the next time."""

    types: tuple[TensorType, ...] = ()
    packed: set[tuple[int, ...]] = field(default_factory=set)
    lifted: set[tuple[int, ...]] = field(default_factory=set)
    unroll: str | None = None
    cells: dict[str, bool] = field(default_factory=dict)  # captured names that it writes, and whether of its function
    changed: dict[str, None] = field(default_factory=dict)  # names of containers that it changes
    is_told: bool = True  # whether loops inside it tell it of types that change


@dataclass(eq=False, repr=False)
class Boxed:
    """A captured name that a part of a try statement writes: its type, and whether the function there made its cell."""

    type: TensorType | None
    is_own: bool


@dataclass(eq=False, repr=False)
class Assumptions:
    """What earlier attempts at a trace have learned."""

    numbers: set[Place] = field(default_factory=set)  # taken as constants: Python needs them
    shapes: set[Place] = field(default_factory=set)  # arrays whose sizes are taken as constants
    whole: set[Place] = field(default_factory=set)  # containers and objects that live in the program
    volatile: dict[Place, TensorType] = field(
        default_factory=dict
    )  # attributes, globals, cells that the program changes
    dynamic: set[Place] = field(default_factory=set)  # numbers that have changed between calls
    changing: set[Place] = field(default_factory=set)  # texts and containers that have had many forms
    resuming: bool = True  # whether generators may be: off where that was refused
    guessing: bool = True  # whether such and long containers are inputs as a whole: off where that was refused
    recursive: set[CodeType] = field(default_factory=set)  # functions whose depth of recursion is not known
    classes: dict[type, None] = field(default_factory=dict)  # of objects that live in the program
    reshaped: set[str] = field(default_factory=set)  # "shape", "dtype": set in place, so that no type may tell them
    scalars: bool = False  # NumPy scalars that are constants are staged, since to reckon with them warns
    class_changes: set[tuple[type, str]] = field(default_factory=set)  # attributes of classes that the program changes
    local_changes: set[tuple[str, str]] = field(default_factory=set)  # the same of classes that the function makes
    local_deletions: set[str] = field(default_factory=set)
    sets: set[int] = field(default_factory=set)  # of the user's that the program changes, by identity
    loops: dict[Any, LoopMemo] = field(default_factory=dict)
    cached: set[Any] = field(default_factory=set)  # functions whose cache shows: they are called as they are
    cycles: set[Any] = field(default_factory=set)  # functions with a cache that call themselves by way of others
    parameters: dict[Any, list[TensorType]] = field(default_factory=dict)  # of functions with a cache of the program's
    boxed: dict[Any, dict[str, Boxed]] = field(default_factory=dict)  # for each try statement, the names it writes
    outside: bool = False  # the program calls Python of the user's as it is, which may change whatever it reaches
    stepped: set[Any] = field(default_factory=set)  # generators that are read on after their first item
    resumed: set[Any] = field(default_factory=set)  # generators that are left, and read on in another place
    iterated: set[Any] = field(default_factory=set)  # iterators of libraries that are read in parts, as they are
    early: set[Any] = field(default_factory=set)  # where containers are made that live in the program at once
    staged_bodies: set[CodeType | None] = field(default_factory=set)  # of try statements that need an op
    attempts: int = 0
    progress: Progress = field(default_factory=lambda: Progress("a function"))
    reasons: dict[Place, tuple[str, str, Frame | None]] = field(default_factory=dict)  # of numbers and shapes
