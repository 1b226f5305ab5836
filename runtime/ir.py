"""Program, Block, Op, Value: the static program, and the call template that says how an Op calls its kernel.

An Op's `call` is the argument list as the user wrote it, with a Slot in each place where a Value goes:

    np.sum(x, axis=0)   →   inputs (x,), call Call((Slot(0),), {"axis": 0})
    x[i, 1:n]           →   inputs (x, i, n), call Call((Slot(0), (Slot(1), slice(1, Slot(2), None))), {})
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runtime.types import TensorType

if TYPE_CHECKING:
    from runtime.opdef import OpDef
    from runtime.picture import Picture
    from runtime.profiling import Profile


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of input number `index` in a template."""

    index: int


@dataclass(frozen=True, slots=True)
class Call:
    """Arguments of a kernel: templates, which are trees of tuple, list, dict, slice, plain constants and Slots."""

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of the user's: where an op comes from. `caller` is the line that called the function it stands in."""

    file: str
    line: int
    function: str
    caller: Frame | None = None


class Value:
    """What flows: made by an Op, an input of a Block, or a Constant."""

    __slots__ = ("type", "hint", "op")

    def __init__(self, type: TensorType, hint: str | None = None, op: Op | None = None):
        self.type = type
        self.hint = hint  # the user's name for it; the printer makes names from hints, and no Value stores one
        self.op = op


class Constant(Value):
    """A value fixed when the program was made: an array (a weight of the saved file) or another datum."""

    __slots__ = ("value",)

    def __init__(self, value: Any, type: TensorType, hint: str | None = None):
        super().__init__(type, hint)
        self.value = value


class Op:
    """One occurrence of an OpDef."""

    __slots__ = ("definition", "inputs", "call", "blocks", "outputs", "frame")

    def __init__(
        self,
        definition: OpDef,
        inputs: tuple[Value, ...],
        call: Call,
        types: tuple[TensorType, ...],
        frame: Frame | None = None,
        blocks: tuple[Block, ...] = (),
    ):
        self.definition = definition
        self.inputs = inputs
        self.call = call
        self.blocks = blocks
        self.frame = frame
        self.outputs = tuple(Value(type, op=self) for type in types)


