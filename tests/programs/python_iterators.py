"""Iterators and what is lazy: map, filter, zip, itertools, next, objects that are iterators."""

import itertools
from collections.abc import Iterator

from tests.programs.row import f64, program


@program((3,), (1,))
def zip_outside(n):
    z = zip([1, 2, 3], [4, 5, 6])
    t = 0
    for i in range(n):
        a, b = next(z)
        t += a * b
    return t


class It:
    def __init__(s, n):
        s.n = n
        s.i = 0

    def __iter__(s):
        return s

    def __next__(s):
        if s.i >= s.n:
            raise StopIteration
        s.i += 1
        return s.i


@program((3,), (1,))
def user_iter_outside(n):
    it = It(5)
    t = 0
    for i in range(n):
        t += next(it)
    return t, it.i


@program((3,), (1,))
def user_iter_default(n):
    it = It(n)
    return next(it, -1), next(it, -1), list(it), next(it, None)


@program((7,), (1,))
def iter_in_cond(n):
    it = iter([1, 2, 3])
    t = 0
    if n > 3:
        t = next(it)
    return t, next(it)


@program((f64(1, 2, 3),))
def map2(x):
    return (
        list(map(lambda a, b: a * b, x, x)),
        list(map(str, x)),
        list(map(float, [1, 2])),
        list(filter(lambda v: v > 1, x)),
        list(map(max, x, [2, 2, 2])),
    )


@program((f64(1, 2, 3),))
def zip_misc(x):
    return (
        list(zip(x, range(3))),
        dict(zip("abc", x)),
        [a + b for a, b in zip(x, x[1:])],
        list(zip(*[(1, x[0]), (2, x[1])])),
        list(reversed(x)),
        list(zip(x, x, strict=True)),
    )


@program((f64(1, 2, 3),))
def enum_misc(x):
    t = 0.0
    for i, (a, b) in enumerate(zip(x, x)):
        t += i * a * b
    for i, v in enumerate(reversed(x), start=2):
        t += i * v
    return t


@program((f64(1, 2, 3),))
def list_of_iters(x):
    its = [iter(x), iter(x)]
    return next(its[0]), next(its[0]), next(its[1])


@program((f64(1, 2, 3),))
def it_chain(x):
    return [a for a in itertools.chain(x, [1, 2], x)]


@program((f64(1, 2, 3),))
def it_many(x):
    return (
        list(itertools.accumulate(x)),
        list(itertools.combinations(x, 2)),
        list(itertools.product(x, repeat=2)),
        list(itertools.islice(x, 1, 3)),
    )


@program((f64(1, 2, 3),))
def it_perm(x):
    return (
        list(itertools.permutations(x, 2)),
        list(itertools.pairwise(x)),
        list(itertools.zip_longest(x, [1], fillvalue=0)),
    )


@program((f64(1, 2, 3),))
def it_rep(x):
    return (
        list(itertools.repeat(x[0], 3)),
        list(itertools.takewhile(lambda v: v < 2, x)),
        list(itertools.dropwhile(lambda v: v < 2, x)),
    )


@program((f64(1, 2, 2),))
def it_misc(x):
    return (
        list(itertools.compress(x, [1, 0, 1])),
        list(itertools.filterfalse(lambda v: v > 1, x)),
        list(itertools.starmap(pow, [(x[0], 2), (x[1], 2)])),
    )


@program((f64(1, 2, 2),))
def it_count(x):
    t = 0
    for i in itertools.count(1):
        t += i * x[0]
        if t > 10:
            break
    return t, i


@program((f64(1, 2, 2),))
def it_cycle(x):
    t = 0
    for i, v in zip(range(5), itertools.cycle(x)):
        t += i * v
    return t


@program((f64(1, 2, 3),))
def it_chain_from(x):
    return list(itertools.chain.from_iterable([x, x + 1]))


def loud(v):
    print("loud", v)
    return v > 1


@program((f64(1, 2, 3),))
def lazy_map(x):
    m = map(lambda v: v + 1, x)
    print("made")
    a = next(m)
    return a, list(m), list(m)


@program((f64(1, 2, 3),))
def lazy_map_print(x):
    m = map(loud, x)
    print("made")
    for v in m:
        print("got")
        if v:
            break
    return 1


@program((f64(1, 2, 3),))
def lazy_any(x):
    return any(map(loud, x))


@program((f64(1, 2, 3),))
def lazy_filter(x):
    f = filter(loud, x)
    print("made")
    return list(f)


@program((f64(1, 2, 3),))
def lazy_zip(x):
    z = zip(x, x * 2)
    a = next(z)
    return a, list(z), list(z)


@program((f64(1, 2, 3),))
def lazy_enum(x):
    e = enumerate(x, 1)
    a = next(e)
    return a, [i * v for i, v in e]


@program((f64(1, 2, 3),))
def lazy_gexpr(x):
    g = (loud(v) for v in x)
    print("made")
    a = next(g)
    return a, list(g)


@program((f64(1, 2, 3),))
def iter_next(x):
    it = iter(x)
    first = next(it)
    t = 0.0
    for v in it:
        t += v
    return first, t


class SeqProto:
    def __init__(s, x):
        s.x = x

    def __getitem__(s, i):
        if i > 2:
            raise IndexError
        return s.x * i

    def __len__(s):
        return 3


@program((2.0,), (-2.0,))
def seq_proto(x):
    return [v for v in SeqProto(x)], list(SeqProto(x))


