"""Layers: one object in every style, with parameters that are read when it is called."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import runtime
from dy2static import ConversionError, to_static
from runtime import Executor, LoadedFunction, ProgramError, nn, static
from runtime.nn.initializers import fans
from runtime.verifier import verify
from tests.harness import portrait
from tests.runtime import nn_naive

GATES = {nn.LSTM: 4, nn.GRU: 3}


def some(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


class Classifier(nn.Layer):
    def __init__(self) -> None:
        super().__init__()
        convolution = nn.Conv2D(3, 4, 3, padding=1, groups=1, act="relu")
        self.body = nn.Sequential(convolution, nn.BatchNorm(4), lambda x: nn.max_pool2d(x, 2), nn.Dropout(0.3))
        self.head = nn.Linear(4 * 16, 5)

    def forward(self, x):
        y = self.body(x)
        if self.training:
            y = y * 2
        return nn.softmax(self.head(y.reshape((-1, 4 * 16))))


MADE = {
    "conv": (lambda: nn.Conv2D(3, 4, (3, 2), stride=2, padding="same", act="gelu"), some(2, 3, 7, 8)),
    "conv without bias": (lambda: nn.Conv2D(4, 6, 3, groups=2, bias_attr=False), some(2, 4, 7, 8)),
    "linear": (lambda: nn.Linear(5, 3, act="tanh"), some(2, 4, 5)),
    "batch norm": (lambda: nn.BatchNorm(3), some(4, 3, 2, 2)),
    "layer norm": (lambda: nn.LayerNorm((3, 2)), some(4, 3, 2)),
    "dropout": (lambda: nn.Dropout(0.4), some(4, 3)),
    "embedding": (lambda: nn.Embedding(7, 3), np.array([[1, 6], [0, 0]])),
    "LSTM": (lambda: nn.LSTM(3, 4, num_layers=2), some(2, 5, 3)),
    "GRU": (lambda: nn.GRU(3, 4, num_layers=2, bias=False), some(2, 5, 3)),
    "sequential": (lambda: nn.Sequential(nn.Linear(5, 3), nn.relu, nn.Linear(3, 2, act="softmax")), some(2, 5)),
    "classifier": (Classifier, some(2, 3, 8, 8)),
}


def layer_of(name: str) -> tuple[Any, Any]:
    nn.seed(5)
    make, given = MADE[name]
    return make(), given


def call(function: Any, layer: Any, given: Any) -> str:
    """The result and the state after a call that starts from the state there is, which stays as it was."""
    state = copy.deepcopy(layer.state_dict())
    np.random.seed(2)
    found = portrait((function(given), layer.state_dict()))
    layer.load_state_dict(state)
    return found


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
def test_a_layer_does_the_same_in_every_style(name: str, training: bool, tmp_path: Path) -> None:
    layer, given = layer_of(name)
    layer.train(training)
    expected = call(layer, layer, given)
    converted = to_static(layer)
    assert call(converted, layer, given) == expected
    assert by_hand(layer, given) == portrait(result_of(layer, given))
    if not training:
        converted.save(tmp_path / "f.d2s")
        assert portrait(runtime.load(tmp_path / "f.d2s")(given)) == portrait(layer(given))


def result_of(layer: Any, given: Any) -> Any:
    state = copy.deepcopy(layer.state_dict())
    np.random.seed(2)
    found = layer(given)
    layer.load_state_dict(state)
    return found


def by_hand(layer: Any, given: Any) -> str:
    main, startup = static.Program(), static.Program("startup")
    with static.program_guard(main, startup):
        static.returns(layer(static.data("x", ("n", *given.shape[1:]), given.dtype)))
    verify(main)
    verify(startup)
    with static.scope_guard(static.Scope()):
        Executor().run(startup)
        function = LoadedFunction(main)
        np.random.seed(2)
        return portrait(function(given))


@pytest.mark.parametrize("cls", GATES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("seed", range(30))
def test_a_recurrent_layer_agrees_with_loops_over_its_units(cls: Any, seed: int) -> None:
    draw = np.random.default_rng(seed)
    batch, steps, size, hidden = (int(n) for n in draw.integers(1, 5, 4))
    layer = cls(size, hidden, num_layers=int(draw.integers(1, 3)), bias=bool(draw.integers(2)), dtype="float64")
    given = draw.standard_normal((batch, steps, size))
    shape = (layer.num_layers, batch, hidden)
    state = tuple(draw.standard_normal(shape) for _ in range(GATES[cls] - 2)) if draw.random() < 0.5 else None
    passed = state[0] if state is not None and cls is nn.GRU else state
    outputs, last = layer(given, passed)
    wanted, ends = unrolled(layer, cls, given, state)
    np.testing.assert_allclose(outputs, wanted, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(last if cls is nn.LSTM else [last], ends, rtol=1e-10, atol=1e-12)


def unrolled(layer: Any, cls: Any, given: Any, state: Any) -> Any:
    ends: list[list[Any]] = [[] for _ in range(GATES[cls] - 2)]
    for number in range(layer.num_layers):
        weights = [getattr(layer, f"{name}_l{number}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        w, u, b, a = (np.zeros(len(weights[0])) if one is None else one for one in weights)
        held = [np.zeros((len(given), u.shape[1])) if state is None else one[number].copy() for one in state or [0] * 2]
        made = []
        for step in range(given.shape[1]):
            cell = nn_naive.lstm_cell if cls is nn.LSTM else nn_naive.gru_cell
            rows = [cell(given[i, step], [one[i] for one in held], w, u, b, a) for i in range(len(given))]
            held = [np.array(part) for part in zip(*rows)]
            made.append(held[0])
        given = np.stack(made, axis=1)
        for end, one in zip(ends, held):
            end.append(one)
    return given, ends


# Converted methods


class Reader(nn.Layer):
    """Reads until a state is long enough, with a `while` over the steps and a weight that two layers share."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(3, 3, param_attr="reader.shared", act="tanh")
        self.second = nn.Linear(3, 3, param_attr="reader.shared", bias_attr=False)
        self.norm = nn.BatchNorm(3)

    @to_static
    def forward(self, x):
        step = 0
        state = np.zeros((x.shape[0], 3), np.float32)
        while step < x.shape[1] and np.abs(state).sum() < 50:
            state = self.first(x[:, step]) + self.second(state)
            if self.training:
                state = self.norm(state)
            step += 1
        return state, step


