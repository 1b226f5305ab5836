"""Which calls share a program, and what a call reads afresh: kinds, dtypes, ranks, sizes, globals, attributes."""

import copy
import sys
from pathlib import Path

import numpy as np
import pytest

import runtime
from dy2static import ConversionError, InputSpec, not_to_static, to_static
from runtime import FeedError
from runtime.ir import walk
from tests.harness import portrait
from tests.programs.row import f32, f64, grid, i64, zero_d

FACTOR = 3
WEIGHTS = np.array([1.0, 2.0])
SETTINGS = {"rate": 2, "shape": [1, 2]}
HERE = sys.modules[__name__]


def plus_one(x):
    return x + 1


def bounded_sum(x, limit):
    total = 0
    for item in x:
        if total > limit:
            break
        total = total + item
    return total


def check_same(function, static, *args, **kwargs):
    assert portrait(static(*args, **kwargs)) == portrait(function(*args, **kwargs))


def control_ops(program) -> set[str]:
    return {op.definition.name for op in walk(program.block)} & {"cond", "while_loop"}


# Kinds

KINDS = {
    "bool": True,
    "int": 1,
    "float": 1.0,
    "complex": 1j,
    "float32 scalar": np.float32(1),
    "float64 scalar": np.float64(1),
    "bool scalar": np.True_,
    "array of no dims": zero_d(1),
    "array of one dim": f64(1),
    "array of two dims": grid(1, 1),
    "float32 array": f32(1),
    "int64 array": i64(1),
    "big-endian array": np.array([1], ">f8"),
}


@pytest.mark.filterwarnings("ignore::dy2static.RetraceWarning")
def test_each_kind_has_its_own_program():
    static = to_static(plus_one)
    for _ in range(2):
        for value in KINDS.values():
            check_same(plus_one, static, value)
    assert len(static.programs) == len(KINDS)


@pytest.mark.parametrize("order", [(1, True, 1.0), (True, 1.0, 1), (1.0, 1, True)], ids=str)
def test_one_true_and_one_point_zero_are_told_apart(order):
    static = to_static(plus_one)
    assert [type(static(value)) for value in order] == [type(plus_one(value)) for value in order]
    assert len(static.programs) == 3
    assert [type(static(value)) for value in order] == [type(plus_one(value)) for value in order]
    assert len(static.programs) == 3


@pytest.mark.parametrize(
    "values", [(1, 2, -5, 0, 2**70), (0.5, float("nan"), -0.0), (f64(1), f64(2, 3), f64())], ids=str
)
def test_another_value_is_no_new_program(values):
    static = to_static(plus_one)
    for value in values:
        check_same(plus_one, static, value)
    assert len(static.programs) == 1


# Sizes, ranks, dtypes


def test_a_new_size_is_no_new_program():
    static = to_static(bounded_sum)
    for size in (3, 5, 1, 0, 100):
        check_same(bounded_sum, static, np.arange(float(size)), 50)
    assert len(static.programs) == 1
    assert control_ops(static.programs[0]) == {"cond", "while_loop"}


def scale_by_shape(x):
    return x.reshape(x.shape[1], x.shape[0]) * x.size


def test_sizes_read_as_numbers_are_no_new_program():
    static = to_static(scale_by_shape)
    for rows, columns in ((2, 3), (3, 2), (1, 1), (0, 4)):
        check_same(scale_by_shape, static, grid(rows, columns))
    assert len(static.programs) == 1


def test_a_new_dtype_or_rank_is_a_new_program():
    static = to_static(bounded_sum)
    for count, x in enumerate([f64(1, 2), f32(1, 2), i64(1, 2), grid(2, 2).astype(np.int8)], 1):
        check_same(bounded_sum, static, x[0] if x.ndim > 1 else x, 10)
        assert len(static.programs) == count
    check_same(bounded_sum, static, f64(3), 1)
    assert len(static.programs) == 4


def names_of_sizes(x):
    return tuple(f"row{i}" for i in range(len(x))) if len(x) < 3 else x


def test_python_that_needs_a_size_is_guarded_by_it():
    static = to_static(names_of_sizes)
    for x in (f64(1, 2), f64(1), f64(1, 2, 3), f64(1, 2)):
        check_same(names_of_sizes, static, x)


