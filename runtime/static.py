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

import contextlib
import linecache
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from runtime import ir, ops
from runtime.errors import ProgramError
from runtime.executor import Executor
from runtime.ir import MISSING, Block, Call, Constant, Frame, Op, Parameter, Slot, Value
from runtime.opdef import TABLE, OpDef
from runtime.scope import Scope, global_scope, scope_guard
from runtime.tracer import Builder, TracingError, Variable, builder_of
from runtime.tree import flatten, same_structure, unflatten
from runtime.types import ANY, Mismatch, TensorType, array, given_type, join, type_of

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

OWN = (*(str(Path(module).parent) for module in (__file__, np.__file__ or "")), contextlib.__file__)
MAX_ROUNDS = 4  # of a loop's types: a dim that changes becomes unknown in one


class Program(ir.Program):
    """A Program that is being built; it can be printed, run and saved at any time."""

    def __init__(self, name: str = "main"):
        super().__init__(name, Block())
        self.builder = ProgramBuilder(self)


class ProgramBuilder(Builder):
    def __init__(self, program: Program):
        super().__init__()
        self.program = program
        self.blocks = [program.block]
        self.sources: dict[str, Any] = {}  # the arrays of layers that parameters were made of
        self.held: dict[int, Variable] = {}  # what stands for such arrays while a converted layer is called

    def frame(self) -> Frame | None:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename.startswith(OWN):
            frame = frame.f_back
        return None if frame is None else Frame(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)

    def resolve(self, value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return self.held.get(id(value), value)
        if isinstance(value, Variable) and value.builder is not self and not isinstance(value.value, Constant):
            owner = getattr(value.builder, "program", None)
            name = f"program {owner.name}" if owner is not None else "another program"
            raise ProgramError(
                f"{value!r} is a value of {name}, and it is used in program {self.program.name}; "
                "make it an input of this one with static.data"
            )
        return value

    def number(self, variable: Variable, purpose: str) -> Any:
        raise TracingError(
            f"{purpose} needs the value of {variable!r}, which is known only when the program runs; "
            "write static.cond or static.while_loop where it decides, or static.call where it is an argument"
        )

    def op(self, definition: OpDef, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Op:
        try:
            return super().op(definition, args, kwargs)
        except Mismatch as fault:
            said, short = str(fault), definition.name.rpartition(".")[2]
            given = [_shown(one) for one in flatten((args, kwargs))[0] if isinstance(one, (Variable, np.ndarray))]
            head = "" if said.startswith(short + ":") else f"{definition.name}: "
            self.mismatch(f"{head}{said}; it is given {', '.join(given)}")
            raise

    def infer(self, definition: OpDef, args: tuple[Any, ...], kwargs: dict[str, Any]) -> TensorType:
        try:
            return definition.rule(*args, **kwargs)
        except Mismatch:
            raise
        except Exception:  # as in OpDef.infer
            return ANY

    def mismatch(self, found: str) -> None:
        """Raises ProgramError with the user's line: here types are checked while the graph is built."""
        frame = self.frame()
        if frame is None:
            raise ProgramError(found)
        line = linecache.getline(frame.file, frame.line).strip()
        raise ProgramError(f"{frame.file}:{frame.line}: {found}\n    {line}")


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array {type_of(value)}"
    return f"{value.value.hint or 'a value'}: {value.type}"


class _Defaults(threading.local):
    """The programs that `data` and the rest build, in this thread."""

    def __init__(self) -> None:
        self.main = Program("main")
        self.startup = Program("startup")


_defaults = _Defaults()


def default_main_program() -> Program:
    """The program that is being built."""
    return _defaults.main


def default_startup_program() -> Program:
    """The program that sets what the main program keeps between its runs."""
    return _defaults.startup


@contextmanager
def program_guard(main: Program, startup: Program | None = None) -> Iterator[None]:
    """What is built within goes to `main`, and its initialisation to `startup`."""
    before = _defaults.main, _defaults.startup
    _defaults.main, _defaults.startup = main, startup or before[1]
    try:
        yield
    finally:
        _defaults.main, _defaults.startup = before


def data(name: str, shape: Sequence[int | str | None] | None, dtype: Any = "float32") -> Any:
    """A new input of the program, to be fed by `name`: a Variable, which has the operators and attributes of an array.

    shape   ints, names of symbolic dims, or None (or -1) for a dim of any size; shape None is a NumPy scalar
    dtype   a NumPy dtype or its name; with shape None, int, float, bool or complex is a Python number

    Raises ValueError for a name that is no identifier or that another input has, and for what is no shape or dtype
    TypeError or ValueError.
    """
    program = _defaults.main
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
    return _defaults.main.builder.lift(value)


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
    return builder_of(trees) or _defaults.main.builder


def parameter(name: str, shape: Sequence[int], dtype: Any, initial: Callable[[], Any]) -> Any:
    """The parameter `name`, an array that a scope keeps between the runs of all programs that have it.

    initial   gives the array to start with, as the start-up program makes it: its ops land there

    Raises ProgramError where another parameter of that name has another shape or dtype.
    """
    return parameter_of(_defaults.main, name, shape, dtype, initial)


def parameter_of(program: Program, name: str, shape: Sequence[int], dtype: Any, initial: Callable[[], Any]) -> Variable:
    """The parameter `name` of any program that is being built."""
    type = array(dtype, tuple(shape))
    startup = _defaults.startup
    for one in (program.state.get(name), startup.sets.get(name)):
        if one is not None and one.type != type:
            raise ProgramError(
                f"parameter {name!r} is {type} here, and {one.type} where it was made first; "
                "parameters of one name are one: give this one another name"
            )
    if name not in program.state:
        program.state[name] = Value(type, name)
        program.block.inputs += (program.state[name],)
    if name not in startup.sets:
        _start(startup, name, initial)
    return Variable(program.state[name], program.builder)


def _start(startup: Program, name: str, initial: Callable[[], Any]) -> None:
    """Has the start-up program make a parameter; a call of it gives all of them by name."""
    before, _defaults.main = _defaults.main, startup
    try:
        value = startup.builder.lift(initial()).value
    finally:
        _defaults.main = before
    value.hint = value.hint or name
    startup.sets[name] = value
    startup.block.results = tuple(startup.sets.values())
    startup.result = {name: Slot(index) for index, name in enumerate(startup.sets)}


def returns(*results: Any) -> None:
    """Says what a call of the saved and loaded program gives: one value, or a tuple; tuples, lists, dicts of values."""
    program = _defaults.main
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
    tested.block.results = (_truth(tested),)
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


def _truth(tested: _Traced) -> Value:
    if len(tested.leaves) != 1:
        raise ProgramError(f"while_loop: test gives {tested.structure}, and must give one value")
    return tested.leaves[0].value
