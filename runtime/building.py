"""Programs that are being built by hand: the builder of each, which of them is the default, and their parameters."""

from __future__ import annotations

import contextlib
import linecache
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from runtime import ir
from runtime.errors import ProgramError
from runtime.ir import Block, Constant, Frame, Op, Slot, Value
from runtime.opdef import OpDef
from runtime.scope import given_state, global_scope
from runtime.tracer import Builder, TracingError, Variable
from runtime.tree import flatten
from runtime.types import ANY, Mismatch, TensorType, fixed_type, is_within, type_of

OWN = (*(str(Path(module).parent) for module in (__file__, np.__file__ or "")), contextlib.__file__)


class Program(ir.Program):
    """A Program that is being built; it can be printed, run and saved at any time."""

    def __init__(self, name: str = "main"):
        super().__init__(name, Block())
        self.builder = ProgramBuilder(self)

    def state_dict(self) -> dict[str, Any]:
        """Its parameters by name, as the current scope holds them: copy them to keep them."""
        return {name: global_scope().value(self, name) for name in self.state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Puts arrays into the current scope for all parameters of the program: for all, or for none.

        Raises KeyError for a name that is missing or unknown, ValueError for another shape.
        """
        own = {name: value.type for name, value in self.state.items()}
        global_scope().update(given_state(f"program {self.name}", own, state))


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
            if definition.check is not None:
                definition.check(*args, **kwargs)
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


def parameter(name: str, shape: Sequence[int], dtype: Any, initial: Any) -> Any:
    """The parameter `name`, an array that a scope keeps between the runs of all programs that have it.

    initial   gives the array to start with, as the start-up program makes it: its ops land there; or an initializer of
              runtime.nn, such as nn.Xavier(seed=1)

    Raises ProgramError where another parameter of that name has another shape or dtype.
    """
    if not (isinstance(name, str) and name):
        raise TypeError(f"a parameter is named by a text, such as 'linear.weight', and not {name!r}")
    type = fixed_type(f"parameter {name!r}", shape, dtype)
    return parameter_of(_defaults.main, name, type, _initial(name, type, initial))


def _initial(name: str, type: TensorType, given: Any) -> Callable[[], Any]:
    """A function that gives the first array of a parameter."""
    if callable(given):
        return given
    stage = getattr(given, "stage", None)
    if stage is None:
        raise TypeError(
            f"parameter {name!r}: initial is an initializer, such as nn.Constant(2.0), or a function that gives the "
            f"first array, such as lambda: static.call(np.zeros, {type.shape}), and not {given!r}"
        )
    return lambda: stage(_defaults.main.builder.emit, type.shape, str(type.dtype), given.own_seed())


def parameter_of(program: Program, name: str, type: TensorType, initial: Callable[[], Any]) -> Variable:
    """The parameter `name` of any program that is being built."""
    startup = _defaults.startup
    for one in (program.state.get(name), startup.sets.get(name)):
        if one is not None and one.type != type:
            raise ProgramError(
                f"parameter {name!r} is {type} here, and {one.type} where it was made first; "
                "parameters of one name are one: give this one another name"
            )
    if name not in startup.sets:
        _start(startup, name, type, initial)
    if name not in program.state:
        program.state[name] = Value(type, name)
        program.block.inputs += (program.state[name],)
    return Variable(program.state[name], program.builder)


def _start(startup: Program, name: str, type: TensorType, initial: Callable[[], Any]) -> None:
    """Has the start-up program make a parameter; a call of it gives all of them by name."""
    with program_guard(startup, startup):
        value = startup.builder.lift(initial()).value
    if not is_within(type, value.type):  # what is known of the value may be less
        raise ProgramError(f"parameter {name!r} is {type}, and starts as {value.type}; make both the same")
    value.hint = value.hint or name
    startup.sets[name] = value
    startup.block.results = tuple(startup.sets.values())
    startup.result = {name: Slot(index) for index, name in enumerate(startup.sets)}
