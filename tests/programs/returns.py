"""return: in branches, in loops, nested, with a value on one path and none on another."""

import numpy as np

from tests.programs.row import f32, f64, grid, i64, program


@program((1,), (-1,), (0,), (f32(2),), stages="cond")
def return_in_branches(x):
    if x > 0:
        return x * 2
    if x < 0:
        return -x
    return x + 100


@program((1,), (-1,), stages="cond")
def return_in_both(x):
    if x > 0:
        return x
    else:
        return x * 3


@program((1,), (-1,), stages="cond")
def value_on_one_path_and_none_on_another(x):
    if x > 0:
        return x * 2


@program((1,), (-1,), stages="cond")
def bare_return(x):
    if x > 0:
        return
    return x


@program((f64(1, 2),), (f64(-1, 2),))
def nothing_returned(x):
    x[1] = 9


@program((1, 1), (1, -1), (-1, 1), (-1, -1), stages="cond")
def return_in_nested_branches(x, y):
    if x > 0:
        if y > 0:
            return 1
        x = x + 10
    else:
        if y > 0:
            return 3.5
        y = y - 10
    return x, y


@program((5,), (15,), (25,), (35,), stages="cond")
def guards(x):
    if x < 10:
        return True
    if x < 20:
        return 2
    if x < 30:
        return 3.0
    y = x * x
    return y


@program((5,), (15,), (25,), stages="cond")
def return_in_some_arms_of_a_chain(x):
    if x < 10:
        y = 1
    elif x < 20:
        return x
    else:
        y = 3
    return x + y


@program((f64(1, 2),), (f64(-1, 2),), stages="cond")
def results_of_different_shapes(x):
    if x[0] > 0:
        return x.sum()
    return x[:, None]


@program((2,), (-2,), stages="cond")
def results_of_different_structure(x):
    if x > 0:
        return x, x + 1
    return x


@program((f64(1, 2, 3), 2.5), (f64(1, 2, 3), 9), (f64(), 1), stages="while_loop")
def return_in_a_for(x, limit):
    for i in range(len(x)):
        if x[i] > limit:
            return i
    return -1


@program((f64(1, 2), 10), (f64(50, 60), 10), (f64(-1, 0), -5), stages="while_loop")
def return_in_a_while_over_arrays(x, n):
    while n > 0:
        if x.sum() > 100:
            return x, n
        x = x * 2 + 1
        n -= 1
    return -x


@program((f64(3, 1, 2), 1), (f64(3, 1, 2), 7), (f64(), 7), stages="while_loop")
def return_in_a_loop_over_items(x, wanted):
    for item in x:
        if item == wanted:
            return item * 100


@program((3, 3, 4), (3, 3, 100), (0, 3, 1), stages="while_loop")
def return_in_a_nested_loop(n, m, wanted):
    count = 0
    for i in range(n):
        for j in range(m):
            count += 1
            if i * m + j == wanted:
                return i, j, count
    return count


@program((3,), (0,))
def return_at_once_in_a_loop(n):
    for i in range(n):
        return i + 10
    return -1


@program((3,), (0,))
def return_at_the_end_of_a_while_body(n):
    while n > 0:
        n = n * 2
        return n
    return -1


@program((3,), (9,), (100,))
def return_in_while_true(n):
    while True:
        n += 1
        if n % 5 == 0:
            return n


@program((f64(1, 2, 3),), (f64(1, -2, 3),), (f64(-1),), stages="while_loop")
def all_positive(x):
    for i in range(x.shape[0]):
        if x[i] <= 0:
            return False
    return True


@program((grid(3, 3), 2), (grid(3, 3), 99), stages="while_loop")
def find_in_a_grid(x, wanted):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if x[i, j] == wanted:
                return i, j
    return None


@program((i64(1, 3, 5, 7), 5), (i64(1, 3, 5, 7), 4), (i64(), 4), stages="while_loop cond")
def binary_search(x, wanted):
    low, high = 0, len(x)
    while low < high:
        middle = (low + high) // 2
        if x[middle] == wanted:
            return middle
        if x[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return -1


@program((8, 3), (2, 3), stages="while_loop cond")
def return_after_a_loop_that_broke(n, limit):
    i = 0
    while i < n:
        if i == limit:
            break
        i += 1
    if i == limit:
        return np.ones(2) * i
    return i


@program((3, 2), (0, 2), (3, 0), stages="while_loop")
def return_in_a_loop_in_a_branch(n, k):
    if k > 0:
        for i in range(n):
            if i == k:
                return i
        n = n * 10
    return n


@program((1, 5), (-1, 5), (1, 0), (-1, 0), stages="cond while_loop")
def loop_or_early_return(k, n):
    if k < 0:
        return n
    while n > 0:
        n -= 2
    return n * k


@program((3, 5), (1, 5), (9, 5))
def return_in_a_python_loop(a, b):
    for k in (1, 2, 4):
        if a * k > b:
            return k
    return a
