"""What the generated check of a call passes, the rules pass too; and all else is as if there were no check."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from runtime import Executor, FeedError, LoadedFunction, load, save, static
from runtime.arguments import MISS, fast_call
from runtime.executor import check_input
from runtime.ir import MISSING, Block, Parameter, Program, Slot, Value
from runtime.types import ANY, UNSET, TensorType, array, parse, python, scalar
from tests.harness import portrait

TYPES = [
    "float32[n]", "float64[n]", "float32[3]", "float32[n, n]", "float32[n, m]", "float32[n, 2]", "float32[?, n]",
    "float32[]", "float32[...]", "?[n]", "float32", "float32?", "int64", "int", "float", "bool", "complex", "str",
    "None", "bool_", "datetime64[s]", "datetime64[s][n]", "object[n]",
]  # fmt: skip


class Own(np.ndarray):
    pass


class Number(int):
    pass


VALUES: list[Any] = [
    *(np.ones(shape, "float32") for shape in ((), 2, 3, (2, 2), (2, 3), (3, 2), (0, 2), (2, 2, 2))),
    np.ones(2), np.ones(2, ">f4"), np.ones(2, int), np.ones(2).view(Own), np.ones(2, object), np.ones(2, "M8[s]"),
    np.float32(1), np.float64(1), np.int64(1), np.longlong(1), np.bool(True), np.datetime64(1, "s"),
    np.datetime64(1, "ms"), 1, 1.0, True, 1j, "a", None, Number(1), (), (1,), [1.0], {"a": 1}, {},
]  # fmt: skip


def identity(inputs: list[Value], *parameters: tuple[Any, ...]) -> Program:
    """A program that gives its flat inputs; a parameter is (name, template, kind, default)."""
    block = Block(tuple(inputs))
    block.results = block.inputs
    made = tuple(Parameter(name, template, kind, default) for name, template, kind, default in parameters)
    return Program("f", block, made, tuple(Slot(index) for index in range(len(inputs))))


def plain(*types: TensorType) -> Program:
    inputs = [Value(type, f"x{index}") for index, type in enumerate(types)]
    rows = [(value.hint, Slot(index), "positional_or_keyword", MISSING) for index, value in enumerate(inputs)]
    return identity(inputs, *rows)


def fast(program: Program) -> Callable[..., Any]:
    return fast_call(program.name, program.block.inputs, program.parameters, lambda *flat: flat)


def fits(types: tuple[TensorType, ...], values: tuple[Any, ...]) -> bool:
    sizes: dict[str, int] = {}
    try:
        for index, (type, value) in enumerate(zip(types, values)):
            check_input("f", f"x{index}", type, value, sizes)
    except FeedError:
        return False
    return True


ROWS = [
    *map(parse, TYPES), array(">f4", ("n",)), scalar(">f4"), python(Number), python(tuple), python(None), ANY, UNSET,
    parse("int|unset"),
]  # fmt: skip


@pytest.mark.parametrize("type_", ROWS, ids=str)
def test_what_passes_fast_passes(type_: TensorType):
    check = fast(plain(type_))
    for value in VALUES:
        assert check(value) is MISS or fits((type_,), (value,)), repr(value)


@pytest.mark.parametrize("text", [text for text in TYPES if text != "float32?"])
def test_what_passes_passes_fast_but_for_subclasses_and_odd_names_of_dtypes(text: str):
    check = fast(plain(parse(text)))
    for value in VALUES:
        if type(value) not in (Own, np.longlong):
            assert (check(value) is not MISS) == fits((parse(text),), (value,)), repr(value)


ARRAYS = [parse(text) for text in TYPES if text.startswith("float32[")]


@pytest.mark.parametrize("types", [*product(ARRAYS, repeat=2)], ids=lambda types: f"{types[0]} and {types[1]}")
def test_dims_of_one_name_are_equal(types: tuple[TensorType, TensorType]):
    check = fast(plain(*types))
    for values in product([value for value in VALUES if type(value) is np.ndarray], repeat=2):
        assert (check(*values) is not MISS) == fits(types, values)


N = parse("float32[n]")
X, I = Value(N, "x"), Value(python(int), "i")
NORMAL, AFTER, ARGS, KEYS = "positional_or_keyword", "keyword_only", "var_positional", "var_keyword"
ONE, TWO, LONG = np.ones(1, "float32"), np.ones(2, "float32"), np.ones(2)
PROGRAMS = {
    "default": identity([X, I], ("x", Slot(0), NORMAL, MISSING), ("i", Slot(1), NORMAL, 7)),
    "keyword-only": identity([X, I], ("x", Slot(0), "positional_only", MISSING), ("i", Slot(1), AFTER, 7)),
    "args": identity([X, I], ("args", (Slot(0), Slot(1)), ARGS, MISSING)),
    "kwargs": identity([X, I], ("x", Slot(0), NORMAL, MISSING), ("more", {"i": Slot(1)}, KEYS, MISSING)),
    "tuple": identity([X, I], ("x", (Slot(0), [Slot(1), ()]), NORMAL, MISSING)),
    "dict": identity([X, I], ("x", {"a": Slot(0), 1: {"i": Slot(1)}}, NORMAL, MISSING)),
    "twice": identity([X, I], ("x", Slot(0), NORMAL, MISSING), ("i", (Slot(1), Slot(0)), NORMAL, MISSING)),
    "fixed": identity([X, I], ("x", Slot(0), NORMAL, MISSING), ("i", [Slot(1), "s", None, True, 2, 0.0], NORMAL, None)),
    "names": identity([X, I], ("type", Slot(0), NORMAL, MISSING), ("d2s_run", Slot(1), NORMAL, 7)),
    "self": identity([X, I], ("self", Slot(0), NORMAL, MISSING), ("args", Slot(1), NORMAL, 7)),
    "any": identity([Value(ANY, "x"), I], ("x", Slot(0), NORMAL, MISSING), ("i", Slot(1), NORMAL, 7)),
    "none": identity([]),
}
FIXED = [3, "s", None, True, 2, 0.0]
CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    *(((TWO,), {}), ((TWO, 3), {}), ((TWO,), {"i": 3}), ((), {"x": TWO}), ((), {"i": 3, "x": TWO}), ((), {})),
    *(((TWO, 3, 4), {}), ((TWO, 3.0), {}), ((LONG, 3), {}), ((TWO, True), {}), ((TWO,), {"i": 3, "k": 4})),
    *((((TWO, [3, ()]),), {}), (([TWO, [3, ()]],), {}), (((TWO, [3]),), {}), (((TWO, [3, []]),), {})),
    *((({"a": TWO, 1: {"i": 3}},), {}), (({1: {"i": 3}, "a": TWO},), {}), (({"a": TWO, True: {"i": 3}},), {})),
    *(((ONE, (3, TWO)), {}), ((ONE, (3, ONE)), {}), ((TWO, FIXED), {}), ((TWO, [*FIXED[:5], -0.0]), {})),
    *(((TWO, [*FIXED[:3], 1, 2, 0.0]), {}), ((TWO, [*FIXED[:4], 2.0, 0.0]), {}), ((), {"type": TWO, "d2s_run": 3})),
    *(((TWO.view(Own),), {}), ((), {"self": TWO, "args": 3}), ((TWO,), {"self": TWO}), ((TWO, np.int64(3)), {})),
]


def outcome(call: Callable[[], Any]) -> Any:
    try:
        return portrait(call())
    except Exception as error:
        return type(error), str(error), type(error.__cause__), error.__suppress_context__


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_call_is_as_if_it_were_not_checked_fast(name: str):
    function = LoadedFunction(PROGRAMS[name])
    for args, kwargs in CALLS:
        given = dict(kwargs)
        assert outcome(lambda: function(*args, **given)) == outcome(lambda: function._call(args, given))


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "any"])
def test_usual_calls_pass_fast(name: str):
    check, function = fast(PROGRAMS[name]), LoadedFunction(PROGRAMS[name])
    for args, kwargs in CALLS:
        given = dict(kwargs)
        slow, quick = outcome(lambda: function._call(args, given)), outcome(lambda: check(*args, **given))
        if slow[0] not in (TypeError, FeedError) and not any(type(one) is Own for one in args):
            assert quick == slow


def test_the_check_is_a_function_of_the_same_parameters():
    check = fast(PROGRAMS["twice"])
    assert inspect.getsource(check) == (
        "def f(x, i):\n"
        "    if not (d2s_type(x) is d2s_ndarray and x.dtype == d2s_k3 and x.ndim == 1): return d2s_miss\n"
        "    if not (d2s_type(i) is d2s_k5): return d2s_miss\n"
        "    if not (d2s_len(i) == 2): return d2s_miss\n"
        "    d2s_v1, d2s_v2, = i\n"
        "    if not (d2s_type(d2s_v1) is d2s_k7): return d2s_miss\n"
        "    if not (d2s_type(d2s_v2) is d2s_ndarray and d2s_v2.dtype == d2s_k3 and d2s_v2.shape == x.shape): "
        "return d2s_miss\n"
        "    return d2s_run(d2s_v2, d2s_v1)\n"
    )
    assert inspect.signature(fast(PROGRAMS["keyword-only"])) == LoadedFunction(PROGRAMS["keyword-only"]).__signature__


def graph(*results: Callable[[Any, Any], Any]) -> tuple[Program, list[Any]]:
    main = static.Program("g")
    with static.program_guard(main):
        x, y = static.data("x", ("n",)), static.data("y", ("n",))
        made = [result(x, y) for result in results]
        static.returns(*made)
    return main, made


def test_a_type_error_of_the_program_is_not_one_of_the_call(tmp_path):
    main, _ = graph(lambda x, y: static.call(np.zeros, x))
    save(main, tmp_path / "g.d2s")
    function = load(tmp_path / "g.d2s")
    for run in (lambda: function(TWO, TWO), lambda: Executor().run(main, {"x": TWO, "y": TWO})):
        with pytest.raises(TypeError, match="integer"):
            run()


FEEDS: list[Any] = [
    {"x": TWO, "y": TWO}, {"x": TWO, "y": ONE}, {"x": TWO}, {"x": TWO, "y": TWO, "z": TWO}, {"x": TWO, "y": 1.0}, [TWO],
    {"x": TWO, 1: TWO}, None, {"x": TWO.view(Own), "y": TWO},
]  # fmt: skip


def test_a_second_run_is_as_the_first():
    main, (total, product_) = graph(lambda x, y: x + y, lambda x, y: x * y)
    lists: list[Any] = [None, [], [total], [product_, total], (total,), ["x"], ["x", total], [total.value], [3], "x"]
    executor = Executor()
    for fetch_list in lists:
        outcome(lambda: executor.run(main, FEEDS[0], fetch_list))
        for feed in FEEDS:
            second, first = (outcome(lambda: one.run(main, feed, fetch_list)) for one in (executor, Executor()))
            assert second == first


def test_a_second_run_sees_what_was_added_to_the_program():
    main, (total,) = graph(lambda x, y: x + y)
    executor, feed = Executor(), {"x": TWO, "y": TWO}
    assert portrait(executor.run(main, feed)) == portrait([TWO + TWO])
    with static.program_guard(main):
        static.returns(total, total)
    assert portrait(executor.run(main, feed)) == portrait([TWO + TWO] * 2)
    with static.program_guard(main):
        z = static.data("z", None, int)
    assert portrait(executor.run(main, {**feed, "z": 3}, ["z"])) == portrait([3])
    with pytest.raises(FeedError, match="'z'"):
        executor.run(main, feed)


def test_a_second_run_of_a_start_up_program_sets_the_parameters():
    main, startup = static.Program("m"), static.Program("s")
    with static.program_guard(main, startup):
        w = static.parameter("w", (2,), "float32", lambda: static.call(np.ones, 2, "float32"))
        static.returns(w + 1)
    executor = Executor()
    for scope in (static.Scope(), static.Scope()):
        executor.run(startup, scope=scope)
        executor.run(startup, scope=scope)
        assert portrait(executor.run(main, scope=scope)) == portrait([TWO + 1])
        scope.keep("w", TWO * 2)
        assert portrait(executor.run(main, scope=scope)) == portrait([TWO * 2 + 1])
