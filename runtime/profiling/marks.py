"""The text of a program's function → the same function with a mark after each piece that belongs to one thing.

    y = x * 2           # f.py:7         y = x * 2; mark(0)
    while s(y) > 1:     # f.py:8         while s(y) > 1:
        y = y / 2       # f.py:9    →        mark(1); y = y / 2; mark(2)
                                         mark(3)
    return y            # f.py:9         result = y; mark(4); return result

A mark takes all that has happened since the mark before it. What is marked still runs as the executor runs it: pieces
of one line stay as they are, and so do the functions that compute blocks in threads.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

MARK, RESULT = "_d2s_mark", "_d2s_result"
BLOCKS = re.compile(r"chain_\d+_")  # functions that run in threads
KEEPS_ON = (ast.For, ast.While, ast.FunctionDef, ast.Return, ast.Break, ast.Continue)


@dataclass
class Marked:
    """`keys` says of each mark what it is a mark of."""

    tree: ast.Module
    keys: list[Hashable]


def marked(text: str, keys: Sequence[Hashable]) -> Marked:
    """`keys` says what each line of `text` belongs to; None belongs to what is around it."""
    marking = _Marking(keys)
    tree = ast.parse(text)
    for node in tree.body:
        assert isinstance(node, ast.FunctionDef)
        if not BLOCKS.fullmatch(node.name):
            node.body = marking.block(node.body, marking.first_key(node))
    ast.fix_missing_locations(tree)
    return Marked(tree, marking.made)


@dataclass
class _Marking:
    keys: Sequence[Hashable]
    made: list[Hashable] = field(default_factory=list)

    def key(self, node: ast.stmt, around: Hashable) -> Hashable:
        found = self.keys[node.lineno - 1]
        return around if found is None else found

    def first_key(self, node: ast.FunctionDef) -> Hashable:
        return next((key for line in lines_of(node) if (key := self.keys[line - 1]) is not None), None)

    def block(self, body: Sequence[ast.stmt], around: Hashable) -> list[ast.stmt]:
        done: list[ast.stmt] = []
        open_key: Hashable = None
        last: ast.stmt | None = None

        def close() -> None:
            nonlocal last
            if last is not None:
                done.append(self.mark(open_key, last))
            last = None

        for node in body:
            key = self.key(node, around)
            if self.is_piece(node, key):
                if last is not None and key != open_key:
                    close()
                done.append(node)
                open_key, last = key, node
                continue
            close()
            done += self.compound(node, key)
        close()
        return done

    def is_piece(self, node: ast.stmt, key: Hashable) -> bool:
        """Whether a statement is of one key, and goes on to the statement after it."""
        if any(isinstance(inner, (*KEEPS_ON, ast.Raise)) for inner in ast.walk(node)):
            return False
        return all(self.keys[line - 1] in (key, None) for line in lines_of(node))

    def compound(self, node: Any, key: Hashable) -> list[ast.stmt]:
        if isinstance(node, ast.Return):
            return self.returned(node, key)
        if isinstance(node, ast.FunctionDef):
            node.body = self.block(node.body, key)
            return [node]
        if not isinstance(node, (ast.If, ast.For, ast.While, ast.Try)):
            return [node]  # it leaves the block
        site = self.site(key)
        node.body = self.block(node.body, key)
        if isinstance(node, ast.Try):
            for handler in node.handlers:
                handler.body = [self.at(site, node), *self.block(handler.body, key)]
            node.orelse, node.finalbody = self.block(node.orelse, key), self.block(node.finalbody, key)
            return [node]
        node.body.insert(0, self.at(site, node))
        if isinstance(node, ast.If):
            node.orelse = [self.at(site, node), *self.block(node.orelse, key)]
            return [node]
        tests = isinstance(node, ast.While) and not isinstance(node.test, ast.Constant)
        return [node, self.at(site, node) if tests else self.mark(key, node)]  # a test runs once more than the body

    def returned(self, node: ast.Return, key: Hashable) -> list[ast.stmt]:
        if node.value is None:
            return [node]
        kept = ast.copy_location(ast.Assign([ast.Name(RESULT, ast.Store())], node.value), node)
        given = ast.copy_location(ast.Return(ast.Name(RESULT, ast.Load())), node)
        return [kept, self.mark(key, node), given]

    def site(self, key: Hashable) -> int:
        self.made.append(key)
        return len(self.made) - 1

    def mark(self, key: Hashable, node: ast.stmt) -> ast.stmt:
        return self.at(self.site(key), node)

    def at(self, site: int, node: ast.stmt) -> ast.stmt:
        call = ast.Call(ast.Name(MARK, ast.Load()), [ast.Constant(site)], [])
        made = ast.copy_location(ast.Expr(call), node)
        return ast.fix_missing_locations(made)


def lines_of(node: ast.stmt) -> Iterator[int]:
    """The lines of a statement and of those inside it."""
    return (inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.stmt))
