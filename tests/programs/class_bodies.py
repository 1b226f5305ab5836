"""Classes that stand in functions: names, annotations, decorators and hooks of their bodies."""

import enum
import functools
import sys
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.programs.row import f64, program

UNIT = 7
KIND = "global"
ONE, THREE = (1,), (3,)


@program(ONE, THREE)
def names_of_a_class_body(n):
    factor = n + 1
    KIND = "local"

    class Made:
        first = n
        second = first + UNIT
        third = factor * second
        UNIT = "own"
        print(__qualname__.split(".")[-1], KIND)

        def read(self):
            return self.third + n, UNIT, KIND

    return Made.first, Made.second, Made.third, Made.UNIT, Made().read(), Made.__name__


@program(ONE, THREE, forms=("converted", "traced"))  # a class of a part of a try is an object of the program
def name_that_a_class_may_bind(n):
    KIND = "local"  # which a body that binds the name never sees
    try:

        class Made:
            before = KIND
            if n > 2:
                KIND = later = "own"
            after = KIND
            once = later

    except NameError as error:
        return str(error), KIND
    return Made.before, Made.after, Made.once, KIND


@program(ONE, THREE, (0,), forms=("converted", "traced"))
def comprehensions_see_no_class_names(n):
    class Seen:
        items = [n, 2]
        doubled = [i * 2 for i in items]
        total = sum(i for i in doubled)

    try:

        class Missed:
            base = n
            moved = [i + base for i in range(n)]

    except NameError as error:
        return Seen.doubled, Seen.total, str(error)
    return Missed.moved


@program(ONE, THREE)
def statements_of_a_class_body(n):
    class Holder:
        pass

    held = Holder()

    class Made:
        "What it is for."

        a = b = n
        c, (d, e) = n, (2, 3)
        a += 1
        held.x, f = 5, 6
        g = held.y = a
        gone = n
        del gone
        total = 0
        for held.i in range(3):
            total += held.i
        for item in [1, n]:
            total += item
        import math

        floor = math.floor(2.5)

    names = [name for name in vars(Made) if not name.startswith("__")]
    return names, Made.a, Made.b, Made.e, Made.f, Made.g, Made.total, held.x, held.y, Made.floor, Made.__doc__


@program((f64(1, 2),), (f64(3, -4),))
def class_of_staged_values(x):
    class Made:
        total = x.sum()
        share = x / total

        def __init__(self, k=total):
            self.k = k

    return Made.share, Made().k, Made(2).k


def announced(made):
    print("made", made.__name__)
    return made


def tagged(value):
    def tag(cls):
        cls.tag = value
        return cls

    return tag


@program(ONE, THREE)
def decorators_are_called_by_the_program(n):
    def one_more(function):
        @functools.wraps(function)
        def inner(*args):
            return function(*args) + 1

        return inner

    @announced
    @tagged(n + 1)
    class Made:
        @one_more
        def plain(self):
            return n

        @property
        @one_more
        def given(self):
            return 2 * n

        @classmethod
        def named(cls):
            return cls.__name__

    @announced
    def function():
        return n

    return Made.tag, Made().plain(), Made().given, Made.named(), function(), Made.plain.__name__


@program(ONE, THREE, forms=("converted", "traced"))  # the hook is no part of a file
def hooks_of_classes_that_the_function_makes(n):
    class Base:
        def __init_subclass__(cls, /, step=0, **rest):
            super().__init_subclass__(**rest)
            cls.step = step + n

    class Named:
        def __set_name__(self, owner, name):
            print("named", name)
            self.name = name

        def __get__(self, owner, cls=None):
            return self.name, n

    class Meta(type):
        def __new__(meta, name, bases, body):
            body["made"] = name
            return super().__new__(meta, name, bases, body)

    class Made(Base, step=5):
        field = Named()

    class Other(metaclass=Meta):
        value = n

    return Made.step, Made().field, Other.made, Other.value


@program(ONE, THREE)
def private_names_of_inner_classes(n):
    class Made:
        __hidden = n
        shown = __hidden

        def __init__(self):
            self.__own = n + 1

        def total(self):
            return self.__hidden + self.__own

        class _Inner:
            __hidden = 2

            def get(self):
                return self.__hidden

    return Made().total(), Made.shown, Made._Made__hidden, Made()._Made__own, Made._Inner().get()


@program(ONE, THREE, forms=("converted", "traced"))
def dataclasses_with_defaults_of_the_call(n):
    @dataclass
    class Point:
        x: int
        y: float = n * 2
        tags: list = field(default_factory=list)

        def norm(self):
            return self.x**2 + self.y**2

    p, q = Point(n), Point(n, y=1)
    p.tags.append(n)
    return p.norm(), q.norm(), p.tags, q.tags, p == q, Point(n) == Point(n)


if sys.version_info >= (3, 11):  # Python 3.10 takes an array for a default

    @program((f64(1, 2),), (3,), forms=("converted", "traced"))
    def array_is_no_default_of_a_dataclass(x):
        try:

            @dataclass
            class Point:
                size: object = x + 1

            return Point().size
        except ValueError as error:
            return type(error).__name__


@program(ONE, THREE)
def enums_and_named_tuples_in_functions(n):
    class Color(enum.Enum):
        RED = 1
        BLUE = 2

        def other(self):
            return Color(self.value % 2 + 1)

    class Pair(NamedTuple):
        a: int
        b: int = 4

        def total(self):
            return self.a + self.b

    return Color.RED.other().name, Color(2).name, len(Color), Pair(n).total(), Pair(n, 2)._asdict()


@program(ONE, THREE)
def outer_names_that_a_class_binds(n):
    count = 0

    def inner():
        nonlocal count

        class Made:
            nonlocal count
            count = n + 1
            seen = count

        return Made.seen

    return inner(), count


@program(ONE, THREE)
def annotations_are_values(n: "unread"):
    seen = []

    def note(value):
        seen.append(value)
        return value

    def inner(a: note("a"), *b: note("b"), c: note("c") = note("default"), **d: "text") -> note("result"):
        return a

    class Holder:
        pass

    class Held:
        size: note(int) = note(n)
        other: UNIT
        Holder.place: note("place") = note("value")
        (Holder.bare): note("bare")

    told = Held.__annotations__
    return inner(n), inner.__annotations__["d"], told["size"] is int, told["other"], seen


@program(ONE, THREE)
def annotation_without_a_name(n):
    try:
        if n > 2:
            from math import pi

        def inner(a: pi):
            return a

        return inner(n)
    except NameError:
        return "no name"
