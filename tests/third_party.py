"""Functions of SciPy with loops and branches, taken by import as they are: BORROWED, rows as in tests/programs.

They were written for people and not for a converter: decorators, array namespaces, results that are objects, warnings.
"""

from importlib import import_module
from operator import attrgetter
from typing import Any

import numpy as np
import scipy

from tests.programs.row import FORMS, Inputs, Row, f64, i64

# It takes a function, gives an object, warns in a class of its own or calls a ufunc of its own, in some version of
# SciPy: a file holds data only.
UNSAVED = ("converted", "traced")
BORROWED: list[Row] = []
VERSION = tuple(map(int, scipy.__version__.split(".")[:2]))


def borrowed(
    path: str, *inputs: Inputs, stages: str = "", forms: tuple[str, ...] = FORMS, since: tuple[int, int] = (1, 14)
) -> None:
    """Adds a row for the function at `path`, "module:name", as it is since that version of SciPy."""
    if VERSION < since:
        return
    module, _, name = path.partition(":")
    function = attrgetter(name)(import_module(module))
    BORROWED.append(Row(name, module, lambda: function, inputs, tuple(stages.split()), forms))


def cubic(x: Any) -> Any:
    return x**3 - 2 * x - 5


def slope(x: Any) -> Any:
    return 3 * x**2 - 2


def bowl(x: Any) -> Any:
    return (x - 1.5) ** 2 + 0.25


def valley(x: Any) -> Any:
    return np.sum((x - 1.0) ** 2) + x[0] * x[1]


def valley_slope(x: Any) -> Any:
    return 2 * (x - 1.0) + np.concatenate((x[1:2], x[0:1], x[2:] * 0))


def pendulum(t: Any, y: Any) -> Any:
    return np.stack([y[1], -y[0]])


def along(step: Any) -> Any:
    return (step - 0.3) ** 2 + 1.0


def along_slope(step: Any) -> Any:
    return 2 * (step - 0.3)


MATRIX = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 2.0]])
ZEROS, ONES = np.zeros(3), np.ones(3)
LINKS = np.array([[0.0, 1.0, 0.5, 2.0], [2.0, 3.0, 1.0, 3.0]])
POINT = f64(0.0, 0.5, 2.0)

# Minima, roots, line searches, steps

borrowed("scipy.optimize:bracket", (bowl,), (bowl, 3.0, 4.0), stages="while_loop", forms=UNSAVED)
borrowed("scipy.optimize:golden", (bowl,), (bowl, (), (0.0, 1.0, 4.0)), stages="while_loop", forms=UNSAVED)
borrowed("scipy.optimize:brent", (bowl,), (bowl, (), (0.0, 1.0, 4.0)), stages="while_loop cond", forms=UNSAVED)
borrowed("scipy.optimize:fminbound", (bowl, 0.0, 4.0), (bowl, 2.0, 4.0), stages="while_loop cond", forms=UNSAVED)
# Before 1.16 it leaves its loop by a break out of finally, which is refused.
borrowed("scipy.optimize:fmin", (valley, POINT), stages="while_loop cond", forms=UNSAVED, since=(1, 16))
borrowed(
    "scipy.optimize:newton",
    (cubic, 2.0),
    (cubic, 2.0, slope),
    (cubic, f64(2, 3), slope),
    stages="while_loop",
    forms=UNSAVED,
)
borrowed("scipy.optimize:rosen", (f64(1, 2, 3),), (f64(0.5, -1),))
borrowed("scipy.optimize:rosen_der", (f64(1, 2, 3, 0.5),))
borrowed(
    "scipy.optimize._linesearch:scalar_search_armijo",
    (along, 1.09, -0.6),
    (along, 1.09, -0.6, 0.3, 8.0),
    stages="while_loop",
    forms=UNSAVED,
)
borrowed("scipy.optimize._linesearch:scalar_search_wolfe1", (along, along_slope), stages="while_loop", forms=UNSAVED)
borrowed(
    "scipy.optimize._linesearch:_cubicmin", (0.0, 1.0, -1.0, 0.5, 0.8, 1.0, 1.2), (0.0, 1.0, -1.0, 0.0, 0.8, 1.0, 1.2)
)
borrowed("scipy.optimize._zeros_py:_newton_quadratic", (f64(1, 2), f64(-3, 4), 1.5, 0.2, 3), stages="while_loop cond")
borrowed(
    "scipy.optimize._trustregion_constr.qp_subproblem:sphere_intersections",
    (f64(0.1, 0.2), f64(1, 0.5), 1.0),
    (f64(0.1, 0.2), f64(0, 0), 1.0),
    (f64(0.1, 0.2), f64(1, 0.5), np.inf),
    (f64(3, 3), f64(1, 0.5), 1.0, True),
    stages="cond",
)
borrowed(
    "scipy.optimize._trustregion_constr.qp_subproblem:modified_dogleg",
    (MATRIX[:2], MATRIX[:, :2] / 10, f64(0.1, 0.2), 1.0, -ONES, ONES),
    (MATRIX[:2], MATRIX[:, :2] / 10, f64(9, -7), 0.1, -ONES, ONES),
    stages="cond",
)
borrowed(
    "scipy.optimize._lsq.common:solve_lsq_trust_region",
    (3, 3, f64(0.5, -1, 0.2), f64(2, 1, 0.5), np.eye(3), 0.3),
    (3, 3, f64(0.5, -1, 0.2), f64(2, 1, 0.5), np.eye(3), 30.0),
    stages="while_loop cond",
)
borrowed(
    "scipy.optimize._lsq.common:minimize_quadratic_1d",
    (1.0, -0.5, 0.0, 2.0),
    (0.0, -0.5, 0.0, 2.0),
    (1.0, -0.5, 0.5, 2.0, 3.0),
    stages="cond",
)
borrowed(
    "scipy.optimize._lsq.common:update_tr_radius",
    (1.0, 0.5, 1.0, 0.9, True),
    (1.0, 0.1, 0.0, 0.9, False),
    stages="cond",
)
borrowed(
    "scipy.optimize._lsq.common:check_termination",
    (1e-9, 1.0, 0.1, 1.0, 0.9, 1e-8, 1e-8),
    (1.0, 1.0, 0.1, 1.0, 0.9, 1e-8, 1e-8),
    stages="cond",
)
borrowed(
    "scipy.optimize._lsq.bvls:bvls",
    (MATRIX, f64(1, 2, 3), ONES, ZEROS, 2 * ONES, 1e-10, 50, 0, True),
    stages="while_loop",
    forms=UNSAVED,
)
borrowed("scipy.integrate:solve_ivp", (pendulum, (0.0, 1.0), f64(1, 0)), stages="while_loop cond", forms=UNSAVED)
borrowed(
    "scipy.integrate._ivp.common:select_initial_step",
    (pendulum, 0.0, f64(1, 0), 10.0, np.inf, f64(0, -1), 1, 2, 1e-3, 1e-6),
    stages="cond",
    forms=UNSAVED,
)
borrowed("scipy.integrate._ivp.radau:predict_factor", (0.1, 0.2, 0.5, 0.4), (0.1, None, 0.5, 0.4), stages="cond")

