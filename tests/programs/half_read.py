"""Generators that are left before their end, and read on in another place."""

import numpy as np

from tests.programs.row import program


def evens(n):
    i = 0
    while i < n:
        if i % 2 == 0:
            yield i
        i += 1


def counted(n):
    for i in range(n):
        yield i


def halves(items, m):
    """What comes before the first item over m, and what comes after it."""
    first, second = [], []
    for item in items:
        if item > m:
            break
        first.append(item)
    for item in items:
        second.append(item)
    return first, second


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def generator_is_left_and_read_on(n, m):
    return halves(evens(n), m), halves(counted(n), m)


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def generator_is_left_and_listed(n, m):
    made, total = evens(n), 0
    for item in made:
        if item > m:
            break
        total += item
    return total, list(made), list(made)


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def iterators_around_generators_are_left_and_read_on(n, m):
    return (
        halves((v * m for v in range(n) if v != m), m),
        halves((v * w for v in range(n) for w in (1, m)), m),
        halves(map(lambda v: v + m, evens(n)), m),
        halves(filter(lambda v: v != m, counted(n)), m),
    )


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def generators_are_read_in_turn(n, m):
    pairs = [(p, q) for p, q in zip(evens(n), counted(m))]
    rows = enumerate(zip(counted(n), evens(m), [1, 2, 3]))
    for place, row in rows:
        if place > 0:
            break
    same = counted(n)
    return pairs, list(rows), [(v, next(same, None)) for v in same]


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def iterators_of_values_are_left_and_read_on(n, m):
    x, seen = np.arange(n), []
    for made in (enumerate(x), zip([n, m, 3], range(m)), zip(x, x + 1)):
        for first, second in made:
            if first + second > m:
                break
            seen.append(second)
        for first, second in made:
            seen.append(first * second)
    return seen


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def generator_is_left_in_each_turn(n, m):
    made, seen = counted(n), []
    for i in range(m):
        for item in made:
            if item > i:
                break
            seen.append(item)
    return seen, list(made)


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def generator_is_searched_and_read_on(n, m):
    made, other = counted(n), evens(n)
    return m in made, m in made, list(made), any(v > m for v in other), list(other)


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def generator_is_read_by_next_in_a_loop(n, m):
    made, total = evens(n), 0
    for _ in range(m):
        total += next(made, 7)
    while total < n:
        try:
            total += next(made) + 1
        except StopIteration:
            total += n
    return total, list(made)


@program((3, 2), (0, 4), (7, 1), stages="cond")
def generator_is_read_in_a_branch(n, m):
    made, other = evens(n), counted(n)
    if n > m:
        next(made)
    if n < m:
        other.close()
    return list(made), list(other)


def crossed(n, m):
    for i in range(n):
        for j in range(m):
            if i == j:
                continue
            if i * j > 6:
                break
            yield i * 10 + j
        else:
            yield -i
            continue
        yield i
    while True:
        n -= 1
        if n < 0:
            return
        yield n
    yield "never"


@program((3, 2), (0, 4), (7, 1), (5, 4), stages="while_loop")
def loops_of_a_generator_that_is_read_on(n, m):
    return halves(crossed(n, m), m)


def of_others(n):
    yield from evens(n)
    more = yield n
    yield more is None
    yield from [7, n]


def outer_of(n, m):
    made = evens(n)
    for item in made:
        if item >= m:
            break
    yield from made
    yield 99


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def generator_that_gives_items_of_others_is_read_on(n, m):
    return halves(of_others(n), m), halves(outer_of(n, m), 0)


def summed(n):
    total = 0

    def add(v):
        nonlocal total
        total += v
        return total

    for i in range(n):
        yield add(i)


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def names_of_a_generator_that_is_read_on(n, m):
    return halves(summed(n), m)


def parted(n):
    for i in range(n):
        try:
            v = 6 // (i - 1)
        except ZeroDivisionError:
            v = 100
        j: int = v + 1
        yield j
        del j


def failing(n):
    for i in range(n):
        if i == 2:
            raise ValueError(i)
        yield i


def unset(n):
    if n > 2:
        i = n
    yield n
    yield i


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def what_is_raised_by_a_generator_that_is_read_on(n, m):
    made, seen = failing(n), []
    try:
        for item in made:
            if item > m:
                break
            seen.append(item)
        seen += [item + 10 for item in made]
    except ValueError as error:
        seen.append(str(error))
    other = unset(n)
    seen.append(next(other))
    try:
        seen.append(next(other))
    except UnboundLocalError:
        seen.append("unset")
    return seen, list(made), list(other), halves(parted(n), m)


def rows_of(x):
    for row in x:
        row += 1
        yield row.sum()


@program((3, 2), (0, 4), (4, 1), stages="while_loop")
def generator_that_changes_an_array_is_read_on(n, m):
    x = np.arange(2.0 * n).reshape(n, 2)
    return halves(rows_of(x), m), x


class Reader:
    def __init__(self, n):
        self.items = evens(n)

    def read(self):
        return next(self.items, -1)


class Squares:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        for i in range(self.n):
            yield i * self.n


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def generators_of_objects_are_read_on(n, m):
    reader, seen = Reader(n), []
    for _ in range(m):
        seen.append(reader.read())
    return seen, list(reader.items), halves(iter(Squares(n)), m)


def endless():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


@program((3, 2), (0, 4), (7, 1), stages="while_loop")
def endless_generator_is_left_and_read_on(n, m):
    made, seen = endless(), []
    for item in made:
        if item > n:
            break
        seen.append(item)
    return seen, [next(made) for _ in range(m)]


def given_at_the_end(n):
    for i in range(n):
        yield i
    return n


@program((3, 2), (0, 4))
def generator_with_a_value_at_its_end_is_read_step_by_step(n, m):
    made = given_at_the_end(n)
    return [next(made, m), next(made, m)], list(made)


def echoed(n):
    got = yield n
    while got is not None:
        got = yield got + n


@program((3, 2), (0, 4))
def generator_is_sent_values(n, m):
    made = echoed(n)
    return next(made), made.send(m), made.send(1), list(made)
