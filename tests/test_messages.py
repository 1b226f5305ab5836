"""What is said to a user who gives a wrong thing: the right type of error, what was found, and the right form."""

from __future__ import annotations

import importlib.util
import re
import sys
import zipfile
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest

import runtime
from dy2static import ConversionError, InputSpec, StaticFunction, to_static
from dy2static.errors import Location
from runtime import Executor, FeedError, FetchError, static
from runtime.errors import FileError, listing
from runtime.printer import names
from tests.programs.row import f64


def scaled(x, y):
    if x.sum() > y:
        total = x * y
    else:
        total = x + y
    return total


@pytest.fixture
def traced() -> StaticFunction:
    made = to_static(scaled)
    made(f64(1, 2), 2.0)
    return made


# Files


@pytest.mark.parametrize("path", [5, True, None, 1.5, b"f.d2s", ["f.d2s"]], ids=repr)
def test_what_is_no_path_is_neither_read_nor_written(path: Any, traced: StaticFunction) -> None:
    for use in (runtime.load, traced.save, lambda path: runtime.save(traced.program(), path)):
        with pytest.raises(TypeError, match=f"such as 'f.d2s', and not {re.escape(repr(path))}"):
            use(path)


def test_a_file_of_another_kind_is_told_from_one_that_is_cut_short(traced: StaticFunction, tmp_path: Path) -> None:
    traced.save(tmp_path / "whole.d2s")
    (tmp_path / "cut.d2s").write_bytes((tmp_path / "whole.d2s").read_bytes()[:-9])
    (tmp_path / "f.py").write_text("x = 1\n")
    np.save(tmp_path / "x.npy", f64(1))
    zipfile.ZipFile(tmp_path / "x.zip", "w").close()
    said = {"cut.d2s": "cut short", "f.py": "not a .d2s file", "x.npy": "not a .d2s file", "x.zip": "another kind"}
    for name, words in said.items():
        with pytest.raises(FileError, match=f"{re.escape(name)}.*{re.escape(words)}"):
            runtime.load(tmp_path / name)


def test_a_path_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing.d2s"):
        runtime.load(tmp_path / "missing.d2s")


# Programs, feeds and fetches


def test_what_is_no_program_is_not_run(traced: StaticFunction) -> None:
    rows = [
        (traced, r"scaled\.program\(\)"),
        (scaled, r"to_static\(scaled\)\.program\(x\)"),
        ("f.d2s", r"runtime\.load\('f\.d2s'\)"),
        (None, "and not None"),
    ]
    for given, words in rows:
        for use in (Executor().run, runtime.LoadedFunction, lambda given: runtime.save(given, "f.d2s")):
            with pytest.raises(TypeError, match=words):
                use(given)


def test_an_unknown_name_is_answered_by_those_that_there_are(traced: StaticFunction) -> None:
    program, feed = traced.program(), {"x": f64(1, 2), "y": 2.0}
    with pytest.raises(FeedError, match="no input 'yy'; it has: y, x"):
        Executor().run(program, {**feed, "yy": 1})
    for wanted in ("totl", "totals"):
        with pytest.raises(FetchError, match=f"no value '{wanted}' to fetch; it has: total, x, y") as caught:
            Executor().run(program, feed, ["x", wanted])
        assert isinstance(caught.value, KeyError) and str(caught.value).startswith("scaled has")


def test_a_value_that_the_outermost_block_does_not_make_is_not_fetched(traced: StaticFunction) -> None:
    program, other = traced.program(), to_static(scaled).program(f64(1), 2.0)
    inner = program.block.ops[-1].blocks[0].ops[0].outputs[0]
    rows = [(inner, "outermost block"), (names(program)[inner], "outermost block"),
            (other.block.inputs[0], "'x' is a value of another program than scaled")]  # fmt: skip
    for fetch, words in rows:
        with pytest.raises(FetchError, match=words):
            Executor().run(program, {"x": f64(1, 2), "y": 2.0}, [fetch])


@pytest.mark.parametrize("fetch", ["total", 5], ids=repr)
def test_a_fetch_list_is_a_list(traced: StaticFunction, fetch: Any) -> None:
    with pytest.raises(TypeError, match=re.escape(f"[{fetch!r}]")):
        Executor().run(traced.program(), {"x": f64(1, 2), "y": 2.0}, fetch)


@pytest.mark.parametrize("feed", [[f64(1), 2.0], f64(1, 2), 5], ids=["list", "array", "number"])
def test_a_feed_is_a_dict(traced: StaticFunction, feed: Any) -> None:
    with pytest.raises(TypeError, match="the keys 'x', 'y', and not"):
        Executor().run(traced.program(), feed)


