"""The builtins of Python: what becomes of each, why, and an example that the tests run."""

from __future__ import annotations

from dy2static.constructs import row

BUILTINS = (
    row(
        "abs divmod pow round",
        "`abs divmod pow round`",
        "ops",
        """
        return abs(x), abs(n), divmod(n, 2), pow(n, 2), round(2.5 * n), round(1.234 * n, 1)
        """,
    ),
    row(
        "min max sum any all sorted reversed",
        "`min max sum any all sorted reversed`",
        "ops, or loops where they call back",
        """
        return min(n, 2), max(x), sum(x), any(x > 0), all(x > 0), sorted(x), list(reversed([1, n]))
        """,
    ),
    row(
        "len range enumerate zip",
        "`len range enumerate zip`",
        "of the program; loops over them are staged",
        """
        s = len(x)
        for i, (a, b) in enumerate(zip(x, range(n))):
            s = s + i * a * b
        return s
        """,
    ),
    row(
        "map filter",
        "`map filter`",
        "with staged values they give what a list of them gives",
        """
        return list(map(lambda v: v + n, [1, 2])), list(filter(None, [0, n]))
        """,
    ),
    row(
        "iter next",
        "`iter next`",
        "of Python's containers, while tracing",
        """
        it = iter([1, 2, n])
        return next(it) + next(it)
        """,
    ),
    row(
        "bool int float complex str bytes",
        "`bool int float complex str`",
        "ops, and not a need for the number while tracing",
        """
        return bool(n), int(x[0]), float(n), complex(n), str(n), bytes(2)
        """,
    ),
    row(
        "bytearray memoryview",
        "`memoryview`",
        "it gives out the memory of an array, of which a program knows nothing",
        """
        return memoryview(x)[0]
        """,
        is_refused=True,
    ),
    row(
        "bytearray",
        "`bytearray`",
        "an object of the program",
        """
        b = bytearray(2)
        b[0] = 7
        return bytes(b)
        """,
    ),
    row(
        "list tuple dict set frozenset",
        "`list tuple dict set frozenset`",
        "ops where the items are staged",
        """
        return list(range(n)), tuple(x), dict(a=n), len(set([1, 1, 2])), frozenset([1, 2]) == {1, 2}
        """,
    ),
    row(
        "slice object type property classmethod staticmethod super",
        "`slice object type super property`",
        "classes are known while tracing; methods, properties and `super()` are converted",
        """
        class A:
            def scale(self, v):
                return v * 2


        class B(A):
            @property
            def k(self):
                return 3
            @staticmethod
            def one():
                return 1
            @classmethod
            def make(cls):
                return cls()
            def scale(self, v):
                return super().scale(v) + self.k + self.one()


        def f(x, n):
            return B.make().scale(x), x[slice(0, n)], type(n) is int
        """,
    ),
    row(
        "isinstance issubclass callable",
        "`isinstance issubclass callable`",
        "decided while tracing where the type is known",
        """
        return isinstance(n, int), isinstance(x, np.ndarray), issubclass(bool, int), callable(len)
        """,
    ),
    row(
        "hasattr getattr setattr delattr",
        "`hasattr getattr setattr delattr`",
        "as attributes",
        """
        class C:
            pass


        def f(x, n):
            c = C()
            setattr(c, 'a', x)
            ok = hasattr(c, 'b')
            delattr(c, 'a')
            return ok, getattr(c, 'a', n)
        """,
    ),
    row(
        "print",
        "`print`",
        "an op, run in program order",
        """
        print('n is', n, sep='=', end='!')
        if n > 1:
            print(x)
        return n
        """,
    ),
    row(
        "format repr ascii chr ord bin hex oct hash",
        "`format repr ascii chr ord bin hex oct hash`",
        "ops",
        """
        return format(n, '04d'), repr(n), ascii('a'), chr(65 + n), ord('a'), bin(n), hex(n), oct(n), hash(n)
        """,
    ),
    row(
        "id",
        "`id`",
        "an op",
        """
        return id(x) == id(x)
        """,
    ),
    row(
        "open input",
        "`open input`",
        "they act outside of the program",
        """
        return input('n?')
        """,
        is_refused=True,
    ),
    row(
        "globals",
        "`globals`",
        "it works on names, which a program does not have",
        """
        return len(globals())
        """,
        is_refused=True,
    ),
    row(
        "locals",
        "`locals`",
        "converted code has other local variables",
        """
        return locals()
        """,
        is_refused=True,
    ),
    row(
        "vars",
        "`vars()`",
        "the same",
        """
        return vars()
        """,
        is_refused=True,
    ),
    row(
        "dir",
        "`dir()`",
        "the same",
        """
        return dir()
        """,
        is_refused=True,
    ),
    row(
        "eval",
        "`eval(text)`",
        "the same; and text is no source that could be converted",
        """
        return eval('x')
        """,
        is_refused=True,
    ),
    row(
        "exec",
        "`exec(text)`",
        "the same",
        """
        exec('y = 1')
        return x
        """,
        is_refused=True,
    ),
    row(
        "compile",
        "`compile`",
        "it works on source",
        """
        return compile('1', 'a', 'eval')
        """,
        is_refused=True,
    ),
    row(
        "breakpoint",
        "`breakpoint()`",
        "an op: it stops whenever the program runs, with `debug=True` at the user's own line",
        """
        breakpoint()
        return x
        """,
    ),
    row(
        "help",
        "`help`",
        "it acts outside of the program",
        """
        help(x)
        return x
        """,
        is_refused=True,
    ),
    row(
        "__import__",
        "`__import__`",
        "it runs while tracing",
        """
        return __import__('math').floor(n / 2)
        """,
    ),
    row(
        "aiter anext",
        "`aiter anext`",
        "a program runs to its end in one go",
        """
        return aiter(x)
        """,
        is_refused=True,
    ),
)
