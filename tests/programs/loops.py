"""while, and for over ranges; their else; state that changes its type."""

import numpy as np

from tests.programs.row import f32, f64, grid, i64, program


@program((0, 10), (10, 0), (f32(0), f32(10)), (0.5, 3), stages="while_loop")
def counters(first, second):
    while first < second:
        first += 2
        second += 1
    return first, second


@program((10,), (0,), (-3,), (2.5,), (np.int32(5),), stages="while_loop")
def while_counts_down(n):
    total = 0
    while n > 0:
        total += n
        n -= 1
    return total


@program((48, 18), (17, 5), (0, 7), (2**70, 2**66 * 3), stages="while_loop")
def greatest_common_divisor(a, b):
    while b:
        a, b = b, a % b
    return a


@program((27,), (1,), (2**65 + 1,), stages="while_loop cond")
def collatz(n):
    steps = 0
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


@program((2.0,), (2,), (np.float32(10),), (f64(9),), stages="while_loop")
def newton_square_root(x):
    guess = x
    while abs(guess * guess - x) > 1e-6:
        guess = (guess + x / guess) / 2
    return guess


@program((f64(1, 2, 3),), (f64(100),), stages="while_loop")
def while_over_an_array(x):
    while x.sum() < 50:
        x = x * 2
    return x


@program((5,), (0,), (-1,), (1,), (True,), (np.int64(4),), stages="while_loop")
def for_range(n):
    total = 0
    for i in range(n):
        total += i
    return total


@program((2, 6), (6, 2), (-2, 2), (3, 3), stages="while_loop")
def for_range_from(a, b):
    total = 0
    for i in range(a, b):
        total = total * 2 + i
    return total


@program((0, 10, 3), (10, 0, -3), (0, 10, -1), (5, 5, 1), (0, 9, 4), (-1, -8, -2), stages="while_loop")
def for_range_with_a_step(a, b, step):
    out = 0
    for i in range(a, b, step):
        out = out * 7 + i
    return out


@program((1, 5, 0), (1, 5, 2))
def range_with_a_step_of_zero(a, b, step):
    total = 0
    for i in range(a, b, step):
        total += i
    return total


@program((2.5,), (3,))
def range_of_a_float(n):
    total = 0
    for i in range(n):
        total += i
    return total


@program((3,), (0,), stages="while_loop")
def loop_name_after_the_loop(n):
    for i in range(n):
        pass
    return i


@program((3,), (0,), stages="while_loop")
def loop_name_set_before(n):
    i = -1
    for i in range(n):
        pass
    return i


@program((4,), (0,), stages="while_loop")
def loop_name_rebound_in_the_body(n):
    total = 0
    for i in range(n):
        i = i * 10
        total += i
    return total, n


@program((4,), (0,), stages="while_loop")
def bound_rebound_in_the_body(n):
    count = 0
    for i in range(n):
        n = 0
        count += 1
    return count, n


@program((3,), (0,), stages="while_loop")
def name_set_only_in_a_loop(n):
    for i in range(n):
        last = i * 2
    return last


@program((3,), (0,), stages="while_loop")
def name_set_only_in_a_while(n):
    while n > 0:
        last = n
        n -= 1
    return last


@program((3,), (0,), stages="while_loop")
def name_used_only_within_an_iteration(n):
    total = 0
    for i in range(n):
        square = i * i
        double = square * 2
        total += double
    return total


@program((3,), (0,), stages="while_loop")
def int_becomes_float(n):
    s = 0
    for i in range(n):
        s += 0.5
    return s


@program((3,), (0,), (1,), stages="while_loop")
def int_becomes_float_becomes_array(n):
    s = 0
    while n > 0:
        s = s + np.ones(2) * 0.5
        n -= 1
    return s


@program((5, np.float32(1)), (0, np.float32(1)), (1, np.float32(1)), stages="while_loop")
def float32_becomes_float64(n, x):
    for i in range(n):
        x = x * np.float64(1.5)
    return x


@program((3, i64(1, 2)), (0, i64(1, 2)), stages="while_loop")
def int_array_becomes_float_array(n, x):
    for i in range(n):
        x = x / 2
    return x


