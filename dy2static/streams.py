"""What a generator function gives while tracing: nothing of it runs until someone takes its items.

    for item in pairs(x): BODY     its own loops are staged, with BODY where it yields
    list(pairs(x))                 the same, with BODY an append
    next(g)                        Python runs it item by item, and stages what lies between two of them
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import FunctionType, GeneratorType
from typing import Any

from dy2static import lazy_forms
from dy2static.generators import GIVE
from dy2static.objects import Inner
from dy2static.regions import CannotStage
from dy2static.signals import Restart
from dy2static.slots import Slot
from dy2static.stopping import running
from dy2static.trace import Trace
from runtime.ir import Frame
from runtime.tracer import TracingError, Variable

MAX_DEPTH = 40


class Giver:
    """What a generator's giving forms call with each item; it says whether to end."""

    __slots__ = ("trace", "body", "start", "outside")

    def __init__(self, trace: Trace, body: Callable[..., Any]):
        self.trace = trace
        self.body = body
        self.start = trace.starts[-1]
        self.outside = trace.running

    def give(self, *args: Any) -> Any:
        trace = self.trace
        running = trace.running
        trace.running = self.outside  # the body is not the generator's
        try:
            with trace.started(self.start):
                return self.body(*args)
        except StopIteration as error:
            trace.passing.setdefault(id(error), self.outside)
            raise
        finally:
            trace.running = running


@dataclass(eq=False, repr=False)
class Forms:
    """The forms and traits of a generator function; see `traits` of generators."""

    each: Callable[..., Any]
    until: Callable[..., Any]
    stepped: Callable[..., Any]
    resumed: Callable[..., Any] | None
    steps: bool
    loops: bool
    once: bool
    cleans: bool
    resumes: bool


