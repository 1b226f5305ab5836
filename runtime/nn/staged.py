"""What the functions of this package are to the three styles: rows that are called or staged, and checks of types.

conv2d(array, …)       the kernel, now
conv2d(Variable, …)    the op nn.conv2d; in a converted function the converter stages it by its name
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from runtime.opdef import TABLE
from runtime.ops.windows import differ
from runtime.tracer import TracingError, Variable, builder_of, current_builder
from runtime.types import Dim, TensorType, type_of

Function = TypeVar("Function", bound=Callable[..., Any])


def row(name: str) -> Callable[[Function], Function]:
    """Marks the public function of a row of the table."""

    def mark(function: Function) -> Function:
        function.__dy2static_op__ = name  # type: ignore[attr-defined]
        return function

    return mark


def as_it_is(function: Function) -> Function:
    """Marks a function that the converter calls as it is, with Variables: it looks at types only."""
    function.__dy2static_inline__ = True  # type: ignore[attr-defined]
    return function


def staged(name: str, *args: Any) -> Any:
    """The row of that name: its op where a Variable is among the arguments, else its kernel."""
    builder = builder_of(args)
    if builder is None and TABLE[name].effect == "random":
        builder = current_builder()  # of a function that is being converted: each of its calls draws anew
    return TABLE[name].kernel(*args) if builder is None else builder.emit(name, *args)


@as_it_is
def check(op: str, known: str, value: Any, /, **expected: tuple[Any, tuple[Dim, ...]]) -> None:
    """Raises ValueError, or ProgramError where a program is built by hand, unless arguments have the shapes they must.

    known      names the argument `value`, whose shape tells the others'
    expected   by name: the argument, which may be None, and its dims; None is any dim
    """
    builder = builder_of([value, *(other for other, _ in expected.values())])
    for name, (other, dims) in expected.items():
        shape = None if other is None else known_type(other).shape
        if shape is None or len(shape) == len(dims) and not any(map(differ, shape, dims)):
            continue
        wanted = ", ".join(str(dim) if isinstance(dim, (int, str)) else "?" for dim in dims)
        fault = f"{op}: argument {name!r} is {named(other)}, and must be of shape [{wanted}]"
        fault += "" if other is value else f": argument {known!r} is {named(value)}"
        if builder is None:
            raise ValueError(fault)
        builder.mismatch(fault)


@as_it_is
def check_dtype(op: str, name: str, value: Any, kinds: str, wanted: str) -> None:
    """The same of dtypes, each by the letter of its kind. Raises TypeError for arrays."""
    dtype = known_type(value).dtype
    if isinstance(dtype, np.dtype) and dtype.kind not in kinds:
        fault = f"{op}: argument {name!r} is {named(value)}, and must be {wanted}"
        builder = builder_of([value])
        if builder is None:
            raise TypeError(fault)
        builder.mismatch(fault)


@as_it_is
def refuse_while_converting(reason: str, cure: str) -> None:
    """Raises TracingError where a function is being converted."""
    if current_builder() is not None:
        error = TracingError(reason)
        error.cure = cure
        raise error


@as_it_is
def dims(value: Any) -> tuple[Dim, ...]:
    """The dims of a value as far as they are known; of one whose rank is not, none."""
    return known_type(value).shape or ()


def known_type(value: Any) -> TensorType:
    return value.type if isinstance(value, Variable) else type_of(np.asarray(value))


def named(value: Any) -> str:
    hint = value.value.hint if isinstance(value, Variable) else None
    return f"{known_type(value)} ({hint})" if hint else str(known_type(value))
