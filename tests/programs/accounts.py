"""Money, statistics and errors that are handled."""

import functools
import math
import operator

import numpy as np

from tests.programs.row import f64, i64, program

T = ("converted", "traced")


@program((1000.0, 0.05, 3), (500, 0.0, 2), (100.0, 0.1, 1))
def loan_schedule(principal, rate, years):
    n = years * 12
    r = rate / 12
    payment = principal / n if r == 0 else principal * r / (1 - (1 + r) ** -n)
    balance = principal
    rows = []
    month = 0
    while balance > 0.005:
        month += 1
        interest = balance * r
        capital = min(payment - interest, balance)
        balance -= capital
        rows.append((month, round(interest, 2), round(capital, 2), round(balance, 2)))
        if month > 600:
            break
    total = sum(row[1] for row in rows)
    return payment, len(rows), total, rows[-1]


@program(
    (100.0, 100.0, 1.0, 0.05, 0.2, "call"), (90.0, 100.0, 0.5, 0.01, 0.3, "put"), (1.0, 1.0, 1.0, 0.0, 0.1, "other")
)
def black_scholes(S, K, T, r, sigma, kind="call"):
    def N(x):
        return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))

    d1 = (math.log(S / K) + (r + sigma**2 / 2) * T) / (sigma * math.sqrt(T))
    d2 = d1 - sigma * math.sqrt(T)
    if kind == "call":
        return S * N(d1) - K * math.exp(-r * T) * N(d2)
    elif kind == "put":
        return K * math.exp(-r * T) * N(-d2) - S * N(-d1)
    else:
        raise ValueError("kind must be 'call' or 'put'")


@program((100.0, 95.0, 3, True), (100.0, 110.0, 4, False), (100, 100, 1, True))
def binomial_option(S, K, N, american):
    r, sigma, T = 0.05, 0.3, 1.0
    dt = T / N
    u = np.exp(sigma * np.sqrt(dt))
    d = 1 / u
    p = (np.exp(r * dt) - d) / (u - d)
    disc = np.exp(-r * dt)
    values = [max(0, K - S * u**j * d ** (N - j)) for j in range(N + 1)]
    for i in range(N - 1, -1, -1):
        for j in range(i + 1):
            cont = disc * (p * values[j + 1] + (1 - p) * values[j])
            if american:
                values[j] = max(cont, K - S * u**j * d ** (i - j))
            else:
                values[j] = cont
    return values[0]


@program((f64(-100, 50, 60), 0.1), (f64(-100, 10), 0.1), (f64(100, 10), 0.1))
def irr(flows, guess):
    if not (any(f < 0 for f in flows) and any(f > 0 for f in flows)):
        return None
    rate = guess
    for _ in range(50):
        npv = 0.0
        d = 0.0
        for t, cf in enumerate(flows):
            npv += cf / (1 + rate) ** t
            d -= t * cf / (1 + rate) ** (t + 1)
        if abs(npv) < 1e-9:
            break
        rate -= npv / d
    return rate


@program((f64(100, 110, 99, 120, 80),), (f64(5),), (f64(1, 2, 3),))
def max_drawdown(prices):
    peak = prices[0]
    worst = 0
    for p in prices:
        if p > peak:
            peak = p
        dd = (peak - p) / peak
        worst = max(worst, dd)
    return worst


@program((f64(1, 2, 3, 2, 1, 2, 4), 2, 3), (f64(3, 2, 1), 1, 2))
def moving_average_strategy(prices, fast, slow):
    position = 0
    cash = 100.0
    shares = 0.0
    trades = []
    for t in range(slow, len(prices) + 1):
        f = prices[t - fast : t].mean()
        s = prices[t - slow : t].mean()
        price = prices[t - 1]
        if f > s and position == 0:
            shares = cash / price
            cash = 0.0
            position = 1
            trades.append(("buy", t - 1, price))
        elif f < s and position == 1:
            cash = shares * price
            shares = 0.0
            position = 0
            trades.append(("sell", t - 1, price))
    return cash + shares * prices[-1], trades


