"""The op table: names, sources, effects and kernels of the rows are what they say."""

from __future__ import annotations

import itertools
import math
import operator
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime import ops
from runtime.ir import Call
from runtime.opdef import TABLE
from runtime.types import UNDEFINED, parse, python
from tests.runtime.op_calls import DTYPES, filled

NAMED = [
    (np.sum, "np.sum"), (np.abs, "np.absolute"), (np.concat, "np.concatenate"), (np.linalg.norm, "np.linalg.norm"),
    (np.add.reduce, "np.add.reduce"), (np.float32, "np.float32"), (float, "float"), (len, "len"),
    (math.sqrt, "math.sqrt"), (operator.add, "add"), (operator.iadd, "iadd"), (operator.getitem, "getitem"),
    (np.random.normal, "np.random.normal"), (np.fft.rfft, "np.fft.rfft"), (random.random, "random.random"),
    (np.maximum.accumulate, "np.maximum.accumulate"),
    (np.polynomial.polynomial.polyval, "np.polynomial.polynomial.polyval"), (np.save, None), (np.vectorize, None),
    (lambda x: x, None), (3, None), (dict.get, None), (np.amax, "np.amax"), (abs, "abs"), (pow, "pow"),
    (np.matmul, "np.matmul"), (np.lib.stride_tricks.sliding_window_view, "np.lib.stride_tricks.sliding_window_view"),
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
    assert [
        name for name in ("np.os", "np.linalg.os", "os.system", "np.add.__call__", "eval", "np", "") if ops.find(name)
    ] == []


WRITES = [
    ("np.add", (1, 2), {}, False), ("np.add", (1, 2), {"out": 3}, True), ("np.add", (1, 2, 3), {}, True),
    ("np.add", (1, 2, None), {}, False), ("np.add", (1, 2), {"out": None}, False),
    ("np.sum", (1, 0, None, 3), {}, True), ("np.max", (1, 0, None), {}, False), ("np.max", (1, 0, 3), {}, True),
    (".sum", (1,), {"out": 2}, True), (".clip", (1, 2, 3), {}, False), ("np.clip", (1, 2, 3, 4), {}, True),
    (".fill", (1, 2), {}, True), ("iadd", (1, 2), {}, True), (".append", (1, 2), {}, True),
    ("np.copyto", (1, 2), {}, True), ("np.add.at", (1, 2, 3), {}, True), ("np.random.shuffle", (1,), {}, True),
    (".shuffle", (1, 2), {}, True), ("np.random.normal", (), {}, False), (".byteswap", (1,), {}, False),
    (".byteswap", (1, True), {}, True), ("np.nan_to_num", (1,), {"copy": False}, True),
    ("np.nan_to_num", (1,), {}, False), ("np.median", (1,), {"overwrite_input": True}, True),
    ("np.median", (1,), {}, False), ("np.median", (1, None, None, True), {}, True), ("setitem", (1, 2, 3), {}, True),
    (".sort", (1,), {}, True), ("np.sort", (1,), {}, False), ("np.dot", (1, 2, 3), {}, True),
    ("np.dot", (1, 2), {}, False), ("np.take", (1, 2, 0, 3), {}, True), ("np.add.reduce", (1, 0, None, 2), {}, True),
    (".dot", (1, 2, 3), {}, True), ("np.matmul", (1, 2, 3), {}, True), ("np.cumsum", (1, 0, None, 2), {}, True),
    ("np.divmod", (1, 2, None, 3), {}, True), ("np.ldexp", (1, 2), {}, False),
    ("np.linalg.norm", (1, 2, 0), {}, False), (".standard_normal", (1,), {"out": 2}, True),
    ("np.concatenate", ((1,), 0, 2), {}, True), ("setattr", (1, "shape", 2), {}, True), (".copy", (1,), {}, False),
    ("print", (1,), {}, False),
]  # fmt: skip


@pytest.mark.parametrize("name, args, kwargs, expected", WRITES, ids=str)
def test_a_call_writes_where_it_changes_an_argument(
    name: str, args: tuple[Any, ...], kwargs: Any, expected: bool
) -> None:
    row = ops.find(name)
    assert row is not None
    assert ops.writes(row, Call(args, kwargs)) is expected


UNPACKED = [(1, 2), [], "ab", range(3), 5, np.arange(3), np.float64(1), {"a": 1}]


@pytest.mark.parametrize("value, count", list(itertools.product(UNPACKED, range(4))))
def test_unpack_does_what_an_assignment_does(value: Any, count: int) -> None:
    targets = ", ".join(f"a{number}" for number in range(count))
    assert _outcome(lambda: TABLE["unpack"].kernel(value, count)) == _outcome(
        lambda: _assigned(f"[{targets}]", targets, value)
    )


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
    for args in [
        (3, 2),
        (True, False),
        (2.5, 2),
        ("ab", 1),
        ([1, 2], 1),
        (filled(DTYPES[5], (2, 3)), np.array([[1], [0]])),
        (1 + 2j, 3),
    ]:
        with np.errstate(all="ignore"):
            assert repr(_outcome(lambda: row.kernel(*args[:count]))) == repr(_outcome(lambda: compiled(*args[:count])))


DRAWN = [
    ("np.random.normal", (), {}, "float"),
    ("np.random.normal", (), {"size": (2, 3)}, "float64[2, 3]"),
    ("np.random.rand", (4,), {}, "float64[4]"),
    ("np.random.rand", (python(int), 2), {}, "float64[?, 2]"),
    ("np.random.randint", (0, 5), {"size": 3}, "int64[3]"),
    ("np.random.uniform", (parse("float32[n]"),), {}, "float64[n]"),
    ("np.random.shuffle", (parse("float32[n]"),), {}, "None"),
    (".standard_normal", (python(np.random.Generator), 5), {}, "float64[5]"),
    (".standard_normal", (python(np.random.Generator),), {"dtype": np.float32}, "float"),
    (".integers", (python(np.random.Generator), 5), {}, "int64"),
    ("random.random", (), {}, "float"),
    ("random.randint", (0, 5), {}, "int"),
]


@pytest.mark.parametrize("name, args, kwargs, expected", DRAWN, ids=str)
def test_the_type_of_random_numbers_is_known_and_none_drawn(
    name: str, args: Any, kwargs: Any, expected: str
) -> None:
    before = str(np.random.get_state()), random.getstate()
    row = ops.find(name)
    assert row is not None and row.effect == "random"
    assert str(row.infer(*args, **kwargs)) == expected
    assert (str(np.random.get_state()), random.getstate()) == before


def test_a_trial_makes_no_big_array() -> None:
    big = 10**15
    assert str(TABLE["np.arange"].infer(big)) == f"int64[{big}]"
    assert str(TABLE["np.zeros"].infer((big, big))) == f"float64[{big}, {big}]"
    assert str(TABLE["multiply"].infer(python(list, (python(int),)), big)) == "list(int, …)"
    assert str(TABLE["np.linspace"].infer(0, 1, big)) == f"float64[{big}]"
    for name in ("np.tri", "np.hanning", "np.triu_indices", "np.fft.fftfreq", "np.indices"):
        row = ops.find(name)
        assert row is not None
        row.infer((big, big) if name == "np.indices" else big)


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
        float(subprocess.run(command, capture_output=True, check=True, cwd=root, env=environment).stdout)
        for _ in range(6)
    ]
    assert min(ratios) < 0.5
