"""Loops that a `break` or `return` leaves, and the branches in which it stands.

    stop = False                                                while a:
    while not stop and a:                                           x = x + 1
        x = x + 1                                       →           if x > 9:
        stop = True if x > 9 else stop                                  stop = True
                                                                        break

A flag that only the last op of a turn sets, and only from False to True, needs no test: the branch leaves the loop.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from runtime.ir import Block, Constant, Op, Value
from runtime.liveness import branches_of


@dataclass(eq=False, repr=False)
class Leaving:
    """How a loop is left.

    branches  of the last op of a turn: those that leave
    test      what a `while` asks besides; None: nothing
    """

    branches: tuple[Block, ...]
    test: Block | None


def leaving(loop: Op, unset: Collection[Value]) -> Leaving | None:
    """How a loop is left, if a flag says it; `unset` are the Values that are False where the loop stands."""
    is_for = loop.call.kwargs.get("form") == "for"
    body = loop.blocks[0 if is_for else 1]
    found = _tested(loop, is_for)
    if found is None or body.results is None or not body.ops:
        return None
    number, test = found
    start, last = loop.inputs[is_for + number], body.ops[-1]
    given = body.results[number]
    if not (_is(start, False) or start in unset) or last.definition.name != "cond" or given not in last.outputs:
        return None
    place, flag = last.outputs.index(given), _state(body, loop, number)
    branches = [last.blocks[index] for index in branches_of(last)]
    results = [(block.results or ())[place] for block in branches]
    if not all(result is flag or _is(result, True) for result in results):
        return None
    return Leaving(tuple(block for block, result in zip(branches, results) if result is not flag), test)


def unset_in(loop: Op, unset: Collection[Value]) -> Value | None:
    """The flag of a loop that is False where a turn begins."""
    is_for = loop.call.kwargs.get("form") == "for"
    found = _tested(loop, is_for)
    if found is None or is_for and not (_is(loop.inputs[1 + found[0]], False) or loop.inputs[1 + found[0]] in unset):
        return None
    return _state(loop.blocks[0 if is_for else 1], loop, found[0])


def _tested(loop: Op, is_for: bool) -> tuple[int, Block | None] | None:
    """The number of the state that the loop's test wants to be False, and what else it asks."""
    tests = loop.blocks[1:] if is_for else loop.blocks[:1]
    if len(tests) != 1 or not tests[0].ops or tests[0].results is None:
        return None
    (test,) = tests
    first, *rest = test.ops
    states = [_state(test, loop, number) for number in range(len(loop.outputs))]
    if first.definition.name != "not_" or first.inputs[0] not in states:
        return None
    number = states.index(first.inputs[0])
    if not rest:
        return (number, None) if test.results == first.outputs else None
    if is_for or len(rest) != 1 or rest[0].definition.name != "cond" or len(rest[0].blocks) != 2:
        return None
    then, otherwise = rest[0].blocks
    is_and = rest[0].inputs == first.outputs and not otherwise.ops and otherwise.results == first.outputs
    return (number, then) if is_and and test.results == rest[0].outputs and then.results is not None else None


def _state(block: Block, loop: Op, number: int) -> Value:
    return block.inputs[len(block.inputs) - len(loop.outputs) + number]


def _is(value: Value, flag: bool) -> bool:
    return isinstance(value, Constant) and value.value is flag