@program((2,), (0,), stages="while_loop")
def called_until_a_sentinel(n):
    count = n

    def bump():
        nonlocal count
        count += 1
        return count

    items, log = list(range(n + 6)), []
    pops = iter(items.pop, 3)
    first = next(pops, "end")
    for v in iter(bump, 20):
        if v == 15:
            break
        log.append(v)
    try:
        iter(n, 3)
    except TypeError:
        log.append("not callable")
    return list(iter(bump, n + 18)), count, first, list(pops), items, log


# The classes of what is read item by item


@program(([1, 2],), ((3,),), ([],), (f64(1, 2),))
def classes_of_iterators(x):
    def items():
        yield from x

    made = [(v for v in x), items(), zip(x, x), map(abs, x), enumerate(x), filter(None, x), itertools.chain(x, x)]
    names = [type(one).__name__ for one in (*made, reversed(x))]
    asked = [isinstance(one, (zip, map)) for one in made], [isinstance(one, Iterator) for one in made]
    return names, asked, [hasattr(one, "send") for one in made], hasattr(made[0], "trace"), list(items())


# An iterator that a loop goes through is read inside of that loop, too


@program((f64(0, 1, 2, 3, 4), 2), (f64(0, 1, 2, 3), 9), (f64(), 1))
def pairs_read_inside_their_loop(x, n):
    pairs = enumerate(x)
    total = 0
    for i, v in pairs:
        total = 3 * total + i * v - next(pairs, (0, 7))[1]
        if v > n:
            break
    return total, next(pairs, None)


@program((f64(0, 1, 2, 3),), (f64(0, 1, 2),))
def rows_read_inside_their_loop(x):
    rows = zip(x, x)
    total = 0.0
    for a, b in rows:
        c, d = next(rows)
        total += 10 * a * b + c - d * 3
    return total


@program((f64(0, 1, 2, 3, 4), 2), (f64(0, 1, 2, 3, 4), 9))
def one_loop_goes_on_with_what_another_goes_through(x, n):
    rows, met = enumerate(x), []
    for i, v in rows:
        for j, w in rows:
            met.append((i, j, v * w))
            if w > n:
                break
    return met


@program((f64(0, 1, 2, 3), 2), (f64(0, 1, 2, 3), 0))
def pairs_read_on_one_path_and_after_it(x, n):
    rows = zip(x, x)
    first = next(rows)[0] if n > 1 else 9.0
    return first, next(rows), list(rows)


# What going through an iterator raises reaches the handlers of the function


@program(([1, 2], 2), ((1, 2), 3), ([], 1), ([5], 2))
def unequal_rows_in_a_handler(a, n):
    met = []
    for i in range(n):
        try:
            made = [x for x in zip(a, [1], strict=True)]
            if n > i:
                for x, y in zip(a, (3,), strict=True):
                    met.append(x + y)
            met.append(len(made))
        except ValueError as error:
            met.append(str(error))
    return met


@program((2, 5), (4, 3))
def what_lazy_things_raise(x, n):
    met = []
    for i in range(n):
        try:
            if x > i:
                met += [v for v in map(int, ["1", "x"])]
            elif x == i:
                met += [v for v in itertools.accumulate([1, "a"])]
            else:
                for _ in zip([1, 2], [1], strict=True):
                    met.append(i)
        except (ValueError, TypeError) as error:
            met.append(str(error))
    return met


@program(([1, 2],), ([1],))
def unequal_rows(a):
    return {x: y for x, y in zip(a, (1,), strict=True)}


# Iterators over what is known while tracing, read in a try statement


@program(({"a": 1, "b": 2},), ({},), ({1: 2.0},))
def keys_read_in_a_try(d):
    keys, found = iter(d), []
    try:
        first = next(keys)
    except StopIteration:
        return "none"
    while True:
        try:
            found.append(d[next(keys)])
        except StopIteration:
            return first, found, list(keys)


@program(({"a": 1, "b": 2}, 3), ({}, 2), ({1: 2.0}, 1))
def pairs_of_a_dict_read_in_a_try(d, n):
    pairs, places, backwards, found = zip(d, d.values()), enumerate([n, 2]), reversed(d), []
    for _ in range(n):
        try:
            found.append((next(places), next(pairs), next(backwards)))
        except StopIteration:
            found.append(n)
    return found


@program((3,), (4,))
def keys_of_the_function_s_own_dict_that_grows(n):
    d = {"a": n, "b": 2}
    keys = iter(d)
    again = iter(keys)
    try:
        found = d[next(again)]
        d["c"] = n
        return found, next(keys)
    except RuntimeError as error:
        return str(error)


@program(([1, 1, 2, 3, 3],), (f64(1, 1, 2, 3),), ([],))
def groups_are_iterators(a):
    twice = [(key, list(group), list(group)) for key, group in itertools.groupby(a)]
    firsts = [(key, next(group), next(group, None)) for key, group in itertools.groupby(a)]
    late = [(key, list(group)) for key, group in list(itertools.groupby(a))]
    sums = [(key, sum(group)) for key, group in itertools.groupby(a, lambda v: v > 2)]
    made = itertools.groupby(a)
    return twice, firsts, late, sums, type(made).__name__, next(made, ("none",))[0], len(list(made))


@program(([1, 1, 2, 2, 3], 1), ((3, 3, 2), 1))
def the_rest_of_a_group_after_a_return(a, n):
    for key, group in itertools.groupby(a):
        first = next(group)
        if first > n:
            return key, first, list(group)
