"""What became of each line of the user's source, as text.

    climb.py: climb
    python      2      layers = len(weights)
    staged      3      for i in range(n):
                           while_loop(for i: int in v1, y: float64[n] = x)
    staged      4          y = scaled(y, 2)
                           calls scaled
    unrolled    5      for w in weights:
                           it goes through a list of Python's

`staged` lines have ops in the program, `python` lines ran while it was traced and left none, `unreached` lines were not
run with these arguments.
"""

from __future__ import annotations

import ast
import linecache
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from dy2static.recorder import Recorder
from runtime.ir import Op, Program
from runtime.printer import print_lines

MOST = 6  # ops shown of one line
WIDTH = 140
Spot = tuple[str, int]


@dataclass
class Spots:
    """What is known of each line."""

    ops: dict[Spot, list[str]] = field(default_factory=dict)
    calls: dict[Spot, dict[str, None]] = field(default_factory=dict)
    unrolled: dict[Spot, str] = field(default_factory=dict)
    functions: dict[tuple[str, str], int] = field(default_factory=dict)  # file and name: a line inside

    def note(self, op: Op, text: str) -> None:
        """Op `op`, which the program shows as `text`."""
        frame = op.frame
        if frame is None:
            return
        self.ops.setdefault((frame.file, frame.line), []).append(text)
        while frame.caller is not None:
            caller = frame.caller
            self.calls.setdefault((caller.file, caller.line), {}).setdefault(frame.function)
            frame = caller


def explain(program: Program, recorder: Recorder, file: str, line: int) -> str:
    """The explanation of a program that was traced under `recorder` of the function defined at `line` of `file`."""
    spots = Spots()
    for shown in print_lines(program):
        if isinstance(shown.subject, Op) and not shown.text.strip().startswith(("}", "return")):
            spots.note(shown.subject, shown.text.strip())
    spots.unrolled = {(frame.file, frame.line): why for frame, why in recorder.unrolled.items()}
    reached = [*recorder.lines, *spots.ops]
    parts = [header(program), *constants(recorder)]
    for name, node, path in functions(reached, (file, line)):
        parts += ["", f"{os.path.basename(path)}: {name}", *body(node, path, spots, set(recorder.lines))]
    return "\n".join(parts) + "\n"


def header(program: Program) -> str:
    return print_lines(program)[0].text.removesuffix(" {")


def constants(recorder: Recorder) -> Iterator[str]:
    """Which inputs the program takes for granted, and why."""
    for place, (what, why, frame) in recorder.reasons.items():
        at = f" ({os.path.basename(frame.file)}:{frame.line})" if frame is not None else ""
        yield f"  {what} {place} is a constant of this program: {why} needs it{at}"


def functions(reached: Iterable[Spot], main: Spot) -> Iterator[tuple[str, Any, str]]:
    """The user's functions that were reached: qualified name, node and file; that of `main` first."""
    found: dict[int, tuple[str, Any, str]] = {}
    for path, line in [main, *reached]:
        inner = outermost(path, line)
        if inner is not None:
            found.setdefault(id(inner[1]), inner)
    yield from found.values()


_trees: dict[tuple[str, int], list[tuple[str, Any]]] = {}


def outermost(path: str, line: int) -> tuple[str, Any, str] | None:
    """The outermost function around a line: what is nested in it is shown with it."""
    text = "".join(linecache.getlines(path))
    key = (path, hash(text))
    if key not in _trees:
        try:
            _trees[key] = list(definitions(ast.parse(text), ""))
        except SyntaxError:  # a file with magic commands, or cut short
            _trees[key] = []
    around = [(name, node) for name, node in _trees[key] if start_of(node) <= line <= node.end_lineno]
    return (*around[0], path) if around else None


def start_of(node: Any) -> int:
    decorators = getattr(node, "decorator_list", None)
    return decorators[0].lineno if decorators else int(node.lineno)


def definitions(node: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """The outermost functions and, outside of them, lambdas."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield prefix + child.name, child
        elif isinstance(child, ast.Lambda):
            yield prefix + "<lambda>", child
        elif isinstance(child, ast.ClassDef):
            yield from definitions(child, f"{prefix}{child.name}.")
        else:
            yield from definitions(child, prefix)


def body(node: Any, path: str, spots: Spots, lines: set[Spot]) -> Iterator[str]:
    """The lines of one function, each with what became of it."""
    statements = {one.lineno for one in inner_statements(node)}
    for number in range(start_of(node), node.end_lineno + 1):
        text = linecache.getline(path, number).rstrip("\n")
        spot = (path, number)
        state, notes = state_of(spot, spots, lines, number in statements)
        yield f"{state:<10}{number:>4}  {text}".rstrip()
        indent = " " * (16 + len(text) - len(text.lstrip()) + 4)
        yield from (shortened(indent + note) for note in notes)


def state_of(spot: Spot, spots: Spots, lines: set[Spot], is_statement: bool) -> tuple[str, list[str]]:
    ops, calls = spots.ops.get(spot, []), [f"calls {name}" for name in spots.calls.get(spot, ())]
    shown = list(dict.fromkeys(ops))[:MOST]
    more = len(set(ops)) - len(shown)
    notes = calls + shown + ([f"… and {more} more"] if more else [])
    if spot in spots.unrolled:
        return "unrolled", [spots.unrolled[spot], *notes]
    if notes:
        return "staged", notes
    if not is_statement:
        return "", []
    return ("python" if spot in lines else "unreached"), []


def inner_statements(node: Any) -> Iterator[Any]:
    """The statements that run when a function runs."""
    if isinstance(node, ast.Lambda):
        yield node.body
        return
    for one in ast.walk(node):
        if isinstance(one, ast.stmt) and one is not node and not is_silent(one):
            yield one


def is_silent(node: ast.stmt) -> bool:
    """Whether Python does nothing at a statement's line: docstrings, declarations."""
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or isinstance(node, (ast.Global, ast.Nonlocal, ast.Try, ast.Pass))


def shortened(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
