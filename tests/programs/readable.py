"""The programs whose converted code and printed Program are golden files. Lines may be added at the end only."""

import numpy as np

from tests.programs.row import f32, f64, grid, program


@program((f32(3), f32(2)), (f32(2), f32(3)), stages="cond")
def golden_ternary(x, y):
    z = x + y if x > y else x - y
    return z


@program((0, 10), (10, 0), stages="while_loop")
def golden_counters(first, second):
    while first < second:
        first += 2
        second += 1
    return first, second


@program((f64(3, -2),), (f64(-1, -2),), stages="cond")
def golden_if_else(x):
    if x.sum() > 0:
        y = x * 2
    else:
        y = -x
    return y


@program((5,), (15,), (25,), stages="cond")
def golden_elif_chain(x):
    if x < 10:
        r = x + 1
    elif x < 20:
        r = x * 2
    else:
        r = -x
    return r


@program((1, 2), (0, 2), (3, 0))
def golden_and_or_not(a, b):
    return a and b, a or b, not a


@program((1, 3), (3, 1))
def golden_chained_comparison(a, b):
    return 0 < a < b + 1


@program((5,), (0,), stages="while_loop")
def golden_for_range(n):
    total = 0
    for i in range(n):
        total += i
    return total


@program((f64(1, 2),), (f64(),), stages="while_loop")
def golden_for_array(x):
    total = 0
    for item in x:
        total = total + item
    return total


@program((9,), (7,), stages="while_loop cond")
def golden_for_else(n):
    for i in range(2, n):
        if n % i == 0:
            r = i
            break
    else:
        r = -1
    return r


@program((5, 3), (0, 3), stages="while_loop")
def golden_break(n, limit):
    total = 0
    while n > 0:
        if total > limit:
            break
        total += n
        n -= 1
    return total


@program((5,), (0,), stages="while_loop cond")
def golden_continue(n):
    total = 0
    for i in range(n):
        if i % 2:
            continue
        total += i
    return total


@program((1,), (-1,), stages="cond")
def golden_early_return(x):
    if x > 0:
        return x
    y = x * x
    return y + 1


@program((f64(1, 5), 3), (f64(1, 5), 9), stages="while_loop cond")
def golden_return_in_a_loop(x, limit):
    for i in range(len(x)):
        if x[i] > limit:
            return i
    return -1


@program((1,), (-1,), stages="cond")
def golden_name_set_in_one_branch(x):
    if x > 0:
        z = x
    return z


@program((3, 2), (0, 2), stages="while_loop cond")
def golden_nested_loops(n, m):
    total = 0
    for i in range(n):
        for j in range(m):
            if j > i:
                break
            total += i * j
    return total


@program((grid(2, 2), 1), (grid(2, 2), -1), stages="cond")
def golden_write(x, k):
    if k > 0:
        x[0] = k
    x += 1
    return x.sum(axis=0)


def golden_callee(x):
    if x > 0:
        return x
    return 0


@program((1, 2), (-1, 2), stages="cond")
def golden_call(x, y):
    return golden_callee(x) + golden_callee(y)


@program((1,), (-1,), stages="cond")
def golden_print_and_raise(x):
    print("x is", x)
    if x < 0:
        raise ValueError("negative")
    assert x < 10, "large"
    return x


@program((2.0,), (9.0,), stages="while_loop")
def golden_newton(x):
    guess = x
    while abs(guess * guess - x) > 1e-6:
        guess = (guess + x / guess) / 2
    return guess


@program(({"w": grid(2, 2), "b": (f32(1, 2), 3)}, f64(1, 2)))
def golden_structures(layer, x):
    bias, scale = layer["b"]
    return {"y": np.tanh(x @ layer["w"] + bias) * scale}
