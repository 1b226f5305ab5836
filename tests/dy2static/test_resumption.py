"""A generator function that is cut into steps gives what Python gives, item by item."""

import ast
import inspect
import textwrap
from types import SimpleNamespace

import gast
import pytest

from dy2static.resumption import can_resume, resumable

MISSING = object()
D2S = SimpleNamespace(UNDEFINED=object(), MISSING=MISSING, begin=iter, start=iter, advance=lambda it: next(it, MISSING))


def tree_of(function):
    return gast.ast_to_gast(ast.parse(textwrap.dedent(inspect.getsource(function)))).body[0]


def parts_of(function, *args):
    """The functions that the cut form of a generator function gives."""
    tree = resumable(tree_of(function))
    module = gast.fix_missing_locations(gast.Module([tree], []))
    namespace = {"d2s": D2S}
    exec(compile(gast.gast_to_ast(module), "cut", "exec"), namespace)
    return namespace[function.__name__](*args)


def items_of(function, *args):
    resume, given, _ = parts_of(function, *args)
    found = []
    while resume():
        found.append(given())
    assert not resume()
    return found


def straight(n):
    yield n
    n += 1
    more = yield n
    yield more


def branches(n):
    if n > 2:
        yield "big"
        n -= 1
    elif n > 1:
        pass
    else:
        yield "small"
        if n < 0:
            return
    yield n


def crossed(n):
    for i, j in [(k, n) for k in range(n)]:
        for k in range(j):
            if i == k:
                continue
            if i * k > 6:
                break
            yield i, k
        else:
            yield -i
            continue
        yield i
    else:
        yield "end"


def endless(n):
    while True:
        n -= 1
        while n > 3:
            n -= 2
            yield n
        else:
            yield "low"
        if n < 0:
            break
        yield n
    yield "left"


def whole_parts(n):
    for i in range(n):
        try:
            v = 6 // (i - 1)
        except ZeroDivisionError:
            for v in range(9):
                if v > i:
                    break
        with memoryview(b"ab") as view:
            v += view[0]
        yield v
        if v == 98:
            for k in range(5):
                if k > 2:
                    return


def names(n, *rest, k=1):
    total = 0

    def add(v):
        nonlocal total
        total += v
        return total

    for i in range(n):
        j = i + k
        yield add(j)
        yield (lambda: i)()
        del j
    yield from rest
    yield from (v for v in range(n))


@pytest.mark.parametrize("n", range(-1, 6))
@pytest.mark.parametrize("function", [straight, branches, crossed, endless, whole_parts, names])
def test_a_generator_in_steps_gives_what_the_generator_gives(function, n):
    assert can_resume(tree_of(function))
    assert items_of(function, n) == list(function(n))


def late(n):
    for i in range(n):
        yield lambda: i


def test_functions_that_a_generator_gives_share_its_names():
    assert [f() for f in items_of(late, 3)] == [f() for f in list(late(3))] == [2, 2, 2]


def failing(n):
    yield n
    raise ValueError(n)


def test_a_generator_has_ended_when_it_has_raised_or_is_closed():
    resume, _, _ = parts_of(failing, 1)
    assert resume()
    with pytest.raises(ValueError):
        resume()
    assert not resume()
    resume, _, close = parts_of(failing, 1)
    close()
    assert not resume()


def in_a_try(n):
    try:
        yield n
    finally:
        print(n)


def in_an_expression(n):
    got = (yield n) or 1
    print(got)


def with_a_value(n):
    yield n
    return n


def given_back(n):
    got = yield from in_a_try(n)
    print(got)


def left_in_a_with(n):
    for i in range(n):
        with memoryview(b"a"):
            break
    yield i


@pytest.mark.parametrize("function", [in_a_try, in_an_expression, with_a_value, given_back, left_in_a_with])
def test_what_cannot_be_cut_is_told(function):
    assert not can_resume(tree_of(function))
