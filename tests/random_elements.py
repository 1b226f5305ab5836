"""Random loops over the elements of arrays, on numbers at the edges: the same bits, classes, warnings and errors.

    python -m tests.random_elements [--count 2000] [--seed 0]

A loop is written of reads, writes and arithmetic on elements of float64, int64, bool arrays and arrays of small ints,
with indices that may be out of bounds, and is run on infinities, nan, the smallest and largest numbers, under each
setting of np.errstate, on arrays that are read-only or have gaps. The undecorated function is the oracle.
"""

from __future__ import annotations

import argparse
import linecache
import math
import random
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from dy2static import to_static
from runtime import element_writer, elements, readiness, unpacked

FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 3.25, 1e-300, 5e-324, 1e308, -1e308, np.inf, -np.inf, np.nan, 2.0**53, 1e16)
TAME = (0.0, 1.0, -1.0, 0.5, 3.25, -2.5, 1e-3, 7.0, 100.0)
INTS = (0, 1, -1, 2, 3, 5, 7, 2**31, 2**53 + 1, 2**62, 2**63 - 1, -(2**63))
FEW = (0, 1, 2, 3, -1, -2)
STATES = ({}, {}, {"all": "ignore"}, {"all": "raise"}, {"under": "raise"}, {"under": "warn"}, {"over": "raise"})


SMALL = {"g": np.int32, "p": np.uint8, "q": np.uint32, "h": np.int16, "y": np.int8, "z": np.uint16}

