"""if, elif, else: alone and in each other."""

import numpy as np

from tests.programs.row import b1, f32, f64, i64, program, zero_d


@program((f32(3), f32(2)), (f32(2), f32(3)), (3, 2), (2.0, 3), stages="cond")
def if_else(x, y):
    if x > y:
        z = x + y
    else:
        z = x - y
    return z


@program((f64(1, 2),), (f64(-1, -2),), stages="cond")
def if_without_else(x):
    if x.sum() > 0:
        x = x * 2
    return x


@program((5,), (15,), (25,), (35.0,), (np.float32(15),), stages="cond")
def elif_chain(x):
    if x < 10:
        r = x + 1
    elif x < 20:
        r = x * 2
    elif x < 30:
        r = x - 3
    else:
        r = -x
    return r


@program((5,), (15,), (25,), stages="cond")
def elif_chain_without_else(x):
    r = 0
    if x < 10:
        r = 1
    elif x < 20:
        r = 2.5
    return r


@program((1, 1), (1, -1), (-1, 1), (-1, -1), (f32(1), f32(-1)), (f32(-1), f32(1)), stages="cond")
def if_in_if(x, y):
    if x > 0:
        if y > 0:
            z = x + y
        else:
            z = x - y
    else:
        if y > 0:
            z = y * y
        else:
            z = x * x + 1
    return z


@program((1, 2, 3), (3, 2, 1), (2, 1, 3), (1, 3, 2), stages="cond")
def sort_three_by_swaps(a, b, c):
    if a > b:
        a, b = b, a
    if b > c:
        b, c = c, b
    if a > b:
        a, b = b, a
    return a, b, c


@program((f32(1),), (f32(-1),), stages="cond")
def name_set_in_one_branch(x):
    if x > 0:
        z = x * 2
    return z


@program((1, 1), (1, -1), (-1, 1), (-1, -1), stages="cond")
def name_set_in_one_branch_and_read_in_another(x, y):
    if x > 0:
        z = 10
    if y > 0:
        return z + y
    return y


@program((1, 1), (1, -1), (-1, 1), (-1, -1), stages="cond")
def name_set_by_both_of_two_ifs(x, y):
    if x > 0:
        z = x
    else:
        w = y
    if y > 0:
        z = 7
    if x <= 0:
        return w
    return z


@program((1,), (-1,), stages="cond")
def name_set_in_a_branch_and_never_read_again(x):
    if x > 0:
        unused = x + 1
        y = unused * 2
    else:
        y = 3
    return y


@program((2,), (-2,), (np.int64(2),), (np.int8(-2),), stages="cond")
def branches_of_different_dtypes(x):
    if x > 0:
        y = x
    else:
        y = 0.5
    return y


@program((f64(1, 2, 3),), (f64(-1, -2, -3),), stages="cond")
def branches_of_different_shapes(x):
    if x[0] > 0:
        y = x.reshape(3, 1)
    else:
        y = x[:2]
    return y * 2


@program((f32(1, 2),), (f32(-1, -2),), (f32(-8, -9),), stages="cond")
def branches_of_different_kinds(x):
    if x.max() > 0:
        y = x
    elif x.max() > -5:
        y = 3
    else:
        y = np.float64(2)
    return y


@program((f32(-10),), (f32(10, 11),), (f32(-3),), stages="cond")
def three_kinds_and_their_sum(x):
    if x.max() > 0:
        y = x
    elif x.max() > -5:
        y = 3
    else:
        y = np.float64(2)
    return y + np.float32(1)


@program((True,), (False,), (np.True_,), (b1(False),), (zero_d(True, bool),), stages="cond")
def test_is_a_bool(flag):
    if flag:
        return 1
    return 2


@program((0,), (3,), (0.0,), (-0.5,), (0j,), (1j,), (np.float32(0),), (i64(4),), (f64(0),), stages="cond")
def test_is_a_number(x):
    if x:
        return 1.5
    return 2


