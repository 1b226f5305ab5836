"""The passes in order, and converted code as text."""

from __future__ import annotations

import ast
import warnings
from typing import Any

import gast

from dy2static.control_flow import convert_control_flow
from dy2static.declarations import declare, fresh, names_used, refuse_unsupported
from dy2static.early_exit import convert_exits
from dy2static.expressions import convert_expressions, expand_comprehensions
from dy2static.source import Source, deep_recursion
from dy2static.templates import HELPER, rename_helper

Node = Any
WIDTH = 110


def convert_tree(source: Source, expand: bool = False, helper: str | None = None) -> Node:
    """The converted FunctionDef, made of the source's own tree: a Source is converted once.

    expand   list, set and dict comprehensions become loops
    helper   the name by which it calls d2s; else `helper_name` tells
    """
    tree = source.tree
    with deep_recursion():
        refuse_unsupported(tree, source)
        tree.helper = helper or fresh(HELPER, {name: None for name in (*names_used(tree), *source.free)})
        declare(tree)
        if expand:
            expand_comprehensions(tree)
        convert_exits(tree)
        convert_expressions(tree)
        convert_control_flow(tree)
        gast.fix_missing_locations(tree)
        if tree.helper != HELPER:
            rename_helper(tree, tree.helper)
    return tree


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
            from astor.source_repr import split_lines
        text = astor.to_source(tree, pretty_source=lambda parts: "".join(split_lines(parts, maxline=WIDTH)))
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
