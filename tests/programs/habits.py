"""Habits of functions: types, callbacks, errors, text."""

import copy
import math
from abc import ABC, abstractmethod
from collections import defaultdict
from functools import lru_cache, partial, wraps
from typing import List, Optional, Tuple

import numpy as np

from tests.programs.row import f64, i64, program

T = ("converted", "traced")


@program((i64(1, 2, 3),), (f64(1.5),))
def typed_function(xs: np.ndarray) -> Tuple[float, Optional[int]]:
    total: float = 0
    best: Optional[int] = None
    history: List[float] = []
    for i, x in enumerate(xs):
        total += x
        history.append(total)
        if best is None or xs[best] < x:
            best = i
    return total, best


@program((5,), (0,), (1,))
def cached_fib(n):
    @lru_cache(maxsize=None)
    def fib(k):
        if k < 2:
            return k
        return fib(k - 1) + fib(k - 2)

    return fib(n)


@program((f64(1, 2, 3), 3), (f64(1, 2, 3), 0))
def while_with_walrus(xs, n):
    out = []
    while (n := n - 1) >= 0:
        if (v := xs[n]) > 1:
            out.append(v)
    return out, n


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    def describe(self):
        return f"{type(self).__name__} {self.area():.2f}"


class Rect(Shape):
    def __init__(self, w, h):
        self.w, self.h = w, h

    def area(self):
        return self.w * self.h


class Disc(Shape):
    def __init__(self, r):
        self.r = r

    def area(self):
        return math.pi * self.r**2


@program((2.0, 3.0), (1, 1))
def abstract_shapes(a, b):
    shapes = [Rect(a, b), Disc(a)]
    return [s.describe() for s in shapes], max(shapes, key=lambda s: s.area()).describe()


@program((i64(1, 5, 2), 3), (i64(), 3))
def shapes_in_loop(xs, n):
    shapes = []
    for x in xs:
        shapes.append(Rect(x, n) if x > 1 else Disc(x))
    total = 0.0
    for s in shapes:
        total += s.area()
    biggest = None
    for s in shapes:
        if biggest is None or s.area() > biggest.area():
            biggest = s
    return total, None if biggest is None else biggest.describe()


class Config:
    lr = 0.1
    layers = [2, 3]

    def __init__(self, **kwargs):
        for k, v in kwargs.items():
            setattr(self, k, v)


@program((f64(1, 2), 0.5), (f64(1), 2))
def config_object(x, lr):
    cfg = Config(lr=lr, name="test")
    w = np.ones(cfg.layers[0])
    for i in range(cfg.layers[1]):
        w = w - cfg.lr * i
    return w, cfg.name, x * cfg.lr


def timed(fn):
    @wraps(fn)
    def wrapper(*args, **kwargs):
        result = fn(*args, **kwargs)
        return result

    return wrapper


@timed
def helper_scaled(x, k=2):
    if x.sum() > 3:
        return x * k
    return x


@program((f64(1, 2, 3),), (f64(1),))
def decorated_helper(x):
    return helper_scaled(x), helper_scaled(x, k=5)


@program((f64(1, 2, 3),), (f64(-1, 4),))
def partial_and_callbacks(x):
    def apply(fn, v, times=1):
        for _ in range(times):
            v = fn(v)
        return v

    add3 = partial(np.add, 3)
    scale = partial(lambda k, v: k * v, 2.0)
    return apply(add3, x), apply(scale, x, times=3), apply(lambda v: v if v.sum() > 0 else -v, x)


@program((f64([1, 2], [3, 4]),), (f64([5, 6]),))
def matrix_string(m):
    lines = []
    for row in m:
        lines.append(" ".join("%6.2f" % v for v in row))
    text = "\n".join(lines)
    print(text)
    return len(text)


@program((f64(3, 1, 2),), (f64(1),))
def deepcopy_and_sort(x):
    y = copy.deepcopy(x)
    y.sort()
    order = sorted(range(len(x)), key=x.__getitem__)
    order2 = sorted(range(len(x)), key=lambda i: -x[i])
    return y, order, order2, x


