"""Puzzles, numerics and classes of every course."""

import itertools
import math
from collections import defaultdict

import numpy as np

from tests.programs.row import f64, program

HERE = ("converted", "traced")


@program(("aab",), ("",), ("abcabc",))
def perm_string(s):
    out = set()

    def go(pre, rest):
        if not rest:
            out.add(pre)
            return
        for i in range(len(rest)):
            go(pre + rest[i], rest[:i] + rest[i + 1 :])

    go("", s[:3])
    return sorted(out)


@program(([[1, 1, 0], [0, 1, 0], [1, 0, 1]],), ([[0]],))
def islands(g):
    seen = set()

    def flood(i, j):
        if not (0 <= i < len(g) and 0 <= j < len(g[0])) or (i, j) in seen or not g[i][j]:
            return 0
        seen.add((i, j))
        return 1 + flood(i + 1, j) + flood(i - 1, j) + flood(i, j + 1) + flood(i, j - 1)

    sizes = []
    for i in range(len(g)):
        for j in range(len(g[0])):
            n = flood(i, j)
            if n:
                sizes.append(n)
    return sizes


@program((np.array([[1, 1, 0], [0, 1, 0], [1, 0, 1]]),))
def islands_np(g):
    lab = np.zeros_like(g)
    cur = 0
    for i in range(g.shape[0]):
        for j in range(g.shape[1]):
            if g[i, j] and not lab[i, j]:
                cur += 1
                stack = [(i, j)]
                while stack:
                    a, b = stack.pop()
                    if not (0 <= a < g.shape[0] and 0 <= b < g.shape[1]):
                        continue
                    if not g[a, b] or lab[a, b]:
                        continue
                    lab[a, b] = cur
                    stack.extend([(a + 1, b), (a - 1, b), (a, b + 1), (a, b - 1)])
    return lab, cur


@program(("MCMXCIV",), ("III",), ("",))
def roman(s):
    vals = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    total = 0
    for a, b in zip(s, s[1:] + " "):
        v = vals[a]
        total += -v if b in vals and vals[b] > v else v
    return total


@program((1994,), (4,), (0,))
def to_roman(n):
    out = []
    for v, r in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        q, n = divmod(n, v)
        out.append(r * q)
    return "".join(out)


@program(([1, 5, 2, 8],), ([],), ([3],))
def running(xs):
    best = -math.inf
    out = []
    for x in xs:
        best = max(best, x)
        out.append(best)
    lo = hi = None
    for x in xs:
        lo = x if lo is None or x < lo else lo
        hi = x if hi is None or x > hi else hi
    return out, lo, hi, [b - a for a, b in zip(xs, xs[1:])], list(itertools.accumulate(xs))


@program(([3, 3, 4, 2, 4, 4, 2, 4, 4],), ([1, 2],), ([],))
def majority(xs):
    c, k = None, 0
    for x in xs:
        if k == 0:
            c, k = x, 1
        elif x == c:
            k += 1
        else:
            k -= 1
    return c if xs.count(c) > len(xs) // 2 else None


@program(([0, 1, 0, 2, 1, 0, 1, 3, 2, 1, 2, 1],), ([],))
def rain(h):
    if not h:
        return 0
    l, r, lm, rm, t = 0, len(h) - 1, 0, 0, 0
    while l < r:
        if h[l] < h[r]:
            lm = max(lm, h[l])
            t += lm - h[l]
            l += 1
        else:
            rm = max(rm, h[r])
            t += rm - h[r]
            r -= 1
    return t


@program(("abcabcbb",), ("",), ("bbb",))
def longest_unique(s):
    last = {}
    start = best = 0
    for i, c in enumerate(s):
        if c in last and last[c] >= start:
            start = last[c] + 1
        last[c] = i
        best = max(best, i - start + 1)
    return best


@program(([[1, 3], [2, 6], [8, 10], [9, 12]],), ([],))
def merge_intervals(xs):
    out = []
    for a, b in sorted(xs):
        if out and a <= out[-1][1]:
            out[-1][1] = max(out[-1][1], b)
        else:
            out.append([a, b])
    return out


@program((["eat", "tea", "tan", "ate", "nat", "bat"],), ([],))
def anagrams(ws):
    g = defaultdict(list)
    for w in ws:
        g["".join(sorted(w))].append(w)
    return sorted(map(sorted, g.values()), key=lambda v: (-len(v), v))


@program((11, [1, 2, 5]), (3, [2]), (0, [1]))
def coins(amount, cs):
    dp = [0] + [math.inf] * amount
    for a in range(1, amount + 1):
        for c in cs:
            if c <= a and dp[a - c] + 1 < dp[a]:
                dp[a] = dp[a - c] + 1
    return dp[amount] if dp[amount] < math.inf else -1


