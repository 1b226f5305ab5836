"""Puzzles of numbers, texts and tables."""

import numpy as np

from tests.programs.row import f64, i64, program


@program((48, 18), (7, 0), (0, 5), (2**70, 2**65))
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


@program((6,), (1,), (27,), (np.int64(7),))
def collatz_with_peak(n):
    steps = [n]
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps.append(n)
    return len(steps) - 1, max(steps)


@program((30,), (2,), (1,), (0,))
def sieve(n):
    if n < 2:
        return []
    is_prime = [True] * (n + 1)
    is_prime[0] = is_prime[1] = False
    p = 2
    while p * p <= n:
        if is_prime[p]:
            for multiple in range(p * p, n + 1, p):
                is_prime[multiple] = False
        p += 1
    return [i for i, flag in enumerate(is_prime) if flag]


@program(("MCMXCIV",), ("III",), ("",), ("XYZ",))
def from_roman(s):
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    total = 0
    prev = 0
    for ch in reversed(s):
        v = values[ch]
        if v < prev:
            total -= v
        else:
            total += v
        prev = v
    return total


@program((i64(4, 5, 3, 2, 0, 1, 5, 1, 1, 2, 8, 3, 0, 3, 6, 6),), (i64(7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3),))
def luhn(digits):
    checksum = 0
    parity = len(digits) % 2
    for i, d in enumerate(digits):
        if i % 2 == parity:
            d *= 2
            if d > 9:
                d -= 9
        checksum += d
    return checksum % 10 == 0


@program((12345,), (0,), (-7,))
def digit_sum_and_reverse(n):
    total, rev = 0, 0
    sign = -1 if n < 0 else 1
    n = abs(n)
    while n:
        n, d = divmod(n, 10)
        total += d
        rev = rev * 10 + d
    return total, sign * rev


@program((15,), (1,), (3,))
def fizzbuzz(n):
    out = []
    for i in range(1, n + 1):
        if i % 3 == 0 and i % 5 == 0:
            out.append("FizzBuzz")
        elif i % 3 == 0:
            out.append("Fizz")
        elif i % 5 == 0:
            out.append("Buzz")
        else:
            out.append(str(i))
    return " ".join(out)


@program((i64(60, 100, 120), i64(10, 20, 30), 50), (i64(5), i64(3), 2), ([10, 40, 30], [5, 4, 6], 10))
def knapsack(values, weights, W):
    n = len(values)
    K = np.zeros((n + 1, W + 1), dtype=int)
    for i in range(1, n + 1):
        for w in range(1, W + 1):
            if weights[i - 1] <= w:
                K[i, w] = max(values[i - 1] + K[i - 1, w - weights[i - 1]], K[i - 1, w])
            else:
                K[i, w] = K[i - 1, w]
    picked = []
    w = W
    for i in range(n, 0, -1):
        if K[i, w] != K[i - 1, w]:
            picked.append(i - 1)
            w -= weights[i - 1]
    return K[n, W], picked[::-1]


@program(([1, 2, 5], 11), ([2], 3), ([1], 0))
def coin_change(coins, amount):
    dp = [float("inf")] * (amount + 1)
    dp[0] = 0
    for coin in coins:
        for x in range(coin, amount + 1):
            dp[x] = min(dp[x], dp[x - coin] + 1)
    return dp[amount] if dp[amount] != float("inf") else -1


@program((i64(-2, 1, -3, 4, -1, 2, 1, -5, 4),), (i64(-3, -1),), (f64(1.5),))
def kadane(nums):
    best = cur = nums[0]
    start = end = s = 0
    for i in range(1, len(nums)):
        if nums[i] > cur + nums[i]:
            cur = nums[i]
            s = i
        else:
            cur += nums[i]
        if cur > best:
            best, start, end = cur, s, i
    return best, (start, end)


@program((i64(10, 9, 2, 5, 3, 7, 101, 18),), (i64(1),), (f64(3, 2, 1),), (i64(),))
def longest_increasing(nums):
    if len(nums) == 0:
        return 0
    dp = [1] * len(nums)
    for i in range(len(nums)):
        for j in range(i):
            if nums[i] > nums[j]:
                dp[i] = max(dp[i], dp[j] + 1)
    return max(dp)


@program(([5, 2, 9, 1],), ([],), ([1.5, 2, 0],))
def insertion_sort_list(arr):
    for i in range(1, len(arr)):
        key = arr[i]
        j = i - 1
        while j >= 0 and key < arr[j]:
            arr[j + 1] = arr[j]
            j -= 1
        arr[j + 1] = key
    return arr


@program((i64(3, 6, 8, 10, 1, 2, 1),), (f64(2, 1),))
def quicksort(arr):
    if len(arr) <= 1:
        return arr
    pivot = arr[len(arr) // 2]
    left = arr[arr < pivot]
    middle = arr[arr == pivot]
    right = arr[arr > pivot]
    return np.concatenate([quicksort(left), middle, quicksort(right)])


@program(([3, 1, 2],), ([5],), ([2, 2, 1, 0],))
def merge_sort(items):
    if len(items) <= 1:
        return items
    mid = len(items) // 2
    left = merge_sort(items[:mid])
    right = merge_sort(items[mid:])
    merged = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    merged += left[i:]
    merged += right[j:]
    return merged


@program((i64(1, 3, 5, 7), 5), (i64(1, 3, 5, 7), 4), (i64(), 1), (f64(1, 2), 2.0))
def binary_search_between(arr, target):
    left, right = 0, len(arr) - 1
    while left <= right:
        mid = (left + right) // 2
        if arr[mid] == target:
            return mid
        elif arr[mid] < target:
            left = mid + 1
        else:
            right = mid - 1
    return -1


@program((i64(2, 7, 11, 15), 9), (i64(3, 3), 6), (i64(1, 2), 9))
def two_sum(nums, target):
    seen = {}
    for i, num in enumerate(nums):
        complement = target - num
        if complement in seen:
            return [seen[complement], i]
        seen[num] = i
    return []


@program(("()[]{}",), ("(]",), ("",), ("((",))
def valid_parentheses(s):
    stack = []
    mapping = {")": "(", "}": "{", "]": "["}
    for char in s:
        if char in mapping:
            top = stack.pop() if stack else "#"
            if mapping[char] != top:
                return False
        else:
            stack.append(char)
    return not stack


@program(("racecar",), ("A man, a plan",), ("",))
def is_palindrome(s):
    s = "".join(c.lower() for c in s if c.isalnum())
    left, right = 0, len(s) - 1
    while left < right:
        if s[left] != s[right]:
            return False
        left += 1
        right -= 1
    return True


@program((10,), (0,), (1,), (90,))
def fib_matrix(n):
    def mult(a, b):
        return [
            [a[0][0] * b[0][0] + a[0][1] * b[1][0], a[0][0] * b[0][1] + a[0][1] * b[1][1]],
            [a[1][0] * b[0][0] + a[1][1] * b[1][0], a[1][0] * b[0][1] + a[1][1] * b[1][1]],
        ]

    result = [[1, 0], [0, 1]]
    base = [[1, 1], [1, 0]]
    while n > 0:
        if n & 1:
            result = mult(result, base)
        base = mult(base, base)
        n >>= 1
    return result[0][1]


@program((8,), (1,), (5,))
def memo_fib(n):
    memo = {}

    def fib(k):
        if k in memo:
            return memo[k]
        if k <= 2:
            f = 1
        else:
            f = fib(k - 1) + fib(k - 2)
        memo[k] = f
        return f

    return fib(n), memo
