"""A function ⇄ its tree: the whole file is parsed, once, and the node is found by line, name and, for lambdas, columns.

    @to_static                     def area(self):
    def area(self):            →       return super(__class__, self).area() * self._Square__side
        return super().area() * self.__side

Decorators go; private names are mangled and super() gets its arguments, since the converted function is compiled
outside of its class.
"""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

import gast

from dy2static.class_names import CLASS_CELL, adapt_to_factory, mangle
from dy2static.constructs import AWAITABLE, COROUTINE, GENERATOR
from dy2static.errors import ConversionError, Location
from dy2static.templates import walk

Node = Any
LAMBDA = "lambda_"
DEPTH = 20_000
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
SCOPES = (*FUNCTIONS, ast.ClassDef)
STATEMENTS = (ast.stmt, ast.excepthandler, ast.match_case)
# Every text that is executed bears one of these names, and `linecache` knows of one text: that of `python -c`.
SHARED_NAMES = ("<string>", "<stdin>")
MOVE = "put the function into a file, and import it from there"


@dataclass(eq=False, repr=False)
class Source:
    """A function as it was written.

    tree         its gast FunctionDef, no decorators; a lambda is `def lambda_(…): return …`. Passes may change it
    lines        of the whole file, with their ends
    first_line   of the function, its decorators included
    free         names of its cells; `__class__` among them where it calls super()
    function_lines   name and first line of the code of each function in it, itself included
    """

    filename: str
    tree: Node
    lines: list[str]
    first_line: int
    free: tuple[str, ...]
    function_lines: tuple[tuple[str, int], ...]

    def location(self, node: Node) -> Location:
        return Location.of(node, self.filename, self.lines)


@dataclass(eq=False, repr=False)
class Entry:
    """A function in a file: its ast node, its qualified name, and the class in whose body it stands, at any depth."""

    node: Node
    name: str
    class_name: str | None


@dataclass(eq=False, repr=False)
class File:
    text: str
    lines: list[str]
    entries: dict[int, list[Entry]]


_files: dict[str, File] = {}
_depth_lock = threading.Lock()
_depth_users = 0
_depth_before = 0


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Room for trees that are deep, such as an elif chain of three hundred: syntax trees are walked by recursion. And
    for tracing, which takes several Python frames for one of the user's. The limit is one for all threads."""
    global _depth_users, _depth_before
    with _depth_lock:
        if _depth_users == 0:
            _depth_before = sys.getrecursionlimit()
            sys.setrecursionlimit(max(DEPTH, _depth_before))
        _depth_users += 1
    try:
        yield
    finally:
        with _depth_lock:
            _depth_users -= 1
            if _depth_users == 0:
                sys.setrecursionlimit(_depth_before)


def source_of(function: Any, generator: bool = False) -> Source:
    """The tree of a Python function. Raises ConversionError where it has none that can be converted; a generator
    function has one where it is asked for."""
    function = function.__func__ if inspect.ismethod(function) else function
    if not isinstance(function, FunctionType):
        raise ConversionError(*_refusal_of(function))
    code = function.__code__
    file = _file_of(function)
    entry = _find(code, file)
    location = Location.of(entry.node, code.co_filename, file.lines)
    if not (generator and code.co_flags & inspect.CO_GENERATOR):
        _check_kind(code, location, entry.node, file)
    tree = _tree_of(entry)
    adapt_to_factory(tree, entry.class_name, CLASS_CELL in code.co_freevars)
    own = ((tree.name, code.co_firstlineno), *function_lines(tree))
    return Source(code.co_filename, tree, file.lines, code.co_firstlineno, code.co_freevars, own)


def _refusal_of(value: Any) -> tuple[str, str]:
    """Why what is no function of Python's is not converted, and what to do."""
    if not callable(value):
        return f"{value!r} cannot be converted: it is not a Python function", "give to_static a function or method"
    name = getattr(value, "__qualname__", type(value).__qualname__)
    if isinstance(value, functools._lru_cache_wrapper):
        return (
            f"{name} cannot be converted: it is a function with a cache around it",
            "decorate the function under the cache: @to_static below @lru_cache",
        )
    return f"{name} cannot be converted: it is not a Python function", "call it from one that is"


def function_lines(tree: Node) -> list[tuple[str, int]]:
    """Names and first lines of the code of the functions and lambdas inside a function."""
    inner = [node for node in walk(tree) if isinstance(node, (gast.FunctionDef, gast.Lambda)) and node is not tree]
    return [(getattr(node, "name", "<lambda>"), first_line(node)) for node in inner]


