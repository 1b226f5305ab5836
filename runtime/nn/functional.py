"""Functions of neural networks, on arrays [batch, channels, *spatial]. Dtypes are kept: float32 stays float32.

Arguments are named as PyTorch, Paddle and Keras agree; where they do not, as PyTorch, but for `axis`, which is NumPy's
word. `linear` takes a weight [in, out], as Paddle and Keras do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from runtime.nn.staged import check, check_dtype, dims, row, staged

SQRT_HALF = 0.5**0.5
SQRT_TWO_OVER_PI = (2 / np.pi) ** 0.5


# Convolution and pooling


@row("nn.conv1d")
def conv1d(
    input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """As `conv2d`, of one spatial dim: [batch, channels, length], weight [filters, channels / groups, length]."""
    return staged("nn.conv1d", input, weight, bias, stride, padding, dilation, groups)


@row("nn.conv2d")
def conv2d(
    input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """[batch, channels, height, width] → [batch, filters, height, width], by weight [filters, channels / groups, h, w].

    stride, dilation   an int, or one for each spatial dim
    padding            the same; or ((top, bottom), (left, right)); or "valid", none, or "same", windows / stride
    """
    return staged("nn.conv2d", input, weight, bias, stride, padding, dilation, groups)


@row("nn.max_pool2d")
def max_pool2d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False
) -> Any:
    """The greatest of each window; `stride` is `kernel_size` if not given. `ceil_mode` keeps one that is cut short."""
    return staged("nn.max_pool2d", input, kernel_size, stride, padding, dilation, ceil_mode)


@row("nn.avg_pool2d")
def avg_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """The mean of each window; with `count_include_pad` what padding has added counts as zeros."""
    return staged("nn.avg_pool2d", input, kernel_size, stride, padding, ceil_mode, count_include_pad)


# Products and normalisation


def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    """[..., in] by weight [in, out] → [..., out]."""
    check("linear", "input", input, weight=(weight, (dims(input)[-1:] or (None,)) + (None,)),
          bias=(bias, dims(weight)[-1:] or (None,)))  # fmt: skip
    made = np.matmul(input, weight)
    return made if bias is None else made + bias


def batch_norm(
    input: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Each channel of [batch, channels, …] with mean 0 and variance 1, times `weight`, plus `bias`.

    training   the mean and variance are those of `input`, and move the running ones, in place, by `momentum`; else they
               are the running ones; where these are None, those of `input`
    """
    channels = dims(input)[1:2] or (None,)
    check("batch_norm", "input", input, running_mean=(running_mean, channels), running_var=(running_var, channels),
          weight=(weight, channels), bias=(bias, channels))  # fmt: skip
    shape = (1, -1) + (1,) * (input.ndim - 2)
    mean, var = running_mean, running_var
    if training or running_mean is None:
        axes = (0, *range(2, input.ndim))
        mean = np.mean(input, axis=axes)
        apart = input - np.reshape(mean, shape)
        total = np.sum(apart * apart, axis=axes)
        count = input.size // mean.size
        var = total / count
        if running_mean is not None:
            running_mean[...] = (1 - momentum) * running_mean + momentum * mean
            running_var[...] = (1 - momentum) * running_var + momentum * (total / (count - 1))
    scale = 1 / np.sqrt(var + eps)
    if weight is not None:
        scale = scale * weight
    made = (input - np.reshape(mean, shape)) * np.reshape(scale, shape)
    return made if bias is None else made + np.reshape(bias, shape)


