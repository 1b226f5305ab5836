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
