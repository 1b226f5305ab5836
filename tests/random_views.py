"""Random chains of views and writes: whatever way an array is reached, all its aliases change as NumPy changes them.

    python -m tests.random_views [--count 5000] [--seed 0]

A chain is a function of two to four names for arrays, two of which may overlap in memory when it is called. It takes
views and writes through them, in branches, in loops and in callees. The undecorated function is the oracle: the
arrays it gives, snapshots on the way, the arguments afterwards, and which of them share memory.
"""

from __future__ import annotations

import argparse
import linecache
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import runtime
from dy2static import to_static
from tests.harness import Observation, differences, observe
from tests.programs.row import Given, given

NAMES = ("x", "y", "u", "v")
MOST = 40  # more statements than this no chain has
SAVED = 8  # one chain in so many is also saved and loaded


def doubled(x: Any) -> Any:
    x *= 2
    return x


def put(x: Any, key: Any, value: Any) -> None:
    x[key] = value


def tail(x: Any) -> Any:
    return x[1:]


HELPERS = {"np": np, "doubled": doubled, "put": put, "tail": tail}

VIEWS = (
    "{a}[1:]", "{a}[:-1]", "{a}[::-1]", "{a}[::2]", "{a}[i:]", "{a}[:n]", "{a}[0]", "{a}[-1:]", "{a}[..., 0]",
    "{a}[..., ::-1]", "{a}[..., 1:]", "{a}[i % 2]", "{a}.T", "{a}.reshape(-1)",
    "{a}.ravel()", "{a}.reshape(2, -1)", "{a}.reshape(-1, 2)", "{a}.reshape(-1, order='F')", "{a}.swapaxes(0, -1)",
    "np.transpose({a})", "{a}.view()", "np.flip({a})", "np.squeeze({a})", "np.atleast_2d({a})", "np.asarray({a})",
    "np.split({a}, 2)[1]", "np.array_split({a}, 2)[0]", "np.rot90({a})", "np.moveaxis({a}, 0, -1)", "{a}.real",
    "tail({a})", "{a}[...]", "{a}[:]", "np.einsum('ii->i', {a}[:2, :2])",
    "{a}.mT", "{a}",
    # and some that are copies, so that a write must not be seen
    "{a}.copy()", "{a} + 0", "{a}[[0, -1]]", "{a}[{a} > 0]", "{a}.flatten()", "np.array({a})", "np.roll({a}, 1)",
    "np.where({a} > 0, {a}, 1)", "{a}.astype({a}.dtype)",
)  # fmt: skip
GROWING = (  # not in loops, where arrays would grow without end
    "{a}[None]", "{a}[:, None]", "np.expand_dims({a}, 0)", "np.concatenate([{a}, {a}])", "np.repeat({a}, 2, 0)",
    "np.lib.stride_tricks.sliding_window_view({a}, 2, axis=0, writeable=True)",
)  # fmt: skip
KEYS = (
    "0", "-1", "i", "n", "1:", ":-1", "::2", "::-1", "..., 0", "..., -1", "...", "i:", ":n", "0, 0", "-1, 1", "i, :",
    ":, i", "None", "[0, -1]", "[0, 0, 1]", "{a} > 1", "{a} < 0", "{b} > 0", "..., [1, 0]", "0, [0, 1]", "{a}[0] > 0",
    "np.arange(2)", "i % 2, ::2", "(1,)",
)  # fmt: skip
VALUES = (
    "1", "-2", "0.5", "i", "n", "i - 1.5", "{b}", "{b}[0]", "{b}.sum()", "{a}[::-1]", "{a}[0]", "{b}.T", "{a}.max()",
    "-{b}", "{b} * 2", "{b}.ravel()[0]", "{a}[-1:]", "[1, 2]", "np.float32(3)", "{b}[:1]", "{b}.mean()", "True",
)  # fmt: skip
WRITES = (
    "{a}[{k}] = {w}", "{a}[{k}] = {w}", "{a}[{k}] = {w}", "{a}[{k}] += {w}", "{a}[{k}] -= {w}", "{a}[{k}] *= 2",
    "{a} += {w}", "{a} -= {w}", "{a} *= -1", "{a} //= 2", "{a}.fill({w})", "{a}.sort()", "{a}.sort(axis=0)",
    "{a}.flat[{f}] = {w}", "{a}.flat = {w}", "np.copyto({a}, {w})", "np.copyto({a}, {w}, where={a} > 0)",
    "np.put({a}, [0, -1], {w})", "np.add.at({a}, 0, 1)", "np.add({a}, {w}, out={a})", "np.negative({a}, {a})",
    "np.multiply({a}, {b}, out={a}, where={b} > 0)", "np.cumsum({a}, out={a}.reshape(-1))", "np.fill_diagonal({a}, 9)",
    "{a}[{k}], {b}[{k}] = {b}[{k}], {a}[{k}]", "doubled({a})", "doubled({a}[{k}])", "put({a}, {i}, {w})",
    "{a}.real[{k}] = {w}", "{a}.T[{k}] = {w}", "{a}.ravel()[{f}] = {w}", "{a}.reshape(-1)[{f}] += {w}",
    "np.putmask({a}, {a} > 1, {w})", "np.place({a}, {a} < 0, [7, 8])", "np.clip({a}, -5, 5, out={a})",
    "{a}.partition(1)", "np.maximum({a}, {w}, out={a})", "{a}[{k}][{i}] = {w}", "{a}[:] = {b}", "{a}[1:] = {a}[:-1]",
    "{a}[::-1] += {a}", "{a}.shape = (-1,)", "{a} = {v}", "{a} = {v}", "{a} = {v}", "{a} = {v}", "{a} = {v}",
    "for r in {a}:\n    r += 1", "for r in {a}[::-1]:\n    r[...] = r * 2", "held[0][{i}] = {w}", "held.append({a})",
    "{a}, {b} = {b}, {a}", "held[0] = {a}",
)  # fmt: skip
TESTS = (
    "{a}.sum() > {b}.sum()", "n > 1", "n > 0", "i % 2 == 0", "{a}.ravel()[0] > 0", "(x > 0).any()", "{a}.ndim > 1",
    "{a} is {b}", "len({a}) > 2", "np.shares_memory({a}, {b})",
)  # fmt: skip


