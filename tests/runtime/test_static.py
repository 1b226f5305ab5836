"""Programs built by hand with runtime.static: they run, print, save, load and are called like traced ones."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import runtime
from dy2static import to_static
from dy2static.by_hand import _holds
from dy2static.places import Guard, root_argument
from runtime import Executor, FeedError, FetchError, ProgramError, nn, static
from runtime.tracer import TracingError
from runtime.types import array
from runtime.verifier import verify
from tests.harness import portrait


def eager_ternary(x, y):
    return x + y if np.sum(x) > np.sum(y) else x - y


def static_ternary(x, y):
    return static.cond(np.sum(x) > np.sum(y), lambda: x + y, lambda: x - y)


def eager_newton(x, n):
    guess = x * 0.5 + 1
    while n > 0:
        guess = 0.5 * (guess + x / guess)
        n = n - 1
    return guess


def static_newton(x, n):
    def body(guess, n):
        return 0.5 * (guess + x / guess), n - 1

    return static.while_loop(lambda guess, n: n > 0, body, (x * 0.5 + 1, n))[0]


def eager_nested(x, n):
    total, i = x.sum(), 0
    while i < n:
        if total > 10:
            total = total - 10
        else:
            total = total + np.abs(x).max()
        i = i + 1
    return {"total": total, "turns": i}


def static_nested(x, n):
    def body(state):
        total, i = state["total"], state["turns"]
        total = static.cond(total > 10, lambda: total - 10, lambda: total + np.abs(x).max())
        return {"total": total, "turns": i + 1}

    (end,) = static.while_loop(lambda s: s["turns"] < n, body, [{"total": x.sum(), "turns": static.constant(0)}])
    return end


def eager_created(n, x):
    return np.zeros(n) + np.arange(n) * x[0], np.stack([x, x])[:, ::-1]


def static_created(n, x):
    return static.call(np.zeros, n) + static.call(np.arange, n) * x[0], np.stack([x, x])[:, ::-1]


def eager_growing(x, n):
    while n > 0:
        x = np.concatenate([x, x[:1]])
        n = n - 1
    return x


def static_growing(x, n):
    return static.while_loop(lambda x, n: n > 0, lambda x, n: (np.concatenate([x, x[:1]]), n - 1), [x, n])[0]


@dataclass(frozen=True)
class Row:
    """A graph, the same thing as plain NumPy, the inputs as `data` takes them, and arguments."""

    build: Callable[..., Any]
    plain: Callable[..., Any]
    inputs: tuple[tuple[str, Any, Any], ...]
    arguments: tuple[tuple[Any, ...], ...]

    def program(self) -> static.Program:
        program = static.Program(self.build.__name__)
        with static.program_guard(program):
            static.returns(self.build(*(static.data(*one) for one in self.inputs)))
        return program


X = ("x", ("n",), "float64")
N = ("n", None, int)
ROWS = [
    Row(static_ternary, eager_ternary, (X, ("y", ("n",), "float64")),
        ((np.ones(3), np.zeros(3)), (np.zeros(2), np.ones(2)))),
    Row(static_newton, eager_newton, (X, N), ((np.array([2.0, 9.0]), 8), (np.array([2.0]), 0))),
    Row(static_nested, eager_nested, (X, N), ((np.array([2.0, -9.0]), 8), (np.array([2.0]), 0))),
    Row(static_created, eager_created, (N, X), ((3, np.array([2.0, 5.0])), (0, np.array([2.0])))),
    Row(static_growing, eager_growing, (X, N), ((np.array([2.0, 5.0]), 3), (np.array([2.0]), 0))),
]  # fmt: skip
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.plain.__name__)


@each_row
def test_a_graph_gives_what_numpy_gives(row: Row, tmp_path: Path) -> None:
    program = verify(row.program())
    runtime.save(program, tmp_path / "f.d2s")
    loaded = runtime.load(tmp_path / "f.d2s")
    assert str(loaded.program) == str(program)
    for arguments in row.arguments:
        expected = portrait(row.plain(*arguments))
        assert portrait(runtime.LoadedFunction(program)(*arguments)) == expected
        assert portrait(loaded(*arguments)) == expected
        feed = dict(zip([name for name, *_ in row.inputs], arguments))
        flat = Executor().run(program, feed=feed)
        assert [portrait(one) for one in flat] == [portrait(one) for one in leaves(row.plain(*arguments))]


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, tuple) else [value]


@each_row
def test_a_graph_is_called_in_a_converted_function(row: Row) -> None:
    inner = runtime.LoadedFunction(row.program())

    def outer(flag, *arguments):
        return inner(*arguments) if flag > 0 else None

    for arguments in row.arguments:
        assert portrait(to_static(outer)(1, *arguments)) == portrait(row.plain(*arguments))


def test_a_converted_function_is_called_in_a_graph(tmp_path: Path) -> None:
    converted = to_static(eager_ternary)
    converted.save(tmp_path / "f.d2s", np.ones(2), np.ones(2))
    inner = runtime.load(tmp_path / "f.d2s")
    program = static.Program()
    with static.program_guard(program):
        x = static.data("x", ("k",), "float64")
        z = inner(x, x * 2)
        with pytest.raises(FeedError, match="its input 'x' is float64"):
            inner(static.data("wrong", ("j", 2), "float64"), x)
    (found,) = Executor().run(program, feed={"x": np.arange(3.0), "wrong": np.ones((1, 2))}, fetch_list=[z])
    assert portrait(found) == portrait(eager_ternary(np.arange(3.0), np.arange(3.0) * 2))
    assert verify(program) is program


def test_a_static_function_is_called_in_a_graph_as_it_is() -> None:
    program, scale = static.Program(), np.array(3.0)

    @to_static
    def inner(pair, n, flag=True):
        x, y = pair
        while n > 0 and flag:
            x, n = (x + y if x.sum() < 10 else x) * scale, n - 1
        return {"x": x, "n": n}

    with static.program_guard(program):
        x = static.data("x", ("k",), "float64")
        given = inner((x, x * 2), static.data("n", None, int))
        static.returns(given["x"] + 1, given["n"])
    for size, n in ((3, 4), (1, 0)):
        x, (found, rest) = np.arange(float(size)), Executor().run(program, {"x": np.arange(float(size)), "n": n})
        expected = inner.function((x, x * 2), n)
        assert portrait((found, rest)) == portrait((expected["x"] + 1, expected["n"]))


def test_a_static_function_in_a_graph_takes_for_granted_what_types_tell() -> None:
    known, place, other = array("float64", ("k", 3)), root_argument("x"), root_argument("y")
    for kind, value, holds in (
        ("dim", (1, 3), True), ("dim", (0, 2), False), ("shape", (2, 3), False), ("array", (known.dtype, 2), True),
        ("equal", 2, False), ("len", 2, False), ("is", None, False),
        ("tied", (1, other, 0), True), ("tied", (0, other, 0), False),
    ):  # fmt: skip
        assert _holds(Guard(kind, place, value), known, {"y": np.ones(3)}) is holds


def test_the_printed_graph_shows_lines_and_control() -> None:
    text = str(ROWS[1].program())
    assert "program static_newton(x: float64[n], n: int)" in text
    assert "while_loop(" in text and "# test_static.py:" in text


def test_a_program_that_grows_between_runs_is_run_as_it_is_now() -> None:
    program, executor = static.Program(), Executor()
    with static.program_guard(program):
        x = static.data("x", (2,), "float64")
        first = np.negative(x)
        executor.run(program, feed={"x": np.ones(2)}, fetch_list=[first])
        second = first * 3
    assert portrait(executor.run(program, {"x": np.ones(2)}, [first, second])[1]) == portrait(np.full(2, -3.0))


def test_a_dim_that_is_none_has_a_symbol_of_its_own() -> None:
    with static.program_guard(static.Program()):
        assert str(static.data("x", (None, 3)).type) == "float32[x_0, 3]"
        assert str(static.data("y", None, "float64").type) == "float64"


def test_guards_nest_and_give_the_old_programs_back() -> None:
    before, main, startup = static.default_main_program(), static.Program(), static.Program("startup")
    with static.program_guard(main, startup):
        with static.program_guard(static.Program()):
            assert static.default_startup_program() is startup
            assert static.default_main_program() is not main
        assert static.default_main_program() is main
    assert static.default_main_program() is before


def build(*functions: Callable[..., Any]) -> Callable[[], None]:
    def run() -> None:
        with static.program_guard(static.Program()):
            value: Any = static.data("x", ("n",), "float64")
            for function in functions:
                value = function(value)

    return run


def pair() -> Any:
    return static.data("pair", (2,))


with static.program_guard(static.Program("other")):
    OTHER = static.data("other", (2,))


def test_a_value_that_is_used_outside_of_its_branch_is_told_before_the_program_runs() -> None:
    program, made = static.Program("p"), []
    with static.program_guard(program):
        x = static.data("x", (2,))
        static.cond(x.sum() > 0, lambda: made.append(x + 1) or x, lambda: x)
        static.returns(made[0])
    for run in (lambda: Executor().run(program, {"x": np.ones(2, "float32")}), lambda: runtime.LoadedFunction(program)):
        with pytest.raises(ProgramError, match="return"):
            run()


FAULTS = [
    (lambda x: static.cond(x.sum() > 0, lambda: (x, x), lambda: x), ProgramError, r"true_fn gives \(·, ·\) and false"),
    (lambda x: static.cond(x.sum() > 0, lambda: x), ProgramError, "true_fn gives · and false_fn gives None"),
    (lambda x: static.cond(x.sum() > 0, lambda: x, lambda: x > 0), ProgramError, "must be of the same dtype"),
    (lambda x: static.cond(x.sum() > 0, lambda: x, lambda: x[None] * 1), ProgramError, "must be of the same rank"),
    (lambda x: static.cond(x.sum() > 0, lambda: x, lambda: 0.0), ProgramError, "must be of the same kind"),
    (lambda x: static.while_loop(lambda x: x.sum() > 0, lambda x: x > 0, [x]), ProgramError, "becomes bool"),
    (lambda x: static.while_loop(lambda x: x.sum() > 0, lambda x: (x, x), [x]), ProgramError, "as many values as"),
    (lambda x: static.while_loop(lambda x: (x.sum() > 0, x), lambda x: x, [x]), ProgramError, "must give one value"),
    (lambda x: static.while_loop(lambda x: x, lambda x: x, x), TypeError, "a list or tuple of at least one value"),
    (lambda x: static.cond(pair() > 0, lambda: x, lambda: x), ProgramError, r"pred is bool\[2\], and must be one item"),
    (lambda x: static.cond(np.stack([x, x]), lambda: x, lambda: x), ProgramError, r"\[2, n\].*np.any\(…\) or np.all"),
    (lambda x: static.while_loop(lambda x: x > 0, lambda x: x, [pair()]), ProgramError, "what test gives is bool"),
    (lambda x: static.parameter("w", (2,), "float32", 2.0), TypeError, r"'w': initial is an initializer, .* not 2.0"),
    (lambda x: static.parameter("w", (2,), "float33", np.ones), TypeError, "dtype of parameter 'w' .* not 'float33'"),
    (lambda x: static.parameter("w", ("n",), "float32", np.ones), TypeError, "dim 0 of parameter 'w' is 'n', and must"),
    (lambda x: static.parameter("w", "n", "float32", np.ones), TypeError, "the shape of parameter 'w' is a sequence"),
    (lambda x: static.parameter("w", None, float, np.ones), TypeError, "sequence of sizes, such as .* not None"),
    (lambda x: static.parameter(3, (2,), "float32", np.ones), TypeError, "named by a text, .* and not 3"),
    (lambda x: static.data("x", (2,)), ValueError, "has an input 'x' already"),
    (lambda x: static.data("a b", (2,)), ValueError, "an identifier"),
    (lambda x: static.data("y", "n"), TypeError, "a sequence of sizes and names"),
    (lambda x: static.data("y", (-2,)), ValueError, "must be a size, a name, or None"),
    (lambda x: static.call(open, x), TypeError, "there is no op for open"),
    (lambda x: static.cond(x.sum() > 0, x, x), TypeError, "cond: functions give its values"),
    (lambda x: static.while_loop(x.sum() > 0, lambda x: x, [x]), TypeError, "while_loop: functions give its values"),
    (lambda x: x + OTHER, ProgramError, "is a value of program other, and it is used in program"),
    (lambda x: static.returns(OTHER), ProgramError, "make it an input of this one with static.data"),
    (lambda x: 1 if x.sum() > 0 else 2, TracingError, "write static.cond"),
    (lambda x: range(x.size), TracingError, "static.call"),
]


@pytest.mark.parametrize("function, cls, message", FAULTS)
def test_a_fault_while_building_says_what_and_where(function: Any, cls: type[Exception], message: str) -> None:
    with pytest.raises(cls, match=message) as caught:
        build(function)()
    if cls is ProgramError and "made at" in str(caught.value):
        assert "the second at" in str(caught.value)


def test_one_item_of_any_rank_decides() -> None:
    """And one whose size is not known may."""
    for shape, given in (((1, 1), [[2.0]]), (("n",), [2.0]), ((), 2.0)):
        program = static.Program()
        with static.program_guard(program):
            x = static.data("x", shape)
            z = static.cond(x > 0, lambda: x + 1, lambda: x - 1)
        (made,) = Executor().run(program, {"x": np.asarray(given, "float32")}, [z])
        assert made.sum() == 3


# Parameters and scopes


def counting(name: str = "total", start: Any = 0.0) -> tuple[static.Program, static.Program]:
    """A program that adds its input to a parameter, and its start-up program."""
    main, startup = static.Program("main"), static.Program("startup")
    with static.program_guard(main, startup):
        x = static.data("x", (2,), "float64")
        total = static.parameter(name, (2,), "float64", lambda: static.call(np.full, (2,), start))
        total[...] = total + x
        static.returns(total * 1)
    return main, startup


def test_a_scope_keeps_parameters_between_runs() -> None:
    main, startup = counting()
    executor = Executor()
    with static.scope_guard(static.Scope()) as scope:
        executor.run(startup)
        runs = [executor.run(main, {"x": np.array([1.0, 2.0])}, ["total"])[0] for _ in range(3)]
        assert portrait(runs) == portrait([np.array([1.0, 2.0]) * k for k in (1, 2, 3)])
        assert portrait(scope["total"]) == portrait(np.array([3.0, 6.0]))
        executor.run(startup)
        assert portrait(scope["total"]) == portrait(np.zeros(2))
    assert "total" not in static.global_scope()
    other = static.Scope()
    executor.run(startup, scope=other)
    assert list(other) == ["total"]


def test_a_start_up_program_is_a_program() -> None:
    main, startup = counting("w.x", 2.0)
    verify(startup)
    assert str(startup).endswith("return {'w.x': w_x}\n}")
    assert portrait(runtime.LoadedFunction(startup)()) == portrait({"w.x": np.full(2, 2.0)})
    assert "program main(x: float64[2], w_x: float64[2]) {  # changes w_x" in str(main)


def test_an_initializer_starts_a_parameter() -> None:
    main, startup = static.Program("main"), static.Program("startup")
    with static.program_guard(main, startup):
        kept = static.parameter("w", (2, 3), "float32", nn.Xavier(seed=4))
        static.parameter("b", 3, "float32", nn.Constant(2.0))
    assert "nn.uniform((2, 3)" in str(startup)
    with static.scope_guard(static.Scope()) as scope:
        Executor().run(startup)
        (found,) = Executor().run(main, {}, [kept])
        np.testing.assert_array_equal(found, nn.Xavier(seed=4).array((2, 3), "float32", 4))
        assert portrait(scope["b"]) == portrait(np.full(3, 2, "float32"))


def test_a_name_is_one_parameter_for_all_programs() -> None:
    (main, startup), (other, _) = counting(), counting()
    with static.scope_guard(static.Scope()):
        Executor().run(startup)
        Executor().run(main, {"x": np.ones(2)})
        assert portrait(Executor().run(other, {"x": np.ones(2)}, ["total"])[0]) == portrait(np.full(2, 2.0))


def test_a_saved_program_holds_its_parameters_as_they_are(tmp_path: Path) -> None:
    main, startup = counting(start=5.0)
    with static.scope_guard(static.Scope()):
        Executor().run(startup)
        runtime.save(main, tmp_path / "f.d2s")
        assert portrait(runtime.LoadedFunction(main)(np.ones(2))) == portrait(np.full(2, 6.0))
    assert portrait(runtime.load(tmp_path / "f.d2s")(np.ones(2))) == portrait(np.full(2, 6.0))


def test_faults_of_parameters_and_fetches() -> None:
    main, startup = counting()
    executor, x = Executor(), {"x": np.ones(2)}
    with static.scope_guard(static.Scope()) as scope:
        with pytest.raises(FeedError, match="parameter 'total' of main is not set in this scope; run the start"):
            executor.run(main, x)
        with pytest.raises(KeyError, match="the scope holds no parameter 'all'; it holds none"):
            scope["all"]
        executor.run(startup)
        with pytest.raises(FeedError, match="main has no input 'total'; it has: x"):
            executor.run(main, {**x, "total": np.ones(2)})
        with pytest.raises(FeedError, match=r"input 'x' of main is float64\[2\], and float64\[3\] was given"):
            executor.run(main, {"x": np.ones(3)})
        with pytest.raises(FetchError, match="main has no value 'y' to fetch"):
            executor.run(main, x, ["y"])
        with pytest.raises(FetchError, match="'x' is a value of another program than main"):
            executor.run(main, x, [counting()[0].block.inputs[0]])
        scope.keep("total", np.ones(3))
        with pytest.raises(FeedError, match=r"parameter 'total' of main is float64.*the scope holds float64\[3\]"):
            executor.run(main, x)
    with static.program_guard(main, startup), pytest.raises(ProgramError, match="parameters of one name are one"):
        static.parameter("total", (3,), "float64", lambda: np.ones(3))
    with static.program_guard(main, startup), pytest.raises(ProgramError, match="starts as float32"):
        static.parameter("other", (3,), "float64", lambda: np.ones(3, np.float32))
    assert list(main.state) == ["total"]


def test_the_state_of_a_program_is_loaded_whole_or_not_at_all() -> None:
    main, startup = counting()
    with static.scope_guard(static.Scope()) as scope:
        main.load_state_dict({"total": [1, 2]})
        assert portrait(main.state_dict()) == portrait({"total": np.array([1.0, 2.0])})
        for state, error, message in (
            ({}, KeyError, "load_state_dict of program main: missing: total"),
            ({"total": [1, 2], "sum": 3}, KeyError, "unknown: sum"),
            ({"total": [1]}, ValueError, r"'total' is float64\[2\], and an array of shape \[1\]"),
        ):
            with pytest.raises(error, match=message):
                main.load_state_dict(state)
        assert portrait(dict(scope)) == portrait({"total": np.array([1.0, 2.0])})


def test_shapes_that_no_run_can_take_are_refused_while_building() -> None:
    with static.program_guard(static.Program()):
        x = static.data("x", ("n", 3))
        for refused in (lambda: x + np.ones(4), lambda: x @ np.ones((4, 2))):
            with pytest.raises(ProgramError, match=r"test_static.py:\d+: .*float32\[n, 3\]"):
                refused()
        assert str((x + static.data("y", ("m", 3))).type) == "float32[?, 3]"


def write(x: Any, key: Any, value: Any) -> None:
    x[key] = value


REFUSED = [
    (lambda x, k: x ^ 1, "bitwise_xor' not supported for the input types"),
    (lambda x, k: np.sum(x, axis=2), "np.sum: there is no axis 2 among 2 dims"),
    (lambda x, k: x.transpose(0, -3), "there is no axis -3 among 2 dims"),
    (lambda x, k: x[2], "getitem: there is no item 2 in a dim of 2"),
    (lambda x, k: x[0, 0, 0], "there are 3 indices for 2 dims"),
    (lambda x, k: x.reshape(7), r".reshape: 6 items do not fill the shape \[7\]"),
    (lambda x, k: np.reshape(x, (-1, 4)), r"np.reshape: 6 items do not fill the shape \[-1, 4\]"),
    (lambda x, k: operator.iadd(k, x), "iadd: float64 is not written into an array of int64"),
    (lambda x, k: operator.iadd(x[0], x), r"iadd: float32\[2, 3\] does not fit into float32\[3\]"),
    (lambda x, k: write(x, 0, np.ones(4)), r"setitem: what is written is float64\[4\], and does not fit"),
    (lambda x, k: write(x, 2, 0), "setitem: there is no item 2 in a dim of 2"),
]


@pytest.mark.parametrize("function, message", REFUSED)
def test_what_numpy_refuses_of_these_types_is_refused_while_building(function: Any, message: str) -> None:
    arrays = np.ones((2, 3), np.float32), np.ones((2, 3), np.int64)
    with pytest.raises((TypeError, ValueError, IndexError)):
        function(*arrays)
    with static.program_guard(static.Program()):
        x, k = static.data("x", (2, 3)), static.data("k", (2, 3), "int64")
        with pytest.raises(ProgramError, match=message) as caught:
            function(x, k)
    assert f"{__file__}:" in str(caught.value)


def test_what_numpy_takes_of_these_types_is_built() -> None:
    program = static.Program()
    with static.program_guard(program):
        x, k = static.data("x", (2, 3)), static.data("k", (2, 3), "int64")
        x += k[0]
        x[1] = np.ones((1, 3))
        x[:, :2] = static.data("v", ("n", 2))
        k *= 2
        static.returns(x.reshape(-1, 2), np.reshape(k, (3, -1)), x[-2], np.sum(k, axis=-2), x[np.array([1, 0]), 1])
    given = {"x": np.ones((2, 3), np.float32), "k": np.ones((2, 3), np.int64), "v": np.zeros((1, 2), np.float32)}
    assert [one.shape for one in Executor().run(program, given)] == [(3, 2), (3, 2), (3,), (3,), (2,)]
