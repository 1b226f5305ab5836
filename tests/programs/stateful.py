"""What acts outside of the program, or keeps state there: Python as it is, exceptions of the user's, objects with
state. Nothing of it may be done while tracing, or once for all calls.
"""

import numpy as np

from dy2static import not_to_static
from tests.programs.row import f64, program

BEYOND_SAVING = ("converted", "traced")
THRICE = ((1.0,), (3.0,), (5.0,), (5.0,))


# Python as it is


def as_is():
    log = []

    @not_to_static
    def noisy(x):
        log.append(x)
        return x * 2

    return log, noisy


@program(*THRICE, made=True, stages="cond", forms=BEYOND_SAVING)
def as_is_in_a_branch():
    log, noisy = as_is()

    def f(x):
        if x > 1:
            x = noisy(x)
        return x, len(log), log

    return f


@program(*THRICE, made=True, stages="while_loop", forms=BEYOND_SAVING)
def as_is_in_a_loop():
    log, noisy = as_is()

    def f(x):
        while x < 100:
            x = noisy(x) + len(log)
        return x

    return f


@program((f64(1, 2),), (f64(3, 4),), made=True, stages="while_loop", forms=BEYOND_SAVING)
def as_is_changes_arrays_and_captured_names():
    count = 0

    @not_to_static
    def bump(x):
        nonlocal count
        count += 1
        x[0] = count
        return x

    def f(x):
        total = 0.0
        for _ in range(3):
            before = x.sum()
            y = bump(x)
            total += before + count
        return total, count, y is x, x

    return f


class Refused(Exception):
    def __init__(self, a, b):
        super().__init__(f"{a}:{b}")
        self.a = a
        self.b = b

    def both(self):
        return self.a, self.b


@not_to_static
def refuse(x):
    if x > 2:
        raise Refused(x, 1)
    return float(x)


@program(*THRICE, stages="try", forms=BEYOND_SAVING)
def as_is_raises_inside_try(x):
    try:
        y = refuse(x)
    except Refused as error:
        y = error.a + 10
    return y


@program(*THRICE, forms=BEYOND_SAVING)
def as_is_raises_to_the_caller(x):
    return refuse(x)


@not_to_static
def extend(items, *, table=None):
    items.append(len(items))
    if table is not None:
        table["n"] = items
    return items


@program((1,), (2,), (-1,), stages="cond", forms=BEYOND_SAVING)
def as_is_changes_lists_made_here(x):
    items = [x, 2]
    table = {"k": x}
    if x > 0:
        same = extend(items, table=table)
        same.append(5)
    return items, len(items), table


@program(([1], 1), ([1, 2], 1), ([1], -1), stages="cond", forms=BEYOND_SAVING)
def as_is_changes_lists_of_the_caller(items, x):
    if x > 0:
        extend(items)
    return len(items), items


class Ticker:
    def __init__(self):
        self.count = 0
        self.seen = []

    @not_to_static
    def tick(self, x):
        self.count += 1
        self.seen.append(x)
        return self.count

    def run(self, x):
        ticked = self.tick(x) if x > 0 else 0
        return ticked, self.count, len(self.seen)


@program((1,), (1,), (-1,), (2,), made=True, stages="cond", forms=BEYOND_SAVING)
def as_is_method():
    return Ticker().run


@not_to_static
def kind_of(x):
    return 1 if x.sum() > 3 else float(x[0])


as_is_vectorized = not_to_static(np.vectorize(lambda v: v + 1 if v > 1 else v))


@program((f64(1, 1),), (f64(3, 4),), forms=BEYOND_SAVING)
def as_is_needs_the_values(x):
    return kind_of(x), as_is_vectorized(x) * 2