class Writer:
    """Writes a chain, statement by statement; one that fails on the inputs is mostly taken out again."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.inputs = [lambda number=number: arguments(seed, number) for number in range(2)]
        self.names = NAMES[: self.random.randint(2, 4)]
        self.lines: list[str] = []

    def write(self) -> str:
        for _ in range(self.random.randint(3, 8)):
            before = list(self.lines)
            self.statement(1)
            if self.fails() and self.random.random() < 0.95 or len(self.lines) > MOST:
                self.lines = before
        return self.text()

    def text(self) -> str:
        start = ["def f(x, y, n):", "    held = [x]", "    i = 1", *(f"    {name} = x" for name in self.names[2:])]
        results = ", ".join((*self.names, "held", "i"))
        return "\n".join([*start, *self.lines, f"    return {results}"]) + "\n"

    def fails(self) -> bool:
        function = function_of(self.text(), "<chain>")
        return any(observe(function, inputs(), function, []).error for inputs in self.inputs)

    def pick(self, texts: tuple[str, ...], views: tuple[str, ...] = VIEWS) -> str:
        """One of `texts`, with whatever stands in it filled in."""
        a, b = self.random.choice(self.names), self.random.choice(self.names)
        key, value, view = (self.random.choice(choice) for choice in (KEYS, VALUES, views))
        parts = {part: text.format(a=a, b=b) for part, text in (("k", key), ("w", value), ("v", view))}
        item, flat = self.random.choice(("0", "-1", "i", "i % 2")), self.random.choice(("0", "-1", "1:3", "[0, 1]"))
        return self.random.choice(texts).format(a=a, b=b, i=item, f=flat, **parts)

    def statement(self, depth: int) -> None:
        kind = self.random.random()
        if kind > 0.68 and depth < 4:
            return self.random.choice((self.branch, self.loop))(depth)
        if kind > 0.6:
            return self.line(depth, f"held.append({self.random.choice(self.names)}.copy())")
        for line in self.pick(WRITES, VIEWS if depth > 1 else VIEWS + GROWING).split("\n"):
            self.line(depth, line)

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def block(self, depth: int) -> None:
        for _ in range(self.random.randint(1, 3)):
            self.statement(depth + 1)

    def branch(self, depth: int) -> None:
        self.line(depth, f"if {self.pick(TESTS)}:")
        self.block(depth)
        if self.random.random() < 0.5:
            self.line(depth, "else:")
            self.block(depth)

    def loop(self, depth: int) -> None:
        if self.random.random() < 0.7:
            self.line(depth, "for i in range(n):")
            self.block(depth)
        else:
            self.line(depth, f"left{depth} = n")
            self.line(depth, f"while left{depth} > 0:")
            self.line(depth + 1, f"left{depth} -= 1")
            self.block(depth)


DTYPES = (np.float64, np.float64, np.int64, np.float32, np.int8, np.complex128, np.dtype(">f8"))


def arguments(seed: int, number: int) -> Given:
    """x and y, which may overlap, and n. The second set has other sizes."""
    generator = random.Random(seed)
    dtype = generator.choice(DTYPES)
    rows, columns = (2, 4) if number else (4, 6)
    base = (np.arange(rows * columns) * 7 % 11 - 4).reshape(rows, columns).astype(dtype)
    if generator.random() < 0.3:
        base = np.asfortranarray(base)
    other = generator.choice((base.copy(), base, base[1:], base.T, base[:, ::2], base[0], base[::-1], base.copy()[0]))
    return given(base, other, 3 if number else generator.choice((0, 1, 2)))


def function_of(text: str, name: str) -> Callable[..., Any]:
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    namespace: dict[str, Any] = dict(HELPERS)
    exec(compile(text, name, "exec"), namespace)
    made: Callable[..., Any] = namespace["f"]
    return made


def check(seed: int) -> Iterator[str]:
    """What is wrong with chain number `seed`: nothing, mostly. A refusal is an exception."""
    writer = Writer(seed)
    text = writer.write()
    function = function_of(text, f"<chain {seed}>")
    static = to_static(function)
    for inputs in writer.inputs:
        expected = observe(function, inputs(), function, [])
        for found in observed(static, function, inputs, seed):
            wrong = differences([expected], [found])
            if wrong:
                yield f"chain {seed}\n{text}{wrong}"


def observed(static: Any, function: Any, inputs: Callable[[], Given], seed: int) -> Iterator[Observation]:
    """The chain traced, warm, and of some chains saved and loaded."""
    for _ in range(2):
        yield observe(static, inputs(), function, [])
    if seed % SAVED == 0 and static.programs:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "chain.d2s"
            static.save(path, *inputs().args)
            yield observe(runtime.load(path), inputs(), function, [])


def run(seeds: range) -> Counter[str]:
    """Prints what is wrong, and counts chains that are right, wrong and refused."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        try:
            faults = list(check(seed))
        except Exception as error:
            print(f"chain {seed}: {type(error).__name__}: {error}\n{Writer(seed).write()}", flush=True)
            counts["refused"] += 1
            continue
        counts["wrong" if faults else "right"] += 1
        print("".join(f"{fault}\n" for fault in faults[:1]), end="", flush=True)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.random_views", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=5000, help="how many chains (5000)")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first")
    options = parser.parse_args()
    counts = run(range(options.seed, options.seed + options.count))
    print(f"{options.count} chains: {counts['right']} right, {counts['wrong']} wrong, {counts['refused']} refused")
    sys.exit(counts["right"] != options.count)


if __name__ == "__main__":
    main()
