"""and, or, not: their values, what they run, and their nesting."""

import numpy as np

from tests.programs.row import b1, f32, f64, given, program, zero_d

NUMBERS = ((0, 0), (0, 2), (3, 0), (3, 2))
MIXED = ((0.0, 2), (3, 0.0), (True, 0), (False, 2.5), (0j, 1), (np.float32(0), 2), (np.int8(3), 1.5))
ARRAYS = ((f32(0), f32(1)), (f32(2), f32(0)), (zero_d(0), 3), (3, f64(1, 2)), (0, f64(1, 2)))


@program(*NUMBERS, *MIXED, *ARRAYS, stages="cond")
def value_of_and(a, b):
    return a and b


@program(*NUMBERS, *MIXED, *ARRAYS, stages="cond")
def value_of_or(a, b):
    return a or b


@program((0,), (1,), (0.0,), (2.5,), (True,), (f64(0),), (np.int64(0),), (f64(1, 2),), (zero_d(3),))
def value_of_not(a):
    return not a


@program((f64(1, 2), 1), (f64(), 1))
def truth_of_many_and_of_none(x, y):
    return x and y


@program(*NUMBERS)
def not_not(a, b):
    return not not a, not (a and b), not a or not b


def say(name, value):
    print(name, value)
    return value


@program(*NUMBERS, (0.0, 1), (1, f64(2)))
def and_runs_lazily(a, b):
    return say("a", a) and say("b", b)


@program(*NUMBERS, (0.0, 1), (1, f64(2)))
def or_runs_lazily(a, b):
    return say("a", a) or say("b", b)


@program((0, 0, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 1), (1, 1, 0))
def three_operands(a, b, c):
    return a and b and c, a or b or c, say("a", a) and say("b", b) or say("c", c)


@program((0, 0, 0), (0, 0, 1), (0, 2, 0), (3, 0, 0), (3, 2, 1), (3, 2, 0))
def and_in_or(a, b, c):
    return a and (b or c), (a or b) and c, not (a or b and c)


@program((1, 1), (1, -1), (-1, 1), (-1, -1), stages="cond")
def logic_in_a_test(x, y):
    if x > 0 and y > 0:
        return x + y
    if x > 0 or y > 0:
        return x - y
    return 0


@program((f64(1, 2), 1), (f64(1, 2), 5), (f64(1, 2), -1), stages="cond")
def and_guards_an_index(x, i):
    if 0 <= i and i < len(x) and x[i] > 1:
        return x[i]
    return x[0]


@program((4, 2), (4, 0), stages="cond")
def and_guards_a_division(x, y):
    if y != 0 and x / y > 1:
        return x / y
    return y


@program((5, 3), (0, 3), (9, 2), stages="while_loop")
def and_in_a_while_test(a, b):
    while a > 0 and b < 10:
        a -= 1
        b += 2
    return a, b


@program((5, 3), (0, 3), (1, 20), stages="while_loop")
def or_in_a_while_test(a, b):
    while a > 0 or b < 10:
        a -= 1
        b += 2
    return a, b


@program((0,), (5,), (0.0,), stages="cond")
def or_gives_a_default(x):
    x = x or 10
    return x * 2


@program(given(None), given(3), given(0), given(f64(4)))
def or_replaces_none(x=None):
    y = x or 1.5
    return y


@program(given(), given(None), given(2), given(f32(2, 3)))
def none_as_a_default(x=None):
    if x is None:
        x = np.ones(2)
    return x + 1


@program((0, 5), (2, 5), (2, 0), stages="cond")
def value_of_logic_in_arithmetic(a, b):
    return (a and b) + (a or b) * 2


@program((3, 5), (7, 5), stages="cond")
def logic_as_an_argument(a, b):
    return max(a > b and a, b), np.maximum(a or 1, b)


@program((0, 5), (2, 5), stages="cond")
def logic_changes_the_kind(a, b):
    y = a > 1 and b / 2
    return y


@program((b1(True, False), b1(True, True)), (b1(False), b1(True)))
def bitwise_logic_of_arrays(a, b):
    return a & b, a | b, a ^ b, ~a


@program((f64(1, 5, 9),), (f64(),))
def masks_with_and_or_not(x):
    inside = (x > 2) & (x < 8)
    return inside, x[inside], x[~inside], np.logical_or(x > 2, x < 0)


@program((f64(1, 2), f64(1, 2)), (f64(1, 2), f64(1, 3)), (f64(0, 0), f64(0, 0)), (f64(0, 0), f64(0, 1)), stages="cond")
def any_and_all_in_a_test(x, y):
    if (x == y).all() and x.any():
        return 1
    if np.all(x == y) or np.any(y > 2):
        return 2
    return 3


@program((1, 0), (0, 1), (1, 1), stages="cond")
def logic_in_a_ternary(a, b):
    return (a or 5) if a and b else (b or 7)


@program((1, 0), (0, 1), (1, 1), stages="cond")
def ternary_in_logic(a, b):
    return (a if b else 0) and (b if a else 9) or (3 if a > b else 4)


@program((2, 3), (3, 2), (2, 2), stages="cond")
def logic_of_comparisons(a, b):
    smaller = a < b
    equal = a == b
    return smaller or equal, smaller and not equal, not smaller and not equal


@program((2, 3), (0, 3), stages="cond")
def logic_binds_what_later_code_reads(a, b):
    r = a and b
    s = 0
    if r:
        s = r + 1
    return r, s


@program((f64(1, 2), f64(3, 4), True), (f64(1, 2), f64(3, 4), False), stages="cond")
def and_gives_the_array_itself(x, y, flag):
    z = flag and x or y
    z[0] = 100
    return z


@program((1, 2), (0, 2), (1, 0))
def assert_of_logic(a, b):
    assert a and b or a == b, "neither"
    return a - b