# Sums, polynomials, splines

borrowed("scipy.integrate:simpson", (f64(0.5, 1, 2, -1, 3),), (f64(0.5, 1, 2, -1),), stages="cond")
borrowed(
    "scipy.integrate:romb",
    (f64(0.5, 1, 2, -1, 3),),
    (f64(0.5, 1, 2, -1, 3), 0.5),
    (f64(1, 2, 3, 4),),
    stages="while_loop cond",
)
borrowed("scipy.integrate:newton_cotes", (3,), (5, 1), stages="while_loop cond", forms=UNSAVED)
borrowed("scipy.interpolate:krogh_interpolate", (f64(0, 1, 2), f64(0, 1, 8), 1.5), stages="while_loop")
borrowed(
    "scipy.interpolate._bsplines:_periodic_knots", (np.arange(7.0), 3), (np.arange(7.0), 2), stages="while_loop cond"
)
borrowed("scipy.special:perm", (5, 2), (2, 5), (f64(5, 6), 2), (5, 2, True), stages="cond", forms=UNSAVED)
borrowed("scipy.special:factorial2", (5,), (6, True), stages="cond", forms=UNSAVED)
borrowed("scipy.special:softmax", (f64(1, 2.5, -0.5),), (MATRIX, 1))
borrowed("scipy.special:multigammaln", (3.0, 2), (0.1, 2), stages="while_loop cond", forms=UNSAVED)

# Matrices

borrowed("scipy.linalg:hadamard", (4,), (6,), (1,), stages="while_loop cond")
borrowed("scipy.linalg:companion", (f64(1, -10, 31, -30),), (f64(0, 1),), stages="cond")
borrowed("scipy.linalg:helmert", (4,), (4, True), stages="cond")
borrowed("scipy.linalg:circulant", (f64(1, 2, 3),), forms=UNSAVED)
borrowed("scipy.linalg:toeplitz", (f64(1, 2, 3),), (f64(1, 2, 3), f64(1, 4, 5, 6)), forms=UNSAVED)
borrowed("scipy.linalg:leslie", (f64(0.1, 2, 1, 0.1), f64(0.2, 0.8, 0.7)), (f64(0.1, 2), f64(0.2, 0.8, 0.7)))
borrowed("scipy.linalg:convolution_matrix", (f64(-1, 4), 5), (f64(-1, 4), 5, "same"), stages="cond", forms=UNSAVED)
borrowed("scipy.sparse.linalg:cg", (MATRIX, f64(1, 2, 3)), stages="while_loop cond", forms=UNSAVED)
borrowed("scipy.sparse.linalg:bicgstab", (MATRIX, f64(1, 2, 3)), stages="while_loop cond", forms=UNSAVED)
borrowed("scipy.sparse.linalg:minres", (MATRIX, f64(1, 2, 3)), stages="while_loop cond")
borrowed("scipy.sparse.linalg:tfqmr", (MATRIX, f64(1, 2, 3)), stages="while_loop cond")
borrowed("scipy.sparse.linalg._isolve.lsqr:_sym_ortho", (1.0, 2.0), (0.0, 2.0), (3.0, 2.0), (3.0, 0.0), stages="cond")
borrowed("scipy.sparse.linalg._matfuncs:_ell", (MATRIX, 3), stages="while_loop cond")

