"""Arrays written in place: items, slices, views, aliases, arguments; x += 1 on arrays and on numbers."""

import numpy as np

from tests.programs.row import Given, b1, f32, f64, grid, i64, program, zero_d


@program((f64(1, 2, 3), 1), (f64(1, 2, 3), -1), (i64(1, 2, 3), 2), (f64(1), 5))
def write_an_item(x, i):
    x[i] = 10.5
    return x


@program((f64(1, 2, 3, 4),), (i64(1, 2, 3, 4),), (f32(1, 2),))
def write_slices(x):
    x[:2] = 7
    x[-1:] = x[:1] + 1
    x[::2] = -x[::2]
    return x.sum()


@program((grid(3, 4), 1, 2), (grid(3, 4, np.float32), -1, 0))
def write_in_two_dimensions(x, i, j):
    x[i, j] = 100
    x[i, j:] += 1
    x[:, j] = x[:, 0]
    x[i] *= 2
    return x


@program((f64(1, -2, 3),), (grid(2, 3),), (i64(-5),))
def write_by_a_mask(x):
    x[x < 0] = 0
    x[x > 1] *= 10
    return x


@program((f64(1, 2, 3), i64(0, 2)), (f64(1, 2, 3), i64(1, 1)), (f64(1, 2, 3), i64(9)))
def write_by_an_index_array(x, i):
    x[i] = x[i] * 2
    x[i] += 1
    return x


@program((f64(1, 2),), (f32(1, 2),), (3,), (2.5,), (np.float32(2),), (zero_d(2),), (True,), (i64(1),))
def add_in_place(x):
    y = x
    x += 1
    return x, y


@program((f64(1, 2),), (i64(1, 2),), (3,), (zero_d(2, int),))
def add_a_float_in_place(x):
    x += 0.5
    return x


@program((f64(4, 9), 2), (i64(4, 9), 2), (7, 2), (np.int8(7), 2))
def all_the_operators_in_place(x, k):
    x += k
    x -= 1
    x *= k
    x //= k
    x **= 2
    x %= 5
    return x


@program((i64(6, 5), 1), (6, 1), (np.uint8(6), 1))
def bit_operators_in_place(x, k):
    x |= k
    x &= 7
    x ^= 2
    x <<= k
    x >>= 2
    return x


@program((grid(2, 2), grid(2, 2)), (grid(3, 3), np.eye(3)))
def matrix_product_in_place(x, y):
    x @= y
    return x


@program((f64(1, 2, 3),), (i64(1, 2, 3),))
def write_through_a_view(x):
    y = x[1:]
    y[0] = 50
    y += 1
    return x, y


@program((grid(2, 3),))
def write_through_a_transpose(x):
    y = x.T
    y[0] = 9
    z = x.reshape(-1)
    z[-1] = -9
    x.ravel()[1] = 77
    return y


@program((grid(2, 3),), (grid(3, 1),))
def write_into_a_copy(x):
    y = x.copy()
    y[0] = 5
    z = x + 0
    z[:] = 1
    w = np.array(x)
    w *= 0
    return y, z, w


@program((grid(2, 2), 1), (grid(2, 2), -1), stages="cond")
def write_in_a_branch(x, k):
    if k > 0:
        x[0] = k
    else:
        x[:, 1] -= k
    return x.sum()


@program((grid(2, 2), f64(5, 6), 1), (grid(2, 2), f64(5, 6), -1), stages="cond")
def write_to_one_of_two_arrays(x, y, k):
    z = x if k > 0 else y
    z[0] = 100
    z += 1
    return k


@program((f64(1, 2, 3),), (f64(),), (i64(4, 5),), stages="while_loop")
def write_in_a_loop(x):
    for i in range(len(x)):
        x[i] = x[i] * 2 + i
    return x


@program((f64(1, 2, 3, 4),), (f64(1),), stages="while_loop")
def running_sum_in_place(x):
    for i in range(1, len(x)):
        x[i] += x[i - 1]


@program((grid(3, 3),), (grid(1, 2),), stages="while_loop")
def write_a_new_array_in_loops(x):
    n, m = x.shape
    out = np.zeros((m, n), x.dtype)
    for i in range(n):
        for j in range(m):
            out[j, i] = x[i, j]
    return out


@program((f64(1, 2, 3, 4, 5), 2), (f64(1, 2, 3), 0), stages="while_loop")
def stencil_in_place(x, steps):
    for _ in range(steps):
        x[1:-1] = (x[:-2] + x[2:]) / 2
    return x


@program((f64(1, 2, 3, 4),), (f64(1),), stages="while_loop")
def reverse_by_swaps(x):
    i, j = 0, len(x) - 1
    while i < j:
        x[i], x[j] = x[j], x[i]
        i += 1
        j -= 1
    return x


@program((f64(1, 2), f64(3, 4)))
def swap_by_views(x, y):
    a, b = x[0], y[0]
    x[0], y[0] = b, a
    x[:], y[:] = y.copy(), x.copy()
    return x, y


