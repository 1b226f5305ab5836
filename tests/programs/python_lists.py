"""Lists that are built, grow and shrink in staged branches and loops."""

from functools import cmp_to_key

import numpy as np

from tests.programs.row import f64, grid, i64, program


@program((3,), (0,), stages="while_loop")
def append_in_a_loop(n):
    items = []
    for i in range(n):
        items.append(i * i)
    return items


@program((f64(1, -2, 3),), (f64(),), stages="while_loop cond")
def append_on_a_condition(x):
    positive = []
    for item in x:
        if item > 0:
            positive.append(item)
    return positive, len(positive)


@program((3, f64(1, 2)), (1, f64(1, 2)), stages="while_loop")
def arrays_appended_and_stacked(n, x):
    states = []
    for i in range(n):
        x = x * 2 + i
        states.append(x)
    return np.stack(states), np.concatenate(states), np.array(states)


@program((0, f64(1, 2)), (2, f64(1, 2)), stages="while_loop")
def stack_of_a_list_that_may_be_empty(n, x):
    states = []
    for i in range(n):
        states.append(x * i)
    return np.stack(states)


@program((5,), (1,), (0,), stages="while_loop")
def while_grows_a_list(n):
    trail = [n]
    while n > 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        trail.append(n)
    return trail, trail[-1], max(trail)


@program((3,), (-3,), stages="cond")
def append_in_a_branch(x):
    items = [1]
    if x > 0:
        items.append(x)
    items.append(2)
    return items, len(items), sum(items)


@program((4,), (0,), stages="while_loop")
def list_read_while_it_grows(n):
    items = [1, 1]
    for i in range(n):
        items.append(items[i] + items[-1])
    return items


@program((4,), (1,), stages="while_loop")
def list_as_a_stack(n):
    stack = [n]
    total = 0
    while stack:
        k = stack.pop()
        total += k
        if k > 1:
            stack.append(k - 1)
            stack.append(k - 2)
    return total


@program((4, 2), (0, 2), stages="while_loop")
def list_as_a_queue(n, k):
    queue = list(range(n))
    out = []
    while len(queue) > k:
        out.append(queue.pop(0))
        queue.insert(1, 9)
        queue.pop()
    return out, queue


@program((3,), (0,), stages="while_loop")
def list_of_lists_in_loops(n):
    table = []
    for i in range(n):
        row = []
        for j in range(i + 1):
            row.append(i * j)
        table.append(row)
    return table


@program((3,), (0,), stages="while_loop")
def tuples_appended(n):
    pairs = []
    for i in range(n):
        pairs.append((i, i / 2))
    total = 0
    for a, b in pairs:
        total += a * b
    return pairs, total


@program((3, [1, 2]), (0, [1, 2]), stages="while_loop")
def list_argument_grows(n, items):
    for i in range(n):
        items.append(i)
    items += [n]


@program((3,), (0,), stages="while_loop")
def list_extended_and_multiplied(n):
    items = [0]
    for i in range(n):
        items.extend([i, -i])
        items += (i,)
    return items * 2


@program((3,), (-1,), stages="cond")
def alias_of_a_list_in_a_branch(x):
    items = [1]
    other = items
    if x > 0:
        other.append(x)
    return items, other is items


@program((5,), (1,), stages="while_loop")
def list_items_written_in_a_loop(n):
    flags = [True] * n
    for i in range(0, n, 2):
        flags[i] = False
    return flags, sum(flags)


@program((30,), (2,), stages="while_loop")
def sieve_of_a_list(n):
    prime = [True] * (n + 1)
    for i in range(2, n + 1):
        if prime[i]:
            for j in range(i * i, n + 1, i):
                prime[j] = False
    return [i for i in range(2, n + 1) if prime[i]]


@program((4,), (0,), stages="while_loop")
def list_searched_in_a_loop(n):
    seen = []
    repeats = 0
    for i in range(n):
        k = i * i % 3
        if k in seen:
            repeats += 1
        else:
            seen.append(k)
    return seen, repeats


