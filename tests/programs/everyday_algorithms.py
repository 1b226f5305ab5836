"""Algorithms on numbers, texts, lists and arrays, and small classes, as strangers write them."""

import functools
import operator
from collections import deque

import numpy as np

from tests.programs.row import f64, i64, program

HERE = ("converted", "traced")


@program((i64(3, 1, 2),), (i64(5, 4, 3, 2, 1),), (i64(),))
def bubble(x):
    x = x.copy()
    n = len(x)
    swaps = 0
    for i in range(n):
        moved = False
        for j in range(n - 1 - i):
            if x[j] > x[j + 1]:
                x[j], x[j + 1] = x[j + 1], x[j]
                swaps += 1
                moved = True
        if not moved:
            break
    return x, swaps


@program(([3, 1, 2, 5, 4],), ([],), ([1],))
def everyday_quicksort(xs):
    if len(xs) <= 1:
        return xs
    p = xs[len(xs) // 2]
    left = [v for v in xs if v < p]
    mid = [v for v in xs if v == p]
    right = [v for v in xs if v > p]
    return everyday_quicksort(left) + mid + everyday_quicksort(right)


@program(([3, 1, 2, 5, 4],), ([],), ([1],))
def mergesort(xs):
    def merge(a, b):
        out = []
        i = j = 0
        while i < len(a) and j < len(b):
            if a[i] <= b[j]:
                out.append(a[i])
                i += 1
            else:
                out.append(b[j])
                j += 1
        out.extend(a[i:])
        out.extend(b[j:])
        return out

    def sort(v):
        if len(v) < 2:
            return v
        m = len(v) // 2
        return merge(sort(v[:m]), sort(v[m:]))

    return sort(xs)


@program(("the quick brown the fox the quick",), ("",), ("a",))
def everyday_word_count(s):
    counts = {}
    for w in s.split():
        counts[w] = counts.get(w, 0) + 1
    best = sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
    return best, max(counts, key=counts.get, default=None)


@program(("hello world",), ("",), ("aabbb",))
def rle(s):
    out = []
    i = 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]:
            j += 1
        out.append(f"{s[i]}{j - i}" if j - i > 1 else s[i])
        i = j
    return "".join(out)


@program(("()[]{}",), ("(]",), ("((",), ("",))
def brackets(s):
    stack = []
    pairs = {")": "(", "]": "[", "}": "{"}
    for c in s:
        if c in pairs.values():
            stack.append(c)
        elif c in pairs:
            if not stack or stack.pop() != pairs[c]:
                return False
    return not stack


@program((10,), (1,), (0,), (97,))
def primes(n):
    sieve = [True] * (n + 1)
    out = []
    for p in range(2, n + 1):
        if sieve[p]:
            out.append(p)
            for q in range(p * p, n + 1, p):
                sieve[q] = False
    return out


