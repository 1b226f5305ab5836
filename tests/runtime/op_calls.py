"""Calls that the tests of the op table make: one Python expression a line, each the call of a row or the reading of an
attribute. The names in them are the arguments, whose dtype the tests choose.

    np.reshape(x, (3, -1))     row "np.reshape"
    x.sum(axis=0)              row ".sum"
    x.T                        row ".T"
    add(x, y)                  row "add"
"""

from __future__ import annotations

import ast
import math
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

DTYPES = [np.dtype(name) for name in "bool int8 int64 uint8 float16 float32 float64 complex64 complex128".split()]

CALLS = """
np.sum(c, axis=1)  np.sum(c, (0, 2), keepdims=True)  np.sum(x, dtype=np.float32)  np.sum(x, -1, np.int64)
np.sum(x, where=m)  np.sum(x, initial=k)  np.mean(c, axis=(1, 2))  np.max(x, 0)  np.max(x, axis=j)
np.argmax(x, 1, keepdims=True)  np.average(x, axis=0)  np.average(x, weights=x)  np.var(x, ddof=1)
np.median(c, axis=-1)  np.cumsum(c, axis=1)  np.cumsum(x, dtype=np.float64)  np.count_nonzero(x, axis=0)
np.count_nonzero(x)  np.ptp(x, axis=1)  np.nanmean(x, axis=0)  x.sum(axis=1)  x.sum(1, np.float32)  c.mean((0, 1))
x.std(0)  x.max(axis=0, keepdims=True)  x.argmin(1)  x.any(0)  x.all()  x.cumsum()  x.cumsum(0)  x.cumprod(axis=1)
z.sum()  s.sum()  s.mean()  s.max()  e.sum()  e.sum(0)  e.mean(1)  np.reshape(x, (3, -1))  np.reshape(x, -1)
np.reshape(c, (k, -1))  x.reshape(6)  x.reshape(3, 2)  x.reshape((-1, 2))  x.reshape(-1)  x.reshape(1, -1)
x.reshape(x.shape[1], 2)  y.reshape(-1, 1)  c.reshape(2, -1, 2)  z.reshape(1)  s.reshape(1, 1)  np.ravel(c)  c.ravel()
c.flatten()  y.flatten()  o.ravel()  np.transpose(c, (1, 0, 2))  c.transpose(2, 0, 1)  c.transpose((0, 2, 1))
c.transpose()  y.T  c.T  z.T  s.T  c.mT  np.matrix_transpose(c)  c.swapaxes(0, 2)  np.swapaxes(c, 0, -1)
np.moveaxis(c, 0, -1)  np.moveaxis(c, (0, 1), (2, 0))  np.rollaxis(c, 2)  np.squeeze(o)  np.squeeze(o, axis=0)
o.squeeze()  o.squeeze(0)  c.squeeze()  np.expand_dims(x, 0)  np.expand_dims(x, (0, -1))  np.broadcast_to(y, (2, 3))
np.broadcast_to(s, (2, k))  np.broadcast_arrays(x, y)  np.concatenate((x, x))  np.concatenate([x, x], axis=1)
np.concatenate((x, i2), axis=None)  np.concatenate((y, [1, 2]))  np.concatenate((x, e))  np.concatenate(c)
np.concatenate((x, 2), axis=None)  np.stack((x, x))  np.stack([y, y, y], axis=1)  np.stack((s, s))  np.stack((1, 2.0))
np.stack((z, s, 1))  np.stack((x, x), -1)  np.vstack((y, y))  np.vstack((x, y))  np.hstack((y, y))  np.hstack((x, x))
np.hstack((s, y))  np.dstack((y, y))  np.dstack((x, x))  np.dstack((c, c))  np.column_stack((y, y))
np.column_stack((x, x))  np.row_stack((x, y))  np.split(y, 3)  np.split(x, [1], axis=1)  np.split(x, 3, 1)
np.split(c, [1, 2], -1)  np.array_split(y, 2)  np.array_split(c, 3, axis=2)  np.vsplit(x, 2)  np.hsplit(x, 3)
np.hsplit(y, [1])  np.dsplit(c, 2)  np.unstack(c, axis=1)  np.tile(y, 2)  np.tile(x, (2, 1))  np.tile(y, (2, 1, 2))
np.tile(x, k)  np.repeat(y, 2)  np.repeat(x, 2, axis=1)  np.repeat(x, [1, 2], axis=0)  np.repeat(x, k)  y.repeat(2)
x.repeat(3, 0)  np.flip(x)  np.flip(x, 1)  np.fliplr(x)  np.flipud(x)  np.rot90(x)  np.rot90(x, 2)  np.roll(x, 1)
np.roll(x, k, axis=1)  np.where(m, x, 0)  np.where(m, x, y)  np.where(m, 1.5, x)  np.where(m, 1, 2)  np.where(m)
np.where(y > 1, y, s)  np.where(z, 1, 2.0)  np.where(True, x, y)  np.take(y, i)  np.take(x, i, axis=1)
np.take(x, 0, axis=1)  np.take(x, i2)  np.take(y, 0)  y.take(i)  x.take(i, 0)  c.take([[0, 1]], axis=2)
np.take_along_axis(x, ix, axis=1)  np.take_along_axis(x, i, None)  np.pad(y, 1)  np.pad(x, ((1, 2), (0, 0)))
np.pad(x, (1, 2))  np.pad(x, k)  np.diag(y)  np.diag(x)  np.diag(y, 1)  np.diag(q, -1)  np.diag(x, k)  np.diagonal(c)
np.diagonal(c, 0, 1, 2)  c.diagonal()  x.diagonal(1)  np.tril(x)  np.triu(c, 1)  np.triu(y)  np.clip(x, 0, 2)
np.clip(x, 0, None)  np.clip(x, None, 2)  np.clip(x, y, 2.5)  x.clip(0, 1)  x.clip(0)  x.clip(max=2)  s.clip(0, 1)
z.clip(0, 1)  np.sort(x)  np.sort(x, axis=0)  np.sort(x, axis=None)  np.argsort(y)  np.argsort(x, axis=None)
x.argsort(0)  x.argsort(axis=None)  np.searchsorted(y, 1.0)  np.searchsorted(y, x)  y.searchsorted(2)
np.partition(x, 1)  np.argpartition(x, 1)  np.argpartition(x, 1, None)  y.argpartition(1)  np.unique(x)
np.unique(x, return_counts=True)  np.unique(x, return_inverse=True, return_index=True)  np.unique(x, axis=0)
np.nonzero(c)  c.nonzero()  np.argwhere(c)  np.flatnonzero(x)  np.extract(m, x)  np.compress([True, False], x, axis=0)
x.compress([True, False, True], 1)  np.shape(c)  np.ndim(c)  np.size(c)  np.size(x, 0)  np.astype(x, np.float32)
x.astype(int)  x.astype("f4")  s.astype(np.int8)  z.astype(complex)  x.astype(bool)  x.astype(str)  x.copy()  s.copy()
z.copy()  np.copy(x)  np.copy(s)  np.array(x)  np.array([1, 2])  np.array([1, 2.5])
np.array([[1, 2], [3, 4]], np.float32)  np.array([s, s])  np.array([y, y])  np.array([1, s])  np.array([y, [1, 2, 3]])
np.array(k)  np.array([k, p])  np.array(x, dtype=np.float16)  np.array(y, ndmin=2)  np.array([])  np.array((1, True))
np.array([k, 1j])  np.array(range(4))  np.asarray(x)  np.asarray(3.5)  np.asarray([k], float)  np.ascontiguousarray(z)
np.asfortranarray(x)  np.asanyarray(s)  np.require(x)  np.zeros(3)  np.zeros((2, k))  np.zeros(k)
np.zeros((2, 3), np.float32)  np.zeros(shape=(1,), dtype=int)  np.zeros(())  np.zeros(i)  np.zeros(x.shape)
np.zeros(x.shape[0], dtype=x.dtype)  np.ones((k, 2), "i2")  np.empty(2, bool)  np.full((2, 3), 7)  np.full(2, s)
np.full(3, y)  np.full((2,), 1, np.complex64)  np.full(k, p)  np.zeros_like(x)  np.zeros_like(s)
np.ones_like(x, float)  np.empty_like(y, shape=(2, 2))  np.full_like(x, 2)  np.full_like(x, p, float)
np.zeros_like(k)  np.arange(5)  np.arange(1, 7, 2)  np.arange(k)  np.arange(0.5, 3)  np.arange(k, 10)
np.arange(5, dtype=np.float32)  np.arange(p)  np.arange(s)  np.linspace(0, 1, 5)  np.linspace(0, 1)
np.linspace(0, 1, k)  np.linspace(y, 2, 4)  np.linspace(0, 1, num=3, dtype=np.float32)
np.linspace(0, 1, 4, retstep=True)  np.linspace(0, p, 4, endpoint=False)  np.linspace(s, 3, 7)  np.logspace(0, 2, 5)
np.geomspace(1, 8, 4)  np.logspace(0, p, k)  np.eye(3)  np.eye(2, 4)  np.eye(k)  np.eye(3, k=1, dtype=np.int8)
np.identity(4)  np.identity(k)  np.float32(k)  np.float32(x)  np.int64(s)  np.bool(x)  np.complex64(p)
np.float64("1.5")  np.int8([1, 2])  np.uint8(z)  np.float32()  np.float16(True)  np.str_("ab")  np.bytes_(b"ab")
np.datetime64("2020-01-01")  np.timedelta64(3, "s")  matmul(x, w)  matmul(c, c.mT)  matmul(y, y)  matmul(x, y)
matmul(y, w)  matmul(c, w4)  np.matmul(x, w)  np.matmul(q, y)  np.dot(x, w)  np.dot(c, w4)  np.dot(y, y)  np.dot(x, 2)
np.dot(s, x)  np.dot(z, z)  x.dot(w)  y.dot(y)  q.dot(y)  np.vdot(x, x)  np.inner(x, x)  np.inner(c, w4.T)
np.inner(s, x)  np.outer(y, y)  np.outer(x, s)  np.tensordot(c, c, 3)  np.tensordot(c, w4, axes=1)
np.tensordot(x, w, axes=([1], [0]))  np.tensordot(x, w, ((0, 1), (1, 0)))  np.einsum("ij,jk->ik", x, w)
np.einsum("ij->", x)  np.einsum("ij", x)  np.einsum("ii", q)  np.einsum("ij,ij->i", x, x)  np.einsum("i,j", y, y)
np.einsum("...j,j", c, w4[:, 0])  np.einsum("ij,j", x, y)  np.kron(x, q)  np.cross(x, y)  np.cross(y, y)  np.trace(q)
np.trace(c)  q.trace()  c.trace(1)  np.vecdot(x, y)  np.matvec(q, y)  np.vecmat(y, w)  np.linalg.inv(q)
np.linalg.solve(q, y)  np.linalg.solve(q, w)  np.linalg.det(q)  np.linalg.slogdet(q)  np.linalg.norm(x)
np.linalg.norm(x, axis=1)  np.linalg.norm(y, 1)  np.linalg.norm(c, axis=(0, 1), keepdims=True)  np.linalg.svd(x)
np.linalg.svd(x, full_matrices=False)  np.linalg.svd(c, compute_uv=False)  np.linalg.svdvals(x)  np.linalg.qr(x)
np.linalg.qr(w, "complete")  np.linalg.qr(x, mode="r")  np.linalg.eigh(q)  np.linalg.eigvalsh(q)  np.linalg.eig(q)
np.linalg.eigvals(q)  np.linalg.cholesky(q)  np.linalg.pinv(x)  np.linalg.matrix_power(q, 2)  np.linalg.matrix_rank(x)
np.linalg.matrix_rank(y)  np.linalg.cond(q)  np.linalg.multi_dot([x, w, x])  np.linalg.lstsq(w, y)
np.linalg.tensorinv(np.eye(6).reshape(6, 2, 3), 1)  np.linalg.cross(x, y)  np.linalg.trace(c)  np.linalg.diagonal(c)
np.linalg.matrix_norm(c)  np.linalg.vector_norm(x, axis=1)  np.linalg.tensordot(x, w, axes=1)
np.linalg.eigh(q).eigenvalues  np.linalg.eigh(q).eigenvectors  np.linalg.qr(x).Q  np.linalg.qr(x).R
np.linalg.svd(x).U  np.linalg.svd(x).S  np.linalg.svd(x).Vh  np.linalg.slogdet(q).sign  np.linalg.slogdet(q).logabsdet
np.unique_counts(x).values  np.unique_counts(x).counts  np.unique_all(x).indices  np.unique_all(x).inverse_indices
x.flags  x.flags.aligned  x.flags.c_contiguous  x.flags.contiguous  x.flags.f_contiguous  x.flags.owndata
x.flags.writeable  x.shape  x.dtype  x.ndim  x.size  x.nbytes  x.itemsize  x.strides  x.real  x.imag  s.real
s.imag  z.imag  x.flat  x.dtype.byteorder  x.dtype.char  x.dtype.isnative  x.dtype.kind  x.dtype.names  x.dtype.num
ufunc(np.hypot, x, y)  ufunc(np.divmod, x, 2)  ufunc(np.frompyfunc(max, 2, 1), x, y)
x.base  x.device  k.real  k.imag  p.real  k.numerator  k.denominator  s.shape  s.dtype  x.item(0)  s.item()  z.item()
x[0, 0].item()  x.tolist()  s.tolist()  e.tolist()  x.view()  x.view(np.uint8)  x.conj()  s.conj()  x.conjugate()
p.conjugate()  x.round()  x.round(1)  s.round()  s.round(2)  p.is_integer()  x.tobytes()  x.byteswap()
x.getfield(np.uint8)  x.to_device("cpu")  x.choose([y, y])  x.var(ddof=1)  x.fill(1)  x.sort()  x.sort(0)
x.partition(1)  y.put([0], 1)  y.resize(5, refcheck=False)  x.setflags(write=False)  x.setfield(1, np.uint8)
k.bit_length()  k.bit_count()  k.as_integer_ratio()  k.to_bytes(2, "big")  k.from_bytes(b"ab", "big")  p.hex()
p.fromhex("0x1p3")  p.as_integer_ratio()  "ab".upper()  "a b".split()  "ab".replace("a", "c")  "a,b".split(",")
"-".join(["a", "b"])  "{}".format(k)  "ab".center(5)  "ab".ljust(5)  "ab".rjust(5)  "7".zfill(3)  "ab".encode()
b"ab".decode()  "ab".find("b")  "ab".startswith("a")  "ab".partition("a")  "ab".isalpha()  "ab".index("b")
"aab".count("a")  "ab".maketrans("a", "b")  "{a}".format_map(d)  [1, 2].index(2)  (1, 2).count(1)  [1, 2].copy()
d.get("a")  d.keys()  d.values()  d.items()  d.copy()  d.fromkeys(["a"])  d.pop("a")  d.popitem()
ordered.move_to_end("a")
d.setdefault("b", 1)  d.update({"c": 1})  d.clear()  t.union({3})  t.intersection({1})  t.difference({1})
t.symmetric_difference({1})  t.issubset({1, 2, 3})  t.issuperset({1})  t.isdisjoint({9})  t.add(9)  t.discard(1)
t.remove(1)  t.difference_update({1})  t.intersection_update({1})  t.symmetric_difference_update({1})
slice(1, 2).indices(5)  l.append(1)  l.extend([1])  l.insert(0, 1)  l.pop()  l.pop(0)  l.remove(1)  l.reverse()
l.sort()  l.clear()  queue.appendleft(1)  queue.extendleft([1])  queue.popleft()  queue.rotate(1)
[x, y].pop()  range(3).index(1)  len(x)  len(l)  len("ab")  len(d)  int(s)  int(p)  int("3")
float(k)  float(z)  bool(s)  complex(k)  str(x)  repr(s)  round(p)  round(p, 1)  round(s)  round(s, 1)  round(k, -1)
round(p, None)  abs(x)  abs(k)  abs(s)  abs(1j)  divmod(k, 3)  divmod(x, 2)  divmod(p, 2)  divmod(s, s)  pow(k, 2)
pow(k, 3, 5)  pow(x, 2)  max(k, p)  max(y)  max(1, 2, s)  min(l)  max(l, key=None)  min(k, 3)  max([], default=0)
sum(l)  sum([p, k])  sum(y)  sum([y, y])  sum(x)  all(l)  any(y)  sorted(l)  sorted(y)  sorted([3, 1], reverse=True)
reversed(l)  range(k)  range(1, k, 2)  enumerate(l)  enumerate(x)  enumerate("ab", 1)  zip(l, y)  zip(x, [1, 2])
list(y)  list(range(3))  list(x)  list("ab")  list()  tuple(l)  tuple(x)  set(l)  frozenset(l)  dict([("a", 1)])
dict(a=1)  format(p, ".2f")  isinstance(x, np.ndarray)  isinstance(k, (int, float))  issubclass(bool, int)  type(x)
callable(len)  hash(k)  id(x)  ord("a")  chr(97)  hex(k)  bin(k)  oct(k)  ascii("a")  slice(1, k)  bytes(b"ab")
fstring("a", (k, None, ""), (p, "r", ">9"))  format(x[0, 0], "")  pack((x, [k, y]))  pack({"a": x})  unpack((1, 2), 2)
unpack([x, y, s], 3, 1)  unpack(y, 3)  defined(x, "x")  setattr(x, "shape", (3, 2))  setitem(x, 0, 1)
setitem(x, (slice(None), 1), y[:2])  delitem(l, 0)  is_(x, None)  is_not(k, None)  contains(l, 1)  contains(x, 1)
contains("ab", "a")  not_(k)  not_(s)  truth(z)  add("a", "b")  add([1], [p])  add((1,), (x,))  multiply([1, 2], 2)
multiply("ab", k)  multiply(2, (1, p))  remainder("%d", k)  add(l, y)  power(k, 2)  power(p, 2)  power(k, -1)
power(p, 0.5)  power(x, 2)  power(x, 0.5)  power(x, k)  power(x, p)  power(2, x)  power(s, 2)  power(z, 2)
iadd(l, [1])  iadd(x, 1)  iadd(k, 1)  imultiply(x, y)  iadd(s, s)  isubtract(z, z)  less("a", "b")  equal("a", 1)
equal(None, k)  less((1, 2), (1, 3))  equal(l, l)  getitem(l, 0)  getitem(l, -1)  getitem((x, k), 1)
getitem("abc", k)  getitem("abc", slice(1, None))  getitem(l, slice(1, None))  getitem(l, k)  getitem(d, "a")
getitem(range(5), 2)  getitem(range(5), slice(2, 3))  math.sqrt(p)  math.floor(p)  math.ceil(s)  math.gcd(k, 6)
math.hypot(k, p)  math.pow(k, 2)  math.isclose(p, p)  math.factorial(k)  math.atanh(0.5)  math.log(p, 2)  math.fsum(l)
math.prod(l)  math.frexp(p)  math.trunc(p)  math.isqrt(k)  math.dist([1], [2])  cmath.sqrt(-1)  np.add(x, y, out=x)
np.add(x, y, x)  np.add(x, y, where=m, out=x)  np.add(y, y, dtype=np.float64)  np.multiply(x, s, casting="same_kind")
np.divmod(x, 2)  np.modf(y)  np.frexp(y)  np.add(1, 2)  np.sqrt(k)  np.power(2, y)  np.isfinite(p)  np.maximum(k, p)
np.add.reduce(x)  np.add.reduce(x, axis=None)  np.add.reduce(c, (0, 1))  np.multiply.reduce(x, 1)
np.add.accumulate(x)  np.add.accumulate(x, 1)  np.add.outer(x, y)  np.subtract.outer(y, y)  np.add.reduceat(y, [0, 2])
np.add.reduceat(x, [0, 1], axis=1)  np.maximum.reduce(x)  np.logical_and.reduce(x)  np.add.at(y, [0, 1], 1)
np.maximum.accumulate(y)  np.isnat(np.datetime64("2020-01-01"))  np.copyto(x, 1)  np.put(y, [0], 1)
np.place(x, m, [1])  np.putmask(x, m, 1)  np.fill_diagonal(q, 1)  np.put_along_axis(x, ix, 1, axis=1)
np.percentile(x, 50)  np.percentile(x, [25, 50], axis=0)  np.quantile(y, 0.5)  np.quantile(x, p / 4, axis=1)
np.interp(1.5, y, y)  np.interp(x, y, y)  np.diff(y)  np.diff(x, axis=0)  np.diff(x, 2)  np.gradient(y)
np.gradient(x)  np.trapezoid(y)  np.convolve(y, [1, 2])  np.convolve(y, y, "same")  np.correlate(y, y, "full")
np.histogram(y, 4)  np.histogram(y, bins=[0, 1, 2])  np.histogram(y, "auto")  np.digitize(y, [1.0, 2.0])
np.bincount(i)  np.bincount(i, minlength=7)  np.cov(x)  np.corrcoef(x)  np.meshgrid(y, y)
np.meshgrid(y, [1, 2], indexing="ij")  np.allclose(x, x)  np.isclose(x, y)  np.array_equal(x, x)  np.isin(x, [1])
np.round(x, 1)  np.around(p)  np.round(s)  np.angle(x)  np.real(x)  np.imag(x)  np.nan_to_num(x)  np.unwrap(y)
np.append(y, 1)  np.append(x, x, axis=0)  np.insert(y, 1, 2)  np.delete(y, 0)  np.delete(x, [0, 1], axis=1)
np.select([m], [x])  np.piecewise(y, [y > 1], [1, 2])  np.choose([0, 1, 0], [y, y])  np.apply_along_axis(np.sum, 0, x)
np.apply_over_axes(np.sum, c, [0, 1])  np.result_type(x, 1)  np.promote_types("f4", "i8")  np.can_cast("f4", "f8")
np.isdtype(np.dtype("f4"), "real floating")  np.issubdtype(np.float32, np.floating)  np.isscalar(s)
np.broadcast_shapes((2, 1), (3,))  np.unravel_index(3, (2, 3))  np.ravel_multi_index((1, 1), (2, 3))
np.indices((2, 3))  np.tri(3)  np.tri(k, 4)  np.triu_indices(3)  np.tril_indices(3, k)  np.diag_indices(3)
np.mask_indices(3, np.triu)  np.vander(y)  np.ix_(i, i)  np.resize(x, (3, 3))  np.trim_zeros(y)
np.polyfit(y, [1.0, 2.0, 4.0], 1)  np.polyval(y, p)  np.roots([1, 0, 1])  np.lexsort((y, y))
np.block([[q, q], [q, q]])  np.cumulative_sum(y)  np.kaiser(5, p)  np.busday_count("2020-01-01", "2020-02-01")
np.datetime_as_string(np.datetime64("2020-01-01"))  np.datetime_data("M8[s]")  np.fromstring("1 2", sep=" ")
np.typename("f")  np.fromiter([1, 2], int)  np.unique_all(x)  np.unique_values(x)  np.unique_inverse(x)
np.union1d(x, y)  np.intersect1d(x, y)  np.intersect1d(x, y, return_indices=True)  np.setdiff1d(x, y)
np.setxor1d(x, y)  np.ediff1d(x)  np.packbits(m)  np.unpackbits(np.uint8([1]))  np.fft.fft(y)  np.fft.fft(x, axis=0)
np.fft.fft(y, 8)  np.fft.ifft(y)  np.fft.rfft(x)  np.fft.irfft(y)  np.fft.fft2(x)  np.fft.fftfreq(8)
np.fft.fftshift(x)  np.fft.rfftfreq(k)  np.lib.stride_tricks.sliding_window_view(y, 2)
np.lib.stride_tricks.sliding_window_view(x, (2, 2))  np.lib.stride_tricks.as_strided(y, (2,), (0,))  np.emath.sqrt(-1)
np.emath.log(x)  np.char.center(u, 5)  np.char.decode(np.array([b"a"]))  np.char.ljust(u, 5)  np.char.rjust(u, 5)
np.char.mod(np.array(["%d"]), 3)  np.char.multiply(u, 2)  np.char.replace(u, "a", "b")  np.char.zfill(u, 5)
np.char.upper(u)  np.strings.center(u, 5)  np.strings.decode(np.array([b"a"]))  np.strings.ljust(u, 5)
np.strings.rjust(u, 5)  np.strings.mod(np.array(["%d"]), 3)  np.strings.multiply(u, 2)
np.strings.replace(u, "a", "b")  np.strings.zfill(u, 5)  nn.conv1d(c, c[:, :, :2])  nn.conv1d(c, c, padding=k)
nn.conv2d(c[None], c[None, :, :2, :2])  nn.conv2d(c[None], c[:, None], None, 2, "same", groups=2)  nn.erf(c)
nn.erf(s)
nn.conv2d(c[None], c[:, None], y[:2], (1, 2), ((1, 0), (2, 1)), groups=2)  nn.max_pool2d(c[None], 2)  nn.erf(k)
nn.max_pool2d(c[None], (2, 3), 1, padding=(0, 1), ceil_mode=True)  nn.avg_pool2d(c[None], (2, 1), ceil_mode=True)
nn.lstm(c, None, None, np.ones((8, 4), "f4"), np.ones((8, 2), "f4"))  nn.normal((2, 3), 0.0, 1.0, "float32", 1)
nn.gru(c, c[:, 0, :2], np.ones((6, 4), "f4"), np.ones((6, 2), "f4"))  nn.uniform((k,), 0.0, 1.0, "float64", [1, 2])
nn.orthogonal((2, 3), 1.0, "float32", 1)
"""


