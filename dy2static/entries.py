"""A function and arguments in, an Entry out: the program that was traced of them, and the check that leads to it."""

from __future__ import annotations

import functools
import inspect
import linecache
import threading
import warnings
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import count
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from dy2static import disk
from dy2static import instantiate as converter
from dy2static.calls import call
from dy2static.errors import ConversionError, Location
from dy2static.faults import conversion_error, reached
from dy2static.history import History
from dy2static.instantiate import instantiate
from dy2static.lines import run
from dy2static.local_classes import check_special_methods
from dy2static.places import Guard, Place, root_argument
from dy2static.progress import Progress
from dy2static.python_calls import UNDER_ERRSTATE
from dy2static.regions import CannotStage, emit_raise
from dy2static.results import result_template
from dy2static.retrace import Reasons
from dy2static.signals import Assumptions, Diverged, HoldsItself, Refused, Restart, Signal
from dy2static.signature import MISS, check
from dy2static.source import deep_recursion
from dy2static.trace import Trace
from runtime import executor
from runtime.errors import ProgramError
from runtime.ir import MISSING, Parameter, Program, Slot
from runtime.tracer import TracingError, Variable, tracing
from runtime.types import NUMBERS
from runtime.verifier import verify

if TYPE_CHECKING:
    from dy2static.debugging import Debugger
    from dy2static.recorder import Recorder

MAX_ATTEMPTS = 200
TRACING = threading.RLock()  # one thread traces at a time


_numbers = count(1)


@dataclass(eq=False, repr=False, slots=True)
class Entry:
    """A traced program and the check that leads to it. It keeps none of the arguments that it was traced with.

    call        runs the program for arguments that fit, and else gives MISS
    constants   the numbers that are part of it; `reasons` say why
    number      of all Entries, in the order of their making
    tracer      refers to the Uses of the function, or method bound to an object, whose call it was made for
    """

    program: Program
    inputs: tuple[Place, ...]
    call: Callable[..., Any]
    constants: dict[Place, Any]
    recorder: Recorder | None
    specs: dict[Place, Any]
    guards: list[Guard]
    reasons: Reasons
    number: int = field(default_factory=_numbers.__next__)
    tracer: Callable[[], Any] = lambda: None

    def fits(self, bound: inspect.BoundArguments) -> bool:
        """Whether a call with these arguments would run this program."""
        matches = check(bound.signature, self.program.name, self.guards, (), lambda: True)
        return matches(*bound.args, **bound.kwargs) is not MISS


@dataclass(frozen=True)
class Options:
    """How a function is run; see `to_static`.

    debugger  runs programs op by op, where there is one
    is_off    DY2STATIC=0: calls run the function as it is
    """

    debugger: Debugger | None = None
    is_off: bool = False
    cache: bool = True
    optimize: bool | None = None