@program((4,), (2,), stages="while_loop")
def list_sorted_reversed_and_counted(n):
    items = []
    for i in range(n):
        items.append((i * 7) % 5)
    ordered = sorted(items)
    items.reverse()
    return ordered, items, items.count(0), items.index(0)


@program((grid(3, 2),), (grid(0, 2),), stages="while_loop")
def rows_collected(x):
    rows = []
    for row in x:
        rows.append(row.sum())
    return np.array(rows), rows


@program((3,), (0,), stages="while_loop")
def list_of_views(n):
    x = np.zeros(3)
    parts = []
    for i in range(n):
        parts.append(x[i : i + 1])
    for part in parts:
        part += 1
    return x


@program((4, 2), (4, 9), (0, 0), stages="while_loop")
def append_and_break(n, limit):
    items = []
    for i in range(n):
        items.append(i)
        if len(items) > limit:
            break
    return items


@program((i64(3, 1, 2),), (i64(),), stages="while_loop")
def merge_of_two_lists(x):
    left, right = [], []
    for item in x:
        (left if item > 1 else right).append(item)
    return left + right


@program((3, 2), (0, 2), stages="while_loop")
def list_in_a_callee(n, k):
    items = []
    for i in range(n):
        push(items, i * k)
    return items


def push(items, value):
    if value > 1:
        items.append(value)


@program((5, 1), (5, 7), (0, 0))
def index_into_a_grown_list(n, k):
    items = []
    for i in range(n):
        items.append(i * 10)
    return items[k], items[:k]


@program((3,), (1,), stages="while_loop")
def dict_of_lists(n):
    groups = {"even": [], "odd": []}
    for i in range(n):
        if i % 2:
            groups["odd"].append(i)
        else:
            groups["even"].append(i)
    return groups


@program((f64(1, 2), 0), (f64(1, 2), 1), stages="cond")
def list_that_grows_after_an_early_return(x, stop):
    if stop > 0:
        return []
    found = []
    for v in x:
        found.append(v)
    return found


@program((f64(1, 2), 0), (f64(1, 2), 1), stages="cond")
def lists_that_grow_in_a_branch_inside_others(x, c):
    if c > 0:
        pair = {"all": [], "two": ([], [])}
    else:
        found = []
        for v in x:
            found.append(v)
        pair = {"all": found, "two": ([found], found)}
    return pair


@program((f64(1, 1, 3, 3, 3),), (f64(2, 1),), stages="while_loop")
def list_made_anew_in_a_loop(x):
    sizes = []
    last = x[0]
    block = [last]
    for i in range(1, len(x)):
        if abs(x[i] - last) <= 0:
            block.append(last)
        else:
            sizes.append(len(block))
            last = x[i]
            block = [last]
    sizes.append(len(block))
    return np.asarray(sizes), block


@program((0, 1), (2, 1), (2, 3), stages="while_loop")
def starred_list_that_grows(n, x):
    first, *items = x, x + 1
    while n > 0:
        items.append(n)
        n -= 1
    return first, items


# Sorting by a comparison of two items


@program(([3, 30, 34, 5, 9],), ([10, 2],), ([],), forms=("converted", "traced"))
def largest_number_of_parts(numbers):
    texts = [str(number) for number in numbers]
    texts.sort(key=cmp_to_key(lambda one, other: 1 if one + other < other + one else -1))
    return "".join(texts)


@program((7,), (2,), (0,), stages="while_loop", forms=("converted", "traced"))
def sorted_by_comparison(count):
    asked = []

    def compare(one, other):
        asked.append((one[1], other[1]))
        return one[0] - other[0]

    pairs = [((step * 7) % 3, step) for step in range(count)]
    up = sorted(pairs, key=cmp_to_key(compare))
    down = sorted(pairs, key=cmp_to_key(compare), reverse=True)
    best = [max(pairs, key=cmp_to_key(compare)), min(pairs, key=cmp_to_key(compare))] if count else []
    return up, down, best, asked
