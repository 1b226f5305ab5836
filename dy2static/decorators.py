"""The decorators: `to_static` and `not_to_static`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from types import BuiltinFunctionType, ModuleType
from typing import TYPE_CHECKING, Any, TypeVar, overload

import numpy as np

from dy2static import disk
from dy2static.entries import Options
from dy2static.errors import ConversionError
from dy2static.instantiate import check_source
from dy2static.outside import MARK, mark_module
from dy2static.signature import InputSpec, check_specs
from dy2static.static_function import StaticFunction
from runtime.ops import name_of
from runtime.switches import is_switched

if TYPE_CHECKING:
    from dy2static.debugging import Debugger

T = TypeVar("T")


@overload
def to_static(
    function: Callable[..., Any],
    *,
    input_spec: Sequence[InputSpec] | None = None,
    debug: bool | None = None,
    cache: bool = True,
    optimize: bool | None = None,
) -> StaticFunction: ...
@overload
def to_static(
    function: None = None,
    *,
    input_spec: Sequence[InputSpec] | None = None,
    debug: bool | None = None,
    cache: bool = True,
    optimize: bool | None = None,
) -> Callable[[Callable[..., Any]], StaticFunction]: ...
def to_static(
    function: Any = None,
    *,
    input_spec: Sequence[InputSpec] | None = None,
    debug: bool | None = None,
    cache: bool = True,
    optimize: bool | None = None,
) -> Any:
    """Turns a function of NumPy arrays and Python numbers into one that runs as a static program.

    Use it bare (`@to_static`), with types (`@to_static(input_spec=[InputSpec(("n",), "float32", "x")])`), or on any
    function, method, lambda or callable object (`to_static(f)`). The first call with arguments of new kinds traces a
    program.

    debug     run programs op by op at your own lines, for pdb and `watch`; None: whether DY2STATIC_DEBUG is set
    cache     keep converted code on disk, so that other processes need not convert; DY2STATIC_CACHE=0 turns it off for
              all functions, and DY2STATIC_CACHE=FOLDER says where
    optimize  False: run programs as they are written, and not by elements, blocks and passes; None: as
              DY2STATIC_OPTIMIZE says, True unless that is 0. Results are the same
    With DY2STATIC=0 in the environment calls run the function as it is, and only `code`, `program`, `explain` and
    `save` convert.

    Raises ConversionError for what cannot be converted: no Python source, a generator, `async`.
    """
    check_specs(input_spec)
    if isinstance(function, (InputSpec, list, tuple)):
        raise TypeError(f"to_static takes a function, and types by name, as input_spec=[…], and not {function!r}")
    if function is None:
        return lambda function: to_static(function, input_spec=input_spec, debug=debug, cache=cache, optimize=optimize)
    if isinstance(function, StaticFunction) and input_spec is None and debug is None and cache and optimize is None:
        return function
    stands_for = getattr(function, "__dy2static_function__", None)  # of a layer its forward
    if stands_for is not None:
        return to_static(stands_for, input_spec=input_spec, debug=debug, cache=cache, optimize=optimize)
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(
            to_static(function.__func__, input_spec=input_spec, debug=debug, cache=cache, optimize=optimize)
        )
    is_off = not is_switched("DY2STATIC", default=True)
    if is_off and isinstance(function, (type, BuiltinFunctionType, np.ufunc)):
        return function
    if name_of(function) is not None:
        reason = (
            f"{function.__name__} cannot be converted: it is an operation of the program itself, and no Python of yours"
        )
        raise ConversionError(reason, "call it from a Python function of your own, and convert that")
    debugger = _debugger() if (is_switched("DY2STATIC_DEBUG") if debug is None else debug) else None
    made = StaticFunction(function, input_spec, options=Options(debugger, is_off, cache, optimize))
    if not is_off:
        with disk.switched(cache):
            check_source(made.plain)
    return made


def _debugger() -> Debugger:
    from dy2static.debugging import Debugger

    return Debugger()


def not_to_static(function: T) -> T:
    """Marks a function, class or module to be kept as it is: a program calls it each time it runs, with real values.

    A program with such a call runs, and cannot be saved. What cannot carry a mark is given back in a partial.
    """
    marked: Any = function
    if isinstance(function, ModuleType):
        mark_module(function)
        return function
    try:
        setattr(function, MARK, True)
    except (AttributeError, TypeError):
        marked = functools.partial(marked)
        setattr(marked, MARK, True)
    return marked
