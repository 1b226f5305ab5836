"""Iterables of the user's that tell how long they are: list() and its like ask, before they take an item."""

import itertools

import numpy as np

from tests.programs.row import program

UNSAVED = ("converted", "traced")  # where no file holds the objects


class Counted:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        print("len")
        return self.n

    def __iter__(self):
        print("iter")
        return iter([1, self.n])


class Given(Counted):
    def __iter__(self):
        print("first")
        for i in range(self.n):
            yield i


class Hinted:
    def __init__(self, n):
        self.n = n

    def __length_hint__(self):
        print("hint")
        return NotImplemented if self.n > 2 else self.n

    def __iter__(self):
        print("iter")
        return iter([1, self.n])


class Unsized(Hinted):
    def __len__(self):
        print("len")
        raise TypeError("it has none")


class Stepping:
    def __init__(self, n):
        self.n, self.k = n, 0

    def __len__(self):
        return self.n - self.k

    def __iter__(self):
        print("iter")
        return self

    def __next__(self):
        self.k += 1
        if self.k > self.n:
            raise StopIteration
        return self.k


class Indexed:
    def __init__(self, n):
        self.n, self.asked = n, 0

    def __len__(self):
        self.asked += 1
        return self.n

    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError
        return i


class Wrong(Counted):
    def __len__(self):
        raise ValueError("no length")


class Negative(Counted):
    def __len__(self):
        return -1


def gather(*items):
    return items


def asked(made):
    items = []
    items.extend(made(1))
    items += made(1)
    spread = [*made(1)], (*made(1),), gather(*made(1)), gather(0, *made(1))
    made_of = list(made(1)), tuple(made(1)), sorted(made(1)), sorted(made(1), key=lambda v: -v), bytes(made(1))
    return made_of, items, spread


def unasked(made):
    best = max(made(1)), min(made(1), key=lambda v: -v), sum(made(1)), any(made(1))
    return best, {*made(1)}, [i for i in made(1)], list(zip(made(1))), list(map(str, made(1))), bytearray(made(1))


@program((2,), (3,))
def list_asks_for_the_length(n):
    return asked(lambda k: Counted(n * k)), [*Given(n)], tuple(Given(n)), list(Stepping(n)), bytes(Stepping(n))


@program((2,), (3,), forms=UNSAVED)
def list_asks_for_a_hint(n):
    return list(Hinted(n)), [*Hinted(n)], tuple(Unsized(n)), sorted(Unsized(n)), gather(*Unsized(n))


@program((2,), (3,), forms=UNSAVED)
def others_do_not_ask(n):
    return unasked(lambda k: Counted(n * k)), {*Unsized(n)}, sum(Unsized(n)), {*Stepping(n)}


@program((2,), (3,), forms=UNSAVED)
def what_asking_does(n):
    counted = Indexed(n)
    items = list(counted), [*counted], tuple(counted), set(counted)
    for wrong in (Wrong(n), Negative(n)):
        try:
            print(list(wrong))
        except ValueError:
            print("no length")
    return items, counted.asked


@program((2,), (3,), stages="while_loop", forms=UNSAVED)
def asked_in_a_staged_loop(n):
    items = []
    for _ in range(n):
        items.extend(Counted(2))
    return items, list(itertools.product(Counted(n))), list(itertools.chain(Counted(n), [n]))


class Told:
    """An iterator of its own, which tells when it is asked."""

    def __init__(self, n, hint):
        self.n, self.hint = n, hint

    def __iter__(self):
        print("iter")
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n

    def __length_hint__(self):
        print("hint")
        return self.hint


class Row:
    """A sequence by its items alone, whose iterator asks it for its length."""

    def __init__(self, n):
        self.n = n

    def __len__(self):
        print("len")
        return self.n

    def __getitem__(self, i):
        print("item", i)
        if i >= self.n:
            raise IndexError
        return str(i)


def sliced(given):
    items = [0, 1]
    items[0:1] = given
    return items


def starred(given):
    first, *rest = given
    return first, rest


@program((3,), forms=UNSAVED)
def lists_of_iterators_ask_twice(n):
    made = list(iter(Told(n, 2))), sliced(Told(n, 2)), starred(Told(n, 2)), np.fromiter(Told(n, 2), float)
    return made, ",".join(Row(n)), list(iter(Row(n))), sliced(Row(n)), starred(Row(n))


@program((3,), forms=UNSAVED)
def hints_that_are_none(n):
    found = []
    for hint in (-3, "a", NotImplemented, n):
        for take in (list, tuple, sorted, sliced, starred, sum, set):
            try:
                found.append(take(Told(2, hint)))
            except (TypeError, ValueError) as error:
                found.append(type(error).__name__)
    return found
