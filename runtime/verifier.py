"""The invariants of a Program, each a function named as the sentence that must be true.

verifying program f (from f.py:6): the rule is 'each use sees its definition', but
      z: float32[n] = add(x, y)
      ^ 'y' is made later, in a Block that does not hold this one, or nowhere
the program was not made by this version's tracer, or a pass broke it: trace or save it again
"""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from runtime import ops
from runtime.errors import ProgramError
from runtime.ir import Block, Constant, Op, Program, Slot, Value, slots
from runtime.opdef import TABLE
from runtime.printer import print_lines, traverse
from runtime.types import TensorType

Subject = Op | Block | None  # what is at fault; None: the program's head
Faults = Iterator[tuple[Subject, str]]
KINDS = ("positional_only", "positional_or_keyword", "var_positional", "keyword_only", "var_keyword")


def verify(program: Program) -> Program:
    """Gives `program` back. Raises ProgramError, which shows the first fault under its line of the printed program."""
    for invariant in INVARIANTS:
        for subject, found in invariant(program):
            raise ProgramError(_message(program, invariant.__name__.replace("_", " "), subject, found))
    return program


def _message(program: Program, sentence: str, subject: Subject, found: str) -> str:
    lines = print_lines(program)
    place = next((place for place, line in enumerate(lines) if line.subject is subject), 0)
    shown = [line.text for line in lines[max(0, place - 2) : place + 1]]
    indent = " " * (len(shown[-1]) - len(shown[-1].lstrip()))
    frame = subject.frame if isinstance(subject, Op) else None
    where = f" (from {frame.file}:{frame.line})" if frame is not None else ""
    return "\n".join(
        [
            f"verifying program {program.name}{where}: the rule is '{sentence}', but",
            *(f"    {line}" for line in shown),
            f"    {indent}^ {found}",
            "the program was not made by this version's tracer, or a pass broke it: trace or save it again",
        ]
    )


def _each_op(program: Program) -> Iterator[Op]:
    return (item for item, before in traverse(program.block) if before and isinstance(item, Op))


def each_block_stands_once(program: Program) -> Faults:
    seen = {program.block}
    for op in _each_op(program):
        for block in op.blocks:
            if block in seen:
                yield op, "one of its Blocks stands in a second place, too"
            seen.add(block)


def each_value_is_made_once(program: Program) -> Faults:
    seen: set[Value] = set()
    for item, before in traverse(program.block):
        if not before:
            continue
        for value in item.inputs if isinstance(item, Block) else item.outputs:
            if value in seen:
                yield _shown(item, program), f"{_named(value)} is made here for the second time"
            if isinstance(value, Constant):
                yield _shown(item, program), f"the constant {_named(value)} is made here; nothing makes a constant"
            seen.add(value)


def each_output_knows_its_op(program: Program) -> Faults:
    for item, before in traverse(program.block):
        maker = item if isinstance(item, Op) else None
        for value in item.inputs if isinstance(item, Block) else item.outputs:
            if before and value.op is not maker:
                yield _shown(item, program), f"{_named(value)} says that another op made it"


def each_value_has_a_type(program: Program) -> Faults:
    for item, before in traverse(program.block):
        values = item.inputs if isinstance(item, Block) else (*item.inputs, *item.outputs)
        for value in values if before else ():
            known: Any = value.type
            if not isinstance(known, TensorType):
                yield _shown(item, program), f"the type of {_named(value)} is a {type(known).__name__}"


def each_op_is_in_the_table(program: Program) -> Faults:
    for op in _each_op(program):
        row = TABLE.get(op.definition.name) or ops.find(op.definition.name)
        if row is None:
            yield op, f"no row of the table is named {op.definition.name!r}"
        elif row != op.definition:
            yield op, f"its OpDef is not the table's row {op.definition.name!r}"


def each_use_sees_its_definition(program: Program) -> Faults:
    visible: set[Value] = set()
    for item, before in traverse(program.block):
        if isinstance(item, Op):
            yield from ((item, fault) for fault in (_unseen(item.inputs, visible) if before else ()))
            visible.update(() if before else item.outputs)
        elif before:
            visible.update(item.inputs)
        else:
            yield from ((item, fault) for fault in _unseen(item.results or (), visible))
            visible.difference_update(item.inputs, *(op.outputs for op in item.ops))


