"""What is known of a value before the program runs: its kind, dtype and shape, each of which may be unknown.

float32[n, 3]   array          float32     NumPy scalar         int         Python number
float32[...]    unknown rank   ?[n]        unknown dtype        ?           nothing is known
float32?        a NumPy scalar or an array of no dimensions     int|unset   may be UNDEFINED
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

Kind = Literal["python", "scalar", "array"]
Dim = int | str | None
Shape = tuple[Dim, ...]


class Mismatch(ValueError):
    """Types of which it is known already that the op that takes them will refuse them."""


class Undefined:
    """The value of a name that no assignment has reached. There is one: UNDEFINED."""

    _one: Undefined | None = None

    def __new__(cls) -> Undefined:
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one

    def __repr__(self) -> str:
        return "UNDEFINED"

    def __reduce__(self) -> str:
        return "UNDEFINED"


UNDEFINED = Undefined()


@dataclass(frozen=True, slots=True, eq=False)
class TensorType:
    """The type of a Value.

    kind    "python" (number, str, None, tuple, list, dict …), "scalar" (NumPy scalar), "array", or None: unknown
    dtype   the NumPy dtype; for kind "python" the Python class; None: unknown
    shape   a dim is an int, a symbol such as "n", or None: unknown; shape None: unknown rank
    items   of a Python container: the type of each item (a tuple), or the one type of all of them
    maybe   the value may be UNDEFINED
    """

    kind: Kind | None
    dtype: Any = None
    shape: Shape | None = ()
    items: tuple[TensorType, ...] | TensorType | None = None
    maybe: bool = False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorType):
            return NotImplemented
        if (self.kind, self.shape, self.items, self.maybe) != (other.kind, other.shape, other.items, other.maybe):
            return False
        return same_dtype(self.dtype, other.dtype)

    def __hash__(self) -> int:
        return hash((self.kind, self.dtype, self.shape, self.items, self.maybe))

    @property
    def rank(self) -> int | None:
        return None if self.shape is None else len(self.shape)

    @property
    def is_array(self) -> bool:
        return self.kind == "array"

    @property
    def is_python(self) -> bool:
        return self.kind == "python"

    @property
    def is_number(self) -> bool:
        """Surely a Python number."""
        return self.is_python and self.dtype in NUMBERS and not self.maybe

    def __str__(self) -> str:
        return _text(self) + ("|unset" if self.maybe and self.dtype is not Undefined else "")


NUMBERS = (bool, int, float, complex)
WEAK_DTYPE = {bool: np.dtype(bool), int: np.dtype(np.int64), float: np.dtype(float), complex: np.dtype(complex)}
ANY = TensorType(None, None, None)
UNSET = TensorType("python", Undefined, maybe=True)


def python(cls: type | None, items: Any = None) -> TensorType:
    return TensorType("python", cls, (), items)


def scalar(dtype: Any) -> TensorType:
    if dtype is not None and issubclass(np.dtype(dtype).type, np.record):
        return ANY  # an object with attributes of its own
    return TensorType("scalar", None if dtype is None else np.dtype(dtype), ())


def array(dtype: Any, shape: Shape | None) -> TensorType:
    return TensorType("array", None if dtype is None else np.dtype(dtype), None if shape is None else tuple(shape))


def given_type(owner: str, shape: Sequence[Dim] | None, dtype: Any) -> TensorType:
    """The type that a user writes of `owner` as shape and dtype; without a shape, a NumPy scalar or a Python number.

    -1 is None: a dim of any size. Raises TypeError and ValueError that show the right form.
    """
    if shape is None and any(dtype is number for number in NUMBERS):  # np.dtype("int64") == int
        return python(dtype)
    known = _given_dtype(dtype, is_scalar=shape is None)
    if known is None:
        raise TypeError(f"the dtype of {owner} is one of NumPy's of a known size, such as 'float32', and not {dtype!r}")
    if shape is None:
        return scalar(known)
    if isinstance(shape, (str, bytes)) or not isinstance(shape, Sequence):
        raise TypeError(f"the shape of {owner} is a sequence of sizes and names, such as ('n', 3), and not {shape!r}")
    return array(known, tuple(_given_dim(owner, axis, dim) for axis, dim in enumerate(shape)))


def fixed_type(owner: str, shape: Any, dtype: Any) -> TensorType:
    """The same of an array whose sizes are all known, such as a parameter."""
    sizes: Any = (shape,) if isinstance(shape, (int, np.integer)) else shape
    if sizes is None:
        raise TypeError(f"the shape of {owner} is a sequence of sizes, such as (2, 3), and not None")
    made = given_type(owner, sizes, dtype)
    for axis, dim in enumerate(made.shape or ()):
        if not isinstance(dim, int):
            raise TypeError(f"dim {axis} of {owner} is {sizes[axis]!r}, and must be a size, such as 3")
    return made


def _given_dtype(dtype: Any, is_scalar: bool) -> Any:
    """None where it is none, or holds anything: Python objects, or texts of any length."""
    try:
        known = None if dtype is None else np.dtype(dtype)
    except (TypeError, ValueError, SyntaxError):
        return None
    is_loose = known is not None and (known.hasobject or not known.itemsize or is_scalar and known.kind in "USV")
    return None if is_loose else known


def _given_dim(owner: str, axis: int, dim: Any) -> Dim:
    if dim is None or isinstance(dim, str) and dim.isidentifier():
        return dim
    if isinstance(dim, (int, np.integer)) and not isinstance(dim, bool) and dim >= -1:
        return None if dim == -1 else int(dim)
    error = ValueError if type(dim) in (int, str) else TypeError
    raise error(
        f"dim {axis} of {owner} is {dim!r}, and must be a size, a name, or None for any size, as in ('n', 3, None)"
    )


def same_dtype(a: Any, b: Any) -> bool:
    """Whether two dtypes, each of which may be None, are one. NumPy reads None as float64, so == does not tell."""
    return a is b or (a is not None and b is not None and bool(a == b))


def type_of(value: Any) -> TensorType:
    """The type of a run-time value, with its sizes as they are."""
    if isinstance(value, np.ndarray):
        return array(value.dtype, value.shape)
    if isinstance(value, np.generic):
        return scalar(value.dtype)
    if value is UNDEFINED:
        return UNSET
    if isinstance(value, (tuple, list)):
        return python(type(value), tuple(type_of(item) for item in value))
    return python(type(value))


def join(a: TensorType, b: TensorType) -> TensorType:
    """The narrowest type that holds every value of both; what differs becomes unknown."""
    if a == b:
        return a
    maybe = a.maybe or b.maybe
    if a.dtype is Undefined:
        return replace(b, maybe=True)
    if b.dtype is Undefined:
        return replace(a, maybe=True)
    if a.kind != b.kind:
        return _join_kinds(a, b, maybe)
    dtype = a.dtype if same_dtype(a.dtype, b.dtype) else None
    items = _join_items(a.items, b.items) if dtype is not None else None
    return TensorType(a.kind, dtype, join_shapes(a.shape, b.shape), items, maybe)


def _join_kinds(a: TensorType, b: TensorType, maybe: bool) -> TensorType:
    """Of two kinds, dtype and rank survive only where both kinds are NumPy's."""
    if a.is_python or b.is_python:
        return TensorType(None, None, None, None, maybe)
    dtype = a.dtype if same_dtype(a.dtype, b.dtype) else None
    return TensorType(None, dtype, join_shapes(a.shape, b.shape), None, maybe)


