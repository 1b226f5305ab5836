"""Programs of strangers that once went wrong in what they do with iterators, each in its smallest form."""

import itertools

from tests.programs.row import program


@program(([3, 1, 2, 5],), ([],), ([2],), stages="while_loop cond")
def iterators_with_keywords(items):
    pairs = list(itertools.permutations(items, r=2))
    highest = list(itertools.accumulate(items, func=max))
    products = list(itertools.accumulate(items, func=lambda a, b: a * b, initial=1))
    chosen = list(itertools.combinations(iterable=items, r=2))
    groups = [(key, list(group)) for key, group in itertools.groupby(iterable=items, key=lambda item: item % 2)]
    return pairs, highest, products, chosen, groups


@program(([3, 1, 2], 2), ([1], 2.5), ([1], -1), ([1, 2], None), ([1, 2], True))
def bounds_of_islice(items, stop):
    return list(itertools.islice(items, stop))


@program(([3, 1, 2], 2), ([3, 1, 2], 0))
def step_of_islice(items, step):
    return list(itertools.islice(items, 0, None, step))


@program(([3, 1, 3, 2, 1],), ([],), stages="cond", forms=("converted", "traced"))
def numbers_given_on_first_sight(items):
    fresh, numbers = itertools.count(1), {}
    for item in items:
        if item not in numbers:
            numbers[item] = next(fresh)
    return numbers


@program((5,), (1,), stages="while_loop", forms=("converted", "traced"))
def count_read_on_after_a_break(n):
    numbers = itertools.count(2)
    for number in numbers:
        if number > n:
            break
    return next(numbers)


def squares(n):
    for i in range(n):
        yield i * i


def squares_and_more(n):
    yield from squares(n)
    yield from [7, 8]


@program((2,), (1,), (0,))
def generator_that_gives_what_another_gives(n):
    made = squares_and_more(n)
    return next(made), next(made), list(made)


def small_primes(limit):
    yield from itertools.takewhile(lambda prime: prime < limit, (2, 3, 5, 7))
    if limit > 7:
        others = small_primes(6)
        for _ in range(2):
            next(others)
        yield next(others)


@program((4,), (9,))
def generator_that_reads_itself(limit):
    primes = small_primes(limit)
    return next(primes), list(primes)


@program(([1, 2, 3, 4, 5], 2), ([1, 2, 3, 4], 3))
def windows_of_a_list_that_was_read_once(items, n):
    found = zip(*[iter(items)] * n)
    first = next(found)
    return first, list(found), [sum(window) for window in zip(*(items[start:] for start in range(2)))]


@program(([1, 2], [3, 4]), ([1], [3, 4]), ([1, 2], [3]), ([], []), forms=("converted", "traced"))
def zip_of_generators_of_one_length(xs, ys):
    one = list(zip((x for x in xs), ys, strict=True))
    return one, list(zip(ys, (x for x in xs), strict=True))


@program(([1, 2], [3, 4]), ([1], [3, 4]), ([1, 2], [3]), ([], []))
def zip_of_two_generators_of_one_length(xs, ys):
    return list(zip((x for x in xs), (y for y in ys), strict=True))
