"""Pictures: each op is in them once, what they say is the user's, and the files are whole in each format."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import runtime
from dy2static import InputSpec, to_static
from runtime import static
from runtime.ir import Frame, Program, Value, walk
from runtime.picture import Picture
from runtime.picture.graph import Node, Region
from runtime.picture.layout import SMALL
from runtime.picture.picture import FORMATS
from runtime.text import is_inline
from samples import (
    conditional_sum_dynamic,
    conditional_sum_static,
    convolution_dynamic,
    convolution_static,
    counters,
    decode,
    network_dynamic,
    network_static,
    newton,
    pid,
    ternary,
    two_counters_dynamic,
    two_counters_static,
)
from tests.harness import ROOT
from tests.runtime.by_hand import Hand, X


def nested(n, m, x):
    total = 0
    for i in range(n):
        for j in range(m):
            if j > i:
                break
            elif x[j] < 0 and i > 3:
                print("negative", j)
            else:
                total += i * j if i > 0 else j
    return {"total": total, "pair": (x, 3)}


def guarded(x):
    try:
        y = 1 / x
    except ZeroDivisionError:
        y = 0.0
    return y


def countdown(n):
    return 0 if n == 0 else 1 + countdown(n - 1)


def scaled(x):
    return x * WEIGHT


WEIGHT = np.ones((3, 3), np.float32)
F32 = InputSpec(("n",), "float32")


def long(x, y):
    for _ in [0] * 100:
        x = np.tanh(x) + y
        y = y * 0.5 + x
    return x, y


def by_hand() -> Program:
    main = static.Program("main")
    with static.program_guard(main):
        x = static.data("x", ("n", 3), "float32")
        h = np.tanh(x @ static.constant(WEIGHT))
        z = static.cond(np.sum(h) > 0, lambda: h + x, lambda: h - x)
        static.returns(static.while_loop(lambda k, z: k < 3, lambda k, z: (k + 1, z * 2), (0, z)))
    return main


PROGRAMS: dict[str, Any] = {
    "ternary": lambda: to_static(ternary.ternary).program(F32, F32),
    "counters": lambda: to_static(counters.counters).program(0, 10),
    "newton": lambda: to_static(newton.anomaly).program(np.ones(3), 0.5),
    "pid": lambda: to_static(pid.heat).program(np.ones(3), 9.0, (1.0, 2.0, 3.0)),
    "decode": lambda: to_static(decode.decode).program(np.ones(3, int)),
    "conditional_sum_static": lambda: conditional_sum_static.main,
    "conditional_sum_dynamic": lambda: conditional_sum_dynamic.conditional_sum.program(F32, F32),
    "two_counters_static": lambda: two_counters_static.main,
    "two_counters_dynamic": lambda: two_counters_dynamic.two_counters.program(0, 10),
    "convolution_static": lambda: convolution_static.main,
    "convolution_startup": lambda: convolution_static.startup,
    "convolution_dynamic": lambda: convolution_dynamic.convolution.program(np.zeros((1, 3, 32, 32), np.float32)),
    "network_static": lambda: network_static.main,
    "network_dynamic": lambda: network_dynamic.Network().forward.program(),
    "nested": lambda: to_static(nested).program(3, 4, np.ones(4)),
    "guarded": lambda: to_static(guarded).program(1.0),
    "countdown": lambda: to_static(countdown).program(3),
    "surroundings": lambda: to_static(scaled).program(np.ones(3, np.float32)),
    "long": lambda: to_static(long).program(np.ones(3), np.ones(3)),
    "by_hand": by_hand,
    "empty": static.Program,
}


@pytest.fixture(scope="module", params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> Program:
    return PROGRAMS[request.param]()


def regions_of(program: Program) -> list[Region]:
    return program.draw().graph.regions


def nodes_of(program: Program) -> list[Node]:
    return [node for region in regions_of(program) for node in region.nodes]


def box(program: Program, title: str) -> Node:
    return next(node for node in nodes_of(program) if node.sections and node.title == title)


def kinds(region: Region) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in region.nodes:
        found.setdefault(node.kind, []).append(node.title)
    return found


# What is in a picture


def test_every_op_is_there_once(program: Program):
    drawn = Counter(node.op for node in nodes_of(program) if node.op is not None)
    assert drawn == Counter(walk(program.block))


def test_every_region_is_in_one_box(program: Program):
    first, *others = regions = regions_of(program)
    sections = [section for region in regions for node in region.nodes for section in node.sections]
    assert Counter(section.region for section in sections) == Counter(others)


def test_edges_join_nodes_of_their_region_downwards(program: Program):
    for region in regions_of(program):
        place = {node: number for number, node in enumerate(region.nodes)}
        for edge in region.edges:
            assert place[edge.source] < place[edge.target]
            assert edge.port is None or edge.port < len(edge.source.ports)


def test_each_operand_enters_its_op(program: Program):
    """An edge for each input that is no constant in its place, named as the printed program names it."""
    for region in regions_of(program):
        for node in region.nodes:
            names = {e.source.ports[e.port].name for e in region.edges if e.target is node and e.port is not None}
            if node.kind == "op":
                assert all(f"{name}" in node.printed for name in names)
                assert len(names) == len({value for value in node.op.inputs if not is_inline(value)})


def test_inputs_weights_and_results_are_told_apart():
    found = kinds(regions_of(by_hand())[0])
    assert found["input"] == ["x"]
    assert found["weight"] == ["w1"]
    assert found["result"] == ["return[0]", "return[1]"]


def test_parameters_are_weights_and_no_inputs():
    first = kinds(regions_of(convolution_static.main)[0])
    assert (first["input"], first["weight"]) == (["image"], ["conv2d.weight", "conv2d.bias"])
    started = kinds(regions_of(convolution_static.startup)[0])
    assert started["result"] == ["return['conv2d.weight']", "return['conv2d.bias']"]
    assert kinds(regions_of(PROGRAMS["surroundings"]())[0])["weight"] == ["WEIGHT"]


def test_captured_values_and_state_are_told_apart():
    body = box(PROGRAMS["nested"](), "for i in range(n)").sections[0].region
    found = kinds(body)
    assert (found["item"], found["state"], found["next"]) == (["i"], ["total"], ["total"])
    assert set(found["captured"]) == {"m", "x"}
    roles = {edge.source.title: edge.role for edge in body.edges if edge.target.kind == "loop"}
    assert roles == {"range": "value", "total": "state", "i": "captured", "x": "captured"}


@pytest.mark.parametrize(
    "name, titles",
    [
        ("ternary", ["if x > y"]),
        ("counters", ["while first < second"]),
        (
            "nested",
            ["for i in range(n)", "for j in range(m)", "if j > i", "x[j] < 0 and i > 3", "if i > 0"],
        ),
        ("newton", ["while True", "if returned", "if longest > 1", "if longest < tolerance"]),
        ("by_hand", ["if np.sum(h) > 0", "while k < 3"]),
        ("guarded", ["try"]),
    ],
)
def test_boxes_have_the_users_condition_as_title(name: str, titles: list[str]):
    assert [node.title for node in nodes_of(PROGRAMS[name]()) if node.sections] == titles


def test_sections_have_the_users_condition_as_title():
    sections = [section.title for section in box(PROGRAMS["nested"](), "if j > i").sections]
    assert sections == ["then", "elif x[j] < 0 and i > 3", "then", "else"]


def test_a_box_says_where_it_stands():
    node = box(PROGRAMS["counters"](), "while first < second")
    assert node.place == "counters.py:11"
    assert node.source == "while first < second:"


def test_a_loaded_program_is_titled_by_its_ops(tmp_path: Path):
    """Its frames have no folder: a file of that name may be another one."""
    runtime.save(PROGRAMS["ternary"](), tmp_path / "f.d2s")
    node = box(runtime.load(tmp_path / "f.d2s").program, "if x > y")
    assert (node.place, node.source) == ("ternary.py:16", "")


def test_a_source_that_says_something_else_is_not_shown(tmp_path: Path):
    """Three conditions of a line cannot be given to one op."""
    path = tmp_path / "f.py"
    path.write_text("if a: b = (1 if p else 2) if q else 3\n")
    x = Value(X, "x")
    hand = Hand(x)
    test = hand("greater", x, 1, to="bool")
    z = hand("cond", test, to="z: float32[n]", blocks=(Hand().gives(x), Hand().gives(x)))
    for op in hand.block.ops:
        op.frame = Frame(str(path), 1, "f")
    program = Program("f", hand.gives(z))
    assert [node.title for node in nodes_of(program) if node.sections] == ["if x > 1"]


def test_effects_are_in_their_order():
    def shouts(x):
        x[0] = 1
        print(x[0])
        print("done")
        return x

    region = regions_of(to_static(shouts).program(np.ones(2)))[0]
    order = [(edge.source.title, edge.target.title) for edge in region.edges if edge.role == "order"]
    assert order == [("setitem", "getitem"), ("print", "print")]


def test_many_ops_are_divided():
    program = PROGRAMS["long"]()
    assert max(len(region.nodes) for region in regions_of(program)) < 150
    assert {node.kind for node in regions_of(program)[0].nodes} == {"input", "part", "result"}


# Files


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_picture_is_saved_in_each_format(suffix: str, program: Program, tmp_path: Path):
    path = tmp_path / f"graph{suffix}"
    program.draw().save(path)
    text = path.read_text("utf-8")
    assert all(escaped_in(suffix, node.title) in text for node in nodes_of(program) if node.kind == "op")
    assert [path.name] == [item.name for item in tmp_path.iterdir()]


def escaped_in(suffix: str, title: str) -> str:
    return title.replace("<", "&lt;") if suffix in (".html", ".svg") else title


def test_an_svg_has_each_node_and_edge_inside_its_frame(program: Program):
    root = ElementTree.fromstring(program.draw().text(".svg"))
    groups = [item for item in root.iterfind(".//{*}g") if "node" in item.get("class", "").split()]
    assert len(groups) == len(nodes_of(program))
    width, height = float(root.get("width")), float(root.get("height"))
    for region in (item for item in root.iterfind(".//{*}g") if item.get("class") == "region"):
        x, y = place(region)
        for item in region.iterfind("{*}g"):
            left, top = place(item)
            shape = next(item.iterfind("{*}rect"))
            assert 0 <= x + left and x + left + float(shape.get("width")) <= width + 1
            assert 0 <= y + top and y + top + float(shape.get("height")) <= height + 1


def test_a_type_is_not_cut_by_the_frame(program: Program):
    root = ElementTree.fromstring(program.draw().text(".svg"))
    ends = [0.0]
    for region in (item for item in root.iterfind(".//{*}g") if item.get("class") == "region"):
        for item in region.iterfind("{*}g"):
            left = place(region)[0] + place(item)[0]
            types = (text for text in item.iterfind("{*}text") if text.get("class") == "type")
            ends += [left + float(text.get("x")) + len(text.text) * SMALL for text in types]
    assert max(ends) <= float(root.get("width"))


def place(item: ElementTree.Element) -> tuple[float, ...]:
    return tuple(map(float, item.get("transform")[len("translate(") : -1].split()))


def test_no_two_nodes_of_a_region_overlap(program: Program):
    root = ElementTree.fromstring(program.draw().text(".svg"))
    for region in (item for item in root.iterfind(".//{*}g") if item.get("class") == "region"):
        boxes = []
        for item in region.iterfind("{*}g"):
            left, top = place(item)
            shape = next(item.iterfind("{*}rect"))
            boxes.append((left, top, left + float(shape.get("width")), top + float(shape.get("height"))))
        for number, (a, b, c, d) in enumerate(boxes):
            for left, top, right, bottom in boxes[:number]:
                assert c <= left or right <= a or d <= top or bottom <= b


class Elements(HTMLParser):
    """Checks that elements close in order, and collects what a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.places: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.places += [value or "" for name, value in attrs if name in ("src", "href", "data", "action")]
        self.scripts += tag == "script"
        if tag not in ("meta", "link", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.places += [value or "" for name, value in attrs if name in ("src", "href", "data", "action")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def elements(text: str) -> Elements:
    found = Elements()
    found.feed(text)
    found.close()
    assert found.open == []
    return found


def test_a_page_is_whole_and_needs_no_network(program: Program):
    text = program.draw().text(".html")
    found = elements(text)
    assert found.scripts == 2
    assert found.places == ["data:,"]
    assert set(part.split('"')[0] for part in text.split("http")[1:]) == {"-equiv=", "://www.w3.org/2000/svg"}


HOSTILE = [
    "</script><script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "a\nb\x00\x1b[0m\u2028\ud800 \\",
    "#;`*_{}",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("suffix", FORMATS)
def test_no_name_of_a_program_gets_out_of_its_text(suffix: str, text: str):
    x = Value(X, "x")
    hand = Hand(x)
    hand("print", text, x)
    test = hand("equal", text, "b", to="bool")
    z = hand("cond", test, to="z: float32[n]", blocks=(Hand().gives(x), Hand().gives(x)))
    for op in hand.block.ops:
        op.frame = Frame(f"/a/{text}.py", 3, text)
    z.hint = text
    program = Program(text, hand.gives(z))
    written = Picture(program).text(suffix)
    written.encode("utf-8")
    if suffix == ".svg":
        ElementTree.fromstring(written)
    elif suffix == ".html":
        assert elements(written).scripts == 2
        assert elements(Picture(program)._repr_html_()).scripts == 0
    else:
        plain = Picture(Program("f", hand.block)).text(suffix)
        assert written.count("\n") == plain.count("\n")
        assert all(re.sub(r"\\.", "", line).count('"') % 2 == 0 for line in written.splitlines())


def test_pictures_are_the_same_in_every_process():
    code = """
from tests.runtime.test_picture import PROGRAMS, FORMATS
import hashlib
text = "".join(PROGRAMS[name]().draw().text(suffix) for name in ("nested", "pid") for suffix in FORMATS)
print(hashlib.sha256(text.encode()).hexdigest())
"""
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(found) == 1


def test_a_notebook_shows_a_page_of_its_own(program: Program):
    shown = program.draw()._repr_html_()
    assert shown.startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
    elements(shown)


# Bad input


@pytest.mark.parametrize(
    "path, error, message",
    [
        ("graph.png", ValueError, "its suffix is '.png', and .html, .svg, .dot or .mmd says the format"),
        ("graph", ValueError, "it has no suffix"),
        (3, TypeError, "give its path, such as 'graph.html', and not 3"),
        ("missing/graph.html", FileNotFoundError, "No such file or directory: '.*missing/graph.html'"),
        ("folder.svg", IsADirectoryError, "folder.svg"),
    ],
)
def test_what_cannot_be_saved_is_one_clear_error(
    path: Any, error: type[Exception], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    Path("folder.svg").mkdir()
    with pytest.raises(error, match=message):
        by_hand().draw().save(path)
    assert [item.name for item in tmp_path.iterdir()] == ["folder.svg"]


def test_a_broken_program_is_refused():
    x = Value(X, "x")
    hand = Hand(x)
    hand("add", Hand(x)("add", x, 1, to="y: float32[n]"), 1, to="z: float32[n]")
    with pytest.raises(runtime.ProgramError, match="each use sees its definition"):
        Program("f", hand.gives()).draw()


def test_what_is_no_program_has_no_picture():
    with pytest.raises(TypeError, match="a Program was expected"):
        Picture("f.d2s")


def test_boxes_in_boxes_in_boxes_are_drawn():
    x = Value(X, "x")
    block = Hand().gives(x)
    for _ in range(150):
        outer = Hand()
        test = outer("greater", 1, 0, to="bool")
        block = outer.gives(outer("cond", test, to="float32[n]", blocks=(block, Hand().gives(x))))
    block.inputs = (x,)
    picture = Program("deep", block).draw()
    assert picture.graph.ops == 300
    for suffix in FORMATS:
        picture.text(suffix)
