"""with over context managers made of generators, those of contextlib, and locks."""

import threading
from contextlib import contextmanager, nullcontext, suppress

import numpy as np

from tests.programs.row import program


@contextmanager
def timing(name):
    print("start", name)
    try:
        yield name
    except ValueError as e:
        print("caught", e)
        raise RuntimeError("r") from e
    finally:
        print("end", name)


@program((1.0,), (-1.0,))
def cm_nested(x):
    try:
        with timing("a") as a, timing("b") as b:
            if x < 0:
                raise ValueError("neg")
            print(a, b)
    except RuntimeError as e:
        return str(e)
    return x


@program((3,), (0,))
def cm_in_loop(n):
    t = 0
    for i in range(n):
        with timing(i) as k:
            if i == 1:
                continue
            if i == 3:
                break
            t += k
    return t


class Res:
    def __init__(s):
        s.log = []

    @contextmanager
    def using(s, k):
        s.log.append(k)
        yield s
        s.log.append(-k)


@program((3,), (-1,))
def cm_method(n):
    r = Res()
    with r.using(n) as q:
        if n > 0:
            q.log.append(100)
    return r.log


@program((3,), (-1,))
def cm_return(n):
    with timing("x"):
        if n > 0:
            return n
        n += 1
    return -n


@program((3.0,), (-1.0,))
def cm_local(x):
    k = 1.0

    @contextmanager
    def local(v):
        nonlocal k
        old = k
        k = v
        yield
        k = old

    with local(x):
        y = k * 2 if k > 0 else k
    return y, k


@program((3.0,), (-1.0,))
def cm_errstate(x):
    with np.errstate(divide="ignore"):
        return np.float64(x) / np.float64(0.0)


@contextmanager
def scaled(box, k):
    box.append(k)
    yield box[-1] * 2
    box.pop()


@program((2.0,), (-2.0,))
def ctx_gen(x):
    box = []
    with scaled(box, x) as y:
        if y > 0:
            z = y + 1
        else:
            z = y - 1
    return z, len(box)


@contextmanager
def restoring(state):
    old = state["k"]
    try:
        yield state
    finally:
        state["k"] = old


@program((2.0,), (-2.0,))
def ctx_gen_restore(x):
    s = {"k": 0}
    with restoring(s) as q:
        q["k"] = x
        if x > 0:
            return s["k"]
        y = s["k"] * 3
    return y, s["k"]


@contextmanager
def swallow():
    try:
        yield
    except ValueError:
        print("swallowed")


@program((2.0,), (-2.0,))
def ctx_gen_swallow(x):
    with swallow():
        if x < 0:
            raise ValueError("neg")
        x = x * 2
    return x


@program((2.0,), (-2.0,))
def suppress_(x):
    with suppress(ValueError):
        if x < 0:
            raise ValueError("neg")
        x = x * 2
    return x


@program((2.0,), (-2.0,))
def nullctx(x):
    with nullcontext(x) as y:
        if y > 0:
            y = y + 1
    return y


# Managers of the standard library that the function makes


class Guarded:
    def __init__(self):
        self.lock = threading.RLock()
        self.total = 0

    def add(self, n):
        with self.lock:
            self.total += n
            if n < 0:
                raise ValueError(n)


@program((3,), (0,), (-1,), stages="try", forms=("converted", "traced"))
def locks_made_inside(n):
    guarded, lock = Guarded(), threading.Lock()
    try:
        with lock, threading.Semaphore(2):
            guarded.add(1)
            guarded.add(n)
    except ValueError as error:
        return error.args, lock.locked()
    return guarded.total, lock.locked()
