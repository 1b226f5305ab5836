"""Tracing comes to an end, says which loop did not, tells of its progress, and leaves what it failed on as it was."""

import collections
import itertools
import linecache
import logging
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dy2static import ConversionError, attempts, loops, not_to_static, regions, to_static
from dy2static.trace import Trace
from tests.harness import portrait

HERE = Path(__file__)
LINES = HERE.read_text("utf-8").splitlines()


def line_of(mark: str) -> int:
    return next(number for number, line in enumerate(LINES, 1) if line.endswith(f"# {mark}"))


class Node:
    """An object that holds another."""

    def __init__(self, number, following=None):
        self.number = number
        self.following = following


def step(x):
    return x + 1


def back(x):
    return x - 1


# Loops and recursion that never end


def counts(x):
    for i in itertools.count():  # counts
        x = x + i
    return x


def counts_until(x):
    for i in itertools.count():  # counts until
        x = x + i
        if x.sum() > 100:
            break
    return x


def cycles(x):
    for i in itertools.cycle([1, 2]):  # cycles
        x = x + i
    return x


def repeats(x):
    for i in itertools.repeat(1):  # repeats
        x = x + i
    return x


def calls_until(x):
    for i in iter(lambda: 1, 2):  # calls until
        x = x + i
    return x


def walks(x):
    move = step  # a function: no program can hold it in a loop's state
    while move is not None:  # walks
        x = move(x)
        move = back if move is step else step
    return x


def walks_for_ever(x):
    move = step
    while True:  # walks for ever
        x = move(x)
        move = back if move is step else step


def outer(x):
    return counts(x) + 1


ENDLESS = [
    (counts, "counts", "count"),
    (counts_until, "counts until", "known when the program runs"),
    (cycles, "cycles", "cycle"),
    (repeats, "repeats", "repeat"),
    (calls_until, "calls until", "callable_iterator"),
    (walks, "walks", "turns"),
    (walks_for_ever, "walks for ever", "turns"),
    (outer, "counts", "count"),
]


@pytest.mark.parametrize("function, mark, word", ENDLESS, ids=[row[0].__name__ for row in ENDLESS])
def test_tracing_an_endless_loop_ends(function, mark, word, monkeypatch):
    """With a refusal that names the loop; or with a program, which ends where Python does. It is not run here."""
    monkeypatch.setattr("dy2static.staging.MAX_TURNS", 1000)
    started = time.monotonic()
    try:
        to_static(function).program(np.ones(2))
    except ConversionError as error:
        text = str(error)
        assert f"{HERE.name}:{line_of(mark)}: " in text
        assert word in text and "^" in text
    assert time.monotonic() - started < 100


def recurs(x):
    return recurs(x) + 1


def recurs_with_an_object(x, node):
    return recurs_with_an_object(x, Node(x, node)) + 1


def ping(x):
    return pong(x + 1)


def pong(x):
    return ping(x - 1)


@not_to_static
def recurs_as_it_is(x):
    return recurs_as_it_is(x)


def calls_what_recurs(x):
    return recurs_as_it_is(2) + x


