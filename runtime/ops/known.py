"""Rules for functions of the closed lists that trials would get wrong: what they give hangs on the values, or on more
than a few of the values can show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from runtime.opdef import Rule
from runtime.ops import linalg
from runtime.ops.arguments import Unknown, array_like, is_integer, is_integer_like, typed
from runtime.ops.catalogue import BASES
from runtime.ops.choosing import unique_type
from runtime.ops.joining import added, concatenated_dtype, join_along, joined_dtype
from runtime.ops.probe import by_trial, probe
from runtime.ops.reduction import total
from runtime.ops.shaping import known_shape
from runtime.types import TensorType, array, python


def append_type(x: Any, values: Any, axis: Any = None) -> TensorType:
    known = [array_like(x), array_like(values)]
    return join_along(known, axis, joined_dtype(known))


def set_type(*arrays: Any, **flags: Any) -> TensorType:
    """Of the functions that take arrays for sets: one dim, known only when the program runs."""
    if flags.get("return_indices"):
        raise Unknown("three results")
    return array(joined_dtype([array_like(one) for one in arrays]), (None,))


def outer_type(x: Any, y: Any, out: Any = None) -> TensorType:
    if out is not None:
        raise Unknown("out")
    dims = tuple(total(known_shape(array_like(one))) for one in (x, y))
    return array(probe(np.multiply, (one_of(x), one_of(y)), {}).dtype, dims)


def one_of(x: Any) -> TensorType:
    return array(array_like(x).dtype, (1,))


def named_unique(function: Callable[..., Any], dims: tuple[bool, ...]) -> Rule:
    """np.unique_all and its like; `dims` tells for each field whether it has an item for each value that differs."""

    def rule(x: Any) -> TensorType:
        known = array_like(x)
        cls = type(function(np.zeros(1)))
        if cls is np.ndarray:
            return array(known.dtype, (None,))
        items = tuple(
            array(known.dtype if place == 0 else np.intp, (None,) if counted else known.shape)
            for place, counted in enumerate(dims)
        )
        return python(cls, items)

    return rule


def size_type(x: Any, axis: Any = None) -> TensorType:
    return python(int)


def tile_type(x: Any, reps: Any) -> TensorType:
    known = array_like(x)
    shape = known_shape(known)
    if not isinstance(reps, (tuple, list)) and not is_integer_like(reps):
        raise Unknown("how many dims")
    counts = tuple(reps) if isinstance(reps, (tuple, list)) else (reps,)
    rank = max(len(shape), len(counts))
    dims = (1,) * (rank - len(shape)) + shape
    counts = (1,) * (rank - len(counts)) + counts
    return array(known.dtype, tuple(_times(dim, count) for dim, count in zip(dims, counts)))


def _times(dim: Any, count: Any) -> Any:
    if isinstance(count, int) and (count == 1 or isinstance(dim, int)):
        return dim * count if isinstance(dim, int) else dim
    return 0 if count == 0 else None


def pad_type(x: Any, pad_width: Any, *args: Any, **kwargs: Any) -> TensorType:
    known = array_like(x)
    shape = known_shape(known)
    try:
        widths = np.broadcast_to(np.asarray(pad_width), (len(shape), 2)).tolist()
    except (TypeError, ValueError):
        widths = [(None, None)] * len(shape)
    if not all(isinstance(width, int) for pair in widths for width in pair):
        return array(known.dtype, (None,) * len(shape))
    return array(known.dtype, tuple(dim if a + b == 0 else added((dim, a + b)) for dim, (a, b) in zip(shape, widths)))


def histogram_rule(function: Callable[..., Any]) -> Rule:
    """The number of bins that a word asks for ("auto" …) hangs on the values."""

    def rule(x: Any, bins: Any = 10, *args: Any, **kwargs: Any) -> TensorType:
        if isinstance(bins, str):
            raise Unknown("how many bins")
        return probe(function, (x, bins, *args), kwargs)

    return rule


def window_type(count: Any) -> TensorType:
    """np.hanning and its like."""
    if typed(count).dtype is not int:
        raise Unknown("not a count")
    return array(np.float64, (max(0, int(count)) if is_integer(count) else None,))


def polyfit_type(x: Any, y: Any, deg: Any, *args: Any, **flags: Any) -> TensorType:
    """Trials would meet data that cannot be fitted, which LAPACK reports on the terminal."""
    if args or flags:
        raise Unknown("several results")
    known = [array_like(x), array_like(y)]
    if any(one.dtype is None for one in known):
        raise Unknown("dtypes")
    dtype = np.result_type(*(one.dtype for one in known), np.float64)
    return array(dtype, (int(deg) + 1 if is_integer(deg) else None, *known_shape(known[1])[1:]))


RULES: dict[str, Rule] = {
    **linalg.RULES,
    "np.polyfit": polyfit_type,
    **dict.fromkeys(("np.bartlett", "np.blackman", "np.hamming", "np.hanning"), window_type),
    "np.append": append_type,
    "np.union1d": lambda x, y: array(concatenated_dtype((x, y)), (None,)),
    "np.intersect1d": lambda x, y, *args, **kwargs: set_type(x, y, **kwargs),
    "np.setdiff1d": lambda x, y, *args: set_type(x),
    "np.setxor1d": lambda x, y, *args: set_type(x, y),
    "np.unique": unique_type,
    "np.size": size_type,
    "np.tile": tile_type,
    "np.outer": outer_type,
    "np.histogram": histogram_rule(np.histogram),
    "np.histogram_bin_edges": histogram_rule(np.histogram_bin_edges),
    "np.pad": pad_type,
}
UNIQUE = {
    "unique_all": (True, True, False, True),
    "unique_counts": (True, True),
    "unique_inverse": (True, False),
    "unique_values": (True,),
}
# Of these the dtype or the shape hangs on the values in ways that a few trials cannot show.
UNPREDICTABLE = set(
    "np.roots np.poly np.real_if_close np.trim_zeros np.min_scalar_type np.fromstring np.frombuffer np.fromiter "
    "np.linalg.lstsq np.polydiv np.histogramdd np.select np.piecewise np.emath.arccos np.emath.arcsin np.emath.arctanh "
    "np.emath.log np.emath.log10 np.emath.log2 np.emath.logn np.emath.power np.emath.sqrt np.binary_repr "
    "np.einsum_path np.lib.stride_tricks.as_strided np.finfo np.iinfo np.dtype".split()
) | {f"np.polynomial.{space}.{short}{name}" for space, short in BASES.items() for name in ("roots", "div")}


def rule_for(name: str, function: Callable[..., Any]) -> Rule | None:
    """The rule of a function of the closed lists; None where nothing can be known."""
    if name in RULES:
        return RULES[name]
    if name in UNPREDICTABLE or name.startswith("statistics."):
        return None
    if name in linalg.SIGNATURES:
        return linalg.by_signature(function, linalg.SIGNATURES[name])
    if name.removeprefix("np.") in UNIQUE:
        return named_unique(function, UNIQUE[name.removeprefix("np.")])
    return by_trial(function)