def _join_items(a: Any, b: Any) -> Any:
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return tuple(join(x, y) for x, y in zip(a, b))
    if a == () or b == ():
        return item_type(a) if b == () else item_type(b)
    a, b = item_type(a), item_type(b)
    return None if a is None or b is None else join(a, b)


def item_type(items: tuple[TensorType, ...] | TensorType | None) -> TensorType | None:
    """One type for all items of a container, or None where nothing is known."""
    if not isinstance(items, tuple):
        return items
    if not items:
        return None
    one = items[0]
    for other in items[1:]:
        one = join(one, other)
    return one


def join_shapes(a: Shape | None, b: Shape | None) -> Shape | None:
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple(x if x == y else None for x, y in zip(a, b))


def is_within(a: TensorType, b: TensorType) -> bool:
    """Whether every value of type `a` is also of type `b`."""
    return join(a, b) == b


def broadcast(*shapes: Shape | None) -> Shape | None:
    """The broadcast shape: two different symbols, or a symbol and an unknown, give an unknown dim.

    Raises Mismatch where two known dims cannot be broadcast. Rules: NumPy user guide, "Broadcasting".
    """
    if any(shape is None for shape in shapes):
        return None
    known = [shape for shape in shapes if shape is not None]
    rank = max((len(shape) for shape in known), default=0)
    padded = [(1,) * (rank - len(shape)) + shape for shape in known]
    return tuple(_broadcast_dim(dims) for dims in zip(*padded))


def _broadcast_dim(dims: tuple[Dim, ...]) -> Dim:
    numbers = {dim for dim in dims if isinstance(dim, int) and dim != 1}
    if len(numbers) > 1:
        raise Mismatch(f"dims {', '.join(map(str, dims))} cannot be broadcast together")
    if numbers:
        return numbers.pop()
    others = [dim for dim in dims if dim != 1]
    if not others:
        return 1
    return others[0] if all(dim == others[0] for dim in others) else None


