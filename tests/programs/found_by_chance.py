"""What random programs have found out: each row is one of them, made small."""

import dataclasses

import numpy as np

from tests.programs.row import f64, program


@program((0,), (2,), stages="while_loop")
def list_of_a_star_grows_in_a_loop(n):
    first, *rest = (0.5, 1)
    i = 0
    while i < n:
        rest.append(first)
        i += 1
    return rest


def with_rest(n, **rest):
    if n > 0:
        rest["q"] = n
    return rest


@program((-1,), (2,), stages="cond")
def dict_of_a_double_star_grows_in_a_branch(n):
    return with_rest(n, p=1)


@program((1,), (0,))
def del_of_an_unbound_name_in_a_try(n):
    for i in range(2):
        try:
            del e
        except ZeroDivisionError:
            pass
        finally:
            print(i)


@program((1,), (0,))
def del_of_a_name_that_some_turns_unset(n):
    e = n
    for i in range(3):
        try:
            del e
        except NameError:
            print("unset")
        finally:
            if i:
                e = i
    return e


@program((1,), (0,))
def name_of_a_try_is_unbound_before_it(n):
    try:
        print(a)
    except NameError as error:
        print(type(error) is UnboundLocalError)
    a = 1
    if n:
        del a
    for _ in range(2):
        try:
            print(a)
            del a
        except UnboundLocalError:
            print("unbound")
    return a


@program((3, 1), (3, 0), (f64(4, 2), 2))
def try_in_try_in_try(x, n):
    steps = []
    y = 0
    try:
        y = x + n
        try:
            y = y * 2
            try:
                y = y // n
                steps.append(1)
            except ZeroDivisionError:
                y = y - 1
                raise
            finally:
                steps.append(y)
        except ZeroDivisionError:
            steps.append(2)
            y = y // n
        else:
            y = y + 0.5
    except ZeroDivisionError:
        y = -y
    return y, steps


@program((1, 2), (1, 3), (3, 4), stages="while_loop")
def function_of_a_part_of_a_try(x, n):
    y = 0
    for i in range(n):
        try:
            add = lambda k: k + i
            z = add(x)
            y = y + z // (n - 2)
            if i:
                v = 3
            y += v
        except ZeroDivisionError:
            print("divided", y)
        except UnboundLocalError:
            print("unbound", y)
    return y


@program((f64(1, 2, 3),), (f64(1),), stages="while_loop")
def arrays_change_while_they_are_iterated(x):
    seen = []
    for a, b in zip(x.flat, x):
        seen.append((a, b))
        x *= 2
    for i, v in enumerate(x):
        seen.append((i, v))
        x[-1] = i
    for v in reversed(x):
        seen.append(v)
        x[0] = 7
    for i, (v, w) in enumerate(zip(x, x.flat)):
        seen.append((i, v, w))
        x -= 1
    return seen


@program(([1, 2, 3], 0), ([1, 2, 3], 1), ([], 1), stages="while_loop")
def lists_change_while_they_are_iterated(items, n):
    seen = []
    for i, item in enumerate(items):
        seen.append((i, item))
        if i == n:
            items.insert(0, 7)
        if i > 6:
            break
    for item, k in zip(items, range(9)):
        seen.append(item)
        items[-1] = k + n
    for item in reversed(items):
        seen.append(item)
        items[0] = n
    return seen


@program((f64(1, 2, 3), 3))
def array_changes_in_an_unrolled_loop(x, n):
    steps = []
    for v in x:
        steps.append(lambda k: k + v)
        x *= n
    return [step(1) for step in steps]


@program((1, 2), (1, 0), (f64(1, 2), 0), stages="cond")
def attribute_of_what_is_chosen(x, n):
    y = x if n > 1 else [1]
    return hasattr(y, "append"), getattr(y, "append", None) is None, hasattr(x, "shape"), getattr(y, "ndim", -1)


@program((3,), (1,), (0,), stages="cond")
def every_branch_raises(n):
    if n > 1:
        raise ValueError
    elif n > 0:
        raise TypeError
    else:
        raise KeyError


@program((0, 3), (3, 0), (1, 2), stages="while_loop")
def every_branch_of_a_loop_raises(n, k):
    while n > 0:
        if n > 2:
            raise ValueError(n)
        else:
            raise KeyError(n)
    return k


@program((3, 2), (3, 0))
def dict_becomes_a_number_in_a_try(n, m):
    d = {"p": 1}
    e = None
    try:
        d = n // m
    except ZeroDivisionError:
        e = d
    return d, e


@program((f64([1, 2, 3], [4, 5, 6]), 2), (f64([1, 2]), 0), stages="while_loop")
def places_of_an_array(x, n):
    total = 0
    for i, j in np.ndindex(x.shape):
        total += i * x[i, j]
        if total > 20:
            break
    for place, value in np.ndenumerate(x):
        x[place] = value * place[1] - total
    seen = [value + len(place) for place, value in np.ndenumerate(x[0, 0])]
    return seen, [sum(place) for place in np.ndindex(x.shape[0], 2, n)], list(np.ndindex(2, 1)), list(np.ndindex())


