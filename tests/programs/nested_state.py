"""Arrays, types and names that change in nested control structures."""

import numpy as np

from tests.programs.row import f64, grid, i64, program


@program((2, 3), (0, 3), (3, 1), stages="while_loop")
def name_set_in_the_inner_loop(n, m):
    for i in range(n):
        for j in range(i, m):
            last = i * 10 + j
    return last


@program((3, 1), (0, 1), (3, -1), stages="while_loop cond")
def name_set_in_a_branch_in_a_loop(n, k):
    for i in range(n):
        if k > 0:
            z = i
    return z + n


@program((3, 1), (3, 5), stages="while_loop cond")
def name_of_the_iteration_before(n, k):
    total = 0
    for i in range(n):
        if i >= k:
            total += before
        before = i * 7
    return total


@program((3, 2), (3, -1), (0, 1), stages="while_loop cond")
def name_read_before_any_iteration_set_it(n, k):
    total = 0
    for i in range(n):
        if i == k:
            total += later
        if k < 0:
            later = i
    return total


@program((grid(4, 4),), (grid(1, 1),), stages="while_loop cond")
def sum_of_the_upper_triangle(x):
    total = 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if j < i:
                continue
            if x[i, j] < -5:
                break
            total += x[i, j]
    return total


@program((f64(5, 2, 9, 1),), (f64(1),), (f64(),), stages="while_loop cond")
def bubble_sort(x):
    n = len(x)
    for i in range(n):
        for j in range(n - 1 - i):
            if x[j] > x[j + 1]:
                t = x[j + 1]
                x[j + 1] = x[j]
                x[j] = t
    return x


@program((f64(5, 2, 9, 1),), (f64(1),), (f64(),), stages="while_loop")
def insertion_sort(x):
    for i in range(1, len(x)):
        item = x[i]
        j = i - 1
        while j >= 0 and x[j] > item:
            x[j + 1] = x[j]
            j -= 1
        x[j + 1] = item
    return x


@program((i64(3, 1, 2), i64(1, 2, 3)), (i64(1, 1), i64(1)), (i64(), i64(1)), stages="while_loop cond")
def longest_common_subsequence(a, b):
    table = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] == b[j]:
                table[i + 1, j + 1] = table[i, j] + 1
            else:
                table[i + 1, j + 1] = max(table[i, j + 1], table[i + 1, j])
    return table[-1, -1], table


@program((3, 2), (0, 2), (3, 0), stages="while_loop cond")
def dtype_changes_in_a_branch_in_a_loop(n, k):
    s = 0
    for i in range(n):
        if i == k:
            s = s + 0.5
        else:
            s = s + 1
    return s


@program((3, f64(1, 2)), (0, f64(1, 2)), (1, f64(1, 2)), stages="while_loop cond")
def kind_changes_back_and_forth(n, x):
    y = 0
    for i in range(n):
        if i % 2 == 0:
            y = x + i
        else:
            y = y.sum()
    return y


@program((3, 4), (0, 4), stages="while_loop")
def shape_changes_in_an_inner_loop(n, m):
    x = np.zeros(1)
    for i in range(n):
        while len(x) < m + i:
            x = np.append(x, i)
    return x


@program((f64(1, 2), 3), (f64(-1, -2), 3), (f64(1, 2), 0), stages="while_loop cond")
def array_condition_in_a_loop(x, n):
    for i in range(n):
        if (x > 0).all():
            x = x - i
        elif x.min() < -1:
            x = x / 2
        else:
            x = -x
    return x


@program((3, 3), (0, 3), (4, 1), stages="while_loop")
def enumerate_in_while(n, k):
    total = 0
    while n > 0:
        for i, item in enumerate(np.arange(n)):
            if i > k:
                break
            total += i * item
        n -= 1
    return total


@program((3, 0), (2, 5), (0, 1), stages="while_loop")
def type_changes_inside_and_is_set_back(n, s):
    total = 0
    for _ in range(n):
        for _ in range(n):
            s = s + 0.5
        total += s
        s = 0
    return s, total


@program((3, 0), (2, 5), (0, 1), stages="while_loop")
def type_changes_inside_a_copy_is_kept(n, s):
    for _ in range(n):
        kept = s
        for _ in range(n):
            s = s + 0.5
        s = kept + 1
    return s


@program((2, 0), (2, 5), (0, 1), stages="while_loop cond")
def types_change_at_each_depth(n, s):
    for i in range(n):
        for j in range(n):
            for _ in range(n):
                s += 0.25
            for k in range(n):
                s = int(s) + k if i != j else s
        s = [s] if i else s
        s = s[0] if isinstance(s, list) else s
    return s


@program((3, 0), (0, 5), (1, 2))
def names_of_nested_attempts(n, s):
    try:
        a = 1
        try:
            b = s // n
            try:
                c = [1, 2][n]
                try:
                    d = c + "a"
                except TypeError:
                    d = b
            except IndexError:
                c = "no"
            finally:
                g = c
        except KeyError:
            pass
        else:
            h = b
    except ZeroDivisionError:
        return a
    return a, b, c, g, h


@program(("1 + 2 * ( 3 + 4 )",), ("( 1 * 2 )",), ("( 1",))
def functions_that_call_each_other_read_on(text):
    words, place = text.split(), 0

    def peek():
        return words[place] if place < len(words) else None

    def take():
        nonlocal place
        place += 1
        return words[place - 1]

    def total():
        value = term()
        while peek() == "+":
            take()
            value = value + term()
        return value

    def term():
        value = atom()
        while peek() == "*":
            take()
            value *= atom()
        return value

    def atom():
        word = take()
        if word != "(":
            return int(word)
        value = total()
        if peek() != ")":
            raise SyntaxError("a bracket is missing")
        take()
        return value

    try:
        return total(), place
    except SyntaxError:
        return "a bracket is missing", place
