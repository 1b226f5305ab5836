"""Convolution and pooling of arrays [batch, channels, *spatial]: kernels without a loop over pixels, and exact types.

conv      windows of the padded input are copied once, beside each other, and multiplied by the weight: one matmul
pool      the items of a window are taken one offset at a time, axis by axis, for all windows together

The shape is worked out in one place, for types (dims may be symbols) and for kernels (they are sizes). What cannot be
raises Mismatch there, which names the argument and both shapes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided

from runtime.ops.arguments import Unknown, array_like, is_integer
from runtime.types import Dim, Mismatch, Shape, TensorType, array, type_of

Array: TypeAlias = Any
Pads = list[tuple[int, int]]
AT_ONCE = (
    1 << 18
)  # bytes of windows that are copied for a whole batch; above, image by image, in a buffer that stays hot


# Arguments


def sizes(op: str, name: str, value: Any, rank: int, least: int = 1) -> tuple[int, ...]:
    """One size for each spatial dim: an int stands for all."""
    given = value if isinstance(value, (tuple, list)) else (value,) * rank
    if isinstance(value, TensorType) or any(isinstance(one, TensorType) for one in given):
        raise Unknown("known only when the program runs")
    if len(given) != rank or not all(is_integer(one) and one >= least for one in given):
        raise Mismatch(
            f"{op}: argument {name!r} is {value!r}, and must be an int of at least {least}, or {rank} of them"
        )
    return tuple(int(one) for one in given)


def pads(op: str, padding: Any, rank: int, dims: Shape, spans: Sequence[int], strides: Sequence[int]) -> list[Any]:
    """What is added before and after each spatial dim; None where "same" is of a dim that is not known yet."""
    if padding == "valid":
        return [(0, 0)] * rank
    if padding == "same":
        return [_same(dim, span, stride) for dim, span, stride in zip(dims, spans, strides)]
    if (
        isinstance(padding, (tuple, list))
        and len(padding) == rank
        and any(isinstance(one, (tuple, list)) for one in padding)
    ):
        return [sizes(op, "padding", one, 2, 0) for one in padding]
    if isinstance(padding, str):
        raise Mismatch(
            f"{op}: argument 'padding' is {padding!r}, and must be 'same', 'valid', an int or {rank} of them"
        )
    return [(one, one) for one in sizes(op, "padding", padding, rank, 0)]


def _same(dim: Dim, span: int, stride: int) -> Any:
    if stride == 1:
        total = span - 1
    elif isinstance(dim, int):
        total = max((-(-dim // stride) - 1) * stride + span - dim, 0)
    else:
        return None
    return total // 2, total - total // 2


def steps(op: str, dim: Dim, span: int, stride: int, pad: Any, ceil_mode: bool = False) -> Dim:
    """How many windows of `span` items, each `stride` further on, there are in a padded dim."""
    if stride == 1 and pad is not None and sum(pad) == span - 1:
        return dim
    if not isinstance(dim, int) or pad is None:
        return None
    room = dim + sum(pad) - span
    if room < 0:
        raise Mismatch(f"{op}: a window of {span} items does not fit into a dim of {dim} with padding {pad}")
    count = room // stride + 1
    if ceil_mode and room % stride and count * stride < dim + pad[0]:  # no window starts in what is added at the end
        count += 1
    return count


def of_rank(op: str, name: str, value: Any, rank: int, layout: str, kinds: str = "biufc") -> TensorType:
    """The type of an argument, with a shape of `rank` dims, and a dtype of one of `kinds`."""
    known = array_like(value)
    if known.shape is None:
        raise Unknown("rank")
    if len(known.shape) != rank:
        raise Mismatch(f"{op}: argument {name!r} is {known}, and must be {layout}")
    if known.dtype is not None and known.dtype.kind not in kinds:
        raise Mismatch(f"{op}: argument {name!r} is {known}, and {op} is not made for this dtype")
    return known


def differ(a: Dim, b: Dim) -> bool:
    """Whether two dims surely differ."""
    return isinstance(a, int) and isinstance(b, int) and a != b


# Convolution


def conv_type(
    rank: int,
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: Any = 1,
) -> TensorType:
    """[batch, in, *spatial] and [out, in / groups, *kernel] → [batch, out, *windows]."""
    op, letters = f"conv{rank}d", "length" if rank == 1 else "height, width"
    x = of_rank(op, "input", input, rank + 2, f"[batch, channels, {letters}]", "iufc")
    w = of_rank(op, "weight", weight, rank + 2, f"[filters, channels / groups, {letters} of the kernel]", "iufc")
    (group_count,) = sizes(op, "groups", groups, 1)
    assert x.shape is not None and w.shape is not None
    _check_channels(op, x, w, bias, group_count)
    strides, dilations = sizes(op, "stride", stride, rank), sizes(op, "dilation", dilation, rank)
    if not all(isinstance(dim, int) for dim in w.shape[2:]):
        return array(_promoted(x, w, bias), (x.shape[0], w.shape[0], *(None,) * rank))
    spans = [(size - 1) * step + 1 for size, step in zip(w.shape[2:], dilations)]  # type: ignore[operator]
    around = pads(op, padding, rank, x.shape[2:], spans, strides)
    windows = map(lambda *one: steps(op, *one), x.shape[2:], spans, strides, around)
    return array(_promoted(x, w, bias), (x.shape[0], w.shape[0], *windows))


def _check_channels(op: str, x: TensorType, w: TensorType, bias: Any, groups: int) -> None:
    assert x.shape is not None and w.shape is not None
    (_, channels), (filters, each) = x.shape[:2], w.shape[:2]
    if isinstance(filters, int) and filters % groups:
        raise Mismatch(f"{op}: argument 'weight' is {w}: its {filters} filters are not a multiple of {groups} groups")
    if isinstance(each, int) and differ(channels, each * groups):
        raise Mismatch(
            f"{op}: argument 'weight' is {w}, for {each * groups} channels in {groups} groups, "
            f"and argument 'input' is {x}, of {channels} channels"
        )
    if bias is None:
        return
    b = of_rank(op, "bias", bias, 1, "[filters]")
    assert b.shape is not None
    if differ(b.shape[0], filters):
        raise Mismatch(f"{op}: argument 'bias' is {b}, and argument 'weight' is {w}, of {filters} filters")


def _promoted(*given: Any) -> Any:
    dtypes = [array_like(one).dtype for one in given if one is not None]
    return None if any(dtype is None for dtype in dtypes) else np.result_type(*dtypes)


@dataclass(eq=False)
class _Geometry:
    """What a convolution's shapes and options come to, once for all calls that have them."""

    shape: Any
    dtype: Any
    kernel: tuple[int, ...]
    steps: tuple[int, ...]  # from item to item of a window, then from window to window
    around: Pads


