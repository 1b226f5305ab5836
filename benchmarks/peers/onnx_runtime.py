"""The workloads as ONNX graphs: If, Loop, and the RNN and Conv of the standard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnxruntime
from onnx import parser

HEAD = '<ir_version: 9, opset_import: ["" : 19]>\n'
COND = """
cond (float[1] x) => (float[1] y) {
    zero = Constant <value = float {0}> ()
    c = Greater (x, zero)
    y = If (c) <
        then_branch = then () => (float[1] a) { two = Constant <value = float {2}> ()  a = Mul (x, two) },
        else_branch = otherwise () => (float[1] b) { b = Neg (x) }
    >
}
"""
LOOP = """
loop (float[1] x, int64 trips) => (float[1] y) {
    on = Constant <value = bool {1}> ()
    one = Constant <value = float {1}> ()
    y = Loop (trips, on, x) <
        body = body (int64 i, bool c, float[1] v) => (bool go, float[1] w) { go = Identity (c)  w = Add (v, one) }
    >
}
"""
GCD = """
gcd (int64 a, int64 b) => (int64 y) {
    zero = Constant <value = int64 {0}> ()
    is_zero = Equal (b, zero)
    start = Not (is_zero)
    y, last = Loop ("", start, a, b) <
        body = body (int64 i, bool c, int64 p, int64 q) => (bool go, int64 next, int64 rest) {
            next = Identity (q)
            rest = Mod (p, q)
            at_end = Equal (rest, zero)
            go = Not (at_end)
        }
    >
}
"""
COLLATZ = """
collatz (int64 n) => (int64 steps) {
    zero = Constant <value = int64 {0}> ()
    one = Constant <value = int64 {1}> ()
    two = Constant <value = int64 {2}> ()
    three = Constant <value = int64 {3}> ()
    is_one = Equal (n, one)
    start = Not (is_one)
    last, steps = Loop ("", start, n, zero) <
        body = body (int64 i, bool c, int64 m, int64 count) => (bool go, int64 next, int64 counted) {
            rest = Mod (m, two)
            even = Equal (rest, zero)
            half = Div (m, two)
            tripled = Mul (m, three)
            more = Add (tripled, one)
            next = Where (even, half, more)
            counted = Add (count, one)
            at_end = Equal (next, one)
            go = Not (at_end)
        }
    >
}
"""
NEWTON = """
newton (double[n] a) => (double[n] y) {
    on = Constant <value = bool {1}> ()
    two = Constant <value = double {2}> ()
    least = Constant <value = double {1e-12}> ()
    y = Loop ("", on, a) <
        body = body (int64 i, bool c, double[n] x) => (bool go, double[n] next) {
            square = Mul (x, x)
            above = Sub (square, a)
            below = Mul (two, x)
            step = Div (above, below)
            next = Sub (x, step)
            size = Abs (step)
            greatest = ReduceMax <keepdims = 0> (size)
            go = GreaterOrEqual (greatest, least)
        }
    >
}
"""
RNN = """
rnn (float[s,1,k] x, float[1,1,k] state, float[1,k,k] w, float[1,k,k] u) => (float[1,1,k] y) {
    all, y = RNN <hidden_size = 64> (x, w, u, "", "", state)
}
"""
CONV = """
conv (float[n,c,h,w] x, float[f,c,k,l] kernels) => (float[n,f,y,z] made) { made = Conv (x, kernels) }
"""


def bound(text: str, given: Callable[..., tuple[Any, ...]] = lambda *arguments: arguments) -> Any:
    def make(*arguments: Any) -> Callable[[], Any]:
        model = parser.parse_model(HEAD + text.strip())
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
        names = [one.name for one in session.get_inputs()]
        feed = dict(zip(names, (np.ascontiguousarray(one) if np.ndim(one) else np.array(one, np.int64)
                                for one in given(*arguments))))  # fmt: skip
        return lambda: session.run(None, feed)[0]

    return make


def recurrent(inputs: Any, state: Any, w: Any, u: Any) -> tuple[Any, ...]:
    return inputs[:, None], state[None, None], w.T[None], u.T[None]


def rnn(*arguments: Any) -> Callable[[], Any]:
    call = bound(RNN, recurrent)(*arguments)
    return lambda: call()[0, 0]


VERSIONS = {
    "cond": bound(COND), "loop": bound(LOOP), "gcd": bound(GCD), "collatz": bound(COLLATZ), "newton": bound(NEWTON),
    "rnn": rnn, "conv": bound(CONV),
}  # fmt: skip
