"""What is refused and how: code, arguments and files; and faults of a running program, with the user's line."""

import collections
import functools
import io
import json
import math
import os
import re
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import runtime
from dy2static import ConversionError, not_to_static, to_static
from runtime.errors import Dy2StaticError, FileError
from tests.harness import portrait, text_of
from tests.programs.row import f64, grid

LINES = Path(__file__).read_text("utf-8").splitlines()


def line_of(mark: str) -> int:
    """The number of the line that ends in `# mark`."""
    return next(number for number, line in enumerate(LINES, 1) if line.endswith(f"# {mark}"))


# Functions that cannot be converted


def generator(x):
    for item in x:
        yield item  # yields


def delegating(x):
    yield from x  # delegates


async def coroutine(x):
    return x


async def waiting(x):
    async for item in x:
        return item


def with_inner_generator(x):
    def items():
        yield x

    if x > 0:
        return sum(items())
    return x


def refusal(function, *args) -> str:
    with pytest.raises(ConversionError) as caught:
        to_static(function)(*args)
    return str(caught.value)


@pytest.mark.parametrize(
    "function, mark, word",
    [(generator, "yields", "yield"), (delegating, "delegates", "yield")],
    ids=["yield", "yield from"],
)
def test_a_refusal_shows_the_line_with_a_caret_a_reason_and_a_cure(function, mark, word):
    head, source, caret, *cure = refusal(function, f64(1)).splitlines()
    assert re.search(rf"{re.escape(Path(__file__).name)}:{line_of(mark)}: .*{word}", head)
    assert source.strip() == LINES[line_of(mark) - 1].strip()
    assert caret.strip("^ ") == "" and "^" in caret
    assert source[caret.index("^") :].startswith(word)
    assert cure and cure[-1].strip()


@pytest.mark.parametrize("function", [coroutine, waiting], ids=lambda function: function.__name__)
def test_async_functions_are_refused(function):
    assert "async" in refusal(function, f64(1))


@pytest.mark.parametrize(
    "function",
    [len, math.sqrt, np.sin, np.ones, dict.get, int],
    ids=lambda f: f.__qualname__ if hasattr(f, "__qualname__") else str(f),
)
def test_what_is_not_written_in_python_is_refused(function):
    text = refusal(function, 1.0)
    assert getattr(function, "__name__", "") in text
    assert "source" in text or "Python" in text


@pytest.mark.parametrize("thing", [3, "f", None, [plus for plus in ()]], ids=repr)
def test_what_is_no_function_is_refused(thing):
    with pytest.raises((TypeError, ConversionError)):
        to_static(thing)(1)


def test_a_function_without_source_is_refused():
    scope = {}
    exec("def no_source(x):\n    if x > 0:\n        return x\n    return -x\n", scope)
    text = refusal(scope["no_source"], 1)
    assert "no_source" in text and "source" in text


def test_a_callee_without_source_is_refused_with_the_line_of_the_call():
    scope = {}
    exec("def no_source(x):\n    if x > 0:\n        return x\n    return -x\n", scope)
    callee = scope["no_source"]

    def caller(x):
        return callee(x)  # calls

    text = refusal(caller, 1)
    assert f"{Path(__file__).name}:{line_of('calls')}" in text


def test_equal_functions_of_two_files_are_refused_in_their_own_file(tmp_path):
    for name in ("one.py", "two.py"):
        scope = {"np": np}
        (tmp_path / name).write_text("def f(x):\n    return memoryview(x)\n")
        exec(compile((tmp_path / name).read_text(), str(tmp_path / name), "exec"), scope)
        assert f"{name}:2: " in refusal(scope["f"], f64(1))


def test_faults_of_equal_functions_of_two_files_stand_in_their_own_file(tmp_path):
    statics = []
    for name, above in [("one.py", ""), ("two.py", "\n\n")]:
        scope = {}
        (tmp_path / name).write_text(f"{above}def f(x):\n    y = x + 1\n    return y / 0\n")
        exec(compile((tmp_path / name).read_text(), str(tmp_path / name), "exec"), scope)
        statics.append((to_static(scope["f"]), f'{name}", line {3 + len(above)}'))
    for static, place in statics * 2:
        with pytest.raises(ZeroDivisionError) as caught:
            static(1)
        assert place in text_of(caught.value)


