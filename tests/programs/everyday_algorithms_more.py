"""Algorithms on numbers, texts, lists and arrays, and small classes, as strangers write them: more of it."""

import contextlib
import dataclasses
import enum
import itertools
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np

from tests.programs.row import f64, program

HERE = ("converted", "traced")


@dataclass
class Point:
    x: float
    y: float = 0.0
    tags: list = field(default_factory=list)

    def dist(self, o):
        return math.hypot(self.x - o.x, self.y - o.y)

    def __add__(self, o):
        return Point(self.x + o.x, self.y + o.y, self.tags + o.tags)


@program((3.0, 4.0), (0.0, 0.0), forms=HERE)
def points(a, b):
    p = Point(a, b)
    q = Point(1.0)
    q.tags.append("q")
    ps = [p, q, p + q]
    far = max(ps, key=lambda o: o.dist(Point(0.0)))
    return p == Point(a, b), far, [dataclasses.astuple(v) for v in ps], dataclasses.replace(q, y=9.0).y


class Shape:
    def area(self):
        raise NotImplementedError

    def describe(self):
        return f"{type(self).__name__} {self.area():.2f}"


class Circle(Shape):
    def __init__(self, r):
        self.r = r

    def area(self):
        return math.pi * self.r**2


class Rect(Shape):
    def __init__(self, a, b):
        self.a, self.b = a, b

    def area(self):
        return self.a * self.b


class Square(Rect):
    def __init__(self, a):
        super().__init__(a, a)

    def describe(self):
        return "sq " + super().describe()


@program((2,), (0,), forms=HERE)
def shapes(n):
    ss = [Circle(n), Rect(n, 3), Square(n + 1)]
    total = 0
    for s in ss:
        total += s.area()
    return [s.describe() for s in ss], round(total, 3)


@contextlib.contextmanager
def tag(log, name):
    log.append(f"<{name}>")
    try:
        yield log
    finally:
        log.append(f"</{name}>")


@program((3,), (0,))
def html(n):
    log = []
    with tag(log, "ul"):
        for i in range(n):
            with tag(log, "li") as l:
                l.append(str(i))
    return "".join(log)


