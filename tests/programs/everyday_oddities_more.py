"""What strangers write when they are in a hurry: aliases, names that leak, parsers, managers and records, more."""

import contextlib
import itertools
from collections import OrderedDict

import numpy as np

from tests.programs.row import f32, f64, i64, program

HERE = ("converted", "traced")


@program(([[1, 2], [3, 4], [5, 6]],), ([[1]],))
def transpose_list(m):
    t = [list(r) for r in zip(*m)]
    u = [[m[j][i] for j in range(len(m))] for i in range(len(m[0]))]
    return (
        t == u,
        t,
        [sum(r) for r in m],
        [max(c) for c in zip(*m)],
        sum(map(sum, m)),
        [v for r in m for v in r if v % 2],
    )


@program((2,), (0,))
def matrix_pow(n):
    def mul(a, b):
        return [[sum(x * y for x, y in zip(r, c)) for c in zip(*b)] for r in a]

    def power(m, k):
        r = [[int(i == j) for j in range(len(m))] for i in range(len(m))]
        while k:
            if k & 1:
                r = mul(r, m)
            m = mul(m, m)
            k >>= 1
        return r

    return power([[1, 1], [1, 0]], n + 5)[0][1]


@program((3,), (0,), forms=HERE)
def lru(n):
    class LRU:
        def __init__(self, cap):
            self.cap = cap
            self.d = OrderedDict()
            self.miss = 0

        def get(self, k):
            if k not in self.d:
                self.miss += 1
                return -1
            self.d.move_to_end(k)
            return self.d[k]

        def put(self, k, v):
            self.d[k] = v
            self.d.move_to_end(k)
            if len(self.d) > self.cap:
                self.d.popitem(last=False)

    c = LRU(2)
    for i in range(n):
        c.put(i, i * i)
    c.get(n - 2)
    c.put("z", 1)
    return list(c.d.items()), c.miss, c.get(0)


class Animal:
    count = 0

    def __init__(self, name):
        self.name = name
        type(self).count += 1

    def speak(self):
        return "..."

    def __str__(self):
        return f"{self.name} says {self.speak()}"


class Loud:
    def speak(self):
        return super().speak().upper() + "!"


class Dog(Loud, Animal):
    def speak(self):
        return super().speak() + "woof"


@program((3,), (0,), forms=HERE)
def mixins(n):
    ds = [Dog(f"d{i}") for i in range(n)]
    c = Dog.count - n
    Dog.count = 0
    return [str(d) for d in ds], str(Animal("a")), c, Animal.count - Animal.count, [m.__name__ for m in Dog.__mro__]


@program((3,), (0,), forms=HERE)
def iterator_class(n):
    class Count:
        def __init__(self, k):
            self.k = k
            self.i = 0

        def __iter__(self):
            return self

        def __next__(self):
            if self.i >= self.k:
                raise StopIteration
            self.i += 1
            return self.i

    c = Count(n)
    a = next(c, None)
    b = [v for v in c]
    return (
        a,
        b,
        list(Count(2)),
        sum(Count(n)),
        dict(zip("ab", Count(5))),
        max(Count(n + 1)),
        2 in Count(3),
        list(map(str, Count(n))),
    )