@pytest.mark.parametrize(
    "function, args",
    [(recurs, (1,)), (ping, (1,)), (recurs_with_an_object, (1, None)), (calls_what_recurs, (1,))],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_endless_recursion_is_refused_or_the_error_that_python_gives(function, args):
    with pytest.raises((ConversionError, RecursionError)):
        to_static(function)(*args)


def test_a_long_but_finite_loop_over_python_is_traced():
    def f(x):
        for i in list(range(3000)):
            x = x + i
        for i in itertools.islice(itertools.count(), 100):
            x = x + i
        for i, j in zip(range(50), itertools.count()):
            x = x + i * j
        return x

    assert portrait(to_static(f)(1.0)) == portrait(f(1.0))


# What a failed trace leaves behind


class Model:
    def __init__(self):
        self.steps = 0
        self.weights = np.ones(3)
        self.history = [0]
        self.table = {"a": 1}
        self.queue = collections.deque([1])
        self.seen = {1}


def change(model, x, n):
    """Changes all there is to change, in a branch, in a loop and outside."""
    model.steps += 1
    model.history.append(x)
    model.table["b"] = 2
    model.weights += 1
    x[0] = 9
    if x.sum() > 0:
        model.steps += 10
        model.history.extend([1, 2])
        model.table.pop("a", None)
        model.weights[1] = 7
        model.seen.add(5)
    for i in range(n):
        model.history.insert(0, i)
        model.weights *= 2
        model.queue.append(i)
        model.extra = i
        del model.history[-1]


def fails_at_the_end(model, x, n):
    change(model, x, n)
    return memoryview(x)


def fails_in_a_branch(model, x, n):
    change(model, x, n)
    if x.sum() > 1e9:
        memoryview(x)
    return x


def fails_in_a_loop(model, x, n):
    for _ in range(n):
        change(model, x, n)
        memoryview(x)
    return x


def fails_in_a_try(model, x, n):
    try:
        change(model, x, n)
        memoryview(x)
    except ValueError:
        model.steps = -1
    finally:
        model.history.clear()
    return x


COUNTER = 0


def changes_a_global(model, x, n):
    global COUNTER
    COUNTER += 1
    change(model, x, n)
    COUNTER += x.size
    memoryview(x)


FAILING = [fails_at_the_end, fails_in_a_branch, fails_in_a_loop, fails_in_a_try, changes_a_global]


@pytest.mark.parametrize("debug", [False, True], ids=["", "debug"])
@pytest.mark.parametrize("function", FAILING, ids=lambda function: function.__name__)
def test_a_failed_trace_leaves_everything_as_it_was(function, debug):
    model, x = Model(), np.array([1.0, 2.0, 3.0])
    weights, history = model.weights, model.history
    before = portrait((vars(model), x, COUNTER))
    static = to_static(function, debug=debug)
    for _ in range(2):
        with pytest.raises(ConversionError):
            static(model, x, 3)
        assert portrait((vars(model), x, COUNTER)) == before
        assert model.weights is weights and model.history is history
    assert static.programs == []
    assert sys.gettrace() is None or "Recorder" not in repr(sys.gettrace())


def changes_all(model, x, n):
    change(model, x, n)
    return x


@pytest.mark.parametrize("count", [1, 2, 5, 10, 20, 40])
def test_an_interrupt_anywhere_leaves_everything_as_it_was(count, monkeypatch):
    """After `count` ops, as by Ctrl-C."""
    model, x, ops = Model(), np.array([1.0, 2.0, 3.0]), []
    before = portrait((vars(model), x))
    append = Trace.append

    def interrupted(self, op):
        ops.append(op)
        if len(ops) == count:
            raise KeyboardInterrupt
        return append(self, op)

    monkeypatch.setattr(Trace, "append", interrupted)
    static = to_static(changes_all)
    with pytest.raises(KeyboardInterrupt):
        static(model, x, 3)
    assert portrait((vars(model), x)) == before
    other, y = Model(), x.copy()
    assert portrait((static(model, x, 3), vars(model))) == portrait((changes_all(other, y, 3), vars(other)))


def test_a_closure_is_as_before_after_a_failed_trace():
    count, items = 0, [1]

    def f(x):
        nonlocal count
        count += 1
        items.append(x)
        if x > 0:
            count += 10
        memoryview(x)

    with pytest.raises(ConversionError):
        to_static(f)(np.float64(1))
    assert (count, items) == (0, [1])


def test_another_call_works_after_a_failed_one():
    def f(x, fails):
        if fails:
            memoryview(x)
        x[0] += 1
        return x

    static = to_static(f)
    x = np.zeros(2)
    with pytest.raises(ConversionError):
        static(x, True)
    assert static.programs == [] and x.tolist() == [0, 0]


def test_a_failing_type_of_argument_does_not_harm_the_programs_before():
    def f(x, how):
        x += 1
        return x if how != "bad" else memoryview(x)

    static = to_static(f)
    x = np.zeros(2)
    static(x, "good")
    with pytest.raises(ConversionError):
        static(x, "bad")
    assert x.tolist() == [1, 1]
    static(x, "good")
    assert x.tolist() == [2, 2] and len(static.programs) == 1


def test_the_limit_of_recursion_is_as_before():
    limit = sys.getrecursionlimit()
    with pytest.raises((ConversionError, RecursionError)):
        to_static(calls_what_recurs)(1)
    assert sys.getrecursionlimit() == limit


# Progress


def unrolled(x):
    for i in [1] * 400:
        x = x + i
    return x


def test_long_tracing_tells_of_its_progress(monkeypatch, caplog):
    monkeypatch.setattr("dy2static.progress.FIRST", 0.0)
    with caplog.at_level(logging.INFO, "dy2static"):
        to_static(unrolled)(np.ones(2))
    said = [message for message in caplog.messages if message.startswith("tracing")]
    assert said[0].startswith("tracing unrolled() for 0 s: attempt 1, 128 ops, at test_bounds.py:")


def test_each_step_of_a_long_conversion_and_trace_is_told(monkeypatch, caplog):
    clock = SimpleNamespace(monotonic=map(4.0 .__pow__, itertools.count(2)).__next__)  # each look at it comes late
    monkeypatch.setattr("dy2static.progress.time", clock)
    with caplog.at_level(logging.INFO, "dy2static"):
        to_static(lambda x: x + 1, cache=False)(1)
    steps = [message.partition("() for ")[0] + message.partition(" s: ")[2] for message in caplog.messages]
    assert steps == [
        "converting <lambda>its statements",
        "converting <lambda>its expressions",
        "converting <lambda>its code",
        "tracing <lambda>its program is checked and written",
    ]


def test_progress_is_shown_on_a_terminal_and_nowhere_else(monkeypatch, capsys):
    monkeypatch.setattr("dy2static.progress.FIRST", 0.0)
    to_static(unrolled)(np.ones(2))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    to_static(unrolled)(np.ones(2))
    assert "dy2static: tracing unrolled()" in capsys.readouterr().err


def test_short_tracing_says_nothing(caplog):
    with caplog.at_level(logging.INFO, "dy2static"):
        to_static(lambda x: x + 1)(1)
    assert not caplog.messages




def traces_of_bodies(lines, monkeypatch):
    """How often bodies of loops and parts of attempts are traced for f(n, y) with these lines."""
    count = 0
    original = regions.trace_block

    def counted(*args, **kwargs):
        nonlocal count
        count += 1
        return original(*args, **kwargs)

    monkeypatch.setattr(loops, "trace_block", counted)
    monkeypatch.setattr(attempts, "trace_block", counted)
    text = "\n".join(["def f(n, y):", *("    " + line for line in lines), "    return y", ""])
    filename = f"bounds/{len(lines)}_{hash(text)}.py"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace = {}
    exec(compile(text, filename, "exec"), namespace)
    assert to_static(namespace["f"])(1, 1) == namespace["f"](1, 1)
    return count


def nested_loops(depth):
    lines = ["    " * i + "for _ in range(n):" for i in range(depth)] + ["    " * depth + "y = y + 1"]
    return lines + ["    " * (i + 1) + "y = y + 0.5" for i in reversed(range(depth))]


def nested_attempts(depth):
    lines = ["    " * i + "try:" for i in range(depth)] + ["    " * depth + "y = y + 1"]
    return lines + ["    " * i + "finally: y = y // n" for i in reversed(range(depth))]


def loops_and_attempts_in_turn(depth):
    lines = ["    " * i + ("for _ in range(n):", "try:")[i % 2] for i in range(depth)]
    lines.append("    " * depth + "y = y // n + 0.5")
    return lines + ["    " * i + "finally: y = y // n" for i in reversed(range(1, depth, 2))]


def nested_comprehensions(depth):
    return ["y = " + "[" * depth + "y + 0.5" + " for _ in range(n)]" * depth]


SHAPES = [nested_loops, nested_attempts, loops_and_attempts_in_turn, nested_comprehensions]


@pytest.mark.parametrize("nested", SHAPES)
def test_nesting_adds_passes_and_does_not_multiply_them(nested, monkeypatch):
    few, many = (traces_of_bodies(nested(depth), monkeypatch) for depth in (4, 12))
    assert many <= 7 * few
