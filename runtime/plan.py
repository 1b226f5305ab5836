"""Program → Plan: which Values become expressions and which become local variables, under which names.

A Value that is used once, in the Block that makes it, need not be stored: it is written where it is used, so that
NumPy can reuse its buffer as it does in the user's own expression. Values of which only one is needed at a time share a
variable: what a branch gives and what it was before, the state of a loop all through. Loops over the elements of arrays
hold NumPy scalars as Python numbers where nothing can tell.
"""

from __future__ import annotations

import builtins
from collections import Counter
from collections.abc import Collection
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from runtime.direct import Direct, direct
from runtime.ir import Block, Constant, Op, Program, Slot, Value, blocks_of, line_of, slots, walk
from runtime.ops.effect import writes
from runtime.printer import names
from runtime.sharing import Sharing
from runtime.switches import is_optimized

if TYPE_CHECKING:
    from runtime.chains import Chain
    from runtime.elements import Loop


class Plan:
    """Where each Value of a Program lives.

    names   of the Values that are local variables
    inline  Values that are written at their one use
    used    Values that anything uses
    taken_apart  the unpacks that are written as what a `for` assigns to
    """

    def __init__(self, program: Program, kept: Collection[Value] = (), optimize: bool | None = None):
        """`kept` are Values that have to stay variables: those that are fetched. `optimize` as for `executor.build`."""
        self.program = program
        self.names: dict[Value, str] = {}
        self.inline: set[Value] = set()
        self.used: set[Value] = set()
        self.taken_apart: set[Op] = set()
        self._count_uses(program.block)
        kept = tuple(kept)
        self.inline.difference_update(kept)
        self.taken_apart = {op for op in self.taken_apart if op.inputs[0] not in kept}
        self.used.update(kept)
        self._take_names(program, kept)
        self._kept = kept
        self.is_optimized = is_optimized(optimize)

    @cached_property
    def element_loops(self) -> dict[Op, Loop]:
        """The loops that work on elements, by their ops; none without optimisation."""
        if not self.is_optimized or not has_loops(self.program):
            return {}
        found: dict[Op, Loop] = import_module("runtime.elements").element_loops(self.program, self.inline)
        return found

    @cached_property
    def chains(self) -> dict[Op, Chain]:
        """Runs of elementwise ops, by their first ops; none without optimisation."""
        if not self.is_optimized or not self._has_runs:
            return {}
        found: dict[Op, Chain] = import_module("runtime.chains").chains(self.program, self._kept)
        return found

    @property
    def is_simple(self) -> bool:
        """Whether the program has neither, by the looks of it: what is for them need not even be imported."""
        return not self.is_optimized or not (has_loops(self.program) or self._has_runs)

    @cached_property
    def _has_runs(self) -> bool:
        """Whether two ops of one Block give arrays."""
        given = ([op for op in block.ops if not op.blocks and any(value.type.is_array for value in op.outputs)]
                 for block in blocks_of(self.program))  # fmt: skip
        return any(len(ops) > 1 for ops in given)

    def direct(self, op: Op) -> Direct | None:
        """What is called in the place of an op's kernel; nothing else without optimisation."""
        return direct(op) if self.is_optimized else None

    def __str__(self) -> str:
        """The variables and the types of what they hold, one after the other, and what was done to take less time."""
        held: dict[str, dict[str, None]] = {}
        for value, name in self.names.items():
            if value not in self.inline:
                held.setdefault(name, {})[str(value.type)] = None
        head = f"plan of {self.program.name}: {len(self.inline)} values inline, {len(held)} variables"
        kept = [f"{name}: {', '.join(types)}" for name, types in held.items()]
        loops, runs = self.element_loops.values(), self.chains.values()
        called = dict.fromkeys(op.definition.name for op in walk(self.program.block) if self.direct(op) is not None)
        last = [f"called at once, and not through NumPy's Python: {', '.join(called)}"] if called else []
        return "\n".join([head, *kept, *map(self._loop_text, loops), *map(self._chain_text, runs), *last])

    def _chain_text(self, chain: Chain) -> str:
        leaves = ", ".join(dict.fromkeys(self.names[leaf] for leaf in chain.leaves))
        return f"{self.names[chain.ops[-1].outputs[0]]} is computed of {leaves} by blocks where they are big"

    def _loop_text(self, loop: Loop) -> str:
        at = loop.op.frame
        place = "a loop" if at is None else f"the loop at {at.file.rpartition('/')[2]}:{at.line}"
        arrays = dict.fromkeys([*loop.views, *(array for one in loop.streams.values() for array in one.items.values())])
        views = ", ".join(dict.fromkeys(self.names[array] for array in arrays))
        numbers = ", ".join(
            dict.fromkeys(
                self.names[value] for value in self.names if value in loop.numbers and value not in self.inline
            )
        )
        unpacked = dict.fromkeys(self.names[array] for one in loop.unpacked.values() for array in one.arrays)
        lists = f", {', '.join(unpacked)} as lists where that pays" if unpacked else ""
        return f"{place} reads {views} through views of memory{lists}; Python numbers: {numbers or 'none'}"

    def _count_uses(self, block: Block) -> None:
        """Finds what is used once, and that in its own Block."""
        outside: Counter[Value] = Counter()
        self._walk_uses(block, outside)

    def _walk_uses(self, block: Block, outside: Counter[Value]) -> None:
        here: Counter[Value] = Counter()
        inner: Counter[Value] = Counter()
        for op in block.ops:
            here.update(op.inputs)
            here.update(slot_repeats(op))
            for child in op.blocks:
                self._walk_uses(child, inner)
            if gives_test(op) is not None:
                inner[op.inputs[0]] -= 1  # written as `test and …` or `test or …`
        here.update(block.results or ())
        states = dict(zip(reversed(block.results or ()), reversed(block.inputs)))
        for op in block.ops:
            first = _first_unpack(op)
            if first is not None and inner[first.inputs[0]] == 1:
                self.taken_apart.add(first)
            if not _is_expression(op) or here[op.outputs[0]] != 1 or inner[op.outputs[0]]:
                continue
            # `if test: state = …` reads better than `state = … if test else state`.
            if not any(states.get(op.outputs[0]) in (child.results or ()) for child in op.blocks):
                self.inline.add(op.outputs[0])
        outside.update(here)
        outside.update(inner)
        self.used.update(here)

    def _take_names(self, program: Program, kept: Collection[Value]) -> None:
        """The names of the printed program; Values that share a variable have the name of the first of them."""
        sharing = Sharing(program, self.inline, kept)
        inputs = set(program.block.inputs)
        shown = names(program)
        for value in shown:
            if value in self.names:
                continue
            group = sharing.group(value)
            chosen = shown[next((one for one in group if one in inputs), value)]
            chosen = chosen + "_v" if hasattr(builtins, chosen) or chosen.endswith("_") else chosen
            self.names.update(dict.fromkeys(group, chosen))


