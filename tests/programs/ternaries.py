"""Conditional expressions and chained comparisons."""

import numpy as np

from tests.programs.row import b1, f32, f64, i64, program, zero_d


@program((f32(3), f32(2)), (f32(2), f32(3)), (f32(1, 2), f32(0)), stages="cond")
def ternary(x, y):
    z = x + y if x > y else x - y
    return z


@program((1, 2), (2, 1), (1.0, 2), (True, False), stages="cond")
def ternary_of_numbers(x, y):
    return x if x > y else y


@program((5,), (-5,), (0,), (0.0,), (np.int16(4),), stages="cond")
def nested_ternary(x):
    return 1 if x > 0 else -1 if x < 0 else 0


@program((1, 1), (1, -1), (-1, 1), (-1, -1), stages="cond")
def ternary_in_both_arms(x, y):
    return (x + y if y > 0 else x - y) if x > 0 else (x * y if y > 0 else x / y)


@program((1, 1), (1, -1), (-1, 1), (-1, -1), stages="cond")
def ternary_in_the_test(x, y):
    return True if (x if y > 0 else -x) > 0 else 7


@program((3, f64(1, 2)), (-3, f64(1, 2)), stages="cond")
def ternary_as_an_argument(k, x):
    return np.sum(x if k > 0 else -x) + (1 if k > 1 else 2)


@program((3, 4), (4, 3), stages="cond")
def ternary_in_a_tuple(x, y):
    return (x if x > y else y), (x if x < y else y), x + (1 if x > y else 0)


@program((2,), (0,), (0.0,), stages="cond")
def ternary_guards_a_division(x):
    return 1 / x if x != 0 else 0


@program((f64(1, 2, 3), 1), (f64(1, 2, 3), 7), stages="cond")
def ternary_guards_an_index(x, i):
    return x[i] if i < len(x) else 0.0


def tell(x):
    print("tell", x)
    return x


@program((1,), (-1,), stages="cond")
def ternary_runs_one_arm(x):
    return tell(x) if tell(x - 1) >= 0 else tell(-x)


@program((3, 3), (3, 1), stages="cond")
def ternary_gives_what_it_was_given(a, b):
    x = np.full(2, a)
    y = np.full(2, b)
    z = x if a > b else y
    z += 1
    return x, y, z


@program((f32(1, 2), f32(3, 4), True), (f32(1, 2), f32(3, 4), False), stages="cond")
def ternary_aliases_an_argument(x, y, flag):
    z = x if flag else y
    z += 10
    return z


@program((1, 5), (0, 5), (5, 1), (2, 2), stages="cond")
def ternary_in_arithmetic(x, y):
    total = x * (2 if x > y else 3) + (y if y else -1)
    return total


@program((5,), (0,), (11,), (10,), (5.5,), (np.float32(5),))
def chained_comparison(x):
    return 0 < x < 10


@program((f64(1, 2, 3), f64(2)), (f64(5), f64(2)), (f64(1), f64(2)))
def chained_comparison_of_arrays(x, y):
    return x[0] < y < x[0] + 5


@program((1, 3), (3, 1), (1, 9), (5, 5))
def chained_comparison_calls_the_middle_once(a, b):
    return a < tell(b - 1) < 5


@program((1, 3), (3, 1), (5, 5), stages="cond")
def chained_comparison_in_a_test(a, b):
    if a < tell(b - 1) < tell(b):
        return a
    return b


@program((1, 2, 3, 4), (1, 3, 2, 4), (2, 1, 3, 4), (4, 3, 2, 1))
def long_chain(a, b, c, d):
    return a < tell(b) <= tell(c) < tell(d)


@program((1, 2, 1), (1, 1, 1), (2, 1, 3))
def chain_of_mixed_operators(a, b, c):
    return a == c != b, a >= b >= c, a != b != c, a < b > c


@program((3, 2), (2, 3), stages="cond")
def not_of_a_chain(a, b):
    if not 0 < a < b:
        return a * 10
    return b * 10


@program((4, 0), (1, 3), (9, 9), stages="while_loop")
def chain_in_a_while(a, b):
    while 0 <= b < a:
        b += 1
        a -= 1
    return a, b


@program((f64(1, 2, 3), f64(2, 2, 2)), (i64(1, 5), i64(3, 4)))
def comparisons_of_arrays(x, y):
    return x < y, x <= y, x == y, x != y, x >= y, x > y


@program((f64(0), f64(1), f64(2)), (f64(1, 1), f64(1, 2), f64(2)))
def chain_of_arrays(x, y, z):
    return x < y < z


@program((3, 3.0), (3, 4), (True, 1), (np.float32(0.1), 0.1), (float("nan"), float("nan")))
def comparisons_across_kinds(x, y):
    return x == y, x != y, x < y, x >= y


@program((2, (1, 2)), (5, (1, 2)), (np.int64(2), (1, 2, 3)))
def membership(x, items):
    return x in items, x not in items


@program((f64(1, 2, 3), 2.0), (f64(1, 2, 3), 5.0), stages="cond")
def membership_in_an_array(x, item):
    if item in x:
        return x * 2
    return x


@program((1, 2), (2, 1), (zero_d(1), zero_d(2)), stages="cond")
def lambda_with_a_ternary(x, y):
    bigger = lambda a, b: a if a > b else b
    return bigger(x, y) - bigger(y, -x)


@program((b1(True), 1), (b1(False), 1), (np.False_, 1.5), stages="cond")
def ternary_of_different_kinds(flag, x):
    return x if flag else np.float32(2)


@program((f64(4, 9), 1), (f64(4, 9), -1), stages="cond")
def ternary_as_a_subscript(x, k):
    x[0 if k > 0 else 1] = -7
    return x[1 if k > 0 else 0]
