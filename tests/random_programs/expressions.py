"""Expressions of random programs: numbers, arrays and conditions, as parenthesised text.

Kinds are a matter of taste, not of safety: most programs should get far before something is raised. A name is drawn
from those bound so far; now and then from those that only some paths have bound.
"""

from __future__ import annotations

import random

KINDS = ("number", "array", "list", "dict", "text", "object")
POOLS = {
    "number": ("a", "b", "c", "d", "e"),
    "array": ("x", "y", "z", "w"),
    "list": ("items", "more"),
    "dict": ("table",),
    "text": ("text",),
    "object": ("box",),
}
KIND_OF = {name: kind for kind, names in POOLS.items() for name in names}

# What stands in braces is drawn anew: a number, an array, a condition, a list, a dict, a text, an object.
NUMBERS = (
    "({n} + {n})",
    "({n} - {n})",
    "({n} * {small})",
    "({n} * {n} % 1009)",
    "({n} // {divisor})",
    "({n} % {divisor})",
    "({n} / {divisor})",
    "(-{n})",
    "abs({n})",
    "min({n}, {n})",
    "max({n}, {n}, {small})",
    "int({n})",
    "float({n})",
    "round({n}, 2)",
    "({n} if {c} else {n})",
    "({n} if {c} else {n})",
    "({n} and {n})",
    "({n} or {n})",
    "({number_target} := {n})",
    "{x}.sum()",
    "np.sum({x})",
    "np.max({x}, initial=0)",
    "{x}.mean()",
    "{x}.size",
    "{x}.ndim",
    "len({l})",
    "{x}.flat[{index}]",
    "{x}[{index}]",
    "{l}[{index}]",
    "{d}.get({key}, {n})",
    "{d}[{key}]",
    "len({d})",
    "sum({l})",
    "sum([{n} * k for k in {l}])",
    "sum({n} + k for k in range({trips}) if {c})",
    "{o}.v",
    "{o}.add({n})",
    "np.sqrt(abs({n}))",
    "np.float32({n})",
    "len({t})",
    "G",
    "{number_helper}",
)
ARRAYS = (
    "({x} + {x})",
    "({x} - {n})",
    "({x} * {small})",
    "({x} * {x} % 7)",
    "(-{x})",
    "np.abs({x})",
    "np.maximum({x}, {n})",
    "np.minimum({x}, {x})",
    "np.where({x} > {n}, {x}, {n})",
    "({x} if {c} else {x})",
    "({x} if {c} else {x})",
    "{x}.copy()",
    "{x}[{slice}]",
    "{x}[::-1]",
    "{x}.T",
    "{x}.reshape(-1)",
    "{x}.astype(np.float32)",
    "np.zeros_like({x})",
    "np.ones({trips})",
    "np.arange({trips})",
    "np.full({trips}, {n})",
    "np.array([{n}, {n}, {n}])",
    "np.array({l})",
    "np.cumsum({x})",
    "np.atleast_1d({x})",
    "np.concatenate([{x}.ravel(), {x}.ravel()])[:5]",
    "np.sort({x}, axis=None)",
    "np.tanh({x})",
    "{x}[{x} > {n}]",
    "({array_target} := {x})",
    "{o}.w",
    "K",
    "{array_helper}",
)
CONDITIONS = (
    "{n} {order} {n}",
    "{n} {order} {n}",
    "{n} {order} {n}",
    "{n} {order} {n} {order} {n}",
    "{n} == {n}",
    "{n} != {small}",
    "({c} and {c})",
    "({c} or {c})",
    "(not {c})",
    "({number_target} := {n}) {order} {n}",
    "{n}",
    "{l}",
    "{x}.sum() {order} {n}",
    "({x} > {n}).any()",
    "np.all({x} {order} {n})",
    "{x}.size > {small}",
    "{x}.ndim == {digit}",
    "{x}.shape[0] > {digit}",
    "len({l}) > {digit}",
    "{n} in {l}",
    "{key} in {d}",
    "{key} not in {d}",
    "({l} or None) is None",
    "isinstance({n}, int)",
    "{o}.v {order} {n}",
    "{x} {order} {n}",
    "{t} == {t}",
)
TEXTS = ("f'{{{number}}}'", "f'{{{number}:.2f}}'", "f'{{{number}!r}} and {{{number}:>4}}'[:20]",
         "str({n})", "'one'", "({t} + 'x')[:9]")
LISTS = ("[{n}, {n}]", "[{n} + k for k in range({trips})]", "[{n} for k in {l} if k {order} {n}][:6]",
         "list(range({trips}))", "{l}[{part}]", "({l} + [{n}])[:6]", "list({l})[:6]", "sorted([{n}, {n}])")  # fmt: skip
DICTS = ("{{'p': {n}, 'q': {n}}}", "dict(p={n})", "{{k: {n} for k in ('p', 'q')}}", "dict({d})")
OBJECTS = ("Box({n}, {x})",)
TABLE = {"n": ("number", NUMBERS), "x": ("array", ARRAYS), "c": ("condition", CONDITIONS), "l": ("list", LISTS),
         "d": ("dict", DICTS), "t": ("text", TEXTS), "o": ("object", OBJECTS)}  # fmt: skip
LEAVES = {
    "small": ("-2", "-1", "0", "1", "2", "3", "0.5", "-1.5"),
    "divisor": ("2", "3", "-2", "0.5", "4"),
    "digit": ("0", "1", "2"),
    "trips": ("0", "1", "2", "3", "4"),
    "index": ("0", "-1", "0", "1"),
    "slice": (":2", "1:", ":-1", "::2", "..."),
    "part": (":2", "1:", ":-1", "::2"),
    "key": ("'p'", "'q'", "'r'"),
    "order": ("<", "<=", ">", ">="),
}


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
        mostly_raises = template in (
            "{x} {order} {n}", "{d}[{key}]", "{l}[{index}]", "{x}[{index}]", "({l} or None) is None",
        )  # fmt: skip
        return mostly_raises and not self.chance(0.3 if self.odd else 0.1)

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
        if names:
            return self.pick(names)
        made = {"array": "np.array([1.0, -2.0])", "list": "[1, 2.5]", "dict": "{'p': 1}", "text": "'abc'"}
        return made.get(kind, "Box(1, np.ones(2))")

    def target(self, kind: str) -> str:
        """A name to bind in an expression. It may be evaluated or not: it is bound on some path."""
        name = self.pick(self.names_of(kind) or list(POOLS[kind]))
        if name not in self.bound:
            self.maybe[name] = kind
        return name

    def helper_call(self, kind: str, depth: int) -> str:
        templates = self.helpers.get(kind)
        return self.fill(self.pick(templates), depth) if templates else self.leaf(kind)
