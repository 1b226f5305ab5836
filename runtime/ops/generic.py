"""Rows made on first use: every public function of NumPy without a row of its own, random numbers and clocks.

find("np.fft.rfft")     the row, made and registered now; None for a name outside the closed lists
name_of(np.fft.rfft)    "np.fft.rfft"
"""

from __future__ import annotations

import builtins
import importlib
import operator
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from runtime.opdef import TABLE, OpDef, register, unknown
from runtime.ops import reduction
from runtime.ops.arguments import quiet
from runtime.ops.catalogue import FILES, REFUSED, REFUSED_MODULES, SPACES, STATE
from runtime.ops.known import rule_for
from runtime.ops.operators import BINARY, COMPARE, INPLACE, UNARY
from runtime.ops.sampling import drawn
from runtime.origins import warn
from runtime.types import python

UFUNC_METHODS = ("reduce", "accumulate", "reduceat", "outer", "at")
ALIASES = set(
    "np.real np.imag np.resize np.rollaxis np.rot90 np.real_if_close np.unstack np.linalg.diagonal np.choose "
    "np.linalg.matrix_transpose np.lib.stride_tricks.sliding_window_view np.lib.stride_tricks.as_strided np.meshgrid "
    "np.lib.stride_tricks.broadcast_to np.lib.stride_tricks.broadcast_arrays np.frombuffer np.asarray_chkfinite "
    "np.nan_to_num np.matrix_transpose np.ix_ np.trim_zeros np.block np.random.choice random.choice".split()
)


def find(name: str) -> OpDef | None:
    """The row of that name, made and registered on first use; None where the closed lists have no such name."""
    row = TABLE.get(name)
    if row is not None or name in REFUSED:
        return row
    with TABLE.lock:
        row = TABLE.get(name)  # another thread may have made it since
        made = row or _ufunc_method(name) or _listed(name)
        if made is not row and made is not None:
            register([made])
    return made


def _ufunc_method(name: str) -> OpDef | None:
    start, _, method = name.rpartition(".")
    row = TABLE.get(start)
    if method not in UFUNC_METHODS or row is None or not isinstance(row.kernel, np.ufunc):
        return None
    rows = reduction.ufunc_method_rows(start.removeprefix("np."), row.kernel)
    return next(row for row in rows if row.name == name)


def _listed(name: str) -> OpDef | None:
    space, _, short = name.rpartition(".")
    if short not in SPACES.get(space, ()):
        return None
    function = getattr(module(space), short, None)
    if function is None:
        return None
    if space in ("np.random", "random"):
        rule = drawn("Random" if space == "random" else "RandomState", short)
        return OpDef(name, function, rule, effect="random", aliases=name in ALIASES)
    if space in ("time", "np.testing"):
        return OpDef(name, function, effect="io")
    if space == "warnings":
        made = function if isinstance(function, type) else type(None)
        kernel = warn if short == "warn" else function
        return OpDef(name, kernel, lambda *args, **kwargs: python(made), effect="io")
    return OpDef(name, function, rule_for(name, function) or unknown, aliases=name in ALIASES)


def module(space: str) -> Any:
    """The module that a prefix of row names stands for."""
    parts = space.split(".")
    if parts[0] != "np":
        return importlib.import_module(space)
    found: Any = np
    for part in parts[1:]:
        found = getattr(found, part)
    return found


def loaded(space: str) -> Any:
    """The module, if anybody has imported it: no function of another can be met."""
    return sys.modules.get("numpy" + space[2:] if space.startswith("np") else space) or (
        np.emath if space == "np.emath" else None
    )


def listed_names() -> Iterator[str]:
    """Every name that the closed lists hold, with a row already or not, in this version of NumPy."""
    yield from list(TABLE)
    for space, names in SPACES.items():
        for name in dict.fromkeys(names):
            full = f"{space}.{name}"
            if full not in TABLE and full not in REFUSED and hasattr(module(space), name):
                yield full


