"""Each function of runtime.nn against a second implementation, on random arguments; eager, traced, by hand and loaded
give the same bits."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

import runtime
from benchmarks.convolution import FORMS
from dy2static import to_static
from runtime import Executor, LoadedFunction, ProgramError, nn, static
from runtime.verifier import verify
from tests.harness import portrait
from tests.runtime import nn_naive

Draw = np.random.Generator
CONFIGURATIONS = 30


@dataclass(frozen=True)
class Case:
    """Arguments of one call: arrays by name, and constants."""

    arrays: dict[str, Any]
    constants: dict[str, Any]

    def copies(self) -> dict[str, Any]:
        return {name: value.copy() for name, value in self.arrays.items()}


def floats(draw: Draw, *shape: int) -> Any:
    return draw.standard_normal(shape).astype(draw.choice(["float32", "float64"]))


def like(draw: Draw, other: Any, *shape: int) -> Any:
    return (draw.standard_normal(shape) * (9 if other.dtype.kind == "i" else 1)).astype(other.dtype)


def any_of(draw: Draw, *options: Any) -> Any:
    return options[draw.integers(len(options))]


def some(draw: Draw, arrays: dict[str, Any], *names: str) -> dict[str, Any]:
    """`arrays` without some of those that are optional."""
    return {name: value for name, value in arrays.items() if name not in names or draw.random() < 0.6}


def draw_conv(draw: Draw, rank: int) -> Case:
    groups = int(draw.integers(1, 4))
    channels, filters = groups * int(draw.integers(1, 4)), groups * int(draw.integers(1, 4))
    kernel = [int(k) for k in draw.integers(1, 4, rank)]
    dilation = tuple(int(d) for d in draw.integers(1, 3, rank))
    size = [(k - 1) * d + int(extra) for k, d, extra in zip(kernel, dilation, draw.integers(1, 7, rank))]
    input = floats(draw, int(draw.integers(1, 4)), channels, *size)
    input = any_of(draw, input, input, (input * 9).astype(np.int32))
    weight, bias = like(draw, input, filters, channels // groups, *kernel), like(draw, input, filters)
    ints = any_of(draw, 0, 1, 2, tuple(int(p) for p in draw.integers(0, 3, rank)))
    pairs = tuple(tuple(int(p) for p in draw.integers(0, 3, 2)) for _ in range(rank))
    stride = any_of(draw, 1, 2, tuple(int(s) for s in draw.integers(1, 4, rank)))
    options = {
        "stride": stride,
        "padding": any_of(draw, ints, pairs, "same", "valid"),
        "dilation": dilation,
        "groups": groups,
    }
    return Case(some(draw, {"input": input, "weight": weight, "bias": bias}, "bias"), options)


def draw_pool(draw: Draw) -> dict[str, Any]:
    kernel = tuple(int(k) for k in draw.integers(1, 4, 2))
    padding = any_of(draw, 0, tuple(int(draw.integers(0, k // 2 + 1)) for k in kernel), "same", "valid")
    stride = any_of(draw, None, 1, 2, tuple(int(s) for s in draw.integers(1, 4, 2)))
    return {"kernel_size": any_of(draw, kernel, 2 if padding in (0, "same", "valid") else kernel), "stride": stride,
            "padding": padding, "ceil_mode": bool(draw.integers(2))}  # fmt: skip


def image(draw: Draw) -> Any:
    return floats(draw, *(int(n) for n in draw.integers((1, 1, 6, 6), (4, 4, 12, 12))))


def draw_max_pool(draw: Draw) -> Case:
    options = draw_pool(draw)
    if options["padding"] == 0:
        options["dilation"] = any_of(draw, 1, 2, (1, 2))
    x = image(draw)
    return Case({"input": any_of(draw, x, (x * 9).astype(np.int32))}, options)


def draw_avg_pool(draw: Draw) -> Case:
    return Case({"input": image(draw)}, draw_pool(draw) | {"count_include_pad": bool(draw.integers(2))})


def shape_of(draw: Draw, least: int = 1, most: int = 4) -> list[int]:
    return [int(n) for n in draw.integers(1, 6, int(draw.integers(least, most + 1)))]


def draw_linear(draw: Draw) -> Case:
    shape = shape_of(draw)
    x = floats(draw, *shape)
    out = int(draw.integers(1, 6))
    arrays = {"input": x, "weight": like(draw, x, shape[-1], out), "bias": like(draw, x, out)}
    return Case(some(draw, arrays, "bias"), {})


def draw_batch_norm(draw: Draw) -> Case:
    shape = [int(draw.integers(2, 6)), *shape_of(draw, 1, 3)]
    x = floats(draw, *shape)
    c = shape[1]
    arrays = {"input": x, "running_mean": like(draw, x, c), "running_var": like(draw, x, c) ** 2}
    arrays |= {"weight": like(draw, x, c), "bias": like(draw, x, c)}
    constants = {"training": bool(draw.integers(2)), "momentum": float(draw.random()), "eps": any_of(draw, 1e-5, 1e-3)}
    return Case(some(draw, arrays, "weight", "bias"), constants)


def draw_layer_norm(draw: Draw) -> Case:
    shape = shape_of(draw, 2, 4)
    x = floats(draw, *shape)
    last = shape[int(draw.integers(1, len(shape))) :]
    arrays = {"input": x, "weight": like(draw, x, *last), "bias": like(draw, x, *last)}
    sizes = last[0] if len(last) == 1 and draw.random() < 0.5 else tuple(last)
    return Case(some(draw, arrays, "weight", "bias"), {"normalized_shape": sizes, "eps": any_of(draw, 1e-5, 1e-3)})


def draw_dropout(draw: Draw) -> Case:
    return Case({"input": floats(draw, *shape_of(draw))}, {"p": float(draw.random()), "training": draw.random() < 0.8})


def draw_embedding(draw: Draw) -> Case:
    entries = int(draw.integers(1, 9))
    indices = draw.integers(0, entries, shape_of(draw)).astype(any_of(draw, np.int64, np.int32, np.uint8))
    return Case({"input": indices, "weight": floats(draw, entries, int(draw.integers(1, 5)))}, {})


def draw_activation(draw: Draw) -> Case:
    return Case({"input": floats(draw, *shape_of(draw)) * any_of(draw, 1, 5, 100)}, {})


def draw_gelu(draw: Draw) -> Case:
    return Case(draw_activation(draw).arrays, any_of(draw, {}, {"approximate": True}, {"approximate": "tanh"}))


def draw_softmax(draw: Draw) -> Case:
    case = draw_activation(draw)
    return Case(case.arrays, {"axis": int(draw.integers(-case.arrays["input"].ndim, case.arrays["input"].ndim))})


def draw_loss(draw: Draw) -> Case:
    x = floats(draw, *shape_of(draw))
    return Case({"input": x, "target": like(draw, x, *x.shape)}, {"reduction": any_of(draw, "mean", "sum", "none")})


def draw_cross_entropy(draw: Draw) -> Case:
    shape = shape_of(draw, 2, 4)
    x = floats(draw, *shape)
    classes = [shape[0], *shape[2:]]
    ignored = any_of(draw, -100, 0)
    named = draw.integers(0, shape[1], classes)
    named.flat[0] = shape[1] - 1  # one at least counts
    named = np.where(draw.random(classes) < 0.2, ignored, named) if shape[1] > 1 and named.size > 2 else named
    named.flat[0] = shape[1] - 1 if shape[1] > 1 or ignored else 0
    target = any_of(draw, named, special.softmax(like(draw, x, *shape), axis=1).astype(x.dtype))
    ignored = ignored if shape[1] > 1 else -100
    arrays = {"input": x, "target": target, "weight": np.abs(like(draw, x, shape[1])) + x.dtype.type(0.1)}
    constants = {"ignore_index": ignored, "reduction": any_of(draw, "mean", "sum", "none")}
    return Case(some(draw, arrays, "weight"), constants | {"label_smoothing": any_of(draw, 0.0, 0.1)})


def draw_recurrent(draw: Draw, gates: int, *state: str) -> Case:
    batch, steps, size, hidden = (int(n) for n in draw.integers(1, 5, 4))
    x = floats(draw, batch, steps, size)
    arrays = {"input": x} | {name: like(draw, x, batch, hidden) for name in state}
    arrays |= {"weight_ih": like(draw, x, gates * hidden, size), "weight_hh": like(draw, x, gates * hidden, hidden)}
    arrays |= {"bias_ih": like(draw, x, gates * hidden), "bias_hh": like(draw, x, gates * hidden)}
    given = some(draw, arrays, "h", "c", "bias_ih", "bias_hh")
    return Case(given, {name: None for name in state if name not in given})


FUNCTIONS: dict[Any, tuple[Callable[..., Any], Callable[[Draw], Case]]] = {
    nn.conv1d: (nn_naive.conv, lambda draw: draw_conv(draw, 1)),
    nn.conv2d: (nn_naive.conv, lambda draw: draw_conv(draw, 2)),
    nn.max_pool2d: (nn_naive.max_pool2d, draw_max_pool),
    nn.avg_pool2d: (nn_naive.avg_pool2d, draw_avg_pool),
    nn.linear: (nn_naive.linear, draw_linear),
    nn.batch_norm: (nn_naive.batch_norm, draw_batch_norm),
    nn.layer_norm: (nn_naive.layer_norm, draw_layer_norm),
    nn.dropout: (nn_naive.dropout, draw_dropout),
    nn.embedding: (nn_naive.embedding, draw_embedding),
    nn.relu: (nn_naive.relu, draw_activation),
    nn.gelu: (nn_naive.gelu, draw_gelu),
    nn.sigmoid: (nn_naive.sigmoid, draw_activation),
    nn.softmax: (nn_naive.softmax, draw_softmax),
    nn.log_softmax: (nn_naive.log_softmax, draw_softmax),
    nn.mse_loss: (nn_naive.mse_loss, draw_loss),
    nn.cross_entropy: (nn_naive.cross_entropy, draw_cross_entropy),
    nn.erf: (special.erf, draw_activation),
    nn.lstm: (nn_naive.lstm, lambda draw: draw_recurrent(draw, 4, "h", "c")),
    nn.gru: (nn_naive.gru, lambda draw: draw_recurrent(draw, 3, "h")),
}


def called(function: Callable[..., Any], case: Case) -> tuple[Any, dict[str, Any]]:
    """The result, and the arrays after the call."""
    given = case.copies()
    np.random.seed(1)
    return function(**given), given


def bound(function: Any, case: Case) -> Callable[..., Any]:
    """`function` with the constants of a case, as a function of its arrays."""
    return lambda **arrays: function(**arrays, **case.constants)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("number", range(CONFIGURATIONS))
def test_a_function_agrees_with_its_second_implementation(function: Any, number: int) -> None:
    naive, draw = FUNCTIONS[function]
    case = draw(np.random.default_rng([number, len(function.__name__)]))
    found, after = called(bound(function, case), case)
    if function is nn.erf:
        expected, given = special.erf(case.arrays["input"]), case.copies()
    else:
        full = {name: None for name, one in inspect.signature(naive).parameters.items() if one.default is one.empty}
        expected, given = called(lambda **arrays: naive(**{**full, **arrays, **case.constants}), case)
    single = any(one.dtype == np.float32 for one in case.arrays.values())
    tolerance = {"rtol": 2e-4, "atol": 2e-5} if single else {"rtol": 1e-9, "atol": 1e-11}
    of = case.arrays["weight" if function is nn.embedding else "input"].dtype
    for one, other in zip(each(found), each(expected), strict=True):
        np.testing.assert_allclose(one, other, **tolerance)
        assert (one.dtype, one.shape) == (of, np.shape(other))
    np.testing.assert_allclose(after.get("running_var", 0), given.get("running_var", 0), **tolerance)
    np.testing.assert_allclose(after.get("running_mean", 0), given.get("running_mean", 0), **tolerance)


def each(results: Any) -> tuple[Any, ...]:
    return results if isinstance(results, tuple) else (results,)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("number", range(CONFIGURATIONS))
def test_every_form_gives_the_same(function: Any, number: int, tmp_path: Path) -> None:
    case = FUNCTIONS[function][1](np.random.default_rng([number, len(function.__name__)]))
    eager = portrait(called(bound(function, case), case))
    constants = case.constants

    def traced(arrays: Any) -> Any:
        return function(**arrays, **constants)

    converted = to_static(traced)
    for form in (converted, loaded(converted, tmp_path), by_hand(function, case), by_hand(function, case, tmp_path)):
        assert portrait(called(lambda form=form, **arrays: form(arrays), case)) == eager
    check_types(function, case)


def loaded(converted: Any, folder: Path) -> Callable[..., Any]:
    def form(arrays: Any) -> Any:
        converted.save(folder / "f.d2s", {name: value.copy() for name, value in arrays.items()})
        return runtime.load(folder / "f.d2s")(arrays)

    return form


def by_hand(function: Any, case: Case, folder: Path | None = None) -> Callable[..., Any]:
    program = static.Program(function.__name__)
    with static.program_guard(program):
        arrays = {name: static.data(name, value.shape, value.dtype) for name, value in case.arrays.items()}
        static.returns(function(**arrays, **case.constants))
    verify(program)
    if folder is None:
        return lambda arrays: LoadedFunction(program)(**arrays)
    runtime.save(program, folder / "g.d2s")
    return lambda arrays: runtime.load(folder / "g.d2s")(**arrays)


def check_types(function: Any, case: Case) -> None:
    """What a program by hand says of its result is what comes: dtype, and every dim."""
    program = static.Program(function.__name__)
    with static.program_guard(program):
        arrays = {name: static.data(name, value.shape, value.dtype) for name, value in case.arrays.items()}
        result = function(**arrays, **case.constants)
        results = tuple(result) if result.type.dtype is tuple else (result,)
    for made, value in zip(results, Executor().run(program, case.copies(), results), strict=True):
        assert (made.type.dtype, made.type.shape) == (value.dtype, value.shape)


def test_every_function_has_a_second_implementation() -> None:
    assert {one.__name__ for one in FUNCTIONS} == {name for name in nn.__all__ if name[0].islower()} - {"seed"}


def test_erf_is_exact_to_a_few_bits() -> None:
    x = np.concatenate([np.linspace(-7, 7, 20_001), [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-300]])
    np.testing.assert_allclose(nn.erf(x), special.erf(x), rtol=2e-15)
    assert portrait(nn.erf(0.5)) == portrait(np.float64(math.erf(0.5)))
    assert nn.erf(np.float32(0.5)).dtype == np.float32


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.__name__)
def test_the_convolutions_it_is_timed_beside_are_the_same(form: Any) -> None:
    draw = np.random.default_rng(0)
    x, w = draw.standard_normal((2, 3, 9, 8)), draw.standard_normal((4, 3, 3, 2))
    np.testing.assert_allclose(form(x, w), nn.conv2d(x, w), rtol=1e-10, atol=1e-12)


def test_torch_gives_the_same() -> None:
    torch = pytest.importorskip("torch")
    names = ("conv1d", "conv2d", "max_pool2d", "avg_pool2d", "relu", "gelu", "sigmoid")
    for name in names:
        case = FUNCTIONS[getattr(nn, name)][1](np.random.default_rng(5))
        if any(isinstance(value, str) for value in case.constants.values()):
            continue
        theirs = getattr(torch.nn.functional, name, None) or getattr(torch, name)
        found = theirs(**{key: torch.from_numpy(value) for key, value in case.arrays.items()}, **case.constants)
        np.testing.assert_allclose(bound(getattr(nn, name), case)(**case.copies()), found.numpy(), rtol=1e-4, atol=1e-5)


def x_of(*shape: int, dtype: Any = "float32") -> Any:
    return np.ones(shape, dtype)


FAULTS = [
    (lambda x: nn.conv2d(x, x_of(2, 4, 3, 3)),
     r"conv2d: argument 'weight' is float32\[2, 4, 3, 3\].*'input' is float32\[1, 3"),
    (lambda x: nn.conv2d(x, x_of(3, 1, 3, 3), groups=2), "3 filters are not a multiple of 2 groups"),
    (lambda x: nn.conv2d(x, x_of(2, 3, 3)),
     r"argument 'weight' is float32\[2, 3, 3\], and must be \[filters, channels"),
    (lambda x: nn.conv2d(x, x_of(2, 3, 3, 3), x_of(3)), r"argument 'bias' is float32\[3\].*of 2 filters"),
    (lambda x: nn.conv2d(x, x_of(2, 3, 9, 3)), "a window of 9 items does not fit into a dim of 8"),
    (lambda x: nn.conv2d(x, x_of(2, 3, 3, 3), padding="full"), "argument 'padding' is 'full'"),
    (lambda x: nn.conv2d(x, x_of(2, 3, 3, 3), stride=0), "argument 'stride' is 0, and must be an int of at least 1"),
    (lambda x: nn.conv2d(x, x_of(2, 3, 3, 3) > 0), r"argument 'weight' is bool\[2, 3, 3, 3\].*not made for this dtype"),
    (lambda x: nn.max_pool2d(x, 2, padding=2), "must be at most half of 'kernel_size'"),
    (lambda x: nn.avg_pool2d(x, (2, 2, 2)), "argument 'kernel_size' is"),
    (lambda x: nn.linear(x, x_of(7, 2)),
     r"linear: argument 'weight' is float32\[7, 2\], and must be of shape \[8, \?\]"),
    (lambda x: nn.linear(x, x_of(8, 2), x_of(3)), r"'bias' is float32\[3\], and must be of shape \[2\]"),
    (lambda x: nn.batch_norm(x, x_of(4), x_of(3)), r"batch_norm: argument 'running_mean' is float32\[4\]"),
    (lambda x: nn.layer_norm(x, (8, 9)), r"layer_norm: argument 'input' is float32\[1, 3, 8, 8\]"),
    (lambda x: nn.embedding(x, x_of(8, 2)), "embedding: argument 'input' is float32.* must be of integers"),
    (lambda x: nn.mse_loss(x, x_of(2, 2)), "mse_loss: argument 'target'"),
    (lambda x: nn.cross_entropy(x, x_of(1, 3, 8, 8, dtype=int)),
     r"cross_entropy: argument 'target' is int64\[1, 3, 8, 8\]"),
    (lambda x: nn.cross_entropy(x[0, 0, 0], x_of(8, dtype=int)),
     r"cross_entropy: argument 'input' is float32\[8\], and must be of shape \[8, \?\]"),
    (lambda x: nn.dropout(x, 1.5), "must be a probability"),
    (lambda x: nn.mse_loss(x, x, "all"), "reduction is 'all'"),
]  # fmt: skip


@pytest.mark.parametrize("function, message", FAULTS)
def test_a_fault_names_argument_and_shapes(function: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        function(x_of(1, 3, 8, 8))


@pytest.mark.parametrize("function, message", FAULTS[:-2])
def test_a_fault_by_hand_names_the_line_too(function: Any, message: str) -> None:
    with static.program_guard(static.Program()):
        x = static.data("x", (1, 3, 8, 8))
        with pytest.raises(ProgramError, match=message) as caught:
            function(x)
    assert "test_nn.py:" in str(caught.value)
    assert "lambda x: nn." in str(caught.value)


def test_symbolic_dims_go_through() -> None:
    with static.program_guard(static.Program()):
        x = static.data("x", ("n", 3, "h", 32))
        y = nn.conv2d(x, x_of(4, 3, 3, 3), padding="same")
        assert str(y.type) == "float32[n, 4, h, 32]"
        assert str(nn.max_pool2d(y, 2).type) == "float32[n, 4, ?, 16]"
        assert str(nn.batch_norm(y, x_of(4), x_of(4)).type) == "float32[n, 4, h, 32]"


def test_one_program_serves_all_batches() -> None:
    @to_static
    def f(x, w, mean, var):
        y = nn.batch_norm(nn.relu(nn.conv2d(x, w, padding=1)), mean, var, training=True)
        return nn.softmax(nn.max_pool2d(y, 2).reshape(y.shape[0], -1))

    for batch in (2, 3, 5):
        f(np.random.default_rng(0).standard_normal((batch, 3, 8, 8)), np.ones((4, 3, 3, 3)), np.zeros(4), np.ones(4))
    assert len(f.programs) == 1
