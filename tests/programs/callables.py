"""Calls: signatures, callees, closures, globals, methods, lambdas, recursion of static depth."""

import numpy as np

from tests.programs.row import f32, f64, given, grid, i64, program

SCALE = 3
WEIGHTS = np.array([1.0, 2.0])
TABLE = {"slope": 2.0, "offset": (1, 5)}


@program((2,), (2, 5), given(2, k=1.5), given(x=1, k=f64(2)))
def default_value(x, k=3):
    return x * k


@program(given(1), given(1, scale=2), given(1, 2, scale=3.0))
def keyword_only(x, y=10, *, scale=1):
    return (x + y) * scale


@program((1, 2), (1.5, 2))
def positional_only(x, y, /):
    return x - y


@program((1,), (1, 2, 3), (f64(1), 2.5))
def star_args(first, *rest):
    total = first
    for item in rest:
        total = total + item
    return total, len(rest)


@program(given(1), given(1, a=2, b=3.5), given(2, b=f64(1, 2)))
def star_kwargs(x, **options):
    for name, value in options.items():
        x = x + value * len(name)
    return x, options


@program(given(1, 2, 3, k=4, m=5), given(1))
def every_kind_of_parameter(a, *args, k=10, **kwargs):
    return a, args, k, kwargs


def scaled(x, factor=2, *, offset=0):
    return x * factor + offset


@program((1, 2), (f64(1, 2), 0.5))
def calls_with_keywords(x, y):
    options = {"factor": y, "offset": 1}
    return scaled(x), scaled(x, y), scaled(x, offset=y), scaled(*(x, y), offset=3), scaled(x, **options)


def positive_part(x):
    if x > 0:
        return x
    return 0


@program((2, -3), (-2, 3), (f32(2), f32(-3)), stages="cond")
def callee_with_a_branch(x, y):
    return positive_part(x) + positive_part(y) * 10


def first_above(x, limit):
    for i in range(len(x)):
        if x[i] > limit:
            return x[i]
    return -positive_part(limit)


@program((f64(1, 5, 9), 4), (f64(1, 5, 9), 10), (f64(), -1), stages="while_loop cond")
def callees_two_levels_deep(x, limit):
    found = first_above(x, limit)
    return positive_part(found) - found


@program((3, 1), (3, -1), (0, 1), stages="while_loop cond")
def callee_in_a_loop_in_a_branch(n, k):
    total = 0
    if k > 0:
        for i in range(n):
            total += positive_part(i - k)
    return total


@program((4, 3), (4, -3), stages="while_loop")
def callee_in_a_test(n, k):
    while positive_part(n) > 1 and positive_part(k) >= 0:
        n -= 1
    return n


def minimum_and_maximum(x):
    return x.min(), x.max()


@program((f64(3, 1, 2),), (f32(5),))
def callee_gives_a_tuple(x):
    low, high = minimum_and_maximum(x)
    return (x - low) / (high - low + 1)


@program((2,), (f64(1, 2),))
def reads_a_global(x):
    return x * SCALE + len(WEIGHTS)


@program((f64(1, 2),), (2,), (f64(1, 2, 3),))
def reads_a_global_array(x):
    return WEIGHTS * x + TABLE["slope"] - TABLE["offset"][1]


@program((2,), (-2,), stages="cond")
def reads_a_global_in_a_branch(x):
    if x > SCALE - 2:
        return x * SCALE
    return WEIGHTS[0] * x


def make_adder(k, w):
    def add(x):
        if x > k:
            return x + k
        return x + w

    return add


@program((3,), (1,), (2.5,), stages="cond", made=True, name="closure_over_numbers")
def make_closure_over_numbers():
    return make_adder(2, 10)


@program((3,), (1,), (np.float32(1),), stages="cond", made=True, name="closure_over_an_array")
def make_closure_over_an_array():
    return make_adder(2, np.array([1.0, 2.0]))


@program((3,), (-1,), stages="cond")
def inner_function(x):
    def helper(y):
        if y > 0:
            return y * x
        return y - x

    return helper(x) + helper(x - 5)


@program((3, 2), (0, 2), stages="while_loop")
def inner_function_in_a_loop(n, k):
    def step(total, i):
        return total * k + i

    total = 0
    for i in range(n):
        total = step(total, i)
    return total


@program((3,), (-3,), stages="cond")
def inner_function_reads_a_later_value(x):
    k = 1

    def scaled_by_k(y):
        return y * k

    first = scaled_by_k(x)
    if x > 0:
        k = 10
    else:
        k = 20
    return first, scaled_by_k(x)


