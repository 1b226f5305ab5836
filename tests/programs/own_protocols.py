"""What special methods give, as builtins pass it on; and containers that change while what they take is made."""

import dataclasses

import numpy as np

from tests.programs.row import f64, program

NUMBERS = ((2,), (-1,), (np.int64(2),), (2.5,), (np.float64(1.5),), (True,), (np.True_,), (0,), ("a",))


class Gives:
    """Every method gives the same."""

    def __init__(self, value):
        self.value = value

    def __len__(self):
        return self.value

    def __float__(self):
        return self.value

    def __int__(self):
        return self.value

    def __index__(self):
        return self.value

    def __hash__(self):
        return self.value

    def __contains__(self, item):
        return self.value

    def __str__(self):
        return self.value


class Truth:
    def __init__(self, value):
        self.value = value

    def __bool__(self):
        return self.value


@program(*NUMBERS)
def length_given(x):
    return len(Gives(x))


@program(*NUMBERS)
def truth_of_a_length(x):
    return 1 if Gives(x) else 2


@program(*NUMBERS)
def truth_given(x):
    return bool(Truth(x)), not Truth(x), any([Truth(x)])


@program(*NUMBERS)
def float_given(x):
    return float(Gives(x))


@program(*NUMBERS)
def int_given(x):
    return int(Gives(x))


@program(*NUMBERS)
def index_given(x):
    return [1, 2, 3, 4][Gives(x)], list(range(Gives(x)))


@program(*NUMBERS)
def hash_given(x):
    return hash(Gives(x))


@program(*NUMBERS)
def membership_given(x):
    return 1 in Gives(x), 1 not in Gives(x)


@program(*NUMBERS)
def text_given(x):
    return str(Gives(x))


@program((f64(1, 2, 3),), ([1, 2, 3],))
def extended_by_its_own_length(x):
    items = []
    items.extend(v + len(items) for v in x)
    counts = {}
    counts.update((v, len(counts)) for v in x)
    seen = {0}
    seen.update(v for v in x if v - 1 in seen)
    return items, counts, len(seen)


class Callable:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        print("compared")
        return self.value == other.value

    def __call__(self, k):
        return self.value * k


@program((f64(1, 2),), (3,))
def called_and_not_compared(x):
    return Callable(x)(2)


@program(([1, -3],), ([np.float64(1), np.float64(2)],))
def is_among_what_is_mapped(x):
    return 3 in map(abs, x), 3 in (v for v in x)


@dataclasses.dataclass
class Pair:
    x: float


@program((f64(1, 2),), ([1, 2],), forms=("converted", "traced"))
def dataclasses_of_a_list(a):
    pairs = [Pair(v) for v in a]
    return dataclasses.replace(pairs[0], x=9.0).x, dataclasses.astuple(pairs[1]), dataclasses.asdict(pairs[0])


class Sub(np.ndarray):
    pass


@program((np.ones((2, 2)),), forms=("converted", "traced"))
def views_of_another_class(a):
    b = a.view(Sub)
    return isinstance(b, Sub), type(b).__name__, isinstance(a.view(np.matrix), np.matrix)
