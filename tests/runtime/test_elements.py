"""Loops over elements: the forms they are written in. What they give: tests.random_elements, and all programs."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dy2static import to_static
from runtime import chain_writer, element_writer, readiness
from runtime.plan import Plan
from tests.harness import portrait
from tests.random_elements import check

pytestmark = pytest.mark.usefixtures("optimized")


def dot(a, b):
    s = 0.0
    for i in range(len(a)):
        s += a[i] * b[i]
    return s


def smooth(u, alpha):
    for i in range(1, len(u) - 1):
        u[i] = u[i] + alpha * (u[i - 1] - 2 * u[i] + u[i + 1])


def rows(a, b):
    c = np.zeros((len(a), len(a)))
    for i in range(len(a)):
        for j in range(len(a)):
            for k in range(len(a)):
                c[i][j] += a[i][k] * b[k][j]
    return c


def pairs(a, b):
    s = 0.0
    for x, y in zip(a, b):
        s += x * y
    return s


def kept(a):
    items = []
    for i in range(len(a)):
        items.append(a[i])
    return items


def scaled(a, s):
    for i in range(len(a)):
        s = s * a[i]
    return s


def resized(a):
    s = 0.0
    for i in range(2):
        s += a[i] * 2
        a.resize(3, refcheck=False)
    return s


def of_ints(n):
    a = np.array([n, 1])
    s = 0
    for i in range(2):
        s = s + a[i] * 2
    return s


def of_pairs(n, b):
    a = np.array([n, 1])
    s = 0
    for x, y in zip(a, b):
        s = s + x * y + b[0]
    return s


def cast(a, step):
    s = np.uint16(65535)
    t = np.float64(0)
    for i in range(len(a)):
        s = np.uint16((int(s) << 8) & 65535) ^ np.uint16(a[i])
        t += np.float64(i * step)
    return s, t


def of_rows(a, n):
    for i in range(n):
        for j in range(n):
            a[i, j] = a[i, j] * 2
        a[i] += 1


def checksum(a, b):
    s = a[0]
    for i in range(len(a)):
        s = (s ^ a[i]) + (b[i] >> 1)
    return s


def total(a):
    s = 0
    for i in range(len(a)):
        s += a[i]
    return s


def twice(a, n):
    s = 0
    for i in range(len(a)):
        s = a[i]
    for i in range(n):
        s += a[i]
    return s


def shifted(a):
    s = a[0]
    for i in range(len(a)):
        s = s + 300
    return s


def eliminated(a):
    for i in range(1, len(a)):
        factor = a[i, 0] / a[0, 0]
        a[i] -= factor * a[0]


def named(a):
    names = ["x", "y", "z"]
    text = ""
    for i in range(len(a)):
        kind = a[i] % 3
        text += names[kind]
    return text


def saturated(a):
    s = 0.0
    for i in range(len(a)):
        excess = a[i] - 1
        s += np.tanh(excess)
    return s


def accepted(a):
    s = 0
    for i in range(len(a)):
        change = a[i] * 2
        if change <= 9 or np.exp(-0.1 * change) > 0.05:
            s += 1
    return s


def filled(a):
    for i in range(len(a)):
        least = a[i, 0] * 2
        a[i, 1:] = least


A, B = np.arange(200.0), np.arange(200.0)[::-1]
SQUARE = np.arange(144.0).reshape(12, 12)


def plan_of(function: Callable[..., Any], *args: Any) -> Plan:
    static = to_static(function)
    static(*args)
    return Plan(static.programs[0])


@pytest.mark.parametrize(
    "function, args", [(dot, (A, B)), (smooth, (A.copy(), 0.1)), (rows, (SQUARE, SQUARE)), (pairs, (A, B))]
)
def test_a_loop_over_elements_reads_views_of_memory(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    plan = plan_of(function, *args)
    assert len(plan.element_loops) == 1
    assert "through views of memory" in str(plan)
    assert "memoryview(" in chain_writer.write(plan, "f").text


@pytest.mark.parametrize(
    "function, name, dtypes",
    [
        (eliminated, "factor", {"float64": True, "float32": False}),
        (filled, "least", {"float64": True, "int64": True, "int32": False}),
        (named, "kind", {"int64": True, "uint8": True}),
        (accepted, "change", {"float64": True, "int64": True, "int32": True}),
        (saturated, "excess", {"float64": True, "int64": True, "int8": False}),
    ],
)
def test_a_number_is_held_where_its_reader_cannot_tell(
    function: Callable[..., Any], name: str, dtypes: dict[str, bool]
) -> None:
    for dtype, is_held in dtypes.items():
        array = np.arange(1, 145).astype(dtype)
        array = array.reshape(12, 12) if function in (eliminated, filled) else array[:100]
        given, expected = array.copy(), array.copy()
        found = to_static(function)(given)
        assert repr(found) == repr(function(expected))
        assert given.tobytes() == expected.tobytes()
        loops = plan_of(function, array).element_loops.values()
        assert (name in {value.hint for loop in loops for value in loop.numbers}) == is_held


@pytest.mark.parametrize("function", [kept, resized])
def test_a_loop_whose_scalars_are_seen_or_whose_arrays_move_is_left_as_it_is(function: Callable[..., Any]) -> None:
    assert not plan_of(function, np.arange(4.0)).element_loops


def test_small_arrays_are_not_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "MIN_SIZE", 32)
    floats = (np.dtype(float),)
    assert readiness.ready_for((floats,), False)[0](A)
    assert not readiness.ready_for((floats, floats), False)[0](A[:9], B[:9])


def test_what_is_not_of_its_type_is_left_to_numpy() -> None:
    static = to_static(of_ints)
    for n in (3, 2**63, 2**70, -3):
        found, expected = static(n), of_ints(n)
        assert found == expected and type(found) is type(expected)
    assert not readiness.ready_for(((np.dtype(np.int64),),), False)[0](A)


def test_the_arrays_of_a_zip_are_looked_at() -> None:
    (loop,) = plan_of(pairs, A, B).element_loops.values()
    assert [one.hint for one in loop.roots] == ["a", "b"]
    static, b = to_static(of_pairs), np.arange(1, 3)
    for n in (3, 2**63, -3):
        found, expected = static(n, b), of_pairs(n, b)
        assert found == expected and type(found) is type(expected)


def test_a_loop_further_in_is_too_short_for_lists_before_they_are_looked_at() -> None:
    text = chain_writer.write(plan_of(of_rows, SQUARE, 12), "f").text
    assert "if len(" in text and " and pays_(" in text


def test_an_underflow_that_numpy_tells_of_is_told() -> None:
    static = to_static(dot)
    tiny = np.full(3, 1e-200)
    assert static(tiny, tiny) == 0.0
    with np.errstate(under="raise"), pytest.raises(FloatingPointError, match="underflow"):
        static(tiny, tiny)


def test_an_overflow_warns_once_and_at_the_users_line() -> None:
    static = to_static(dot)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert static(np.array([1.0, 1e200]), np.array([1.0, 1e200])) == np.inf
    assert [(str(one.message), one.filename) for one in caught] == [
        ("overflow encountered in scalar multiply", __file__)
    ]


def chosen(a, b):
    c, s = 0, 0.0
    for i in range(len(a)):
        if a[i] * 1e200 > 3.0 and b[i] > 0:
            c += 1
        c += 1 if a[i] / b[i] < 2.0 else 0
        s = a[i] * 1e300 or b[i]
    return c, s


def test_a_test_that_overflows_warns_where_a_choice_hangs_on_it() -> None:
    given = np.array([1e200, 3.0, 0.0]), np.array([1.0, 0.0, 2.0])
    found, expected = seen(to_static(chosen), *given), seen(chosen, *given)
    assert found == expected and len(expected[2]) == 3


SMALL = ("int8", "int16", "int32", "uint8", "uint16", "uint32")


def seen(function: Callable[..., Any], *args: Any) -> tuple[type, Any, list[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = function(*args)
    return type(result), result, [str(one.message) for one in caught]


@pytest.mark.parametrize("start", [1e300, np.float64(1e300)])
def test_a_float_times_an_int_warns_as_what_it_is(start: float) -> None:
    a = np.full(40, 10**9)
    assert seen(to_static(scaled), a, start) == seen(scaled, a, start)


@pytest.mark.parametrize("dtype", SMALL)
def test_small_ints_are_pythons_and_wrap_with_numpys_warning(dtype: str) -> None:
    most = np.iinfo(dtype).max
    a, b = np.arange(40).astype(dtype), np.arange(40).astype(dtype)
    a[-1] = b[-1] = most
    for function, given in ((checksum, (a, b)), (total, (a,))):
        assert plan_of(function, *(one[:9] for one in given)).element_loops
        expected = seen(function, *given)
        assert seen(to_static(function), *given) == expected
        assert expected[0] is getattr(np, dtype)


@pytest.mark.parametrize("dtype", [*SMALL, "int64"])
def test_a_loop_without_a_turn_leaves_the_class_that_a_number_had(dtype: str) -> None:
    a = np.arange(40, dtype=dtype)
    for n in (0, 2):
        assert type(to_static(twice)(a, n)) is type(twice(a, n))


def test_casts_to_classes_of_numbers_are_computed_and_wrap_as_numpys() -> None:
    a = np.arange(40)
    a[7] = 70000  # np.uint16 takes what it can of an np.int64
    assert repr(to_static(cast)(a, 3)) == repr(cast(a, 3))
    (loop,) = plan_of(cast, a, 3).element_loops.values()
    assert {"np.uint16", "np.float64"} <= {op.definition.name for op in loop.computed}


def test_a_constant_that_a_small_int_cannot_take_is_numpys_error() -> None:
    a = np.arange(40, dtype=np.uint8)
    with pytest.raises(OverflowError, match="300 out of bounds for uint8"):
        to_static(shifted)(a)


def test_an_index_out_of_bounds_is_numpys_error() -> None:
    with pytest.raises(IndexError, match="index 3 is out of bounds for axis 0 with size 3") as raised:
        to_static(dot)(np.ones(4), np.ones(3))
    assert raised.value.__context__ is None


def test_the_memory_of_an_array_is_given_back() -> None:
    array = np.arange(4.0)
    to_static(smooth)(array, 0.5)
    array.resize(5, refcheck=False)  # raises while a view is there


@pytest.mark.parametrize("block", range(6))
def test_random_loops_over_elements_are_numpys_to_the_bit(block: int) -> None:
    for seed in range(block * 25, block * 25 + 25):
        assert not list(check(seed))


def test_the_environment_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DY2STATIC_OPTIMIZE", "0")
    plan = plan_of(dot, A, B)
    assert not plan.element_loops
    assert not plan.chains


def of_edges(edges, w):
    total, far = 0.0, []
    for a, b, c in edges:
        if a > b:
            total += w[a] * w[b] + c
            far.append(b)
        elif c == 3:
            break
        edges[-1, 1] = 2
        for _, x, _ in edges[:2]:
            total -= x
    return total, far, edges


@pytest.mark.parametrize("dtype", ["int64", "uint8", "float64", "bool", "int16"])
@pytest.mark.parametrize("shape", [(60, 3), (1, 3), (0, 3), (50, 2), (50, 4), (40, 0), (0, 0)])
def test_rows_that_are_taken_apart_are_those_of_the_array(dtype: str, shape: tuple[int, int]) -> None:
    static = to_static(of_edges)
    for order in ("C", "F"):
        edges = np.asarray(np.arange(shape[0] * shape[1]).reshape(shape) * 7 % 40, dtype, order=order)
        w = np.arange(50.0)
        found = [rows_of(one, edges.copy(), w) for one in (static, static, of_edges)]
        assert found[0] == found[1] == found[2]


def rows_of(function: Callable[..., Any], edges: np.ndarray, w: np.ndarray) -> Any:
    try:
        return portrait(function(edges, w))
    except (ValueError, IndexError) as error:
        return type(error), str(error)


def hashed(data):
    h = np.uint32(2166136261)
    for v in data:
        h = (h ^ v) * np.uint32(16777619)
    return h


def test_what_is_done_again_at_each_step_is_left_to_numpy_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "TOLERATED", 8)
    ready, note = readiness.ready_for(((np.dtype(np.uint8),),), False)
    data = np.arange(100, dtype=np.uint8)
    assert ready(data)
    note(20)
    assert ready(data)
    note(21)
    assert [ready(data) for _ in range(16)] == [False] * 15 + [True]
    note(100)
    assert [ready(data) for _ in range(46)] == [False] * 45 + [True]
    note(3)
    assert ready(data)
    static = to_static(hashed)
    with np.errstate(over="ignore"):
        assert all(portrait(static(data)) == portrait(hashed(data)) for _ in range(40))


def test_a_loop_of_few_turns_is_numpys_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(element_writer, "MIN_TURNS", 16)
    with np.errstate(over="ignore"):
        text = chain_writer.write(plan_of(hashed, np.arange(100, dtype=np.uint8)), "f").text
    assert "if len(data) < 16 or not ready_(data):" in text