def lines_of(function: FunctionType) -> list[str]:
    """The lines of the file of a function; none where that is not there."""
    code = function.__code__
    filename = code.co_filename
    if filename.startswith("<frozen "):  # Python has its core modules in itself, and their files as well
        filename = function.__globals__.get("__file__") or filename
    linecache.checkcache(filename)
    lines = linecache.getlines(filename, function.__globals__)
    return [] if code.co_filename in SHARED_NAMES and not _is_from(code, lines) else lines


def _is_from(code: CodeType, lines: list[str]) -> bool:
    """Whether compiling `lines` makes this very code."""
    try:
        todo = [compile("".join(lines), code.co_filename, "exec", dont_inherit=True)]
    except SyntaxError:
        return False
    while todo:
        made = todo.pop()
        if made == code:
            return True
        todo += [const for const in made.co_consts if isinstance(const, CodeType)]
    return False


def _file_of(function: FunctionType) -> File:
    code = function.__code__
    lines = lines_of(function)
    if not lines:
        reason = f"{function.__qualname__} cannot be converted: its source is not there"
        raise ConversionError(reason, MOVE, Location(code.co_filename, code.co_firstlineno))
    return parse_file("".join(lines), code.co_filename)


def parse_file(text: str, filename: str) -> File:
    known = _files.get(filename)
    if known is not None and known.text == text:
        return known
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the user's file, given when it was imported
            module = ast.parse(text, filename)
    except SyntaxError as error:
        raise unparsed(error) from None
    file = File(text, text.splitlines(keepends=True), _index(module, "lambda" in text))
    _files[filename] = file
    return file


def unparsed(error: SyntaxError) -> ConversionError:
    """What Python says of a file that is not Python, with its line and caret."""
    location = Location(error.filename or "?", error.lineno or 1, max((error.offset or 1) - 1, 0), error.text or "")
    return ConversionError(f"the file cannot be parsed: {error.msg}", "correct the line", location)


def _index(module: ast.Module, has_lambdas: bool) -> dict[int, list[Entry]]:
    """The functions of a file by the first line that their code objects name, in the order of the text."""
    children = ast.iter_child_nodes if has_lambdas else _statements_in
    entries: dict[int, list[Entry]] = {}
    todo: list[tuple[ast.AST, str, str | None]] = [(module, "", None)]
    while todo:
        node, path, class_name = todo.pop()
        name = getattr(node, "name", "") if isinstance(node, SCOPES) else ""
        if isinstance(node, FUNCTIONS):
            entries.setdefault(first_line(node), []).append(Entry(node, path + name, class_name))
        inner = f"{path}{name}." if name else path
        owner = name if isinstance(node, ast.ClassDef) else class_name
        todo += [(child, inner, owner) for child in reversed(list(children(node)))]
    return entries


def _statements_in(node: ast.AST) -> Iterator[ast.AST]:
    """The children that are or hold statements: no other expression than a lambda has a function in it."""
    for name in node._fields:
        field = getattr(node, name, None)
        if isinstance(field, list) and field and isinstance(field[0], STATEMENTS):
            yield from field


def functions_of(file: File) -> list[Entry]:
    """The functions of a file in the order of the text, lambdas left out."""
    return [entry for line in sorted(file.entries) for entry in file.entries[line] if hasattr(entry.node, "name")]


def source_in_file(entry: Entry, file: File, filename: str) -> Source:
    """The Source of a function that is not there, only its text. `free` is unknown and left empty."""
    if isinstance(entry.node, ast.AsyncFunctionDef):
        _refuse_kind(entry.node.name, inspect.CO_COROUTINE, Location.of(entry.node, filename, file.lines))
    tree = _tree_of(entry)
    adapt_to_factory(tree, entry.class_name, entry.class_name is not None)
    return Source(filename, tree, file.lines, first_line(entry.node), (), ())


def first_line(node: Any) -> int:
    decorators = getattr(node, "decorator_list", None)
    return decorators[0].lineno if decorators else node.lineno


def _find(code: CodeType, file: File) -> Entry:
    found = [entry for entry in file.entries.get(code.co_firstlineno, []) if _may_be(code, entry)]
    if len(found) > 1 and code.co_name == "<lambda>":
        found = _by_position(code, found) or _by_code(code, found)
    if len(found) == 1:
        return found[0]
    text = file.lines[code.co_firstlineno - 1] if code.co_firstlineno <= len(file.lines) else ""
    location = Location(code.co_filename, code.co_firstlineno, 0, text)
    if found:
        reason = "this lambda cannot be converted: it cannot be told apart from the others on its line"
        raise ConversionError(reason, "give each lambda a line of its own", location)
    reason = f"{code.co_name} cannot be converted: it is not where its code says, so the file has changed since"
    raise ConversionError(reason, "run the program again", location)