class Block:
    """A list of Ops with inputs and results. It sees the Values of the Blocks around it.

    `results` is None where the end of the Block is never reached (its last op raises).
    """

    __slots__ = ("inputs", "ops", "results")

    def __init__(self, inputs: tuple[Value, ...] = ()):
        self.inputs = inputs
        self.ops: list[Op] = []
        self.results: tuple[Value, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the function that a Program came from.

    template   how its value is made of the Program's inputs: Slot(i), or a tree of tuple, list, dict with Slots
    default    a default value, or MISSING
    kind       as in inspect.Parameter: "positional_only", "positional_or_keyword", "var_positional" …
    """

    name: str
    template: Any
    kind: str
    default: Any


class Missing:
    """Stands where there is no default, and for the next item of an iterator that is at its end."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


class Program:
    """A whole static program.

    name         the function's name
    block        inputs (flat, in the order of the parameters), ops, results (flat)
    parameters   how arguments become inputs; empty for a program built by hand
    result       template of what a call gives, with a Slot for each of block.results
    state        the inputs that come from a scope, by the names of the parameters in it
    sets         the values that a run puts into a scope, by those names
    """

    def __init__(self, name: str, block: Block, parameters: tuple[Parameter, ...] = (), result: Any = None):
        self.name = name
        self.block = block
        self.parameters = parameters
        self.result = result
        self.state: dict[str, Value] = {}
        self.sets: dict[str, Value] = {}

    def __str__(self) -> str:
        return show.program(self)

    def __repr__(self) -> str:
        inputs = ", ".join(f"{value.hint or '_'}: {value.type}" for value in self.block.inputs)
        return f"<program {self.name}({inputs})>"

    def summary(self) -> str:
        """Counts of ops by name, inputs, weights and their bytes, as a table."""
        return show.summary(self)

    def plan(self) -> Any:
        """What is run: `print(program.plan())` shows the variables, and what was done to take less time."""
        return show.plan(self)

    def draw(self, profile: Profile | None = None) -> Picture:
        """A picture of the graph, which a notebook shows and `.save("graph.html")` writes (or .svg, .dot, .mmd).

        With a profile of this program each op shows what it costs. Raises ProgramError for a program that breaks an
        invariant.
        """
        return show.picture(self, profile)

    def profile(self, feed: Any = None, scope: Any = None, repeat: int | None = None) -> Profile:
        """What a run with `feed`, the inputs by name, costs by lines and by ops: print it.

        It is run several times, `repeat` times in each of three ways; inputs and the scope are as before afterwards.
        """
        return show.profile(self, feed, scope, repeat)


def program_of(given: Any) -> Program:
    """`given`, or the Program of a loaded function. Raises TypeError that says what to give."""
    if isinstance(given, Program):
        return given
    held = getattr(given, "program", None)
    if isinstance(held, Program):
        return held
    name = getattr(given, "__name__", "f")
    if callable(held):
        raise TypeError(
            f"{name} is a static function, with a program for each kind of arguments: give one, such as "
            f"{name}.program() for that of the last call, or call {name} itself"
        )
    if callable(given):
        raise TypeError(f"{name} is a Python function: give a program of it, such as to_static({name}).program(x)")
    cure = f"runtime.load({given!r})" if isinstance(given, (str, bytes)) else "f.program() or runtime.load(path)"
    raise TypeError(f"a Program was expected, such as {cure} gives, and not {given!r:.80}")


@dataclass(slots=True, eq=False)
class Show:
    """How a Program becomes text or a picture: set by runtime.printer and runtime, which stand above this file."""

    program: Callable[[Program], str] = object.__repr__
    summary: Callable[[Program], str] = object.__repr__
    plan: Callable[[Program], Any] = object.__repr__
    picture: Callable[..., Any] = object.__repr__
    profile: Callable[..., Any] = object.__repr__


show = Show()


def fill(template: Any, leaf: Callable[[Slot], Any]) -> Any:
    """`template` with `leaf(slot)` in the place of each Slot; the rest is kept as it is."""
    if isinstance(template, Slot):
        return leaf(template)
    if isinstance(template, (tuple, list)):
        made = [fill(item, leaf) for item in template]
        return type(template)._make(made) if hasattr(template, "_make") else type(template)(made)
    if isinstance(template, dict):
        return {key: fill(item, leaf) for key, item in template.items()}
    if isinstance(template, slice):
        return slice(fill(template.start, leaf), fill(template.stop, leaf), fill(template.step, leaf))
    return template


def fill_call(call: Call, leaf: Callable[[Slot], Any]) -> Call:
    return Call(fill(call.args, leaf), fill(call.kwargs, leaf))


def slots(template: Any) -> Iterator[Slot]:
    """The Slots of a template, in the order in which they stand."""
    if isinstance(template, Slot):
        yield template
    elif isinstance(template, (tuple, list)):
        for item in template:
            yield from slots(item)
    elif isinstance(template, dict):
        for item in template.values():
            yield from slots(item)
    elif isinstance(template, slice):
        yield from slots((template.start, template.stop, template.step))


def walk(block: Block) -> Iterator[Op]:
    """Every Op of a Block and of the Blocks inside it, in program order."""
    for op in block.ops:
        yield op
        for inner in op.blocks:
            yield from walk(inner)


def blocks_of(program: Program) -> list[Block]:
    """Every Block of a Program, the outermost first."""
    return [program.block, *(inner for op in walk(program.block) for inner in op.blocks)]


def count_reads(program: Program, kept: Iterable[Value] = ()) -> Counter[Value]:
    """How often each Value is read, by Ops and as the result of a Block; `kept` are Values that are fetched besides."""
    reads = Counter(value for op in walk(program.block) for value in op.inputs)
    reads.update(value for block in blocks_of(program) for value in block.results or ())
    reads.update(kept)
    return reads


def line_of(frame: Frame | None) -> tuple[str, int] | None:
    """Where a line stands, whoever called the function that it is in."""
    return None if frame is None else (frame.file, frame.line)