def sum_of_tree(tree):
    total = 0
    for item in tree:
        total = total + item
    return total


def test_structure_is_part_of_the_signature():
    static = to_static(sum_of_tree)
    for tree in ((1, 2), [1, 2], (1, 2, 3), (1, 2.0), (), (f64(1), 2), (3, 4)):
        check_same(sum_of_tree, static, tree)
    assert len(static.programs) == 6


def with_default(x, y=2, *, z=None):
    if z is None:
        return x + y
    return x + y * z


def test_keywords_and_defaults():
    static = to_static(with_default)
    for args, kwargs in [
        ((1,), {}),
        ((1, 2), {}),
        ((1,), {"y": 2.5}),
        ((), {"x": 1}),
        ((1,), {"z": 3}),
        ((1, 2), {"z": None}),
    ]:
        check_same(with_default, static, *args, **kwargs)


def test_wrong_calls_are_refused_as_python_refuses_them():
    static = to_static(with_default)
    for args, kwargs in [((), {}), ((1, 2, 3), {}), ((1,), {"w": 1}), ((1,), {"x": 1})]:
        with pytest.raises(TypeError, match="with_default"):
            static(*args, **kwargs)
    assert static.programs == []


def first_item(table):
    return table["a"] * 2


def test_keys_of_dicts_are_part_of_the_signature():
    static = to_static(first_item)
    for table in ({"a": 1}, {"a": 2}, {"a": 1, "b": 2}, {"b": 2, "a": 1.5}):
        check_same(first_item, static, table)


def test_two_arguments_that_are_one_array():
    def write(x, y):
        x[0] = 10
        y += 1
        return y

    static = to_static(write)
    for _ in range(2):
        for same in (True, False):
            x = f64(1, 2)
            y = x if same else x.copy()
            a = f64(1, 2)
            b = a if same else a.copy()
            assert portrait(static(x, y)) == portrait(write(a, b))
            assert portrait((x, y)) == portrait((a, b))


# What a call reads afresh


def uses_globals(x):
    if x > 0:
        return x * FACTOR
    return WEIGHTS * x


@pytest.mark.parametrize("value", [5, 5.5, True, np.float32(2), f64(1, 2)], ids=repr)
def test_a_rebound_global_is_seen(monkeypatch, value):
    static = to_static(uses_globals)
    check_same(uses_globals, static, 2)
    monkeypatch.setattr(HERE, "FACTOR", value)
    check_same(uses_globals, static, 2)
    monkeypatch.setattr(HERE, "FACTOR", 3)
    check_same(uses_globals, static, 2)


@pytest.mark.parametrize("value", [f64(7, 8), f64(1, 2, 3), i64(1, 2), f32(1), grid(2, 2), 5], ids=repr)
def test_a_rebound_global_array_is_seen(monkeypatch, value):
    static = to_static(uses_globals)
    check_same(uses_globals, static, -2)
    monkeypatch.setattr(HERE, "WEIGHTS", value)
    check_same(uses_globals, static, -2)


def test_a_global_array_written_in_place_is_seen(monkeypatch):
    monkeypatch.setattr(HERE, "WEIGHTS", f64(1, 2))
    static = to_static(uses_globals)
    check_same(uses_globals, static, -2)
    WEIGHTS[0] = 50
    check_same(uses_globals, static, -2)


def test_many_values_of_a_global_make_few_programs(monkeypatch):
    static = to_static(uses_globals)
    for value in range(3, 23):
        monkeypatch.setattr(HERE, "FACTOR", value)
        check_same(uses_globals, static, 2)
    assert len(static.programs) <= 4


def uses_settings(x):
    total = x * SETTINGS["rate"]
    for k in SETTINGS["shape"]:
        total = total + k
    return total


def test_changed_items_of_a_global_are_seen(monkeypatch):
    static = to_static(uses_settings)
    check_same(uses_settings, static, 2)
    monkeypatch.setitem(SETTINGS, "rate", 7)
    check_same(uses_settings, static, 2)
    monkeypatch.setitem(SETTINGS, "shape", [5, 6, 7])
    check_same(uses_settings, static, 2)
    SETTINGS["shape"].append(0.5)
    check_same(uses_settings, static, 2)


def helper(x):
    return x + 1


def calls_a_global(x):
    return helper(x) * 2