def plain(layer: Any, x: Any) -> Any:
    return type(layer).forward.__wrapped__(layer, x)


def test_a_converted_method_sees_what_is_loaded_and_bound_anew() -> None:
    nn.seed(3)
    reader, x = Reader(), some(4, 6, 3)
    assert reader.first.weight is reader.second.weight
    assert [path for path, _ in reader.named_parameters()].count("second.weight") == 0
    start = copy.deepcopy(reader.state_dict())
    for training in (True, False, True):
        reader.train(training)
        expected = portrait((plain(reader, x), reader.state_dict()))
        reader.load_state_dict(start)
        assert portrait((reader(x), reader.state_dict())) == expected
        reader.load_state_dict(start)
    count = len(reader.forward.programs)
    assert count == 2
    for change in (bind, write, load):
        change(reader)
        expected = portrait(plain(reader.eval(), x))
        assert portrait(reader(x)) == expected
        assert portrait(reader(some(5, 2, 3))) == portrait(plain(reader, some(5, 2, 3)))
    assert len(reader.forward.programs) == count


def bind(reader: Any) -> None:
    reader.first.weight = some(3, 3, seed=4)


def write(reader: Any) -> None:
    reader.second.weight *= 3


def load(reader: Any) -> None:
    reader.load_state_dict({path: array + 1 for path, array in reader.state_dict().items()})


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
def test_a_converted_method_is_called_in_a_program_by_hand(training: bool, tmp_path: Path) -> None:
    nn.seed(3)
    reader, x = Reader().train(training), some(4, 6, 3)
    arrays = reader.state_dict()
    main, startup = static.Program(), static.Program("startup")
    with static.program_guard(main, startup):
        static.returns(reader(static.data("x", ("n", "steps", 3))))
    assert all(reader.state_dict()[path] is array for path, array in arrays.items())
    assert {"reader.shared", reader.first.param_attrs()["bias"].name} <= set(main.state)
    with static.scope_guard(static.Scope()) as scope:
        Executor().run(startup)
        runtime.save(main, tmp_path / "f.d2s")
        found = Executor().run(main, {"x": x})
        expected = plain(reader, x)
        assert portrait(tuple(found)) == portrait(expected)
        np.testing.assert_array_equal(scope[reader.norm._held["running_mean"].attr.name], reader.norm.running_mean)
    assert portrait(runtime.load(tmp_path / "f.d2s")(x)) == portrait(expected)


# Names, seeds and state