@program(([10, 9, 2, 5, 3, 7, 101, 18],), ([],))
def lis(xs):
    import bisect

    tails = []
    for x in xs:
        i = bisect.bisect_left(tails, x)
        if i == len(tails):
            tails.append(x)
        else:
            tails[i] = x
    return len(tails), tails


@program((["5", "1", "C", "D", "+"],), (["x"],))
def baseball(ops):
    st = []
    for o in ops:
        match o:
            case "+":
                st.append(st[-1] + st[-2])
            case "D":
                st.append(2 * st[-1])
            case "C":
                st.pop()
            case _:
                try:
                    st.append(int(o))
                except ValueError:
                    return "bad", o
    return sum(st)


@program(
    (np.array([[2.0, 1.0], [1.0, 3.0]]), 5),
)
def everyday_jacobi(a, steps):
    b = np.array([1.0, 2.0])
    x = np.zeros(2)
    d = np.diag(a)
    r = a - np.diagflat(d)
    hist = []
    for _ in range(steps):
        x = (b - r @ x) / d
        hist.append(np.abs(a @ x - b).max())
    return x.round(6), [round(float(h), 6) for h in hist]


@program((np.linspace(0, 1, 5),))
def interp(x):
    xs, ys = [0.0, 0.5, 1.0], [0.0, 1.0, 0.0]
    out = np.zeros_like(x)
    for k, v in np.ndenumerate(x):
        for (x0, y0), (x1, y1) in zip(zip(xs, ys), zip(xs[1:], ys[1:])):
            if x0 <= v <= x1:
                out[k] = y0 + (y1 - y0) * (v - x0) / (x1 - x0)
                break
    return out, np.interp(x, xs, ys)


@program(
    (f64(1, 2, 4), 2),
)
def poly(c, x):
    r = 0
    for a in c[::-1]:
        r = r * x + a
    d = [i * a for i, a in enumerate(c)][1:]
    return r, d, np.polyval(c[::-1], x), sum(a * x**i for i, a in enumerate(c))


@program((100,), (5,))
def simpson(n):
    f = lambda t: math.sin(t) * math.exp(-t)
    n += n % 2
    h = math.pi / n
    s = f(0) + f(math.pi)
    for i in range(1, n):
        s += (4 if i % 2 else 2) * f(i * h)
    return round(s * h / 3, 8)


@program(
    (1.0, 0.1, 10),
)
def rk4(y, h, n):
    def f(t, y):
        return -2 * y + t

    t, out = 0.0, [y]
    for _ in range(n):
        k1 = f(t, y)
        k2 = f(t + h / 2, y + h * k1 / 2)
        k3 = f(t + h / 2, y + h * k2 / 2)
        k4 = f(t + h, y + h * k3)
        y += h * (k1 + 2 * k2 + 2 * k3 + k4) / 6
        t += h
        out.append(y)
    return np.array(out).round(8)


@program(
    (np.array([1, 0, 1, 1]), np.array([0.1, -0.2, 0.4, 0.3])),
)
def perceptron(y, w):
    x = np.array([[0, 0, 1, 1], [1, 0, 1, 0], [1, 1, 0, 1], [0, 1, 1, 1]], float)
    for epoch in range(20):
        errs = 0
        for xi, t in zip(x, y):
            p = 1 if xi @ w > 0 else 0
            if p != t:
                w = w + 0.1 * (t - p) * xi
                errs += 1
        if errs == 0:
            break
    return w.round(3), epoch, errs


class Node:
    def __init__(self, k):
        self.k = k
        self.l = self.r = None


class BST:
    def __init__(self):
        self.root = None
        self.n = 0

    def add(self, k):
        self.root = self._add(self.root, k)
        return self

    def _add(self, node, k):
        if node is None:
            self.n += 1
            return Node(k)
        if k < node.k:
            node.l = self._add(node.l, k)
        elif k > node.k:
            node.r = self._add(node.r, k)
        return node

    def __contains__(self, k):
        n = self.root
        while n:
            if n.k == k:
                return True
            n = n.l if k < n.k else n.r
        return False

    def __iter__(self):
        yield from self._walk(self.root)

    def _walk(self, n):
        if n:
            yield from self._walk(n.l)
            yield n.k
            yield from self._walk(n.r)

    def height(self):
        h = lambda n: 0 if n is None else 1 + max(h(n.l), h(n.r))
        return h(self.root)


@program(([5, 2, 8, 1, 9, 2],), ([],), forms=HERE)
def bst(ks):
    t = BST()
    for k in ks:
        t.add(k)
    return t.n, 8 in t, 7 in t, t.height() if len(ks) < 3 else None
