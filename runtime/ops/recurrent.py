"""Recurrent layers as one op each: the product with the whole input is one matmul, and the steps run over time.

lstm    gates in the order input, forget, cell, output      h = o · tanh(c),  c = f · c + i · g
gru     gates in the order reset, update, new               h = (1 − z) · n + z · h
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from runtime.ops.windows import differ, of_rank
from runtime.types import Mismatch, TensorType, array, python

Array = np.ndarray[Any, Any]


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(−x)), without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def checked(op: str, gates: int, given: Sequence[Any]) -> tuple[TensorType, TensorType]:
    """The types of the outputs and of one state. Raises Mismatch for an argument that does not fit the others.

    given   input, weight_ih, weight_hh, bias_ih, bias_hh, and one or two states
    """
    x = of_rank(op, "input", given[0], 3, "[batch, steps, features]", "f")
    w = of_rank(op, "weight_hh", given[2], 2, f"[{gates} × hidden, hidden]", "f")
    assert x.shape is not None and w.shape is not None
    batch, hidden = x.shape[0], w.shape[1]
    rows = gates * hidden if isinstance(hidden, int) else None
    expected = {"weight_ih": (rows, x.shape[2]), "weight_hh": (rows, hidden), "bias_ih": (rows,), "bias_hh": (rows,)}
    expected |= dict(zip(("h", "c"), [(batch, hidden)] * len(given[5:])))
    found = [x]
    for (name, shape), value in zip(expected.items(), given[1:]):
        if value is None:
            continue
        known = of_rank(op, name, value, len(shape), f"of {len(shape)} dims", "f")
        if any(differ(a, b) for a, b in zip(known.shape or (), shape)):
            wanted = f"[{', '.join('?' if dim is None else str(dim) for dim in shape)}]"
            raise Mismatch(
                f"{op}: argument {name!r} is {known}, and must be {wanted}: "
                f"argument 'input' is {x}, of {hidden} hidden units"
            )
        found.append(known)
    dtype = None if any(one.dtype is None for one in found) else np.result_type(*(one.dtype for one in found))
    return array(dtype, (*x.shape[:2], hidden)), array(dtype, (batch, hidden))


def lstm_type(
    input: Any, h: Any, c: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None
) -> TensorType:
    outputs, state = checked("lstm", 4, (input, weight_ih, weight_hh, bias_ih, bias_hh, h, c))
    return python(tuple, (outputs, state, state))


def gru_type(
    input: Any, h: Any, weight_ih: Any, weight_hh: Any, bias_ih: Any = None, bias_hh: Any = None
) -> TensorType:
    outputs, state = checked("gru", 3, (input, weight_ih, weight_hh, bias_ih, bias_hh, h))
    return python(tuple, (outputs, state))


def lstm(
    input: Array, h: Any, c: Any, weight_ih: Array, weight_hh: Array, bias_ih: Any = None, bias_hh: Any = None
) -> tuple[Array, Array, Array]:
    """input [batch, steps, features], h and c [batch, hidden] → outputs of all steps, and the last h and c."""
    made, _ = checked("lstm", 4, (input, weight_ih, weight_hh, bias_ih, bias_hh, h, c))
    gates = _product(input, weight_ih, bias_ih, bias_hh)
    shape: Any = made.shape
    outputs: Any = np.empty(shape, made.dtype)
    h, c = (_state(one, outputs) for one in (h, c))
    for step in range(outputs.shape[1]):
        i, f, g, o = np.split(gates[:, step] + h @ weight_hh.T, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outputs[:, step] = h
    return outputs, h, c


def gru(
    input: Array, h: Any, weight_ih: Array, weight_hh: Array, bias_ih: Any = None, bias_hh: Any = None
) -> tuple[Array, Array]:
    """input [batch, steps, features], h [batch, hidden] → outputs of all steps, and the last h."""
    made, _ = checked("gru", 3, (input, weight_ih, weight_hh, bias_ih, bias_hh, h))
    gates = _product(input, weight_ih, bias_ih)
    shape: Any = made.shape
    outputs: Any = np.empty(shape, made.dtype)
    h = _state(h, outputs)
    for step in range(outputs.shape[1]):
        again = h @ weight_hh.T if bias_hh is None else h @ weight_hh.T + bias_hh
        (reset, update, new), (r, z, n) = np.split(gates[:, step], 3, axis=-1), np.split(again, 3, axis=-1)
        z = sigmoid(update + z)
        h = (1 - z) * np.tanh(new + sigmoid(reset + r) * n) + z * h
        outputs[:, step] = h
    return outputs, h


def _state(given: Any, outputs: Array) -> Array:
    return (
        given.astype(outputs.dtype) if given is not None else np.zeros((len(outputs), outputs.shape[2]), outputs.dtype)
    )


def _product(input: Array, weight: Array, *biases: Any) -> Array:
    made = input @ weight.T
    for bias in biases:
        made = made if bias is None else made + bias
    return made
