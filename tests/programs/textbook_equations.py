"""Equations and linear systems, solved as textbooks do."""

import numpy as np

from tests.programs.row import f32, f64, program


@program((0.0, 2.0), (1, 2), (2.0, 3.0))
def bisection_or_error(a, b, tol=1e-6, max_iter=100):
    f = lambda x: x**3 - x - 2
    if f(a) * f(b) >= 0:
        print("Bisection method fails.")
        return None
    iteration = 0
    while (b - a) / 2.0 > tol and iteration < max_iter:
        c = (a + b) / 2.0
        if f(c) == 0:
            break
        elif f(a) * f(c) < 0:
            b = c
        else:
            a = c
        iteration += 1
    print(f"converged after {iteration} iterations: {c:.6f}")
    return c


@program(
    (1.0, 2.0), (np.float64(1), np.float64(3)), (np.float32(1.0), np.float32(1.5)), (1.0, 1.0), (float("nan"), 1.0)
)
def secant(x0, x1):
    def f(x):
        return x * x - 2

    for i in range(50):
        denom = f(x1) - f(x0)
        if abs(denom) < 1e-14:
            return x1, i
        x2 = x1 - f(x1) * (x1 - x0) / denom
        if abs(x2 - x1) < 1e-10:
            return x2, i
        x0, x1 = x1, x2
    raise RuntimeError("no convergence")


@program((f64(1, 0), 0.0, 1.0, 10), (f32(1, 0), 0.0, 1.0, 5), (f64(2.0, 1.0), 0, 2, 4))
def rk4_oscillator(y, t0, t1, n):
    def deriv(t, y):
        return np.array([y[1], -y[0] - 0.1 * y[1]])

    h = (t1 - t0) / n
    t = t0
    history = [y]
    for _ in range(n):
        k1 = deriv(t, y)
        k2 = deriv(t + h / 2, y + h / 2 * k1)
        k3 = deriv(t + h / 2, y + h / 2 * k2)
        k4 = deriv(t + h, y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        t += h
        history.append(y)
    return t, np.array(history)


@program((f64([2, 1, -1], [-3, -1, 2], [-2, 1, 2]), f64(8, -11, -3)), (f64([0, 1], [1, 0]), f64(3, 4)))
def gauss_elimination(A, b):
    n = len(b)
    A = A.copy().astype(float)
    b = b.copy().astype(float)
    for k in range(n - 1):
        p = k
        big = abs(A[k, k])
        for i in range(k + 1, n):
            if abs(A[i, k]) > big:
                big = abs(A[i, k])
                p = i
        if p != k:
            A[[k, p]] = A[[p, k]]
            b[k], b[p] = b[p], b[k]
        for i in range(k + 1, n):
            factor = A[i, k] / A[k, k]
            A[i, k:] -= factor * A[k, k:]
            b[i] -= factor * b[k]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        s = 0.0
        for j in range(i + 1, n):
            s += A[i][j] * x[j]
        x[i] = (b[i] - s) / A[i][i]
    return x


@program((f64([1, 2], [2, 4]),), (f64([4, 1], [2, 3]),), (f64([1, 2, 3], [0, 1, 4]),), (f64([0, 1], [2, 3]),))
def determinant_or_error(M):
    n, m = M.shape
    if n != m:
        raise ValueError("matrix must be square")
    A = M.copy()
    det = 1.0
    for i in range(n):
        if A[i, i] == 0:
            for r in range(i + 1, n):
                if A[r, i] != 0:
                    A[[i, r]] = A[[r, i]]
                    det = -det
                    break
            else:
                return 0.0
        det *= A[i, i]
        for r in range(i + 1, n):
            A[r] = A[r] - A[i] * (A[r, i] / A[i, i])
    return det


@program(
    (f64([10, -1, 2], [-1, 11, -1], [2, -1, 10]), f64(6, 22, -10)),
    (f64([4, 1], [1, 3]), f64(1, 2)),
    (f64([1, 2], [3, 1]), f64(1, 2)),
)
def jacobi(A, b, x0=None, tol=1e-8, maxiter=200):
    if x0 is None:
        x0 = np.zeros_like(b)
    D = np.diag(A)
    R = A - np.diagflat(D)
    x = x0
    for k in range(maxiter):
        x_new = (b - np.dot(R, x)) / D
        if np.linalg.norm(x_new - x, np.inf) < tol:
            return x_new, k + 1
        x = x_new
    return x, maxiter


@program((f64(1, 2, 3, 4),), (np.arange(8) + 0j,))
def fft_iterative(signal):
    n = len(signal)
    a = signal.astype(complex)
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j ^= bit
        if i < j:
            a[i], a[j] = a[j], a[i]
    length = 2
    while length <= n:
        w_len = np.exp(-2j * np.pi / length)
        for i in range(0, n, length):
            w = 1 + 0j
            for k in range(length // 2):
                u = a[i + k]
                v = a[i + k + length // 2] * w
                a[i + k] = u + v
                a[i + k + length // 2] = u - v
                w *= w_len
        length <<= 1
    return a


@program((0.0, 1.0), (0, 2))
def romberg(a, b, steps=5):
    def f(x):
        return np.exp(-(x**2))

    R = np.zeros((steps, steps))
    h = b - a
    R[0, 0] = 0.5 * h * (f(a) + f(b))
    for i in range(1, steps):
        h /= 2.0
        total = 0.0
        for k in range(1, 2**i, 2):
            total += f(a + k * h)
        R[i, 0] = 0.5 * R[i - 1, 0] + total * h
        power_of_4 = 1
        for j in range(1, i + 1):
            power_of_4 = 4 * power_of_4
            R[i, j] = R[i, j - 1] + (R[i, j - 1] - R[i - 1, j - 1]) / (power_of_4 - 1)
    return R[steps - 1, steps - 1], R


@program((f64(0, 1, 2, 3), f64(0, 1, 4, 9), 1.5), (f64(0, 1, 3), f64(1, 2, 0), 2.5), (f64(0, 1, 3), f64(1, 2, 0), 7))
def natural_cubic_spline(xs, ys, xq):
    n = len(xs) - 1
    h = [xs[i + 1] - xs[i] for i in range(n)]
    alpha = [0] * (n + 1)
    for i in range(1, n):
        alpha[i] = 3 / h[i] * (ys[i + 1] - ys[i]) - 3 / h[i - 1] * (ys[i] - ys[i - 1])
    l = [1.0] * (n + 1)
    mu = [0.0] * (n + 1)
    z = [0.0] * (n + 1)
    for i in range(1, n):
        l[i] = 2 * (xs[i + 1] - xs[i - 1]) - h[i - 1] * mu[i - 1]
        mu[i] = h[i] / l[i]
        z[i] = (alpha[i] - h[i - 1] * z[i - 1]) / l[i]
    c = [0.0] * (n + 1)
    b = [0.0] * n
    d = [0.0] * n
    for j in range(n - 1, -1, -1):
        c[j] = z[j] - mu[j] * c[j + 1]
        b[j] = (ys[j + 1] - ys[j]) / h[j] - h[j] * (c[j + 1] + 2 * c[j]) / 3
        d[j] = (c[j + 1] - c[j]) / (3 * h[j])
    for j in range(n):
        if xs[j] <= xq <= xs[j + 1]:
            dx = xq - xs[j]
            return ys[j] + b[j] * dx + c[j] * dx**2 + d[j] * dx**3
    return None
