"""Builtins that take from a generator, and act on each item before they ask for the next; who is asked first."""

import functools
import math
from collections import Counter

import numpy as np

from tests.programs.row import f64, i64, program


class Loud:
    """A number that says what is done with it."""

    def __init__(self, v):
        self.v = v

    def __lt__(self, other):
        print("lt", self.v, other.v)
        return self.v < other.v

    def __gt__(self, other):
        print("gt", self.v, other.v)
        return self.v > other.v

    def __add__(self, other):
        print("add", self.v, getattr(other, "v", other))
        return Loud(self.v + getattr(other, "v", other))

    def __radd__(self, other):
        print("radd", self.v, other)
        return Loud(self.v + other)

    def __mul__(self, other):
        print("mul", self.v, other.v)
        return Loud(self.v * other.v)

    def __rmul__(self, other):
        print("rmul", self.v, other)
        return Loud(self.v * other)

    def __eq__(self, other):
        print("eq", self.v, other.v)
        return self.v == other.v

    def __hash__(self):
        print("hash", self.v)
        return 3


class Counting:
    def __init__(self, n):
        self.i, self.n = 0, n

    def __iter__(self):
        return self

    def __next__(self):
        print("next", self.i)
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return Loud(self.i)


class Scaled:
    """Without a word on arrays: NumPy hands it the Python numbers of scalars."""

    def __init__(self, v):
        self.v = v

    def __radd__(self, other):
        print(type(other).__name__)
        return Scaled(self.v + other)

    def __gt__(self, other):
        return self.v > other

    def __eq__(self, other):
        return self.v == other


class First:
    """Goes before arrays."""

    __array_ufunc__ = None

    def __init__(self, v):
        self.v = v

    def __rmul__(self, other):
        return self.v * other


def loud(n):
    for i in range(n):
        print("give", i)
        yield Loud(i)


def halves(n):
    for i in range(n):
        print("give", i)
        yield i * 0.5


OBJECTS = ("converted", "traced")


@program((3,), (0,), forms=OBJECTS)
def extremes_of_objects(n):
    return max(loud(n), default=Loud(9)).v, min(loud(n), default=Loud(9)).v


@program((3,), forms=OBJECTS)
def sums_of_objects(n):
    return sum(loud(n)).v, sum(loud(n), Loud(4)).v, math.prod(loud(n)).v, sum(Loud(i) for i in range(n)).v


@program((4,), forms=OBJECTS)
def own_iterators_are_taken_from(n):
    return sum(Counting(n)).v, max(Counting(n)).v, min(map(Loud, range(n))).v, len(set(Counting(n)))


@program((3,), (0,))
def extremes_by_key(n):
    def key(v):
        print("key", v)
        return -v

    least = min((v for v in halves(n)), key=key, default=None)
    return max(halves(n), key=key, default=7), least, max(halves(n), default="none")


@program((4,), (1,))
def reduced(n):
    def join(a, b):
        print("join", a, b)
        return a + b

    return functools.reduce(join, halves(n)), functools.reduce(join, halves(n), 1)


@program((4,), (2,), (1,))
def what_was_taken_before_an_error(n):
    log = []

    def mixed(bad):
        for i in range(n):
            log.append(i)
            yield bad if i == 1 else i + 0.5

    for f in (sum, max, min, sorted, math.prod, math.fsum):
        try:
            log.append(f(mixed("a")))
        except TypeError:
            log.append(f.__name__)
    return log


@program((4,), (1,))
def what_was_taken_before_what_has_no_hash(n):
    log = []

    def mixed(bad):
        for i in range(n):
            log.append(i)
            yield bad if i == 1 else (i, i)

    for take in (
        lambda: len(set(mixed([]))),
        lambda: len(frozenset(mixed([]))),
        lambda: dict(mixed((1, 2, 3))),
        lambda: len(Counter(mixed([]))),
        lambda: len({(0, 0)}.union(mixed([]))),
        lambda: ",".join(mixed("a")),
    ):
        try:
            log.append(take())
        except (TypeError, ValueError) as error:
            log.append(type(error).__name__)
    return log


@program((2,), (1,), (5,))
def unpacking_takes_one_too_many(n):
    log = []

    def count():
        for i in range(n):
            log.append(i)
            yield i

    try:
        a, b = count()
        log.append((a, b))
    except ValueError:
        log.append("bad")
    first, *rest = count()
    return log, first, rest


@program((f64(1, 2),), (f64(1),))
def arrays_have_no_order(x):
    def rows():
        for i in range(3):
            print(i)
            yield x

    return max(rows())


@program((f64(0.1, 0.2, 0.3, 1e16, 1.0, -1e16),), (f64(),))
def floats_are_summed_as_python_does(x):
    def told():
        for v in x.tolist():
            print(v)
            yield v

    return sum(v for v in x), sum(float(v) for v in x), sum(told()), sum(told(), 0.5), sum(int(v) for v in x)


@program((3,), stages="while_loop")
def sum_is_read_by_the_generator(n):
    total = [0]

    def count():
        for i in range(n):
            total[0] += i
            yield total[0]

    return sum(total[0] * v for v in count()), sum([i] for i in range(n)) if n > 5 else sum(([i] for i in range(n)), [])


@program((3,))
def no_text_is_summed(n):
    return sum((print("never") for _ in range(n)), "")


@program((f64(1, "nan", 3),), (i64(4, 2),))
def from_a_generator(x):
    def told():
        for v in x:
            print(v)
            yield v

    return np.fromiter(told(), float), max(told()), min(told()), sum(told())


@program((1,), (3,), stages="while_loop", forms=OBJECTS)
def left_operand_of_no_known_class(n):
    total = 0
    for i in range(n):
        total = total + Loud(i)
    return total.v


@program((f64(1, 2),), (i64(1, 2),), forms=OBJECTS)
def scalars_hand_their_python_numbers(x):
    return (x[0] + Scaled(1.5)).v, x[0] < Scaled(3), x[1] == Scaled(2), x[1] != Scaled(2), x * First(2), x[0] * First(3)
