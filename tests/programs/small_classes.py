"""Functional style, and small classes."""

import numpy as np

from tests.programs.row import f32, f64, i64, program

T = ("converted", "traced")


@program(("12",), ("abc",), ("-3.5",), ("",))
def parse_number(text):
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return None


@program(({"a": 1, "b": [1, 2]}, "a"), ({"a": 1}, "b"))
def lookup_with_default(d, key):
    try:
        v = d[key]
    except KeyError as e:
        print("missing", e)
        v = "none"
    finally:
        print("done")
    return v


@program((f64(1, 2, 3), 3), (f64(1, 2), 5), (f64(1, 2), 9))
def retry(xs, limit):
    attempts = 0
    while True:
        attempts += 1
        try:
            if attempts + len(xs) < limit:
                raise RuntimeError("not yet")
            return attempts, xs[attempts - 1]
        except RuntimeError:
            if attempts > 3:
                break
    return attempts, None


@program((f64(1, 2, 3),), (f64(0.0),))
def apply_all(x):
    table = {"sin": np.sin, "cos": np.cos, "neg": lambda v: -v}
    out = {}
    for name, fn in table.items():
        out[name] = fn(x).sum()
    return out


@program((f64(1, 2, 3), "square"), (f64(1, 2), "half"), (f64(1), "none"))
def dispatch_table(x, op):
    ops = {"square": lambda v: v**2, "half": lambda v: v / 2}
    if op not in ops:
        return x
    return ops[op](x)


@program((i64(1, 2, 3, 4, 5, 6),), (i64(1),))
def list_comprehensions(x):
    squares = [v * v for v in x if v % 2 == 0]
    pairs = [(a, b) for a in range(len(x)) for b in range(a) if x[a] > x[b]]
    table = {int(v): v**2 for v in x if v > 2}
    nested = [[i * j for j in range(3)] for i in range(2)]
    return squares, len(pairs), table, nested, any(v > 5 for v in x), all(v > 0 for v in x)


@program((f64(1, 2, 3), 3), (f64(1, 2, 3), 1))
def polynomial_features(x, degree):
    cols = [np.ones_like(x)]
    names = ["1"]
    for d in range(1, degree + 1):
        cols.append(cols[-1] * x)
        names.append(f"x^{d}" if d > 1 else "x")
    return np.column_stack(cols), names


@program((f64([1, 2], [3, 4]),), (f64([0, 0], [0, 0]),))
def normalise_rows(m):
    for row in m:
        n = np.linalg.norm(row)
        if n:
            row /= n
    return m


@program((f64(1, 2, 3, 4, 5, 6), 2), (f64(1, 2, 3), 3))
def k_fold(data, k):
    fold = len(data) // k
    scores = []
    for i in range(k):
        test = data[i * fold : (i + 1) * fold]
        train = np.concatenate([data[: i * fold], data[(i + 1) * fold :]])
        if train.size == 0:
            continue
        scores.append(((test - train.mean()) ** 2).mean())
    return np.mean(scores), scores


class RunningStats:
    def __init__(self):
        self.n = 0
        self.mean = 0.0
        self.hist = {}

    def push(self, x):
        self.n += 1
        self.mean += (x - self.mean) / self.n
        key = "pos" if x > 0 else "neg"
        self.hist[key] = self.hist.get(key, 0) + 1
        return self

    @property
    def summary(self):
        return {"n": self.n, "mean": self.mean if self.n else None, **self.hist}


@program((f64(1, -2, 3),), (f64(),), (f32(1, 2),))
def running_stats(xs):
    stats = RunningStats()
    for x in xs:
        stats.push(x)
    return stats.summary


@program((f64(1, -2, 3),), (f64(5),), forms=T, made=True)
def running_stats_outside():
    stats = RunningStats()

    def push_all(xs):
        for x in xs:
            stats.push(float(x)).push(0.0)
        return stats.summary

    return push_all


class Stack:
    def __init__(self):
        self.items = []

    def push(self, x):
        self.items.append(x)

    def pop(self):
        if self.is_empty():
            raise IndexError("pop from empty stack")
        return self.items.pop()

    def peek(self):
        return self.items[-1] if self.items else None

    def is_empty(self):
        return len(self.items) == 0

    def __len__(self):
        return len(self.items)


@program((i64(1, 2, -1, -1, 3),), (i64(-1),), (i64(),))
def use_stack(ops):
    s = Stack()
    popped = []
    for op in ops:
        if op < 0:
            try:
                popped.append(s.pop())
            except IndexError as e:
                print(e)
                popped.append(None)
        else:
            s.push(int(op))
    return popped, len(s), s.peek(), s.is_empty()


class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next


class LinkedList:
    def __init__(self):
        self.head = None

    def push(self, value):
        self.head = Node(value, self.head)

    def reverse(self):
        prev, cur = None, self.head
        while cur is not None:
            cur.next, prev, cur = prev, cur, cur.next
        self.head = prev

    def to_list(self):
        out = []
        node = self.head
        while node:
            out.append(node.value)
            node = node.next
        return out


@program((i64(1, 2, 3),), (i64(),))
def linked_list(xs):
    ll = LinkedList()
    for x in xs:
        ll.push(x)
    before = ll.to_list()
    ll.reverse()
    return before, ll.to_list()


class TreeNode:
    def __init__(self, key):
        self.key = key
        self.left = None
        self.right = None


@program((i64(3, 1, 2, 5),), (i64(1),))
def binary_tree(keys):
    def insert(root, key):
        if root is None:
            return TreeNode(key)
        if key < root.key:
            root.left = insert(root.left, key)
        else:
            root.right = insert(root.right, key)
        return root

    def inorder(root, out):
        if root:
            inorder(root.left, out)
            out.append(root.key)
            inorder(root.right, out)
        return out

    root = None
    for k in keys:
        root = insert(root, k)
    return inorder(root, [])


@program((3, 2), (0, 0))
def shape_polymorphism(a, b):
    class Shape:
        pass

    class Rect(Shape):
        def __init__(self, w, h):
            self.w, self.h = w, h

        def area(self):
            return self.w * self.h

    class Square(Rect):
        def __init__(self, s):
            super().__init__(s, s)

    shapes = [Rect(a, b), Square(a)]
    total = 0
    for s in shapes:
        total += s.area()
        if isinstance(s, Square):
            total += 100
    return total
