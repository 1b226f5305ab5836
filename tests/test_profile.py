"""Profiles: each line and op of a program has its runs and bytes, and the arguments are as before.

No test asserts a time.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

import runtime
from dy2static import InputSpec, to_static
from runtime import static
from runtime.ir import walk
from runtime.profiling.marks import marked
from runtime.profiling.profile import duration, size
from runtime.profiling.snapshot import Snapshot
from tests.harness import ROOT
from tests.kernels import KERNELS


def halves(x, limit):
    trips = 0
    while x.sum() > limit:  # test
        x = x / 2  # body
        trips += 1
    return x, trips


def scaled(values, factor):
    return values * factor  # callee


def changes(x, log, seen):
    for i in range(len(x)):
        x[i] = scaled(x[i], 2)
    log.append(x.sum())
    seen["last"] = x
    return x


def chain(x):
    y = x * 2 + 1  # first of the chain
    return np.sqrt(y) - x  # last of the chain


def says(x):
    print("once more")
    return x


def countdown(n):
    return 0 if n == 0 else 1 + countdown(n - 1)  # recursion


def fails(x):
    y = x + 1
    return y // 0  # raises


LINES = (ROOT / "tests" / "test_profile.py").read_text("utf-8").splitlines()


def line_of(comment: str) -> int:
    return next(number for number, line in enumerate(LINES, 1) if line.endswith(f"# {comment}"))


def costs(profile: Any) -> dict[int, Any]:
    """The costs of the lines of this file."""
    return {row.line: row.cost for row in profile.lines if row.file == "test_profile.py"}


def test_loops_count_all_their_runs():
    profile = to_static(halves).profile(np.full(4, 8.0), 1.0, repeat=3)
    assert profile.calls == 3
    assert costs(profile)[line_of("body")].runs == 5
    assert costs(profile)[line_of("test")].runs == 6
    runs = {row.op.definition.name: row.cost.runs for row in profile.ops}
    assert runs[".sum"] == 6 and runs["divide"] == 5


def test_every_op_that_runs_has_a_row():
    function = to_static(halves)
    profile = function.profile(np.full(4, 8.0), 1.0, repeat=1)
    assert {row.op for row in profile.ops} == set(walk(function.program().block))


def test_rows_are_sorted_by_time():
    profile = to_static(halves).profile(np.full(4, 8.0), 1.0)
    for rows in (profile.lines, profile.ops):
        seconds = [row.cost.seconds for row in rows]
        assert seconds == sorted(seconds, reverse=True)


def test_the_result_is_that_of_a_call():
    result, trips = to_static(halves).profile(np.full(4, 8.0), 1.0).result
    assert trips == 5 and (result == 0.25).all()


def test_a_called_function_has_its_own_lines():
    x = np.ones(3)
    profile = to_static(changes).profile(x, [], {}, repeat=2)
    assert costs(profile)[line_of("callee")].runs == 3


def test_arguments_are_as_before():
    x, log, seen = np.arange(3.0), [1], {"first": 1}
    profile = to_static(changes).profile(x, log, seen, repeat=3)
    assert x.tolist() == [0, 1, 2] and log == [1] and seen == {"first": 1}
    assert profile.result.tolist() == [0, 2, 4]


def test_arguments_are_as_before_where_it_raises():
    def adds_and_fails(x, y):
        x += 1
        return y // 0

    x = np.arange(3.0)
    with pytest.raises(ZeroDivisionError):
        to_static(adds_and_fails).profile(x, 1)
    assert x.tolist() == [0, 1, 2]


def test_views_of_one_array_stay_views_of_it():
    def writes(x, y):
        x[0] = 5.0
        return y.sum()

    x = np.ones(4)
    profile = to_static(writes).profile(x, x[:2], repeat=2)
    assert profile.result == 6.0 and x.tolist() == [1, 1, 1, 1]


def test_memory_is_that_of_what_a_line_makes():
    def makes(n):
        x = np.zeros(n)  # makes
        return x.sum()

    profile = to_static(makes).profile(10**6)
    assert costs(profile)[line_of("makes")].kept >= 8 * 10**6
    assert profile.peak >= 8 * 10**6


def test_little_memory_and_what_is_freed_are_told_as_such():
    def frees(n):
        x = np.zeros(n)
        s = x.sum()
        x = s + 1  # frees
        return np.ones(int(n))[:3], x

    profile = to_static(frees).profile(10**6)
    assert costs(profile)[line_of("frees")].kept < 0
    assert re.search(r"-\d", str(profile)) is None
    assert re.search(r"it held at most 8\S* MB more than it was given", str(profile))
    assert "it held less than 1 kB more than it was given" in str(to_static(lambda n: n + 1).profile(1))


@pytest.mark.usefixtures("optimized")
def test_lines_that_are_computed_together_say_so():
    profile = to_static(chain).profile(np.ones(10))
    notes = {row.line: row.notes for row in profile.lines}
    first, last = line_of("first of the chain"), line_of("last of the chain")
    assert any(f"with line {first}," in note for note in notes[last])


def test_what_prints_runs_once_in_each_way(capsys):
    assert to_static(says).profile(np.ones(2)).calls == 1
    assert to_static(says).profile(np.ones(2), repeat=4).calls == 4


def test_a_program_without_ops_has_a_profile():
    assert to_static(lambda x: 3).profile(1).result == 3


def test_recursion_has_its_line():
    profile = to_static(countdown).profile(5, repeat=1)
    assert profile.result == 5 and line_of("recursion") in costs(profile)


def test_an_exception_shows_the_users_line():
    with pytest.raises(ZeroDivisionError) as caught:
        to_static(fails).profile(1)
    lines = [entry.lineno for entry in caught.traceback if entry.path.name == "test_profile.py"]
    assert lines[-1] + 1 == line_of("raises")


def test_a_method_profiles_its_object():
    class Scale:
        factor = 3.0

        @to_static
        def __call__(self, x):
            return x * self.factor

    assert Scale().__call__.profile(np.ones(2)).result.tolist() == [3, 3]


@pytest.mark.parametrize("repeat", [0, -1, 2.0, "3", True])
def test_another_repeat_is_refused(repeat):
    with pytest.raises(ValueError, match="1 at least"):
        to_static(halves).profile(np.ones(2), 1.0, repeat=repeat)


def test_repeat_is_never_an_argument_of_the_function():
    def repeated(x, repeat):
        return x * repeat

    profile = to_static(repeated).profile(2.0, 5, repeat=3)
    assert profile.result == 10.0 and profile.calls == 3


def test_input_spec_is_kept():
    function = to_static(scaled, input_spec=[InputSpec(("n",), "float64", "values")])
    with pytest.raises(runtime.FeedError):
        function.profile(np.ones(2, np.float32), 2)


def test_a_loaded_function_has_a_profile(tmp_path):
    function = to_static(halves)
    function(np.full(4, 8.0), 1.0)
    function.save(tmp_path / "f.d2s")
    loaded = runtime.load(tmp_path / "f.d2s")
    profile = loaded.profile(np.full(4, 8.0), limit=1.0, repeat=2)
    assert profile.result[1] == 5 and costs(profile)[line_of("body")].runs == 5


def test_a_program_built_by_hand_has_a_profile():
    main, startup = static.Program("main"), static.Program("startup")
    with static.program_guard(main, startup), static.scope_guard(static.Scope()):
        x = static.data("x", (3,), "float64")
        w = static.parameter("w", (3,), "float64", lambda: np.ones(3))
        static.returns(x * w)
        static.Executor().run(startup)
        profile = main.profile({"x": np.arange(3.0)}, repeat=2)
    assert profile.result[0].tolist() == [0, 1, 2]


def test_the_table_has_the_users_lines():
    text = str(to_static(halves).profile(np.full(4, 8.0), 1.0))
    assert re.search(rf"test_profile\.py:{line_of('body')}  x = x / 2  # body\n +divide\n", text)
    assert "by ops" in text and "while_loop" in text


def test_long_tables_are_cut():
    def long(x):
        for k in [0] * 40:
            x = np.tanh(x)
        return x

    profile = to_static(long).profile(np.ones(2))
    assert len(profile.ops) == 40 and "and 15 more: " in str(profile)


def test_the_picture_shows_costs():
    profile = to_static(halves).profile(np.full(4, 8.0), 1.0)
    picture = profile.draw()
    nodes = [node for region in picture.graph.regions for node in region.nodes if node.op is not None]
    assert all(re.fullmatch(r"[\d.]+ \w+, \d+ %", node.cost) for node in nodes)
    loop = next(node for node in nodes if node.kind == "loop")
    assert loop.heat == 5
    for suffix in (".html", ".svg", ".dot", ".mmd"):
        assert loop.cost in picture.text(suffix).replace("#37;", "%").replace("#44;", ",")
    assert 'class="node box loop heat-5"' in picture.text(".svg")


def test_the_profile_of_another_program_is_not_drawn():
    profile = to_static(halves).profile(np.full(4, 8.0), 1.0)
    with pytest.raises(ValueError, match="another program"):
        to_static(chain).program(np.ones(2)).draw(profile)


def test_a_picture_without_a_profile_has_no_costs():
    assert "cost" not in to_static(chain).program(np.ones(2)).draw().text(".svg").partition("</style>")[2]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of shapes that are set, by later versions of NumPy
@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
def test_kernels_give_in_a_profile_what_they_give(kernel):
    function, given = kernel.make(), kernel.inputs[-1]
    given = given() if callable(given) else given
    static_function = to_static(function)
    try:
        wanted = function(*deepcopy(given))
    except (ArithmeticError, ValueError) as error:
        with pytest.raises(type(error)):
            static_function.profile(*given, repeat=1)
        return
    profile = static_function.profile(*given, repeat=1)
    np.testing.assert_equal(profile.result, wanted)


def test_marks_stand_between_lines():
    text = "def f(x):\n    y = x\n    z = y\n    while z:\n        z = z - 1\n    return z\n"
    found = marked(text, ["f", "a", "a", "b", "c", "d"])
    assert found.keys == ["a", "b", "c", "d"]


def test_a_snapshot_puts_back_what_lists_hold():
    inner = np.zeros(2)
    held = {"a": [inner, {1}], "b": bytearray(b"x")}
    snapshot = Snapshot([held])
    inner[0], held["a"], held["c"] = 1, [], 2
    held["b"] += b"y"
    snapshot.restore()
    assert held == {"a": [inner, {1}], "b": bytearray(b"x")} and inner.tolist() == [0, 0]


@pytest.mark.parametrize(
    "seconds, text", [(0, "0 ns"), (9.994e-7, "999 ns"), (1e-6, "1.00 us"), (0.01234, "12.3 ms"), (150, "150 s")]
)
def test_durations_have_three_digits(seconds, text):
    assert duration(seconds) == text


def test_sizes_leave_out_small_change():
    assert [size(number) for number in (1000, 2000, 8 * 10**6, -3 * 10**9)] == ["", "2 kB", "8.00 MB", "-3.00 GB"]
