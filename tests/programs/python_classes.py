"""Classes: constructors, properties, inheritance, dataclasses, named tuples, operators of the user's own."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from tests.programs.row import f64, program


class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        if k < 0:
            return Vector(-self.x * k, -self.y * k)
        return Vector(self.x * k, self.y * k)

    def __rmul__(self, k):
        return self * k

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return self.length < other.length

    def __getitem__(self, i):
        return (self.x, self.y)[i]

    def __len__(self):
        return 2

    def __iter__(self):
        return iter((self.x, self.y))

    def __bool__(self):
        return self.x != 0 or self.y != 0

    def __contains__(self, k):
        return k == self.x or k == self.y

    def __call__(self, k):
        return self.x * k + self.y

    @property
    def length(self):
        return (self.x**2 + self.y**2) ** 0.5

    @classmethod
    def diagonal(cls, k):
        return cls(k, k) if k > 0 else cls(0, 0)

    @staticmethod
    def dot(a, b):
        return a.x * b.x + a.y * b.y


def pair(v):
    return v.x, v.y


@program((1, 2), (-1, 2), (f64(1), f64(2)), stages="cond")
def operators_of_a_class(x, y):
    a, b = Vector(x, y), Vector(y, 1)
    return pair(a + b), pair(a * x), pair(2 * b)


@program((1, 2), (2, 1), (0, 0))
def comparisons_of_a_class(x, y):
    a, b = Vector(x, y), Vector(y, x)
    return a == b, a < b, len(a), a[0], 2 in a


@program((1, 2), (0, 0), stages="cond")
def truth_of_an_object(x, y):
    if Vector(x, y):
        return 1
    return 2


@program((3, 4), (-3, 4), stages="cond")
def class_and_static_methods(x, y):
    a = Vector.diagonal(x)
    return Vector.dot(a, Vector(y, 1)), a.length, a(2)


@program((3, 4))
def object_is_unpacked_and_iterated(x, y):
    a, b = Vector(x, y)
    total = 0
    for item in Vector(x, y):
        total += item
    return a - b, total, list(Vector(x, y))


class Layer:
    scale = 2

    def __init__(self, w):
        if w.ndim == 1:
            w = w[:, None]
        self.w = w

    def forward(self, x):
        return (x @ self.w) * self.scale

    def __call__(self, x):
        return self.forward(x)


class Relu(Layer):
    def forward(self, x):
        y = super().forward(x)
        return np.where(y > 0, y, 0)


class Biased(Relu):
    scale = 3

    def __init__(self, w, b):
        super().__init__(w)
        self.b = b

    def forward(self, x):
        y = super().forward(x) + self.b
        if y.sum() > 10:
            return y / 10
        return y


@program((f64(1, 2),), (f64(10, 20),), (f64(-1, -1),), stages="cond")
def deep_inheritance(x):
    return Biased(np.ones(2), 0.5)(x)


@program((f64(1, 2),), (f64(0, 0),), stages="cond", made=True, name="method_of_a_subclass")
def make_method_of_a_subclass():
    return Biased(np.ones((2, 2)), 1).forward


@dataclass
class State:
    x: np.ndarray
    step: int = 0
    log: list = field(default_factory=list)


@dataclass(frozen=True)
class Setting:
    rate: float
    limit: float = 100

    def __post_init__(self):
        if not self.rate > 0:
            raise ValueError("rate must be positive")


@program((f64(1, 2), 3), (f64(1, 2), 0), stages="while_loop")
def dataclass_in_a_loop(x, n):
    state = State(x)
    for i in range(n):
        state = State(state.x * 2, state.step + i)
    return state.x, state.step


@program((State(f64(1, 2)), 3), (State(f64(1, 2), 5), -3), stages="cond")
def dataclass_argument_and_result(state, k):
    if k > 0:
        state = replace(state, x=state.x + k)
    return state


@program((State(f64(1, 2)), 3), (State(f64(1, 2), 5), -3), stages="cond")
def dataclass_argument_written(state, k):
    if k > 0:
        state.step += k
    state.x[0] = k


@program((0.5,), (-0.5,), (0.0,))
def post_init_raises(rate):
    return Setting(rate).limit * rate


class Pair(NamedTuple):
    first: object
    second: object = 0

    def total(self):
        return self.first + self.second


@program((1, 2), (2, 1), stages="cond")
def named_tuples_in_branches(x, y):
    p = Pair(x, y) if x > y else Pair(y)
    return p.total(), p, p._replace(first=9)


@program((Pair(1, f64(2)),), (Pair(f64(1), 2),))
def named_tuple_argument(p):
    a, b = p
    return p.first + b, p, a


class Lazy:
    def __init__(self, x):
        self.x = x

    @cached_property
    def total(self):
        print("computed")
        return self.x.sum()

    @property
    def scale(self):
        return self._scale

    @scale.setter
    def scale(self, value):
        if value < 0:
            raise ValueError("scale")
        self._scale = value


@program((f64(1, 2),))
def cached_properties(x):
    lazy = Lazy(x)
    return lazy.total + lazy.total


@program((f64(1, 2), 3), (f64(1, 2), -3), stages="cond")
def property_setters(x, k):
    lazy = Lazy(x)
    lazy.scale = k
    return lazy.scale * x


class Slotted:
    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


@program((3,), (-3,), stages="cond")
def slots_written_in_a_branch(x):
    s = Slotted(x)
    if x > 0:
        s.value = x * 2
    return s.value


@program((3,), (-3,), stages="cond")
def class_attribute_read(x):
    class Local:
        k = 5

        def get(self, y):
            return self.k if y > 0 else -self.k

    return Local().get(x)


@program((3, 4), (-3, 4), stages="cond")
def object_swapped_in_a_branch(x, y):
    a, b = Vector(x, 1), Vector(y, 2)
    if x > 0:
        a.x, b.x = b.x, a.x
    return pair(a), pair(b)


@program((3,), (0,), stages="while_loop")
def objects_made_in_a_loop(n):
    position = Vector(0, 0)
    for i in range(n):
        position = position + Vector(i, 1)
    return pair(position)


class Missing:
    def __getattr__(self, name):
        return len(name)


@program((3,))
def getattr_of_a_class(x):
    return Missing().four * x
