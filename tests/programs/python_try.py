"""try, except, else, finally, with, raise from, around staged code."""

import contextlib
import math

import numpy as np

from tests.programs.row import f32, f64, program


@program((1, 0), (1, 2), (f64(1), 0))
def except_of_a_division(x, y):
    try:
        return x / y
    except ZeroDivisionError:
        return -1


@program((f64(1, 2), 5), (f64(1, 2), 1), (f64(1, np.nan), 1))
def except_of_two_kinds(x, i):
    try:
        y = int(x[i])
    except IndexError:
        y = -1
    except (TypeError, ValueError):
        y = -2
    return y


@program((1, 0), (1, 2))
def except_else_finally(x, y):
    try:
        z = x // y
    except ZeroDivisionError as error:
        print("caught", error)
        z = 0
    else:
        z += 100
    finally:
        print("finally")
    return z


@program((1,), (-1,), stages="cond")
def raise_and_catch_in_a_branch(x):
    try:
        if x < 0:
            raise ValueError("negative", x)
        r = x
    except ValueError as error:
        r = error.args[1] * 10
    return r


@program((1,), (-1,), stages="cond")
def raise_in_a_callee_is_caught(x):
    try:
        return refuse(x)
    except ValueError:
        return 0


def refuse(x):
    if x < 0:
        raise ValueError("refused")
    return x


@program((1, 0), (1, 2))
def names_set_before_the_exception(x, y):
    a = 1
    try:
        a = 2
        b = x / y
        a = 3
    except ZeroDivisionError:
        b = a
    return a, b


@program((f64(1, 2), 1), (f64(1, 2), 7))
def effects_before_the_exception_stay(x, i):
    try:
        x[0] = 50
        print("reading")
        y = x[i]
    except IndexError:
        y = 0
    return y, x


@program((5, 3), (2, 3), (0, 3), stages="while_loop")
def try_in_a_loop(n, k):
    failures = 0
    total = 0
    for i in range(n):
        try:
            total += 6 // (i - k)
        except ZeroDivisionError:
            failures += 1
            continue
        finally:
            total += 1
    return total, failures


@program((5, 3), (2, 3), stages="while_loop")
def loop_in_a_try(n, k):
    i = -1
    try:
        for i in range(n):
            6 / (i - k)
    except ZeroDivisionError:
        return i
    return -i


@program((5,), (0,), stages="while_loop")
def break_and_return_through_finally(n):
    total = 0
    for i in range(n):
        try:
            if i == 2:
                break
            total += i
        finally:
            total += 10
    try:
        return total
    finally:
        print("left")


@program((1,), (-1,), stages="cond")
def exception_not_caught_here(x):
    try:
        if x < 0:
            raise KeyError("k")
    except ValueError:
        pass
    finally:
        print("done")
    return x


@program((1,), (-1,), (-9,), stages="cond")
def raise_from_and_reraise(x):
    try:
        return refuse(x)
    except ValueError as error:
        if x > -5:
            raise RuntimeError("wrapped") from error
        raise


@program((-1,), (-9,), (1,), stages="cond")
def bare_raise(x):
    try:
        return refuse(x)
    except ValueError:
        if x < -5:
            return -5
        raise


@program((1, 0), (0, 1), (1, 1))
def nested_try(x, y):
    try:
        try:
            return x / y
        except ZeroDivisionError:
            return y / (x - 1)
    except ZeroDivisionError:
        return 99


@program((1, 0), (1, 1))
def return_in_finally_wins(x, y):
    for _ in (1,):
        try:
            x = x / y
        finally:
            return x


@program((1,), (-1,), stages="cond")
def exception_name_is_deleted(x):
    error = 1
    try:
        refuse(x)
    except ValueError as error:
        pass
    return error


class Tracker:
    def __init__(self, swallow=False):
        self.swallow = swallow
        self.log = []

    def __enter__(self):
        print("enter")
        return self

    def __exit__(self, kind, value, trace):
        print("exit", kind.__name__ if kind else None)
        return self.swallow