@program((3,), (0,))
def ctx_nested_exc(n):
    log = []

    @contextlib.contextmanager
    def cm(name, swallow=False):
        log.append("+" + name)
        try:
            yield name
        except ZeroDivisionError:
            log.append("!" + name)
            if not swallow:
                raise
        finally:
            log.append("-" + name)

    try:
        with cm("a"):
            with cm("b", swallow=n > 1) as b:
                log.append(b + str(1 // (n - n)))
            log.append("between")
    except ZeroDivisionError:
        log.append("out")
    with contextlib.suppress(KeyError):
        {}[n]
    return log


@program((3,), (0,))
def ternary_maze(n):
    f = lambda v: "a" if v > 2 else "b" if v > 1 else "c" if v else None
    x = [f(i) or "z" for i in range(n + 2)]
    y = n and n - 1 or "zero"
    z = not n or (n > 2 and [n]) or {}
    return x, y, z, (n if n else -1) + (2 if n is not None else 0), [*(range(n) if n else "e")]


@program((3,), (0,))
def bits(n):
    out = []
    for i in range(8):
        m = 1 << i
        out.append((n & m) >> i)
        n ^= m if i % 2 else 0
    g = n ^ (n >> 1)
    c = 0
    while g:
        g &= g - 1
        c += 1
    return out, n, c, f"{n:08b}", n.bit_count() if hasattr(n, "bit_count") else c


@program((i64(5, 3, 8), 2), (i64(1), 0))
def int_overflow(x, n):
    h = 17
    for v in x:
        h = (h * 31 + int(v)) & 0xFFFFFFFF
        h ^= h >> (n + 3)
    y = np.uint8(250)
    for i in range(n + 4):
        y = np.uint8((int(y) + i) % 256)
    return h, y, x.dtype.name, (x % 3).tolist()


@program(
    (f32(1.5, 2.5), 3),
)
def float_types(x, n):
    t = 0
    for v in x:
        t += v
    u = np.float32(0)
    for i in range(n):
        u = u + x[i % 2] * 2
    return t, u, x.mean(), (x * n).dtype.name, x[0] / 3, float(x[1]) / 3, np.sqrt(x), x.sum() == t


@program((10,), (3,))
def sieve_gen(n):
    def primes():
        found = []
        k = 2
        while True:
            for p in found:
                if k % p == 0:
                    break
            else:
                found.append(k)
                yield k
            k += 1

    return list(itertools.islice(primes(), n)), sum(itertools.takewhile(lambda p: p < n, primes()))


@program((3,), (0,), (2,))
def assertions(n):
    try:
        assert n, f"n is {n}"
        assert n < 3
    except AssertionError as e:
        return "fail", str(e), e.args
    return "ok"


@program((3,), (0,))
def print_styles(n):
    print("a", n, sep="-", end="!\n")
    print()
    print(*range(n), sep=", ")
    print([n, "x"], {"k": n}, (n,), {n}, None, 1.5, True)
    for i in range(n):
        print(f"{i:>3}", end=" " if i < n - 1 else "\n")
    print(np.arange(n), np.float64(1.5), [np.int64(n)])


@program(
    ({"b": 2, "a": [1, {"c": None}]},),
)
def jsonish(d):
    def dump(v, ind=0):
        pad = " " * ind
        if isinstance(v, dict):
            return "{" + ", ".join(f'"{k}": {dump(x, ind + 1)}' for k, x in sorted(v.items())) + "}"
        if isinstance(v, (list, tuple)):
            return "[" + ", ".join(dump(x) for x in v) + "]"
        if v is None:
            return "null"
        if isinstance(v, bool):
            return str(v).lower()
        return repr(v)

    return dump(d), dump([True, 1.5, "x"])


@program(
    (np.array([[5.0, 4.0], [1.0, 2.0], [6.0, 5.0], [2.0, 1.0]]), 2),
)
def everyday_kmeans(pts, k):
    c = pts[:k].copy()
    for it in range(10):
        lab = np.array([np.argmin(((p - c) ** 2).sum(1)) for p in pts])
        new = np.array([pts[lab == j].mean(0) if (lab == j).any() else c[j] for j in range(k)])
        if np.allclose(new, c):
            break
        c = new
    return lab, c, it


@program(
    (f64(1, 2, 3), f64(2, 4, 6.5), 0.01, 50),
)
def grad_descent(x, y, lr, steps):
    w = b = 0.0
    hist = []
    for s in range(steps):
        e = w * x + b - y
        w -= lr * 2 * (e * x).mean()
        b -= lr * 2 * e.mean()
        if s % 10 == 0:
            hist.append(float((e**2).mean()))
    return round(float(w), 6), round(float(b), 6), len(hist), hist[0] > hist[-1]


@program(
    (np.array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]]),),
    (np.eye(3),),
)
def power_iter(a):
    v = np.ones(len(a))
    prev = 0
    for i in range(3):
        v = a @ v + v
        lam = np.linalg.norm(v)
        v = v / lam
        if abs(lam - prev) < 1e-9:
            break
        prev = lam
    else:
        i = -1
    return round(float(lam), 6), i > 0, v.round(4)
