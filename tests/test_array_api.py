"""Each function of the Array API standard as a program of one op: its result is eager's, and its type is inferred."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dy2static import to_static
from runtime.ir import Slot
from runtime.types import TensorType, is_within, same_dtype, type_of
from tests.array_api import CALLS, KINDS, NAMES, Call, arguments, calls
from tests.harness import portrait


def is_here(text: str) -> bool:
    """Whether this NumPy has all the functions of a call; some came after 2.0."""
    for space, name in re.findall(r"xp\.(linalg\.|fft\.)?(\w+)", text):
        if not hasattr(getattr(np, space[:-1]) if space else np, name):
            return False
    return True


@pytest.mark.parametrize("call", [call for call in calls() if is_here(call.text)], ids=str)
def test_a_function_of_the_standard_gives_what_numpy_gives(call: Call) -> None:
    static = to_static(call.function)
    for dtype in KINDS[call.kind].split():
        args = arguments(dtype)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            try:
                expected = call.function(*args)
            except (TypeError, ValueError, np.linalg.LinAlgError) as error:
                with pytest.raises(type(error)):
                    static(*args)
                continue
            assert portrait(static(*args)) == portrait(expected), dtype
        assert_inferred(static.programs[-1], args, expected, f"{call.text} of {dtype}")


def assert_inferred(program: Any, args: tuple[Any, ...], result: Any, what: str) -> None:
    """The program's result has an inferred type: kind, dtype and rank are known, and each dim is right or unknown."""
    inferred = inferred_of(program.result, [value.type for value in program.block.results])
    sizes = sizes_of(program, args)
    found = flat(type_of(result), {})
    told = flat(inferred, sizes)
    if isinstance(inferred.items, TensorType):  # one type for all the items, in unknown number
        told = flat(inferred.items, sizes) * len(found)
    assert len(told) == len(found), what
    for mine, theirs in zip(told, found):
        line = f"{what}: inferred {mine}, found {theirs}"
        assert is_within(theirs, mine), line
        assert mine.kind == theirs.kind and mine.rank == theirs.rank, line
        assert same_dtype(mine.dtype, theirs.dtype), line


def sizes_of(program: Any, args: tuple[Any, ...]) -> dict[Any, int]:
    """What each symbol stands for. The inputs of the program are the arguments that it uses, in order."""
    parameters = dict(zip("x y v w q c i ix m s".split(), args))
    pairs = [(value.type.shape, np.shape(parameters[value.hint])) for value in program.block.inputs]
    return {dim: size for shape, sizes in pairs for dim, size in zip(shape or (), sizes)}


def inferred_of(template: Any, types: list[TensorType]) -> TensorType:
    if isinstance(template, Slot):
        return types[template.index]
    if isinstance(template, (tuple, list)):
        return TensorType("python", type(template), (), tuple(inferred_of(item, types) for item in template))
    return type_of(template)


def flat(type: TensorType, sizes: dict[Any, int]) -> list[TensorType]:
    """The type, or those of the items where it is a container of known length; sizes in the place of symbols."""
    if isinstance(type.items, tuple):
        return [one for item in type.items for one in flat(item, sizes)]
    return [type if not type.shape else replace(type, shape=tuple(sizes.get(dim, dim) for dim in type.shape))]


def test_every_function_of_the_standard_is_called() -> None:
    for space, names in NAMES.items():
        missing = [name for name in names.split() if not re.search(rf"\b{re.escape(space)}\.{name}\b", CALLS)]
        assert missing == [], space
