"""Branches traced into the Blocks of a cond op.

    if c: z = x + y                             z: ? = cond(c)
    else: z = x - y                 →             then { v: ? = add(x, y)        return v }
                                                  else { v: ? = subtract(x, y)   return v }
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import FunctionType, MethodType
from typing import Any

from dy2static.choices import Choice, can_choose, is_choice, is_seen
from dy2static.regions import CannotStage, Traced, emit_control, lift_inside, trace_block, trace_test, with_retries
from dy2static.signals import Diverged
from dy2static.streams import is_generator
from dy2static.structure import Chosen, Column, fill_columns, is_mutable, is_plain_tuple, is_same
from dy2static.trace import Trace
from runtime.ir import Value
from runtime.tracer import Variable
from runtime.types import TensorType, join


def stage_cond(
    trace: Trace, test: Variable, branches: Sequence[Callable[[], Any]], tests: Sequence[Callable[[], Any]] = ()
) -> Any:
    """Emits a cond op. `branches` are then, [then of each further test …], else; `tests` are those further tests."""
    return with_retries(trace, lambda: _stage_cond(trace, test, branches, tests))


def _stage_cond(
    trace: Trace, test: Variable, branches: Sequence[Callable[[], Any]], tests: Sequence[Callable[[], Any]]
) -> Any:
    traced = [trace_block(trace, "cond", branch) for branch in branches]
    test_blocks = [trace_test(trace, "cond", function) for function in tests]
    slots = {key: slot for one in traced for key, (slot, _) in one.log.items()}
    merger = Merger(trace, [one for one in traced if one.reached])
    values = [
        (one.value, *(one.log[key][1] if key in one.log else slot.get() for key, slot in slots.items()))
        for one in traced
        if one.reached
    ]
    merged = merger.merge(values) if values else None
    blocks = [traced[0].block]
    for block, branch in zip(test_blocks, traced[1:-1]):
        blocks += [block, branch.block]
    blocks.append(traced[-1].block)
    outputs = emit_control(trace, "cond", (test.value,), {}, merger.types(), tuple(blocks))
    for one in traced:
        one.block.results = None if not one.reached else merger.results(one)
    if not values:
        raise Diverged
    value, *written = filled(merged, outputs)
    for slot, new in zip(slots.values(), written):
        trace.write(slot, new)
    return value


def filled(merged: Any, outputs: Sequence[Any]) -> Any:
    """A merged value with the outputs of the op in it."""
    if isinstance(merged, Chosen):
        return Choice(merged.options, outputs[merged.index], choose)
    if is_plain_tuple(merged):
        items = [filled(item, outputs) for item in merged]
        return type(merged)._make(items) if hasattr(merged, "_make") else tuple(items)
    return fill_columns(merged, outputs)


def choose(index: Variable, branches: Sequence[Callable[[], Any]]) -> Any:
    """A cond op with a branch for each number that `index` may be."""
    trace = index.builder
    assert isinstance(trace, Trace)
    if len(branches) == 1:
        return branches[0]()
    tests = [partial(trace.emit, "equal", index, number) for number in range(len(branches) - 1)]
    first = tests[0]()
    try:
        return stage_cond(trace, first, branches, tests[1:])
    except CannotStage as reason:
        trace.number(first, f"this choice ({reason})")
        raise


class Merger:
    """Joins what the branches of a cond give: what is the same in all stays, the rest becomes outputs of the op."""

    def __init__(self, trace: Trace, branches: list[Traced]):
        self.trace = trace
        self.branches = branches
        self.columns: list[list[Variable]] = []
        self.shared: dict[tuple[int, ...], Column] = {}

    def merge(self, values: Sequence[Any]) -> Any:
        first = values[0]
        if all(is_same(first, other) for other in values[1:]) and self._is_visible(first):
            return first
        if is_plain_tuple(first) and all(type(other) is type(first) and len(other) == len(first) for other in values):
            merged = [self.merge(items) for items in zip(*values)]
            return type(first)._make(merged) if hasattr(first, "_make") else tuple(merged)
        if can_choose(self.trace, values):
            return self._choice(values)
        return self._column(values)

    def _choice(self, values: Sequence[Any]) -> Chosen:
        """Functions, by their numbers."""
        options: list[Any] = []
        numbers = []
        for branch, value in zip(self.branches, values):
            with self.trace.reentered(branch.region):
                number = self.trace.lift(len(options))
                numbers.append(self.trace.emit("add", value.index, number) if is_choice(value) else number)
            options += value.options if is_choice(value) else [value]
        self.columns.append(numbers)
        return Chosen(tuple(options), len(self.columns) - 1)

    def _is_visible(self, value: Any) -> bool:
        if isinstance(value, Variable):
            return self.trace.depths.get(value.value, 0) <= self.trace.depth
        if is_plain_tuple(value):
            return all(self._is_visible(item) for item in value)
        if isinstance(value, (FunctionType, MethodType)):
            return is_seen(self.trace, value)
        if is_mutable(value):
            return self.trace.birth(value) <= self.trace.depth
        return not is_generator(value) or value.depth <= self.trace.depth

    def _column(self, values: Sequence[Any]) -> Column:
        lifted = []
        for branch, value in zip(self.branches, values):
            with self.trace.reentered(branch.region):
                lifted.append(lift_inside(self.trace, value))
        key = tuple(id(variable.value) for variable in lifted)
        if key not in self.shared or len(self.branches) == 1:
            self.columns.append(lifted)
            self.shared[key] = Column(len(self.columns) - 1)
        return self.shared[key]

    def types(self) -> list[TensorType]:
        joined = []
        for column in self.columns:
            type = column[0].type
            for other in column[1:]:
                type = join(type, other.type)
            joined.append(type)
        return joined

    def results(self, branch: Traced) -> tuple[Value, ...]:
        index = self.branches.index(branch)
        return tuple(column[index].value for column in self.columns)
