"""What converted code writes besides local names: slots, the log that undoes them, and the boxes of a try statement."""

from __future__ import annotations

from collections.abc import Callable
from types import CellType
from typing import TYPE_CHECKING, Any

from runtime.ir import Block
from runtime.tracer import Variable
from runtime.types import ANY, UNDEFINED, TensorType, join, python

if TYPE_CHECKING:
    from dy2static.trace import Trace


class Region:
    """A Block of a cond or while_loop that is being traced; `staged` are the containers that lived in it at its end."""

    __slots__ = ("kind", "block", "log", "boxes", "staged", "function")

    def __init__(self, kind: str, block: Block, boxes: dict[Any, Box] | None = None, function: Any = None):
        self.function = function  # whose ops these are
        self.kind = kind
        self.block = block
        self.boxes = boxes
        self.log: dict[Any, tuple[Slot, Any]] = {}
        self.staged: dict[int, Any] = {}  # its own containers that live in the program, kept for what it gives


class Slot:
    """An attribute or a closure cell made while tracing, which converted code writes; at that `depth` of regions.

    is_own   a captured name of the function that is running, which has made its cell
    """

    __slots__ = ("get", "set", "key", "keep", "depth", "is_own")

    def __init__(
        self,
        key: Any,
        get: Callable[[], Any],
        set: Callable[[Any], None],
        keep: Any,
        depth: int = 0,
        is_own: bool = False,
    ):
        self.key = key
        self.get = get
        self.set = set
        self.keep = keep
        self.depth = depth
        self.is_own = is_own


def cell_slot(cell: CellType, start: int, is_own: bool) -> Slot:
    """The slot of a captured name, in a function that has begun at depth `start`."""

    def read() -> Any:
        try:
            return cell.cell_contents
        except ValueError:
            return UNDEFINED

    def write(new: Any) -> None:
        cell.cell_contents = new

    return Slot(id(cell), read, write, cell, start if is_own else 0, is_own)


class Box:
    """What a slot is kept in while the parts of a try statement run; `type` is that of all that was put into it.

    stale   a read of this round took it for a narrower type
    """

    __slots__ = ("slot", "type", "variable", "is_read", "stale")

    def __init__(self, slot: Slot, type: TensorType | None = None):
        self.slot = slot
        self.type = type
        self.variable: Variable | None = None
        self.is_read = self.stale = False

    def open(self, trace: Trace) -> None:
        start = trace.lift(self.slot.get())
        self.type = widen(self.type, trace.settled(start))
        self.is_read = self.stale = False
        self.variable = trace.emit("pack", [start])
        self.variable.value.type = python(list)

    def put(self, trace: Trace, value: Any) -> None:
        lifted = trace.lift(value)
        before, self.type = self.type, widen(self.type, trace.settled(lifted))
        self.stale = self.stale or self.is_read and self.type != before
        if self.variable is not None:
            trace.emit("setitem", self.variable, 0, lifted)

    def read(self, trace: Trace) -> Variable:
        read: Variable = trace.emit("getitem", self.variable, 0)
        read.value.type = self.type or ANY
        self.is_read = True
        return read

    @property
    def is_settled(self) -> bool:
        return self.variable is not None and not self.stale


def boxes_of(slot: Slot, inner: list[Region], regions: list[Region]) -> list[Box]:
    """The boxes of a slot in the try statements that are being traced, each once: inner ones use the open outer one."""
    found: dict[int, Box] = {}
    for depth, region in enumerate(regions):
        if depth >= len(regions) - len(inner) and region.boxes is not None:
            if slot.key not in region.boxes:
                region.boxes[slot.key] = open_box(slot.key, regions[:depth]) or Box(slot)
            box = region.boxes[slot.key]
            found[id(box)] = box
    return list(found.values())


def open_box(key: Any, regions: list[Region]) -> Box | None:
    """The box that a try statement around this place keeps a slot in."""
    for region in regions:
        if region.boxes is not None and key in region.boxes and region.boxes[key].variable is not None:
            return region.boxes[key]
    return None


def own_boxes(trace: Trace, boxes: dict[Any, Box]) -> dict[Any, Box]:
    """Those that no statement or function around this one has opened, and settles."""
    return {key: box for key, box in boxes.items() if open_box(key, trace.regions) is not box}


def are_settled(boxes: dict[Any, Box]) -> bool:
    """Whether the parts of a try statement need not be traced again with what is known now."""
    return all(box.is_settled for box in boxes.values())


def widen(known: TensorType | None, new: TensorType) -> TensorType:
    return new if known is None else join(known, new)
