"""Roots, integrals, interpolation, polynomials, Fourier transforms, smoothing."""

import numpy as np

from tests.kernels.row import kernel, real


@kernel((real(4) + 1j * real(4, seed=1),), (real(16).astype(complex),))
def fft_radix_2(x):
    n = len(x)
    bits = int(np.log2(n))
    out = np.zeros(n, dtype=complex)
    for i in range(n):
        r = 0
        for b in range(bits):
            r |= ((i >> b) & 1) << (bits - 1 - b)
        out[r] = x[i]
    size = 2
    while size <= n:
        half = size // 2
        step = np.exp(-2j * np.pi / size)
        for start in range(0, n, size):
            w = 1 + 0j
            for k in range(half):
                even, odd = out[start + k], out[start + k + half] * w
                out[start + k] = even + odd
                out[start + k + half] = even - odd
                w *= step
        size *= 2
    return out


def fft(x):
    n = x.shape[0]
    if n == 1:
        return x
    even, odd = fft(x[::2]), fft(x[1::2])
    t = np.exp(-2j * np.pi * np.arange(n // 2) / n) * odd
    return np.concatenate([even + t, even - t])


@kernel((real(4),), (real(8),))
def fft_recursive(x):
    return fft(x)


@kernel((real(4),), (real(7),))
def dct_naive(x):
    N = len(x)
    X = np.zeros(N)
    for k in range(N):
        for n in range(N):
            X[k] += x[n] * np.cos(np.pi / N * (n + 0.5) * k)
        X[k] *= np.sqrt(1 / N) if k == 0 else np.sqrt(2 / N)
    return X


@kernel((2.0, 1e-6), (612.0, 1e-12), (-1.0, 1e-3))
def newton_square_root(a, tol):
    if a < 0:
        raise ValueError("negative")
    x = a
    for i in range(50):
        new = 0.5 * (x + a / x)
        if abs(new - x) < tol * abs(new):
            return new, i
        x = new
    return x, 50


@kernel((np.array([1.0, 1.0]), 5), (np.array([3.0, -2.0]), 12))
def newton_system(x, max_iter):
    def F(v):
        return np.array([v[0] ** 2 + v[1] ** 2 - 4, np.exp(v[0]) + v[1] - 1])

    J = np.empty((2, 2))
    for it in range(max_iter):
        fx = F(x)
        if np.linalg.norm(fx) < 1e-10:
            break
        for j in range(2):
            h = np.zeros(2)
            h[j] = 1e-6
            J[:, j] = (F(x + h) - fx) / 1e-6
        x -= np.linalg.solve(J, fx)
    return x, it


def cubic(x):
    return x**3 - x - 2


@kernel((1.0, 2.0, 1e-3), (0.0, 5.0, 1e-9), (2.0, 3.0, 1e-3))
def bisection(a, b, tol):
    fa = cubic(a)
    if fa * cubic(b) > 0:
        return None
    while b - a > tol:
        m = (a + b) / 2
        fm = cubic(m)
        if fm == 0:
            return m
        if np.sign(fm) == np.sign(fa):
            a, fa = m, fm
        else:
            b = m
    return (a + b) / 2


@kernel((0.0, 3.0, 1e-2), (-1.0, 4.0, 1e-6))
def golden_section(a, b, tol):
    f = lambda x: (x - 2) ** 2 + np.cos(x)
    g = (np.sqrt(5) - 1) / 2
    c, d = b - g * (b - a), a + g * (b - a)
    fc, fd = f(c), f(d)
    while abs(b - a) > tol:
        if fc < fd:
            b, d, fd = d, c, fc
            c = b - g * (b - a)
            fc = f(c)
        else:
            a, c, fc = c, d, fd
            d = a + g * (b - a)
            fd = f(d)
    return (a + b) / 2


@kernel((0.0, 1.0, 4), (-1.0, 2.0, 10))
def trapezoid_and_simpson(a, b, n):
    h = (b - a) / n
    trap = 0.5 * (np.exp(a) + np.exp(b))
    simpson = np.exp(a) + np.exp(b)
    for i in range(1, n):
        y = np.exp(a + i * h)
        trap += y
        simpson += 4 * y if i % 2 else 2 * y
    return trap * h, simpson * h / 3


@kernel((3,), (5,))
def romberg(levels):
    R = np.zeros((levels, levels))
    h = np.pi
    R[0, 0] = h / 2 * (np.sin(0.0) + np.sin(np.pi))
    for i in range(1, levels):
        h /= 2
        R[i, 0] = 0.5 * R[i - 1, 0] + h * sum(np.sin((2 * k - 1) * h) for k in range(1, 2 ** (i - 1) + 1))
        for j in range(1, i + 1):
            R[i, j] = R[i, j - 1] + (R[i, j - 1] - R[i - 1, j - 1]) / (4**j - 1)
    return R[-1, -1], R


@kernel((real(3), 2.0), (real(6), real(4, seed=1)))
def horner_with_derivative(coefficients, x):
    p, dp = 0.0, 0.0
    for c in coefficients:
        dp = dp * x + p
        p = p * x + c
    return p, dp


@kernel((np.arange(3.0), real(3), 1.5), (np.arange(5.0), real(5), 2.25))
def lagrange(xs, ys, x):
    total = 0.0
    for i in range(len(xs)):
        term = ys[i]
        for j in range(len(xs)):
            if i == j:
                continue
            term *= (x - xs[j]) / (xs[i] - xs[j])
        total += term
    return total


@kernel((np.arange(4.0), real(4), np.array([-1.0, 0.5, 3.0])), (np.cumsum(np.abs(real(7))), real(7), np.arange(6.0)))
def linear_interpolation(xp, fp, x):
    out = np.zeros_like(x)
    for i, v in enumerate(x):
        if v <= xp[0]:
            out[i] = fp[0]
        elif v >= xp[-1]:
            out[i] = fp[-1]
        else:
            k = 0
            while xp[k + 1] < v:
                k += 1
            t = (v - xp[k]) / (xp[k + 1] - xp[k])
            out[i] = (1 - t) * fp[k] + t * fp[k + 1]
    return out


@kernel((np.arange(4.0), real(4)), (np.arange(8.0) ** 1.5, real(8)))
def natural_spline(x, y):
    n = len(x) - 1
    h = np.diff(x)
    alpha = [0.0] * n
    for i in range(1, n):
        alpha[i] = 3 * (y[i + 1] - y[i]) / h[i] - 3 * (y[i] - y[i - 1]) / h[i - 1]
    l, mu, z = np.ones(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    for i in range(1, n):
        l[i] = 2 * (x[i + 1] - x[i - 1]) - h[i - 1] * mu[i - 1]
        mu[i] = h[i] / l[i]
        z[i] = (alpha[i] - h[i - 1] * z[i - 1]) / l[i]
    b, c, d = np.zeros(n), np.zeros(n + 1), np.zeros(n)
    for j in range(n - 1, -1, -1):
        c[j] = z[j] - mu[j] * c[j + 1]
        b[j] = (y[j + 1] - y[j]) / h[j] - h[j] * (c[j + 1] + 2 * c[j]) / 3
        d[j] = (c[j + 1] - c[j]) / (3 * h[j])
    return b, c[:-1], d


@kernel((real(5), 2), (real(12), 4))
def moving_average(x, w):
    out = np.empty(len(x) - w + 1)
    total = x[:w].sum()
    out[0] = total / w
    for i in range(w, len(x)):
        total += x[i] - x[i - w]
        out[i - w + 1] = total / w
    return out


@kernel((np.abs(real(6)), 0.5, 0.3), (np.abs(real(14)), 0.2, 0.1))
def holt_smoothing(y, alpha, beta):
    level, trend = y[0], y[1] - y[0]
    fitted = [level]
    for t in range(1, len(y)):
        last = level
        level = alpha * y[t] + (1 - alpha) * (level + trend)
        trend = beta * (level - last) + (1 - beta) * trend
        fitted.append(level + trend)
    sse = 0
    for a, b in zip(y, fitted):
        sse += (a - b) ** 2
    return np.asarray(fitted), sse


@kernel((real(3), real(2)), (real(5), real(6)))
def multiply_polynomials(p, q):
    out = np.zeros(len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            out[i + j] += a * b
    return out


@kernel((real(4), np.ones(2), np.array([1.0, 0.5])), (real(10), real(3), np.array([2.0, 0.3, 0.1])))
def iir_filter(x, b, a):
    y = np.zeros_like(x)
    for n in range(len(x)):
        for k in range(len(b)):
            if n - k >= 0:
                y[n] += b[k] * x[n - k]
        for k in range(1, len(a)):
            if n - k >= 0:
                y[n] -= a[k] * y[n - k]
        y[n] /= a[0]
    return y


@kernel((real(5),), (real(20),))
def welford_and_kahan(data):
    n, mean, m2 = 0, 0.0, 0.0
    s = c = 0.0
    for x in data:
        n += 1
        delta = x - mean
        mean += delta / n
        m2 += delta * (x - mean)
        y = x - c
        t = s + y
        c = (t - s) - y
        s = t
    return mean, m2 / (n - 1) if n > 1 else np.nan, s


@kernel((real(2), 6), (real(4), 15))
def gradient_descent_line_search(x, iterations):
    target = np.arange(len(x))
    cost = lambda v: np.sum((v - target) ** 4 + v**2)
    for it in range(iterations):
        g = 4 * (x - target) ** 3 + 2 * x
        step = 1.0
        while cost(x - step * g) > cost(x) - 0.5 * step * (g @ g):
            step *= 0.5
            if step < 1e-10:
                return x, it
        x = x - step * g
    return x, iterations
