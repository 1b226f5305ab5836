"""Generators, managers, chosen functions and exceptions inside branches, loops, methods and callees."""

import functools
import operator
from contextlib import contextmanager

import numpy as np

from tests.programs.row import f64, grid, program


def evens(x):
    for v in x:
        if v % 2 == 0:
            yield v


class Bag:
    def __init__(s, xs):
        s.xs = xs
        s.seen = 0

    def __iter__(s):
        for v in s.xs:
            s.seen += 1
            yield v

    def big(s, k):
        return [v for v in s if v > k]

    @property
    def total(s):
        return sum(v for v in s)


@program((f64(1, 2, 3), 2.0), (f64(4, 0, 6), 3.0))
def bag(x, k):
    b = Bag(x)
    r = b.big(k)
    if len(r) > 1:
        t = b.total
    else:
        t = max(b)
    return r, t, b.seen


@program((4, f64(1, 2, 4)), (0, f64(1, 2, 4)))
def gen_in_while(n, x):
    t = 0.0
    while n > 0:
        for v in evens(x):
            t += v
            if t > 20:
                break
        n -= 1
    return t, n


@program((f64(1, 2, 4),), (f64(-1, 2, 4),))
def gen_in_if_branch(x):
    if x[0] > 0:
        out = [v for v in evens(x)]
    else:
        out = list(evens(x))
        out.append(0.0)
    return out


@program((3,), (0,))
def gen_capturing_loop(n):
    out = []
    for i in range(n):
        g = (i * j for j in range(3))
        out.append(sum(g))
    return out


@program((3,), (0,))
def gens_in_list(n):
    gs = [(i * 10 + j for j in range(2)) for i in range(2)]
    return [list(g) for g in gs], n


@program((f64(3, 1, 2),))
def gen_sorted_key(x):
    return (
        sorted((v for v in x if v > 0), key=lambda v: -v),
        min((abs(v) for v in x), default=0),
        sum((v * v for v in x), 1.0),
    )


@program((f64(3, 1, 2),))
def gen_dict(x):
    return (
        {i: v for i, v in enumerate(evens(x))},
        dict((str(i), v) for i, v in enumerate(x)),
        set(v for v in x),
        "-".join(f"{v}" for v in x),
    )


@program((f64(3, 1, 2), 2.0), (f64(3, 1, 2), 9.0))
def gen_next_default(x, k):
    return next((i for i, v in enumerate(x.tolist()) if v == 1.0), -1), k


@program((5,), (0,))
def gen_all_any(n):
    return all(i < 4 for i in range(n)), any(i == 3 for i in range(n)), all(map(lambda i: i > -1, range(n)))


@program((5,), (2,))
def gen_send_acc(n):
    def acc():
        t = 0
        while True:
            v = yield t
            t += v

    g = acc()
    next(g)
    r = [g.send(1), g.send(n)]
    return r


@program((2.0,), (-2.0,))
def manager_state(x):
    class Ctx:
        depth = 0

        def __enter__(s):
            s.depth += 1
            return s

        def __exit__(s, t, v, tb):
            s.depth -= 1
            return t is ZeroDivisionError

    c = Ctx()
    with c:
        with c as d:
            y = 1 / (x - 2.0)
            if y < 0:
                y = d.depth
    return c.depth, x


@program((3,), (6,))
def manager_loop(n):
    log = []

    @contextmanager
    def m(k):
        log.append(k)
        try:
            yield k * 2
        finally:
            log.append(-k)

    t = 0
    for i in range(n):
        with m(i) as v:
            if v == 4:
                continue
            if v > 8:
                break
            t += v
    return t, log


@program((3.0,), (-1.0,))
def manager_callee(x):
    @contextmanager
    def m(k):
        yield k

    def inner(v):
        with m(v) as w:
            if w > 0:
                return w * 2
        return v

    return inner(x) + inner(1.0)


@program((3.0,), (-1.0,))
def manager_multi_yield(x):
    @contextmanager
    def m(k):
        if k > 0:
            yield "pos"
        else:
            yield "neg"

    with m(x) as s:
        return s, x


@program((3.0,), (-1.0,))
def manager_after(x):
    @contextmanager
    def m(box):
        yield
        box.append(len(box))
        if box[0] > 0:
            box.append("p")

    b = [x]
    with m(b):
        b.append(7)
    return b


@program((f64(1, 2, 3), 3), (f64(1, 2, 3), 0))
def choice_of_methods_in_loop(x, n):
    class S:
        def __init__(s):
            s.t = 0.0

        def add(s, v):
            s.t += v

        def sub(s, v):
            s.t -= v

    s = S()
    for i in range(n):
        f = s.add if i % 2 == 0 else s.sub
        f(x[i])
    return s.t


@program((1.0,), (-1.0,))
def choice_defaults(x):
    def mk(k):
        def f(v, *, w=k):
            return v * w

        return f

    f = mk(2) if x > 0 else mk(3)
    return f(x), f(x, w=1)


@program((1.0,), (-1.0,))
def choice_class(x):
    class A:
        def __init__(s, v):
            s.v = v

        def go(s):
            return s.v + 1

    class B(A):
        def go(s):
            return s.v - 1

    a, b = A(x), B(x)
    m = a.go if x > 0 else b.go
    return m()


