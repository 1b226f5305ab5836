"""What a function means by standing in the body of a class, written out: it is compiled outside of its class.

class Square(Shape):
    def area(self):                →       def area(self):
        self.__side                            self._Square__side
        return super().area()                  return super(__class__, self).area()
"""

from __future__ import annotations

from typing import Any

import gast

from dy2static.templates import children, load, walk

Node = Any
CLASS_CELL = "__class__"


def adapt_to_factory(tree: Node, class_name: str | None, has_class_cell: bool) -> None:
    """Makes a function mean the same outside of its class, and with hooks in the classes inside it."""
    for inner, name in [(node, node.name) for node in walk(tree) if isinstance(node, gast.ClassDef)]:
        if name.strip("_"):
            for statement in inner.body:
                mangle_names(statement, name)
    if class_name is not None and class_name.strip("_"):
        mangle_names(tree, class_name)
    give_super_arguments(tree, has_class_cell)


def mangle(name: str, class_name: str | None) -> str:
    """Python reference, "Private name mangling"."""
    if class_name is None or not name.startswith("__") or name.endswith("__") or "." in name:
        return name
    owner = class_name.lstrip("_")
    return f"_{owner}{name}" if owner else name


MANGLED_FIELDS = ("id", "attr", "name", "asname", "rest")


def mangle_names(tree: Node, class_name: str) -> None:
    """Mangles in place; an inner class mangles what is its own. Keywords of calls are not mangled."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, (gast.Import, gast.ImportFrom)):
            _mangle_import(node, class_name)
            continue
        for field in MANGLED_FIELDS:
            value = getattr(node, field, None)
            if isinstance(value, str):
                setattr(node, field, mangle(value, class_name))
        if isinstance(node, (gast.Global, gast.Nonlocal)):
            node.names = [mangle(name, class_name) for name in node.names]
        if isinstance(node, gast.MatchClass):
            node.kwd_attrs = [mangle(name, class_name) for name in node.kwd_attrs]
        if isinstance(node, gast.ClassDef):
            todo += [*node.bases, *node.keywords, *node.decorator_list]
        else:
            todo += children(node)


def _mangle_import(node: Node, class_name: str) -> None:
    for alias in node.names:
        bound = alias.asname or alias.name
        if mangle(bound, class_name) != bound:
            alias.asname = mangle(bound, class_name)


def give_super_arguments(function: Node, has_class_cell: bool) -> None:
    """super() → super(__class__, self), in the function and the methods of classes inside it."""
    arguments = function.args.posonlyargs + function.args.args
    first = arguments[0].id if arguments else None
    todo = [(node, first, has_class_cell) for node in function.body] if isinstance(function.body, list) else []
    while todo:
        node, first, has_cell = todo.pop()
        if isinstance(node, (gast.FunctionDef, gast.Lambda)):
            arguments = node.args.posonlyargs + node.args.args
            todo += [(child, first, has_cell) for child in outer_parts(node)]
            body = node.body if isinstance(node.body, list) else [node.body]
            todo += [(child, arguments[0].id if arguments else None, has_cell) for child in body]
            continue
        if isinstance(node, gast.ClassDef):
            has_cell = True
        if has_cell and first is not None and _is_bare_super(node):
            node.args = [gast.copy_location(load(name), node) for name in (CLASS_CELL, first)]
        todo += [(child, first, has_cell) for child in children(node)]


def outer_parts(function: Node) -> list[Node]:
    """What of a function or lambda is evaluated where it is defined."""
    found = [*getattr(function, "decorator_list", []), *function.args.defaults]
    return found + [default for default in function.args.kw_defaults if default is not None]


def _is_bare_super(node: Node) -> bool:
    is_super = isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id == "super"
    return is_super and not node.args and not node.keywords
