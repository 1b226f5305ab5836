"""What the user wrote: the source line of an op, and the condition of a `cond` or `while_loop`.

    z = x + y if x > y else x - y      # its cond   → "if x > y"
    while first < second:              # its loop   → "while first < second"
    if 0 < a and a < b:                # two conds  → "0 < a and a < b", then "if 0 < a and a < b"

An op knows its line and no column. So the conditions of a line, in the order in which Python evaluates them, are given
to the line's ops in program order, and to none of them where their numbers do not match.
"""

from __future__ import annotations

import ast
import linecache
import os
import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator

from runtime.ir import Frame, Op

LONG = 60  # characters of a condition


class Sources:
    """The files of a program's frames, each read once."""

    def __init__(self) -> None:
        self.files: dict[str, File | None] = {}

    def line(self, frame: Frame | None) -> str:
        file = None if frame is None else self.file(frame.file)
        return file.line(frame.line) if file is not None and frame is not None else ""

    def file(self, name: str) -> File | None:
        """The file, where the name says which it is: a loaded program keeps no folders, and may name any file."""
        if name not in self.files:
            readable = os.path.isabs(name) if name.endswith(".py") else name in linecache.cache  # such as a notebook's
            try:
                lines = linecache.getlines(name) if readable else []
            except ValueError:  # no name that a file can have
                lines = []
            self.files[name] = File(lines) if lines else None
        return self.files[name]

    def conditions(self, ops: Iterable[Op]) -> dict[Op, str]:
        """The title of each cond and loop of `ops`, in program order, for which the source tells it."""
        lines: dict[tuple[str, int, str], list[Op]] = defaultdict(list)
        for op in ops:
            if op.frame is not None and op.definition.name in ("cond", "while_loop"):
                lines[op.frame.file, op.frame.line, op.definition.name].append(op)
        titles: dict[Op, str] = {}
        for (name, line, kind), found in lines.items():
            file = self.file(name)
            texts = file.conditions(line, kind, len(found)) if file is not None else []
            titles.update(zip(found, texts))
        return titles

    def elif_(self, frame: Frame | None) -> str:
        """The condition of the `elif` on that line."""
        file = None if frame is None else self.file(frame.file)
        return file.elifs.get(frame.line, "") if file is not None and frame is not None else ""


class File:
    """One file: its lines, and the conditions on each."""

    def __init__(self, lines: list[str]):
        self.lines = lines
        self.found: dict[tuple[int, str], list[tuple[str, bool]]] = defaultdict(list)
        self.elifs: dict[int, str] = {}
        try:
            with warnings.catch_warnings():  # Python warns of odd escapes in a text, anew at each parse
                warnings.simplefilter("ignore")
                self._visit(ast.parse("".join(lines)))
        except (SyntaxError, ValueError, RecursionError):
            self.found.clear()

    def line(self, number: int) -> str:
        return self.lines[number - 1].strip() if 0 < number <= len(self.lines) else ""

    def conditions(self, line: int, kind: str, count: int) -> list[str]:
        """One text for each of `count` ops, or none. An unrolled loop repeats the ops of a line."""
        every = self.found.get((line, kind), [])
        for texts in ([text for text, is_elif in every if not is_elif], [text for text, _ in every]):
            if texts and count % len(texts) == 0:
                return texts * (count // len(texts))
        return []

    def _visit(self, tree: ast.AST) -> None:
        """Enters the conditions of a tree, in the order in which Python evaluates them."""
        chained: set[ast.AST] = set()
        for node, first in _evaluated(tree):
            if first and isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
                chained.add(node.orelse[0])
                self.elifs[node.orelse[0].test.lineno] = self.text(node.orelse[0].test)
            elif not first:
                for line, kind, text in self._own(node):
                    self.found[line, kind].append((text, node in chained))

    def text(self, node: ast.expr) -> str:
        """An expression as the user wrote it, on one line."""
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        lines = [line.encode() for line in self.lines[first : last + 1]]  # columns count bytes
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return cut(re.sub(r"\s+", " ", b"".join(lines).decode()), LONG)

    def _own(self, node: ast.AST) -> Iterator[tuple[int, str, str]]:
        """Line, kind of op and title of the ops that a node becomes."""
        if isinstance(node, (ast.If, ast.IfExp)):
            yield node.test.lineno if isinstance(node, ast.IfExp) else node.lineno, "cond", f"if {self.text(node.test)}"
        elif isinstance(node, ast.While):
            yield node.lineno, "while_loop", f"while {self.text(node.test)}"
        elif isinstance(node, ast.For):
            yield node.lineno, "while_loop", f"for {self.text(node.target)} in {self.text(node.iter)}"
        elif isinstance(node, ast.comprehension):
            yield node.iter.lineno, "while_loop", f"for {self.text(node.target)} in {self.text(node.iter)}"
            for test in node.ifs:
                yield test.lineno, "cond", f"if {self.text(test)}"
        elif isinstance(node, ast.BoolOp):
            for _ in node.values[1:]:
                yield node.lineno, "cond", self.text(node)
        elif isinstance(node, ast.Compare):
            for _ in node.ops[1:]:
                yield node.lineno, "cond", self.text(node)
        elif isinstance(node, ast.Call):
            yield from self._by_hand(node)
        elif isinstance(node, ast.Assert):
            yield node.lineno, "cond", f"assert {self.text(node.test)}"

    def _by_hand(self, node: ast.Call) -> Iterator[tuple[int, str, str]]:
        """`static.cond(pred, …)` and `static.while_loop(lambda …: test, …)`."""
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
        if name == "cond" and node.args:
            yield node.lineno, "cond", f"if {self.text(node.args[0])}"
        elif name == "while_loop" and node.args:
            test = node.args[0].body if isinstance(node.args[0], ast.Lambda) else node.args[0]
            yield node.lineno, "while_loop", f"while {self.text(test)}"


def _evaluated(tree: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """Each node twice: before its condition is evaluated, and after that and before what depends on it."""
    stack: list[tuple[ast.AST, bool]] = [(tree, True)]
    while stack:
        node, first = stack.pop()
        yield node, first
        if not first:
            continue
        test: ast.AST | None = getattr(node, "test", None) or getattr(node, "iter", None)
        # A comprehension's loops stand behind what it makes, and come first.
        children = sorted(ast.iter_child_nodes(node), key=lambda child: not isinstance(child, ast.comprehension))
        if isinstance(node, ast.BoolOp):
            test = node.values[0]
        elif isinstance(node, ast.Compare):
            test = node.left
        elif isinstance(node, ast.Call):
            test = next(iter(node.args), None)
        rest = [(child, True) for child in children if child is not test]
        stack += reversed([*([(test, True)] if test is not None else []), (node, False), *rest])


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def place_of(frame: Frame | None) -> str:
    """`file.py:6`, without folders."""
    return "" if frame is None else re.split(r"[\\/]", frame.file)[-1] + f":{frame.line}"
