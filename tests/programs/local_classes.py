"""Classes that a function makes: what their bodies do is done as in the function, and their names are their own."""

import functools
from dataclasses import dataclass, field
from math import sqrt

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
