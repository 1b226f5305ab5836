"""Programs of strangers that once went wrong, each in its smallest form."""

import bisect
import heapq
import itertools
import operator
from collections import Counter, OrderedDict, defaultdict, deque
from dataclasses import dataclass, field

import numpy as np

from tests.programs.row import f64, i64, program

# Containers that a branch makes, changes in a loop, and gives.


@program((5,), (1,), stages="cond while_loop")
def list_filled_after_an_early_return(n):
    if n < 2:
        return []
    return [i for i in range(n)]


@program((3, 2), (0, 2), (3, 0))
def nested_lists_filled_in_a_branch(n, k):
    if k:
        rows = [[] for _ in range(2)]
        for i in range(n):
            rows[i % 2].append(i)
    else:
        rows = [[k]]
    return rows


@program((3, 2), (3, 0))
def object_of_a_branch_that_does_not_raise(n, k):
    if k == 0:
        raise ValueError("no")
    else:
        made = {"items": []}
        for i in range(n):
            made["items"].append(i)
    return made


@program((f64(1, 2), 3), (f64(1, 2), 0))
def dict_in_an_object_beside_a_dict(x, steps):
    params = {"w": x}
    state = Moments()
    for _ in range(steps):
        state.step(params, {"w": x})
    return params, state.seen, state.count


class Moments:
    def __init__(self):
        self.seen, self.count = {}, 0

    def step(self, params, grads):
        self.count += 1
        for key in params:
            if key not in self.seen:
                self.seen[key] = grads[key] * 0
            self.seen[key] = self.seen[key] + grads[key]
            params[key] = params[key] - self.seen[key]


@dataclass
class Walker:
    x: float
    alive: bool = True
    trail: list = field(default_factory=list)

    def step(self, by):
        self.x += by
        self.trail.append(self.x)
        if self.x < 0:
            self.alive = False


@program((1.0, f64(-1, -3, 2)), (2.0, f64(1)))
def list_that_a_dataclass_makes(x, steps):
    walker = Walker(x)
    for by in steps:
        if not walker.alive:
            break
        walker.step(by)
    return walker.x, walker.alive, walker.trail


# Targets of one assignment


@program(([1, 2, 3, 4], 1, 2), (i64(1, 2, 3, 4), 3, 0))
def targets_from_left_to_right(a, i, j):
    a[i], i = 5, 3
    i, a[i] = j, i
    (a[i], i), *a[1:2] = (7, j), 8
    return a, i


class Link:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next


@program((i64(1, 2, 3),), (i64(),), forms=("converted", "traced"))
def links_turned_around(xs):
    head = None
    for x in xs:
        head = Link(x, head)
    back = None
    while head is not None:
        head.next, back, head = back, head, head.next
    values = []
    while back:
        values.append(back.value)
        back = back.next
    return values


# Objects in lists, of one class or of several


@program((3, 4), (0, 2), forms=("converted", "traced"))
def objects_in_a_list(n, steps):
    walkers = [Walker(float(i)) for i in range(n)]
    for _ in range(steps):
        for walker in walkers:
            if walker.alive:
                walker.step(-1.0)
    return [walker.x for walker in walkers], sum(len(walker.trail) for walker in walkers)


class Square:
    def __init__(self, side):
        self.side = side

    @property
    def name(self):
        return f"square {self.side}"

    def area(self):
        return self.side**2


class Circle:
    def __init__(self, radius):
        self.radius = radius

    @property
    def name(self):
        return "circle"

    def area(self):
        return 3 * self.radius**2


@program((3,), (0,), forms=("converted", "traced"))
def objects_of_two_classes(n):
    shapes = []
    for i in range(n):
        shapes.append(Square(i) if i % 2 else Circle(i))
    total = 0
    names = []
    for shape in shapes:
        total += shape.area()
        names.append(shape.name)
    return total, names


@program((3,), (-1,), forms=("converted", "traced"))
def method_of_an_object_or_none(n):
    found = None
    for i in range(n + 1):
        found = Square(i)
    return found.area()


class Bag:
    def __init__(self):
        self.items = []

    def add(self, item):
        self.items.append(item)
        return self

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self.items)

    def __getitem__(self, index):
        return self.items[index]

    def __setitem__(self, index, item):
        self.items[index] = item

    def __contains__(self, item):
        return item in self.items

    def __add__(self, other):
        made = Bag()
        for item in [*self.items, *other.items]:
            made.add(item)
        return made

    def __eq__(self, other):
        return self.items == other.items

    def __neg__(self):
        return Bag().add(-len(self))

    def __repr__(self):
        return f"Bag({self.items})"


@program((4,), (1,), forms=("converted", "traced"))
def special_methods_of_an_object_that_loops_change(n):
    bag = Bag()
    for i in range(n):
        bag.add(i)
        if 2 in bag:
            bag[0] = 10
    total = 0
    for item in bag:
        total += item
    print(bag, f"{bag!r}", len(bag))
    bag += Bag().add(n)
    return len(bag), total, bag[0], bag[-1], bag == Bag(), (-bag)[0], sum(item for item in bag), bool(bag)


# The standard library


@program((5,), (0,))
def containers_made_of_containers(n):
    items, table = [], {}
    for i in range(n):
        items.append(i % 3)
        table[i] = n
    last = deque(items, maxlen=2)
    lists = defaultdict(list, {0: items})
    lists[1].append(n)
    return list(deque(items)), dict(Counter(items)), list(last), dict(lists), list(OrderedDict(table).items())