@program((48, 18), (7, 0), (0, 0))
def gcd_lcm(a, b):
    x, y = a, b
    while y:
        x, y = y, x % y
    return x, (a * b // x if x else 0)


@program((6,), (27,), (1,))
def everyday_collatz(n):
    seq = [n]
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        seq.append(n)
    return len(seq), max(seq), seq[:5]


@program((5,), (0,), (1,))
def everyday_pascal(n):
    rows = []
    for i in range(n):
        row = [1] * (i + 1)
        for j in range(1, i):
            row[j] = rows[i - 1][j - 1] + rows[i - 1][j]
        rows.append(row)
    return rows


@program((4,), (1,), (6,))
def queens(n):
    solutions = []

    def place(row, cols, d1, d2, board):
        if row == n:
            solutions.append(list(board))
            return
        for c in range(n):
            if c in cols or row + c in d1 or row - c in d2:
                continue
            board.append(c)
            place(row + 1, cols | {c}, d1 | {row + c}, d2 | {row - c}, board)
            board.pop()

    place(0, frozenset(), frozenset(), frozenset(), [])
    return len(solutions), solutions[:2]


@program(({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, "a"), ({"a": []}, "a"))
def everyday_bfs(g, s):
    dist = {s: 0}
    q = deque([s])
    order = []
    while q:
        u = q.popleft()
        order.append(u)
        for v in g[u]:
            if v not in dist:
                dist[v] = dist[u] + 1
                q.append(v)
    return order, dist


@program(([[0, 4, 1], [4, 0, 2], [1, 2, 0]],), ([[0]],))
def floyd(w):
    n = len(w)
    d = [row[:] for row in w]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if d[i][k] + d[k][j] < d[i][j]:
                    d[i][j] = d[i][k] + d[k][j]
    return d


@program(([(0, 1, 4), (1, 2, 8), (0, 2, 3)], 3), ([], 1))
def everyday_kruskal(edges, n):
    parent = list(range(n))

    def find(x):
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    total, used = 0, []
    for a, b, w in sorted(edges, key=lambda e: e[2]):
        ra, rb = find(a), find(b)
        if ra != rb:
            parent[ra] = rb
            total += w
            used.append((a, b))
    return total, used


@program(([10, 20, 30], [60, 100, 120], 50), ([], [], 5))
def everyday_knapsack(ws, vs, cap):
    best = [0] * (cap + 1)
    for w, v in zip(ws, vs):
        for c in range(cap, w - 1, -1):
            best[c] = max(best[c], best[c - w] + v)
    return best[cap]


@program(("kitten", "sitting"), ("", "abc"), ("a", "a"))
def edit_distance(a, b):
    prev = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        cur = [i]
        for j, cb in enumerate(b, 1):
            cur.append(min(prev[j] + 1, cur[j - 1] + 1, prev[j - 1] + (ca != cb)))
        prev = cur
    return prev[-1]


@program(("abcbdab", "bdcaba"), ("", "x"))
def lcs(a, b):
    @functools.lru_cache(maxsize=None)
    def go(i, j):
        if i == len(a) or j == len(b):
            return ""
        if a[i] == b[j]:
            return a[i] + go(i + 1, j + 1)
        x, y = go(i + 1, j), go(i, j + 1)
        return x if len(x) >= len(y) else y

    return go(0, 0)


@program((f64(1, 2, 3, 4),), (f64(),), (f64(5),))
def stats(x):
    n = len(x)
    if n == 0:
        return None
    mean = sum(x) / n
    var = sum((v - mean) ** 2 for v in x) / n
    s = sorted(x)
    med = s[n // 2] if n % 2 else (s[n // 2 - 1] + s[n // 2]) / 2
    return mean, var**0.5, med, min(x), max(x)


@program((f64(1, 3, 2, 5, 4), 3), (f64(1, 2), 1))
def everyday_moving_average(x, k):
    out = np.empty(len(x) - k + 1)
    s = x[:k].sum()
    out[0] = s / k
    for i in range(k, len(x)):
        s += x[i] - x[i - k]
        out[i - k + 1] = s / k
    return out


@program(
    (np.eye(3) * 2 + 1, f64(1, 2, 3)),
    (np.array([[0.0, 2.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 3.0]]), f64(1, 2, 3)),
)
def gauss(a, b):
    a, b = a.copy(), b.copy()
    n = len(b)
    for k in range(n):
        p = k + np.argmax(np.abs(a[k:, k]))
        if p != k:
            a[[k, p]] = a[[p, k]]
            b[[k, p]] = b[[p, k]]
        for i in range(k + 1, n):
            f = a[i, k] / a[k, k]
            a[i, k:] -= f * a[k, k:]
            b[i] -= f * b[k]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - a[i, i + 1 :] @ x[i + 1 :]) / a[i, i]
    return x


@program((2.0, 1e-9), (0.0, 1e-9), (-1.0, 1e-3))
def newton_sqrt(v, tol):
    if v < 0:
        raise ValueError(f"negative: {v}")
    x = v or 1.0
    steps = 0
    while abs(x * x - v) > tol and steps < 50:
        x = 0.5 * (x + v / x)
        steps += 1
    return round(x, 6), steps


@program((np.arange(12.0).reshape(3, 4),))
def matrix_walk(m):
    rows, cols = m.shape
    out = []
    top, left, bottom, right = 0, 0, rows - 1, cols - 1
    while top <= bottom and left <= right:
        for c in range(left, right + 1):
            out.append(m[top, c])
        top += 1
        for r in range(top, bottom + 1):
            out.append(m[r, right])
        right -= 1
        if top <= bottom:
            for c in range(right, left - 1, -1):
                out.append(m[bottom, c])
            bottom -= 1
        if left <= right:
            for r in range(bottom, top - 1, -1):
                out.append(m[r, left])
            left += 1
    return out


@program(
    (np.array([[0, 1, 0], [0, 1, 0], [0, 1, 0]]), 2),
)
def life(g, steps):
    for _ in range(steps):
        new = g.copy()
        for i in range(g.shape[0]):
            for j in range(g.shape[1]):
                c = 0
                for di in (-1, 0, 1):
                    for dj in (-1, 0, 1):
                        if (di or dj) and 0 <= i + di < g.shape[0] and 0 <= j + dj < g.shape[1]:
                            c += g[i + di, j + dj]
                new[i, j] = 1 if c == 3 or (c == 2 and g[i, j]) else 0
        g = new
    return g


class Account:
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.log = []

    def deposit(self, v):
        if v <= 0:
            raise ValueError("bad amount")
        self.balance += v
        self.log.append(("d", v))
        return self

    def withdraw(self, v):
        if v > self.balance:
            raise RuntimeError(f"{self.owner} lacks {v - self.balance}")
        self.balance -= v
        self.log.append(("w", v))
        return self

    def __repr__(self):
        return f"Account({self.owner!r}, {self.balance})"


@program((10, 5), (10, 50), (-1, 0), forms=HERE)
def accounts(a, b):
    x, y = Account("x"), Account("y", 3)
    errors = []
    for who, what, v in ((x, "deposit", a), (y, "withdraw", b), (x, "withdraw", 1)):
        try:
            getattr(who, what)(v)
        except (ValueError, RuntimeError) as e:
            errors.append(f"{type(e).__name__}: {e}")
    return repr(x), y.balance, x.log, y.log, errors


class Stack:
    def __init__(self):
        self._items = []

    def push(self, v):
        self._items.append(v)

    def pop(self):
        if not self._items:
            raise IndexError("empty")
        return self._items.pop()

    def __len__(self):
        return len(self._items)

    def __bool__(self):
        return bool(self._items)

    def __iter__(self):
        return reversed(self._items)

    def __contains__(self, v):
        return v in self._items


@program(("3 4 + 2 *",), ("1 +",), ("5 1 2 + 4 * + 3 -",), forms=HERE)
def everyday_rpn(s):
    st = Stack()
    ops = {"+": operator.add, "-": operator.sub, "*": operator.mul}
    try:
        for t in s.split():
            if t in ops:
                b, a = st.pop(), st.pop()
                st.push(ops[t](a, b))
            else:
                st.push(int(t))
    except IndexError as e:
        return str(e)
    return st.pop(), len(st), bool(st)