class EntryMaker:
    """Traces one function.

    history   what is known of containers that change from call to call
    dynamic   numbers outside of the arguments that have changed between calls: they are inputs
    cache     whether converted code is kept on disk
    """

    def __init__(self, function: FunctionType, signature: inspect.Signature, options: Options):
        self.function = function
        self.signature = signature
        self.options = options
        self.history = History()
        self.dynamic: set[Place] = set()

    def forget(self) -> None:
        """Takes the next calls as if they were the first."""
        self.history = History()
        self.dynamic = set()

    def trace(
        self, bound: inspect.BoundArguments, specs: dict[Place, Any] | None = None, is_recorded: bool = False
    ) -> Entry:
        with TRACING, deep_recursion(), disk.switched(self.options.cache):
            assumptions = Assumptions(
                dynamic=set(self.dynamic), changing=self.history.changing(), progress=Progress(self.function.__name__)
            )
            for _ in range(MAX_ATTEMPTS):
                assumptions.attempts += 1
                trace = Trace(assumptions, converter)
                trace.spec_dims = specs or {}
                try:
                    return self._attempt(trace, bound, self._recorder(trace, is_recorded))
                except Restart:
                    continue
                except ConversionError:
                    assumptions = self._with_less(trace)
            raise ConversionError(
                f"tracing {self.function.__name__}() was started {MAX_ATTEMPTS} times without an end",
                "look for a value that changes with every call, and pass it as an argument",
            )

    def _with_less(self, trace: Trace) -> Assumptions:
        """What to start with after a refusal: what was chosen freely is taken back. Called where an error is handled,
        which is raised again if there is nothing left."""
        known = trace.assumptions
        if not (known.resumed or trace.guessed):
            raise
        made = Assumptions(dynamic=set(self.dynamic), resuming=known.resuming and not known.resumed)
        if known.resumed:
            made.changing, made.guessing = known.changing, known.guessing
        else:
            made.guessing = False
        made.progress = known.progress
        return made

    def _recorder(self, trace: Trace, is_recorded: bool) -> Recorder | None:
        if not is_recorded and self.options.debugger is None:
            return None
        from dy2static.recorder import Recorder

        return Recorder(trace)

    def _attempt(self, trace: Trace, bound: inspect.BoundArguments, recorder: Recorder | None) -> Entry:
        is_decorated = self.function.__code__ is UNDER_ERRSTATE
        converted = functools.partial(call, self.function) if is_decorated else instantiate(self.function)
        try:
            arguments, parameters = self._arguments(trace, bound)
        except HoldsItself as error:
            reason = f"an argument of {self.function.__name__}() contains itself"
            raise self._located(ConversionError(reason, error.cure)) from None
        except TracingError as error:
            raise self._located(conversion_error(error)) from error
        except ConversionError as error:
            raise self._located(error)
        with tracing(trace), recorder or nullcontext():
            try:
                with _no_warning_is_lost(trace):
                    result = run(lambda: converted(*arguments.args, **arguments.kwargs))
            except Diverged:
                return self._finish(trace, parameters, None, False, recorder)
            except Restart:
                raise
            except Signal as signal:
                raise conversion_error(TracingError(f"tracing was left by {type(signal).__name__}")) from signal
            except ConversionError as error:
                raise reached(error)
            except Exception as error:
                if isinstance(error, (TracingError, CannotStage)) or not trace.is_genuine(error):
                    raise conversion_error(error) from error
                emit_raise(trace, error)
                return self._finish(trace, parameters, None, False, recorder)
            try:
                with trace.ending(converted):
                    return self._finish(trace, parameters, result, True, recorder)
            except (TracingError, CannotStage) as error:
                text = f"what {self.function.__name__}() returns: {error}"
                said = Refused(text, error.cure) if isinstance(error, Refused) else TracingError(text)
                raise self._located(conversion_error(said)) from error

    def _located(self, error: ConversionError) -> ConversionError:
        """An error about arguments or results stands at the function's first line."""
        code = self.function.__code__
        line = linecache.getline(code.co_filename, code.co_firstlineno).rstrip("\n")
        error.location = error.location or Location(code.co_filename, code.co_firstlineno, 0, line)
        return error

    def _arguments(
        self, trace: Trace, bound: inspect.BoundArguments
    ) -> tuple[inspect.BoundArguments, tuple[Parameter, ...]]:
        """The arguments as tracing sees them, and how a call's arguments become the program's inputs."""
        given, parameters = dict(bound.arguments), []
        trace.arguments = dict(bound.arguments)
        for name, parameter in self.signature.parameters.items():
            before = len(trace.inputs)
            place = root_argument(name)
            check_argument(given[name], name)
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                trace.spread.add(place)
            given[name] = trace.admit(given[name], place)
            template = _template(trace, given[name], before, place)
            default = MISSING if parameter.default is parameter.empty else parameter.default
            parameters.append(Parameter(name, template, parameter.kind.name.lower(), default))
        made = inspect.BoundArguments(self.signature, given)
        return made, tuple(parameters)

    def _finish(
        self,
        trace: Trace,
        parameters: tuple[Parameter, ...],
        result: Any,
        reached: bool,
        recorder: Recorder | None,
    ) -> Entry:
        for cls in trace.assumptions.classes:
            check_special_methods(cls)  # names around a class may have been set since
        block = trace.blocks[0]
        if reached:
            template, values = result_template(trace, result)
            block.results = tuple(variable.value for variable in values)
        else:
            template, block.results = None, None
        program = Program(self.function.__name__, block, parameters, template)
        trace.assumptions.progress.step("tracing", "its program is checked and written")
        check_program(program)
        run = (
            executor.build(program, optimize=self.options.optimize)
            if self.options.debugger is None
            else self._runner(program, recorder)
        )
        guards = list(trace.guards)
        constants = {guard.place: guard.value for guard in guards
                     if guard.kind == "equal" and isinstance(guard.value, (*NUMBERS, np.generic))
                     and guard.place not in trace.assumptions.numbers}  # fmt: skip
        call = check(self.signature, self.function.__qualname__, guards, trace.inputs, run)
        return Entry(
            program, tuple(trace.inputs), call, constants, recorder, trace.spec_dims, guards, trace.assumptions.reasons
        )

    def _runner(self, program: Program, recorder: Recorder | None) -> Callable[..., Any]:
        if self.options.debugger is None:
            return executor.build(program, optimize=self.options.optimize)
        assert recorder is not None
        return self.options.debugger.runner(program, recorder, self.function)


def check_program(program: Program) -> None:
    """Verifies a program that was traced. What does not hold is a fault of the converter, and is refused."""
    try:
        verify(program)
    except ProgramError as fault:
        raise ConversionError(
            f"{program.name}() cannot be converted: tracing it gave a program that does not hold: {fault}",
            "give names that a branch or loop sets a value before it, and report this function",
        ) from fault


def check_argument(value: Any, name: str) -> None:
    if inspect.isgenerator(value) or inspect.iscoroutine(value) or hasattr(value, "__next__"):
        raise ConversionError(
            f"argument {name!r} is a {type(value).__name__}, which can be read only once", "pass a list or an array"
        )


def _template(trace: Trace, value: Any, before: int, place: Place) -> Any:
    """How an argument is made of the program's inputs; what is not an input is a constant."""
    if isinstance(value, Variable):
        return Slot(trace.blocks[0].inputs.index(value.value))
    if type(value) in (tuple, list):
        return type(value)(_template(trace, item, before, place) for item in value)
    if type(value) is dict:
        return {key: _template(trace, item, before, place) for key, item in value.items()}
    return value


@contextmanager
def _no_warning_is_lost(trace: Trace) -> Any:
    """What NumPy warns of while tracing, each call of the function has to: then its scalars are no constants."""
    with np.errstate(all="warn"), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    if not trace.assumptions.scalars and any(issubclass(one.category, RuntimeWarning) for one in caught):
        trace.assumptions.scalars = True
        raise Restart
    for one in caught:
        warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
