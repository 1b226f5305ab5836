"""Exceptions: raised by the program, by Python and by NumPy; assert; and what was done before them."""

import sys

import numpy as np

from tests.programs.row import f64, grid, i64, program, zero_d


class TooSmall(ValueError):
    """An exception of the user's own."""


@program((1, 0), (1, 2), (1.0, 0), (f64(1), 0), (np.float64(1), 0))
def division_by_zero(x, y):
    return x / y


@program((1, 0), (7, 2), (1.0, 0.0), (i64(7), 0))
def remainder_by_zero(x, y):
    return x // y, x % y


@program((1, 0), (-1, 0), (1, 5), stages="cond")
def division_by_zero_in_a_branch(x, y):
    if x > 0:
        return x / y
    return y


@program((3, 2), (3, 5), (0, 0), stages="while_loop")
def division_by_zero_in_a_loop(n, k):
    total = 0
    for i in range(n):
        total += 1 / (k - i)
    return total


@program((f64(1, 2, 3), 2), (f64(1, 2, 3), 5), stages="while_loop")
def index_error_in_a_loop(x, n):
    total = 0
    for i in range(n):
        print("at", i)
        total += x[i]
    return total


@program((1,), (-1,), (0,), stages="cond")
def raise_in_a_branch(x):
    if x > 0:
        return x
    if x == 0:
        raise ValueError("zero is not allowed")
    raise TypeError


@program((1,), (-1,), stages="cond", forms=("converted", "traced"))  # a file cannot hold the user's class
def raise_of_the_users_own(x):
    if x < 0:
        raise TooSmall("too small")
    return x


@program((1,), (-1,), (np.float32(-1.5),), stages="cond")
def raise_with_a_staged_message(x):
    if x < 0:
        raise ValueError(f"{x} is negative")
    return x


@program((1,), (-1,), stages="cond")
def raise_with_several_arguments(x):
    if x < 0:
        raise KeyError("code", x)
    return x


@program((1,), (-1,), stages="cond")
def raise_in_an_else(x):
    if x > 0:
        y = x
    else:
        raise RuntimeError("no y")
    return y + 1


@program((1, 1), (1, -1), (-1, 1), stages="cond")
def raise_in_nested_branches(x, y):
    if x > 0:
        if y < 0:
            raise ValueError("y")
        x += 1
    else:
        raise ValueError("x")
    return x + y


@program((5, 3), (2, 3), (0, 3), stages="while_loop")
def raise_in_a_loop(n, limit):
    total = 0
    for i in range(n):
        if i == limit:
            raise OverflowError("i reached the limit")
        total += i
    return total


@program((5, 100), (5, 3), stages="while_loop")
def raise_in_the_else_of_a_loop(n, wanted):
    for i in range(n):
        if i == wanted:
            break
    else:
        raise LookupError("not found")
    return i


@program((1,))
def raise_always(x):
    x = x + 1
    raise NotImplementedError("later")


def checked(x):
    if x < 0:
        raise ValueError("negative")
    return x


@program((1,), (-1,), (-10,), stages="cond")
def raise_in_a_callee(x):
    y = checked(x + 5)
    return checked(y - 5)


@program((1,), (-1,), (f64(1),), (f64(-1, 2),))
def assert_with_a_message(x):
    assert x > 0, "x must be positive"
    return x


@program((1,), (0,), (f64(0),))
def assert_without_a_message(x):
    assert x
    return x


@program((1,), (-1,))
def assert_with_a_staged_message(x):
    assert x > 0, f"x is {x}"
    return x


@program((5, 3), (2, 3), stages="while_loop")
def assert_in_a_loop(n, limit):
    for i in range(n):
        assert i < limit, "limit"
    return n


@program((1, 5), (1, -5), (-1, -5), stages="cond")
def assert_in_a_branch(k, x):
    if k > 0:
        assert x > 0, "x"
    return x


def message(x):
    print("message made")
    return "bad"


@program((1,), (-1,))
def message_of_an_assert_is_lazy(x):
    assert x > 0, message(x)
    return x


