"""Debuggers stop in the user's file while a program runs, and show its values under the user's names."""

import bdb
import io
import os
import pdb
import re
import sys
import traceback
from pathlib import Path

import numpy as np
import pytest

from dy2static import to_static

HERE = Path(__file__)
LINES = HERE.read_text("utf-8").splitlines()

STOP = re.compile(r"> (.*)\((\d+)\)(\w+)\(\)")


def line_of(mark: str) -> int:
    return next(number for number, line in enumerate(LINES, 1) if line.endswith(f"# {mark}"))


def scaled(values, factor):
    result = values * factor  # scales
    return result  # gives it back


def climb(x, n):
    limit = 100  # a plain number
    y = x  # another name
    for i in range(n):  # the loop
        y = scaled(y, 2) + 1  # calls
        if y.sum() > limit:
            print("high")  # prints
            break
    return y  # the end


def fails(x):
    y = x + 1
    return scaled(y, "no") + [1, 2, 3]  # fails below


@pytest.fixture
def debugged():
    static = to_static(climb, debug=True)
    static(np.arange(3.0), 1)
    return static


def session(commands: str, call) -> str:
    """What pdb prints when it runs `call` with these commands."""
    output = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO(commands), stdout=output, nosigint=True, readrc=False)
    debugger.use_rawinput = False
    bdb.Breakpoint.clearBreakpoints()
    before = sys.gettrace()
    try:
        debugger.runcall(call)
    finally:
        sys.settrace(before)
        debugger.clear_all_breaks()
    return output.getvalue()


def stop_at(mark: str) -> str:
    return f"break {HERE}:{line_of(mark)}\n"


@pytest.mark.parametrize(
    "mark", ["a plain number", "another name", "the loop", "calls", "scales", "gives it back", "prints", "the end"]
)
def test_a_breakpoint_is_hit_when_the_program_runs(debugged, mark):
    text = session(stop_at(mark) + "continue\nclear 1\ncontinue\n", lambda: debugged(np.arange(3.0), 9))
    assert f"{HERE.name}({line_of(mark)})" in text


def test_a_breakpoint_is_hit_once_for_each_turn(debugged):
    text = session(stop_at("scales") + "continue\n" * 9, lambda: debugged(np.arange(3.0), 4))
    assert text.count(f"{HERE.name}({line_of('scales')})scaled()") == 4


def test_values_have_the_users_names(debugged):
    text = session(stop_at("calls") + "c\nc\np y, i, limit, n\nclear 1\nc\n", lambda: debugged(np.arange(3.0), 4))
    assert f"({np.arange(3.0) * 2 + 1!r}, 1, 100, 4)" in text


def test_a_callee_has_names_and_a_frame_of_its_own(debugged):
    text = session(
        stop_at("gives it back") + "c\np values, factor, result\nup\np y, i\nc\nclear 1\nc\n",
        lambda: debugged(np.arange(3.0), 4),
    )
    assert "array([0., 1., 2.]), 2, array([0., 2., 4.])" in text
    assert "(array([0., 1., 2.]), 0)" in text
    assert f"{HERE.name}({line_of('calls')})climb()" in text


def test_next_goes_to_the_users_next_line(debugged):
    text = session(stop_at("another name") + "c\nn\nn\nn\nclear 1\nc\n", lambda: debugged(np.arange(3.0), 4))
    stops = [int(number) for _, number, _ in STOP.findall(text)]
    start = stops.index(line_of("another name"))
    assert stops[start : start + 4] == [line_of("another name"), line_of("the loop"), line_of("calls"),
                                        line_of("calls") + 1]  # fmt: skip


def test_step_goes_into_the_users_callee_and_back(debugged):
    text = session(stop_at("calls") + "c\ns\ns\ns\ns\ns\nclear 1\nc\n", lambda: debugged(np.arange(3.0), 4))
    stops = [(function, int(number)) for _, number, function in STOP.findall(text)]
    calls = stops.index(("climb", line_of("calls")))
    assert stops[calls:] == [
        ("climb", line_of("calls")),
        ("scaled", line_of("scales") - 1),  # --Call--
        ("scaled", line_of("scales")),
        ("scaled", line_of("gives it back")),
        ("scaled", line_of("gives it back")),  # --Return--
        ("climb", line_of("calls") + 1),
    ], "no line of the machinery is shown"


def test_tracing_itself_does_not_stop():
    static = to_static(climb, debug=True)
    text = session(stop_at("scales") + "continue\n" * 9, lambda: static(np.arange(3.0), 2))
    assert text.count(f"{HERE.name}({line_of('scales')})scaled()") == 2


def test_watch_tells_of_each_value():
    static = to_static(climb, debug=True)
    seen, results = [], []
    static.watch("i", seen.append)
    static.watch("scaled.result", lambda value: results.append(value.sum()))
    static(np.arange(3.0), 3)
    assert seen == [0, 1, 2]
    assert results == [6.0, 18.0, 42.0]
    static.unwatch("i")
    static(np.arange(3.0), 3)
    assert seen == [0, 1, 2]


def test_watch_sees_parameters_other_names_and_plain_numbers():
    static = to_static(climb, debug=True)
    seen = []
    for name in ("limit", "y", "n"):
        static.watch(name, lambda value, name=name: seen.append(name))
    static(np.arange(3.0), 1)
    assert seen == ["n", "limit", "y", "y"]


