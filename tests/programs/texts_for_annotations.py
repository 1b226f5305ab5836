"""Annotations in a module where they are texts: no code, as Python writes them out."""

from __future__ import annotations

from dataclasses import dataclass, fields

from tests.programs.row import program


@program((1,), (3,))
def annotations_are_texts(n: no_such_name):
    def inner(a: list[int | None], *b: "x", c: missing(n) = n) -> (1, 2):
        return a + c

    class Held:
        size: print("not run") = n
        other: n

    @dataclass
    class Pair:
        first: int
        second: float = 2.0

    made = Pair(n)
    told = [field.type for field in fields(Pair)]
    return inner(n), inner.__annotations__, Held.__annotations__, Held.size, made.first, made.second, told
