"""Closed lists: public functions that get their row when a program names them, and those that never will."""

from __future__ import annotations

NUMPY = (
    "allclose angle append apply_along_axis apply_over_axes argwhere around array2string array_equal array_equiv "
    "array_repr array_str array_split bartlett base_repr binary_repr bincount blackman block bmat broadcast_shapes "
    "busday_count busday_offset can_cast choose common_type convolve corrcoef correlate cov cross cumulative_prod "
    "cumulative_sum datetime_as_string datetime_data delete diag_indices diag_indices_from diagflat diff digitize "
    "dsplit ediff1d einsum einsum_path fix flatnonzero format_float_positional format_float_scientific frombuffer "
    "fromstring gradient hamming hanning histogram histogram2d histogram_bin_edges histogramdd i0 imag in1d indices "
    "insert interp intersect1d is_busday iscomplex iscomplexobj isclose isdtype isfortran isin isneginf isposinf "
    "isreal isrealobj isscalar issubdtype iterable ix_ kaiser kron lexsort mask_indices matmul matrix_transpose "
    "matvec max meshgrid min min_scalar_type mintypecode nan_to_num nanpercentile nanquantile outer packbits pad "
    "percentile permute_dims piecewise poly polyadd polyder polydiv polyfit polyint polymul polysub polyval "
    "promote_types quantile ravel_multi_index real real_if_close resize result_type roll rollaxis roots rot90 round "
    "row_stack select setdiff1d setxor1d shares_memory may_share_memory sinc size sort_complex tensordot tile trace "
    "trapezoid trapz tri tril_indices tril_indices_from trim_zeros triu_indices triu_indices_from typename "
    "union1d unique_all unique_counts unique_inverse unique_values unpackbits unravel_index unstack unwrap vander "
    "vdot vecdot vecmat inner dot asarray_chkfinite fromiter finfo iinfo dtype"
).split()
LINALG = (
    "cholesky cond cross det diagonal eig eigh eigvals eigvalsh inv lstsq matmul matrix_norm matrix_power matrix_rank "
    "matrix_transpose multi_dot norm outer pinv qr slogdet solve svd svdvals tensordot tensorinv tensorsolve trace "
    "vecdot vector_norm"
).split()
FFT = (
    "fft fft2 fftfreq fftn fftshift hfft ifft ifft2 ifftn ifftshift ihfft irfft irfft2 irfftn rfft rfft2 rfftfreq rfftn"
).split()
TESTING = (
    "assert_ assert_allclose assert_almost_equal assert_approx_equal assert_array_almost_equal "
    "assert_array_almost_equal_nulp assert_array_equal assert_array_less assert_array_max_ulp assert_equal "
    "assert_string_equal"
).split()
POLYNOMIAL = (
    "add companion der div fit fromroots gauss grid2d grid3d int line mul mulx pow roots sub trim val val2d "
    "val3d valfromroots vander vander2d vander3d weight"
).split()
CONVERSIONS = "{0}2poly poly2{0} {0}pts1 {0}pts2"
BASES = {"polynomial": "poly", "chebyshev": "cheb", "legendre": "leg", "hermite": "herm", "hermite_e": "herme",
         "laguerre": "lag"}  # fmt: skip
STRINGS = (
    "add capitalize center count decode encode endswith equal expandtabs find greater greater_equal index isalnum "
    "isalpha isdecimal isdigit islower isnumeric isspace istitle isupper join less less_equal ljust lower lstrip mod "
    "multiply not_equal partition replace rfind rindex rjust rpartition rsplit rstrip slice split splitlines "
    "startswith str_len strip swapcase title translate upper zfill"
).split()
EMATH = "arccos arcsin arctanh log log10 log2 logn power sqrt".split()
STRIDE_TRICKS = ["sliding_window_view", "as_strided", "broadcast_to", "broadcast_arrays", "broadcast_shapes"]
ARRAY_UTILS = ["normalize_axis_index", "normalize_axis_tuple"]
RANDOM = (
    "beta binomial bytes chisquare choice default_rng dirichlet exponential f gamma geometric get_state gumbel "
    "hypergeometric laplace logistic lognormal logseries multinomial multivariate_normal negative_binomial "
    "noncentral_chisquare noncentral_f normal pareto permutation poisson power rand randint randn random "
    "random_integers random_sample ranf rayleigh sample seed set_state shuffle standard_cauchy standard_exponential "
    "standard_gamma standard_normal standard_t triangular uniform vonmises wald weibull zipf RandomState PCG64 MT19937 "
    "Philox SFC64 SeedSequence Generator"
).split()
STANDARD_RANDOM = (
    "betavariate binomialvariate choice choices expovariate gammavariate gauss getrandbits "
    "lognormvariate normalvariate paretovariate randbytes randint random randrange sample seed shuffle triangular "
    "uniform vonmisesvariate weibullvariate"
).split()
TIME = (
    "asctime ctime gmtime localtime mktime monotonic monotonic_ns perf_counter perf_counter_ns process_time "
    "process_time_ns sleep strftime thread_time time time_ns"
).split()
WARNINGS = "catch_warnings filterwarnings resetwarnings simplefilter warn".split()

