"""Program ⇄ document: the JSON tree that a file holds. Blocks, Values, types and frames are lists and go by number.

    {"name": "f", "parameters": […], "result": {"slot": 0},
     "rows": {"add": 1},                                       name and version of each op that occurs
     "types": [{"kind": "array", "dtype": {"dtype": "<f4"}, "shape": ["n"], "items": null, "maybe": false}],
     "frames": [["f.py", 6, "f", null]],                       file, line, function, number of the caller's frame
     "constants": [{"type": 1, "hint": null, "value": 2}],     Values 0 …
     "values": [[0, "x"], [0, "z"]],                           … and those after the constants: type, hint
     "blocks": [{"inputs": [1], "results": [2], "ops":
       [{"op": "add", "inputs": [1, 0], "args": [{"slot": 0}, {"slot": 1}], "kwargs": [],
         "outputs": [2], "blocks": [], "frame": 0}]}]}

Block 0 is the program's; a Block's number is greater than that of the Block which holds it.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from string import Formatter
from typing import Any

import numpy as np

from runtime import ops
from runtime.datum import Array, decode, encode
from runtime.errors import FileError
from runtime.ir import Block, Call, Constant, Frame, Op, Parameter, Program, Slot, Value, walk
from runtime.opdef import TABLE, OpDef
from runtime.printer import names, traverse, values_of
from runtime.types import TensorType

# Rows that no file may use: a hostile one could reach methods that write files, or memory that is not its own.
OBJECTS = "it works on the user's objects{}; take the values as arguments, and return those that change"
UNSAVED = {
    **dict.fromkeys(("load", "store", "drop", "instance", "collection", "exception"), OBJECTS),
    **dict.fromkeys(("python", "method"), "it calls Python that is no part of the program{}; call it outside"),
    "np.lib.stride_tricks.as_strided": "it reaches any memory: use sliding_window_view or broadcast_to",
}
FORMATS = (".format", ".format_map")  # their text can read attributes, of what it is not for a file to say
MAX_TYPE = 10_000  # types in one type, so that a few lines of a file cannot write a type without end

KeepArray = Callable[[Array, str], str]  # array, wanted name → name of its member


def to_document(program: Program, keep: KeepArray) -> dict[str, Any]:
    """The document of `program`, which is verified. Raises TypeError naming what cannot be saved."""
    check_ops(program)
    return _Writing(program, keep).document()


def check_ops(program: Program) -> None:
    """Raises TypeError for an op that no file may hold."""
    for op in walk(program.block):
        name = op.definition.name
        if name in UNSAVED:
            reason = UNSAVED[name].format(_named(op))
            raise TypeError(f"{_what(op)} cannot be part of a file, which holds data only: {reason}{_line(op)}")


def _what(op: Op) -> str:
    where = "" if op.frame is None else f" at {_basename(op.frame.file)}:{op.frame.line}"
    return f"op {op.definition.name!r}{where}"


def _line(op: Op) -> str:
    """The user's line that an op comes from, below what is said of it."""
    text = "" if op.frame is None else linecache.getline(op.frame.file, op.frame.line).strip()
    return f"\n    {text}" if text else ""