def _first_unpack(op: Op) -> Op | None:
    """The op that a turn of a `for` begins with, if that takes apart the item."""
    if op.definition.name != "while_loop" or op.call.kwargs.get("form") != "for" or not op.blocks[0].ops:
        return None
    body, first = op.blocks[0], op.blocks[0].ops[0]
    is_unpack = first.definition.name == "unpack" and first.call.args[0] == Slot(0) and bool(first.outputs)
    return first if is_unpack and first.inputs == (body.inputs[0],) else None


def _is_expression(op: Op) -> bool:
    """Whether an op may be written as an expression: one of a cond's has to stand on the line of the cond."""
    if len(op.outputs) != 1 or op.blocks and op.definition.name != "cond":
        return False
    if not op.blocks:
        return op.definition.effect == "pure" and not writes(op.definition, op.call)
    inner = [one for block in op.blocks for one in block.ops]
    return all(_is_expression(one) and line_of(one.frame) == line_of(op.frame) for one in inner)


def has_loops(program: Program) -> bool:
    return any(op.definition.name == "while_loop" for op in walk(program.block))


def gives_test(op: Op) -> int | None:
    """The number of the branch of a cond that gives the test itself, as `a and b` and `a or b` do; else None."""
    if op.definition.name != "cond" or len(op.blocks) != 2 or len(op.outputs) != 1:
        return None
    given = [index for index, block in enumerate(op.blocks) if not block.ops and block.results == op.inputs]
    return given[0] if len(given) == 1 and not isinstance(op.inputs[0], Constant) else None


def slot_repeats(op: Op) -> Counter[Value]:
    """How many more times than once each input stands in the op's call."""
    from_slots: Counter[Value] = Counter()
    _count_slots((op.call.args, op.call.kwargs), op.inputs, from_slots)
    return Counter({value: count - 1 for value, count in from_slots.items() if count > 1})


def _count_slots(template: object, inputs: tuple[Value, ...], counts: Counter[Value]) -> None:
    for slot in slots(template):
        counts[inputs[slot.index]] += 1


def free_values(op: Op) -> list[Value]:
    """The Values from outside that an op uses, its Blocks' included, in order of first use; no Constants."""
    made: set[Value] = set()
    used: dict[Value, None] = {}

    def visit(block: Block) -> None:
        made.update(block.inputs)
        for inner in block.ops:
            visit_op(inner)
        used.update(dict.fromkeys(value for value in block.results or () if value not in made))

    def visit_op(inner: Op) -> None:
        used.update(dict.fromkeys(value for value in inner.inputs if value not in made))
        for child in inner.blocks:
            visit(child)
        made.update(inner.outputs)

    visit_op(op)
    return [value for value in used if not isinstance(value, Constant)]
