"""What tutorials on graph compilers show, written in NumPy: state, lists, shapes."""

import numpy as np

from tests.programs.row import f32, f64, i64, program

T = ("converted", "traced")


class Net:
    def __init__(self):
        self.w = np.ones((3, 2), np.float32)
        self.b = np.zeros(2, np.float32)
        self.training = True
        self.calls = 0

    def forward(self, x, scale=1.0):
        self.calls += 1
        h = x @ self.w + self.b
        if self.training:
            h = h * scale
        if h.mean() > 5:
            h = h - 5
            self.b = self.b + 1
        return h

    __call__ = forward


@program((np.ones((2, 3), np.float32),), (np.ones((4, 3), np.float32) * 3, 2.0), forms=T, made=True)
def net_forward():
    return Net().forward


@program((f32(1, 2),), (f32(-1, 2),), made=True)
def closure_scale():
    scale = 3.0
    offset = np.float32(1)

    def f(x):
        def inner(v):
            return v * scale + offset

        if x[0] > 0:
            return inner(x)
        return inner(-x)

    return f


@program((3, f32(1, 2)), (0, f32(1, 2)), (1, f64(1)))
def lambda_in_loop(n, x):
    fns = []
    for i in range(n):
        g = lambda v, k=i: v + k
        x = g(x)
        fns.append(x.sum())
    return x, fns


@program((5,), (0,), (np.int64(3),))
def fibonacci_list(n):
    res = [0, 1]
    while len(res) < n:
        res.append(res[-1] + res[-2])
    return res[:n]


@program((f32(1, 2, 3, 4), 2), (f32(1, 2, 3, 4), 1))
def zip_enumerate(x, step):
    acc = []
    for i, (a, b) in enumerate(zip(x[:-step], x[step:])):
        if i == 2:
            break
        acc.append(a * b + i)
    return acc


@program((i64(5, 3), 0), (i64(5, 3), 1), (i64(5, 3), 2))
def elif_chain_and_undefined(x, k):
    if k == 0:
        a, b = x
    elif k == 1:
        a = x[0]
        b = None
    else:
        a = 1
    try:
        return a, b
    except NameError as e:
        return a, type(e).__name__


@program((f64(4.0, 9.0),), (f64(-4.0),))
def helper_functions(x):
    return _post(_pre(x))


def _pre(x):
    if (x < 0).any():
        return np.abs(x)
    return x


def _post(x):
    y = np.sqrt(x)
    for i in range(y.size):
        if y[i] > 2:
            y[i] = 2
    return y


@program((f32([1, 2], [3, 4]),), (f32([1, -2], [3, 4]),), (f32([0, 0], [0, 0]),))
def tensor_bool_and(x):
    if (x > 0).all() and x.sum() > 3 or x[0, 0] < 0:
        return "A"
    if not (x < 0).any():
        return "B"
    return "C"


@program((4, 0.5), (0, 0.5), (2, 1))
def type_changes_in_loop(n, dt):
    t = 0
    log = []
    for i in range(n):
        t += dt
        log.append(t)
    return t, log


@program((i64(1, 2, 3),), (f32(1, 2),))
def grow_array(x):
    y = np.array([], dtype=x.dtype)
    for v in x:
        y = np.append(y, [v, v * v])
    return y


@program((f64(1, 5, 2),), (f64(),))
def running_max_with_none(x):
    best = None
    where = None
    for i, v in enumerate(x):
        if best is None or v > best:
            best = v
            where = i
    return best, where


@program((f32(1, 2, 3), "sum"), (f32(1, 2, 3), "mean"), (f32(1, 2, 3), None))
def reduction_option(x, reduction):
    loss = x**2
    if reduction == "sum":
        return loss.sum()
    elif reduction == "mean":
        return loss.mean()
    return loss


@program((np.arange(6.0).reshape(2, 3), [0, 2]), (np.arange(6.0).reshape(2, 3), []))
def gather_columns(x, columns):
    parts = []
    for c in columns:
        parts.append(x[:, c : c + 1])
    if parts:
        return np.concatenate(parts, axis=1)
    return np.empty((x.shape[0], 0))


@program((f64(1, 2, 3),), (f64(3, 2, 1),))
def stateful_list_default(x, acc=None):
    acc = [] if acc is None else acc
    for v in x:
        if len(acc) and v < acc[-1]:
            acc.pop()
        acc += [v]
    return acc


@program((10,), (3,), (2,))
def inner_while_in_for(n):
    count = 0
    for i in range(n):
        j = i
        while j > 0:
            if j % 7 == 0:
                break
            j -= 2
            count += 1
        else:
            count += 100
            if count > 300:
                return "many", count
    return "few", count


@program(
    (f32(0.2, 0.9, 0.4),),
    (
        f32(
            0.9,
        ),
    ),
)
def chained_comparison_with_words(x):
    inside = 0
    for v in x:
        if 0.1 < v <= 0.5:
            inside += 1
        elif not 0 <= v < 0.8:
            inside -= 1
    return inside


@program((2, 3), (0, 0), (np.float64(2), 5))
def swap_and_multi_assign(a, b):
    x = y = a
    a, b = b, a
    x += 1
    (p, q), *rest = (a, b), x, y
    return a, b, x, y, p, q, rest


@program((f64(1, 2, 3, 4),), (f64(4, 3),))
def cumsum_no_prefix(x):
    total = x.dtype.type(0)
    out = np.empty(x.shape, x.dtype)
    for i in range(x.shape[0]):
        total += x[i]
        out[i] = total
    return out


@program((f32([1, 2], [3, 4]), f32([1, 1], [1, 1])), (f32([1, 2, 3]), f32([1, 2])))
def matmul_checked(a, b):
    assert a.shape[1] == b.shape[0], f"shapes {a.shape} and {b.shape} do not match"
    out = np.zeros((a.shape[0], b.shape[1]), dtype=a.dtype)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                out[i, j] += a[i, k] * b[k, j]
    return out


@program((f64(1.0, -1.0), 3), (f64(0.0), 1))
def nested_function_with_state(x, n):
    history = {"norm": [], "step": []}

    def record(step, v):
        history["norm"].append(np.linalg.norm(v))
        history["step"].append(step)
        return len(history["step"])

    count = 0
    for s in range(n):
        x = x * 0.5
        if s % 2 == 0:
            count = record(s, x)
    return x, history, count
