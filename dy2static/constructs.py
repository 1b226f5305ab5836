"""What is refused, in the words that users see; and the rows from which docs/python.md is made.

The passes take their texts from REFUSALS, so that the document and the messages cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

EXCLUDE = "or mark the function @not_to_static"


@dataclass(eq=False, repr=False)
class Refusal:
    """Why a construct cannot be converted, and what to write instead."""

    reason: str
    cure: str

    def of(self, name: str) -> tuple[str, str]:
        """The two lines for the function `name`."""
        return f"{name} cannot be converted: {self.reason}", f"{self.cure}, {EXCLUDE}"


@dataclass(eq=False, repr=False)
class Construct:
    """A row of the document.

    nodes      names of `ast` classes, or of the builtin, that it is about
    title      how it is written
    why        what happens and why, for people
    example    a module with `def f(x, n)`, or the body of that function
    is_refused whether the example is refused
    since      the first Python that can parse it
    """

    nodes: tuple[str, ...]
    title: str
    why: str
    example: str
    is_refused: bool = False
    since: tuple[int, int] = (3, 10)

    @property
    def source(self) -> str:
        """The example as a whole module."""
        if "def f(" in self.example or "f = " in self.example:
            return PRELUDE + self.example.strip("\n") + "\n"
        body = "".join(f"    {line}\n" for line in self.example.strip("\n").splitlines())
        return f"{PRELUDE}def f(x, n):\n{body}"


def row(
    nodes: str, title: str, why: str, example: str, is_refused: bool = False, since: tuple[int, int] = (3, 10)
) -> Construct:
    return Construct(tuple(nodes.split()), title, why, dedent(example).strip("\n"), is_refused, since)


PRELUDE = "import numpy as np\n\n\n"

_ONE_BY_ONE = "'yield' inside it hands values out one by one"
_COLLECT = "collect them in a list and return it"
_WAITS = "{0} inside it hands control out while it runs"
_OUTSIDE = "do the waiting in the caller"
_ASYNC = "it is async, and hands control out while it runs"
_FRAME = "{0}() inside it looks at local variables, which are not all there in converted code"
_NAMES = "make a dict of the names you need"
_SECOND = "pass a dict of names as the second argument"

# Of nodes of the tree, by their class.
NODES: dict[str, Refusal] = {
    "Yield": Refusal(_ONE_BY_ONE, _COLLECT),
    "YieldFrom": Refusal("'yield from' inside it hands values out one by one", _COLLECT),
    "Await": Refusal(_WAITS.format("'await'"), _OUTSIDE),
    "AsyncFunctionDef": Refusal(_WAITS.format("an async function"), "define it outside"),
    "AsyncFor": Refusal(_WAITS.format("'async for'"), _OUTSIDE),
    "AsyncWith": Refusal(_WAITS.format("'async with'"), _OUTSIDE),
    "TryStar": Refusal("'except*' inside it is not supported", "test for the fault with 'if' before it happens"),
}
JUMP = Refusal("a jump out of 'finally' inside it swallows exceptions", "jump after the try statement")
# Of statements in the body of a class, which Python runs while tracing, when it is not known what will be raised.
IN_CLASS = "{0} in the body of a class inside it cannot be converted"
IN_CLASSES: dict[str, Refusal] = {
    "Try": Refusal(IN_CLASS.format("'try'"), "put it before the class"),
    "With": Refusal(IN_CLASS.format("'with'"), "put it before the class"),
    "Match": Refusal(IN_CLASS.format("'match'"), "put it before the class"),
}
# Of calls that look at their caller's frame: the most arguments with which they do.
CALLS: dict[str, tuple[int, Refusal]] = {
    "locals": (0, Refusal(_FRAME.format("locals"), _NAMES)),
    "vars": (0, Refusal(_FRAME.format("vars"), _NAMES)),
    "dir": (0, Refusal(_FRAME.format("dir"), "make a list of the names you need")),
    "eval": (1, Refusal(_FRAME.format("eval"), _SECOND)),
    "exec": (1, Refusal(_FRAME.format("exec"), _SECOND)),
    "globals": (0, Refusal("globals() inside it would give the names of converted code", "name the globals you need")),
}
# Of functions that are no plain functions.
COROUTINE = Refusal(_ASYNC, "take async away")
AWAITABLE = Refusal("it is a coroutine, and hands control out while it runs", "do the waiting outside")
GENERATOR = Refusal(_ONE_BY_ONE, _COLLECT)

_AWAY = "{0}() acts outside of the program, and a program has no op for it"
_BEFORE = "do that before the call and pass what it gives"
_WORDS = "{0}() works on source or names, of which a program has none"
# Of builtins that are called under any name.
BUILTINS: dict[str, Refusal] = {
    "open": Refusal(_AWAY.format("open"), _BEFORE),
    "input": Refusal(_AWAY.format("input"), _BEFORE),
    "help": Refusal(_AWAY.format("help"), "ask for help outside of the function"),
    "compile": Refusal(_WORDS.format("compile"), _BEFORE),
    "memoryview": Refusal("memoryview() gives out the memory of an array, of which a program knows nothing",
                          "use the array itself, or a view of it"),
    "aiter": Refusal("aiter() is for values that come while the program waits, and a program does not wait", _OUTSIDE),
    "anext": Refusal("anext() is for values that come while the program waits, and a program does not wait", _OUTSIDE),
}  # fmt: skip


def refused_builtin(name: str, count: int) -> Refusal | None:
    """Why the builtin `name` cannot be called with `count` arguments, or None."""
    most, refusal = CALLS.get(name, (-1, None))
    return refusal if count <= most else BUILTINS.get(name)