@program((f64(1, 2), f64(1, 2)), (f64(1, 2), f64(1, 2, 3)), (f64(-1, 2), f64(1, 2, 3)), stages="cond")
def shape_error_in_a_branch(x, y):
    if x[0] > 0:
        return x + y
    return x


@program((grid(2, 3), grid(3, 2)), (grid(2, 3), grid(2, 3)))
def shape_error_of_a_product(x, y):
    return x @ y


@program((3,), (f64(1),), (zero_d(1),))
def index_of_a_number(x):
    return x[0]


@program((3,), (f64(1),), (zero_d(1),))
def length_of_a_number(x):
    return len(x)


@program((f64(1),), (f64(1, 2),))
def cast_of_many_to_one(x):
    return float(x.sum()), int(x[0]), x.item()


@program((f64(np.nan),), (f64(np.inf),), (f64(2.5),))
def cast_of_nan_to_int(x):
    return int(x[0])


@program((f64(1, 2), True), (f64(1, 2), False), stages="cond")
def effects_before_an_exception_stay(x, flag):
    x[0] = 10
    print("before")
    if flag:
        x[1] = 20
        raise ValueError("stop")
    print("after")
    return x


@program((f64(1, 2), 3), (f64(1, 2), 1), stages="while_loop")
def writes_before_an_exception_stay(x, n):
    for i in range(n):
        x[i] = 100 + i
    return x


@program(({"a": 1},), ({"b": 1},))
def missing_key(table):
    return table["a"]


@program(((1, 2),), ((1, 2, 3),), ([1],))
def unpacking_of_a_wrong_length(pair):
    a, b = pair
    return a + b


@program((1,), (f64(1, 2),))
def unknown_attribute(x):
    return x.no_such_attribute


@program((1,), (-1,))
def unknown_name(x):
    return x + no_such_name


@program((1,), (-1,), stages="cond")
def unknown_name_in_a_branch(x):
    if x > 0:
        return no_such_name
    return x


@program((1,))
def wrong_number_of_arguments(x):
    return checked(x, x)


@program((1, "a"), (1, 2))
def number_and_string(x, y):
    return x + y


@program((2,), (-1,))
def linear_algebra_error(n):
    return np.linalg.inv(np.zeros((n, n)))


@program((f64(1, 2, 3), 0), (f64(1, 2, 3), 1), (f64(1, 2, 3), -2))
def axis_out_of_range(x, axis):
    return x.sum(axis=axis)


@program((3, 1), (-3, 1), (-3, -1), stages="cond")
def exception_type_depends_on_the_path(x, y):
    if x < 0:
        if y < 0:
            return f64(1, 2)[7]
        return x / (y - 1)
    return x


@program((1,), (2,), (3,), stages="cond")
def unset_name_in_a_chain(k):
    if k == 1:
        z = 10
    elif k == 2:
        w = 20
    else:
        z = 30
    return z


@program((1,), (-1,), stages="cond")
def deleted_name(x):
    y = x
    if x > 0:
        del y
    return y


@program((1, 2), (-1, 2), stages="cond")
def printed_lines_keep_their_order(x, y):
    print("start")
    if x > 0:
        print("positive", x, y, sep="-", end="!\n")
    else:
        print(f"negative {x:.1f} {y!r}")
    print("end", x + y)


@program((3,), (0,), stages="while_loop")
def prints_in_loops(n):
    for i in range(n):
        print("i", i)
        k = i
        while k > 0:
            print("  k", k, end=";")
            k -= 1
    print()


@program((f64(1, 2.5),), (np.float32(0.1),), (3,), (True,), (2.0,), (i64(1),))
def prints_of_each_kind(x):
    print(x)
    print("x =", x, x * 2)
    print(f"{x} {x + 1}")
    return x


