"""`python -m dy2static.document > docs/python.md`: the table of Python's constructs, and each refusal word for word."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from dy2static.constructs import Construct
from dy2static.decorators import to_static
from dy2static.errors import ConversionError
from dy2static.python_builtins import BUILTINS
from dy2static.python_expressions import EXPRESSIONS
from dy2static.python_statements import STATEMENTS

TABLE = {"Statements": STATEMENTS, "Expressions": EXPRESSIONS, "Builtins": BUILTINS}
FILE = "example.py"
INTRODUCTION = """\
# What becomes of each construct of Python

Every statement, expression and builtin of Python 3.10 to 3.13 has one of two answers: it **converts**, with CPython's
meaning, or it is **refused**, with the line, the reason and a cure. Each row is an example that the tests run, and
`make docs` writes this file.

A value is *staged* when it is known only as the program runs: it comes of an argument. What is known while tracing
stays Python, and runs then.
"""


def example(construct: Construct, folder: Path, name: str = FILE) -> Any:
    """The function `f` of an example, imported from a file."""
    path = folder / name
    path.write_text(construct.source, "utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.f


def arguments() -> Iterator[tuple[Any, int]]:
    """The arguments x and n on which examples are run."""
    yield np.array([1.0, -2.0, 3.0]), 3
    yield np.array([-1.0, 2.0, -3.0]), 0
    yield np.array([5.0, 5.0, 5.0]), 1


def refusal(construct: Construct, folder: Path) -> str:
    """The message with which an example is refused, its file without the folder. Raises ValueError where none is."""
    function = example(construct, folder)
    try:
        to_static(function)(*next(arguments()))
    except ConversionError as error:
        return str(error).replace(str(folder / FILE), FILE)
    raise ValueError(f"{construct.title} converts")


def document() -> str:
    parts = [INTRODUCTION]
    for group, constructs in TABLE.items():
        head = f"## {group}\n\n| construct | answer | why |\n|---|---|---|\n"
        parts.append(head + "".join(map(table_row, constructs)))
    parts.append("## Refused, word for word\n")
    with tempfile.TemporaryDirectory() as folder:
        parts += refusals((one for group in TABLE.values() for one in group), Path(folder))
    return "\n".join(parts)


def table_row(construct: Construct) -> str:
    answer = "**refused**" if construct.is_refused else "converts"
    since = "" if construct.since == (3, 10) else f" (Python {construct.since[0]}.{construct.since[1]})"
    title = construct.title.replace("|", "\\|")
    return f"| {title}{since} | {answer} | {construct.why} |\n"


def refusals(constructs: Iterable[Construct], folder: Path) -> Iterator[str]:
    for one in constructs:
        if one.is_refused and sys.version_info >= one.since:
            yield f"{one.title}:\n\n```\n{refusal(one, folder)}\n```\n"


if __name__ == "__main__":
    print(document(), end="")
