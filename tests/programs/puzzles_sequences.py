"""Puzzles of sequences, stacks and codes."""

from collections import defaultdict, deque

import numpy as np

from tests.programs.row import f64, grid, i64, program


@program((3,), (1,), (0,))
def hanoi(n):
    moves = []

    def move(n, source, target, spare):
        if n == 0:
            return
        move(n - 1, source, spare, target)
        moves.append((source, target))
        move(n - 1, spare, target, source)

    move(n, "A", "C", "B")
    return moves


@program((5,), (1,), (0,))
def pascal(n):
    rows = []
    for i in range(n):
        row = [1]
        if rows:
            last = rows[-1]
            row.extend(last[j] + last[j + 1] for j in range(len(last) - 1))
            row.append(1)
        rows.append(row)
    return rows


@program((100,), (1,), (28,))
def perfect_number(n):
    divisors = []
    i = 1
    while i * i <= n:
        if n % i == 0:
            divisors.append(i)
            if i != n // i and n // i != n:
                divisors.append(n // i)
        i += 1
    s = sum(d for d in divisors if d != n)
    return "perfect" if s == n else "abundant" if s > n else "deficient", sorted(divisors)


@program((84,), (97,), (1,))
def prime_factors(n):
    factors = {}
    d = 2
    while d * d <= n:
        while n % d == 0:
            factors[d] = factors.get(d, 0) + 1
            n //= d
        d += 1
    if n > 1:
        factors[n] = factors.get(n, 0) + 1
    return factors


@program((10, 2), (255, 16), (0, 2))
def to_base(n, base):
    digits = "0123456789ABCDEF"
    if n == 0:
        return "0"
    out = ""
    while n:
        n, r = divmod(n, base)
        out = digits[r] + out
    return out


@program(("Hello, World!", 3), ("xyz", -3), ("", 5))
def caesar(text, shift):
    result = ""
    for c in text:
        if c.isupper():
            result += chr((ord(c) - 65 + shift) % 26 + 65)
        elif c.islower():
            result += chr((ord(c) - 97 + shift) % 26 + 97)
        else:
            result += c
    return result


@program(("the quick the lazy the dog",), ("",), ("a b",))
def word_count(text):
    counts = {}
    for word in text.split():
        if word not in counts:
            counts[word] = 0
        counts[word] += 1
    return sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))


@program(("aaabbc",), ("",), ("x",))
def run_length(s):
    if not s:
        return ""
    out = []
    prev = s[0]
    n = 1
    for ch in s[1:]:
        if ch == prev:
            n += 1
        else:
            out.append(prev + str(n))
            prev = ch
            n = 1
    out.append(prev + str(n))
    return "".join(out)


@program((i64(1, 2, 2, 3, 3, 3),), (i64(5),), (f64(1.5, 2.5),))
def mode_of(values):
    freq = defaultdict(int)
    for v in values:
        freq[v] += 1
    best = None
    for v, c in freq.items():
        if best is None or c > freq[best]:
            best = v
    return best, freq[best]


@program((i64(1, 2, 3, 4), 2), (i64(1, 2, 3, 4), 6), (i64(9), 0))
def rotate_in_place(nums, k):
    def reverse(i, j):
        while i < j:
            nums[i], nums[j] = nums[j], nums[i]
            i += 1
            j -= 1

    n = len(nums)
    k %= n
    reverse(0, n - 1)
    reverse(0, k - 1)
    reverse(k, n - 1)


@program((grid(3, 3, np.int64),), (grid(2, 3, np.int64),), (grid(1, 1),))
def spiral(matrix):
    res = []
    top, bottom, left, right = 0, matrix.shape[0] - 1, 0, matrix.shape[1] - 1
    while top <= bottom and left <= right:
        for j in range(left, right + 1):
            res.append(matrix[top, j])
        top += 1
        for i in range(top, bottom + 1):
            res.append(matrix[i, right])
        right -= 1
        if top <= bottom:
            for j in range(right, left - 1, -1):
                res.append(matrix[bottom, j])
            bottom -= 1
        if left <= right:
            for i in range(bottom, top - 1, -1):
                res.append(matrix[i, left])
            left += 1
    return res


@program((i64(1, 2, 3), i64(2, 3, 4)), (i64(), i64(1)), (f64(1, 2), i64(2)))
def set_operations(a, b):
    common = []
    for x in a:
        if x in b and x not in common:
            common.append(x)
    union = list(a)
    for y in b:
        if y not in union:
            union.append(y)
    return common, union


@program((i64(3, 1, 4, 1, 5), 2), (i64(9, 8), 5), (i64(9, 8, 7), 2))
def sliding_window_max(nums, k):
    q = deque()
    out = []
    for i, n in enumerate(nums):
        while q and nums[q[-1]] <= n:
            q.pop()
        q.append(i)
        if q[0] == i - k:
            q.popleft()
        if i >= k - 1:
            out.append(nums[q[0]])
    return out


@program(("3 4 + 2 *",), ("5 1 2 + 4 * + 3 -",), ("1 +",), ("2 x",), ("8 2 /",))
def rpn(expression):
    stack = []
    for token in expression.split():
        if token in "+-*/":
            b = stack.pop()
            a = stack.pop()
            if token == "+":
                stack.append(a + b)
            elif token == "-":
                stack.append(a - b)
            elif token == "*":
                stack.append(a * b)
            else:
                stack.append(a / b)
        else:
            stack.append(float(token))
    return stack.pop()


@program((i64(1, 1, 0, 1, 1, 1),), (i64(0),), (i64(),))
def longest_run_of_ones(bits):
    best = run = 0
    for b in bits:
        if b:
            run += 1
            best = run if run > best else best
        else:
            run = 0
    return best


@program((17, 5, 13), (2, 0, 7), (3, 100, 7))
def modpow(base, exp, mod):
    result = 1
    base %= mod
    while exp:
        if exp % 2:
            result = (result * base) % mod
        exp >>= 1
        base = base * base % mod
    assert result == pow(base, 0, mod) * result % mod
    return result


@program((b"hello",), (b"",))
def adler32(data):
    a, b = 1, 0
    for byte in data:
        a = (a + byte) % 65521
        b = (b + a) % 65521
    return (b << 16) | a


@program((np.frombuffer(b"hello", np.uint8).copy(),), (np.zeros(0, np.uint8),))
def crc8(data):
    crc = 0
    for byte in data:
        crc ^= int(byte)
        for _ in range(8):
            if crc & 0x80:
                crc = ((crc << 1) ^ 0x07) & 0xFF
            else:
                crc = (crc << 1) & 0xFF
    return hex(crc)


@program((4, 7), (3, 1), (1, 1))
def josephus(n, k):
    people = list(range(1, n + 1))
    order = []
    idx = 0
    while len(people) > 1:
        idx = (idx + k - 1) % len(people)
        order.append(people.pop(idx))
    return people[0], order
