"""A function with thousands of signatures: the right program for each call, bounded memory, a way to drop it all."""

from __future__ import annotations

import gc
import itertools
import linecache
import warnings
import weakref
from typing import Any

import numpy as np
import pytest

import runtime
from dy2static import InputSpec, static_function, to_static
from dy2static import programs as kept
from runtime import origins

DTYPES = [np.dtype(letter) for letter in "bhiqBHIQefdFD?"]


def blend(x, y, scale=2):
    z = x + y if np.sum(x) > 1 else x * scale
    return z, scale


def pairs(count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Arguments of so many signatures."""
    kinds = [(dtype, rank) for dtype in DTYPES for rank in range(1, 6)]
    made = [
        (np.ones((1,) * a, first), np.ones((1,) * b, second))
        for (first, a), (second, b) in itertools.islice(itertools.product(kinds, repeat=2), count)
    ]
    assert len(made) == count
    return made


def generated() -> list[str]:
    return [name for name in linecache.cache if name.startswith(("<check ", "<program "))]


def same(found: Any, expected: Any) -> bool:
    return all(
        type(a) is type(b) and getattr(a, "dtype", None) == getattr(b, "dtype", None) and np.array_equal(a, b)
        for a, b in zip(found, expected, strict=True)
    )


def test_each_of_a_thousand_signatures_has_its_program_and_finds_it_again() -> None:
    static, calls = to_static(blend), pairs(1000)
    for _ in range(2):
        for args in calls:
            assert same(static(*args), blend(*args))
    assert len(static.programs) == 1000


def test_programs_are_bounded_and_what_was_used_lately_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MAX_ALL", 40)
    gc.collect()
    before, codes = set(generated()), len(origins._programs)
    static, calls = to_static(blend), pairs(400)
    often = calls[0]
    static(*often)
    first = static.program()
    programs = weakref.WeakSet([first])
    for args in calls[1:]:
        assert same(static(*args), blend(*args))
        programs.add(static.program())
        static(*often)
        assert static.program() is first
        assert len(static.programs) <= 40
    gc.collect()
    assert len(programs) == len(static.programs)
    assert len(set(generated()) - before) <= 2 * 40
    assert len(origins._programs) - codes <= 4 * 40
    assert same(static(*calls[1]), blend(*calls[1])), "one that was dropped is traced again"


def test_programs_of_one_key_are_bounded() -> None:
    static = to_static(lambda x, n: [x + i for i in range(n)][-1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for n in range(1, 200):
            assert static(np.ones(2), n)[0] == n
    assert len(static.programs) <= kept.MAX_PROGRAMS


def test_clear_cache_drops_programs_and_what_was_generated() -> None:
    gc.collect()
    before = set(generated())
    static, calls = to_static(blend), pairs(50)
    for args in calls:
        static(*args)
    held = static.program()
    programs = weakref.WeakSet(static.programs)
    static.clear_cache()
    gc.collect()
    assert static.programs == [] and list(programs) == [held]
    assert set(generated()) <= before
    with pytest.raises(TypeError, match="call blend first"):
        static.program()
    (again,) = runtime.Executor().run(held, feed=dict(zip(("x", "y", "scale"), (*calls[-1], 2))))[:1]
    assert np.array_equal(again, blend(*calls[-1])[0])
    assert same(static(*calls[0]), blend(*calls[0])) and len(static.programs) == 1


def test_clear_cache_forgets_what_the_calls_have_shown() -> None:
    def chosen(x, mode):
        return x + 1 if mode.startswith("a") else x - 1

    static = to_static(chosen)
    for round in range(2):
        for number in range(12):
            assert static(1, f"a{number}") == 2
        text = str(static.program())
        assert "mode" in text, "a text that changes from call to call is an input"
        static.clear_cache()
        assert static(1, "b") == 0
        assert "mode" not in str(static.program()), f"round {round}"


def test_arguments_are_not_kept_once_another_program_has_run() -> None:
    static = to_static(blend)
    big = np.ones(1000)
    alive = weakref.ref(big)
    static(big, big)
    static(np.ones(3, "float32"), 1)
    del big
    gc.collect()
    assert alive() is None
    static(np.ones(5), np.ones(5))
    static.clear_cache()


def test_what_is_shown_and_explained_is_of_the_last_call() -> None:
    class Layer:
        def __init__(self, w):
            self.w = w

    def forward(layer, x):
        return layer.w * x

    static = to_static(forward)
    first, second = Layer(np.ones(2)), Layer(np.full(2, 5.0, "float32"))
    static(first, 1.0)
    static(second, 1.0)
    assert "forward" in static.explain()
    static.clear_cache()
    static(first, 1.0)
    assert "float64" in str(static.program())
    assert "float32" in str(static.program(second, 1.0))
    assert "float32" in str(static.program()), "asking for a program makes it the last"
    last = static.program()
    assert static.program(second, InputSpec(("n",))) is not last and static.program() is last
    static(first, 2.0)
    static(second, 2.0)


@pytest.mark.parametrize("names", ["type, len", "repr, tuple", "hasattr, MISS", "ndarray, run"])
def test_parameters_may_be_named_as_what_checks_call(tmp_path, names: str) -> None:
    first, second = names.split(", ")
    text = f"def f({names}=1.5, *, key=(1, 2), **rest):\n    return {first} + {second} * len(key)\n"
    text = text.replace("len(key)", "key[1]")
    (tmp_path / "shadows.py").write_text(text, "utf-8")
    namespace: dict[str, Any] = {}
    exec(compile(text, str(tmp_path / "shadows.py"), "exec"), namespace)
    function = namespace["f"]
    static = to_static(function)
    calls = [((1,), {}), ((1.5, 2), {}), ((2,), {"key": (0.5, np.float32(3))}), ((np.ones(2),), {second: 3})]
    for args, kwargs in calls:
        for _ in range(2):
            assert np.array_equal(static(*args, **kwargs), function(*args, **kwargs))


def test_a_check_says_what_python_says_of_wrong_arguments() -> None:
    def f(a, /, b, *, c=1):
        return a + b + c

    static = to_static(f)
    static(1, 2)
    calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
        ((1,), {}), ((), {}), ((1, 2, 3), {}), ((1, 2), {"d": 1}), ((), {"a": 1, "b": 2}), ((1, 2), {"b": 3}),
    ]  # fmt: skip
    for args, kwargs in calls:
        said = []
        for one in (static, f):
            with pytest.raises(TypeError) as caught:
                one(*args, **kwargs)
            said.append(str(caught.value))
        assert said[0] == said[1]


def test_a_call_that_no_function_takes_is_not_the_last_one() -> None:
    static = to_static(blend)
    static(1, 2)
    static(1.5, 2)
    for args in ((), (1,), (1, 2, 3, 4), (np.ones(2),)):
        with pytest.raises(TypeError, match="blend"):
            static(*args)
    assert static.program() is static.programs[-1]
    with pytest.raises(ValueError):
        static(np.ones(2), np.ones(3))
    assert "float64[n]" in str(static.program()), "one that raises in the program is"


class Layer:
    def __init__(self, w, size=0):
        self.w, self.size = w, size

    @to_static
    def forward(self, x):
        x = x * self.w if np.sum(x) > 0 else x
        for i in range(self.size):
            x = x + PARTS[i].w
        return x


class Part:
    def __init__(self, w):
        self.w = w


PARTS = [Part(w) for w in range(80)]


def test_objects_share_the_programs_that_fit_them() -> None:
    forward = Layer.__dict__["forward"]
    forward.clear_cache()
    layers = [Layer(np.full(3, float(number))) for number in range(20)]
    for layer in layers:
        assert np.array_equal(layer.forward(2.0), forward.function(layer, 2.0))
    assert len(forward.programs) == 1


def test_methods_save_and_show_what_their_own_object_ran(tmp_path) -> None:
    first, second = Layer(np.ones(3)), Layer(np.full(3, 4.0))
    for layer in (first, second):
        layer.forward(2.0)
    for layer in (second, first):
        layer.forward.save(tmp_path / "layer.d2s")
        assert np.array_equal(runtime.load(tmp_path / "layer.d2s")(5.0), layer.w * 5.0)
    second.forward(np.ones(3))
    assert "x: float64[n]" in str(second.forward.program())
    assert "(x: float," in str(first.forward.program())


def test_objects_that_need_programs_of_their_own_are_no_retracing() -> None:
    layers = [Layer(1.0, size % 80) for size in range(100)]
    function = Layer.__dict__["forward"].function
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for layer in layers:
            assert layer.forward(1.0) == function(layer, 1.0)
    held = [layer.forward.program() for layer in layers]
    assert len(set(map(id, held))) > 64
    for layer in layers:
        assert layer.forward(2.0) == function(layer, 2.0)
        assert layer.forward(1) == function(layer, 1)
        assert layer.forward(2.0) == function(layer, 2.0)
    assert [layer.forward.program() for layer in layers] == held, "each finds its own again"


def test_objects_are_not_held_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_function, "MAX_OWNERS", 16)
    alive: weakref.WeakSet[Layer] = weakref.WeakSet()
    forward = Layer.__dict__["forward"]
    for number in range(100):
        layer = Layer(float(number))
        alive.add(layer)
        assert layer.forward(2.0) == forward.function(layer, 2.0)
        assert layer.forward is layer.forward
    del layer
    gc.collect()
    assert len(alive) <= 17
    forward.clear_cache()
    gc.collect()
    assert len(alive) == 0


def test_clearing_a_method_of_one_object_clears_it_for_all() -> None:
    layers = [Layer(np.full(2, float(number)), number) for number in range(4)]
    for layer in layers:
        layer.forward(1.0)
    made = weakref.WeakSet(layers[0].forward.programs)
    assert len(made) >= 4
    layers[1].forward.clear_cache()
    gc.collect()
    assert len(made) == 0 and layers[2].forward.programs == []
    assert np.array_equal(layers[3].forward(2.0), Layer.__dict__["forward"].function(layers[3], 2.0))
