"""Finding a function's tree, and what cannot be found or converted."""

from __future__ import annotations

import functools
import linecache
import math
import sys
from collections.abc import Callable
from typing import Any

import gast
import pytest

from dy2static.convert import convert_tree
from dy2static.errors import ConversionError
from dy2static.source import Source, mangle, source_of
from tests.dy2static.eager_form import converted


def keep(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


def with_options(**options: Any) -> Callable[..., Any]:
    return keep


@keep
@with_options(
    a=1,
)
def decorated(x):
    if x:
        return 1
    return 2


def made_by(text: str, filename: str, name: str = "f") -> Any:
    """A function of a text that linecache knows, as notebooks do it."""
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace: dict[str, Any] = {}
    exec(compile(text, filename, "exec"), namespace)
    return namespace[name]


def refusal(function: Any) -> ConversionError:
    with pytest.raises(ConversionError) as caught:
        convert_tree(source_of(function))
    return caught.value


def test_a_decorated_function_is_found_without_its_decorators() -> None:
    source = source_of(decorated)
    assert source.tree.name == "decorated"
    assert source.tree.decorator_list == []
    assert source.first_line == decorated.__code__.co_firstlineno
    assert "@keep" in source.lines[source.first_line - 1]


def test_nodes_keep_the_lines_of_the_file() -> None:
    source = source_of(decorated)
    assert source.lines[source.tree.body[0].lineno - 1].strip() == "if x:"


def test_a_function_in_a_cell_of_a_notebook_is_found() -> None:
    function = made_by("y = 1\n\ndef f(x):\n    return x\n", "<ipython-input-1-abc>")
    assert source_of(function).tree.lineno == 3


def test_each_source_has_a_tree_of_its_own() -> None:
    assert source_of(decorated).tree is not source_of(decorated).tree


def test_the_names_of_cells_are_the_free_names() -> None:
    k, m = 1, 2

    def inner(x):
        return x + m + k

    assert source_of(inner).free == ("k", "m")


def test_functions_of_one_line_are_told_apart_by_name() -> None:
    function = made_by("def f(x): return lambda y: x if y else 0\n", "<one line>")
    inner = function(5)
    assert isinstance(source_of(inner).tree.body[0].value, gast.IfExp)
    assert isinstance(source_of(function).tree.body[0].value, gast.Lambda)


ALONE = lambda x: x

PAIRS = [
    (lambda x: x + 1, lambda x: x - 1),
    (lambda x: 1, lambda x: 2),
    (lambda x: x if x else 5, lambda x: (x) if x else 6),
    (lambda x: [y for y in x], lambda x: [y + 1 for y in x]),
    ((lambda x: lambda: x), (lambda x: lambda: x + 1)),
    (lambda x, y=lambda: 3: y, lambda x: None), (lambda x: x.a, lambda x: x.b),
]  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS)
def test_lambdas_of_one_line_are_told_apart(pair: Any) -> None:
    for function in pair:
        tree = source_of(function).tree
        made = converted(function)
        assert made.__code__.co_varnames[:1] == function.__code__.co_varnames[:1]
        body = gast.dump(tree.body[0])
        others = [gast.dump(source_of(other).tree.body[0]) for other in pair if other is not function]
        assert body not in others


def test_a_lambda_inside_a_lambda_is_told_apart() -> None:
    outer = lambda x: lambda: x and 5
    assert converted(outer(3))() == 5
    assert converted(outer)(0)() == 0


def test_lambdas_with_the_same_text_are_one() -> None:
    pair = (lambda x: x + 7, lambda x: x + 7)
    assert converted(pair[1])(1) == 8


@pytest.mark.skipif(sys.version_info >= (3, 11), reason="columns tell them apart")
def test_lambdas_with_the_same_code_are_refused_where_code_has_no_columns() -> None:
    pair = (lambda x: x and 1, lambda x: 1 if x else x)
    if pair[0].__code__.co_code == pair[1].__code__.co_code:
        assert "cannot be told apart" in str(refusal(pair[0]))


def test_a_lambda_is_named_without_brackets() -> None:
    assert source_of(ALONE).tree.name == "lambda_"


def test_methods_are_found_by_function_and_by_bound_method() -> None:
    assert source_of(Square(1).area).tree.name == source_of(Square.area).tree.name == "area"


class Shape:
    def area(self, scale):
        return 10 * scale

    @classmethod
    def named(cls):
        return "shape"


