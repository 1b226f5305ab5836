"""What stands above the function of every random program: constants, classes, and functions that it may call."""

from __future__ import annotations

PRELUDE = '''\
import collections
import contextlib
import functools

import numpy as np

K = np.array([1.0, -2.0, 0.5])
G = 2


class Box:
    def __init__(self, v, w):
        self.v = v
        self.w = w

    def add(self, n):
        self.v = self.v + n
        return self.v

    @property
    def twice(self):
        return self.v * 2

    def __len__(self):
        return self.w.size

    def __call__(self, n):
        return self.v * n

    def __lt__(self, other):
        return self.v < other.v

    def __contains__(self, n):
        return self.v == n

    def __add__(self, other):
        return type(self)(self.v + (other.v if isinstance(other, Box) else other), self.w)


class Crate(Box):
    def add(self, n):
        if n > 1:
            return super().add(n) + 1
        self.w = self.w * 2
        return n


class Tree:
    def __init__(self, v, left=None, right=None):
        self.v, self.left, self.right = v, left, right

    def total(self):
        return self.v + sum(one.total() for one in (self.left, self.right) if one is not None)


class Oops(ValueError):
    pass


class Manager:
    def __init__(self, value):
        self.value = value

    def __enter__(self):
        print("enter", self.value)
        return self.value

    def __exit__(self, kind, error, trace):
        print("exit", kind is None)
        return kind is ValueError


def down(n, x):
    if n <= 0:
        return x
    return down(min(n, 4) - 1, x + n)


def change(x, n):
    x[...] = x * n
    return n


def pair(n, m):
    if n > m:
        return n, m
    return m, n + 1


def rest(n, *others):
    for other in others:
        if other > n:
            return other
    return n


def options(n=1, p=2, **others):
    if n > p:
        others['n'] = n
    return len(others) + p


def fussy(n):
    if n > 2:
        raise Oops(n)
    return n + 1


def careful(n):
    try:
        return fussy(n)
    except Oops as error:
        return error.args[0] * 2
    finally:
        print("done")


def extend(items, n, last=None):
    items.append(n)
    if last is not None:
        items += [last]
    return items


def remember(n, seen=[]):
    seen.append(n)
    return len(seen)


def doubled(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs) * 2

    return inner


@doubled
def shifted(n, by=1):
    return n + by


@functools.lru_cache(maxsize=None)
def cached(n):
    return n * 2 + 1


@contextlib.contextmanager
def held(items, n):
    items.append(n)
    try:
        yield n
    finally:
        items.pop()


def bump(n):
    global G
    G = G + n
    return G


def pairs(items):
    for item in items:
        yield item, item + 1


def counted(n):
    k = 0
    while k < min(n, 4):
        if k != 2:
            yield k
        k += 1
'''
# What an expression may call; the functions that a program has of its own are added.
HELPERS = {
    "number": ["change({x}, {small})", "pair({n}, {n})[0]", "down({n}, {n})", "fussy({n})", "careful({n})",
               "shifted({n})", "shifted({n}, by={n})", "cached({n})"],
    "array": ["down({n}, {x})"],
}