# Where each name is found: the prefix of row names → names.
STATISTICS = (
    "mean fmean geometric_mean harmonic_mean median median_low median_high median_grouped mode multimode quantiles "
    "pstdev pvariance stdev variance covariance correlation linear_regression"
).split()
SPACES: dict[str, list[str]] = {
    "np": NUMPY,
    "np.linalg": LINALG,
    "np.fft": FFT,
    "np.char": STRINGS,
    "np.strings": STRINGS,
    "np.emath": EMATH,
    "np.lib.stride_tricks": STRIDE_TRICKS,
    "np.lib.array_utils": ARRAY_UTILS,
    "np.random": RANDOM,
    "random": STANDARD_RANDOM,
    "time": TIME,
    "warnings": WARNINGS,
    "statistics": STATISTICS,
    "np.testing": TESTING,
    **{
        f"np.polynomial.{space}": [short + name for name in POLYNOMIAL] + CONVERSIONS.format(short).split()
        for space, short in BASES.items()
    },
}

FILES = "it reads or writes files: do that outside the converted function and pass the array"
STATE = "it changes or reads the settings of the whole process"
POINTER = "it gives out the memory of an array, of which a program knows nothing"
PYTHON = "it makes a function of a Python function, which a program cannot hold"
ITERATOR = "it is an iterator with a state of its own: write the loop over indices"
POLYNOMIALS = "an object of its class holds numbers and no staged values: use the functions, as polyval and polyadd"
REFUSED: dict[str, str] = {
    **dict.fromkeys(("np.save", "np.savez", "np.savez_compressed", "np.savetxt", "np.load", "np.loadtxt"), FILES),
    **dict.fromkeys(("np.genfromtxt", "np.fromfile", "np.fromregex", "np.memmap", "np.lib.format.open_memmap"), FILES),
    **dict.fromkeys((".tofile", ".dump", ".dumps", "open", "input"), FILES),
    **dict.fromkeys(("np.set_printoptions", "np.get_printoptions", "np.printoptions", "np.seterr"), STATE),
    **dict.fromkeys(("np.geterr", "np.seterrcall", "np.geterrcall", "np.setbufsize", "np.getbufsize"), STATE),
    **dict.fromkeys(("np.show_config", "np.show_runtime", "np.info", "np.test", "np.get_include"), STATE),
    **dict.fromkeys((".ctypes", ".data", ".__array_interface__", "np.from_dlpack", "memoryview"), POINTER),
    **dict.fromkeys(("np.vectorize", "np.frompyfunc", "np.fromfunction"), PYTHON),
    **dict.fromkeys(("np.nditer", "np.nested_iters", "np.broadcast"), ITERATOR),
    "np.lib.array_utils.byte_bounds": POINTER,
    "np.char.compare_chararrays": "it is for np.char.chararray: compare strings with ==, < or np.strings.equal",
    **{
        f"np.char.{name}": "chararray is no array that a program knows: make an array with np.array(…)"
        for name in ("array", "asarray", "chararray")
    },
    "np.polynomial.chebyshev.chebinterpolate": PYTHON,
    "np.poly1d": POLYNOMIALS,
    **{
        f"np.polynomial.{place}{name}": POLYNOMIALS
        for space, name in zip(BASES, "Polynomial Chebyshev Legendre Hermite HermiteE Laguerre".split())
        for place in ("", space + ".")
    },
    **dict.fromkeys(("map", "filter"), "an iterator has a state of its own: write a loop"),
    **dict.fromkeys(("np.asmatrix", "np.bmat", "np.matrix"), "np.matrix is no array that a program knows"),
    **dict.fromkeys(("eval", "exec", "compile", "globals", "locals", "vars"), "it works on source or names"),
}
# Of these modules no function takes a staged value.
REFUSED_MODULES = {
    "numpy.ma": "masked arrays are a subclass of arrays: keep the mask as an array, and use where= or x[mask]",
    "numpy.rec": "record arrays are a subclass of arrays: use a structured dtype, and x['name']",
    "numpy._core.records": "record arrays are a subclass of arrays: use a structured dtype, and x['name']",
    "numpy.matrixlib": "np.matrix is a subclass of arrays: use an array of two dimensions, and @",
    "numpy.ctypeslib": POINTER,
    "numpy.testing": "it is for the tests of NumPy",
}