@lru_cache(maxsize=1024, typed=True)
def _geometry(
    rank: int,
    x: TensorType,
    w: TensorType,
    bias: TensorType | None,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
) -> _Geometry:
    made = conv_type(rank, x, w, bias, stride, padding, dilation, groups)
    strides, dilations = sizes("conv", "stride", stride, rank), sizes("conv", "dilation", dilation, rank)
    kernel: Any = (w.shape or ())[2:]
    spans = [(size - 1) * step + 1 for size, step in zip(kernel, dilations)]
    around = pads("conv", padding, rank, (x.shape or ())[2:], spans, strides)
    return _Geometry(made.shape, made.dtype, kernel, (*dilations, *strides), around)


def conv(rank: int, input: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Array:
    x, w = np.asarray(input), np.asarray(weight)
    options = (_hashable(stride), _hashable(padding), _hashable(dilation), groups)
    known = _geometry(rank, type_of(x), type_of(w), None if bias is None else type_of(np.asarray(bias)), *options)
    if any(map(any, known.around)):
        x = _padded(x, known.around, 0)
    out = _products(_windows(x, known, groups), w, groups, known)
    if bias is not None:
        out += np.asarray(bias).reshape(-1, *(1,) * rank)
    return out


def _hashable(option: Any) -> Any:
    return tuple(map(_hashable, option)) if isinstance(option, (list, tuple)) else option


def _padded(x: Array, around: Pads, fill: Any) -> Array:
    shape = [dim + before + after for dim, (before, after) in zip(x.shape[2:], around)]
    made = np.full((*x.shape[:2], *shape), fill, x.dtype)
    inner = tuple(slice(before, before + dim) for dim, (before, _) in zip(x.shape[2:], around))
    index: Any = (..., *inner)
    made[index] = x
    return made


def _windows(x: Array, known: _Geometry, groups: int) -> Array:
    """A view [batch, group, channel, *kernel, *windows]."""
    batch, channels = x.shape[:2]
    each, (image, channel, *items) = channels // groups, x.strides
    shape = (batch, groups, each, *known.kernel, *known.shape[2:])
    strides = (image, each * channel, channel, *(n * step for n, step in zip(items * 2, known.steps)))
    return as_strided(x, shape, strides, writeable=False)


def _products(view: Array, w: Array, groups: int, known: _Geometry) -> Array:
    batch, filters = known.shape[:2]
    inner, places = math.prod(w.shape[1:]), math.prod(known.shape[2:])
    kernels, columns = w.reshape(groups, filters // groups, inner), (groups, inner, places)
    if math.prod(known.kernel) == 1 or batch * math.prod(columns) * view.itemsize <= AT_ONCE:
        out = np.matmul(kernels, view.reshape(batch, *columns))
    else:
        out = np.empty((batch, groups, filters // groups, places), np.result_type(view.dtype, w.dtype))
        buffer = np.empty(view.shape[1:], view.dtype)
        for image, result in zip(view, out):
            buffer[...] = image
            np.matmul(kernels, buffer.reshape(columns), out=result)
    return out.reshape(known.shape).astype(known.dtype, copy=False)


def conv1d(input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
           groups: Any = 1) -> Any:  # fmt: skip
    return conv(1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
           groups: Any = 1) -> Any:  # fmt: skip
    return conv(2, input, weight, bias, stride, padding, dilation, groups)


# Pooling


def pool_type(
    op: str, input: Any, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: Any
) -> tuple[TensorType, list[tuple[Any, ...]]]:
    """The result's type, with the dtype of `input`; and (windows, kernel, stride, dilation, padding) of each dim."""
    x = of_rank(op, "input", input, 4, "[batch, channels, height, width]", "biuf" if op == "max_pool2d" else "biufc")
    assert x.shape is not None
    kernel = sizes(op, "kernel_size", kernel_size, 2)
    strides = kernel if stride is None else sizes(op, "stride", stride, 2)
    dilations = sizes(op, "dilation", dilation, 2)
    spans = [(size - 1) * step + 1 for size, step in zip(kernel, dilations)]
    around = pads(op, padding, 2, x.shape[2:], spans, strides)
    for span, pad in zip(spans, around):
        if pad is not None and padding != "same" and max(pad) > span // 2:
            raise Mismatch(
                f"{op}: argument 'padding' is {padding!r}, and must be at most half of 'kernel_size', {span}"
            )
    if not isinstance(ceil_mode, bool):
        raise Unknown("which form")
    counts = [steps(op, *one, ceil_mode) for one in zip(x.shape[2:], spans, strides, around)]
    return array(x.dtype, (*x.shape[:2], *counts)), list(zip(counts, kernel, strides, dilations, around))


def max_pool2d_type(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: Any = False
) -> TensorType:
    return pool_type("max_pool2d", input, kernel_size, stride, padding, dilation, ceil_mode)[0]


def max_pool2d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False
) -> Array:
    x = np.asarray(input)
    _, axes = pool_type("max_pool2d", x, kernel_size, stride, padding, dilation, ceil_mode)
    return _reduced(x, axes, np.maximum, _least(x.dtype))


def _least(dtype: np.dtype[Any]) -> Any:
    if dtype.kind in "iu":
        return np.iinfo(dtype).min
    return False if dtype.kind == "b" else -np.inf


def _reduced(x: Array, axes: list[Any], function: np.ufunc, fill: Any) -> Array:
    """`function` over each window, one axis after the other."""
    for axis, (count, size, stride, step, (before, _)) in enumerate(axes, 2):
        reach = max((count - 1) * stride + (size - 1) * step + 1, before + x.shape[axis])
        around = [(0, 0)] * 2
        around[axis - 2] = (before, reach - before - x.shape[axis])
        x = _padded(x, around, fill) if any(around[axis - 2]) else x
        parts = [_every(x, axis, offset * step, stride, count) for offset in range(size)]
        made = parts[0].copy()
        for part in parts[1:]:
            function(made, part, out=made)
        x = made
    return x


def _every(x: Array, axis: int, start: int, stride: int, count: int) -> Array:
    index: list[Any] = [slice(None)] * x.ndim
    index[axis] = slice(start, start + (count - 1) * stride + 1, stride)
    return x[tuple(index)]


def avg_pool2d_type(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: Any = False,
    count_include_pad: Any = True,
) -> TensorType:
    made, _ = pool_type("avg_pool2d", input, kernel_size, stride, padding, 1, ceil_mode)
    return array(None if made.dtype is None else _mean_dtype(made.dtype), made.shape)


def _mean_dtype(dtype: np.dtype[Any]) -> Any:
    return dtype if dtype.kind in "fc" else np.dtype(float)


def avg_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    x = np.asarray(input)
    made, axes = pool_type("avg_pool2d", x, kernel_size, stride, padding, 1, ceil_mode)
    dtype = _mean_dtype(x.dtype)
    total = _reduced(x.astype(dtype, copy=False), axes, np.add, 0)
    rows, columns = (_items(dim, axis, count_include_pad).astype(dtype) for dim, axis in zip(x.shape[2:], axes))
    total /= rows[:, None] * columns
    return total


def _items(dim: int, axis: tuple[Any, ...], count_include_pad: bool) -> Array:
    """How many items of a dim each of its windows holds. What only rounding up has added never counts."""
    count, size, stride, _, (before, after) = axis
    first, last = (-before, dim + after) if count_include_pad else (0, dim)
    starts = np.arange(count) * stride - before
    return np.minimum(starts + size, last) - np.maximum(starts, first)
