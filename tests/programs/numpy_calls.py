"""NumPy's functions and methods: elementwise, reductions, shapes, joining, linear algebra."""

import numpy as np

from tests.programs.row import b1, f32, f64, grid, i64, program, zero_d

X = (grid(2, 3),)
Y = (grid(3, 2, np.float32),)
Z = (grid(1, 4, np.int64),)


@program((f64(0.1, 2),), (f32(1),), (2.0,), (3,), (zero_d(1),), (i64(1, 2),))
def elementwise_functions(x):
    return np.sin(x), np.exp(x), np.sqrt(x), np.tanh(x), np.log1p(x), np.square(x), np.abs(-x), np.sign(x)


@program((f64(1, 5), f64(4, 2)), (3, 2.5), (f32(1, 2), 1), (i64(3, 4), i64(2)))
def elementwise_functions_of_two(x, y):
    return np.maximum(x, y), np.hypot(x, y), np.arctan2(x, y), np.power(x, y), np.floor_divide(x, y), np.fmod(x, y)


@program((f64(1, np.nan, np.inf),), (f32(0),), (2,))
def predicates(x):
    return np.isnan(x), np.isfinite(x), np.isinf(x), np.signbit(x), np.isclose(x, 1.0)


@program((f64(1.5, -2.5),), (i64(3),))
def functions_of_two_results(x):
    fraction, whole = np.modf(x)
    mantissa, exponent = np.frexp(x)
    return fraction, whole, mantissa, exponent


@program((f64(1, 2), f64(3, 4)))
def ufunc_keywords(x, y):
    return np.add(x, y, dtype=np.float32), np.multiply(x, 2, dtype=float, casting="safe"), np.subtract(x1 := x, x1)


@program(X, Y, Z, (grid(0, 3),))
def sums(x):
    return x.sum(), x.sum(axis=0), x.sum(1), np.sum(x, axis=-1, keepdims=True), np.sum(x, axis=(0, 1)), np.sum(x * x)


@program(X, Y, Z)
def other_reductions(x):
    return x.mean(), x.mean(axis=0), np.prod(x), x.max(axis=1), np.min(x), x.std(), np.var(x, axis=0, ddof=0)


@program(X, Z)
def positions(x):
    return x.argmax(), np.argmin(x, axis=1), np.argsort(x, axis=1), np.argwhere(x > 0), np.flatnonzero(x)


@program(X, (b1(True, False),), (f64(),))
def any_all_count(x):
    return np.any(x), np.all(x), x.any(), x.all(axis=0), np.count_nonzero(x)


@program(X, Y)
def running_sums(x):
    return np.cumsum(x), x.cumsum(axis=1), np.cumprod(x, axis=0), np.diff(x, axis=-1)


@program(X, Y)
def reductions_with_an_initial_value(x):
    return np.sum(x, initial=10), np.max(x, axis=0, initial=0), np.sum(x, where=x > 0), np.add.reduce(x, axis=1)


@program((f64(),))
def reductions_of_nothing(x):
    return x.sum(), x.prod(), np.all(x), np.any(x)


@program((f64(),), (f64(1),))
def maximum_of_nothing(x):
    return x.max()


@program(X, Y, Z)
def reshapes(x):
    return x.reshape(-1), x.reshape(x.size, 1), np.reshape(x, (1, -1)), x.ravel(), x.flatten(), np.squeeze(x[:1])


@program(X, Y)
def transposes(x):
    return x.T, x.transpose(), np.transpose(x, (1, 0)), np.swapaxes(x, 0, 1), np.moveaxis(x, 0, -1), x[None].T


@program(X, Z)
def new_axes(x):
    return x[:, None], x[None, ...], np.expand_dims(x, 0), np.atleast_2d(x[0]), x[..., np.newaxis]


@program(X, Y)
def joins(x):
    return (
        np.concatenate([x, x]),
        np.concatenate((x, x), axis=1),
        np.stack([x, x]),
        np.vstack([x, x[:1]]),
        np.hstack([x, x]),
    )