def test_a_rebound_callee_is_seen(monkeypatch):
    static = to_static(calls_a_global)
    check_same(calls_a_global, static, 2)
    monkeypatch.setattr(HERE, "helper", lambda x: -x if x > 0 else x)
    check_same(calls_a_global, static, 2)


def make_closure():
    k, w = 2, f64(1, 2)

    def use(x):
        if x > 0:
            return x * k
        return w * x

    def rebind(new_k, new_w):
        nonlocal k, w
        k, w = new_k, new_w

    return use, rebind


@pytest.mark.parametrize("value", [(5, f64(3, 4)), (2.5, f64(1, 2, 3)), (True, f32(1)), (None, 4)], ids=repr)
def test_a_rebound_closure_variable_is_seen(value):
    use, rebind = make_closure()
    static = to_static(use)
    for x in (2, -2):
        check_same(use, static, x)
    rebind(*value)
    check_same(use, static, -2)
    if value[0] is not None:
        check_same(use, static, 2)


class Model:
    def __init__(self, w, scale=1):
        self.w = w
        self.scale = scale
        self.layers = [w, {"b": 1}]

    @to_static
    def forward(self, x):
        y = x @ self.w if self.scale > 0 else x
        return y * self.scale

    def plain(self, x):
        y = x @ self.w if self.scale > 0 else x
        return y * self.scale + self.layers[1]["b"]

    @staticmethod
    @to_static
    def double(x):
        return x * 2 if x > 0 else x


def test_a_rebound_attribute_is_seen():
    model = Model(grid(2, 2))
    static = to_static(model.plain)
    x = f64(1, 2)
    check_same(model.plain, static, x)
    for name, value in [
        ("w", grid(2, 3)),
        ("scale", 5),
        ("w", grid(2, 2, np.float32)),
        ("scale", -0.5),
        ("scale", f64(2)),
    ]:
        setattr(model, name, value)
        check_same(model.plain, static, x)
    model.layers[1]["b"] = 10
    check_same(model.plain, static, x)


def test_a_decorated_method_serves_each_object():
    x = f64(1, 2)
    for model in (Model(grid(2, 2)), Model(grid(2, 3)), Model(grid(2, 2), -1)):
        assert portrait(model.forward(x)) == portrait((x @ model.w if model.scale > 0 else x) * model.scale)
    assert Model.double(3) == 6 and Model.double(-3) == -3
    assert Model(grid(2, 2)).forward(x).shape == (2,)


def test_a_static_function_calls_another():
    inner = to_static(bounded_sum)

    def outer(x, limit):
        return inner(x, limit) + 1

    static = to_static(outer)
    check_same(outer, static, f64(1, 2, 3), 2)
    assert control_ops(static.program()) == {"cond", "while_loop"}


# The object that to_static returns


def test_it_stands_for_the_function():
    static = to_static(with_default)
    assert static.__name__ == "with_default"
    assert static.__doc__ == with_default.__doc__
    assert static.function is with_default
    assert "d2s.cond" in static.code or "if z is None" in static.code


def test_bare_and_with_arguments_it_decorates():
    @to_static
    def bare(x):
        return x if x > 0 else -x

    @to_static(input_spec=[InputSpec(("n",), "float32", "x")])
    def with_spec(x):
        return x if x.sum() > 0 else -x

    assert bare(-3) == 3
    assert portrait(with_spec(f32(-1, -2))) == portrait(f32(1, 2))
    assert len(with_spec.programs) == 1


def test_program_of_the_last_call():
    static = to_static(plus_one)
    static(1)
    first = static.program()
    static(1.5)
    second = static.program()
    assert first is not second
    static(2)
    assert static.program() is first
    assert list(static.programs) == [first, second]


def test_program_for_arguments_runs_nothing():
    static = to_static(bounded_sum)
    x = f64(1, 2)
    program = static.program(x, 5)
    assert control_ops(program) == {"cond", "while_loop"}
    assert static.program() is program
    check_same(bounded_sum, static, x, 5)
    assert len(static.programs) == 1


@pytest.mark.parametrize("shape", [("n",), (None,), ("rows",)], ids=str)
def test_program_for_specs(shape):
    program = to_static(bounded_sum).program(InputSpec(shape, "float32", "x"), InputSpec(None, int, "limit"))
    x, limit = program.block.inputs
    assert (x.type.kind, x.type.dtype, x.type.rank) == ("array", np.float32, 1)
    assert not isinstance(x.type.shape[0], int)
    assert (limit.type.kind, limit.type.dtype) == ("python", int)
    assert control_ops(program) == {"cond", "while_loop"}


