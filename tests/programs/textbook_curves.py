"""Factorisations, interpolation and minimisation, as textbooks print them."""

import math

import numpy as np

from tests.programs.row import f32, f64, program


@program((f64([4, 12, -16], [12, 37, -43], [-16, -43, 98]),), (f64([1, 2], [2, 1]),))
def cholesky(A):
    n = A.shape[0]
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            temp = A[i, j]
            for k in range(j):
                temp -= L[i, k] * L[j, k]
            if i == j:
                if temp <= 0:
                    raise np.linalg.LinAlgError("not positive definite")
                L[i, j] = math.sqrt(temp)
            else:
                L[i, j] = temp / L[j, j]
    return L


@program((f64([12, -51], [6, 167], [-4, 24]),), (f64([1, 2], [3, 4]),), (f64([1, 2], [2, 4]),))
def gram_schmidt_qr(A):
    m, n = A.shape
    Q = np.zeros((m, n))
    R = np.zeros((n, n))
    for j in range(n):
        v = A[:, j].copy()
        for i in range(j):
            R[i, j] = Q[:, i] @ A[:, j]
            v -= R[i, j] * Q[:, i]
        R[j, j] = np.linalg.norm(v)
        if R[j, j] < 1e-12:
            raise ZeroDivisionError("rank deficient")
        Q[:, j] = v / R[j, j]
    return Q, R


@program((f64(0, -1, -1), f64(2, 2, 2), f64(-1, -1, 0), f64(1, 0, 1)), (f64(0, 1), f64(4, 4), f64(1, 0), f64(5, 5)))
def thomas(a, b, c, d):
    n = len(d)
    cp, dp = np.zeros(n), np.zeros(n)
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m if i < n - 1 else 0.0
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x = np.zeros(n)
    x[-1] = dp[-1]
    for i in reversed(range(n - 1)):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return x


@program((3.0,), (np.float32(2),), (-1.0,), (0,))
def babylonian_sqrt(n):
    if n < 0:
        return float("nan")
    if n == 0:
        return n
    guess = n / 2
    while True:
        better = (guess + n / guess) / 2
        if abs(guess - better) < 1e-9 * guess or better == guess:
            return better
        guess = better


@program((0.5, 12), (1, 5), (np.float64(-0.3), 20))
def taylor_sine(x, terms):
    result = 0
    sign = 1
    for n in range(terms):
        result += sign * x ** (2 * n + 1) / math.factorial(2 * n + 1)
        sign = -sign
    return result


@program((f64(-2.0, 2.0), 0.1, 100), (f64(1.0, 1.0), 0.05, 10))
def gradient_descent_with_backtracking(x, lr, steps):
    f = lambda v: (1 - v[0]) ** 2 + 5 * (v[1] - v[0] ** 2) ** 2
    grad = lambda v: np.array([-2 * (1 - v[0]) - 20 * v[0] * (v[1] - v[0] ** 2), 10 * (v[1] - v[0] ** 2)])
    trace = []
    for step in range(steps):
        g = grad(x)
        if np.sqrt(np.sum(g**2)) < 1e-6:
            break
        t = lr
        while f(x - t * g) > f(x) - 0.5 * t * np.dot(g, g):
            t *= 0.5
            if t < 1e-10:
                break
        x = x - t * g
        trace.append(f(x))
    return x, trace


@program((f64(0, 0, 1, 0, 0), 0.1, 3), (f32(0, 1, 2, 1), 0.25, 2), (f64(1, 1), 0.6, 1))
def heat_equation(u, r, nt):
    assert r <= 0.5, "unstable scheme: r = %g" % r
    nx = u.size
    for n in range(nt):
        un = u.copy()
        for i in range(1, nx - 1):
            u[i] = un[i] + r * (un[i + 1] - 2 * un[i] + un[i - 1])
    return u


@program((1.0, 0.0, 1.0), (2, 0.0, 0.5))
def adaptive_euler(y, t, t_end, tol=1e-3):
    h = 0.1
    accepted = rejected = 0
    while t < t_end:
        if t + h > t_end:
            h = t_end - t
        full = y + h * (-2 * y)
        half = y + h / 2 * (-2 * y)
        half = half + h / 2 * (-2 * half)
        err = abs(full - half)
        if err > tol:
            h = h / 2
            rejected += 1
            continue
        y, t = half, t + h
        accepted += 1
        if err < tol / 4:
            h *= 2
    return {"y": y, "t": t, "accepted": accepted, "rejected": rejected}


@program((f64([2, 0], [1, 3]),), (f64([5, 4, 1], [4, 5, 1], [1, 1, 4]),))
def qr_algorithm(A, iterations=20):
    Ak = np.copy(A)
    QQ = np.eye(A.shape[0])
    for k in range(iterations):
        Q, R = np.linalg.qr(Ak)
        Ak = R @ Q
        QQ = QQ @ Q
        off = np.sum(np.abs(np.tril(Ak, -1)))
        if off < 1e-10:
            break
    return np.sort(np.diag(Ak)), k


@program((f64(1.0, 1.0),), (f64(-1.0, 0.5),), (f64(1.0, -1.0),))
def newton_system(x):
    for it in range(20):
        F = np.array([x[0] ** 2 + x[1] ** 2 - 4, x[0] - x[1]])
        J = np.array([[2 * x[0], 2 * x[1]], [1.0, -1.0]])
        try:
            delta = np.linalg.solve(J, -F)
        except np.linalg.LinAlgError:
            print("singular Jacobian")
            return x, -1
        x = x + delta
        if np.max(np.abs(delta)) < 1e-12:
            break
    return x, it


@program((0.0, 2.0), (1.0, 4.0))
def adaptive_simpson(a, b):
    def f(x):
        return x**0.5 + x

    def simpson(a, b):
        m = (a + b) / 2
        return (b - a) / 6 * (f(a) + 4 * f(m) + f(b))

    def recurse(a, b, eps, whole):
        m = (a + b) / 2
        left, right = simpson(a, m), simpson(m, b)
        delta = left + right - whole
        if abs(delta) <= 15 * eps:
            return left + right + delta / 15
        return recurse(a, m, eps / 2, left) + recurse(m, b, eps / 2, right)

    return recurse(a, b, 1e-5, simpson(a, b))


@program((1.0, 3.0), (0.0, 5))
def golden_section(a, b):
    gr = (math.sqrt(5) + 1) / 2
    f = lambda x: (x - 2) ** 2
    c = b - (b - a) / gr
    d = a + (b - a) / gr
    while abs(b - a) > 1e-5:
        if f(c) < f(d):
            b = d
        else:
            a = c
        c = b - (b - a) / gr
        d = a + (b - a) / gr
    return (b + a) / 2


@program((f64(1, 1, 1), f64(1.5, 0.5, -2.0)), (f64(3, 0, -2, 5), f64(2, 1)))
def horner_at_points(coeffs, points):
    out = np.empty_like(points)
    for i, x in enumerate(points):
        acc = 0.0
        for c in coeffs:
            acc = acc * x + c
        out[i] = acc
    return out