@program((f64(1, 2),), (f64(3),), (f64(-3),), stages="cond")
def test_is_an_array_of_many(x):
    if x > 0:
        return x
    return -x


@program((1,), (-1,), stages="cond")
def constant_test(x):
    if True:
        y = x + 1
    else:
        y = x - 1
    if y > 1:
        y = y * 2
    return y


@program((1, True), (1, False), (f32(1), True), (f32(-1), False), stages="cond")
def not_in_a_test(x, flag):
    if not flag:
        x = x + 10
    if not x > 5:
        x = x * 3
    return x


@program((1, 2), (2, 1), stages="cond")
def swap_in_a_branch(a, b):
    if a > b:
        a, b = b, a
    return a - b, a + b


@program((1,), (-1,), stages="cond")
def pass_in_a_branch(x):
    if x > 0:
        pass
    else:
        x = -x
    return x


@program((1,), (-1,), stages="cond")
def nothing_but_pass(x):
    if x > 0:
        pass
    return x


@program((f64(1, 2),), (f64(-1, 2),), stages="cond")
def rebinding_an_argument(x):
    first = x[0]
    if first > 0:
        x = np.zeros(3)
    return x + first


@program((2,), (3,), (-4,), stages="cond")
def test_with_arithmetic(n):
    if n % 2 == 0 and n // 2 > 0:
        return n // 2
    return 3 * n + 1


@program((f32(3), f32(5)), (f32(5), f32(3)), stages="cond")
def two_results_of_one_if(x, y):
    if x > y:
        big, small = x, y
    else:
        big, small = y, x
    return big - small, {"big": big, "small": small}


@program((1,), (2,), (3,), stages="cond")
def chain_that_sets_different_names(k):
    a = b = c = 0
    if k == 1:
        a = 10
    elif k == 2:
        b = 20
    else:
        c = 30
    return a, b, c


@program((1,), (2,), (3,), stages="cond")
def chain_that_leaves_names_unset(k):
    if k == 1:
        a = 10
    elif k == 2:
        a = 20
        b = 1
    else:
        b = 2
    if k == 3:
        return b
    return a


@program((1,), (-1,), stages="cond")
def test_calls_with_output(x):
    if shows(x) > 0:
        y = shows(x + 1)
    else:
        y = shows(x - 1)
    return y


def shows(x):
    print("shows", x)
    return x


@program((5,), (15,), (25,), stages="cond")
def tests_of_a_chain_run_lazily(x):
    if shows(x) < 10:
        return True
    elif shows(x) < 20:
        return 2
    return 3


@program((4,), (-4,), stages="cond")
def augmented_in_branches(x):
    total = 1
    if x > 0:
        total += x
        total *= 2
    else:
        total -= x
        total **= 2
    total //= 3
    return total


@program((1, f64(1, 2)), (-1, f64(1, 2)), (0, f64(3)), stages="cond")
def python_test_picks_arrays(k, x):
    if k > 0:
        y = x + 1
    elif k == 0:
        y = np.float32(1) * x
    else:
        y = x.sum()
    return y


@program((f64(1), f64(2)), (f64(2), f64(1)), stages="cond")
def the_branch_gives_an_argument_itself(x, y):
    if x > y:
        z = x
    else:
        z = y
    return z


@program((3, 0.5), (-3, 0.5), (3.0, 1), (np.float32(-3), 2), stages="cond")
def deep_nesting(x, y):
    if x > 0:
        if x > 1:
            if x > 2:
                if y < 1:
                    x = x + y
                else:
                    x = x - y
            y = x
        y = y + 1
    else:
        x = -x
    return x, y


@program((1,), (-1,), stages="cond")
def annotated_names(x: int):
    y: float = 0.5
    if x > 0:
        z: int = x + 1
        y = y + z
    return y


@program((1,), (0,), stages="cond")
def delete_after_a_branch(x):
    t = x + 1
    if x > 0:
        t = t * 2
    y = t
    del t
    return y
