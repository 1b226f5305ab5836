"""The op table: what a row infers holds what its kernel gives, and names, effects and kernels are what they say."""

from __future__ import annotations

import itertools
import math
import operator
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime import ops
from runtime.ir import Call
from runtime.opdef import TABLE, OpDef, unknown
from runtime.ops import operators, reduction
from runtime.ops.elementwise import ufuncs
from runtime.types import UNDEFINED, parse
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
# Of all pairs a part: 7 has no common factor with the number of values, so every dtype and shape meets every other.
PAIRS = list(itertools.product(PYTHON_NUMBERS + NUMPY_VALUES, repeat=2))[::7]


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
    for args in SINGLES if ufunc.nin == 1 else PAIRS[::5]:
        assert_no_line(wrong_types(TABLE["np." + name], args, {}, exact=True))


@pytest.mark.parametrize("name", [*reduction.FUNCTIONS, *reduction.CUMULATIVE])
def test_a_reduction_infers_exactly_what_numpy_gives(name: str) -> None:
    parameters = (reduction.FUNCTIONS | reduction.CUMULATIVE)[name].split()
    axes = [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 1)}, {"axis": 1}]
    flags: list[dict[str, Any]] = [{}, *([{"keepdims": True}] if "keepdims" in parameters else [])]
    rows = [TABLE["np." + name], *([TABLE["." + name]] if name in reduction.METHODS else [])]
    lists: list[Any] = [[1, 2], [[1.0, 2], [3, 4]]]
    for row, value, axis, flag in itertools.product(rows, NUMPY_VALUES + lists, axes, flags):
        if row.name[0] != "." or not isinstance(value, list):
            assert_no_line(wrong_types(row, (value,), axis | flag, exact=True))


KEYS = """
0  -1  1:2  ::-1  ...  None  0,1,2  0,1  ...,0  0,...  0,1,2,...  None,0  0,None,...  :1  1:  :-1  5:  2:0:-1  0:  np.int64(1)  np.int64(1),0
i  i2  i,0  0,i  i,:,0  0,:,i  :,i,i2  :,i,0  :,0,i  i,i  i,None,i  ...,i  i,...,i  i,...  m  m,0  m,:,i  M  M[0],  m,i2  m,m  None,m,None
[0,1]  [True,False]  [[0,1]]  []  :,[0]  True  False  np.bool_(True)  True,0  0,True  np.array(True)  np.array(1)  np.array(1),i  0,np.int64(1),np.array(0)
np.array([],int)  np.array([0],np.uint8),  0:np.int64(2)  ...,None  0,slice(None),[1,2]
"""


class Keys:
    def __getitem__(self, key: Any) -> Any:
        return key


@pytest.mark.parametrize("key", KEYS.split())
def test_getitem_infers_what_numpy_gives(key: str) -> None:
    masks = {"m": np.array([True, False]), "M": filled(DTYPES[2], (2, 3, 4)) > 2}
    indices = {"i": np.array([0, 1]), "i2": np.array([[0, 1], [1, 0]]), "i3": None}
    value = eval(f"keys[{key}]", {"np": np, "keys": Keys(), **masks, **indices})
    exact = not any(word in key for word in ("m", "M", "bool", "array(True)", ":np.int64"))  # what a mask picks is known only when the program runs
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


@pytest.mark.parametrize("call", [call for call in CALLS if call.row[:3] != "np." or is_in_this_numpy(call.row)], ids=lambda call: call.text)
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
    start = sum(map(ord, name))  # the dtypes go round, so that the tests stay short
    for number in range(len(candidates(DTYPES[0]))):
        args = candidates(DTYPES[(start + number) % len(DTYPES)])[number]
        assert_no_line(wrong_types(row, args, {}))


def test_each_row_is_called_by_a_test() -> None:
    called = {call.row for call in CALLS}
    rows = [row for row in map(ops.find, NAMES) if row is not None and row.effect not in APART and row.rule is not unknown]
    rows = [row for row in rows if getattr(row.kernel, "__module__", None) != "runtime.ops.objects"]  # of classes that tests define
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


NAMED = [
    (np.sum, "np.sum"), (np.abs, "np.absolute"), (np.concat, "np.concatenate"), (np.linalg.norm, "np.linalg.norm"),
    (np.add.reduce, "np.add.reduce"), (np.float32, "np.float32"), (float, "float"), (len, "len"), (math.sqrt, "math.sqrt"),
    (operator.add, "add"), (operator.iadd, "iadd"), (operator.getitem, "getitem"), (np.random.normal, "np.random.normal"),
    (np.fft.rfft, "np.fft.rfft"), (random.random, "random.random"), (np.maximum.accumulate, "np.maximum.accumulate"),
    (np.polynomial.polynomial.polyval, "np.polynomial.polynomial.polyval"), (np.save, None), (np.vectorize, None),
    (lambda x: x, None), (3, None), (dict.get, None), (np.amax, "np.amax"), (abs, "abs"), (pow, "pow"), (np.matmul, "np.matmul"),
    (np.lib.stride_tricks.sliding_window_view, "np.lib.stride_tricks.sliding_window_view"),
]  # fmt: skip


