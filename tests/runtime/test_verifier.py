"""Each invariant of a Program: sound programs pass, and each way to break it is shown under its line."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from dy2static import to_static
from runtime.errors import Dy2StaticError, ProgramError
from runtime.ir import Block, Call, Constant, Op, Program, Slot, Value
from runtime.verifier import INVARIANTS, verify
from tests.runtime.by_hand import INT, PROGRAMS, X, chain, const, long, nested


def first(program: Program) -> Op:
    return program.block.ops[0]


def last(program: Program) -> Op:
    return program.block.ops[-1]


def share_a_block(program: Program) -> None:
    last(program).blocks = (last(program).blocks[0],) * 2


def hold_its_own_block(program: Program) -> None:
    last(program).blocks = (program.block, last(program).blocks[1])


def make_a_value_twice(program: Program) -> None:
    inner = last(program).blocks[0].ops[0]
    inner.outputs = first(program).outputs


def take_one_input_twice(program: Program) -> None:
    program.block.inputs = (program.block.inputs[0],) * 2


def make_a_constant(program: Program) -> None:
    program.block.inputs += (const(1),)


def claim_another_output(program: Program) -> None:
    first(program).outputs[0].op = last(program)


def give_a_value_a_text_for_a_type(program: Program) -> None:
    first(program).outputs[0].type = "float32"  # type: ignore[assignment]


def rename_a_row(program: Program) -> None:
    first(program).definition = replace(first(program).definition, name="greatest")


def change_a_row(program: Program) -> None:
    first(program).definition = replace(first(program).definition, version=99)


def use_what_is_made_later(program: Program) -> None:
    program.block.ops.reverse()


def use_what_a_branch_made(program: Program) -> None:
    program.block.results = last(program).blocks[0].results


def use_what_the_other_branch_made(program: Program) -> None:
    then, orelse = last(program).blocks
    orelse.results = then.results


def use_what_nothing_made(program: Program) -> None:
    first(program).inputs = (Value(X, "ghost"), first(program).inputs[1])


def name_an_input_too_many(program: Program) -> None:
    first(program).call = Call((Slot(0), {"k": [slice(Slot(7))]}))


def name_an_input_below_zero(program: Program) -> None:
    first(program).call = Call((Slot(-1),))


def use_a_keyword_that_is_code(program: Program) -> None:
    first(program).call = Call((Slot(0), Slot(1)), {"a=print(1), b": 2})


def name_a_parameter_by_code(program: Program) -> None:
    program.parameters = (replace(program.parameters[0], name="a=print(1)"), *program.parameters[1:])


def take_a_parameter_from_no_input(program: Program) -> None:
    program.parameters = (replace(program.parameters[0], template=(Slot(2),)), *program.parameters[1:])


def take_two_parameters_of_one_name(program: Program) -> None:
    program.parameters = program.parameters[:1] * 2


def take_a_parameter_of_no_kind(program: Program) -> None:
    program.parameters = (replace(program.parameters[0], kind="optional"), *program.parameters[1:])


def give_blocks_to_an_op(program: Program) -> None:
    first(program).blocks = (Block(),)


def give_an_op_two_outputs(program: Program) -> None:
    op = first(program)
    op.outputs += (Value(X, "more", op),)


def leave_out_the_else(program: Program) -> None:
    last(program).blocks = last(program).blocks[:1]


def leave_out_the_condition(program: Program) -> None:
    last(program).inputs, last(program).call = (), Call()


def give_a_branch_an_input(program: Program) -> None:
    last(program).blocks[1].inputs = (Value(X, "x"),)


def give_too_few_from_a_branch(program: Program) -> None:
    last(program).blocks[1].results = ()


def reach_no_end_without_raising(program: Program) -> None:
    last(program).blocks[1].results = None


def give_no_place_to_a_result(program: Program) -> None:
    program.result = {"z": 1}


def give_a_place_without_a_result(program: Program) -> None:
    program.result = (Slot(0), Slot(1))


def loop_in_no_form(program: Program) -> None:
    last(program).call = replace(last(program).call, kwargs={})


def loop_without_a_body(program: Program) -> None:
    last(program).blocks = last(program).blocks[:1]


def loop_as_for_over_the_state(program: Program) -> None:
    last(program).call = replace(last(program).call, kwargs={"form": "for"})


def loop_with_state_that_is_lost(program: Program) -> None:
    body = last(program).blocks[1]
    assert body.results is not None
    body.results = body.results[:1]


def loop_with_a_test_of_two(program: Program) -> None:
    test = last(program).blocks[0]
    assert test.results is not None
    test.results = test.results * 2


def loop_with_a_body_that_takes_more(program: Program) -> None:
    last(program).blocks[1].inputs += (Value(INT, "third"),)


FAULTS: list[tuple[str, Callable[[Program], None], str, str]] = [
    ("ternary", share_a_block, "each block stands once", "z: float32[n] = cond(c)"),
    ("ternary", hold_its_own_block, "each block stands once", "z: float32[n] = cond(c)"),
    ("ternary", make_a_value_twice, "each value is made once", "c: bool[n] = add(x, y)"),
    ("ternary", take_one_input_twice, "each value is made once", "program f(x: float32[n], x: float32[n]) {"),
    ("ternary", make_a_constant, "each value is made once", "program f(x: float32[n], y: float32[n], 1: int) {"),
    ("ternary", claim_another_output, "each output knows its op", "c: bool[n] = greater(x, y)"),
    ("ternary", give_a_value_a_text_for_a_type, "each value has a type", "c: float32 = greater(x, y)"),
    ("ternary", rename_a_row, "each op is in the table", "c: bool[n] = greatest(x, y)"),
    ("ternary", change_a_row, "each op is in the table", "c: bool[n] = greater(x, y)"),
    ("ternary", use_what_is_made_later, "each use sees its definition", "z: float32[n] = cond(c)"),
    ("ternary", use_what_a_branch_made, "each use sees its definition", "return v1"),
    ("ternary", use_what_the_other_branch_made, "each use sees its definition", "return v1"),
    ("ternary", use_what_nothing_made, "each use sees its definition", "= greater(<ghost, made nowhere>, y)"),
    ("ternary", name_an_input_too_many, "templates name existing inputs", "{'k': [slice(None, <no input 7>, None)]})"),
    ("ternary", name_an_input_below_zero, "templates name existing inputs", "greater(<no input -1>)"),
    ("ternary", use_a_keyword_that_is_code, "keywords are identifiers", "greater(x, y, a=print(1), b=2)"),
    ("ternary", name_a_parameter_by_code, "keywords are identifiers", "program f(x: float32[n], y: float32[n]) {"),
    ("ternary", take_a_parameter_from_no_input, "parameters name existing inputs", "program f("),
    ("ternary", take_two_parameters_of_one_name, "parameters name existing inputs", "program f("),
    ("ternary", take_a_parameter_of_no_kind, "parameters name existing inputs", "program f("),
    ("ternary", give_blocks_to_an_op, "only control ops have blocks", "c: bool[n] = greater(x, y)"),
    ("ternary", give_an_op_two_outputs, "each op but unpack and control", "c: bool[n], more: float32[n] = "),
    ("ternary", leave_out_the_else, "each block gives what its op takes", "z: float32[n] = cond(c)"),
    ("ternary", leave_out_the_condition, "each block gives what its op takes", "z: float32[n] = cond()"),
    ("ternary", give_a_branch_an_input, "each block gives what its op takes", "z: float32[n] = cond(c)"),
    ("ternary", give_too_few_from_a_branch, "each block gives what its op takes", "z: float32[n] = cond(c)"),
    ("ternary", reach_no_end_without_raising, "an end that is not reached follows a raise", "unreachable"),
    ("ternary", give_no_place_to_a_result, "results fill the result template", "return {'z': 1}"),
    ("ternary", give_a_place_without_a_result, "results fill the result template", "return (z, <no input 1>)"),
    ("counters", loop_in_no_form, "each block gives what its op takes", "= while_loop("),
    ("counters", loop_without_a_body, "each block gives what its op takes", "= while_loop("),
    ("counters", loop_as_for_over_the_state, "each block gives what its op takes", "= while_loop("),
    ("counters", loop_with_state_that_is_lost, "each block gives what its op takes", "= while_loop("),
    ("counters", loop_with_a_test_of_two, "each block gives what its op takes", "= while_loop("),
    ("counters", loop_with_a_body_that_takes_more, "each block gives what its op takes", "= while_loop("),
]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_sound_program_passes(name: str) -> None:
    program = PROGRAMS[name]()
    assert verify(program) is program


@pytest.mark.parametrize("name, spoil, sentence, line", FAULTS, ids=[spoil.__name__ for _, spoil, _, _ in FAULTS])
def test_a_fault_is_shown_under_its_line(name: str, spoil: Callable[[Program], None], sentence: str, line: str) -> None:
    program = PROGRAMS[name]()
    spoil(program)
    with pytest.raises(ProgramError) as caught:
        verify(program)
    lines = str(caught.value).splitlines()
    caret = next(place for place, text in enumerate(lines) if text.lstrip().startswith("^"))
    assert lines[0].startswith(f"verifying program {program.name}") and sentence in lines[0]
    assert line in lines[caret - 1]
    assert lines[caret].index("^") == len(lines[caret - 1]) - len(lines[caret - 1].lstrip())
    assert len(lines) == caret + 2, "the last line says what to do"


def test_every_invariant_is_broken_by_some_test() -> None:
    tested = {sentence for _, _, sentence, _ in FAULTS}
    for invariant in INVARIANTS:
        assert any(invariant.__name__.replace("_", " ").startswith(sentence) for sentence in tested), invariant.__name__


def test_a_fault_names_the_users_line() -> None:
    program = PROGRAMS["ternary"]()
    use_what_nothing_made(program)
    with pytest.raises(ProgramError, match="f.py:6"):
        verify(program)


def test_a_program_built_by_hand_needs_no_parameters_and_no_template() -> None:
    x = Value(X, "x")
    block = Block((x,))
    block.results = (x, const(np.ones(2)))
    verify(Program("f", block))


def test_a_program_that_always_raises_has_no_results() -> None:
    program = chain(2)
    (branch,) = program.block.ops[-1].blocks[-1:]
    program.block.ops[:] = branch.ops
    program.block.results, program.result = None, None
    verify(program)


def test_a_constant_is_seen_everywhere() -> None:
    program = PROGRAMS["ternary"]()
    constant = const(np.ones(2), "w")
    for block in program.block.ops[-1].blocks:
        block.results = (constant,)
    verify(program)
    assert isinstance(constant, Constant)


@pytest.mark.parametrize("program", [nested(1500), chain(1500), long(5000)], ids=["nested", "chain", "long"])
def test_large_programs_pass(program: Program) -> None:
    verify(program)


def test_the_error_is_a_value_error_and_ours() -> None:
    assert issubclass(ProgramError, ValueError) and issubclass(ProgramError, Dy2StaticError)


@pytest.mark.parametrize("cache", [{"maxsize": "8", "typed": False}, {"maxsize": None}, "0)\nimport os\n(", None])
def test_the_cache_of_a_function_is_what_lru_cache_takes(cache: object) -> None:
    def f(n: int) -> int:
        @functools.cache
        def fib(k: int) -> int:
            return k if k < 2 else fib(k - 1) + fib(k - 2)

        return fib(n)

    program = to_static(f).program(3)
    defined = next(op for op in program.block.ops if op.definition.name == "define")
    assert defined.call.kwargs["cache"] == {"maxsize": None, "typed": False}
    defined.call.kwargs["cache"] = cache
    if cache is None:
        assert verify(program) is program
        return
    with pytest.raises(ProgramError, match="cache"):
        verify(program)