@program((1,), (-1,), stages="cond")
def with_around_a_branch(x):
    with Tracker() as tracker:
        if x > 0:
            y = x * 2
        else:
            y = -x
        tracker.log.append(1)
    return y, len(tracker.log)


@program((1,), (-1,), stages="cond")
def return_through_with(x):
    with Tracker():
        if x > 0:
            return x
        x = x - 1
    return x


@program((4,), (1,), stages="while_loop")
def break_through_with(n):
    total = 0
    for i in range(n):
        with Tracker():
            if i == 2:
                break
            if i == 0:
                continue
            total += i
    return total


@program((1,), (-1,), stages="cond")
def exception_swallowed_by_with(x):
    y = 0
    with Tracker(swallow=True):
        y = refuse(x)
        y += 1
    return y


@program((1,), (-1,), stages="cond")
def exception_through_with(x):
    with Tracker() as a, Tracker() as b:
        refuse(x)
    return a is b


@contextlib.contextmanager
def announced(name):
    print("begin", name)
    try:
        yield name
    finally:
        print("end", name)


@program((1,), (-1,), stages="cond")
def context_manager_of_a_generator(x):
    with announced("block") as name:
        refuse(x)
    return name


@program((f32(1e38),), (f64(1),), (f64(-1),), stages="cond")
def errstate(x):
    with np.errstate(over="raise"):
        if x[0] > 0:
            return x * 10
    return x


@program((f32(1e38),), (f32(1),))
def floating_point_error_is_caught(x):
    try:
        with np.errstate(over="raise"):
            return x * 100
    except FloatingPointError:
        return x * 0


@program((1, 0), (1, 2))
def suppress(x, y):
    z = -1
    with contextlib.suppress(ZeroDivisionError):
        z = x / y
    return z


@program((1,), (-1,), stages="cond")
def assert_is_caught(x):
    try:
        assert x > 0, "not positive"
    except AssertionError as error:
        return str(error)
    return x


@program((3, 1), (3, -1), (3, -9), stages="while_loop")
def retry_until_it_works(n, k):
    attempts = 0
    while True:
        attempts += 1
        try:
            return refuse(k + attempts - 3), attempts
        except ValueError:
            if attempts > n:
                raise


@program((1.0, 4), (2.0, 0), stages="while_loop")
def callee_with_a_try_in_a_loop(x, n):
    total = 0.0
    for i in range(n):
        total += quotient(x, i)
    return total


def quotient(x, y):
    try:
        return x / y
    except ZeroDivisionError:
        return -1.0


@program((f64(1, -2, 3),), stages="while_loop")
def callee_with_a_nested_writer_in_a_loop(x):
    total = 0.0
    for v in x:
        total += sum_of_two(v)
    return total


def sum_of_two(v):
    total = 0.0

    def add(w):
        nonlocal total
        if w > 0:
            total += w

    add(v)
    add(v + 1)
    return total


@program((1.5, "np"), (1.5, "math"))
def try_of_plain_python(x, name):
    try:
        module = {"np": np}[name]
    except KeyError as error:
        print("no", error)
        module = math
    return module.sqrt(x)


@program((1.5, 0), (1.5, 1))
def try_of_plain_python_with_finally(x, places):
    try:
        place = (0, 1)[3 - 1]
    except IndexError:
        place = places
    finally:
        print("end")
    return x * place


@program((0,), (1,), (2,))
def raise_in_finally_inside_a_handler(n):
    def again():
        try:
            return 1 // n
        except ZeroDivisionError:
            try:
                print("x")
            finally:
                raise

    def other(place):
        try:
            return 1 // n
        except ZeroDivisionError:
            try:
                [1][place]
            except KeyError:
                pass
            finally:
                if place != 7:
                    raise
                print("goes on")

    def turns():
        try:
            return 1 // n
        except ZeroDivisionError:
            for i in range(n + 3):
                try:
                    print(i)
                finally:
                    if i == 1:
                        raise

    found = []
    for run in (again, lambda: other(0), lambda: other(3), lambda: other(7), turns):
        try:
            found.append(run())
        except (ZeroDivisionError, IndexError) as error:
            found.append(type(error).__name__)
    return found
