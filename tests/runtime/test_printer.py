"""What a printed Program looks like, and that names are the user's, unique and the same in every process."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from dy2static import to_static
from runtime.executor import build
from runtime.ir import Constant, Program, Slot, Value
from runtime.printer import names
from runtime.text import text
from tests.runtime.by_hand import INT, PROGRAMS, Hand, X, chain, const, long, nested

TEXTS = {
    "ternary": """\
program f(x: float32[n], y: float32[n]) {
  c: bool[n] = greater(x, y)  # f.py:6
  z: float32[n] = cond(c)
    then {
      v1: float32[n] = add(x, y)
      return v1
    }
    else {
      v2: float32[n] = subtract(x, y)
      return v2
    }
  return z
}""",
    "counters": """\
program counters(first: int, second: int) {
  first_2: int, second_2: int = while_loop(first_2: int = first, second_2: int = second)  # f.py:3
    test {
      v1: bool = less(first_2, second_2)
      return v1
    }
    body {
      first_3: int = iadd(first_2, 2)    # f.py:4
      second_3: int = iadd(second_2, 1)  # f.py:5
      return first_3, second_3
    }
  return (first_2, second_2)
}""",
    "total": """\
program total(items: float64[n]) {
  weight w: float64[3]
  s: float64 = while_loop(for item: float64 in items, s: float64 = 0.0)  # f.py:7
    body {
      v1: float64[2] = w[:2]        # f.py:8
      w[..., 0] = item              # f.py:9
      v2: float64 = v1.sum(axis=0)  # f.py:10
      s_2: float64 = add(s, v2)
      return s_2
    }
    test {
      v3: bool = less(s, 9.0)  # f.py:11
      return v3
    }
  print('s =', s, sep='')                         # f.py:12
  v4: ? = w.shape                                 # f.py:13
  a: int, b: int = unpack(v4, 2)
  return {'s': s, 'shape': [a, b]}
}""",
    "chain": """\
