"""runtime.nn written a second time, plainly: loops over pixels in float64, and SciPy; nothing is shared."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import signal, special


def each(value: Any, rank: int) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * rank


def padded(x: Any, around: Any, fill: float = 0) -> Any:
    return np.pad(x, [(0, 0), (0, 0), *around], constant_values=fill)


def around_of(padding: Any, spans: Any, strides: Any, sizes: Any) -> list[tuple[int, int]]:
    if padding == "valid":
        return [(0, 0)] * len(sizes)
    if padding == "same":
        total = [max((math.ceil(n / s) - 1) * s + span - n, 0) for n, s, span in zip(sizes, strides, spans)]
        return [(one // 2, one - one // 2) for one in total]
    return [one if isinstance(one, tuple) else (one, one) for one in each(padding, len(sizes))]


def conv(
    input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    rank = input.ndim - 2
    stride, dilation = each(stride, rank), each(dilation, rank)
    spans = [(k - 1) * d + 1 for k, d in zip(weight.shape[2:], dilation)]
    spread = np.zeros((*weight.shape[:2], *spans))
    spread[(..., *(slice(None, None, d) for d in dilation))] = weight
    x = padded(input.astype(float), around_of(padding, spans, stride, input.shape[2:]))
    filters, inner = weight.shape[0] // groups, weight.shape[1]
    rows = []
    for image in x:
        for number, kernel in enumerate(spread):
            start = number // filters * inner
            rows.append(sum(signal.correlate(image[start + c], kernel[c], "valid", "direct") for c in range(inner)))
    made = np.array(rows).reshape(len(x), len(weight), *rows[0].shape)
    made = made[(..., *(slice(None, None, s) for s in stride))]
    return made if bias is None else made + bias.reshape(-1, *(1,) * rank)


def pool(input: Any, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool, take: Any) -> Any:
    """`take(items, all)` of the items in each window, and of how many there are with the padding."""
    kernel = each(kernel_size, 2)
    stride = kernel if stride is None else each(stride, 2)
    dilation = each(dilation, 2)
    around = around_of(padding, [(k - 1) * d + 1 for k, d in zip(kernel, dilation)], stride, input.shape[2:])
    starts = [
        first_items(size, k, s, d, pad, ceil_mode)
        for size, k, s, d, pad in zip(input.shape[2:], kernel, stride, dilation, around)
    ]
    out = np.zeros((*input.shape[:2], *map(len, starts)))
    for place in np.ndindex(*out.shape[2:]):
        first = [one[at] for one, at in zip(starts, place)]
        items, count = window(input, first, kernel, dilation, around)
        out[(..., *place)] = take(items, count)
    return out


def first_items(size: int, k: int, s: int, d: int, pad: Any, ceil_mode: bool) -> list[int]:
    end, span = size + pad[1], (k - 1) * d + 1
    found = []
    for start in range(-pad[0], end, s):
        if start + span <= end or ceil_mode and start < size and start - s + span < end:
            found.append(start)
    return found


def window(input: Any, first: Any, kernel: Any, dilation: Any, around: Any) -> tuple[Any, int]:
    lines, count = [], 1
    for start, k, d, size, pad in zip(first, kernel, dilation, input.shape[2:], around):
        all_of = [start + i * d for i in range(k)]
        count *= sum(one < size + pad[1] for one in all_of)
        lines.append([one for one in all_of if 0 <= one < size])
    return input[:, :, lines[0]][:, :, :, lines[1]].astype(float), count


def max_pool2d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: Any = False
) -> Any:
    return pool(input, kernel_size, stride, padding, dilation, ceil_mode, lambda items, count: items.max(axis=(2, 3)))


def avg_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: Any = False,
    count_include_pad: Any = True,
) -> Any:
    def take(items: Any, count: int) -> Any:
        return items.sum(axis=(2, 3)) / (count if count_include_pad else items[0, 0].size)

    return pool(input, kernel_size, stride, padding, 1, ceil_mode, take)


def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    made = np.einsum("...i,io->...o", input.astype(float), weight.astype(float))
    return made if bias is None else made + bias


def batch_norm(
    input: Any, running_mean: Any, running_var: Any, weight: Any, bias: Any, training: bool, momentum: float, eps: float
) -> Any:
    out = np.zeros(input.shape)
    for c in range(input.shape[1]):
        x = input[:, c].astype(float)
        mean, var = running_mean[c], running_var[c]
        if training:
            mean, var = x.mean(), x.var()
            running_mean[c] += momentum * (mean - running_mean[c])
            running_var[c] += momentum * (x.var(ddof=1) - running_var[c])
        out[:, c] = (x - mean) / math.sqrt(var + eps) * (1 if weight is None else weight[c])
        out[:, c] += 0 if bias is None else bias[c]
    return out


def layer_norm(input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    size = np.prod(normalized_shape)
    flat = input.astype(float).reshape(-1, size)
    made = np.array([(row - row.mean()) / math.sqrt(row.var() + eps) for row in flat]).reshape(input.shape)
    made = made if weight is None else made * weight
    return made if bias is None else made + bias


def dropout(input: Any, p: float, training: bool) -> Any:
    if not training:
        return input
    kept = np.random.random(input.shape) >= p
    return np.array([x / (1 - p) if keep else 0 for x, keep in zip(input.ravel(), kept.ravel())]).reshape(input.shape)


def embedding(input: Any, weight: Any) -> Any:
    return np.array([weight[int(i)] for i in input.ravel()]).reshape(*input.shape, weight.shape[1])


def relu(input: Any) -> Any:
    return np.array([x if x > 0 else 0.0 for x in input.ravel()]).reshape(input.shape)


def gelu(input: Any, approximate: Any = False) -> Any:
    x = input.astype(float)
    if approximate in (True, "tanh"):
        return x * special.expit(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
    return x * special.ndtr(x)


def sigmoid(input: Any) -> Any:
    return special.expit(input.astype(float))


def softmax(input: Any, axis: int = -1) -> Any:
    return special.softmax(input.astype(float), axis=axis)


def log_softmax(input: Any, axis: int = -1) -> Any:
    return special.log_softmax(input.astype(float), axis=axis)


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    each_of = np.array([(a - b) ** 2 for a, b in zip(input.ravel().astype(float), target.ravel())])
    return {"mean": each_of.mean(), "sum": each_of.sum(), "none": each_of.reshape(input.shape)}[reduction]


def cross_entropy(
    input: Any, target: Any, weight: Any, ignore_index: int, reduction: str, label_smoothing: float
) -> Any:
    logs = np.moveaxis(special.log_softmax(input.astype(float), axis=1), 1, -1)
    count = logs.shape[-1]
    shares = np.ones(count) if weight is None else weight.astype(float)
    is_float = target.dtype.kind == "f"
    goals = np.moveaxis(target, 1, -1) if is_float else target
    losses, total = [], 0.0
    for place in np.ndindex(*logs.shape[:-1]):
        goal = goals[place]
        if not is_float:
            if goal == ignore_index:
                losses.append(0.0)
                continue
            total += shares[goal]
            goal = np.eye(count)[goal]
        else:
            total += 1
        goal = (1 - label_smoothing) * goal + label_smoothing / count
        losses.append(-sum(goal[c] * shares[c] * logs[place][c] for c in range(count)))
    made = np.array(losses).reshape(logs.shape[:-1])
    return {"mean": made.sum() / total if total else np.nan, "sum": made.sum(), "none": made}[reduction]


def logistic(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


def lstm_cell(x: Any, state: Any, w: Any, u: Any, b: Any, a: Any) -> Any:
    h, c = state
    n = len(h)
    z = [sum(w[k] * x) + b[k] + sum(u[k] * h) + a[k] for k in range(4 * n)]
    cell = [logistic(z[n + j]) * c[j] + logistic(z[j]) * np.tanh(z[2 * n + j]) for j in range(n)]
    return [logistic(z[3 * n + j]) * np.tanh(cell[j]) for j in range(n)], cell


def gru_cell(x: Any, state: Any, w: Any, u: Any, b: Any, a: Any) -> Any:
    h = state[0]
    n = len(h)
    p, q = ([sum(m[k] * v) + o[k] for k in range(3 * n)] for m, v, o in ((w, x, b), (u, h, a)))
    new = [np.tanh(p[2 * n + j] + logistic(p[j] + q[j]) * q[2 * n + j]) for j in range(n)]
    keep = [logistic(p[n + j] + q[n + j]) for j in range(n)]
    return ([(1 - keep[j]) * new[j] + keep[j] * h[j] for j in range(n)],)


def lstm(
    input: Any, h: Any, c: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None
) -> Any:
    return unrolled(lstm_cell, input, [h, c], weight_ih, weight_hh, bias_ih, bias_hh)


def gru(input: Any, h: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None) -> Any:
    return unrolled(gru_cell, input, [h], weight_ih, weight_hh, bias_ih, bias_hh)


def unrolled(cell: Any, input: Any, state: Any, *weights: Any) -> Any:
    """The outputs of all steps, and the last state."""
    w, u, b, a = (np.zeros(len(weights[0])) if one is None else one.astype(float) for one in weights)
    held = [np.zeros((len(input), u.shape[1])) if one is None else one.astype(float) for one in state]
    made = []
    for step in range(input.shape[1]):
        rows = [cell(input[i, step].astype(float), [one[i] for one in held], w, u, b, a) for i in range(len(input))]
        held = [np.array(part) for part in zip(*rows)]
        made.append(held[0])
    return np.stack(made, axis=1), *held
