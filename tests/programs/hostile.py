"""Programs that once went wrong: each is the smallest form of a fault that a reviewer found."""

import collections
import copy

import numpy as np

from tests.programs.row import f64, program


@program(({"a": 1, "b": 2}, 10))
def names_of_the_check(d, v1):
    return d["a"] + v1, d["b"] * v1


@program((3,), (4.0,))
def names_of_the_sentinel(MISS):
    return MISS + 1


@program((3,))
def run(n):
    return n + 1


@program((3,), (0,), stages="while_loop")
def len_(n):
    total = 0
    for i in range(n):
        total += len([i, total])
    return total


@program((3,))
def deep_copies(n):
    first = [n, [n + 1]]
    second = copy.deepcopy(first)
    second[1][0] = 9
    return first, second


@program((f64(1, 2),))
def deep_copy_of_an_array(x):
    y = copy.deepcopy(x)
    y[0] = 5
    return x, y


@program((3,), (0,), forms=("converted", "traced"))
def attribute_of_a_local_function(n):
    def counter():
        pass

    counter.calls = 0
    for _ in range(n):
        counter.calls += 1
    return counter.calls


@program((3,), (0,), forms=("converted", "traced"))
def attribute_of_a_local_class(n):
    class Tally:
        total = 0

    for i in range(n):
        Tally.total += i
    return Tally.total


@program((3,), (0,))
def default_dicts(n):
    table = collections.defaultdict(int)
    for i in range(n):
        table[i % 2] += i
    return dict(table)


@program((3,))
def ordered_dicts(n):
    table = collections.OrderedDict()
    table["a"] = n
    return table


@program((3,), (0,))
def queues(n):
    queue = collections.deque([n])
    total = 0
    while queue:
        item = queue.popleft()
        total += item
        if item > 1:
            queue.append(item - 1)
    return total


@program((f64(1, 2),), (3,))
def class_of_a_value(x):
    return x.__class__.__name__, type(x).__name__


@program((3,), (0,))
def recursion_that_appends(n):
    items = []

    def visit(k):
        items.append(k)
        if k > 0:
            visit(k - 1)

    visit(n)
    return items


@program((10,), (1,))
def recursion_with_a_memo(n):
    memo = {}

    def fib(k):
        if k < 2:
            return k
        if k in memo:
            return memo[k]
        memo[k] = fib(k - 1) + fib(k - 2)
        return memo[k]

    return fib(n)


@program((3,), (0,))
def star_of_a_grown_list(n):
    items = []
    for i in range(n):
        items.append(i)
    return [*items, n], (n, *items)


@program((7,), (0,), stages="while_loop")
def walrus_bound_in_a_test(n):
    t = 0
    while (y := n - t) > 0:
        t += y
    return t


@program((3, 1, 2), (1.5, 2.5, 0.5))
def sort_with_a_key(a, b, c):
    items = [a, b, c]
    items.sort(key=lambda v: -v)
    return items


@program((f64(1, 2),), (f64(),))
def text_of_items(x):
    return ",".join(str(v) for v in x)


@program((3,), (1,))
def sets_of_values(n):
    seen = {n}
    for i in range(n):
        seen.add(i % 2)
    return sorted(seen), {n: "n"}


class Items(list):
    pass


@program((Items([1, 2]),), forms=("converted", "traced"))
def list_subclass_argument(items):
    items.append(3)
    return len(items)


@program((3,), (np.float32(2),))
def shadows_a_builtin(sum):
    total = sum
    for range in (1, 2, 3):
        total = total + range
    return total


@program((f64(1, 2),), (f64(1, 2, 3),))
def exact_random_stream(x):
    np.random.seed(3)
    return x + np.random.rand(len(x)), np.random.rand(), np.random.randint(10, size=2)


@program((3,), (0,))
def merged_dicts(n):
    table = {}
    for i in range(n):
        table[i] = [i]
    return {**table, "e": 1}, [*table]


@program((3,), (0,))
def bounded_queue(n):
    queue = collections.deque(maxlen=2)
    for i in range(n):
        queue.append(i)
    return list(queue)


@program((3,), (f64(1, 2),))
def attribute_that_may_be_missing(x):
    return getattr(x, "strides", None), hasattr(x, "shape")


@program((f64(3, 4),), (f64(1, 2, 2),))
def star_of_an_array(x):
    return max(*x), np.hypot(*np.stack([x, x])), [*x]


@program((3,), (2,))
def star_of_a_list_in_print(n):
    items = []
    for i in range(n):
        items.append(i)
    print(*items)
    return max(*items)
