"""docs/numpy.md, written from the op table: what a converted function may do with each public name of NumPy.

python -m tests.numpy_table            writes docs/numpy.md
python -m tests.numpy_table --check    fails where it is not up to date
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from runtime import ops
from runtime.opdef import OpDef, unknown
from runtime.ops.arguments import quiet
from runtime.ops.array import RANDOM_METHODS
from runtime.ops.catalogue import BASES
from runtime.ops.generic import UFUNC_METHODS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "numpy.md"
SPACES = (
    "np np.linalg np.fft np.random np.strings np.char np.emath np.lib.stride_tricks np.lib.array_utils np.testing"
).split() + [f"np.polynomial.{space}" for space in BASES]
OUTSIDE = ("np.ma", "np.rec", "np.ctypeslib")
WORDS = {name: name for name in ("typed", "generic", "loop", "effect", "refused", "class")} | {"typed": "row"}


@dataclass(frozen=True)
class Entry:
    """A public name, what becomes of it, and why not if it is refused."""

    name: str
    status: str
    reason: str = ""

    def __str__(self) -> str:
        return f"| `{self.name}` | {WORDS[self.status]} | {self.reason} |"


def entry(name: str, value: Any = None) -> Entry:
    row = ops.find(name)
    if row is not None:
        return Entry(name, status(row))
    if value in (np.ndindex, np.ndenumerate):
        return Entry(name, "loop")
    reason = ops.REFUSED.get(name) or (None if value is None else ops.refusal(value))
    if reason is not None:
        return Entry(name, "refused", reason)
    if isinstance(value, type):
        return Entry(name, "class", "named, as for `isinstance`, and not called")
    return Entry(name, "refused", "no op calls it")


def status(row: OpDef) -> str:
    if row.effect != "pure":
        return "effect"
    return "generic" if row.rule is unknown else "typed"


def module(space: str) -> ModuleType:
    found: Any = np
    for part in space.split(".")[1:]:
        found = getattr(found, part)
    return found


def of_space(space: str) -> Iterator[Entry]:
    """The callable public names of a module, in order."""
    there = module(space)
    for name in sorted(getattr(there, "__all__", None) or [name for name in dir(there) if name[0] != "_"]):
        with quiet():  # some names are deprecated
            value = getattr(there, name, None)
        if name[0] != "_" and (callable(value) or ops.find(f"{space}.{name}")) and not is_exception(value):
            yield entry(f"{space}.{name}", value)


def is_exception(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def of_ufuncs() -> Iterator[Entry]:
    """One line for each method and kind of ufunc; the methods of all ufuncs of a kind fare alike."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, ufunc in sorted(vars(np).items()):
        if isinstance(ufunc, np.ufunc) and ufunc.signature is None and ufunc.nout == 1:
            for method in UFUNC_METHODS:
                fits = method == "at" or ufunc.nin == 2
                if fits:
                    found.setdefault((method, status_of(f"np.{name}.{method}")), []).append(name)
    for (method, kind), names in sorted(found.items()):
        yield Entry(f"ufunc.{method}", kind, f"{len(names)} ufuncs")


def status_of(name: str) -> str:
    row = ops.find(name)
    return "refused" if row is None else status(row)


def of_arrays() -> Iterator[Entry]:
    removed = {"itemset", "newbyteorder", "ptp", "tostring"}  # NumPy 2 has only an AttributeError for them
    for name in sorted({name for name in dir(np.ndarray) if name[0] != "_"} - removed):
        yield entry("." + name)
    yield Entry(".__array_namespace__", "typed", "gives `np`")


def of_generators() -> Iterator[Entry]:
    for name in sorted(name for name in dir(np.random.Generator) if name[0] != "_" and name != "bit_generator"):
        yield Entry(f"Generator.{name}", "effect" if name in RANDOM_METHODS else "refused", "")


def of_refused_modules() -> Iterator[Entry]:
    for space in OUTSIDE:
        there = module(space)
        names = [name for name in there.__all__ if callable(getattr(there, name, None))]
        reason = next(filter(None, (ops.refusal(getattr(there, name)) for name in names)))
        yield Entry(f"{space}.*", "refused", f"{reason} ({len(names)} names)")


def sections() -> dict[str, list[Entry]]:
    made = {space: list(of_space(space)) for space in SPACES}
    made["Methods of ufuncs"] = list(of_ufuncs())
    made["Attributes and methods of arrays"] = list(of_arrays())
    made["Methods of np.random.Generator"] = list(of_generators())
    made["Modules of subclasses and pointers"] = list(of_refused_modules())
    return made


def is_impure(entry: Entry) -> bool:
    """Whether a refused name works on files, pointers or the settings of the process, or is an effect."""
    apart = ("files", "settings", "memory of an array", "for the tests of NumPy")
    return entry.status == "effect" or any(words in entry.reason for words in apart)


def counted(entries: list[Entry]) -> tuple[int, int]:
    """How many pure names are not refused, and how many pure names there are."""
    pure = [entry for entry in entries if not is_impure(entry) and entry.status != "class"]
    return sum(entry.status != "refused" for entry in pure), len(pure)


HEAD = """# NumPy in converted functions

`python -m tests.numpy_table` writes this page from the op table; NumPy {version}.

| | |
|---|---|
| row | has an op whose rule tells the type of the result from the types of the arguments |
| generic | has an op; of the result's type nothing is known before the program runs |
| loop | goes through places, and is converted to the loops that it stands for |
| effect | an op that changes an argument, draws random numbers or raises: it is kept in its place and order |
| refused | gives a `ConversionError` that says why, where a staged value is passed or the world outside is touched |
| class | a class: a constant of the program |

Of {pure} pure functions and methods, {done} are rows, generic or loops: {part:.1f} %.

| | row | generic | loop | effect | refused | class |
|---|--:|--:|--:|--:|--:|--:|
"""


def page() -> str:
    made = sections()
    done, pure = counted([entry for entries in made.values() for entry in entries])
    lines = [HEAD.format(version=np.__version__, pure=pure, done=done, part=100 * done / pure).rstrip("\n")]
    for title, entries in made.items():
        counts = Counter(entry.status for entry in entries)
        lines.append(f"| {title} | {' | '.join(str(counts[kind]) for kind in WORDS)} |")
    for title, entries in made.items():
        lines += ["", f"## {title}", "", "| name | | |", "|---|---|---|", *map(str, entries)]
    return "\n".join(lines) + "\n"


def stale() -> list[str]:
    """Lines of the page that are not what this NumPy gives. Another NumPy has other names: those it lacks are left."""
    text = PAGE.read_text("utf-8")
    if f"; NumPy {np.__version__}." in text:
        return sorted(set(page().splitlines()) ^ set(text.splitlines()))
    kept = dict(line.split(" | ", 1) for line in text.splitlines() if line.startswith("| `"))
    mine = dict(line.split(" | ", 1) for line in page().splitlines() if line.startswith("| `"))
    return [name for name in kept if name in mine and kept[name] != mine[name] and " ufuncs " not in mine[name]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.numpy_table", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, and fail where the page is stale")
    if parser.parse_args().check:
        found = stale()
        print("\n".join(found) or f"{PAGE.name} is up to date")
        sys.exit(bool(found))
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
