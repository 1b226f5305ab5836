"""Programs of strangers that once went wrong in what they do with objects of their own, each in its smallest form."""

import cmath
import copy
import functools
import itertools
import math
import operator
from collections import namedtuple
from dataclasses import dataclass

import numpy as np

from tests.programs.row import f64, grid, program


class Link:
    """A link of a chain; `random` and `count` are names of methods, too."""

    def __init__(self, label, next=None):
        self.label = label
        self.next = next
        self.random = None
        self.count = 0


def linked(*labels):
    first = None
    for label in reversed(labels):
        first = Link(label, first)
    return first


@program(lambda: (linked(1, 2, 3),), lambda: (linked(1),), stages="while_loop", forms=("converted", "traced"))
def attribute_with_the_name_of_a_method(first):
    copies = {}
    link = first
    while link:
        copies[link] = Link(link.label)
        link.random = link.next
        link.count += 1
        link = link.next
    link = first
    while link:
        copies[link].next = copies.get(link.next)
        copies[link].random = copies.get(link.random)
        link = link.next
    made = copies[first]
    return made.label, made.random is made.next, first.count


def shared():
    last = linked(7, 8)
    return Link(1, Link(2, last)), Link(3, last)


@program(
    shared,
    lambda: (linked(1), linked(2)),
    lambda: (linked(1, 2), linked(3)),
    stages="while_loop cond",
    forms=("converted", "traced"),
)
def objects_named_by_some_branches_only(one, other):
    count, end = 0, None
    first, second = one, other
    while first or second:
        count += 1
        if not end and (first.next is None or second.next is None):
            end = (count, first.next, second.next)
        first = first.next if first else first
        second = second.next if second else second
    if end[1] is None:
        shorter, longer = one, other
    elif end[2] is None:
        shorter, longer = other, one
    ahead = count - end[0]
    while longer and shorter:
        while ahead > 0:
            longer = longer.next
            ahead -= 1
        if longer == shorter:
            return longer.label
        longer, shorter = longer.next, shorter.next
    return None


# Properties of the classes above, asked by super()


class Table:
    def __init__(self, cells):
        self.cells = cells
        self.first = self.columns

    @property
    def columns(self):
        return [place for place in range(self.cells.shape[1]) if self.cells[0, place] > 0]


class ShortTable(Table):
    @property
    def columns(self):
        return super().columns[:1]


@program((f64([1, 0, 2], [0, 1, 3]),), (f64([0, 0], [1, 1]),), stages="while_loop cond")
def property_asked_by_super(cells):
    table = ShortTable(cells)
    return table.columns, table.first, super(ShortTable, table).columns


# Objects made of items whose number is known when the program runs

Triple = namedtuple("Triple", "a b c")


@dataclass
class Pair:
    left: float
    right: float


@program((3,), (2,), (4,), stages="while_loop", forms=("converted", "traced"))
def named_tuple_made_of_a_list(n):
    items = []
    for i in range(n):
        items.append(2 * i)
    return Triple._make(items)


@program((3, 2), (2, 2), (3, 3), stages="while_loop", forms=("converted", "traced"))
def classes_called_with_the_items_of_a_list(n, k):
    triple = Triple(*[i * i for i in range(n)])
    pair = Pair(*(i + n for i in range(k)))
    return triple, pair.left - pair.right


# A function that calls itself, with data alone


@program(([[1, 2, 3, 4], [1, 2, 3, 5], [1, 2, 4, 4], [4, 3, 2, 1]],), ([[2, 1], [1, 3]],), ([[0, 0, 1]] * 3,))
def determinant(rows):
    size = len(rows)
    assert all(len(row) == size for row in rows)
    if size == 1:
        return rows[0][0]
    for place in range(size):
        if rows[place][0] != 0:
            break
    else:
        return 0
    sign = 1
    if place != 0:
        rows[0], rows[place], sign = rows[place], rows[0], -1
    first = rows[0][0]
    rest = [[first * row[k] - row[0] * rows[0][k] for k in range(1, size)] for row in rows[1:]]
    return sign * determinant(rest) // first ** (size - 2)


class Page:
    """A page of a tree; its attributes have names of methods of containers."""

    def __init__(self, keys, *pages):
        self.keys, self.items, self.index = keys, list(pages), len(keys)


@program(
    lambda: (Page([5, 7], Page([1, 2])), 1),
    lambda: (Page([5, 7], Page([1, 2])), 7),
    lambda: (Page([5]), 9),
    stages="while_loop cond",
    forms=("converted", "traced"),
)
def search_in_a_tree_of_pages(page, key):
    while page:
        place = len(page.keys) - 1
        while place >= 0 and page.keys[place] > key:
            place -= 1
        if place >= 0 and page.keys[place] == key:
            return place, page.index, max(page.keys), [one for one in page.keys], -page.index
        page = page.items[0] if page.items else None
    return None


# An attribute of some classes has the name of a method of others


class Thread:
    def __init__(self, one, other, weight):
        self.one, self.other, self.weight = one, other, weight


class Net(dict):
    def __init__(self, size=0):
        self.size = size

    def add(self, thread):
        self.setdefault(thread.one, {})[thread.other] = thread
        self.setdefault(thread.other, {})

    def weight(self, thread):
        return self[thread.one][thread.other].weight

    def knots(self):
        return iter(self)

    def threads(self):
        for one in self:
            for other in self[one]:
                yield self[one][other]


