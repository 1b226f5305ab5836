"""Programs built by hand: the graph's inputs, cond and while_loop are written down, NumPy does the rest.

    main = static.Program("f")
    with static.program_guard(main):
        x = static.data("x", ("n",), "float32")
        y = static.data("y", ("n",), "float32")
        z = static.cond(np.sum(x) > np.sum(y), lambda: x + y, lambda: x - y)
        static.returns(z)
    print(main)
    Executor().run(main, feed={"x": …, "y": …}, fetch_list=[z])

Such a Program is the same thing as one that was traced: it is saved, loaded, printed and run in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from runtime import ops
from runtime.building import (
    Program,
    default_main_program,
    default_startup_program,
    parameter,
    program_guard,
)
from runtime.errors import ProgramError
from runtime.executor import Executor
from runtime.ir import MISSING, Block, Call, Op, Parameter, Slot, Value
from runtime.opdef import TABLE
from runtime.scope import Scope, global_scope, scope_guard
from runtime.tracer import Builder, Variable, builder_of
from runtime.tree import flatten, same_structure, unflatten
from runtime.types import TensorType, array, given_type, join

__all__ = [
    "Executor",
    "Program",
    "Scope",
    "call",
    "cond",
    "constant",
    "data",
    "default_main_program",
    "default_startup_program",
    "global_scope",
    "parameter",
    "program_guard",
    "returns",
    "scope_guard",
    "while_loop",
]

MAX_ROUNDS = 4  # of a loop's types: a dim that changes becomes unknown in one


def data(name: str, shape: Sequence[int | str | None] | None, dtype: Any = "float32") -> Any:
    """A new input of the program, to be fed by `name`: a Variable, which has the operators and attributes of an array.

    shape   ints, names of symbolic dims, or None (or -1) for a dim of any size; shape None is a NumPy scalar
    dtype   a NumPy dtype or its name; with shape None, int, float, bool or complex is a Python number

    Raises ValueError for a name that is no identifier or that another input has, and for what is no shape or dtype
    TypeError or ValueError.
    """
    program = default_main_program()
    if not (isinstance(name, str) and name.isidentifier()):
        raise ValueError(f"an input is named by an identifier, such as 'x', and not {name!r}")
    if any(parameter.name == name for parameter in program.parameters):
        raise ValueError(f"program {program.name} has an input {name!r} already; give this one another name")
    value = Value(_input_type(name, shape, dtype), name)
    program.parameters += (Parameter(name, Slot(len(program.block.inputs)), "positional_or_keyword", MISSING),)
    program.block.inputs += (value,)
    return Variable(value, program.builder)


def _input_type(name: str, shape: Sequence[int | str | None] | None, dtype: Any) -> TensorType:
    """As the user writes it; a dim of any size is named, so that it is told apart from others."""
    given = given_type(repr(name), shape, dtype)
    if not given.shape:
        return given
    return array(given.dtype, tuple(f"{name}_{axis}" if dim is None else dim for axis, dim in enumerate(given.shape)))


def constant(value: Any) -> Any:
    """`value`, an array, number or text, as a value of the program."""
    return default_main_program().builder.lift(value)


def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """`function(*args, **kwargs)` as an op, for functions that take no array: `static.call(np.zeros, n)`.

    Raises TypeError for a function that is neither NumPy's, nor a builtin or of the standard library's `math`.
    """
    name = ops.name_of(function)
    if name is None:
        text = getattr(function, "__qualname__", repr(function))
        raise TypeError(f"static.call: there is no op for {text}; call it as it is, with values of the program")
    return _builder_of(args, kwargs).emit(name, *args, **kwargs)


def _builder_of(*trees: Any) -> Builder:
    """The builder of the first Variable, or that of the default program."""
    return builder_of(trees) or default_main_program().builder


def returns(*results: Any) -> None:
    """Says what a call of the saved and loaded program gives: one value, or a tuple; tuples, lists, dicts of values."""
    program = default_main_program()
    leaves, structure = flatten(results[0] if len(results) == 1 else tuple(results))
    values = [program.builder.lift(leaf).value for leaf in leaves]
    program.block.results = tuple(values)
    program.result = unflatten(structure, [Slot(index) for index in range(len(values))])


# cond


def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any] | None = None) -> Any:
    """What `true_fn()` gives where `pred` is true when the program runs, else what `false_fn()` gives.

    Both give values of the same structure (tuples, lists, dicts), and place by place of the same kind, dtype and rank;
    a dim that differs is not known. Raises ProgramError, which names both places, where they do not.
    """
    builder = _builder_of(pred)
    test = builder.lift(pred)
    _check_truth(builder, "cond: pred", test)
    false_fn = _nothing if false_fn is None else false_fn
    _check_functions("cond", true_fn, false_fn)
    branches = [_trace(builder, function) for function in (true_fn, false_fn)]
    then, orelse = branches
    if not same_structure(then.structure, orelse.structure):
        raise _fault(
            f"cond: true_fn gives {then.structure} and false_fn gives {orelse.structure}",
            "both must give values of the same structure",
            (_line_of(true_fn), _line_of(false_fn)),
        )
    types = []
    for index, (a, b) in enumerate(zip(then.leaves, orelse.leaves)):
        _check_types(f"cond: value {index + 1} of true_fn is {a.type} and that of false_fn is {b.type}", a, b)
        types.append(join(a.type, b.type))
    for branch in branches:
        branch.block.results = tuple(leaf.value for leaf in branch.leaves)
    call = Call((Slot(0),))
    op = Op(TABLE["cond"], (test.value,), call, tuple(types), builder.frame(), (then.block, orelse.block))
    return _outputs(builder, op, then.structure)


def _check_functions(name: str, *functions: Any) -> None:
    for function in functions:
        if not callable(function):
            raise TypeError(f"{name}: functions give its values, such as `lambda: x + 1`, and not {function!r}")


def _check_truth(builder: Builder, what: str, test: Variable) -> None:
    """Raises ProgramError where the shape says that no run can tell whether a value is true."""
    if any(isinstance(dim, int) and dim > 1 for dim in test.type.shape or ()):
        builder.mismatch(f"{what} is {test.type}, and must be one item; write np.any(…) or np.all(…) of it")


def _nothing() -> None:
    return None


class _Traced:
    """A Block that a function has filled, and what it gave."""

    def __init__(self, block: Block, leaves: list[Variable], structure: Any):
        self.block = block
        self.leaves = leaves
        self.structure = structure


def _trace(builder: Builder, function: Callable[..., Any], inputs: Sequence[Value] = (), args: Any = ()) -> _Traced:
    block = Block(tuple(inputs))
    with builder.inside(block):
        leaves, structure = flatten(function(*args))
        return _Traced(block, [builder.lift(leaf) for leaf in leaves], structure)


def _outputs(builder: Builder, op: Op, structure: Any) -> Any:
    builder.append(op)
    return unflatten(structure, [Variable(output, builder) for output in op.outputs])


def _check_types(found: str, a: Variable, b: Variable) -> None:
    """Raises unless two values may stand in one place: kind, dtype and rank are the same, or are not known."""
    for part in ("kind", "dtype", "rank"):
        mine, other = getattr(a.type, part), getattr(b.type, part)
        if mine is not None and other is not None and mine != other:
            raise _fault(found, f"both must be of the same {part}", (_place(a), _place(b)))


def _fault(found: str, expected: str, places: tuple[str, str]) -> ProgramError:
    return ProgramError(f"{found}; {expected}\n    the first is made at {places[0]}\n    the second at {places[1]}")


def _place(variable: Variable) -> str:
    """The user's line that made a value."""
    op, hint = variable.value.op, variable.value.hint
    if op is not None and op.frame is not None:
        return f"{op.frame.file}:{op.frame.line}"
    return f"the input {hint!r}" if hint else "no op: it is a constant"


