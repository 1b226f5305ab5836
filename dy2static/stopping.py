"""StopIteration that leaves the code of a generator: a RuntimeError for who takes the items.

    def pairs(it):                                      item = next(it, MISSING)
        while True:                            →        cond(item is MISSING)
            yield next(it), next(it)                      then { raise RuntimeError("generator raised StopIteration") }

What a loop's body raises passes through the generator that calls it, and stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dy2static.trace import Trace
from runtime.tracer import TracingError

TEXT = "generator raised StopIteration"


@contextmanager
def catching(trace: Trace, classes: list[Any]) -> Iterator[None]:
    """What is traced within is the body of a try statement whose handlers catch these classes."""
    trace.catching.append((trace.running, classes))
    try:
        yield
    finally:
        trace.catching.pop()


def is_caught_inside(trace: Trace, running: tuple[Any, ...]) -> bool:
    """Whether a StopIteration is caught in the code of the innermost of these generators."""
    todo = [cls for inside, found in trace.catching if inside == running for cls in found]
    classes = []
    while todo:
        cls = todo.pop()
        if isinstance(cls, tuple):
            todo += cls
        elif cls is None or isinstance(cls, type):
            classes.append(BaseException if cls is None else cls)
    if any(issubclass(StopIteration, cls) for cls in classes):
        return True
    if any(issubclass(RuntimeError, cls) for cls in classes):
        raise TracingError("a StopIteration passes an 'except RuntimeError' on its way out of a generator")
    return False


def leaves_generator(trace: Trace) -> bool:
    """Whether a StopIteration that is raised here leaves a generator, and not by `map` or the like, which ends."""
    if not trace.running or is_caught_inside(trace, trace.running):
        return False
    check_ends(trace.running[-1])
    return True


def check_ends(generator: Any) -> None:
    if generator.is_lazy:
        reason = f"{generator.name}() ends where what it calls raises StopIteration, which only the program knows"
        raise TracingError(reason)


def as_it_leaves(trace: Trace, error: BaseException) -> BaseException:
    """The exception that the program raises for one that the user's code has raised while it was traced."""
    running = trace.passing.get(id(error), trace.running)
    if not isinstance(error, StopIteration) or not running or is_caught_inside(trace, running):
        return error
    check_ends(running[-1])
    return RuntimeError(TEXT)


class running:
    """Traces the code of a generator. (A contextlib.contextmanager takes a StopIteration for its own.)"""

    def __init__(self, trace: Trace, generator: Any):
        self.trace = trace
        self.generator = generator

    def __enter__(self) -> None:
        self.before = self.trace.running
        self.trace.running = self.inside = (*self.before, self.generator)

    def __exit__(self, cls: type[BaseException] | None, error: BaseException | None, traceback: Any) -> bool:
        self.trace.running = self.before
        if not isinstance(error, StopIteration) or self.trace.passing.get(id(error), self.inside) != self.inside:
            return False  # the last is of the loop's body
        if not self.generator.is_lazy:
            raise self.trace.own(RuntimeError(TEXT)) from error
        return True


class Expression:
    """A generator expression whose items are all taken where it stands."""

    is_lazy = False
