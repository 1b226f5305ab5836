"""Attributes, dict items and object state written in staged branches and loops, here and in callees."""

import random
import warnings

import numpy as np

from tests.programs.row import f64, program

BEYOND_SAVING = ("converted", "traced")


class Counter:
    def __init__(self, count=0):
        self.count = count
        self.history = []
        self.table = {}
        self.w = np.zeros(2)

    def add(self, k):
        self.count += k
        return self.count

    def add_positive(self, k):
        if k > 0:
            self.count += k
        return self.count

    def add_many(self, n):
        for i in range(n):
            self.count += i
        return self.count

    def add_in_callee(self, n):
        while n > 0:
            self.add_positive(n - 2)
            n -= 1
        return self.count

    def remember(self, x):
        if x > 0:
            self.last = x
        return x

    def reads_what_a_branch_set(self, x):
        if x > 0:
            self.seen = x
        return self.seen

    def write_weights(self, k):
        if k > 0:
            self.w[0] += k
        else:
            self.w = self.w - 1
        return self.w.sum()

    def append_in_loop(self, n):
        for i in range(n):
            self.history.append(i)
        return len(self.history)

    def count_keys(self, k):
        if k > 0:
            self.table["up"] = self.table.get("up", 0) + k
        else:
            self.table["down"] = k
        return len(self.table)

    def fail_after_a_write(self, k):
        self.count = k
        if k < 0:
            self.count = 100
            raise ValueError("after")
        return self.count

    def swap(self, k):
        if k > 0:
            self.a, self.b = k, -k
        else:
            self.a = self.b = 0
        return self.a - self.b

    def grow(self, n):
        for _ in range(n):
            self.w = np.concatenate([self.w, self.w[:1] + 1])
        return self.w


def method(attribute, *inputs, stages="", name):
    """A row for one method of a fresh Counter."""
    program(*inputs, stages=stages, name=name, made=True, forms=BEYOND_SAVING)(lambda: getattr(Counter(), attribute))


method("add", (3,), (4,), (f64(1),), name="attribute_written")
method("add_positive", (3,), (-4,), (5,), stages="cond", name="attribute_written_in_a_branch")
method("add_many", (3,), (0,), (2,), stages="while_loop", name="attribute_written_in_a_loop")
method("add_in_callee", (5,), (0,), stages="while_loop cond", name="attribute_written_in_a_callee")
method("remember", (3,), (-3,), stages="cond", name="attribute_created_in_a_branch")
method("reads_what_a_branch_set", (-1,), (3,), (-3,), stages="cond", name="attribute_unset_on_one_path")
method("write_weights", (3,), (-3,), (2,), stages="cond", name="array_attribute_written_in_a_branch")
method("append_in_loop", (3,), (0,), (2,), stages="while_loop", name="list_attribute_grows_in_a_loop")
method("count_keys", (3,), (-3,), (2,), stages="cond", name="dict_attribute_written_in_a_branch")
method("fail_after_a_write", (3,), (-3,), (2,), stages="cond", name="attribute_written_before_an_exception")
method("swap", (3,), (-3,), stages="cond", name="attributes_swapped_in_a_branch")
method("grow", (2,), (0,), stages="while_loop", name="array_attribute_grows_in_a_loop")


@program((3,), (-3,), stages="cond")
def attribute_of_a_local_object(x):
    counter = Counter(1)
    if x > 0:
        counter.count = x * 2
        counter.w[1] = 5
    return counter.count, counter.w


@program((3,), (0,), stages="while_loop")
def attribute_of_a_local_object_in_a_loop(n):
    counter = Counter()
    for i in range(n):
        counter.add(i)
    return counter.count


@program((4,), (0,), stages="while_loop cond")
def two_objects_in_a_loop(n):
    a, b = Counter(), Counter(10)
    for i in range(n):
        if i % 2:
            a.add(i)
        else:
            b.add(-i)
    return a.count, b.count


@program((3,), (-3,), stages="cond")
def object_chosen_by_a_python_index(x):
    counters = [Counter(), Counter(5)]
    for counter in counters:
        if x > 0:
            counter.count += x
    return [counter.count for counter in counters]


@program((3,), (-3,), stages="cond")
def dict_written_in_a_branch(x):
    table = {"a": 0}
    if x > 0:
        table["a"] = x
        table["b"] = 1
    else:
        table["b"] = x
    return table["a"] + table["b"], table


@program((3,), (0,), stages="while_loop")
def dict_written_in_a_loop(n):
    table = {"even": 0, "odd": 0}
    for i in range(n):
        table["even" if n % 2 == 0 else "odd"] += i
    return table


@program(({"a": 1}, 2), ({"a": 1}, -2), stages="cond")
def dict_argument_written_in_a_branch(table, k):
    if k > 0:
        table["a"] += k
    return table["a"]


