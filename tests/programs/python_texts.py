"""Exceptions with attributes of their own, and objects as text."""

from dataclasses import dataclass

from tests.programs.row import program


class MyErr(Exception):
    def __init__(self, code, msg="m"):
        super().__init__(msg)
        self.code = code


@program((2.0,), (-2.0,))
def my_err(x):
    try:
        if x < 0:
            raise MyErr(x)
    except MyErr as e:
        return e.code, str(e), e.args
    return x


@dataclass(frozen=True)
class Frozen:
    a: float
    b: float = 1.0

    @property
    def total(self):
        return self.a + self.b


@dataclass(order=True)
class Ordered:
    a: float
    b: int = 0


@program((2.0,), (-2.0,))
def dc_repr(x):
    return repr(Frozen(x)), str(Ordered(x))


class Base:
    scale = 2.0

    def __init__(self, x):
        self.x = x

    def run(self):
        return self.x * self.scale

    def __repr__(self):
        return f"Base({self.x})"

    def __str__(self):
        return f"<{self.x}>"

    def __hash__(self):
        return 1

    def __eq__(self, o):
        return self.x == o.x


@program((2.0,), (-2.0,))
def str_of_obj(x):
    return str(Base(x)), repr(Base(x)), f"{Base(x)} {Base(x)!r}"


@program((2.0,), (-2.0,))
def bare_raise_of_the_same(x):
    try:
        try:
            if x < 0:
                raise ValueError("a")
        except ValueError:
            print("log")
            raise
    except Exception as e:
        return str(e), type(e).__name__
    return x
