"""Trace: one attempt to turn a converted function into a Program.

A trace never changes the user's objects. What it finds out too late (a list is changed inside a staged loop, Python
needs the number of an argument) ends the attempt by a Restart; the next one starts with that in its Assumptions.
"""

from __future__ import annotations

import linecache
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType, SimpleNamespace
from typing import Any, Protocol

import numpy as np

from dy2static.admission import admitted
from dy2static.big_ints import settled
from dy2static.containers import emit_container, kept_arguments
from dy2static.errors import Location
from dy2static.iterations import CONTAINERS, check_unstaged, note_birth, sources
from dy2static.leaves import SIZES, known_size, loosened, number
from dy2static.libraries import is_immutable_class
from dy2static.lines import Lines, is_raised_by_converted
from dy2static.local_classes import check_special_methods
from dy2static.objects import Inner, has_own_init, is_instance, is_own_collection, made_of, state_of
from dy2static.places import Guard, Place
from dy2static.readings import VIEWS, read, view_of
from dy2static.signals import Assumptions, Diverged, HoldsItself, Promote, Restart, Signal, Staged
from dy2static.slots import Region, Slot, boxes_of
from runtime.ir import Block, Constant, Frame, Op, Value
from runtime.opdef import OpDef
from runtime.tracer import Builder, TracingError, Variable, current_builder
from runtime.types import TensorType, python

SYMBOLS = ("n", "m", "k", "l", "p", "q", "r", "s", "t", "u")