# In what follows, <i> is an index, <l> a loop variable, <r> a real number, <ra> one of what is not computed of numbers,
# <w> a whole one, <v> one of the array of small ints <o> that the function is most about, <t> a test.
INDICES = ["<l>"] * 9 + ["<l> - 1", "n - 1 - <l>", "-1", "0"] * 2 + ["k[<l>] % n", "g[<l>] % n", "c % n"]
WILD = ["k[<l>]", "<l> + 1", "c", "g[<l>]"]  # that may be out of bounds
REALS = "a[<i>] a[<i>] b[<i>] m[<i>,<i>] m[<i>][<i>] s t x best 2 0.5 1e300 k[<i>] c <l>".split()
OF_REALS = (
    ["(<r> + <r>)", "(<r> - <r>)", "(<r> * <r>)", "(<r> / <r>)"] * 2
    + "-<r>|abs(<r>)|np.sqrt(<r>)|min(<r>, <r>)|max(<r>, <r>)|float(<r>)|"
    "np.float64(<r>)|np.float64(<w>)|math.sqrt(abs(<r>))".split("|")
)  # fmt: skip
WHOLES = "k[<i>]|k[<i>]|k[<i>]|<o>[<i>]|<v>|c|n|3|-1|4611686018427387904|<l>".split("|")
NARROW = "<o>[<i>]|<o>[<i>]|<o>[<i>]|<o>[<i>]|g[<i>]|d|d|1|7|-1|255|40000|<l>|n".split("|")
OF_WHOLES = (
    ["(<w> + <w>)", "(<w> - <w>)"] * 2
    + "(<w>*<w>) (<w>%<w>) (<w>//<w>) (<w>&<w>) (<w>^<w>) (<w>>>1) (<w><<2) abs(<w>) -<w> np.int64(<w>)".split()
)  # fmt: skip
OF_NARROW = [one.replace("<w>", "<v>") for one in OF_WHOLES] + ["<cast>(<v>)", "<cast>(<w>)"] * 2
REALS_OF_NARROW = ["<v> / <v>", "<v> / <r>", "<v> * <r>", "<r> - <v>", "<v>"]
OF_ARRAYS = (
    "np.exp(<r>)|np.tanh(<r>)|np.floor(<r>)|np.hypot(<r>, <r>)|np.maximum(<r>, 2)|np.log(<w>)|np.arctan2(<w>, <r>)|"
    "np.fmod(<r>, <w>)|np.sign(<v>)|(a * <r>)[<i>]|(<r> / k)[-1]|(k - <v>)[<i>]|(m[<i>] // <r>)[0]|items[<w>]|"
    "items[<v>]"
).split("|")  # fmt: skip
SIGNS = "< <= > >= == !=".split()
TESTS = [f"<{one}> {sign} <{one}>" for one in "rrrwv" for sign in SIGNS] + ["f[<i>]", "not f[<i>]"] * 3
STATEMENTS = (
    "s += <r>", "s = <r>", "t = <r>", "best = min(best, <r>)", "best = <r>", "c += 1", "c = <w>",
    "a[<i>] = <r>", "a[<i>] += <r>", "a[<i>] -= <r>", "a[<i>] *= <r>", "a[<i>] /= <r>",
    "m[<i>, <i>] = <r>", "m[<i>, <i>] -= <r>", "m[<i>][<i>] += <r>", "m[<i>][<i>] = <r>",
    "k[<i>] = <w>", "k[<i>] += <w>", "g[<i>] = g[<i>]", "g[<i>] = c", "g[<i>] = <w>", "f[<i>] = <t>",
    "b[<i>], a[<i>] = a[<i>], b[<i>]", "s += <v> / <v>", "t = <v> * <r>",
    "<o>[<i>] = <v>", "<o>[<i>] += <v>", "<o>[<i>] *= <v>", "d = <v>", "d += <v>", "d ^= <o>[<i>]", "d = min(d, <v>)",
    "d = <o>[<i>]", "k[<i>] += <v>", "p[<i>] = <v>", "if <v> < <r>: c += 1", "c += d == <v>",
)  # fmt: skip
STATEMENTS_OF_ARRAYS = (
    "m[<i>] -= <r> * m[<i>]", "m[<i>] = <r>", "m[<i>, <l>:] *= <r>", "m[<i>, <v>:] /= <r>", "a[<l>:] = <r>",
    "k[<l>:] += <w>", "k[:] = <v>", "k[<l>:] *= <v>", "k //= <w>", "k[<l>:] = k[<l>:] % <w>", "k &= <v>", "k ^= <w>",
    "k += <r>", "a[<v>:] = <v>", "c += (m[<i>] < <r>).sum()", "f[:] = k >= <w>", "f[<l>:] = b[<l>:] == <r>",
    "s = <ra>", "t = <ra>", "a[<i>] = <ra>", "s += <ra> * <r>", "items[<w>] = 1", "m[<w>] = m[<v>]",
    "if <t> or <r> < <ra>: c += 1", "if <ra> == <w> and not f[<i>]: d = <v>", "f[<i>] = <t> and <ra> > 0",
)  # fmt: skip
STATEMENTS_OF_LISTS = (
    "todo.append((<l>, c))", "todo.append((<l>, n))", "todo.extend([(<l>, -1), (c, <l>)])",
    "if todo: c, e0 = todo.pop()", "if todo: a[todo[-1][0]] += <r>", "stack.append(<l>)", "stack.append(<l> - 1)",
    "if stack: k[stack.pop()] += <w>",
    "stack[0] = <l>", "if stack: a[stack[-1]] = <r>", "for e0 in stack: c += e0 == d", "s += a[stack[-1]]",
    "c = stack[<l>]", "stack += [<l>]", "stack.append(<r>)", "mixed.append(<w>)", "c += mixed[-1] > 2", "mixed = stack",
    "for e0, e1 in todo: b[e0] -= a[e1]",
)  # fmt: skip
STATEMENTS_OF_LOOKING = (
    "if f[<i>] and (c == -1 or a[<i>] < b[<i>]): c += 1", "if not (m[<i>, <i>] > s or k[<i>] == c): d += 1",
    "c = c + 1 if a[<i>] > b[<i>] else c", "t = a[<i>] if f[<i>] else b[<i>]", "f[<i>] = f[<i>] or k[<i>] < <v>",
    "a[[<i>, <i>]] = a[[<i>, <i>]]", "k[[0, <l>]] = k[[<l>, 0]]", "b[[-1, <l>]] = b[[<l>, -1]]", "s += 1 * a[<i>] - 0",
    "if a[<i>] > a[<i>]: a[<i>], b[<i>] = b[<i>], a[<i>]", "t = a[<i>] * a[<i>] + a[<i>]", "c = (c + 0) // 1",
    "if a[<i>] > best: best = a[<i>]", "if <o>[<i>] < d: d = <o>[<i>]",
)  # fmt: skip
LOOPS = ("<n> in range(n)", "<n> in range(1, n)", "<n> in range(<l>)", "<n> in range(2)")
STREAMS = (
    "<e> in a", "<n>, <e> in enumerate(b)", "<e>, other in zip(b, k)", "<e> in m[<l>]", "<e>, other in zip(a, m[0])",
    "<e> in a[1:]", "<e> in g", "<e>, other in m[:, :2]", "<e>, other in m",
)  # fmt: skip
USES = (
    "s += <e> * t", "best = max(best, <e>)", "a[0] = <e>", "t = <e> - x", "c += <e> > 1", "s = <e>",
    "b[c % n] -= <e> * <e>", "k[0] += 2 * g[0]",
)  # fmt: skip


