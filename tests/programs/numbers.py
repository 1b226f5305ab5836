"""Programs on Python numbers alone; builtins on numbers and arrays."""

import math

import numpy as np

from tests.programs.row import f32, f64, i64, program, zero_d


@program((5,), (0,), (70,), stages="while_loop")
def factorial(n):
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result


@program((10,), (0,), (100,), stages="while_loop")
def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


@program((3, 13, 7), (2, 10**12, 10**9 + 7), (5, 0, 3), stages="while_loop cond")
def power_modulo(base, exponent, modulus):
    result = 1
    base %= modulus
    while exponent > 0:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


@program((97,), (91,), (2,), (1,), stages="while_loop")
def is_prime(n):
    if n < 2:
        return False
    k = 2
    while k * k <= n:
        if n % k == 0:
            return False
        k += 1
    return True


@program((1234,), (0,), (-5,), stages="while_loop")
def digit_sum(n):
    total = 0
    n = abs(n)
    while n:
        n, digit = divmod(n, 10)
        total += digit
    return total


@program((0b101101,), (0,), (2**100 - 1,), stages="while_loop")
def popcount(n):
    count = 0
    while n:
        n &= n - 1
        count += 1
    return count


@program((1.0,), (0,), (10,), stages="while_loop")
def exponential_series(x):
    total = term = 1.0
    n = 1
    while abs(term) > 1e-12:
        term = term * x / n
        total += term
        n += 1
    return total, n


@program((0.0, 3.0), (1, 2), stages="while_loop cond")
def bisection(low, high):
    for _ in range(40):
        middle = (low + high) / 2
        if middle * middle < 2:
            low = middle
        else:
            high = middle
    return low


@program((0.2, 0.3), (2.0, 2.0), (0, 0), stages="while_loop")
def mandelbrot_of_a_complex(re, im):
    c = complex(re, im)
    z = 0
    for n in range(50):
        if abs(z) > 2:
            return n
        z = z * z + c
    return -1


@program((3 + 4j,), (2.5,), (7,), (np.complex64(1 + 2j),))
def parts_of_a_number(z):
    return z.real, z.imag, z.conjugate()


@program((7, 3), (7.5, -2), (np.int64(7), 2))
def min_max_of_numbers(x, y):
    return min(x, y), max(x, y), max(x, 5, y), min(x, y, 4.0)


@program((f64(3, 1, 2),), (i64(5),))
def min_max_sum_of_an_array(x):
    return min(x), max(x), sum(x), sum(x, 10)


@program(((3, 1.5, True),), ((f64(1, 2), f64(3, 4)),), ([2],))
def sum_of_a_sequence(items):
    return sum(items), len(items)


@program(((3, 1.5, 2),), ([np.float32(2), 5],))
def min_max_of_a_sequence(items):
    return min(items), max(items)


@program((2.5,), (-3.14159,), (7,), (np.float32(2.71828),), (np.float64(3.5),))
def rounding(x):
    return round(x), round(x, 2), round(x, 0)


@program((f64(1.25, 2.5),), (zero_d(2.5),))
def rounding_of_arrays(x):
    return np.round(x), x.round(1), np.floor(x), np.ceil(x), np.trunc(x)


@program((7.5, 2), (-7, 3), (f64(7, -7), 2), (np.int8(7), np.int8(-2)))
def divmod_and_pow(x, y):
    q, r = divmod(x, y)
    return q, r, pow(x, 2)


@program((2.0,), (9,), (np.float32(4),), (zero_d(16),))
def math_functions(x):
    return math.sqrt(x), math.exp(-x), math.floor(x), math.pi * x


@program((2.0,), (-2.0,), (0,), stages="cond")
def math_guarded_by_a_branch(x):
    if x > 0:
        return math.log(x)
    return math.sin(x)


@program((-1.0,), (4.0,))
def math_domain_error(x):
    return math.sqrt(x)


@program((5, 3), (3, 5), (f32(5), 3), stages="cond")
def absolute_difference(x, y):
    d = x - y
    if d < 0:
        d = -d
    return d


@program((10, 3), (3, 10), (0, 0), (2.5, 2), (-7, 2), stages="cond")
def clamp(x, limit):
    if x > limit:
        x = limit
    elif x < -limit:
        x = -limit
    return x


@program((2000,), (1900,), (2024,), (2023,))
def leap_year(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@program((100, 5), (100, 0), stages="while_loop")
def compound_interest(money, years):
    rate = 0.05
    for year in range(years):
        money = money * (1 + rate)
        if money > 120:
            rate = 0.02
    return round(money, 2)


@program((1, 5, 6), (1, 2, 1), (1, 0, 1), (0, 2, 1), stages="cond")
def quadratic(a, b, c):
    if a == 0:
        return -c / b
    d = b * b - 4 * a * c
    if d < 0:
        return None
    if d == 0:
        return -b / (2 * a)
    root = d**0.5
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@program((10, 4), (5, 5), (4, 0), (3, 4), stages="while_loop")
def binomial(n, k):
    result = 1
    for i in range(k):
        result = result * (n - i) // (i + 1)
    return result


@program((255, 2), (255, 16), (0, 7), stages="while_loop")
def number_of_digits(n, base):
    digits = 1
    while n >= base:
        n //= base
        digits += 1
    return digits


@program((1, 2), (1.0, 2), (True, 2), (2**64, 2))
def equal_numbers_of_different_kinds(x, y):
    return x + y, x * y, x / y, x == 1


@program((12,), (0,), stages="while_loop")
def lcg_random_numbers(n):
    state = 12345
    total = 0.0
    for _ in range(n):
        state = (1103515245 * state + 12345) % 2**31
        total += state / 2**31
    return total, state


@program((3,), (0,), stages="while_loop")
def bools_as_state(n):
    odd = False
    for _ in range(n):
        odd = not odd
    return odd


@program((5, 2), (2, 5), (5, 5))
def bools_in_arithmetic(x, y):
    return (x > y) + (x == y) * 2, (x > y) - 1, sum((x > y, x == y, x < y))


@program((np.float32(0.3), 5), (0.3, 5), stages="while_loop")
def logistic_map(x, n):
    for _ in range(n):
        x = 3.9 * x * (1 - x)
    return x
