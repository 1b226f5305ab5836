"""Rules by trial: the kernel is run on small values of the argument types, and what all trials agree on is the type.

np.linalg.norm(float32[n, 3])      float32 in every trial                        →  float32
np.tile(float32[n], 2)             4, 6 and 2 items where n is 2, 3 and 1        →  float32[?]
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from runtime.opdef import Rule
from runtime.ops.arguments import Unknown, either, quiet
from runtime.types import Dim, TensorType, array, python, type_of

SAMPLES: dict[Any, tuple[Any, ...]] = {
    bool: (True, False),
    int: (3, 0, -2, 5),
    float: (1.5, 0.0, -2.5),
    complex: (1 + 2j, 0j, 5 + 0j),
    str: ("a b", "3", ""),
    bytes: (b"a",),
    type(None): (None,),
    range: (range(3), range(0)),
}
MOST_TRIALS = 64
MOST_ELEMENTS = 1_000_000  # of all arrays multiplied, as an outer product has them
SMALL = 1024  # the most elements of an array that a trial takes in its own size, and the biggest int it takes as it is


def by_trial(function: Callable[..., Any]) -> Rule:
    """A rule that probes `function` on whatever it is given."""

    def rule(*args: Any, **kwargs: Any) -> TensorType:
        return probe(function, args, kwargs)

    return rule


def probe(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> TensorType:
    """The type of `function(*args, **kwargs)`."""
    args, kwargs = _bounded(args), _bounded(kwargs)
    key = (freeze(args), freeze(kwargs))
    try:
        hash(key)
    except TypeError:
        return _probe(function, args, kwargs)
    return _probe_frozen(function, _Keyed(key, args, kwargs))


def _bounded(template: Any) -> Any:
    """`template` with its big ints as ints unknown: a trial must not make an array of a billion items."""
    if type(template) is int and abs(template) > SMALL:
        return python(int)
    if type(template) in (tuple, list):
        return type(template)(map(_bounded, template))
    if isinstance(template, dict):
        return {key: _bounded(item) for key, item in template.items()}
    return template


class _Keyed:
    """Arguments that are equal where their keys are."""

    __slots__ = ("key", "args", "kwargs")

    def __init__(self, key: Any, args: tuple[Any, ...], kwargs: dict[str, Any]):
        self.key, self.args, self.kwargs = key, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=4096)
def _probe_frozen(function: Callable[..., Any], keyed: _Keyed) -> TensorType:
    return _probe(function, keyed.args, keyed.kwargs)


def freeze(value: Any) -> Any:
    """A key for a template, in which 1, 1.0 and True differ."""
    if isinstance(value, (tuple, list)):
        return (type(value), tuple(map(freeze, value)))
    if isinstance(value, dict):
        return (dict, tuple((key, freeze(item)) for key, item in value.items()))
    if isinstance(value, slice):
        return (slice, freeze(value.start), freeze(value.stop), freeze(value.step))
    if isinstance(value, (float, complex, np.floating)):
        return (type(value), repr(value))
    return (type(value), value)


def _probe(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> TensorType:
    leaves = list(_leaves((args, kwargs)))
    if not all(_is_known(leaf) for leaf in leaves):
        raise Unknown("a trial needs dtypes and ranks")
    if any(leaf.kind is None and leaf.shape == () for leaf in leaves):
        return _probe_kinds(function, args, kwargs, leaves)
    with quiet():
        if any(_is_sized(leaf) for leaf in leaves):
            return _probe_sizes(function, args, kwargs, leaves)
        return _probe_samples(function, args, kwargs, leaves)


def _probe_kinds(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], leaves: list[TensorType]
) -> TensorType:
    """The join over both kinds, scalar and array of no dimensions, of each leaf that may be either."""
    choices = [
        [replace(leaf, kind=kind) for kind in ("scalar", "array")] if leaf.kind is None and leaf.shape == () else [leaf]
        for leaf in leaves
    ]
    found = []
    for combination in itertools.islice(itertools.product(*choices), MOST_TRIALS):
        values = iter(combination)
        found.append(_probe(function, _replaced(args, values), _replaced(kwargs, values)))
    return either(found)


def _leaves(template: Any) -> Iterator[TensorType]:
    if isinstance(template, TensorType):
        yield template
    elif isinstance(template, (tuple, list)):
        for item in template:
            yield from _leaves(item)
    elif isinstance(template, dict):
        for item in template.values():
            yield from _leaves(item)
    elif isinstance(template, slice):
        yield from _leaves((template.start, template.stop, template.step))


def _is_known(leaf: TensorType) -> bool:
    if leaf.is_python:
        items = leaf.items if isinstance(leaf.items, tuple) else (leaf.items,) if leaf.items else ()
        return leaf.dtype is not None and all(map(_is_known, items))
    return leaf.dtype is not None and leaf.shape is not None and leaf.dtype.kind in "biufcSU"


def _is_sized(leaf: TensorType) -> bool:
    """Whether an array is in it, so that sizes matter."""
    if not leaf.is_python:
        return bool(leaf.shape)
    items = leaf.items if isinstance(leaf.items, tuple) else (leaf.items,) if leaf.items else ()
    return any(_is_sized(item) for item in items)


def _replaced(template: Any, values: Iterator[Any]) -> Any:
    """`template` with the next of `values` in the place of each leaf."""
    if isinstance(template, TensorType):
        return next(values)
    if type(template) in (tuple, list):
        return type(template)([_replaced(item, values) for item in template])
    if isinstance(template, dict):
        return {key: _replaced(item, values) for key, item in template.items()}
    if isinstance(template, slice):
        return slice(*(_replaced(item, values) for item in (template.start, template.stop, template.step)))
    return template


def _probe_samples(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], leaves: list[TensorType]
) -> TensorType:
    """Trials with every combination of sample values. A trial that raises has no type, and does not count."""
    choices = [samples(leaf) for leaf in leaves]
    found: list[TensorType] = []
    for combination in itertools.islice(itertools.product(*choices), MOST_TRIALS):
        values = iter(combination)
        try:
            outcome = function(*_replaced(args, values), **_replaced(kwargs, values))
        except Exception:  # the sample is outside the function's domain
            continue
        found.append(_unsized(type_of(outcome)))
    if not found:
        raise Unknown("no trial succeeds")
    return either(found)


def samples(type: TensorType) -> tuple[Any, ...]:
    """A few values of a type that has no sizes."""
    if type.kind == "python" and type.dtype in SAMPLES:
        return SAMPLES[type.dtype]
    if type.kind == "python" and type.dtype in (tuple, list):
        return tuple(type.dtype(values) for values in _sample_items(type.items))
    if type.kind != "python" and type.dtype.kind in "biufc":
        numbers = {"b": (1, 0), "u": (3, 0, 5)}.get(type.dtype.kind, (3, 0, -2, 5))
        scalars = tuple(type.dtype.type(number) for number in numbers)
        return tuple(map(np.array, scalars)) if type.is_array else scalars
    raise Unknown(f"no samples of {type}")


def _sample_items(items: Any) -> Iterator[tuple[Any, ...]]:
    if isinstance(items, tuple):
        choices = [samples(item) for item in items]
        for number in range(max((len(choice) for choice in choices), default=1)):
            yield tuple(choice[number % len(choice)] for choice in choices)
    elif items is not None:
        choice = samples(items)
        yield from ((), choice[:1], choice)
    else:
        raise Unknown("nothing is known of the items")


# In the second trial the order of the sizes is turned round, so that min(n, m) is not taken for n.
# Neither order has sizes that one more, one less, half or twice another would give in both.
SIZES = ((5, 6, 7, 9, 11, 13), (11, 10, 8, 7, 6, 5), (1,) * 6, (0,) * 6)
NUMBERS = {
    bool: (True, False, True, False),
    int: (2, 3, 1, 0),
    float: (1.5, 2.5, 1.0, 0.0),
    complex: (1.5j, 2.5j, 1j, 0j),
}


class _World:
    """One trial: a size for each symbol and each unknown dim, and what arrays are filled with."""

    def __init__(self, number: int, leaves: list[TensorType]):
        self.number = number
        self.sizes: dict[Any, int] = {}
        # Where an array is big, sizes from 5 on are taken as symbols.
        self.most = 4 if any(_elements(leaf) > SMALL for leaf in leaves) else SMALL

    def size(self, dim: Dim, place: tuple[int, ...]) -> int:
        if isinstance(dim, int) and dim <= self.most:
            return dim
        key = place if dim is None else dim
        if key not in self.sizes:
            self.sizes[key] = SIZES[self.number][len(self.sizes)]
        return self.sizes[key]

    def shape(self, shape: tuple[Dim, ...], place: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(self.size(dim, (*place, axis)) for axis, dim in enumerate(shape))

    def elements(self, leaf: TensorType, place: tuple[int, ...]) -> int:
        """How many elements the leaf will have; of a container, those of its items multiplied."""
        if isinstance(leaf.items, tuple):
            return math.prod(max(1, self.elements(item, (*place, i))) for i, item in enumerate(leaf.items))
        return math.prod(self.shape(leaf.shape or (), place))

    def back(self, size: Dim) -> set[Dim]:
        """The dims that may have been meant by a size of the result."""
        return {size} | {key for key, value in self.sizes.items() if value == size and not isinstance(key, tuple)}


def _elements(leaf: TensorType) -> int:
    if isinstance(leaf.items, tuple):
        return max(map(_elements, leaf.items), default=0)
    return math.prod(dim if isinstance(dim, int) else 4 for dim in leaf.shape or ())


def _probe_sizes(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], leaves: list[TensorType]
) -> TensorType:
    """Trials with two sets of sizes, which must succeed, then with all symbols 1 and all 0, which may fail."""
    found: list[tuple[_World, TensorType]] = []
    for number in range(4):
        world = _World(number, leaves)
        if math.prod(max(1, world.elements(leaf, (place,))) for place, leaf in enumerate(leaves)) > MOST_ELEMENTS:
            raise Unknown("too big to be tried")
        values = iter([_value(leaf, world, (place,)) for place, leaf in enumerate(leaves)])
        try:
            outcome = function(*_replaced(args, values), **_replaced(kwargs, values))
        except Exception:
            if number < 2:
                raise
            continue
        found.append((world, _unsized(type_of(outcome))))
    return agreed(found)


def _unsized(type: TensorType) -> TensorType:
    """`type` without the width of text, which hangs on the values."""
    if isinstance(type.items, tuple):
        return replace(type, items=tuple(map(_unsized, type.items)))
    if not type.is_python and type.dtype is not None and type.dtype.kind in "SU":
        return replace(type, dtype=None)
    return type


def _value(leaf: TensorType, world: _World, place: tuple[int, ...]) -> Any:
    if leaf.is_python and leaf.dtype in (tuple, list) and isinstance(leaf.items, tuple):
        return leaf.dtype(_value(item, world, (*place, i)) for i, item in enumerate(leaf.items))
    if leaf.is_python and leaf.dtype in NUMBERS:
        return NUMBERS[leaf.dtype][world.number]
    if leaf.is_python or leaf.shape is None:
        choice = samples(leaf)
        return choice[world.number % len(choice)]
    shape = world.shape(leaf.shape, place)
    if leaf.kind == "scalar":
        return leaf.dtype.type(NUMBERS[int][world.number])
    return filled(shape, leaf.dtype, world.number)


def filled(shape: tuple[int, ...], dtype: np.dtype[Any], number: int) -> Any:
    """An array for trial `number`. Its values differ from trial to trial: a shape that hangs on them must not agree."""
    count = math.prod(shape)
    if number == 0 and dtype.kind == "b":
        return np.arange(count).reshape(shape) % 2 == 0
    if number == 0:
        return (np.arange(count) % 5 + 1).astype(dtype).reshape(shape)
    if number == 1:
        return np.zeros(shape, dtype)
    return np.ones(shape, dtype)


def agreed(found: list[tuple[_World, TensorType]]) -> TensorType:
    """What all trials have in common, with the symbols back in the place of their sizes."""
    types = [type for _, type in found]
    first = types[0]
    if first.is_python:
        return _agreed_python(found, first)
    whole = either(types)
    if not first.shape or any(type.rank != first.rank for type in types):
        return whole
    dims = []
    for index in range(len(first.shape)):
        meant = set.intersection(*(world.back(type.shape[index]) for world, type in found if type.shape))
        dims.append(min(meant, key=_by_name) if meant else None)
    return TensorType(whole.kind, whole.dtype, tuple(dims))


def _agreed_python(found: list[tuple[_World, TensorType]], first: TensorType) -> TensorType:
    """Containers of one length agree item by item; of several lengths, in the one type of all items."""
    if not first.items or any(not type.is_python or type.dtype is not first.dtype for _, type in found):
        return either([type for _, type in found])
    rows = [(world, type.items) for world, type in found if isinstance(type.items, tuple)]
    if len({len(items) for _, items in rows}) == 1:
        columns = [[(world, items[place]) for world, items in rows] for place in range(len(rows[0][1]))]
        return TensorType("python", first.dtype, (), tuple(agreed(column) for column in columns))
    return TensorType("python", first.dtype, (), either([_loose(item) for _, items in rows for item in items]))


def _loose(type: TensorType) -> TensorType:
    """`type` without sizes: of items in unknown number nothing tells which size is whose."""
    if type.is_array and type.shape is not None:
        return array(type.dtype, (None,) * len(type.shape))
    return type


def _by_name(dim: Dim) -> tuple[int, str]:
    return (0 if isinstance(dim, str) else 1, str(dim))