@program((f64(1, 2), 1), (f64(1, 2), -1))
def places_of_no_size(x, n):
    return [place for place in np.ndindex(n, len(x))]


@program((1, 2), (3, 0), (0, 0), (-2, 1), stages="try")
def functions_of_a_part_of_a_try(n, m):
    try:
        n = n // m
    except ZeroDivisionError:

        def down(k):
            return down(k - 1) + 1 if k > 0 else n

        n = down(2)
    try:

        def twice(k):
            yield k + n
            yield m

        m = n // sum(list((lambda k: twice(k))(m)))
    except ZeroDivisionError:
        m = -1
    return n, m


def first_above(n, *others):
    for other in others:
        if other > n:
            return other
    return n


def tail_of(n, m, *others, k=1, **named):
    return n, m, len(others), others[1:], sum(others) * k, named


class Holder:
    def hold(self, n, m):
        return [n, m]


@program((1, [1, 2, 3]), (2, [1, 2, 3]), (0, [5, 4, 3, 2]), (9, [1]), (1, [3, 2]))
def spread_of_a_list_of_any_length(n, items):
    items = [v for v in items if v > n]
    seen = [first_above(n, *items), first_above(n, 4, *items, 7), tail_of(n, 2, *items, z=3)]
    try:
        seen.append(tail_of(*items, *items, k=n))
        seen.append(Holder().hold(*items))
        seen.append(first_above(*items))
    except TypeError:
        seen.append("does not fit")
    return seen


@program((f64(1, 2, 3), 1), (f64(4, 1), 3))
def spread_of_an_array_of_any_length(x, n):
    def count(*rest):
        return (lambda: len(rest) + n)()

    return first_above(n, *x), count(*x), count(0, *x[:n]), (lambda *rest, k=2: rest[k - 2 :])(*x, n)


@program((1,), (2,))
def text_of_what_has_no_such_format(n):
    table = {"p": n} if n > 1 else {}
    try:
        return f"{table:.2f}"
    except TypeError:
        return f"{[n]:.2f}"


@program((f64(1, 2, 3), 4), (f64(5, 1), 0), stages="while_loop")
def functions_made_anew_in_each_turn(x, n):
    total = 0.0
    for v in x:

        def down(k):
            return down(k - 1) + v if k > 0 else n

        twice = lambda k: down(k) * 2
        total += twice(2)
        try:
            total = int(total) // n
        except ZeroDivisionError:

            def up(k):
                return up(k + 1) if k < 3 else v

            total -= up(0)
    while total > n:
        half = lambda k: k / 2
        total = (lambda k: half(k))(total) - 1
    return total


@program((f64(1, 2, 3), 2), (f64(5), 0))
def functions_that_a_later_turn_calls(x, n):
    kept, seen = [], []
    for i in range(3):
        if i > 0:
            seen.append(step(2))
        step = lambda k: k + i
        again = lambda k: step(k) * 10
        kept.append(again)
        if n > i:

            def down(k):
                return down(k - 1) + x[0] if k > 0 else i

            other = down
    return seen, [one(1) for one in kept], other(2)


class Watched:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        print("enter", self.n)

    def __exit__(self, kind, error, trace):
        print("exit", kind is None)


def under_a_manager(n, x):
    with Watched(n):
        try:
            if n > 1:
                x = x + 1
        finally:
            x = x * n
    return x


@program((1, 0), (3, 0), (1, 1), stages="try")
def manager_with_a_try_in_a_handler(n, m):
    try:
        n = n // m
    except ArithmeticError:
        m = under_a_manager(n, m)
    return n, m


class Item:
    def __init__(self, v):
        self.v = v

    @property
    def twice(self):
        return self.v * 2

    @classmethod
    def made(cls, v):
        return cls(v)

    def add(self, n):
        return self.v + n


class Large(Item):
    @property
    def twice(self):
        return super().twice + 1

    def copy(self):
        return super().made(self.v)

    def add(self, n):
        self.added = n
        return super().add(n) * super(Large, self).add(1)


@program((1, 0), (3, 2), (2, 3), stages="cond")
def super_of_an_object_of_unknown_class(n, m):
    item = Large(n) if n > m else Item(m)
    seen = [item.twice, item.add(n)]
    for _ in range(2):
        if n > m:
            item = item.copy()
    return seen, type(item).__name__, item.v


@program((1, 0), (3, 2), (2, 3), stages="cond")
def attribute_that_some_paths_set(n, m):
    item, other = Item(n), Item(m)
    if n > m:
        item.u = m
    for i in range(m):
        if i > 1:
            other.u = i
    kept = [other]
    return item, kept, vars(item), sorted(vars(other)), hasattr(item, "u"), getattr(other, "u", None)


@program((1, 0), (3, 2), (0, 0), (5, 0), stages="try")
def bare_raise_in_the_else_of_a_try_in_a_handler(n, m):
    try:
        n = n // m
    except ArithmeticError:
        try:
            m = [1, 0].index(n)
        except ValueError:
            m = 3
        else:
            if n > 0:
                raise
    return n, m


