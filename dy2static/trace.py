"""Trace: one attempt to turn a converted function into a Program, and what attempts before it have learned.

A trace never changes the user's objects. What it finds out too late (a list is changed inside a staged loop, Python
needs the number of an argument) ends the attempt by a Restart; the next one starts with that in its Assumptions.
"""

from __future__ import annotations

import linecache
import math
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Protocol

import numpy as np

from dy2static.errors import ConversionError, Location
from dy2static.places import Guard, Place
from runtime import executor
from runtime.ir import Block, Constant, Frame, Op, Program, Value
from runtime.opdef import OpDef
from runtime.tracer import Builder, TracingError, Variable, current_builder
from runtime.types import ANY, TensorType, array, join, python, scalar

NUMBERS = (bool, int, float, complex)
CONSTANTS = (str, bytes, type(None), np.dtype, slice, type(Ellipsis), range, frozenset)
SYMBOLS = ("n", "m", "k", "l", "p", "q", "r", "s", "t", "u")


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


class Region:
    """A Block of a cond or while_loop that is being traced."""

    __slots__ = ("kind", "block", "log", "boxes")

    def __init__(self, kind: str, block: Block, boxes: dict[Any, Box] | None = None):
        self.kind = kind
        self.block = block
        self.boxes = boxes
        self.log: dict[Any, tuple[Slot, Any]] = {}


class Slot:
    """An attribute or a closure cell made while tracing, which converted code writes."""

    __slots__ = ("get", "set", "key", "keep")

    def __init__(self, key: Any, get: Callable[[], Any], set: Callable[[Any], None], keep: Any):
        self.key = key
        self.get = get
        self.set = set
        self.keep = keep


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


@dataclass(slots=True)
class CodeOrigin:
    """A code object of converted code: the user's function it belongs to."""

    function: str
    generated: bool


CODES: dict[CodeType, CodeOrigin] = {}


class Converter(Protocol):
    """Makes converted functions of the functions that a trace reaches."""

    def instantiate(self, function: FunctionType) -> FunctionType: ...

    def has_source(self, function: FunctionType) -> bool: ...


