"""Lists and dicts of functions, objects and data that Python outside of the program changes."""

import numpy as np

from dy2static import not_to_static
from tests.programs.row import program

FORMS = ("converted", "traced")  # such programs are not saved


def double(x):
    return 2 * x


def triple(x):
    return 3 * x


class Held:
    def __init__(self, v):
        self.v = v

    def get(self):
        return self.v


FLAT = [double, 1]
NESTED = {"a": [double, 1], "b": {"f": triple, "k": 2}, "both": [double, triple]}
OBJECTS = [Held(1), 1]
FIXED = ([double, 1], triple, 3)


@not_to_static
def reset():
    FLAT[:] = [double, 1]
    NESTED["a"][1] = 1
    NESTED["b"]["k"] = 2
    OBJECTS[0].v = OBJECTS[1] = 1
    FIXED[0][1] = 1


@not_to_static
def raise_all(n):
    FLAT[1] += n
    FLAT.append(n)
    NESTED["a"][1] += n
    NESTED["b"]["k"] += n
    OBJECTS[0].v += n
    OBJECTS[1] += n
    FIXED[0][1] += n


@program((1,), (3,), forms=FORMS)
def data_beside_functions_is_read_anew(n):
    reset()
    before = FLAT[0](FLAT[1]), NESTED["a"][0](NESTED["a"][1]), OBJECTS[0].get(), FIXED[0][1], len(FLAT)
    raise_all(n)
    key = "b"
    after = FLAT[0](FLAT[1]), NESTED[key]["f"](NESTED[key]["k"]), OBJECTS[0].get(), OBJECTS[1], FIXED[0][1]
    both = [f(n) for f in NESTED["both"]]
    return before, after, both, len(FLAT), FLAT[-1], FIXED[1](n), "a" in NESTED


@program((1,), (3,), stages="while_loop", forms=FORMS)
def data_beside_functions_in_a_staged_loop(n):
    reset()
    seen = []
    for i in range(n):
        raise_all(i)
        seen.append(FLAT[0](FLAT[1]))
    if n > 2:
        FLAT[1] = n + 20
        raise_all(1)
    return seen, FLAT[0](FLAT[1])


class Layer:
    def __init__(self):
        self.settings = {"act": np.tanh, "scale": 1.0, "more": [double, triple]}

    @not_to_static
    def grow(self):
        self.settings["scale"] += 1

    def __call__(self, x):
        made = self.settings["act"](x) * self.settings["scale"]
        self.grow()
        return made, self.settings["scale"], self.settings["more"][1](x)


@program((0.5,), (1.5,), forms=FORMS, made=True)
def settings_of_an_object_are_read_anew():
    return Layer()


@not_to_static
def set_second(items):
    items[1] = 5
    items.append(7)


@program(lambda: ([double, 1], 2), lambda: ([triple, 4], 2), forms=FORMS)
def argument_of_functions_and_data_is_changed(items, n):
    before = items[0](items[1])
    set_second(items)
    return before, items[0](items[1]) + n, items[2]
