"""The text of expressions of Python numbers, beside that of the same expressions of NumPy scalars.

s + a[i] * b[i]        →        s + a_at_[i] * b_at_[i]        and        float64_(s) + a[i] * b[i]

a_at_ is a view of the array's memory, or a list of its elements where the array is unpacked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from runtime.accesses import Access
from runtime.classes import (
    BITS,
    CASTS,
    CHOICES,
    COMPARE,
    FLOATS,
    INPLACE,
    NUMPY,
    NUMPY_INTS,
    PYTHON,
    RANGES,
    RING,
    Classes,
    is_small,
    is_whole,
    is_within,
    joined_ints,
    of_constant,
    representation,
    result,
)
from runtime.codegen import Writer
from runtime.elements import ROOT, Loop
from runtime.ir import Constant, Frame, Op, Slot, Value
from runtime.liveness import branches_of
from runtime.opdef import TABLE
from runtime.plan import Plan
from runtime.unpacked import Unpacked, fresh
from runtime.writer import Compound, operand

CLOSED = (BITS - {"left_shift"}) | {"remainder"}  # in the range that the operands are in
STEPS = RING | {"divide"}
SAFE = frozenset({"negative", "abs"})  # of floats: no result is one that the operand does not show
RETRY = "retry_"  # whether the last step failed
RETRIED = "retried_"  # how many steps were done again
RAN = "ran_"  # whether the loop has begun a turn
TRIED = "t_"
VIEW = "_at_"  # what the name of an array's view or list ends with
FEW = 10**9  # ints that CPython compares in half the time


def _fits_of_ints(low: int, high: int) -> str:
    if high < FEW:
        return f"{low} <= {{0}} <= {high}"
    return f"({max(low, -FEW)} <= {{0}} < {FEW} or {low} <= {{0}} <= {high})"


FITS = {"float": "isfinite_({0})", **{name: _fits_of_ints(*limits) for name, limits in RANGES.items()}}
INFINITE = (math.inf, -math.inf)


def carried(result: float, a: float, b: float) -> bool:
    """Whether an infinite result comes of an operand that is infinite: NumPy has no warning for that.

    Of two nans the sign of one is kept, and compilers do not agree of which: nan is computed again.
    """
    return result == result and (a in INFINITE or b in INFINITE)


def plain(number: Any) -> Any:
    """The Python number that a NumPy scalar stands for."""
    return number.item() if isinstance(number, np.generic) else number


class Number(str):
    """The text of an expression of Python numbers, and what else is known of it.

    slow     the text of the same expression of NumPy scalars
    test     how its result shows that it holds: a key of FITS
    checks   conditions on parts of it, by the names that the text gives them
    operands  the texts of both, where it is one step of arithmetic of floats
    is_atom  whether it needs no parentheses as an operand
    is_sure  whether it cannot fail, so that nothing needs to be tested
    """

    slow: str
    test: str
    checks: tuple[str, ...]
    operands: tuple[str, ...]
    is_atom: bool
    is_sure: bool

    def __new__(
        cls, text: str, slow: str, test: str, checks: Iterable[str] = (), operands: Iterable[str] = (),
        is_atom: bool = False, is_sure: bool = False,
    ) -> Number:  # fmt: skip
        made = super().__new__(cls, text)
        made.slow, made.test, made.checks, made.operands = slow, test, tuple(checks), tuple(operands)
        made.is_atom, made.is_sure = is_atom, is_sure
        return made


@cache
def whole_of(name: str) -> Callable[[int], Any]:
    """Makes an int one of NumPy's of that class, or leaves it as it is: Python's, too big for the class."""
    made, (low, high) = getattr(np, name), RANGES[name]
    return lambda number: made(number) if low <= number <= high else number


def both_texts(text: str) -> tuple[str, str]:
    """As an operand, of Python numbers and of NumPy scalars."""
    if not isinstance(text, Number):
        return operand(text), operand(text)
    return (text, text.slow) if text.is_atom else (f"({text})", f"({text.slow})")


# The texts of the keys that give an element, one after the other: a[i][j, k] → (("i",), ("j", "k"))
Chain = tuple[tuple[str, ...], ...]


@dataclass(eq=False, repr=False)
class Part:
    """An operand: its texts of Python numbers and of NumPy scalars, the conditions on it, and how it is tested."""

    text: str
    slow: str
    checks: tuple[str, ...] = ()
    test: str = "any"
    operands: tuple[str, ...] = ()

    def condition(self, name: str) -> str:
        """How its result, in a variable, shows that it holds."""
        fits = FITS[self.test].format(name)
        return f"({fits} or carried_({name}, {', '.join(self.operands)}))" if self.operands else fits


def text_of(chain: Chain) -> str:
    return "(" + "".join(f"({', '.join(keys)},), " for keys in chain).rstrip() + ")"


class NumberWriter(Writer):
    """Writes expressions of the ops that a loop over elements computes of Python numbers."""

    def __init__(self, plan: Plan):
        super().__init__(plan)
        self.loop: Loop | None = None  # the one that is written through views
        self.unpacked: Unpacked | None = None  # the one in it that is written with lists
        self.rows: dict[Op, Chain] = {}  # the keys that give each row
        self.reserved |= {RETRY, RETRIED, TRIED, RAN}
        if plan.element_loops:
            self.bind("isfinite", math.isfinite)
            self.bind("carried", carried)
        for loop in plan.element_loops.values():
            self.reserved |= {self.view(value) for value in loop.views} | {self.alias(one) for one in loop.scalars}
            self.reserved |= {name(value) for value in loop.op.outputs for name in (self.start, self.begun)}

    # Names

    def view(self, value: Value) -> str:
        return self.plan.names[value] + VIEW

    def alias(self, value: Value) -> str:
        return f"{self.plan.names[value]}_n_"

    def start(self, value: Value) -> str:
        return f"{self.plan.names[value]}_0_"

    def begun(self, value: Value) -> str:
        return f"{self.plan.names[value]}_1_"

    def boxed(self, value: Value, text: str) -> str:
        """The NumPy scalar that a number stands for."""
        assert self.loop is not None
        (name,) = self.loop.classes(value) & NUMPY
        if is_whole(self.loop.classes(value)):
            return f"{self.bind(f'whole_{name}', whole_of(name))}({text})"
        return f"{self.bind(name.rstrip('_'), getattr(np, name))}({text})"

    def plain(self, text: str) -> str:
        return f"{self.bind('plain', plain)}({text})"

    def operands(self, values: Sequence[Value], frame: Frame | None, numbers: bool = False) -> list[str]:
        """Numbers stand only in the text of other Numbers: elsewhere they are assigned, and so tested, first."""
        for one in self.scope.pending if self.loop is not None else ():
            is_number = isinstance(one.text, Number) and not one.text.is_sure
            if one.value in values and (
                is_number and not numbers or numbers and not is_number and self._warns(one.value)
            ):
                self.flush()
                break
        texts = super().operands(values, frame)
        return texts if numbers else [Compound(text) if isinstance(text, Number) else text for text in texts]

    def _warns(self, value: Value) -> bool:
        """Whether an expression may do more than give its result: it is computed twice where a Number fails."""
        if value not in self.plan.inline or value.op is None or isinstance(self._pending(value), Number):
            return False
        return not self.classes(value) <= PYTHON or any(map(self._warns, value.op.inputs))

    def _pending(self, value: Value) -> str | None:
        return next((one.text for one in self.scope.pending if one.value is value), None)

    # Elements

    def chain(self, access: Access, key: Iterable[str]) -> Chain:
        return (*(() if access.row is None else self.rows[access.row]), tuple(key))

    def element(self, access: Access, key: Sequence[Part]) -> tuple[str, str]:
        """The texts of an element, taken of what stands for its array and as the user wrote it."""
        fast, slow = self.chain(access, (part.text for part in key)), self.chain(access, (part.slow for part in key))
        keys = [key for some in fast for key in some]
        array, view = self.name(access.base), self.view(access.base)
        as_written = array + "".join(f"[{', '.join(some)}]" for some in slow)
        if self.unpacked is None or access.base not in self.unpacked.arrays:
            return f"{view}[{', '.join(keys)}]", as_written
        if self.unpacked.arrays[access.base]:
            as_written = f"{self.bind('fresh', fresh)}({array}, {view}, {text_of(slow)})"
        return view + "".join(f"[{key}]" for key in keys), as_written

    # Expressions of numbers

    def number(self, op: Op) -> Number:
        assert self.loop is not None
        if op in self.loop.accesses:
            return self._read(op, self.loop.accesses[op])
        name = INPLACE.get(op.definition.name, op.definition.name)
        parts = [self._alone(part) if part.test in NUMPY_INTS else part for part in self.parts(op, op.call.args)]
        if name in COMPARE or name in CHOICES:
            parts = [self._alone(part) for part in parts]
        elif name == "divide":
            parts = self._quotient(op, parts)
        if name in COMPARE:
            parts = self._comparable(op, parts)
        if name in CHOICES:  # they give one of them, which must stay what it is
            parts = [self._as_it_is(value, part) for value, part in zip(self._given(op), parts)]
        known = self.classes(op.outputs[0])
        test = "any" if name in COMPARE or name in CHOICES else "float"
        if name in SAFE and representation(known) == "float":
            test = parts[0].test
        elif name in CASTS:
            test = CASTS[name] if CASTS[name] in RANGES else parts[0].test
        elif test == "float" and representation(known) == "int":
            parts = self._in_range(op, parts, joined_ints(known))
            test = "any" if name in CLOSED else joined_ints(known)
        source = TABLE[name].source or f"{self.bind(name, op.definition.kernel)}({', '.join(['{}'] * len(parts))})"
        fast = f"{self.bind('math_sqrt', math.sqrt)}({{}})" if name == ROOT else source
        if name in CASTS:
            is_int_as_float = representation(known) == "float" and not self.classes(self._given(op)[0]) <= FLOATS
            fast = "float({})" if is_int_as_float else "{}"
        texts = fast.format(*(part.text for part in parts)), source.format(*(part.slow for part in parts))
        checks = [check for part in parts for check in part.checks]
        is_sure = name in COMPARE and not checks and all(map(self._is_at_hand, op.inputs))
        is_step = name in STEPS and test == "float" and all(part.test == "any" and not part.checks for part in parts)
        return Number(*texts, test, checks, [part.text for part in parts] if is_step else (), is_sure=is_sure)

    def _as_it_is(self, value: Any, part: Part) -> Part:
        """A number that may be Python's own stays that in the text of NumPy scalars."""
        is_mixed = bool(self.classes(value) & PYTHON) and part.text.isidentifier()
        return replace(part, slow=part.text) if is_mixed else part

    def _read(self, op: Op, access: Access) -> Number:
        key = self.parts(op, access.key)
        checks = (check for part in key for check in part.checks)
        return Number(*self.element(access, key), "any", checks, is_atom=True)

    def parts(self, op: Op, templates: Iterable[Any]) -> list[Part]:
        texts = self.operands(op.inputs, op.frame, numbers=True)
        return [self._part(op, template, texts) for template in templates]

    def is_number(self, value: Any) -> bool:
        """Whether it is written as a Python number, whatever the user's code makes it."""
        assert self.loop is not None
        return value in self.loop.numbers or value in self.loop.scalars or self.classes(value) <= PYTHON

    def _is_at_hand(self, value: Value) -> bool:
        """Whether it is a Python number that is computed already."""
        return isinstance(value, Constant) or self.is_number(value) and value not in self.plan.inline

    def _part(self, op: Op, template: Any, texts: Sequence[str]) -> Part:
        assert self.loop is not None
        if not isinstance(template, Slot):
            text = operand(self.template(template, texts))
            return Part(operand(self.datum(plain(template))) if isinstance(template, np.generic) else text, text)
        value, text = op.inputs[template.index], texts[template.index]
        if isinstance(text, Number):
            wrap = "{}" if text.is_atom else "({})"
            return Part(wrap.format(text), wrap.format(text.slow), text.checks, text.test, text.operands)
        text = operand(text)
        if isinstance(value, Constant):
            return Part(operand(self.datum(plain(value.value))), text)
        if value in self.loop.numbers:
            return Part(text, self.boxed(value, text))
        if value in self.loop.scalars:
            return Part(self.alias(value), text)
        return Part(text, text)  # Python's, or an index or item that a view of memory takes as it is

    def _alone(self, part: Part) -> Part:
        """A part whose result is tested by itself, because that of the whole does not show how it is."""
        return part if part.test == "any" else self._tested(part, part.test)

    def _tested(self, part: Part, test: str) -> Part:
        name = self.unused("d")
        condition = replace(part, test=test).condition(name)
        return Part(f"({name} := {part.text})", part.slow, (*part.checks, condition))

    def _in_range(self, op: Op, parts: Sequence[Part], name: str) -> list[Part]:
        """Python's own ints are tested to be in the range of a class of NumPy's, as NumPy tests them."""
        return [
            part if "int" not in self.classes(value) or self._is_bounded(value, name) else self._tested(part, name)
            for part, value in zip(parts, self._given(op))
        ]

    def _is_bounded(self, value: Any, name: str, seen: frozenset[Value] = frozenset()) -> bool:
        """Whether it is known to be in that range: an int of such a class, a constant, a length, or one of such."""
        number = value.value if isinstance(value, Constant) else value
        if not isinstance(number, Value):
            return isinstance(number, int) and is_within(number, name)
        known = self.classes(number)
        if number in seen or known and known <= NUMPY_INTS and joined_ints(known | {name}) == name:
            return True
        given = self._choices(number)
        if given is None:
            return name == "int64" and number.op is not None and number.op.definition.name == "len"
        return all(self._is_bounded(one, name, seen | {number}) for one in given)

    @staticmethod
    def _given(op: Op) -> list[Any]:
        return [op.inputs[arg.index] if isinstance(arg, Slot) else arg for arg in op.call.args]

    def _choices(self, value: Value) -> list[Value] | None:
        """What a branch or the state of a loop is made of."""
        assert self.loop is not None
        if value.op is None or value.op.definition.name != "cond":
            return self.loop.states.get(value)
        place = value.op.outputs.index(value)
        return [(value.op.blocks[one].results or ())[place] for one in branches_of(value.op)]

    def _quotient(self, op: Op, parts: Sequence[Part]) -> list[Part]:
        """NumPy divides ints as floats."""
        first, second = parts[0], self._alone(parts[1])
        operands = [self.classes(value) for value in self._given(op)]
        if any(one & FLOATS for one in operands):
            return [first, second]
        whole = self._in_range(op, [self._alone(first), second], joined_ints(result("add", operands)))
        return [replace(part, text=f"float({part.text})") for part in whole]

    def _comparable(self, op: Op, parts: Sequence[Part]) -> list[Part]:
        """NumPy compares ints with floats as floats, Python does it exactly."""
        values = self._given(op)
        if not any(self.classes(value) & FLOATS for value in values):
            return list(parts)
        return [
            replace(part, text=f"float({part.text})")
            if self.classes(value) & {"int", "int64"} and not self.classes(value) & FLOATS and not is_small(value)
            else part
            for part, value in zip(parts, values)
        ]

    def classes(self, value: Any) -> Classes:
        assert self.loop is not None
        return self.loop.classes(value) if isinstance(value, Value) else of_constant(value)
