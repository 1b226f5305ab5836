"""Expressions of random programs, as parenthesised text: templates with names and other templates in them.

Kinds are a matter of taste, not of safety. A name is drawn from those bound so far; now and then from those that only
some paths have bound.
"""

from __future__ import annotations

import random

from tests.random_programs.tables import LEAVES, MADE, MOSTLY_RAISES, POOLS, TABLE


class Expressions:
    """Draws expressions; `bound` and `maybe` are the names that every path, and some path only, has bound."""

    random: random.Random
    bound: dict[str, str]
    maybe: dict[str, str]
    helpers: dict[str, list[str]]
    odd: bool

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    def pick(self, items: tuple[str, ...] | list[str]) -> str:
        return self.random.choice(items)

    def names_of(self, kind: str) -> list[str]:
        return [name for name, its in self.bound.items() if its == kind]

    def expression(self, part: str, depth: int = 2) -> str:
        """An expression of the kind that the braced `part` of a template stands for."""
        if part in LEAVES:
            return self.divisor() if part == "divisor" else self.pick(LEAVES[part])
        if part in POOLS:
            return self.leaf(part)
        if part.endswith("_target"):
            return self.target(part[: -len("_target")])
        if part.endswith("_helper"):
            return self.helper_call(part[: -len("_helper")], depth)
        kind, templates = TABLE[part]
        if depth <= 0 and kind != "condition":
            return self.leaf(kind)
        if kind != "condition" and self.chance(0.3):
            return self.leaf(kind)
        template = "{n} {order} {n}" if depth <= 0 else self.pick(templates)
        if self.is_rare(template):
            return self.leaf(kind) if kind != "condition" else self.expression("c", depth - 1)
        return self.fill(template, depth - 1)

    def is_rare(self, template: str) -> bool:
        """Whether a template mostly raises, or needs what is seldom there, and is not drawn this time."""
        if "{o}" in template and not self.names_of("object"):
            return True
        return template in MOSTLY_RAISES and not self.chance(0.3 if self.odd else 0.1)

    def fill(self, template: str, depth: int) -> str:
        """The template with each {part} drawn, from left to right; doubled braces are braces."""
        done, at = "", 0
        while at < len(template):
            if template[at : at + 2] in ("{{", "}}"):
                done, at = done + template[at], at + 2
            elif template[at] == "{":
                end = template.index("}", at)
                done, at = done + self.expression(template[at + 1 : end], depth), end + 1
            else:
                done, at = done + template[at], at + 1
        return done

    def divisor(self) -> str:
        return self.expression("n", 0) if self.chance(0.1) else self.pick(LEAVES["divisor"])

    def leaf(self, kind: str) -> str:
        names = self.names_of(kind)
        if self.odd and self.chance(0.05):
            names = [name for name, its in self.maybe.items() if its == kind] or names
        if kind == "number" and (not names or self.chance(0.25)):
            return self.pick(LEAVES["small"])
        return self.pick(names) if names else MADE[kind]

    def target(self, kind: str) -> str:
        """A name to bind in an expression. It may be evaluated or not: it is bound on some path."""
        name = self.pick(self.names_of(kind) or list(POOLS[kind]))
        if name not in self.bound:
            self.maybe[name] = kind
        return name

    def helper_call(self, kind: str, depth: int) -> str:
        templates = self.helpers.get(kind)
        if not templates:
            return self.leaf(kind)
        template = self.pick(templates)
        return self.leaf(kind) if self.is_rare(template) else self.fill(template, depth)
