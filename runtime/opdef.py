"""OpDef, the row that says all there is to know about a kind of op, and the closed table of all rows.

A row's name says what the executor calls:

    add, greater, len, float    a Python operator or builtin          x + y, len(x)
    np.sum, np.linalg.solve     NumPy's public function of that name  np.sum(x, axis=0)
    .sum, .reshape              the method of that name               x.sum(axis=0)
    math.sqrt                   the standard library's function
    nn.conv2d                   the function of runtime.nn

so that a program does at run time exactly what the user wrote, whatever kinds its values turn out to have.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from runtime.types import ANY, TensorType

Effect = Literal["pure", "write", "io", "random", "raise", "control"]
Rule = Callable[..., TensorType]


def unknown(*args: Any, **kwargs: Any) -> TensorType:
    """The rule of a row about whose result nothing is known."""
    return ANY


@dataclass(frozen=True, slots=True, eq=False)
class OpDef:
    """A row of the table.

    kernel   is called with the arguments of the op's Call, values in the place of Slots, and gives the result
    rule     is called with the same arguments, TensorTypes in the place of Slots, and gives the result's TensorType;
             whatever it raises means that the type is unknown (the kernel will raise in its turn, or not)
    source   Python that does the same as the kernel on positional arguments: "{0} + {1}"; None: call the kernel
    effect   "pure": may be dropped or shared; "write": changes an argument; "io", "random": acts outside the program;
             "raise": never returns; "control": holds Blocks
    aliases  the result may share memory with an argument
    domain   names the inputs that the tests of the table draw: "any", "float", "int", "bool", "positive" …
    version  of the row's meaning; a changed meaning is a new version
    check    is called as the rule is, where a program is built by hand, and raises Mismatch for arguments that no run
             can take; rules raise it themselves where nothing else is known of the result
    """

    name: str
    kernel: Callable[..., Any]
    rule: Rule = unknown
    source: str | None = None
    effect: Effect = "pure"
    aliases: bool = False
    domain: str = "any"
    version: int = 1
    check: Callable[..., Any] | None = None

    def infer(self, *args: Any, **kwargs: Any) -> TensorType:
        """The result's type, or ANY where the rule cannot tell."""
        try:
            return self.rule(*args, **kwargs)
        except Exception:  # a rule that fails meets arguments that NumPy refuses, or that it does not know
            return ANY


class Table(dict[str, OpDef]):
    """The rows by name. The families make theirs in turn, as far as a name asks for: imports and first calls stay
    cheap."""

    def __init__(self) -> None:
        super().__init__()
        self.families: list[Callable[[], Iterable[OpDef]]] = []
        self.lock = threading.RLock()

    def fill(self, name: object = None) -> None:
        """Makes the rows of the families, up to the one that has `name`."""
        if super().__contains__(name):
            return
        with self.lock:
            while self.families and not super().__contains__(name):
                register(self.families.pop(0)())

    def get(self, name: str, default: Any = None) -> Any:
        self.fill(name)
        return super().get(name, default)

    def __missing__(self, name: str) -> OpDef:
        self.fill(name)
        if not super().__contains__(name):
            raise KeyError(name)
        return self[name]

    def __contains__(self, name: object) -> bool:
        self.fill(name)
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self.fill()
        return super().__iter__()

    def values(self) -> Any:
        self.fill()
        return super().values()

    def items(self) -> Any:
        self.fill()
        return super().items()


TABLE = Table()


def register(rows: Iterable[OpDef]) -> None:
    """Adds rows to the table. Raises ValueError for a name that is taken: one row, one place."""
    for row in rows:
        if dict.__contains__(TABLE, row.name):
            raise ValueError(f"two rows are named {row.name!r}")
        TABLE[row.name] = row
