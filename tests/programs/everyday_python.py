"""Python as strangers write it: loops and their exits, closures, generators, containers, classes and errors."""

import bisect
import heapq
import math

from tests.programs.row import program

HERE = ("converted", "traced")


@program((3,), (0,))
def loop_else_chain(n):
    out = []
    for i in range(n + 2):
        for j in range(2, i):
            if i % j == 0:
                out.append((i, j))
                break
        else:
            out.append(i)
            continue
        if len(out) > 4:
            break
    else:
        out.append("done")
    return out


@program((3,), (0,), (5,))
def try_in_loop(n):
    out = []
    i = 0
    while True:
        try:
            i += 1
            if i == n:
                continue
            if i > 6:
                break
            out.append(10 // (i - 3))
        except ZeroDivisionError:
            out.append("z")
            continue
        else:
            out.append("ok")
        finally:
            out.append(i)
    return out


@program((3,), (0,), (5,))
def return_in_try(n):
    log = []

    def f(k):
        for i in range(k):
            try:
                if i == 2:
                    return "two"
                log.append(i)
            finally:
                log.append("f")
        return "end"

    return f(n), f(1), log


@program((2,), (0,))
def nested_functions_state(n):
    total = 0

    def outer(k):
        nonlocal total

        def inner(j):
            nonlocal total
            total += j * k
            return total

        return [inner(j) for j in range(k)]

    r = [outer(k) for k in range(n + 2)]
    return r, total


@program((4,), (0,))
def gen_pipeline(n):
    def src():
        for i in range(n * 3):
            yield i

    def odd(it):
        for v in it:
            if v % 2:
                yield v

    def pair(it):
        it = iter(it)
        for a in it:
            b = next(it, None)
            yield a, b

    return list(pair(odd(src()))), sum(odd(src()))


@program((4,), (0,))
def everyday_gen_send(n):
    def avg():
        total = c = 0
        r = None
        while True:
            v = yield r
            total += v
            c += 1
            r = total / c

    g = avg()
    next(g)
    return [g.send(i) for i in range(3)]


@program((4,), (0,))
def chunks(n):
    def chunk(xs, k):
        for i in range(0, len(xs), k):
            yield xs[i : i + k]

    xs = list(range(n * 2 + 1))
    return [c for c in chunk(xs, 3)], [sum(c) for c in chunk(xs, 2)]


@program((4,), (0,))
def memo_dict(n):
    memo = {}

    def f(k):
        if k in memo:
            return memo[k]
        r = k if k < 2 else f(k - 1) + f(k - 2)
        memo[k] = r
        return r

    return f(n), sorted(memo.items())


@program((4,), (1,))
def default_mutable(n):
    def add(v, acc=[]):
        acc.append(v)
        return acc

    a = add(1)
    b = add(n)
    c = add(5, [n])
    return a, b is a, c


@program((4,), (1,))
def everyday_star_args(n):
    def f(a, *args, k=2, **kw):
        return a, args, k, sorted(kw.items())

    xs = [n] * 2
    d = {"k": n, "z": 1}
    return f(1), f(*xs, 3), f(0, *xs, **d), f(*[1, 2], *(3,), k=5, **{"q": n})


@program((4,), (1,), (-1,))
def multi_return(n):
    def f(v):
        if v > 3:
            return "big", v
        elif v < 0:
            return None
        return v

    r = f(n)
    if r is None:
        return "none"
    if isinstance(r, tuple):
        a, b = r
        return a + str(b)
    return r


@program((4,), (1,))
def walrus(n):
    xs = list(range(n))
    out = []
    while (k := len(xs)) > 1:
        out.append(k)
        xs.pop()
    if any((m := v) > 2 for v in range(n)):
        out.append(m)
    return out, [y for x in range(n) if (y := x * x) % 2 == 0]


@program((4,), (1,))
def slicing(n):
    xs = list(range(10))
    xs[2:4] = [n, n, n]
    del xs[::3]
    xs[-2:] = []
    xs[1:1] = ["a"]
    ys = xs[::-1]
    return xs, ys, xs[n:], xs[:-n], xs[n:1:-1]


@program((4,), (1,))
def dict_ops(n):
    d = {i: i * i for i in range(n)}
    d.update({n: "n"}, x=1)
    p = d.pop(0, None)
    q = d.setdefault("y", [])
    q.append(n)
    items = [(k, v) for k, v in d.items() if k != "x"]
    e = dict(zip("abc", range(n)))
    inv = {v: k for k, v in e.items()}
    return d, p, items, inv, {**e, "z": n}, d | e, list(d), len(d), n in d


@program((4,), (1,))
def set_ops(n):
    a = set(range(n))
    b = {1, 2, 9}
    a |= {n + 5}
    c = a & b, a - b, a ^ b, a <= b, a.isdisjoint({100})
    a.discard(0)
    return c, sorted(a), frozenset(b) | a


@program(("a=1;b=2;c",), ("",), ("x=y=z",))
def parse_pairs(s):
    out = {}
    bad = []
    for part in s.split(";"):
        try:
            k, v = part.split("=")
            out[k.strip()] = int(v)
        except ValueError as e:
            bad.append(part)
    return out, bad


@program(("the cat sat",), ("",))
def strings(s):
    ws = s.split()
    return (
        " ".join(w.capitalize() for w in ws),
        s[::-1],
        s.title(),
        s.replace("cat", "dog"),
        s.find("sat"),
        s.startswith("the"),
        [f"{w:>5}|{w!r:<7}|{len(w):03d}" for w in ws],
        "%s has %d" % (s, len(s)),
        s.partition(" "),
        "-".join(sorted(set(s))),
        s.upper().swapcase(),
        s.center(15, "*"),
        s.isalpha(),
        s.encode(),
    )


@program((1234.5678,), (-0.5,))
def formats(v):
    return (
        f"{v:.2f} {v:10.1f}|{v:<10.1f}|{v:^10.1f}|{v:+.1e}|{v:,.2f}|{int(v):b}|{int(v):x}",
        "{:.3f} {}".format(v, v),
        "%.2f" % v,
        repr(v),
        str(round(v, 1)),
        f"{v!r:>12}",
        f"{v=:.1f}",
    )


@program(([5, 2, 8, 1],), ([],))
def everyday_heaps(xs):
    h = []
    for x in xs:
        heapq.heappush(h, (x, -x))
    out = []
    while h:
        out.append(heapq.heappop(h)[0])
    ys = []
    for x in xs:
        bisect.insort(ys, x)
    return out, ys, heapq.nlargest(2, xs), bisect.bisect_left(ys, 3)


@program(
    ({"A": {"B": 1, "C": 4}, "B": {"C": 2, "D": 5}, "C": {"D": 1}, "D": {}}, "A"),
)
def dijkstra(g, s):
    dist = {v: math.inf for v in g}
    dist[s] = 0
    prev = {}
    q = [(0, s)]
    while q:
        d, u = heapq.heappop(q)
        if d > dist[u]:
            continue
        for v, w in g[u].items():
            if d + w < dist[v]:
                dist[v] = d + w
                prev[v] = u
                heapq.heappush(q, (d + w, v))
    path, v = [], "D"
    while v != s:
        path.append(v)
        v = prev[v]
    return dist, path[::-1]


@program(({"a": ["b"], "b": ["c"], "c": []},), ({"a": ["b"], "b": ["a"]},))
def topo(g):
    state = {}
    order = []

    def visit(u):
        if state.get(u) == 1:
            raise ValueError("cycle at " + u)
        if state.get(u) == 2:
            return
        state[u] = 1
        for v in g[u]:
            visit(v)
        state[u] = 2
        order.append(u)

    try:
        for u in g:
            visit(u)
    except ValueError as e:
        return str(e)
    return order[::-1]


class LinkedList:
    class Node:
        __slots__ = ("v", "next")

        def __init__(self, v, next=None):
            self.v, self.next = v, next

    def __init__(self, xs=()):
        self.head = None
        self.n = 0
        for x in xs:
            self.push(x)

    def push(self, v):
        self.head = self.Node(v, self.head)
        self.n += 1

    def reverse(self):
        prev, cur = None, self.head
        while cur:
            cur.next, prev, cur = prev, cur, cur.next
        self.head = prev

    def __iter__(self):
        n = self.head
        while n is not None:
            yield n.v
            n = n.next

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        for k, v in enumerate(self):
            if k == i:
                return v
        raise IndexError(i)


@program((3,), (0,), forms=HERE)
def linked(n):
    l = LinkedList(range(n))
    l.push("z")
    a = list(l)
    l.reverse()
    try:
        x = l[n + 5]
    except IndexError as e:
        x = f"no {e}"
    return a, list(l), len(l), l[0], x, n - 1 in l


class Matrix:
    def __init__(self, rows):
        self.rows = [list(r) for r in rows]

    def __matmul__(self, o):
        return Matrix([[sum(a * b for a, b in zip(r, c)) for c in zip(*o.rows)] for r in self.rows])

    def __eq__(self, o):
        return isinstance(o, Matrix) and self.rows == o.rows

    def __getitem__(self, ij):
        i, j = ij
        return self.rows[i][j]

    def __setitem__(self, ij, v):
        i, j = ij
        self.rows[i][j] = v

    def __repr__(self):
        return "\n".join(" ".join(map(str, r)) for r in self.rows)

    @classmethod
    def eye(cls, n):
        return cls([[int(i == j) for j in range(n)] for i in range(n)])

    @property
    def T(self):
        return Matrix(zip(*self.rows))

    @staticmethod
    def zeros(n):
        return Matrix([[0] * n for _ in range(n)])


@program((2,), (1,), forms=HERE)
def matrices(n):
    m = Matrix([[1, n], [3, 4]])
    z = Matrix.zeros(2)
    z[0, 1] = n
    p = m @ m
    return repr(p), (m @ Matrix.eye(2)) == m, m.T[0, 1], repr(z), m != z
