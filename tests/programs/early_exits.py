"""break and continue, and the else of loops that have them."""

from tests.programs.row import f64, program


@program((10, 5), (10, 50), (0, 5), stages="while_loop")
def break_in_a_for(n, limit):
    total = 0
    for i in range(n):
        if total > limit:
            break
        total += i
    return total, i if n > 0 else -1


@program((10, 5), (3, 50), (0, 5), stages="while_loop")
def break_in_a_while(n, limit):
    total = 0
    while n > 0:
        total += n
        if total > limit:
            break
        n -= 1
    return total, n


@program((3,), (7,), (64,))
def break_in_while_true(n):
    steps = 0
    while True:
        if n <= 1:
            break
        n //= 2
        steps += 1
    return steps


@program((10,), (1,), (0,), stages="while_loop")
def continue_in_a_for(n):
    total = 0
    for i in range(n):
        if i % 3 == 0:
            continue
        total += i
    return total


@program((10,), (0,), stages="while_loop")
def continue_in_a_while(n):
    total = 0
    while n > 0:
        n -= 1
        if n % 2:
            continue
        total += n
    return total


@program((10, 20), (10, 3), (0, 3), stages="while_loop")
def break_and_continue(n, limit):
    total = 0
    for i in range(n):
        if i % 2 == 0:
            continue
        if total > limit:
            break
        total += i
    return total


@program((f64(1, -1, 5, 99, 7),), (f64(-1, -2),), (f64(),), stages="while_loop")
def break_and_continue_over_items(x):
    total = 0
    for item in x:
        if item < 0:
            continue
        elif item > 50:
            break
        total += item
    return total


@program((9,), (7,), (1,), (2,), stages="while_loop")
def for_else_with_break(n):
    for i in range(2, n):
        if n % i == 0:
            result = i
            break
    else:
        result = -1
    return result


@program((9, 3), (9, 100), (0, 3), stages="while_loop")
def while_else_with_break(n, wanted):
    while n > 0:
        if n == wanted:
            found = 1
            break
        n -= 1
    else:
        found = 0
    return n, found


@program((9, 4), (9, 100), (0, 4), stages="while_loop")
def for_else_with_return(n, wanted):
    for i in range(n):
        if i == wanted:
            return i
    else:
        n = n + 1000
    return n


@program((6,), (3,), (0,), stages="while_loop")
def for_else_with_continue(n):
    total = 0
    for i in range(n):
        if i % 2:
            continue
        total += i
    else:
        total += 100
    return total


@program((4, 4), (4, 0), (0, 4), (1, 1), stages="while_loop")
def inner_break(n, m):
    total = 0
    for i in range(n):
        for j in range(m):
            if j > i:
                break
            total += i + j
    return total


@program((4, 4), (4, 0), (0, 4), stages="while_loop")
def inner_continue(n, m):
    total = 0
    for i in range(n):
        for j in range(m):
            if j == i:
                continue
            total += i + j
    return total


@program((4, 4, 3), (4, 4, 99), (0, 4, 3), stages="while_loop")
def inner_and_outer_break(n, m, limit):
    total = 0
    for i in range(n):
        for j in range(m):
            if total > limit:
                break
            total += j
        if total > limit:
            break
    return total


@program((30,), (2,), stages="while_loop")
def primes_by_for_else(n):
    count = 0
    for i in range(2, n):
        for k in range(2, i):
            if i % k == 0:
                break
        else:
            count += 1
    return count


@program((5, 3), (5, 50), (0, 3), stages="while_loop")
def continue_of_the_outer_from_an_else(n, limit):
    total = 0
    for i in range(n):
        for j in range(i):
            if i * j > limit:
                break
        else:
            continue
        total += i
    return total


@program((6, 2), (6, 50), (0, 1), stages="while_loop")
def name_set_just_before_break(n, limit):
    for i in range(n):
        if i > limit:
            hit = i
            break
    return hit


@program((5,), (0,))
def code_after_break(n):
    total = 0
    while n > 0:
        total += n
        break
    return total


@program((5,), (0,), stages="while_loop")
def break_in_an_else_branch(n):
    total = 0
    while True:
        if n > 0:
            n -= 1
            total += n
        else:
            break
    return total


@program((7, 3), (7, -1), (1, 0), stages="while_loop")
def break_deep_in_branches(n, k):
    total = 0
    for i in range(n):
        if i > k:
            if total > 5:
                total += 100
                break
            total += 7
        else:
            total += i
    return total


@program((4, f64(1, 2)), (0, f64(1, 2)), stages="while_loop")
def effects_before_break_stay(n, x):
    for i in range(n):
        x[0] += 1
        if x[0] > 3:
            break
        x[1] += 10
    return x[1]


@program((f64(1, 2, 3),), ((f64(5),)))
def break_in_a_python_loop(x):
    for k in (1, 2, 3):
        if x.sum() > 10:
            break
        x = x * k
    return x