@program((lambda: Given((a := f64(1, 2), a))), (f64(1, 2), f64(1, 2)))
def two_arguments_that_may_be_one(x, y):
    x[0] = 10
    y += x
    return x is y, x


def overlapping():
    base = np.arange(6.0)
    return base[:4], base[2:]


@program(overlapping, (f64(0, 1, 2, 3), f64(2, 3, 4, 5)))
def two_arguments_that_overlap(x, y):
    x += 10
    y[0] = -1
    x[3] = y[0] * 2
    return x.sum(), y.sum()


@program((lambda: (np.arange(5.0)[::-1],)), (lambda: (np.arange(12.0).reshape(3, 4).T[0],)))
def write_to_a_strided_argument(x):
    x[0] = 50
    x[1:] *= 2
    return x


def fill(x, value):
    x[:] = value


def doubled(x):
    x *= 2
    return x


@program((f64(1, 2), 3), (i64(1, 2), 3.7))
def callees_write(x, value):
    fill(x[1:], value)
    y = doubled(x)
    return y is x, y


@program((f64(1, 2), 3), (f64(1, 2), -3), stages="cond")
def callee_writes_in_a_branch(x, k):
    if k > 0:
        fill(x, k)
    return x + 1


@program((f64(1, 2), 3), (f64(1, 2), 0), stages="while_loop")
def callee_writes_in_a_loop(x, n):
    for i in range(n):
        doubled(x[:1])
        fill(x[1:], i)
    return x


@program((f64(1, 2), f64(3, 4)))
def out_argument(x, y):
    z = np.add(x, y, out=x)
    np.multiply(x, 2, out=y)
    w = np.zeros(2)
    np.sqrt(y, out=w)
    return z, w


@program((f64(3, 1, 2),), (i64(2, 1),))
def methods_that_write(x):
    x.sort()
    y = x.copy()
    y.fill(4)
    x[0] = y[0]
    return x.sum()


@program((f64(1, 2, 3), 7), (f64(1, 2, 3), f64(7, 8, 9)))
def functions_that_write(x, y):
    np.copyto(x, y)
    np.put(x, [0], 5)
    np.add.at(x, [1, 1], 1)
    return x


@program((f64(1, 2), True), (f64(1, 2), False), stages="cond")
def old_array_after_a_write(x, flag):
    before = x.sum()
    if flag:
        x[0] = 50
    return before, x.sum()


@program((f64(1, 2, 3),))
def item_read_before_a_write(x):
    first = x[0]
    part = x[:1]
    x[0] = 9
    return first, part


@program((f64(1, 2),), (f64(1, 2, 3),))
def write_of_a_wrong_shape(x):
    x[0] = 5
    x[:] = np.ones(2)
    return x


@program((grid(2, 2), 2.5), (grid(2, 2, int), 2.5), (grid(2, 2, np.int8), 3))
def write_casts_to_the_dtype(x, value):
    x[0] = value
    x[1, 1] = True
    return x


@program((f64(1, 2, 3),))
def overlapping_slices(x):
    x[1:] = x[:-1]
    x[:2] += x[1:]
    return x


@program(({"w": f64(1, 2), "b": [f64(3)]},))
def arrays_in_containers_are_written(parameters):
    parameters["w"] += 1
    parameters["b"][0][:] = 7
    return parameters["w"].sum()


@program((f64(1, 2), 3), (f64(1, 2), -3), stages="cond")
def rebinding_ends_the_alias(x, k):
    y = x
    if k > 0:
        x = x + 1
    x[0] = 40
    return x, y


@program((f64(1, 2, 3), 3), (f64(1, 2, 3), 0), stages="while_loop")
def alias_carried_by_a_loop(x, n):
    y = x
    for i in range(n):
        y[i] = -y[i]
        x[0] += 1
    return x, y


@program((f64(1, 2), f64(3, 4), 3), (f64(1, 2), f64(3, 4), 0), stages="while_loop")
def buffers_swapped_by_a_loop(x, y, n):
    for _ in range(n):
        y[:] = x * 2
        x, y = y, x
    return x, y


@program((f64(1, 2), b1(True, False)))
def where_of_a_ufunc(x, mask):
    np.negative(x, out=x, where=mask)
    return x


@program((np.broadcast_to(f64(1), (3,)),), (lambda: (np.broadcast_to(np.ones(1), (3,)),)))
def read_only_array(x):
    x[0] = 1
    return x


@program((f64(1, 2, 3, 4),))
def write_through_nested_views(x):
    y = x.reshape(2, 2)
    z = y[1]
    w = z[::-1]
    w[0] = 44
    z += 100
    return y


@program((f64(0, 0, 0), 4), (f64(0, 0, 0), 0), stages="while_loop cond")
def writes_under_conditions_in_a_loop(counts, n):
    for i in range(n):
        if i % 2 == 0:
            counts[0] += 1
        elif i > 2:
            counts[1] = i
        else:
            counts[2] -= i


@program((f64(1, 2, 3), f64(4, 5, 6)))
def write_rows_of_a_stack(x, y):
    z = np.stack([x, y])
    z[0] = 0
    a, b = z
    b[1] = 55
    return z, a
