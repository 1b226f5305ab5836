"""Types: their text, what they hold, their join and broadcasting."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from runtime.types import (
    ANY,
    UNDEFINED,
    UNSET,
    TensorType,
    array,
    broadcast,
    is_within,
    join,
    parse,
    python,
    scalar,
    type_of,
)

TEXTS = [
    "float32[n, 3]",
    "float32[]",
    "float32[...]",
    "?[n]",
    "?[...]",
    "float32[?, 3]",
    "int64[0]",
    "bool[m]",
    "complex64[2, n]",
    "int",
    "float",
    "bool",
    "complex",
    "int64",
    "float32",
    "complex128",
    "uint8",
    "<U3[n]",
    "datetime64[2]",
    "datetime64[s]",
    "timedelta64[ms][n, 2]",
    ">f4",
    "str",
    "None",
    "dict",
    "?",
    "int64?",
    "float32?[n]",
    "int|unset",
    "tuple()",
    "tuple(int, tuple(float, tuple(int, float32[n, 3])), list(int, …))",
    "list(tuple(int, float), …)",
]
TYPES = [
    *(parse(text) for text in TEXTS),
    ANY,
    UNSET,
    scalar(None),
    array(None, ()),
    array("f4", ()),
    array("f8", (3,)),
    array("f8", ("n",)),
    array("f8", (None,)),
    TensorType(None, np.dtype("f8"), ()),
    TensorType(None, np.dtype("f8"), None),
    TensorType(None, None, (3,)),
    python(None),
    python(str),
    python(type(None)),
    python(tuple, ()),
    python(tuple, (python(int), python(float))),
    python(list),
    python(tuple, (python(int), python(int))),
    python(list, python(int)),
    python(list, (python(int),)),
    python(list, ()),
    python(list, (python(int), python(int))),
    replace(python(int), maybe=True),
    replace(scalar("f8"), maybe=True),
]


@pytest.mark.parametrize("text", TEXTS)
def test_parse_reads_what_str_writes(text: str) -> None:
    assert str(parse(text)) == text
    assert parse(str(parse(text))) == parse(text)


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "such as 'float32[n, 3]'"),
        ("float33", "knows no dtype 'float33'"),
        ("float32[n", "is not a type"),
        ("float32[-1]", "'-1' in 'float32[-1]' is not a dim"),
        ("float32[1.5]", "'1.5' in"),
        ("float32[None]", "'?' for any size"),
        ("float32[n,,3]", "a dim is missing in 'float32[n,,3]'"),
        ("float32[n,]", "a dim is missing"),
        ("float32[,]", "a dim is missing"),
        ("a b", "is not a type"),
        ("float32[n]]", "'n]' in"),
        ("?(3)", "is not a type"),
        ("tuple(int,)", "an item is missing in 'tuple(int,)'"),
        ("tuple(int, b)", "short form of 'int8'"),
        ("b", "'b' is a short form of 'int8'; write that"),
        ("<f4", "short form of 'float32'"),
        ("double", "short form of 'float64'"),
        ("U", "write a dtype such as 'float32'"),
    ],
)
def test_parse_refuses_what_is_no_type(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        parse(text)


@pytest.mark.parametrize(
    "value, text",
    [
        (1, "int"),
        (True, "bool"),
        (1.5, "float"),
        (1j, "complex"),
        (None, "None"),
        ("a", "str"),
        (np.float32(1), "float32"),
        (np.zeros(()), "float64[]"),
        (np.zeros((2, 0), "i1"), "int8[2, 0]"),
        ((1, 2.0), "tuple(int, float)"),
        ([], "list()"),
        ([np.zeros(2)], "list(float64[2])"),
        (UNDEFINED, "unset"),
    ],
)
def test_the_type_of_a_value_reads_as_its_kind_dtype_and_shape(value: Any, text: str) -> None:
    assert str(type_of(value)) == text


@pytest.mark.parametrize("one", TYPES, ids=str)
def test_a_type_joined_with_itself_stays(one: TensorType) -> None:
    assert join(one, one) == one
    assert is_within(one, one)


@pytest.mark.parametrize("one, other", list(itertools.combinations(TYPES, 2)), ids=lambda one: str(one))
def test_a_join_holds_both_whatever_their_order(one: TensorType, other: TensorType) -> None:
    joined = join(one, other)
    assert joined == join(other, one)
    assert hash(joined) == hash(join(other, one))
    assert is_within(one, joined) and is_within(other, joined)


@pytest.mark.parametrize("one", TYPES, ids=str)
def test_joins_do_not_hang_on_the_order(one: TensorType) -> None:
    for other, third in itertools.combinations(TYPES, 2):
        assert join(join(one, other), third) == join(one, join(other, third)), f"{one}, {other}, {third}"


def test_an_unknown_dtype_is_not_float64() -> None:
    """NumPy reads None as float64: np.dtype("f8") == None is true."""
    assert scalar(None) != scalar("f8")
    assert not is_within(scalar(None), scalar("f8"))
    assert join(scalar("f8"), scalar(None)) == scalar(None)
    assert join(array("f8", (2,)), array(None, (2,))) == array(None, (2,))


@pytest.mark.parametrize(
    "one, other, joined",
    [
        ("float32", "float32[]", "float32?"),
        ("float32[n]", "float32[m]", "float32[?]"),
        ("float32[n]", "float64[n]", "?[n]"),
        ("float32[n]", "float32[n, 1]", "float32[...]"),
        ("int", "float", "python"),
        ("int", "int64", "?"),
        ("float32[3]", "float32[n]", "float32[?]"),
        ("bool", "float32[2]", "?"),
        ("int64", "float64", "?"),
    ],
)
def test_a_join_keeps_what_both_share(one: str, other: str, joined: str) -> None:
    assert str(join(parse(one), parse(other))) == joined


def test_a_join_with_unset_may_be_unset() -> None:
    assert str(join(python(int), UNSET)) == "int|unset"
    assert join(join(python(int), UNSET), python(int)) == replace(python(int), maybe=True)
    assert not is_within(UNSET, python(int))


SHAPES = [(), (1,), (3,), (2, 3), (2, 1), (1, 3), (0, 3), (0,), (4, 1, 3)]


@pytest.mark.parametrize("shapes", list(itertools.product(SHAPES, repeat=2)), ids=str)
def test_known_shapes_broadcast_as_in_numpy(shapes: Any) -> None:
    try:
        expected = np.broadcast_shapes(*shapes)
    except ValueError:
        with pytest.raises(ValueError):
            broadcast(*shapes)
    else:
        assert broadcast(*shapes) == expected


@pytest.mark.parametrize("shapes", list(itertools.product(SHAPES, repeat=2)), ids=str)
def test_the_broadcast_shape_of_symbols_holds_that_of_their_sizes(shapes: Any) -> None:
    try:
        expected = np.broadcast_shapes(*shapes)
    except ValueError:
        return
    named = [tuple(f"n{dim}" for dim in shape) for shape in shapes]
    unknown = [(None,) * len(shape) for shape in shapes]
    for one, other in itertools.product((shapes[0], named[0], unknown[0]), (shapes[1], named[1], unknown[1])):
        found = broadcast(one, other)
        assert found is not None and len(found) == len(expected)
        for dim, size in zip(found, expected):
            assert dim is None or int(str(dim).lstrip("n")) == size


def test_an_unknown_rank_stays_unknown_in_broadcasting() -> None:
    assert broadcast((3,), None) is None
    assert broadcast() == ()