@program((f64(1, 2, 3, 4), 2), (f64(1, 2, 3), 2))
def chunked(xs, n):
    return [xs[i : i + n].sum() for i in range(0, len(xs), n)], [list(xs[i::n]) for i in range(n)]


@program((5, 3), (3, 3), (0, 2))
def exceptions_flow(n, k):
    log = []
    for i in range(n):
        try:
            if i == k:
                raise KeyError(i)
            if i > k:
                log.append(1 / (i - k - 1))
            else:
                log.append(i)
        except KeyError as e:
            log.append("key")
        except ZeroDivisionError:
            log.append("zero")
            break
        finally:
            log.append("f")
    else:
        log.append("done")
    return log


class Matrix2:
    __slots__ = ("a", "b", "c", "d")

    def __init__(self, a, b, c, d):
        self.a, self.b, self.c, self.d = a, b, c, d

    def __mul__(self, o):
        return Matrix2(
            self.a * o.a + self.b * o.c,
            self.a * o.b + self.b * o.d,
            self.c * o.a + self.d * o.c,
            self.c * o.b + self.d * o.d,
        )

    def trace(self):
        return self.a + self.d


@program((6,), (0,))
def slots_power(n):
    m, base = Matrix2(1, 0, 0, 1), Matrix2(1, 1, 1, 0)
    while n:
        if n & 1:
            m = m * base
        base = base * base
        n >>= 1
    return m.b, m.trace()


@program((f64(1, 2, 3), f64(1, 5, 2)), (f64(1), f64(0)))
def masks(x, y):
    m = (x > 1) & (y < 4)
    if m.any():
        x[m] = 0
    elif not np.all(m):
        x[~m] -= 1
    return x, np.where(m)[0], int(m.sum()), x[m].size


@program((i64([1, 0], [0, 1]),), (i64([1, 2, 3], [4, 5, 6]),))
def lists_by_remainder(m):
    rows = defaultdict(list)
    for i, row in enumerate(m):
        for j, v in enumerate(row):
            if v:
                rows[i].append((j, v))
    return dict(rows), {k: len(v) for k, v in rows.items()}, sum(len(v) for v in rows.values())


@program(
    (f64(1, 2, 3),),
    (
        f64(
            0.0,
        ),
    ),
)
def returns_many(x):
    if not x.any():
        return {}, [], ()
    stats = {"mean": x.mean(), "std": x.std()}
    stats["cv"] = stats["std"] / stats["mean"]
    for key in list(stats):
        stats[key] = round(float(stats[key]), 4)
    for key, value in stats.items():
        print(f"{key:>5}: {value:.3f}")
    return stats, [x.min(), x.max()], (len(x),)


@program((4, True), (4, False), (0, True))
def loop_flag(n, verbose):
    found = False
    i = 0
    while not found and i < n:
        if i * i > 5:
            found = True
        else:
            i += 1
        if verbose:
            print("i =", i, "found" if found else "searching")
    return i if found else None


@program((f64(0, 1, 2, 3), 1.5), (f64(0, 1), 9.0), (f64(0, 1), -1.0))
def interp_with_errors(xs, x):
    if x < xs[0] or x > xs[-1]:
        raise ValueError(f"{x} outside [{xs[0]}, {xs[-1]}]")
    i = 0
    while not (xs[i] <= x <= xs[i + 1]):
        i += 1
    t = (x - xs[i]) / (xs[i + 1] - xs[i])
    return i, t


class Trie:
    def __init__(self):
        self.root = {}

    def insert(self, word):
        node = self.root
        for ch in word:
            if ch not in node:
                node[ch] = {}
            node = node[ch]
        node["$"] = True

    def search(self, word):
        node = self.root
        for ch in word:
            if ch not in node:
                return False
            node = node[ch]
        return "$" in node