def test_dims_of_specs_stand_in_the_program():
    program = to_static(scale_by_shape).program(InputSpec(("rows", 3), np.float64))
    assert program.block.inputs[0].type.shape == ("rows", 3)
    assert "x: float64[rows, 3]" in str(program)


def test_specs_may_be_mixed_with_values():
    static = to_static(bounded_sum)
    assert "limit: int" in str(static.program(InputSpec(("n",), "int64"), 5))
    assert "limit: float" in str(static.program(limit=2.5, x=InputSpec(("n",), "int64")))


def test_spec_of_the_decorator_gives_a_program_before_any_call():
    static = to_static(plus_one, input_spec=[InputSpec(("n", 3), "float32", "x")])
    assert "x: float32[n, 3]" in str(static.program())


def test_program_before_any_call_says_what_to_do():
    with pytest.raises((TypeError, ValueError, ConversionError), match="call|argument"):
        to_static(plus_one).program()


def test_every_size_that_a_spec_gives_is_checked_at_every_call():
    static = to_static(lambda x, y: (x.shape, y), input_spec=[InputSpec((3, 4, None)), InputSpec(("n", "n"))])
    assert static(np.ones((3, 4, 1), "f4"), np.ones((2, 2), "f4"))[0] == (3, 4, 1)
    assert static(np.ones((3, 4, 7), "f4"), np.ones((5, 5), "f4"))[0] == (3, 4, 7)
    for x, y in [((3, 5, 1), (2, 2)), ((2, 4, 1), (2, 2)), ((3, 4, 1), (2, 3))]:
        with pytest.raises(FeedError):
            static(np.ones(x, "f4"), np.ones(y, "f4"))


def test_a_name_of_specs_is_one_size_in_all_arguments():
    specs = [InputSpec(("n", 2), name="y"), InputSpec(("m", "n"), name="x")]
    static = to_static(lambda x, y: x @ y, input_spec=specs)
    for n in (3, 4):
        assert static(np.ones((5, n), "f4"), np.ones((n, 2), "f4")).shape == (5, 2)
    assert len(static.programs) == 1
    with pytest.raises(FeedError, match="with n = 3"):
        static(np.ones((5, 4), "f4"), np.ones((3, 2), "f4"))


def test_save_of_the_last_call_and_of_specs(tmp_path: Path):
    static = to_static(bounded_sum)
    static(f64(1, 2, 3), 2)
    static.save(tmp_path / "last.d2s")
    static.save(tmp_path / "spec.d2s", InputSpec(("n",), "float64"), InputSpec(None, int))
    for name in ("last.d2s", "spec.d2s"):
        loaded = runtime.load(tmp_path / name)
        for x, limit in [(f64(1, 2, 3), 2), (f64(5), 9), (f64(), 1)]:
            assert portrait(loaded(x, limit)) == portrait(bounded_sum(x, limit))
        assert control_ops(loaded.program) == {"cond", "while_loop"}


def test_a_loaded_program_keeps_the_signature(tmp_path: Path):
    static = to_static(with_default)
    static(1)
    static.save(tmp_path / "f.d2s")
    loaded = runtime.load(tmp_path / "f.d2s")
    assert loaded(1) == 3 and loaded(x=4) == 6
    for args, kwargs in [((), {}), ((1, 2, 3), {}), ((1,), {"w": 1})]:
        with pytest.raises(TypeError):
            loaded(*args, **kwargs)


def test_a_loaded_program_refuses_other_kinds(tmp_path: Path):
    static = to_static(plus_one)
    static(f64(1, 2))
    static.save(tmp_path / "f.d2s")
    loaded = runtime.load(tmp_path / "f.d2s")
    assert portrait(loaded(f64(1, 2, 3))) == portrait(f64(2, 3, 4))
    for other in (1, f32(1), grid(2, 2), "a", None, [1.0]):
        with pytest.raises(runtime.FeedError, match="x"):
            loaded(other)


