"""Functions with a cache that call themselves: what they do, they do once for each key, and what they give is kept."""

import functools

import numpy as np

from tests.programs.local_classes import NOT_DATA
from tests.programs.row import f64, program


@program((5,), (1,), (12,), stages="define")
def each_key_acts_once(n):
    seen = []

    @functools.lru_cache(None)
    def fib(k):
        seen.append(k)
        print("computing", k)
        return k if k < 2 else fib(k - 1) + fib(k - 2)

    return fib(n), fib(n), fib(n + 1), seen


@program((60,), (0,), stages="define")
def keys_that_are_too_many_without_a_cache(n):
    @functools.cache
    def fib(k):
        return k if k < 2 else fib(k - 1) + fib(k - 2)

    return fib(n)


@program(("kitten", "sitting"), ("abcdefg" * 3, "bcdefgh" * 3), ("", "abc"), ("a b" * 15, "ab " * 15))
def distance_of_texts(a, b):
    calls = 0

    @functools.lru_cache(None)
    def go(i, j):
        nonlocal calls
        calls += 1
        if i == 0:
            return j
        if j == 0:
            return i
        return min(go(i - 1, j) + 1, go(i, j - 1) + 1, go(i - 1, j - 1) + (a[i - 1] != b[j - 1]))

    return go(len(a), len(b)), calls


@program((5,), (9,), (0,))
def captured_counter_between_calls(n):
    count = 0

    @functools.cache
    def go(k):
        nonlocal count
        count += 1
        return k if k < 2 else go(k - 1) + go(k - 2)

    first = go(n)
    count += 100
    return first, go(n + 1), count


@program((3,), (8,), stages="define cond")
def first_called_in_a_branch(n):
    seen = []

    @functools.cache
    def go(k):
        seen.append(k)
        return k if k < 2 else go(k - 1) + go(k - 2)

    first = go(n) if n > 5 else go(n + 1)
    return first + go(n), seen


@program((6,), (0,), (1,), stages="define while_loop")
def called_in_loops(n):
    seen = []

    @functools.cache
    def go(k):
        seen.append(k)
        return k if k < 2 else go(k - 1) + go(k - 2)

    total = 0
    for i in range(n):
        total += go(i)
    while n > 0:
        total += go(n) + sum(go(i) for i in range(n))
        n -= 1
    return total, seen, list(map(go, range(3)))


@program((5,), (0,), (3,), stages="define")
def two_that_call_each_other(n):
    seen = []

    @functools.cache
    def even(k):
        seen.append(k)
        return True if k == 0 else odd(k - 1)

    @functools.cache
    def odd(k):
        seen.append(-k)
        return False if k == 0 else even(k - 1)

    return even(n), odd(n), even(n + 1), seen


@program((40,), (1,), stages="define")
def one_of_two_has_a_cache(n):
    @functools.cache
    def left(k):
        return 1 if k <= 0 else right(k - 1) + left(k - 1)

    def right(k):
        return 1 if k <= 0 else left(k - 1) + left(k - 2)

    return left(n), right(n)


@program((8,), (3,), stages="define")
def no_more_than_maxsize_is_kept(n):
    seen = []

    @functools.lru_cache(maxsize=2)
    def go(k):
        seen.append(k)
        return k if k < 2 else go(k - 1) + go(k - 3 if k > 3 else 0)

    @functools.lru_cache(maxsize=0)
    def none_of(k):
        seen.append(-k)
        return k if k < 1 else none_of(k - 1)

    return go(n), none_of(2), none_of(2), seen


KEYS = (3, 3.0), (np.int64(2), 1.0), (np.float32(2), 2), (3, 4), (1.0, True)


@program(*KEYS, stages="define")
def equal_keys_of_several_classes(n, m):
    @functools.cache
    def go(k, step):
        return k if k <= 1 else go(k - 1, step) + step

    @functools.cache
    def alone(k):
        return k if k <= 1 else alone(k - 1) + 1

    return go(n, 1), go(m, 1), go(m, True), go(n, 1.0), alone(n), alone(m)


@program(*KEYS, stages="define")
def typed_keys(n, m):
    @functools.lru_cache(typed=True)
    def go(k, step):
        return k if k <= 1 else go(k - 1, step) + step

    return go(n, 1), go(m, 1), go(m, True), go(n, 1.0)


