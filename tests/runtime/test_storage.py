"""A saved Program is loaded the same; a file that is damaged, foreign or hostile is refused with FileError."""

from __future__ import annotations

import builtins
import copy
import io
import json
import math
import os
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime import ops, storage
from runtime.datum import decode, encode, settled
from runtime.document import UNSAVED
from runtime.errors import FileError, ProgramError
from runtime.ir import MISSING, Constant, Frame, Op, Parameter, Program, Slot, Value, walk
from runtime.opdef import TABLE, OpDef
from runtime.storage import load_program, save_program
from runtime.text import text
from runtime.types import ANY, UNDEFINED, UNSET, TensorType, array, python, scalar
from tests.runtime.by_hand import INT, PROGRAMS, Hand, X, chain, const, long, nested

# Data

DATA: list[Any] = [
    None, True, False, 0, -1, 2**53, -(2**53), 10**30, -(3**20000), 0.0, -0.0, 0.1, 5e-324, 1.7976931348623157e308,
    math.inf, -math.inf, math.nan, math.copysign(math.nan, -1.0), 1j, complex(-0.0, math.inf), "", "é\0\n\ud800",
    b"\0\xff",
    (), (1,), [], [[]], {}, {1: 2, "a": (None,), (1, 2): [3], None: True, 1.5: b""}, set(), {3, 1, "a"},
    frozenset({1, (2,)}),
    slice(None), slice(1, -1, Slot(2)), range(0, 10**20, 3), Ellipsis, UNDEFINED, MISSING, Slot(0), (Slot(0),
    {"k": [Slot(1)]}),
    int, float, bool, complex, str, type(None), list, tuple, dict, ValueError, ZeroDivisionError, np.linalg.LinAlgError,
    np.exceptions.AxisError, np.float32, np.int64, np.bool, np.str_, np.ndarray, np.number, np.add, np.tanh, np.sum,
    len,
    np.dtype("f4"), np.dtype(">i2"), np.dtype("M8[25us]"), np.dtype("m8[s]"), np.dtype("U7"), np.dtype("S0"),
    np.dtype("O"),
    np.dtype([("a", "<f4"), ("b", ">i2", (2, 3)), (("title", "c"), [("d", "?")])]), np.dtype([("名", "i1")]),
    np.dtype([]),
    np.dtype([("a", "i1"), ("b", "f8")], align=True),
]  # fmt: skip

SCALARS = [
    np.float16(0.1), np.float32(-0.0), np.float64(math.nan), np.longdouble("0.1"), np.complex64(1j),
    np.clongdouble(2), np.int8(-1), np.uint64(2**64 - 1), np.bool(True), np.str_("é"), np.str_(""),
    np.bytes_(b"a\0b"), np.datetime64("NaT", "us"), np.datetime64("2020-01-01T00:00", "m"), np.timedelta64(5, "D"),
    np.void(b"abc"), np.array((1, 2.5), dtype=[("a", "i4"), ("b", ">f8")])[()],
]  # fmt: skip


def through_json(datum: Any) -> Any:
    return decode(json.loads(json.dumps(encode(datum), allow_nan=False)))


