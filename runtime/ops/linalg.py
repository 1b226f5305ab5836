"""Products of arrays and numpy.linalg: shapes by signature, as generalized ufuncs write them; dtypes by trial.

np.linalg.inv     (n,n)->(n,n)            the dims before those of the core are kept
np.matvec         (m,n),(n)->(m)          of two arrays they are broadcast
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from runtime.opdef import Rule
from runtime.ops.arguments import Unknown, array_like, axes, is_integer, quiet, result, same_dim, typed
from runtime.ops.elementwise import elementwise_type
from runtime.ops.probe import by_trial
from runtime.types import Dim, Shape, TensorType, array, broadcast, python, type_of

SIGNATURES = {
    "np.linalg.inv": "(n,n)->(n,n)",
    "np.linalg.cholesky": "(n,n)->(n,n)",
    "np.linalg.det": "(n,n)->()",
    "np.linalg.slogdet": "(n,n)->(),()",
    "np.linalg.eigh": "(n,n)->(n),(n,n)",
    "np.linalg.eigvalsh": "(n,n)->(n)",
    "np.linalg.matrix_power": "(n,n)->(n,n)",
    "np.linalg.matrix_rank": "(m,n)->()",
    "np.linalg.cond": "(m,n)->()",
    "np.matvec": "(m,n),(n)->(m)",
    "np.vecmat": "(n),(n,m)->(m)",
    "np.vecdot": "(n),(n)->()",
    "np.linalg.vecdot": "(n),(n)->()",
}


def by_signature(function: Callable[..., Any], signature: str) -> Rule:
    """The rule of a function whose core shapes are written in `signature`."""
    left, right = (re.findall(r"\(([^)]*)\)", side) for side in signature.split("->"))
    cores = [core.split(",") if core else [] for core in left]
    results = [core.split(",") if core else [] for core in right]

    def rule(*args: Any, **kwargs: Any) -> TensorType:
        known = [array_like(arg) for arg in args[: len(cores)]]
        if kwargs.get("axis") is not None or kwargs.get("out") is not None:
            raise Unknown("other axes")
        if any(one.dtype is None or one.shape is None for one in known):
            raise Unknown("ranks")
        sizes: dict[str, Dim] = {}
        batch: Shape | None = ()
        for core, one in zip(cores, known):
            batch = broadcast(batch, matched(core, one.shape or (), sizes))
        rest = (args[len(cores) :], tuple(kwargs.items()))
        items = kinds(function, tuple(one.dtype for one in known), tuple(map(len, cores)), rest)
        shapes = [(*(batch or ()), *(sizes[name] for name in core)) for core in results]
        return shaped(items, shapes)

    return rule


def matched(core: list[str], shape: Shape, sizes: dict[str, Dim]) -> Shape:
    """Sets the sizes of the names in `core` by the last dims of `shape`, and gives the dims before those."""
    if len(shape) < len(core):
        raise Unknown("too few dims")
    start = len(shape) - len(core)
    for name, dim in zip(core, shape[start:]):
        sizes[name] = same_dim(sizes[name], dim) if name in sizes else dim
    return shape[:start]


@lru_cache(maxsize=1024)
def kinds(function: Callable[..., Any], dtypes: tuple[Any, ...], ranks: tuple[int, ...], rest: Any) -> TensorType:
    """The type of what `function` gives for arrays of one item."""
    if any(dtype is None for dtype in dtypes):
        raise Unknown("dtypes")
    args, kwargs = rest
    with quiet():
        ones = [np.ones((1,) * rank, dtype) for rank, dtype in zip(ranks, dtypes)]
        return type_of(function(*ones, *args, **dict(kwargs)))


def shaped(kind: TensorType, shapes: list[Shape]) -> TensorType:
    """`kind` with these shapes; of several results a tuple, named as NumPy names it."""
    if kind.is_python and isinstance(kind.items, tuple):
        return python(kind.dtype, tuple(result(item.dtype, shape) for item, shape in zip(kind.items, shapes)))
    return result(np.intp if kind.is_python else kind.dtype, shapes[0])


def least(a: Dim, b: Dim) -> Dim:
    """min(a, b) where it is known."""
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    return a if a == b else None


def matrix(x: Any) -> tuple[TensorType, Shape, Dim, Dim]:
    """The type of a stack of matrices, its first dims, and the sizes of the matrices."""
    known = array_like(x)
    if known.shape is None or len(known.shape) < 2:
        raise Unknown("no matrix")
    return known, known.shape[:-2], known.shape[-2], known.shape[-1]


def svd_type(a: Any, full_matrices: Any = True, compute_uv: Any = True, hermitian: Any = False) -> TensorType:
    known, batch, m, n = matrix(a)
    if not all(isinstance(flag, bool) for flag in (full_matrices, compute_uv)):
        raise Unknown("which form")
    kind = kinds(np.linalg.svd, (known.dtype,), (2,), ((full_matrices, compute_uv), ()))
    k = least(m, n)
    if not compute_uv:
        return shaped(kind, [(*batch, k)])
    rows, columns = (m, n) if full_matrices else (k, k)
    return shaped(kind, [(*batch, m, rows), (*batch, k), (*batch, columns, n)])


def svdvals_type(x: Any) -> TensorType:
    return svd_type(x, compute_uv=False)


def pinv_type(a: Any, *args: Any, **kwargs: Any) -> TensorType:
    """An empty matrix of integers keeps its dtype."""
    known, batch, m, n = matrix(a)
    return array(known.dtype if known.dtype is not None and known.dtype.kind in "fc" else None, (*batch, n, m))


def qr_type(a: Any, mode: Any = "reduced") -> TensorType:
    known, batch, m, n = matrix(a)
    kind = kinds(np.linalg.qr, (known.dtype,), (2,), ((mode,), ()))
    k = least(m, n)
    forms: dict[Any, list[Shape]] = {
        "reduced": [(*batch, m, k), (*batch, k, n)],
        "complete": [(*batch, m, m), (*batch, m, n)],
        "r": [(*batch, k, n)],
    }
    return shaped(kind, forms[mode])


def solve_type(a: Any, b: Any) -> TensorType:
    """A `b` of one dim is a vector, any other a stack of matrices."""
    one = len(array_like(b).shape or ()) == 1
    return by_signature(np.linalg.solve, "(n,n),(n)->(n)" if one else "(n,n),(n,k)->(n,k)")(a, b)


def eig_type(a: Any) -> TensorType:
    """The dtype is that of the values: real where all of them are."""
    known, batch, n, _ = matrix(a)
    kind = kinds(np.linalg.eig, (known.dtype,), (2,), ((), ()))
    dtype = kind.items[0].dtype if isinstance(kind.items, tuple) and known.dtype.kind == "c" else None
    return python(kind.dtype, (array(dtype, (*batch, n)), array(dtype, (*batch, n, n))))


def eigvals_type(a: Any) -> TensorType:
    items = eig_type(a).items
    return items[0] if isinstance(items, tuple) else array(None, None)


def matmul_type(x: Any, y: Any) -> TensorType:
    """Type of `x @ y`: (..., n, k) @ (..., k, m) → (..., n, m); a missing dim of either is left out of the result.

    Rules: numpy.matmul, "Notes".
    """
    a, b = array_like(x), array_like(y)
    dtype = product_dtype(a, b)
    if a.shape is None or b.shape is None:
        return TensorType(None, dtype, None)
    if not a.shape or not b.shape:
        raise Unknown("matmul takes no scalars")
    same_dim(a.shape[-1], b.shape[-2] if len(b.shape) > 1 else b.shape[-1])
    core = a.shape[-2:-1] + (b.shape[-1:] if len(b.shape) > 1 else ())
    batch = broadcast(a.shape[:-2], b.shape[:-2]) or ()
    return result(dtype, batch + core)


def matmul_call_type(x: Any, y: Any, *outs: Any, out: Any = None, dtype: Any = None, **kwargs: Any) -> TensorType:
    """np.matmul(x, y, out=…, dtype=…)."""
    if out is not None or outs:
        return typed(out if out is not None else outs[0])
    if dtype is not None or "axes" in kwargs or "signature" in kwargs:
        raise Unknown("another loop")
    return matmul_type(x, y)


def product_dtype(*args: TensorType) -> Any:
    if any(arg.dtype is None for arg in args):
        return None
    return kinds(np.matmul, tuple(arg.dtype for arg in args), (2, 2), ((), ())).dtype


def dot_type(x: Any, y: Any, out: Any = None) -> TensorType:
    """Type of np.dot: the last axis of `x` with the last but one of `y`, and every other axis is kept."""
    if out is not None:
        return typed(out)
    a, b = array_like(x), array_like(y)
    if a.shape is None or b.shape is None:
        return TensorType(None, product_dtype(a, b), None)
    if not a.shape or not b.shape:
        return elementwise_type(np.multiply, (a, b), {})
    same_dim(a.shape[-1], b.shape[-2] if len(b.shape) > 1 else b.shape[-1])
    kept = b.shape[:-2] + b.shape[-1:] if len(b.shape) > 1 else ()
    return result(product_dtype(a, b), a.shape[:-1] + kept)


def cross3_type(x: Any, y: Any, axis: Any = -1) -> TensorType:
    """Of np.linalg.cross, which takes vectors of three items only."""
    made = elementwise_type(np.multiply, (x, y), {})
    if not made.shape or made.dtype is None or made.dtype.kind == "b":
        raise Unknown("of what rank")
    return array(made.dtype, (*made.shape[:-1], 3) if is_integer(axis) and axis == -1 else (None,) * len(made.shape))


def vdot_type(x: Any, y: Any) -> TensorType:
    return result(product_dtype(array_like(x), array_like(y)), ())


def inner_type(x: Any, y: Any) -> TensorType:
    a, b = array_like(x), array_like(y)
    if a.shape is None or b.shape is None:
        raise Unknown("ranks")
    if not a.shape or not b.shape:
        return elementwise_type(np.multiply, (a, b), {})
    same_dim(a.shape[-1], b.shape[-1])
    return result(product_dtype(a, b), a.shape[:-1] + b.shape[:-1])


def tensordot_type(x: Any, y: Any, axes: Any = 2) -> TensorType:
    a, b = array_like(x), array_like(y)
    if a.shape is None or b.shape is None:
        raise Unknown("ranks")
    left, right = contracted(axes, len(a.shape), len(b.shape))
    shape = [dim for place, dim in enumerate(a.shape) if place not in left]
    shape += [dim for place, dim in enumerate(b.shape) if place not in right]
    return array(product_dtype(a, b), tuple(shape))


def contracted(which: Any, left: int, right: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes of both that np.tensordot sums over."""
    if is_integer(which):
        return tuple(range(left - int(which), left)), tuple(range(int(which)))
    if not isinstance(which, (tuple, list)):
        raise Unknown("which axes")
    return axes(which[0], left), axes(which[1], right)


