"""Functions to convert, with the arguments to call them with. A row is checked against the function itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

ROWS: list[tuple[Callable[..., Any], tuple[tuple[Any, ...], ...]]] = []


def row(*calls: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Each call is a tuple of arguments, or the only argument."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        ROWS.append((function, tuple(call if isinstance(call, tuple) else (call,) for call in calls)))
        return function

    return add


def say(value: Any, *more: Any) -> Any:
    print("say", value, *more)
    return value


COUNT = 0
SHARED = [0]


# ------------------------------------------------------------------------------------------------------- branches


@row(1, 0)
def if_only(a):
    b = 0
    if a:
        b = 1
    return b


@row(1, 0)
def name_set_in_one_branch(a):
    if a:
        z = 1
    return z


@row(1, 0)
def name_set_in_the_other_branch(a):
    if a:
        pass
    else:
        z = 1
    print("before")
    return z


@row((1, 1), (1, 0), (0, 1), (0, 0))
def name_set_in_nested_branches(a, b):
    if a:
        if b:
            z = 1
    else:
        z = 2
    if b:
        return z
    return a


@row(0, 1, 5, 15, 25)
def elif_chain(x):
    if x < 1:
        y = "a"
    elif x < 2:
        y = "b"
    elif x < 10:
        y = "c"
        x = x + 100
    elif x < 20:
        x = -x
        y = "d"
    else:
        y = "e"
    return x, y


@row(0, 1, 2)
def elif_tests_run_in_turn(x):
    if say(x) == 0:
        y = 0
    elif say(x + 10) == 11:
        y = 1
    elif say(x + 20) == 0:
        y = 2
    return y


@row((1, 2), (2, 1))
def swap_in_branch(a, b):
    if a > b:
        a, b = b, a
    return a, b


@row(1, -1)
def temporary_in_branch(x):
    if x > 0:
        t = x * 2
        t = t + 1
        x = t
    return x


@row(1, -1)
def dead_name_read_and_written_in_branch(x):
    t = 5
    if x > 0:
        t = t + x
        print(t)
    return x


@row(1, -1)
def branch_with_only_calls(x):
    if x > 0:
        print("positive")
    else:
        print("other")


@row(1, 2, 3)
def branches_that_raise(x):
    if x == 1:
        y = 5
    elif x == 2:
        raise ValueError("two")
    else:
        raise KeyError(x)
    return y


@row(1, 2)
def read_before_any_write(x):
    print(x)
    if x == 1:
        print(late)
    late = 2
    return late


@row(0, 1)
def read_before_write_in_straight_code(x):
    if x:
        x = 2
    print(early)
    early = 1


@row(0, 1)
def never_assigned(x):
    if x:
        return nothing
    if False:
        nothing = 1
    return 0


@row(0, 1)
def assigned_after_return(x):
    if x:
        print(later)
    return x
    later = 1


# ------------------------------------------------------------------------------------------------------- returns


@row(-5, 0, 5, 50)
def guards(x):
    if x < 0:
        return "negative"
    if x == 0:
        return "zero"
    if x < 10:
        return "small"
    return "large"


@row(-5, 0, 5, 50)
def guards_with_statements_between(x):
    if x < 0:
        return "negative", x
    x = x + 1
    if x == 1:
        return "zero", x
    x = x * 2
    if x < 20:
        y = x
        return "small", x, y
    return "large", x


@row((1, 1), (1, 0), (0, 1), (0, 0))
def nested_returns_with_two_ways_on(a, b):
    y = 0
    if a:
        if b:
            return "ab"
        y = 1
    else:
        y = 2
    y = y * 10
    return y


@row((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1), (0, 1, 1))
def two_ways_on_twice(a, b, c):
    if a:
        if b:
            return 1
    elif c:
        y = 5
    else:
        y = 6
    if b:
        if c:
            return y
        y = 7
    else:
        y = 8
    return y


@row(1, 0)
def value_or_none(a):
    if a:
        return 5


@row(1, 0)
def bare_return_or_value(a):
    if a:
        return
    return 6


@row(1, 0)
def return_in_both(a):
    if a:
        return 1
    else:
        return 2


@row(1, 0, 2)
def raise_in_else(a):
    if a == 1:
        return 1
    elif a == 0:
        y = 2
    else:
        raise RuntimeError("no")
    return y


@row(1, 2, 3)
def guard_that_raises(a):
    if a == 1:
        raise ValueError("one")
    b = a + 1
    if b == 3:
        return b
    if b == 4:
        raise KeyError("four")
    return -1


@row(0, 1)
def nothing_after_return(a):
    if a:
        return 1
        print("never")
    print("here")
    return 2
    print("never")


@row(*range(20))
def many_guards_with_statements(x):
    n = 0
    n += 1
    if x == n:
        return "a", n
    n += 1
    if x == n:
        return "b", n
    n += 1
    if x == n:
        return "c", n
    n += 1
    if x == n:
        return "d", n
    n += 1
    if x == n:
        return "e", n
    n += 1
    if x == n:
        return "f", n
    n += 1
    if x == n:
        return "g", n
    n += 1
    if x == n:
        return "h", n
    n += 1
    if x == n:
        return "i", n
    n += 1
    if x == n:
        return "j", n
    n += 1
    for i in range(3):
        n += 1
        if x == n:
            return "loop", i
    if x == 14:
        print("fourteen")
    elif x == 15:
        return "last"
    else:
        n = 100
    n += 1
    if x == 16:
        raise ValueError(n)
    if x == 17:
        return n
    n += 5
    if x == 18:
        return n


# ------------------------------------------------------------------------------------------------------- while


@row((0, 10), (10, 0))
def while_two(a, b):
    while a < b:
        a = a + 2
        b = b + 1
    return a, b


@row(0, 3)
def while_else(n):
    while n > 0:
        n -= 1
    else:
        n = 100
    return n


@row((5, 3), (5, 9), (0, 0))
def while_else_break(n, stop_at):
    while n > 0:
        if n == stop_at:
            break
        n -= 1
    else:
        n = "else"
    return n


@row(3, 7, 64)
def while_true(n):
    steps = 0
    while True:
        if n <= 1:
            break
        n //= 2
        steps += 1
        last = n
    return steps, n


@row(3, 4)
def while_true_defines(n):
    while True:
        x = n * 2
        n += 1
        if n % 5 == 0:
            break
    return x


@row(1, 6)
def while_true_return(n):
    while 1:
        n += 1
        if n % 5 == 0:
            return n
        print(n)


@row(5, 0)
def while_continue(n):
    total = 0
    while n > 0:
        n -= 1
        if n == 2:
            continue
        total += n
    return total


@row(4, 0)
def while_name_set_inside(n):
    while n > 0:
        last = n
        n -= 1
    return last


@row(3, 0)
def while_test_with_calls(n):
    while say(n) > 0:
        if n == 2:
            n = 0
            break
        n -= 1
    return n


@row(4)
def while_walrus(n):
    xs = []
    while (m := say(n)) > 1:
        xs.append(m)
        n -= 1
    return xs, m


@row(4, 7)
def while_walrus_in_operand(n):
    xs = []
    while n and (m := say(n)) != 2:
        if m == 5:
            break
        xs.append(m)
        n -= 1
    return xs, m


@row(4, 0)
def while_reads_unset(n):
    while n > 0:
        if n < 3:
            print(x)
        x = n
        n -= 1
    return n


@row(2)
def while_unset_in_test(n):
    while n and z:
        z = 1
        n -= 1


@row((3, 3), (3, 0), (0, 0))
def nested_while(n, m):
    out = []
    while n > 0:
        k = m
        while k > 0:
            out.append((n, k))
            if k == n:
                break
            k -= 1
        else:
            out.append("none")
        if n == 1 and out:
            out.append("end")
            break
        n -= 1
    return out, n


# ------------------------------------------------------------------------------------------------------- for


@row([], [1, 2, 3])
def for_total(xs):
    total = 0
    for x in xs:
        total += x
    return total


@row([], [1, 2, 3])
def for_target_used_after(xs):
    for x in xs:
        pass
    return x


@row([], [1, 2])
def for_target_set_before(xs):
    x = "before"
    for x in xs:
        x = x + 1
    return x


@row([(1, 2), (3, 4)], [])
def for_tuple_target(pairs):
    total = 0
    for i, (a, b) in enumerate(pairs):
        total += i * a + b
    return total


@row([(1, 2, 3), (4,)])
def for_star_target(rows):
    out = []
    for first, *rest in rows:
        out.append((first, rest))
    return out, first


@row(3)
def for_attribute_target(n):
    class Box:
        pass

    box = Box()
    for box.value in range(n):
        if box.value == 1:
            continue
        print(box.value)
    return box.value


@row(3)
def for_item_target(n):
    a = [0, 0, 0]
    i = 0
    for a[i] in range(n):
        i = (i + 1) % 3
    return a


@row(9, 7, 1, 2)
def for_else_break(n):
    for i in range(2, n):
        if n % i == 0:
            found = i
            break
    else:
        found = -1
    return found


@row(([1, 2, 3], 2), ([1, 2, 3], 5), ([], 1))
def for_return(xs, wanted):
    for i, x in enumerate(xs):
        if x == wanted:
            return i
    return -1


@row(([1, 2, 3], 2), ([1, 2, 3], 5), ([], 1))
def for_return_only(xs, wanted):
    for x in xs:
        if x == wanted:
            return x * 100


@row((4, 5), (4, 100), (0, 0), (1, 0))
def return_and_break_and_continue(n, m):
    out = []
    for i in range(n):
        if i == 1:
            continue
        for j in range(i):
            if i * j == m:
                return "found", i, j
            if j > 2:
                break
            out.append((i, j))
        else:
            out.append(i)
            continue
        if i > m:
            break
        out.append("end")
    else:
        out.append("all")
    return out


@row([1, 2, 3, 4])
def break_fetches_no_more(xs):
    it = iter(xs)
    for x in it:
        if x == 2:
            break
    return list(it)


@row(3, 0)
def return_first(n):
    for i in range(n):
        return i + 10
    return -1


@row(0, 3)
def break_at_once(n):
    for i in range(n):
        break
    else:
        return "none"
    return i


@row((3, 3, 4), (3, 3, 100), (0, 3, 1))
def return_from_while_in_for(n, m, wanted):
    count = 0
    for i in range(n):
        j = 0
        while j < m:
            count += 1
            if i * m + j == wanted:
                return i, j, count
            j += 1
    return count


@row(10, 3, 0)
def continue_with_two_ways_on(n):
    out = []
    for i in range(n):
        if i % 2:
            if i % 3 == 0:
                continue
            out.append("odd")
        elif i == 8:
            break
        else:
            out.append("even")
        out.append(i)
        if i == 4:
            if n > 20:
                continue
            out.append("four")
        else:
            out.append("other")
        out.append(-i)
    return out


@row(5, 1, 0)
def continue_and_return_two_ways(n):
    out = []
    while n > 0:
        n -= 1
        if n == 3:
            if out:
                return out
            out.append("x")
        else:
            if n == 2:
                continue
            out.append(n)
        out.append("tail")
        if n == 1:
            continue
        out.append("end")
    return out, n


@row([3, 1, 2], [])
def for_over_its_own_name(x):
    total = 0
    for x in x:
        total = total * 10 + x
    return total


@row([[1, 2], [3], [], [4, -1, 5]])
def nested_for_with_flags(rows):
    out = []
    for row_ in rows:
        for x in row_:
            if x < 0:
                stop = "user"
                break
            out.append(x)
        else:
            continue
        out.append(stop)
        break
    return out


@row(12)
def loop_in_branch_in_loop(n):
    out = []
    for i in range(n):
        if i % 4 == 0:
            k = i
            while k > 0:
                k -= 3
                if k == 5:
                    break
            out.append(k)
        elif i % 5 == 0:
            continue
        else:
            for j in range(i):
                if j == 2:
                    break
            else:
                out.append("short")
    return out


@row(4)
def for_with_else_in_for(n):
    out = []
    for i in range(n):
        for j in range(n):
            if j == i:
                break
        else:
            out.append("never")
        for j in range(i):
            pass
        else:
            out.append(j if i else "none")
    return out


@row((3, [1, 0]))
def comprehension_variables_like_those_around(i, xs):
    out = []
    for x in xs:
        ys = [x for x in range(i) if x]
        zs = {i: [lambda i=i: (i, x) for x in ys] for i in ys}
        out.append((ys, len(zs), x and (i or 0), [f() for f in zs[2]]))
        while x and (i or ys):
            x -= 1
    return out


@row([5, 6])
def loop_with_del(xs):
    for x in xs:
        y = x
        del y
    return y


@row(1, 0)
def del_in_branch(a):
    z = 1
    if a:
        del z
    return z


@row(1, 0)
def del_twice(a):
    z = 1
    if a:
        del z
    del z
    return a


@row(3)
def del_and_set_again(n):
    z = 0
    while n > 0:
        del z
        z = n
        n -= 1
    return z


@row(2)
def del_items(n):
    xs = [1, 2, 3]
    d = {"a": 1}
    if n:
        del xs[0], d["a"]
    return xs, d


# --------------------------------------------------------------------------------------------------- expressions


@row((0, 1), (1, 0), (2, 3), ("", []))
def and_or_values(a, b):
    return a and b, a or b, not a, a and b or 7, not (a or b), a or b or "x"


@row((0, 1), (1, 0), (2, 3))
def short_circuits(a, b):
    x = say(a) and say(b)
    y = say(a) or say(b)
    return x, y, (say(a, 1) and say(b, 2)) or say(9)


@row(1, 5, 20)
def ternaries(x):
    a = "low" if x < 3 else "mid" if x < 10 else "high"
    b = (say(1) if x > 3 else say(2)) + (3 if x > 10 else say(4))
    return a, b, [y if y else -1 for y in (0, x)]


@row((1, 3), (2, 2), (3, 1))
def chained(a, b):
    return a < say(2) < b, a < say(2) <= b != 7, a == say(a) == b, 0 < say(-1) < say(9)


@row((2, [1, 2]), (3, [1, 2]))
def chained_membership(a, xs):
    return a in xs is xs, a not in xs in [xs], 1 in xs in [xs]


@row(1, 0)
def asserts(x):
    assert x >= 0
    assert x, say("message")
    return x


@row(1, 2, 3)
def walrus(n):
    if (m := n * 2) > 2 and (k := m + 1) > 5:
        return m, k
    elif (m := n - 1) or m == 0:
        return "second", m
    return m


@row(0, 1, 5)
def walrus_in_operand(n):
    y = n and (m := n + 1) and (p := m * 2)
    z = (q := 5) if n > 1 else (q := 6)
    return y, z, q, m, p


@row(3)
def walrus_twice(n):
    k = 1
    total = (k := k + 1) + k * (n and (k := 10)) + k
    return total, k


@row([1, 2, 3], [])
def walrus_in_comprehension(xs):
    ys = [last := x * 2 for x in xs]
    if xs and any((hit := x) > 1 for x in xs):
        print(hit)
    return ys, last


@row(3)
def lambdas(n):
    f = lambda x, y=n: x and y or (1 if x > 5 else 2)
    g, h = (lambda x: not x), (lambda: 0 < n < 5)
    return f(0), f(1), f(6, 0), g(1), h()


@row(3)
def comprehensions(n):
    a = [x * y for x in range(n) if x for y in range(x) if y or x > 1]
    b = {x: x and y for x, y in zip(range(n), "abc")}
    c = {x % 2 for x in range(n) if not x == 1}
    d = [[x + y for x in range(2)] for y in range(n)]
    e = sum(x for x in range(n) if x != 1)
    return a, b, c, d, e


@row(3)
def comprehension_scoping(x):
    ys = [x for x in range(x)]
    return x, ys, [(x, y) for y in ys for x in range(y)]


@row((1, 2))
def fstrings(a, b):
    name = "n"
    if a:
        c = 5
    return f"{a and b} {a if b else 0!r:>{a + b if a else 1}} {c} {name!r}"


@row({"a": 1}, {})
def dicts(d):
    if "a" in d:
        z = 1
    return {say("k"): say("v"), **d, "z": z}


# ------------------------------------------------------------------------------------------------- state and scopes


@row(5)
def closures_late_binding(n):
    fs = []
    for i in range(n):
        fs.append(lambda: i)
        if i == 3:
            break
    i = i + 100
    return [f() for f in fs]


@row(3)
def closure_counter(n):
    count = 0

    def bump(by=1):
        nonlocal count
        count += by
        return count

    while count < n:
        bump()
        if count == 2:
            count += 10
            bump(5)
    return count


@row(3)
def closure_in_branch(n):
    if n > 1:
        k = n

        def get():
            return k
    else:
        get = None
    k = 7
    return get() if get else None


@row(1, 0)
def closure_unset(n):
    def get():
        return k

    if n:
        k = 1
    return get()


@row(1, 4)
def closure_after_guard(n):
    if n == 1:
        return 1
    y = n
    total = []
    for i in range(n):
        total.append(lambda: (i, y))
        y += 1
    return [f() for f in total], y


@row(0, 5)
def recursion(n):
    if n == 0:
        return 1
    return n * recursion(n - 1)


@row(5)
def inner_recursion(n):
    def fib(k):
        if k < 2:
            return k
        return fib(k - 1) + fib(k - 2)

    if n:

        def fact(k):
            if k < 2:
                return 1
            return k * fact(k - 1)

    return fib(n), fact(n)


@row(3)
def inner_functions_are_converted(n):
    def find(xs, wanted):
        for i, x in enumerate(xs):
            if x == wanted:
                return i
        return None

    class Finder:
        default = -1 if n > 2 else -2

        def __init__(self, xs):
            self.xs = xs

        def first(self, wanted):
            for x in self.xs:
                if x == wanted and x:
                    break
            else:
                return self.default
            return x

    return find([1, 2, 3], n), Finder([1, 3]).first(n), Finder([]).first(n)


@row(3)
def global_write(n):
    global COUNT
    COUNT = 0
    while n > 0:
        COUNT += n
        if n == 2:
            COUNT = COUNT * 10
        n -= 1
    return COUNT


@row(3)
def global_declared_in_branch(n):
    if n:
        global COUNT
        COUNT = n
    else:
        COUNT = -1
    return COUNT, [COUNT for _ in range(2)]


@row(2)
def imports_in_branch(n):
    if n:
        import math
        from itertools import chain as c
    return math.sqrt(n * 2), list(c([1], [2]))


@row(3)
def aug_assignments(n):
    xs = [1, 2, 3]
    d = {"n": 0}
    for i in range(n):
        xs[i] += i
        d["n"] += xs[i]
        n += i
    return xs, d, n


@row(1, 0)
def aug_unset(a):
    if a:
        z = 1
    z += 1
    return z


@row(3)
def star_assignments(n):
    a, *b = range(n)
    if n:
        *b, c = b
    else:
        c = 0
    return a, b, c


@row(2)
def annotated(n: int) -> Any:
    x: int
    y: int = n
    if n:
        x: float = 1.5
        z: "nonsense" = 2
    return x, y, z


@row(2)
def user_names_like_ours(n):
    then, test, body, orelse, item = 1, 2, 3, 4, 5
    stop = returned = result = "mine"
    for i in range(n):
        if i == 1:
            break
        for a, b in [(i, i)]:
            if a > 5:
                return 0
            then += 1
    if n:
        test += 1
    else:
        body += 1
    return then, test, body, orelse, item, stop, returned, result


@row(1)
def user_d2s(d2s):
    if d2s:
        d2s += 1
    return d2s


@row(3)
def default_values(n, *args, k=2, **kw):
    def g(a, b=n if n else 0, *, c=(n and k)):
        return a, b, c

    if args:
        k = 3
    return g(1), k, kw


@row([3, 4])
def mutated_argument(xs):
    for i in range(len(xs)):
        if xs[i] > 3:
            xs[i] = 0
        else:
            xs.append(9)
    return xs


@row(3)
def docstring_and_pass(n):
    """Does nothing."""
    if n:
        pass
    for _ in range(n):
        pass
    while n:
        n -= 1
        continue


@row(2, 0)
def multiple_targets(n):
    if n:
        a = b = [n]
        a[0], (b, *c) = 1, (2, 3)
    else:
        a = b = c = 0
    return a, b, c


@row(6)
def deep_mix(n):
    out = []
    for a in range(n):
        for b in range(a):
            if (a + b) % 2 and b or a == 3:
                if a * b == 6:
                    out.append("six")
                    break
                elif b == 1:
                    continue
                k = 0
                while k < b:
                    k += 1
                    if k == 2:
                        if a == 5 and b == 4:
                            return out, a, b, k
                        break
                else:
                    out.append((a, b, k))
            else:
                out.append(a if b else -a)
    return out


@row(5)
def generator_argument(n):
    xs = [1, 2, 3]
    for i in range(n):
        if any(x > i for x in xs):
            xs = [x - 1 for x in xs]
        limit = i
    return xs, sum(x for x in xs if x < limit)


@row(3)
def lazy_generator(n):
    k = 0
    g = (k + x for x in range(n))
    while k < 10:
        k += 5
    return list(g)


@row(1, 2)
def exception_in_body(n):
    total = 0
    for i in range(3):
        total += 1 // (n - i)
    return total


@row(2)
def name_only_in_test(n):
    if n > 1 or undefined_global:
        return 1
    return 2


@row(0)
def missing_global(n):
    if n > 1 or undefined_global:
        return 1
    return 2


@row([1, 2, 3, 4, 5, 6])
def iterator_protocol(xs):
    it = iter(xs)
    out = []
    for x in it:
        y = next(it, None)
        if y == 4:
            continue
        out.append((x, y))
    return out


@row(2, 3)
def mixed_state_order(n):
    c = b = a = 0
    while n > 0:
        a, c = c + 1, b
        b += a
        n -= 1
    return a, b, c


@row(3)
def tests_with_side_effects(n):
    xs = [1, 2, 3]
    while xs and xs.pop() != n:
        print(xs)
        if len(xs) == 1:
            xs.append(3)
    return xs


@row(*itertools.product((0, 1), repeat=3))
def every_path(a, b, c):
    out = []
    if a:
        x = 1
        if b:
            y = 2
        elif c:
            return out
        for i in range(2):
            if c and i:
                break
            out.append(x)
        else:
            x = 3
    elif b or c:
        x = 4
        y = 5
    if not a and not b:
        return out, "early"
    return out, x, y


def run_lambda_rows():
    pair = (lambda x: x if x > 0 else -x), (lambda x: x and 5 or not x)
    return pair


for one in run_lambda_rows():
    row(3, -3, 0)(one)
