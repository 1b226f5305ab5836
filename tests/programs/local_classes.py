"""Classes that a function makes: what their bodies do is done as in the function, and their names are their own."""

import enum
import functools
import sys
from collections import Counter, OrderedDict, defaultdict
from dataclasses import InitVar, asdict, dataclass, field
from math import sqrt
from typing import ClassVar, NamedTuple

import numpy as np

from tests.programs.row import f64, program

RATE = 5
NOT_DATA = ("converted", "traced")


def double(x):
    return x * 2


@program((3,), (-3,), forms=NOT_DATA)
def fields_of_a_local_dataclass(x):
    @dataclass
    class Job:
        size: int
        rate: int = field(default=RATE)
        parts: list = field(default_factory=list)
        weights: np.ndarray = field(default_factory=lambda: np.zeros(2))

    first, second = Job(x), Job(x + 1, 2)
    first.parts.append(x)
    second.weights[0] += x
    return first.parts, first.rate, second.parts, second.rate, first.weights, second.weights


@program((3,), (9,), stages="cond")
def globals_in_the_body_of_a_class(x):
    class Limits:
        low = RATE + 1
        high = double(low)
        steps = [step * RATE for step in range(3)]
        at_least = functools.partial(max, low)

        def fits(self, value):
            return self.low <= value < self.high

    return Limits.at_least(x), Limits().fits(x), Limits.steps


@program((3.0,), (4.0,))
def methods_named_like_functions(x):
    class Square:
        def double(self):
            return double(x)

        def sqrt(self):
            return sqrt(self.double())

    return Square().sqrt()


@program((f64(1, 2),), (f64(3),), forms=NOT_DATA)
def arrays_of_a_class_are_made_anew(x):
    class Model:
        weights = np.zeros(2)
        seen = []

    Model.weights[0] += x.sum()
    Model.seen.append(len(x))
    return Model.weights, Model.seen


@program((3,), (4,), forms=NOT_DATA)
def statements_in_the_body_of_a_class(x):
    class Table:
        RATE = RATE
        total = 0
        for step in range(RATE):
            total += step
        if RATE > 3:

            def scaled(self):
                return double(self.total) * x

        class Row:
            width = RATE

            def area(self):
                return double(self.width) + x

    return Table.RATE, Table.total, Table.step, Table().scaled(), Table.Row().area()


@program((3,), forms=NOT_DATA)
def name_of_the_function_in_a_class_that_binds_it(x):
    class Node:
        x = x


@program((3,), (4,), stages="while_loop", forms=NOT_DATA)
def class_made_in_each_turn(x):
    found = 0
    for step in range(x):

        class Turn:
            value = step * RATE

        found += Turn.value
    return found


@program((3,), (5,), forms=NOT_DATA)
def kinds_of_local_classes(x):
    class Shade(enum.Enum):
        DARK = 1
        LIGHT = enum.auto()

        @property
        def twice(self):
            return self.value * 2

    class Pair(NamedTuple):
        first: int
        second: int = RATE

        def total(self):
            return self.first + self.second

    class Failure(Exception):
        code = RATE

    @dataclass
    class Job:
        size: int
        start: InitVar[int] = 3
        limit: ClassVar[int] = RATE
        end: int = field(init=False)

        def __post_init__(self, start):
            self.end = self.size + start

    try:
        raise Failure(x)
    except Failure as failure:
        code = failure.code
    shades = [shade.name for shade in Shade], Shade.LIGHT.twice, Shade["DARK"] is Shade(1)
    return shades, Pair(x).total(), Pair(x)._replace(second=1)._asdict(), Job(x).end, Job.limit, code


@program((3,), (0,), forms=NOT_DATA)
def names_that_a_class_writes_around_it(x):
    found = x

    class Writer:
        nonlocal found
        found += 1
        before = found

        def read(self):
            return found

    found += 1
    return found, Writer.before, Writer().read()


# What Python asks of classes


@dataclass
class Point:
    x: object
    y: object = 0


class Both(NamedTuple):
    first: object
    second: object


@dataclass
class Node:
    x: object
    y: object = 0


@dataclass(order=True)
class Version(Point):
    patch: int = 0


@program((3,), (0,), forms=NOT_DATA)
def dataclasses_of_two_classes(x):
    one, other = Point(x), Node(x)
    same = [one == other, one == Version(x), Version(x) == one, one == (x, 0), one == Point(x), one == Point(0)]
    apart = [one != other, one != Version(x), one != (x, 0), one != Point(x), one != Point(0)]
    apart_from_pairs = asdict(Point(Both(x, one)))["x"].second["x"]
    return same, apart, one in [other, (x, 0)], [other, one].index(one), apart_from_pairs


@program((3,), (0,), forms=NOT_DATA)
def order_of_dataclasses_of_two_classes(x):
    if x > 1 and Version(x) < Version(x, 1) and Version(x) >= Version(1):
        return sorted([Version(x), Version(0, 3)])
    return Version(x) < Point(x)


@program(([Point(1), Node(1), 1],), ([Point(2), Point(1)],), forms=NOT_DATA)
def dataclass_compared_with_any_item(items):
    return [Point(1) == item for item in items], [item != Point(2) for item in items]


class Color(enum.Enum):
    RED = 1
    BLUE = 2

    def __str__(self):
        return self.name.lower()


class Price:
    def __init__(self, amount):
        self.amount = amount

    def __format__(self, spec):
        return f"{self.amount:{spec or '.1f'}} EUR"


