"""Builtins on staged values: conversions, iteration tools, sorting, slices and ranges as values."""

import collections
import itertools

import numpy as np

from tests.programs.row import f64, grid, i64, program, zero_d


@program((3, 2.7), (-3, -2.7), (True, 0.5))
def conversions(x, y):
    return int(y), float(x), bool(x), complex(x, y), str(x), repr(y), int(str(int(y)))


@program((3,), (255,), (0,))
def bases(n):
    return bin(n), hex(n), oct(n), chr(n + 65), n.bit_length(), int("ff", 16) + n


@program((2.5,), (-0.75,), (3.0,))
def methods_of_a_float(x):
    return x.is_integer(), x.as_integer_ratio(), x.hex(), float(str(x))


@program((f64(3, 1, 2),), (f64(),), (i64(5, 5),))
def sorted_and_reversed(x):
    return sorted(x), list(reversed(x)), sorted(x, reverse=True), sorted(x, key=lambda item: -item)


@program((f64(3, -1, 2),), (f64(),))
def map_and_filter(x):
    return list(map(lambda item: item * 2, x)), list(filter(lambda item: item > 0, x)), list(map(abs, x))


@program((f64(1, 0, 3),), (i64(0, 0),), (f64(),))
def any_and_all(x):
    return any(x), all(x), any([item > 2 for item in x])


@program((5,), (0,), (1,))
def ranges_as_values(n):
    r = range(n)
    return len(r), list(r), r[::-1], n - 1 in r, sum(r), tuple(range(0, n, 2))


@program((f64(1, 2, 3),), (f64(7),))
def iter_and_next(x):
    it = iter(x)
    first = next(it)
    second = next(it, -1)
    return first, second, list(it)


@program(([1, 2, 3], [4, 5, 6]), ([1], [2]))
def zip_and_unzip(a, b):
    pairs = list(zip(a, b))
    left, right = zip(*pairs)
    return pairs, left, sum(right), dict(pairs)


@program((f64(1, 2, 3, 4), 1, 3), (f64(1, 2, 3, 4), 0, 0))
def slices_as_values(x, start, stop):
    part = slice(start, stop)
    return x[part], part.stop - part.start, x[slice(None, None, 2)]


@program((3, 4), (2, 0))
def enumerate_and_list(n, k):
    return list(enumerate(range(n), k)), dict(enumerate("ab"))


@program((f64(3, 1, 2),), (f64(1),))
def min_and_max_with_key(x):
    return min(x, key=lambda item: -item), max(range(len(x)), key=lambda i: x[i])


@program(((3, 1),), ((2, 2),))
def constructors_of_containers(pair):
    return list(pair), tuple(pair), set(pair) == {1, 3}, dict(a=pair[0]), frozenset(pair) == frozenset()


@program((7, 2), (7.5, 2))
def divmod_round_pow(x, y):
    return divmod(x, y), round(x / y, 3), pow(x, y), abs(-x)


@program((3, 4), (10, 7))
def pow_with_a_modulus(x, y):
    return pow(x, y, 5)


@program((grid(2, 3),), (grid(1, 1),))
def sum_of_rows(x):
    return sum(x), sum(x, np.ones(x.shape[1])), max(sum(row) for row in x)


@program(((1, 2), (3,)), ((), (1.5,)))
def itertools_of_sequences(a, b):
    total = 0
    for x, y in itertools.product(a, b):
        total += x * y
    return total, list(itertools.chain(a, b)), list(itertools.accumulate(a))


@program((3,), (2.5,), (f64(1, 2),), (zero_d(3),))
def len_of_a_string_form(x):
    return len(str(x)), str(x)[0], ord(str(x)[-1])


@program((f64(1, 2, 3),), (i64(4),))
def tolist_and_back(x):
    items = x.tolist()
    items.append(7)
    return np.array(items), items[0], type(items[0]).__name__


@program((5, 3), (3, 5), stages="cond")
def print_to_a_format(x, y):
    if x > y:
        print("{:>5}|{:<5}".format(x, y), end="")
    print("%s-%s" % (x, y), sep="")
    print(*range(3), x, sep=",")


@program((f64(1, 2, 3),))
def hash_and_id_are_left_alone(x):
    return hash("a") == hash("a"), id(x) == id(x), hash((1, 2)) == hash((1, 2))


@program((f64(1, 2, 3, 4),), (f64(5),), (f64(),), stages="while_loop")
def over_a_reversed_array(x):
    out = 0
    for item in reversed(x):
        out = out * 10 + item
    return out


@program((4,), (0,), stages="while_loop")
def over_a_reversed_range(n):
    out = 0
    for i in reversed(range(n)):
        out = out * 10 + i
    return out


@program((3,), (0,))
def methods_of_containers_as_keys(n):
    items, table = [5, n, 2], {"a": n, "b": 1}
    place = min(range(3), key=items.__getitem__)
    items[place] += 10
    order = sorted(range(3), key=items.__getitem__)
    named = collections.defaultdict(list, a=[n])
    named["z"].append(n)
    return place, order, max(table, key=table.__getitem__), list(filter(items.__contains__, range(6))), dict(named)


@program((3,), (0,))
def methods_of_containers_are_called_back(n):
    items, table, seen = [5, n, 2], {}, set()
    for i in range(n):
        items[i] += 10
        table[i] = i * i
    list(map(seen.add, range(n)))
    found = list(filter(items.__contains__, range(16))), list(map(items.index, list(items)))
    return found, list(map(table.get, range(4))), list(itertools.takewhile(table.__contains__, range(5))), sorted(seen)


@program(([3, 1.5],), (["a", 1],), ([None, [1]],), ([],))
def attributes_of_classes_of_items(items):
    return [(hasattr(type(v), "upper"), hasattr(type(v), "real"), hasattr(type(v), "mro")) for v in items]
