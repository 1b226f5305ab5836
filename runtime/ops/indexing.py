"""Reading by index: `x[key]` on arrays, scalars and Python containers. Rules: NumPy user guide, "Indexing on ndarrays".

A key becomes a list of Selectors, one for each of its parts; each takes dims of the array and gives dims of the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from runtime.ops.arguments import Unknown, array_like, is_integer, is_integer_like, result, typed
from runtime.types import ANY, Dim, Mismatch, Shape, TensorType, array, broadcast, item_type, python


@dataclass(eq=False)
class Selector:
    """One part of a key.

    part   "integer", "slice", "new", "rest" (an ellipsis) or "array"
    takes  how many dims of the array it takes
    shape  of an array of indices: its own shape, of a mask: (dim,)
    slice  of a slice: itself
    """

    part: str
    takes: int
    shape: Shape = ()
    slice: slice | None = None


def getitem_type(x: Any, key: Any) -> TensorType:
    known = typed(x)
    if known.is_python:
        return _python_item(x, known, key)
    if known.kind is None and known.dtype is None:
        return ANY
    if known.dtype is not None and known.dtype.names is not None:
        return ANY
    try:
        selectors = [_selector(part) for part in _parts(key)]
    except Unknown:
        return TensorType(None, known.dtype, None)
    if known.shape is None:
        return _of_unknown_rank(known, selectors)
    shape = _selected(known.shape, _completed(selectors, len(known.shape)))
    if not shape and any(selector.part == "rest" for selector in selectors):
        return array(known.dtype, ())
    return result(known.dtype, shape)


def check_setitem(x: Any, key: Any, value: Any) -> None:
    """Raises Mismatch where `value` cannot be broadcast to what the key selects."""
    selected, given = getitem_type(x, key), typed(value)
    if typed(x).is_array and given.is_array and selected.shape is not None and given.shape is not None:
        extra = len(given.shape) - len(selected.shape)
        if extra > 0 and any(isinstance(dim, int) and dim != 1 for dim in given.shape[:extra]):
            raise Mismatch(f"what is written is {given}, and does not fit into {selected}")
        for dim, other in zip(given.shape[::-1], selected.shape[::-1]):
            if isinstance(dim, int) and isinstance(other, int) and dim not in (1, other):
                raise Mismatch(f"what is written is {given}, and does not fit into {selected}")


def _of_unknown_rank(known: TensorType, selectors: list[Selector]) -> TensorType:
    stays = any(selector.part in ("slice", "new", "rest") or selector.shape for selector in selectors)
    return TensorType("array" if stays else None, known.dtype, None)


def _parts(key: Any) -> tuple[Any, ...]:
    if isinstance(key, tuple):
        return key
    known = typed(key)
    if not known.is_python or known.dtype is not tuple:
        return (key,)
    if isinstance(known.items, tuple):
        return known.items
    raise Unknown("a tuple of unknown length")


def _selector(part: Any) -> Selector:
    if part is None or (isinstance(part, TensorType) and part.dtype is type(None)):
        return Selector("new", 0)
    if part is Ellipsis:
        return Selector("rest", 0)
    if isinstance(part, slice):
        return Selector("slice", 1, slice=part)
    if is_integer_like(part):
        return Selector("integer", 1, slice=slice(part, None))
    known = array_like(part)
    if known.dtype is None or known.shape is None:
        raise Unknown("an index that may be a mask")
    if known.dtype == bool:
        return Selector("array", len(known.shape), (_count(part, known.shape),))
    if known.dtype.kind in "iu":
        return Selector("array", 1, known.shape)
    if known.shape == (0,) and not isinstance(part, TensorType):
        return Selector("array", 1, (0,))
    raise Unknown("not an index")


def _count(mask: Any, shape: Shape) -> Dim:
    """How many items a mask selects: known of True, False and lists of them."""
    if isinstance(mask, (bool, np.bool_)):
        return int(mask)
    if isinstance(mask, list) and all(isinstance(item, bool) for item in mask):
        return sum(mask)
    return None


def _completed(selectors: list[Selector], rank: int) -> list[Selector]:
    """The selectors with an ellipsis spelled out as slices, so that they take all dims."""
    missing = rank - sum(selector.takes for selector in selectors)
    if missing < 0:
        raise Mismatch(f"there are {rank - missing} indices for {rank} dims")
    whole = [Selector("slice", 1, slice=slice(None))] * missing
    places = [place for place, selector in enumerate(selectors) if selector.part == "rest"]
    if len(places) > 1:
        raise IndexError("an index can only have a single ellipsis")
    if not places:
        return selectors + whole
    return selectors[: places[0]] + (whole or [Selector("rest", 0)]) + selectors[places[0] + 1 :]


def _selected(shape: Shape, selectors: list[Selector]) -> Shape:
    advanced = any(selector.part == "array" for selector in selectors)
    dims: list[Dim] = []
    places: list[int] = []  # where in `dims` each index that is an array, or beside one, stands
    order: list[int] = []
    axis = 0
    for number, selector in enumerate(selectors):
        if selector.part == "array" or (advanced and selector.part == "integer"):
            places.append(len(dims))
            order.append(number)
        elif selector.part == "new":
            dims.append(1)
        elif selector.slice is not None and selector.part == "slice":
            dims.append(sliced(shape[axis], selector.slice))
        if selector.part == "integer":
            _check(shape[axis], selector.slice.start if selector.slice and not advanced else None)
        axis += selector.takes
    if not advanced:
        return tuple(dims)
    block = broadcast(*(selector.shape for selector in selectors if selector.part == "array")) or ()
    together = order == list(range(order[0], order[-1] + 1))
    at = places[0] if together else 0
    return (*dims[:at], *block, *dims[at:])


def _check(dim: Dim, index: Any) -> None:
    if isinstance(dim, int) and is_integer(index) and not -dim <= int(index) < dim:
        raise Mismatch(f"there is no item {int(index)} in a dim of {dim}")


def sliced(dim: Dim, key: slice) -> Dim:
    """The dim that a slice leaves of one."""
    if key.start is None and key.stop is None and (key.step is None or (is_integer(key.step) and abs(key.step) == 1)):
        return dim
    if is_integer(key.start) and key.start == 0 and key.stop is None and key.step is None:
        return dim
    if isinstance(dim, int) and all(part is None or is_integer(part) for part in (key.start, key.stop, key.step)):
        return len(range(*key.indices(dim)))
    return None


def _python_item(x: Any, known: TensorType, key: Any) -> TensorType:
    if known.dtype in (str, range, bytes):
        item = {str: str, range: int, bytes: int}[known.dtype]
        return python(known.dtype if isinstance(key, slice) else item)
    if known.dtype is dict:
        return _dict_item(x, key)
    if not isinstance(known.dtype, type) or not issubclass(known.dtype, (tuple, list)):
        return ANY
    if isinstance(key, slice):
        return _python_slice(known, key)
    if is_integer(key) and isinstance(known.items, tuple):
        return known.items[int(key)]
    one = item_type(known.items)
    if isinstance(key, TensorType) and not is_integer_like(key):
        return ANY
    return ANY if one is None else one


def _dict_item(x: Any, key: Any) -> TensorType:
    if isinstance(x, dict) and not isinstance(key, TensorType):
        return typed(x[key])
    return ANY


def _python_slice(known: TensorType, key: slice) -> TensorType:
    cls = list if issubclass(known.dtype, list) else tuple
    parts = (key.start, key.stop, key.step)
    if isinstance(known.items, tuple) and all(part is None or is_integer(part) for part in parts):
        return python(cls, known.items[key])
    return python(cls, item_type(known.items))