def same(a: Any, b: Any) -> bool:
    """Whether two data cannot be told apart: class by class, -0.0 and 0.0 differ, nan is nan."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, complex):
        return same((a.real, a.imag), (b.real, b.imag))
    if isinstance(a, slice):
        return same((a.start, a.stop, a.step), (b.start, b.stop, b.step))
    return bool(a == b)


@pytest.mark.parametrize("datum", DATA, ids=lambda datum: ascii(text(datum))[:40])
def test_data_come_back_the_same(datum: Any) -> None:
    assert same(through_json(datum), datum)


@pytest.mark.parametrize("value", SCALARS, ids=repr)
def test_numpy_scalars_come_back_the_same_to_the_bit(value: np.generic) -> None:
    loaded = through_json(value)
    assert type(loaded) is type(value) and loaded.dtype == value.dtype
    assert encode(loaded) == encode(value) and repr(loaded) == repr(value)


def test_every_exception_class_of_python_comes_back() -> None:
    for cls in vars(builtins).values():
        if isinstance(cls, type) and issubclass(cls, BaseException):
            assert through_json(cls) is cls


def test_every_numpy_scalar_class_comes_back() -> None:
    for cls in set(np.sctypeDict.values()):
        assert through_json(cls) is cls


class Custom:
    """A class that no table knows."""

    def __repr__(self) -> str:
        raise RuntimeError


LOOP: list[Any] = []
LOOP.append(LOOP)


NO_DATA = [
    object(), Custom(), Custom, lambda: 1, through_json, bytearray(b"a"), LOOP, {1: [Custom()]}, np.ma.masked,
    np.rec.array([(1,)]), np.dtype("T"), np.random.default_rng(0),
]  # fmt: skip


@pytest.mark.parametrize("datum", NO_DATA)
def test_what_is_not_data_is_refused(datum: Any) -> None:
    with pytest.raises(TypeError, match="saved|deep"):
        encode(datum)


BAD_FORMS: list[Any] = [
    {}, {"a": 1, "b": 2}, {"object": 1}, {"int": 5}, {"int": "x"}, {"float": "1e5"}, {"complex": [1.0]},
    {"complex": [1.0, "a"]}, {"bytes": "0g"}, {"tuple": 1}, {"dict": [[1]]}, {"dict": [[[], 1]]}, {"set": [[]]},
    {"slice": [1]}, {"range": [0, 1, 0]}, {"range": [0, 1.5, 1]}, {"slot": -1}, {"slot": True}, {"slot": "0"},
    {"scalar": ["<f4", "00"]}, {"scalar": ["|O", "00" * 8]}, {"scalar": ["<f4"]}, {"dtype": "f4"},
    {"dtype": "<f4,<f4"}, {"dtype": "<f3"}, {"dtype": 1}, {"dtype": [["a"]]}, {"dtype": [["a", "<f4", [-1]]]},
    {"dtype": [["a", "<f4"], ["a", "<f4"]]}, {"dtype": "|V9999999999"}, {"class": "os.system"}, {"class": "eval"},
    {"function": "os.system"}, {"function": "eval"}, {"function": "np.load"}, {"name": "None"}, {"weight": "w"},
    {"weight": 1},
]  # fmt: skip


@pytest.mark.parametrize("form", BAD_FORMS, ids=str)
def test_a_form_that_is_not_a_datum_is_refused(form: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        decode(form)


# Programs


def whole(program: Program, directory: Path) -> Program:
    save_program(program, directory / "whole.d2s")
    return load_program(directory / "whole.d2s")


def saved(program: Program, directory: Path) -> bytes:
    save_program(program, directory / "saved.d2s")
    return (directory / "saved.d2s").read_bytes()


SIZED = {"deep": lambda: nested(600), "long": lambda: long(3000), "flat": lambda: chain(300)}


@pytest.mark.parametrize("make", [*PROGRAMS.values(), *SIZED.values()], ids=[*PROGRAMS, *SIZED])
def test_a_program_comes_back_the_same(make: Callable[[], Program], tmp_path: Path) -> None:
    program = make()
    loaded = whole(program, tmp_path)
    assert str(loaded) == str(program)
    assert loaded.summary() == program.summary()
    assert saved(loaded, tmp_path) == saved(program, tmp_path) == saved(make(), tmp_path)


def test_parameters_defaults_and_frames_come_back(tmp_path: Path) -> None:
    x = Value(X, "x")
    outer = Frame("/private/main.py", 40, "main", Frame("C:\\private\\top.py", 50, "<module>"))
    hand = Hand(x, frame=outer)
    hand("add", x, 1, to="y: float32[n]", line=3)
    hand("add", x, 2, to="y: float32[n]", line=4)
    w = np.arange(4.0)
    parameters = (
        Parameter("x", {"a": [Slot(0)]}, "positional_only", MISSING),
        Parameter("n", (1, None), "keyword_only", math.inf),
        Parameter("w", None, "keyword_only", (w, w)),
    )
    program = whole(Program("<lambda>", hand.gives(), parameters, [None, "text"]), tmp_path)
    assert program.name == "<lambda>" and program.result == [None, "text"]
    assert program.parameters[:2] == parameters[:2]
    loaded = program.parameters[2].default
    assert loaded[0] is loaded[1] and loaded[0].tolist() == [0, 1, 2, 3]
    first, second = program.block.ops
    assert first.frame == Frame("f.py", 3, "f", Frame("main.py", 40, "main", Frame("top.py", 50, "<module>")))
    assert first.frame is not None and second.frame is not None and first.frame.caller is second.frame.caller
    assert b"private" not in (tmp_path / "whole.d2s").read_bytes()


TYPES = [
    ANY, UNSET, python(int), python(type(None)), python(tuple, (python(int), ANY)), python(list, array("f4", ("n",))),
    python(tuple, ()), scalar(">f4"), scalar(None), array("M8[us]", ()), array(None, None),
    array("f4", ("n", 3, None)), array([("a", "i4")], (2,)), array("O", None), TensorType(None, np.dtype("f4"), ()),
    replace(python(float), maybe=True), python(type), python(slice), python(type(Ellipsis)), python(range),
    python(np.dtypes.Float32DType), python(ValueError),
]  # fmt: skip


@pytest.mark.parametrize("type", TYPES, ids=str)
def test_a_type_comes_back_the_same(type: TensorType, tmp_path: Path) -> None:
    hand = Hand(Value(type, "x"))
    (loaded,) = whole(Program("f", hand.gives()), tmp_path).block.inputs
    assert loaded.type == type


def test_a_type_of_a_class_that_no_table_knows_says_less(tmp_path: Path) -> None:
    hand = Hand(Value(python(Custom), "x"), Value(array(np.dtypes.StringDType(), ()), "y"))
    loaded = whole(Program("f", hand.gives()), tmp_path).block.inputs
    assert [value.type for value in loaded] == [python(None), array(None, ())]


ARRAYS = [
    np.array(1.5, "f4"), np.zeros((0, 3)), np.arange(6).reshape(2, 3),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(6)[::-2], np.arange(3, dtype=">i2"),
    np.array([True, False]), np.array(["é", "abc"]), np.array([b"a"]), np.array(["2020", "NaT"], "M8[D]"),
    np.array([1j], "c8"), np.array([(1, 2.5)], [("a", "i1"), ("b", ">f8")]), np.array([(1,)], [("名", "i1")]),
    np.array([""], "U0"), np.zeros(2, "V3"), np.float16([math.nan, -0.0]),
    np.zeros(3, [("a", "i1"), ("b", "f8", (2, 2))]), np.array(7), np.zeros((1,) * 32), np.longdouble([0.5]) * 3,
]  # fmt: skip


@pytest.mark.parametrize("value", ARRAYS, ids=lambda value: f"{value.dtype.str}{list(value.shape)[:4]}")
def test_an_array_comes_back_the_same(value: np.ndarray, tmp_path: Path) -> None:
    (loaded,) = loaded_constants([const(value, "w")], tmp_path)
    assert loaded.dtype == value.dtype and loaded.shape == value.shape and loaded.tobytes() == settled(value).tobytes()
    assert loaded.flags.writeable
    assert not value.flags.f_contiguous or loaded.flags.f_contiguous


def loaded_constants(constants: list[Constant], directory: Path) -> list[Any]:
    results = whole(Program("f", Hand().gives(*constants)), directory).block.results
    assert results is not None
    assert saved(load_program(directory / "whole.d2s"), directory) == (directory / "whole.d2s").read_bytes()
    return [value.value for value in results if isinstance(value, Constant)]


def test_an_array_held_twice_is_saved_once_and_stays_one(tmp_path: Path) -> None:
    w = np.ones(3)
    a, b, c = loaded_constants([const(w, "a"), const(w, "b"), const([w], "c")], tmp_path)
    assert a is b and c[0] is a
    assert members(tmp_path / "whole.d2s") == ["program.json", "weights/a.npy"]


def members(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_arrays_that_overlap_still_overlap(tmp_path: Path) -> None:
    memory = np.arange(12.0).reshape(3, 4)
    row, column, back = memory[1], memory[:, 1], memory[1, ::-1]
    apart = memory.copy()[0]
    values = loaded_constants([const(row), const(back), const(apart), const(column, "column")], tmp_path)
    for value, loaded in zip((row, back, apart, column), values):
        assert (value == loaded).all() and (value is apart or value.strides == loaded.strides)
    values[0][1] = -1
    assert (
        values[1].tolist() == [7, 6, -1, 4] and values[3].tolist() == [1, -1, 9] and values[2].tolist() == [0, 1, 2, 3]
    )
    assert members(tmp_path / "whole.d2s") == ["program.json", "weights/w3.npy", "weights/shared.npy"]


def test_views_of_a_transposed_array_and_read_only_ones_come_back(tmp_path: Path) -> None:
    memory = np.asfortranarray(np.arange(12.0).reshape(3, 4))
    flat, again = memory.reshape(-1, order="F"), memory[1:]
    again.flags.writeable = False
    a, b, c = loaded_constants([const(memory), const(flat), const(again)], tmp_path)
    assert (a == memory).all() and (b == flat).all() and (c == again).all() and a.flags.f_contiguous
    assert a.flags.writeable and b.flags.writeable and not c.flags.writeable
    b[1] = -1
    assert a[1, 0] == c[0, 0] == -1


def test_arrays_that_are_apart_in_one_memory_are_members_of_their_own(tmp_path: Path) -> None:
    memory = np.zeros(1_000_000)
    loaded_constants([const(memory[:2]), const(memory[-2:]), const(memory[:0])], tmp_path)
    assert (tmp_path / "whole.d2s").stat().st_size < 4000


VIEWS: list[tuple[dict[str, Any], str]] = [
    ({"offset": 8}, "to 56 of 48"), ({"offset": -8}, "from byte -8"), ({"shape": [7]}, "to 56 of 48"),
    ({"shape": [-1]}, "numbers"), ({"shape": [True]}, "numbers"), ({"shape": "a"}, "numbers"),
    ({"offset": None}, "numbers"), ({"shape": [2, 3]}, "strides"), ({"strides": [-8]}, "from byte -40"),
    ({"strides": [-(2**62)]}, "from byte -230584"),
    ({"strides": [2**61]}, "of 48"), ({"strides": [2**63]}, "of 48"), ({"dtype": "|O"}, "dtype object"),
    ({"dtype": "|V800"}, "to 840 of 48"), ({"of": "other"}, "damaged"),
]  # fmt: skip


@pytest.mark.parametrize("change, found", VIEWS, ids=[str(change) for change, _ in VIEWS])
def test_a_view_out_of_its_memory_is_refused(change: dict[str, Any], found: str, tmp_path: Path) -> None:
    memory = np.arange(6.0)
    content = saved(Program("f", Hand().gives(const(memory, "m"), const(memory[:], "v"))), tmp_path)
    message = refused(with_document(content, lambda tree: tree["weights"][1]["view"].update(change)), tmp_path)
    assert found in message


def test_a_read_only_array_stays_read_only(tmp_path: Path) -> None:
    w = np.ones(3)
    w.flags.writeable = False
    (loaded,) = loaded_constants([const(w)], tmp_path)
    assert not loaded.flags.writeable


@pytest.mark.skipif(np.finfo("g").nmant != 63 or np.dtype("g").itemsize != 16, reason="not this machine's floats")
def test_unused_bytes_of_extended_floats_are_not_saved(tmp_path: Path) -> None:
    a, b = (
        np.frombuffer(bytes([0, 0, 0, 0, 0, 0, 0, 128, 0, 64] + [pad] * 6) * 6, "g").reshape(2, 3).T for pad in (0, 9)
    )
    assert a.tobytes() != b.tobytes() and (a == b).all()
    assert saved(Program("f", Hand().gives(const(a))), tmp_path) == saved(
        Program("f", Hand().gives(const(b))), tmp_path
    )
    assert encode(a[0, 0]) == encode(b[0, 0])


def test_names_of_weights_are_sanitised_and_unique_whatever_the_file_system(tmp_path: Path) -> None:
    hints = ["w", "W", "w", "../../etc/passwd", "é", "", None, "a" * 300]
    loaded_constants([const(np.ones(1), hint) for hint in hints], tmp_path)
    names = members(tmp_path / "whole.d2s")[1:]
    assert len({name.lower() for name in names}) == len(hints)
    assert all(name.startswith("weights/") and name.count("/") == 1 and ".." not in name for name in names)


def test_the_bytes_of_a_file_are_the_same_at_any_time_and_place(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert saved(PROGRAMS["total"](), tmp_path) == saved(PROGRAMS["total"](), tmp_path / "other")


def test_members_are_stored_and_not_deflated(tmp_path: Path) -> None:
    saved(PROGRAMS["total"](), tmp_path)
    with zipfile.ZipFile(tmp_path / "saved.d2s") as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        document = archive.read("program.json")
    assert document == canonical(json.loads(document))
    assert {"format", "version"} <= set(json.loads(document))


def canonical(tree: Any) -> bytes:
    return json.dumps(tree, sort_keys=True, separators=(",", ":")).encode()


# Saving that fails


def test_what_cannot_be_saved_is_named(tmp_path: Path) -> None:
    program = Program("f", Hand().gives(Constant(Custom(), ANY, "config")))
    with pytest.raises(
        TypeError, match="saving program f as .*x.d2s.*constant 'config'.*Custom.*give it as an argument"
    ):
        save_program(program, tmp_path / "x.d2s")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "value", [np.array([None]), np.array(["a"], "T"), np.ma.ones(2), np.rec.array([(1,)])], ids=repr
)
def test_an_array_that_is_not_plain_data_is_refused(value: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="constant 'w'"):
        save_program(Program("f", Hand().gives(Constant(value, ANY, "w"))), tmp_path / "x.d2s")
    assert list(tmp_path.iterdir()) == []


def test_a_default_that_cannot_be_saved_is_named(tmp_path: Path) -> None:
    program = Program("f", Hand().gives(), (Parameter("key", None, "keyword_only", Custom()),))
    with pytest.raises(TypeError, match="default of parameter 'key'"):
        save_program(program, tmp_path / "x.d2s")


@pytest.mark.parametrize("name", [name for name in UNSAVED if ops.find(name)])
def test_an_op_that_reaches_out_of_the_program_is_neither_saved_nor_loaded(name: str, tmp_path: Path) -> None:
    x = Value(X, "x")
    hand = Hand(x)
    hand(name, x, "tofile", to="?", line=3)
    with pytest.raises(TypeError, match=f"op '{name}' at f.py:3"):
        save_program(Program("f", hand.gives()), tmp_path / "x.d2s")
    content = saved(PROGRAMS["total"](), tmp_path)
    change = set_at("rows", name, to=1)
    assert f"op {name!r}" in refused(with_document(content, change), tmp_path)


@pytest.mark.parametrize("text", ["{0.__class__}", "{:{0.shape}}", "{x.base}", "{:{:{:{}}}}", Value(ANY, "s")])
def test_a_text_that_reads_attributes_is_neither_saved_nor_loaded(text: Any, tmp_path: Path) -> None:
    x = Value(X, "x")
    inputs = (x, text) if isinstance(text, Value) else (x,)
    hand = Hand(*inputs)
    hand(".format", text, x, to="?", line=3)
    with pytest.raises(TypeError, match="without attributes"):
        save_program(Program("f", hand.gives()), tmp_path / "x.d2s")
    if isinstance(text, str):
        plain = Hand(x)
        plain(".format", "{:{w}}", x, to="?", w=3)
        content = saved(Program("f", plain.gives()), tmp_path)
        change = set_at("blocks", 0, "ops", 0, "args", 0, to=text)
        assert "reads attributes" in refused(with_document(content, change), tmp_path)


def test_an_unsound_program_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ProgramError):
        save_program(Program("f", Hand().gives(Value(X, "ghost"))), tmp_path / "x.d2s")
    assert list(tmp_path.iterdir()) == []


def test_a_fault_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved(PROGRAMS["ternary"](), tmp_path)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "write_array", fail)
    with pytest.raises(OSError, match="No space"):
        save_program(PROGRAMS["total"](), tmp_path / "saved.d2s")
    assert (tmp_path / "saved.d2s").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_an_interrupt_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_program(PROGRAMS["total"](), tmp_path / "x.d2s")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_raises_what_open_raises(tmp_path: Path) -> None:
    missing = tmp_path / "no" / "x.d2s"
    with pytest.raises(FileNotFoundError) as caught:
        save_program(PROGRAMS["ternary"](), missing)
    assert caught.value.filename == str(missing)
    with pytest.raises(IsADirectoryError):
        save_program(PROGRAMS["ternary"](), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_followed_and_the_mode_of_a_file_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "target.d2s", tmp_path / "link.d2s"
    target.write_bytes(b"")
    target.chmod(0o640)
    link.symlink_to(target)
    save_program(PROGRAMS["ternary"](), link)
    assert link.is_symlink() and target.stat().st_mode & 0o777 == 0o640
    assert str(load_program(target)) == str(PROGRAMS["ternary"]())


# Loading what is not whole


def test_a_file_that_cannot_be_opened_raises_what_open_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_program(tmp_path / "x.d2s")
    with pytest.raises(IsADirectoryError):
        load_program(tmp_path)


def refused(content: bytes, directory: Path) -> str:
    """The message of the FileError that `content` gives; it names the file and says what to do."""
    path = directory / "refused.d2s"
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        load_program(path)
    message = str(caught.value)
    assert message.startswith(f"loading {str(path)!r}: ") and message.count(";") >= 1
    return message


def test_a_file_cut_short_at_any_byte_is_refused(tmp_path: Path) -> None:
    content = saved(PROGRAMS["total"](), tmp_path)
    for length in range(len(content)):
        refused(content[:length], tmp_path)


def test_a_file_with_a_changed_byte_is_refused_or_gives_the_same_program(tmp_path: Path) -> None:
    program = PROGRAMS["total"]()
    content = saved(program, tmp_path)
    chance = random.Random(0)
    directory = content.index(b"PK\x01\x02")
    places = {*chance.sample(range(len(content)), 300), *range(directory, len(content)), *range(60)}
    path = tmp_path / "changed.d2s"
    for place in sorted(places):
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8) if chance.random() < 0.5 else chance.randrange(1, 256)
        path.write_bytes(changed)
        try:
            loaded = load_program(path)
        except FileError:
            continue
        assert saved(loaded, tmp_path) == content, f"byte {place} was changed, and another program loaded"


def rewritten(content: bytes, change: Callable[[dict[str, bytes]], None], method: int = zipfile.ZIP_STORED) -> bytes:
    """The zip `content` with its members changed, and checksums that are right."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    change(found)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return written.getvalue()


