"""Programs run op by op at the user's lines, and values watched by name: what `to_static(f, debug=True)` adds.

The text form of all of it is the user's own file: a debugger shows that, and stops where it says.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from dy2static.recorder import Recorder, names_of
from runtime.errors import listing
from runtime.ir import Frame, Program
from runtime.stepper import build_steps

Callback = Callable[[Any], Any]


class Debugger:
    """The names that are watched, and the programs that tell of them.

    known   the variables of each function that was reached while tracing, by its name
    """

    def __init__(self) -> None:
        self.callbacks: dict[str, Callback | None] = {}
        self.known: dict[str, set[str]] = {}

    def watch(self, name: str, callback: Callback | None, function: FunctionType) -> None:
        """From now on calls `callback(value)` each time `name` ("x", or "g.x" in the function g alone) takes a value.

        Without a callback prints file, line, name and value to stderr. Raises ValueError for a name that there is not;
        before anything was traced nobody knows what `function` calls, and the first call raises it.
        """
        if not isinstance(name, str) or not all(part.isidentifier() for part in name.split(".")):
            error = ValueError if isinstance(name, str) else TypeError
            raise error(f"{name!r} is not a name to watch: give a variable as 'x', or 'function.x'")
        if callback is not None and not callable(callback):
            raise TypeError(f"the callback is called with each value of {name}, and {callback!r} cannot be called")
        own = function.__name__
        known = {own: names_of(inspect.unwrap(function).__code__), **self.known}
        if self.known or name.startswith(f"{own}."):
            check_name(name, known)
        self.callbacks[name] = callback

    def unwatch(self, name: str) -> None:
        """Ends `watch(name)`. Raises KeyError where it is not watched."""
        if name not in self.callbacks:
            raise KeyError(f"{name!r} is not watched; {listing(self.callbacks, name)}")
        del self.callbacks[name]

    def runner(self, program: Program, recorder: Recorder, function: FunctionType) -> Callable[..., Any]:
        """A function that runs `program`, which was traced of `function`, and sees to what is watched now."""
        code = function.__code__
        origin = Frame(code.co_filename, code.co_firstlineno, function.__name__)
        for reached, names in recorder.names.items():
            self.known.setdefault(reached, set()).update(names)
        for name in list(self.callbacks):
            try:
                check_name(name, self.known)
            except ValueError:
                del self.callbacks[name]
                raise
        built: dict[frozenset[str], Callable[..., Any]] = {}

        def run(*inputs: Any) -> Any:
            watched = frozenset(name.rpartition(".")[2] for name in self.callbacks)
            if watched not in built:
                built[watched] = build_steps(program, recorder.marks, origin, watched, self.tell)
            return built[watched](*inputs)

        return run

    def tell(self, name: str, value: Any, function: str, file: str, line: int) -> None:
        for watched in (name, f"{function}.{name}"):
            if watched not in self.callbacks:
                continue
            callback = self.callbacks[watched]
            if callback is not None:
                callback(value)
            else:
                print(f"{os.path.basename(file)}:{line}: {name} = {value!r}", file=sys.stderr)


def check_name(name: str, known: Mapping[str, set[str]]) -> None:
    """Raises ValueError where `name` is no variable of the functions that are known."""
    function, _, variable = name.rpartition(".")
    if function and function not in known:
        raise ValueError(f"no function {function!r} was traced, to watch {name!r}; {listing(sorted(known), function)}")
    names = sorted(set().union(*([known[function]] if function else known.values())))
    if variable not in names:
        where = function or "what was traced"
        raise ValueError(f"there is no variable {variable!r} in {where}, to watch it; {listing(names, variable)}")