class _Writing:
    """The tables of a document that is being written."""

    def __init__(self, program: Program, keep: KeepArray):
        self.program = program
        self.keep = keep
        self.types: dict[TensorType, int] = {}
        self.type_forms: list[dict[str, Any]] = []
        self.frames: dict[tuple[str, int, str, int | None], int] = {}
        self.known_frames: dict[int, int] = {}
        made, self.constants = values_of(program)
        self.numbers = {value: number for number, value in enumerate([*self.constants, *made])}
        self.made = made
        blocks = [item for item, before in traverse(program.block) if before and isinstance(item, Block)]
        self.blocks = {block: number for number, block in enumerate(blocks)}
        self.rows: dict[str, int] = {}

    def document(self) -> dict[str, Any]:
        program, named = self.program, names(self.program)
        document = {
            "name": program.name,
            "parameters": [self.parameter(parameter) for parameter in program.parameters],
            "result": self.data("the result", program.result, "result"),
            "constants": [self.constant(value, named[value]) for value in self.constants],
            "values": [[self.type(value.type), value.hint] for value in self.made],
            "blocks": [self.block(block) for block in self.blocks],
        }
        return document | {
            "types": self.type_forms,
            "frames": [list(frame) for frame in self.frames],
            "rows": self.rows,
        }

    def data(self, what: str, datum: Any, hint: str) -> Any:
        try:
            return encode(datum, lambda array: self.keep(array, hint))
        except TypeError as fault:
            raise TypeError(f"{what}: {fault}") from None

    def parameter(self, parameter: Parameter) -> dict[str, Any]:
        what = f"parameter {parameter.name!r}"
        return {
            "name": parameter.name,
            "kind": parameter.kind,
            "template": self.data(what, parameter.template, parameter.name),
            "default": self.data(f"the default of {what}", parameter.default, parameter.name),
        }

    def constant(self, value: Constant, name: str) -> dict[str, Any]:
        form = self.data(f"constant {value.hint or name!r}", value.value, value.hint or name)
        return {"type": self.type(value.type), "hint": value.hint, "value": form}

    def block(self, block: Block) -> dict[str, Any]:
        return {
            "inputs": [self.numbers[value] for value in block.inputs],
            "ops": [self.op(op) for op in block.ops],
            "results": None if block.results is None else [self.numbers[value] for value in block.results],
        }

    def op(self, op: Op) -> dict[str, Any]:
        name, what = op.definition.name, _what(op)
        if name in FORMATS and not _is_plain_format(op.call.args[0]):
            reason = "write the text as a constant, without attributes in it"
            raise TypeError(f"{what} cannot be part of a file: {reason}{_line(op)}")
        self.rows[name] = op.definition.version
        return {
            "op": name,
            "inputs": [self.numbers[value] for value in op.inputs],
            "args": [self.data(what, arg, "w") for arg in op.call.args],
            "kwargs": [[key, self.data(what, item, key)] for key, item in op.call.kwargs.items()],
            "outputs": [self.numbers[value] for value in op.outputs],
            "blocks": [self.blocks[block] for block in op.blocks],
            "frame": self.frame(op.frame),
        }

    def frame(self, frame: Frame | None) -> int | None:
        chain: list[Frame] = []
        while frame is not None and id(frame) not in self.known_frames:
            chain.append(frame)
            frame = frame.caller
        number = None if frame is None else self.known_frames[id(frame)]
        for frame in reversed(chain):
            key = (_basename(frame.file), frame.line, frame.function, number)
            number = self.known_frames[id(frame)] = self.frames.setdefault(key, len(self.frames))
        return number

    def type(self, type: TensorType) -> int:
        if type in self.types:
            return self.types[type]
        items: Any = type.items
        if items is not None:
            items = [self.type(item) for item in items] if isinstance(items, tuple) else self.type(items)
        form = {"kind": type.kind, "dtype": _dtype_form(type.dtype), "shape": type.shape, "items": items}
        self.type_forms.append(form | {"maybe": type.maybe})
        return self.types.setdefault(type, len(self.types))


def _basename(file: str) -> str:
    return re.split(r"[\\/]", file)[-1]


def _dtype_form(dtype: Any) -> Any:
    """A type's dtype, or None where it cannot be written: a type is information, and may say less."""
    try:
        return encode(dtype)
    except TypeError:
        return None


def from_document(document: Any, weight: Callable[[str], Array]) -> Program:
    """The Program of a document, not verified. Raises FileError for an op that this version does not know, and
    ValueError, KeyError, TypeError or IndexError for a document of another making.
    """
    return _Reading(document, weight).program()