def with_document(content: bytes, change: Callable[[Any], Any]) -> bytes:
    def changed(found: dict[str, bytes]) -> None:
        tree = json.loads(found["program.json"])
        replacement = change(tree)
        found["program.json"] = canonical(tree if replacement is None else replacement)

    return rewritten(content, changed)


def test_random_changes_of_the_document_never_raise_another_exception(tmp_path: Path) -> None:
    content = saved(PROGRAMS["total"](), tmp_path)
    chance = random.Random(1)
    path = tmp_path / "changed.d2s"
    for _ in range(600):
        path.write_bytes(with_document(content, lambda tree: disturb(tree, chance)))
        try:
            str(load_program(path))
        except FileError:
            continue


VALUES = [
    None, True, -1, 0, 1, 7, 10**9, 0.5, "", "x", [], {}, [0], [[0]], {"slot": 0}, {"tuple": [{"slot": 9}]}, "add",
    "np.load",
]  # fmt: skip


def disturb(tree: Any, chance: random.Random) -> None:
    """Puts another value in a random place of a JSON tree, drops one, or doubles one."""
    node: Any = tree
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(node[key], (dict, list)) and node[key] and chance.random() < 0.8:
            node = node[key]
            continue
        if chance.random() < 0.2:
            del node[key]
        elif isinstance(node, list) and chance.random() < 0.2:
            node.append(copy.deepcopy(node[key]))
        else:
            node[key] = copy.deepcopy(chance.choice(VALUES))
        return