@program((3,), (0,), (1,), stages="while_loop")
def array_grows(n):
    out = np.zeros(0)
    for i in range(n):
        out = np.concatenate([out, np.full(2, i)])
    return out


@program((3, f64(1)), (0, f64(1)), stages="while_loop")
def array_doubles(n, x):
    while n > 0:
        x = np.concatenate([x, x + 1])
        n -= 1
    return x


@program((3, f64(1, 2)), (0, f64(1, 2)), (1, f64(1, 2)), stages="while_loop")
def rank_grows(n, x):
    for i in range(n):
        x = x[None]
    return x.sum(), x


@program((4, 1, 2), (0, 1, 2), (1, 1, 2), stages="while_loop")
def swap_in_a_loop(n, a, b):
    for i in range(n):
        a, b = b, a + b
    return a, b


@program((60,), (95,), stages="while_loop")
def integers_of_any_size(n):
    product = 1
    for i in range(1, n):
        product *= i
    return product


@program((5,), (0,), stages="while_loop")
def while_else(n):
    while n > 0:
        n -= 2
    else:
        n += 100
    return n


@program((5,), (0,), stages="while_loop")
def for_else(n):
    total = 0
    for i in range(n):
        total += i
    else:
        total += 1000
    return total


@program((4, 3), (0, 3), (2, 0), (1, 1), stages="while_loop")
def loop_in_a_loop(n, m):
    total = 0
    for i in range(n):
        for j in range(m):
            total += i * j + 1
    return total


@program((5,), (1,), (0,), stages="while_loop")
def inner_bound_is_the_outer_name(n):
    total = 0
    for i in range(n):
        for j in range(i, n):
            total += j
    return total


@program((5, 3), (0, 3), stages="while_loop")
def while_in_a_for(n, m):
    total = 0
    for i in range(n):
        k = i
        while k < m:
            total += k
            k += 1
    return total


@program((5,), (0,), stages="while_loop")
def for_in_a_while(n):
    total = 0
    while n > 0:
        for i in range(n):
            total += i
        n -= 2
    return total


@program((grid(3, 4),), (grid(1, 1),), (grid(0, 3),), stages="while_loop")
def loops_over_shape(x):
    total = 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            total += x[i, j] * (i + 1)
    return total


@program((f64(3, 1, 2),), (f64(),), stages="while_loop")
def loop_over_len(x):
    best = -1.0
    for i in range(len(x)):
        best = max(best, x[i])
    return best


@program((3,), (0,), stages="while_loop")
def two_loops_in_a_row(n):
    total = 0
    for i in range(n):
        total += i
    for i in range(n, 0, -1):
        total = total * 2 + i
    return total


@program((100000,), stages="while_loop", forms=("traced", "saved"))
def many_iterations_make_a_small_program(n):
    total = 0
    for i in range(n):
        total += i % 3
    return total


@program((3,), (0,), stages="while_loop")
def names_of_numpy_state(n):
    x = np.zeros(2, np.float32)
    y = np.int8(1)
    for i in range(n):
        x = x + i
        y = y + np.int8(1)
    return x, y


@program((f64(1, 2, 3, 4), 2.0), (f64(), 2.0), stages="while_loop")
def horner(coefficients, x):
    result = 0
    for i in range(len(coefficients) - 1, -1, -1):
        result = result * x + coefficients[i]
    return result


@program((3, 2), (2, 0), stages="while_loop")
def unused_target(n, x):
    for _ in range(n):
        x = x * x
    return x


@program((2, 1.0), (0, 1.0), stages="while_loop")
def constant_bound(n, x):
    for i in range(3):
        x = x + n * i
    return x


@program((1, 5), (3, 0), stages="while_loop")
def range_kept_in_a_name(n, m):
    steps = range(n, n + m)
    total = 0
    for i in steps:
        total += i
    return total, len(steps)


@program((0,), (3,), stages="while_loop")
def while_true_like_test(n):
    count = 0
    while not n >= 5:
        n += 1
        count += n
    return count