def _text(type: TensorType) -> str:
    if type.is_python:
        return _python_text(type)
    if type.kind is None and type.dtype is None and type.shape is None:
        return "?"
    name = "?" if type.dtype is None else str(type.dtype)
    if type.kind == "scalar":
        return name
    if type.shape is None:
        return name + ("[...]" if type.is_array else "?")
    dims = ", ".join("?" if dim is None else str(dim) for dim in type.shape)
    return name + (f"[{dims}]" if type.is_array else f"?[{dims}]" if dims else "?")


def _python_text(type: TensorType) -> str:
    if type.dtype is None:
        return "python"
    name = {Undefined: "unset", type_of(None).dtype: "None"}.get(type.dtype, type.dtype.__name__)
    if isinstance(type.items, tuple) and len(type.items) <= 8:
        return f"{name}({', '.join(map(str, type.items))})"
    one = item_type(type.items)
    return name if one is None else f"{name}({one}, …)"


_TEXT = re.compile(r"([A-Za-z_]\w*(?:\[[A-Za-z0-9]+\](?=\[))?|\?|[<>=|][A-Za-z]\w*)(\?)?(?:\[(.*)\])?")
_CONTAINERS = {"tuple": tuple, "list": list}
_CLASSES = {cls.__name__: cls for cls in (*NUMBERS, str, bytes, tuple, list, dict)} | {"None": type(None)}


def parse(text: str) -> TensorType:
    """The type that `text` writes as it is printed: "float32[n, 3]", "float64[]", "int" (Python), "int64" (a NumPy
    scalar), "tuple(int, float32[n])".

    Raises ValueError with an example where the text is not a type. A NumPy scalar is "bool_" where it is a bool.
    """
    said = text.strip() if isinstance(text, str) else ""
    if said.endswith("|unset"):
        return replace(parse(said.removesuffix("|unset")), maybe=True)
    if said in _CLASSES or said == "?":
        return ANY if said == "?" else python(_CLASSES[said])
    container = re.fullmatch(r"(tuple|list)\((.*)\)", said)
    if container is not None:
        return python(_CONTAINERS[container[1]], _parse_items(container[2], text))
    match = _TEXT.fullmatch(said)
    if match is None:
        raise ValueError(f"{text!r} is not a type; write one such as 'float32[n, 3]', 'int' or 'float64'")
    name, is_either, dims = match.groups()
    if name in ("datetime64", "timedelta64") and dims and _is_unit(dims):
        name, dims = f"{name}[{dims}]", None
    dtype = None if name == "?" else named_dtype(name, text)
    shape = () if dims is None else _parse_shape(dims, text)
    kind: Kind = "scalar" if dims is None else "array"
    return TensorType(None if is_either else kind, dtype, shape)


def named_dtype(name: str, text: str) -> Any:
    """The dtype that is printed as `name`: NumPy's codes for it, such as "b" and "double", are not of the language."""
    try:
        dtype = np.dtype(name)
    except TypeError:
        raise ValueError(f"{text!r} is not a type: NumPy knows no dtype {name!r}") from None
    if str(dtype) == name or name == "bool_":
        return dtype
    cure = f"of {str(dtype)!r}; write that" if dtype.itemsize else "of NumPy's; write a dtype such as 'float32'"
    raise ValueError(f"{text!r} is not a type: {name!r} is a short form {cure}")


def _is_unit(text: str) -> bool:
    try:
        return bool(np.dtype(f"datetime64[{text}]"))
    except TypeError:
        return False


def _parse_items(written: str, text: str) -> Any:
    """The type of each item, or before "…" that of all."""
    items = _split(written)
    if len(items) == 2 and items[1].strip() in ("…", "..."):
        return parse(items[0])
    if "" in items:
        raise ValueError(f"an item is missing in {text!r}; write one such as 'tuple(int, float32[n, 3])'")
    return tuple(map(parse, items))


def _split(written: str) -> list[str]:
    """The parts between the commas that stand in no brackets."""
    items, depth, start = [], 0, 0
    for at, one in enumerate(written):
        depth += (one in "([") - (one in ")]")
        if one == "," and not depth:
            items.append(written[start:at].strip())
            start = at + 1
    return [*items, written[start:].strip()] if written.strip() else []


def _parse_shape(dims: str, text: str) -> Shape | None:
    if dims.strip() == "...":
        return None
    return tuple(_parse_dim(dim.strip(), text) for dim in dims.split(",")) if dims.strip() else ()


def _parse_dim(dim: str, text: str) -> Dim:
    if dim == "?":
        return None
    if dim.isdigit():
        return int(dim)
    if dim.isidentifier() and dim != "None":
        return dim
    found = f"{dim!r} in {text!r} is not a dim" if dim else f"a dim is missing in {text!r}"
    raise ValueError(f"{found}; write a size, a name, or '?' for any size, as in 'float32[n, 3, ?]'")