@program((1.0,), (-1.0,))
def choice_ops(x):
    ops = {"+": operator.add, "-": operator.sub, "*": lambda a, b: a * b}
    s = "+" if x > 0 else "*"
    return ops[s](x, 2), functools.reduce(ops[s], [x, 2.0, 3.0])


@program((1.0,), (-1.0,))
def choice_dtype(x):
    dt = np.float32 if x > 0 else np.int16
    return np.zeros(2, dt), np.array([1, 2]).astype(dt), dt(3)


@program((1.0,), (-1.0,))
def choice_in_tuple(x):
    f, k = (np.sin, 2.0) if x > 0 else (np.cos, 3.0)
    return f(x) * k


@program((1.0,), (-1.0,))
def choice_default_arg(x):
    def run(v, f=None):
        f = f or (lambda u: u)
        return f(v)

    return run(x), run(x, np.sin if x > 0 else None)


@program((f64(1, -2, 3),))
def functions_by_data(x):
    fs = [np.negative, np.abs, np.square]
    return fs[int(np.argmax(x))](x), fs[x.argmin()](x)


@program((3,))
def fns_in_dict_loop(n):
    d = {}
    for i in range(n):
        d[i] = lambda v, i=i: v * i
    return [d[k](10) for k in d]


@program((3,))
def fns_attr_loop(n):
    class H:
        pass

    h = H()
    h.fs = []

    def reg(f):
        h.fs.append(f)
        return f

    for i in range(n):

        @reg
        def f(v, k=i):
            return v + k

    return sum(f(1) for f in h.fs)


@program((1.0,), (-1.0,))
def exc_in_loop(x):
    class Stop(Exception):
        def __init__(s, at):
            s.at = at

    def run(k):
        for i in range(k):
            if i * x > 1:
                raise Stop(i)

    try:
        run(4)
    except Stop as e:
        return "stopped", e.at
    return "done"


@program((1.0,), (-1.0,))
def exc_str(x):
    class E(Exception):
        def __init__(s, a):
            s.a = a

        def __str__(s):
            return f"E:{s.a}"

    try:
        if x > 0:
            raise E(x)
    except E as e:
        return str(e), repr(e.a), f"{e}"
    return "no"


@program((1.0,), (-1.0,))
def exc_reraised(x):
    class E(Exception):
        def __init__(s, a):
            super().__init__("m", a)
            s.a = a

    def g():
        if x > 0:
            raise E(x)
        return 1

    try:
        try:
            g()
        except E as e:
            e2 = e
            raise
    except Exception as e:
        return e.args, e.a
    return 0


@program((1.0,), (-1.0,))
def exc_uncaught(x):
    class E(Exception):
        def __init__(s, a):
            super().__init__("m")
            s.a = a

    if x > 0:
        raise E(x)
    return x


@program((f64(1, 2, 3),))
def np_vec_misc(x):
    @np.vectorize
    def f(a, b=2):
        return a * b if a > 1 else b

    return f(x), f(x, x), f(2.0), f([1, 2], [[1], [2]])


@program((f64(1.5, 2, 3),))
def np_vec_int_first(x):
    return (
        np.vectorize(lambda v: 1 if v < 2 else v)(x),
        np.vectorize(lambda v: v, otypes=[int])(x),
        np.vectorize(str)(x),
    )


@program((grid(3, 4),))
def np_apply_misc(x):
    return (
        np.apply_along_axis(lambda r, k: r.sum() * k, 1, x, 2),
        np.apply_along_axis(np.sum, -1, x),
        np.apply_along_axis(lambda r: np.array([r.min(), r.max()]), 0, x),
    )


@program((f64(1, 2, 4),), (f64(-1, 2, 4),))
def listed_in_a_branch(x):
    if x[0] > 0:
        out = [v for v in x if v % 2 == 0]
    else:
        out = [0.0]
    return out


@program((f64(1, 2, 4),), (f64(-1, 2, 4),))
def taken_in_a_branch(x):
    if x[0] > 0:
        out = [v for v in evens(x)]
    else:
        out = [0.0]
    return out


@program((f64(1, 2, 4),), (f64(-1, 2, 4),))
def list_of_a_generator_in_a_branch(x):
    if x[0] > 0:
        out = list(evens(x))
    else:
        out = [0.0]
    return out


@program((f64(1, 2, 4),), (f64(-1, 2, 4),))
def list_grown_in_a_loop_in_a_branch(x):
    if x[0] > 0:
        out = []
        for v in x:
            if v % 2 == 0:
                out.append(v)
    else:
        out = [0.0]
    return out


@program((f64(1, 2, 4),), (f64(-1, 2, 4),))
def list_grown_in_a_callee_in_a_branch(x):
    def f():
        out = []
        for v in x:
            if v % 2 == 0:
                out.append(v)
        return out

    if x[0] > 0:
        out = f()
    else:
        out = [0.0]
    return out


@program((f64(1.5, 2, 3),))
def vectorized_texts(x):
    return np.vectorize(lambda v: f"{v:.{int(v)}f}")(x)
