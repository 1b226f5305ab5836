"""np.piecewise of functions, bytearrays, functions chosen by a key that is looked for first."""

import collections

import numpy as np

from tests.programs.row import f64, grid, i64, program

BYTES = ("converted", "traced")  # no file holds a bytearray


@program((f64(-1, 0.5, 2), 2), (f64(3, -4), 3))
def pieces_by_functions(x, k):
    seen = []

    def noted(v):
        seen.append(len(v))
        return -v

    first = np.piecewise(x, [x < 0, x >= 1], [noted, lambda v: v * 2, 0.5])
    second = np.piecewise(x, [x < k], [lambda v, s: v * s, lambda v, s: v - s], k)
    return first, second, np.piecewise(x, x < 0, [noted, np.sqrt]), np.piecewise(x, [x > 9], [noted]), seen


@program((grid(2, 3), 1.5, i64(1, 2)), (grid(2, 3), -2.0, i64(-1, 3)))
def pieces_of_grids_and_numbers(x, y, whole):
    made = np.piecewise(x, [x < 0, x == 0], (np.negative, lambda v, k=3: v + k, np.sqrt))
    one = np.piecewise(y, [y < 0, y >= 0], [lambda v: -v, np.sqrt])
    try:
        np.piecewise(x, [x < 0], [abs, abs, abs])
    except ValueError:
        print("too many")
    return made, one, np.piecewise(whole, [whole > 1], [lambda v: v * 0.5]), np.piecewise(x, [x < 0], [-1, 1])


@program((1,), (3,), forms=BYTES)
def bytearrays_are_results(n):
    made = bytearray(b"ab")
    named = made
    named[0] = 65 + n
    made.append(n)
    made.extend([1, n])
    made += bytes([2])
    empty, sized = bytearray(), bytearray(4)
    for i in range(n):
        empty.append(i)
        sized[i] = i * 7
    try:
        empty.append(n + 300)
    except ValueError:
        sized.reverse()
    return made, named is made, bytes(made), made[0:2], sum(sized), [empty, sized], {"k": empty}, 66 in made


@program((1,), (2,), (5,))
def function_of_a_key_that_is_there(n):
    made = {1: lambda v: v + 1, 2: lambda v: v * 2}
    named = {"a": lambda v: v + n, "b": np.sin}
    key = "a" if n < 2 else "b" if n < 3 else "c"
    chosen = named[key](0.5) if key in named else None
    if n not in made:
        return made.get(n, lambda v: -v)(n), chosen
    return made[n](n), chosen, [made[i](n) for i in range(4) if i in made]


@program((1,), (3,), stages="while_loop", forms=BYTES)
def factories_of_defaultdicts(n):
    lists, counts = collections.defaultdict(lambda: [0]), collections.defaultdict(lambda: collections.defaultdict(int))
    for i in range(n + 2):
        lists[i % 2].append(i)
        counts[i % 2][i] += n
    return dict(lists), {key: dict(value) for key, value in counts.items()}
