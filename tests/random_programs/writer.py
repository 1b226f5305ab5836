"""Writer: the text of a module, with a function f and helper functions that it calls, made of a seed."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from tests.random_programs.compound import COMPOUND
from tests.random_programs.expressions import Expressions
from tests.random_programs.prelude import HELPERS, PRELUDE
from tests.random_programs.simple import SIMPLE
from tests.random_programs.tables import KIND_OF, POOLS

DEEPEST = 4


def is_python(text: str) -> bool:
    """Whether CPython takes the text: templates in each other may give `[v for v in [(a := b)]]`, which it refuses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(text, "random", "exec")
        except SyntaxError:
            return False
    return True


class Writer(Expressions):
    """Writes one module. `odd` programs often raise, and read names that only some paths bind; those with `objects`
    have objects, and write globals."""

    def __init__(self, seed: int, size: int = 6, objects: bool | None = None):
        self.random = random.Random(seed)
        self.size = size
        self.odd = self.chance(0.25)
        self.objects = self.chance(0.2) if objects is None else objects
        self.lines: list[str] = []
        self.bound = {}
        self.maybe = {}
        self.helpers = {kind: list(templates) for kind, templates in HELPERS.items()}
        self.count = 0
        self.loops = 0
        self.depth = 1
        self.inner = False
        self.in_final = False
        self.in_handler = False

    def write(self) -> str:
        for index in range(self.random.randint(0, 2)):
            self.helper(index)
        self.function("f", ["a", "b", "x", "y"], self.size)
        text = "\n".join(self.lines) + "\n"
        if not is_python(text):
            return Writer(self.random.getrandbits(32), self.size, self.objects).write()
        return PRELUDE + "\n\n" + text

    def helper(self, index: int) -> None:
        kind = self.pick(("number", "array"))
        name = f"h{index}"
        self.function(name, ["a", "x"], 2, kind)
        self.lines += ["", ""]
        self.helpers[kind] += [f"{name}({{n}}, {{x}})"] * 3

    def function(self, name: str, parameters: list[str], size: int, gives: str = "") -> None:
        self.bound = {parameter: KIND_OF[parameter] for parameter in parameters}
        self.maybe, self.gives = {}, gives
        self.line(f"def {name}({', '.join(parameters)}):", -1)
        self.writes_global = self.objects and self.chance(0.5)
        if self.writes_global:
            self.line("global G")
        if self.objects and self.chance(0.7):
            self.line(self.fill(self.pick(("box = Box({n}, {x})", "box = Crate({n}, {x})")), 0))
            self.bind("box")
        self.statements(self.random.randint(2, size))
        self.line("return " + self.result(last=True))

    # Lines

    def line(self, text: str, shift: int = 0) -> None:
        self.lines.append("    " * (self.depth + shift) + text)

    def draw(self, *templates: str, depth: int = 1) -> str:
        """One of the templates, filled."""
        return self.fill(self.pick(templates), depth)

    def bind(self, *names: str) -> None:
        for name in names:
            self.bound[name] = KIND_OF[name]
            self.maybe.pop(name, None)

    def any_name(self, kind: str) -> str:
        return self.pick(POOLS[kind])

    def two_names(self) -> list[str]:
        return self.random.sample(POOLS["number"], 2)

    def bound_name(self, kind: str) -> str | None:
        names = self.names_of(kind)
        return self.pick(names) if names else None

    def new_name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def statements(self, count: int) -> None:
        for _ in range(count):
            self.statement()

    def statement(self) -> None:
        is_deep = self.depth > DEEPEST or self.chance(0.15 * self.depth)
        self.random.choice(SIMPLE if is_deep or self.chance(0.5) else COMPOUND)(self)

    def result(self, last: bool = False) -> str:
        if self.gives:
            return self.expression("n" if self.gives == "number" else "x", 1)
        if last and self.chance(0.85):
            return ", ".join(list(self.bound) + (list(self.maybe)[:1] if self.odd else []))
        return self.expression(self.pick(("n", "x", "n", "l", "t", "s")), 1)

    # Blocks

    @contextmanager
    def block(self) -> Iterator[None]:
        """Statements that may not run: what they bind is bound on some path."""
        bound = dict(self.bound)
        self.depth += 1
        yield
        self.depth -= 1
        self.maybe |= {name: kind for name, kind in self.bound.items() if name not in bound}
        self.bound = {name: kind for name, kind in bound.items() if name in self.bound}

    def body(self) -> None:
        self.statements(self.random.randint(1, 3) if self.depth < 4 else 1)

    def part(self, head: str) -> None:
        """A block of its own under its head."""
        self.line(head)
        with self.block():
            self.body()

    def alternatives(self, *heads: str) -> None:
        """The block that was begun and those that start with `heads`; what all bind is bound."""
        before, after = dict(self.bound), []
        for head in (None, *heads):
            if head == "":
                after.append(dict(before))
                continue
            if head is not None:
                self.line(self.fill(head, 1) if "{" in head else head)
            self.bound = dict(before)
            self.depth += 1
            self.body()
            self.depth -= 1
            after.append(self.bound)
        every = {name: kind for one in after for name, kind in one.items()}
        self.bound = {name: kind for name, kind in every.items() if all(name in one for one in after)}
        self.maybe |= {name: kind for name, kind in every.items() if name not in self.bound}

    @contextmanager
    def inside_function(self) -> Iterator[None]:
        """The body of a function in a function: it has no loop to leave, and what it binds is its own."""
        bound, maybe, loops, gives = dict(self.bound), dict(self.maybe), self.loops, self.gives
        self.inner, self.loops, self.gives = True, 0, "number"
        self.depth += 1
        yield
        self.depth -= 1
        self.inner, self.loops, self.gives = False, loops, gives
        self.bound, self.maybe = bound, maybe

    @contextmanager
    def inside_final(self) -> Iterator[None]:
        """A part that may not be left by return, break or continue."""
        was, self.in_final = self.in_final, True
        yield
        self.in_final = was

    @contextmanager
    def inside_handler(self) -> Iterator[None]:
        was, self.in_handler = self.in_handler, True
        yield
        self.in_handler = was

    def helpers_here(self, template: str) -> None:
        """From now on expressions call a function that was made at the top of this one."""
        if self.depth == 1:
            self.helpers["number"].append(template)
