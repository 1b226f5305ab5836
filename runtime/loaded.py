"""LoadedFunction: a saved program as a callable with the signature of the function it came from."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from os import PathLike
from typing import TYPE_CHECKING, Any

from runtime import executor
from runtime.arguments import MISS, fast_call, signature_of, was_not_entered
from runtime.errors import FeedError
from runtime.inline import call_inline
from runtime.ir import Program, Slot, program_of
from runtime.origins import show_user_lines
from runtime.scope import closed
from runtime.storage import load_program
from runtime.tracer import builder_of, current_builder
from runtime.verifier import verify

if TYPE_CHECKING:
    from runtime.profiling import Profile


class LoadedFunction:
    """Calls a Program. Raises FeedError for an argument of another type than the program was made for.

    The parameters of a program that was built by hand are those of the current scope, as it holds them now.
    Called with values of a program that is being made, it becomes part of that one.
    """

    __dy2static_inline__ = True  # the converter has nothing to convert in it

    def __init__(self, program: Program):
        program = self.program = closed(verify(program_of(program)))
        self.__name__ = program.name
        self.__signature__ = _signature(program)
        self._run = executor.build(program)
        self._fast_call = fast_call(program.name, program.block.inputs, program.parameters, self._run)

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        if current_builder() is None:
            try:
                result = self._fast_call(*args, **kwargs)
                if result is not MISS:
                    return result
            except Exception as error:
                if not was_not_entered(error):
                    raise show_user_lines(error)
        return self._call(args, kwargs)

    def _call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        builder = current_builder() or builder_of((args, kwargs))
        flat = self._flat(args, kwargs, executor.check_input if builder is None else _unchecked)
        if builder is not None:
            return call_inline(builder, self.program, flat)
        try:
            return self._run(*flat)
        except Exception as error:
            raise show_user_lines(error)

    def profile(self, *args: Any, repeat: int | None = None, **kwargs: Any) -> Profile:
        """What a call with these arguments costs, by the user's lines and by ops: print it.

        It is called several times, `repeat` times in each of three ways; the arguments are as before afterwards.
        """
        from runtime.profiling import profile_run

        return profile_run(self.program, self._flat(args, kwargs, executor.check_input), repeat)

    def _flat(self, args: tuple[Any, ...], kwargs: dict[str, Any], check: Callable[..., None]) -> list[Any]:
        """The flat inputs of a call."""
        try:
            bound = self.__signature__.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.__name__}{self.__signature__}: {error}") from None
        bound.apply_defaults()
        flat: list[Any] = [None] * len(self.program.block.inputs)
        sizes: dict[str, int] = {}
        for parameter in self.program.parameters:
            self._collect(parameter.template, bound.arguments[parameter.name], parameter.name, flat, sizes, check)
        return flat

    def _collect(
        self, template: Any, value: Any, path: str, flat: list[Any], sizes: dict[str, int], check: Callable[..., None]
    ) -> None:
        """Takes an argument apart as the template says."""
        if isinstance(template, Slot):
            check(self.__name__, path, self.program.block.inputs[template.index].type, value, sizes)
            flat[template.index] = value
        elif isinstance(template, (tuple, list)):
            if type(value) is not type(template) or len(value) != len(template):
                raise FeedError(
                    f"argument {path!r} of {self.__name__} is a {type(template).__name__} of {len(template)}, "
                    f"and {value!r:.80} was given"
                )
            for index, (inner, item) in enumerate(zip(template, value)):
                self._collect(inner, item, f"{path}[{index}]", flat, sizes, check)
        elif isinstance(template, dict):
            if not isinstance(value, dict) or list(value) != list(template):
                raise FeedError(
                    f"argument {path!r} of {self.__name__} is a dict with the keys {list(template)}, in this order, "
                    f"and {value!r:.80} was given"
                )
            for key, inner in template.items():
                self._collect(inner, value[key], f"{path}[{key!r}]", flat, sizes, check)
        elif type(value) is not type(template) or repr(value) != repr(template):
            raise FeedError(
                f"argument {path!r} of {self.__name__} was {template!r} when it was saved, and {value!r} was given"
            )

    def __repr__(self) -> str:
        return f"<loaded program {self.__name__}{self.__signature__}>"


def _unchecked(*args: Any) -> None:
    """Types of values that are not there yet are checked where the program is taken in."""


def _signature(program: Program) -> inspect.Signature:
    if program.parameters:
        return signature_of(program.parameters)
    names = executor.input_names(program)
    return inspect.Signature([inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in names])


def load(path: str | PathLike[str]) -> LoadedFunction:
    """The function saved at `path`. Raises FileError for a file that is not a whole .d2s of a known version."""
    return LoadedFunction(load_program(path))
