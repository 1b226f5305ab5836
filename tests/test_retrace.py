"""The warning that a function is traced again and again."""

import sys
import warnings
from pathlib import Path

import numpy as np

from dy2static import InputSpec, RetraceWarning, to_static

HERE = Path(__file__)


def messages(static, calls) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for args in calls:
            static(*args)
    return [one for one in caught if one.category is RetraceWarning]


class Layer:
    def __init__(self, w):
        self.w = w


LAYERS = [Layer(w) for w in range(40)]


def pick(x, n):
    for k in range(n):
        x = x + LAYERS[k].w
    return x


def add(x, y):
    return x + y


def call(function, x):
    return function(x)


def make_callee():
    return lambda x: x + 1


def test_a_number_that_tracing_needs_is_named_with_the_line_that_needs_it():
    (found,) = messages(to_static(pick), [(1.0, n) for n in range(12)])
    text = str(found.message)
    assert text.startswith("pick() was traced 10 times. The value of argument 'n' changes between the calls (0, 1, 2")
    assert f"needs it while tracing at {HERE.name}:" in text
    assert "f.explain()" in text


def test_it_is_given_at_the_line_of_the_call_and_once_for_each_line():
    def pick_too(x, n):
        return pick(x, n)

    static = to_static(pick_too)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for n in range(20):
            static(1.0, n)  # here
        for n in range(20, 30):
            static(1.0, n)  # and here
    lines = HERE.read_text("utf-8").splitlines()
    assert [lines[one.lineno - 1].split("# ")[1] for one in caught] == ["here", "and here"]
    assert {one.filename for one in caught} == {__file__}


def test_an_object_that_is_made_anew_is_named():
    (found,) = messages(to_static(call), [(make_callee(), 1) for _ in range(12)])
    assert "The object argument 'function' changes between the calls" in str(found.message)


def test_many_dtypes_kinds_and_ranks_are_no_retracing():
    values = [1, 1.0, 1j, np.float32(1), *(np.zeros((1,) * rank) for rank in range(1, 6))]
    assert not messages(to_static(add), [(x, y) for x in values for y in values if np.ndim(x) == np.ndim(y)])


def test_few_programs_and_warm_calls_say_nothing():
    static = to_static(add)
    assert not messages(static, [(1, 1), (1.0, 1), (np.ones(3), 1), (np.ones(4), 1)] * 10)


def test_asking_for_programs_says_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        static = to_static(add)
        for rank in range(14):
            static.program(InputSpec((2,) * rank, "float32"), 1)


def imports_late(n):
    is_known = "no_such_module" in sys.modules
    import imported_late  # noqa: F401

    return n + is_known


def test_an_import_while_tracing_may_change_what_the_trace_goes_by(tmp_path, monkeypatch):
    (tmp_path / "imported_late.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert to_static(imports_late)(1) == 1
