"""Puzzles, numerics and classes of every course: more of it."""

import dataclasses
import itertools
import operator
from dataclasses import dataclass, field

import numpy as np

from tests.programs.everyday_classics import BST
from tests.programs.row import f64, program

HERE = ("converted", "traced")


@program(([5, 2, 8, 1, 9, 2],), ([],), forms=HERE)
def bst_iter(ks):
    t = BST()
    for k in [5, 2, 8, 1]:
        t.add(k)
    return list(t), t.height()


class Poly:
    def __init__(self, *c):
        self.c = list(c)

    def __call__(self, x):
        return sum(a * x**i for i, a in enumerate(self.c))

    def __add__(self, o):
        return Poly(*[a + b for a, b in itertools.zip_longest(self.c, o.c, fillvalue=0)])

    def __mul__(self, o):
        if isinstance(o, (int, float)):
            return Poly(*[a * o for a in self.c])
        r = [0] * (len(self.c) + len(o.c) - 1)
        for i, a in enumerate(self.c):
            for j, b in enumerate(o.c):
                r[i + j] += a * b
        return Poly(*r)

    __rmul__ = __mul__

    def __repr__(self):
        return " + ".join(f"{a}x^{i}" for i, a in enumerate(self.c) if a) or "0"

    def __eq__(self, o):
        return self.c == o.c

    def diff(self):
        return Poly(*[i * a for i, a in enumerate(self.c)][1:])


@program((2,), (0,), forms=HERE)
def polys(n):
    p, q = Poly(1, n), Poly(0, 1, 3)
    return repr(p + q), repr(p * q), (2 * p)(3), q.diff()(n), p == Poly(1, n), repr(Poly())


class Inventory:
    def __init__(self):
        self.items = {}

    def add(self, name, qty, price):
        if name in self.items:
            q, p = self.items[name]
            self.items[name] = (q + qty, price)
        else:
            self.items[name] = (qty, price)

    def remove(self, name, qty):
        q, p = self.items[name]
        if qty > q:
            raise ValueError(f"only {q} {name}")
        if q == qty:
            del self.items[name]
        else:
            self.items[name] = (q - qty, p)

    @property
    def total(self):
        return sum(q * p for q, p in self.items.values())


@program((3,), (10,), (5,), forms=HERE)
def inventory(n):
    inv = Inventory()
    inv.add("apple", 5, 1.5)
    inv.add("pear", 2, n)
    inv.add("apple", 0, 2)
    msgs = []
    for name, q in (("apple", n), ("kiwi", 1), ("pear", 2)):
        try:
            inv.remove(name, q)
        except KeyError as e:
            msgs.append(f"no {e.args[0]}")
        except ValueError as e:
            msgs.append(str(e))
        else:
            msgs.append("ok")
    return inv.items, inv.total, msgs


@dataclass(order=True)
class Job:
    pri: int
    name: str = field(compare=False)
    done: bool = False

    def run(self):
        self.done = True
        return f"{self.name}:{self.pri}"


@program((3,), (0,), forms=HERE)
def jobs(n):
    js = [Job(n, "a"), Job(1, "b"), Job(2, "c")]
    js.sort()
    ran = [j.run() for j in js if j.pri > 1]
    return ran, js, min(js).name, Job(1, "q") == Job(1, "z"), dataclasses.asdict(js[0])


@dataclass(frozen=True)
class Money:
    amt: int
    cur: str = "EUR"

    def __post_init__(self):
        if self.amt < 0:
            raise ValueError("neg")

    def __add__(self, o):
        if o.cur != self.cur:
            raise TypeError("cur")
        return Money(self.amt + o.amt, self.cur)


@program((3,), (-1,), forms=HERE)
def money(n):
    try:
        a = Money(n) + Money(2)
        b = {Money(1): "x", a: "y"}
        a.amt = 5
    except dataclasses.FrozenInstanceError:
        return a, b[Money(n + 2)]
    except ValueError as e:
        return str(e)


