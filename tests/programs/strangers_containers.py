"""Programs of strangers that once went wrong in what they do with lists and dicts, each in its smallest form."""

import datetime
import itertools
import math
from collections import defaultdict

from tests.programs.row import program

# Lists of the caller's, sorted and written in place


@program(([[8, 10], [1, 3], [2, 6]],), ([[1, 3]],), stages="cond while_loop")
def list_of_the_callers_sorted_by_a_key(spans):
    spans.sort(key=lambda span: span[0])
    kept = [spans.pop(0)]
    for span in spans:
        if kept[-1][-1] >= span[0]:
            kept[-1][-1] = max(kept[-1][-1], span[-1])
        else:
            kept.append(span)
    return kept


@program(([(2, "b"), (1, "c"), (2, "a")],), stages="")
def list_of_the_callers_sorted_downwards(items):
    items.sort(key=lambda item: item[0], reverse=True)
    return items[0]


@program(([5, 4, 9, 1, 7, 2],), ([1],), stages="while_loop")
def slices_set_to_what_is_reversed(items):
    for end in range(len(items), 1, -1):
        place = items.index(max(items[:end]))
        items[: place + 1] = reversed(items[: place + 1])
        items[:end] = reversed(items[:end])
    return items


@program(([5, 4, 9],), stages="")
def slices_set_to_what_a_generator_gives(items):
    items[1:2] = (item * 10 for item in items)
    items[:1] = map(abs, [-1, -2])
    return items


# Views of dicts, which see later changes


@program((4,), (1,), (0,), stages="while_loop")
def views_made_before_the_dict_is_filled(n):
    squares = {}
    values, keys, items = squares.values(), squares.keys(), squares.items()
    for i in range(n):
        squares[i] = i * i
    return 4 in values, 3 in keys, (1, 1) in items, len(values), sorted(keys), sum(values), list(items)


@program((3.0,), (-1.0,), stages="cond")
def views_of_a_dict_that_a_branch_fills(x):
    parts = {"a": x}
    values = parts.values()
    if x > 0:
        parts["b"] = 2 * x
    total = 0
    for value in values:
        total += value
    return total, max(values), x in values


@program(("a", "hello", {}), ("ab", "hello", {"b": "h"}), ("a", "hello", {"a": "he"}), stages="cond while_loop")
def word_that_is_no_value_of_a_dict(letter, text, words):
    for end in range(1, len(text)):
        if letter[0] not in words and text[:end] not in words.values():
            words[letter[0]] = text[:end]
            if len(words) > 1:
                return end
            del words[letter[0]]
        elif letter[0] in words and words[letter[0]] == text[:end]:
            return -end
    return words


# Missing values that functions of the user's make


@program((4,), (0,), stages="while_loop cond", forms=("converted", "traced"))
def distances_that_are_infinite_at_first(n):
    distances = defaultdict(lambda: float("inf"))
    distances[0] = 0
    for i in range(n):
        if distances[i] + i < distances[i + 1]:
            distances[i + 1] = distances[i] + i
    return distances[n], len(distances), distances[99]


def counts():
    return defaultdict(int)


@program(([(1, 2), (1, 2), (2, 3)],), ([],), forms=("converted", "traced"))
def counts_in_counts(pairs):
    here, there = defaultdict(lambda: defaultdict(int)), defaultdict(counts)
    for one, other in pairs:
        here[one][other] += 1
        there[other][one] += 2
    return {one: dict(found) for one, found in here.items()}, {one: dict(found) for one, found in there.items()}


# Arguments of as many items as there are


@program(([9],), ([17],))
def builtins_of_spread_items(items):
    items.append(4)
    text = "%d %d" % (*items,)
    print(*items, sep="-")
    return divmod(*items), range(*items), complex(*items), pow(*items), max(*items), math.hypot(*items), text, {*items}


@program(([9],), ([12],), forms=("converted", "traced"))
def functions_of_libraries_of_spread_items(items):
    items.append(4)
    return "{} {}".format(*items), datetime.timedelta(*items), datetime.date(2020, *reversed(items))


@program(([[1, 2]],), ([[]],), stages="while_loop", forms=("converted", "traced"))
def iterators_of_spread_items(rows):
    rows.append([4, 5])
    both = list(itertools.product(*rows)), list(itertools.chain(*rows)), list(itertools.zip_longest(*rows))
    return both, list(map(max, *rows)), [sorted(column) for column in zip(*rows, strict=False)]


EMPTY = object()


class Slots:
    """A table with open addressing; free places hold a mark."""

    def __init__(self, size):
        self.size, self.keys = size, [EMPTY] * size

    def place(self, key):
        at = key % self.size
        while self.keys[at] is not EMPTY and self.keys[at] != key:
            at = (at + 1) % self.size
        self.keys[at] = key
        return at


@program(([1, 4, 7, 4], 5), ([3], 3), stages="while_loop", forms=("converted", "traced"))
def marks_of_free_places(keys, size):
    slots = Slots(size)
    return [slots.place(key) for key in keys], [key is EMPTY for key in slots.keys]
