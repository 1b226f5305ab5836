"""The passes in order, converted code as text, and whole modules."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Collection
from typing import Any

import gast

from dy2static.comprehensions import expand_comprehensions, rename_variables
from dy2static.control_flow import convert_control_flow
from dy2static.declarations import declare, is_kept, keep, names_used, refuse_unsupported
from dy2static.desugar import desugar
from dy2static.early_exit import convert_exits
from dy2static.errors import ConversionError, Location
from dy2static.expressions import convert_expressions
from dy2static.generators import expand_generators, keep_generators, push
from dy2static.resumption import resumable
from dy2static.source import Entry, File, Source, deep_recursion, first_line, functions_of, parse_file, source_in_file
from dy2static.templates import HELPER, rename_helper

Node = Any
WIDTH = 110


def convert_tree(source: Source, expand: bool = False, helper: str | None = None, form: str = "") -> Node:
    """The converted FunctionDef, made of the source's own tree: a Source is converted once.

    expand   list, set and dict comprehensions become loops, generators functions that give
    form     of a generator function: "each" and "until" give, "resumed" gives what runs on, "steps" is read as it is
    helper   the name by which it calls d2s; else `helper_name` tells
    """
    tree = source.tree
    with deep_recursion():
        if form in ("each", "until"):
            push(tree, source, form == "until")
        elif form == "resumed":
            resumable(tree)
        elif form == "steps":
            keep(tree)
        if expand:
            expand_generators(tree, source)
        else:
            keep_generators(tree)
        refuse_unsupported(tree, source)
        tree.helper = helper or free_helper((*names_used(tree), *source.free))
        declare(tree)
        desugar(tree)
        if expand:
            expand_comprehensions(tree)
        if not is_kept(tree):
            rename_variables(tree, source.free)
        convert_exits(tree)
        convert_expressions(tree)
        convert_control_flow(tree)
        gast.fix_missing_locations(tree)
        if tree.helper != HELPER:
            rename_helper(tree, tree.helper)
    return tree


def free_helper(used: Collection[str]) -> str:
    """d2s, or d2s_ where the user has that name."""
    name = HELPER
    while name in used:
        name += "_"
    return name


def helper_name(source: Source) -> str:
    """The name by which the converted tree of `source` calls d2s."""
    return str(source.tree.helper)


def code_text(tree: Node) -> str:
    """Python for people."""
    with deep_recursion():
        exact = gast.gast_to_ast(tree)
        text = _print_with_astor(exact)
        if text is None or not _says(text, exact):
            text = ast.unparse(exact) + "\n"
    return text


def _print_with_astor(tree: ast.AST) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of names that Python 3.12 deprecates, at its import
            import astor
        split = astor.source_repr.split_lines
        text = astor.to_source(tree, pretty_source=lambda parts: "".join(split(parts, maxline=WIDTH)))
        return text.replace("lambda :", "lambda:")
    except Exception:  # it knows no `match`, among others
        return None


def _says(text: str, tree: ast.AST) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = ast.parse(text).body
    except (SyntaxError, ValueError):
        return False
    return len(parsed) == 1 and ast.dump(parsed[0]) == ast.dump(tree)


# -------------------------------------------------------------------------------------------------------- modules

DECORATOR = "to_static"
IMPORT = "from dy2static import dispatch as {0}"


def convert_module(text: str, filename: str, names: Collection[str] | None = None) -> str:
    """The text of a module with its @to_static functions, or the named ones ("f", "Class.f"), converted.

    The rest of the text is kept as it is. Raises ConversionError where it cannot be parsed, holds no such function, or
    a function cannot be converted.
    """
    file = parse_file(text, filename)
    chosen = _chosen(file, filename, names)
    if not chosen:
        return text
    helper = free_helper(set(re.findall(r"[^\W\d]\w*", text)))
    lines = list(file.lines)
    for entry in reversed(chosen):
        node = entry.node
        lines[first_line(node) - 1 : node.end_lineno] = _converted_lines(entry, file, filename, helper)
    at = _import_line(text)
    if at and not lines[at - 1].endswith("\n"):
        lines[at - 1] += "\n"
    lines.insert(at, IMPORT.format(helper) + _line_end(file.lines))
    return "".join(lines)


def _chosen(file: File, filename: str, names: Collection[str] | None) -> list[Entry]:
    """The functions to convert, in the order of the text; one that stands in another is converted with that one."""
    every = functions_of(file)
    if names is None:
        found = [entry for entry in every if any(_is_to_static(d) for d in entry.node.decorator_list)]
    else:
        found = [entry for entry in every if entry.name in names]
        missing = [name for name in names if name not in {entry.name for entry in every}]
        if missing:
            known = ", ".join(entry.name for entry in every) or "none"
            raise ConversionError(f"{filename} has no function {missing[0]!r}", f"its functions: {known}")
    outermost: list[Entry] = []
    for entry in found:
        if not outermost or entry.node.lineno > outermost[-1].node.end_lineno:
            outermost.append(entry)
    return outermost


def _is_to_static(decorator: Any) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return getattr(function, "id", getattr(function, "attr", None)) == DECORATOR


def _converted_lines(entry: Entry, file: File, filename: str, helper: str) -> list[str]:
    """The converted function, set in as the original is, with its other decorators as they were written."""
    node = entry.node
    definition = file.lines[node.lineno - 1]
    indent = definition[: len(definition) - len(definition.lstrip())]
    if definition.encode()[: node.col_offset].strip():
        location = Location.of(node, filename, file.lines)
        raise ConversionError(
            f"{entry.name} cannot be converted: it shares its line", "give it lines of its own", location
        )
    source = source_in_file(entry, file, filename)
    code = code_text(convert_tree(source, helper=helper))
    decorators = [d for d in node.decorator_list if not _is_to_static(d)]
    kept = [f"{indent}@{ast.get_source_segment(file.text, d)}\n" for d in decorators]
    end = _line_end(file.lines)
    return [line.replace("\n", end) for line in kept + _set_in(code, indent)]


def _set_in(code: str, indent: str) -> list[str]:
    """The lines of code behind an indent; those inside of a string stay as they are."""
    lines = code.splitlines(keepends=True)
    inside: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type in STRINGS:
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
    return [line if number in inside or not line.strip() else indent + line for number, line in enumerate(lines, 1)]


STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def _line_end(lines: list[str]) -> str:
    return "\r\n" if lines and lines[0].endswith("\r\n") else "\n"


def _import_line(text: str) -> int:
    """How many lines of a module stand before the place of a new import: its docstring and __future__ imports."""
    last = next((n for n, line in enumerate(text.splitlines()) if not line.startswith("#")), 0)
    for number, node in enumerate(ast.parse(text).body):
        is_text = number == 0 and isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str)
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not is_text and not is_future:
            break
        last = node.end_lineno or last
    return last