program chain(x: int) {
  v1: bool = equal(x, 0)  # f.py:2
  y: int = cond(v1)
    then {
      return 0
    }
    elif {
      v2: bool = equal(x, 1)  # f.py:3
      return v2
    }
    then {
      return 1
    }
    elif {
      v3: bool = equal(x, 2)  # f.py:4
      return v3
    }
    then {
      return 2
    }
    else {
      raise(ValueError, 'too many')  # f.py:5
      unreachable
    }
  return y
}""",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_program_prints_as_the_design_shows(name: str) -> None:
    assert str(PROGRAMS[name]()) == TEXTS[name]


def named(*hints: str | None) -> list[str]:
    hand = Hand(*(Value(X, hint) for hint in hints))
    return list(names(Program("f", hand.block)).values())


@pytest.mark.parametrize(
    "hints, expected",
    [
        ((None, None), ["v1", "v2"]),
        (("x", "x", "x"), ["x", "x_2", "x_3"]),
        (("x", "x", "x_2"), ["x", "x_3", "x_2"]),
        ((None, "v1", None), ["v2", "v1", "v3"]),
        (("lambda", "1st", "a.b", "naïve"), ["lambda_", "_1st", "a_b", "naïve"]),
        (("v", None, "v"), ["v", "v1", "v_2"]),
    ],
)
def test_names_are_the_users_and_unique(hints: tuple[str | None, ...], expected: list[str]) -> None:
    assert named(*hints) == expected


def test_every_value_has_a_name_and_only_states_share_one() -> None:
    program = PROGRAMS["total"]()
    given = names(program)
    assert len(given) == 2 + 7 + 1 + 3 + 1, "input and weight; loop; its test; after it; a constant in its place"
    assert len(set(given.values())) == len(given) - 2
    assert {type(value) for value in list(given)[-1:]} == {Constant}, "constants in their place are named last"


def test_the_item_of_a_for_loop_is_no_state() -> None:
    program = PROGRAMS["total"]()
    body = program.block.ops[0].blocks[0]
    given = names(program)
    assert [given[value] for value in body.inputs] == ["item", "s"]


@pytest.mark.parametrize(
    "datum, expected",
    [
        ((1,), "(1,)"),
        ([1, "a", None, ...], "[1, 'a', None, ...]"),
        ({"k": (1.5, 2j)}, "{'k': (1.5, 2j)}"),
        (slice(1, None), "slice(1, None, None)"),
        (np.float32, "np.float32"),
        (int, "int"),
        (np.dtype("f4"), "dtype('float32')"),
        (np.float32(3), "np.float32(3.0)"),
        (np.add, "np.add"),
        (np.sum, "sum"),
        (object(), "<object>"),
        (ValueError, "ValueError"),
        ({"b", "a"}, "{'a', 'b'}"),
        (Slot(1), "$1"),
    ],
)
def test_data_are_printed_as_python_writes_them(datum: object, expected: str) -> None:
    assert text(datum) == expected


def test_a_subscript_is_printed_as_the_user_wrote_it() -> None:
    x, i = Value(X, "x"), Value(INT, "i")
    hand = Hand(x, i)
    for index in (i, slice(None), slice(i, -1, 2), (i, slice(1, None), None), (i,), (), (slice(None), [0, 1])):
        hand("getitem", x, index, to="?")
    printed = str(Program("f", hand.block)).splitlines()[1:-2]
    assert [line.split(" = ")[1] for line in printed] == [
        "x[i]", "x[:]", "x[i:-1:2]", "x[i, 1:, None]", "x[i,]", "x[()]", "x[:, [0, 1]]",
    ]  # fmt: skip


def test_arrays_are_weights_and_long_data_constants_in_lines_of_their_own() -> None:
    hand = Hand()
    hand("pack", (const(np.ones((2, 3), "f4"), "w"), const(tuple(range(99)), "table"), const("short", "s")), to="p: ?")
    lines = str(Program("f", hand.block)).splitlines()
    assert lines[1] == "  weight w: float32[2, 3]"
    assert lines[2].startswith("  constant table: tuple(int, …) = (0, 1, 2, ") and lines[2].endswith("…")
    assert lines[3] == "  p: ? = pack((w, table, 'short'))"


def test_a_faulty_program_still_prints() -> None:
    x = Value(X, "x")
    hand = Hand()
    hand("add", x, 1, to="y: ?")
    op = hand.block.ops[0]
    op.inputs = ()
    hand("negative", x, to="z: ?")
    op.blocks = (hand.block,)
    assert "y: ? = add(<no input 0>, 1)" in str(Program("f", hand.block))
    assert "negative(<x, made nowhere>)" in str(Program("f", hand.block))


def test_printing_takes_time_in_proportion_to_length() -> None:
    def seconds(program: Program) -> float:
        start = time.perf_counter()
        str(program)
        return time.perf_counter() - start

    short, tall = long(500), long(5000)
    seconds(short)
    assert min(seconds(tall) for _ in range(3)) < 40 * min(seconds(short) for _ in range(3))


@pytest.mark.parametrize("program", [nested(1500), chain(1500)], ids=["nested", "chain"])
def test_deep_programs_print(program: Program) -> None:
    assert str(program).count("then {") == 1500


def test_a_summary_counts() -> None:
    assert PROGRAMS["total"]().summary().splitlines() == [
        "program total",
        "  inputs             1  items: float64[n]",
        "  results            3",
        "  weights            1  24 bytes",
        "    w                   float64[3], 24 bytes",
        "  depth              1",
        "  ops                9",
        "    .shape           1",
        "    .sum             1",
        "    add              1",
        "    getitem          1",
        "    less             1",
        "    print            1",
        "    setitem          1",
        "    unpack           1",
        "    while_loop       1",
    ]


def test_the_text_is_the_same_in_every_process() -> None:
    source = "import runtime.printer\nfrom tests.runtime.by_hand import PROGRAMS\n"
    source += "for make in PROGRAMS.values(): print(make(), make().summary())"
    root = Path(__file__).parents[2]
    texts = {
        subprocess.run(
            [sys.executable, "-c", source],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(root), *sys.path])},
            capture_output=True, check=True, cwd=root,
        ).stdout
        for seed in "012"
    }  # fmt: skip
    assert len(texts) == 1


def test_the_cache_of_a_function_is_shown_in_the_program_and_in_what_is_run() -> None:
    def f(n: int) -> int:
        @functools.lru_cache(maxsize=8)
        def fib(k: int) -> int:
            return k if k < 2 else fib(k - 1) + fib(k - 2)

        return fib(n)

    program = to_static(f).program(3)
    assert "fib: python = define(cache={'maxsize': 8, 'typed': False})" in str(program)
    assert "@lru_cache_(maxsize=8, typed=False)" in build(program).source  # type: ignore[attr-defined]
