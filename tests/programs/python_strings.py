"""None, strings, enum members and other fixed objects through branches and loops; f-strings; is; type tests."""

import enum

import numpy as np

from tests.programs.row import f32, f64, given, i64, program, zero_d


class Color(enum.Enum):
    RED = 1
    BLUE = 2


@program((3,), (-3,), stages="cond")
def mode_is_a_string(x):
    if x > 0:
        mode = "up"
    else:
        mode = "down"
    if mode == "up":
        return x * 2
    return x / 2


@program((3,), (-3,), (0,), stages="cond")
def string_result(x):
    if x > 0:
        return "positive"
    elif x < 0:
        return "negative"
    return "zero"


@program((3,), (-3,), stages="cond")
def none_or_a_number(x):
    y = None
    if x > 0:
        y = x
    if y is None:
        return -1
    return y * 2


@program((3,), (-3,), stages="cond")
def none_or_an_array(x):
    y = np.ones(2) * x if x > 0 else None
    if y is not None:
        y += 1
    return y


@program((5, 3), (5, 9), (0, 3), stages="while_loop")
def none_until_found(n, wanted):
    found = None
    for i in range(n):
        if found is None and i >= wanted:
            found = i
    return found


@program((3,), (-3,), stages="cond")
def enum_in_branches(x):
    color = Color.RED if x > 0 else Color.BLUE
    if color is Color.RED:
        return 1, color.value
    return 2, color == Color.BLUE


@program((5,), (0,), stages="while_loop cond")
def state_machine_of_strings(n):
    state = "start"
    total = 0
    for i in range(n):
        if state == "start":
            state = "odd"
        elif state == "odd":
            total += i
            state = "even"
        else:
            state = "odd"
    return state, total


@program((3,), (2.5,), (np.float32(0.1),), (f64(1, 2),), (True,))
def f_string_result(x):
    return f"{x} and {x!r}", str(x), repr(x)


@program((3.14159, 42), (1.0, 7), (np.float64(2.5), -3))
def format_specs(x, n):
    width = 8
    return f"{x:.2f}|{x:{width}.3f}|{n:05d}|{n:x}|{n:+}", "{} {}".format(x, n), "%d items" % n


@program((3,), (-3,), stages="cond")
def strings_joined_in_branches(x):
    text = "x"
    if x > 0:
        text += "+"
    else:
        text = text + "-" + str(x)
    return text, len(text)


@program((3,), (0,), stages="while_loop")
def strings_grow_in_a_loop(n):
    text = ""
    for i in range(n):
        text += f"{i},"
    return text


@program((3, "fast"), (3, "slow"), (3, None))
def string_argument(x, mode):
    if mode == "fast":
        return x * 10
    if mode is None:
        return x
    return x + len(mode)


@program((3,), (2.5,), (True,), (np.float32(1),), (f64(1),), (1j,), (None,), ((1, 2),))
def isinstance_of_values(x):
    if isinstance(x, bool):
        return 1
    if isinstance(x, (int, float)):
        return 2
    if isinstance(x, np.ndarray):
        return 3
    return 4 if isinstance(x, np.generic) else 5


@program((3,), (2.5,), (True,), (np.int8(1),), (f64(1),))
def type_of_values(x):
    return type(x) is int, type(x) == float, type(x).__name__, type(x)(1) if type(x) is not np.ndarray else None


@program((3, -3), (-3, 3), stages="cond")
def type_after_a_branch(x, y):
    z = x if x > 0 else 0.5
    return isinstance(z, float), type(z) is type(y)


@program((3, 3), (3, 4), (f64(1), 1))
def identity(x, y):
    z = x
    w = [x]
    return z is x, w[0] is x, (x, y) is None


@program(given(f64(1)), given(f64(1), f64(2)), given(f64(1), None))
def optional_array(x, mask=None):
    if mask is not None:
        x = x * mask
    return x.sum()


@program((3,), (-3,), stages="cond")
def dict_of_functions_by_string(x):
    table = {"a": np.sin, "b": np.cos}
    key = "a" if x > 0 else "b"
    return table[key](1.0)


@program((3,), (-3,), stages="cond")
def string_of_a_branch_printed(x):
    print("sign:", "+" if x > 0 else "-")
    return None


@program(("abc", 1), ("hello", -1), stages="cond")
def methods_of_a_string(text, k):
    if k > 0:
        text = text.upper()
    return text.replace("L", "_"), text[::-1], text.startswith("A"), text.split("l")


@program((3,), (-3,), stages="cond")
def not_implemented_and_ellipsis(x):
    y = ... if x > 0 else NotImplemented
    return y is ...


@program((1,), (2,), (3,), stages="cond")
def dtype_through_branches(k):
    dtype = np.float32 if k == 1 else np.int8 if k == 2 else np.float64
    return np.ones(2, dtype=dtype) * k


@program((f64(1, 2), 1), (f64(1, 2), 2), stages="cond")
def slice_through_branches(x, k):
    part = slice(0, 1) if k == 1 else slice(1, 2)
    return x[part]


@program((i64(0, 1, 2),), (i64(),), stages="while_loop")
def labels_of_items(x):
    last = "none"
    for item in x:
        last = "even" if item % 2 == 0 else "odd"
    return last


@program((f32(1),), (zero_d(2),))
def hasattr_and_getattr(x):
    return hasattr(x, "shape"), getattr(x, "missing", 3), getattr(x, "ndim"), callable(x.sum)


@program((b"ab", 1), (b"xy", 2))
def bytes_argument(data, k):
    return data[0] + k, data * 2, np.frombuffer(data, np.uint8) + k