class Logger:
    def __init__(self, pre):
        self.pre = pre
        self.lines = []

    def __enter__(self):
        self.lines.append(f"{self.pre}>")
        return self

    def __exit__(self, t, v, tb):
        self.lines.append(f"<{self.pre}{'!' if t else ''}")
        return False

    def __getattr__(self, name):
        if name.startswith("log_"):
            return lambda *a: self.lines.append((name[4:], *a))
        raise AttributeError(name)


@program((3,), (0,), forms=HERE)
def logger(n):
    l = Logger("L")
    try:
        with l:
            l.log_info(n)
            1 / n
            l.log_done()
    except ZeroDivisionError:
        l.log_err("zero", n)
    return l.lines, hasattr(l, "foo")


class Pipeline:
    def __init__(self):
        self.steps = []

    def __or__(self, f):
        self.steps.append(f)
        return self

    def __call__(self, v):
        for f in self.steps:
            v = f(v)
        return v


@program((3,), (0,), forms=HERE)
def pipeline(n):
    p = Pipeline() | (lambda v: v + 1) | str | (lambda s: s * 2) | len
    return p(n), p(99)


@program((f64(1, 2, 3),), forms=HERE)
def layers(x):
    class Linear:
        def __init__(self, a, b):
            self.w = np.full((a, b), 0.5)
            self.b = np.zeros(b)

        def __call__(self, x):
            self.x = x
            return x @ self.w + self.b

        def back(self, g):
            self.gw = np.outer(self.x, g)
            return g @ self.w.T

    class Relu:
        def __call__(self, x):
            self.m = x > 0
            return x * self.m

        def back(self, g):
            return g * self.m

    net = [Linear(3, 4), Relu(), Linear(4, 1)]
    h = x
    for l in net:
        h = l(h)
    g = 2 * (h - 1)
    for l in reversed(net):
        g = l.back(g)
    for l in net:
        if isinstance(l, Linear):
            l.w -= 0.01 * l.gw
    return h, g, net[0].w, net[2].w


@program((3,), (0,))
def scopes(n):
    x = "outer"

    def f():
        x = "f"

        def g():
            nonlocal x
            x += "g"
            return x

        a = g()
        return a, x

    class C:
        y = x + "C"

        def m(self):
            return x

    return f(), x, C.y, C().m(), [x for x in range(n)], x


@program((3,), (0,))
def gen_expr_scope(n):
    k = 2
    g = (i * k for i in range(n))
    k = 10
    h = sum(i for i in g)
    xs = [1, 2, 3]
    it = (x for x in xs)
    xs.append(n)
    return h, list(it), all(x for x in xs), {x % 2: x for x in xs}, [[i * j for j in range(i)] for i in range(n + 1)]


@program((3,), (0,))
def zip_star(n):
    pairs = [(i, chr(97 + i)) for i in range(n + 1)]
    a, b = zip(*pairs)
    d = dict(pairs)
    return (
        a,
        b,
        d,
        list(zip(*[iter(range(7))] * 3)),
        list(map(lambda p: p[0], pairs)),
        [*map(sum, zip(a, range(9)))],
        dict(enumerate(b, 1)),
    )


@program((3,), (0,))
def sort_keys(n):
    ws = ["pear", "fig", "apple", "kiwi", "date"]
    a = sorted(ws, key=len)
    b = sorted(ws, key=lambda w: (len(w), w), reverse=True)
    ws.sort(key=lambda w: w[n % 3])
    c = sorted(range(6), key=lambda i: (i % 3, -i))
    d = sorted([(n, "b"), (1, "a"), (n, "a")])
    e = sorted({"b": 1, "a": n}.items(), key=operator.itemgetter(1))
    return a, b, ws, c, d, e, sorted([True, n, 2.5]), min(ws, key=len), max(ws, key=lambda w: w[-1])
