"""The statements that decide what runs next: loops, branches, `with`, `match`, exceptions; see `python_statements`."""

from __future__ import annotations

from dy2static.constructs import row

CONTROL_FLOW = (
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
)
