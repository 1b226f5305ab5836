"""The oracle sees each thing that the promise names: a form that differs in just that is found out."""

import numpy as np
import pytest

from tests.harness import Observation, differences, eager, fresh, observe, observe_all, portrait
from tests.programs.row import Row, f32, f64, given, grid, i64, zero_d


def row_of(function, *inputs) -> Row:
    return Row("one", "here", lambda: function, inputs, (), ("converted", "traced", "saved"))


def found(function, form, *inputs) -> str:
    row = row_of(function, *inputs)
    return differences(eager(row), observe_all(row, form, function))


DIFFERENT = [
    (1, True),
    (1, 1.0),
    (1, np.int64(1)),
    (0.0, -0.0),
    (np.float64(1), zero_d(1)),
    (np.float64(1), np.float32(1)),
    (f64(1), f32(1)),
    (f64(1), zero_d(1)),
    (f64(1), grid(1, 1)),
    (f64(0.0), f64(-0.0)),
    (f64(1), i64(1)),
    (f64(1), f64(1).astype(">f8")),
    (f64(), grid(0, 2)),
    ((1, 2), [1, 2]),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    (None, False),
    ("1", 1),
    (0j, complex(0.0, -0.0)),
    (np.nextafter(1, 2), 1.0),
    (np.float32(0.1), np.nextafter(np.float32(0.1), np.float32(1))),
]


@pytest.mark.parametrize("one, other", DIFFERENT, ids=str)
def test_results_that_differ_are_told_apart(one, other):
    assert "result differs" in found(lambda: one, lambda: other, ())
    assert "result differs" in found(lambda: [(one,)], lambda: [(other,)], ())


@pytest.mark.parametrize("value", [float("nan"), f64(np.nan, 1), -np.float32("nan"), [complex("nan")]], ids=str)
def test_each_nan_is_the_same(value):
    assert not found(lambda: value, lambda: value, ())
    assert portrait(f64(np.nan)) == portrait(-f64(np.nan))


def keep(x):
    return x


def add_in_place(x):
    x += 1
    return x


def test_changed_arguments_are_seen():
    def add(x):
        return x + 1

    text = found(add_in_place, add, (f64(1),))
    assert "arguments differs" in text and "aliases differs" in text and "result differs" not in text


def test_a_copy_is_no_alias():
    assert "aliases differs" in found(keep, lambda x: x.copy(), (f64(1),))
    assert "aliases differs" in found(lambda x: x[:1], lambda x: x[:1].copy(), (f64(1),))
    assert "aliases differs" in found(lambda x: (x, x), lambda x: (x, x.copy()), (f64(1),))
    assert "aliases differs" in found(keep, lambda x: list(x), ([1],))


def test_output_is_seen():
    assert "output differs" in found(lambda: print(1), lambda: print("1 "), ())


def raises(error):
    def function():
        raise error

    return function


def test_exceptions_are_seen():
    assert "error differs" in found(lambda: 1 / 0, lambda: None, ())
    assert "error differs" in found(raises(KeyError("a")), raises(LookupError("a")), ())
    assert not found(lambda: 1 / 0, raises(ZeroDivisionError("another text")), ())


def test_messages_of_the_users_own_are_seen():
    expected = Observation(error="builtins.ValueError", message="a", written=True)
    assert "message differs" in differences([expected], [Observation(error="builtins.ValueError", message="b")])


def test_attributes_and_cells_are_seen():
    class Owner:
        count = 0

        def bump(self):
            self.count += 1

    one = Owner()
    observed = [observe(method, given(), one.bump, []) for method in (lambda: None, one.bump)]
    assert "surroundings differs" in differences(observed[:1], observed[1:])


def test_a_result_that_a_later_call_changes_is_seen():
    buffer = np.zeros(1)

    def reuses(x):
        buffer[:] = x
        return buffer

    assert "result differs" in found(lambda x: np.array([x]), reuses, (1.0,), (2.0,))


def test_one_deepcopy_keeps_two_arguments_one():
    x = f64(1)
    args = fresh((x, [x])).args
    assert args[0] is args[1][0] and args[0] is not x