@program(([1, 2], 2), ([1, 2], -2), stages="cond")
def list_argument_written_in_a_branch(items, k):
    if k > 0:
        items[0] = k
    else:
        items.append(k)
    return sum(items)


@program((3,), (-3,), stages="cond")
def callee_writes_a_dict(x):
    table = {}
    put(table, "x", x)
    if x > 0:
        put(table, "y", x + 1)
    return table


def put(table, key, value):
    if value > 0:
        table[key] = value
    else:
        table["last"] = key


@program((3,), (-3,), stages="cond", made=True, forms=BEYOND_SAVING, name="closure_cell_list_written")
def make_closure_cell_list_written():
    seen = [0]

    def note(x):
        if x > 0:
            seen[0] += x
        return seen[0]

    return note


@program((3,), (-3,), stages="cond")
def setattr_in_a_branch(x):
    counter = Counter()
    if x > 0:
        setattr(counter, "count", x)
        counter.__dict__["extra"] = 1
    return counter.count, hasattr(counter, "extra")


@program((3,), (-3,), stages="cond")
def attribute_deleted_in_a_branch(x):
    counter = Counter(7)
    if x > 0:
        del counter.count
    return getattr(counter, "count", None)


@program((3,), (-3,), stages="cond")
def set_changed_in_a_branch(x):
    seen = {0}
    if x > 0:
        seen.add(1)
        seen.discard(0)
    return len(seen), 0 in seen


@program((2.0,), (-2.0,), stages="cond")
def warning_under_a_condition(x):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if x > 0:
            warnings.warn("positive", UserWarning, stacklevel=2)
    return x, len(caught)


@program((2.0,), (-2.0,), stages="cond")
def warning_that_is_an_error(x):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            if x > 0:
                warnings.warn("positive", UserWarning)
        except UserWarning as warning:
            return str(warning)
    return x


class Outcome(dict):
    """Its attributes are its items."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)

    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__


@program((f64(1, 2), 3), (f64(1, 2), 0), stages="while_loop cond")
def result_whose_attributes_are_items(x, n):
    result = Outcome(x=x, turns=0)
    for i in range(n):
        result.turns = result.turns + 1
        result.x = result.x * 2
        if result.x[0] > 3:
            result.status = i
    return result, result.get("status"), hasattr(result, "status"), getattr(result, "status", "none"), len(result)


@program((f64(1, 2),))
def flag_of_an_array(x):
    y = np.broadcast_to(x, (2, 2))
    return x.flags.writeable, y.flags.writeable


# Attributes that only the class has, until the program sets them


@program((f64(1, 2),), (f64(3, 4),), (f64(),), made=True, forms=("converted", "traced"))
def class_attribute_that_an_object_takes_over():
    class Account:
        total = 0.0

        def add(self, x):
            self.total = self.total + x.sum()
            return self.total, Account.total

    return Account().add


@program((2.0,), (-1.0,), (3.0,), made=True, stages="cond", forms=("converted", "traced"))
def class_attribute_that_a_branch_takes_over():
    class Account:
        total = 1

    account = Account()

    def f(x):
        before = account.total
        if x > 0:
            account.total += x
        for i in range(2):
            account.total *= 2
        return before, account.total, vars(account) == {}, Account.total

    return f


@program((2.0,), (3.0,), made=True, forms=("converted", "traced"))
def class_attribute_that_a_class_below_takes_over():
    class Base:
        k = 1.0

    class Below(Base):
        pass

    def f(x):
        Below.k = Below.k + x
        return Below.k, Base.k

    return f


@program((2.0,), (3.0,), made=True, forms=("converted", "traced"))
def class_attribute_that_is_there_again():
    class Account:
        total = 1

    account = Account()

    def f(x):
        account.total = x
        first = account.total
        del account.total
        return first, account.total

    return f


# Lists that a library shuffles


class Deck:
    def __init__(self, count):
        self.cards = list(range(count))

    def mix(self):
        random.shuffle(self.cards)
        return self


@program((7,), (2,), (0,), forms=BEYOND_SAVING)
def shuffled_lists(count):
    random.seed(count)
    np.random.seed(count)
    data = list(range(5))
    other = data[:]
    random.shuffle(data)
    np.random.shuffle(other)
    table = {"a": [1, 2, 3, count]}
    if count > 3:
        random.shuffle(table["a"])
    return data, other, table, sorted(data), Deck(count).mix().cards


@program(([1, 2, 3, 4],), ([],), forms=BEYOND_SAVING)
def shuffled_argument(data):
    random.seed(4)
    random.shuffle(data)
    return data[:1]


@program((5,), (2,), stages="while_loop", forms=BEYOND_SAVING)
def shuffled_until_it_fits(count):
    random.seed(count)
    order = list(range(count))
    turns = 0
    while order[0] == 0:
        random.shuffle(order)
        turns += 1
    return order, turns
