"""What acts outside of the program, or keeps state there: Python as it is, exceptions of the user's, objects with
state. Nothing of it may be done while tracing, or once for all calls.
"""

import array
import bisect
import collections
import dataclasses
import datetime
import functools
import heapq
import io
import itertools
import json
import os
import random
import sys
import threading
import types
import warnings

import numpy as np

from dy2static import not_to_static
from tests.programs.row import f64, program

BEYOND_SAVING = ("converted", "traced")
THRICE = ((1.0,), (3.0,), (5.0,), (5.0,))


# Python as it is


def as_is():
    log = []

    @not_to_static
    def noisy(x):
        log.append(x)
        return x * 2

    return log, noisy


@program(*THRICE, made=True, stages="cond", forms=BEYOND_SAVING)
def as_is_in_a_branch():
    log, noisy = as_is()

    def f(x):
        if x > 1:
            x = noisy(x)
        return x, len(log), log

    return f


@program(*THRICE, made=True, stages="while_loop", forms=BEYOND_SAVING)
def as_is_in_a_loop():
    log, noisy = as_is()

    def f(x):
        while x < 100:
            x = noisy(x) + len(log)
        return x

    return f


@program((f64(1, 2),), (f64(3, 4),), made=True, stages="while_loop", forms=BEYOND_SAVING)
def as_is_changes_arrays_and_captured_names():
    count = 0

    @not_to_static
    def bump(x):
        nonlocal count
        count += 1
        x[0] = count
        return x

    def f(x):
        total = 0.0
        for _ in range(3):
            before = x.sum()
            y = bump(x)
            total += before + count
        return total, count, y is x, x

    return f


class Refused(Exception):
    def __init__(self, a, b):
        super().__init__(f"{a}:{b}")
        self.a = a
        self.b = b

    def both(self):
        return self.a, self.b


@not_to_static
def refuse(x):
    if x > 2:
        raise Refused(x, 1)
    return float(x)


@program(*THRICE, stages="try", forms=BEYOND_SAVING)
def as_is_raises_inside_try(x):
    try:
        y = refuse(x)
    except Refused as error:
        y = error.a + 10
    return y


@program(*THRICE, forms=BEYOND_SAVING)
def as_is_raises_to_the_caller(x):
    return refuse(x)


@not_to_static
def extend(items, *, table=None):
    items.append(len(items))
    if table is not None:
        table["n"] = items
    return items


@program((1,), (2,), (-1,), stages="cond", forms=BEYOND_SAVING)
def as_is_changes_lists_made_here(x):
    items = [x, 2]
    table = {"k": x}
    if x > 0:
        same = extend(items, table=table)
        same.append(5)
    return items, len(items), table


@program(([1], 1), ([1, 2], 1), ([1], -1), stages="cond", forms=BEYOND_SAVING)
def as_is_changes_lists_of_the_caller(items, x):
    if x > 0:
        extend(items)
    return len(items), items


class Ticker:
    def __init__(self):
        self.count = 0
        self.seen = []

    @not_to_static
    def tick(self, x):
        self.count += 1
        self.seen.append(x)
        return self.count

    def run(self, x):
        ticked = self.tick(x) if x > 0 else 0
        return ticked, self.count, len(self.seen)


@program((1,), (1,), (-1,), (2,), made=True, stages="cond", forms=BEYOND_SAVING)
def as_is_method():
    return Ticker().run


@not_to_static
def kind_of(x):
    return 1 if x.sum() > 3 else float(x[0])


as_is_vectorized = not_to_static(np.vectorize(lambda v: v + 1 if v > 1 else v))


@program((f64(1, 1),), (f64(3, 4),), forms=BEYOND_SAVING)
def as_is_needs_the_values(x):
    return kind_of(x), as_is_vectorized(x) * 2


# Exceptions of the user's


class Further(Refused):
    def __init__(self, a):
        super().__init__(a, 9)
        self.c = a * 2


class Wordy(Exception):
    def __init__(self, value):
        super().__init__(f"my {value}")
        self.value = value


class Spoken(Exception):
    def __str__(self):
        return f"spoken {self.args}"


ONE_REFUSAL = Refused(8, 9)


@program(*THRICE, stages="cond", forms=BEYOND_SAVING)
def own_exception_to_the_caller(x):
    if x > 4:
        raise Refused(x, 1)
    if x > 2:
        raise Wordy(x)
    return x


@program(*THRICE, stages="try", forms=BEYOND_SAVING)
def own_exception_with_attributes_in_a_handler(x):
    try:
        own_exception_to_the_caller(x)
    except Refused as error:
        return error.a, error.b, str(error), error.args
    except Wordy as error:
        return error.value, str(error)
    return None


