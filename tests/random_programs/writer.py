"""Writer: the text of a module, with a function f and helper functions that it calls, made of a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

from tests.random_programs.expressions import KIND_OF, POOLS, Expressions

PRELUDE = '''\
import numpy as np

K = np.array([1.0, -2.0, 0.5])
G = 2


class Box:
    def __init__(self, v, w):
        self.v = v
        self.w = w

    def add(self, n):
        self.v = self.v + n
        return self.v


class Manager:
    def __init__(self, value):
        self.value = value

    def __enter__(self):
        print("enter", self.value)
        return self.value

    def __exit__(self, kind, error, trace):
        print("exit", kind is None)
        return kind is ValueError


def down(n, x):
    if n <= 0:
        return x
    return down(min(n, 4) - 1, x + n)


def change(x, n):
    x[...] = x * n
    return n


def pair(n, m):
    if n > m:
        return n, m
    return m, n + 1
'''
HELPERS = {
    "number": ["change({x}, {small})", "pair({n}, {n})[0]", "down({n}, {n})"],
    "array": ["down({n}, {x})"],
}
DEEPEST = 4
SIMPLE = ("assign", "assign", "assign", "assign_array", "assign_other", "augmented", "write", "write", "change_list",
          "change_dict", "show", "swap", "unpack", "alias", "leave", "delete", "attribute")  # fmt: skip
COMPOUND = ("branch", "branch", "branch", "chain", "loop", "loop", "count", "count", "attempt", "match", "manage",
            "function")  # fmt: skip


class Writer(Expressions):
    """Writes one module. `odd` programs often raise, and read names that only some paths bind."""

    def __init__(self, seed: int, size: int = 6, objects: bool | None = None):
        self.random = random.Random(seed)
        self.size = size
        self.odd = self.chance(0.25)
        self.objects = self.chance(0.2) if objects is None else objects
        self.lines: list[str] = []
        self.bound = {}
        self.maybe = {}
        self.helpers = {kind: list(templates) for kind, templates in HELPERS.items()}
        self.made = 0
        self.loops = 0
        self.depth = 1
        self.kept: set[str] = set()
        self.inner = False
        self.in_final = False

    def write(self) -> str:
        for index in range(self.random.randint(0, 2)):
            self.helper(index)
        self.function("f", ["a", "b", "x", "y"], self.size)
        return PRELUDE + "\n\n" + "\n".join(self.lines) + "\n"

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
        if self.objects and self.chance(0.7):
            self.line(self.fill("box = Box({n}, {x})", 0))
            self.bound["box"] = "object"
        self.statements(self.random.randint(2, size))
        self.line("return " + self.result(last=True))

    # Lines

    def line(self, text: str, shift: int = 0) -> None:
        self.lines.append("    " * (self.depth + shift) + text)

    def bind(self, name: str) -> None:
        self.bound[name] = KIND_OF[name]
        self.maybe.pop(name, None)

    def any_name(self, kind: str) -> str:
        free = [name for name in POOLS[kind] if name not in self.kept]
        return self.pick(free)

    def bound_name(self, kind: str) -> str | None:
        names = [name for name in self.names_of(kind) if name not in self.kept]
        return self.pick(names) if names else None

    def statements(self, count: int) -> None:
        for _ in range(count):
            self.statement()

    def statement(self) -> None:
        is_deep = self.depth > DEEPEST or self.chance(0.15 * self.depth)
        getattr(self, "_" + self.pick(SIMPLE if is_deep or self.chance(0.5) else COMPOUND))()

    def result(self, last: bool = False) -> str:
        if self.gives:
            return self.expression("n" if self.gives == "number" else "x", 1)
        if last and self.chance(0.85):
            return ", ".join(list(self.bound) + (list(self.maybe)[:1] if self.odd else []))
        return self.expression(self.pick(("n", "x", "n", "l", "t")), 1)

    @contextmanager
    def block(self) -> Iterator[None]:
        """Statements that may not run: what they bind is bound on some path."""
        bound = dict(self.bound)
        self.depth += 1
        yield
        self.depth -= 1
        self.leave_scope(bound)

    def leave_scope(self, bound: dict[str, str]) -> None:
        self.maybe |= {name: kind for name, kind in self.bound.items() if name not in bound}
        self.bound = {name: kind for name, kind in bound.items() if name in self.bound}

    def body(self) -> None:
        self.statements(self.random.randint(1, 3) if self.depth < 4 else 1)

    # Simple statements

    def _assign(self) -> None:
        value, name = self.expression("n"), self.any_name("number")
        self.line(f"{name} = {value}")
        self.bind(name)

    def _assign_array(self) -> None:
        value, name = self.expression("x"), self.any_name("array")
        self.line(f"{name} = {value}")
        self.bind(name)

    def _assign_other(self) -> None:
        part, kind = self.random.choice((("l", "list"), ("d", "dict"), ("t", "text"), ("l", "list")))
        value, name = self.expression(part), self.any_name(kind)
        if KIND_OF.get(value) == kind and self.chance(0.7):
            value = {"list": "[]", "dict": "{}", "text": "''"}[kind]
        self.line(f"{name} = {value}")
        self.bind(name)

    def _augmented(self) -> None:
        kind = self.pick(("number", "array", "list"))
        name = self.bound_name(kind)
        if name is None:
            return self._assign()
        values = {"number": "{n}", "array": "{n}", "list": "[{n}]"}
        signs = {"number": ("+=", "-="), "array": ("+=", "-=", "*="), "list": ("+=",)}
        self.line(f"{name} {self.pick(signs[kind])} {self.fill(values[kind], 1)}")

    def _write(self) -> None:
        name = self.bound_name("array")
        if name is None:
            return self._assign_array()
        place = self.fill(self.pick(["{slice}", "{slice}", "...", "{name} > {n}", "{name} < {n}"]
                                    + ["{index}"] * self.odd).replace("{name}", name), 1)  # fmt: skip
        self.line(f"{name}[{place}] {self.pick(('=', '=', '+=', '*='))} {self.expression('n', 1)}")

    def _change_list(self) -> None:
        name = self.bound_name("list")
        if name is None:
            return self._assign_other()
        change = self.pick(
            ["{name}.append({n})", "{name}.append({n})", "{name}.insert(0, {n})", "{name}.extend([{n}, {n}])"]
            + ["{name}[{index}] = {n}", "{name}[{index}] += {n}", "{number_target} = {name}.pop()"] * (1 + self.odd)
            + ["{name}.reverse()", "{name}.clear()", "{name} = {name}[:5]", "del {name}[:1]"]
        )
        if not self.odd and ("{index}" in change or "pop" in change):
            self.line(f"if len({name}) > 1:")
            self.line(self.fill(change.replace("{name}", name), 1), 1)
        else:
            self.line(self.fill(change.replace("{name}", name), 1))

    def _change_dict(self) -> None:
        name = self.bound_name("dict")
        if name is None:
            return self._assign_other()
        change = self.pick(
            ["{name}[{key}] = {n}", "{name}[{key}] = {n}", "{name}.update(q={n})", "{name}.pop({key}, None)"]
            + ["{name}.setdefault({key}, {n})", "{name}[{key}] = {name}.get({key}, 0) + {n}"]
            + ["{name}[{key}] += {n}", "del {name}[{key}]"] * self.odd
        )
        self.line(self.fill(change.replace("{name}", name), 1))

    def _attribute(self) -> None:
        name = self.bound_name("object")
        if name is None:
            return self._assign()
        self.line(self.fill(self.pick(("{o}.v = {n}", "{o}.v += {n}", "{o}.w = {x}", "{o}.w[...] = {n}"))
                            .replace("{o}", name), 1))  # fmt: skip

    def _show(self) -> None:
        self.line(self.fill(self.pick(("print({n})", "print('n', {n}, {c})", "print({t})", "print({x}.shape)")), 1))

    def _swap(self) -> None:
        names = [self.bound_name("number"), self.bound_name("number")]
        if None in names or names[0] == names[1]:
            return self._assign()
        self.line("{0}, {1} = {1}, {0}".format(*names))

    def _unpack(self) -> None:
        one, two = self.random.sample([name for name in POOLS["number"] if name not in self.kept], 2)
        self.line(self.fill(self.pick(
            (f"{one}, {two} = {{n}}, {{n}}", f"{one}, {two} = pair({{n}}, {{n}})",
             f"{one}, ({two}, *items) = {{n}}, ({{n}}, {{n}})",
             f"[{one}, *_], {two} = [{{n}}, {{n}}], {{n}}", f"*items, {one}, {two} = {{n}}, {{n}}, {{n}}")
        ), 1))  # fmt: skip
        for name in (one, two, *(["items"] if "*items" in self.lines[-1] else [])):
            self.bind(name)

    def _alias(self) -> None:
        kind = self.pick(("array", "list"))
        name, other = self.bound_name(kind), self.any_name(kind)
        if name is None or name == other:
            return self._assign_array()
        self.line(f"{other} = {name}{self.pick(('', '', '[:2]', '[::-1]'))}")
        self.bind(other)

    def _delete(self) -> None:
        name = self.bound_name("number")
        if name is None or not self.odd:
            return self._assign()
        self.line(f"del {name}")
        self.maybe[name] = self.bound.pop(name)

    def _leave(self) -> None:
        kinds = ["return {result}"] * (not self.in_final) + ["raise ValueError({n})", "assert {c}, {n}"] * self.odd
        kinds += ["break", "continue"] * 2 if self.loops and not self.in_final else []
        if not kinds:
            return self._assign()
        kind = self.pick(kinds)
        text = f"return {self.result()}" if kind == "return {result}" else self.fill(kind, 1)
        self.line(f"if {self.expression('c')}:")
        self.line(text, 1)

    # Compound statements

    def _branch(self) -> None:
        self.line(f"if {self.expression('c')}:")
        self.alternatives("else:" if self.chance(0.6) else "")

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

    def _chain(self) -> None:
        self.line(f"if {self.expression('c')}:")
        self.alternatives(*["elif {c}:"] * self.random.randint(1, 3), "else:" if self.chance(0.5) else "")

    def _loop(self) -> None:
        target, other = self.random.sample(POOLS["number"], 2)
        head = self.pick(
            ["for {i} in range({trips}):", "for {i} in range({trips}):", "for {i} in range(abs(int({n})) % 5):"]
            + ["for {i} in {x}[:4]:", "for {i} in {x}.reshape(-1)[:4]:", "for {i} in {l}[:5]:"]
            + ["for {i} in [{n}, {n}]:"]
            + ["for {i}, {j} in enumerate({l}[:4]):", "for {i}, {j} in zip({x}.flat, range(3)):"]
            + ["for {i} in ({n}, {n}, {n}):", "for {j}, {i} in [({n}, 1), (2, {n})]:", "for {i} in {d}.values():"]
            + ["for _, {i} in {d}.items():", "for {i} in range({trips}, -1, -1):", "for {i} in reversed({l}[:4]):"]
        )
        text = self.fill(head.replace("{i}", target).replace("{j}", other), 1)
        self.line(text)
        self.repeat([target, other] if f"{other}" in head.replace("{j}", other).split(" in ")[0] else [target])

    def repeat(self, targets: list[str]) -> None:
        self.loops += 1
        with self.block():
            for name in targets:
                self.bind(name)
            self.body()
        self.loops -= 1
        if self.chance(0.2):
            self.line("else:")
            with self.block():
                self.body()

    def _count(self) -> None:
        """while with a counter of its own, that nothing else writes."""
        self.made += 1
        counter = f"i{self.made}"
        self.line(f"{counter} = 0")
        test = self.pick(
            ["{i} < {trips}", "{i} < 3 and {c}", "{i} < 4 and {n} {order} {n}", "True", "({i} := {i} + 1) < 4", "{c}"]
        )
        self.line("while " + self.fill(test.replace("{i}", counter), 1) + ":")
        self.line(f"{counter} += 1", 1)
        if test in ("True", "{c}"):
            self.line(f"if {counter} > {self.random.randint(1, 4)}:", 1)
            self.line("break", 2)
        self.repeat([])

    def _attempt(self) -> None:
        self.line("try:")
        with self.block():
            self.body()
            if self.chance(0.5):
                self.line(self.fill("{number_target} = {n} // {n}", 0))
        final = self.chance(0.3)
        if not final or self.chance(0.5):
            error = self.pick(("ZeroDivisionError", "(ValueError, IndexError)", "Exception", "ZeroDivisionError"))
            self.line(f"except {error}{' as error' if self.chance(0.3) else ''}:")
            with self.block():
                if "as error" in self.lines[-1]:
                    self.line("print(type(error).__name__)")
                self.body()
            if self.chance(0.3):
                self.line("else:")
                with self.block():
                    self.body()
        if final:
            self.line("finally:")
            was, self.in_final = self.in_final, True
            with self.block():
                self._show()
                self.body()
            self.in_final = was

    def _match(self) -> None:
        subject = self.fill(self.pick(("{n}", "({n}, {n})", "[1, {n}, 3]", "{l}", "{d}")), 1)
        self.line(f"match {subject}:")
        self.depth += 1
        for _ in range(self.random.randint(1, 3)):
            guard = f" if {self.expression('c', 1)}" if self.chance(0.3) else ""
            one, two = self.random.sample(POOLS["number"], 2)
            pattern = self.pick(
                [f"{self.random.randint(-1, 3)}", "1 | 2", f"({one}, {two})", f"[{one}, *_]", f"int({one})", "True"]
                + ["None", f"(1, {one})", f"[*_, {one}]", f"{{'p': {one}}}", f"(0 | 1) as {one}", "[]", f"float({one})"]
            )
            self.line(f"case {pattern}{guard}:")
            with self.block():
                for name in (one, two):
                    if name in pattern.replace("float", "").replace("as", "").replace("int", ""):
                        self.bind(name)
                self.body()
        if self.chance(0.5):
            self.line("case _:")
            with self.block():
                self.body()
        self.depth -= 1

    def _manage(self) -> None:
        if not self.chance(0.3):
            return self._branch()
        name = self.any_name("number")
        self.line(f"with Manager({self.expression('n', 1)}) as {name}:")
        self.bind(name)
        with self.block():
            self.body()

    def _function(self) -> None:
        """A closure, that reads and perhaps writes a name around it, and is called at once and perhaps later."""
        name = self.bound_name("number")
        if self.inner or self.in_final or name is None:
            return self._branch()
        self.made += 1
        made = f"g{self.made}"
        if self.chance(0.3):
            self.line(f"{made} = lambda n: {self.fill('{n} + n', 1)}")
        else:
            self.line(f"def {made}(n):")
            self.closure(name)
        target = self.any_name("number")
        self.line(f"{target} = {made}({self.expression('n', 0)})")
        self.bind(target)
        if self.chance(0.6):
            self.helpers_here(f"{made}({{n}})")

    def helpers_here(self, template: str) -> None:
        if self.depth == 1:
            self.helpers["number"].append(template)

    def closure(self, name: str) -> None:
        if self.chance(0.5):
            self.line(f"nonlocal {name}", 1)
            self.line(f"{name} = {self.fill('{n} + n', 1)}", 1)
        bound, maybe, loops = dict(self.bound), dict(self.maybe), self.loops
        self.inner, self.loops, gives, self.gives = True, 0, self.gives, "number"
        self.depth += 1
        # Names that the closure binds are its own: it reads only those that it does not bind.
        self.line(f"m = {self.expression('n', 0)} + n")
        self.line(self.fill("if {c}:", 0))
        self.line("return m", 1)
        self.line(f"return n + {self.expression('n', 0)}")
        self.depth -= 1
        self.inner, self.loops, self.gives = False, loops, gives
        self.bound, self.maybe = bound, maybe