def _line_of(function: Callable[..., Any]) -> str:
    code = getattr(function, "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else repr(function)


# while_loop


def while_loop(test: Callable[..., Any], body: Callable[..., Any], state: Sequence[Any]) -> Any:
    """The state after the last turn of `while test(*state): state = body(*state)`, as a list or tuple like `state`.

    `body` gives as many values as the state has, of the same structure, kinds, dtypes and ranks; a dim that changes is
    not known. Raises ProgramError, which names both places, where it does not.
    """
    if not isinstance(state, (list, tuple)) or not state:
        raise TypeError(f"while_loop: the state is a list or tuple of at least one value, and not {state!r}")
    _check_functions("while_loop", test, body)
    leaves, structure = flatten(tuple(state))
    builder = _builder_of(state)
    initial = [builder.lift(leaf) for leaf in leaves]
    types = [variable.type for variable in initial]
    for _ in range(MAX_ROUNDS):
        tested, turned = (_loop_block(builder, function, structure, initial, types) for function in (test, body))
        _check_turn(structure, initial, turned, (_line_of(test), _line_of(body)))
        after = [join(a, leaf.type) for a, leaf in zip(types, turned.leaves)]
        if after == types:
            break
        types = after
    tested.block.results = (_truth(builder, tested),)
    turned.block.results = tuple(leaf.value for leaf in turned.leaves)
    values = tuple(variable.value for variable in initial)
    call = Call(tuple(Slot(index) for index in range(len(values))), {"form": "while"})
    op = Op(TABLE["while_loop"], values, call, tuple(types), builder.frame(), (tested.block, turned.block))
    for output, variable in zip(op.outputs, initial):
        output.hint = variable.value.hint
    final = _outputs(builder, op, structure)
    return list(final) if isinstance(state, list) else final


def _loop_block(
    builder: Builder, function: Callable[..., Any], structure: Any, initial: list[Variable], types: list[TensorType]
) -> _Traced:
    inputs = [Value(type, variable.value.hint) for type, variable in zip(types, initial)]
    return _trace(builder, function, inputs, unflatten(structure, [Variable(value, builder) for value in inputs]))


def _check_turn(structure: Any, initial: list[Variable], turned: _Traced, lines: tuple[str, str]) -> None:
    given = turned.structure
    if len(structure) == 1 and same_structure(structure[0], given):
        given = (given,)
    if isinstance(given, list):
        given = tuple(given)
    if not same_structure(structure, given):
        raise _fault(
            f"while_loop: test takes {structure} and body gives {given}",
            "the body must give as many values as it takes, of the same structure",
            lines,
        )
    for index, (a, b) in enumerate(zip(initial, turned.leaves)):
        _check_types(f"while_loop: value {index + 1} of the state is {a.type} and becomes {b.type}", a, b)


def _truth(builder: Builder, tested: _Traced) -> Value:
    if len(tested.leaves) != 1:
        raise ProgramError(f"while_loop: test gives {tested.structure}, and must give one value")
    _check_truth(builder, "while_loop: what test gives", tested.leaves[0])
    return tested.leaves[0].value