class Generator(Inner):
    """A generator that was made and not yet read to its end.

    value     of `zip` and the like: gives the Variable that holds all items
    each      of the same: gives the Variable that gives them one by one
    iterator  runs it item by item, once that was asked for
    parts     of one that is left and read on: functions that run on to its next item, give that, and close it
    cls       the class of what it stands for
    is_gone_through  a loop goes through what it holds
    is_lazy   a library's, that ends where a function that it calls raises StopIteration
    is_plain  a library's, that calls nothing back: the program can have the iterator itself
    """

    def __init__(
        self, trace: Trace, name: str, forms: Callable[[], Forms], args: tuple[Any, ...], kwargs: dict[str, Any]
    ):
        self.trace = trace
        self.name = name.rstrip("_")
        self.forms = forms
        self.args = args
        self.kwargs = kwargs
        self.depth = trace.depth
        self.key = (name, *places(trace.frame()))
        self.value: Callable[[], Variable] | None = None
        self.each: Callable[[], Variable] | None = None
        self.python: Callable[..., Any] | None = None
        self.iterator: Any = None
        self.cls: type = GeneratorType
        self.is_lazy = False
        self.is_plain = False
        self.is_gone_through = False
        self.parts: Any = None
        self.state: Any = "new"
        self._slot = Slot((id(self), "state"), lambda: self.state, partial(setattr, self, "state"), self, self.depth)

    def __str__(self) -> str:
        return f"the generator {self.name}()"

    def lifted(self, trace: Any) -> Variable:
        if self.value is not None:
            return self.iterated()
        self._take_as_it_is()
        return super().lifted(trace)

    @property
    def is_fresh(self) -> bool:
        """Whether its first item can be taken as if it was the only one that is asked for."""
        known = self._is("new") and self.iterator is None and self.parts is None and self.depth == self.trace.depth
        return known and self.key not in self.trace.assumptions.stepped

    def _is(self, state: str) -> bool:
        return isinstance(self.state, str) and self.state == state

    def peek(self) -> None:
        """Notes that only its first item was taken."""
        self.trace.write(self._slot, "peeked")

    def _check_peek(self) -> None:
        if self._is("peeked"):
            self._resume()
            self.trace.assumptions.stepped.add(self.key)
            raise Restart

    def check_is_waiting(self) -> None:
        """Raises the ValueError for a generator that reads itself."""
        if not self.is_lazy and any(one is self for one in self.trace.running):
            raise self.trace.own(ValueError("generator already executing"))

    def begin(self, ends: bool) -> bool:
        """Whether there is something to take for one who takes all, or who may stop where `ends` is false."""
        self.check_is_waiting()
        self._check_peek()
        if self.is_gone_through:
            self._resume()
            raise TracingError(f"{self.name}() is read inside of a loop that goes through it: make a list of it")
        if isinstance(self.state, Variable):
            self._take_as_it_is()
            self._resume()
            raise CannotStage(f"{self.name}() is read inside it, and was started outside of it")
        if self.state == "left" or self.iterator is not None:
            self._take_as_it_is()
            self._resume()
            raise TracingError(f"{self.name}() was left by a break, and what it would give after that is not known")
        before = self.state
        self.trace.write(self._slot, "ended" if ends else "left")
        return before == "new"

    def close(self) -> None:
        self.check_is_waiting()
        if self.depth != self.trace.depth:
            self._resume()
        if self.parts is not None:
            self.trace.call(self.parts[2], (), {})
            return
        if self.iterator is not None:
            self.iterator.close()
        self.trace.write(self._slot, "ended")

    def _check_place(self) -> None:
        if self.depth != self.trace.depth:
            self._take_as_it_is()
            self._resume()
            raise CannotStage(f"{self.name}() is read inside it, and was started outside of it")

    def _take_as_it_is(self) -> None:
        if self.is_plain:
            self.trace.assumptions.iterated.add(self.key)
            raise Restart

    def _resume(self) -> None:
        """Starts the trace again, with this generator as one that can be left and read on."""
        is_possible = self.trace.assumptions.resuming and self.parts is None
        if is_possible and (self.value is not None or self.forms().resumes):
            self.trace.assumptions.resumed.add(self.key)
            self.trace.assumptions.loops.clear()  # loops that could not be staged around this one may be so now
            raise Restart

    def rest(self, ends: bool) -> Any:
        """Of a generator that holds all items: what there is to take, as a Variable."""
        return self._taken(ends, self.value)()

    def one_by_one(self, ends: bool) -> Callable[[], Any]:
        """The same for one who may change what it goes through; called where the items are to be taken."""
        return self._taken(ends, self.each)

    def _taken(self, ends: bool, take: Callable[[], Variable] | None) -> Callable[[], Any]:
        if self.iterator is not None:
            self._check_place()
            return lambda: self.iterator
        return take if self.begin(ends) and take is not None else partial(self.trace.lift, ())

    def in_python(self, items: Callable[[Any], Any]) -> Any:
        """The same iterator over what `items` gives for each argument."""
        if self.iterator is not None or self.python is None:
            return items(self.iterator if self.iterator is not None else self.trace.lift(()))
        return self.python(*map(items, self.args), **self.kwargs)

    def iterated(self) -> Any:
        """The iterator of the program that gives what is left."""
        if self.iterator is None:
            self._check_place()
            self.iterator = self.trace.emit("iter", self.one_by_one(True)())
        return self.iterator

    @contextmanager
    def gone_through(self) -> Iterator[None]:
        """While a loop goes through it. Whoever reads it inside of that loop reads what the loop would get."""
        before, self.is_gone_through = self.is_gone_through, True
        try:
            yield
        finally:
            self.is_gone_through = before

    def push(self, giver: Giver, stops: bool, managed: bool = False) -> None:
        """Runs it to its end, with each item given."""
        forms = self.forms()
        if not managed and not forms.loops:
            raise TracingError(f"{self.name}() yields inside of a try that has handlers: it cannot be taken apart")
        run = forms.until if stops else forms.each
        if self.trace.pushes[self.name] > MAX_DEPTH:
            raise TracingError(f"{self.name}() calls itself to a depth that is known only when the program runs")
        self.trace.pushes[self.name] += 1
        with self.trace.started(self.trace.depth), running(self.trace, self):
            run(*self.args, **self.kwargs, **{GIVE: giver})
        self.trace.pushes[self.name] -= 1

    def steps(self, for_send: bool = False) -> Iterator[Any]:
        """The generator that Python runs; from now on its items are taken from there."""
        self.check_is_waiting()
        if self.parts is not None:
            raise TracingError(f"{self.name}() is left and read on, and besides sent values or read step by step")
        if not for_send:
            self._resume()
        self._check_place()
        self._check_peek()
        if self.iterator is None:
            if self.state != "ended":
                self.begin(True)
                self.state = "new"
            forms = self.forms()
            if not forms.steps:
                raise TracingError(f"{self.name}() has a try, with or match: only a loop or list() can take its items")
            made = Steps(self, forms.stepped(*self.args, **self.kwargs))
            self.iterator = made if self.state == "new" else iter(())
        return self.iterator


