"""Attributes and methods: the closed lists, and a row for each, named "." + its name.

One row serves every type that has the name. A rule speaks for NumPy's types, and trials for Python's.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from runtime.opdef import OpDef, Rule
from runtime.ops import choosing, joining, reduction, sampling, shaping
from runtime.ops.arguments import typed
from runtime.ops.elementwise import elementwise_type
from runtime.ops.linalg import dot_type
from runtime.ops.probe import by_trial, probe
from runtime.ops.reduction import method_kernel
from runtime.types import ANY, TensorType, item_type, python, scalar

ARRAY_ATTRIBUTES = "T base device dtype flags flat imag itemsize mT nbytes ndim real shape size strides".split()
FLAGS = "aligned c_contiguous contiguous f_contiguous owndata writeable".split()  # of what x.flags gives
NUMBER_ATTRIBUTES = "numerator denominator start stop step".split()
FIELDS = (  # of the named tuples that functions of NumPy give
    "eigenvalues eigenvectors Q R U S Vh sign logabsdet values indices inverse_indices counts"
).split()
DTYPE_ATTRIBUTES = "byteorder char isnative kind names num".split()
ATTRIBUTES = frozenset((*ARRAY_ATTRIBUTES, *NUMBER_ATTRIBUTES, *FIELDS, *FLAGS, *DTYPE_ATTRIBUTES))

ARRAY_METHODS = (
    "all any argmax argmin argpartition argsort astype choose clip compress conj conjugate copy cumprod "
    "cumsum diagonal dot flatten getfield item max mean min nonzero prod ravel repeat reshape round searchsorted "
    "squeeze std sum swapaxes take to_device tobytes tolist trace transpose var view byteswap"
).split()
ARRAY_WRITERS = "fill partition put resize setfield setflags sort".split()
NUMBER_METHODS = "as_integer_ratio bit_count bit_length from_bytes fromhex hex is_integer to_bytes".split()
TEXT_METHODS = (
    "capitalize casefold center count decode encode endswith expandtabs find format format_map index isalnum isalpha "
    "isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower "
    "lstrip maketrans removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines "
    "startswith strip swapcase title translate upper zfill"
).split()
CONTAINER_METHODS = (
    "get items keys values fromkeys difference intersection isdisjoint issubset issuperset symmetric_difference union "
    "indices"
).split()
CONTAINER_WRITERS = (
    "append appendleft extend extendleft insert pop popleft rotate popitem move_to_end "
    "remove reverse clear update setdefault add discard difference_update "
    "intersection_update symmetric_difference_update"
).split()
RANDOM_METHODS = (
    "beta binomial bytes chisquare choice dirichlet exponential f gamma geometric gumbel hypergeometric integers "
    "laplace logistic lognormal logseries multinomial multivariate_hypergeometric multivariate_normal "
    "negative_binomial noncentral_chisquare noncentral_f normal pareto permutation permuted poisson power rand randint "
    "randn random random_sample rayleigh seed shuffle spawn standard_cauchy standard_exponential standard_gamma "
    "standard_normal standard_t triangular uniform vonmises wald weibull zipf"
).split()
WRITERS = frozenset((*ARRAY_WRITERS, *CONTAINER_WRITERS))
METHODS = frozenset((*ARRAY_METHODS, *NUMBER_METHODS, *TEXT_METHODS, *CONTAINER_METHODS, *RANDOM_METHODS, *WRITERS))
BOTH = ATTRIBUTES & METHODS  # fields of some types, methods of others
VIEWS = frozenset(
    (*shaping.VIEWS, *joining.VIEWS, *choosing.VIEWS, *FIELDS)
    + tuple("T base flags conj conjugate copy flat get getfield imag items keys mT pop popitem real setdefault".split())
    + ("to_device", "values", "view")
)
# What these functions do with a scalar is found by trial.
TRIED_WITHOUT_DIMS = (
    "ravel transpose permute_dims swapaxes squeeze flip sort argsort partition argpartition roll repeat nonzero "
    "compress unique argwhere diagonal"
).split()


def is_method(type: TensorType, name: str) -> bool:
    """Whether `x.name` of such an x is to be called; the few names that are both are told apart by the type."""
    fields = getattr(type.dtype, "_fields", ())
    if name in fields or (type.kind in ("array", "scalar") and name in ATTRIBUTES):
        return False
    return name in METHODS


def attribute_kernel(name: str) -> Callable[..., Any]:
    """Reads the attribute; calls it where it is a method, for a name that is both."""
    if name not in METHODS:
        return operator.attrgetter(name)
    read = operator.attrgetter(name)

    def kernel(x: Any, *args: Any, **kwargs: Any) -> Any:
        found = read(x)
        return found(*args, **kwargs) if callable(found) else found

    return kernel


def attribute_rule(name: str, rule: Rule | None) -> Rule:
    kernel = attribute_kernel(name)

    def of_any(x: Any) -> TensorType:
        known = typed(x)
        fields = getattr(known.dtype, "_fields", ())
        if name in fields:
            return _field(known, fields.index(name))
        if known.kind is None and known.dtype is None:
            return ANY
        return probe(kernel, (x,), {}) if rule is None or known.is_python else rule(x)

    return of_any


def _field(known: TensorType, index: int) -> TensorType:
    if isinstance(known.items, tuple):
        return known.items[index]
    return ANY


def like(known: TensorType, dtype: Any, shape: Any) -> TensorType:
    """A result that is a scalar only where `known` is one."""
    if known.kind == "scalar":
        return scalar(dtype)
    return TensorType(known.kind, dtype, shape)


def _reversed(x: Any) -> TensorType:
    known = typed(x)
    return like(known, known.dtype, None if known.shape is None else known.shape[::-1])


def _matrix(x: Any) -> TensorType:
    return shaping.matrix_transpose_type(x)


def _part(x: Any) -> TensorType:
    """.real and .imag: of an array that is not complex they have its dtype."""
    known = typed(x)
    if known.dtype is None:
        return like(known, None, known.shape)
    return like(known, np.ones((), known.dtype).real.dtype, known.shape)


def _dtype(x: Any) -> TensorType:
    known = typed(x)
    return python(None) if known.dtype is None else python(type(known.dtype))


def _lengths(x: Any) -> TensorType:
    return shaping.shape_type(x)


def _integer(x: Any) -> TensorType:
    return python(int)


ATTRIBUTE_RULES: dict[str, Rule] = {
    "T": _reversed, "mT": _matrix, "real": _part, "imag": _part, "dtype": _dtype, "shape": _lengths,
    "strides": _lengths, "ndim": _integer, "size": _integer, "nbytes": _integer, "itemsize": _integer,
    "flat": lambda x: python(np.flatiter), "flags": lambda x: python(type(np.empty(0).flags)),
    **dict.fromkeys(FLAGS, lambda x: python(bool)), "device": lambda x: python(str), "base": lambda x: ANY,
}  # fmt: skip


def unary_method(name: str) -> Rule:
    """conj and round: a scalar stays one, a 0-d array becomes one."""
    kernel = method_kernel(name)

    def rule(x: Any, *args: Any, **kwargs: Any) -> TensorType:
        if kwargs.get("out") is not None:
            return typed(kwargs["out"])
        if typed(x).shape == ():
            return probe(kernel, (x, *args), kwargs)
        return elementwise_type(kernel, (x, *args), kwargs)

    return rule


def _copy(x: Any, *args: Any, **kwargs: Any) -> TensorType:
    return typed(x)


def _item(x: Any, *args: Any) -> TensorType:
    known = typed(x)
    if known.dtype is None:
        return ANY
    return python(type(np.ones((), known.dtype).item()))


def _tolist(x: Any) -> TensorType:
    known = typed(x)
    if known.shape is None or known.dtype is None:
        return ANY
    made = _item(x)
    for dim in reversed(known.shape):
        made = python(list, (made,) * dim if isinstance(dim, int) and dim <= 64 else made)
    return made


def _view(x: Any, dtype: Any = None, *args: Any) -> TensorType:
    known = typed(x)
    if dtype is None:
        return like(known, known.dtype, known.shape)
    asked = (dtype, *args)
    if any(isinstance(one, type) and issubclass(one, np.ndarray) and one is not np.ndarray for one in asked):
        return ANY  # an array of another class, and no plain one
    return probe(method_kernel("view"), (x, *asked), {})


def _trace(x: Any, *args: Any, **kwargs: Any) -> TensorType:
    return probe(np.trace, (x, *args), kwargs)


def sized_method(rule: Rule, name: str) -> Rule:
    """The rule of a method. What it does with a scalar or an array of no dims is found by trial."""
    kernel = method_kernel(name)

    def kept(x: Any, *args: Any, **kwargs: Any) -> TensorType:
        known = typed(x)
        if known.shape == ():
            return probe(kernel, (x, *args), kwargs)
        made = rule(x, *args, **kwargs)
        return made if known.kind is not None or made.is_python else replace(made, kind=None)

    return kept


def _popped(x: Any, *args: Any) -> TensorType:
    known = typed(x)
    if known.dtype is not list:
        return ANY
    one = item_type(known.items)
    return ANY if one is None else one


def _partitioned(x: Any, *args: Any, **kwargs: Any) -> TensorType:
    """Of an array in place; of text into a tuple of three."""
    known = typed(x)
    if known.is_python:
        return python(tuple, (python(known.dtype),) * 3)
    return python(type(None)) if known.kind is not None else ANY


def _nothing(x: Any, *args: Any, **kwargs: Any) -> TensorType:
    return python(type(None))


METHOD_RULES: dict[str, Rule] = {
    **{name: sized_method(rule, name) for name, rule in (shaping.METHODS | joining.METHODS | choosing.METHODS).items()},
    **reduction.method_rules(),
    "conj": unary_method("conj"), "conjugate": unary_method("conjugate"), "round": unary_method("round"),
    "copy": _copy, "item": _item, "tolist": _tolist, "view": _view, "trace": _trace, "dot": dot_type,
    "tobytes": lambda x, *args: python(bytes), "to_device": _copy, "byteswap": _copy,
}  # fmt: skip
WRITER_RULES: dict[str, Rule] = dict.fromkeys(WRITERS, _nothing)
WRITER_RULES |= {
    "pop": _popped,
    "popitem": lambda *args, **kwargs: ANY,
    "popleft": lambda x: ANY,
    "setdefault": lambda *args: ANY,
    "partition": _partitioned,
}


def method_rule(name: str) -> Rule:
    """The row's rule: trials for Python's types, the rule of METHOD_RULES for NumPy's."""
    of_numpy, trial = METHOD_RULES.get(name), by_trial(method_kernel(name))

    def rule(x: Any, *args: Any, **kwargs: Any) -> TensorType:
        known = typed(x)
        if known.is_python:
            return trial(x, *args, **kwargs)
        if known.kind is None and known.dtype is None:
            return ANY
        return (of_numpy or trial)(x, *args, **kwargs)

    return rule