@program((4,), (2,))
def methods_of_the_class(n):
    items = []
    for i in range(n):
        list.append(items, i)
    return items, list.index(items, 1), list.copy(items), dict.fromkeys(items, 0), list(map(str.upper, ["a", "b"]))


@program((f64(3, 1, 2),), (f64(),))
def heaps_of_items(xs):
    heap = []
    for i, x in enumerate(xs):
        heapq.heappush(heap, (x, i))
        heapq.heappush(heap, (2.5, -1))
    popped = [heapq.heappop(heap) for _ in range(len(xs))]
    rest = [x for x, _ in heap]
    heapq.heapify(rest)
    return popped, rest, heapq.nsmallest(2, rest), heapq.nlargest(1, xs)


@program((i64(5, 1, 3),), (i64(),))
def sorted_by_bisection(xs):
    kept = []
    for x in xs:
        bisect.insort(kept, x)
    return kept, bisect.bisect_left(kept, 3), bisect.bisect(kept, 3)


@program((i64(5, 1, 1, 3),), (i64(7),))
def lazy_functions_of_itertools(xs):
    pairs = sorted([(x, i) for i, x in enumerate(xs)], key=operator.itemgetter(0))
    groups = [(key, list(group)) for key, group in itertools.groupby(xs)]
    return pairs, groups, list(itertools.chain(xs, [0])), [a - b for a, b in itertools.combinations(xs, 2)]


# Generator expressions


@program((f64(1, 2, 3),), (f64(1, 0.5),))
def generators_beside_other_arguments(x):
    most = max((v for v in x if v > 1), default=-1)
    first = next((i for i, v in enumerate(x) if v > 1), None)
    total = sum((v for row in [x, x] for v in row), 10)
    falling = sorted((v for v in x if v < 3), key=lambda v: -v)
    return most, first, total, falling


@program((f64(1, 2, 3),), (f64(0, -1),))
def generators_given_to_methods(x):
    items = [0.0]
    items.extend(v for v in x if v > 1)
    return items, next(v for v in x if v > 0), deque(v for v in x)[0]


@program((f64(1, 2, 3),), (f64(5),), (f64(),))
def generators_of_two_loops(x):
    some = any(a + b == 5 for a in x if a > 1 for b in x)
    return some, all(a < b for a in x for b in x), sum(1 for a in x for b in x if a < b), np.float64(1)


# Recursion that changes what is around it


@program((4,), (1,), stages="define call")
def queens_counted_by_recursion(n):
    count = 0
    columns, rising, falling = set(), set(), set()

    def place(row):
        nonlocal count
        if row == n:
            count += 1
            return
        for column in range(n):
            if column in columns or row + column in rising or row - column in falling:
                continue
            columns.add(column)
            rising.add(row + column)
            falling.add(row - column)
            place(row + 1)
            columns.remove(column)
            rising.remove(row + column)
            falling.remove(row - column)

    place(0)
    return count


class Walk:
    def __init__(self):
        self.total, self.depth, self.last = 0, 0, None

    def down(self, values, low, high, depth):
        if low >= high:
            return
        middle = (low + high) // 2
        self.total += values[middle]
        if depth > self.depth:
            self.depth = depth
        self.down(values, low, middle, depth + 1)
        self.last = middle
        self.down(values, middle + 1, high, depth + 1)


@program((i64(3, 1, 4, 1, 5),), (i64(),), stages="define call")
def recursion_that_writes_attributes(values):
    walk = Walk()
    walk.down(values, 0, len(values), 1)
    return walk.total, walk.depth, walk.last


@program((5,), (1,))
def object_of_each_depth(n):
    square = Square(n)
    if n > 2:
        square.side = object_of_each_depth(n - 1)
    if n > 3:
        square.side = square.side + 1
    return square.side


class Recent:
    """The last few values by key; the one that was read longest ago goes first."""

    def __init__(self, size):
        self.size, self.kept = size, OrderedDict()

    def read(self, key):
        if key not in self.kept:
            return None
        self.kept.move_to_end(key)
        return self.kept[key]

    def write(self, key, value):
        self.kept[key] = value
        if len(self.kept) > self.size:
            self.kept.popitem(last=False)


@program((i64(1, 2, 1, 3, 2), 2), (i64(), 1))
def ordered_dict_as_a_cache(keys, size):
    recent, hits = Recent(size), []
    for key in keys:
        hits.append(recent.read(int(key)))
        if hits[-1] is None:
            recent.write(int(key), key * 10)
    return hits, list(recent.kept.items())


@program((f64(0.3, 0.8, 0.1), 2), (f64(), 1))
def length_of_a_deque_is_an_argument(xs, size):
    last = deque(maxlen=size)
    for x in xs:
        last.append(x)
    return list(last), sorted(range(len(xs)), key=xs.__getitem__)


class Countdown:
    def __init__(self, start):
        self.left = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.left <= 0:
            raise StopIteration
        self.left -= 1
        return self.left


@program((2,), (5.0,))
def iterator_of_a_class(k):
    total = k
    for left in Countdown(3):
        total += left * k
    return total


@program((3,))
def iterator_whose_end_is_an_argument(n):
    total = 0
    for left in Countdown(n):
        total += left
    return total
