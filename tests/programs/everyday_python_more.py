"""Python as strangers write it: loops, closures, generators, containers, classes and errors, more."""

import functools
import itertools
import math
import operator
from collections import Counter, deque, namedtuple

import numpy as np

from tests.programs.row import f64, program

HERE = ("converted", "traced")


class Vec:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, o):
        return Vec(self.x + o.x, self.y + o.y)

    def __sub__(self, o):
        return Vec(self.x - o.x, self.y - o.y)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def __abs__(self):
        return math.hypot(self.x, self.y)

    def __iter__(self):
        yield self.x
        yield self.y

    def __lt__(self, o):
        return abs(self) < abs(o)

    def __hash__(self):
        return hash((self.x, self.y))

    def __eq__(self, o):
        return (self.x, self.y) == (o.x, o.y)

    def __bool__(self):
        return bool(self.x or self.y)

    def __call__(self, k):
        return Vec(self.x + k, self.y)


@program((2,), (0,), (3.5,), forms=HERE)
def vectors(n):
    a, b = Vec(n, 1), Vec(0, n)
    s = sum([a, b, a], Vec(0, 0))
    x, y = -(2 * a - b)
    vs = sorted([a, b, s])
    return tuple(s), x, y, abs(a(1)), [tuple(v) for v in vs], len({a, Vec(n, 1), b}), bool(b), max(vs) == s, a in [b, s]


@program((3,), (0,), forms=HERE)
def observer(n):
    class Subject:
        def __init__(self):
            self.subs = []

        def on(self, f):
            self.subs.append(f)
            return f

        def fire(self, *a):
            for f in self.subs:
                f(*a)

    s = Subject()
    log = []
    s.on(log.append)

    @s.on
    def double(v):
        log.append(v * 2)

    for i in range(3):
        s.fire(i + n)
    return log


@program((3,), (0,), forms=HERE)
def state_machine(n):
    class Light:
        order = ("red", "green", "yellow")

        def __init__(self):
            self.i = 0
            self.seen = Counter()

        @property
        def color(self):
            return self.order[self.i % 3]

        def step(self):
            self.seen[self.color] += 1
            self.i += 1
            return self

    l = Light()
    for _ in range(n):
        l.step()
    return l.color, dict(l.step().seen)


@program((3,), (0,), forms=HERE)
def timer_manager(n):
    class T:
        depth = 0

        def __init__(self, log):
            self.log = log

        def __enter__(self):
            T.depth += 1
            self.log.append(("in", T.depth))
            return self

        def __exit__(self, et, e, tb):
            self.log.append(("out", T.depth, et and et.__name__))
            T.depth -= 1
            return et is KeyError

    log = []
    with T(log), T(log) as t:
        if n:
            {}[n]
        log.append("body")
    try:
        with T(log):
            raise ValueError(n)
    except ValueError as e:
        log.append(str(e))
    return log


class Temp:
    def __init__(self, c):
        self._c = c

    @property
    def f(self):
        return self._c * 9 / 5 + 32

    @f.setter
    def f(self, v):
        if v < -459:
            raise ValueError("cold")
        self._c = (v - 32) * 5 / 9

    @f.deleter
    def f(self):
        self._c = 0


@program((100,), (-500,), (32,), forms=HERE)
def temps(v):
    t = Temp(10)
    a = t.f
    try:
        t.f = v
    except ValueError as e:
        return a, str(e)
    b = t._c
    del t.f
    return a, b, t.f


@program((5,), (0,))
def decorators(n):
    calls = []

    def trace(f):
        @functools.wraps(f)
        def g(*a, **k):
            calls.append((f.__name__, a))
            return f(*a, **k)

        return g

    def repeat(k):
        def deco(f):
            def g(*a):
                r = None
                for _ in range(k):
                    r = f(*a)
                return r

            return g

        return deco

    @trace
    @repeat(2)
    def add(a, b=1):
        calls.append("x")
        return a + b

    return add(n), add(n, 2), calls


@program((5,), (0,))
def everyday_compose(n):
    comp = lambda *fs: functools.reduce(lambda f, g: lambda x: f(g(x)), fs)
    inc = lambda x: x + 1
    return (
        comp(inc, lambda x: x * 2, inc)(n),
        list(map(comp(str, inc), range(n))),
        list(filter(None, [0, n, "", "a"])),
        sorted("bca", key=lambda c: -ord(c)),
    )


@program((5,), (0,))
def partials(n):
    p = functools.partial(pow, 2)
    q = functools.partial(int, base=2)
    return (
        p(n),
        q("101"),
        operator.itemgetter(1, 0)([n, 2]),
        operator.methodcaller("upper")("a"),
        list(itertools.starmap(pow, [(n, 2), (2, 3)])),
    )


