"""The layers. Each is its function of runtime.nn.functional and the parameters for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from runtime.nn import functional
from runtime.nn.initializers import Normal, Uniform
from runtime.nn.layer import ONE, ZERO, Layer
from runtime.nn.staged import as_it_is, check
from runtime.tracer import Variable

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": functional.relu,
    "gelu": functional.gelu,
    "sigmoid": functional.sigmoid,
    "softmax": functional.softmax,
    "log_softmax": functional.log_softmax,
    "tanh": np.tanh,
}


def activation(act: Any) -> Any:
    """The function of that name; a function itself, or None."""
    if isinstance(act, str):
        if act not in ACTIVATIONS:
            raise ValueError(f"there is no activation {act!r}; there are {', '.join(ACTIVATIONS)}")
        return ACTIVATIONS[act]
    if act is not None and not callable(act):
        raise TypeError(f"act is the name of an activation, such as 'relu', or a function, and not {act!r}")
    return act


class Conv2D(Layer):
    """`conv2d` with a weight [num_filters, num_channels / groups, *filter_size] and a bias, then `act`.

    param_attr, bias_attr   a ParamAttr, a name or an initializer; with bias_attr=False there is no bias
    """

    weight: Any
    bias: Any

    def __init__(
        self,
        num_channels: int,
        num_filters: int,
        filter_size: int | Sequence[int],
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        param_attr: Any = None,
        bias_attr: Any = None,
        act: Any = None,
        dtype: Any = "float32",
    ):
        super().__init__()
        if groups < 1 or num_channels % groups or num_filters % groups:
            raise ValueError(
                f"Conv2D: {num_channels} channels and {num_filters} filters do not go into {groups} groups"
            )
        size = (filter_size,) * 2 if isinstance(filter_size, int) else tuple(filter_size)
        if len(size) != 2:
            raise ValueError(f"Conv2D: filter_size is {filter_size!r}, and must be a size, or one for height and width")
        self.stride, self.padding, self.dilation, self.groups = stride, padding, dilation, groups
        self.act = activation(act)
        self.create_parameter("weight", (num_filters, num_channels // groups, *size), param_attr, dtype=dtype)
        self.create_parameter("bias", (num_filters,), bias_attr, ZERO, dtype)

    def forward(self, input: Any) -> Any:
        made = functional.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
        return made if self.act is None else self.act(made)


class Linear(Layer):
    """`linear` with a weight [in_features, out_features] and a bias, then `act`."""

    weight: Any
    bias: Any

    def __init__(
        self,
        in_features: int,
        out_features: int,
        param_attr: Any = None,
        bias_attr: Any = None,
        act: Any = None,
        dtype: Any = "float32",
    ):
        super().__init__()
        self.act = activation(act)
        self.create_parameter("weight", (in_features, out_features), param_attr, dtype=dtype)
        self.create_parameter("bias", (out_features,), bias_attr, ZERO, dtype)

    def forward(self, input: Any) -> Any:
        made = functional.linear(input, self.weight, self.bias)
        return made if self.act is None else self.act(made)


class BatchNorm(Layer):
    """`batch_norm` of [batch, num_channels, …]; running mean and variance are buffers, which training moves."""

    weight: Any
    bias: Any
    running_mean: Any
    running_var: Any

    def __init__(
        self,
        num_channels: int,
        act: Any = None,
        momentum: float = 0.1,
        eps: float = 1e-5,
        param_attr: Any = None,
        bias_attr: Any = None,
        dtype: Any = "float32",
    ):
        super().__init__()
        self.act, self.momentum, self.eps = activation(act), momentum, eps
        self.create_parameter("weight", (num_channels,), param_attr, ONE, dtype)
        self.create_parameter("bias", (num_channels,), bias_attr, ZERO, dtype)
        self.create_parameter("running_mean", (num_channels,), None, ZERO, dtype, is_buffer=True)
        self.create_parameter("running_var", (num_channels,), None, ONE, dtype, is_buffer=True)

    def forward(self, input: Any) -> Any:
        made = functional.batch_norm(
            input, self.running_mean, self.running_var, self.weight, self.bias, self.training, self.momentum, self.eps
        )
        return made if self.act is None else self.act(made)


class LayerNorm(Layer):
    """`layer_norm` of the last dims, which are `normalized_shape`."""

    weight: Any
    bias: Any

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        param_attr: Any = None,
        bias_attr: Any = None,
        dtype: Any = "float32",
    ):
        super().__init__()
        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.eps = eps
        self.create_parameter("weight", self.normalized_shape, param_attr, ONE, dtype)
        self.create_parameter("bias", self.normalized_shape, bias_attr, ZERO, dtype)

    def forward(self, input: Any) -> Any:
        return functional.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)


class Dropout(Layer):
    """`dropout` while training."""

    def __init__(self, p: float = 0.5):
        super().__init__()
        functional.check_probability(p)
        self.p = p

    def forward(self, input: Any) -> Any:
        return functional.dropout(input, self.p, self.training)


class Embedding(Layer):
    """`embedding` with a weight [num_embeddings, embedding_dim]."""

    weight: Any

    def __init__(self, num_embeddings: int, embedding_dim: int, param_attr: Any = None, dtype: Any = "float32"):
        super().__init__()
        self.create_parameter("weight", (num_embeddings, embedding_dim), param_attr, Normal(), dtype)

    def forward(self, input: Any) -> Any:
        return functional.embedding(input, self.weight)


def _check_callable(at: int, layer: Any) -> None:
    if isinstance(layer, type) or not callable(layer):
        cure = "; give them one by one, as Sequential(*layers)" if isinstance(layer, (list, tuple)) else ""
        raise TypeError(f"Sequential: argument {at} is {layer!r}, and must be a layer or a function{cure}")


class Sequential(Layer):
    """Layers and functions, one after the other."""

    def __init__(self, *layers: Callable[[Any], Any]):
        super().__init__()
        for at, layer in enumerate(layers):
            _check_callable(at, layer)
        self.layers = list(layers)

    def children(self) -> Iterator[tuple[str, Layer]]:
        yield from ((str(at), layer) for at, layer in enumerate(self.layers) if isinstance(layer, Layer))

    def __getitem__(self, at: int) -> Callable[[Any], Any]:
        return self.layers[at]

    def __len__(self) -> int:
        return len(self.layers)

    def forward(self, input: Any) -> Any:
        for layer in self.layers:
            input = layer(input)
        return input


class _Recurrent(Layer):
    """Layers on top of each other, number k with weight_ih_lk, weight_hh_lk, bias_ih_lk and bias_hh_lk."""

    gates = 1

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True, dtype: Any = "float32"
    ):
        super().__init__()
        if num_layers < 1:
            raise ValueError(f"{type(self).__name__}: num_layers is {num_layers}, and must be 1 at least")
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        bound = 1 / math.sqrt(max(hidden_size, 1))
        rows, start = self.gates * hidden_size, Uniform(-bound, bound)
        self.names: list[list[str]] = []
        for number in range(num_layers):
            size = hidden_size if number else input_size
            shapes = {
                "weight_ih": (rows, size),
                "weight_hh": (rows, hidden_size),
                "bias_ih": (rows,),
                "bias_hh": (rows,),
            }
            self.names.append([f"{name}_l{number}" for name in shapes])
            for name, shape in shapes.items():
                attr = None if bias or name.startswith("weight") else False
                self.create_parameter(f"{name}_l{number}", shape, attr, start, dtype)


@as_it_is
def check_state(layer: _Recurrent, state: Any, names: Sequence[str]) -> None:
    """Raises TypeError, ValueError, or ProgramError in a program that is built by hand, for what is no state."""
    kind, shape = type(layer).__name__, (layer.num_layers, None, layer.hidden_size)
    if state is None or len(names) == 2 and isinstance(state, Variable) and state.type.is_python:
        return
    parts = (state,) if len(names) == 1 else state
    if not isinstance(parts, (tuple, list)) or len(parts) != len(names):
        raise TypeError(f"{kind}: the state is a pair (h, c) of arrays [num_layers, batch, hidden_size], not {state!r}")
    for name, part in zip(names, parts):
        check(kind, name, part, **{name: (part, shape)})


class LSTM(_Recurrent):
    """Long short-term memory over [batch, steps, input_size].

    Gives the outputs [batch, steps, hidden_size] of the last layer, and the last (h, c) of all layers,
    [num_layers, batch, hidden_size], which `state` may give to start with.

    The gates are in the order input, forget, cell, output.
    """

    gates = 4

    def forward(self, input: Any, state: Any = None) -> Any:
        check_state(self, state, ("h", "c"))
        hs, cs = [], []
        for number, names in enumerate(self.names):
            weights = [getattr(self, name) for name in names]
            h, c = (None, None) if state is None else (state[0][number], state[1][number])
            input, h, c = functional.lstm(input, h, c, *weights)
            hs.append(h)
            cs.append(c)
        return input, (np.stack(hs), np.stack(cs))


class GRU(_Recurrent):
    """Gated recurrent units over [batch, steps, input_size]: as LSTM, with one state [num_layers, batch, hidden_size].

    The gates are in the order reset, update, new.
    """

    gates = 3

    def forward(self, input: Any, state: Any = None) -> Any:
        check_state(self, state, ("h",))
        hs = []
        for number, names in enumerate(self.names):
            weights = [getattr(self, name) for name in names]
            input, h = functional.gru(input, None if state is None else state[number], *weights)
            hs.append(h)
        return input, np.stack(hs)
