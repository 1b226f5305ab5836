"""Generator functions and expressions: taken by loops, by builtins, item by item; endless, nested, recursive."""

import numpy as np

from tests.programs.row import f64, program


def count_up(n):
    i = 0
    while i < n:
        yield i * 2
        i += 1


@program((3,), (0,), (5,))
def gen_sum(n):
    return sum(count_up(n))


@program((3,), (0,))
def gen_list(n):
    return list(count_up(n))


@program((3,), (0,))
def gen_for(n):
    t = 0
    for v in count_up(n):
        if v > 3:
            break
        t += v
    return t


def pairs(xs):
    for a in xs:
        for b in xs:
            if a < b:
                yield a, b


@program((f64(1, 2, 3),))
def gen_pairs(x):
    t = 0.0
    for a, b in pairs(x):
        t += a * b
    return t


def delegating(x):
    yield 1
    yield from x
    yield from count_up(2)


@program((f64(1, 2, 3),))
def gen_from(x):
    t = 0.0
    for a in delegating(x):
        t = t * 2 + a
    return t


@program((5,))
def gen_next(n):
    g = count_up(n)
    a = next(g)
    b = next(g)
    return a, b, next(g, None)


def gen(x):
    for v in x:
        if v > 1:
            yield v


@program((f64(1, 2, 3),), (f64(-1, 2, 3),))
def gen_in_loop(x):
    t = 0.0
    for i in range(3):
        for v in gen(x):
            if v > 2.5:
                break
            t += v * i
    return t


@program((f64(1, 2, 3),), (f64(-1, 0, 1),))
def gen_in_cond(x):
    g = gen(x)
    if x[0] > 0:
        return sum(g)
    return len(list(g))


@program((f64(1, 2, 3),), (f64(-1, 0, 1),))
def gen_twice(x):
    g = gen(x)
    return list(g), list(g), sum(g)


@program((f64(1, 2, 3),))
def nested_gen(x):
    def inner(k):
        for v in x:
            if v > k:
                yield v * k

    def outer():
        yield from inner(1)
        for v in inner(2):
            yield -v

    return list(outer())


@program((f64(1, 2, 3),))
def nested_gen_state(x):
    total = 0.0

    def running():
        nonlocal total
        for v in x:
            total += v
            yield total

    out = [v for v in running()]
    return out, total


@program((f64(1, 2, 3),))
def genexp_value(x):
    g = (v * w for v in x for w in x if v < w)
    return sum(g)


@program((f64(1, 2, 3), 2.0))
def genexp_passed(x, k):
    def total(items):
        t = 0.0
        for v in items:
            t += v
        return t

    return total(v * k for v in x), total(v * k for v in x if v > 1)


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


@program((10,), (1,))
def infinite_gen(n):
    out = []
    for f in fib():
        if f > n:
            break
        out.append(f)
    return out


@program((3,))
def infinite_next(n):
    g = fib()
    return [next(g) for _ in range(n)]


@program((10,))
def infinite_zip(n):
    return [(i, f) for i, f in zip(range(n), fib())]


@program((10,))
def infinite_enum(n):
    for i, f in enumerate(fib()):
        if f > n:
            return i


def tree(depth, x):
    if depth == 0:
        yield x
        return
    yield from tree(depth - 1, x * 2)
    yield from tree(depth - 1, x + 1)


@program((2.0,))
def rec_gen(x):
    return list(tree(2, x))


def sender():
    got = yield 1
    yield got


@program((2.0,))
def gen_send(x):
    g = sender()
    next(g)
    return g.send(x)


@program((2.0,))
def gen_close(x):
    g = fib()
    next(g)
    g.close()
    return list(g)


def with_try(x):
    try:
        for v in x:
            yield v
    finally:
        print("closed")


@program((f64(1, 2, 3),))
def gen_finally(x):
    t = 0.0
    for v in with_try(x):
        if v > 1.5:
            break
        t += v
    print("after")
    return t


@program((f64(1, 2, 0),))
def gen_finally_raise(x):
    try:
        for v in with_try(x):
            if v == 0:
                raise ValueError("z")
    except ValueError as e:
        return str(e)


@program((f64(1, 2, 3),))
def unpack_gen(x):
    a, b = gen(x)
    c, *d = map(lambda v: v + 1, x)
    return a, b, c, d, [*gen(x)], max(*gen(x))


@program((f64(1, 2, 3),))
def gen_misc(x):
    return (
        sorted(gen(x), reverse=True),
        tuple(gen(x)),
        set(gen(x)),
        dict(enumerate(gen(x))),
        max(gen(x)),
        min(gen(x), key=lambda v: -v),
        ",".join(str(v) for v in gen(x)),
        any(v > 2 for v in gen(x)),
        all(gen(x)),
        2.0 in gen(x),
    )


@program((f64(1, 2, 3),))
def gen_np(x):
    return np.array(list(gen(x))), np.fromiter(gen(x), float), np.sum([v for v in gen(x)])


@program(
    (5,),
)
def gen_lists(n):
    def chunks(xs, k):
        for i in range(0, len(xs), k):
            yield xs[i : i + k]

    return list(chunks(list(range(n)), 2)), [len(c) for c in chunks("abcde", 2)]


@program((f64(1, 2, 3, 4),))
def gen_windows(x):
    def windows(a, k):
        for i in range(len(a) - k + 1):
            yield a[i : i + k]

    return [w.sum() for w in windows(x, 2)], sum(w.max() for w in windows(x, 3))


class GenIter:
    def __init__(s, x):
        s.x = x

    def __iter__(s):
        for v in s.x:
            yield v * 2


@program((f64(1, 2),))
def gen_iter_method(x):
    return sum(GenIter(x)), [v for v in GenIter(x)]
