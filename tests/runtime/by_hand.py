"""Programs written by hand, op by op, for the tests of what reads Programs."""

from __future__ import annotations

from typing import Any

import numpy as np

from runtime import ops
from runtime.ir import MISSING, Block, Call, Constant, Frame, Op, Parameter, Program, Slot, Value
from runtime.opdef import TABLE
from runtime.types import TensorType, parse, python, type_of

X = parse("float32[n]")
INT, BOOL = python(int), python(bool)


def const(value: Any, hint: str | None = None) -> Constant:
    return Constant(value, type_of(value), hint)


def template(value: Any, values: list[Value]) -> Any:
    """`value` with Slots in the place of its Values, which are entered into `values`."""
    if isinstance(value, Value):
        if value not in values:
            values.append(value)
        return Slot(values.index(value))
    if isinstance(value, (tuple, list)):
        return type(value)(template(item, values) for item in value)
    if isinstance(value, dict):
        return {key: template(item, values) for key, item in value.items()}
    if isinstance(value, slice):
        return slice(*(template(part, values) for part in (value.start, value.stop, value.step)))
    return value


class Hand:
    """Appends ops to a Block: `hand("add", x, 1, to="z: float32[n]", line=6)` gives the output, or the outputs."""

    def __init__(self, *inputs: Value, frame: Frame | None = None):
        self.block = Block(inputs)
        self.caller = frame

    def __call__(
        self, name: str, *args: Any, to: str = "", line: int = 0, blocks: tuple[Block, ...] = (), **kwargs: Any
    ) -> Any:
        values: list[Value] = []
        call = Call(template(args, values), template(kwargs, values))
        hints, types = targets(to)
        frame = Frame("/samples/f.py", line, "f", self.caller) if line else None
        row = TABLE.get(name) or ops.find(name)
        assert row is not None, name
        op = Op(row, tuple(values), call, types, frame, blocks)
        for value, hint in zip(op.outputs, hints):
            value.hint = hint
        self.block.ops.append(op)
        return op.outputs[0] if len(op.outputs) == 1 else op.outputs

    def gives(self, *results: Value) -> Block:
        self.block.results = results
        return self.block

    def ends_nowhere(self) -> Block:
        self.block.results = None
        return self.block