@pytest.mark.parametrize("function, name", NAMED, ids=lambda value: getattr(value, "__name__", str(value)))
def test_a_function_is_named_as_its_row(function: Any, name: str | None) -> None:
    assert ops.name_of(function) == name


def test_each_public_function_of_numpy_has_a_row_or_a_reason() -> None:
    public = {name: getattr(np, name) for name in np.__all__ if not name.startswith("_")}
    functions = {name for name, value in public.items() if callable(value) and not isinstance(value, type)}
    assert {name for name in functions if ops.find("np." + name) is None and "np." + name not in ops.REFUSED} == set()


def test_each_function_of_linalg_and_fft_has_a_row() -> None:
    for space, module in (("np.linalg", np.linalg), ("np.fft", np.fft)):
        names = [name for name in module.__all__ if not isinstance(getattr(module, name), type)]
        assert [name for name in names if ops.find(f"{space}.{name}") is None] == []


def test_each_public_name_of_an_array_has_a_row_or_a_reason() -> None:
    removed = {"itemset", "newbyteorder", "ptp", "tostring"}  # in NumPy 2 reading them raises AttributeError
    names = {name for name in dir(np.ndarray) + dir(np.float64) if not name.startswith("_")} - removed
    assert {name for name in names if "." + name not in TABLE and "." + name not in ops.REFUSED} == set()


@pytest.mark.parametrize("cls", [int, float, complex, bool, str, tuple, list, dict, set, range])
def test_each_public_name_of_a_python_value_has_a_row(cls: type) -> None:
    assert {name for name in dir(cls) if not name.startswith("_") and "." + name not in TABLE} == set()


def test_a_refused_name_has_no_row() -> None:
    assert [name for name in ops.REFUSED if ops.find(name) is not None] == []


def test_a_name_outside_the_lists_has_no_row() -> None:
    assert [name for name in ("np.os", "np.linalg.os", "os.system", "np.add.__call__", "eval", "np", "") if ops.find(name)] == []


WRITES = [
    ("np.add", (1, 2), {}, False), ("np.add", (1, 2), {"out": 3}, True), ("np.add", (1, 2, 3), {}, True),
    ("np.add", (1, 2, None), {}, False), ("np.add", (1, 2), {"out": None}, False), ("np.sum", (1, 0, None, 3), {}, True),
    ("np.max", (1, 0, None), {}, False), ("np.max", (1, 0, 3), {}, True), (".sum", (1,), {"out": 2}, True),
    (".clip", (1, 2, 3), {}, False), ("np.clip", (1, 2, 3, 4), {}, True), (".fill", (1, 2), {}, True), ("iadd", (1, 2), {}, True),
    (".append", (1, 2), {}, True), ("np.copyto", (1, 2), {}, True), ("np.add.at", (1, 2, 3), {}, True),
    ("np.random.shuffle", (1,), {}, True), (".shuffle", (1, 2), {}, True), ("np.random.normal", (), {}, False),
    (".byteswap", (1,), {}, False), (".byteswap", (1, True), {}, True), ("np.nan_to_num", (1,), {"copy": False}, True),
    ("np.nan_to_num", (1,), {}, False), ("np.median", (1,), {"overwrite_input": True}, True), ("np.median", (1,), {}, False),
    ("np.median", (1, None, None, True), {}, True), ("setitem", (1, 2, 3), {}, True), (".sort", (1,), {}, True), ("np.sort", (1,), {}, False),
    ("np.dot", (1, 2, 3), {}, True), ("np.dot", (1, 2), {}, False), ("np.take", (1, 2, 0, 3), {}, True), ("np.add.reduce", (1, 0, None, 2), {}, True),
    (".dot", (1, 2, 3), {}, True), ("np.matmul", (1, 2, 3), {}, True), ("np.cumsum", (1, 0, None, 2), {}, True), ("np.divmod", (1, 2, None, 3), {}, True),
    ("np.ldexp", (1, 2), {}, False), ("np.linalg.norm", (1, 2, 0), {}, False), (".standard_normal", (1,), {"out": 2}, True),
    ("np.concatenate", ((1,), 0, 2), {}, True), ("setattr", (1, "shape", 2), {}, True), (".copy", (1,), {}, False), ("print", (1,), {}, False),
]  # fmt: skip


