"""Runs of elementwise ops over arrays, which can be computed block by block; and the computing itself.

    y = (x * 2 + 1) * z        →        y = (x * 2 + 1) * z if x.size < BIG else by_blocks_(…, x, z)

What is computed of a block stays in the cache from op to op, and is written over what is read no more; blocks are
shared out to threads. Every op here gives for an element what it gives for that element alone, rounded once, so that
the bits are the same. Where a block shows that NumPy would warn or raise, all is computed again at once, as the user
wrote it.
"""

from __future__ import annotations

import math
import os
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from runtime.buffers import Buffers
from runtime.ir import Block, Constant, Op, Program, Slot, Value, blocks_of, count_reads, walk
from runtime.ops.effect import writes
from runtime.switches import whole_number
from runtime.views import is_slice, only_looks

BIG = 2**21  # elements, from which on blocks pay
SHORT = 4  # ops: chains that are not longer pay from four times as many elements on
BLOCK = 2**15  # elements; with fewer, threads wait for each other
LANES = 64
MIN_OPS = 2
ENVIRONMENT = "DY2STATIC_THREADS"
UFUNCS = (
    "add subtract multiply divide true_divide negative positive absolute fabs sqrt square reciprocal maximum minimum "
    "fmax fmin floor ceil trunc rint sign bitwise_and bitwise_or bitwise_xor invert greater greater_equal less "
    "less_equal equal not_equal logical_and logical_or logical_not"
).split()
OPERATORS = (
    "add subtract multiply divide negative positive abs bitwise_and bitwise_or bitwise_xor invert "
    "greater greater_equal less less_equal equal not_equal"
).split()
# The functions that take an `out`, by the names of ops.
INTO: dict[str, Callable[..., Any]] = {
    **{name: getattr(np, {"divide": "true_divide", "abs": "absolute"}.get(name, name)) for name in OPERATORS},
    **{"np." + name: getattr(np, name) for name in UFUNCS}, "np.abs": np.absolute,
}  # fmt: skip
ELEMENTWISE = frozenset(OPERATORS) | {"np." + name for name in UFUNCS} | {"np.abs", "np.where"}


@dataclass(eq=False, repr=False)
class Chain:
    """Ops that stand one after another and of which only the last one's result is read elsewhere.

    views   slices of arrays that stand among them, and may stand before them as well: they cannot fail
    leaves  what they are computed of
    array   that one of them which is surely an array: its size tells whether blocks pay
    stays   whether what it gives is only looked at, so that its memory can be kept
    """

    ops: tuple[Op, ...]
    views: tuple[Op, ...]
    leaves: tuple[Value, ...]
    array: Value
    stays: bool = False

    def least(self) -> int:
        """From how many elements on blocks pay."""
        return BIG if len(self.ops) > SHORT else 4 * BIG

    def kinds(self) -> Kinds:
        dtypes = tuple(leaf.type.dtype for leaf in self.leaves)
        return Kinds(dtypes, self.ops[-1].outputs[0].type.dtype, Buffers() if self.stays else None)


def chains(program: Program, kept: Collection[Value] = ()) -> dict[Op, Chain]:
    """The chains of a Program, by their first ops; `kept` are Values that are fetched besides."""
    reads = count_reads(program, kept)
    found = [chain for block in blocks_of(program) for chain in _chains_in(block, reads)]
    leaving = _leaving(program, kept) if found else set()
    for chain in found:
        chain.stays = chain.ops[-1].outputs[0] not in leaving
    return {chain.ops[0]: chain for chain in found}


def _leaving(program: Program, kept: Collection[Value]) -> set[Value]:
    """What something else than the ops that look at it may hold."""
    results = (value for block in blocks_of(program) for value in block.results or ())
    held = (value for op in walk(program.block) for value in op.inputs if not only_looks(op, value))
    return {*kept, *results, *held}


def _chains_in(block: Block, reads: Counter[Value]) -> Iterator[Chain]:
    run: list[Op] = []
    for op in [*block.ops, None]:
        if op is not None and (_is_elementwise(op) or run and is_slice(op)):
            run.append(op)
            continue
        while run:
            size = _length(run, reads)
            chain = _chain(run[:size])
            if chain is not None:
                yield chain
            del run[:size]
            while run and not _is_elementwise(run[0]):
                del run[0]


def _length(run: list[Op], reads: Counter[Value]) -> int:
    """How many of the first ops belong together: each result is read once, by one of them, but for the last one's."""
    best = 1
    made: set[Value] = set()
    open_values: set[Value] = set()
    for number, op in enumerate(run, 1):
        if is_slice(op):
            if made.intersection(op.inputs):
                break
            continue
        open_values.difference_update(op.inputs)
        if not open_values and reads[op.outputs[0]]:
            best = number
        if reads[op.outputs[0]] != 1:
            break
        open_values.add(op.outputs[0])
        made.add(op.outputs[0])
    return best


def _chain(run: list[Op]) -> Chain | None:
    ops, views = [op for op in run if not is_slice(op)], [op for op in run if is_slice(op)]
    if len(ops) < MIN_OPS:
        return None
    made = {op.outputs[0] for op in ops}
    leaves = dict.fromkeys(value for op in ops for value in op.inputs if value not in made)
    arrays = [value for value in leaves if value.type.is_array and value.type.rank]
    if not arrays or any(isinstance(one, Constant) for one in arrays):
        return None
    given = tuple(one for one in leaves if not isinstance(one, Constant))
    return Chain(tuple(ops), tuple(views), given, arrays[0])


