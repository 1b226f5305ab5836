"""Descriptors: class attributes whose methods are called where objects are read, set and deleted."""

from dataclasses import dataclass
from functools import partialmethod

from tests.programs.row import program


class Logged:
    """Says what is done to it, and counts."""

    def __init__(self):
        self.count = 0

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, owner, cls=None):
        if owner is None:
            return self
        print("get", self.name)
        return getattr(owner, self.name)

    def __set__(self, owner, value):
        print("set", self.name, value)
        setattr(owner, self.name, value)

    def __delete__(self, owner):
        print("del", self.name)
        delattr(owner, self.name)


class Clipped:
    def __get__(self, owner, cls=None):
        return owner._width

    def __set__(self, owner, value):
        owner._width = value if value < 5 else 5


class Box:
    width = Clipped()
    depth = Logged()


@program((3,), (7,), (2.5,))
def set_of_a_descriptor_is_called(n):
    box = Box()
    box.width = n
    box.depth = n + 1
    box.width += 1
    seen = [box.width, box.depth]
    del box.depth
    try:
        seen.append(box.depth)
    except AttributeError:
        seen.append("gone")
    return seen


@program((3,), (7,), (0,), stages="while_loop")
def descriptor_of_an_object_is_set_in_a_loop(n):
    box = Box()
    box.width = 0
    for i in range(n):
        box.width = i
        if i > 1:
            box.depth = box.width + i
    return box.width, hasattr(box, "_depth")


@program((Box(), 7), (Box(), 2), stages="while_loop")
def descriptor_of_an_argument_is_set_in_a_loop(box, n):
    for i in range(n):
        box.width = i
    box.depth = n
    return box.width, Box.depth.name


class Positive:
    def __set__(self, owner, value):
        if value < 0:
            raise ValueError(value)
        owner.amount = value


class Account:
    balance = Positive()


@program((3,), (-3,), stages="cond")
def set_of_a_descriptor_raises_in_a_try(n):
    class Limit:
        def __set__(self, owner, value):
            if value < 0:
                raise ValueError(value)
            owner._value = value

    class Two:
        value = Limit()

    account, two, seen = Account(), Two(), []
    try:
        two.value = -n
    except ValueError as error:
        seen.append(str(error))
    try:
        account.balance = n
    except ValueError:
        return seen, "refused"
    return seen, account.amount


class Doubled:
    def __get__(self, owner, cls=None):
        return cls.__name__ if owner is None else owner.v * 2


class Item:
    twice = Doubled()

    def __init__(self, v):
        self.v = v


class Guarded(Item):
    limit = Positive()

    def __setattr__(self, name, value):
        print("setattr", name)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        print("delattr", name)
        object.__delattr__(self, name)


@program((1, 2), (3, 2), stages="cond")
def own_attribute_goes_before_get_without_set(n, m):
    item, kept = Item(n), []
    kept.append(item.twice)
    item.twice = m
    kept.append(item.twice)
    del item.twice
    items = [Item(i) for i in range(m)]
    for one in items:
        if n > 1:
            one.twice = n
        kept.append(one.twice)
    return kept, Item.twice


@program((1, 2), (3, 2), stages="cond")
def setattr_goes_before_descriptors(n, m):
    one = Guarded(n) if n > m else Item(n)
    one.limit = m
    two = Guarded(m)
    two.limit = n
    del two.v
    del one.v
    return two.amount, hasattr(one, "amount"), hasattr(two, "v"), hasattr(one, "v")


class Slim:
    __slots__ = ("a",)

    @property
    def fixed(self):
        return self.a


@program((3,), (0,))
def slots_do_not_name_an_attribute(n):
    slim = Slim()
    seen = []
    try:
        slim.a = n
        slim.b = n
    except AttributeError:
        seen.append("no b")
    try:
        if n > 1:
            slim.fixed = n
    except AttributeError:
        seen.append(slim.fixed)
    return seen, slim.a


class Shelf:
    def __init__(self, n):
        self._n = n

    @property
    def n(self):
        return self._n

    @n.deleter
    def n(self):
        print("emptied")
        self._n = 0