class Heaviest:
    """Looks for the heaviest thread of a net, whatever its class is."""

    def __init__(self, net):
        self.net = net
        self.rest = self.net.__class__(size=self.net.size)
        self.found = None

    def run(self):
        for thread in self.net.threads():
            if self.found is None or thread.weight > self.found.weight:
                self.found = thread
            self.rest.add(thread)
        return self.found


def net_of(*weights):
    net = Net(len(weights))
    for place, weight in enumerate(weights):
        net.add(Thread(place, place + 1, weight))
    return net


@program(lambda: (net_of(5, 7, 6),), lambda: (net_of(1),), stages="while_loop cond", forms=("converted", "traced"))
def search_that_makes_another_of_its_class(net):
    search = Heaviest(net)
    found = search.run()
    total = 0
    for thread in search.rest.threads():
        total += thread.weight + search.rest.weight(thread)
    return found.weight, total, search.rest.size, type(search.rest).__name__, list(search.rest.knots())


@program((3,), (1,), stages="while_loop", forms=("converted", "traced"))
def objects_swapped_in_a_list(n):
    threads = [Thread(place, place, 10 * place) for place in range(4)]
    for i in range(n):
        j = (3 * i + 1) % 4
        threads[i], threads[j] = threads[j], threads[i]
    return [thread.weight for thread in threads]


# Objects that stand for numbers, of which one call gives another than the call before


class Place:
    def __init__(self, number):
        self.number = number

    def __index__(self):
        return self.number


class Length:
    def __init__(self, meters):
        self.meters = meters

    def __float__(self):
        return float(self.meters)


@program((Place(1),), (Place(2),), (Place(1),), forms=("converted", "traced"))
def objects_that_are_indices(place):
    items = [10, 20, 30, 40]
    read = items[place], items[:place], (1, 2, 3)[place], "abc"[place], f64(1, 2, 3)[place], grid(3, 3)[place, 1]
    items[place] = 9
    del items[place]
    items.insert(place, 7)
    numbers = int(place), hex(place), operator.index(place), round(2.3456, place), math.factorial(place), float(place)
    return read, items, numbers, list(range(place)), [0] * place, "ab" * place, np.zeros(place), {place: 1}[place]


class Rank(int):
    def __index__(self):
        return 2


class Phase:
    def __init__(self, angle):
        self.angle = angle

    def __float__(self):
        return 0.0

    def __complex__(self):
        return complex(0, self.angle)


class Fixed(Length):
    __iadd__ = None

    def __add__(self, other):
        return self.meters + other


@program((Fixed(1), Rank(7), Phase(1.0)), (Fixed(2), Rank(8), Phase(2.0)), forms=("converted", "traced"))
def numbers_that_classes_tell_in_several_ways(fixed, rank, phase):
    try:
        fixed += 1
    except TypeError:
        return int(rank), [1, 2, 3][Rank(1)], cmath.exp(phase), complex(phase), float(phase), fixed + 1


@program((Length(4),), (Length(9),), (Length(4),), forms=("converted", "traced"))
def objects_that_are_floats(length):
    return math.sqrt(length), math.hypot(length, 3), math.fsum([length, 1.0]), float(length), complex(length)


# Builtins that call methods of objects among their arguments


class Amount:
    def __init__(self, number):
        self.number = number

    def __lt__(self, other):
        return self.number < other.number

    def __gt__(self, other):
        return self.number > other.number

    def __add__(self, other):
        return Amount(self.number + (other.number if isinstance(other, Amount) else other))

    __radd__ = __add__

    def __abs__(self):
        return abs(self.number)

    def __bool__(self):
        return self.number > 1

    def __call__(self, other):
        return other + self.number

    def __iter__(self):
        return iter([self.number, 5])

    def __str__(self):
        return f"{self.number} EUR"

    def __repr__(self):
        return f"Amount({self.number})"


@program((Amount(1),), (Amount(3),), (Amount(1),), forms=("converted", "traced"))
def builtins_that_compare_and_add_objects(x):
    other = Amount(2)
    best = [max(x, other), max([x, other]), min(x, other), min([other, x]), *sorted([x, other, Amount(0)])]
    sums = sum([x, other]), sum([other, x], Amount(0)), operator.add(x, 3), functools.reduce(operator.add, [x, other])
    return [one.number for one in best], [one.number for one in sums], operator.lt(x, other), any([x]), all([x, other])


@program((Amount(1),), (Amount(3),), (Amount(1),), forms=("converted", "traced"))
def builtins_that_call_and_write_objects(x):
    called = [*map(x, [1, 2])], [*map(abs, [x, Amount(-4)])], [one.number for one in filter(None, [x, Amount(9)])]
    texts = "%5s %r %s%% %d" % (x, x, [x], 3), "%s" % x, "%(a)s" % {"a": x}, "-".join(map(str, [x, x]))
    texts += str([x]), repr((x, 1)), f"{[x]}", "{}".format(x)
    copied = copy.copy(x).number, copy.deepcopy([x])[0].number
    return called, texts, copied, list(map(abs, x)), list(itertools.chain(x, x))