@program((5,), (1,))
def itertools_mix(n):
    xs = range(n)
    return (
        list(itertools.chain(xs, "ab")),
        list(itertools.accumulate(xs, operator.mul, initial=1)),
        list(itertools.product("ab", repeat=2)),
        list(itertools.combinations(xs, 2))[:4],
        [list(g) for k, g in itertools.groupby([1, 1, 2, n])],
        list(itertools.zip_longest(xs, "ab")),
        list(zip(*[iter(range(6))] * 2)),
        list(itertools.islice(itertools.cycle("ab"), n)),
    )


@program((f64(1, 2, 3),))
def views(x):
    a = x[1:]
    b = a[::-1]
    b[0] = 10
    a += 1
    c = x.reshape(3, 1)
    c[0, 0] = -1
    d = x.copy()
    d[:] = 0
    x[x > 5] = 5
    return x, a, b, c, d, x.base is None


@program((np.arange(6).reshape(2, 3),))
def numpy_mix(m):
    return (
        m.T @ m,
        m.sum(axis=0),
        np.where(m % 2 == 0, m, -m),
        np.concatenate([m, m], 0).shape,
        m[:, ::-1],
        np.unique(m % 3, return_counts=True),
        m.argmax(),
        np.argsort(-m, axis=1),
        (m > 2).any(),
        np.cumsum(m),
        np.clip(m, 1, 3),
        np.outer(m[0], m[1]),
        m.astype(float).mean(),
        np.vstack([m[0], m[1]]),
        np.diff(m),
        m.ravel()[::2],
        np.einsum("ij,ij->i", m, m),
    )


@program(
    (f64(1, 2, 3, 4), 2),
    (f64(4, 3, 2, 1), 2),
)
def window_max(x, k):
    q = deque()
    out = []
    for i, v in enumerate(x):
        while q and x[q[-1]] <= v:
            q.pop()
        q.append(i)
        if q[0] <= i - k:
            q.popleft()
        if i >= k - 1:
            out.append(float(x[q[0]]))
    return out


@program((0.5, 10), (3.9, 5))
def logistic(r, n):
    x, xs = 0.5, []
    for _ in range(n):
        x = r * x * (1 - x)
        xs.append(x)
    return np.array(xs).round(5), len(set(xs))


@program((20,), (0,))
def monte(n):
    seed = 12345
    inside = 0
    for _ in range(n):
        seed = (1103515245 * seed + 12345) % 2**31
        a = seed / 2**31
        seed = (1103515245 * seed + 12345) % 2**31
        b = seed / 2**31
        inside += a * a + b * b < 1
    return inside, type(inside).__name__


@program((3,), (0,))
def big_ints(n):
    f = 1
    for i in range(1, 20 + n):
        f *= i
    return (
        f,
        f % 10**9 + 7,
        pow(3, 100, 7 + n),
        (1 << 70) >> n,
        -f // 7,
        divmod(f, 1000003),
        int(str(f)[::-1]),
        f.bit_length(),
        ~f & 0xFF,
    )


@program((3,), (0,))
def complex_nums(n):
    z = complex(n, 1)
    k = 0
    while abs(z) < 10 and k < 20:
        z = z * z + complex(0.1, n)
        k += 1
    return k, z.real, z.imag, z.conjugate(), abs(complex(3, 4)), (1j) ** n


@program((3,), (1,), forms=HERE)
def named_tuples(n):
    P = namedtuple("P", "x y", defaults=[0])
    ps = [P(i, n) for i in range(n)] + [P(9)]
    a, b = ps[-1]
    return [p._asdict() for p in ps], ps[0]._replace(y=5), a, b, max(ps), sum(p.x for p in ps), P._fields


@program((3,), (0,), forms=HERE)
def exceptions_chain(n):
    class AppError(Exception):
        def __init__(self, code, msg="m"):
            super().__init__(msg)
            self.code = code

    class NotFound(AppError):
        pass

    out = []

    def get(k):
        try:
            return {"a": 1}[k]
        except KeyError as e:
            raise NotFound(404, f"no {k}") from e

    for k in ("a", "b" * n):
        try:
            out.append(get(k))
        except AppError as e:
            out.append((type(e).__name__, e.code, str(e), type(e.__cause__).__name__))
        finally:
            out.append("f")
    return out


@program((3,), (0,))
def exc_group_like(n):
    errs = []
    for f in (lambda: 1 / n, lambda: [][n], lambda: {}[n], lambda: int("x"), lambda: None.foo, lambda: n + "a"):
        try:
            errs.append(f())
        except (ZeroDivisionError, LookupError) as e:
            errs.append(type(e).__name__)
        except ValueError:
            errs.append("v")
        except Exception as e:
            errs.append(f"other {type(e).__name__}")
    return errs


@program((3,), (0,))
def everyday_retry(n):
    attempts = 0

    def flaky():
        nonlocal attempts
        attempts += 1
        if attempts <= n:
            raise ConnectionError(attempts)
        return "ok"

    for k in range(3):
        try:
            r = flaky()
            break
        except ConnectionError as e:
            last = e
    else:
        return "failed", last.args, attempts
    return r, attempts
