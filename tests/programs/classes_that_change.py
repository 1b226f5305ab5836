"""Attributes of classes that the function sets, deletes and asks for: by the class, those below it and objects."""

from abc import ABC

from tests.programs.row import program

HERE = ("converted", "traced")


class Base:
    limit = 1


class Child(Base):
    pass


ONE = Child()


def set_size(n):
    Base.size = n


@program((3,), (0,), forms=HERE)
def class_attribute_is_asked_for_set_and_deleted(n):
    before = hasattr(Base, "size"), getattr(Base, "size", "none"), Base.limit
    set_size(n)
    Base.limit = n
    after = hasattr(Base, "size"), Base.size, Base.limit
    del Base.size
    Base.limit = 1
    return before, after, hasattr(Base, "size"), getattr(Base, "size", "none")


@program((3,), (0,), forms=HERE)
def those_below_have_what_the_class_has_by_then(n):
    one = Child()
    before = hasattr(Child, "size"), hasattr(one, "size"), hasattr(ONE, "size"), getattr(ONE, "size", "none")
    Base.size = n
    inherited = Child.size, one.size, ONE.size, Child().size
    Child.size = n + 1
    own = Child.size, one.size, ONE.size, Base.size
    del Child.size
    one.size = 7
    last = Child.size, one.size, ONE.size
    del Base.size
    return before, inherited, own, last, hasattr(Child, "size"), one.size


@program((3,), (0,), forms=HERE)
def class_attribute_in_branches_and_loops(n):
    if n > 1:
        Base.size = n
    found = hasattr(Child, "size"), getattr(ONE, "size", "none")
    asked = []
    for i in range(n):
        asked.append(hasattr(Base, "turn"))
        Base.turn = i
        asked.append(Child.turn)
    for name in ("size", "turn"):
        if hasattr(Base, name):
            delattr(Base, name)
    return found, asked, hasattr(Base, "turn")


@program((3,), (0,), stages="while_loop", forms=HERE)
def objects_of_the_program_and_their_class(n):
    made = [Child() for _ in range(n)]
    before = [hasattr(one, "size") for one in made]
    Base.size = n
    after = [(hasattr(one, "size"), one.size, getattr(one, "size", 0)) for one in made]
    for one in made:
        one.size = 9
    Base.size = 10
    own = [one.size for one in made]
    del Base.size
    return before, after, own, [getattr(Child(), "size", 0) for _ in made]


@program((3,), (1,), forms=HERE)
def values_of_a_local_class(n):
    class Local:
        scale = n * 2
        count = 0
        log = []

        def __init__(self, v):
            self.v = v
            self.log.append(v)
            Local.count += 1

        def seen(self):
            return self.count, self.scale

    made = [Local(i) for i in range(n)]
    before = [one.seen() for one in made], list(Local.log)
    Local.count = 7
    for one in made:
        one.log.append(one.v * 10)
        one.count += 1
        Local.count += 1
    if n > 1:
        Local.scale = 5
        Local.extra = n
    last = Local(9)
    return before, [one.seen() for one in made], last.log, last.seen(), getattr(last, "extra", -1)


@program((3,), (0,), forms=HERE)
def class_is_registered(n):
    class Shape(ABC):
        pass

    class Square:
        pass

    before = isinstance(Square(), Shape), issubclass(Square, Shape), isinstance(n, Shape)
    Shape.register(Square)
    Shape.register(int)
    squares = [Square() for _ in range(n)]
    return before, isinstance(Square(), Shape), isinstance(n, Shape), [isinstance(one, Shape) for one in squares]
