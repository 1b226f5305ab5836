"""Objects whose class is known only when the program runs: a branch for each class that they may be of.

                                       is_circle: bool = is_(type(shape), Circle)
    shape.area()            →          v: ? = cond(is_circle)
                                         then { … Circle.area, converted … }
                                         else { … the next class … }

The classes are those of which the program makes or is given objects. One that is met later starts the trace again.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from dy2static import readings
from dy2static.branches import stage_cond
from dy2static.objects import class_having
from dy2static.trace import Trace
from runtime import ops
from runtime.tracer import StagedMethod, Variable
from runtime.types import python


def is_of_unknown_class(variable: Variable) -> bool:
    known = variable.type
    return known.kind in (None, "python") and known.dtype is None


def classes_with(trace: Trace, owner: Any, name: str, kinds: tuple[type, ...]) -> list[type]:
    """The classes of which `owner` may be an object and where `name` is one of `kinds`, which are Python of the
    user's."""
    return classes_where(trace, owner, lambda cls: isinstance(getattr_static(cls, name), kinds))


def classes_where(trace: Trace, owner: Any, test: Callable[[type], bool]) -> list[type]:
    """The classes of which `owner` may be an object and of which `test` is true."""
    if not isinstance(owner, Variable) or not is_of_unknown_class(owner):
        return []
    trace.asks_for_classes = True
    return [cls for cls in trace.assumptions.classes if test(cls)]


def getattr_static(cls: Any, name: str) -> Any:
    base = class_having(cls, name)
    return None if base is None else vars(base)[name]


def choose_class(
    trace: Trace,
    owner: Variable,
    classes: list[type],
    use: Callable[[Variable], Any],
    otherwise: Callable[[], Any],
) -> Any:
    """`use(owner)` with its class known, for each class; `otherwise()` where it is an object of none of them."""
    found = trace.emit("type", owner)
    tests = [lambda cls=cls: trace.emit("is_", found, cls) for cls in classes]
    branches = [lambda cls=cls: use(narrowed(trace, owner, cls)) for cls in classes]
    return stage_cond(trace, tests[0](), [*branches, otherwise], tests[1:])


def narrowed(trace: Trace, owner: Variable, cls: type) -> Variable:
    """The same object, of a class that is known."""
    made: Variable = trace.emit("otherwise", owner, None)
    made.value.type = python(cls)
    return made


class MethodByClass:
    """A method of an object of unknown class, not called yet."""

    __slots__ = ("trace", "owner", "name", "classes", "use", "loaded", "is_used")

    def __init__(
        self, trace: Trace, owner: Variable, name: str, classes: list[type], use: Callable[[Variable, str], Any]
    ):
        self.trace, self.owner, self.name, self.classes, self.use = trace, owner, name, classes, use
        self.loaded = trace.emit("load", owner, name)
        self.is_used = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(self.classes) == 1 and self.name not in ops.METHODS:
            return self._call_of_one(self.classes[0], *args, **kwargs)
        return choose_class(
            self.trace,
            self.owner,
            self.classes,
            lambda owner: self.use(owner, self.name)(*args, **kwargs),
            lambda: self._of_another(*args, **kwargs),
        )

    def _call_of_one(self, cls: type, *args: Any, **kwargs: Any) -> Any:
        """Of the only class that has the method: where it is an object of another, the program goes no further."""
        test = self.trace.emit("is_", self.trace.emit("type", self.owner), cls)
        stage_cond(self.trace, test, [lambda: None, lambda: self._of_another(*args, **kwargs)])
        return self.use(narrowed(self.trace, self.owner, cls), self.name)(*args, **kwargs)

    def _of_another(self, *args: Any, **kwargs: Any) -> Any:
        """For None and the like the program raises what Python raises."""
        if self.name in ops.METHODS:
            return StagedMethod(self.owner, self.name)(*args, **kwargs)
        self.trace.emit("load", self.owner, self.name)
        raise self.trace.own(TypeError(f"{self.name!r} is no method of a class that the program knows"))


METHODS = (FunctionType, staticmethod, classmethod)
readings.METHODS.add(MethodByClass)
