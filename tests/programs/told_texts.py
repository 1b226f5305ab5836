"""What is told of exceptions whose arguments are staged, of classes by name, and of numbers by `statistics`."""

import statistics
import sys
from statistics import mean, median

from tests.programs.row import f64, program

ONE, THREE = (1,), (3,)


class Own(Exception):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b

    def __str__(self):
        return f"own {self.b}"


@program(ONE, THREE, (0,))
def caught_exceptions_as_text(n):
    try:
        if n > 2:
            raise ValueError("bad", n)
        if n > 0:
            raise KeyError(n)
        n // n
    except (ValueError, KeyError, ZeroDivisionError) as error:
        print(error, [error], type(error))
        return repr(error), str(error), error.args, type(error).__name__, f"{error} {error!r}", "%s" % error


@program(ONE, THREE, forms=("converted", "traced"))  # no file holds the exception's class
def known_exceptions_as_text(n):
    made = KeyError(n)
    outer = ValueError(made, [n])
    try:
        raise Own(n, n + 1)
    except Own as error:
        own = repr(error), str(error), error.b
    return own, repr(outer), str(outer), outer.args[0] is made, repr([made]), f"{made}", str(OSError(n, "x"))


@program((4,), THREE, stages="while_loop")
def exceptions_noted_in_a_loop(n):
    seen = []
    for i in range(n):
        try:
            if i % 2:
                raise KeyError(i)
            seen.append(1 // i)
        except (KeyError, ZeroDivisionError) as error:
            seen.append((type(error).__name__, str(error), repr(error), len(error.args)))
    return seen


@program(ONE, THREE)
def names_of_staged_classes(n):
    kind = type(1.5 if n > 2 else "text")
    return kind.__name__, kind.__qualname__, type([n][0]).__name__


@program(ONE, THREE)
def statistics_of_staged_numbers(n):
    values = [n, 2, 5, n + 1]
    grown = []
    for i in range(n + 2):
        grown.append(i * n)
    middle = statistics.median_low(values), statistics.mode(grown), statistics.multimode(grown)
    lazy = mean(v for v in range(n + 2)), mean({1: 2, n + 7: 3}), median((n, 2)), mean(range(n + 1))
    return mean(values), statistics.fmean(values), median(values), mean(grown), median(grown), middle, lazy


@program((1.5,), (3.25,))
def spread_of_staged_numbers(x):
    values = [x, 2.0, 5.5]
    spread = statistics.stdev(values), statistics.pstdev(values), statistics.variance(values)
    out = []
    for v in (x, 2 * x):
        out.append(mean([v, 1.0]))
    if mean(out) > 2:
        out.append(statistics.stdev(out))
    return spread, out, sum(statistics.quantiles(values)), statistics.correlation(values, [1.0, x, 3.0])


@program((f64(1, 2, 2),), (f64(3, 4, 4),))
def statistics_of_an_array(x):
    rows = [[x[0], x[1]], [x[2]]]
    return mean(list(x)), statistics.fmean(x), statistics.harmonic_mean(x.tolist()), [mean(row) for row in rows]


class Steps:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        for i in range(self.n):
            yield i * self.n


if sys.version_info >= (3, 11):  # Python 3.10 asks for the length first

    @program(ONE, THREE, (0,), forms=("converted", "traced"))  # no file holds the exception's class
    def statistics_of_an_own_iterable(n):
        try:
            return mean(Steps(n)), statistics.fmean(Steps(n)), median(Steps(n))
        except statistics.StatisticsError as error:
            return str(error), repr(error)