def einsum_type(subscripts: Any, *operands: Any, out: Any = None, dtype: Any = None, **kwargs: Any) -> TensorType:
    """Type of np.einsum("ij,jk->ik", a, b), with the result's letters written or not."""
    if out is not None:
        return typed(out)
    if not isinstance(subscripts, str) or dtype is not None or "..." in subscripts:
        return by_trial(np.einsum)(subscripts, *operands, **({} if dtype is None else {"dtype": dtype}))
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    known = [array_like(operand) for operand in operands]
    letters = left.replace(",", "")
    if not arrow:
        right = "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
    sizes: dict[str, Dim] = {}
    for term, one in zip(left.split(","), known):
        for letter, dim in zip(term, one.shape or ()):
            sizes[letter] = _broadcast_size(sizes.get(letter, 1), dim)
    return result(_einsum_dtype(known), tuple(sizes[letter] for letter in right))


def _broadcast_size(a: Dim, b: Dim) -> Dim:
    return (broadcast((a,), (b,)) or (None,))[0]


def _einsum_dtype(known: list[TensorType]) -> Any:
    if any(one.dtype is None for one in known):
        return None
    return np.result_type(*(one.dtype for one in known))


RULES: dict[str, Rule] = {
    "np.matmul": matmul_call_type,
    "np.linalg.matmul": matmul_type,
    "np.dot": dot_type,
    "np.linalg.cross": cross3_type,
    "np.vdot": vdot_type,
    "np.inner": inner_type,
    "np.tensordot": tensordot_type,
    "np.linalg.tensordot": tensordot_type,
    "np.einsum": einsum_type,
    "np.linalg.svd": svd_type,
    "np.linalg.svdvals": svdvals_type,
    "np.linalg.qr": qr_type,
    "np.linalg.pinv": pinv_type,
    "np.linalg.solve": solve_type,
    "np.linalg.eig": eig_type,
    "np.linalg.eigvals": eigvals_type,
}
