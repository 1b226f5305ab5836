"""Names: walrus, global, nonlocal, del, scopes of comprehensions, every kind of assignment target."""

import numpy as np

from tests.programs.row import f64, i64, program

BEYOND_SAVING = ("converted", "traced")


@program((5,), (-5,), stages="cond")
def walrus_in_a_test(x):
    if (y := x * 2) > 3:
        return y
    return -y


@program((40,), (0,), stages="while_loop")
def walrus_in_a_while(n):
    steps = 0
    while (n := n // 3) > 0:
        steps += n
    return n, steps


@program((4, 3), (4, 0), (0, 3))
def walrus_in_logic(a, b):
    return (c := a) and (c := b), c


@program((3,), (-3,), stages="cond")
def walrus_in_a_ternary(x):
    return (y := x + 1) if x > 0 else (y := x - 1), y


@program((3,), (0,), stages="while_loop", made=True, forms=BEYOND_SAVING, name="global_counter")
def make_global_counter():
    global counter
    counter = 0

    def count(n):
        global counter
        for i in range(n):
            counter += i
        return counter

    return count


@program((3,), (-3,), stages="cond", made=True, forms=BEYOND_SAVING, name="global_set_in_a_branch")
def make_global_set_in_a_branch():
    global mode
    mode = 1

    def choose(x):
        global mode
        if x > 0:
            mode = mode * 10
        else:
            mode = -1
        return x + mode

    return choose


@program((3,), (0,), stages="while_loop")
def nonlocal_counter(n):
    count = 0

    def step(k):
        nonlocal count
        count += k

    for i in range(n):
        step(i)
    return count


@program((3,), (-3,), stages="cond")
def nonlocal_in_a_branch(x):
    best = 0

    def consider(y):
        nonlocal best
        if y > best:
            best = y

    consider(x)
    consider(x + 1)
    consider(x - 1)
    return best


@program((3, 2), (0, 2), made=True, forms=BEYOND_SAVING, name="closure_keeps_state")
def make_closure_keeps_state():
    total = 0

    def add(n, k):
        nonlocal total
        for _ in range(n):
            total += k
        return total

    return add


@program((3,), (-3,), stages="cond")
def deleted_in_one_branch(x):
    y = x * 2
    if x > 0:
        del y
        return x
    return y


@program((3,), (0,), stages="while_loop")
def deleted_in_a_loop(n):
    total = 0
    for i in range(n):
        t = i * 2
        total += t
        del t
    return total


@program((3,))
def deleted_and_set_again(x):
    y = x
    del y
    y = x + 1
    return y


@program((3, f64(1, 2)))
def comprehension_has_its_own_scope(i, x):
    squares = [i * i for i in (1, 2, 3)]
    return i, squares, x


@program((3,), (f64(1, 2),))
def chained_assignment_to_targets(x):
    items = [0, 0]
    table = {}
    a = items[0] = table["k"] = x + 1
    return a, items, table


@program((f64(1, 2, 3, 4),))
def assignment_to_slices_and_items(x):
    x[0], x[1:3] = 9, 7
    (a, x[3]), b = (x[0], 8), x.sum()
    return a, b, x


@program((f64(1, 2, 3), (4, 5)))
def star_targets(x, pair):
    first, *rest = x
    *_, last = pair
    for a, *b in [(1, 2, 3), (4, 5)]:
        first = first + a * len(b)
    return first, rest, last


@program((1, 2))
def evaluation_order_of_assignments(x, y):
    items = [0, 0, 0]
    items[show(0)] = show(x)
    items[show(1)], items[show(2)] = show(y), show(x + y)
    items[show(0)] += show(5)
    return items


def show(value):
    print(value)
    return value


@program((3,), (-3,), stages="cond")
def parameter_deleted_in_a_branch(x):
    y = 1
    if x < 0:
        y = x
        del x
    return x + y


@program((5,), (0,), stages="while_loop")
def loop_over_an_attribute_target(n):
    items = [0]
    for items[0] in range(n):
        pass
    return items


@program((2, i64(1, 2)), stages="while_loop")
def shadowed_builtins(n, x):
    sum = x
    max = 0
    for len in range(n):
        max += len
        sum = sum + max
    return sum, max


@program((3,), (-3,), stages="cond")
def annotation_without_a_value(x):
    y: int
    if x > 0:
        y = 1
    return y


@program((3,), (1,))
def unset_in_a_closure(x):
    def get():
        return later

    if x > 2:
        later = x * np.ones(2)
    return get()


@program((2,), (0,), stages="while_loop")
def name_kept_by_an_except_style_loop(n):
    for i in range(n):
        result = i
    else:
        result = -1
    return result


@program((1, 2), (2, 1), stages="cond")
def conditional_import(x, y):
    import math

    if x > y:
        from math import sqrt as root
    else:
        root = math.exp
    return root(4.0)
