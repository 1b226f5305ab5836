"""`f.explain()`: what became of each line."""

from pathlib import Path

import numpy as np
import pytest

from dy2static import InputSpec, to_static

HERE = Path(__file__)
LINES = HERE.read_text("utf-8").splitlines()


def line_of(mark: str) -> int:
    return next(number for number, line in enumerate(LINES, 1) if line.endswith(f"# {mark}"))


class Layer:
    def __init__(self, w):
        self.w = w

    def __call__(self, x):
        return x * self.w  # applies


LAYERS = [Layer(2.0), Layer(3.0)]


def model(x, depth, flip):
    """The text that says what it does."""
    total = 0.0  # a number
    for layer in LAYERS:  # a list
        x = layer(x)  # calls
    for k in range(depth):  # a depth
        total += LAYERS[k].w  # an item
    if flip:  # a branch
        x = -x
    if depth > 100:  # a plain test
        return None  # never
    while x.sum() > total:  # a staged loop
        x = x / 2  # halves
    return x  # the end


@pytest.fixture(scope="module")
def text() -> str:
    static = to_static(model)
    static(np.ones(2), 2, True)
    return static.explain()


def state(text: str, mark: str) -> str:
    """The word in front of a line."""
    number = line_of(mark)
    return next(line[:10].strip() for line in text.splitlines() if line[10:14].strip() == str(number))


def notes(text: str, mark: str) -> list[str]:
    """What is written below a line."""
    lines = iter(text.splitlines())
    number = str(line_of(mark))
    next(line for line in lines if line[10:14].strip() == number)
    found = []
    for line in lines:
        if not line.strip() or line[10:14].strip():
            break
        found.append(line.strip())
    return found


@pytest.mark.parametrize(
    "mark, word",
    [("a number", "python"), ("a list", "unrolled"), ("calls", "staged"), ("a depth", "unrolled"),
     ("an item", "python"), ("a branch", "staged"), ("a plain test", "python"), ("never", "unreached"),
     ("a staged loop", "staged"), ("halves", "staged"), ("the end", "python"), ("applies", "staged")],
)  # fmt: skip
def test_each_line_says_what_it_became(text, mark, word):
    assert state(text, mark) == word


def test_ops_have_their_types(text):
    assert "x_5: float64[n] = negative(x_3)" in text
    assert any("while_loop(" in note for note in notes(text, "a staged loop"))
    assert notes(text, "calls") == ["calls __call__"]


def test_loops_say_why_they_were_unrolled(text):
    assert notes(text, "a list") == ["it goes through a list of Python's"]
    assert notes(text, "a depth")[0] == "this index needs a number that changes in the loop"


def test_constants_say_why(text):
    assert "the value of depth is a constant of this program: this loop" in text
    assert f"({HERE.name}:{line_of('a depth')})" in text


def test_every_line_of_every_function_is_there(text):
    assert f"{HERE.name}: model" in text and f"{HERE.name}: Layer.__call__" in text
    for line in LINES[line_of("a number") - 3 : line_of("the end")]:
        assert line in text


def test_arguments_or_specs_say_of_which_program():
    def f(x):
        return x + 1

    static = to_static(f)
    assert "f(x: int)" in static.explain(1)
    assert "f(x: float32[n, 3])" in static.explain(InputSpec(("n", 3), "float32"))
    static(2.0)
    assert "f(x: float)" in static.explain()


def test_explaining_changes_nothing():
    def f(items, x):
        items.append(x)
        print("printed")
        return len(items)

    static = to_static(f)
    items = [1]
    static.explain(items, np.ones(2))
    assert items == [1]


def test_a_function_that_always_raises_is_explained():
    def f(x):
        raise ValueError(f"no {x}")

    assert "raise" in to_static(f).explain(1)


def test_a_lambda_and_a_method_are_explained():
    assert "multiply" in to_static(lambda x: x * 2).explain(1.5)
    assert "staged" in to_static(Layer(2.0)).explain(np.ones(2))
    assert "staged" in to_static(Layer(2.0).__call__).explain(np.ones(2))


def test_it_is_the_same_for_a_debugged_function():
    made = [to_static(model, debug=debug).explain(np.ones(2), 2, True) for debug in (False, True)]
    assert made[0] == made[1]
