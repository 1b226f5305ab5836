"""Random functions: every statement nested in every other, names that may be unbound, closures, early exits."""

from __future__ import annotations

import linecache
import random
from typing import Any

from tests.dy2static.eager_form import Function

NAMES = ("a", "b", "x", "y", "z")
FUEL = 150


class OutOfFuel(Exception):
    """The program ran for long enough."""


class Fuel:
    """Counts the steps of a program; the count is part of what is compared."""

    def __init__(self) -> None:
        self.left = FUEL

    def tick(self, value: Any = 1) -> Any:
        self.left -= 1
        if self.left < 0:
            raise OutOfFuel
        return value


class Manager:
    """Swallows ValueError if its value is even."""

    def __init__(self, value: Any):
        self.value = value

    def __enter__(self) -> Any:
        print("enter", self.value)
        return self.value

    def __exit__(self, kind: Any, *more: Any) -> bool:
        print("exit", kind and kind.__name__.replace("UnboundLocal", "Name"))
        return kind is ValueError and bool(self.value)


class Writer:
    """Writes one function; `closures` allows inner functions, which make names cells, `blocks` try, with and match."""

    def __init__(self, seed: int, closures: bool, blocks: bool = False):
        self.random = random.Random(seed)
        self.closures = closures
        self.blocks = blocks
        self.lines: list[str] = []

    def write(self) -> str:
        self.lines = ["def f(a, b):", "    fs = []"]
        self.block(1, 0, self.random.randint(2, 5))
        self.line(1, "return a, b, [g() for g in fs]" if self.chance(0.7) else f"return {self.value(1)}")
        return "\n".join(self.lines) + "\n"

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def name(self) -> str:
        return self.random.choice(NAMES)

    def value(self, depth: int = 2) -> str:
        kind = self.random.randint(0, 11) if depth > 0 else self.random.randint(0, 3)
        if kind <= 1:
            return str(self.random.randint(-2, 5))
        if kind <= 4:
            return self.name()
        one, two = self.value(depth - 1), self.value(depth - 1)
        return self.random.choice(
            [
                f"({one} + {two})",
                f"({one} and {two})",
                f"({one} or {two})",
                f"(not {one})",
                f"({one} if {two} else {self.value(depth - 1)})",
                f"({one} < {two} <= {self.value(depth - 1)})",
                f"tick({one})",
                f"({self.name()} := {one})",
                f"len([{self.name()} for {self.name()} in range(3) if {self.value(depth - 2)}])",
            ]
        )

    def block(self, depth: int, loops: int, count: int) -> None:
        for _ in range(count):
            self.statement(depth, loops)

    def inner(self, depth: int, loops: int) -> None:
        self.block(depth + 1, loops, self.random.randint(1, 3) if depth < 5 else 1)

    def statement(self, depth: int, loops: int) -> None:
        kinds = ["assign", "assign", "assign", "aug", "print", "del", "leave", "tuple"]
        if depth < 5:
            kinds += ["if", "if", "if", "chain", "while", "for", "for"]
        if self.closures:
            kinds += ["lambda", "def"]
        if self.blocks and depth < 5:
            kinds += ["try", "try", "with", "match", "match"]
        getattr(self, "_" + self.random.choice(kinds))(depth, loops)

    def _assign(self, depth: int, loops: int) -> None:
        self.line(depth, f"{self.name()} = {self.value()}")

    def _aug(self, depth: int, loops: int) -> None:
        self.line(depth, f"{self.name()} += {self.value(1)}")

    def _tuple(self, depth: int, loops: int) -> None:
        self.line(depth, f"{self.name()}, (*{self.name()}, {self.name()}) = {self.value(1)}, (1, {self.value(1)})")

    def _print(self, depth: int, loops: int) -> None:
        self.line(depth, f"print({self.value()})")

    def _del(self, depth: int, loops: int) -> None:
        if self.chance(0.3):
            self.line(depth, f"del {self.name()}")
        else:
            self._assign(depth, loops)

    def _leave(self, depth: int, loops: int) -> None:
        kinds = [f"return {self.value(1)}", "return", "raise ValueError(a)", f"assert {self.value(1)}, {self.value(1)}"]
        kinds += ["break", "continue", "break", "continue"] if loops else []
        if self.chance(0.6):
            self.line(depth, f"if {self.value()}:")
            self.line(depth + 1, self.random.choice(kinds))
        else:
            self.line(depth, self.random.choice(kinds) if self.chance(0.3) else "tick()")

    def _if(self, depth: int, loops: int) -> None:
        self.line(depth, f"if {self.value()}:")
        self.inner(depth, loops)
        if self.chance(0.5):
            self.line(depth, "else:")
            self.inner(depth, loops)

    def _chain(self, depth: int, loops: int) -> None:
        self.line(depth, f"if {self.value()}:")
        self.inner(depth, loops)
        for _ in range(self.random.randint(1, 2)):
            self.line(depth, f"elif {self.value()}:")
            self.inner(depth, loops)
        if self.chance(0.5):
            self.line(depth, "else:")
            self.inner(depth, loops)

    def _while(self, depth: int, loops: int) -> None:
        test = self.value() if self.chance(0.8) else "True"
        self.line(depth, f"while tick() and {test}:" if test != "True" else "while True:")
        self.line(depth + 1, "tick()")
        self.inner(depth, loops + 1)
        self.otherwise(depth, loops)

    def _for(self, depth: int, loops: int) -> None:
        head = self.random.choice(
            [
                f"for {self.name()} in range({self.random.randint(0, 4)}):",
                f"for {self.name()}, {self.name()} in [(1, 2), (3, {self.value(1)})]:",
                f"for {self.name()} in range(tick(3)):",
            ]
        )
        self.line(depth, head)
        self.line(depth + 1, "tick()")
        self.inner(depth, loops + 1)
        self.otherwise(depth, loops)

    def otherwise(self, depth: int, loops: int) -> None:
        if self.chance(0.3):
            self.line(depth, "else:")
            self.inner(depth, loops)

    def _try(self, depth: int, loops: int) -> None:
        self.line(depth, "try:")
        self.inner(depth, loops)
        has_handler = self.chance(0.8)
        if has_handler:
            name = f" as {self.name()}" if self.chance(0.3) else ""
            error = self.random.choice(["ValueError", "(TypeError, ValueError)", "Exception", "NameError"])
            self.line(depth, f"except {error}{name}:")
            self.inner(depth, loops)
            if self.chance(0.3):
                self.line(depth + 1, "raise")
            if self.chance(0.3):
                self.line(depth, "except AssertionError:")
                self.inner(depth, loops)
            if self.chance(0.3):
                self.line(depth, "else:")
                self.inner(depth, loops)
        if not has_handler or self.chance(0.3):
            self.line(depth, "finally:")
            self.line(depth + 1, f"print({self.value(1)})")
            self.line(depth + 1, f"{self.name()} = {self.value(1)}")

    def _with(self, depth: int, loops: int) -> None:
        self.line(depth, f"with manager({self.value(1)}) as {self.name()}, manager(0):")
        self.inner(depth, loops)

    def _match(self, depth: int, loops: int) -> None:
        subject = self.random.choice([self.value(1), f"({self.value(1)}, {self.value(1)})", f"[1, {self.value(1)}, 3]"])
        self.line(depth, f"match {subject}:")
        for _ in range(self.random.randint(1, 3)):
            guard = f" if {self.value(1)}" if self.chance(0.3) else ""
            self.line(depth + 1, f"case {self.pattern()}{guard}:")
            self.inner(depth + 1, loops)

    def pattern(self) -> str:
        one, two = self.random.sample(NAMES, 2)
        number = self.random.randint(-1, 4)
        return self.random.choice(
            [f"{number}", f"{number} | 3", f"({one}, {two})", f"[{one}, *{two}]", f"int({one})", "True", "None"]
            + [f"({number}, {one})", f"[*_, {one}]", f"({number} | 0) as {one}", f"bool() | {number}"]
        )

    def _lambda(self, depth: int, loops: int) -> None:
        self.line(depth, f"fs.append(lambda: {self.value()})")

    def _def(self, depth: int, loops: int) -> None:
        self.line(depth, "def g():")
        if self.chance(0.5):
            self.line(depth + 1, f"nonlocal {self.name()}")
        self.inner(depth, 0)
        self.line(depth, "fs.append(g)" if self.chance(0.5) else "g()")


def function_of(text: str, seed: int) -> tuple[Function, Fuel]:
    """The function of a text, with its source where linecache finds it."""
    filename = f"<random program {seed}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    fuel = Fuel()
    namespace: dict[str, Any] = {"tick": fuel.tick, "manager": Manager}
    exec(compile(text, filename, "exec"), namespace)
    return namespace["f"], fuel