def set_at(*path: Any, to: Any) -> Callable[[Any], None]:
    def change(tree: Any) -> None:
        for key in path[:-1]:
            tree = tree[key]
        tree[path[-1]] = to

    return change


def rename_an_op(tree: Any) -> None:
    tree["rows"]["add_twice"] = tree["rows"].pop("add")


DOCUMENTS: list[tuple[Callable[[Any], Any], str]] = [
    (set_at("format", to="onnx"), "another format"),
    (set_at("version", to=storage.VERSION + 1), "newer dy2static"),
    (set_at("version", to="1"), "not a version"),
    (set_at("rows", "add", to=2), "version 2 of the op 'add', newer than version 1"),
    (set_at("rows", "add", to=0), "older"),
    (rename_an_op, "op 'add_twice'"),
    (set_at("blocks", 0, "ops", 2, "args", 0, to={"slot": 9}), "templates name existing inputs"),
    (set_at("blocks", 0, "results", to=[99]), "99 is not a number from 0"),
    (set_at("blocks", 0, "ops", 0, "blocks", to=[0, 1]), "Block 0"),
    (set_at("blocks", 0, "ops", 0, "blocks", to=[1]), "stands in no op"),
    (set_at("types", 0, "dtype", to={"dtype": "<f3"}), "dtype"),
    (set_at("types", 0, "kind", to="tensor"), "no kind 'tensor'"),
    (set_at("types", 0, "items", to=[0]), "not a number"),
    (set_at("frames", 0, 3, to=0), "not a number"),
    (set_at("weights", 0, "name", to="other"), "weight 'other' is missing"),
    (set_at("weights", to=[]), "besides"),
    (set_at("constants", 0, "value", to={"class": "os.system"}), "no class"),
    (set_at("blocks", 0, "ops", 1, "kwargs", to=[["a=print(1),b", 1]]), "keywords are identifiers"),
    (lambda tree: [tree], "another format"),
    (lambda tree: {"format": tree["format"], "version": 1}, "damaged"),
]