@program((3.0,), (0.5,), stages="cond", forms=NOT_DATA)
def formats_of_the_users_own(x):
    price = Price(x if x > 1 else 1.0)
    return format(price), f"{price}", format(price, ".3f"), "{:.2f}".format(price)


if sys.version_info >= (3, 11):  # Python 3.10 chooses a class by that of the member, and asks it for the text

    @program((3.0,), (0.5,), stages="cond", forms=NOT_DATA)
    def formats_of_a_member(x):
        color = Color.RED if x > 1 else Color.BLUE
        return format(color), f"{color}"


# Names, methods and constructors that Python treats in its own way


@program((3,), (4,), forms=NOT_DATA)
def private_names_of_a_local_class(x):
    class Account:
        __bonus = 1

        def __init__(self, balance):
            self.__balance = balance

        def __fee(self):
            return self.__balance * self.__bonus

        def total(self):
            return self.__balance + self.__fee()

    account = Account(x)
    return account.total(), sorted(vars(account))


class Mapping:
    def __init__(self, first):
        self.first = first

    def keys(self):
        return ["a", "b"]

    def __getitem__(self, key):
        return self.first if key == "a" else key


@program((3,), (0,), stages="while_loop", forms=NOT_DATA)
def dict_updated_by_keys(x):
    found = {"a": 0}
    found.update(Mapping(x), c=x)
    counts = {}
    for k in range(x):
        counts[k] = k
        counts.update(Mapping(k))
    return found, counts


class Tagged(list):
    def __new__(cls, items, tag=None):
        made = super().__new__(cls, items)
        made.tag = tag
        return made


class Shape:
    def __new__(cls, size):
        return super().__new__(Circle if cls is Shape else cls)


class Circle(Shape):
    def __init__(self, size):
        self.size = size


@program((3,), (4,), forms=NOT_DATA)
def constructors_that_give_more(x):
    tagged = Tagged([x, 1], tag="t")
    return list(tagged), tagged.tag, len(tagged), Shape(x).size, type(Shape(x)).__name__


class Meter:
    def __init__(self, value):
        self.value = value

    def __iadd__(self, other):
        if other > 3:
            return NotImplemented
        self.value += other
        return self

    def __add__(self, other):
        return Meter(-other)


@program((3,), (4,), forms=NOT_DATA)
def inplace_operator_that_declines(x):
    first, second = Meter(1), Meter(x)
    same, other = first, second
    first += 2
    second += 5
    return first.value, first is same, second.value, second is other


# Attributes by their dict, and comparisons of containers that extend others


class Options:
    def __init__(self, **given):
        self.__dict__.update(given)

    def __eq__(self, other):
        return self.__dict__ == other.__dict__

    def copied(self):
        made = Options()
        made.__dict__.update(self.__dict__)
        return made


@program((5,), (2,), (0,), stages="while_loop cond", forms=NOT_DATA)
def attributes_by_their_dict(x):
    options = Options(rate=x, name="a")
    same = options == options.copied(), options == Options(rate=1)
    if x > 3:
        options.__dict__.update({"name": "b", "rate": x + 1})
    for step in range(x):
        vars(options)["rate"] += step
    options.__dict__["last"] = x
    del options.__dict__["name"]
    found = {name: value for name, value in vars(options).items()}
    return same, options.rate, options.last, "name" in options.__dict__, found, options.__dict__, len(vars(options))


@program((3,), (1,), (0,), stages="while_loop", forms=NOT_DATA)
def counters_compared_with_dicts(count):
    counts = Counter()
    for step in range(count):
        counts[step % 2] += 1
    made = Counter("aab")
    same = counts == {0: 2, 1: 1}, {0: 1} == counts, counts == made, made == {"a": 2, "b": 1}, made == [1]
    return same, counts != dict(counts), made != {"a": 2}, dict(made) == made


class Ordered(OrderedDict):
    def oldest(self):
        return next(iter(self))


class Groups(defaultdict):
    pass


@program((3,), (5,), (0,), stages="while_loop", forms=NOT_DATA)
def collections_of_the_users_own_that_grow(count):
    ordered, groups, counts = Ordered(), Groups(list), Groups(lambda: 5)
    for step in range(count):
        ordered[step % 3] = step
        groups[step % 2].append(step)
        counts[step % 2] += step
    ordered["last"] = count
    ordered.move_to_end("last", last=False)
    return list(ordered.items()), ordered.oldest(), ordered.popitem(), list(ordered), dict(groups), dict(counts)


@program((3,), (0,), forms=NOT_DATA)
def generator_methods_of_a_local_class(x):
    class Steps:
        def __iter__(self):
            yield from range(x)

        def __half(self):
            yield x / 2

        def halves(self):
            return list(self.__half())

    return list(Steps()), Steps().halves(), sorted(Steps(), reverse=True)


@program((3,), (0,), forms=("converted", "traced"))
def special_methods_that_use_globals(n):
    class Bounded:
        def __init__(self, v):
            self.v = v

        def __add__(self, other):
            return Bounded(min(self.v + (other.v if isinstance(other, Bounded) else other), len("12345")))

        def __lt__(self, other):
            return abs(self.v) < abs(other.v)

    made = [Bounded(i - 1) for i in range(n)]
    total = Bounded(0)
    for one in made:
        total = total + one + n
    return total.v, [one.v for one in sorted(made)]