def _unseen(values: tuple[Value, ...], visible: set[Value]) -> Iterator[str]:
    for value in values:
        if value not in visible and not isinstance(value, Constant):
            yield f"{_named(value)} is made later, in a Block that does not hold this one, or nowhere"


def templates_name_existing_inputs(program: Program) -> Faults:
    for op in _each_op(program):
        for slot in slots((op.call.args, op.call.kwargs)):
            if not _is_place(slot, len(op.inputs)):
                yield op, f"its call names input {slot.index}, and it has {len(op.inputs)}"


def keywords_are_identifiers(program: Program) -> Faults:
    """The executor writes keywords into Python source, and a file may hold any text in their place."""
    for op in _each_op(program):
        for key in op.call.kwargs:
            if not _is_identifier(key):
                yield op, f"the keyword {key!r} is not one that Python can write"
    for parameter in program.parameters:
        if not _is_identifier(parameter.name):
            yield None, f"the parameter's name {parameter.name!r} is not one that Python can write"


def _is_identifier(name: Any) -> bool:
    return isinstance(name, str) and name.isidentifier() and not keyword.iskeyword(name)


def parameters_name_existing_inputs(program: Program) -> Faults:
    for parameter in program.parameters:
        if parameter.kind not in KINDS:
            yield None, f"parameter {parameter.name!r} is of the kind {parameter.kind!r}, which Python has not"
        for slot in slots(parameter.template):
            if not _is_place(slot, len(program.block.inputs)):
                yield None, f"parameter {parameter.name!r} names input {slot.index} of {len(program.block.inputs)}"
    for name, count in Counter(parameter.name for parameter in program.parameters).items():
        if count > 1:
            yield None, f"{count} parameters are named {name!r}"


def results_fill_the_result_template(program: Program) -> Faults:
    count = len(program.block.results or ())
    places = list(slots(program.result))
    for slot in places:
        if not _is_place(slot, count):
            yield program.block, f"the result names value {slot.index}, and the program gives {count}"
    if program.parameters and len({slot.index for slot in places}) != count:
        yield program.block, f"the result has places for {len(places)} values, and the program gives {count}"


def only_control_ops_have_blocks(program: Program) -> Faults:
    for op in _each_op(program):
        if op.blocks and op.definition.name not in _CONTROL:
            yield op, f"it holds {len(op.blocks)} Blocks"


def each_op_but_unpack_and_control_has_at_most_one_output(program: Program) -> Faults:
    for op in _each_op(program):
        if len(op.outputs) > 1 and op.definition.name not in (*_CONTROL, "unpack"):
            yield op, f"it has {len(op.outputs)} outputs"


def each_block_gives_what_its_op_takes(program: Program) -> Faults:
    for op in _each_op(program):
        rule = _CONTROL.get(op.definition.name)
        yield from ((op, fault) for fault in (rule(op) if rule is not None else ()))


def _cond_faults(op: Op) -> Iterator[str]:
    if len(op.inputs) != 1:
        yield f"it has {len(op.inputs)} inputs, and takes one: the condition"
    if len(op.blocks) < 2 or len(op.blocks) % 2:
        yield f"it has {len(op.blocks)} Blocks, and takes then, any number of (test, then), else"
    for place, block in enumerate(op.blocks):
        last = place == len(op.blocks) - 1
        count = 1 if place % 2 and not last else len(op.outputs)
        yield from _block_faults(f"Block {place}", block, 0, count)