@program((3, 2), (-3, 2))
def lambdas(x, y):
    double = lambda a: a * 2
    return double(x) + (lambda a, b=y: a - b)(x), (lambda: x + y)()


program((3, 2), (2, 3), (f32(1), 1), stages="cond", name="lambda_itself")(lambda x, y: x if x > y else -y)


def apply(f, x):
    return f(f(x))


@program((3,), (-3,), (f64(1, 2),))
def function_as_an_argument_of_a_callee(x):
    return apply(lambda a: a * 2 + 1, x) + apply(np.sin, 0.0) + apply(doubled, x)


def doubled(x):
    return x * 2


@program((3, 2), (-3, 2), stages="while_loop")
def callback_in_a_loop(x, n):
    total = 0
    for i in range(n):
        total = total + apply(positive_part, x - i)
    return total


class Affine:
    def __init__(self, w, b):
        self.w = w
        self.b = b

    def forward(self, x):
        y = self.linear(x)
        return self.activate(y + self.b if self.b > 0 else y)

    def linear(self, x):
        return x @ self.w

    @staticmethod
    def activate(y):
        return np.maximum(y, 0)

    def until(self, x, limit):
        steps = 0
        while x.sum() < limit:
            x = x + self.w[0]
            steps += 1
        return x, steps

    def __call__(self, x):
        return self.forward(x) * 2 if x.sum() > 0 else self.b


@program((grid(2, 3),), (f64(1, 2, 3),), made=True, name="method")
def make_method():
    return Affine(grid(3, 2), 1.5).forward


@program((grid(2, 3),), made=True, name="method_with_a_staged_test")
def make_method_with_a_staged_test():
    return Affine(grid(3, 2), f64(-1)).forward


@program((f64(0, 0), 10), (f64(9, 9), 10), stages="while_loop", made=True, name="method_with_a_loop")
def make_method_with_a_loop():
    return Affine(f64(2, 3), 0).until


@program((f64(1, 2, 3),), (f64(-1, -2, -3),), stages="cond", made=True, name="callable_object")
def make_callable_object():
    return Affine(grid(3, 2), 1)


@program((f64(1, 2, 3),))
def method_of_a_global_object(x):
    return LAYER.forward(x) + LAYER(x)


LAYER = Affine(np.ones((3, 2)), 0.5)


def power(x, n):
    if n == 0:
        return 1
    return x * power(x, n - 1)


@program((2,), (1.5,), (f64(1, 2),))
def recursion_of_constant_depth(x):
    return power(x, 3) + power(x, 0)


def total_of_tree(tree):
    if isinstance(tree, tuple):
        total = 0
        for branch in tree:
            total = total + total_of_tree(branch)
        return total
    return positive_part(tree)


@program(((1, (2, -3), ((4,), 5)),), (7,), (((), (f64(1), 2.5)),), stages="cond")
def recursion_over_a_structure(tree):
    return total_of_tree(tree)


@program((f64(1, 2, 3, 4),), (f64(5),))
def recursion_over_a_size(x):
    return halves(x)


def halves(x):
    if x.shape[0] <= 1:
        return x.sum()
    middle = x.shape[0] // 2
    return halves(x[:middle]) - halves(x[middle:])


@program((1, 2), (2, 1), stages="cond")
def two_functions_call_each_other(x, y):
    return ping(x, y, 2)


def ping(x, y, depth):
    if depth == 0:
        return x
    return pong(x + 1, y, depth)


def pong(x, y, depth):
    if x > y:
        return ping(x - y, y, depth - 1)
    return ping(y, x, depth - 1)


@program((3, 4), (i64(1, 2), 2))
def arguments_are_evaluated_in_order(x, y):
    return scaled(note("first", x), note("second", y), offset=note("third", 1))


def note(label, value):
    print(label, value)
    return value


@program((3,), (-3,), stages="cond")
def result_of_a_call_is_not_used(x):
    note("seen", x)
    positive_part(x)
    return x


@program((f64(1, 2),), (f64(-1, -2),), stages="cond")
def function_that_returns_nothing(x):
    clear_negative(x)
    return clear_negative(x + 1)


def clear_negative(x):
    if x[0] < 0:
        x[:] = 0


@program((3,), (0,), stages="while_loop")
def default_made_of_a_global(n, k=SCALE):
    total = 0
    for i in range(n):
        total += i * k
    return total