class _Reading:
    """The tables of a document that is being read."""

    def __init__(self, document: dict[str, Any], weight: Callable[[str], Array]):
        self.document = document
        self.weight = weight
        self.rows = {name: _row(name, version) for name, version in document["rows"].items()}
        self.types: list[TensorType] = []
        self.sizes: list[int] = []
        for form in document["types"]:
            self.read_type(form)
        self.frames: list[Frame] = []
        for file, line, function, caller in document["frames"]:
            outer = None if caller is None else self.frames[_number(caller, len(self.frames))]
            self.frames.append(Frame(_is(file, str), _is(line, int), _is(function, str), outer))
        self.values: list[Value | None] = [self.constant(form) for form in document["constants"]]
        self.heads = [(self.type(number), _hint(hint)) for number, hint in document["values"]]
        self.first = len(self.values)
        self.values += [None] * len(self.heads)
        self.blocks = [Block() for _ in document["blocks"]]
        self.held = [False] * len(self.blocks)

    def program(self) -> Program:
        forms = self.document["blocks"]
        for number, form in enumerate(forms):
            self.block(number, form)
        if not all(self.held[1:]) or not forms or self.held[0]:
            raise ValueError("a Block stands in no op, or in more than one")
        parameters = tuple(self.parameter(form) for form in self.document["parameters"])
        return Program(_is(self.document["name"], str), self.blocks[0], parameters, self.data(self.document["result"]))

    def data(self, form: Any) -> Any:
        return decode(form, self.weight)

    def read_type(self, form: dict[str, Any]) -> None:
        items = form["items"]
        numbers = items if isinstance(items, list) else [] if items is None else [items]
        known = [_number(number, len(self.types)) for number in numbers]
        size = 1 + sum(self.sizes[number] for number in known)
        if size > MAX_TYPE:
            raise ValueError("a type holds too many types")
        inner: Any = [self.types[number] for number in known]
        inner = tuple(inner) if isinstance(items, list) else None if items is None else inner[0]
        if form["kind"] not in ("python", "scalar", "array", None):
            raise ValueError(f"there is no kind {form['kind']!r}")
        dtype = decode(form["dtype"])
        expected = type if form["kind"] == "python" else np.dtype
        if dtype is not None and not isinstance(dtype, expected):
            raise ValueError(f"{dtype!r} is not a dtype of the kind {form['kind']!r}")
        self.types.append(TensorType(form["kind"], dtype, _shape(form["shape"]), inner, _is(form["maybe"], bool)))
        self.sizes.append(size)

    def type(self, number: Any) -> TensorType:
        return self.types[_number(number, len(self.types))]

    def constant(self, form: dict[str, Any]) -> Constant:
        return Constant(self.data(form["value"]), self.type(form["type"]), _hint(form["hint"]))

    def parameter(self, form: dict[str, Any]) -> Parameter:
        template, default = self.data(form["template"]), self.data(form["default"])
        return Parameter(_is(form["name"], str), template, _is(form["kind"], str), default)

    def value(self, number: Any) -> Value:
        value = self.values[_number(number, len(self.values))]
        if value is None:
            raise ValueError(f"value {number} is used and not made before")
        return value

    def make(self, number: Any, value: Value | None = None) -> Value:
        """Enters a Value under its number, with its hint; a new one, of its type, where none is given."""
        place = _number(number, len(self.values))
        if self.values[place] is not None:
            raise ValueError(f"value {number} is made twice")
        type, hint = self.heads[place - self.first]
        made = value or Value(type)
        made.hint = hint
        self.values[place] = made
        return made

    def block(self, number: int, form: dict[str, Any]) -> None:
        block = self.blocks[number]
        block.inputs = tuple(self.make(value) for value in form["inputs"])
        block.ops = [self.op(number, op) for op in form["ops"]]
        results = form["results"]
        block.results = None if results is None else tuple(self.value(value) for value in results)

    def op(self, holder: int, form: dict[str, Any]) -> Op:
        row = self.rows[form["op"]]
        kwargs = {_is(key, str): self.data(item) for key, item in form["kwargs"]}
        call = Call(tuple(self.data(arg) for arg in form["args"]), kwargs)
        if row.name in FORMATS and not _is_plain_format(call.args[0]):
            raise ValueError(f"the text of {row.name} is not a constant, or reads attributes")
        types = tuple(self.heads[_number(n, len(self.values)) - self.first][0] for n in form["outputs"])
        frame = None if form["frame"] is None else self.frames[_number(form["frame"], len(self.frames))]
        blocks = tuple(self.inner(number, holder) for number in form["blocks"])
        op = Op(row, tuple(self.value(number) for number in form["inputs"]), call, types, frame, blocks)
        for number, value in zip(form["outputs"], op.outputs):
            self.make(number, value)
        return op

    def inner(self, number: Any, holder: int) -> Block:
        if self.held[_number(number, len(self.blocks))] or number <= holder:
            raise ValueError(f"Block {number} stands in two ops, or before the op that holds it")
        self.held[number] = True
        return self.blocks[number]


def _named(op: Op) -> str:
    """The attribute that an op works on, or the name of the Python that it calls, for an error."""
    if op.definition.name in ("load", "store", "drop"):
        return f", at the attribute {op.call.args[1]!r}"
    if op.definition.name not in ("python", "method"):
        return ""
    first = op.call.args[0] if op.definition.name == "python" else op.call.args[1]
    name = op.inputs[first.index].hint if isinstance(first, Slot) else getattr(first, "__name__", first)
    return f", {name}()"


def _is_plain_format(template: Any, depth: int = 0) -> bool:
    """Whether it is a text whose fields name arguments, and none of their attributes."""
    if not isinstance(template, str) or depth > 2:
        return False
    try:
        fields = list(Formatter().parse(template))
    except ValueError:  # which is what the program will raise, when it runs
        return True
    return all("." not in (name or "") and _is_plain_format(spec or "", depth + 1) for _, name, spec, _ in fields)


def _row(name: str, version: Any) -> OpDef:
    row = None if name in UNSAVED else TABLE.get(name) or ops.find(name)
    if row is None:
        raise FileError(
            f"it uses the op {name!r}, and this version's table has no such row for files; "
            "install the version of dy2static that saved it, or save it again with this one"
        )
    if _is(version, int) != row.version:
        age = "newer" if version > row.version else "older"
        raise FileError(
            f"it uses version {version} of the op {name!r}, {age} than version {row.version}, which is this table's; "
            "install the version of dy2static that saved it, or save it again with this one"
        )
    return row


def _number(number: Any, limit: int) -> int:
    if type(number) is not int or not 0 <= number < limit:
        raise ValueError(f"{number!r} is not a number from 0 to {limit - 1}")
    return number


def _is(value: Any, cls: type) -> Any:
    if type(value) is not cls:
        raise ValueError(f"{str(value)[:60]!r} stands where a {cls.__name__} must be")
    return value


def _hint(hint: Any) -> str | None:
    return None if hint is None else _is(hint, str)


def _shape(shape: Any) -> tuple[Any, ...] | None:
    if shape is None:
        return None
    for dim in _is(shape, list):
        if type(dim) not in (int, str, type(None)) or (type(dim) is int and dim < 0):
            raise ValueError(f"{dim!r} is not a dim")
    return tuple(shape)