@program((50000,), (9000.0,), (250000,), (0,))
def tax(income):
    brackets = [(10000, 0.1), (40000, 0.2), (100000, 0.3), (float("inf"), 0.4)]
    owed = 0
    lower = 0
    for upper, rate in brackets:
        if income > upper:
            owed += (upper - lower) * rate
            lower = upper
        else:
            owed += (income - lower) * rate
            break
    return round(owed, 2)


@program((f64(1, 2, 3, 4, 100),), (f64(5),), (i64(1, 1, 2),))
def describe(data):
    n = len(data)
    mean = sum(data) / n
    var = sum((x - mean) ** 2 for x in data) / (n - 1) if n > 1 else 0.0
    s = sorted(data)
    mid = n // 2
    median = s[mid] if n % 2 else (s[mid - 1] + s[mid]) / 2
    return {"n": n, "mean": mean, "std": var**0.5, "median": median, "range": (s[0], s[-1])}


@program((f64(3, 1, 2, 2), f64(1, 2, 3, 4)), (f64(1, 2), f64(2, 1)))
def spearman(x, y):
    def rank(v):
        order = sorted(range(len(v)), key=lambda i: v[i])
        ranks = [0.0] * len(v)
        i = 0
        while i < len(order):
            j = i
            while j + 1 < len(order) and v[order[j + 1]] == v[order[i]]:
                j += 1
            for k in range(i, j + 1):
                ranks[order[k]] = (i + j) / 2 + 1
            i = j + 1
        return ranks

    rx, ry = rank(x), rank(y)
    d2 = sum((a - b) ** 2 for a, b in zip(rx, ry))
    n = len(x)
    return 1 - 6 * d2 / (n * (n * n - 1))


@program((f64(0.1, 0.5, 0.9, 0.35), 4), (f64(0.5), 2), (f64(), 2), (f64(1.0), 2))
def histogram(data, bins):
    counts = [0] * bins
    for x in data:
        idx = int(x * bins)
        if idx == bins:
            idx -= 1
        counts[idx] += 1
    for c in counts:
        print("#" * c)
    return counts


@program((f64(1, 2, 3),), (f64(),))
def welford(xs):
    count, mean, M2 = 0, 0.0, 0.0
    for x in xs:
        count += 1
        delta = x - mean
        mean += delta / count
        M2 += delta * (x - mean)
    if count < 2:
        return float("nan")
    else:
        return mean, M2 / count, M2 / (count - 1)


@program((2.0, 3), (0.5, 0), (np.float64(1.5), 2))
def function_composition(x, n):
    def compose(*fs):
        def run(v):
            for f in fs:
                v = f(v)
            return v

        return run

    double = lambda v: v * 2
    inc = lambda v: v + 1
    pipeline = compose(double, inc, math.sqrt)
    for _ in range(n):
        x = pipeline(x)
    return x


@program((f64(1, 2, 3, 4),), (f64(1, 3),))
def map_filter_reduce(x):
    evens = list(filter(lambda v: v % 2 == 0, x))
    squares = list(map(lambda v: v**2, x))
    product = functools.reduce(lambda a, b: a * b, squares, 1)
    total = functools.reduce(operator.add, evens, 0)
    return evens, squares, product, total


@program((f64(1, 2, 3), 1.5), (f64(3, 4), 10))
def partition_by_predicate(xs, limit):
    def partition(pred, items):
        yes, no = [], []
        for item in items:
            (yes if pred(item) else no).append(item)
        return yes, no

    return partition(lambda v: v > limit, xs)


@program((5,), (0,))
def make_counter(n):
    def counter(start=0):
        count = start

        def increment(by=1):
            nonlocal count
            count += by
            return count

        def get():
            return count

        return increment, get

    inc, get = counter(10)
    for i in range(n):
        if i % 2:
            inc(i)
        else:
            inc()
    return get()


@program((f64(1, 2, 3), f64(1, 0, 2)), (f64(1), f64(1)))
def safe_divide(a, b):
    out = []
    errors = 0
    for x, y in zip(a.tolist(), b.tolist()):
        try:
            q = x / y
        except ZeroDivisionError:
            errors += 1
            out.append(None)
            continue
        else:
            out.append(q)
        finally:
            errors += 0
    return out, errors
