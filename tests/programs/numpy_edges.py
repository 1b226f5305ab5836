"""NumPy at its edges: names that are fields and methods, constants that are text, warnings that a cast gives."""

import numpy as np

from tests.programs.row import Given, f64, grid, program


@program((f64(3, 1, 3),), (f64(),))
def fields_that_are_named_as_methods(x):
    counts = np.unique_counts(x)
    return counts.values, counts.counts, np.unique_all(x).indices


@program((np.array(["ab", "c"]),))
def numpy_text_as_a_constant(x):
    return np.str_("ab"), x == np.str_("ab"), np.bytes_(b"c")


@program(({"a": 1, "b": 2},))
def class_method_of_a_dict(d):
    return d.fromkeys(["a"]), d["a"] + d["b"]


@program((f64(1, 2),), (f64(1, 2).astype(complex),))
def namespace_of_an_array(x):
    xp = x.__array_namespace__()
    if xp.isdtype(x.dtype, "complex floating"):
        x = xp.real(x)
    if xp.any(x > 1):
        x = xp.where(x > 1, x, xp.zeros_like(x))
    return xp.concat([x, xp.ones(2)]), xp.linalg.vector_norm(x)


@program((grid(2, 3),))
def assertions_of_numpy(x):
    np.testing.assert_allclose(x, x + 1e-12, atol=1e-9)
    if x[0, 0] < 0:
        print("negative")
    np.testing.assert_array_equal(x, x + 1)


@program((lambda: Given((np.random.default_rng(3), 4))), (lambda: Given((np.random.default_rng(3), 0))))
def generator_passed_in(generator, n):
    x = generator.normal(size=3)
    for i in range(n):
        if generator.random() > 0.3:
            x[i % 3] += generator.integers(10)
    generator.shuffle(x)
    other = np.random.default_rng(7)
    return x, other.standard_normal(2), generator.random()


@program((np.array(["a b", "c"]), f64(1, 2, 0)))
def functions_that_are_public_by_another_name(texts, x):
    parts = np.char.split(texts)
    return parts[0], np.char.join("-", texts), np.polynomial.legendre.legtrim(x), np.char.splitlines(texts)[1]


@np.errstate(divide="raise")
def inverse(x):
    return 1 / x


@program((f64(1, 2, 4),), (f64(1, 0),))
def errstate_as_a_decorator(x):
    try:
        return inverse(x), inverse(x[0])
    except FloatingPointError:
        return x


@program((grid(2, 3),), (lambda: (np.asfortranarray(grid(2, 3)),)), stages="cond")
def flags_of_an_array(x):
    if not x.flags.c_contiguous:
        x = np.ascontiguousarray(x)
    x.flags.writeable = False
    try:
        x[0] = 1
    except ValueError:
        x.flags.writeable = True
        x[0] = 2
    return x, x.T.flags["F_CONTIGUOUS"], x[:, :1].flags.owndata


ANY_SIZE = ((3,), (-5,), (2**63,), (2**70,))


@program(*ANY_SIZE)
def dtype_hangs_on_how_big_an_int_is(n):
    x = np.array([n, 1])
    made = np.full(2, n), np.asarray(n), np.stack([n, 1]), np.hstack([[n], 1]), np.arange(n, n + 2)
    if x.dtype == np.int64:
        kind = "fits"
    elif x.dtype == np.float64:
        kind = "mixed"
    else:
        kind = "objects"
    return kind, [one.dtype.kind for one in made], np.zeros(2, x.dtype), np.array([n, 1.5]).dtype == float


@program(*ANY_SIZE, stages="while_loop")
def dtype_of_loop_state_hangs_on_an_int(n):
    x, total = np.array([1, 2]), 0
    for i in range(3):
        if x.dtype == np.int64:
            total += 1
        x = np.array([n + i, 1])
    while x.dtype == np.int64 and x[0] < 100:
        x = np.array([int(x[0]) * 2 + 50, 1])
    return total, x.dtype.kind


@program(*ANY_SIZE)
def class_of_an_item_hangs_on_an_int(n):
    big = np.abs(n)
    first = np.array([n, 1]).tolist()[0]
    return isinstance(big, np.int64), isinstance(first, int), type(big) is np.uint64


@program(*ANY_SIZE)
def dtype_of_what_was_kept_hangs_on_an_int(n):
    kept = {"x": np.array([n, 2])}
    try:
        y = kept["x"] * 1
        if n < 0:
            y = np.zeros_like(kept["x"][n])
    except IndexError:
        y = np.array([n])
    return y.dtype.kind, np.array([2**63, n]).dtype.kind, np.array([len(kept), len(kept) + 1]).dtype.kind
