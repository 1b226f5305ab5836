"""Integer and bit loops: checksums, number theory, random numbers by hand, sets in arrays."""

import numpy as np

from tests.kernels.row import codes, kernel, whole


@kernel((codes("ab"),), (codes("123456789"),))
def crc32_bitwise(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= int(byte)
        for _ in range(8):
            if crc & 1:
                crc = (crc >> 1) ^ 0xEDB88320
            else:
                crc >>= 1
    return crc ^ 0xFFFFFFFF


def make_table(poly):
    table = np.zeros(256, dtype=np.uint16)
    for i in range(256):
        r = i << 8
        for _ in range(8):
            r = (r << 1) ^ poly if r & 0x8000 else r << 1
        table[i] = r & 0xFFFF
    return table


@kernel((codes("ab"),), (codes("123456789"),))
def crc16_by_table(data):
    table = make_table(0x1021)
    crc = np.uint16(0xFFFF)
    for b in data:
        crc = np.uint16((int(crc) << 8) & 0xFFFF) ^ table[(crc >> 8) ^ b]
    return crc


@kernel((codes("abc"),), (codes("Wikipedia"),))
def adler32(data):
    a, b = 1, 0
    for x in data:
        a = (a + x) % 65521
        b = (b + a) % 65521
    return (int(b) << 16) | int(a)


@kernel((codes("abc"),), (codes("hello world"),))
def fnv1a(data):
    h = np.uint32(2166136261)
    with np.errstate(over="ignore"):
        for c in data:
            h = h ^ np.uint32(c)
            h = h * np.uint32(16777619)
    return h


@kernel((whole(3, below=2**30),), (whole(8, below=2**30, dtype=np.uint32),))
def popcounts(x):
    out = np.zeros(x.shape, dtype=np.uint8)
    for i in range(x.size):
        v = x[i]
        while v:
            v &= v - 1
            out[i] += 1
    return out


@kernel((np.uint32(0x12345678),), (np.uint32(0xDEADBEEF),), (12345,))
def reverse_bits_and_gray(v):
    r = 0
    for i in range(32):
        r = (r << 1) | (int(v) >> i & 1)
    gray = v ^ (v >> 1)
    return r, gray


@kernel((10,), (40,))
def sieve(n):
    prime = np.ones(n + 1, dtype=bool)
    prime[:2] = False
    i = 2
    while i * i <= n:
        if prime[i]:
            prime[i * i :: i] = False
        i += 1
    return np.flatnonzero(prime)


@kernel((48, 18), (270, 192), (np.int32(17), np.int32(5)))
def gcd_lcm(a, b):
    x, y = a, b
    while y:
        x, y = y, x % y
    return x, a * b // x


@kernel((240, 46), (3, 11), (-7, 3))
def extended_gcd(a, b):
    old_r, r = a, b
    old_s, s = 1, 0
    old_t, t = 0, 1
    while r != 0:
        q = old_r // r
        old_r, r = r, old_r - q * r
        old_s, s = s, old_s - q * s
        old_t, t = t, old_t - q * t
    if old_r < 0:
        old_r, old_s, old_t = -old_r, -old_s, -old_t
    return old_r, old_s, old_t


@kernel((5,), (12,))
def collatz_lengths(n):
    lengths = np.zeros(n, dtype=np.int64)
    for start in range(1, n + 1):
        k, steps = start, 0
        while k != 1:
            k = k // 2 if k % 2 == 0 else 3 * k + 1
            steps += 1
            if k < start:
                steps += lengths[k - 1]
                break
        lengths[start - 1] = steps
    return lengths, lengths.argmax() + 1


@kernel((42, 6), (7, 30))
def lcg_random_walk(seed, steps):
    state = seed
    pos = np.zeros((steps + 1, 2), dtype=int)
    for k in range(steps):
        state = (1103515245 * state + 12345) % 2**31
        d = (state >> 16) & 3
        if d == 0:
            step = (1, 0)
        elif d == 1:
            step = (-1, 0)
        elif d == 2:
            step = (0, 1)
        else:
            step = (0, -1)
        pos[k + 1] = pos[k] + step
    return pos


def xorshift(state):
    state[0] ^= state[0] << np.uint64(13)
    state[0] ^= state[0] >> np.uint64(7)
    state[0] ^= state[0] << np.uint64(17)


@kernel((np.array([88172645463325252], np.uint64), 4), (np.array([1], np.uint64), 12))
def monte_carlo_pi(state, n):
    inside = 0
    for _ in range(n):
        xorshift(state)
        x = (state[0] >> np.uint64(11)) / 2.0**53
        xorshift(state)
        y = (state[0] >> np.uint64(11)) / 2.0**53
        if x * x + y * y < 1.0:
            inside += 1
    return 4.0 * inside / n


@kernel((5,), (9,))
def fisher_yates(n):
    deck = np.arange(n)
    seed = 12345
    for i in range(n - 1, 0, -1):
        seed = (seed * 16807) % 2147483647
        j = seed % (i + 1)
        deck[i], deck[j] = deck[j], deck[i]
    return deck


@kernel((3, 13, 7), (2, 100, 1000000007))
def power_mod(base, exponent, modulus):
    result = 1
    base %= modulus
    while exponent > 0:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


@kernel((codes("aab"),), (codes("wwwwbbbwwc"),))
def run_length_encode(data):
    values = np.empty(data.size, data.dtype)
    counts = np.empty(data.size, np.intp)
    n = 0
    i = 0
    while i < len(data):
        j = i
        while j < len(data) and data[j] == data[i]:
            j += 1
        values[n] = data[i]
        counts[n] = j - i
        n += 1
        i = j
    return values[:n], counts[:n]


@kernel((np.array([1, 2, 3]), np.array([2, 1, 2])), (whole(5), whole(5, below=4, seed=1)))
def run_length_decode(values, counts):
    out = np.zeros(counts.sum(), dtype=values.dtype)
    k = 0
    for v, c in zip(values, counts):
        out[k : k + c] = v
        k += c
    return out


def find(parent, i):
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@kernel((4, np.array([[0, 1], [2, 3]])), (9, whole(6, 2, below=9)))
def union_find(n, edges):
    parent = np.arange(n)
    size = np.ones(n, dtype=int)
    components = n
    for a, b in edges:
        ra, rb = find(parent, a), find(parent, b)
        if ra == rb:
            continue
        if size[ra] < size[rb]:
            ra, rb = rb, ra
        parent[rb] = ra
        size[ra] += size[rb]
        components -= 1
    return components, np.array([find(parent, i) for i in range(n)])


@kernel((12,), (97,), (360,))
def prime_factors(n):
    factors = []
    d = 2
    while d * d <= n:
        while n % d == 0:
            factors.append(d)
            n //= d
        d += 1 if d == 2 else 2
    if n > 1:
        factors.append(n)
    return factors


@kernel((3,), (4,))
def pascal_triangle(n):
    c = np.zeros((n + 1, n + 1), dtype=object)
    for i in range(n + 1):
        c[i, 0] = c[i, i] = 1
        for j in range(1, i):
            c[i, j] = c[i - 1, j - 1] + c[i - 1, j]
    return c