def _may_be(code: CodeType, entry: Entry) -> bool:
    """Whether name and parameters fit."""
    node = entry.node
    name = "<lambda>" if isinstance(node, ast.Lambda) else mangle(node.name, entry.class_name)
    arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
    names = [mangle(argument.arg, entry.class_name) for argument in arguments]
    return code.co_name in (name, getattr(node, "name", name)) and names == list(code.co_varnames[: len(names)])


def _by_position(code: CodeType, entries: list[Entry]) -> list[Entry]:
    """The innermost lambda that holds every instruction of the code."""
    if sys.version_info < (3, 11):
        return []
    spans = [span for span in code.co_positions() if None not in span and span[2:] != (0, 0)]
    if not spans:
        return []
    first, last = min((s[0], s[2]) for s in spans), max((s[1], s[3]) for s in spans)
    around = [entry for entry in entries if _start(entry.node.body) <= first and last <= _end(entry.node.body)]
    start = max((_start(entry.node.body) for entry in around), default=None)
    return [entry for entry in around if _start(entry.node.body) == start]


def _start(node: Any) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: Any) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset


def _by_code(code: CodeType, entries: list[Entry]) -> list[Entry]:
    """The lambdas whose compiled code is the same; one of them, where they are the same text too."""
    same = [entry for entry in entries if _is_same_code(code, entry)]
    texts = {ast.dump(entry.node) for entry in same}
    return same[:1] if len(texts) == 1 else same


def _is_same_code(code: CodeType, entry: Entry) -> bool:
    return comparable(_compile_alone(code, entry)) == comparable(code)


def comparable(item: Any) -> Any:
    """Code by what it does, and not where it stands; other constants in a form that tells 1 from True."""
    if not isinstance(item, CodeType):
        return repr(item)
    consts = [comparable(one) for one in item.co_consts if not _is_own_name(one)]
    counts = item.co_argcount, item.co_posonlyargcount, item.co_kwonlyargcount, item.co_flags & STARS
    return item.co_code, item.co_names, item.co_varnames, item.co_freevars, item.co_cellvars, counts, consts


def _is_own_name(constant: Any) -> bool:
    """Whether it is the qualified name of an inner function, which says where that stands."""
    return isinstance(constant, str) and "<lambda>" in constant


FUTURES = 0x1FF_0000  # of the flags of code, those that `from __future__ import …` sets
STARS = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS


def _compile_alone(code: CodeType, entry: Entry) -> CodeType:
    """The lambda's code, compiled where its free names are the parameters of a function around it."""
    around = [ast.arg(name, lineno=1, col_offset=0) for name in code.co_freevars if name != CLASS_CELL]
    arguments = ast.arguments([], around, None, [], [], None, [])
    outer = ast.Expression(ast.Lambda(arguments, entry.node))
    ast.fix_missing_locations(outer)
    made = compile(outer, code.co_filename, "eval", code.co_flags & FUTURES, dont_inherit=True)
    for _ in range(2):  # the last inner code is the body's: those of defaults stand before it
        inner = [const for const in made.co_consts if isinstance(const, CodeType)]
        made = inner[-1] if inner else made
    return made


KINDS = {
    inspect.CO_COROUTINE: COROUTINE,
    inspect.CO_ASYNC_GENERATOR: COROUTINE,
    inspect.CO_ITERABLE_COROUTINE: AWAITABLE,
    inspect.CO_GENERATOR: GENERATOR,
}


def _check_kind(code: CodeType, location: Location, node: Any, file: File) -> None:
    for flag in KINDS:
        if not code.co_flags & flag:
            continue
        yields = (inner for inner in ast.walk(node) if isinstance(inner, (ast.Yield, ast.YieldFrom)))
        if flag == inspect.CO_GENERATOR:
            location = Location.of(next(yields, node), code.co_filename, file.lines)
        _refuse_kind(code.co_name, flag, location)


def _refuse_kind(name: str, flag: int, location: Location) -> None:
    raise ConversionError(*KINDS[flag].of(name), location)


def _tree_of(entry: Entry) -> Node:
    with deep_recursion():
        tree = gast.ast_to_gast(entry.node)
    if isinstance(tree, gast.Lambda):
        body = gast.copy_location(gast.Return(tree.body), tree.body)
        made = gast.FunctionDef(LAMBDA, tree.args, [body], [], None, None, [])
        return gast.copy_location(made, tree)
    tree.decorator_list = []
    return tree