def _is_elementwise(op: Op) -> bool:
    """Whether it gives an array of numbers, element by element, of arrays and numbers."""
    name, known = op.definition.name, op.outputs[0].type if len(op.outputs) == 1 else None
    is_square = name == "power" and type(op.call.args[1]) is int and op.call.args[1] == 2
    if known is None or op.call.kwargs or not (name in ELEMENTWISE or is_square):
        return False
    if not all(isinstance(arg, Slot) or type(arg) in (bool, int, float) for arg in op.call.args):
        return False
    if name == "np.where" and len(op.call.args) != 3 or writes(op.definition, op.call):
        return False
    return all(_is_numeric(value) for value in (*op.inputs, op.outputs[0])) and known.is_array and bool(known.rank)


def _is_numeric(value: Value) -> bool:
    known = value.type
    if known.is_python:
        return known.is_number and known.dtype is not complex
    return known.kind is not None and not known.maybe and known.dtype is not None and known.dtype.kind in "biuf"


# Computing


def threads() -> int:
    """How many threads compute blocks: as many as there are cores for this process, or as the environment says; one in
    a thread of the user's, where others may be at work beside it."""
    if threading.current_thread() is not threading.main_thread():
        return 1
    given = whole_number(ENVIRONMENT, 1, "a number of threads")
    if given is not None:
        return given
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Kinds:
    """What the leaves of a chain have to be, by place: dtypes of arrays and NumPy scalars, classes of Python numbers;
    the dtype of the result, and memory for it if it does not leave the program."""

    leaves: tuple[Any, ...]
    result: np.dtype[Any]
    buffers: Buffers | None = None

    def empty(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.empty(shape, self.result) if self.buffers is None else self.buffers.take(shape, self.result)

    def fit(self, leaves: Sequence[Any]) -> bool:
        return all(
            type(leaf) is kind if isinstance(kind, type) else getattr(leaf, "dtype", None) == kind
            for leaf, kind in zip(leaves, self.leaves)
        )


def by_blocks(into: Callable[..., Any], plain: Callable[..., Any], kinds: Kinds, *leaves: Any) -> Any:
    """`plain(*leaves)`, of big arrays block by block, where all are laid out alike; `into(*leaves, out)` computes a
    block, and what it needs besides it writes over what is read no more."""
    arrays = [leaf for leaf in leaves if _has_items(leaf)]
    first = arrays[0]
    if not all(type(one) is np.ndarray and one.shape == first.shape for one in arrays) or not kinds.fit(leaves):
        return plain(*leaves)
    if all(one.flags.c_contiguous for one in arrays):
        result = kinds.empty(first.shape)
        flat = [one.reshape(-1) if _has_items(one) else one for one in leaves]
        return result if _is_computed(into, flat, result.reshape(-1), BLOCK) else plain(*leaves)
    if first.ndim > 1 and first[0].size <= BLOCK and all(map(_has_rows, arrays)):
        result = kinds.empty(first.shape)
        return result if _is_computed(into, leaves, result, _rows_of_a_block(first[0].size)) else plain(*leaves)
    return plain(*leaves)


def _has_items(leaf: Any) -> bool:
    """Whether a leaf is cut into blocks; numbers and arrays of no dims stand for each item."""
    return isinstance(leaf, np.ndarray) and leaf.ndim > 0


def _rows_of_a_block(size: int) -> int:
    """A number of rows whose items are a multiple of what a processor computes at once: where an item stands in a block
    is then where it stands in the whole, and which NaN of two it gives the same."""
    unit = LANES // math.gcd(LANES, max(1, size))
    return max(1, BLOCK // max(1, size) // unit) * unit


def _has_rows(array: Any) -> bool:
    """Whether what is computed of it is laid out by rows."""
    strides = array.strides
    return strides[-1] > 0 and all(one >= other for one, other in zip(strides, strides[1:]))


def _is_computed(into: Callable[..., Any], leaves: Sequence[Any], result: Any, step: int) -> bool:
    """Computes the whole, in blocks of `step` along the first axis; not where one shows a fault that NumPy would tell
    of."""
    settings = {kind: "ignore" if how == "ignore" else "raise" for kind, how in np.geterr().items()}
    failed: list[BaseException] = []
    count = threads()

    def work(turn: int) -> None:
        with np.errstate(**settings):  # type: ignore[arg-type]
            for start in range(turn * step, len(result), count * step):
                if failed:
                    return
                block = slice(start, start + step)
                try:
                    into(*(leaf[block] if _has_items(leaf) else leaf for leaf in leaves), result[block])
                except Exception as error:
                    failed.append(error)

    workers = [threading.Thread(target=work, args=(turn,), daemon=True) for turn in range(1, count)]
    for worker in workers:
        worker.start()
    try:
        work(0)
    except BaseException as error:  # Ctrl-C: the others end with their block
        failed.append(error)
        raise
    finally:
        for worker in workers:
            worker.join()
    return not failed
