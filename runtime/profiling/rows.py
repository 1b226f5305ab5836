"""Costs of lines and of ops → rows of a Profile: what the lines say, which ops are theirs, and what is fused."""

from __future__ import annotations

import linecache
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from runtime.ir import Frame, Op, Program, Value, line_of, walk
from runtime.plan import Plan
from runtime.printer import names, print_lines
from runtime.profiling.profile import Cost, LineCost, OpCost

Spot = tuple[str, int]


def line_costs(program: Program, plan: Plan, costs: Mapping[Hashable, Cost]) -> tuple[LineCost, ...]:
    counts: dict[Any, Counter[str]] = {}
    for op in walk(program.block):
        counts.setdefault(line_of(op.frame), Counter())[op.definition.name] += 1
    notes = _notes(plan)
    rows = [_line_cost(spot, cost, counts.get(spot, Counter()), notes) for spot, cost in costs.items() if cost.runs]
    return tuple(sorted(rows, key=lambda row: -row.cost.seconds))


def _line_cost(spot: Any, cost: Cost, counts: Counter[str], notes: Mapping[Spot, dict[str, None]]) -> LineCost:
    ops = tuple(name if count == 1 else f"{name} x{count}" for name, count in counts.items())
    if spot is None:
        return LineCost("", 0, "what has no line", cost, ops)
    file, line = spot
    text = linecache.getline(file, line).strip()
    return LineCost(_basename(file), line, text, cost, ops, tuple(notes.get(spot, ())))


def _notes(plan: Plan) -> dict[Spot, dict[str, None]]:
    """What lines share: runs of elementwise ops that are one expression, and loops that read elements."""
    notes: dict[Spot, dict[str, None]] = {}
    for chain in plan.chains.values():
        spots = _spots(chain.ops)
        for spot in spots:
            others = [str(line) for file, line in spots if (file, line) != spot]
            beside = f"with line{'s' * (len(others) > 1)} {', '.join(others)}" if others else "as one"
            notes.setdefault(spot, {})[f"(computed {beside}, of big arrays block by block)"] = None
    for loop in plan.element_loops.values():
        for spot in _spots([loop.op]):
            notes.setdefault(spot, {})["(elements of its arrays are read and written as Python numbers)"] = None
    return notes


def _spots(ops: Iterable[Op]) -> list[Spot]:
    return [spot for spot in dict.fromkeys(line_of(op.frame) for op in ops) if spot is not None]


def op_costs(program: Program, costs: Mapping[Hashable, Cost]) -> tuple[OpCost, ...]:
    printed = {line.subject: line.text.strip() for line in print_lines(program)}
    named = names(program)
    found = [(op, costs.get(op)) for op in walk(program.block)]
    rows = [OpCost(op, _shown(op, printed, named), _place(op.frame), cost) for op, cost in found if cost and cost.runs]
    return tuple(sorted(rows, key=lambda row: -row.cost.seconds))


def _shown(op: Op, printed: Mapping[Any, str], named: Mapping[Value, str]) -> str:
    """As the program prints it, without the types of what it gives."""
    typed = ", ".join(f"{named[value]}: {value.type}" for value in op.outputs)
    return ", ".join(named[value] for value in op.outputs) + printed.get(op, typed).removeprefix(typed)


def _place(frame: Frame | None) -> str:
    return "" if frame is None else f"{_basename(frame.file)}:{frame.line}"


def _basename(file: str) -> str:
    return re.split(r"[\\/]", file)[-1]

