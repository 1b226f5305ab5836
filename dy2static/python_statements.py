"""The statements of Python: what becomes of each, why, and an example that the tests run."""

from __future__ import annotations

from dy2static.constructs import row
from dy2static.python_control_flow import CONTROL_FLOW

STATEMENTS = (
    row(
        "FunctionDef arguments arg",
        "`def` inside a function",
        "it is a Python function while tracing; its body is staged where it is called",
        """
        def g(a, *rest, k=1, **more):
            return a * k + len(rest) + len(more)

        return g(x, 1, k=n, z=2)
        """,
    ),
    row(
        "FunctionDef",
        "`def` with positional-only, keyword-only, `*args`, `**kwargs`",
        "arguments are bound as Python binds them",
        """
        def g(a, /, b, *, c=2):
            return a + b * c


        def f(x, n, /, *rest, scale=2, **more):
            return g(x, n, c=scale) + len(rest)
        """,
    ),
    row(
        "FunctionDef",
        "a decorator on a nested function",
        "it runs while tracing",
        """
        import functools


        def twice(g):
            @functools.wraps(g)
            def inner(x):
                return g(g(x))
            return inner


        def f(x, n):
            @twice
            def step(v):
                return v * 2 if v.sum() > 0 else v + n
            return step(x)
        """,
    ),
    row(
        "FunctionDef",
        "`functools.cache`, `functools.lru_cache` on a nested function",
        "one that calls itself, acts, loops or gives what can be changed is a function of the program with that cache; "
        "others are staged where they are called",
        """
        import functools


        def f(x, n):
            @functools.cache
            def fib(k):
                return k if k < 2 else fib(k - 1) + fib(k - 2)
            return x * fib(n)
        """,
    ),
    row(
        "FunctionDef",
        "`functools.cache`, `functools.lru_cache` on a function of a module",
        "one that acts, reads data from outside, is given more than an int or text, or calls itself and is given what "
        "is staged, is called as it is when the program runs, which cannot be saved then; others are staged",
        """
        import functools


        @functools.cache
        def fib(k):
            return k if k < 2 else fib(k - 1) + fib(k - 2)


        def f(x, n):
            return x * fib(n)
        """,
    ),
    row(
        "FunctionDef Yield",
        "a generator function",
        "values that are handed out one by one have no place in a program's order of ops",
        """
        for item in x:
            yield item
        """,
        is_refused=True,
    ),
    row(
        "FunctionDef Yield",
        "a generator function that is called",
        "it gives each item to the loop, or to the builtin, that takes it; what is left can be read on",
        """
        def positive(items):
            for item in items:
                if item > 0:
                    yield item
        total = 0
        for item in positive(x):
            total += item * n
        return total, len(list(positive(x)))
        """,
    ),
    row(
        "AsyncFunctionDef",
        "`async def`",
        "a program runs to its end in one go",
        """
        async def f(x, n):
            return x
        """,
        is_refused=True,
    ),
    row(
        "AsyncFunctionDef Await AsyncFor AsyncWith",
        "`async def` inside a function",
        "the same",
        """
        async def g():
            return x

        return n
        """,
        is_refused=True,
    ),
    row(
        "ClassDef",
        "`class` at module level, used inside",
        "objects are made in the program where they have to live there; their methods are converted",
        """
        class Counter:
            def __init__(self, start):
                self.count = start

            def add(self, step):
                self.count += step


        def f(x, n):
            counter = Counter(0)
            for v in x:
                if v > 0:
                    counter.add(v)
            return counter.count
        """,
    ),
    row(
        "ClassDef",
        "`class` inside a function",
        "the class is made while tracing",
        """
        class Pair:
            def __init__(self, a):
                self.a = a

        return Pair(x).a + n
        """,
    ),
    row(
        "Return",
        "`return` anywhere, with other values on other paths",
        "early exits become branches; `None` on one path and a tuple on another are values of the program",
        """
        for v in x:
            if v > 2:
                return v, n
        return None
        """,
    ),
    row(
        "Delete",
        "`del name`, `del items[i]`, `del obj.attr`",
        "the name is unset on that path, items and attributes go when the program runs",
        """
        items = [1, 2, 3]
        if n > 1:
            del items[0]
        y = x
        del y
        return items
        """,
    ),
    row(
        "Assign",
        "`a = b = value`, `a, (b, *c) = value`",
        "names are state of branches and loops; containers are unpacked as Python does",
        """
        a = b = x * 2
        first, (second, *rest) = n, [b, a, x]
        return first, second, rest
        """,
    ),
    row(
        "Assign Subscript Attribute Store",
        "`x[i] = v`, `obj.a = v`",
        "the array and every view of it change, those of the caller too",
        """
        y = x[1:]
        if n > 0:
            y[0] = n
        return x, y
        """,
    ),
    row(
        "TypeAlias",
        "`type Name = ...`",
        "it runs while tracing",
        """
        type Vector = list[float]
        return x + n
        """,
        since=(3, 12),
    ),
    row(
        "TypeVar ParamSpec TypeVarTuple",
        "type parameters",
        "they are kept",
        """
        def g[T](a: T) -> T:
            return a


        def f(x, n):
            return g(x) + n
        """,
        since=(3, 12),
    ),
    row(
        "AugAssign",
        "`x += v`, on names, items and attributes",
        "an array is changed in place, a number's name is bound anew",
        """
        y = x
        y += n
        total = 0
        for v in x:
            total -= v
        return x, total
        """,
    ),
    row(
        "AnnAssign",
        "`name: type = value`",
        "the value is assigned; of the annotation nothing is left",
        """
        y: float = x * n
        z: int
        return y
        """,
    ),
    *CONTROL_FLOW,
    row(
        "Import ImportFrom alias",
        "`import` inside a function",
        "it runs while tracing",
        """
        import math
        from math import pi as p
        return x * p + math.floor(n / 2)
        """,
    ),
    row(
        "Global",
        "`global name`",
        "read and written when the program runs, so that rebinding it is seen by the next call",
        """
        TOTAL = 0


        def f(x, n):
            global TOTAL
            TOTAL = 0
            for v in x:
                TOTAL += v
            return TOTAL
        """,
    ),
    row(
        "Nonlocal",
        "`nonlocal name`",
        "the same",
        """
        count = 0
        def add(v):
            nonlocal count
            if v > 0:
                count += v
        for v in x:
            add(v)
        return count
        """,
    ),
    row(
        "Expr Pass",
        "an expression as a statement, `pass`",
        "ops with effects keep their order",
        """
        if n > 1:
            pass
        else:
            print('few', n)
        x.sort()
        return x
        """,
    ),
    row(
        "Continue Break",
        "`break` and `continue` in nested loops",
        "flags end the loop that they belong to",
        """
        s = 0
        for i in range(n):
            for v in x:
                if v > i:
                    break
                if v < 0:
                    continue
                s += v
        return s
        """,
    ),
)