def test_a_line_of_a_traceback_has_no_caret_in_a_wrong_place():
    def f(x):
        y = x + 1; return y / 0  # two statements

    with pytest.raises(ZeroDivisionError) as caught:
        to_static(f)(1)
    assert "# two statements\n    ^" not in text_of(caught.value)


def test_lambdas_on_one_line_are_told_apart_or_refused():
    first, second = lambda x: x if x > 0 else -x, lambda x: x * 2 if x > 0 else x  # one line
    for function in (first, second):
        try:
            found = to_static(function)(-3)
        except ConversionError as error:
            assert "lambda" in str(error)
        else:
            assert found == function(-3)


def test_a_refusal_leaves_arguments_as_they_were():
    def writes_and_yields(x):
        x[0] = 5
        return sum(generator(x) for _ in range(2))

    x = f64(1, 2)
    try:
        to_static(writes_and_yields).program(x)
    except Exception:
        pass
    assert portrait(x) == portrait(f64(1, 2))


# Arguments that cannot be inputs


def plus(x, y):
    return x + y


def same(x, y):
    return x


@pytest.mark.parametrize(
    "argument",
    [np.array([1, None], dtype=object), (item for item in [1]), iter([1]), zip([1], [2]), io.StringIO("a"), grid],
    ids=["object array", "generator", "iterator", "zip", "file", "function"],
)
def test_an_argument_of_a_wrong_kind_is_refused_or_works(argument):
    """A function that only hands it on may work; it must then give the thing itself."""
    try:
        found = to_static(same)(argument, 1)
    except (ConversionError, Dy2StaticError) as error:
        assert "'x'" in str(error) or "x" in str(error).split()
    else:
        assert found is argument


def test_an_array_of_objects_is_refused_by_name():
    with pytest.raises((ConversionError, Dy2StaticError), match=r"\bx\b"):
        to_static(plus)(np.array([1, None], dtype=object), 1)


def test_a_generator_argument_is_refused_by_name():
    items = (item for item in [1, 2])
    with pytest.raises((ConversionError, Dy2StaticError), match=r"\bx\b"):
        to_static(plus)(items, 1)
    assert list(items) == [1, 2]


def counted(n):
    for i in range(n):
        yield i
    return n * 2


def counting(n):
    total = yield from counted(n)
    yield total


def adding(n):
    for i in range(n):
        print((yield i) + 1)


def taking(n):
    return list(counting(n))


def taking_added(n):
    return list(adding(n))


def test_what_a_yield_gives_back_is_refused_with_what_to_write():
    assert "hand that value over in another way, such as a list" in refusal(taking, 3)
    assert "give the value that it gives back a name" in refusal(taking_added, 3)


def closing(steps):
    try:
        for i in range(4):
            yield i
    finally:
        steps.append("closed")


def closing_twice(steps):
    for i in closing(steps):
        yield i


def leave_early(items, n):
    for i in items:
        if i > n:
            break


@pytest.mark.parametrize("make", [closing, closing_twice, lambda steps: map(abs, closing(steps))])
def test_a_generator_that_a_name_holds_is_not_left_early_where_it_does_something_last(make):
    def held(n):
        steps = []
        items = make(steps)
        leave_early(items, n)
        return len(steps)

    assert held(1) == 0
    assert "which a name still holds" in refusal(held, 1)