def test_a_name_is_one_parameter_in_programs_too() -> None:
    nn.seed(1)
    a, b = nn.Linear(3, 3, param_attr=nn.ParamAttr("one.weight")), nn.Linear(3, 3, param_attr="one.weight")
    startup, scope, x = static.Program("startup"), static.Scope(), some(2, 3)
    programs = []
    for layer in (a, b):
        programs.append(static.Program())
        with static.program_guard(programs[-1], startup):
            static.returns(layer(static.data("x", (2, 3))))
    Executor().run(startup, scope=scope)
    assert [name for name in scope if name == "one.weight"] == ["one.weight"]
    scope["one.weight"] *= 2
    for program, layer in zip(programs, (a, b)):
        np.testing.assert_array_equal(Executor().run(program, {"x": x}, scope=scope)[0], x @ (layer.weight * 2))
    with pytest.raises(
        ValueError, match=r"parameter 'one.weight' is float32\[3, 4\] here, and float32\[3, 3\] in another"
    ):
        nn.Linear(3, 4, param_attr="one.weight")
    b.weight = b.weight * 5
    with (
        static.program_guard(programs[0], startup),
        pytest.raises(ProgramError, match="named 'one.weight' and hold dif"),
    ):
        b(static.data("y", (2, 3)))


def test_start_up_holds_initialisers_and_what_was_changed_since() -> None:
    nn.seed(1)
    fresh, trained = nn.Conv2D(3, 2, 3, param_attr=nn.ParamAttr("w", nn.Xavier(uniform=False))), nn.Linear(4, 4)
    trained.weight[0] = 7
    startup = static.Program("startup")
    with static.program_guard(static.Program(), startup):
        fresh(static.data("x", (1, 3, 8, 8)))
        trained(static.data("y", (1, 4)))
    assert "w: float32[2, 3, 3, 3] = nn.normal((2, 3, 3, 3), 0.0, 0.2108" in str(startup)
    assert "weight linear" in str(startup)
    assert "test_nn_layers.py:" in str(startup)
    made = LoadedFunction(startup)()
    np.testing.assert_array_equal(made["w"], fresh.weight)
    np.testing.assert_array_equal(made[trained.param_attrs()["weight"].name], trained.weight)


INITIALIZERS = [
    nn.Constant(3), nn.Normal(1, 2), nn.Uniform(-3, -1), nn.Xavier(), nn.Xavier(uniform=False), nn.Kaiming(),
    nn.Kaiming(uniform=False, negative_slope=0.5, nonlinearity="leaky_relu"), nn.Orthogonal(2.0),
]  # fmt: skip
MOMENTS = [(3, 0), (1, 4), (-2, 1 / 3), (0, 2 / 1300), (0, 2 / 1300), (0, 2 / 400), (0, 1.6 / 400), (0, 4 / 900)]


@pytest.mark.parametrize("initializer, moments", list(zip(INITIALIZERS, MOMENTS)), ids=str)
def test_an_initialiser_has_its_moments_and_is_repeatable(initializer: Any, moments: Any) -> None:
    def make() -> Any:
        nn.seed(7)
        return nn.Linear(400, 900, param_attr=initializer).weight

    weight = make()
    np.testing.assert_allclose([weight.mean(), weight.var()], moments, atol=0.01 + moments[1] / 20)
    np.testing.assert_array_equal(weight, make())
    assert weight.dtype == np.float32
    if not isinstance(initializer, nn.Constant):
        assert not np.array_equal(weight, nn.Linear(400, 900, param_attr=initializer).weight)
        seeded = type(initializer)(seed=3)
        assert np.array_equal(*(nn.Linear(4, 9, param_attr=seeded).weight for _ in range(2)))


def test_orthogonal_rows_are_orthogonal() -> None:
    for shape in ((3, 8), (8, 3), (4, 2, 3, 3)):
        matrix = nn.Orthogonal(2.0).array(shape, "float64", 1).reshape(shape[0], -1)
        product = matrix @ matrix.T if len(matrix) <= matrix.shape[1] else matrix.T @ matrix
        np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-12)
    assert fans((8, 4, 3, 3)) == (36, 72)


def test_load_state_dict_loads_all_or_nothing() -> None:
    layer = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm(3))
    before = copy.deepcopy(layer.state_dict())
    good = {path: array + 1 for path, array in before.items()}
    paths = ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var"]
    assert list(before) == paths
    for change, error, message in (
        (lambda state: state.pop("0.bias"), KeyError, "load_state_dict of Sequential: missing: 0.bias"),
        (lambda state: state.update(extra=1), KeyError, "unknown: extra"),
        (lambda state: state.update({"1.bias": np.ones(2)}), ValueError, r"'1.bias' is float32\[3\], and an array"),
        (lambda state: state.update({"1.bias": np.ones(3) * 1j}), TypeError, "is float32.* of complex128 was given"),
        (lambda state: state.update({"1.bias": ["a", "b", "c"]}), TypeError, "is float32.* an array of <U1 was given"),
    ):
        state = dict(good)
        change(state)
        with pytest.raises(error, match=message):
            layer.load_state_dict(state)
        assert portrait(layer.state_dict()) == portrait(before)
    for wrong in (None, [good], "weights.npz"):
        with pytest.raises(TypeError, match="load_state_dict of Sequential: a dict of arrays by name, as state_dict"):
            layer.load_state_dict(wrong)
    layer.load_state_dict(good)
    assert portrait(layer.state_dict()) == portrait(good)
    assert len(layer.parameters()) == 4


