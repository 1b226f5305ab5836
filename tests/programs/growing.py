"""What containers take: generators, arrays, and what is no list's."""

from collections import OrderedDict, deque

import numpy as np

from tests.programs.row import program


@program((np.array([3.0, 4.0]), 0), (np.float64(2), 2), ([1], 2), stages="while_loop")
def a_list_and_what_is_added_to_it(x, n):
    items = [1]
    items += x
    for _ in range(n):
        items += [7]
    return items


@program((3,), (0,), stages="cond")
def an_order_of_its_own(n):
    made = OrderedDict()
    made["b"] = 1
    made["a"] = n
    if n > 1:
        made.move_to_end("b")
    return made, list(made)


@program((3,), (np.float32(2),))
def a_deque_is_added_to(x):
    made = deque([1])
    made += [x]
    made += (x + i for i in range(2))
    return made


@program(([5], 2), ([1], 1), ([0], 0))
def generators_are_taken_by_arguments(items, n):
    items.extend(i + len(items) for i in range(n))
    items += (10 // i for i in items[:])
    return items


@program(({1}, {3: 4}, [1, 2]), (set(), {}, []))
def sets_and_dicts_take_generators(seen, named, x):
    seen.update(v * 2 for v in x)
    named.update((v, v + 1) for v in x)
    return seen, named
