"""What strangers write when they are in a hurry: aliases, names that leak, parsers, managers and records."""

import types

import numpy as np

from tests.programs.row import f64, program

HERE = ("converted", "traced")


@program((3,), (0,))
def gen_finally_order(n):
    log = []

    def g():
        try:
            for i in range(n + 1):
                log.append(("y", i))
                yield i
        finally:
            log.append("done")

    for v in g():
        log.append(("b", v))
        if v == 2:
            break
    log.append("after")
    return log


@program((3,), (0,))
def del_and_rebind(n):
    x = [1, 2, n]
    y = x
    del x[0]
    x = x + [9]
    z = y
    y += [5]
    del y
    try:
        y
    except NameError as e:
        return x, z, type(e).__name__


@program((3,), (0,))
def unbound(n):
    try:
        if n:
            v = 1
        return v
    except UnboundLocalError as e:
        return "unbound"


@program((3,), (0,))
def loop_var_leak(n):
    for i in range(n):
        pass
    try:
        return i
    except UnboundLocalError:
        return "none"


@program((3,), (0,))
def everyday_late_binding(n):
    fs = [lambda: i for i in range(3)]
    gs = [lambda i=i: i * n for i in range(3)]
    return [f() for f in fs], [g() for g in gs]


@program((3,), (-2,))
def chained_compare(n):
    log = []

    def t(v):
        log.append(v)
        return v

    r = t(0) < t(n) < t(10) != t(5)
    s = t(1) == t(1) in [t(True)]
    return r, s, log


@program((3,), (0,))
def aug_everything(n):
    d = {"a": [1], "b": n}
    d["a"] += [2]
    d["b"] **= 2
    d["b"] //= 2
    o = types.SimpleNamespace(x=n, y=[n])
    o.x -= 1
    o.y *= 2
    m = np.zeros((2, 2), int)
    m[0] += n
    m[:, 1] -= 1
    m[m > 2] = 7
    t = ([],)
    try:
        t[0] += [n]
    except TypeError:
        pass
    return d, o.x, o.y, m, t


@program((3,), (0,))
def swap_chain(n):
    a, b, c = 1, n, 3
    a, b, c = c, a, b
    xs = [a, b, c]
    i = 0
    i, xs[i] = 2, "x"
    xs[0], xs[1] = xs[1], xs[0]
    (p, (q, *r)), s = (1, (2, 3, n)), 5
    return xs, i, p, q, r, s


@program((3,), (0,))
def while_complex(n):
    a, b, k = 0, 10, 0
    while (a < b and not (a == 7 or k > 20)) or k < n:
        k += 1
        if k % 3 == 0:
            b -= 1
            continue
        a += 2 if a % 2 == 0 else 1
    else:
        k = -k
    return a, b, k


@program((3,), (0,))
def dict_while_iter(n):
    d = {i: i for i in range(3)}
    try:
        for k in d:
            if k == n - 1:
                d[99] = 1
    except RuntimeError as e:
        return "changed", sorted(d)
    return d


@program((3,), (0,))
def list_while_iter(n):
    xs = [1, 2, 3, 4]
    out = []
    for x in xs:
        out.append(x)
        if x == n:
            xs.remove(x)
        if len(xs) < 6 and x == 2:
            xs.append(7)
    return out, xs


@program((3,), (0,))
def set_order_free(n):
    s = set()
    for i in range(n + 3):
        s ^= {i % 3, i}
    return sorted(s), len(s), {i for i in s if i > 1} == set(i for i in s if i > 1)


@program((3,), (0,))
def string_builder(n):
    parts = []
    for i in range(n):
        parts.append("%d:%s" % (i, "x" * i))
        parts[-1] = parts[-1].rjust(6, ".")
    s = "|".join(parts)
    lines = [l for l in s.split("|") if l]
    return s, lines, s.count("x"), s[:n], "".join(reversed(s)), s.translate({ord("x"): "y"})


@program(
    (np.arange(5.0),),
)
def array_alias_in_list(x):
    xs = [x, x[1:3], x.copy()]
    for a in xs:
        a *= 2
    xs[0][0] = 100
    return x, xs[1], xs[2], xs[0] is x


@program((np.arange(5.0), 3), (np.arange(5.0), 0))
def array_grow(x, n):
    for i in range(n):
        x = np.append(x, x[-1] + i)
        if len(x) > 6:
            x = x[1:]
    return x


@program((f64(1, 2), 3), (f64(1, 2), 0))
def tuple_state(x, n):
    best = (0, None)
    for i in range(n):
        v = (x * i).sum()
        if v > best[0]:
            best = (v, i)
    return best


@program((3,), (0,))
def mixed_type_state(n):
    v = None
    for i in range(n + 1):
        if v is None:
            v = i
        elif isinstance(v, int):
            v = str(v) + "s"
        else:
            v = [v]
    return v


@program((3,), (0,))
def recursion_mutual(n):
    def even(k):
        return True if k == 0 else odd(k - 1)

    def odd(k):
        return False if k == 0 else even(k - 1)

    return even(n), odd(n), even(10)


@program((3,), (0,))
def ackermann(n):
    def ack(m, k):
        if m == 0:
            return k + 1
        if k == 0:
            return ack(m - 1, 1)
        return ack(m - 1, ack(m, k - 1))

    return ack(2, n)


@program(([3, [1, [4]], {"a": [1, 5]}],), ([],))
def deep_sum(t):
    def go(v):
        match v:
            case list():
                return sum(go(i) for i in v)
            case dict():
                return sum(go(i) for i in v.values())
            case int():
                return v

    return go(t)


@program(("1 + 2 * ( 3 - 4 )",), ("2 * 3 + 4",), ("( 1",), forms=HERE)
def calc(s):
    toks = s.split()
    pos = 0

    def peek():
        return toks[pos] if pos < len(toks) else None

    def take():
        nonlocal pos
        pos += 1
        return toks[pos - 1]

    def expr():
        v = term()
        while peek() in ("+", "-"):
            v = v + term() if take() == "+" else v - term()
        return v

    def term():
        v = atom()
        while peek() == "*":
            take()
            v *= atom()
        return v

    def atom():
        t = take()
        if t == "(":
            v = expr()
            if peek() != ")":
                raise SyntaxError("paren")
            take()
            return v
        return int(t)

    try:
        return expr()
    except SyntaxError as e:
        return f"error {e.msg}"


@program(("name,age\nann,3\nbob,x\n",), ("",))
def csv_like(s):
    rows = [l.split(",") for l in s.strip().split("\n")]
    head, *body = rows
    out, bad = [], 0
    for r in body:
        d = dict(zip(head, r))
        try:
            d["age"] = int(d["age"])
        except ValueError:
            bad += 1
            continue
        out.append(d)
    return out, bad, head
