"""What goes through an iterable while tracing: objects with an `__iter__` of the user's, generators that are given to
builtins, and `iter`, `next`, `reversed`, `zip` and `enumerate`.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from dy2static import eager, forms, lazy_forms, taking_forms
from dy2static.iterations import place_of_making, put_into_program
from dy2static.library_calls import call_named, changing_form, kind_of
from dy2static.native import function_name, native
from dy2static.objects import Inner, is_instance, is_own_collection
from dy2static.python_calls import call_python
from dy2static.regions import CannotStage
from dy2static.stopping import leaves_generator
from dy2static.streams import as_made_by, holding, is_generator
from dy2static.trace import Trace, tracing
from dy2static.values import class_name, class_of, has_staged_argument, is_hashable, python_class, written_method
from runtime.ir import MISSING
from runtime.tracer import TracingError, Variable


def iterable_of(trace: Trace, value: Any) -> Any:
    """What going through `value` goes through: for an object of the user's, the generator that its methods make."""
    if isinstance(value, (Inner, type)):
        return value
    if isinstance(value, Variable):
        method = written_method(value, "__iter__")
        if method is Sequence.__iter__:
            return call_python(trace, lazy_forms.indexed, (value,), {})
        return value if method is None else trace.call(method, (value,), {})
    cls = type(value)
    if getattr(cls, "__iter__", None) is Sequence.__iter__:
        return call_python(trace, lazy_forms.indexed, (value,), {})
    if isinstance(getattr(cls, "__iter__", None), FunctionType):
        value = trace.call(cls.__iter__, (value,), {})
        check_iterator(trace, value)
        cls = type(value)
    if isinstance(value, Iterator) and trace.birth(value) < trace.depth and not is_instance(value):
        if all(region.kind == "try" for region in trace.regions[trace.birth(value) :]):
            put_into_program(trace, value)  # no loop or branch is left to Python instead
        raise CannotStage(
            "an iterator that was made outside of it is read inside it",
            "make the iterator where it is read, or a list of it first, and count through that",
        )
    if isinstance(getattr(cls, "__next__", None), FunctionType) and not isinstance(value, Inner):
        return call_python(trace, lazy_forms.iterated, (value,), {})
    is_sequence = isinstance(getattr(cls, "__getitem__", None), FunctionType) and is_instance(value)
    is_indexed = is_sequence and not hasattr(cls, "__iter__")
    return call_python(trace, lazy_forms.indexed, (value,), {}) if is_indexed else value


def measured(trace: Trace, value: Any) -> Any:
    """As `iterable_of`, for what makes a list or tuple: Python asks how long the user's own will be, for the room."""
    if is_generator(value) and value.name == lazy_forms.indexed.__name__:  # asks the sequence that it goes through
        measured(trace, value.args[0])
        return value
    made = iterable_of(trace, value)
    asked = tuple(name for name in ("__len__", "__length_hint__") if written_method(value, name) is not None)
    if asked:
        call_python(trace, forms.ASKED[asked], (value,), {})
    return made


def gathered(trace: Trace, value: Any) -> Any:
    """As `measured`, where Python makes a list of the iterator that it has asked for: another `__iter__` is called."""
    return measured(trace, _iter(trace, value)) if is_own_iterable(value) else iterable_of(trace, value)


def is_own_iterable(value: Any) -> bool:
    """Whether going through a value calls Python of the user's."""
    names = ("__iter__", "__next__", "__getitem__")
    return is_instance(value) and any(written_method(value, name) is not None for name in names)