# Signals

borrowed(
    "scipy.signal.windows:general_cosine",
    (7, [0.5, 0.3, 0.2]),
    (7, f64(0.5, 0.3, 0.2), False),
    stages="while_loop cond",
)
borrowed("scipy.signal.windows:triang", (7,), (8,), (8, False), (1,), stages="cond")
borrowed("scipy.signal.windows:tukey", (8,), (8, 0.3, False), (8, 0.0), (8, 1.0), stages="cond")
borrowed("scipy.signal.windows:taylor", (8,), (9, 5, 25), stages="while_loop cond")
borrowed("scipy.signal:buttap", (3,), (-1,), stages="cond")
borrowed("scipy.signal:lp2bp", (f64(1, 2), f64(2, 3, 4), 2.0, 0.5), stages="while_loop cond", forms=UNSAVED)
# Two rows of zeros: the loop over them is SciPy's in each of its versions.
borrowed(
    "scipy.signal:zpk2tf",
    (f64(-1), f64(-2, -3), 1.5),
    (np.array([[-1.0], [2.0]]), f64(-2, -3), 1.5),
    stages="while_loop",
    forms=UNSAVED,
)
borrowed("scipy.signal:tf2zpk", (f64(1, 2), f64(2, 3, 4)), stages="while_loop cond", forms=UNSAVED)
borrowed("scipy.signal:invres", (f64(1, 2), f64(-1, -2), f64(0)), stages="while_loop cond")
borrowed("scipy.signal:kaiser_beta", (65.0,), (30.0,), (10.0,), stages="cond")
borrowed("scipy.signal:argrelmax", (f64(1, 3, 2, 5, 4),), stages="while_loop")
borrowed(
    "scipy.signal._peak_finding:_identify_ridge_lines",
    (MATRIX > 1, ONES, 1.0),
    (MATRIX > 9, ONES, 1.0),
    stages="while_loop cond",
)
borrowed("scipy.signal._filter_design:_cplxreal", (np.array([1 + 1j, 1 - 1j, 3.0, 2 + 2j, 2 - 2j]),), stages="cond")

# Clusters, distances, images, statistics

borrowed("scipy.cluster.hierarchy:is_valid_linkage", (LINKS,), (-LINKS,), stages="while_loop cond", forms=UNSAVED)
borrowed("scipy.cluster.hierarchy:is_monotonic", (LINKS,), (LINKS[::-1],), stages="cond", forms=UNSAVED)
borrowed(
    "scipy.spatial:minkowski_distance",
    (MATRIX, MATRIX.T),
    (MATRIX, MATRIX.T, 1),
    (MATRIX, MATRIX.T, np.inf),
    stages="cond",
)
borrowed("scipy.spatial:distance_matrix", (MATRIX, MATRIX.T), stages="while_loop cond")
borrowed("scipy.ndimage._filters:_gaussian_kernel1d", (1.0, 0, 3), (1.0, 2, 3), (1.0, -1, 3), stages="while_loop cond")
borrowed("scipy.ndimage:generate_binary_structure", (2, 1), (0, 1), stages="cond")
borrowed("scipy.stats:sigmaclip", (f64(1, 2, 4, 2, 100), 1.5, 1.5), stages="while_loop", forms=UNSAVED)
borrowed("scipy.stats:relfreq", (f64(1, 2, 4, 2), 4), stages="cond", forms=UNSAVED)
borrowed("scipy.stats._stats_py:_count_paths_outside_method", (5, 4, 1, 3), stages="while_loop", forms=UNSAVED)
borrowed("scipy.stats._qmc:n_primes", (10,), (300,), stages="while_loop cond")
borrowed("scipy.stats._ksstats:_kolmogn_DMTW", (5, 0.3), (5, 0.01), stages="while_loop cond")
borrowed("scipy.stats._ksstats:_kolmogn_Pomeranz", (5, 0.3), (7, 0.6), stages="while_loop cond")
borrowed("scipy.stats.contingency:expected_freq", (np.array([[5, 2], [1, 7]]),), (i64(1, 2, 3),), stages="while_loop")