def test_watch_sees_writes_to_elements():
    def fill(x):
        for i in range(len(x)):
            x[i] = i
        return x

    static = to_static(fill, debug=True)
    seen = []
    static.watch("x", lambda value: seen.append(value.tolist()))
    static(np.full(2, 9))
    assert seen == [[9, 9], [0, 9], [0, 1]]


def test_watch_without_a_callback_prints(capsys):
    static = to_static(climb, debug=True)
    static.watch("i")
    static(np.arange(3.0), 1)
    assert capsys.readouterr().err == f"{HERE.name}:{line_of('the loop')}: i = 0\n"


def test_an_error_of_a_callback_reaches_the_caller():
    static = to_static(climb, debug=True)
    static.watch("i", lambda value: 1 // value)
    with pytest.raises(ZeroDivisionError):
        static(np.arange(3.0), 1)


@pytest.mark.parametrize("name", ["", "a b", "x[0]", "a..b"])
def test_what_is_no_name_cannot_be_watched(name):
    with pytest.raises(ValueError, match="is not a name to watch"):
        to_static(climb, debug=True).watch(name)


def test_a_name_that_there_is_not_is_refused_when_that_is_known():
    static = to_static(climb, debug=True)
    with pytest.raises(ValueError, match="no variable 'limi' in climb, to watch it; it has: limit, "):
        static.watch("climb.limi")
    static.watch("nosuch")
    static.watch("scaled.result")
    with pytest.raises(ValueError, match="no variable 'nosuch' in what was traced, to watch it; it has: "):
        static(np.arange(3.0), 1)
    static(np.arange(3.0), 1)
    for name, message in (
        ("resul", "no variable 'resul' in what was traced, to watch it; it has: result, "),
        ("scaled.limit", "no variable 'limit' in scaled"),
        ("scald.result", "no function 'scald' was traced, to watch 'scald.result'; it has: scaled, climb"),
    ):
        with pytest.raises(ValueError, match=message):
            static.watch(name)
    seen = []
    static.watch("scaled.result", seen.append)
    static(np.arange(3.0), 1)
    assert len(seen) == 1


def test_a_name_of_a_branch_that_was_not_taken_is_a_name():
    def choose(x, flag=False):
        if flag:
            doubled = x + x
            return doubled
        return x

    static, seen = to_static(choose, debug=True), []
    static.watch("doubled", seen.append)
    static(2)
    static(2, True)
    assert seen == [4]


def test_watching_needs_debug():
    with pytest.raises(TypeError, match=r"use to_static\(climb, debug=True\)"):
        to_static(climb, debug=False).watch("x")


def test_an_exception_comes_from_the_users_frames():
    with pytest.raises(TypeError) as caught:
        to_static(fails, debug=True)(np.float64(1))
    lines = [(os.path.basename(one.filename), one.lineno) for one in traceback.extract_tb(caught.value.__traceback__)]
    assert lines[-2:] == [(HERE.name, line_of("fails below")), (HERE.name, line_of("scales"))]


def test_the_environment_turns_debugging_on(monkeypatch):
    monkeypatch.setenv("DY2STATIC_DEBUG", "1")
    static = to_static(climb)
    seen = []
    static.watch("i", seen.append)
    static(np.arange(3.0), 2)
    assert seen == [0, 1]
    assert to_static(climb, debug=False)(np.arange(3.0), 1).tolist() == [1.0, 3.0, 5.0]


def test_a_method_is_debugged():
    class Model:
        def __init__(self):
            self.w = 3.0

        @to_static(debug=True)
        def __call__(self, x):
            y = x * self.w
            return y if y.sum() > 0 else -y

    seen = []
    Model.__call__.watch("y", lambda value: seen.append(value.tolist()))
    assert Model()(np.ones(2)).tolist() == [3.0, 3.0]
    assert seen == [[3.0, 3.0]]


def test_a_recursive_function_has_a_frame_for_each_call():
    def fact(n):
        if n <= 1:
            return 1
        return n * fact(n - 1)  # recurs

    static = to_static(fact, debug=True)
    seen = []
    static.watch("n", seen.append)
    assert static(5) == 120
    assert seen == [5, 4, 3, 2, 1]


# The switch


def test_dy2static_0_calls_the_plain_function(monkeypatch, tmp_path):
    monkeypatch.setenv("DY2STATIC", "0")
    calls = []

    def f(x):
        calls.append(x)
        return x + 1

    static = to_static(f)
    assert static(2) == 3 and static(3) == 4
    assert calls == [2, 3]
    assert static.programs == []
    with pytest.raises(TypeError, match="DY2STATIC=0"):
        static.program()
    with pytest.raises(TypeError, match="DY2STATIC=0"):
        static.save(tmp_path / "f.d2s")


def test_dy2static_0_still_converts_when_asked(monkeypatch, tmp_path):
    monkeypatch.setenv("DY2STATIC", "0")
    static = to_static(climb)
    assert "d2s.for_loop" in static.code
    assert "while_loop" in str(static.program(np.arange(3.0), 2))
    static.save(tmp_path / "f.d2s", np.arange(3.0), 2)


def test_dy2static_0_takes_what_cannot_be_converted(monkeypatch):
    monkeypatch.setenv("DY2STATIC", "0")
    assert list(to_static(lambda items: (item for item in items))([1, 2])) == [1, 2]
    assert to_static(len)([1, 2]) == 2


def test_dy2static_0_binds_methods(monkeypatch):
    monkeypatch.setenv("DY2STATIC", "0")

    class Model:
        @to_static
        def double(self, x):
            return self, x * 2

    model = Model()
    assert model.double(2) == (model, 4)
