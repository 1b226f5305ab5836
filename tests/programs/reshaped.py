"""Arrays whose shape or dtype is set in place: every name for the array sees it."""

import numpy as np

from tests.programs.row import f64, grid, program


def one_array_twice():
    x = np.arange(6.0).reshape(2, 3)
    return x, x


@program(one_array_twice, (grid(2, 3), f64(1, 2)))
def shape_set_through_another_name(x, y):
    y.shape = (-1,)
    count = 0
    for _ in x:
        count += 1
    if x.ndim == 1:
        x[0] = 5
    return x.ndim, x.shape, len(x), x.size, count


@program((grid(2, 3), 3), (grid(2, 3), 0), stages="while_loop")
def shape_set_in_a_loop(x, n):
    s = 0
    for _ in range(n):
        if x.ndim == 2:
            s += 1
        s += len(x)
        x.shape = (-1,)
    return s, x


@program((grid(2, 3), 3), (grid(2, 3), 0), stages="cond")
def shape_set_in_a_branch(x, n):
    kept = [x, np.zeros((2, 2))]
    if n > 1:
        x.shape = (3, 2)
        kept[1].shape = 4
    first, *rest = x
    return first, rest, kept[1].ndim, kept


@program((f64(1, 2, 3, 4),), (grid(2, 2),))
def dtype_set_through_another_name(x):
    y = x.view()
    z = y
    y.dtype = np.int64
    return z.dtype, z, x.dtype


@program((f64(1, 2, 3, 4),))
def shape_that_does_not_fit(x):
    try:
        x.shape = (3, 3)
    except ValueError:
        print("3 x 3")
    y = x[::2]
    y.shape = (2, 1)
    x.shape = (5,)


@program((2,), (5,))
def resized_in_place(n):
    x = np.zeros(3)
    kept = [x]
    x.resize(n, refcheck=False)
    count = 0
    for _ in kept[0]:
        count += 1
    return x, kept, count
