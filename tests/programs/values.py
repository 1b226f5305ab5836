"""Kinds and dtypes: Python numbers, NumPy scalars, 0-d arrays; casts; shapes as numbers."""

import numpy as np

from tests.programs.row import b1, f32, f64, given, grid, i64, program, zero_d

KINDS = (
    (3, 2), (3.5, 2), (True, 2), (2, True), (3, 2j), (2**80, 3), (np.float32(3), 2), (3, np.float32(2)),
    (np.int8(3), np.int16(2)), (np.int64(3), 0.5), (np.bool_(True), 2), (zero_d(3), 2), (zero_d(3), zero_d(2)),
    (zero_d(3, np.float32), 2.0), (f32(3, 4), 2.0), (f32(3, 4), np.float64(2)), (i64(3, 4), 2.5), (b1(True), 2),
    (np.array([3, 4], np.uint8), 2), (np.array([3, 4], np.uint8), i64(1, 2)), (f64(1, 2), 1j),
    (np.array([1, 2], np.float16), np.float32(2)), (np.array([1 + 2j], np.complex64), 2.0),
)  # fmt: skip


@program(*KINDS)
def add(x, y):
    return x + y


@program(*KINDS)
def subtract_and_multiply(x, y):
    return x * y - 1, 2 * x, 1.5 - y


@program(*KINDS)
def divide(x, y):
    return x / y, 1 / y


@program(*KINDS)
def power(x, y):
    return x**2, x**y


@program(*KINDS)
def equality(x, y):
    return x == y, x != y


@program((7, 2), (-7, 2), (7.5, -2), (i64(7, -7), 3), (np.float32(7), 2.5), (True, 2), (2**70, 3))
def floor_division_and_remainder(x, y):
    return x // y, x % y, divmod(x, y)


@program((6, 3), (True, False), (i64(6, 5), 3), (b1(True, False), True), (np.uint8(6), 3), (2**70, 1))
def integer_bits(x, y):
    return x & y, x | y, x ^ y, x << y, x >> y, ~x


@program((3,), (-3.5,), (True,), (2j,), (np.int8(-3),), (f32(1, -2),), (zero_d(-1),), (i64(),))
def unary(x):
    return -x, +x, abs(x)


@program((f64(1, 2), f64(3, 4)), (grid(2, 3), grid(3, 2)), (grid(2, 3, np.int64), i64(1, 2, 3)))
def matrix_product(x, y):
    return x @ y


@program((np.array([250, 3], np.uint8), 10), (np.array([100], np.int8), np.int8(100)), (np.int64(2**62), 2))
def integer_overflow(x, y):
    return x + y, x * y


@program((np.array([1], np.uint8), 300), (np.int8(1), 1000))
def number_that_does_not_fit(x, y):
    return x + y


@program((f64(1, np.nan), -np.inf), (0.0, -0.0), (-0.0, np.nan), (f32(-0.0), f32(0)))
def nan_infinity_and_signed_zero(x, y):
    return x + y, x * y, -x, x == x, y != y, np.maximum(x, y)


@program((3.7,), (-3.7,), (3,), (True,), (np.float32(2.5),), (f64(4.5),), (zero_d(9.9),), (np.int8(3),))
def casts_to_python(x):
    return int(x), float(x), bool(x), complex(x)


@program((f64(1, 2),), (f64(1.5),), (np.float32(1.1),), (zero_d(2),))
def item(x):
    return x.item()


@program((f64(1.5, -2.5),), (np.float64(300),), (i64(1, 2, 300),), (b1(True),))
def astype(x):
    return x.astype(np.float32), x.astype(int), x.astype("complex128"), x.astype(bool)


@program((3,), (2.5,), (f64(1.5, 2),), (True,), (zero_d(7),))
def casts_by_scalar_types(x):
    return np.float32(x), np.float64(x), np.int64(x)


@program((3,), (2.5,), ((1, 2.5),), ([1, 2],), (f64(1),), (np.float32(2),))
def make_arrays(x):
    return np.array(x), np.asarray(x), np.array(x, dtype=np.float32), np.atleast_1d(x)


@program((3,), (0.5,), (True,), (1j,), (np.float32(2),))
def number_kinds_survive_a_branch(x):
    y = x
    if x:
        y = x * x
    return y, x


