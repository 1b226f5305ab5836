"""Smaller programs and fewer inputs that still fail in the same way."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any

from tests.random_programs.check import Outcome, check_text

Fails = Callable[[str, tuple[Any, ...]], bool]


def shrink(outcome: Outcome, inputs: tuple[Any, ...], seconds: float = 20.0) -> tuple[str, tuple[Any, ...]]:
    """The text and the inputs, as small as leaving out and simplifying one thing at a time can make them."""

    def fails(text: str, inputs: tuple[Any, ...]) -> bool:
        try:
            compile(text, "shrunk", "exec")
        except SyntaxError:
            return False
        found = check_text(text, inputs, seconds=seconds)
        return (found.kind, found.form, found.signature) == (outcome.kind, outcome.form, outcome.signature)

    text = ast.unparse(ast.parse(outcome.text))
    if not fails(text, inputs):
        return outcome.text, inputs
    inputs = fewer_inputs(text, inputs, fails)
    while (smaller := one_smaller(text, inputs, fails)) is not None:
        text = smaller
    return text, inputs


def fewer_inputs(text: str, inputs: tuple[Any, ...], fails: Fails) -> tuple[Any, ...]:
    for one in inputs:
        if fails(text, (one,)):
            return (one,)
    index = 0
    while index < len(inputs):
        fewer = inputs[:index] + inputs[index + 1 :]
        if fewer and fails(text, fewer):
            inputs = fewer
        else:
            index += 1
    return inputs


def one_smaller(text: str, inputs: tuple[Any, ...], fails: Fails) -> str | None:
    """The text after one pass over all that can be made smaller; None where nothing could."""
    changed, index = False, 0
    while True:
        tree = ast.parse(text)
        edits = list(edits_of(tree))
        if index >= len(edits):
            return text if changed else None
        edits[index]()
        try:
            smaller = ast.unparse(ast.fix_missing_locations(tree))
        except Exception:
            index += 1
            continue
        if len(smaller) < len(text) and fails(smaller, inputs):
            text, changed = smaller, True
        else:
            index += 1


def edits_of(tree: ast.AST) -> Iterator[Callable[[], None]]:
    """Changes of the tree, outermost first: statements left out or unwrapped, expressions replaced by their parts."""
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], (ast.stmt, ast.match_case)):
                yield from block_edits(node, field, value)
            elif isinstance(value, list):
                yield from list_edits(value)
            elif isinstance(value, ast.expr):
                yield from expression_edits(node, field, value)


def block_edits(node: ast.AST, field: str, block: list[Any]) -> Iterator[Callable[[], None]]:
    half = len(block) // 2
    if half > 1:
        yield lambda: setattr(node, field, block[:half])
        yield lambda: setattr(node, field, block[half:])
    for index, statement in enumerate(block):
        rest = [ast.Pass()] if len(block) == 1 and field == "body" and not isinstance(statement, ast.match_case) else []
        yield lambda index=index, rest=rest: setattr(node, field, block[:index] + block[index + 1 :] or rest)  # type: ignore[misc]
        for inner in ("body", "orelse", "finalbody"):
            if not isinstance(statement, (ast.FunctionDef, ast.ClassDef)) and isinstance(
                got := getattr(statement, inner, None), list
            ):
                yield lambda index=index, got=got: setattr(node, field, block[:index] + got + block[index + 1 :])  # type: ignore[misc]


def list_edits(items: list[Any]) -> Iterator[Callable[[], None]]:
    for index, item in enumerate(items):
        if isinstance(item, (ast.expr, ast.keyword, ast.comprehension)) and len(items) > 1:
            yield lambda index=index: items.pop(index)  # type: ignore[misc]
        if isinstance(item, ast.expr):
            for part in parts_of(item):
                yield lambda index=index, part=part: items.__setitem__(index, part)  # type: ignore[misc]


def expression_edits(node: ast.AST, field: str, value: ast.expr) -> Iterator[Callable[[], None]]:
    for part in parts_of(value):
        yield lambda part=part: setattr(node, field, part)  # type: ignore[misc]


def parts_of(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, (ast.Name, ast.Constant)):
        return
    yield ast.Constant(1)
    for child in ast.walk(value):
        if isinstance(child, ast.expr) and child is not value and not isinstance(child, ast.Constant):
            yield copy.deepcopy(child)