@program((3,), (0,))
def html_error(n):
    log = []
    try:
        with tag(log, "a"), tag(log, "b"):
            log.append(str(10 // n))
    except ZeroDivisionError:
        log.append("!")
    return log


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


@program((10,), (0,), (100,))
def even_fib(limit):
    total = 0
    for v in fib():
        if v > limit:
            break
        if v % 2 == 0:
            total += v
    return total, list(itertools.islice(fib(), 5)), list(itertools.takewhile(lambda v: v < limit, fib()))


def tree(n):
    return None if n == 0 else (tree(n - 1), n, tree(n - 1))


def walk(t):
    if t is not None:
        yield from walk(t[0])
        yield t[1]
        yield from walk(t[2])


@program(())
def tree_walk():
    return list(walk(tree(3)))


@program((5,), (0,))
def closure_counter(n):
    def make():
        c = 0

        def inc(by=1):
            nonlocal c
            c += by
            return c

        def reset():
            nonlocal c
            c = 0

        return inc, reset

    inc, reset = make()
    other, _ = make()
    out = []
    for i in range(n):
        out.append(inc(i))
        if i == 3:
            reset()
        other()
    return out, other()


@program((3,), (-3,), (0,))
def matcher(n):
    out = []
    for v in (n, (n, 1), [1, 2, n], {"k": n}, "text", None, 2.5, [], (1, 2, 3, 4)):
        match v:
            case 0:
                out.append("zero")
            case int() if v < 0:
                out.append("neg")
            case int(x):
                out.append(x)
            case (a, b):
                out.append((a, b))
            case [1, *rest]:
                out.append(rest)
            case {"k": k}:
                out.append(k)
            case str() as s:
                out.append(s.upper())
            case None:
                out.append("none")
            case []:
                out.append("empty")
            case _:
                out.append("?")
    return out


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    BLUE = 4


@program((1,), (2,), (3,), forms=HERE)
def enums(n):
    try:
        c = Color(n)
    except ValueError:
        return "none", [c.name for c in Color]
    nxt = {Color.RED: Color.GREEN, Color.GREEN: Color.BLUE, Color.BLUE: Color.RED}[c]
    return c.name, nxt.value, c is Color.RED, nxt == Color.BLUE


@program((7,), (0,), (255,))
def to_binary(n):
    digits = ""
    while n > 0:
        digits = str(n % 2) + digits
        n //= 2
    return digits or "0", digits.zfill(8), digits.count("1")


@program(("Hello, World!", 3), ("", 5), ("xyz", -1))
def everyday_caesar(s, k):
    out = ""
    for ch in s:
        if ch.isalpha():
            base = ord("A") if ch.isupper() else ord("a")
            out += chr((ord(ch) - base + k) % 26 + base)
        else:
            out += ch
    return out


@program(([("a", 3), ("b", 1), ("a", 5)],), ([],))
def group(rows):
    d = defaultdict(list)
    for k, v in rows:
        d[k].append(v)
    return dict(d), {k: sum(v) / len(v) for k, v in d.items()}, sorted(d)


@program(([1, 2, 2, 3, 3, 3],), ([],))
def everyday_counters(xs):
    c = Counter(xs)
    return c.most_common(2), sum(c.values()), dict(c), [x for x, n in c.items() if n > 1]


@program(([3, 1, 4, 1, 5],), ([],))
def dedupe(xs):
    seen = set()
    out = []
    for x in xs:
        if x in seen:
            continue
        seen.add(x)
        out.append(x)
    return out, len(seen), sorted(seen)


@program((f64(3, -1, 2),), (f64(0, 0),))
def normalise(x):
    n = np.linalg.norm(x)
    if n == 0:
        return x
    x /= n
    return x, (x**2).sum().round(6)


@program((5, 3), (0, 0), (10, 1), (3, 5))
def binom(n, k):
    if k < 0 or k > n:
        return 0
    r = 1
    for i in range(min(k, n - k)):
        r = r * (n - i) // (i + 1)
    return r


@program((3,), (0,))
def everyday_hanoi(n):
    moves = []

    def go(k, a, b, c):
        if k == 0:
            return
        go(k - 1, a, c, b)
        moves.append((a, c))
        go(k - 1, b, a, c)

    go(n, "A", "B", "C")
    return len(moves), moves[:3]


@program(([1, [2, [3, [4]], 5]],), ([],))
def flatten(xs):
    out = []
    for x in xs:
        if isinstance(x, list):
            out.extend(flatten(x))
        else:
            out.append(x)
    return out


@program(([1, 2, 3],), ([],), ([1],))
def perms(xs):
    if not xs:
        return [[]]
    out = []
    for i, x in enumerate(xs):
        for rest in perms(xs[:i] + xs[i + 1 :]):
            out.append([x] + rest)
    return out


@program(([2, 7, 11, 15], 9), ([1, 2], 10))
def everyday_two_sum(xs, t):
    seen = {}
    for i, x in enumerate(xs):
        if t - x in seen:
            return seen[t - x], i
        seen[x] = i
    return None


@program(([-2, 1, -3, 4, -1, 2, 1, -5, 4],), ([-1],))
def everyday_kadane(xs):
    best = cur = xs[0]
    s = e = t = 0
    for i in range(1, len(xs)):
        if cur < 0:
            cur = xs[i]
            t = i
        else:
            cur += xs[i]
        if cur > best:
            best, s, e = cur, t, i
    return best, xs[s : e + 1]


@program(([1, 3, 5, 7], 5), ([1, 3, 5, 7], 4), ([], 1))
def bsearch(xs, t):
    lo, hi = 0, len(xs) - 1
    while lo <= hi:
        mid = (lo + hi) // 2
        if xs[mid] == t:
            return mid
        if xs[mid] < t:
            lo = mid + 1
        else:
            hi = mid - 1
    else:
        return ~lo