@program((f64(1, 2), f64(3)), (f64(), f64(3, 4)))
def joins_of_different_sizes(x, y):
    return np.concatenate([x, y]), np.append(x, y), np.append(x, 5), np.r_[x, y]


@program((grid(4, 2),), (grid(2, 4),))
def splits(x):
    a, b = np.split(x, 2)
    c, d = np.array_split(x, 2, axis=1)
    return a, b, c, d


@program(X, Y)
def repeats(x):
    return (
        np.repeat(x, 2),
        np.repeat(x, 2, axis=0),
        np.tile(x, 2),
        np.tile(x, (2, 1)),
        np.broadcast_to(x, (2, *x.shape)),
    )


@program(X, Y)
def flips(x):
    return np.flip(x), np.flip(x, 0), np.fliplr(x), np.roll(x, 1), np.roll(x, -1, axis=0), np.rot90(x)


@program((f64(1, -2, 3), 0), (f64(1, -2, 3), 5.5), (i64(1, -1), 2))
def where_of_three(x, y):
    return np.where(x > 0, x, y), np.where(x > 0, 1, -1), np.where(x > 0, x, 0.0)


@program((f64(1, -2, 3),), (grid(2, 2),))
def where_of_one(x):
    return np.where(x > 0), np.nonzero(x)


@program((f64(5, 6, 7), i64(0, 2)), (grid(3, 2), i64(1, 1)))
def takes(x, i):
    return np.take(x, i, axis=0), x.take(i), x[i], np.take(x, 0)


@program((f64(3, -1, 9),), (grid(2, 3),), (i64(1, 2),))
def clips(x):
    return np.clip(x, 0, 2), x.clip(0, None), np.minimum(np.maximum(x, 0), 2), np.clip(x, 0.5, 1.5)


@program((f64(3, 1, 2),), (grid(2, 3),), (f64(),))
def sorts(x):
    return np.sort(x), np.sort(x, axis=0), np.unique(x), np.sort(x)[::-1]


@program((grid(2, 3), grid(3, 2)), (grid(2, 2), f64(1, 2)))
def products(x, y):
    return x @ y, np.dot(x, y), np.matmul(x, y), x.dot(y), np.tensordot(x, y, axes=1)


@program((f64(1, 2, 3), f64(4, 5, 6)))
def vector_products(x, y):
    return np.dot(x, y), x @ y, np.outer(x, y), np.inner(x, y), np.cross(x, y), np.vdot(x, y)


@program((grid(2, 3), grid(3, 2)))
def einsums(x, y):
    return (
        np.einsum("ij,jk->ik", x, y),
        np.einsum("ij->j", x),
        np.einsum("ij,ji->", x, y),
        np.einsum("ij->ji", x),
        np.einsum("ij,kl->ijkl", x, y).shape,
    )


@program((np.array([[2.0, 1], [1, 3]]), f64(1, 2)))
def linear_algebra(a, b):
    return np.linalg.solve(a, b), np.linalg.inv(a), np.linalg.det(a), np.linalg.norm(b), np.linalg.cholesky(a)


@program((np.array([[2.0, 1], [1, 3]]),))
def linear_algebra_of_many_results(a):
    q, r = np.linalg.qr(a)
    values, vectors = np.linalg.eigh(a)
    result = np.linalg.eigh(a)
    return np.abs(q @ r), values, np.abs(vectors), result.eigenvalues, np.linalg.svd(a, compute_uv=False)


@program((np.array([[2.0, 1], [1, 3]]),), (np.zeros((2, 2)),))
def singular_matrix(a):
    return np.linalg.inv(a)


@program(X, Y)
def triangles(x):
    return np.triu(x), np.tril(x, -1), np.diag(x[0]), np.trace(x), np.diagonal(x), np.eye(2) @ x[:2, :2]