class Trace(Builder):
    """A Builder that knows where values come from and which Blocks it is inside of."""

    def __init__(self, assumptions: Assumptions, converter: Converter):
        super().__init__()
        self.instantiate = converter.instantiate
        self.has_source = converter.has_source
        self.assumptions = assumptions
        self.guards: dict[Guard, None] = {}
        self.inputs: list[Place] = []
        self.examples: list[Any] = []
        self.admitted: dict[Place, Any] = {}
        self.origins: dict[int, tuple[Any, Place]] = {}
        self.born: dict[int, tuple[Any, int]] = {}
        self.staged: dict[int, tuple[Any, Variable, int]] = {}
        self.regions: list[Region] = []
        self.genuine: dict[int, BaseException] = {}
        self.symbols = 0
        self.frames: dict[Any, Frame] = {}
        self.depths: dict[Value, int] = {}
        self.spec_dims: dict[Place, Any] = {}
        self.calls: list[CodeType] = []
        self.definitions: dict[Any, Any] = {}
        self.arguments: dict[str, Any] = {}

    # Where values come from

    def admit(self, value: Any, place: Place) -> Any:
        """What tracing uses for `value`, which the user's code reads at `place`."""
        if place not in self.admitted:
            self.admitted[place] = self._admit(value, place)
        return self.admitted[place]

    def _admit(self, value: Any, place: Place) -> Any:
        if isinstance(value, Variable):
            return value
        if place in self.assumptions.whole:
            self.guard("type", place, type(value))
            return self.capture(place, value, python(type(value)))
        if isinstance(value, np.ndarray):
            return self._admit_array(value, place)
        if isinstance(value, (*NUMBERS, np.generic)) and not isinstance(value, Enum):
            return self._admit_number(value, place)
        if isinstance(value, CONSTANTS):
            self.guard("equal", place, value)
            return value
        if isinstance(value, (tuple, list, dict)) and (type(value) in (tuple, list, dict) or hasattr(value, "_make")):
            return self._admit_container(value, place)
        if isinstance(value, (tuple, list, dict)):
            self.guard("type", place, type(value))
            return self.capture(place, value, python(type(value)))
        self.origins[id(value)] = (value, place)
        if isinstance(value, (FunctionType, BuiltinFunctionType, type, ModuleType, np.ufunc, Enum)):
            self.guard("is", place, value)
        elif isinstance(value, MethodType):
            self.guard("type", place, type(value))
            self.guard("is", place.attribute("__func__"), value.__func__)
            self.admit(value.__self__, place.attribute("__self__"))
        else:
            self.guard("type", place, type(value))
        if is_opaque(value):
            return self.capture(place, value, python(type(value)))
        return value

    def _admit_array(self, value: np.ndarray[Any, Any], place: Place) -> Variable:
        check_array(value, str(place))
        self.guard("array", place, (value.dtype, value.ndim))
        if place in self.assumptions.shapes:
            self.guard("shape", place, value.shape)
            return self.capture(place, value, array(value.dtype, value.shape))
        for axis, dim in enumerate(self.spec_dims.get(place, ())):
            if isinstance(dim, int):
                self.guard("dim", place, (axis, dim))
        dims = self.spec_dims.get(place) or tuple(self.symbol() for _ in value.shape)
        return self.capture(place, value, array(value.dtype, dims))

    def _admit_number(self, value: Any, place: Place) -> Any:
        is_argument = place.step in ("argument", "item") and _root(place).step == "argument" and _only_items(place)
        if place in self.assumptions.numbers or not (is_argument or place in self.assumptions.dynamic):
            self.guard("equal", place, value)
            return value
        self.guard("type", place, type(value))
        if isinstance(value, np.generic):
            self.guard("scalar", place, value.dtype)
            return self.capture(place, value, scalar(value.dtype))
        return self.capture(place, value, python(type(value)))

    def _admit_container(self, value: Any, place: Place) -> Any:
        self.guard("type", place, type(value))
        if isinstance(value, dict):
            self.guard("keys", place, tuple(value))
            items: Any = {key: self.admit(item, place.item(key)) for key, item in value.items()}
            made = items if type(value) is dict else value
        else:
            self.guard("len", place, len(value))
            listed = [self.admit(item, place.item(index)) for index, item in enumerate(value)]
            made = (
                type(value)._make(listed)
                if hasattr(value, "_make")
                else listed
                if type(value) is list
                else tuple(listed)
            )
        if not (isinstance(made, tuple) and not made):  # there is but one empty tuple
            self.origins[id(made)] = (made, place)
        return made

    def guard(self, kind: str, place: Place, value: Any) -> None:
        guard = _HashedGuard(kind, place, value)
        self.guards.setdefault(guard)

    def capture(self, place: Place, value: Any, type: TensorType) -> Variable:
        """A new input of the program, read at `place` at every call."""
        input = Value(type, place.hint)
        self.blocks[0].inputs += (input,)
        self.inputs.append(place)
        self.examples.append(value)
        return Variable(input, self)

    def symbol(self) -> str:
        self.symbols += 1
        index = self.symbols - 1
        return SYMBOLS[index] if index < len(SYMBOLS) else f"n{index}"

    def place_of(self, owner: Any) -> Place | None:
        """The place at which the user's object `owner` was reached, or None for one made while tracing."""
        found = self.origins.get(id(owner))
        return found[1] if found is not None else None

    def opaque(self, owner: Any) -> Variable:
        """The user's own object `owner`, as an input of the program."""
        place = self.place_of(owner)
        assert place is not None
        if (
            isinstance(owner, (list, dict, set, tuple)) and place.step != "object"
        ):  # it is more than its items, which are inputs of their own
            self.assumptions.whole.add(place)
            raise Restart
        key = Place("object", "itself", place)  # beside what was admitted for the place itself
        if key not in self.admitted:
            self.admitted[key] = self.capture(place, owner, python(type(owner)))
        return self.admitted[key]

    def restart(self) -> None:
        raise Restart

    # Containers

    @property
    def depth(self) -> int:
        return len(self.regions)

    def bear(self, made: Any) -> Any:
        """Notes that a container or object was made here."""
        self.born[id(made)] = (made, self.depth)
        return made

    def birth(self, made: Any) -> int:
        found = self.born.get(id(made))
        return found[1] if found is not None else self.depth  # made by code without hooks, and so just now

    def resolve(self, value: Any) -> Any:
        staged = self.staged.get(id(value))
        return staged[1] if staged is not None else value

    def lift(self, value: Any) -> Variable:
        value = self.resolve(value)
        if isinstance(value, Variable):
            return value
        place = self.place_of(value)
        if place is not None and isinstance(value, (list, dict, set, tuple)):
            return self.opaque(value)
        if isinstance(value, (list, dict, set, deque)):
            return self.promote(value)
        if is_instance(value):
            return self.opaque(value) if place is not None else self.promote(value)
        return super().lift(value)

    def op(self, definition: OpDef, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Op:
        if definition.name == "pack" and not isinstance(args[0], (Variable, slice)):
            args = (map_items(self._kept, args[0]),)
        elif definition.name == "instance":
            args = (args[0], map_items(self._kept, args[1]))
        elif definition.name in KEEPERS:
            args = tuple(self._kept(arg) for arg in args)
        return super().op(definition, args, kwargs)

    def emit(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if name in SIZES and isinstance(args[0], Variable) and (size := known_size(name, args[0].type)) is not None:
            return size
        made = super().emit(name, *args, **kwargs)
        if name == "setattr" or name == ".resize":
            args[0].value.type = array(None, None)  # what was known of it is known no more
        return made

    def is_plain(self, value: Any) -> bool:
        """Whether a value is a constant that the program can give back as it is."""
        try:
            return not isinstance(self.constant(value).value, np.ndarray)
        except TracingError:
            return False

    def _kept(self, value: Any) -> Any:
        """What a container keeps of an item: containers stay the ones they are, and are not built anew."""
        if isinstance(value, tuple):
            return self.opaque(value) if self.place_of(value) is not None else map_items(self._kept, value)
        return self.lift(value) if isinstance(value, (list, dict, set)) or is_instance(value) else value

    def promote(self, container: Any) -> Variable:
        """Makes a container live in the program from where it was made on."""
        birth = self.birth(container)
        if birth < self.depth:
            raise Promote(container, birth)
        if is_instance(container):
            packed = self.emit("instance", type(container), state_of(container))
        else:
            packed = self._emit_container(container)
        packed.value.type = python(type(container))  # its items will change
        self.staged[id(container)] = (container, packed, self.depth)
        return packed

    def _emit_container(self, container: Any) -> Variable:
        cls, items = type(container), copy_container(container)
        if cls in (list, dict):
            return self.emit("pack", items)
        if cls is set:
            return self.emit("set", items)
        if cls not in (OrderedDict, Counter, defaultdict, deque):
            raise TracingError(f"{cls.__name__} objects cannot be part of a program")
        rest = (container.default_factory,) if cls is defaultdict else (container.maxlen,) if cls is deque else ()
        return self.emit("container", cls, items, *rest)

    def enlist(self, container: Any) -> Any:
        """What a change to a container is done to: the container itself, or the Variable that holds it in the
        program."""
        container = self.resolve(container)
        if isinstance(container, Variable):
            return container
        place = self.place_of(container)
        if place is not None:
            self.assumptions.whole.add(place)
            raise Restart
        if self.birth(container) < self.depth:
            raise Promote(container, self.birth(container))
        return container

    # Regions

    @contextmanager
    def region(self, region: Region) -> Iterator[None]:
        """Traces into `region`; at its end, writes to slots are undone and stay in its log with the new values."""
        self.regions.append(region)
        try:
            with self.inside(region.block):
                yield
        finally:
            self.regions.pop()
            for key, (slot, old) in reversed(list(region.log.items())):
                new = slot.get()
                slot.set(old)
                region.log[key] = (slot, new)
            depth = self.depth
            self.staged = {key: entry for key, entry in self.staged.items() if entry[2] <= depth}

    def write(self, slot: Slot, value: Any) -> None:
        """Writes a slot and logs it in the region."""
        if self.regions:
            self.regions[-1].log.setdefault(slot.key, (slot, slot.get()))
        for region in self.regions:
            if region.boxes is not None:
                region.boxes.setdefault(slot.key, Box(slot)).put(self, value)
        slot.set(value)

    def settle(self, boxes: dict[Any, Box]) -> bool:
        """Whether the parts of a try statement have to be traced again, with what is known now."""
        return not all(box.is_settled for box in boxes.values())

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Drops the ops of this Block that an attempt has emitted when it fails."""
        length = len(self.block.ops)
        block = self.block
        try:
            yield
        except Signal:
            del block.ops[length:]
            raise

    def append(self, op: Op) -> Op:
        for output in op.outputs:
            self.depths[output] = self.depth
        return super().append(op)

    # Numbers

    def number(self, variable: Variable, purpose: str) -> Any:
        """Takes the arguments that the number comes from as constants, and starts again."""
        leaves, needed = self._leaves(variable.value, purpose)
        if not leaves:
            program = Program("number", Block(self.blocks[0].inputs))
            program.block.ops = [op for block in self.blocks for op in block.ops if needed.issuperset(op.outputs)]
            return executor.build(program, (variable.value,))(*self.examples)[0]
        for value, wants_shape in leaves.items():
            place = self.inputs[self.blocks[0].inputs.index(value)]
            (self.assumptions.shapes if wants_shape else self.assumptions.numbers).add(place)
        raise Restart

    def _leaves(self, value: Value, purpose: str) -> tuple[dict[Value, bool], set[Value]]:
        """The inputs that a number is computed from, and whether it is only their shape that counts."""
        leaves: dict[Value, bool] = {}
        todo = [value]
        seen: set[Value] = set()
        while todo:
            one = todo.pop()
            if one in seen or isinstance(one, Constant):
                continue
            seen.add(one)
            if one.op is None:
                self._leaf(one, leaves, purpose)
            elif one.op.definition.name in SIZES and one.op.inputs[0] in self.blocks[0].inputs:
                leaves[one.op.inputs[0]] = True
            elif one.op.definition.effect != "pure" or one.type.is_python and one.type.dtype in (list, dict, set):
                raise self._unknown(one, purpose)
            else:
                todo += one.op.inputs
        return leaves, seen

    def _leaf(self, value: Value, leaves: dict[Value, bool], purpose: str) -> None:
        for depth in reversed(range(self.depth)):
            if value in self.regions[depth].block.inputs:
                raise Unroll(depth, f"{purpose} needs a number that changes in the loop")
        if value not in self.blocks[0].inputs or not value.type.is_number and value.type.kind != "scalar":
            raise self._unknown(value, purpose)
        leaves[value] = False

    def _unknown(self, value: Value, purpose: str) -> TracingError:
        name = f"{value.hint!r}" if value.hint else f"a {value.type} value"
        return TracingError(f"{purpose} needs the value of {name} while tracing, and it is known when the program runs")

    # Lines

    def frame(self) -> Frame | None:
        stack: list[tuple[CodeType, int, str]] = []
        frame = sys._getframe(1)
        skipping = False
        while frame is not None:
            origin = CODES.get(frame.f_code)
            if origin is not None:
                if not skipping:
                    stack.append((frame.f_code, frame.f_lineno, origin.function))
                skipping = origin.generated
            elif frame.f_code is _ROOT:
                break
            frame = frame.f_back  # type: ignore[assignment]
        made: Frame | None = None
        for code, line, function in reversed(stack):
            key = (id(made), code.co_filename, line, function)
            if key not in self.frames:
                self.frames[key] = Frame(code.co_filename, line, function, made)
            made = self.frames[key]
        return made

    def raised_at(self, error: BaseException) -> Frame | None:
        """The user's line that raised `error`, below the line that is being traced."""
        frame = self.frame()
        traceback = error.__traceback__
        while traceback is not None:
            origin = CODES.get(traceback.tb_frame.f_code)
            if origin is not None:
                same = frame is not None and origin.generated and frame.function == origin.function
                caller = frame.caller if same and frame is not None else frame
                frame = Frame(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno, origin.function, caller)
            traceback = traceback.tb_next
        return frame

    def location(self) -> Location | None:
        """The user's line that is being traced, for an error."""
        frame = self.frame()
        if frame is None:
            return None
        return Location(frame.file, frame.line, 0, linecache.getline(frame.file, frame.line).rstrip("\n"))

    def run(self, function: Callable[[], Any]) -> Any:
        """Calls `function`; frames outside of this call are not the user's."""
        return function()

    def is_genuine(self, error: BaseException) -> bool:
        """Whether the user's program, and not the tracing of it, has raised `error`."""
        return id(error) in self.genuine

    def own(self, error: BaseException) -> BaseException:
        self.genuine[id(error)] = error
        return error


def tracing() -> Trace | None:
    """The trace of this thread, or None."""
    builder = current_builder()
    return builder if isinstance(builder, Trace) else None


_ROOT = Trace.run.__code__
SIZES = {".shape", ".size", "len", "np.shape", "np.size", ".nbytes"}


class _HashedGuard(Guard):
    """A Guard that can be a dictionary key whatever its value is."""

    def __hash__(self) -> int:
        return hash((self.kind, self.place))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Guard) and self.kind == other.kind and self.place == other.place


def known_size(name: str, type: TensorType) -> Any:
    """What an op of SIZES gives for an array whose dims are all known numbers, or None."""
    if not type.is_array or not type.shape or not all(isinstance(dim, int) for dim in type.shape):
        return None
    if name in (".shape", "np.shape"):
        return type.shape
    return type.shape[0] if name == "len" else math.prod(type.shape) if name in (".size", "np.size") else None


def check_array(value: np.ndarray[Any, Any], name: str) -> None:
    if type(value) not in (np.ndarray, np.memmap):
        raise ConversionError(f"{name} is a {type(value).__name__}, not a plain array", f"pass np.asarray({name})")
    if value.dtype.hasobject:
        raise ConversionError(f"{name} is an array of Python objects", "pass an array of numbers, or a list")


# Ops that put a value into an object, where it can be reached again.
KEEPERS = {"store", "setitem", ".append", ".insert", ".extend", ".add", ".setdefault", ".update", "iadd"}


def map_items(function: Callable[[Any], Any], container: Any) -> Any:
    if isinstance(container, dict):
        return {key: function(item) for key, item in container.items()}
    made = [function(item) for item in container]
    return type(container)._make(made) if hasattr(container, "_make") else type(container)(made)


def copy_container(container: Any) -> Any:
    """A plain copy, so that what is emitted is not replaced by what stands for the container."""
    if isinstance(container, dict):
        return dict(container)
    return list(container)


def is_instance(value: Any) -> bool:
    """Whether a value is an object of a class written in Python, whose attributes are all there is to it."""
    cls = type(value)
    is_written = bool(cls.__flags__ & 1 << 9) and not isinstance(value, (type, BaseException, Enum, Variable))
    return is_written and getattr(cls, "__new__", None) is object.__new__ and cls.__basicsize__ >= object.__basicsize__


def state_of(value: Any) -> dict[str, Any]:
    """The attributes of an instance, in the order in which they were set."""
    state = dict(getattr(value, "__dict__", {}))
    for cls in type(value).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                state[name] = getattr(value, name)
    return state


def is_opaque(value: Any) -> bool:
    """Whether an object is used as it is at run time, by staged calls of its methods."""
    return isinstance(value, (np.random.Generator, np.random.RandomState, set, bytearray, deque))


def _root(place: Place) -> Place:
    while place.base is not None:
        place = place.base
    return place


def _only_items(place: Place) -> bool:
    while place.base is not None:
        if place.step != "item":
            return False
        place = place.base
    return True


def widen(known: TensorType | None, new: TensorType) -> TensorType:
    return new if known is None else join(known, new)


__all__ = [
    "ANY",
    "Assumptions",
    "CODES",
    "CodeOrigin",
    "LoopMemo",
    "Promote",
    "Region",
    "Restart",
    "Slot",
    "Trace",
    "Unroll",
]
