"""match: values, captures, sequences, mappings, classes, guards."""

import collections
import enum
from dataclasses import dataclass

import numpy as np

from tests.programs.row import f64, program


class Kind(enum.Enum):
    SMALL = 1
    LARGE = 2


@dataclass
class Point:
    x: object
    y: object


@program((1,), (2,), (3,), (9,), (1.0,), (True,), stages="cond")
def match_numbers(x):
    match x:
        case 1:
            r = 10
        case 2 | 3:
            r = x * 2
        case _:
            r = -1
    return r


@program((1,), (7,), stages="cond")
def match_without_default(x):
    r = 0
    match x:
        case 1:
            r = 1
    return r


@program((5,), (-5,), (0,), stages="cond")
def match_with_guards(x):
    match x:
        case n if n > 0:
            return n * 2
        case 0:
            return 100
        case n:
            return -n


@program(((1, 2),), ((0, 2),), ((1, 2, 3),), ((),), stages="cond")
def match_sequences(items):
    match items:
        case (0, y):
            return y
        case (x, y):
            return x + y
        case [first, *rest]:
            return first * len(rest)
    return None


@program(({"op": "add", "x": 1},), ({"op": "neg", "x": f64(2)},), ({"y": 3},))
def match_mappings(command):
    match command:
        case {"op": "add", "x": x}:
            return x + 1
        case {"op": "neg", "x": x}:
            return -x
        case {"y": y, **rest}:
            return y, rest


@program((3, 0), (0, 3), (3, 4), stages="cond")
def match_classes(x, y):
    match Point(x, y):
        case Point(x=0, y=b):
            return b
        case Point(x=a, y=0):
            return a
        case Point(x=a, y=b):
            return a * b


@program((3,), (30,), stages="cond")
def match_enums(x):
    kind = Kind.SMALL if x < 10 else Kind.LARGE
    match kind:
        case Kind.SMALL:
            return 1
        case Kind.LARGE:
            return 2


@program((3,), (2.5,), (f64(1, 2),), (None,), ("a",))
def match_types(x):
    match x:
        case int():
            return 1
        case float() as y:
            return y * 2
        case np.ndarray():
            return x.sum()
        case None:
            return 4
        case str(text):
            return len(text)


@program((6,), (0,), stages="while_loop")
def match_in_a_loop(n):
    total = 0
    for i in range(n):
        match i % 3:
            case 0:
                continue
            case 1:
                total += i
            case _ if total > 3:
                break
    return total


@program((1, 2), (1, 5), (4, 1), stages="cond")
def match_in_match(x, y):
    match x:
        case 1:
            match y:
                case 2:
                    return 12
                case _:
                    r = 10
        case _:
            r = y
    return r


@program((1,), (-1,), stages="cond")
def match_captures_on_one_path(x):
    match (x, x > 0):
        case (a, True):
            b = a
        case (c, _):
            b = c * 2
    return b


@program((1,), (2,), (5,), stages="cond")
def match_subject_runs_once(x):
    match said(x):
        case 1:
            return "one"
        case 2:
            return "two"
    return "many"


def said(x):
    print("subject", x)
    return x


# What CPython asks of a class


class Pair:
    __match_args__ = ("first", "second")

    def __init__(self, first):
        self.first = first


class Meters(int):
    pass


@program((3,), (0,), stages="cond", forms=("converted", "traced"))
def match_parts_that_are_missing(x):
    one = Pair(x)
    if x > 1:
        one.second = x + 1
    match one:
        case Pair(a, b):
            return a * b
        case Pair(a):
            return -a


@program((3,), (4,), forms=("converted", "traced"))
def match_too_many_parts(x):
    match x if x > 3 else Pair(x):
        case int() | Pair(_, _, _):
            return x


@program((Meters(3),), (4,), (True,), (2.5,), forms=("converted", "traced"))
def match_a_class_of_numbers(x):
    match x:
        case Meters(length):
            return length + 1
        case bool(flag):
            return flag
        case int(whole) | float(whole):
            return whole / 2


@program(
    (collections.deque([1, 2, 3]),),
    (collections.UserList([4, 5]),),
    ("ab",),
    (b"ab",),
    ([],),
    (range(4),),
    (f64(1, 2),),
    (collections.UserDict(k=1, z=2),),
    (collections.Counter("kkz"),),
    (collections.ChainMap({"k": 5}),),
    forms=("converted", "traced"),
)
def match_other_containers(x):
    match x:
        case {"k": k, **rest}:
            return k, rest
        case [first, *others]:
            return first, others
        case [*_]:
            return 0
        case _:
            return -1
