"""Where values come from: arguments, globals, closure cells, and the attributes and items of what stands there.

    model.layers[0].w    →    Place(argument "model").attribute("layers").item(0).attribute("w")

A Place is written as Python source, so that the check of a call's signature is one generated function that reads each
place once. A Guard says what a traced program takes for granted of the value found there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Step = Literal["argument", "object", "attribute", "item", "key"]


@dataclass(frozen=True, slots=True)
class Place:
    """`step` says how the value is reached from `base`: by attribute or item; a root is an argument or a known
    object."""

    step: Step
    name: Any
    base: Place | None = None
    anchor: Any = None  # the object of an "object" root; compared by identity

    def attribute(self, name: str) -> Place:
        return Place("attribute", name, self)

    def item(self, key: Any) -> Place:
        return Place("item", key, self)

    def is_above(self, other: Place) -> bool:
        """Whether `other` is reached through this place."""
        base = other.base
        while base is not None and base != self:
            base = base.base
        return base is not None

    def __hash__(self) -> int:
        return hash((self.step, str(self.name), self.base, id(self.anchor)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Place)
            and self.step == other.step
            and type(self.name) is type(other.name)
            and self.name == other.name
            and self.anchor is other.anchor
            and self.base == other.base
        )

    def __str__(self) -> str:
        if self.base is None:
            return str(self.name)
        if self.step == "object":
            return str(self.base)
        if self.step == "attribute":
            return f"{self.base}.{self.name}"
        if self.base.step == "object":
            return str(self.name)
        return f"{self.base}[{self.name!r}]"

    def text(self, bind: Any) -> str:
        """Python source that reads the place; `bind(value)` gives a name for an object."""
        if self.step == "argument":
            return str(self.name)
        if self.step == "object" or self.base is None:
            return str(bind(self.anchor))
        if self.step == "attribute":
            return f"{self.base.text(bind)}.{self.name}"
        if self.step == "key":
            return f"{bind(tuple)}({self.base.text(bind)})[{self.name}]"
        key = repr(self.name) if isinstance(self.name, (int, str)) else bind(self.name)
        return f"{self.base.text(bind)}[{key}]"

    @property
    def hint(self) -> str:
        """A name for the value found here."""
        if self.base is None or isinstance(self.name, str):
            return str(self.name)
        return f"{self.base.hint}_{self.name}" if isinstance(self.name, int) else self.base.hint


def root_argument(name: str) -> Place:
    return Place("argument", name)


def root_object(anchor: Any, name: str) -> Place:
    return Place("object", name, None, anchor)


def eval_place(place: Place, arguments: dict[str, Any]) -> Any:
    """The value that is at a place now."""
    if place.base is None:
        return arguments[place.name] if place.step == "argument" else place.anchor
    base = eval_place(place.base, arguments)
    return getattr(base, place.name) if place.step == "attribute" else base[place.name]


@dataclass(frozen=True, eq=False)
class Guard:
    """What a program takes for granted of a place: one of a kind there, or those of SEVERAL that are not equal.

    "is"     the value is this object                       "type"   its class is this one
    "equal"  it is this constant, of the same class         "len"    it has this many items
    "array"  an ndarray of this (dtype, rank)               "scalar" a NumPy scalar of this dtype
    "same"   it is the object at this other place
    "dim"    an ndarray with this (axis, size)               "tied"   (axis, place, axis): as long as one there
    "shape"  an ndarray of just this shape                  "keys"   a dict with these keys, in this order
    "set"    a set of these items
    "absent" it has no attribute of that name                "own", "unset"   its __dict__ has, or has not
    """

    kind: str
    place: Place
    value: Any

    @property
    def key(self) -> Any:
        """Of a kind with several at a place, the value belongs to it; the others' may have no hash."""
        return (self.kind, self.place, self.value if self.kind in SEVERAL else None)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Guard) and self.key == other.key

    def text(self, read: str, bind: Any) -> str:
        """Python source of the check; `read` is the text that gives the value."""
        return _CHECKS[self.kind](read, self.value, bind)


SEVERAL = {"dim", "tied", "absent", "own", "unset", "same"}


def _equal(read: str, value: Any, bind: Any) -> str:
    if value is None or isinstance(value, bool):
        return f"{read} is {value}"
    if isinstance(value, (float, complex, np.generic)):
        # nan is not equal to itself, and 0.0 == -0.0
        return f"{bind(type)}({read}) is {bind(type(value))} and {bind(repr)}({read}) == {bind(repr(value))}"
    return f"{bind(type)}({read}) is {bind(type(value))} and {read} == {bind(value)}"


_CHECKS: dict[str, Any] = {
    "is": lambda read, value, bind: f"{read} is {bind(value)}",
    "same": lambda read, value, bind: f"{read} is {value.text(bind)}",
    "type": lambda read, value, bind: f"{bind(type)}({read}) is {bind(value)}",
    "equal": _equal,
    "len": lambda read, value, bind: f"{bind(len)}({read}) == {value}",
    "set": lambda read, value, bind: f"{bind(type)}({read}) is {bind(set)} and {read} == {bind(value)}",
    "keys": lambda read, value, bind: f"{bind(tuple)}({read}) == {bind(value)}",
    "shape": lambda read, value, bind: f"{read}.shape == {value!r}",
    "scalar": lambda read, value, bind: f"{read}.dtype == {bind(value)}",
    "array": lambda read, value, bind: (
        f"{bind(type)}({read}) is {bind(np.ndarray)} and {read}.dtype == {bind(value[0])} and {read}.ndim == {value[1]}"
        + (f" and {read}.dtype.num == {value[0].num}" if value[0].char in "lLqQ" else "")  # long equals longlong
    ),
    "dim": lambda read, value, bind: f"{read}.shape[{value[0]}] == {value[1]}",
    "tied": lambda read, value, bind: f"{read}.shape[{value[0]}] == {value[1].text(bind)}.shape[{value[2]}]",
    "own": lambda read, value, bind: f"{value!r} in {read}.__dict__",
    "unset": lambda read, value, bind: f"{value!r} not in {read}.__dict__",
    "absent": lambda read, value, bind: f"not {bind(hasattr)}({read}, {value!r})",
}