def indexer(owner: Any) -> Callable[[Any], Any]:
    """Indexing one of NumPy's indexer objects, as a function of the key."""
    return lambda key: owner[key]


def rows() -> Iterator[OpDef]:
    for name in ("r_", "c_", "mgrid", "ogrid"):
        yield OpDef("np." + name, indexer(getattr(np, name)))
    for name in sorted(ATTRIBUTES):
        kernel = attribute_kernel(name)
        rule = attribute_rule(name, ATTRIBUTE_RULES.get(name))
        source = None if name in METHODS else f"{{0}}.{name}"
        yield OpDef("." + name, kernel, rule, source, aliases=name in VIEWS)
    for name in sorted(METHODS - ATTRIBUTES):
        yield method_row(name)
    for name, rule in (shaping.FUNCTIONS | joining.FUNCTIONS | choosing.FUNCTIONS).items():
        function = getattr(np, name, None)  # some came after NumPy 2.0
        if function is not None:
            rule = shaping.sized(function, rule) if name in TRIED_WITHOUT_DIMS else rule
            yield OpDef("np." + name, function, rule, aliases=name in VIEWS, check=shaping.CHECKS.get(name))


def method_row(name: str) -> OpDef:
    if name in WRITERS:
        return OpDef("." + name, method_kernel(name), WRITER_RULES[name], effect="write", aliases=name in VIEWS)
    if name in RANDOM_METHODS:
        return OpDef("." + name, method_kernel(name), sampling.method_rule(name), effect="random")
    check = shaping.CHECKS.get("." + name)
    return OpDef("." + name, method_kernel(name), method_rule(name), aliases=name in VIEWS, check=check)
