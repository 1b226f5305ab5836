"""Objects that stand for numbers: which of them functions written in C ask, in what order, and up to which error."""

import math

import numpy as np

from tests.programs.row import program

HERE = ("converted", "traced")


class Real:
    def __init__(self, v):
        self.v = v

    def __float__(self):
        print("float", self.v)
        return float(self.v)


class Whole:
    def __init__(self, v):
        self.v = v

    def __index__(self):
        print("index", self.v)
        return self.v


class Broken:
    def __float__(self):
        print("broken float")
        raise ValueError("no float")

    def __index__(self):
        print("broken index")
        raise ValueError("no index")


def told(function, *args):
    try:
        return function(*args)
    except (TypeError, ValueError) as error:
        return type(error).__name__


def pairs(n):
    return ("a", Real(n)), (Real(n), "a"), (Real(n), Whole(2)), (Broken(), Real(1)), (Real(1), Broken()), (n, Real(1))


@program((3,), (2,), forms=HERE)
def functions_of_two_floats(n):
    twos = math.atan2, math.pow, math.fmod, math.copysign, math.hypot, math.remainder, math.nextafter
    return [told(f, *pair) for f in twos for pair in pairs(n)]


@program((3,), forms=HERE)
def functions_with_ways_of_their_own(n):
    return (
        told(math.log, Real(8), Real(2)),
        told(math.log, Real(-8), Real(2)),
        told(math.log, "a", Real(2)),
        told(math.ldexp, Real(2), Whole(n)),
        told(math.dist, [Real(1), Real(2)], [Real(n), "a"]),
        told(math.isclose, Real(1), Real(1)),
        told(math.isclose, Real(1), "a"),
        math.isclose(Real(n), Real(n), rel_tol=Real(0.5)),
        told(complex, Real(1), Real(n)),
        told(complex, Real(1), "a"),
        told(complex, "a", Real(2)),
        math.fsum([Real(1), n, Real(2)]),
    )


@program((3,), forms=HERE)
def functions_of_ints(n):
    wholes = math.gcd, math.lcm, math.comb, math.perm, range
    return [
        told(f, *pair)
        for f in wholes
        for pair in (("a", Whole(n)), (Whole(n), "a"), (Whole(n), Whole(2)), (Broken(), Whole(1)), (Whole(2), Broken()))
    ]


@program((3,), forms=HERE)
def methods_and_slices(n):
    items = [1, 2, 3, n]
    return (
        told(items.index, 3, Whole(0), Whole(9)),
        told(items.index, 3, "a", Whole(1)),
        told(items.pop, "a"),
        told("abc".find, "c", Whole(0), Whole(n)),
        told("abc".find, "c", "a", Whole(3)),
        told(lambda: items[Whole(0) : Whole(3) : Whole(2)]),
        told(lambda: items["a" : Whole(2)]),
        told(int, "11", Whole(2)),
        told(bytes, Whole(n)),
        "abc".zfill(Whole(5)),
    )


@program((3,), forms=HERE)
def functions_of_numpy(n):
    x = np.arange(6.0)
    made = np.zeros(Whole(n)), np.zeros((Whole(2), Whole(2))), x.reshape(Whole(2), Whole(3)), x[Whole(1) : Whole(n)]
    return made, told(np.arange, Whole(n)), np.roll(x, Whole(1))


@program((3,), stages="while_loop", forms=HERE)
def objects_asked_in_loops(n):
    made, found = [Real(n), Real(n + 1)], []
    for one in made:
        found.append((math.atan2(one, n), math.hypot(one, one)))
    for i in range(n):
        found.append(told(math.atan2, "a" * n, made[i % 2]))
    return found
