"""Control structures in each other."""

from tests.programs.row import program


@program((5, 1), (5, -1), (0, 1), stages="while_loop cond")
def if_in_for(n, k):
    total = 0
    for i in range(n):
        if i > 2:
            total += k
        elif i == 1:
            total -= 10
        else:
            total = total * 2
    return total


@program((5, 3), (0, 3), (-5, 3), stages="while_loop cond")
def if_in_while(n, k):
    total = 0
    while n > 0:
        if n > k:
            total += n
            n -= 2
        else:
            total -= n
            n -= 1
    return total, n


@program((1, 4), (-1, 4), (1, 0), stages="while_loop cond")
def for_in_if(k, n):
    total = 0
    if k > 0:
        for i in range(n):
            total += i
    else:
        for i in range(n, 0, -1):
            total -= i
    return total


@program((1, 4), (-1, 4), (1, 0), stages="while_loop cond")
def while_in_if(k, n):
    total = 0
    if k > 0:
        while n > 0:
            total += n
            n -= 1
    return total, n


@program((4, 1), (4, -1), (0, 1), stages="while_loop cond")
def while_in_if_in_for(n, k):
    total = 0
    for i in range(n):
        if i % 2 == 0:
            j = i
            while j > 0:
                total += j
                j -= 1
        else:
            total += k
    return total


@program((3, 4), (0, 4), (3, 0), stages="while_loop cond")
def if_in_while_in_for(n, m):
    total = 0
    for i in range(n):
        j = 0
        while j < m:
            if (i + j) % 2:
                total += i * j
            else:
                total -= 1
            j += 1
    return total


@program((1, 2, 3), (1, -2, 3), (-1, 2, 3), (1, 2, 0), stages="while_loop cond")
def if_in_while_in_for_in_if(a, b, n):
    total = 0
    if a > 0:
        for i in range(n):
            k = i
            while k >= 0:
                if b > 0:
                    total += k
                else:
                    total -= 1
                k -= 1
    return total


@program((3,), (1,), (0,), stages="while_loop")
def three_loops(n):
    total = 0
    for i in range(n):
        for j in range(i + 1):
            for k in range(j + 1):
                total += i * 100 + j * 10 + k
    return total


@program((2,), (0,), stages="while_loop")
def five_loops(n):
    total = 0
    for a in range(n):
        for b in range(n):
            for c in range(n):
                for d in range(n):
                    for e in range(n):
                        total = total * 3 + a + b + c + d + e
    return total


@program((6,), (0,), stages="while_loop cond")
def ternary_in_for(n):
    total = 0
    for i in range(n):
        total += i if i % 2 == 0 else -1
    return total


@program((6, 0), (6, 1), (0, 1), stages="while_loop")
def logic_in_for(n, flag):
    total = 0
    for i in range(n):
        total += (flag and i) or 100
    return total


@program((6,), (0,), stages="while_loop cond")
def chained_comparison_in_for(n):
    inside = 0
    for i in range(n):
        if 1 < i <= 4:
            inside += i
    return inside


@program((6,), (5,), (0,), stages="while_loop")
def ternary_in_the_test_of_a_while(n):
    k = 0
    while (n if n % 2 == 0 else n - 1) > k:
        k += 1
        n -= 1
    return n, k


@program((3, 1), (3, -1), stages="while_loop")
def ternary_as_a_bound(n, k):
    total = 0
    for i in range(n if k > 0 else 2 * n):
        total += i
    return total


@program((3, 1), (3, 0), (0, 1), stages="while_loop cond")
def for_else_in_if(n, k):
    if k:
        for i in range(n):
            if i == k:
                r = 1
                break
        else:
            r = 2
    else:
        r = 3
    return r


@program((4, 2), (4, 9), (0, 2), stages="while_loop")
def while_else_in_for(n, limit):
    total = 0
    for i in range(n):
        k = i
        while k > 0:
            if k == limit:
                break
            k -= 1
        else:
            total += 10
        total += k
    return total


@program((4,), (0,), stages="while_loop")
def for_in_the_else_of_a_for(n):
    total = 0
    for i in range(n):
        total += i
    else:
        for j in range(n):
            total += 10 * j
    return total


@program((4,), (0,), stages="while_loop cond")
def if_in_the_else_of_a_while(n):
    k = n
    while k > 2:
        k -= 1
    else:
        if n > 2:
            k += 50
        else:
            k += 20
    return k


@program((4, 4), (4, 0), (0, 4), stages="while_loop")
def break_of_the_outer_by_a_flag(n, m):
    stop = False
    total = 0
    for i in range(n):
        for j in range(m):
            if i * j >= 2:
                stop = True
                break
            total += 1
        if stop:
            break
    return total, stop


@program((5,), (0,), stages="while_loop")
def while_with_inner_while_true(n):
    total = 0
    while n > 0:
        while True:
            total += 1
            if total % 3 == 0:
                break
        n -= 1
    return total


@program((4, 3), (4, 100), (0, 3), stages="while_loop cond")
def return_continue_and_break_at_once(n, limit):
    total = 0
    for i in range(n):
        if i == 0:
            continue
        for j in range(n):
            if j == i:
                break
            if total > limit:
                return total, i, j
            total += i + j
    return total


@program((1, 1, 1), (1, 1, -1), (1, -1, 1), (-1, 1, 1), (-1, -1, -1), stages="cond")
def returns_at_each_depth(a, b, c):
    if a > 0:
        if b > 0:
            if c > 0:
                return 1
            return 2
        return 3
    return 4


@program((2, 3), (-2, 3), (2, -3), (7, 0), stages="cond")
def branches_in_the_arms_of_a_chain(x, y):
    if x > 5:
        r = 0
    elif x > 0:
        if y > 0:
            r = x * y
        else:
            r = x - y
        r = r + 1
    else:
        r = y
        if y > 2:
            r = -y
    return r


@program((50, 3), (3, 9), stages="while_loop cond")
def digits_by_arithmetic(n, base):
    digits = 0
    place = 1
    while n > 0:
        digit = n % base
        if digit == 2:
            digits += 9 * place
        elif digit:
            digits += digit * place
        n //= base
        place *= 10
    return digits