@program(*THRICE, stages="try", forms=BEYOND_SAVING)
def own_exception_of_a_chain_of_classes(x):
    try:
        if x > 4:
            raise Further(x)
        if x > 2:
            raise Refused(x, x)
        r = (x, 0.0)
    except Further as error:
        r = (error.c, error.b)
    except Refused as error:
        r = (error.a, error.b)
    return r


@program(*THRICE, stages="cond", forms=BEYOND_SAVING)
def own_exception_made_earlier(x):
    error = Refused(x, 2)
    if x > 3:
        raise error
    return error.a, error.both()


@program(*THRICE, stages="try", forms=BEYOND_SAVING)
def own_exception_from_a_cause(x):
    try:
        try:
            if x > 3:
                raise KeyError(x)
            if x > 2:
                raise Refused(x, 5) from Wordy(2)
            raise ValueError("a") from KeyError("b")
        except KeyError as key:
            raise Refused(x, 5) from key
    except (Refused, ValueError) as error:
        return error.__cause__.args, error.args


@program(*THRICE, stages="try", forms=BEYOND_SAVING)
def one_exception_raised_again_and_again(x):
    try:
        if x > 3:
            raise ONE_REFUSAL
    except Refused as error:
        return error is ONE_REFUSAL
    return None


@program(*THRICE, forms=BEYOND_SAVING)
def attributes_of_a_builtin_exception(x):
    made = ValueError("a", x)
    made.code = 3
    try:
        raise made
    except ValueError as error:
        return error.code, error.args


@program(*THRICE, stages="cond", forms=BEYOND_SAVING)
def exception_of_a_library(x):
    if x > 3:
        json.loads("{")
    return x


@program(*THRICE, stages="cond", forms=BEYOND_SAVING)
def exception_with_its_own_text(x):
    if x > 3:
        raise Spoken(x)
    return x


def counted_exceptions():
    count = 0

    class Counted(Exception):
        def __init__(self, value):
            nonlocal count
            count += 1
            super().__init__(value)
            self.number = count

    def f(x):
        if x > 3:
            raise Counted(x)
        return count

    return f


program(*THRICE, made=True, stages="cond", forms=BEYOND_SAVING)(counted_exceptions)


# One object or two


class Node:
    pass


@program(made=True, *[()] * 3, forms=BEYOND_SAVING)
def identity_of_what_is_captured():
    node, left = Node(), [1]
    node.a = node.b = Node()
    right, calls = left, [0]

    def f():
        nonlocal right
        same = left is right, node.a is node.b
        calls[0] += 1
        if calls[0] == 2:
            right = [1]
            node.b = Node()
        return same

    return f


# Objects with state


def stateful(*inputs, stages=""):
    return program(*(inputs or THRICE), made=True, stages=stages, forms=BEYOND_SAVING)


@stateful()
def captured_iterators():
    count, cycle, items = itertools.count(), itertools.cycle([1, 2]), iter([1, 2, 3])
    pairs, mapped = zip([1, 2], [3, 4]), map(abs, [-1, -2])

    def f(x):
        if x > 1:
            return next(count) + x, next(cycle), next(items, None), next(pairs, None), next(mapped, None)
        return next(count), next(cycle)

    return f


@stateful(stages="while_loop")
def loop_over_a_captured_iterator():
    items = iter(range(20))

    def f(x):
        total = 0
        for item in items:
            total += item
            if total > x * 3:
                break
        return total, next(items)

    return f


@stateful()
def captured_iterator_read_at_once():
    items = iter([1, 2, 3])
    return lambda x: (sum(items) + x, list(items))


@stateful()
def captured_generator():
    def numbers():
        total = 0.0
        while True:
            total += (yield total) or 0

    made = numbers()
    next(made)
    return lambda x: (made.send(x), next(made))


@stateful()
def captured_random_generators():
    own, array_own = random.Random(1), np.random.default_rng(1)
    draw = array_own.random
    return lambda x: (own.random() + x, own.randint(1, 9), own.choice([1, 2, 3]), own.gauss(0, 1), draw() + x)


@stateful()
def captured_text_files():
    lines, written = io.StringIO("a\nb\nc\n"), io.StringIO()

    def f(x):
        written.write(str(x))
        with io.StringIO() as inner:
            inner.write(f"{x}!")
            return lines.readline(), written.getvalue(), inner.getvalue()

    return f


@stateful()
def captured_locks():
    lock, other = threading.Lock(), threading.Lock()

    def f(x):
        with other:
            return lock.acquire(blocking=False), x

    return f


@stateful()
def containers_written_in_python():
    items, table = collections.UserList([1]), collections.UserDict()

    def f(x):
        items.append(x)
        table[x] = x
        return len(items), len(table), 3.0 in table

    return f


@stateful(stages="cond")
def warnings_each_time():
    seen = []

    def f(x):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            warnings.warn("careful")
            if x > 2:
                warnings.warn(f"very careful {x}", RuntimeWarning)
        seen.append(len(caught))
        return seen

    return f