OPERATOR_NAMES: dict[Any, str] = {
    function: name for name, (function, _) in (BINARY | COMPARE | UNARY | INPLACE).items()
} | {
    operator.matmul: "matmul", operator.is_: "is_", operator.is_not: "is_not", operator.contains: "contains",
    operator.not_: "not_", operator.truth: "truth", operator.getitem: "getitem", operator.setitem: "setitem",
    operator.delitem: "delitem", operator.concat: "add", operator.index: "operator.index",
}  # fmt: skip


SPREADABLE = ("max", "min", "print", "zip", "each_zip", "divmod", "range", "slice", "complex", "pow", "round", "sum")


def is_spreadable(name: str | None) -> bool:
    """Whether the op `apply` calls the row of that name: NumPy's and math's pure functions, and a few builtins."""
    row = find(name) if name is not None else None
    is_pure = row is not None and row.effect == "pure"
    return row is not None and (name in SPREADABLE or is_pure and str(name).startswith(("np.", "math.")))


def apply(name: str, arguments: Any, **kwargs: Any) -> Any:
    """`name(*arguments)`. Raises ValueError for a row that is not spreadable."""
    row = find(name)
    if row is None or not is_spreadable(name):
        raise ValueError(f"a program cannot spread arguments over {name!r}")
    return row.kernel(*arguments, **kwargs)


def rows() -> Iterator[OpDef]:
    yield OpDef("apply", apply, effect="io", aliases=True)


def name_of(function: Any) -> str | None:
    """The name of the row that calls `function`, or None where no row does."""
    name = public_name(function)
    return name if name is not None and find(name) is not None else None


def refusal(function: Any) -> str | None:
    """Why there is no row for `function`, where the reason is known."""
    name = public_name(function)
    return REFUSED.get(name) or _refused_module(function) if name is not None else _refused_module(function)


def acts_outside(function: Any) -> bool:
    """Whether a function reads or changes what is outside of its arguments, so that it must not run while tracing."""
    return refusal(function) in (FILES, STATE)


def _refused_module(function: Any) -> str | None:
    module = getattr(function, "__module__", None) or type(function).__module__
    return next((why for start, why in REFUSED_MODULES.items() if f"{module}.".startswith(start + ".")), None)


# Functions that are public by another name than their own.
RENAMED = {"_join": "join", "_split": "split", "_rsplit": "rsplit", "_splitlines": "splitlines", "trimcoef": "polytrim"}


def public_name(function: Any) -> str | None:
    """The name under which `function` is public: "np.sum", "len", "math.sqrt", "np.add.reduce", "nn.conv2d"."""
    row = getattr(function, "__dy2static_op__", None)
    if row is not None:
        return str(row)
    short = getattr(function, "__name__", None)
    if (getattr(function, "__module__", None) or "").startswith("numpy."):
        short = RENAMED.get(str(short), short)
    if not isinstance(short, str) or not callable(function):
        return None
    try:
        if function in OPERATOR_NAMES:
            return OPERATOR_NAMES[function]
    except TypeError:  # not hashable
        return None
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ufunc):
        return f"{public_name(owner)}.{short}"
    if getattr(builtins, short, None) is function:
        return short
    for space in ("np", "math", "cmath", *SPACES, "np.lib.format"):
        if _is_public(space, short, function):
            return f"{space}.{short}"
    return None


def _is_public(space: str, short: str, function: Any) -> bool:
    found = loaded(space) or builtins
    there = vars(found).get(short)
    if there is None and short in SPACES.get(space, ()):  # some modules of NumPy look their names up when asked
        with quiet():
            there = getattr(found, short, None)
    return there is function or _same_bound_method(there, function)


def _same_bound_method(a: Any, b: Any) -> bool:
    """np.random.normal is a method of one hidden object, made anew at each reading of that object's."""
    owner = getattr(a, "__self__", None)
    return owner is not None and not isinstance(owner, type(sys)) and a == b
