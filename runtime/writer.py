"""The text of expressions: constants, templates, and how far an op's result may stay inside the expression it is in.

v = add(x, y); z = multiply(v, 2)    →    z = (x + y) * 2
"""

from __future__ import annotations

import builtins
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from runtime.ir import Constant, Frame, Slot, Value, line_of
from runtime.plan import Plan

MAX_TEXT = 400


@dataclass(eq=False, repr=False)
class Line:
    depth: int
    text: str
    frame: Frame | None


def deeper(lines: Iterable[Line], by: int = 1) -> list[Line]:
    """The same lines, further in."""
    return [Line(line.depth + by, line.text, line.frame) for line in lines]


class Compound(str):
    """The text of an expression that needs parentheses as an operand of another."""


def operand(text: str) -> str:
    return f"({text})" if isinstance(text, Compound) else text


def negated(test: str) -> str:
    """The text of `not test`."""
    found = re.fullmatch(r"not ([\w.]+)", test)
    return found[1] if found else f"not {operand(test)}"


@dataclass(eq=False, repr=False)
class Pending:
    """An expression that is not written yet; what stands before it in the list is evaluated before it."""

    value: Value
    text: str
    frame: Frame | None


@dataclass(eq=False, repr=False)
class Scope:
    """The lines of one Block, and what is pending at its end."""

    lines: list[Line] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    attempt: Any = None  # the last lines, where others may join them


class ExpressionWriter:
    """Writes lines into the scope of the Block that it stands in, and keeps expressions pending as long as it may."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.namespace: dict[str, Any] = {}
        self.reserved: set[str] = set()  # names that no object may get
        self.bound: dict[tuple[str, int], str] = {}
        self.scope = Scope()

    def line(self, text: str, frame: Frame | None, depth: int = 0) -> None:
        self.scope.lines.append(Line(depth, text, frame))

    def flush(self) -> None:
        """Writes what is pending as assignments."""
        for pending in self.scope.pending:
            self.line(f"{self.plan.names[pending.value]} = {pending.text}", pending.frame)
        self.scope.pending.clear()

    def operands(self, values: Sequence[Value], frame: Frame | None) -> list[str]:
        """The texts of `values`, to be evaluated in this order; pending expressions are embedded where that is
        exact."""
        pending = {item.value: item for item in self.scope.pending}
        wanted = [value for value in values if value in pending]
        tail = self.scope.pending[len(self.scope.pending) - len(wanted) :]
        fits = [item.value for item in tail] == wanted
        same_line = frame is None or all(line_of(item.frame) == line_of(frame) for item in tail)
        if not (fits and same_line and sum(len(item.text) for item in tail) < MAX_TEXT):
            self.flush()
            wanted = []
        del self.scope.pending[len(self.scope.pending) - len(wanted) :]
        embedded = set(wanted)
        return [pending[value].text if value in embedded else self.name(value) for value in values]

    def name(self, value: Value) -> str:
        if isinstance(value, Constant):
            return self.datum(value.value, value.hint or "w")
        return self.plan.names[value]

    def datum(self, value: Any, hint: str = "k") -> str:
        """The text of a constant: a literal, or a name bound to it."""
        if value is None or type(value) in (bool, int, str, bytes):  # np.str_ is a str, and no literal
            return _literal(value)
        if value is Ellipsis:
            return "..."
        if type(value) is float and math.isfinite(value):
            return _literal(value)
        return self.bind(hint, value)

    def bind(self, hint: str, value: Any) -> str:
        """A name for `value` in the function's namespace."""
        if getattr(builtins, hint, None) is value:
            return hint
        hint = re.sub(r"\W", "_", hint)
        key = (hint, id(value))
        if key not in self.bound:
            name = f"{hint}_" if hint not in ("np",) else hint
            while name in self.namespace or name in self.reserved:
                name += "_"
            self.bound[key] = name
            self.namespace[name] = value
        return self.bound[key]

    def unused(self, letter: str) -> str:
        """A name that no object and no Value has."""
        names = (f"{letter}{number}_" for number in count(1))
        name = next(name for name in names if name not in self.reserved and name not in self.namespace)
        self.reserved.add(name)
        return name

    def template(self, template: Any, texts: Sequence[str]) -> str:
        """The Python text of a template; `texts` stand in the place of its Slots."""
        if isinstance(template, Slot):
            return texts[template.index]
        if type(template) is tuple:
            items = [self.template(item, texts) for item in template]
            return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
        if type(template) is list:
            return f"[{', '.join(self.template(item, texts) for item in template)}]"
        if type(template) is dict:
            return "{" + ", ".join(f"{self.datum(k)}: {self.template(v, texts)}" for k, v in template.items()) + "}"
        if isinstance(template, tuple) and hasattr(template, "_make"):
            items = [self.template(item, texts) for item in template]
            return f"{self.bind(type(template).__name__, type(template))}({', '.join(items)})"
        if isinstance(template, slice):
            parts = (template.start, template.stop, template.step)
            return f"slice({', '.join(self.template(part, texts) for part in parts)})"
        return self.datum(template)

    def index(self, template: Any, texts: Sequence[str]) -> str:
        """The text between the brackets of x[…]."""
        if type(template) is tuple and template:
            return ", ".join(self._index_part(item, texts) for item in template) + ("," if len(template) == 1 else "")
        return self._index_part(template, texts)

    def _index_part(self, template: Any, texts: Sequence[str]) -> str:
        if not isinstance(template, slice):
            return self.template(template, texts)
        parts = [template.start, template.stop, template.step]
        written = ["" if part is None else self.template(part, texts) for part in parts]
        return ":".join(written if template.step is not None else written[:2])


def _literal(value: Any) -> str:
    text = repr(value)
    return Compound(text) if text.startswith("-") else text