@program((3,), (0,), (5,), stages="try", forms=("converted", "traced"))
def what_an_exception_came_after(x):
    found = []
    try:
        try:
            found.append(6 // x)
            [1, 2, 3, 4][x]
        except ZeroDivisionError:
            raise KeyError("zero")
        finally:
            found.append(1)
    except (KeyError, IndexError) as error:
        found.append((repr(error.__context__), error.__cause__))
    try:
        try:
            raise ValueError("first")
        except ValueError as first:
            raise TypeError("second") from first
    except TypeError as second:
        found.append((repr(second.__context__), repr(second.__cause__)))
    try:
        try:
            raise ValueError("first")
        finally:
            raise TypeError("last")
    except TypeError as last:
        found.append(repr(last.__context__))
    return found


# What an exception holds besides its arguments


PLAIN = ("converted", "traced")


class Denied(PermissionError):
    def __init__(self, path):
        super().__init__(13, "not yours", path)
        self.path = path


@program((1,), (-1,), (0,), (5,), stages="cond", forms=("converted", "traced"))
def files_of_errors(n):
    try:
        if n == 1:
            raise OSError(2, "gone", "a.txt")
        if n == 0:
            raise ImportError("no such", name="module", path="b.txt")
        if n < 0:
            raise Denied(f"{n}.txt")
        error = OSError(n, "odd", "c.txt")
        error.code = n
        raise error
    except ImportError as error:
        return str(error), error.name, error.path
    except PermissionError as error:
        return str(error), error.path, error.filename, error.errno
    except FileNotFoundError as error:
        return str(error), error.filename


@program((1,), (-1,), (0,), (5,), stages="cond", forms=("converted", "traced"))
def attribute_of_an_error_in_a_branch(n):
    error = ValueError("no", n)
    if n > 0:
        error.code = n
    if n > 4:
        raise error
    return hasattr(error, "code"), vars(error)


if sys.version_info >= (3, 11):  # where add_note is new

    @program((1,), (-1,), (0,), (5,), stages="cond", forms=("converted", "traced"))
    def notes_of_errors(n):
        error = ValueError("no", n)
        error.add_note(f"at {n}")
        if n > 0:
            error.add_note("big")
        try:
            if n > 4 or n < 0:
                raise error
        except ValueError as caught:
            return caught.args, caught.__notes__
        return error.__notes__

    @program((1,), (3,), (0,), (5,), stages="while_loop cond", forms=("converted", "traced"))
    def notes_in_a_loop(n):
        error = KeyError("no")
        for i in range(n):
            error.add_note(str(i))
        if n == 3:
            raise error
        try:
            error.add_note(n)
        except TypeError as other:
            told = str(other)
        return getattr(error, "__notes__", ()), told

    @program(([0, 2],), (["a"],), ([],), stages="while_loop try", forms=("converted", "traced"))
    def notes_of_collected_errors(items):
        errors = []
        for item in items:
            try:
                1 / item
            except (TypeError, ZeroDivisionError) as error:
                error.where = item
                error.add_note(f"item {item}")
                errors.append(error)
        return [(type(error).__name__, error.where, error.__notes__) for error in errors]


# What Python says of a value that cannot do what is asked of it


@program((f64(1, 2),), ([1],), ((1,),), ({1: 2},), ("a",), (2.5,), (None,), (np.int8(1),), forms=PLAIN)
def what_is_not_callable(x):
    try:
        return x()
    except TypeError as error:
        return str(error)


@program((f64(1, 2),), (np.float32(1),), (1,), ([1],), ("a",))
def what_has_no_such_attribute(x):
    try:
        return x.nothing
    except AttributeError as error:
        return str(error)


@program(([(1, 2)],), ([],), ({1: 2},), ("ab",), (5,), ((),), (grid(1, 2),))
def what_is_no_mapping(x):
    try:
        return {0: 1, **x}
    except TypeError as error:
        return type(error).__name__


@program((1,), (2,))
def what_cannot_be_a_key(n):
    found = []
    for make in (lambda: {[]: n}, lambda: {([],): n}, lambda: {1, []}, lambda: str.upper(None)):
        try:
            found.append(make())
        except TypeError as error:
            found.append(str(error))
    return found


@program((None,), (3,), ([1],), ([1, 2],), (np.float64(2),))
def what_cannot_be_unpacked(x):
    found = []
    for take in (first_of_two, first_and_rest, first_of_rows):
        try:
            found.append(take(x))
        except (TypeError, ValueError) as error:
            found.append(str(error))
    return found


def first_of_two(x):
    a, _ = x
    return a


def first_and_rest(x):
    [a, *_] = x
    return a


def first_of_rows(x):
    for a, _ in [x]:
        return a