def test_train_and_eval_reach_every_layer() -> None:
    net = Classifier()
    assert all(not layer.training for _, layer in net.eval().sublayers())
    assert all(layer.training for _, layer in net.train().sublayers())
    assert [path for path, _ in net.sublayers()] == ["", "body", "body.0", "body.1", "body.3", "head"]


def test_modes_and_seeds_are_part_of_a_converted_function() -> None:
    layer, x = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm(2)), some(4, 3)

    def modes(x, flag):
        layer.train(flag)
        nn.seed(3)
        first = nn.dropout(layer(x), 0.5)
        return first, layer.eval()(x), nn.dropout(np.ones(3), 0.5), [path for path in layer.state_dict()]

    start, converted = copy.deepcopy(layer.state_dict()), to_static(modes)
    for flag in (True, False, True):
        expected = portrait((modes(x, flag), layer.state_dict(), np.random.random(), [layer.training]))
        layer.load_state_dict(start)
        assert portrait((converted(x, flag), layer.state_dict(), np.random.random(), [layer.training])) == expected
        layer.load_state_dict(start)


def test_a_layer_whose_base_was_not_made_says_so() -> None:
    class Empty(nn.Layer):
        def __init__(self) -> None:
            self.inner = nn.Linear(2, 2)

        def forward(self, x):
            return self.inner(x)

    class Making(Empty):
        def __init__(self) -> None:
            self.create_parameter("weight", (2, 2))

    for use in (
        Making,
        lambda: Empty()(some(1, 2)),
        lambda: to_static(Empty())(some(1, 2)),
        lambda: to_static(lambda x, layer=Empty(): layer(x))(some(1, 2)),
        lambda: nn.Sequential(Empty()).parameters(),
        lambda: Empty().state_dict(),
    ):
        with pytest.raises(RuntimeError, match=r"(Empty|Making).__init__ has not called super\(\).__init__\(\), which"):
            use()


def test_what_makes_or_loads_parameters_is_refused_in_a_converted_function() -> None:
    layer, state = nn.Linear(2, 2), nn.Linear(2, 2).state_dict()
    for function, reason in (
        (lambda x: nn.Linear(2, 2)(x), "make the layer once, outside of the function, and read it there"),
        (lambda x: layer.load_state_dict(state), "call it outside of the function"),
    ):
        with pytest.raises(ConversionError) as caught:
            to_static(function)(np.ones((1, 2)))
        assert caught.value.cure.startswith(reason)
        assert (caught.value.filename, caught.value.lineno) == (__file__, function.__code__.co_firstlineno)
        assert f"which leads to {nn.layer.__file__}" in str(caught.value)


def test_param_attrs_are_kept() -> None:
    attr = nn.ParamAttr("conv2d.weight", nn.Xavier(uniform=False), learning_rate=0.001, trainable=False)
    layer = nn.Conv2D(3, 2, 3, param_attr=attr)
    assert layer.param_attrs()["weight"] == attr
    assert layer.param_attrs()["bias"].name.endswith(".bias")


