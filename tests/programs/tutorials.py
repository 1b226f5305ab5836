"""What tutorials on graph compilers show, written in NumPy: branches, loops, values."""

import numpy as np

from tests.programs.row import f32, f64, i64, program, zero_d

T = ("converted", "traced")


@program((np.int32(9),), (np.int32(-9),), (zero_d(3),), (0,))
def square_if_positive(x):
    if x > 0:
        x = x * x
    else:
        x = 0.0
    return x


@program((3,), (-3,), (np.float32(0.5),))
def ternary_abs(x):
    return x if x > 0 else -x if x < 0 else 0


@program((i64(1, 2, 3, 4),), (i64(),), (f32(2.5),))
def sum_even(items):
    s = 0
    for c in items:
        if c % 2 > 0:
            continue
        s += c
    return s


@program((i64(1, 2, 3, 4, 9), 4), (i64(), 1), (i64(7), 1))
def fizz_until(items, stop):
    total = 0
    seen = []
    for c in items:
        if c == stop:
            break
        for k in range(3):
            if k == c:
                continue
            if total > 20:
                break
            total += k * c
        seen.append(total)
    return total, seen


@program((np.int64(5),), (5,), (zero_d(5, np.int32),), (0,))
def tensor_or_int_range(n):
    out = []
    for i in range(n):
        out.append(i * i)
    return out


@program((f32(1, 2), 3), (f32(1, 2), np.int32(2)), (f32(1, 2), 0))
def tensor_array_write(x, n):
    ta = []
    for i in range(n):
        x = x * 2
        ta.append(x)
    if len(ta) == 0:
        return x
    return np.stack(ta)


@program((f64(1, 2, 3), True), (f64(1, 2, 3), False), (f64(1, 2, 3), np.bool_(True)))
def set_in_one_branch(x, flag):
    if flag:
        y = x * 2
        label = "doubled"
    print(label)
    return y


@program((f64(1, 2, 3), 1), (f64(1, 2, 3), 0))
def both_branches_return(x, mode):
    if mode == 1:
        out = x + 1
        return out
    else:
        out = x - 1
    out = out * 2
    return out


@program((None, f64(1)), (f64(2), f64(1)), (f64(2), None))
def optional_bias(bias, x):
    y = x if x is not None else np.zeros(1)
    if bias is not None:
        y = y + bias
    return y


@program((0, 5), (3, 0), (0, 0), (np.float32(2), np.float32(3)))
def and_or_values(a, b):
    first = a or b
    both = a and b
    neither = not a and not b
    mixed = a and b or "default"
    return first, both, neither, mixed


@program((f32([1, 2], [3, 4]),), (f32([1, 2, 3]),), (np.zeros((3, 1), np.float32),))
def shape_dependent(x):
    if x.shape[0] > 2:
        y = x.sum(axis=0)
    elif x.shape[1] == 3:
        y = x.T
    else:
        y = x @ x
    return y, len(x.shape), x.ndim


@program((f32([1, 2], [3, 4]),), (np.ones((2, 3, 4)),), (f64(1, 2),))
def flatten_if_needed(x):
    if x.ndim > 2:
        x = x.reshape(x.shape[0], -1)
    elif x.ndim == 1:
        x = x[None, :]
    rows, cols = x.shape
    return x, rows * cols


@program((np.float32(3), np.float32(4)), (np.float32(1), np.float32(1)), (np.float32("nan"), np.float32(1)))
def while_until_stable(x, y):
    i = 0
    while True:
        new_x = (x + y) / 2
        if np.abs(new_x - x) < 1e-3:
            break
        x = new_x
        i += 1
        if i > 100:
            raise RuntimeError("does not settle")
    return x, i


@program((f32(3, 5), 10.0), (f32(30, 50), 10.0))
def paddle_while(x, limit):
    i = np.zeros([1], dtype="int64")
    while i < 10 and x.mean() < limit:
        x = x + 1
        i += 1
    return x, i


@program((f32(1, -2, 3),), (f32(-1, -2, -3),))
def return_dict_of_branches(x):
    result = {"x": x}
    if x.mean() > 0:
        result["positive"] = x.max()
        loss = x.sum()
    else:
        result["negative"] = x.min()
        loss = -x.sum()
    result["loss"] = loss
    return result


@program((f32(1, -2, 3), 2), (f32(-1, -2, -3), 0))
def print_and_assert(x, n):
    assert n > 0, "n must be positive, got %d" % n
    print("x =", x)
    for i in range(n):
        print("step", i, "sum", x.sum())
        if i == 1:
            print("last", end="!\n")
    return x


@program((f64(1, 2, 3), i64(0, 1, 2)), (f64(1, 2, 3), i64(0, -1, 2)), (f64(1, 2, 3), i64(9)), (f64(1, 2, 30), i64(2)))
def nested_break_continue(x, order):
    acc = np.zeros_like(x)
    for idx in order:
        if idx < 0:
            continue
        count = 0
        while True:
            count += 1
            if count > 5:
                break
            if count % 2 == 0:
                continue
            for j in range(3):
                if j == idx:
                    acc[j] += x[idx] * count
                    break
            else:
                acc[0] -= 1
        if acc.sum() > 100:
            return acc, "early"
    return acc, "late"


@program((f64(1, 2, 3),), (f64(-1, 2, 3),))
def loop_variable_after(x):
    for i in range(len(x)):
        if x[i] > 1:
            break
    return i, x[i]


@program((f64([1, 2], [3, 4]),), (f64([0, 0]),))
def rows_with_negative_step(x):
    out = []
    for i in range(x.shape[0] - 1, -1, -1):
        row = x[i]
        if not row.any():
            out.append(None)
            continue
        out.append(row / row.sum())
    return out


@program((np.float32(2), 3), (np.float32(-2), 4), (2, 3))
def torchscript_fn(x, n):
    if x > 0:
        r = x
    else:
        r = -x
    i = 0
    while i < n:
        r = r * 1.5 + i
        i += 1
    return r


@program((f32(1, 2, 3), 0.5, True), (f32(1, 2, 3), 0.5, False), (f32(1, 2, 3), 0.0, True))
def dropout_like(x, p, training):
    if not training or p == 0.0:
        return x
    mask = (np.arange(x.size).reshape(x.shape) % 2).astype(x.dtype)
    return x * mask / (1.0 - p)


@program((f32(1, 2, 3),), (f32(0, 0, 0),))
def onnxscript_loop(x):
    cond = x.sum() < 100
    n = 0
    while cond:
        x = x * 2 + 1
        n = n + 1
        cond = x.sum() < 100
    return x, n


@program((i64(3, 1, 2), 2), (i64(), 0))
def list_of_lists(x, k):
    groups = [[] for _ in range(3)]
    for v in x:
        groups[v % 3].append(v)
    sizes = [len(g) for g in groups]
    return groups, sizes


@program((f32([1, 2, 3], [4, 5, 6]), 2), (f32([1, 2, 3], [4, 5, 6]), 9))
def early_return_in_loop(x, needle):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if x[i, j] == needle:
                return i, j
    return -1, -1
