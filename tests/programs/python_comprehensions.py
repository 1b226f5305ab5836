"""Comprehensions and generator expressions over arrays, ranges and lists."""

import numpy as np

from tests.programs.row import f64, grid, i64, program


@program((4,), (0,))
def list_over_a_range(n):
    return [i * i for i in range(n)]


@program((f64(1, -2, 3),), (f64(),))
def list_over_an_array(x):
    return [item * 2 for item in x]


@program((f64(1, -2, 3),), (f64(-1),))
def list_with_a_condition(x):
    return [item for item in x if item > 0]


@program((4,), (0,))
def ternary_in_a_list(n):
    return [i if i % 2 else -i for i in range(n)]


@program((3, 2), (0, 2))
def two_loops_in_a_list(n, m):
    return [i * j for i in range(n) for j in range(m) if i != j]


@program((3, 2), (2, 0))
def nested_lists(n, m):
    return [[i + j for j in range(m)] for i in range(n)]


@program((grid(3, 2),), (grid(2, 4),))
def array_of_a_list(x):
    return np.array([row.sum() for row in x]), np.stack([row[::-1] for row in x])


@program(((f64(1, 2), f64(3)),), ((),))
def list_over_a_tuple(arrays):
    return [array.sum() for array in arrays], tuple(array + 1 for array in arrays)


@program(({"a": 1, "b": f64(2)},))
def dict_over_items(table):
    return {key: value * 2 for key, value in table.items()}, {key for key in table} == {"a", "b"}


@program((4,), (0,))
def dict_over_a_tuple(n):
    return {k: n * k for k in (1, 2, 3)}


@program((f64(1, -2, 3),), (f64(),))
def sum_of_a_generator(x):
    return sum(item * item for item in x), sum(1 for item in x if item > 0)


@program((f64(1, -2, 3),), (f64(),), (i64(0, 1),))
def any_and_all_of_a_generator(x):
    return any(item < 0 for item in x), all(item > 0 for item in x)


@program((5,), (1,))
def max_and_min_of_a_generator(n):
    return max(i * (4 - i) for i in range(n)), min((i % 3 for i in range(n)), default=7)


@program((0,), (3,))
def max_of_nothing(n):
    return max(i for i in range(n))


@program((f64(1, 2, 3), f64(4, 5, 6)), (f64(), f64(1)))
def list_over_zip_and_enumerate(x, y):
    return [a * b for a, b in zip(x, y)], [i * a for i, a in enumerate(x)]


@program((3,), (-3,), stages="cond")
def list_in_a_branch(x):
    if x > 0:
        items = [x * k for k in (1, 2)]
    else:
        items = [x]
    return items


@program((3, 2), (0, 2), stages="while_loop")
def list_in_a_loop(n, m):
    total = 0
    for i in range(n):
        total += sum([i * j for j in range(m)])
    return total


@program((3, 2))
def captured_names(n, k):
    return [i * k for i in range(n)], [(lambda: i + k)() for i in range(2)]


@program((3,))
def walrus_in_a_list(n):
    items = [last := i * 2 for i in range(n)]
    return items, last


@program((3,))
def late_binding(n):
    functions = [lambda: i for i in range(3)]
    return [f() + n for f in functions]


@program((3,))
def default_argument_binds_early(n):
    functions = [lambda k=k: k * n for k in (1, 2)]
    return [f() for f in functions]


@program(([3, 1, 2], 2), ([], 2))
def list_over_a_list(items, k):
    return [item + k for item in items], [item for item in items if item > 1]


@program((2,), (0,))
def calls_in_a_list(n):
    return [shown(i) for i in range(n) if shown(i + 10)]


def shown(value):
    print("shown", value)
    return value


@program((4,))
def unpacked_list(n):
    a, b = [n * k for k in (1, 2)]
    return a - b, [*(i for i in range(n)), -1], {**{"n": n}, "m": 1}
