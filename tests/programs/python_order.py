"""What runs when: lazy iterables, generators and managers in turn with what takes from them; chosen functions."""

import functools
import itertools
import operator
from contextlib import contextmanager, nullcontext

import numpy as np

from tests.programs.row import f64, program


@program((f64(1, 2, 3),))
def mutate_between(x):
    z = zip(x, x * 2)
    e = enumerate(x)
    m = map(lambda v: v + 1, x)
    g = (v * 2 for v in x)
    r = reversed(x)
    x[0] = 10.0
    return list(z), list(e), list(m), list(g), list(r)


@program((f64(1, 2, 3),))
def rebind_between(x):
    k = 1.0
    g = (v * k for v in x)
    m = map(lambda v: v * k, x)
    k = 5.0
    return list(g), list(m)


@program((f64(1, 2, 3),))
def list_grows_between(x):
    xs = [1.0]
    m = map(lambda v: v + x[0], xs)
    xs.append(2.0)
    return list(m)


@program((f64(1, 2, 3), 2), (f64(1, 2, 3), 5))
def choice_in_loop(x, n):
    fs = [np.sin, np.cos, lambda v: v * v]
    t = 0.0
    for i in range(n):
        t += fs[i % 3](x).sum()
    return t


@program((1,), (5,), (-1,), (-7,))
def choice_index_error(k):
    fs = [abs, float, str]
    return fs[k](-3)


@program(("a",), ("z",))
def choice_key_error(k):
    fs = {"a": abs, "b": float}
    return fs[k](-3)


@program((2.0,), (-2.0,))
def choice_effects(x):
    log = []

    def a(v):
        log.append("a")
        return v

    def b(v):
        log.append("b")
        print(v)
        return -v

    f = a if x > 0 else b
    y = f(x)
    z = f(y)
    return y, z, log


@program((2.0,), (-2.0,))
def choice_raises(x):
    def bad(v):
        raise ValueError("bad")

    f = abs if x > 0 else bad
    try:
        return f(x)
    except ValueError as e:
        return str(e)


@program((2.0,), (-2.0,))
def choice_passed(x):
    def twice(f, v):
        return f(f(v))

    return twice(np.sqrt if x > 0 else np.square, x)


@program((2.0,), (-2.0,))
def choice_kept(x):
    class H:
        pass

    h = H()
    h.f = np.abs
    if x > 0:
        h.f = np.negative
    d = {"f": h.f}
    return h.f(x), d["f"](x), [h.f][0](x)


@program((2.0,), (-2.0,))
def choice_compare(x):
    f = abs if x > 0 else float
    return f is abs, f == float, f is not None, callable(f), bool(f)


@program((2.0,), (-2.0,))
def choice_name(x):
    f = len if x > 0 else abs
    return f.__name__


@program((2.0,), (-2.0,))
def choice_returned(x):
    return abs if x > 0 else float


@program((2.0,), (-2.0,))
def choice_none(x):
    f = abs if x > 0 else None
    return f(x)


@program((2.0,), (-2.0,))
def choice_maybe_unset(x):
    if x > 0:
        f = abs
    return f(x)


@program((2.0, 3.0), (-2.0, 3.0), (2.0, -3.0))
def choice_nested(x, y):
    f = np.sin if x > 0 else (np.cos if y > 0 else np.tan)
    g = f if y > 0 else abs
    return f(x), g(x)


@program((2.0,), (-2.0,))
def choice_isinstance(x):
    cls = int if x > 0 else float
    return isinstance(x, cls), cls.__name__, cls("3")


@program((2.0,), (-2.0,))
def choice_map(x):
    f = abs if x > 0 else float
    return list(map(f, [x, 1.0])), sorted([x, -3.0], key=abs if x > 0 else float)


@program((3,), (1,))
def generator_effects(n):
    log = []

    def g():
        for i in range(n):
            log.append(("g", i))
            yield i
        log.append("end")

    for v in g():
        log.append(("c", v))
        if v == 1:
            break
    else:
        log.append("else")
    return log