@program((2, 0), (1, 3), (0, 1))
def lists_that_ops_change_while_python_goes_through_them(n, m):
    counts = []
    for make in (iter, enumerate, lambda it: zip(range(5), it), lambda it: map(str, it)):
        items = [[n], [m], 3]
        turns = 0
        for _ in make(items):
            turns += 1
            if turns > 6:
                break
            for _ in range(n):
                items.append(m)
        counts.append((turns, items))
    return counts


@program((2, 0), (1, 3), (0, 1))
def list_that_a_branch_changes_while_python_goes_through_it(n, m):
    items, turns = [[n], m], 0
    for item in items:
        turns += 1
        if turns < n + 4:
            items.append(item)
    there = iter(items)
    first = next(there)
    for i in range(m):
        items.append(i)
    return first, turns, items, list(there)


class Times:
    def __init__(self, v):
        self.v = v

    def __call__(self, n):
        return self.v * n


class Plus(Times):
    def __call__(self, n, m=1):
        self.v += m
        return super().__call__(n) + n


@program((1, 0), (3, 2), (2, 3), stages="cond")
def call_of_an_object_of_unknown_class(n, m):
    step = Times(n) if n > m else Plus(m)
    seen = [step(2)]
    for i in range(m):
        seen.append(step(i))
        step = Plus(i)
    try:
        step = step if m > 2 else n
        seen.append(step(1))
    except TypeError:
        seen.append("no function")
    return seen


def noted(steps, n):
    try:
        for i in range(n):
            yield i
    finally:
        steps.append("closed")


def noted_twice(steps, n):
    for i in noted(steps, n):
        yield i * 2


@program((1,), (9,), stages="while_loop")
def generator_without_a_name_is_closed_where_its_loop_is_left(n):
    steps = []
    doubled = (2 * i for i in range(n + 1))
    for i in doubled:
        for k in noted_twice(steps, 4):
            if k > n:
                break
        steps.append(i)
        if i > n:
            break
    steps.append(any(noted(steps, n)))
    named = noted(steps, n)
    for i in named:
        steps.append(i)
    steps.append("after")
    return steps


@program((1,), (3,), stages="while_loop", forms=("converted", "traced"))  # no file holds a bytearray
def bytearray_of_what_is_known_when_the_program_runs(n):
    text = ""
    for i in range(n):
        text += "a"
    made = bytearray(text.encode())
    named = made
    if n > 2:
        made += b"xy"
    made.append(n)
    sized = bytearray(n)
    sized[0] = 7
    return len(made), named is made, made, sized, bytearray(str(n), "utf-8")


@program((1, 2), (3, 3), (f64(2)[0], 2))
def tuple_is_searched_by_what_is_known_when_the_program_runs(x, y):
    nan = x * float("nan")
    found = (x, y, y + 1).index(y, -2), (x, y, x).count(y), tuple.index((x, y), y)
    try:
        (x, y).index(y + 1)
    except ValueError:
        print("missing")
    return found, (nan, x).index(nan), (nan, x).count(x * nan)


@program((f64(1, -2, 3).astype(np.float32), 2), (np.array([1, 2], np.int8), 3), stages="while_loop")
def vectorized_keeps_the_dtype_of_its_first_call(x, n):
    return np.vectorize(lambda v: v + 1)(x), np.vectorize(lambda v, k: v * k)(x, n), np.vectorize(str)(x[:1])


@program((1,), (3,))
def import_in_a_part_of_a_try(n):
    try:
        if n > 2:
            import os.path
            from math import floor as down
        return down(n / 2), os.path.basename("a/b")
    except NameError:
        return "not imported"


@program((1, 2), (0, 3), (3, 0), stages="while_loop")
def default_of_unknown_type_for_an_extreme_by_a_key(n, m):
    items, found = [], None
    for i in range(m):
        items.append(i - n)
        found = [i, n] if i > n else i
    return max(items, key=abs, default=found), min(items, key=lambda v: -v, default=n)


START = 3


@program((2,), (0,))
def class_in_a_function_whose_body_reads_names_around_it(n):
    @dataclasses.dataclass
    class Item:
        v: int
        seen: list = dataclasses.field(default_factory=list)

        class Part:
            START = START + 1

            def get(self):
                return START + self.START

    class Other(Item):
        START = START + n
        first, *others = [START] * 2
        if first > 1:
            total = first
        for step in range(START):
            total = step

        def last(self, by=START):
            return self.total + by + START

    item = Other(n)
    if n > 1:
        item.seen.append(n)
    return item.v, item.seen, item.last(), Item.Part().get(), Other.others


@program((3, 1), (0, 1), (5, 0), (0, 0))
def patterns_of_a_subject_that_the_program_chooses(n, m):
    subject = {"q": n} if n > m else [n, m]
    match subject:
        case {"q": 1 | 2 | 3 as found, **rest}:
            return found, rest
        case [first, *others] if m:
            return first, others
    return n