def test_arrays_of_a_saved_method_are_weights(tmp_path: Path):
    model = Model(grid(2, 2))
    static = to_static(model.plain)
    expected = static(f64(1, 2))
    static.save(tmp_path / "m.d2s")
    model.w = None
    assert portrait(runtime.load(tmp_path / "m.d2s")(f64(1, 2))) == portrait(expected)


def test_not_to_static_keeps_python():
    @not_to_static
    def kept(x):
        return x * 2

    def uses(x):
        return kept(x) + 1 if x > 0 else x

    check_same(uses, to_static(uses), 3)
    assert kept(3) == 6


def test_executor_runs_a_program_by_names():
    program = to_static(bounded_sum).program(f64(1, 2), 5)
    assert portrait(runtime.Executor().run(program, feed={"x": f64(1, 2, 3), "limit": 2})) == portrait(
        [np.float64(3)]
    )
    for feed in (
        {"x": f64(1)},
        {"x": f64(1), "limit": 2, "z": 1},
        {"x": f32(1), "limit": 2},
        {"x": f64(1), "limit": 2.5},
    ):
        with pytest.raises(runtime.FeedError):
            runtime.Executor().run(program, feed=feed)


def above_one(items):
    total = 0
    for item in items:
        if item > 1:
            total += item
    return total


def vowels(text):
    found = 0
    for letter in text:
        if letter in "aeiou":
            found += 1
    return found, text.upper()[:3]


def by_name(names, x):
    for name in names:
        x = getattr(np, name)(x)
    return x


def counted(counts):
    counts["turns"] = counts.get("turns", 0) + 1
    return sum(counts.values()), list(counts)


FORMS = [
    (above_one, [(list(range(size)),) for size in range(40)]),
    (above_one, [(tuple(range(size)),) for size in range(40)]),
    (vowels, [("ae" * size + str(size),) for size in range(40)]),
    (counted, [({f"k{key}": key for key in range(size)},) for size in range(40)]),
]


@pytest.mark.parametrize("function, calls", FORMS)
def test_the_forms_of_an_argument_do_not_make_a_program_each(function, calls):
    static = to_static(function)
    for arguments in calls:
        assert portrait(static(*copy.deepcopy(arguments))) == portrait(function(*copy.deepcopy(arguments)))
    assert len(static.programs) <= 12


@pytest.mark.parametrize("function, short, long", [
    (above_one, ([1, 2, 3],), (list(range(2000)),)),
    (vowels, ("aei",), ("education" * 200,)),
    (counted, ({"a": 1},), ({str(key): key for key in range(500)},)),
])  # fmt: skip
def test_a_long_container_is_one_input(function, short, long):
    static = to_static(function)
    assert portrait(static(*copy.deepcopy(long))) == portrait(function(*copy.deepcopy(long)))
    assert len(str(static.program()).splitlines()) < 40
    assert portrait(static(*copy.deepcopy(short))) == portrait(function(*copy.deepcopy(short)))


def test_a_long_container_is_taken_apart_where_python_needs_its_items():
    names = ["tanh", "sin"] * 20
    x = np.linspace(0, 1, 3)
    static = to_static(by_name)
    assert portrait(static(names, x)) == portrait(by_name(names, x))
    assert portrait(static(names[1:], x)) == portrait(by_name(names[1:], x))


def test_a_dim_that_a_spec_names_is_no_other_array_s_dim():
    f = to_static(lambda x: x @ grid(3, 2), input_spec=[InputSpec(("n", 3), "float64", "x")])
    weights = grid(5, 3)
    g = to_static(lambda x: x @ weights.T, input_spec=[InputSpec(("n", 3), "float64", "x")])
    assert [str(value.type) for value in g.program().block.inputs] == ["float64[n, 3]", "float64[m, k]"]
    assert str(f.program().block.results[0].type) == "float64[n, 2]"


class Settings:
    rate = 1
    steps = 2


@pytest.mark.parametrize("name", ["rate", "steps", "first", "second"])
def test_each_attribute_that_an_object_does_not_have_may_come_later(name):
    def f(settings, x):
        return hasattr(settings, "first"), hasattr(settings, "second"), settings.rate, settings.steps, x

    static, settings = to_static(f), Settings()
    check_same(f, static, settings, 1)
    setattr(settings, name, 7)
    check_same(f, static, settings, 1)
    delattr(settings, name)
    check_same(f, static, settings, 1)
