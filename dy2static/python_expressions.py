"""The expressions of Python: what becomes of each, why, and an example that the tests run."""

from __future__ import annotations

from dy2static.constructs import row

EXPRESSIONS = (
    row(
        "BoolOp And Or",
        "`a and b`, `a or b`",
        "short-circuit, and give the value that Python gives",
        """
        return (n and x.sum()) or -1
        """,
    ),
    row(
        "NamedExpr",
        "`(name := value)`",
        "it binds where it is reached",
        """
        while (n := n - 1) > 0:
            x = x + n
        return x, n
        """,
    ),
    row(
        "BinOp Add Sub Mult Div FloorDiv Mod Pow MatMult",
        "`+ - * / // % ** @`",
        "one op each; Python numbers stay Python numbers",
        """
        return x + n - x * 2, n / 2, n // 2, n % 2, n ** 2, x @ x
        """,
    ),
    row(
        "BinOp LShift RShift BitOr BitXor BitAnd",
        "`<< >> | ^ &`",
        "the same",
        """
        return n << 2, n >> 1, n | 4, n ^ 1, n & 2, (x > 0) & (x < 2)
        """,
    ),
    row(
        "UnaryOp Invert Not UAdd USub",
        "`-a`, `+a`, `~a`, `not a`",
        "the truth of an array of more than one element raises NumPy's ValueError",
        """
        return -x, +n, ~n, not n
        """,
    ),
    row(
        "Lambda",
        "`lambda`",
        "a Python function while tracing; its body is staged where it is called",
        """
        g = lambda a, k=2: a * k if k > n else a
        return g(x), g(x, 9)
        """,
    ),
    row(
        "IfExp",
        "`a if test else b`",
        "a cond op",
        """
        return x + 1 if x.sum() > n else x - 1
        """,
    ),
    row(
        "Dict",
        "`{k: v, **more}`",
        "keys are static; the dict lives in the program where it changes there",
        """
        d = {'a': n, **{'b': 2}}
        if n > 1:
            d['a'] += 1
        return d
        """,
    ),
    row(
        "Set",
        "`{a, b}`",
        "a set op where the items are staged",
        """
        return {1, n, 2} == {1, 2}
        """,
    ),
    row(
        "List Starred",
        "`[a, *b]`",
        "lists live in the program where they grow there",
        """
        items = [n, *range(2)]
        for v in x:
            if v > 0:
                items.append(v)
        return items
        """,
    ),
    row(
        "Tuple",
        "`a, b`",
        "taken apart into values",
        """
        pair = (x, n)
        if n > 1:
            pair = (x * 2, 0)
        return pair
        """,
    ),
    row(
        "ListComp comprehension",
        "`[v for v in x if v > 0]`",
        "a loop that appends",
        """
        return [v * n for v in x if v > 0]
        """,
    ),
    row(
        "SetComp DictComp",
        "`{v for v in x}`, `{k: v for k, v in p}`",
        "the same",
        """
        return {i: i * n for i in range(3)}, sorted({i % 2 for i in range(n)})
        """,
    ),
    row(
        "GeneratorExp",
        "`sum(v for v in x)`",
        "a loop that feeds the call",
        """
        return sum(v * 2 for v in x if v > 0), any(v > n for v in x)
        """,
    ),
    row(
        "Await",
        "`await`",
        "a program runs to its end in one go",
        """
        async def f(x, n):
            return await x
        """,
        is_refused=True,
    ),
    row(
        "YieldFrom",
        "`yield from`",
        "values that are handed out one by one have no place in a program's order of ops",
        """
        yield from x
        """,
        is_refused=True,
    ),
    row(
        "Compare Eq NotEq Lt LtE Gt GtE",
        "`a < b`, `a < b() < c`",
        "one op each; the middle runs once, the rest only if needed",
        """
        return 0 < n < 5, x > n, n != 2, n == 3, n <= 3, n >= 3
        """,
    ),
    row(
        "Compare Is IsNot In NotIn",
        "`is`, `is not`, `in`, `not in`",
        "`is` is decided while tracing where it can be, `in` is an op",
        """
        return x is None, n is not None, n in (1, 3), 2.0 not in x
        """,
    ),
    row(
        "Call keyword",
        "`f(a, *b, k=c, **d)`",
        "Python functions are converted on need, NumPy's and builtins' are ops",
        """
        args, more = (x, n), {'axis': 0}
        return np.maximum(*args), np.sum(x, **more)
        """,
    ),
    row(
        "Call",
        "a call of a function chosen when the program runs",
        "a branch for each function that it may be",
        """
        g = np.sin if n > 1 else abs
        return g(x)
        """,
    ),
    row(
        "JoinedStr FormattedValue",
        "`f'{v:.2f} {v!r} {v=}'`",
        "formatted when the program runs",
        """
        return f'{n:03d} {n!r} {n=} {x.sum():.2f}'
        """,
    ),
    row(
        "TemplateStr Interpolation Constant",
        "constants",
        "they stand in the program",
        """
        return 1, 2.5, 3j, 'a', b'b', None, True, ...
        """,
    ),
    row(
        "Attribute Load",
        "`obj.a`",
        "read when the program runs: the next call sees a new value",
        """
        class Model:
            w = 2.0


        model = Model()


        def f(x, n):
            return x * model.w, x.shape, x.T.ndim
        """,
    ),
    row(
        "Subscript Slice",
        "`x[i]`, `x[1:n, None]`, `x[mask]`",
        "one op; slices are views, as NumPy's are",
        """
        return x[0], x[1:n], x[::-1], x[x > 0], x[..., None]
        """,
    ),
    row(
        "Name Load Store Del",
        "names",
        "local names are state of branches and loops; globals and captured names are read at call time",
        """
        y = x
        return y
        """,
    ),
    row(
        "Starred",
        "`*rest` on the left and in calls",
        "as Python does",
        """
        a, *rest = range(4)
        return a, rest, max(*rest)
        """,
    ),
)
