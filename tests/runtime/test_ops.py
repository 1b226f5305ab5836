"""The op table: what a row infers holds what its kernel gives, and names, effects and kernels are what they say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from runtime import ops
from runtime.opdef import TABLE, OpDef, unknown
from runtime.ops import operators, reduction
from runtime.ops.elementwise import ufuncs
from runtime.types import parse
from tests.runtime.abstraction import result_of, wrong_types
from tests.runtime.op_calls import DTYPES, arguments, calls, candidates, filled

NAMES = sorted(ops.listed_names())
PYTHON_NUMBERS = [True, 3, 2, 1.5, 0.5, 1j]
CALLS = list(calls())
# Rows of which nothing is tried: they hold Blocks, act on the world, or end the run.
APART = {"control", "io", "raise", "random"}


def values(dtype: np.dtype[Any]) -> list[Any]:
    shapes = [(), (3,), (2, 3), (2, 1), (0, 3), (1,)]
    return [dtype.type(2), *(filled(dtype, shape) for shape in shapes)]


NUMPY_VALUES = [value for dtype in DTYPES for value in values(dtype)]
SINGLES = [(value,) for value in PYTHON_NUMBERS + NUMPY_VALUES]
# Of all pairs a part, to keep the tests short: 13 is prime to the number of values, so that dtypes and shapes mix.
PAIRS = list(itertools.product(PYTHON_NUMBERS + NUMPY_VALUES, repeat=2))[::13]


def assert_no_line(lines: Iterator[str]) -> None:
    found = list(lines)
    assert not found, "\n".join(found[:10])


@pytest.mark.parametrize("name", [*operators.BINARY, *operators.COMPARE, *operators.INPLACE, "divmod"])
def test_a_binary_operator_infers_exactly_what_python_and_numpy_give(name: str) -> None:
    exact = not name.endswith("power")  # before NumPy 2.3 the dtype hangs on the value of the exponent
    for pair in PAIRS:
        assert_no_line(wrong_types(TABLE[name], pair, {}, exact))


@pytest.mark.parametrize("name", operators.UNARY)
def test_a_unary_operator_infers_exactly_what_python_and_numpy_give(name: str) -> None:
    for single in SINGLES:
        assert_no_line(wrong_types(TABLE[name], single, {}, exact=True))


@pytest.mark.parametrize("name", ufuncs())
def test_a_ufunc_infers_exactly_what_numpy_gives(name: str) -> None:
    ufunc = ufuncs()[name]
    for args in SINGLES if ufunc.nin == 1 else PAIRS[::3]:
        assert_no_line(wrong_types(TABLE["np." + name], args, {}, exact=True))


@pytest.mark.parametrize("name", [*reduction.FUNCTIONS, *reduction.CUMULATIVE])
def test_a_reduction_infers_exactly_what_numpy_gives(name: str) -> None:
    parameters = (reduction.FUNCTIONS | reduction.CUMULATIVE)[name].split()
    axes = [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 1)}, {"axis": 1}]
    flags: list[dict[str, Any]] = [{}, *([{"keepdims": True}] if "keepdims" in parameters else [])]
    rows = [TABLE["np." + name], *([TABLE["." + name]] if name in reduction.METHODS else [])]
    lists: list[Any] = [[1, 2], [[1.0, 2], [3, 4]]]
    cases = list(itertools.product(NUMPY_VALUES + lists, axes, flags, rows))
    for value, axis, flag, row in cases[:: 1 + 2 * (len(cases) > 500)]:
        if row.name[0] != "." or not isinstance(value, list):
            assert_no_line(wrong_types(row, (value,), axis | flag, exact=True))


KEYS = """
0  -1  1:2  ::-1  ...  None  0,1,2  0,1  ...,0  0,...  0,1,2,...  None,0  0,None,...  :1  1:  :-1  5:  2:0:-1  0:
np.int64(1)  np.int64(1),0  i  i2  i,0  0,i  i,:,0  0,:,i  :,i,i2  :,i,0  :,0,i  i,i  i,None,i  ...,i  i,...,i  i,...
m  m,0  m,:,i  M  M[0],  m,i2  m,m  None,m,None  [0,1]  [True,False]  [[0,1]]  []  :,[0]  True  False  np.bool_(True)
True,0  0,True  np.array(True)  np.array(1)  np.array(1),i  0,np.int64(1),np.array(0)  np.array([],int)
np.array([0],np.uint8),  0:np.int64(2)  ...,None  0,slice(None),[1,2]
"""


class Keys:
    def __getitem__(self, key: Any) -> Any:
        return key


@pytest.mark.parametrize("key", KEYS.split())
def test_getitem_infers_what_numpy_gives(key: str) -> None:
    masks = {"m": np.array([True, False]), "M": filled(DTYPES[2], (2, 3, 4)) > 2}
    indices = {"i": np.array([0, 1]), "i2": np.array([[0, 1], [1, 0]]), "i3": None}
    value = eval(f"keys[{key}]", {"np": np, "keys": Keys(), **masks, **indices})
    exact = not any(
        word in key for word in ("m", "M", "bool", "array(True)", ":np.int64")
    )  # what a mask picks is known only when the program runs
    for shape in [(2, 3, 4), (4,), (), (0, 3), (1, 1), (2, 2)]:
        for one in (filled(DTYPES[5], shape), filled(DTYPES[7], shape)):
            assert_no_line(wrong_types(TABLE["getitem"], (one, value), {}, exact))
    assert_no_line(wrong_types(TABLE["getitem"], (np.float32(1), value), {}, exact))


def is_in_this_numpy(name: str) -> bool:
    try:
        eval(name, {"np": np})
    except AttributeError:
        return False
    return True


@pytest.mark.parametrize(
    "call", [call for call in CALLS if call.row[:3] != "np." or is_in_this_numpy(call.row)], ids=lambda call: call.text
)
def test_the_type_of_a_call_holds_its_result(call: Any) -> None:
    row = ops.find(call.row)
    assert row is not None, f"no row is named {call.row}"
    worked = 0
    for dtype in DTYPES:
        names = arguments(dtype)
        try:
            args, kwargs = call.arguments(names)
        except (TypeError, np.linalg.LinAlgError):
            continue  # an argument of the call is not defined for this dtype
        worked += result_of(row, args, kwargs)[0]
        assert_no_line(wrong_types(row, args, kwargs))
    assert worked, f"{call.text} never works"


@pytest.mark.parametrize("name", NAMES)
def test_the_type_of_whatever_a_row_takes_holds_its_result(name: str) -> None:
    row = ops.find(name)
    assert row is not None
    if row.effect in APART or row.rule is unknown:
        return
    start = sum(map(ord, name))  # the dtypes go round, and each row takes every other candidate
    for number in range(start % 2, len(candidates(DTYPES[0])), 2):
        args = candidates(DTYPES[(start + number) % len(DTYPES)])[number]
        assert_no_line(wrong_types(row, args, {}))


def test_each_row_is_called_by_a_test() -> None:
    called = {call.row for call in CALLS}
    rows = [
        row for row in map(ops.find, NAMES) if row is not None and row.effect not in APART and row.rule is not unknown
    ]
    rows = [
        row for row in rows if getattr(row.kernel, "__module__", None) != "runtime.ops.objects"
    ]  # of classes that tests define
    silent = [row.name for row in rows if row.name not in called and not _takes_a_candidate(row)]
    assert silent == []


def _takes_a_candidate(row: OpDef) -> bool:
    return any(result_of(row, args, {})[0] for dtype in DTYPES[3:6] for args in candidates(dtype))


# What is inferred where sizes are symbols: the call, and the type as text.
SYMBOLIC = [
    ("add", ["float32[n]", "float32[n]"], "float32[n]"),
    ("add", ["float32[n, m]", "int8[m]"], "float32[n, m]"),
    ("add", ["float32[n]", "float32[m]"], "float32[?]"),
    ("add", ["float32[n]", "int"], "float32[n]"),
    ("add", ["int8", "float"], "float64"),
    ("add", ["int", "bool"], "int"),
    ("divide", ["int", "int"], "float"),
    ("power", ["float32[n]", "float"], "float32[n]"),
    ("less", ["?[n]", "float32[n, 1]"], "bool[n, n]"),
    ("matmul", ["float32[b, n, k]", "float32[k, m]"], "float32[b, n, m]"),
    ("np.tanh", ["int8[n]"], "float16[n]"),
    ("np.sum", ["float32[n, 3]"], "float32"),
    (".mean", ["int64[n, 3]", 0], "float64[3]"),
    (".sum", ["float32[n, m]", "int"], "float32[?]"),
    (".reshape", ["float32[n]", -1, 1], "float32[n, 1]"),
    (".reshape", ["float32[n, 4]", (-1, 2, 2)], "float32[n, 2, 2]"),
    (".T", ["float32[n, m]"], "float32[m, n]"),
    ("np.transpose", ["float32[n, m, 3]", (2, 0, 1)], "float32[3, n, m]"),
    ("np.concatenate", [["float32[n, 3]", "float64[2, 3]"]], "float64[?, 3]"),
    ("np.concatenate", [["float32[n, 3]", "float32[n, 2]"], 1], "float32[n, 5]"),
    ("np.stack", [["float32[n]", "float32[n]"]], "float32[2, n]"),
    ("np.where", ["bool[n]", "float32[n]", 0.0], "float32[n]"),
    ("np.take", ["float32[n, 3]", "int64[k]", 0], "float32[k, 3]"),
    ("getitem", ["float32[n, 3]", "int"], "float32[3]"),
    ("getitem", ["float32[n]", "int"], "float32"),
    ("getitem", ["float32[n, 3]", (slice(None), "int64[k]")], "float32[n, k]"),
    ("getitem", ["float32[n]", slice(None, None, -1)], "float32[n]"),
    ("getitem", ["float32[n]", slice(1, None)], "float32[?]"),
    ("getitem", ["float32[n, 3]", "bool[n]"], "float32[?, 3]"),
    ("getitem", ["float32[n, 5]", (Ellipsis, None, slice(1, 3))], "float32[n, 1, 2]"),
    ("np.zeros_like", ["int8[n, 2]"], "int8[n, 2]"),
    ("np.zeros", ["int"], "float64[?]"),
    ("np.linalg.norm", ["float32[n, 3]"], "float32"),
    ("np.linalg.norm", ["float32[n, 3]", None, 1], "float32[n]"),
    ("np.linalg.solve", ["float32[n, n]", "float32[n]"], "float32[n]"),
    ("np.linalg.svd", ["float64[n, n]"], None),
    ("np.fft.fft", ["float32[n]"], "complex64[n]"),
    ("np.einsum", ["ij,jk->ik", "float32[n, k]", "float32[k, m]"], "float32[n, m]"),
    ("np.outer", ["float32[n]", "float32[m]"], "float32[n, m]"),
    ("np.meshgrid", ["float32[n]", "float32[m]"], None),
    ("np.clip", ["float32[n]", 0, 1], "float32[n]"),
    (".astype", ["float32[n]", np.int8], "int8[n]"),
    (".item", ["float32[]"], "float"),
    ("float", ["float32"], "float"),
    ("len", ["float32[n]"], "int"),
    ("round", ["float"], "int"),
    ("math.sqrt", ["float32"], "float"),
    ("max", ["int", "int"], "int"),
    ("np.add", ["float32[...]", "float32[n]"], "float32[...]"),
    ("np.sum", ["float32[...]"], "float32"),
    ("np.float32", ["float"], "float32"),
]


@pytest.mark.parametrize("name, args, expected", SYMBOLIC, ids=lambda value: str(value)[:40])
def test_symbols_go_from_the_arguments_to_the_result(name: str, args: list[Any], expected: str | None) -> None:
    row = ops.find(name)
    assert row is not None
    inferred = row.infer(*map(_read, args))
    if expected is None:
        assert inferred.items
    else:
        assert str(inferred) == str(parse(expected))


def _read(arg: Any) -> Any:
    """An argument of SYMBOLIC: text that writes a type is one."""
    if isinstance(arg, (tuple, list)):
        return type(arg)(map(_read, arg))
    return parse(arg) if isinstance(arg, str) and "->" not in arg else arg