class Converter(Protocol):
    """Makes converted functions of the functions that a trace reaches, and says what calling one does."""

    def instantiate(self, function: FunctionType, form: str = "") -> FunctionType: ...

    def traits(self, function: FunctionType) -> tuple[bool, bool, bool, bool, bool]: ...

    def has_source(self, function: FunctionType) -> bool: ...

    def call_function(self, trace: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any: ...


class Trace(Builder):
    """A Builder that knows where values come from and which Blocks it is inside of."""

    def __init__(self, assumptions: Assumptions, converter: Converter):
        super().__init__()
        self.instantiate = converter.instantiate
        self.has_source = converter.has_source
        self.traits = converter.traits
        self._call = converter.call_function
        self.assumptions = assumptions
        self.guards: dict[Guard, None] = {}
        self.inputs: list[Place] = []
        self.examples: list[Any] = []
        self.admitted: dict[Place, Any] = {}
        self.origins: dict[int, tuple[Any, Place]] = {}
        self.containers: dict[int, Place] = {}  # the place at which a list or dict of the user's was met first
        self.spent: dict[int, Any] = {}  # iterators of Python's that were read as far as only the program knows
        self.lazy: dict[int, Any] = {}  # lists that stand for iterators
        self.views: dict[int, tuple[Any, Any]] = {}  # views of dicts, with their dict
        self.dicts: dict[int, tuple[Any, Any]] = {}  # the `__dict__` of objects, with their object
        self.cradles: dict[int, Any] = {}  # of containers and iterators: the place of the code that made them
        self.born: dict[int, tuple[Any, int]] = {}
        self.staged: dict[int, tuple[Any, Variable, int]] = {}
        self.promoting: set[int] = set()  # containers that are being put into the program, by identity
        self.regions: list[Region] = []
        self.genuine: dict[int, BaseException] = {}
        self.memos: dict[int, tuple[Any, Any]] = {}  # of functions with a cache: what was traced for their arguments
        self.captured: dict[int, tuple[Any, Any]] = {}  # the same: what they read of their surroundings at first
        self.caching: list[Any] = []  # functions with a cache that are being traced
        self.kept: dict[Any, list[Any]] = {}  # functions of the program that have a cache
        self.cache_keys: dict[int, tuple[Any, Any]] = {}  # of new caches: the classes that they are asked for
        self.symbols = 0
        self.asks_for_classes = False
        self.reread: dict[Value, Place] = {}  # what was read as one value while the program runs, and where
        self.settlements: dict[Value, TensorType] = {}
        self.asked: set[Value] = set()  # state of loops of which a dtype or class was asked
        self.pushes: Counter[str] = Counter()
        self.running: tuple[Any, ...] = ()  # the generators whose own code is being traced
        self.open_loops: list[Any] = []  # those whose bodies are being traced
        self.loop_inputs: dict[Value, tuple[Any, int]] = {}  # the state of loops: whose it is, and its place there
        self.asked_for: set[Any] = set()  # classes of which the program asks whether an object is one
        self.passing: dict[int, tuple[Any, ...]] = {}  # of exceptions that pass generators: those that were running
        self.catching: list[tuple[tuple[Any, ...], Any]] = []  # try statements: what was running, and what they catch
        self.lines = Lines()
        self.depths: dict[Value, int] = {}
        self.spec_dims: dict[Place, Any] = {}
        self.named_dims: dict[str, tuple[Place, int]] = {}  # where each of their names stands first
        self.spread: set[Place] = set()  # arguments that gather others: they are taken apart
        self.guessed = False
        self.sets: dict[int, set[Any]] = {}  # those of the user's that are constants, by the copies that tracing uses
        self.calls: list[tuple[CodeType, int]] = []  # the functions that are being traced, and how deep they began
        self.starts: list[int] = [0]
        self.definitions: dict[Any, Any] = {}
        self.arguments: dict[str, Any] = {}
        self.speculations = 0
        self.ended: Any = None  # the function whose end is being staged
        self.unrolled: dict[Frame, str] = {}

    def call(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a call of `function` in converted code does; see `calls`."""
        return self._call(self, function, args, kwargs)

    # Where values come from

    def admit(self, value: Any, place: Place) -> Any:
        """What tracing uses for `value`, which the user's code reads at `place`."""
        if place not in self.admitted:
            self.admitted[place] = admitted(self, value, place)
        return self.admitted[place]

    def guard(self, kind: str, place: Place, value: Any) -> None:
        self.guards.setdefault(Guard(kind, place, value))

    def capture(self, place: Place, value: Any, type: TensorType) -> Variable:
        """A new input of the program, read at `place` at every call."""
        input = Value(self.loosened(type), place.hint)
        self.blocks[0].inputs += (input,)
        self.inputs.append(place)
        self.examples.append(value)
        return Variable(input, self)

    def symbol(self) -> str:
        """The name of a new dim, which no InputSpec has given to another."""
        self.symbols += 1
        index = self.symbols - 1
        name = SYMBOLS[index] if index < len(SYMBOLS) else f"n{index}"
        return self.symbol() if any(name in dims for dims in self.spec_dims.values()) else name

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
            if is_instance(owner):
                self.meet(type(owner))
        return self.admitted[key]

    def settled(self, variable: Variable) -> TensorType:
        """The type of a Variable, without what hangs on how big the program's ints are."""
        return settled(self, variable.value)

    def restart(self) -> None:
        raise Restart

    # Containers

    @property
    def depth(self) -> int:
        return len(self.regions)

    def bear(self, made: Any) -> Any:
        """Notes that a container or object was made here."""
        self.born[id(made)] = (made, self.depth)
        if isinstance(made, CONTAINERS):
            note_birth(self, made)
        return made

    def birth(self, made: Any) -> int:
        found = self.born.get(id(made))
        return found[1] if found is not None else self.depth  # made by code without hooks, and so just now

    def consume(self, value: Any) -> None:
        """Notes that an iterator of Python's is read. Raises TracingError where only the program knows how far."""
        is_lazy = id(value) in self.lazy
        if isinstance(value, Variable) or is_instance(value) or not (is_lazy or hasattr(type(value), "__next__")):
            return
        name = "iterator" if is_lazy else type(value).__name__
        if id(value) in self.spent or is_lazy and self.birth(value) < self.depth:
            raise TracingError(f"how far this {name} was read is known only when the program runs: make a list of it")
        if self.birth(value) < self.depth:
            raise TracingError(f"this {name} was made outside of the branch or loop that reads it: make a list of it")
        check_unstaged(self, sources(value))
        if is_lazy:
            self.spent[id(value)] = value

    def resolve(self, value: Any) -> Any:
        staged = self.staged.get(id(value))
        return staged[1] if staged is not None else read(self, value)

    def lift(self, value: Any) -> Variable:
        if type(value) in VIEWS and id(value) in self.views:
            return view_of(self, value)
        value = self.resolve(value)
        if isinstance(value, Variable):
            return value
        if isinstance(value, Inner):
            return value.lifted(self)
        place = self.place_of(value)
        if place is not None and isinstance(value, (list, dict, set, tuple)):
            return self.opaque(value)
        if isinstance(value, (list, dict, set, deque)):
            return self.promote(value)
        if isinstance(value, BaseException):
            args, named = made_of(value)
            if vars(value) or has_own_init(type(value)):
                return self.emit("exception", type(value), args, {**named, **vars(value)})
            return self.emit("caught", type(value), args, *([named] if named else ()))
        if is_instance(value):
            return self.opaque(value) if place is not None else self.promote(value)
        if isinstance(value, SimpleNamespace) and place is not None:
            return self.opaque(value)
        return super().lift(value)

    def constant(self, value: Any) -> Constant:
        if is_immutable_class(type(value)) or type(value) is object and self.place_of(value) is not None:
            return Constant(value, python(type(value)))
        return super().constant(value)

    def op(self, definition: OpDef, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Op:
        args, kwargs = kept_arguments(self, definition.name, args, kwargs)
        op = super().op(definition, args, kwargs)
        if self.assumptions.reshaped:
            for output in op.outputs:
                output.type = self.loosened(output.type)
        return op

    def loosened(self, type: TensorType) -> TensorType:
        """`type` without what the program sets of arrays in place."""
        return loosened(type, self.assumptions.reshaped) if self.assumptions.reshaped else type

    def emit(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if name in SIZES and isinstance(args[0], Variable) and (size := known_size(name, args[0].type)) is not None:
            return size
        if name == ".resize" or name == "setattr" and args[1] in ("shape", "dtype"):
            self._forget("shape" if name == ".resize" else args[1])
        return super().emit(name, *args, **kwargs)

    def _forget(self, attribute: str) -> None:
        """Starts again with types that do not tell the attribute, which is about to be set."""
        if attribute not in self.assumptions.reshaped:
            self.assumptions.reshaped.add(attribute)
            raise Restart

    def is_plain(self, value: Any) -> bool:
        """Whether a value is a constant that the program can give back as it is."""
        try:
            return not isinstance(self.constant(value).value, np.ndarray)
        except TracingError:
            return False

    def promote(self, container: Any) -> Variable:
        """Makes a container live in the program from where it was made on."""
        birth = self.birth(container)
        if id(container) in self.dicts:
            return emit_container(self, dict(container))  # as it is now; changes of it are set as attributes
        if birth < self.depth:
            raise Promote(container, birth)
        if is_instance(container) or is_own_collection(container):
            check_special_methods(type(container))
            self.meet(type(container))
        if id(container) in self.promoting:
            raise HoldsItself
        self.promoting.add(id(container))
        try:
            if is_instance(container):
                packed = self.emit("instance", type(container), state_of(container))
            else:
                packed = emit_container(self, container)
        finally:
            self.promoting.remove(id(container))
        packed.value.type = python(type(container))  # its items will change
        self.staged[id(container)] = (container, packed, self.depth)
        return packed

    def meet(self, cls: type) -> None:
        """Notes the class of an object that lives in the program."""
        if cls in self.assumptions.classes:
            return
        self.assumptions.classes[cls] = None
        if self.asks_for_classes:
            raise Restart

    def enlist(self, container: Any) -> Any:
        """What a change to a container is done to: the container itself, or the Variable that holds it in the
        program."""
        container = self.resolve(container)
        if isinstance(container, Variable):
            return container
        place = self.place_of(container)
        if place is not None:
            self.assumptions.whole.add(place)
            self.assumptions.sets.add(id(self.sets.get(id(container))))
            raise Restart
        if self.birth(container) < self.depth:
            self.check_is_no_dict(container)
            raise Promote(container, self.birth(container))
        return container

    def check_is_no_dict(self, container: Any) -> None:
        """Raises TracingError for the `__dict__` of an object, which cannot live in the program without it."""
        if id(container) in self.dicts:
            raise TracingError("the attributes of an object change by its __dict__: use setattr and delattr")

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
            depth, region.staged = self.depth, self.staged
            self.staged = {key: entry for key, entry in self.staged.items() if entry[2] <= depth}

    @contextmanager
    def reentered(self, region: Region) -> Iterator[None]:
        """Appends to the end of a region whose log is undone already; what lives in it lives in it again."""
        outer, self.staged = self.staged, region.staged
        self.regions.append(region)
        try:
            with self.inside(region.block), self.ending(region.function):
                yield
        finally:
            self.regions.pop()
            region.staged, self.staged = self.staged, outer

    def birth_of_keep(self, slot: Slot) -> int:
        """How deep what holds a slot was made."""
        depth: int = self.born.get(id(slot.keep), (None, 0))[1]
        return depth

    def write(self, slot: Slot, value: Any) -> None:
        """Writes a slot and logs it in the region, unless what holds the slot was made there."""
        inner = self.regions[max(slot.depth, self.birth_of_keep(slot)) :]
        if inner:
            inner[-1].log.setdefault(slot.key, (slot, slot.get()))
        for box in boxes_of(slot, inner, self.regions):
            box.put(self, value)
        slot.set(value)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """An attempt that fails leaves nothing in this Block."""
        mark = self.mark()
        try:
            yield
        except Diverged:
            raise  # the attempt has succeeded: its ops raise whatever happens
        except Signal:
            self.rewind(mark)
            raise

    def mark(self) -> tuple[Block, int, dict[int, Any]]:
        return self.block, len(self.block.ops), dict(self.staged)

    def rewind(self, mark: tuple[Block, int, dict[int, Any]]) -> None:
        """Drops the ops of this Block since `mark` was made, and the containers that they make."""
        block, length, self.staged = mark[0], mark[1], dict(mark[2])
        del block.ops[length:]

    @contextmanager
    def speculation(self, region: Region) -> Iterator[None]:
        """What is run within must need no op: the first one ends it by Staged, with all writes undone."""
        self.speculations += 1
        try:
            with self.region(region):
                yield
        finally:
            self.speculations -= 1

    def keep(self, region: Region) -> None:
        """Makes what a region of no ops has written and made stand."""
        for slot, new in region.log.values():
            self.write(slot, new)
        self.born = {key: (made, min(depth, self.depth)) for key, (made, depth) in self.born.items()}

    def append(self, op: Op) -> Op:
        if self.speculations:
            raise Staged
        for output in op.outputs:
            self.depths[output] = self.depth
        if self.assumptions.progress.is_due():
            self.assumptions.progress.say(self.frame(), self.assumptions.attempts)
        return super().append(op)

    def number(self, variable: Variable, purpose: str) -> Any:
        return number(self, variable, purpose)

    @contextmanager
    def started(self, depth: int) -> Iterator[None]:
        """Runs a function of the user's that has begun at `depth`: its cells were made there."""
        self.starts.append(depth)
        try:
            yield
        finally:
            self.starts.pop()

    # Lines

    def frame(self) -> Frame | None:
        return self.lines.here() if self.ended is None else self.lines.end_of(self.ended)

    @contextmanager
    def ending(self, function: Any) -> Iterator[None]:
        """What is made within is what `function` gave at its end, and stands there."""
        outer, self.ended = self.ended, function
        try:
            yield
        finally:
            self.ended = outer

    def location(self) -> Location | None:
        """The user's line that is being traced, for an error."""
        frame = self.frame()
        if frame is None:
            return None
        return Location(frame.file, frame.line, 0, linecache.getline(frame.file, frame.line).rstrip("\n"))

    def is_genuine(self, error: BaseException) -> bool:
        """Whether the user's program, and not the tracing of it, has raised `error`. Imports are done while tracing."""
        if isinstance(error, NameError) and is_raised_by_converted(error):
            return True
        return id(error) in self.genuine or isinstance(error, ImportError)

    def own(self, error: BaseException) -> BaseException:
        self.genuine[id(error)] = error
        return error


def tracing() -> Trace | None:
    """The trace of this thread, or None."""
    builder = current_builder()
    return builder if isinstance(builder, Trace) else None