@pytest.mark.parametrize("name, args, kwargs, expected", WRITES, ids=str)
def test_a_call_writes_where_it_changes_an_argument(name: str, args: tuple[Any, ...], kwargs: Any, expected: bool) -> None:
    row = ops.find(name)
    assert row is not None
    assert ops.writes(row, Call(args, kwargs)) is expected


UNPACKED = [(1, 2), [], "ab", range(3), 5, np.arange(3), np.float64(1), {"a": 1}]


@pytest.mark.parametrize("value, count", list(itertools.product(UNPACKED, range(4))))
def test_unpack_does_what_an_assignment_does(value: Any, count: int) -> None:
    targets = ", ".join(f"a{number}" for number in range(count))
    assert _outcome(lambda: TABLE["unpack"].kernel(value, count)) == _outcome(lambda: _assigned(f"[{targets}]", targets, value))


@pytest.mark.parametrize("value", [(), (1,), (1, 2), (1, 2, 3, 4)])
def test_unpack_gives_the_rest_to_the_starred_name(value: tuple[int, ...]) -> None:
    expected = _outcome(lambda: _assigned("a, *b, c", "a, b, c", value))
    assert _outcome(lambda: TABLE["unpack"].kernel(value, 3, 1)) == expected


def _assigned(targets: str, names: str, value: Any) -> Any:
    scope = {"value": value}
    exec(f"{targets} = value\nresult = ({names}{',' if names else ''})", scope)
    return scope["result"]


def _outcome(function: Any) -> Any:
    try:
        return function()
    except Exception as error:
        return type(error), str(error)


def test_defined_raises_what_python_raises_for_an_unset_name() -> None:
    def reads_unset() -> Any:
        if not reads_unset:
            z = 1
        return z

    assert TABLE["defined"].kernel(3, "z") == 3
    expected = _outcome(reads_unset)
    assert _outcome(lambda: TABLE["defined"].kernel(UNDEFINED, "z")) == expected
    assert _outcome(lambda: TABLE["defined"].kernel(UNDEFINED, "z", False)) == (NameError, "name 'z' is not defined")


def test_fstring_gives_what_an_f_string_gives() -> None:
    value, width = "é", 6
    parts = ("a", (value, None, ""), (value, "r", f">{width}"), (1.5, -1, ".2f"), (value, ord("a"), ""))
    assert TABLE["fstring"].kernel(*parts) == f"a{value}{value!r:>{width}}{1.5:.2f}{value!a}"


def test_raise_and_assert_raise() -> None:
    assert _outcome(lambda: TABLE["raise"].kernel(ValueError, "no", 1)) == (ValueError, "('no', 1)")
    assert _outcome(lambda: TABLE["raise"].kernel(KeyError("k"))) == (KeyError, "'k'")
    assert _outcome(lambda: TABLE["assert"].kernel(np.False_, "why")) == (AssertionError, "why")
    assert _outcome(lambda: TABLE["assert"].kernel([])) == (AssertionError, "")
    assert TABLE["assert"].kernel(1, "why") is None
    with pytest.raises(ValueError) as caught:
        TABLE["raise"].kernel(ValueError, cause=None)
    assert caught.value.__suppress_context__


def test_setattr_sets_the_attributes_of_arrays_only() -> None:
    x = np.arange(2)
    TABLE["setattr"].kernel(x, "flat", 7)
    assert x.tolist() == [7, 7]
    with pytest.raises(AttributeError):
        TABLE["setattr"].kernel(x, "__class__", int)


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.source is not None and name != ".flat"])
def test_the_source_of_a_row_does_what_its_kernel_does(name: str) -> None:
    row = TABLE[name]
    source = row.source or ""
    count = 1 + ("{1}" in source)
    compiled = eval(f"lambda a0, a1=None: {source.format('a0', 'a1')}")
    for args in [(3, 2), (True, False), (2.5, 2), ("ab", 1), ([1, 2], 1), (filled(DTYPES[5], (2, 3)), np.array([[1], [0]])), (1 + 2j, 3)]:
        with np.errstate(all="ignore"):
            assert repr(_outcome(lambda: row.kernel(*args[:count]))) == repr(_outcome(lambda: compiled(*args[:count])))


IMPORT = """
import time
start = time.perf_counter()
import numpy
middle = time.perf_counter()
import runtime.ops
print((time.perf_counter() - middle) / (middle - start))
"""


def test_importing_the_table_takes_less_than_half_of_importing_numpy(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    root = Path(ops.__file__).parents[2]
    command = [sys.executable, "-c", IMPORT]
    ratios = [
        float(subprocess.run(command, capture_output=True, check=True, cwd=root, env=environment).stdout) for _ in range(4)
    ]
    assert min(ratios) < 0.5
