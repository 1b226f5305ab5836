"""Functions that are chosen when the program runs, put into containers, or called by NumPy."""

import functools
import operator

import numpy as np

from tests.programs.row import f64, grid, program


def up(v):
    return v + 1


def down(v):
    return v - 1


@program((2.0,), (-2.0,))
def tern_fn(x):
    f = up if x > 0 else down
    return f(x)


@program((2.0,), (-2.0,))
def tern_fn_np(x):
    f = np.sin if x > 0 else np.cos
    return f(x)


@program((2.0,), (-2.0,))
def tern_lambda(x):
    f = (lambda v: v * 2) if x > 0 else (lambda v: v / 2)
    return f(x)


@program((2.0,), (-2.0,))
def tern_inline(x):
    return (up if x > 0 else down)(x)


@program((2.0, 1), (-2.0, 0))
def dict_fn(x, k):
    table = {0: up, 1: down}
    return table[k](x)


@program((2.0, 1), (-2.0, 0))
def list_fn(x, k):
    table = [up, down]
    return table[k](x)


@program((2.0, "up"), (-2.0, "down"))
def dict_fn_str(x, k):
    table = {"up": up, "down": down}
    return table[k](x)


@program((2.0,), (-2.0,))
def dict_get_fn(x):
    mode = "up" if x > 0 else "zz"
    table = {"up": up, "down": down}
    return table.get(mode, up)(x)


@program((2.0,), (-2.0,), (-0.5,))
def fn_if_assign(x):
    if x > 0:
        f = up
    elif x < -1:
        f = down
    else:
        f = abs
    y = f(x)
    return y + f(3.0)


@program((2.0,), (-2.0,))
def fn_loop_switch(x):
    f = up
    for i in range(4):
        x = f(x)
        if x > 3:
            f = down
    return x


@program((2.0,), (-2.0,))
def bound_method_choice(x):
    a = []
    b = []
    (a.append if x > 0 else b.append)(x)
    return a, b


@program((2.0,), (-2.0,))
def closure_choice(x):
    def mk(k):
        def g(v):
            return v * k

        return g

    f = mk(2) if x > 0 else mk(3)
    return f(x)


@program((2.0,), (-2.0,))
def closure_choice_staged(x):
    def mk(k):
        def g(v):
            return v * k

        return g

    f = mk(x) if x > 0 else mk(x + 1)
    return f(x)


class P:
    def __init__(self, k):
        self.k = k

    def a(self, x):
        return x + self.k

    def b(self, x):
        return x * self.k

    @classmethod
    def make(cls, k):
        return cls(k + 1)

    @staticmethod
    def st(x):
        return x * 2 if x > 0 else x


@program((2.0,), (-2.0,))
def method_choice(x):
    p = P(3)
    f = p.a if x > 0 else p.b
    return f(x)


@program((2.0,), (-2.0,))
def class_choice(x):
    cls = int if x > 0 else float
    return cls(x)


@program((2.0,), (-2.0,))
def getattr_name_choice(x):
    p = P(2)
    return getattr(p, "a" if x > 0 else "b")(x)


@program((2.0,), (-2.0,))
def op_choice(x):
    op = operator.add if x > 0 else operator.mul
    return op(x, 3)


@program((2.0,), (-2.0,))
def none_or_fn(x):
    f = up if x > 0 else None
    return f(x) if f is not None else x


@program((2.0,), (-2.0,))
def none_or_fn_truth(x):
    f = up if x > 0 else None
    if f:
        return f(x)
    return 0.0


@program((2.0,), (-2.0,))
def partial_choice(x):
    f = functools.partial(up) if x > 0 else functools.partial(down)
    return f(x)


@program((2.0,), (-2.0,))
def partial_attrs(x):
    f = functools.partial(operator.mul, x)
    return f(3), f.args, f.func is operator.mul, f.keywords


@program((2.0,), (-2.0,))
def partial_map(x):
    return list(map(functools.partial(operator.add, x), [1, 2, 3]))


@program((2.0,), (-2.0,))
def cond_import(x):
    if x > 0:
        import math

        y = math.floor(x)
    else:
        import math as m

        y = m.ceil(x)
    return y


@program((2.0,), (-2.0,))
def cond_import_from(x):
    if x > 0:
        from math import floor as f
    else:
        from math import ceil as f
    return f(x)


@program((2.0,))
def late1(x):
    fs = []
    for i in range(3):
        fs.append(lambda v: v * i)
    return [f(x) for f in fs]


@program((2.0,))
def late2(x):
    fs = [lambda v: v * i for i in range(3)]
    return [f(x) for f in fs]


@program((2.0,))
def late3(x):
    fs = [lambda v, i=i: v * i for i in range(3)]
    return [f(x) for f in fs]


@program((2.0, 3))
def late4(x, n):
    fs = []
    for i in range(n):

        def f(v, i=i):
            return v + i

        fs.append(f)
    return [f(x) for f in fs]


@program((2.0, 3))
def late5(x, n):
    fs = []
    for i in range(n):

        def f(v):
            return v + i

        fs.append(f)
    return [f(x) for f in fs]


class B:
    pass


@program((2.0,), (-2.0,))
def setattr_branch(x):
    b = B()
    b.k = 1.0
    if x > 0:
        setattr(b, "k", x)
    return getattr(b, "k")


@program((2.0,), (-2.0,))
def setattr_branch_new(x):
    b = B()
    if x > 0:
        setattr(b, "k", x)
    return getattr(b, "k", -1.0), hasattr(b, "k")


@program((2.0,), (-2.0,))
def setattr_staged_name(x):
    b = B()
    b.u = 1.0
    b.v = 2.0
    setattr(b, "u" if x > 0 else "v", x)
    return b.u, b.v


@program((f64(1, -2, 3),))
def vectorize(x):
    def f(v):
        return v * 2 if v > 0 else -v

    return np.vectorize(f)(x)


@np.vectorize
def vec2(a, b):
    if a > b:
        return a - b
    return a + b


@program((f64(1, -2, 3), 1.0))
def vectorize_deco(x, y):
    return vec2(x, y)


@program((grid(3, 4),))
def apply_along(x):
    def f(row):
        s = 0.0
        for v in row:
            if v > 0:
                s += v
        return s

    return np.apply_along_axis(f, 0, x), np.apply_along_axis(f, 1, x)


@program((grid(3, 4),))
def apply_along_np(x):
    return np.apply_along_axis(np.sort, 1, x), np.apply_along_axis(lambda r: r[::-1] * 2, 0, x)