@pytest.mark.parametrize(
    "x, y, cure",
    [
        ([1.0, 2.0], 2.0, "; give np.asarray(x, 'float64')"),
        (np.arange(2), 2.0, "; give np.asarray(x, 'float64')"),
        (np.ones((1, 2)), 2.0, "float64[1, 2] was given"),
        (f64(1, 2), 2, "; give float(y)"),
        (f64(1, 2), "2", "str was given"),
    ],
    ids=str,
)
def test_an_input_of_another_type_is_answered_by_a_cast_where_one_does(
    traced: StaticFunction, x: Any, y: Any, cure: str
) -> None:
    with pytest.raises(FeedError, match=f"{re.escape(cure)}$"):
        Executor().run(traced.program(), {"x": x, "y": y})


def test_close_names_come_first_and_long_lists_are_cut() -> None:
    assert listing(["a", "velocity", "speed"], "velocty") == "it has: velocity, a, speed"
    assert listing([]) == "it has none"
    assert listing(map(str, range(99))).endswith(", 19 … 79 more")


# Types that the user writes


@pytest.mark.parametrize(
    "specs, words",
    [
        (["x"], "and holds 'x'"),
        ([None], "and holds None"),
        ("float32[n]", "and not 'float32[n]'"),
        (InputSpec((3,)), "and not InputSpec("),
        ({"x": InputSpec((3,))}, "and not {'x'"),
        (5, "and not 5"),
    ],
    ids=str,
)
def test_an_input_spec_is_a_list_of_specs(specs: Any, words: str) -> None:
    with pytest.raises(TypeError, match=re.escape(words)) as caught:
        to_static(scaled, input_spec=specs)
    assert "[InputSpec(('n', 3), 'float32', 'x')]" in str(caught.value)


def test_the_specs_of_a_function_are_for_its_parameters() -> None:
    """Which is looked at where it is decorated."""
    with pytest.raises(TypeError, match="no parameter 'xx' for its InputSpec; it has: x, y"):
        to_static(scaled, input_spec=[InputSpec(("n",), name="xx")])
    with pytest.raises(TypeError, match="are for one parameter"):
        to_static(scaled, input_spec=[InputSpec(("n",), name="y"), InputSpec(("n",))])
    with pytest.raises(TypeError, match="scaled has 2 parameters, and input_spec has 3 specs"):
        to_static(scaled, input_spec=[InputSpec(("n",))] * 3)
    with pytest.raises(TypeError, match="has no parameter 'more' for its InputSpec; it has: x$"):
        to_static(lambda x, *more: x, input_spec=[InputSpec(("n",), name="more")])


@pytest.mark.parametrize("given", [InputSpec((3,)), [InputSpec((3,))]], ids=["one", "list"])
def test_specs_are_given_by_name(given: Any) -> None:
    with pytest.raises(TypeError, match=r"as input_spec=\[…\], and not"):
        to_static(given)


def test_the_specs_of_a_method_are_for_what_follows_the_object() -> None:
    with pytest.raises(TypeError, match="no parameter 'y' for its InputSpec; it has: x"):

        class Wrong:
            @to_static(input_spec=[InputSpec(("n",), name="y")])
            def call(self, x):
                return x

    class Right:
        @to_static(input_spec=[InputSpec(("n",)), InputSpec(None, int, "k")])
        def call(self, x, k):
            return x * k

        @staticmethod
        @to_static(input_spec=[InputSpec(("n",))])
        def apart(x):
            return x

    assert str(Right().call.program()).startswith("program call(x: float32[n], k: int)")
    assert str(Right.apart.program()).startswith("program apart(x: float32[n])")


def test_specs_for_what_is_static_already_make_another(traced: StaticFunction) -> None:
    made = to_static(traced, input_spec=[InputSpec((3,), name="x")])
    assert made is not traced and to_static(traced) is traced
    with pytest.raises(FeedError, match="input 'x' of scaled is float32"):
        made(f64(1, 2), 2.0)
    assert traced(f64(1, 2), 2.0).shape == (2,)


