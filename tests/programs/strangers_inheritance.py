"""Classes under others, and under list, dict and set: what lives in the program keeps its class and its super()."""

import os.path
from collections import UserDict
from collections.abc import MutableMapping, Sequence

from tests.programs.row import program

OBJECTS = ("converted", "traced")


class Animal:
    def __init__(self, weight):
        self.weight = weight

    def noise(self):
        return self.weight

    @property
    def meal(self):
        return 2 * self.weight

    @classmethod
    def born(cls, weight):
        return cls(weight)


class Dog(Animal):
    def __init__(self, weight):
        super().__init__(weight)
        self.loudness = 3

    def noise(self):
        return super().noise() + self.loudness

    @property
    def meal(self):
        return super().meal + 1

    @classmethod
    def born(cls, weight):
        return super().born(weight + 1)


@program((4,), (1,), (0,), stages="while_loop cond", forms=OBJECTS)
def super_of_objects_in_a_list(n):
    animals = []
    for i in range(n):
        animals.append(Dog(i) if i % 2 else Animal(i))
    total = 0
    for animal in animals:
        total += 10 * animal.noise() + animal.meal
    return total


@program((2,), forms=OBJECTS)
def super_of_a_class(weight):
    return Dog.born(weight).noise()


class Doubled:
    def __init__(self, value):
        self.value = value

    def __setattr__(self, name, value):
        super().__setattr__(name, 2 * value)


class Counting:
    def __init__(self, value):
        object.__setattr__(self, "value", value)

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value + 1)


@program(lambda: (Doubled(1), 3), lambda: (Counting(1), 3), forms=OBJECTS)
def setting_that_is_passed_on(thing, value):
    thing.value = value
    return thing.value


@program((3,), (1,), stages="while_loop cond")
def setting_in_a_loop(n):
    doubled, counting = Doubled(1), Counting(1)
    for i in range(n):
        counting.value = i
        if i > 1:
            doubled.value = i
    return doubled.value, counting.value


# Under dict, list and set


class Register(dict):
    def __init__(self, *items):
        super().__init__(*items)
        self.writes = 0

    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        self.writes += 1

    def pop(self, key):
        self.writes -= 1
        return dict.pop(self, key)

    def total(self):
        return sum(self.values())


@program((4,), (1,), stages="while_loop", forms=OBJECTS)
def dict_of_a_class_filled_in_a_loop(n):
    register = Register()
    for i in range(n):
        register[i] = i * i
    register.pop(0)
    return register, register.writes, register.total(), len(register), sorted(register)


@program(lambda: (Register({1: 2}), 7), lambda: (Register(), 1), forms=OBJECTS)
def dict_of_a_class_that_is_given(register, key):
    register[key] = 5
    return register.pop(key), register.writes, list(register.items())


class Tenfold(dict):
    def __missing__(self, key):
        self[key] = 10 * key
        return self[key]

    def __len__(self):
        return 99


@program((4,), (0,), stages="while_loop", forms=OBJECTS)
def dict_of_a_class_with_missing_keys(n):
    made, total = Tenfold(), 0
    for i in range(n):
        total += made[i % 2]
    return total, len(made), dict(made)


class Stack(list):
    def push(self, item):
        self.append(item)
        return self

    def append(self, item):
        super().append(2 * item)

    @property
    def top(self):
        return self[-1] if self else None


@program((3,), (0,), stages="while_loop cond", forms=OBJECTS)
def list_of_a_class_filled_in_a_loop(n):
    stack = Stack()
    for i in range(n):
        stack.push(i)
    return stack, stack.top, len(stack), type(stack).__name__


@program(lambda: (Stack([1]), 4), lambda: (Stack(), 0), forms=OBJECTS)
def list_of_a_class_that_is_given(stack, item):
    stack.push(item).append(3)
    return stack.top, sum(stack), stack[0]


class Vector(list):
    def __add__(self, other):
        return Vector(a + b for a, b in zip(self, other))


@program((3,), (0,), stages="while_loop", forms=OBJECTS)
def list_of_a_class_made_anew(n):
    total = Vector([0, 0])
    for i in range(n):
        total = total + Vector([i, 1])
    return total


class Positive(set):
    def add(self, item):
        if item > 0:
            super().add(item)


@program(([1, -1, 2],), ([],), stages="cond", forms=OBJECTS)
def set_of_a_class(items):
    positive = Positive()
    for item in items:
        positive.add(item)
    return sorted(positive), len(positive)


class Web(dict):
    """Knots, and for each the others with the length of the thread to them."""

    def __init__(self, size):
        self.size = size
        for knot in range(size):
            self[knot] = {}

    def tie(self, one, other, length):
        self[one][other] = length
        self[other][one] = length

    def threads(self):
        for one in self:
            for other in self[one]:
                if one < other:
                    yield one, other


@program((3,), (1,), stages="while_loop", forms=OBJECTS)
def web_of_dicts(n):
    web = Web(n)
    for i in range(n - 1):
        web.tie(i, i + 1, 2 * i)
    return list(web.threads()), web.size, web


# Under the abstract classes of the standard library


class Shelf(MutableMapping):
    def __init__(self):
        self.kept = {}

    def __getitem__(self, key):
        return self.kept[key]

    def __setitem__(self, key, value):
        self.kept[key] = value

    def __delitem__(self, key):
        del self.kept[key]

    def __iter__(self):
        return iter(self.kept)

    def __len__(self):
        return len(self.kept)


@program((3,), (1,), stages="while_loop", forms=OBJECTS)
def mapping_with_the_methods_of_its_class(n):
    shelf = Shelf()
    for i in range(n):
        shelf[i] = i * 2
    shelf.update({7: 8})
    return shelf.get(1), shelf.get(9, -1), list(shelf.items()), shelf.pop(0), 7 in shelf, dict(shelf), len(shelf)


@program((3,), (0,), stages="while_loop", forms=OBJECTS)
def dict_of_a_mapping(n):
    made = UserDict()
    for i in range(n):
        made[i] = i
    return dict(made), len(made), 1 in made


class Row(Sequence):
    def __init__(self, items):
        self.items = items

    def __getitem__(self, place):
        return self.items[place]

    def __len__(self):
        return len(self.items)


@program(([1, 2, 2], 2), ([1], 5), stages="cond", forms=OBJECTS)
def sequence_with_the_methods_of_its_class(items, item):
    row = Row(items)
    return item in row, list(row), row.count(item), list(reversed(row)), row.index(item) if item in row else None


# Modules that Python has in itself


@program(("/x/y", ["z.py", "a.c"]), ("", []))
def paths_that_are_joined(folder, names):
    return [os.path.join(folder, name) for name in names if name.endswith(".py")], os.path.basename(folder)