def layer_norm(
    input: Any, normalized_shape: int | Sequence[int], weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Any:
    """The last dims, of `normalized_shape`, with mean 0 and variance 1, times `weight`, plus `bias`."""
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    check("layer_norm", "input", input, weight=(weight, shape), bias=(bias, shape))
    check("layer_norm", "input", input, input=(input, (None,) * (len(dims(input)) - len(shape)) + shape))
    axes = tuple(range(-len(shape), 0))
    apart = input - np.mean(input, axis=axes, keepdims=True)
    made = apart / np.sqrt(np.mean(apart * apart, axis=axes, keepdims=True) + eps)
    if weight is not None:
        made = made * weight
    return made if bias is None else made + bias


@row("nn.drop")
def _drop(input: Any, p: float) -> Any:
    return staged("nn.drop", input, p)


def check_probability(p: float) -> None:
    if not 0 <= p <= 1:
        raise ValueError(f"dropout: p is {p!r}, and must be a probability, from 0 to 1")


def dropout(input: Any, p: float = 0.5, training: bool = True) -> Any:
    """`input` with each item zero at the probability `p`, and the rest scaled by 1 / (1 − p); `input` if not training.

    The numbers are np.random's: `nn.seed` or `np.random.seed` makes them repeatable.
    """
    check_probability(p)
    if not training or p == 0:
        return input
    return _drop(input, p)


def embedding(input: Any, weight: Any) -> Any:
    """The rows of weight [entries, features] that the integers of `input` name: [...] → [..., features].

    As everywhere in NumPy, one below zero counts from the end.
    """
    check_dtype("embedding", "input", input, "iu", "of integers")
    check("embedding", "input", input, weight=(weight, (None, None)))
    return weight[input]


# Activations


def relu(input: Any) -> Any:
    """max(input, 0)."""
    return np.maximum(input, 0)


def gelu(input: Any, approximate: bool | str = False) -> Any:
    """input · Φ(input), Φ of the normal distribution; `approximate=True`, or "tanh", is the formula with tanh."""
    if approximate not in (False, True, "none", "tanh"):
        raise ValueError(f"gelu: approximate is {approximate!r}, and must be a bool, 'none' or 'tanh'")
    if approximate in (True, "tanh"):
        return 0.5 * input * (1 + np.tanh(SQRT_TWO_OVER_PI * (input + 0.044715 * input * input * input)))
    return 0.5 * input * (1 + erf(input * SQRT_HALF))


@row("nn.erf")
def erf(input: Any) -> Any:
    """The error function, which NumPy has not."""
    return staged("nn.erf", input)


def sigmoid(input: Any) -> Any:
    """1 / (1 + exp(−input)), without overflow."""
    small = np.exp(-np.abs(input))
    return np.where(input >= 0, 1, small) / (1 + small)


def softmax(input: Any, axis: int = -1) -> Any:
    """exp(input), scaled to have the sum 1 along `axis`."""
    powers = np.exp(input - np.max(input, axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)


def log_softmax(input: Any, axis: int = -1) -> Any:
    """log(softmax(input)), exact where that is nearly zero."""
    apart = input - np.max(input, axis=axis, keepdims=True)
    return apart - np.log(np.sum(np.exp(apart), axis=axis, keepdims=True))


# Losses


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The square of the difference: its mean, its sum, or with reduction "none" each."""
    check("mse_loss", "input", input, target=(target, dims(input)))
    apart = input - target
    return _reduced(apart * apart, reduction)


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """−log softmax(input) of the classes [batch, classes, …] that `target` names: integers [batch, …], or floats, the
    probabilities of all classes.

    weight         of each class; the mean is over the sum of the weights
    ignore_index   targets of this class count nothing; any other below zero counts from the last class, as in NumPy
    """
    classes = dims(input)[1:2] or (None,)
    check("cross_entropy", "input", input, input=(input, dims(input) + (None,) * (2 - len(dims(input)))))
    check("cross_entropy", "input", input, weight=(weight, classes))
    logs = log_softmax(input, axis=1)
    shape = (1, -1) + (1,) * (input.ndim - 2)
    if target.dtype.kind == "f":
        check("cross_entropy", "input", input, target=(target, dims(input)))
        wanted = (1 - label_smoothing) * target + label_smoothing / input.shape[1]
        losses = -np.sum(logs * wanted if weight is None else logs * wanted * np.reshape(weight, shape), axis=1)
        return _reduced(losses, reduction)
    check_dtype("cross_entropy", "target", target, "iu", "of integers, or floats for probabilities")
    check("cross_entropy", "input", input, target=(target, dims(input)[:1] + dims(input)[2:]))
    counted = target != ignore_index
    chosen = np.where(counted, target, 0)
    each = np.squeeze(np.take_along_axis(logs, np.expand_dims(chosen, 1), axis=1), 1)
    shares = counted.astype(input.dtype)
    if weight is not None:
        shares = shares * weight[chosen]
    losses = -each * shares
    if label_smoothing:
        spread = logs if weight is None else logs * np.reshape(weight, shape)
        smooth = -np.sum(spread, axis=1) * counted
        losses = (1 - label_smoothing) * losses + label_smoothing / input.shape[1] * smooth
    return np.sum(losses) / np.sum(shares) if reduction == "mean" else _reduced(losses, reduction)


def _reduced(losses: Any, reduction: str) -> Any:
    if reduction == "mean":
        return np.mean(losses)
    if reduction == "sum":
        return np.sum(losses)
    if reduction == "none":
        return losses
    raise ValueError(f"reduction is {reduction!r}, and must be 'mean', 'sum' or 'none'")


# Recurrent layers


@row("nn.lstm")
def lstm(input: Any, h: Any, c: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None) -> Any:
    """One layer of `LSTM` over [batch, steps, features]: outputs, and the last h and c; None to start with is zeros."""
    return staged("nn.lstm", input, h, c, weight_ih, weight_hh, bias_ih, bias_hh)


@row("nn.gru")
def gru(input: Any, h: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None) -> Any:
    """One layer of `GRU` over [batch, steps, features]: outputs, and the last h; None to start with is zeros."""
    return staged("nn.gru", input, h, weight_ih, weight_hh, bias_ih, bias_hh)