def test_a_generator_that_a_name_holds_is_not_left_by_an_exception_that_is_caught():
    def held(n):
        steps = []
        items = closing(steps)
        try:
            for i in items:
                steps.append(1 // (i - n))
        except ZeroDivisionError:
            steps.append("caught")
        return len(steps)

    assert held(0) == 1
    assert "which a name still holds" in refusal(held, 0)


def masked():
    return np.ma.array([1.0, 2.0], mask=[False, True])


def record():
    return np.rec.array([(1, 2.0)], dtype=[("a", int), ("b", float)]).a


class Meters(np.ndarray):
    """An array that knows its unit."""

    def __array_finalize__(self, other):
        self.unit = "m"

    def __add__(self, other):
        return "meters"


@pytest.mark.parametrize("make", [masked, record, lambda: f64(1, 2).view(Meters)], ids=["masked", "record", "subclass"])
def test_a_subclass_of_arrays_is_refused_or_right(make):
    expected = portrait(plus(make(), 1))
    try:
        found = portrait(to_static(plus)(make(), 1))
    except (ConversionError, Dy2StaticError) as error:
        assert "x" in str(error)
    else:
        assert found == expected


# Faults while a program runs


def divide(x, y):
    if x > 0:
        return x / y  # divides
    return x


def index(x, n):
    total = 0
    for i in range(n):
        total += x[i]  # indexes
    return total


def add_shapes(x, y):
    z = x * 2
    return z + y  # adds


def outer(x, y):
    z = x + 1
    return divide(z, y)  # calls divide


def checks(x):
    while x > 0:
        x = x - 2
        assert x != 1, "x reached one"  # asserts
    return x


def refuses(x):
    if x < 0:
        raise ValueError("negative")  # raises
    return x


def reads_unset(x):
    if x > 0:
        z = 1
    return z  # reads z


FAULTS = [
    (divide, (1, 2), (1, 0), ZeroDivisionError, ["divides"]),
    (index, (f64(1, 2), 2), (f64(1, 2), 3), IndexError, ["indexes"]),
    (add_shapes, (f64(1, 2), f64(1, 2)), (f64(1, 2), f64(1, 2, 3)), ValueError, ["adds"]),
    (outer, (1, 1), (1, 0), ZeroDivisionError, ["divides", "calls divide"]),
    (checks, (4,), (5,), AssertionError, ["asserts"]),
    (refuses, (1,), (-1,), ValueError, ["raises"]),
    (reads_unset, (1,), (-1,), UnboundLocalError, ["reads z"]),
]
FAULT_IDS = [fault[0].__name__ for fault in FAULTS]


def check_fault(function, args, kind, marks):
    with pytest.raises(kind) as caught:
        function(*args)
    assert type(caught.value) is kind
    text = text_of(caught.value)
    for mark in marks:
        assert re.search(rf'File ".*{re.escape(Path(__file__).name)}", line {line_of(mark)}\b', text), text


@pytest.mark.parametrize("function, good, bad, kind, marks", FAULTS, ids=FAULT_IDS)
def test_a_fault_of_the_first_call_shows_the_users_line(function, good, bad, kind, marks):
    check_fault(to_static(function), bad, kind, marks)


@pytest.mark.parametrize("function, good, bad, kind, marks", FAULTS, ids=FAULT_IDS)
def test_a_fault_of_a_warm_call_shows_the_users_line(function, good, bad, kind, marks):
    static = to_static(function)
    static(*good)
    check_fault(static, bad, kind, marks)
    static(*good)


@pytest.mark.parametrize("function, good, bad, kind, marks", FAULTS, ids=FAULT_IDS)
def test_a_fault_of_a_loaded_program_shows_the_users_line(function, good, bad, kind, marks, tmp_path):
    to_static(function).save(tmp_path / "f.d2s", *good)
    check_fault(runtime.load(tmp_path / "f.d2s"), bad, kind, marks)


@pytest.mark.parametrize("function, good, bad, kind, marks", FAULTS, ids=FAULT_IDS)
def test_a_fault_of_converted_code_shows_the_users_line(function, good, bad, kind, marks):
    check_fault(to_static(function).converted, bad, kind, marks)


def test_a_breakpoint_in_the_users_file_is_hit_while_tracing():
    reached = set()

    def trace(frame, event, argument):
        if os.path.basename(frame.f_code.co_filename) != Path(__file__).name:
            return None
        reached.add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        to_static(divide)(1, 2)
    finally:
        sys.settrace(before)
    assert line_of("divides") in reached
    assert line_of("divides") + 1 in reached, "both branches are traced"


# Files


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "good.d2s"
    weights = f64(1, 2, 3)

    def model(x):
        while x.sum() < 10:
            x = x + weights
        return x

    to_static(model).save(path, f64(1, 2, 3))
    assert portrait(runtime.load(path)(f64(1, 2, 3)))
    return path


def rewritten(path: Path, change) -> Path:
    """A copy of the file whose document `change` has been at."""
    out = path.with_name("changed.d2s")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "program.json":
                document = json.loads(text)
                text = json.dumps(change(document) or document, sort_keys=True).encode()
            new.writestr(name, text)
    return out


def test_a_rewritten_file_with_no_change_loads(saved: Path):
    assert portrait(runtime.load(rewritten(saved, lambda document: None))(f64(1, 2, 3)))


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK\x03\x04", b"\x00" * 1000, b'{"format": "dy2static"}'], ids=repr
)
def test_a_file_that_is_no_program_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "bad.d2s"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"bad\.d2s"):
        runtime.load(path)