@pytest.mark.parametrize("owner", [InputSpec, lambda *given: static.data("new", *given)], ids=["InputSpec", "data"])
@pytest.mark.parametrize(
    "given, cls, words",
    [
        (("n",), TypeError, "such as ('n', 3), and not 'n'"),
        ((5,), TypeError, "such as ('n', 3), and not 5"),
        (([1.5],), TypeError, "dim 0 of"),
        (([3, True],), TypeError, "dim 1 of"),
        (([-2],), ValueError, "or None for any size"),
        ((["a b"],), ValueError, "or None for any size"),
        (([3], "nonsense"), TypeError, "such as 'float32', and not 'nonsense'"),
        ((None, "nonsense"), TypeError, "such as 'float32', and not 'nonsense'"),
        (([3], 5), TypeError, "and not 5"),
        (([3], None), TypeError, "and not None"),
    ],
    ids=str,
)
def test_a_shape_or_dtype_that_is_none_shows_the_form(owner: Any, given: Any, cls: type, words: str) -> None:
    if given == ("n",):
        given = ("n", "float32")
    with static.program_guard(static.Program()), pytest.raises(cls, match=re.escape(words)):
        owner(*given)


@pytest.mark.parametrize(
    "text, words",
    [
        ("tuple(int, float)", "give a tuple of specs or values, such as (InputSpec(None, int), 2)"),
        ("list(int, …)", "give a list of specs or values, such as [InputSpec(None, int), 2]"),
        ("str", "give a value in its place, such as 'fast'"),
        ("None", "give a value in its place, such as None"),
        ("dict", "give a value in its place, such as {'a': 1}"),
        ("?", "leaves dtype or rank open"),
        ("float32[...]", "or '?' for a size"),
        ("int64?", "write 'int64' for a NumPy scalar, or 'int64[]' for an array"),
        ("int|unset", "write it without '|unset'"),
        ("<U3", "write '<U3[n]'"),
        ("b", "'b' is a short form of 'int8'; write that"),
        ("float32[n,,3]", "a dim is missing"),
    ],
)
def test_a_printed_type_that_no_argument_has_says_what_to_give(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        InputSpec.parse(text)


def test_a_size_of_minus_one_is_any_size() -> None:
    assert InputSpec([-1, 3]).type == InputSpec((None, np.int64(3))).type
    assert str(InputSpec(None, np.dtype("int64")).type) == "int64"
    with static.program_guard(static.Program()):
        assert str(static.data("x", [-1, 3]).value.type) == "float32[x_0, 3]"


@pytest.mark.parametrize("name", [5, "a b", ""], ids=repr)
def test_the_name_of_a_spec_is_that_of_a_parameter(name: Any) -> None:
    with pytest.raises(TypeError, match="such as 'x'"):
        InputSpec((3,), "float32", name)


# Carets


def test_a_caret_stands_below_its_line(tmp_path: Path) -> None:
    """Whether the text of the line came with its end, with tabs, or with none of them."""
    for text, column in [("    return (x +\n", 11), ("\treturn (x +\r\n", 8), ("return (x +", 7)]:
        said = str(ConversionError("why", "cure", Location("f.py", 4, column, text))).splitlines()
        assert said == ["f.py:4: why", "    return (x +", "           ^", "cure"]


def module_in(folder: Path, name: str, text: str) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("cannot, way", [("return (yield x) + 1", ["return list(items(x))", "return (yield x) + 1"]),
                                         ("return open(x)", ["return list(items(x))", "return open(x)"])])  # fmt: skip
def test_what_a_library_cannot_is_shown_at_the_users_line(cannot: str, way: list[str], tmp_path: Path) -> None:
    """And below it where that leads to; the calls that lead to the user's line stand last."""
    lib = f"def items(x):\n    {cannot}\n\ndef both(x):\n    return list(items(x))\n"
    lib = module_in(tmp_path / "site-packages", "lib", lib)
    mine = module_in(tmp_path, "mine", "def inner(x, lib):\n    y = x + 1\n    return lib.both(y)\n\n"
                                       "def outer(x, lib):\n    return inner(x, lib)\n")  # fmt: skip
    with pytest.raises(ConversionError) as caught:
        to_static(mine.outer)(f64(1, 2), lib)
    error = caught.value
    assert (error.filename, error.lineno) == (mine.__file__, 3)
    said = str(error).splitlines()
    assert said[1:3] == ["    return lib.both(y)", "    " + " " * (7 if sys.version_info >= (3, 11) else 0) + "^"]
    leads = [line.partition(": ")[2] for line in said if line.startswith(f"which leads to {lib.__file__}:")]
    assert leads == way
    assert said[-1] == f"reached by the call at {mine.__file__}:6: return inner(x, lib)"


def test_a_function_that_is_not_in_its_line_shows_that_line() -> None:
    code = scaled.__code__.replace(co_firstlineno=scaled.__code__.co_firstlineno + 2)
    with pytest.raises(ConversionError) as caught:
        to_static(FunctionType(code, scaled.__globals__))
    assert str(caught.value).splitlines()[1:] == ["    total = x * y", "    ^", "run the program again"]
