"""for over arrays, enumerate, zip, Python sequences and dicts."""

import numpy as np

from tests.programs.row import b1, f32, f64, grid, i64, program, zero_d


@program((f64(3, 1, 2),), (f64(),), (f32(1),), (i64(5, 6),), (b1(True, False),), stages="while_loop")
def over_an_array(x):
    total = 0
    for item in x:
        total = total + item
    return total


@program((grid(3, 2),), (grid(0, 2),), (grid(2, 3, np.float32),), stages="while_loop")
def over_rows(x):
    total = 0
    for row in x:
        total = total + row * 2
    return total


@program((grid(3, 2),), (grid(2, 1),), stages="while_loop")
def over_rows_and_items(x):
    total = 0
    for row in x:
        for item in row:
            total = total * 2 + item
    return total


@program((np.ones((2, 3, 2)),), (np.ones((0, 3, 2)),), stages="while_loop")
def over_an_array_of_rank_three(x):
    out = np.zeros(2)
    for plane in x:
        out = out + plane.sum(axis=0)
    return out


@program((zero_d(3),), (3,), (f64(1),))
def over_something_that_may_have_no_items(x):
    total = 0
    for item in x:
        total += item
    return total


@program((f64(1, 2, 3),), (f64(),), stages="while_loop")
def enumerate_an_array(x):
    total = 0.0
    for i, item in enumerate(x):
        total += i * item
    return total


@program((f64(1, 2, 3), 1), (f64(1, 2, 3), -5), stages="while_loop")
def enumerate_from(x, start):
    total = 0.0
    for i, item in enumerate(x, start):
        total += i * item
    return total


@program((f64(1, 2, 3), f64(4, 5, 6)), (f64(1, 2, 3), f64(4)), (f64(), f64(4)), stages="while_loop")
def zip_two_arrays(x, y):
    total = 0
    for a, b in zip(x, y):
        total += a * b
    return total


@program((f64(1, 2, 3), f64(4, 5, 6)), (f64(1), f64()), stages="while_loop")
def enumerate_zip(x, y):
    total = 0
    for i, (a, b) in enumerate(zip(x, y)):
        total += i * a - b
    return total


@program((3, f64(1, 2, 3, 4)), (0, f64(1)), (6, f64(1, 2)), stages="while_loop")
def zip_a_range_and_an_array(n, x):
    total = 0
    for i, item in zip(range(n), x):
        total += i * item
    return total


@program((i64(1, 2, 3), (4, 5)), (i64(1, 2, 3), (4, 5, 6, 7)))
def zip_an_array_and_a_tuple(x, items):
    total = 0
    for a, b in zip(x, items):
        total += a * b
    return total


@program((f64(1, 2),), (f64(-3),))
def over_a_tuple_of_constants(x):
    for k in (1, 2, 3):
        x = x * k + 1
    return x


@program(((f64(1, 2), f64(3, 4)),), ((f64(1),),), ((),))
def over_a_tuple_of_arrays(arrays):
    total = 0
    for array in arrays:
        total = total + array.sum()
    return total


@program(([f64(1, 2), 3, np.float32(4)],), ([],))
def over_a_list_of_mixed_kinds(items):
    total = 0
    for item in items:
        total = total + item
    return total


@program(((1, 2, 3),), ((1.5, 2),), ((),))
def over_a_tuple_of_numbers(numbers):
    product = 1
    for number in numbers:
        product = product * number
    return product


@program(([(1, f64(2)), (3, f64(4))],), ([(1, 2)],))
def over_pairs(pairs):
    total = 0
    for a, b in pairs:
        total = total + a * b
    return total


@program(([(1, (2, 3)), (4, (5, 6))],))
def over_nested_pairs(items):
    total = 0
    for a, (b, c) in items:
        total = total * 10 + a + b * c
    return total


@program(({"a": 1, "b": f64(2, 3)},), ({},))
def over_the_items_of_a_dict(table):
    total = 0
    for key, value in table.items():
        total = total + value * len(key)
    return total


@program(({"a": 1, "bb": 2.5},))
def over_keys_and_values_of_a_dict(table):
    total = 0
    for key in table:
        total += table[key]
    for value in table.values():
        total *= value
    for key in table.keys():
        total += len(key)
    return total


@program((f64(1, 2, 3),))
def over_a_string(x):
    for letter in "abc":
        x = x + len(letter)
    return x


@program((grid(3, 2),), (grid(1, 2),), stages="while_loop")
def unpack_rows(x):
    total = 0
    for a, b in x:
        total += a * 10 + b
    return total


@program((grid(3, 2),), (grid(2, 3),), stages="while_loop")
def over_the_transpose(x):
    out = 0
    for column in x.T:
        out = out * 2 + column[0]
    return out


@program((f64(1, 2, 3, 4),), (f64(5),), stages="while_loop")
def over_a_slice(x):
    out = 0
    for item in x[::-2]:
        out = out * 10 + item
    return out


@program((4,), (1,), stages="while_loop")
def over_an_array_made_here(n):
    total = 0
    for item in np.arange(n):
        total = total + item
    return total


@program((f64(1, 2, 3),), (f64(),), stages="while_loop")
def target_after_the_loop(x):
    for item in x:
        pass
    return item


@program((f64(1, -2, 3),), (f64(-1),), (f64(),), stages="while_loop cond")
def condition_on_the_item(x):
    positive = 0
    for item in x:
        if item > 0:
            positive += 1
    return positive


@program((f64(1, 2, 3),), (f64(4),), stages="while_loop")
def array_rebound_in_the_body(x):
    total = 0
    for item in x:
        x = x * 2
        total += item + x[0]
    return total, x


@program((f64(1, 2, 3),), stages="while_loop")
def array_written_in_the_body(x):
    total = 0
    for item in x:
        x[-1] = 100
        total += item
    return total


@program((grid(2, 3),), stages="while_loop")
def rows_are_views(x):
    for row in x:
        row[0] = 50
        row += 1
    return x


@program((f64(1, 2, 3),), (f64(),), stages="while_loop")
def over_an_array_with_else(x):
    total = 0
    for item in x:
        total += item
    else:
        total -= 1
    return total


@program((f64(2, 3), f64(5, 7, 11)), (f64(), f64(1)), stages="while_loop")
def arrays_in_a_loop_over_an_array(x, y):
    total = 0
    for a in x:
        for b in y:
            total += a * b
    return total


@program((f64(1, 2, 3), (0, 2)), (f64(1, 2, 3), (1,)))
def index_from_a_tuple(x, indices):
    total = 0
    for i in indices:
        total = total + x[i]
    return total


@program((f64(1, 2, 3),), (f64(1),), stages="while_loop")
def over_a_mask(x):
    total = 0
    for item in x[x > 1]:
        total = total + item
    return total


@program((grid(2, 2),), (grid(3, 1),), stages="while_loop")
def over_flat(x):
    total = 0
    for item in x.ravel():
        total = total * 3 + item
    return total


@program((f64(1, 2), 3), (f64(1, 2), 0), stages="while_loop")
def loop_in_a_python_loop(x, n):
    for k in (1, 2):
        for i in range(n):
            x = x + i * k
    return x


@program((f64(1, 2), 3), (f64(1, 2), 0), stages="while_loop")
def python_loop_in_a_loop(x, n):
    for i in range(n):
        for k in (1, 2):
            x = x + i * k
    return x