def _loop_faults(op: Op) -> Iterator[str]:
    form = op.call.kwargs.get("form")
    if form not in ("while", "for"):
        yield f"its form is {form!r}, and must be 'while' or 'for'"
        return
    allowed = (2,) if form == "while" else (1, 2)
    if len(op.blocks) not in allowed:
        yield f"a '{form}' loop has {len(op.blocks)} Blocks"
        return
    item = 1 if form == "for" else 0
    state = len(op.inputs) - item
    if state < 0:
        yield "it has no iterable"
    elif len(op.outputs) != state:
        yield f"it starts with {state} values of state and gives {len(op.outputs)}"
    elif form == "while":
        yield from _block_faults("the test", op.blocks[0], state, 1)
        yield from _block_faults("the body", op.blocks[1], state, state)
    else:
        yield from _block_faults("the body", op.blocks[0], state + 1, state)
        for test in op.blocks[1:]:
            yield from _block_faults("the test", test, state, 1)


def _block_faults(name: str, block: Block, inputs: int, results: int) -> Iterator[str]:
    if len(block.inputs) != inputs:
        yield f"{name} has {len(block.inputs)} inputs, and is given {inputs}"
    if block.results is not None and len(block.results) != results:
        yield f"{name} gives {len(block.results)} results, and {results} are taken"


def _try_faults(op: Op) -> Iterator[str]:
    kwargs = op.call.kwargs
    classes = kwargs.get("classes")
    if not isinstance(classes, list) or set(kwargs) != {"classes", "orelse", "final"}:
        yield "it does not say which exceptions its handlers take, and whether it has else and finally parts"
        return
    parts = [0, *(1 for _ in classes), *(0 for key in ("orelse", "final") if kwargs[key])]
    if len(op.blocks) != len(parts) or len(parts) < 2:
        yield f"it has {len(op.blocks)} Blocks, and {len(parts)} parts"
    for place, (inputs, block) in enumerate(zip(parts, op.blocks)):
        yield from _block_faults(f"Block {place}", block, inputs, 0)


def _define_faults(op: Op) -> Iterator[str]:
    if len(op.blocks) != 1 or len(op.outputs) != 1 or not op.blocks[0].inputs:
        yield "it defines one function, by one Block whose first input is that function"
        return
    yield from _block_faults("the body", op.blocks[0], len(op.blocks[0].inputs), 1)
    cache = op.call.kwargs.get("cache")
    if cache is not None and not (isinstance(cache, dict) and cache.keys() == {"maxsize", "typed"}):
        yield "its cache is a dict of maxsize and typed"
    elif cache is not None and not (type(cache["maxsize"]) in (int, type(None)) and type(cache["typed"]) is bool):
        yield "the maxsize of its cache is an int or None, and typed is a bool"


def _call_faults(op: Op) -> Iterator[str]:
    if not op.inputs or op.blocks or len(op.outputs) != 1:
        yield "it takes a function and its arguments, and gives one value"


_CONTROL: dict[str, Callable[[Op], Iterator[str]]] = {
    "cond": _cond_faults,
    "while_loop": _loop_faults,
    "try": _try_faults,
    "define": _define_faults,
    "call": _call_faults,
}


def an_end_that_is_not_reached_follows_a_raise(program: Program) -> Faults:
    for item, before in traverse(program.block):
        if before and isinstance(item, Block) and item.results is None:
            if not item.ops or item.ops[-1].definition.effect not in ("raise", "control"):
                yield item, "the op before it neither raises nor holds Blocks"


def _is_place(slot: Slot, count: int) -> bool:
    return type(slot.index) is int and 0 <= slot.index < count


def _named(value: Value) -> str:
    return repr(value.hint) if value.hint else "a value without a name"


def _shown(item: Op | Block, program: Program) -> Subject:
    return None if item is program.block else item


INVARIANTS: tuple[Callable[[Program], Faults], ...] = (
    each_block_stands_once,
    each_value_has_a_type,
    each_value_is_made_once,
    each_output_knows_its_op,
    each_op_is_in_the_table,
    only_control_ops_have_blocks,
    each_op_but_unpack_and_control_has_at_most_one_output,
    each_use_sees_its_definition,
    templates_name_existing_inputs,
    keywords_are_identifiers,
    parameters_name_existing_inputs,
    each_block_gives_what_its_op_takes,
    an_end_that_is_not_reached_follows_a_raise,
    results_fill_the_result_template,
)
