"""What converted code writes besides local names: slots, the log that undoes them, and the boxes of a try statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runtime.ir import Block
from runtime.tracer import Variable
from runtime.types import ANY, TensorType, join, python

if TYPE_CHECKING:
    from dy2static.trace import Trace


class Region:
    """A Block of a cond or while_loop that is being traced; `staged` are the containers that lived in it at its end."""

    __slots__ = ("kind", "block", "log", "boxes", "staged")

    def __init__(self, kind: str, block: Block, boxes: dict[Any, Box] | None = None):
        self.kind = kind
        self.block = block
        self.boxes = boxes
        self.log: dict[Any, tuple[Slot, Any]] = {}
        self.staged: dict[int, Any] = {}  # its own containers that live in the program, kept for what it gives


class Slot:
    """An attribute or a closure cell made while tracing, which converted code writes; at that `depth` of regions."""

    __slots__ = ("get", "set", "key", "keep", "depth")

    def __init__(self, key: Any, get: Callable[[], Any], set: Callable[[Any], None], keep: Any, depth: int = 0):
        self.key = key
        self.get = get
        self.set = set
        self.keep = keep
        self.depth = depth


@dataclass
class Box:
    """What a slot is kept in while the parts of a try statement run; `type` is that of all that was put into it."""

    slot: Slot
    type: TensorType | None = None
    variable: Variable | None = None
    read_type: TensorType | None = None

    def open(self, trace: Trace) -> None:
        start = trace.lift(self.slot.get())
        self.type = widen(self.type, start.type)
        self.read_type = None
        self.variable = trace.emit("pack", [start])
        self.variable.value.type = python(list)

    def put(self, trace: Trace, value: Any) -> None:
        lifted = trace.lift(value)
        self.type = widen(self.type, lifted.type)
        if self.variable is not None:
            trace.emit("setitem", self.variable, 0, lifted)

    def read(self, trace: Trace) -> Variable:
        read: Variable = trace.emit("getitem", self.variable, 0)
        self.read_type = read.value.type = self.type or ANY
        return read

    @property
    def is_settled(self) -> bool:
        return self.variable is not None and self.read_type in (None, self.type)


def widen(known: TensorType | None, new: TensorType) -> TensorType:
    return new if known is None else join(known, new)
