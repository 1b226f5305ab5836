"""The command line: what each command does, and that each fault is one line and the right exit status."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest

import runtime
from dy2static import cli, command_values

MODEL = '''
import numpy as np
from dy2static import to_static
from beside import FACTOR


@to_static
def step(x, y, scale=2.0):
    """Doubles or halves."""
    if x.sum() > y:
        x = x * scale
    else:
        x = x / scale
    return x * FACTOR


def plain(n):
    while n > 10:
        n = n - 3
    return n


def pair(x, k):
    return {"sum": x.sum(), "both": (x + k, None)}


def divide(a, b):
    if a > 0:
        a = a // b
    return a


def constant():
    return 3


def generator(x):
    yield x


def choose(x, how, pair):
    return x * pair[0] if how == "first" else x * pair[1]


NUMBER = 3

if __name__ == "__main__":
    raise SystemExit("the module is run, not imported")
'''


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)
    Path("beside.py").write_text("FACTOR = 1\n")
    Path("broken.py").write_text("def f(:\n")
    Path("latin.py").write_bytes(b"x = '\xe9'\n")
    Path("exits.py").write_text("import sys\nsys.exit(0)\n")
    Path("fails.py").write_text("import numpy as np\n\nx = 1 // 0\n")
    Path("text.d2s").write_text("not a program")
    Path("imports.py").write_text("import broken\n")
    Path("saved.d2s").write_bytes(b"PK\x03\x04")
    np.save("x.npy", np.float32([1, 2, 3]))
    np.savez("data.npz", a=np.float32([4, 5]), b=np.float64(2))
    np.save("objects.npy", np.array([None]), allow_pickle=True)
    return tmp_path


def save(function: str, *inputs: str, to: str = "f.d2s") -> str:
    flags = [flag for text in inputs for flag in ("-i", text)]
    assert cli.main(["save", f"model.py:{function}", *flags, "-o", to]) == 0
    return to


def output_of(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    capsys.readouterr()
    assert cli.main(argv) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def module_of(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("written", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Commands


def test_save_then_run_gives_what_the_function_gives(capsys: pytest.CaptureFixture[str]) -> None:
    save("step", "x=float32[n]", "y=float")
    assert output_of(capsys, "run", "f.d2s", "x=x.npy", "y=0.5") == "result: float32[3] = [2. 4. 6.]\n"
    assert output_of(capsys, "run", "f.d2s", "y=50.0", "x=data.npz:a") == "result: float32[2] = [2.  2.5]\n"


def test_inputs_may_come_in_any_order() -> None:
    save("step", "y=float", "x=float32[n]")
    program = runtime.load("f.d2s").program
    assert [parameter.name for parameter in program.parameters] == ["x", "y", "scale"]


def test_a_saved_program_has_the_size_of_no_call() -> None:
    save("step", "x=float32[n]", "y=float")
    loaded = runtime.load("f.d2s")
    for size in (1, 7):
        assert loaded(np.ones(size, np.float32), 0.5).shape == (size,)


def test_run_writes_each_result_under_its_own_name(capsys: pytest.CaptureFixture[str]) -> None:
    Path("both.py").write_text("def both(x, k):\n    return {'sum': x.sum(), 'all': (x + k, k)}\n")
    assert cli.main(["save", "both.py:both", "-i", "x=float32[n]", "-i", "k=int", "-o", "both.d2s"]) == 0
    assert output_of(capsys, "run", "both.d2s", "x=x.npy", "k=2", "-o", "out.npz").startswith("wrote out.npz")
    with np.load("out.npz") as members:
        assert set(members.files) == {"result.sum", "result.all.0", "result.all.1"}
        np.testing.assert_array_equal(members["result.all.0"], np.float32([3, 4, 5]))
        assert members["result.sum"].dtype == np.float32


def test_run_prints_each_result_with_its_kind(capsys: pytest.CaptureFixture[str]) -> None:
    save("pair", "x=float32[n]", "k=int")
    assert output_of(capsys, "run", "f.d2s", "x=x.npy", "k=2").splitlines() == [
        "result.sum: float32 = 6.0",
        "result.both.0: float32[3] = [3. 4. 5.]",
        "result.both.1: None = None",
    ]


@pytest.mark.parametrize(
    "text, value",
    [
        ("3", 3),
        ("-3", -3),
        ("0.5", 0.5),
        ("1e3", 1000.0),
        ("inf", float("inf")),
        ("2j", 2j),
        ("true", True),
        ("False", False),
        ("float32(0.5)", np.float32(0.5)),
        ("int8(-3)", np.int8(-3)),
        ("data.npz:b", np.array(2.0)),
        ("none", None),
        ("'a=b'", "a=b"),
        ("[1, 2.5]", [1, 2.5]),
        ("(1,)", (1,)),
        ("{'a': 1}", {"a": 1}),
    ],
)
def test_a_value_on_the_command_line_has_the_kind_it_shows(text: str, value: Any) -> None:
    parsed = command_values.parse_value(text)
    assert type(parsed) is type(value)
    assert parsed == value


@pytest.mark.parametrize(
    "text, value",
    [
        ("float32([1,2])", np.float32([1, 2])),
        ("int8([[1],[2]])", np.int8([[1], [2]])),
        ("float64([])", np.float64([])),
        ("x.npy", np.float32([1, 2, 3])),
    ],
)
def test_an_array_on_the_command_line(text: str, value: Any) -> None:
    np.testing.assert_array_equal(command_values.parse_value(text), value, strict=True)


def test_values_stand_for_types_of_texts_and_lists(capsys: pytest.CaptureFixture[str]) -> None:
    save("choose", "x=float32[n]", "how='last'", "pair=[1,2]")
    printed = output_of(capsys, "run", "f.d2s", "x=float32([1,2])", "how='last'", "pair=[5,7]")
    assert printed == "result: float32[2] = [ 7. 14.]\n"
    for wrong in ("pair=[1]", "pair=(1,2)"):
        assert status_of(f"run f.d2s x=x.npy how='last' {wrong}") == 1
        assert "is a list of 2, and" in capsys.readouterr().err
    assert status_of("run f.d2s x=x.npy how='first' pair=[1,2]") == 1
    assert "was 'last' when it was saved" in capsys.readouterr().err


def test_types_in_a_tuple_are_written_as_programs_print_them(capsys: pytest.CaptureFixture[str]) -> None:
    save("choose", "x=float32[n]", "how='last'", "pair=tuple(int, float)")
    printed = output_of(capsys, "run", "f.d2s", "x=float32([1,2])", "how='last'", "pair=(5,7.0)")
    assert printed == "result: float32[2] = [ 7. 14.]\n"


def test_the_types_in_the_file_serve_where_none_are_given(capsys: pytest.CaptureFixture[str]) -> None:
    Path("typed.py").write_text(
        "from dy2static import InputSpec, to_static\n\n"
        "@to_static(input_spec=[InputSpec(('n',), 'float32')])\n"
        "def double(x):\n    return x + x\n"
    )
    assert cli.main(["save", "typed.py:double", "-o", "f.d2s"]) == 0
    assert output_of(capsys, "run", "f.d2s", "x=x.npy") == "result: float32[3] = [2. 4. 6.]\n"
    assert "program double(x: float32[n])" in output_of(capsys, "inspect", "typed.py:double")


def test_a_function_without_parameters_needs_no_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    save("constant")
    assert output_of(capsys, "run", "f.d2s") == "result: int = 3\n"


def test_convert_writes_a_module_of_plain_functions() -> None:
    assert cli.main(["convert", "model.py", "-o", "written.py"]) == 0
    original, written = module_of("model.py"), module_of("written.py")
    text = Path("written.py").read_text()
    assert "d2s.cond(" in text
    assert "while n > 10" in text
    for y in (0.5, 50.0):
        x = np.float32([1, 2, 3])
        np.testing.assert_array_equal(written.step(x, y), original.step.function(x, y), strict=True)
    assert isinstance(written.step, FunctionType), "as --help says"


def test_convert_does_not_write_over_the_module(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("model.py").read_text()
    assert cli.main(["convert", "model.py", "-o", "./model.py"]) == 2
    assert "is the module itself" in capsys.readouterr().err
    assert Path("model.py").read_text() == before


def test_convert_of_a_named_function_converts_that_one(capsys: pytest.CaptureFixture[str]) -> None:
    text = output_of(capsys, "convert", "model.py:plain")
    assert "d2s.while_loop(" in text
    assert "if x.sum() > y" in text


def test_convert_keeps_the_encoding_and_the_line_ends_of_a_module() -> None:
    head = ["#!/usr/bin/env python3", "# coding: latin-1", "from dy2static import to_static", ""]
    text = "\r\n".join([*head, "@to_static", "def f(x):", "    return 'é' if x else 'è'", ""])
    Path("old.py").write_bytes(text.encode("latin-1"))
    assert cli.main(["convert", "old.py", "-o", "new.py"]) == 0
    written = Path("new.py").read_bytes()
    assert written.startswith(b"#!/usr/bin/env python3\r\n# coding: latin-1\r\n")
    assert written.count(b"\n") == written.count(b"\r\n")
    assert module_of("new.py").f(True) == "é"


def test_convert_of_a_method_converts_that_one(capsys: pytest.CaptureFixture[str]) -> None:
    Path("shape.py").write_text("class Shape:\n    def grow(self, n):\n        while n < 9: n += 2\n        return n\n")
    assert "d2s.while_loop(" in output_of(capsys, "convert", "shape.py:Shape.grow")


def test_inspect_of_a_function_shows_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    text = output_of(capsys, "inspect", "model.py:plain")
    assert "d2s.while_loop(" in text
    assert "# program" not in text


def test_inspect_with_types_shows_code_program_and_summary(capsys: pytest.CaptureFixture[str]) -> None:
    text = output_of(capsys, "inspect", "model.py:plain", "-i", "n=int")
    assert [line for line in text.splitlines() if line.startswith("# ")] == ["# code", "# program", "# summary"]
    assert "program plain(n: int)" in text


def test_inspect_of_a_file_shows_the_program_that_was_saved(capsys: pytest.CaptureFixture[str]) -> None:
    save("plain", "n=int")
    text = output_of(capsys, "inspect", "f.d2s")
    assert str(runtime.load("f.d2s").program) in text
    assert "# summary" in text


def test_draw_writes_a_picture_in_the_format_of_the_suffix(capsys: pytest.CaptureFixture[str]) -> None:
    save("plain", "n=int")
    assert output_of(capsys, "draw", "f.d2s") == "wrote graph.html\n"
    assert Path("graph.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    for name, start in (("f.svg", "<svg "), ("f.dot", "digraph "), ("f.mmd", "flowchart ")):
        assert output_of(capsys, "draw", "f.d2s", "-o", name) == f"wrote {name}\n"
        assert Path(name).read_text("utf-8").startswith(start)


def test_draw_of_2000_ops_takes_no_five_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    """Of this process: other work on the machine does not count."""
    Path("long.py").write_text(
        "import numpy as np\n\nfrom runtime import static\n\nmain = static.Program('main')\n"
        "with static.program_guard(main):\n    x, y = static.data('x', ('n',)), static.data('y', ('n',))\n"
        "    for _ in range(500):\n        x = np.tanh(x) + y\n        y = y * 0.5 + x\n    static.returns(x, y)\n"
    )
    start = time.process_time()
    assert output_of(capsys, "draw", "long.py:main") == "wrote graph.html\n"
    assert time.process_time() - start < 5


def test_draw_of_a_function_shows_its_own_conditions(capsys: pytest.CaptureFixture[str]) -> None:
    output_of(capsys, "draw", "model.py:step", "-i", "x=float32[n]", "-i", "y=float", "-o", "f.html")
    assert "if x.sum() &gt; y" in Path("f.html").read_text("utf-8")


def test_profile_prints_the_cost_of_lines_and_ops(capsys: pytest.CaptureFixture[str]) -> None:
    text = output_of(capsys, "profile", "model.py:plain", "n=20", "-n", "2", "-o", "f.html")
    assert text.startswith("profile of plain: 2 runs of ") and text.endswith("wrote f.html\n")
    assert "n = n - 3" in text and "subtract(n_2, 3)" in text
    assert "heat-5" in Path("f.html").read_text("utf-8")


def test_profile_takes_saved_programs_and_those_built_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    save("plain", "n=int")
    assert "profile of plain: " in output_of(capsys, "profile", "f.d2s", "n=20")
    Path("hand.py").write_text(
        "from runtime import static\n\nmain = static.Program('main')\nwith static.program_guard(main):\n"
        "    static.returns(static.data('x', ('n',)) * 2)\n"
    )
    assert "profile of main: " in output_of(capsys, "profile", "hand.py:main", "x=float32([1, 2])")


@pytest.mark.parametrize(
    "arguments, status, message",
    [
        (["model.py:plain"], 2, "input 'n' is missing"),
        (["model.py:plain", "n=20", "-n", "0"], 2, "write 1 or more"),
        (["model.py:plain", "n=20", "-o", "f.gif"], 2, "says the format"),
        (["model.py:divide", "a=1", "b=0"], 1, "ZeroDivisionError"),
        (["f.d2s", "n=0.5"], 1, "dy2static profile --help"),
    ],
)
def test_profile_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, message: str
) -> None:
    save("plain", "n=int")
    capsys.readouterr()
    try:
        assert cli.main(["profile", *arguments]) == status
    except SystemExit as ended:
        assert ended.code == status
    assert message in capsys.readouterr().err


def test_inspect_knows_a_saved_program_by_any_name(capsys: pytest.CaptureFixture[str]) -> None:
    save("plain", "n=int", to="program")
    assert "# summary" in output_of(capsys, "inspect", "program")


def test_a_program_built_by_hand_is_saved_drawn_and_inspected(capsys: pytest.CaptureFixture[str]) -> None:
    Path("hand.py").write_text(
        "from runtime import static\n\nmain = static.Program('main')\nwith static.program_guard(main):\n"
        "    static.returns(static.data('x', ('n',)) * 2)\n"
    )
    assert output_of(capsys, "inspect", "hand.py:main").startswith("# program\nprogram main(x: float32[n]) {")
    assert output_of(capsys, "draw", "hand.py:main", "-o", "f.mmd") == "wrote f.mmd\n"
    assert output_of(capsys, "save", "hand.py:main", "-o", "f.d2s") == "saved f.d2s\n"
    assert output_of(capsys, "run", "f.d2s", "x=float32([1,2])") == "result: float32[2] = [2. 4.]\n"
    assert status_of("inspect hand.py:main -i x=int") == 2
    assert "-i is for functions, and main of hand.py has types" in capsys.readouterr().err
    assert status_of("draw hand.py:mian") == 1
    assert "it has: main" in capsys.readouterr().err


def test_a_bound_method_is_saved_without_its_object(capsys: pytest.CaptureFixture[str]) -> None:
    Path("net.py").write_text(
        "from dy2static import to_static\n\n"
        "class Net:\n    k = 3\n\n    @to_static\n    def forward(self, x):\n        return x * self.k\n\n"
        "forward = Net().forward\n"
    )
    assert "program forward(x: int)" in output_of(capsys, "inspect", "net.py:forward", "-i", "x=int")
    assert cli.main(["save", "net.py:forward", "-i", "x=int", "-o", "f.d2s"]) == 0
    assert output_of(capsys, "run", "f.d2s", "x=2") == "result: int = 6\n"


def test_the_users_module_is_gone_after_the_command() -> None:
    before = list(sys.path), set(sys.modules)
    save("plain", "n=int")
    assert list(sys.path) == before[0]
    assert "model" not in set(sys.modules) - before[1]


# Faults

FAULTS = [
    ("save nowhere.py:f -o f.d2s", 1, "nowhere.py: there is no such file"),
    ("save model.py:nothing -o f.d2s", 1, "no function 'nothing'"),
    ("save model.py:NUMBER -o f.d2s", 1, "no function 'NUMBER'"),
    ("save broken.py:f -o f.d2s", 1, "broken.py"),
    ("save exits.py:f -o f.d2s", 1, "__main__"),
    ("save fails.py:f -o f.d2s", 1, "ZeroDivisionError"),
    ("save fails.py:f -o f.d2s", 1, "fails.py:3"),
    ("save model.py:generator -i x=int -o f.d2s", 1, "yield"),
    ("save model.py:plain -i n=int -o no/folder/f.d2s", 1, "no/folder"),
    ("save model.py -i n=int -o f.d2s", 2, "plain"),
    ("save model.py:plain -o f.d2s", 2, "'n' is missing"),
    ("save model.py:plain -i m=int -o f.d2s", 2, "no input 'm'"),
    ("save model.py:plain -i n -o f.d2s", 2, "'n' is not an input"),
    ("save model.py:plain -i n=int -i n=int -o f.d2s", 2, "twice"),
    ("save model.py:plain -i n=float33[n] -o f.d2s", 2, "float33"),
    ("save model.py:plain -i n=int", 2, "-o"),
    ("inspect nowhere.d2s", 1, "nowhere.d2s"),
    ("inspect text.d2s", 1, "text.d2s"),
    ("inspect model.py", 2, "step, plain"),
    ("inspect model.py:plain n=int", 2, "types are given with -i, as -i n=int"),
    ("run text.d2s", 1, "text.d2s"),
    ("convert saved.d2s", 1, "`dy2static inspect saved.d2s`"),
    ("save saved.d2s:f -o f.d2s", 1, "not Python, but a saved program"),
    ("convert x.npy", 1, "x.npy is not Python"),
    ("convert .", 1, "only a directory"),
    ("save broken.py:f -o f.d2s", 1, "broken.py:1: the file cannot be parsed: "),
    ("save broken.py:f -o f.d2s", 1, "\n    def f(:\n          ^\n"),
    ("convert broken.py", 1, "\n    def f(:\n          ^\n"),
    ("save imports.py:f -o f.d2s", 1, "broken.py:1: the file cannot be parsed: "),
    ("save text.d2s:f -o f.d2s", 1, "text.d2s"),
    ("save model.py:plain -i n=int -o model.py/f.d2s", 1, "model.py: is not a directory"),
    ("convert model.py -o no/out.py", 1, "-o no/out.py: no: there is no such directory"),
    ("convert model.py -o .", 1, "name a file"),
    ("save model.py:plian -i n=int -o f.d2s", 1, "it has: plain, "),
    ("save model.py:choose -i x=float -i how=str -o f.d2s", 2, "\"how='str'\""),
    ("save model.py:choose -i x=float -i how=b -o f.d2s", 2, "short form of 'int8'; write that; a text is written in"),
    ("save model.py:choose -i x=float -i how=fast -o f.d2s", 2, "\"how='fast'\""),
    ("save model.py:plain -i n=float32[n,,3] -o f.d2s", 2, "a dim is missing in 'float32[n,,3]'"),
    ("save model.py:plain -i n=? -o f.d2s", 2, "leaves dtype or rank open"),
    ("save model.py:plain -i n=int64? -o f.d2s", 2, "write 'int64' for a NumPy scalar, or 'int64[]' for an array"),
    ("save model.py:plain -i n=list(int,...) -o f.d2s", 2, "write the type of each item, as in 'list(int, "),
    ("inspect saved.d2s -i x=int", 2, "-i is for functions"),
    ("draw nowhere.d2s", 1, "nowhere.d2s"),
    ("draw text.d2s -o f.html", 1, "text.d2s"),
    ("draw model.py", 2, "step, plain"),
    ("draw model.py:plain -o f.html", 2, "'n' is missing"),
    ("draw saved.d2s -i x=int", 2, "-i is for functions"),
    ("draw saved.d2s -o f.png", 2, "its suffix is '.png', and .html, .svg, .dot or .mmd says the format"),
    ("draw saved.d2s -o f", 2, "it has no suffix"),
    ("draw saved.d2s -o no/f.html", 1, "there is no such directory"),
    ("draw saved.d2s -o .", 1, "name a file"),
    ("run nowhere.d2s", 1, "nowhere.d2s"),
    ("run model.py", 1, "model.py"),
    ("convert nowhere.py", 1, "nowhere.py"),
    ("convert broken.py", 1, "broken.py"),
    ("convert model.py:nothing", 1, "nothing"),
    ("convert beside.py", 1, "no @to_static function"),
    ("convert latin.py", 1, "latin.py: "),
    ("convert model.py -o no/folder/out.py", 1, "no/folder"),
    ("", 2, "COMMAND"),
    ("remove model.py", 2, "remove"),
]


@pytest.mark.parametrize("command, status, part", FAULTS, ids=[row[0] or "nothing" for row in FAULTS])
def test_a_fault_is_said_clearly(command: str, status: int, part: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(os.listdir())
    assert status_of(command) == status
    error = capsys.readouterr().err
    assert error.startswith("dy2static: ")
    assert part in error
    assert "Traceback" not in error
    assert [name for name in sorted(os.listdir()) if name != "__pycache__"] == before


def status_of(command: str) -> int:
    try:
        return cli.main(command.split())
    except SystemExit as stop:
        assert isinstance(stop.code, int)
        return stop.code


RUN_FAULTS = [
    ("", 2, "'x' is missing"),
    ("x=x.npy", 2, "'y' is missing"),
    ("x=x.npy y=0.5 z=3", 2, "no input 'z'"),
    ("x=x.npy y", 2, "'y' is not an input"),
    ("x=x.npy y=0.5 y=0.5", 2, "twice"),
    ("x=x.npy y=hello", 2, "'hello' is not a value"),
    ("x=x.npy y=int8(300)", 2, "int8(300)"),
    ("x=nowhere.npy y=0.5", 1, "nowhere.npy: there is no such file"),
    ("x=text.d2s y=0.5", 2, "text.d2s"),
    ("x=objects.npy y=0.5", 1, "objects.npy"),
    ("x=data.npz y=0.5", 2, "a, b"),
    ("x=data.npz:c y=0.5", 2, "a, b"),
    ("x=3 y=0.5", 1, "'x'"),
    ("x=[1,2] y=0.5", 1, "run --help"),
    ("x=float32(abc) y=0.5", 2, "float32([1,2])"),
    ("x=x.npy y=b(3)", 2, "write float32(0.5)"),
    ("x=x.npy y=0.5 -o out.txt", 2, "-o out.txt: its suffix is '.txt', and results are written as .npz, as in "),
    ("x=nowhere.npy y=0.5 -o out", 2, "-o out: it has no suffix, and"),
    ("x=[1,2 y=0.5", 2, "'[1,2' is not a value"),
    ("x=x.npy", 2, "add y=0.5 or y=data.npy"),
    ("x=x.npy y=1", 1, "'y'"),
    ("x=data.npz:b y=0.5", 1, "'x'"),
    ("x=x.npy y=0.5 -o no/folder/out.npz", 1, "no/folder"),
]


@pytest.mark.parametrize("inputs, status, part", RUN_FAULTS, ids=[row[0] or "nothing" for row in RUN_FAULTS])
def test_an_input_that_does_not_fit_is_said_clearly(
    inputs: str, status: int, part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    save("step", "x=float32[n]", "y=float")
    capsys.readouterr()
    assert status_of(f"run f.d2s {inputs}") == status
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("dy2static: ")
    assert printed.err.count("\n") == 1
    assert part in printed.err


def test_an_exception_of_the_program_names_the_users_line(capsys: pytest.CaptureFixture[str]) -> None:
    save("divide", "a=int", "b=int")
    assert cli.main(["run", "f.d2s", "a=1", "b=0"]) == 1
    line = MODEL.splitlines().index("        a = a // b") + 1
    error = capsys.readouterr().err
    assert error.startswith("dy2static: ZeroDivisionError: ")
    assert f"model.py:{line}" in error


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["--debug", "inspect", "text.d2s"], ["inspect", "--debug", "text.d2s"]):
        assert cli.main(argv) == 1
        assert "Traceback" in capsys.readouterr().err


def test_a_result_that_npz_cannot_hold_is_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    save("pair", "x=float32[n]", "k=int")
    assert cli.main(["run", "f.d2s", "x=x.npy", "k=2", "-o", "out.npz"]) == 1
    assert "result.both.1 is None" in capsys.readouterr().err
    assert not Path("out.npz").exists()


# As a process


def in_a_process(*argv: str, module: str = "dy2static") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-W", "error", "-m", module, *argv], capture_output=True, text=True)


def test_the_module_is_the_command() -> None:
    done = in_a_process("save", "model.py:plain", "-i", "n=int", "-o", "f.d2s")
    assert (done.returncode, done.stderr) == (0, "")
    done = in_a_process("run", "f.d2s", "n=30")
    assert (done.returncode, done.stdout, done.stderr) == (0, "result: int = 9\n", "")
    assert in_a_process("run", "f.d2s", "n=0.5").returncode == 1
    assert in_a_process("run", "f.d2s").returncode == 2


@pytest.mark.parametrize("command", ["", *cli.COMMANDS])
def test_help_teaches_by_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(f"{command} --help") == 0
    text = capsys.readouterr().out
    for name in [command] if command else cli.COMMANDS:
        assert f"\n  dy2static {name} " in text
    assert "exit status:\n  0 " in text


def test_output_may_be_cut_short() -> None:
    save("plain", "n=int")
    done = subprocess.run(
        f"{sys.executable} -m dy2static inspect f.d2s | true", shell=True, capture_output=True, text=True
    )
    assert done.stderr == ""


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"dy2static {metadata.version('dy2static')}\n"