@dataclass(frozen=True)
class OpCall:
    """One call of a row: the row's name, and the expressions of its arguments."""

    text: str
    row: str
    args: tuple[str, ...]
    kwargs: tuple[tuple[str, str], ...]

    def arguments(self, names: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        scope = {"np": np, **names}
        return tuple(eval(arg, scope) for arg in self.args), {key: eval(arg, scope) for key, arg in self.kwargs}


def calls() -> Iterator[OpCall]:
    for line in CALLS.strip().splitlines():
        for text in line.split("  "):
            yield parsed(text.strip())


def parsed(text: str) -> OpCall:
    tree = ast.parse(text, mode="eval").body
    if isinstance(tree, ast.Attribute):
        return OpCall(text, "." + tree.attr, (ast.unparse(tree.value),), ())
    assert isinstance(tree, ast.Call), text
    args = tuple(ast.unparse(arg) for arg in tree.args)
    kwargs = tuple((str(keyword.arg), ast.unparse(keyword.value)) for keyword in tree.keywords)
    name = ast.unparse(tree.func)
    if isinstance(tree.func, ast.Attribute) and name.split(".")[0] not in ("np", "math", "cmath", "nn"):
        return OpCall(text, "." + tree.func.attr, (ast.unparse(tree.func.value), *args), kwargs)
    return OpCall(text, name, args, kwargs)


def filled(dtype: np.dtype[Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    return (np.arange(math.prod(shape)) % 3 + 1).astype(dtype).reshape(shape)


def arguments(dtype: np.dtype[Any]) -> dict[str, Any]:
    """What the names in CALLS stand for."""
    return {
        "x": filled(dtype, (2, 3)), "y": filled(dtype, (3,)), "w": filled(dtype, (3, 2)), "c": filled(dtype, (2, 3, 4)),
        "q": (np.eye(3) * 2 + 1).astype(dtype), "w4": filled(dtype, (4, 2)), "z": filled(dtype, ()), "s": dtype.type(1),
        "e": filled(dtype, (0, 3)), "o": filled(dtype, (1, 3)),
        "m": np.array([[True, False, True], [False, True, True]]),
        "i": np.array([1, 0]), "i2": np.array([[0, 1], [1, 0]]), "ix": np.array([[1], [0]]), "k": 2, "j": 1, "p": 1.5,
        "d": {"a": 1.0}, "t": {1, 2}, "l": [1, 2, 3], "queue": deque([1, 2]), "ordered": OrderedDict(a=1.0),
        "u": np.array(["ab", "cde"]),
    }  # fmt: skip


def candidates(dtype: np.dtype[Any]) -> list[tuple[Any, ...]]:
    """Arguments to try on every row, of which a row takes some."""
    names = arguments(dtype)
    x, y, q, c, z, s = (names[name] for name in "xyqczs")
    e, o, i, m, k, u = (names[name] for name in "eoimku")
    return [
        (), (x,), (y,), (q,), (c,), (z,), (s,), (e,), (o,), (i,), (m,), (k,), (1.5,), (True,), (1j,), (-3,), ("3",),
        (x, y), (y, y), (q, q), (x, x), (i, i), (k, k), (q, y), (c, c), (z, z), (x, x.T), (x, i), (u,), (u, u),
        (x, k), (y, k), (s, k), (c, 1), (x, 0), (x, -1), (x, 1, 0), ((x, x),), ([y, y],), ([x, y],), ([1.5, 2],),
        ((2, 3),), ([3, 1, 2],), (range(4),), ("ab", "a"), (m, x, x), (y, y, y), (y, y, k), (y, y, q), (k, (x, x)),
        (y, y, y, c), (y, y, [1, 1]), (y, y, y, [1, 1, 1]), (1, 2, 3), (x, np.float32), (filled(dtype, (40, 50)),),
    ]  # fmt: skip