def test_a_file_that_is_cut_short_is_refused(saved: Path, tmp_path: Path):
    whole = saved.read_bytes()
    path = tmp_path / "short.d2s"
    for size in sorted({1, 10, len(whole) // 4, len(whole) // 2, len(whole) - 30, len(whole) - 1}):
        path.write_bytes(whole[:size])
        with pytest.raises(FileError):
            runtime.load(path)


def test_a_flipped_byte_is_refused_or_harmless(saved: Path, tmp_path: Path):
    whole = bytearray(saved.read_bytes())
    path = tmp_path / "flipped.d2s"
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        broken = bytearray(whole)
        broken[place] ^= 0xFF
        path.write_bytes(broken)
        try:
            runtime.load(path)
        except FileError:
            pass


def test_another_zip_is_refused(tmp_path: Path):
    path = tmp_path / "other.d2s"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(FileError):
        runtime.load(path)


def set_keys(**changes):
    def change(document):
        document.update(changes)

    return change


def drop(key):
    def change(document):
        del document[key]

    return change


def replace_text(old: str, new: str):
    def change(document):
        text = json.dumps(document)
        assert old in text, "the test must be brought up to the format"
        return json.loads(text.replace(old, new))

    return change


CHANGES = {
    "newer version": set_keys(version=999),
    "version of a wrong kind": set_keys(version="1"),
    "another format": set_keys(format="onnx"),
    "no format": drop("format"),
    "no version": drop("version"),
    "unknown op": replace_text('"add"', '"no_such_op"'),
    "name of a Python function": replace_text('"add"', '"os.system"'),
    "a list": lambda document: [document],
    "a number": lambda document: 7,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_changed_document_is_refused(saved: Path, change):
    with pytest.raises(FileError):
        runtime.load(rewritten(saved, change))


def test_endless_nesting_is_refused(saved: Path):
    out = saved.with_name("deep.d2s")
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("program.json", "[" * 100_000 + "]" * 100_000)
    with pytest.raises(FileError):
        runtime.load(out)


def test_every_key_of_the_document_is_needed(saved: Path):
    with zipfile.ZipFile(saved) as archive:
        keys = list(json.loads(archive.read("program.json")))
    for key in keys:
        with pytest.raises(FileError):
            runtime.load(rewritten(saved, drop(key)))


@pytest.mark.parametrize("junk", [None, 3, "x", [], {}, [1], [[]], -1, 10**9], ids=repr)
def test_junk_under_any_key_is_refused_or_harmless(saved: Path, junk):
    with zipfile.ZipFile(saved) as archive:
        keys = list(json.loads(archive.read("program.json")))
    for key in keys:
        try:
            runtime.load(rewritten(saved, set_keys(**{key: junk})))
        except FileError:
            pass


def test_a_missing_weight_is_refused(saved: Path):
    out = saved.with_name("light.d2s")
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w") as new:
        names = [name for name in old.namelist() if name.startswith("weights/")]
        assert names
        new.writestr("program.json", old.read("program.json"))
    with pytest.raises(FileError):
        runtime.load(out)


def test_a_weight_that_is_a_pickle_is_refused(saved: Path):
    stream = io.BytesIO()
    np.save(stream, np.array([1, "a", None], dtype=object), allow_pickle=True)
    out = saved.with_name("pickle.d2s")
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, stream.getvalue() if name.startswith("weights/") else old.read(name))
    with pytest.raises(FileError):
        runtime.load(out)


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises((FileNotFoundError, FileError)):
        runtime.load(tmp_path / "none.d2s")


def test_a_failed_save_leaves_nothing_and_keeps_what_was_there(saved: Path):
    before, names = saved.read_bytes(), sorted(os.listdir(saved.parent))
    with pytest.raises((ConversionError, Dy2StaticError)):
        to_static(plus).save(saved, np.array([None], dtype=object), 1)
    with pytest.raises(OSError):
        to_static(plus).save(saved.parent / "no" / "such" / "folder.d2s", 1, 2)
    assert saved.read_bytes() == before
    assert sorted(os.listdir(saved.parent)) == names


# Iterators that were read as far as only the program knows, and values that no program can hold


def test_iterators_left_by_a_staged_break_are_not_read_further():
    def f(x):
        pairs = zip(x, x)
        for a, b in pairs:
            if a > b - 1:
                break
        return list(pairs)  # reads on

    message = refusal(to_static(f), [1.0, 2.0])
    assert f"{line_of('reads on')}: " in message and "how far this zip was read" in message


def test_a_loop_over_an_iterator_of_pythons_is_bounded():
    def f(x):
        total = 0
        for one in map(abs, range(5000)):  # unrolls
            total += one
            if total > x:
                break
        return total

    message = refusal(to_static(f), 10)
    assert f"{line_of('unrolls')}: " in message and "after 1000 turns" in message


def test_arguments_and_results_that_no_program_can_hold_have_a_line():
    def f(x):  # takes it
        return reversed([x])

    assert f"{line_of('takes it')}: " in refusal(to_static(f), 1)


def test_an_array_of_objects_as_argument_has_a_line():
    def f(x):  # takes objects
        return x

    assert f"{line_of('takes objects')}: x is an array of Python objects" in refusal(f, np.array([1, None]))


def test_what_is_no_function_is_told_from_one_under_a_cache():
    assert "3 cannot be converted" in refusal(3) and "give to_static a function" in refusal(3)
    assert "@to_static below @lru_cache" in refusal(functools.lru_cache(delegating))


def counting_down(n):
    if n > 0:
        yield n
        yield from counting_down(n - 1)  # calls itself


def test_a_function_that_calls_itself_is_one_line_of_the_way():
    said = refusal(lambda n: list(counting_down(n)), 3)
    assert said.count("yield from counting_down(n - 1)") == 2 and "times)\n" in said


class Level:
    now = 1


RISING = Level()


def test_what_cannot_be_saved_is_shown(tmp_path: Path):
    @to_static
    def rise(x):
        RISING.now = x + RISING.now
        return x

    rise(1)
    with pytest.raises(TypeError, match=r"cannot be part of a file.*\n    RISING.now = x \+ RISING.now$"):
        rise.save(tmp_path / "rise.d2s")


READS: list[str] = []


class ReadsAreSeen:
    k = 3

    def __getattribute__(self, name):
        READS.append(name)
        return object.__getattribute__(self, name)


def test_hooks_of_every_read_are_refused():
    watched = ReadsAreSeen()

    def f(x):
        return watched.k + x  # is watched

    message = refusal(to_static(f), 1)
    assert f"{line_of('is watched')}: " in message and "__getattribute__ is called at every read" in message


class Registry:
    names: list[str] = []

    def __init_subclass__(cls):
        Registry.names.append(cls.__name__)


def test_hooks_of_the_making_of_a_class_are_refused():
    def f(x):
        class Made(Registry):  # makes it
            pass

        return x

    def g(x):
        class Owner:  # owns it
            field = Announced()

        return x

    message = refusal(to_static(f), 1)
    assert f"{line_of('makes it')}: " in message and "__init_subclass__" in message
    message = refusal(to_static(g), 1)
    assert f"{line_of('owns it')}: " in message and "__set_name__" in message


def test_a_memmap_is_refused_with_what_to_pass(tmp_path):
    def f(a):
        return a[1] + 1

    mapped = np.memmap(tmp_path / "a.bin", dtype=float, mode="w+", shape=(4,))
    assert "pass np.asarray(a), which shares its memory" in refusal(to_static(f), mapped)
    assert to_static(f)(np.asarray(mapped)) == 1


def test_special_methods_of_local_classes_that_use_names_around_are_refused_in_the_program():
    def reads(x):
        k = x[0] * 2

        class D:
            def __init__(self, v):
                self.v = v

            def __add__(self, other):
                return self.v + other.v + k

        made = [D(v) for v in x]  # reads k
        return made[0] + made[1]

    def writes(x):
        seen = []

        class D:
            def __init__(self, v):
                self.v = v

            def __lt__(self, other):
                seen.append(self.v)
                return self.v < other.v

        made = [D(v) for v in x]  # writes seen
        return made[0] < made[1], seen

    message = refusal(to_static(reads), np.ones(3))
    assert f"{line_of('reads k')}: " in message and "Python calls __add__, which uses 'k'" in message
    message = refusal(to_static(writes), np.ones(3))
    assert f"{line_of('writes seen')}: " in message and "which uses 'seen'" in message


class Announced:
    def __set_name__(self, owner, name):
        print(name)


def test_what_may_raise_in_the_body_of_a_class_is_refused():
    def f(x):
        class Made:
            try:  # may fail
                y = 1 // x
            except ZeroDivisionError:
                y = 0

        return Made.y

    message = refusal(to_static(f), 1)
    assert f"{line_of('may fail')}: " in message and "'try' in the body of a class" in message
    assert "put it before the class" in message


def test_what_contains_itself_is_refused():
    held = {"a": 1}
    held["me"] = held
    assert "an argument of held_in_itself() contains itself" in refusal(held_in_itself, held)
    assert "what holds_itself() returns: it contains itself" in refusal(holds_itself, 1)


def held_in_itself(held):
    return held["a"] + 1


def holds_itself(n):
    items = [n]
    items.append(items)
    return items


class Closing:
    def __init__(self, log):
        self.log = log

    def __del__(self):
        self.log.append("closed")


def makes_what_closes(n):
    log = []
    made = Closing(log)
    del made
    log.append(n)
    return log


def test_what_runs_when_an_object_goes_is_refused():
    text = refusal(makes_what_closes, 1)
    assert "Closing has __del__" in text and "by a method of another name" in text


def test_a_cache_that_is_new_at_each_call_is_not_kept_for_the_next_one():
    def told(n):
        @functools.cache
        def double(k):
            return 2 * k

        return double(n), double.cache_info().currsize

    assert "a cache that is new at each call" in refusal(told, 1)


def test_what_a_function_with_a_cache_reads_stays_as_it_is():
    def changed(n):
        step = 1

        @functools.cache
        def steps(k):
            return k if k < 1 else steps(k - 1) + step

        first = steps(n)
        step = n
        return first, steps(n)

    def changed_without_recursion(n):
        step = 1

        @functools.cache
        def plus(k):
            return k + step

        first = plus(n)
        step = 5
        return first, plus(n)

    def changed_attribute(n):
        held = SimpleNamespace(step=1)

        @functools.cache
        def steps(k):
            return k if k < 1 else steps(k - 1) + held.step

        first = steps(n)
        held.step = n
        return first, steps(n)

    def changed_in_a_loop(n):
        total = 0

        @functools.cache
        def steps(k):
            return k if k < 1 else steps(k - 1) + total

        for i in range(n):
            total += steps(i)
        return total

    for function in (changed, changed_without_recursion, changed_attribute):
        assert "what it reads changes between its calls" in refusal(function, 3)
    assert "reads what changes in a branch or loop" in refusal(changed_in_a_loop, 3)


def test_forms_of_calls_that_a_cache_tells_apart_are_refused_where_that_shows():
    def f(n):
        seen = []

        @functools.cache
        def steps(k, step=1):
            seen.append(k)
            return k if k < 2 else steps(k - 1) + steps(k - 2, step=step)

        return steps(n), seen

    assert "call it in one way everywhere" in refusal(f, 3)


TOOLS = [abs, 1]


@not_to_static
def exchange():
    TOOLS[0] = float


def use_tools(n):
    first = TOOLS[0](n)
    exchange()
    return first, TOOLS[0](n)  # uses what was exchanged


def test_a_function_that_is_exchanged_while_the_program_runs_is_refused():
    TOOLS[0] = abs
    with pytest.raises(ConversionError, match="another object than when the call began") as caught:
        to_static(use_tools)(-3)
    assert f"{line_of('uses what was exchanged')}: " in str(caught.value)


def test_a_factory_of_a_defaultdict_that_needs_names_around_it_is_refused():
    def f(n):
        counts = collections.defaultdict(lambda: n)
        for i in range(n):  # counts
            counts[i % 2] += i
        return dict(counts)

    message = refusal(to_static(f), 3)
    assert f"{line_of('counts')}: " in message and "call setdefault() instead" in message