def begun(trace: Trace, function: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments of a lazy function, which asks for their iterators when it is called, and for items later."""
    if function not in lazy_forms.BEGINNING:
        return args
    start = function in CALLING  # its first argument, which may be an object that could be gone through, too
    end = 1 if function in (itertools.islice, itertools.accumulate, itertools.groupby) else len(args)
    return (*args[:start], *(started(trace, arg) for arg in args[start:end]), *args[end:])


def started(trace: Trace, value: Any) -> Any:
    """What is gone through later for `value`, of which `iter` is asked now, with all that it raises."""
    value = iterable_of(trace, value) if is_own_iterable(value) else value
    held = trace.resolve(value)
    return value if is_known_iterable(trace, held) else trace.emit("iter", held)


def is_known_iterable(trace: Trace, value: Any) -> bool:
    """Whether it is known that `iter` takes a value. Raises its TypeError where it is known that it does not."""
    if isinstance(value, Inner):
        return True
    if not isinstance(value, Variable):
        native(trace, iter, value)
        return True
    cls = class_of(value)
    if cls is None or cls is np.ndarray and value.type.rank is None:
        return False
    if not is_iterable_class(cls) or cls is np.ndarray and value.type.rank == 0:
        raise trace.own(TypeError(f"{class_name(cls)!r} object is not iterable"))
    return True


def is_iterable_class(cls: type) -> bool:
    if issubclass(cls, np.generic):
        return issubclass(cls, (str, bytes, np.void))
    return getattr(cls, "__iter__", None) is not None or not hasattr(cls, "__iter__") and hasattr(cls, "__getitem__")


def check_iterator(trace: Trace, made: Any) -> None:
    """Raises the TypeError for a method `__iter__` that gives something else."""
    cls = python_class(trace.resolve(made))
    if not isinstance(made, Inner) and cls is not None and not hasattr(cls, "__next__"):
        raise trace.own(TypeError(f"iter() returned non-iterator of type {cls.__name__!r}"))


CALLING = {
    map, filter, itertools.filterfalse, itertools.starmap, itertools.takewhile, itertools.dropwhile,
}  # fmt: skip


def measures(function: Any) -> bool:
    owner = getattr(function, "__self__", None)
    return isinstance(owner, list) and function.__name__ == "extend" or is_hashable(function) and function in MEASURING


MEASURING = {list, tuple, sorted, bytes, np.fromiter}


def gathers(function: Any) -> bool:
    return isinstance(getattr(function, "__self__", None), (str, bytes)) and function.__name__ == "join"


def takes_items(function: Any) -> bool:
    """Whether a function does not keep a generator that it is given as it is: it takes its items, or cannot do so."""
    if isinstance(getattr(function, "__self__", None), CONTAINERS):
        return function.__name__ in TAKING_METHODS
    return is_taker(function) or function is zip


def is_taker(function: Any) -> bool:
    """Whether a function asks for all items of its arguments, before it gives anything."""
    return is_hashable(function) and function in forms.TAKERS or getattr(function, "__module__", "") == "statistics"


def is_no_iterable(function: Any, args: tuple[Any, ...], place: int) -> bool:
    """Whether an argument of such a function is not what it goes through: `start`, or one of several to choose from."""
    if function in (min, max):
        return len(args) > 1
    return function in (sum, math.prod) and place > 0


CONTAINERS = (str, bytes, list, dict, set, frozenset, deque)
TAKING_METHODS = {
    "join", "extend", "extendleft", "update", "union", "intersection", "difference", "symmetric_difference",
    "issubset", "issuperset", "difference_update", "intersection_update", "symmetric_difference_update",
}  # fmt: skip


def call_taking(trace: Trace, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Calls a function that takes the items of generators, with lists of these items."""
    if function is zip:
        return zip_with_generators(trace, args, kwargs)
    owner = getattr(function, "__self__", None)
    is_method = isinstance(owner, CONTAINERS)
    form = changing_form(kind_of(owner), function.__name__, args, kwargs) if is_method else None
    if form is not None and not is_own_collection(owner):  # the container changes while its items are made
        return call_python(trace, form, (owner, *args), kwargs)
    if not is_method and not is_taker(function):
        raise TracingError(f"{function_name(function)} is given a generator, and a program has no op for that")
    if not is_method and is_hashable(function) and function in taking_forms.SHORT:
        return call_python(trace, taking_forms.SHORT[function], args, kwargs)
    form = taking_forms.hashed if function is Counter or isinstance(owner, (set, frozenset)) else forms.taken
    return trace.call(function, tuple(all_items(trace, arg, form) for arg in args), kwargs)


def all_items(trace: Trace, value: Any, form: Any = forms.taken) -> Any:
    if not is_generator(value):
        return value
    return value.rest(True) if value.value is not None else call_python(trace, form, (value,), {})


def zip_with_generators(trace: Trace, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    places = [place for place, arg in enumerate(args) if is_generator(arg)]
    before, generator, after = args[: places[0]], args[places[0]], args[places[0] + 1 :]
    if not all(_is_sequence(trace, one) for one in (*before, *after)):
        return call_python(trace, lazy_forms.zip_, args, kwargs)
    return call_python(trace, lazy_forms.zip_around_, (before, generator, after), kwargs)


def _is_sequence(trace: Trace, value: Any) -> bool:
    cls = python_class(trace.resolve(value))
    return cls is not None and issubclass(cls, (list, tuple, range, str, bytes, np.ndarray))


def _next(trace: Trace, iterator: Any, *default: Any) -> Any:
    method = getattr(type(iterator), "__next__", None)
    if isinstance(method, FunctionType) and is_instance(iterator):
        return trace.call(forms.next_or if default else method, (iterator, *default), {})
    if not is_generator(iterator) or iterator.value is not None:
        read = iterator.iterated() if is_generator(iterator) else iterable_of(trace, iterator)
        if isinstance(trace.resolve(read), Variable) and not default and leaves_generator(trace):
            return call_python(trace, taking_forms.next_inside, (read,), {})
        return call_named(trace, "next", next, (read, *default), {})
    iterator.check_is_waiting()
    if iterator.parts is not None:
        form = forms.next_resumed_or if default else forms.next_resumed
        return call_python(trace, form, (*iterator.parts[:2], *default), {})
    if iterator.is_fresh and iterator.forms().loops:
        made = call_python(trace, forms.first_or if default else forms.first, (iterator, *default), {})
        iterator.peek()
        return made
    try:
        return next(iterator.steps(), *default)
    except StopIteration as error:
        raise trace.own(error)


def _iter(trace: Trace, iterable: Any, *sentinel: Any) -> Any:
    if len(sentinel) == 1 and not isinstance(iterable, Variable):
        if not callable(iterable):
            raise trace.own(TypeError("iter(v, w): v must be callable"))
        return call_python(trace, lazy_forms.iter_, (iterable, *sentinel), {})
    if sentinel:
        return call_named(trace, "iter", iter, (iterable, *sentinel), {})
    method = written_method(iterable, "__iter__")
    if method is not None and method is not Sequence.__iter__ and is_instance(iterable):
        made = trace.call(method, (iterable,), {})
        check_iterator(trace, made)
        return made
    made = iterable_of(trace, iterable)
    return made if is_generator(made) else iterator_of(trace, made)


def iterator_of(trace: Trace, iterable: Any) -> Any:
    """`iter(iterable)`: Python's own, or one of the program where an earlier trace has found that this has to be."""
    if hasattr(type(iterable), "__next__"):
        return call_named(trace, "iter", iter, (iterable,), {})
    if place_of_making() in trace.assumptions.early:
        return trace.emit("iter", trace.lift(iterable))
    return cradled(trace, call_named(trace, "iter", iter, (iterable,), {}))


def cradled(trace: Trace, made: Any) -> Any:
    """Notes where an iterator is made."""
    if not isinstance(made, Variable):
        trace.cradles[id(made)] = place_of_making()
    return made


def _reversed(trace: Trace, sequence: Any) -> Any:
    method = getattr(type(sequence), "__reversed__", None)
    if isinstance(method, FunctionType) and is_instance(sequence):
        return trace.call(method, (sequence,), {})
    cls = class_of(sequence) if isinstance(sequence, Variable) else None
    if cls is not None and not (hasattr(cls, "__reversed__") or hasattr(cls, "__len__") and is_iterable_class(cls)):
        raise trace.own(TypeError(f"{class_name(cls)!r} object is not reversible"))
    if isinstance(sequence, Variable) and (cls is None or cls is np.ndarray and not sequence.type.rank):
        return trace.emit("iter", trace.emit("each_reversed", sequence))
    made = held(trace, "reversed", reversed, (sequence,), {})
    return as_made_by(class_of_reversed(cls) if cls is not None else reversed, made)


def class_of_reversed(cls: type) -> type:
    """The class of what `reversed` gives for objects of a class."""
    method = getattr(cls, "__reversed__", None)
    return reversed if method is None else type(method(cls(0) if cls is range else cls()))


def _lazy(name: str, function: Any) -> Callable[..., Any]:
    """`zip` and the like: with staged values an op that gives all items, which a generator holds."""

    def form(trace: Trace, *args: Any, **kwargs: Any) -> Any:
        count = len(args) if function is zip else 1
        args = tuple(started(trace, arg) if place < count else arg for place, arg in enumerate(args))
        if any(map(is_generator, args)):
            if function is zip:
                return as_made_by(zip, call_taking(trace, zip, args, kwargs))
            return as_made_by(function, trace.call(lazy_forms.LAZY.get(function, function), args, kwargs))
        return held(trace, name, function, args, kwargs)

    return form


def held(trace: Trace, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if not has_staged_argument(trace, args) and place_of_making() not in trace.assumptions.early:
        return cradled(trace, call_named(trace, name, function, args, kwargs))
    value = functools.partial(call_named, trace, name, function, args, kwargs)
    return holding(trace, function, args, kwargs, lambda: trace.lift(value()))


ITERATION: dict[Any, Callable[..., Any]] = {
    zip: _lazy("zip", zip),
    enumerate: _lazy("enumerate", enumerate),
    reversed: _reversed,
    next: _next,
    iter: _iter,
}


def start(iterable: Any) -> Any:
    """What a generator expression goes through."""
    trace = tracing()
    return eager.start(iterable) if trace is None else started(trace, iterable)


def begin(iterable: Any) -> Any:
    """The iterator of a loop of a generator that is cut into steps."""
    trace = tracing()
    return iter(iterable) if trace is None else trace.call(iter, (iterable,), {})


def advance(iterator: Any) -> Any:
    """Its next item; MISSING at its end."""
    trace = tracing()
    return next(iterator, MISSING) if trace is None else trace.call(next, (iterator, MISSING), {})
