"""Converted functions on plain Python values: compiled with the eager d2s, and compared with the original."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from types import FunctionType
from typing import Any

import gast

from dy2static import eager
from dy2static.convert import code_text, convert_tree, helper_name
from dy2static.declarations import declare
from dy2static.source import Source, deep_recursion, source_of
from dy2static.templates import HELPER

Function = Callable[..., Any]


def converted(function: Function, expand: bool = False, d2s: Any = eager) -> Function:
    """The converted form, in the same globals and with the same cells and defaults."""
    source = source_of(function)
    return compiled(function, source, convert_tree(source, expand=expand), d2s)


def compiled(function: Function, source: Source, tree: Any, d2s: Any = eager) -> Function:
    """A tree as a function in the globals of the original, with its cells and defaults."""
    assert isinstance(function, FunctionType)
    tree.args.defaults = [gast.Constant(None, None) for _ in tree.args.defaults]
    tree.args.kw_defaults = [default and gast.Constant(None, None) for default in tree.args.kw_defaults]
    factory = compile_factory(tree, source, dict(function.__globals__))
    made = factory(d2s, *[None for _ in source.free])
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
    closure = tuple(cells.get(name, cell) for name, cell in zip(made.__code__.co_freevars, made.__closure__ or ()))
    result = FunctionType(made.__code__, function.__globals__, function.__name__, function.__defaults__, closure)
    result.__kwdefaults__ = function.__kwdefaults__
    return result


def compile_factory(tree: Any, source: Source, namespace: dict[str, Any]) -> Function:
    """def make(d2s, <free names>): <the function>; return <its name>"""
    parameters = [gast.Name(name, gast.Param(), None, None) for name in (helper_name(source), *source.free)]
    arguments = gast.arguments(parameters, [], None, [], [], None, [])
    returned = gast.Return(gast.Name(tree.name, gast.Load(), None, None))
    factory = gast.FunctionDef("make", arguments, [tree, returned], [], None, None, [])
    with deep_recursion():
        module = gast.fix_missing_locations(gast.Module([factory], []))
        exec(compile(gast.gast_to_ast(module), source.filename, "exec"), namespace)
    return namespace["make"]  # type: ignore[no-any-return]


def after(function: Function, *passes: Callable[[Any], None]) -> tuple[Source, Any]:
    """The tree of a function after some of the passes."""
    source = source_of(function)
    source.tree.helper = HELPER
    declare(source.tree)
    with deep_recursion():
        for one in passes:
            one(source.tree)
        gast.fix_missing_locations(source.tree)
    return source, source.tree


def text_of(function: Function, expand: bool = False) -> str:
    return code_text(convert_tree(source_of(function), expand=expand))


def outcome(function: Function, args: tuple[Any, ...]) -> str:
    """Result or exception, and what was printed, as text."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            told = repr(function(*args))
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
    return f"{told}\n{printed.getvalue()}"