@program((3,), (0,), stages="cond")
def deleter_of_a_property(n):
    shelf, other = Shelf(n), Shelf(n + 1)
    del shelf.n
    if n > 1:
        del other.n
    return shelf.n, other.n


@dataclass
class Point:
    x: float


@dataclass(order=True)
class Pair:
    x: float
    y: int = 0


@program((1, 2), (0, 3), (2, 2), stages="while_loop")
def dataclasses_are_compared_while_they_change(a, b):
    one, other, n = Point(a), Point(b), 0
    while one != other:
        one.x += 1
        n += 1
    pair, last = Pair(a), Pair(b, 1)
    while pair < last:
        pair.x += 1
    return n, one == other, str(one), pair > last, repr(pair)


@program((3,), (0,), stages="try")
def getattr_and_hasattr_ask_descriptors(n):
    box, other = Box(), Box()
    seen = [hasattr(box, "depth"), getattr(box, "depth", n)]
    box.depth = n
    if n > 1:
        other.depth = n
    seen += [hasattr(box, "depth"), getattr(box, "depth", 7), hasattr(other, "depth"), getattr(other, "depth", 8)]
    return seen, hasattr(Item, "twice"), getattr(Item, "thrice", n)


class Lazy:
    """Keeps in an object what its function has given."""

    def __init__(self, function):
        self.function = function

    def __get__(self, owner, cls=None):
        print("made")
        owner.area = self.function(owner)
        return owner.area


class Square:
    def __init__(self, side):
        self.side = side

    @Lazy
    def area(self):
        return self.side**2


@program((3,), (0,))
def get_that_sets_what_it_gives(n):
    square = Square(n)
    first = square.area + square.area
    square.side += 1
    del square.area
    return first, square.area


class Halved(Square):
    @property
    def half(self):
        if self.side > 2:
            raise AttributeError("half")
        return self.side / 2


@program((3,), (1,), stages="try")
def property_that_is_not_always_there(n):
    halved = Halved(n)
    return hasattr(halved, "half"), getattr(halved, "half", n)


class Bounded:
    limit = partialmethod(min, 9)

    def __init__(self, limit):
        self.limit = limit


BOUNDED = Bounded(4)


@program((3,), (8,))
def object_s_own_attribute_goes_before_a_method_of_its_class(n):
    return n * BOUNDED.limit, Bounded(n).limit


# What is kept in `__dict__` goes past the class


class Kept:
    """Its values stand in `__dict__` under the names of the property and descriptor that set them there."""

    @property
    def level(self):
        return self.__dict__["level"]

    @level.setter
    def level(self, value):
        self.__dict__["level"] = value + 1

    @level.deleter
    def level(self):
        del self.__dict__["level"]


class Doubling:
    def __setattr__(self, name, value):
        self.__dict__[name] = 2 * value

    def __delattr__(self, name):
        del self.__dict__[name]


class Raised:
    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, owner, cls=None):
        return owner.__dict__[self.name]

    def __set__(self, owner, value):
        owner.__dict__[self.name] = value + 1


class Risen:
    height = Raised()


@program((3, 2), (1, 4))
def values_under_the_names_of_their_properties(v, n):
    kept, risen = Kept(), Risen()
    if v > 2:
        kept.level = v
    else:
        kept.level = 2 * v
    risen.height = v
    for i in range(n):
        kept.level = kept.level + i
        risen.height += i
    before = kept.level, risen.height, dict(risen.__dict__)
    del kept.level
    return before, "level" in kept.__dict__


@program((3, 2), (1, 4), forms=("converted", "traced"))
def many_values_under_the_names_of_their_properties(v, n):
    made = []
    for i in range(n):
        made.append(Kept())
        made[-1].level = v + i
    for one in made:
        one.level = 7 * one.level
    return [one.level for one in made]


@program((3,), (1,))
def setting_that_goes_past_itself(v):
    made = Doubling()
    made.a = v
    made.b = 3
    made.__dict__.update({"c": v + 1})
    del made.b
    found = made.a, made.c, hasattr(made, "b")
    try:
        del made.__dict__["b"]
    except KeyError as error:
        return found, str(error)