@pytest.mark.parametrize("change, found", DOCUMENTS, ids=[found for _, found in DOCUMENTS])
def test_a_document_that_is_wrong_is_refused_with_the_reason(
    change: Callable[[Any], Any], found: str, tmp_path: Path
) -> None:
    message = refused(with_document(saved(PROGRAMS["total"](), tmp_path), change), tmp_path)
    assert found in message


def member(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda found: found.update({name: data})


def npy_header(shape: str, descr: str = "'<f8'") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


MEMBERS: list[tuple[str, Callable[[dict[str, bytes]], Any], str]] = [
    ("empty", lambda found: found.clear(), "another kind of zip"),
    ("no document", lambda found: found.pop("program.json"), "another kind of zip"),
    ("no weight", lambda found: found.pop("weights/w.npy"), "missing"),
    ("more", member("more.txt", b""), "besides"),
    ("no json", member("program.json", b"{"), "damaged"),
    ("not ascii", member("program.json", b'"\xff"'), "damaged"),
    ("nan", member("program.json", b"[NaN]"), "not JSON"),
    ("many digits", member("program.json", b"9" * 5000), "damaged"),
    ("deep", member("program.json", b"[" * 100_000), "nested"),
    ("deep objects", member("program.json", b'{"a":' * 100_000), "nested"),
    ("no npy", member("weights/w.npy", b"PK"), "damaged"),
    ("huge", member("weights/w.npy", npy_header("(1000000000000,)")), "header"),
    ("overflow", member("weights/w.npy", npy_header("(4294967296, 4294967296)")), "header"),
    ("negative", member("weights/w.npy", npy_header("(-1, -3)") + bytes(24)), "header"),
    ("short", member("weights/w.npy", npy_header("(3,)") + bytes(23)), "header"),
    ("objects", member("weights/w.npy", npy_header("(3,)", "'|O'") + bytes(24)), "header"),
    ("code", member("weights/w.npy", npy_header("print(1)")), "damaged"),
    ("parentheses", member("weights/w.npy", npy_header("(" * 9000)), "damaged"),
]


@pytest.mark.parametrize("change, found", [row[1:] for row in MEMBERS], ids=[row[0] for row in MEMBERS])
def test_members_that_are_wrong_are_refused(
    change: Callable[[dict[str, bytes]], Any], found: str, tmp_path: Path
) -> None:
    content = rewritten(saved(PROGRAMS["total"](), tmp_path), change)
    assert found in refused(content, tmp_path)


def test_compressed_members_are_refused(tmp_path: Path) -> None:
    content = rewritten(saved(PROGRAMS["total"](), tmp_path), lambda found: None, zipfile.ZIP_DEFLATED)
    assert "compressed" in refused(content, tmp_path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    written = io.BytesIO(saved(PROGRAMS["ternary"](), tmp_path))
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("program.json", b"{}")
    assert "one name" in refused(written.getvalue(), tmp_path)


@pytest.mark.parametrize("content", [b"", b"text", b"\x93NUMPY", bytes(1000), b"PK\x05\x06" + bytes(18)])
def test_another_kind_of_file_is_refused(content: bytes, tmp_path: Path) -> None:
    assert "f.save" in refused(content, tmp_path)


def test_a_type_that_doubles_with_each_line_is_refused(tmp_path: Path) -> None:
    def double(tree: Any) -> None:
        start = len(tree["types"])
        tree["types"] += [
            {"kind": "python", "dtype": {"class": "tuple"}, "shape": [], "items": [start + n - 1] * 2, "maybe": False}
            for n in range(100)
        ]

    assert "too many types" in refused(with_document(saved(PROGRAMS["total"](), tmp_path), double), tmp_path)


def test_the_version_of_each_row_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLE, "twice", OpDef("twice", lambda x: x + x, version=3))
    x = Value(INT, "x")
    hand = Hand(x)
    program = Program("f", hand.gives(hand("twice", x, to="int")))
    (op,) = walk(whole(program, tmp_path).block)
    assert isinstance(op, Op) and op.definition.version == 3
    monkeypatch.setitem(TABLE, "twice", OpDef("twice", lambda x: x + x, version=2))
    assert "newer than version 2" in refused((tmp_path / "whole.d2s").read_bytes(), tmp_path)
