"""What random programs have found out: each row is one of them, made small."""

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
    e = n
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