def targets(text: str) -> tuple[list[str | None], tuple[TensorType, ...]]:
    """Hints and types of "a: int; float32[n]"."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    pairs = [part.partition(":") if ":" in part else ("", "", part) for part in parts]
    return [hint or None for hint, _, _ in pairs], tuple(parse(type) for _, _, type in pairs)


def loop_op(hand: Hand, form: str, inputs: list[Value], to: str, blocks: tuple[Block, ...], line: int = 0) -> Any:
    """A while_loop: each input has its own Slot, also where two are one Value."""
    hints, types = targets(to)
    call = Call(tuple(Slot(place) for place in range(len(inputs))), {"form": form})
    frame = Frame("/samples/f.py", line, "f") if line else None
    op = Op(TABLE["while_loop"], tuple(inputs), call, types, frame, blocks)
    for value, hint in zip(op.outputs, hints):
        value.hint = hint
    hand.block.ops.append(op)
    return op.outputs[0] if len(op.outputs) == 1 else op.outputs


def positional(*values: Value, default: Any = MISSING) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(value.hint or f"p{place}", Slot(place), "positional_or_keyword", default)
        for place, value in enumerate(values)
    )


def ternary() -> Program:
    """z = x + y if x > y else x - y"""
    x, y = Value(X, "x"), Value(X, "y")
    main = Hand(x, y)
    c = main("greater", x, y, to="c: bool[n]", line=6)
    then, orelse = Hand(), Hand()
    then.gives(then("add", x, y, to="float32[n]", line=6))
    orelse.gives(orelse("subtract", x, y, to="float32[n]", line=6))
    z = main("cond", c, to="z: float32[n]", line=6, blocks=(then.block, orelse.block))
    return Program("f", main.gives(z), positional(x, y), Slot(0))


def counters() -> Program:
    """while first < second: first += 2; second += 1"""
    first, second = Value(INT, "first"), Value(INT, "second")
    main = Hand(first, second)
    test, body = (Hand(Value(INT, "first"), Value(INT, "second")) for _ in range(2))
    test.gives(test("less", *test.block.inputs, to="bool", line=3))
    a = body("iadd", body.block.inputs[0], 2, to="first: int", line=4)
    b = body("iadd", body.block.inputs[1], 1, to="second: int", line=5)
    blocks = (test.block, body.gives(a, b))
    outputs = loop_op(main, "while", [first, second], "first: int; second: int", blocks, line=3)
    return Program("counters", main.gives(*outputs), positional(first, second), (Slot(0), Slot(1)))


def total() -> Program:
    """for item in items: s = s + w; until s >= 9; with a weight, writes, reads by index, methods and effects."""
    items, s = Value(parse("float64[n]"), "items"), const(0.0)
    w = const(np.arange(3.0), "w")
    main = Hand(items)
    item, state, again = Value(parse("float64"), "item"), Value(parse("float64"), "s"), Value(parse("float64"), "s")
    body, test = Hand(item, state), Hand(again)
    part = body("getitem", w, slice(None, 2), to="float64[2]", line=8)
    body("setitem", w, (Ellipsis, 0), item, line=9)
    summed = body(".sum", part, to="float64", line=10, axis=0)
    body.gives(body("add", state, summed, to="s: float64", line=10))
    test.gives(test("less", again, 9.0, to="bool", line=11))
    end = loop_op(main, "for", [items, s], "s: float64", (body.block, test.block), line=7)
    main("print", "s =", end, line=12, sep="")
    shape = main(".shape", w, to="?", line=13)
    a, b = main("unpack", shape, 2, to="a: int; b: int", line=13)
    return Program("total", main.gives(end, a, b), positional(items), {"s": Slot(0), "shape": [Slot(1), Slot(2)]})


def chain(length: int) -> Program:
    """if x == 0: return 0, elif x == 1: return 1, …, else raise ValueError"""
    x = Value(INT, "x")
    main, blocks = Hand(x), []
    first = main("equal", x, 0, to="bool", line=2)
    for place in range(length):
        if place:
            test = Hand()
            blocks.append(test.gives(test("equal", x, place, to="bool", line=2 + place)))
        branch = Hand()
        blocks.append(branch.gives(const(place)))
    orelse = Hand()
    orelse("raise", ValueError, "too many", line=2 + length)
    y = main("cond", first, to="y: int", line=2, blocks=(*blocks, orelse.ends_nowhere()))
    return Program("chain", main.gives(y), positional(x), Slot(0))


def nested(depth: int) -> Program:
    """if c: if c: if c: … x + 1"""
    x, c = Value(X, "x"), Value(BOOL, "c")
    main = Hand(x, c)
    hands = [main] + [Hand() for _ in range(depth)]
    result: Value = hands[-1]("add", x, 1, to="y: float32[n]", line=depth)
    for place in range(depth, 0, -1):
        inner = hands[place].gives(result)
        result = hands[place - 1]("cond", c, to="y: float32[n]", line=place, blocks=(inner, Hand().gives(x)))
    return Program("nested", main.gives(result), positional(x, c), Slot(0))


def long(length: int) -> Program:
    """x = x + 1, many times"""
    x = Value(X, "x")
    main, value = Hand(x), x
    for place in range(length):
        value = main("add", value, 1, to="x: float32[n]", line=place + 2)
    return Program("long", main.gives(value), positional(x), Slot(0))


PROGRAMS = {
    "ternary": ternary,
    "counters": counters,
    "total": total,
    "chain": lambda: chain(3),
    "nested": lambda: nested(3),
}
