"""What a rule may be told of the arguments of a call, from all to little, and whether its answer holds the result.

    args (float32 [[1, 2, 3]],)   told   float32[1, 3], float32[n1, n3], float32[?, ?], float32[...], ?[1, 3] …
"""

from __future__ import annotations

import copy
import itertools
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from runtime.opdef import OpDef
from runtime.types import ANY, TensorType, is_within, item_type, type_of

Teller = Callable[[Any, "Iterator[int]"], TensorType]
NUMBERS = (bool, int, float, complex)


def result_of(row: OpDef, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[bool, Any]:
    """(True, what the kernel gives) or (False, its exception). The arguments stay as they are."""
    if not any(type(arg) is type(np.empty(0).flags) for arg in args):  # which cannot be copied
        args, kwargs = copy.deepcopy((args, kwargs))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return True, row.kernel(*args, **kwargs)
        except Exception as caught:
            return False, caught


def all_known(value: Any, counter: Iterator[int]) -> TensorType:
    return type_of(value)


def symbol_by_size(value: Any, counter: Iterator[int]) -> TensorType:
    known = type_of(value)
    return replace(known, shape=tuple(f"n{dim}" for dim in known.shape or ()))


def symbol_by_place(value: Any, counter: Iterator[int]) -> TensorType:
    known = type_of(value)
    return replace(known, shape=tuple(f"p{next(counter)}x{dim}" for dim in known.shape or ()))


def sizes_unknown(value: Any, counter: Iterator[int]) -> TensorType:
    known = type_of(value)
    return replace(known, shape=(None,) * (known.rank or 0))


def rank_unknown(value: Any, counter: Iterator[int]) -> TensorType:
    known = type_of(value)
    return replace(known, shape=None) if known.is_array else known


def dtype_unknown(value: Any, counter: Iterator[int]) -> TensorType:
    return replace(type_of(value), dtype=None)


def kind_unknown(value: Any, counter: Iterator[int]) -> TensorType:
    known = type_of(value)
    return replace(known, kind=None) if not known.is_array or known.shape == () else known


def shape_and_kind_unknown(value: Any, counter: Iterator[int]) -> TensorType:
    return replace(type_of(value), kind=None, shape=None)


def nothing_known(value: Any, counter: Iterator[int]) -> TensorType:
    return ANY


TELLERS: tuple[Teller, ...] = (
    all_known, symbol_by_size, symbol_by_place, sizes_unknown, rank_unknown, dtype_unknown, kind_unknown,
    shape_and_kind_unknown, nothing_known,
)  # fmt: skip


def told(template: Any, teller: Teller, numbers: bool) -> Any:
    """`template` as a rule sees it: types for arrays and scalars, and for Python numbers too if `numbers`."""
    counter = itertools.count()

    def see(value: Any) -> Any:
        if isinstance(value, (np.ndarray, np.generic)):
            return teller(value, counter)
        if type(value) in NUMBERS and numbers:
            return type_of(value) if teller is not nothing_known else ANY
        if type(value) in (tuple, list):
            return type(value)([see(item) for item in value])
        if isinstance(value, dict):
            return {key: see(item) for key, item in value.items()}
        if isinstance(value, slice):
            return slice(see(value.start), see(value.stop), see(value.step))
        return value

    return see(template)


def substituted(type: TensorType) -> TensorType:
    """`type` with the sizes that its symbols name: n3 is 3, p0x3 is 3."""
    shape = type.shape and tuple(int(dim.rpartition("n")[2].rpartition("x")[2]) if isinstance(dim, str) else dim
                                 for dim in type.shape)  # fmt: skip
    items = type.items
    if isinstance(items, tuple):
        items = tuple(map(substituted, items))
    elif items is not None:
        items = substituted(items)
    return replace(type, shape=shape, items=items)


def wrong_types(row: OpDef, args: tuple[Any, ...], kwargs: dict[str, Any], exact: bool = False) -> Iterator[str]:
    """A line for each thing a rule may be told from which it infers a type that does not hold the result.

    With `exact`, what it infers where all is known must be the result's type itself.
    """
    worked, result = result_of(row, args, kwargs)
    if not worked:
        return
    actual = type_of(result)
    for teller in TELLERS:
        for numbers in (False, True):
            seen, named = told(args, teller, numbers), told(kwargs, teller, numbers)
            inferred = substituted(row.infer(*seen, **named))
            if not is_within(actual, inferred):
                yield f"{row.name}{_shown(seen, named)} is {actual}, and not {inferred} ({teller.__name__})"
            elif exact and teller is all_known and not numbers and not is_same(actual, inferred):
                yield f"{row.name}{_shown(seen, named)} is {actual}, of which only {inferred} is known"


def is_same(actual: TensorType, inferred: TensorType) -> bool:
    if isinstance(actual.items, tuple) and not isinstance(inferred.items, tuple):
        return item_type(actual.items) == inferred.items
    return actual == inferred


def _shown(args: Any, kwargs: Any) -> str:
    parts = [_text(arg) for arg in args] + [f"{key}={_text(value)}" for key, value in kwargs.items()]
    return f"({', '.join(parts)})"


def _text(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return f"{type(value).__name__}({', '.join(map(_text, value))})"
    return str(value)