@program((f64(1, 2, 3),), (f32(1),), (f64(),))
def items_are_scalars(x):
    return x[0], x[0] + 1, x[0:1], x[:0]


@program((f64(1, 2),), (zero_d(3),), (grid(2, 3),))
def zero_d_results(x):
    return x.sum(), np.sum(x), np.add(x, x).max(), x[..., 0:1].sum() if x.ndim else x[()], x[...]


@program((grid(2, 3),), (f64(1, 2),), (zero_d(1),))
def shape_size_ndim(x):
    return x.shape, x.size, x.ndim, x.dtype == np.float64, x.itemsize, x.nbytes


@program((grid(2, 3),), (grid(4, 1),))
def shapes_as_numbers(x):
    rows, columns = x.shape
    scale = rows * columns + len(x)
    return x / scale, x.shape[-1] + 0.5, np.zeros((columns, rows)), x.sum() / x.size


@program((grid(2, 3),), (grid(4, 1),))
def test_on_a_shape(x):
    if x.shape[0] > 2:
        return x[2]
    return x.reshape(x.shape[1], -1)


@program((f64(1, 2),), (grid(2, 2),), (zero_d(1),))
def test_on_a_rank(x):
    if x.ndim == 2:
        return x.T
    if x.ndim == 1:
        return x[::-1]
    return x


@program((f64(1, 2),), (f32(1, 2),), (i64(1, 2),))
def test_on_a_dtype(x):
    if x.dtype == np.float32:
        return x * 2
    elif np.issubdtype(x.dtype, np.integer):
        return x * 3
    return x * 4


@program((f64(1, 2, 3),), (i64(7),))
def keeps_the_dtype(x):
    y = np.zeros_like(x)
    z = np.zeros(x.shape, x.dtype)
    return y + z + x, np.ones(len(x), dtype=x.dtype)


@program((3, 4), (3.0, 4), (np.float32(3), 4), stages="while_loop")
def kinds_of_loop_state(x, n):
    y = x
    for i in range(n):
        y = y * 2 - i
    return y


@program((5,), (5.0,), (np.int32(5),), (f32(5),), stages="cond")
def weak_promotion_after_a_branch(k):
    step = 1 if k > 3 else 2
    return np.float32(0.5) + step, np.ones(2, np.float32) * step, np.int8(3) * step


@program((5, 0.1), (-5, 0.1), stages="cond")
def weak_float_after_a_branch(k, step):
    if k > 0:
        step = step / 2
    return np.float32(1) + step, np.ones(1, np.float16) * step


@program((np.float32(1),), (np.float16(1),), (f32(1),))
def python_constants_are_weak(x):
    return x + 1e-3, x * 3, x + 1e10, 1 - x


@program(given(3), given(3, 4), given(x=3, y=1.5))
def number_of_either_kind(x, y=2):
    return x + y, x / y


@program((np.array([3, 1], ">f4"), 2), (np.array([3, 1], ">i2"), 2.5))
def byte_swapped(x, y):
    return x + y, x[0], x.sum()


@program((np.array(["2020-01-01", "2020-03-01"], "M8[D]"),))
def dates(x):
    return x[1] - x[0], x + np.timedelta64(1, "D"), x.max()


@program((lambda: (np.arange(12.0).reshape(3, 4).T,)), (lambda: (np.arange(20.0)[::-2],)))
def strided_inputs(x):
    return x + 1, x[::-1], x.ravel()


@program((np.asfortranarray(grid(2, 3)),))
def fortran_input(x):
    return x * 2, x.reshape(-1), x.T


@program((np.array([1.5, 2], np.longdouble), 2), (np.longdouble(1) / 3, 0.5))
def long_doubles(x, y):
    return x * y, x + y


@program((True,), (1,), (1.0,), (np.True_,), (zero_d(1, np.int8),))
def one_and_true_are_told_apart(x):
    return x + x, x, x * 1.0


@program((f64(2, 3), 1), (f64(2, 3), True), (f64(2, 3), np.int64(1)), (f64(2, 3), zero_d(1, np.int64)))
def index_by_any_integer(x, i):
    return x[i]


@program((0.1, 0.2), (np.float32(0.1), np.float32(0.2)), (0.1, np.float32(0.2)))
def bits_of_a_sum(x, y):
    return x + y, (x + y) * 10, x * y - y * x