@program(*KEYS)
def equal_keys_without_recursion(n, m):
    @functools.cache
    def double(k):
        return k * 2

    return double(n), double(m), double(np.float32(2)), double(2.0)


@program((3,), (5,), stages="define")
def without_recursion_it_acts_once(n):
    seen = []

    @functools.cache
    def double(k):
        seen.append(k)
        return [k * 2]

    total = 0
    for i in range(n):
        total += double(i % 2)[0]
        double(i % 2).append(i)
    return total, double(0), double(1) is double(1), seen


@program((3,), (0,))
def results_are_the_same_objects(n):
    @functools.cache
    def powers(k):
        return np.ones(3) if k == 0 else powers(k - 1) * 2

    @functools.cache
    def pair(k):
        if k == 0:
            return 0, 1
        a, b = pair(k - 1)
        return b, a + b

    first = powers(n)
    first[0] = 100
    return first is powers(n), powers(n), powers(n + 1), pair(n) is pair(n), pair(n)


@program((3,), (0,))
def exceptions_are_not_kept(n):
    seen = []

    @functools.cache
    def go(k):
        seen.append(k)
        if k == 0:
            raise ValueError("zero")
        return go(k - 1) + 1

    for _ in range(2):
        try:
            go(n)
        except ValueError as error:
            seen.append(str(error))
    return seen


@program((f64(1, 2),), (np.float64(60),))
def arrays_are_no_keys(x):
    @functools.cache
    def go(v):
        return v if v.sum() > 100 else go(v * 2)

    return go(x)


@program(([1, 2],), ((1, 2),))
def lists_are_no_keys(items):
    @functools.cache
    def first(given):
        return given[0]

    return first(items)


@program((9,), (2,))
def arguments_by_name_and_by_default(n):
    @functools.cache
    def go(k, step=1):
        return k if k < 2 else go(k - 1) + go(k - step, step=step)

    return go(n), go(k=n), go(n, step=1)


@program((6,), (30,), forms=NOT_DATA)
def methods_with_a_cache(n):
    class Steps:
        def __init__(self, start):
            self.start = start

        @functools.cache
        def go(self, k):
            return self.start if k < 2 else self.go(k - 1) + self.go(k - 2)

    return Steps(1).go(n), Steps(2).go(n)


@program((f64(*range(30)), 4), (f64(*range(30)), -1))
def keys_that_are_known_in_branches_that_are_not(a, n):
    @functools.cache
    def go(k):
        if k <= 0:
            return 0
        if a[k] > n:
            return go(k - 1) + go(k - 2)
        return go(k - 2) + go(k - 1) + 1

    return go(25)


@program((3,))
def keys_of_which_some_are_known(n):
    calls = []

    @functools.cache
    def go(k, j):
        calls.append(k)
        return 1 if k < 1 else go(k - 1, j) + go(k - 2, j) + j

    return go(25, 3), go(25, n), go(80, 3), len(calls)


@program(([1, 5, 10, 25], 100), ((2, 3), 31), ([7], 5))
def ways_to_give_change(coins, total):
    @functools.cache
    def ways(i, left):
        if left == 0:
            return 1
        if left < 0 or i == len(coins):
            return 0
        return ways(i, left - coins[i]) + ways(i + 1, left)

    return ways(0, total)


@program((20,))
def one_for_each_turn(n):
    out = []
    for j in (1, 2, 3):

        @functools.cache
        def go(k):
            return j if k < 2 else go(k - 1) + go(k - 2)

        out.append(go(n))
    for i in range(n):
        go = functools.lru_cache(maxsize=None)(lambda k: i if k < 2 else go(k - 1) + go(k - 2))
        out.append(go(i))
    return out


@functools.lru_cache(None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@functools.cache
def up(n):
    return 1 if n < 1 else down(n - 1) + down(n - 2)


def down(n):
    return 1 if n < 1 else up(n - 1) + up(n - 2)


class Climb:
    def __init__(self, start):
        self.start = start

    @functools.cache
    def go(self, k):
        return self.start if k < 2 else self.go(k - 1) + self.go(k - 2)


CLIMB = Climb(3)


@program((60,), (90,), (0,), forms=NOT_DATA)
def of_a_module_they_are_called_as_they_are(n):
    return fib(n), up(n), CLIMB.go(n), Climb(n).go(30)


@program((1,))
def of_a_module_with_known_keys(n):
    return fib(40) + n, fib(40), up(30)