@program((3,), (1,))
def generator_two(n):
    def g(k):
        for i in range(k):
            yield i

    t = 0
    for a in g(n):
        for b in g(a):
            if b == 2:
                continue
            t += a * b
    return t, [(a, b) for a in g(n) for b in g(2)]


@program((3,), (0,), (9,))
def generator_return_value_in_loop(n):
    def g():
        for i in range(n):
            if i == 2:
                return
            yield i

    for v in g():
        if v == n - 3:
            return "left"
    return "none"


@program((f64(1, -2, 3),))
def generator_nested_loops_break(x):
    def g():
        for i in range(3):
            for v in x:
                if v < 0:
                    continue
                if v > 2:
                    break
                yield i * v

    return sum(g()), list(itertools.islice(g(), 2))


@program((f64(1, -2, 3),))
def generator_raises(x):
    def g():
        for v in x:
            if v < 0:
                raise ValueError("neg")
            yield v

    out = []
    try:
        for v in g():
            out.append(v)
    except ValueError as e:
        out.append(str(e))
    return out


@contextmanager
def cm(log, swallow):
    log.append("in")
    try:
        yield log
    except KeyError:
        log.append("caught")
        if not swallow:
            raise
    log.append("out")


@program((1.0, True), (-1.0, True), (-1.0, False))
def manager_swallows(x, s):
    log = []
    try:
        with cm(log, s) as l:
            if x < 0:
                raise KeyError("k")
            l.append("body")
    except KeyError:
        log.append("outer")
    return log


@program((1.0,), (-1.0,), (5.0,))
def manager_loop_return(x):
    log = []
    for i in range(3):
        with cm(log, True):
            if x < 0:
                return i, log
            x -= 0.7
    return x, log


@program((1.0,))
def manager_exit_value(x):
    class M:
        def __enter__(self):
            print("enter")
            return x

        def __exit__(self, t, v, tb):
            print(t is None)
            return True

    with M() as m:
        y = m * 2
        raise ValueError("s")
    return m


@program((1.0,), (-1.0,))
def manager_as_attr(x):
    class H:
        pass

    h = H()
    with nullcontext(x) as h.v, nullcontext([x, 2]) as (a, b):
        if x > 0:
            h.v = h.v + a + b
    return h.v


@program((1.0,), (-1.0,))
def exc_attrs(x):
    class E(ValueError):
        def __init__(self, v, w=2):
            self.v = v
            self.w = w
            super().__init__(f"v={v}")

    def f():
        if x < 0:
            raise E(x, w=3)
        return x

    try:
        return f()
    except E as e:
        return e.v, e.w, str(e), e.args


@program((f64(1, 2, 3),), (f64(-1, 2, 3),))
def lazies_in_if(x):
    m = map(lambda v: v + 1, x)
    if x[0] > 0:
        a = list(m)
    else:
        a = sum(m)
    return a


@program((f64(1, 2, 3),))
def accumulate_max(x):
    return (
        list(itertools.accumulate(x, max)),
        list(itertools.accumulate(x, operator.mul, initial=2.0)),
        functools.reduce(operator.add, map(abs, x), 0.0),
    )


@program(
    (4,),
)
def nonlocal_in_loop_callee(n):
    def run(k):
        total = 0

        def add(v):
            nonlocal total
            if v > 1:
                total += v

        for i in range(k):
            add(i)
        return total

    s = 0
    for j in range(n):
        s += run(j)
    return s


@program(
    (4,),
)
def try_in_callee_in_loop(n):
    def safe(a, b):
        r = 0
        try:
            r = a // b
        except ZeroDivisionError:
            r = -1
        return r

    out = []
    try:
        for j in range(n):
            out.append(safe(5, j))
    finally:
        out.append("f")
    return out


@program((1,), (0,), (2,))
def order_in_dicts(n):
    log = []

    def told(value):
        log.append(value)
        return value

    plain = {told(n): told("a"), told(7): told("b")}
    spread = {told(8): told(n), **plain, told(9): told("c")}
    return plain, spread, log