@program((f64(0, 1, 3), f64(0, 10, 30), 2.0), (f64(0, 1), f64(1, 2), f64(0.5, 7)))
def interpolation(xp, fp, x):
    return np.interp(x, xp, fp), np.searchsorted(xp, x), np.digitize(x, xp)


@program((f64(1, 2, 2, 5),), (f64(7),))
def statistics(x):
    return np.median(x), np.percentile(x, 50), np.average(x), np.ptp(x), np.histogram(x, bins=2)


@program((i64(0, 1, 1, 3),))
def counts(x):
    return np.bincount(x), np.bincount(x, minlength=6), np.unique(x, return_counts=True), np.isin(x, [1, 3])


@program((f64(1, 2, 3), f64(0, 1)), (f64(1), f64(2, 2)))
def signals(x, y):
    return np.convolve(x, y), np.correlate(x, y, "full"), np.pad(x, 1), np.pad(x, (1, 2), mode="edge")


@program((f64(1, 2, 3, 4),))
def fourier(x):
    return np.fft.fft(x), np.fft.ifft(np.fft.fft(x)).real, np.fft.rfft(x)


@program((np.array([1 + 2j, 3 - 1j]),), (f64(1, 2),))
def complex_parts(x):
    return x.real, x.imag, np.conj(x), np.angle(x), np.abs(x)


@program((f64(1, 2), f64(10, 20, 30)))
def grids(x, y):
    a, b = np.meshgrid(x, y)
    return a + b, np.add.outer(x, y)


@program(X, Y)
def methods_that_copy(x):
    return x.copy(), x.astype(x.dtype), np.copy(x), np.array(x), x.tolist()


@program((grid(2, 3), 0), (grid(2, 3), 1), (grid(2, 3), -1))
def axis_as_an_argument(x, axis):
    return x.sum(axis=axis), np.max(x, axis), np.concatenate([x, x], axis=axis)


@program((f64(1, 4, 9), True), (f64(1, 4, 9), False), stages="cond")
def calls_in_branches(x, flag):
    if flag:
        y = np.sqrt(x).sum(keepdims=True)
    else:
        y = np.stack([x, x]).mean(axis=0)
    return np.exp(-y)


@program((grid(3, 3), 4), (grid(3, 3), 0), stages="while_loop")
def power_iteration(a, n):
    v = np.ones(a.shape[0])
    for _ in range(n):
        v = a @ v
        v = v / np.linalg.norm(v)
    return v, v @ a @ v


@program((f64(1, 2, 3), 4), (f64(-1, 0, 1), 0), stages="while_loop")
def softmax_steps(x, n):
    for _ in range(n):
        e = np.exp(x - np.max(x))
        x = e / np.sum(e)
    return x


# Objects of NumPy's own classes


@program((f64(0, 1, 2),), (2.0,))
def polynomials_of_known_numbers(x):
    parabola = np.polynomial.Polynomial([1.0, 0.0, 2.0])
    return parabola(x), parabola.degree(), np.polynomial.Chebyshev([1, 2, 3])(x)


@program((f64(0, 1, 2),), (2.0,), forms=("converted", "traced"))
def polynomials_with_their_numbers_in_dict(x):
    line = np.poly1d([1, 2])
    before = line(x), line.order, line.coeffs, line == np.poly1d([1, 2])
    line[0] = 7
    return before, line(x), len(line), str(line), line


@program((f64(0, 1, 2),), (f64(1, 5),))
def objects_that_index_and_describe(x):
    kinds = np.finfo(x.dtype).eps, np.iinfo("int16").min, np.dtype("float32").itemsize, x.dtype == np.dtype(float)
    places = [(place, v) for place, v in np.ndenumerate(x)], list(np.ndindex(2, 1))
    with np.errstate(divide="ignore"):
        inverse = 1 / x
    return np.r_[x, 1], np.c_[x, x], x[np.s_[1:3]], np.ogrid[0:3, 0:2], np.mgrid[0:2], kinds, places, inverse
