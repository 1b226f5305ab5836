"""What map, zip, the iterators of itertools and generator expressions ask of their arguments when they are called."""

import itertools

import numpy as np

from tests.programs.row import f64, program


class Plain:
    pass


class Wrong:
    def __iter__(self):
        return 3


class Blocked:
    __iter__ = None

    def __getitem__(self, i):
        return i


def outcome(make):
    try:
        make()
    except (TypeError, ValueError) as error:
        return type(error).__name__
    return "made"


def above(v):
    return v > 1


def doubled(v):
    return (one * 2 for one in v)


def builtins_of(v):
    return (
        outcome(lambda: filter(above, v)),
        outcome(lambda: filter(None, v)),
        outcome(lambda: map(above, v)),
        outcome(lambda: map(max, [1], v)),
        outcome(lambda: zip([1], v)),
        outcome(lambda: enumerate(v)),
        outcome(lambda: reversed(v)),
        outcome(lambda: iter(v)),
        outcome(lambda: doubled(v)),
    )


def iterators_of(v):
    return (
        outcome(lambda: itertools.chain(v, [1])),
        outcome(lambda: itertools.chain.from_iterable(v)),
        outcome(lambda: itertools.accumulate(v)),
        outcome(lambda: itertools.islice(v, 2)),
        outcome(lambda: itertools.takewhile(above, v)),
        outcome(lambda: itertools.dropwhile(above, v)),
        outcome(lambda: itertools.filterfalse(above, v)),
        outcome(lambda: itertools.compress([1], v)),
        outcome(lambda: itertools.zip_longest(v, [1])),
        outcome(lambda: itertools.pairwise(v)),
        outcome(lambda: itertools.cycle(v)),
        outcome(lambda: itertools.starmap(max, v)),
        outcome(lambda: itertools.product(v, [1])),
        outcome(lambda: itertools.combinations(v, 2)),
        outcome(lambda: itertools.permutations(v)),
    )


@program((3,), (2.5,))
def number_is_no_iterable(n):
    return builtins_of(n), iterators_of(n), builtins_of(None), iterators_of(None)


@program((3, 0), ("abc", 0), ([1, 2], 0))
def value_of_no_known_class(v, k):
    return builtins_of([v][k]), iterators_of([v][k])


@program((np.array(2.0),), (f64(1, 2),))
def array_of_no_dimensions(x):
    return builtins_of(x), iterators_of(x)


@program((3,))
def objects_that_are_no_iterables(n):
    return builtins_of(Plain()), builtins_of(Wrong()), iterators_of(Wrong()), builtins_of(Blocked()), n


@program((3,))
def what_else_is_refused_when_called(n):
    return (
        outcome(lambda: itertools.islice([1], -n)),
        outcome(lambda: itertools.combinations([1], -n)),
        outcome(lambda: itertools.permutations([1], "a" * n)),
        outcome(lambda: itertools.product([1], repeat=-n)),
        outcome(lambda: itertools.repeat(n, "a")),
        outcome(lambda: itertools.count("a" * n)),
        outcome(lambda: max(*None)),
        outcome(lambda: max(**None)),
    )


@program((3,), ([1, 2],))
def failure_stands_where_it_is_made(n):
    print("start")
    made = (v for v in n)
    print("made")
    return list(made)


@program((3,))
def list_is_read_as_it_is_then(n):
    items = [1, n]
    made = (
        itertools.product(items, repeat=2),
        itertools.combinations(items, 2),
        itertools.permutations(items),
        zip(items, items),
        itertools.chain(items, items),
        itertools.islice(itertools.cycle(items), 5),
    )
    items.append(5)
    return [list(one) for one in made]


@program((3,), (1,))
def generators_that_are_taken_when_called(n):
    def told(k):
        for i in range(k):
            print(k, i)
            yield i

    pairs = itertools.zip_longest(told(n), told(2), fillvalue=9)
    print("made")
    pairs = list(pairs)
    products = itertools.product(told(2), told(n))
    print("made")
    products = list(products)
    chosen = itertools.combinations(told(n), 2)
    print("made")
    return pairs, products, list(chosen)