def forgets() -> Any:
    class Forgets(nn.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.create_parameter("total", (2,))

        def forward(self, x):
            self.total = self.total + x
            return self.total

    return Forgets()


FAULTS = [
    (lambda x: nn.Conv2D(4, 2, 3, param_attr="bad.w")(x), ProgramError, "conv2d: argument 'weight' .* x: .*, bad.w: "),
    (lambda x: nn.Linear(3, 2, param_attr="bad.v")(x), ProgramError, "linear: argument 'weight' .*bad.v"),
    (lambda x: forgets()(x[0, 0, 0, :2]), ProgramError, r"binds 'total' anew.*write self.total\[...\] = "),
    (lambda x: nn.Layer()(x), NotImplementedError, r"has no forward\(\)"),
    (lambda x: nn.Linear(2, 2, param_attr=3), TypeError, "'weight' of Linear: 3 is no ParamAttr, name or initializer"),
    (lambda x: nn.ParamAttr(3), TypeError, "ParamAttr: the name is a text, .* and not 3"),
    (lambda x: nn.ParamAttr("w", "xavier"), TypeError, "initializer is one of nn, as nn.Xavier.*and not 'xavier'"),
    (lambda x: nn.Linear("a", 2), TypeError, "dim 0 of parameter 'weight' of Linear is 'a', and must be a size"),
    (lambda x: nn.Embedding(3, -1), TypeError, "dim 1 of parameter 'weight' of Embedding is -1, and must be a size"),
    (lambda x: nn.Linear(2, 2, dtype="floot"), TypeError, "dtype of parameter 'weight' of Linear .* not 'floot'"),
    (lambda x: nn.Linear(2, 2, act=3), TypeError, "act is the name of an activation, .* and not 3"),
    (lambda x: nn.Dropout(2.0), ValueError, "dropout: p is 2.0, and must be a probability"),
    (lambda x: nn.Sequential(np.tanh, 3), TypeError, "Sequential: argument 1 is 3, and must be a layer or a function"),
    (lambda x: nn.Sequential(nn.Linear), TypeError, "Sequential: argument 0 is <class .*Linear'>, and must be a layer"),
    (lambda x: nn.Sequential([np.tanh]), TypeError, r"give them one by one, as Sequential\(\*layers\)"),
    (lambda x: nn.Linear(2, 2, act="swash"), ValueError, "there is no activation 'swash'; there are relu"),
    (lambda x: nn.Conv2D(3, 2, 3, groups=2), ValueError, "do not go into 2 groups"),
    (lambda x: nn.Linear(2, 2, param_attr=nn.Kaiming(nonlinearity="odd")), ValueError, "must be one of relu"),
    (lambda x: nn.Conv2D(3, 2, (3, 3, 3)), ValueError, r"filter_size is \(3, 3, 3\), and must be a size, or one for"),
    (lambda x: nn.GRU(3, 2, num_layers=0), ValueError, "GRU: num_layers is 0, and must be 1 at least"),
    (lambda x: nn.LSTM(8, 5)(x[0], some(1, 3, 5)), TypeError, r"LSTM: the state is a pair \(h, c\) of arrays"),
    (lambda x: nn.LSTM(8, 5)(x[0], (some(1, 3, 5), some(3, 5))), ValueError, r"argument 'c' is float32\[3, 5\]"),
    (lambda x: nn.GRU(8, 5)(some(1, 3, 8), some(2, 3, 5)), ValueError, r"'h' is float32\[2, 3, 5\].*\[1, \?, 5\]"),
    (lambda x: nn.LSTM(4, 5)(x), ProgramError, r"lstm: argument 'input' is .*must be \[batch, steps"),
    (lambda x: nn.LSTM(4, 5)(x[0]), ProgramError, r"lstm: argument 'weight_ih' is .*must be \[20, 8\]"),
]  # fmt: skip


@pytest.mark.parametrize("function, error, message", FAULTS)
def test_a_fault_says_what_and_where(function: Any, error: Any, message: str) -> None:
    with static.program_guard(static.Program(), static.Program("startup")):
        x = static.data("x", (1, 3, 8, 8))
        with pytest.raises(error, match=message):
            function(x)


def test_a_graph_that_writes_into_its_parameters_trains_them() -> None:
    nn.seed(2)
    x, t = some(5, 3), np.array([0, 1, 0, 1, 1])
    layer = nn.Linear(3, 2, bias_attr=False)
    weight = layer.weight.copy()

    def step(layer: Any, x: Any, t: Any) -> Any:
        logits = layer(x)
        gradient = (nn.softmax(logits) - np.equal(t[:, None], np.arange(2)).astype("float32")) / 5
        return nn.cross_entropy(logits, t), x.T @ gradient

    main, startup = static.Program(), static.Program("startup")
    with static.program_guard(main, startup):
        loss, gradient = step(layer, static.data("x", (5, 3)), static.data("t", (5,), "int64"))
        name = layer.param_attrs()["weight"].name
        kept = static.parameter(name, (3, 2), "float32", layer.weight.copy)
        kept[...] = kept - np.float32(0.5) * gradient
    with static.scope_guard(static.Scope()) as scope:
        Executor().run(startup)
        for _ in range(4):
            found = Executor().run(main, {"x": x, "t": t}, [loss])
            expected, slope = step(layer, x, t)
            assert portrait(found) == portrait([expected])
            layer.weight = layer.weight - np.float32(0.5) * slope
        np.testing.assert_array_equal(scope[name], layer.weight)
    assert not np.array_equal(layer.weight, weight)
