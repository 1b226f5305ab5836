"""The Array API standard, 2024.12: a call of each of its functions, which is made a program of one op.

A line of CALLS is a kind of dtype and expressions in `xp`, the namespace, and arrays x, y (2, 3), v, w (3,), q (3, 3)
positive definite, c (2, 3, 3), i of indices, m of truths, s of no dimensions. The kind says which dtypes x … have.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

KINDS = {
    "all": "bool int8 int64 uint8 float32 float64 complex64 complex128",
    "numeric": "int8 int64 uint8 float32 float64 complex64 complex128",
    "real": "int16 int64 uint32 float32 float64",
    "floating": "float32 float64 complex64 complex128",
    "real floating": "float32 float64",
    "integral": "int8 int32 int64 uint8 uint64",
    "bits": "bool int8 int64 uint16",
    "bool": "bool",
    "complex": "complex64 complex128",
    "real or bool": "bool int64 float32",
}

CALLS = """
all             | xp.abs(x); xp.equal(x, y); xp.not_equal(x, v); xp.logical_and(x, y); xp.logical_not(x)
all             | xp.logical_or(x, y); xp.logical_xor(x, y); xp.isfinite(x); xp.isinf(x); xp.isnan(x)
numeric         | xp.add(x, y); xp.subtract(x, v); xp.multiply(x, y); xp.negative(x); xp.positive(x); xp.square(x)
numeric         | xp.sign(x); xp.pow(x, y); xp.add(x, 1); xp.multiply(2, x); xp.reciprocal(x); xp.round(x)
real            | xp.ceil(x); xp.floor(x); xp.trunc(x); xp.floor_divide(x, y); xp.remainder(x, y); xp.clip(x, 1, 2)
real            | xp.maximum(x, y); xp.minimum(x, v); xp.greater(x, y); xp.greater_equal(x, 2); xp.less(x, y)
real            | xp.less_equal(x, v); xp.clip(x, max=2); xp.clip(x, v, v)
floating        | xp.acos(x); xp.acosh(x); xp.asin(x); xp.asinh(x); xp.atan(x); xp.atanh(x); xp.cos(x); xp.cosh(x)
floating        | xp.sin(x); xp.sinh(x); xp.tan(x); xp.tanh(x); xp.exp(x); xp.expm1(x); xp.log(x); xp.log1p(x)
floating        | xp.log2(x); xp.log10(x); xp.sqrt(x); xp.divide(x, y)
real floating   | xp.atan2(x, y); xp.copysign(x, y); xp.hypot(x, y); xp.logaddexp(x, y); xp.nextafter(x, y)
real floating   | xp.signbit(x)
bits            | xp.bitwise_and(x, y); xp.bitwise_or(x, y); xp.bitwise_xor(x, y); xp.bitwise_invert(x)
integral        | xp.bitwise_left_shift(x, 1); xp.bitwise_right_shift(x, v)
complex         | xp.real(x); xp.imag(x); xp.conj(x)
all             | xp.asarray(x); xp.asarray(x, copy=True); xp.asarray([1, 2]); xp.asarray(x, dtype=xp.complex128)
all             | xp.zeros_like(xp.empty((2, 3), dtype=x.dtype)); xp.empty_like(x).shape; xp.zeros(3)
all             | xp.ones((2,), dtype=x.dtype)
all             | xp.zeros_like(x); xp.ones_like(x, dtype=xp.int8); xp.full((2, 2), 1); xp.full(3, 2.5)
all             | xp.full_like(x, 1); xp.eye(3); xp.eye(2, 3, k=1, dtype=xp.float32); xp.arange(5); xp.arange(1, 7, 2)
all             | xp.arange(0, 1, 0.25); xp.linspace(0, 1, 5); xp.linspace(0, 1, num=4, endpoint=False)
all             | xp.meshgrid(v, w); xp.meshgrid(v, w, indexing='ij'); xp.tril(q); xp.triu(c, k=1)
all             | xp.astype(x, xp.float64) if x.dtype.kind != 'c' else x; xp.can_cast(x, xp.complex128)
all             | xp.isdtype(x.dtype, 'integral'); xp.result_type(x, xp.float32); xp.result_type(x, y)
floating        | xp.finfo(x.dtype).eps; xp.finfo(x.dtype).bits
integral        | xp.iinfo(x.dtype).max; xp.iinfo(x.dtype).bits
all             | xp.take(x, i, axis=1); xp.take(v, i); xp.take_along_axis(x, ix, axis=1); x[0, :]; x[..., 1]; x[m]
all             | x[xp.newaxis, 1]; v[i]; x[:, ::-1]; x[1, 2]; x[0, 0] == y[0, 0]
numeric         | xp.matmul(x, q); xp.tensordot(x, x, axes=2); xp.tensordot(x, q, axes=1); xp.vecdot(x, v)
numeric         | x @ v; v @ w; c @ q; xp.linalg.matmul(x, q); xp.linalg.outer(v, w); xp.linalg.trace(c)
numeric         | xp.linalg.vecdot(v, w); xp.linalg.tensordot(x, x, axes=2); xp.linalg.cross(v, w)
all             | xp.matrix_transpose(c); xp.linalg.matrix_transpose(c); xp.linalg.diagonal(c); c.mT; x.T
floating        | xp.linalg.cholesky(q); xp.linalg.det(q); xp.linalg.eigh(q); xp.linalg.eigvalsh(q); xp.linalg.inv(q)
floating        | xp.linalg.matrix_norm(c); xp.linalg.matrix_norm(q, ord='nuc'); xp.linalg.matrix_power(q, 2)
floating        | xp.linalg.matrix_rank(q); xp.linalg.pinv(x); xp.linalg.qr(x); xp.linalg.qr(q, mode='complete')
floating        | xp.linalg.slogdet(q); xp.linalg.solve(q, v); xp.linalg.solve(q, x.T); xp.linalg.svd(x)
floating        | xp.linalg.svd(x, full_matrices=False); xp.linalg.svdvals(x); xp.linalg.vector_norm(x)
floating        | xp.linalg.vector_norm(x, axis=1, keepdims=True, ord=1)
all             | xp.broadcast_arrays(x, v); xp.broadcast_to(v, (2, 3)); xp.concat([x, y]); xp.concat([x, y], axis=None)
all             | xp.expand_dims(x, axis=1); xp.flip(x); xp.flip(x, axis=1); xp.moveaxis(c, 0, -1)
all             | xp.permute_dims(c, (2, 0, 1)); xp.repeat(x, 2, axis=1); xp.reshape(x, (3, -1)); xp.roll(x, 1)
all             | xp.roll(x, (1, 2), axis=(0, 1)); xp.squeeze(x[None], axis=0); xp.stack([x, y], axis=1)
all             | xp.tile(x, (2, 1)); xp.unstack(x); xp.unstack(x, axis=1); xp.reshape(x, (6,), copy=True)
real            | xp.argmax(x); xp.argmax(x, axis=1, keepdims=True); xp.argmin(x, axis=0); xp.searchsorted(v, w)
real            | xp.searchsorted(v, w, side='right'); xp.sort(x); xp.sort(x, axis=0, descending=False) if False else x
real            | xp.sort(x, axis=0, stable=True); xp.argsort(x); xp.argsort(x, axis=0, stable=True)
all             | xp.count_nonzero(x); xp.count_nonzero(x, axis=1); xp.nonzero(x); xp.where(m, x, y); xp.where(m, x, 1)
all             | xp.unique_all(x); xp.unique_counts(x); xp.unique_inverse(x); xp.unique_values(x)
numeric         | xp.cumulative_sum(v); xp.cumulative_sum(x, axis=1, include_initial=True); xp.cumulative_prod(v)
real            | xp.max(x); xp.max(x, axis=1); xp.min(x, axis=0, keepdims=True)
numeric         | xp.sum(x); xp.sum(x, axis=1); xp.sum(x, dtype=xp.complex128); xp.prod(x); xp.prod(x, axis=(0, 1))
real floating   | xp.mean(x); xp.mean(x, axis=0); xp.std(x); xp.std(x, correction=1); xp.var(x, axis=1, keepdims=True)
all             | xp.all(x); xp.all(x, axis=1); xp.any(x, axis=0, keepdims=True); xp.any(x)
numeric         | xp.diff(x); xp.diff(x, axis=0, n=1); xp.diff(v, prepend=w)
complex         | xp.fft.fft(x); xp.fft.ifft(x, n=4); xp.fft.fftn(x); xp.fft.ifftn(x, axes=(0,)); xp.fft.irfft(x)
complex         | xp.fft.irfftn(x); xp.fft.hfft(x); xp.fft.fftshift(x); xp.fft.ifftshift(x, axes=1)
real floating   | xp.fft.rfft(x); xp.fft.rfftn(x); xp.fft.ihfft(x); xp.fft.fftfreq(5); xp.fft.rfftfreq(4, d=0.5)
all             | xp.e; xp.inf; xp.nan; xp.pi; xp.newaxis; xp.float32; xp.bool
all             | x.dtype; x.device; x.ndim; x.shape; x.size; x.to_device('cpu'); xp.__array_namespace_info__().dtypes()
all             | x == y; x != v; abs(s); bool(s)
numeric         | +x; -x; x + y; 1 + x; x - y; 2 - x; x * v; 2 * x; x ** 2; 2 ** x; complex(s)
real            | x // y; x % y; x < y; x <= 2; x > v; x >= y; int(s); float(s); 7 // x; 7 % x
floating        | x / y; 1 / x
bits            | x & y; x | y; x ^ y; ~x
integral        | x << 1; x >> v
real or bool    | xp.asarray(s); s + s; xp.sum(s); xp.squeeze(s); xp.reshape(s, (1,)); s[()]
"""

# What the standard has and a program has not: the memory of an array.
NOT_HERE = {"from_dlpack", "__dlpack__", "__dlpack_device__"}

NAMES = {
    "xp": "abs acos acosh add asin asinh atan atan2 atanh bitwise_and bitwise_left_shift bitwise_invert bitwise_or "
    "bitwise_right_shift bitwise_xor ceil clip conj copysign cos cosh divide equal exp expm1 floor floor_divide "
    "greater greater_equal hypot imag isfinite isinf isnan less less_equal log log1p log2 log10 logaddexp logical_and "
    "logical_not logical_or logical_xor maximum minimum multiply negative nextafter not_equal positive pow real "
    "reciprocal remainder round sign signbit sin sinh square sqrt subtract tan tanh trunc "
    "arange asarray empty empty_like eye full full_like linspace meshgrid ones ones_like tril triu zeros zeros_like "
    "astype can_cast finfo iinfo isdtype result_type take take_along_axis matmul matrix_transpose tensordot vecdot "
    "broadcast_arrays broadcast_to concat expand_dims flip moveaxis permute_dims repeat reshape roll squeeze stack "
    "tile unstack argmax argmin count_nonzero nonzero searchsorted where unique_all unique_counts unique_inverse "
    "unique_values argsort sort cumulative_prod cumulative_sum max mean min prod std sum var all any diff "
    "e inf nan newaxis pi __array_namespace_info__",
    "xp.linalg": "cholesky cross det diagonal eigh eigvalsh inv matmul matrix_norm matrix_power matrix_rank "
    "matrix_transpose outer pinv qr slogdet solve svd svdvals tensordot trace vecdot vector_norm",
    "xp.fft": "fft ifft fftn ifftn rfft irfft rfftn irfftn hfft ihfft fftfreq rfftfreq fftshift ifftshift",
}  # fmt: skip


@dataclass(frozen=True)
class Call:
    kind: str
    text: str

    @property
    def function(self) -> Callable[..., Any]:
        """A function whose body is the call."""
        name = f"<array api {self.text}>"
        source = f"def call(x, y, v, w, q, c, i, ix, m, s):\n    xp = x.__array_namespace__()\n    return {self.text}\n"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        namespace: dict[str, Any] = {}
        exec(compile(source, name, "exec"), namespace)
        made: Callable[..., Any] = namespace["call"]
        return made

    def __str__(self) -> str:
        return self.text


def calls() -> Iterator[Call]:
    for line in CALLS.strip().splitlines():
        kind, _, texts = line.partition("|")
        for text in texts.split(";"):
            yield Call(kind.strip(), text.strip())


def arguments(dtype: str) -> tuple[Any, ...]:
    x = np.array([[3, 1, 2], [2, 5, 1]]).astype(dtype)
    y = np.array([[1, 2, 2], [3, 1, 1]]).astype(dtype)
    v, w = np.array([1, 2, 4]).astype(dtype), np.array([2, 1, 3]).astype(dtype)
    q = np.array([[4, 1, 0], [1, 5, 1], [0, 1, 6]]).astype(dtype)
    c = np.stack([q, q + q])
    return x, y, v, w, q, c, np.array([0, 2, 1]), np.array([[0, 2], [1, 1]]), x > 1, np.asarray(x[0, 1])
