"""Loops over elements where Python's numbers and NumPy's scalars differ."""

import numpy as np

from tests.programs.row import f64, i64, program

ONE = np.float64(1)


@program((i64(1, 2, 3, 30), np.zeros(4, np.uint8)), (i64(200, 100), np.zeros(2, np.uint8)))
def int_or_int64_in_uint8(a, u):
    for i in range(len(a)):
        t = 300 if a[i] < 0 else 7
        if a[i] * 2 > 10:
            t = a[i] * 2
        u[i] = t
    return u


@program((i64(1, 2, 3), np.zeros(3, np.uint8)), (i64(10, 20), np.zeros(2, np.uint8)))
def an_int_that_does_not_fit(a, u):
    for i in range(len(a)):
        t = 300
        if a[i] * 2 > 10:
            t = a[i] * 2
        u[i] = t
    return u


@program((np.full(3, 2**40), 2**70), (i64(1, -2), 5))
def an_int_beyond_64_bits_among_elements(a, n):
    count = 0
    for i in range(len(a)):
        t = n
        if a[i] < 0:
            t = a[i] + 1
        if t > a[i] + a[i]:
            count += 1
    return count


@program((np.array([2**53 + 1] * 3), np.full(3, 2.0**53)))
def an_int_that_is_just_a_float(a, b):
    s, hits = 9007199254740992, 0
    for i in range(len(a)):
        a[i] = a[i] + 0
        if a[i] > s:
            hits += 1
        s = b[i]
    return hits


@program((f64(1, np.inf, -np.inf, np.nan),))
def scalar_constants_among_elements(b):
    above = 0
    for i in range(len(b)):
        if b[i] * ONE > 3.0:
            above += 1
    return above


@program((f64(0, 0),), (f64(0, 60, 1),), forms=("converted", "traced"))  # a file holds two equal constants
def the_same_scalar_after_the_loop(a):
    start = s = np.float64(2.5)
    for i in range(len(a)):
        if a[i] * 2 > 100:
            s = s * a[i]
    return s is start, s


@program((np.zeros(4, [("k", "u1"), ("x", "f8")])["x"],), (np.ones(3, [("k", "u1"), ("x", "i8")])["x"],))
def elements_that_are_not_aligned(a):
    s = 0.0
    for v in a:
        s += v
    for i in range(len(a)):
        s += a[i] * 2
    return s


@program((np.arange(4).astype(np.longlong),), (np.arange(4),))
def classes_of_elements(a):
    last = a[0]
    total = 0
    for i in range(len(a)):
        last = a[i] * 2
        total = total + a[i] * 3
    return type(last).__name__, type(a[0]) is np.int64, last, total
