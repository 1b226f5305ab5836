"""State machines, particles and automata."""

import math
from collections import deque, namedtuple

import numpy as np

from tests.programs.row import f64, i64, program


@program((f64(0.2, 0.6, 0.9), 2), (f64(0.5), 4))
def sir_model(betas, days):
    out = {}
    for beta in betas:
        S, I, Rr = 0.99, 0.01, 0.0
        peak, peak_day = I, 0
        for day in range(days):
            new = beta * S * I
            rec = 0.1 * I
            S, I, Rr = S - new, I + new - rec, Rr + rec
            if I > peak:
                peak, peak_day = I, day + 1
        out[round(float(beta), 2)] = (peak, peak_day)
    return out


@program((i64(3, -1, 2, 0),), (i64(),), (i64(1, 1, 1),), (i64(1, 2, -1),))
def stack_machine(code):
    stack, pc = [], 0
    while pc < len(code):
        op = code[pc]
        if op < 0:
            if len(stack) > 1:
                stack.append(stack.pop() + stack.pop())
        elif op == 0:
            break
        else:
            stack.append(int(op))
        pc += 1
    return stack, pc


class Account:
    fee = 1.0

    def __init__(self, owner, balance=0.0):
        self.owner = owner
        self._balance = balance
        self.log = []

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        if value < 0:
            raise ValueError("overdrawn")
        self._balance = value

    def withdraw(self, amount):
        try:
            self.balance = self.balance - amount - self.fee
        except ValueError as e:
            self.log.append(str(e))
            return False
        self.log.append(f"-{amount:.2f}")
        return True


@program((100.0, f64(10, 200, 30)), (0, f64(1)), (5.0, f64()))
def bank(balance, amounts):
    acc = Account("ann", balance)
    ok = 0
    for a in amounts:
        if acc.withdraw(a):
            ok += 1
    return acc.balance, ok, acc.log


class Vector2:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, o):
        return Vector2(self.x + o.x, self.y + o.y)

    def __sub__(self, o):
        return Vector2(self.x - o.x, self.y - o.y)

    def __mul__(self, k):
        return Vector2(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __eq__(self, o):
        return isinstance(o, Vector2) and self.x == o.x and self.y == o.y

    def norm(self):
        return math.hypot(self.x, self.y)

    def __repr__(self):
        return f"Vector2({self.x}, {self.y})"


@program((3.0, 4.0, 3), (0.0, 1.0, 0), (np.float64(1), np.float64(2), 2), (0.5, 0.0, 2))
def vector_pursuit(tx, ty, steps):
    me, target = Vector2(0.0, 0.0), Vector2(tx, ty)
    for i in range(steps):
        d = target - me
        dist = d.norm()
        if dist < 1.0:
            me = target
            break
        me = me + 0.5 * (d * (1 / dist))
    return me.x, me.y, me == target, str(me)


Point = namedtuple("Point", "x y")


@program((f64([0, 0], [1, 0], [1, 1]),), (f64([0, 0], [2, 0], [2, 2], [0, 2]),))
def polygon_named_tuples(coords):
    pts = [Point(*c) for c in coords]
    area = 0.0
    for i in range(len(pts)):
        p, q = pts[i], pts[(i + 1) % len(pts)]
        area += p.x * q.y - q.x * p.y
    return abs(area) / 2, pts[0]


@program((f64(0.9, 0.1, 0.5), 0.5), (f64(0.2), 0.1))
def metropolis(u, step):
    x = 0.0
    accepted = 0
    chain = []
    for k in range(len(u)):
        prop = x + step * (u[k] - 0.3)
        ratio = math.exp(-0.5 * (prop**2 - x**2))
        if ratio >= 1 or u[k] < ratio:
            x = prop
            accepted += 1
        chain.append(x)
    return chain, accepted / len(u)


@program((i64(0, 2, 1), 3), (i64(1), 2), (i64(0, 0, 0), 5))
def snake(moves, size):
    body = deque([(0, 0)])
    direction = (0, 1)
    alive = True
    turns = {0: (0, 1), 1: (1, 0), 2: (0, -1), 3: (-1, 0)}
    for m in moves:
        direction = turns[int(m)]
        r, c = body[0]
        head = ((r + direction[0]) % size, (c + direction[1]) % size)
        if head in body:
            alive = False
            break
        body.appendleft(head)
        if len(body) > 3:
            body.pop()
    return list(body), alive


@program((30, 4), (90, 5), (110, 3))
def elementary_automaton(rule, steps):
    width = 9
    cells = np.zeros((steps, width), dtype=int)
    cells[0, width // 2] = 1
    rule_bits = [(rule >> i) & 1 for i in range(8)]
    for t in range(1, steps):
        for i in range(width):
            left = cells[t - 1, i - 1] if i > 0 else 0
            centre = cells[t - 1, i]
            right = cells[t - 1, i + 1] if i < width - 1 else 0
            cells[t, i] = rule_bits[left * 4 + centre * 2 + right]
    return cells


@program((-0.5, 0.3, 20), (1.0, 1.0, 20), (0, 0, 5))
def mandelbrot_point(re, im, max_iter):
    c = complex(re, im)
    z = 0
    for n in range(max_iter):
        if abs(z) > 2:
            return n
        z = z * z + c
    return max_iter


@program((5, 4, 10), (2, 2, 3))
def mandelbrot_grid(w, h, max_iter):
    image = np.zeros((h, w), dtype=np.uint8)
    for row in range(h):
        for col in range(w):
            c = complex(-2 + 3 * col / w, -1 + 2 * row / h)
            z = 0j
            n = 0
            while abs(z) <= 2 and n < max_iter:
                z = z * z + c
                n += 1
            image[row, col] = 255 * n // max_iter
    return image