@stateful()
def bound_methods_of_captured_containers():
    items, few, table, seen = [], collections.deque(maxlen=2), {"a": 1}, set()
    append, push, setdefault, add = items.append, few.append, table.setdefault, seen.add
    three = functools.partial(items.append, 3)

    def f(x):
        append(x)
        push(x)
        add(x)
        three()
        return len(items), items, len(few), setdefault("b", x), table, len(seen)

    return f


@stateful()
def one_list_under_two_names():
    items = same = []

    def f(x):
        items.append(x)
        return len(same), same is items

    return f


@stateful()
def live_attributes():
    space = types.SimpleNamespace(a=1)

    def f(x):
        space.x = x
        return vars(space)

    return f


@program(*THRICE, forms=BEYOND_SAVING)
def environment(x):
    os.environ["DY2STATIC_TEST"] = str(x)
    return os.environ["DY2STATIC_TEST"], os.environ.get("DY2STATIC_TEST"), os.getenv("DY2STATIC_TEST")


@program(*THRICE, forms=BEYOND_SAVING)
def text_written_to_the_terminal(x):
    sys.stdout.write(f"{x}\n")
    return datetime.datetime.now() > datetime.datetime(2020, 1, 1), datetime.timedelta(days=x)


@stateful(stages="cond")
def heaps():
    kept, row = [5.0], array.array("d", [1.0])

    def f(x):
        heap = [4, 3]
        if x > 1:
            heapq.heappush(heap, 2)
        heapq.heappush(kept, x)
        bisect.insort(heap, x)
        row.append(x)
        return heap, kept, heapq.heappop(kept), len(row), row[-1]

    return f


@dataclasses.dataclass
class Config:
    rate: float = 1.0


@stateful()
def text_of_objects():
    config = Config()

    def f(x):
        config.rate = x
        other = Config(x * 2)
        return str(config), f"{other}", repr(other), dataclasses.asdict(config), other == Config(x * 2)

    return f


# Iterators made in converted code

ITEMS = (([1, 2, 3, 4],), ([2, 3],), ([1, 1, 5],), ((1, 2, 3, 4),), (np.array([1, 2, 3]),))


@program(*ITEMS)
def iterator_left_by_break(x):
    items = iter(x)
    head = next(items)
    for item in items:
        if item == 2:
            break
    return head, item, list(items)


@program(*ITEMS)
def iterator_read_inside_its_loop(x):
    items = iter(x)
    read = []
    for item in items:
        if item > 1:
            read.append(next(items, -1))
    return read


@program(*ITEMS, stages="cond")
def iterator_read_in_a_branch(x):
    items = iter(x)
    if x[0] > 1:
        next(items)
    return list(items)


@program((1,), (3,), (5,), stages="while_loop")
def iterator_read_in_a_loop(x):
    items = iter([1, 2, 3])
    total = 0
    while total < x:
        total += next(items, 10)
    return total, list(items)


@program((1,), (2,), (3,), forms=BEYOND_SAVING)
def endless_iterator_left_by_break(x):
    total = 0
    for item in itertools.count():
        total += item * x
        if total > 100:
            break
    return total, item


# Functions with a cache, and attributes of classes


@stateful()
def cached_functions_that_act():
    log = []

    @functools.lru_cache
    def noisy(x):
        log.append(x)
        print("computing", x)
        return x * 2

    return lambda x: (noisy(x) + noisy(x), len(log))


@stateful()
def cached_containers_are_the_same():
    @functools.lru_cache
    def row(x):
        return [x], np.zeros(2)

    def f(x):
        items, array_ = row(x)
        items.append(1)
        array_[0] += 1
        return len(row(x)[0]), row(x)[1].sum(), row.cache_info().hits

    return f


@stateful((2.0,), (np.float32(2),), (2,), (True,), (np.int8(1),), (np.float32(3),))
def cached_by_equal_keys():
    @functools.lru_cache
    def double(x):
        return x * 2

    @functools.lru_cache(typed=True)
    def told_apart(x):
        return x * 2

    @functools.lru_cache
    def added(x, y=1):
        return x + y

    return lambda x: (double(x), double(2), told_apart(x), told_apart(2.0), added(x), added(x, y=1), added(2, 1.0))


class Shared:
    count = 0
    limit = 1

    def add(self):
        type(self).count += 1
        Shared.limit += 2
        return self.count, self.limit


class Under(Shared):
    pass


@program(*THRICE, forms=BEYOND_SAVING)
def attributes_of_classes(x):
    shared = SHARED.add(), SHARED.count, Under.limit, Under().limit, x
    Shared.count, Shared.limit = Shared.count - 1, Shared.limit - 2
    return shared, Shared.count


SHARED = Shared()