class Steps:
    """A generator that Python runs item by item."""

    def __init__(self, generator: Generator, steps: Any):
        self.generator = generator
        self.steps = steps

    def __iter__(self) -> Steps:
        return self

    def __next__(self) -> Any:
        return self._run(self.steps.__next__)

    def send(self, value: Any) -> Any:
        return self._run(self.steps.send, value)

    def throw(self, *error: Any) -> Any:
        return self._run(self.steps.throw, *error)

    def close(self) -> None:
        self._run(self.steps.close)

    def _run(self, function: Callable[..., Any], *args: Any) -> Any:
        trace = self.generator.trace
        before = trace.running
        trace.running = (*before, self.generator)
        try:
            return function(*args)
        except RuntimeError as error:
            if isinstance(error.__cause__, StopIteration) and trace.is_genuine(error.__cause__):
                trace.own(error)
            raise
        finally:
            trace.running = before


def places(frame: Frame | None) -> Iterator[tuple[str, int]]:
    while frame is not None:
        yield frame.file, frame.line
        frame = frame.caller


class Manager(Inner):
    """A context manager made of a generator function by contextlib.contextmanager."""

    def __init__(self, generator: Generator):
        self.generator = generator


def start(trace: Trace, function: FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Generator:
    """The generator that calling a generator function gives."""
    inner = getattr(function, "__dy2static_forms__", None)
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError as error:
        raise trace.own(error)
    if inner is not None:
        bound.apply_defaults()

    def forms() -> Forms:
        if inner is not None:
            return inner
        each, until, steps = (trace.instantiate(function, form) for form in ("each", "until", "steps"))
        return Forms(each, until, steps, None, *trace.traits(function))

    made = Generator(trace, function.__name__, forms, bound.args, bound.kwargs)
    made.is_lazy = function.__module__ == lazy_forms.__name__ and function is not lazy_forms.selected
    if made.key in trace.assumptions.resumed:
        run = trace.instantiate(function, "resumed") if inner is None else inner.resumed
        with trace.started(trace.depth):
            resume, *rest = run(*bound.args, **bound.kwargs)
        made.parts = (resumed_by(made, resume), *rest)
    return made


def resumed_by(generator: Generator, resume: Callable[..., Any]) -> Callable[..., Any]:
    def run_on() -> Any:
        with running(generator.trace, generator):
            return generator.trace.call(resume, (), {})

    run_on.__dy2static_inline__ = True  # type: ignore[attr-defined]
    return run_on


def holding(
    trace: Trace,
    function: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    value: Callable[[], Variable],
    each: Callable[[], Variable] | None = None,
) -> Generator | Variable:
    """What `zip` and the like give for staged values: the items are taken once, all or one by one, as they are then."""
    name = function.__name__

    def forms() -> Forms:
        raise TracingError(f"{name}() of staged values cannot be taken apart")

    made = Generator(trace, name, forms, args, kwargs)
    as_made_by(function, made)
    made.value = value
    made.each = each or (lambda: trace.emit(f"each_{name}", *map(trace.resolve, args), **kwargs))
    made.python = function if each is None else None
    if made.key in trace.assumptions.resumed:
        return trace.emit("iter", made.each())
    return made


def generator(
    each: Callable[..., Any], until: Callable[..., Any], resumed: Callable[..., Any] | None, *traits: bool
) -> Callable[[FunctionType], FunctionType]:
    """Decorates a generator function of converted code, whose other forms are given."""

    def decorate(function: FunctionType) -> FunctionType:
        function.__dy2static_forms__ = Forms(each, until, function, resumed, *traits)  # type: ignore[attr-defined]
        return function

    return decorate


def as_made_by(function: Any, made: Any) -> Any:
    """What stands for the iterator that a class of Python's makes, as `zip` or `map`, is one of that class."""
    if isinstance(made, Generator) and isinstance(function, type):
        made.cls = function
    return made


def is_generator(value: Any) -> bool:
    return isinstance(value, Generator)
