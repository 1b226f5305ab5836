"""Habits of classes: small data structures, environments, schedules."""

from collections import deque

import numpy as np

from tests.programs.row import f64, i64, program


class Trie:
    def __init__(self):
        self.root = {}

    def insert(self, word):
        node = self.root
        for ch in word:
            if ch not in node:
                node[ch] = {}
            node = node[ch]
        node["$"] = True

    def search(self, word):
        node = self.root
        for ch in word:
            if ch not in node:
                return False
            node = node[ch]
        return "$" in node


@program(("car cat dog", "cat"), ("car", "ca"), ("", "x"))
def trie(words, query):
    t = Trie()
    for w in words.split():
        t.insert(w)
    return t.search(query)


class UnionFind:
    def __init__(self, n):
        self.parent = np.arange(n)
        self.count = n

    def find(self, p):
        while p != self.parent[p]:
            self.parent[p] = self.parent[self.parent[p]]
            p = self.parent[p]
        return p

    def union(self, a, b):
        ra, rb = self.find(a), self.find(b)
        if ra == rb:
            return
        self.parent[ra] = rb
        self.count -= 1


@program((i64([0, 1], [2, 3], [1, 3]), 5), (np.zeros((0, 2), int), 2))
def union_find(pairs, n):
    uf = UnionFind(n)
    for a, b in pairs:
        uf.union(a, b)
    return uf.count, uf.parent, uf.find(0) == uf.find(2 if n > 2 else 1)


class Env:
    def __init__(self, n):
        self.n = n
        self.reset()

    def reset(self):
        self.pos = 0
        self.t = 0
        return self.pos

    def step(self, action):
        self.t += 1
        self.pos = max(0, min(self.n - 1, self.pos + (1 if action == 1 else -1)))
        done = self.pos == self.n - 1 or self.t >= 10
        reward = 1.0 if self.pos == self.n - 1 else -0.1
        return self.pos, reward, done, {"t": self.t}


@program((i64(1, 1, 0, 1, 1, 1), 3), (i64(0, 0), 2), (i64(1), 2))
def rollout(actions, n):
    env = Env(n)
    obs = env.reset()
    total, infos = 0, []
    for a in actions:
        obs, r, done, info = env.step(a)
        total += r
        infos.append(info["t"])
        if done:
            obs = env.reset()
    return obs, total, infos


@program((f64(0.3, 0.8, 0.1), 2), (f64(), 1))
def replay_buffer(xs, cap):
    buffer = deque(maxlen=cap)
    for i, x in enumerate(xs):
        buffer.append((i, x, {"p": x > 0.2}))
    batch = [b for b in buffer if b[2]["p"]]
    if not batch:
        return None
    idx, vals, _ = zip(*batch)
    return idx, sum(vals)


class Scheduler:
    def __init__(self, base, milestones, gamma=0.1):
        self.base, self.milestones, self.gamma = base, list(milestones), gamma
        self.last_epoch = -1
        self.lr = base

    def step(self):
        self.last_epoch += 1
        if self.last_epoch in self.milestones:
            self.lr *= self.gamma

    def state_dict(self):
        return {k: v for k, v in self.__dict__.items() if k != "milestones"}


@program((0.1, 5), (1.0, 0))
def scheduler(base, epochs):
    s = Scheduler(base, [1, 3])
    lrs = []
    for _ in range(epochs):
        s.step()
        lrs.append(s.lr)
    return lrs, s.last_epoch


@program((i64(3, 2, 1), 2), (i64(1, 2), 0))
def list_surgery(xs, k):
    a = list(xs)
    a.insert(1, 99)
    a.extend([7, 8])
    del a[0]
    a[1:2] = [5, 5]
    a.remove(99)
    b = a[::-1]
    while len(b) > k and b:
        b.pop(0)
    return a, b, a.index(5), a.count(5)


@program((i64(3, 1, 2),), (i64(7),))
def selection_sort_inplace(a):
    n = len(a)
    for i in range(n):
        j = np.argmin(a[i:]) + i
        a[[i, j]] = a[[j, i]]
    return a


@program(
    (f64(1, -2, 3),),
    (f64(-1),),
    (f64(0, 2),),
)
def sign_switch(x):
    out = np.empty(len(x), dtype="<U3")
    labels = []
    for i, v in enumerate(x):
        match np.sign(v):
            case 1:
                labels.append("pos")
            case -1:
                labels.append("neg")
            case _:
                labels.append("zer")
    out[:] = labels
    return out, labels


@program((3,), (1,))
def matrix_build(n):
    A = [[0] * n for _ in range(n)]
    for i in range(n):
        A[i][i] = 2
        if i > 0:
            A[i][i - 1] = A[i - 1][i] = -1
    return A, np.linalg.det(np.array(A, float)), [list(r) for r in zip(*A)]


@program((i64(1, 2, 3, 4, 5), 2), (i64(1), 1), (i64(1, 2), 5))
def double_pointer(a, target):
    lo, hi, pairs = 0, len(a) - 1, []
    while lo < hi:
        d = a[hi] - a[lo]
        if d == target:
            pairs.append((a[lo], a[hi]))
            lo, hi = lo + 1, hi - 1
        elif d > target:
            hi -= 1
        else:
            lo += 1
    return pairs


@program((20, 6), (5, 0))
def nested_functions_share(n, k):
    seen = {"calls": 0}
    cache = {}

    def choose(n, k):
        seen["calls"] += 1
        if k == 0 or k == n:
            return 1
        if (n, k) not in cache:
            cache[n, k] = choose(n - 1, k - 1) + choose(n - 1, k)
        return cache[n, k]

    return choose(n, k), seen, len(cache)


@program((f64(1, 2, 3), "mean"), (f64(1, 2, 3), "max"), (f64(1, 2, 3), "bad"))
def getattr_reduce(x, name):
    fn = getattr(x, name, None)
    if fn is None:
        return None
    return fn()


@program((100,), (7,), (11,))
def goldbach(n):
    def is_prime(m):
        i = 2
        while i * i <= m:
            if m % i == 0:
                return False
            i += 1
        return True

    for p in range(2, n // 2 + 1):
        if is_prime(p) and is_prime(n - p):
            return p, n - p
    return None


@program((f64(2, 1, 1), f64(1, 3, 2), f64(1, 0, 0)))
def cross_chain(a, b, c):
    def cross(u, v):
        return np.array([u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]])

    n = cross(a, b)
    return n, n @ c, np.linalg.norm(n) and n / np.linalg.norm(n)


class Bunch:
    def __init__(self, **given):
        self.__dict__.update(given)


@program((5,), (2,), stages="while_loop cond", forms=("converted", "traced"))
def attributes_by_their_dict_in_loops(count):
    first = Bunch(a=1)
    if count > 3:
        first.extra = count
    told = dict(first.__dict__), "extra" in first.__dict__, first.__dict__.get("extra"), sorted(vars(first))
    bunches = [Bunch(a=step) for step in range(count)]
    bunches[count - 1].__dict__["b"] = 4
    for bunch in bunches:
        bunch.__dict__["a"] += 1
        bunch.a += 1
    return told, [bunch.__dict__ for bunch in bunches], bunches[0].a, bunches[count - 1].b
