"""Objects of the user's as keys, as members of sets and in order; dataclasses taken apart; items that results share."""

import bisect
import collections
import dataclasses
import heapq
from dataclasses import dataclass, field
from functools import total_ordering

from tests.programs.row import f64, program

UNSAVED = ("converted", "traced")  # where no file holds the objects
ONE, THREE = (1,), (3,)


class Key:
    def __init__(self, a):
        self.a = a

    def __hash__(self):
        return hash(self.a)

    def __eq__(self, other):
        return isinstance(other, Key) and self.a == other.a


@dataclass(frozen=True)
class Point:
    x: int
    y: int = 2


@dataclass
class Tree:
    root: Point
    leaves: list
    named: dict = field(default_factory=dict)


@total_ordering
class Ranked:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return self.v == other.v

    def __lt__(self, other):
        return self.v < other.v


class Above:
    def __init__(self, v):
        self.v = v

    def __gt__(self, other):
        print("above", self.v, other.v)
        return self.v > other.v


@program(ONE, THREE, forms=UNSAVED)
def objects_are_keys(n):
    named = {Key(1): "a", Key(n): "b", (Point(n), 1): "pair"}
    named[Key(2)] = "c"
    named.setdefault(Key(n), "unused")
    key = Key(n)
    found = named[key], named.get(Key(9)), named[Point(n), 1], key in named, len(named)
    del named[key]
    pairs = dict([(Point(n), 1), (Point(5), 2)])
    return found, Key(n) in named, pairs[Point(n)], [p.x for p in pairs], named.pop(Key(2))


@program(ONE, THREE, stages="while_loop", forms=UNSAVED)
def objects_are_members(n):
    seen, order = set(), []
    for i in (1, n, 2, 3):
        if Key(i) not in seen:
            seen.add(Key(i))
            order.append(i)
    groups = collections.defaultdict(list)
    for i in range(n + 3):
        groups[Point(i % n)].append(i)
    few, others = {Point(1), Point(n), Point(n, 3)}, {Point(n), Point(7)}
    counts = collections.Counter([Point(n), Point(1), Point(1)])
    return order, [(k.x, v) for k, v in groups.items()], len(few & others), len(few | others), counts[Point(1)]


@program(lambda: (Point(1), 2), lambda: (Point(3), 3), forms=UNSAVED)
def argument_is_a_key(p, n):
    named = {Point(1): "one", p: "given", Point(n): "n"}
    return named[p], len(named), p in named, p in {Point(n)}


@program(ONE, THREE, forms=UNSAVED)
def class_of_the_function_makes_keys(n):
    class Twice:
        def __init__(self, v):
            self.v = v

        def __hash__(self):
            return self.v * 2

        def __eq__(self, other):
            return self.v == other.v

    named = {Twice(n): 1}
    named[Twice(2)] = 2
    return named[Twice(n)], len(named), hash(Twice(n)), Twice(9) in named


@program((f64(3, 1, 2),), (f64(1, 5, 0),), forms=UNSAVED)
def objects_in_order(x):
    ranked = [Ranked(v) for v in x]
    best = max(ranked).v, min(ranked[0], ranked[1]).v, max(Above(x[0]), Above(x[1])).v
    made = [r.v for r in sorted(ranked)], [r.v for r in sorted(ranked, reverse=True)]
    ranked.sort()
    return best, made, [r.v for r in ranked], ranked[0] >= ranked[1]


@program(ONE, THREE, forms=UNSAVED)
def order_is_asked_by_the_program(n):
    items = [Above(n), Above(2), Above(5 - n)]
    best = max(items).v, min(items).v
    placed = [Ranked(1), Ranked(4)]
    bisect.insort(placed, Ranked(n))
    heap = []
    for v in (3, n, 2):
        heapq.heappush(heap, Ranked(v))
    return best, [i.v for i in sorted(items)], [p.v for p in placed], [heapq.heappop(heap).v for _ in range(3)]


@program(ONE, THREE, forms=UNSAVED)
def dataclasses_taken_apart(n):
    point = dataclasses.replace(Point(n), x=n + 1)
    tree = Tree(point, [point, (n, [n])], {"k": Point(2)})
    told, flat = dataclasses.asdict(tree), dataclasses.astuple(tree)
    told["leaves"].append(n)
    moved = dataclasses.replace(tree, leaves=[n])
    return told, flat, len(tree.leaves), moved.root.x, moved.leaves, moved.named is tree.named


@program(ONE, THREE)
def results_share_their_items(n):
    first, second = [n, 1], [2, 2]
    most, least = max(first, second), min([first, second])
    most.append(9)
    least.append(8)
    ordered, named, rows = sorted([first, second]), {n: first, 7: second}, list(zip([first, second], [n, 2]))
    ordered[0].append(7)
    named[n].append(6)
    rows[1][0].append(5)
    turned, taken = list(reversed([first, second])), tuple([first, second])
    turned[0].append(4)
    taken[0].append(3)
    pairs = dict([(n, first)])
    pairs[n].append(2)
    return first, second, most, least, ordered, named, rows