class Square(Shape):
    def __init__(self, side):
        self.__side = side

    def area(self, __scale=2, *, __more=1):
        __local = super().area(__scale) + self.__side
        if __local > 5:
            __local = __local + __more

        def inner(self):
            return super().named() + self.__name()

        return __local, inner(self), __class__.__name__

    def __name(self):
        import os.path as __path

        class __Inner:
            def __get(self):
                return self.__get.__name__

            def get(self):
                return super().__repr__() is not None and self.__get()

        if self.__side:
            return __path.sep + __Inner.__name__ + __Inner().get()
        return ""

    @classmethod
    def named(cls):
        if cls:
            return super().named() + "!"
        return None


@pytest.mark.parametrize("side", [0, 3])
def test_private_names_and_super_keep_their_meaning(side: int) -> None:
    square = Square(side)
    assert converted(Square.area)(square) == square.area()
    assert converted(Square.area)(square, _Square__more=7) == square.area(_Square__more=7)
    assert converted(Square.named.__func__)(Square) == Square.named()


def test_names_are_mangled_as_python_does_it() -> None:
    assert mangle("__x", "_A") == "_A__x"
    assert [mangle(name, "A") for name in ("__x__", "_x", "x", "__")] == ["__x__", "_x", "x", "__"]
    assert mangle("__x", "__") == mangle("__x", None) == "__x"


# Refusals


def generator(x):
    for i in range(x):
        yield i


async def coroutine(x):
    return x


async def async_generator(x):
    yield x


def with_inner_coroutine(x):
    async def inner():
        return x

    return inner


def with_locals(x):
    y = 1
    return locals()


@pytest.mark.parametrize("known", ["", "import sys\n", "def f(x): return x + 1\n", "def f(:\n"])
def test_a_function_without_source_is_refused(known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the text of `python -c` is known by the name that all executed texts bear."""
    monkeypatch.setitem(linecache.cache, "<string>", (len(known), None, known.splitlines(keepends=True), "<string>"))
    namespace: dict[str, Any] = {}
    exec("def f(x): return x", namespace)
    error = refusal(namespace["f"])
    assert "its source is not there" in str(error)
    assert "put the function into a file" in str(error)


@pytest.mark.parametrize("function", [len, math.sqrt, functools.partial(decorated), print, int, 5])
def test_what_is_no_python_function_is_refused(function: Any) -> None:
    assert "it is not a Python function" in str(refusal(function))


ROWS = [
    (generator, "'yield' inside it hands values out one by one", "yield i"),
    (coroutine, "async", "async def coroutine(x):"),
    (async_generator, "async", "async def async_generator(x):"),
    (with_inner_coroutine, "async", "async def inner():"),
    (with_locals, "locals()", "return locals()"),
]


@pytest.mark.parametrize("function, reason, line", ROWS, ids=[row[0].__name__ for row in ROWS])
def test_what_cannot_be_converted_is_shown_with_a_caret(function: Any, reason: str, line: str) -> None:
    error = refusal(function)
    head, shown, caret, cure = str(error).splitlines()
    assert head.startswith(f"{__file__}:{error.lineno}: ")
    assert reason in head
    assert shown == f"    {line}"
    assert caret.strip() == "^"
    assert error.filename == __file__
    assert "@not_to_static" in cure


def test_the_caret_stands_below_the_column() -> None:
    text = "def f(x):\n\tif x:\n\t\tä = 1; return (yield x)\n"
    lines = str(refusal(made_by(text, "<carets>"))).splitlines()
    assert lines[1][lines[2].index("^") :].startswith("yield x")


def test_a_file_that_has_changed_is_refused() -> None:
    function = made_by("def f(x):\n    return x\n", "<changed>")
    linecache.cache["<changed>"] = (9, None, ["\n", "def g(): pass\n"], "<changed>")
    assert "the file has changed" in str(refusal(function))


def test_a_file_that_no_longer_parses_is_refused() -> None:
    function = made_by("def f(x):\n    return x\n", "<unparsable>")
    linecache.cache["<unparsable>"] = (9, None, ["def f(x:\n"], "<unparsable>")
    error = refusal(function)
    assert "cannot be parsed" in str(error)
    assert error.lineno == 1


def test_an_error_is_also_what_python_users_catch() -> None:
    with pytest.raises(NotImplementedError):
        source_of(len)


def test_a_location_is_not_needed() -> None:
    error = ConversionError("why", "what to do")
    assert str(error) == "why\nwhat to do"
    assert (error.filename, error.lineno) == (None, None)


def test_sources_are_plain_facts() -> None:
    assert isinstance(source_of(decorated), Source)
