"""Creating arrays, and reading them by every kind of index."""

import numpy as np

from tests.programs.row import b1, f32, f64, grid, i64, program, zero_d

CUBE = np.arange(24.0).reshape(2, 3, 4)


@program((3,), (0,), (np.int64(2),))
def creation_by_a_number(n):
    return np.zeros(n), np.ones(n, dtype=np.float32), np.full(n, 2.5), np.arange(n), np.eye(n), np.zeros((n, n + 1))


@program((3, 2.5), (2, 7), (1, True), (2, np.float32(3)))
def creation_by_a_value(n, value):
    return np.full((n, 2), value), np.full(n, value, dtype=np.int8), np.array([value, n]), np.repeat(value, n)


@program((f32(1, 2),), (grid(2, 3),), (i64(),), (3,))
def creation_like_another(x):
    return np.zeros_like(x), np.ones_like(x), np.full_like(x, 3), np.empty_like(x).shape, np.zeros_like(x, dtype=int)


@program((0, 5, 2), (5, 0, -1), (0.0, 1.0, 0.25))
def ranges_of_numbers(start, stop, step):
    return np.arange(start, stop, step), np.linspace(start, stop, 4), np.arange(stop)


@program((1, 2.5), (f64(1), f64(2)), (zero_d(1), np.float32(2)))
def array_of_staged_items(x, y):
    return np.array([x, y]), np.array([[x, y], [y, x]]), np.stack([x, y]), np.asarray((x, y), dtype=np.float32)


@program((3,), (1,), stages="while_loop")
def creation_in_a_loop(n):
    total = np.zeros(2)
    for i in range(n):
        row = np.array([i, i * i])
        total = total + row * np.ones(2)
    return total


@program((2,), (-2,), stages="cond")
def creation_in_a_branch(k):
    if k > 0:
        x = np.zeros(k)
    else:
        x = np.arange(-k, dtype=np.float32).reshape(1, -1)
    return x


@program((f64(1, 2, 3, 4),))
def integers_and_slices(x):
    return x[0], x[-1], x[1:3], x[:2], x[2:], x[::2], x[::-1], x[-2:], x[5:], x[3:1:-1], x[:]


@program((CUBE,))
def indexing_of_rank_three(x):
    return x[0], x[0, 1], x[0, 1, 2], x[..., 0], x[:, 1], x[1, ..., 2], x[:, None, 0], x[-1, :, ::2], x[..., None]


@program((f64(1, 2, 3, 4), 1), (f64(1, 2, 3, 4), -2), (f64(1, 2, 3, 4), 0))
def staged_index(x, i):
    return x[i], x[i:], x[:i], x[i : i + 2], x[i - 1], x[::i] if i else x


@program((grid(3, 4), 1, 2), (grid(3, 4), -1, 0))
def two_staged_indices(x, i, j):
    return x[i, j], x[i][j], x[i], x[:, j], x[i:, :j], x[i, ::-1]


@program((grid(3, 4), i64(0, 2)), (grid(3, 4), i64()), (grid(3, 4), i64(-1, -1, 0)))
def array_index(x, i):
    return x[i], x[:, i], x[i, i], x[i][:, i], x[i, 1], x[i[:, None], i]


@program((f64(1, -2, 3),), (grid(2, 3),), (f64(-1, -2),))
def mask_index(x):
    return x[x > 0], x[~(x > 0)], x[x > 0].sum(), len(x[x > 0])


@program((grid(3, 2), b1(True, False, True)), (grid(3, 2), b1(False, False, False)))
def mask_of_rows(x, rows):
    return x[rows], x[rows, 0], x[rows].shape, x[rows].sum(axis=0)


@program((f64(1, 2, 3),), (f64(4),))
def list_index(x):
    return x[[0, -1]], x[[0]], x[np.array([0, 0])]


@program((f64(1, 2, 3), 5), (f64(1, 2, 3), 1))
def index_out_of_range(x, i):
    return x[i]


@program((f64(1, 2, 3), 1.0), (f64(1, 2, 3), 1))
def float_index(x, i):
    return x[i]


@program((grid(2, 2), 1), (f64(1, 2), 1))
def too_many_indices(x, i):
    return x[i, i]


@program((zero_d(3),), (np.float64(3),))
def index_of_no_dimensions(x):
    return x[()], x[...], x[None], x[..., None]


@program((f64(1, 2), grid(3, 2)), (grid(3, 1), grid(3, 2)), (f64(1), 2.0))
def broadcasting(x, y):
    return x + y, y - x, np.maximum(x, y), x[..., None] * np.ones(2)


@program((f64(1, 2), f64(1, 2, 3)), (f64(1, 2), f64(1, 2)))
def shapes_that_do_not_broadcast(x, y):
    return x + y


@program((grid(2, 3), 6), (grid(2, 3), 5))
def reshape_to_a_number(x, n):
    return x.reshape(n)


@program((grid(2, 6), 3), (grid(2, 6), 2), (grid(2, 6), 5))
def reshape_by_arithmetic(x, n):
    return x.reshape(x.size // n, n).sum(axis=1)


@program((grid(3, 2),), (grid(2, 3),), (grid(4, 0),))
def unpack_a_shape(x):
    n, m = x.shape
    return np.zeros((m, n)), n * m == x.size, n - m


@program((f64(1, 2, 3),), (f64(5, 6, 7),))
def unpack_an_array(x):
    a, b, c = x
    return a + b * c, c


@program((f64(1, 2),), (f64(1, 2, 3),))
def unpack_too_few_or_many(x):
    a, b = x
    return a - b


@program((grid(2, 2),))
def unpack_nested(x):
    (a, b), (c, d) = x
    return a * d - b * c


@program((f64(1, 2, 3),), (f64(1),))
def len_and_slices_of_slices(x):
    y = x[1:]
    return len(y), y[::-1], x[: len(x) // 2], x[1:][:1], x[len(x) - 1]


@program((f64(1, 2, 3, 4, 5), 2), (f64(1, 2, 3), 3), stages="while_loop")
def moving_average(x, width):
    out = np.zeros(len(x) - width + 1)
    for i in range(len(out)):
        out[i] = x[i : i + width].mean()
    return out


@program((f64(3, 1, 2), 1), (f64(3, 1, 2), -1), stages="cond")
def index_after_a_branch(x, k):
    if k > 0:
        i = 0
    else:
        i = -1
    return x[i]


@program((f64(1, 2, 3), 2), (f64(1, 2, 3), 0), stages="cond")
def slice_of_a_size_that_depends(x, k):
    if k > 1:
        y = x[:k]
    else:
        y = x
    return y.sum(), y


@program((f64(1, 2, 3),), (f64(-1),), (f64(),))
def sizes_that_depend_on_values(x):
    y = x[x > 1]
    return np.zeros(y.shape[0]), y.size + 1, np.ones(len(y)) * 2


@program((f64(1, 2),), (f32(3),), (grid(2, 2),))
def attributes(x):
    return x.T, x.size, x.ndim, x.real, x.shape[0], x.flat[0], x.dtype.name == "float64"
