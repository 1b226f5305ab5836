"""The statements of Python: what becomes of each, why, and an example that the tests run."""

from __future__ import annotations

from dy2static.constructs import row

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
        "it gives each item to the loop, or to the builtin, that takes it; `next` runs it item by item while tracing",
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
    row(
        "For Break Continue",
        "`for` with `break`, `continue` and `else`",
        "over arrays, ranges and sequences of the program a while_loop op; over Python's own containers it is unrolled",
        """
        total = 0.0
        for v in x:
            if v < 0:
                continue
            if v > 100:
                break
            total += v
        else:
            total = -total
        return total
        """,
    ),
    row(
        "For",
        "`for i in range(n)`",
        "the number of turns is an input of the program, not its size",
        """
        s = 0
        for i in range(n):
            s += i * i
        return s
        """,
    ),
    row(
        "For",
        "`for` over an endless iterator with a staged `break`",
        "`itertools.count`, `cycle` and `repeat` are generators of the program",
        """
        import itertools


        def f(x, n):
            for i in itertools.count():
                x = x + i
                if x.sum() > 50:
                    break
            return x
        """,
    ),
    row(
        "AsyncFor",
        "`async for`",
        "a program runs to its end in one go",
        """
        async def f(x, n):
            async for v in x:
                pass
        """,
        is_refused=True,
    ),
    row(
        "While",
        "`while`, with `else`",
        "a while_loop op; the types of its state are widened until they are stable",
        """
        count = 0
        while x.sum() < 100 and count < n:
            x = x * 2 + 1
            count += 1
        else:
            count = -count
        return x, count
        """,
    ),
    row(
        "While",
        "`while True` with a staged `break`",
        "the same",
        """
        while True:
            n = n + 1
            if n * n > 50:
                break
        return n
        """,
    ),
    row(
        "If",
        "`if`, `elif`, `else`",
        "a staged test makes a cond op with flat cases; a Python test chooses while tracing",
        """
        if n > 2:
            y = x + 1
        elif n > 0:
            y = x * 2
        else:
            y = 0
        return y
        """,
    ),
    row(
        "If Name",
        "a name that is set on one path only",
        "it is unset on the other, and reading it there raises UnboundLocalError when the program runs",
        """
        if n > 1:
            y = 1
        return y
        """,
    ),
    row(
        "With withitem",
        "`with`, several managers, `as`",
        "`__enter__` and `__exit__` are converted; `return` and `break` go through",
        """
        class Scale:
            def __enter__(self):
                return 2
            def __exit__(self, *error):
                return False


        def f(x, n):
            with Scale() as a, Scale() as b:
                if n > 1:
                    return x * a * b
            return x
        """,
    ),
    row(
        "With",
        "`with np.errstate(...)`",
        "an op of the program",
        """
        with np.errstate(divide='ignore'):
            y = x / 0
        return y
        """,
    ),
    row(
        "AsyncWith",
        "`async with`",
        "a program runs to its end in one go",
        """
        async def f(x, n):
            async with x:
                pass
        """,
        is_refused=True,
    ),
    row(
        "Match match_case MatchValue MatchSingleton MatchAs MatchOr",
        "`match` with values, `|`, `as`, guards, `_`",
        "it is lowered to `if`",
        """
        match n:
            case 0 | 1:
                return x
            case None:
                return 0
            case k if k > 5:
                return k
            case _ as other:
                return x * other
        """,
    ),
    row(
        "MatchSequence MatchStar",
        "`case [a, *rest]`",
        "the same",
        """
        match (n, 2, 3):
            case [0, *rest]:
                return rest
            case [a, b, c]:
                return a + b + c
        """,
    ),
    row(
        "MatchMapping MatchClass",
        "`case {'k': v, **rest}`, `case Point(x=0)`",
        "the same",
        """
        class Point:
            __match_args__ = ('a',)
            def __init__(self, a):
                self.a = a


        def f(x, n):
            match {'k': n, 'z': 1}:
                case {'k': 0, **rest}:
                    return len(rest)
            match Point(n):
                case Point(a=3):
                    return x
                case Point(v):
                    return v
        """,
    ),
    row(
        "Raise",
        "`raise`, `raise ... from ...`",
        "an op; the exception comes when the program runs, from the user's line",
        """
        if n > 1:
            raise ValueError('too many') from None
        return x
        """,
    ),
    row(
        "Try ExceptHandler",
        "`try`, `except`, `else`, `finally`",
        "a try op; what the program raises reaches the handler",
        """
        try:
            y = 6 // n
        except ZeroDivisionError as error:
            y = str(error)
        else:
            y += 1
        finally:
            x[0] = 0
        return y
        """,
    ),
    row(
        "Try",
        "`return`, `break` or `continue` out of `finally`",
        "it swallows the exception that is under way, of which a program has no way to let go",
        """
        try:
            y = 6 // n
        finally:
            return x
        """,
        is_refused=True,
    ),
    row(
        "TryStar",
        "`except*`",
        "a program raises one exception, not groups",
        """
        try:
            y = 6 // n
        except* ZeroDivisionError:
            y = 0
        return y
        """,
        is_refused=True,
        since=(3, 11),
    ),
    row(
        "Assert",
        "`assert test, message`",
        "the test is staged; where it fails, AssertionError comes when the program runs",
        """
        assert n > 1, 'not enough'
        return x
        """,
    ),
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
