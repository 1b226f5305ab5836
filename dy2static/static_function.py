"""StaticFunction, the object that `to_static` returns: it keeps a program for each signature and runs it."""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable, Sequence
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from dy2static import disk
from dy2static.by_hand import call_by_hand
from dy2static.calls import call
from dy2static.convert import code_text, convert_tree
from dy2static.entries import TRACING, Entry, EntryMaker, Options
from dy2static.instantiate import instantiate
from dy2static.places import Place, eval_place, root_argument
from dy2static.programs import Programs, miss
from dy2static.python_calls import UNDER_ERRSTATE
from dy2static.retrace import warn_of_retracing
from dy2static.signature import MISS, SPREAD, InputSpec, check, filled, key_of_call, own_signature, specs_by_name
from dy2static.source import source_of
from runtime import executor
from runtime.ir import Program
from runtime.origins import show_user_lines
from runtime.tracer import CURRENT, builder_of

if TYPE_CHECKING:
    from dy2static.debugging import Debugger
    from runtime.profiling import Profile

MAX_OWNERS = 1024  # objects whose bound methods are kept; of those above it, the quarter that was bound first goes


PLAIN = Options()


class StaticFunction:
    """A function that runs as a static program. See `to_static`."""

    def __init__(
        self,
        function: Any,
        input_spec: Sequence[InputSpec] | None = None,
        owner: Any = None,
        options: Options = PLAIN,
        unbound: StaticFunction | None = None,
    ):
        functools.update_wrapper(self, function)
        self.function = function
        self.input_spec = input_spec
        self.__dy2static_function__ = function if owner is None else MethodType(function, owner)
        self._owner = owner
        self._options = options
        self._is_off = options.is_off
        self._bound: dict[int, tuple[Any, StaticFunction]] = {}
        self._warned: set[tuple[str, int]] = set()
        self.plain, self._receiver = _plain_function(self.__dy2static_function__)
        self.__signature__ = inspect.signature(self.__dy2static_function__)
        # Of a plain function no decorator has changed what is said of it.
        is_plain = self.__dy2static_function__ is self.plain and not vars(self.plain)
        self._parameters = self.__signature__ if is_plain else own_signature(self.plain)
        self._programs = Programs()
        self._maker = EntryMaker(self.plain, self._parameters, options)
        if unbound is not None and unbound.plain is self.plain:
            self._programs, self._maker = unbound._shared
        self._shared: tuple[Programs, EntryMaker] = self._programs, self._maker
        self._uses = self._programs.uses()
        self._check_specs()

    # Calling

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._is_off:
            return self.__dy2static_function__(*args, **kwargs)
        if CURRENT.builder is not None:
            return call(self.__dy2static_function__, *args, **kwargs)
        try:
            if self._receiver:
                args = (*self._receiver, *args)
            result = self._uses.call(*args, **kwargs) if kwargs else self._uses.call(*args)
            if result is MISS:
                result = self._find(args, kwargs)
            return result
        except Exception as error:
            raise show_user_lines(error)

    def _find(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Another program that fits, or a new one. Values of a program that is built by hand make it part of that."""
        key = key_of_call(args, kwargs)
        entry = self._uses.first.get(key)
        if entry is not None:
            result = self._run(entry, args, kwargs)
            if result is not MISS:
                self._programs.recent.add(entry)
                return result
        return self._find_other(key, args, kwargs)

    def _find_other(self, key: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        misses = False
        while True:
            known = self._programs.of(key)
            for entry in known:
                result = self._run(entry, args, kwargs)
                if result is not MISS:
                    self._uses.first[key] = entry
                    self._programs.recent.add(entry)
                    return result
            bound, builder = self._bind(args, kwargs), builder_of((args, kwargs))
            if builder is not None:
                return call_by_hand(self._maker, builder, bound)
            with TRACING:
                is_new = self._programs.of(key) is known  # else another thread has made some since
                made = self._trace(key, bound) if is_new else None
            if made is not None:
                self._warn_of_retracing(key)
                result = self._run(made, args, kwargs)
                if result is not MISS:
                    return result
                if misses:
                    raise RuntimeError(
                        f"{self.plain.__name__}: the program that was just traced does not fit its own arguments"
                    )
                misses = True  # an import that was done while tracing has changed what the program goes by

    def _run(self, entry: Entry, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Calls it; if it fits, it is that of the last call, and what the next call tries first."""
        try:
            result = entry.call(*args, **kwargs)
        except Exception:
            if self._takes(args, kwargs):  # then it fits: what was raised is the program's
                self._uses.note(entry, args, kwargs)
            raise
        if result is not MISS:
            self._uses.note(entry, args, kwargs)
        return result

    def _trace(self, key: Any, bound: inspect.BoundArguments) -> Entry:
        self._note_changes(key, bound)
        self._maker.history.note(bound.arguments)
        made = self._maker.trace(bound, self._checked_specs(bound))
        made.tracer = weakref.ref(self._uses)
        self._programs.keep(key, made)
        self._uses.first[key] = made
        return made

    def _checked_specs(self, bound: inspect.BoundArguments) -> dict[Place, Any]:
        """The dims that input_spec gives. Raises FeedError for an argument that is not of its spec's type."""
        specs: dict[Place, Any] = {}
        sizes: dict[str, int] = {}
        for name, spec in self._named_specs().items():
            executor.check_input(self.plain.__name__, name, spec.type, bound.arguments[name], sizes)
            if spec.type.kind == "array":
                specs[root_argument(name)] = spec.type.shape
        return specs

    def _named_specs(self) -> dict[str, InputSpec]:
        return specs_by_name(self.plain.__name__, self._names()[len(self._receiver) :], self.input_spec or ())

    def _names(self) -> list[str]:
        """The parameters that take one argument each."""
        return [one.name for one in self._parameters.parameters.values() if one.kind not in SPREAD]

    def _check_specs(self) -> None:
        """Raises TypeError for specs that no call can have. Of a method the first parameter takes the object."""
        names, specs = self._names(), self.input_spec or ()
        try:
            self._named_specs()
        except TypeError:
            is_bound, (path, dot, _) = bool(self._receiver), self.plain.__qualname__.rpartition(".")
            if is_bound or not dot or path.endswith("<locals>") or not names:
                raise
            specs_by_name(self.plain.__name__, names[1:], specs)

    def _warn_of_retracing(self, key: Any) -> None:
        """Where one key needs many programs: one for each combination of dtypes, kinds and ranks is meant to be, and
        each of many objects may have one for its method."""
        traced = [one for one in reversed(self._programs.of(key)) if one.tracer() is self._uses]
        reasons = {place: why for one in traced for place, why in one.reasons.items()}
        warn_of_retracing(self.plain.__name__, [one.guards for one in traced], reasons, self._warned)

    def _note_changes(self, key: Any, bound: inspect.BoundArguments) -> None:
        """A number outside of the arguments that has changed since it was taken as a constant becomes an input."""
        for entry in self._programs.of(key):
            for place, value in entry.constants.items():
                try:
                    now = eval_place(place, bound.arguments)
                except (AttributeError, KeyError, IndexError, TypeError, ValueError):
                    continue
                if type(now) is type(value) and not isinstance(now, bool) and repr(now) != repr(value):
                    self._maker.dynamic.add(place)

    def _takes(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        try:
            self._parameters.bind(*args, **kwargs)
        except TypeError:
            return False
        return True

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> inspect.BoundArguments:
        try:
            bound = self._parameters.bind(*args, **kwargs)
        except TypeError:
            check(self._parameters, self.plain.__qualname__, (), (), miss)(
                *args, **kwargs
            )  # raises with Python's own words
            raise
        bound.apply_defaults()
        return bound

    # What people read

    @property
    def code(self) -> str:
        """The converted Python."""
        is_decorated = self.plain.__code__ is UNDER_ERRSTATE
        return code_text(convert_tree(source_of(inspect.unwrap(self.plain) if is_decorated else self.plain)))

    @property
    def converted(self) -> Callable[..., Any]:
        """The converted function as plain Python, run with no program."""
        with disk.switched(self._options.cache):
            made = instantiate(self.plain)
        return made if not self._receiver else MethodType(made, self._receiver[0])

    @property
    def programs(self) -> list[Program]:
        """The programs of all signatures so far, oldest first."""
        return [entry.program for entry in self._programs.all()]

    def program(self, *args: Any, **kwargs: Any) -> Program:
        """The program of the last call; with arguments or InputSpecs, the program for those."""
        return self._entry(args, kwargs)[0].program

    def explain(self, *args: Any, **kwargs: Any) -> str:
        """What became of each line of the source: staged, run by Python while tracing, unrolled and why.

        Of the program of the last call; with arguments or InputSpecs, of the program for those.
        """
        from dy2static.explain import explain

        last, bound = self._entry(args, kwargs)
        entry = self._maker.trace(bound, last.specs, is_recorded=True)
        assert entry.recorder is not None
        code = self.plain.__code__
        return explain(entry.program, entry.recorder, code.co_filename, code.co_firstlineno)

    def profile(self, *args: Any, repeat: int | None = None, **kwargs: Any) -> Profile:
        """What a call with these arguments costs, by the lines of the source and by ops: print it.

        It is called several times, `repeat` times in each of three ways; the arguments are as before afterwards.
        """
        from runtime.profiling import profile_run

        args = (*self._receiver, *args)
        bound = self._bind(args, kwargs)
        entry = self._fitting(bound, args, kwargs, self._checked_specs(bound))
        inputs = [eval_place(place, bound.arguments) for place in entry.inputs]
        return profile_run(entry.program, inputs, repeat)

    def save(self, path: Any, *args: Any, **kwargs: Any) -> None:
        """Writes the program of the last call (or for the arguments or InputSpecs given) to a `.d2s` file."""
        from dy2static.saving import closed_program
        from runtime.storage import save_program

        entry, bound = self._entry(args, kwargs)
        values = [eval_place(place, bound.arguments) for place in entry.inputs]
        dropped = set(list(self._parameters.parameters)[: len(self._receiver)])
        save_program(closed_program(entry.program, entry.inputs, values, dropped, self._parameters), path)

    def clear_cache(self) -> None:
        """Drops all programs, and what was learned of the calls: memory is free again, and the next calls trace anew.

        Converted code stays, in memory and on disk. A method's are those of all objects.
        """
        with TRACING:
            self._maker.forget()
            self._programs.clear()
            self._bound.clear()

    def _entry(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Entry, inspect.BoundArguments]:
        """The program of the last call, or that for the arguments and InputSpecs given, with all its arguments."""
        last = self._uses.last
        if last is not None and not args and not kwargs:
            return last[0], self._bind(*last[1:])
        if not args and not kwargs and self.input_spec is not None:
            kwargs = self._named_specs()
        try:
            bound = self._bind((*self._receiver, *args), kwargs)
        except TypeError as error:
            cure = f"call {self.plain.__name__} first, or give arguments or InputSpecs"
            if self._is_off:
                cure = "DY2STATIC=0 is set, so that no call makes a program: give arguments or InputSpecs"
            raise TypeError(f"{error}; {cure}") from None
        specs: dict[Place, Any] = {}
        for name, value in bound.arguments.items():
            bound.arguments[name] = filled(value, root_argument(name), specs, _given_spec)
        if specs:
            return self._maker.trace(bound, specs), bound
        return self._fitting(bound, (*self._receiver, *args), kwargs), bound

    def _fitting(
        self,
        bound: inspect.BoundArguments,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        specs: dict[Place, Any] | None = None,
    ) -> Entry:
        """The program that a call with these arguments runs."""
        key = key_of_call(args, kwargs)
        with TRACING:
            for entry in self._programs.of(key):
                if entry.fits(bound):
                    return entry
            entry = self._maker.trace(bound, specs)
            self._programs.keep(key, entry)
            self._uses.first[key] = entry
            self._uses.note(entry, args, kwargs)
        return entry

    def watch(self, name: str, callback: Callable[[Any], Any] | None = None) -> None:
        """Calls `callback(value)` each time the variable `name`, or "function.name", takes a value in a program.

        Without a callback prints it to stderr. The function must be made with debug=True. `unwatch(name)` ends it.
        Raises ValueError for a name that there is not; where it may be one of what is called, the first call does.
        """
        self._watching().watch(name, callback, self.plain)

    def unwatch(self, name: str) -> None:
        """Ends `watch(name)`."""
        self._watching().unwatch(name)

    def _watching(self) -> Debugger:
        if self._options.debugger is None:
            name = self.plain.__name__
            raise TypeError(f"{name} is not made for watching: use to_static({name}, debug=True) or DY2STATIC_DEBUG=1")
        return self._options.debugger

    def __get__(self, owner: Any, cls: type | None = None) -> Any:
        """Binds a decorated method. Objects share the programs that fit them."""
        if owner is None:
            return self
        found = self._bound.get(id(owner))
        if found is None or found[0] is not owner:
            found = owner, self._bound_to(owner)
            self._bound[id(owner)] = found
            if len(self._bound) > MAX_OWNERS:
                self._bound = dict(list(self._bound.items())[MAX_OWNERS // 4 :])  # an object is held as long as this
        return found[1]

    def _bound_to(self, owner: Any) -> StaticFunction:
        return StaticFunction(self.function, self.input_spec, owner, self._options, unbound=self)

    def __repr__(self) -> str:
        return f"<static function {self.plain.__qualname__}>"


def _plain_function(function: Any) -> tuple[FunctionType, tuple[Any, ...]]:
    """The Python function behind a callable, and what it is bound to. Raises TypeError for what is not Python."""
    if isinstance(function, MethodType):
        return function.__func__, (function.__self__,)  # type: ignore[return-value]
    if isinstance(function, FunctionType):
        return function, ()
    method = getattr(type(function), "__call__", None)
    if isinstance(method, FunctionType) and not isinstance(function, type):
        return method, (function,)
    return source_of(function)  # type: ignore[return-value]  # raises: there is no Python source


def _given_spec(value: Any, place: Place) -> InputSpec | None:
    return value if isinstance(value, InputSpec) else None
