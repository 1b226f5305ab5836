"""Arguments of unusual classes, of which one call gives another than the call before: no program may keep the first."""

import datetime
import functools
import operator
import pathlib
import re
import types
import typing
from fractions import Fraction

import numpy as np

from tests.programs.row import f64, program

NOT_DATA = ("converted", "traced")

# Values of the standard library that do not change


def day(year):
    return datetime.date(year, 3, 1)


@program((day(2023),), (day(2024),), forms=NOT_DATA)
def day_before(date):
    return date - datetime.timedelta(days=1), date.year, [date]


@program((day(2023), day(2024)), (day(2024), day(2023)), (day(2024), day(2024)), forms=NOT_DATA)
def order_of_dates(one, other):
    return one < other, one == other, max(one, other)


@program((re.compile("a+"), "aab"), (re.compile("b"), "aab"), stages="cond", forms=NOT_DATA)
def length_of_a_match(pattern, text):
    found = pattern.match(text)
    return found.end() if found else -1


@program((pathlib.PurePosixPath("/a/b"),), (pathlib.PurePosixPath("c"),), forms=NOT_DATA)
def path_beside(path):
    return path.parent / "x", path.name


# Fractions


@program((4,), (6,), (0,), stages="while_loop", forms=NOT_DATA)
def bernoulli_number(n):
    row = [Fraction(1, place + 1) for place in range(n + 1)]
    for end in range(n + 1):
        for place in range(end, 0, -1):
            row[place - 1] = place * (row[place - 1] - row[place])
    return row[0]


@program(([[2, 1], [1, 3]],), ([[0, 1], [1, 0]],), stages="while_loop cond", forms=NOT_DATA)
def inverse_in_fractions(rows):
    size = len(rows)
    both = [[Fraction(v) for v in row] + [Fraction(int(i == j)) for j in range(size)] for i, row in enumerate(rows)]
    for i in range(size):
        pivot = both[i][i]
        if pivot == 0:
            return None
        both[i] = [v / pivot for v in both[i]]
        for k in range(size):
            if k != i:
                factor = both[k][i]
                both[k] = [a - factor * b for a, b in zip(both[k], both[i])]
    return [row[size:] for row in both]


@program((Fraction(22, 7), 3), (Fraction(1, 3), 2), stages="cond", forms=NOT_DATA)
def what_fractions_tell(value, n):
    whole = value.numerator // value.denominator
    half = value / 2 if value > 1 else -value
    return whole, half, float(value), round(value), str(value), value.limit_denominator(n), value**2, n * value


# Functions and methods


@program((operator.itemgetter(1),), (operator.itemgetter(2),), forms=NOT_DATA)
def item_that_is_asked_for(get):
    return get([3, 4, 5])


@program((str.upper,), (str.lower,), ("-".join,), ("+".join,), ({"aB": 1}.get,), ({"aB": 2}.get,), forms=NOT_DATA)
def method_that_is_given(method):
    return method("aB")


@program(((5).__add__,), ((6).__add__,), ((1, 2, 3).__getitem__,), ((4, 5, 6).__getitem__,), forms=NOT_DATA)
def bound_operator_that_is_given(operate):
    return operate(2)


@program((np.vectorize(lambda v: v + 1), f64(1, 2)), (np.vectorize(lambda v: v - 1), f64(1, 2)), forms=NOT_DATA)
def vectorized_function_that_is_given(function, x):
    return function(x)


@program((functools.lru_cache(lambda v: v + 1),), (functools.lru_cache(lambda v: v + 2),), forms=NOT_DATA)
def cached_function_that_is_given(function):
    return function(2)


# Objects that are compared


class Point:
    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return self.x == other.x

    __hash__ = None


class Plain:
    def __init__(self, x):
        self.x = x


class Made:
    """A class with a `__new__` of its own."""

    def __new__(cls, x=0):
        made = super().__new__(cls)
        made.x = x
        return made

    def __eq__(self, other):
        return NotImplemented if not isinstance(other, Made) else self.x == other.x

    __hash__ = None


@program((Point(1), Point(1)), (Point(1), Point(2)), (Made(1), Made(1)), (Made(1), Made(2)), forms=NOT_DATA)
def difference_by_equality(one, other):
    return one != other, not one == other, one == other


@program((Point(1), Point(1)), (Point(1), Point(2)), forms=NOT_DATA)
def objects_inside_containers(one, other):
    return [one] == [other], (one, 1) == (other, 1), one in [other], [other].count(one), {1: one} == {1: other}


SHARED = Plain(1)


@program((SHARED, SHARED), (SHARED, Plain(1)), (Plain(1), SHARED), forms=NOT_DATA)
def objects_that_are_equal_if_they_are_one(one, other):
    return one == other, one != other, one in [other], one is other


@program(
    (types.SimpleNamespace(x=1), types.SimpleNamespace(x=1)),
    (types.SimpleNamespace(x=1), types.SimpleNamespace(x=2)),
    forms=NOT_DATA,
)
def name_spaces(one, other):
    return one == other, one.x + other.x, one


@program((2.0, 3), (-1.0, 2), stages="cond", forms=NOT_DATA)
def objects_made_by_new(x, n):
    made = Made(x)
    for _ in range(n):
        if made.x > 1:
            made = Made(made.x / 2)
    return made, made == Made(x), made != Made(x), made == n


# Types that are no classes

Number = typing.Union[int, float]
Words = typing.Literal["one", "two"]


@program((1,), (1.5,), ("one",), (None,), stages="")
def kinds_that_are_unions(x):
    is_any = isinstance(x, Number), isinstance(x, int | None), isinstance(x, (str, int | float))
    return is_any, issubclass(type(x), int | float), x in typing.get_args(Words), x in Words.__args__
