"""functools, decorators, generators of helper functions, recursion whose depth depends on a value."""

import functools
import inspect
import operator

import numpy as np

from tests.programs.row import f64, given, i64, program


def affine(x, a, b=0):
    if x > 0:
        return a * x + b
    return b


double = functools.partial(affine, a=2)


@program((3,), (-3,), stages="cond")
def partial_of_a_function(x):
    return double(x) + functools.partial(affine, x)(5, b=1)


program((3, 4), (-3, 4), stages="cond", name="partial_itself", made=True)(lambda: functools.partial(affine, b=10))


def twice(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print("calling", function.__name__)
        return function(*args, **kwargs) * 2

    return wrapper


def plus(k):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(x):
            return function(x) + k if x > 0 else function(x) - k

        return wrapper

    return decorate


@plus(3)
@twice
def decorated(x):
    return x * x if x > 1 else x


@program((3,), (-3,), (1,), stages="cond")
def stacked_decorators(x):
    return decorated(x)


@functools.lru_cache(maxsize=None)
def cached_weights(n):
    return tuple(range(n))


@program((3,), (-3,))
def cached_callee(x):
    return [x * w for w in cached_weights(3)]


def factorial_by_recursion(n):
    if n <= 1:
        return 1
    return n * factorial_by_recursion(n - 1)


@program((5,), (0,), (25,))
def recursion_by_value(n):
    return factorial_by_recursion(n)


program((5,), (0,), (10,), name="recursion_of_the_function_itself")(factorial_by_recursion)


def fibonacci_by_recursion(n):
    return n if n < 2 else fibonacci_by_recursion(n - 1) + fibonacci_by_recursion(n - 2)


@program((7,), (1,))
def double_recursion(n):
    return fibonacci_by_recursion(n)


def is_even(n):
    if n == 0:
        return True
    return is_odd(n - 1)


def is_odd(n):
    if n == 0:
        return False
    return is_even(n - 1)


@program((4,), (5,), (0,))
def mutual_recursion(n):
    return is_even(n), is_odd(n)


@program((12,), (3,))
def recursive_inner_function(n):
    def depth(k):
        if k < 2:
            return 0
        return 1 + depth(k // 2)

    return depth(n)


def quick_sort(x):
    if len(x) <= 1:
        return x
    pivot = x[0]
    rest = x[1:]
    return np.concatenate([quick_sort(rest[rest < pivot]), x[:1], quick_sort(rest[rest >= pivot])])


@program((f64(3, 1, 2, 5, 1),), (f64(),), (f64(2, 1),))
def recursion_over_data(x):
    return quick_sort(x)


@program((3,), (-3,))
def function_chosen_by_value(x):
    def up(y):
        return y + 1

    def down(y):
        return y - 1 if y > 0 else y * 2

    f = up if x > 0 else down
    return f(x)


@program(([3, 1, 2],), ([1.5],))
def reduce_and_operators(items):
    return functools.reduce(operator.add, items), functools.reduce(lambda a, b: a if a > b else b, items, 0)


@program((f64(1, 2), 2), (f64(-1, 2), 2), stages="cond")
def compose(x, k):
    def composed(*functions):
        def run(value):
            for function in functions:
                value = function(value)
            return value

        return run

    return composed(np.sqrt, lambda y: y * k if k > 1 else y, np.sum)(abs(x))


@program((3,), made=True, forms=("converted", "traced"), name="mutable_default_of_a_callee")
def make_mutable_default_of_a_callee():
    def call(x):
        def count(y, seen=[]):
            seen.append(y)
            return len(seen)

        return count(x) + count(x)

    return call


@program((3, 1), (-3, 1), stages="cond")
def two_lambdas_on_a_line(x, y):
    f, g = lambda a: a + y if a > 0 else a, lambda a: a * 10 if a > 0 else -a
    return f(x), g(x), f(g(x))


@program((3,), (1,), stages="cond")
def counter_by_a_closure(x):
    def make():
        count = 0

        def step(k):
            nonlocal count
            if k > 2:
                count += k
            return count

        return step

    a, b = make(), make()
    a(x)
    a(x + 1)
    return a(0), b(x)


@program(given(1, 2, 3), given(), given(5, scale=2))
def args_and_kwargs_passed_on(*args, **kwargs):
    return total_of(*args, **kwargs)


def total_of(*args, scale=1):
    total = 0
    for item in args:
        total += item if item > 1 else -item
    return total * scale


@program((i64(3, 1, 2),), (i64(),))
def key_functions(x):
    return sorted(x.tolist(), key=lambda k: -k), max(x.tolist(), key=lambda k: k % 3, default=None)


@program((3,), (0,), stages="while_loop")
def helper_generator_of_values(n):
    total = 0
    for value in countdown(n):
        total += value
    return total


def countdown(n):
    while n > 0:
        yield n
        n -= 1


@program((f64(1, 2, 3),), (f64(-1),))
def vectorized_python_function(x):
    return np.vectorize(lambda item: item * 2 if item > 0 else 0.0)(x)


@program((f64(1, 2, 3),), (f64(-1, 1),))
def apply_along_axis(x):
    return np.apply_along_axis(lambda row: row[::-1] if row.sum() > 0 else -row, 0, x)


@program((2.0,), (0.5,), stages="while_loop")
def higher_order_newton(a):
    def solve(f, derivative, x):
        while abs(f(x)) > 1e-9:
            x = x - f(x) / derivative(x)
        return x

    return solve(lambda x: x * x - a, lambda x: 2 * x, 1.0)


@program((1,), (0,), (-1,), stages="cond")
def ternary_picks_a_function(x):
    f = np.cos if x > 0 else np.sin
    return f(1.0)


@program((3,), (-3,))
def function_defined_in_a_branch(x):
    if x > 0:

        def f(y):
            return y + 1
    else:

        def f(y):
            return y * 10

    return f(x)


@program((f64(1, 2), 1), (f64(1, 2), -1))
def method_chosen_by_a_branch(x, k):
    if k > 0:
        f = x.sum
    else:
        f = x.max
    return f()


def counting(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return len(args), len(kwargs), function(*args, **kwargs)

    wrapper.__signature__ = inspect.signature(function)
    return wrapper


@program((1.0,), (1.0, 2.0), given(1.0, scale=3.0))
@counting
def wrapper_sees_what_was_passed(x, scale=2.0):
    return x * scale


@counting
def scaled(x, scale=2.0):
    return x * scale


@program((1.0,))
def callee_wrapper_sees_what_was_passed(x):
    return scaled(x), scaled(x, scale=x)


@program((f64(1, 2), True), (f64(1, 2), False))
def function_chosen_by_a_flag(x, check):
    convert = np.asarray_chkfinite if check else np.asarray
    return convert(x) + 1


class Shape:
    def __new__(cls, *args):
        return super().__new__(Square if cls is Shape else cls)

    def __init__(self, a, b):
        self.area = a * b


class Square(Shape):
    def __init__(self, a):
        self.area = a * a


@program((3,), (2.5,))
def new_gives_a_subclass(x):
    return Shape(x).area + Shape.__new__(Square).__class__(x).area


@program((f64(1, -2),), (np.ones((2, 2)),), (1j,), ([1.0, 2.0],))
def what_types_tell(x):
    return np.ndim(x), np.iterable(x), np.iscomplexobj(x), isinstance(x, list | tuple)


NAMES = {"shift", "scale"}


@program((1.5,), given(1.5, shift=2))
def set_outside_of_the_function(x, **options):
    if NAMES.intersection(options):
        x = x + options["shift"]
    return x, "shift" in NAMES


@program((2, 3), (True, 3))
def index_of_a_number_in_a_loop(n, x):
    return operator.index(n) * x


@program((0,), (5,), stages="cond")
def import_that_fails(x):
    if x > 3:
        import a_module_that_is_nowhere as x
    return x


@program((1,))
def import_that_may_fail(x):
    try:
        import a_module_that_is_nowhere as found
    except ImportError:
        found = operator
    return found.neg(x)


@program((f64(1, 2), f64(1, 1)), (f64(-1, 2), f64(1, 1)), (f64(-9, 2), f64(1, 1)), stages="cond")
def function_chosen_by_data(x, y):
    if x[0] > 0:
        combine = np.maximum
    elif x[0] < -5:
        combine = np.add
    else:
        combine = np.minimum
    kind = float if y[0] > x[0] else int
    return combine(x, y), kind(x[1])


KINDS = {1: "one", 3: "three"}


@program((3,), (5,), stages="cond")
def staged_key_among_keys(x):
    return "known" if x in KINDS.keys() else "unknown"


@program((f64(1, 2),), (f64(-1, 2),), stages="cond")
def parts_of_a_dtype(x):
    y = x if x[0] > 0 else x.astype(np.float32)
    return y.dtype.kind, y.dtype.char, y.dtype.names


@program((f64(1, 2), 2), (f64(1, 2), 5))
def list_changed_in_a_try_of_plain_python(x, n):
    names = ["a", "b"]
    try:
        names.append("c")
        names.remove("z")
    except ValueError:
        names.append("d")
    return x[: len(names)] + n, names


class Scaled:
    def __init__(self, k):
        self.k = k

    def times(self, a, b=1):
        return self.k * a * b

    twice = functools.partialmethod(times, 2)

    @functools.singledispatchmethod
    def told(self, value):
        return f"any {value}"

    @told.register
    def _(self, value: int):
        return f"int {value + self.k}"


@program((3,), (0,), (1.5,), forms=("converted", "traced"))
def partial_and_dispatched_methods(n):
    scaled = Scaled(n)
    return scaled.twice(), scaled.twice(b=n), scaled.told(4), scaled.told("a"), Scaled.told(scaled, 5)


@program(([3, 1, 3], 3), ([], 1), ([2], 1), forms=("converted", "traced"))
def methods_by_name(items, n):
    count, split = operator.methodcaller("count", n), operator.methodcaller("split", ",", maxsplit=n)
    return count(items), split("a,b,c,d,e"), list(map(count, [items, [n]]))


@program((3,), (0,), (-1,))
def smallest_of_own_sequence_that_may_be_empty(n):
    class Tens:
        def __getitem__(self, place):
            if place >= n:
                raise IndexError(place)
            return place * 10

    try:
        return min(Tens()), max(Tens(), key=lambda v: -v)
    except ValueError as error:
        return str(error)


@program((1,), (0,), forms=("converted", "traced"))
def attribute_whether_there_is_one_by_name(n):
    name = "real" if n else "nothing"
    return hasattr(n, name), getattr(n, name, 5), hasattr([n], "append" if n else "nothing")