class Writer:
    """Writes one function; the deeper, the shorter."""

    def __init__(self, seed: int):
        self.pick = random.Random(seed)
        self.loops = ["i"]
        self.items = 0
        self.narrow = self.pick.choice(list(SMALL))
        self.statements = STATEMENTS + STATEMENTS_OF_ARRAYS * (self.pick.random() < 0.4)
        self.statements += STATEMENTS_OF_LISTS * (self.pick.random() < 0.3)
        self.statements += STATEMENTS_OF_LOOKING * (self.pick.random() < 0.4)

    def filled(self, template: str, depth: int = 2) -> str:
        """The template with something in each of its gaps."""
        return re.sub("<(ra|cast|[ilrwvot])>", lambda match: self.gap(match[1], depth), template)

    def gap(self, kind: str, depth: int) -> str:
        pick = self.pick
        if kind == "l":
            return pick.choice(self.loops)
        if kind == "i":
            return self.filled(pick.choice([*INDICES, pick.choice(WILD)]))
        if kind == "t":
            return self.filled(pick.choice(TESTS), 1)
        if kind == "ra":
            return self.filled(pick.choice(OF_ARRAYS), 1)
        if kind == "cast":
            return f"np.{SMALL[self.gap('o', 0)].__name__}"
        if kind == "o":
            return self.narrow if pick.random() < 0.9 else pick.choice(list(SMALL))
        if kind == "r" and depth > 0 and pick.random() < 0.1:
            return "(" + self.filled(pick.choice(REALS_OF_NARROW), depth - 1) + ")"
        plain, made = {"r": (REALS, OF_REALS), "w": (WHOLES, OF_WHOLES), "v": (NARROW, OF_NARROW)}[kind]
        return self.filled(pick.choice(plain if depth <= 0 or pick.random() < 0.3 else made), depth - 1)

    def statement(self, depth: int) -> list[str]:
        pick = self.pick
        kind = pick.random()
        if kind < 0.16 and depth > 0:
            other = ["else:", *indented(self.block(depth - 1))] if pick.random() < 0.5 else []
            return [self.filled("if <t>:"), *indented(self.block(depth - 1)), *other]
        if kind < 0.26 and depth > 0 and len(self.loops) < 3:
            return self.loop(depth)
        return [self.filled(pick.choice(self.statements))]

    def loop(self, depth: int) -> list[str]:
        name = "ijl"[len(self.loops)]
        head = self.filled(self.pick.choice(LOOPS if self.pick.random() < 0.7 else STREAMS)).replace("<n>", name)
        self.loops.append(name)
        body = self.block(depth - 1)
        self.loops.pop()
        if "<e>" in head:
            self.items += 1
            body.insert(0, self.pick.choice(USES).replace("<e>", f"e{self.items}"))
        return [f"{name} = 0", f"for {head}:".replace("<e>", f"e{self.items}"), *indented(body)]

    def block(self, depth: int) -> list[str]:
        return [line for _ in range(self.pick.randint(1, 3)) for line in self.statement(depth)]

    def function(self) -> str:
        pick = self.pick
        start = [f"s = {pick.choice(['0.0', '0', 'x', 'a[0]', '1'])}", f"t = {pick.choice(['0.0', 'b[0]', 'x', '1'])}"]
        start += [f"best = {pick.choice(['1e9', '0', 'a[0]', 'x', 'np.inf'])}", "c = 0"]
        start.append("items = [0.5, 2, 3, 1.25]")
        start += ["todo = [(0, n - 1)]", "stack = [0]", f"mixed = [{pick.choice(['1', '2.5', 'x', 'n'])}]"]
        start.append(self.filled(f"d = {pick.choice(['0', '1', '<o>[0]', '<o>[0]'])}"))
        body = self.block(3)
        if pick.random() < 0.7:
            lines = ["for i in range(n):", *indented(body)]
        else:
            lines = ["i = 0", self.filled("while i < n and <t>:"), *indented([*body, "i += 1"])]
        if pick.random() < 0.3:
            lines += [f"for i in range({pick.choice('n0')}):", *indented(self.block(2))]
        lines = [*start, *lines, "return s, t, best, c, d, todo, stack, mixed"]
        return "\n".join(["def function(a, b, m, k, f, g, p, q, h, y, z, x, n):", *indented(lines), ""])


def indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


def made(seed: int) -> tuple[Callable[..., Any], str]:
    text = Writer(seed).function()
    file = f"<random elements {seed}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    scope: dict[str, Any] = {"np": np, "math": math, "__name__": "tests.random_elements"}
    exec(compile(text, file, "exec"), scope)
    return scope["function"], text


def edges(dtype: Any, ints: Sequence[int]) -> list[int]:
    """The ints that a dtype has, with its smallest and largest if there are large ones among them."""
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    return [one for one in ints if low <= one <= high] + [low, high, high // 2] * (max(ints) > 2**31)


def arguments(seed: int) -> list[Any]:
    pick = random.Random(seed)
    floats, ints = pick.choice([(FLOATS, INTS), (TAME, FEW), (TAME, FEW), (TAME, INTS)])
    n = pick.randint(1, 4)

    def some(numbers: Any, size: int, dtype: Any) -> Any:
        made = np.array([pick.choice(numbers) for _ in range(size)], dtype)
        if pick.random() < 0.2:
            gaps = np.zeros(2 * size, dtype)
            gaps[::2] = made
            made = gaps[::2]
        made.flags.writeable = pick.random() < 0.95
        return made

    a, b, m = some(floats, n, float), some(floats, n, float), some(floats, n * n, float).reshape(n, n)
    k, f = some(ints, n, np.int64), some((True, False), n, bool)
    narrow = [some(edges(dtype, ints), n, dtype) for dtype in SMALL.values()]
    x = pick.choice(floats)
    return [a, b, m, k, f, *narrow, np.float64(x) if pick.random() < 0.5 else x, n]


def observed(function: Callable[..., Any], seed: int, state: dict[str, Any]) -> list[str]:
    """All that can be told of a call: its result to the bit, its error, its warnings, the arrays afterwards."""
    given = arguments(seed)
    with warnings.catch_warnings(record=True) as caught, np.errstate(**state):
        warnings.simplefilter("always")
        try:
            ended = [shown(one) for one in function(*given)]
        except Exception as error:
            ended = [f"{type(error).__name__}: {error} after {type(error.__context__).__name__}"]
    return [*ended, *(shown(one) for one in given), *(f"{one.category.__name__}: {one.message}" for one in caught)]


def shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.tobytes().hex()}"
    bits = np.float64(value).tobytes().hex() if isinstance(value, float) and value == value else repr(value)
    return f"{type(value).__name__} {bits}"


@contextmanager
def by_all_means(with_lists: bool) -> Iterator[None]:
    """Loops work on elements however little that saves, and with lists however much that costs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readiness, "MIN_SIZE", 0)
        patch.setattr(readiness, "TOLERATED", 10**9)
        patch.setattr(element_writer, "MIN_TURNS", 0)
        patch.setattr(elements, "MIN_GAIN", -1000)
        for cost in ("STARTING", "STARTING_ONE", "UNPACKING", "PACKING"):
            patch.setattr(unpacked, cost, 0 if with_lists else 10**9)
        yield


def check(seed: int, calls: int = 8) -> Iterator[str]:
    """What a random loop does differently when it is converted; nothing, if all is well. Odd seeds work with lists."""
    with by_all_means(with_lists=seed % 2 == 1):
        yield from _differences(seed, calls)


def _differences(seed: int, calls: int) -> Iterator[str]:
    function, text = made(seed)
    static = to_static(function)
    for call in range(calls):
        state = STATES[(seed + call) % len(STATES)]
        expected = observed(function, seed * 100 + call, state)
        found = observed(static, seed * 100 + call, state)
        if expected != found:
            yield f"seed {seed}, call {call}, {state}:\n{text}\n  " + "\n  ".join(
                f"{one}  →  {other}" for one, other in zip(expected + [""] * 9, found + [""] * 9) if one != other
            )


def main() -> None:
    parser = argparse.ArgumentParser("python -m tests.random_elements", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=2000, help="how many loops (2000)")
    parser.add_argument("--seed", type=int, default=0, help="of the first one (0)")
    options = parser.parse_args()
    wrong = refused = 0
    for seed in range(options.seed, options.seed + options.count):
        try:
            found = list(check(seed))
        except Exception as error:
            refused += 1
            print(f"seed {seed}: {type(error).__name__}: {error}"[:600])
            continue
        wrong += bool(found)
        for text in found[:1]:
            print(text)
    print(f"{options.count} loops: {wrong} different, {refused} refused")


if __name__ == "__main__":
    main()
