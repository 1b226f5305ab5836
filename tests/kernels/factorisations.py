"""Linear algebra written as scalar loops: triangular solves, LU, Cholesky, QR, eigenvalues, conjugate gradients."""

import numpy as np

from tests.kernels.row import definite, kernel, real


@kernel((np.tril(definite(3)), real(3)), (np.tril(definite(6)), real(6)))
def forward_substitution(L, b):
    n = L.shape[0]
    y = np.zeros(n)
    for i in range(n):
        s = b[i]
        for j in range(i):
            s -= L[i, j] * y[j]
        y[i] = s / L[i, i]
    return y


@kernel((np.triu(definite(3)), real(3)), (np.triu(definite(6)).astype(np.float32), real(6).astype(np.float32)))
def back_substitution_in_place(U, x):
    for i in range(len(x) - 1, -1, -1):
        x[i] -= np.dot(U[i, i + 1 :], x[i + 1 :])
        x[i] /= U[i, i]


@kernel((definite(3),), (definite(5),))
def lu_doolittle(A):
    n = A.shape[0]
    L = np.eye(n)
    U = np.zeros((n, n))
    for i in range(n):
        for k in range(i, n):
            total = 0
            for j in range(i):
                total += L[i][j] * U[j][k]
            U[i][k] = A[i][k] - total
        for k in range(i + 1, n):
            total = 0
            for j in range(i):
                total += L[k][j] * U[j][i]
            L[k][i] = (A[k][i] - total) / U[i][i]
    return L, U


@kernel((real(3, 3),), (real(5, 5),))
def lu_with_pivots(A):
    n = len(A)
    piv = np.arange(n)
    sign = 1
    for k in range(n - 1):
        p = k + np.argmax(np.abs(A[k:, k]))
        if p != k:
            A[[k, p]] = A[[p, k]]
            piv[[k, p]] = piv[[p, k]]
            sign = -sign
        if A[k, k] == 0:
            raise ZeroDivisionError("singular matrix")
        A[k + 1 :, k] /= A[k, k]
        A[k + 1 :, k + 1 :] -= np.outer(A[k + 1 :, k], A[k, k + 1 :])
    return piv, sign * np.prod(np.diag(A))


@kernel((definite(3),), (definite(5),), (-np.eye(2),))
def cholesky_loops(A):
    n = A.shape[0]
    L = np.zeros_like(A)
    for i in range(n):
        for j in range(i + 1):
            s = sum(L[i, k] * L[j, k] for k in range(j))
            if i == j:
                d = A[i, i] - s
                if d <= 0:
                    raise ValueError("matrix is not positive definite")
                L[i, j] = np.sqrt(d)
            else:
                L[i, j] = (A[i, j] - s) / L[j, j]
    return L


@kernel((real(3, 2),), (real(6, 4),))
def modified_gram_schmidt(A):
    m, n = A.shape
    Q = A.copy()
    R = np.zeros((n, n))
    for k in range(n):
        R[k, k] = np.linalg.norm(Q[:, k])
        Q[:, k] /= R[k, k]
        for j in range(k + 1, n):
            R[k, j] = Q[:, k] @ Q[:, j]
            Q[:, j] -= R[k, j] * Q[:, k]
    return Q, R


@kernel((real(3, 3),), (real(5, 3),))
def householder_qr(A):
    m, n = A.shape
    R = A.astype(float)
    Q = np.eye(m)
    for k in range(min(m - 1, n)):
        x = R[k:, k]
        v = x.copy()
        v[0] += np.copysign(np.sqrt((x * x).sum()), x[0])
        v /= np.linalg.norm(v)
        R[k:, k:] -= 2.0 * np.outer(v, v @ R[k:, k:])
        Q[:, k:] -= 2.0 * np.outer(Q[:, k:] @ v, v)
    return Q, R


@kernel((real(3, 3), real(3, seed=1)), (real(5, 5), real(5, seed=1)), (np.ones((2, 2)), real(2)))
def gauss_elimination(a, b):
    n = len(b)
    M = np.hstack([a, b.reshape(-1, 1)])
    for i in range(n):
        best = i
        for r in range(i + 1, n):
            if abs(M[r, i]) > abs(M[best, i]):
                best = r
        if abs(M[best, i]) < 1e-12:
            return None
        for c in range(n + 1):
            M[i, c], M[best, c] = M[best, c], M[i, c]
        for r in range(i + 1, n):
            factor = M[r, i] / M[i, i]
            M[r, i:] -= factor * M[i, i:]
    x = np.zeros(n)
    for i in range(n)[::-1]:
        x[i] = (M[i, n] - M[i, i + 1 : n] @ x[i + 1 :]) / M[i, i]
    return x


@kernel((definite(2),), (definite(4),))
def gauss_jordan_inverse(a):
    n = a.shape[0]
    aug = np.concatenate((a, np.identity(n)), axis=1)
    for i, row in enumerate(aug):
        row /= row[i]
        for j in range(n):
            if j != i:
                aug[j] -= aug[j, i] * row
    return aug[:, n:]


@kernel(
    (real(3), 4 + real(4) ** 2, real(3, seed=2), real(4, seed=3)),
    (real(8), 4 + real(9) ** 2, real(8, seed=2), real(9, seed=3)),
)
def thomas(lower, diag, upper, rhs):
    n = len(diag)
    for i in range(1, n):
        w = lower[i - 1] / diag[i - 1]
        diag[i] = diag[i] - w * upper[i - 1]
        rhs[i] = rhs[i] - w * rhs[i - 1]
    x = rhs
    x[-1] = rhs[-1] / diag[-1]
    for i in range(n - 2, -1, -1):
        x[i] = (rhs[i] - upper[i] * x[i + 1]) / diag[i]
    return x


def rotate(A, V, p, q):
    theta = 0.5 * np.arctan2(2 * A[p, q], A[q, q] - A[p, p])
    c, s = np.cos(theta), np.sin(theta)
    for M in (A, V):
        col_p = M[:, p].copy()
        M[:, p] = c * col_p - s * M[:, q]
        M[:, q] = s * col_p + c * M[:, q]
    row_p = A[p].copy()
    A[p] = c * row_p - s * A[q]
    A[q] = s * row_p + c * A[q]


@kernel((definite(3), 1e-10), (definite(4), 1e-8))
def jacobi_eigenvalues(A, tol):
    n = A.shape[0]
    V = np.eye(n)
    sweeps = 0
    while sweeps < 10:
        off = np.sqrt(np.sum(np.tril(A, -1) ** 2))
        if off < tol:
            break
        for p in range(n - 1):
            for q in range(p + 1, n):
                if abs(A[p, q]) > tol:
                    rotate(A, V, p, q)
        sweeps += 1
    order = np.argsort(np.diag(A))
    return np.diag(A)[order], V[:, order], sweeps


@kernel((definite(3), 20), (definite(6), 50))
def power_iteration(A, max_iter):
    v = np.ones(A.shape[0])
    lam = 0
    for k in range(max_iter):
        w = A @ v
        new = v @ w / (v @ v)
        v = w / np.linalg.norm(w)
        if abs(new - lam) < 1e-9:
            break
        lam = new
    else:
        print("no convergence")
    return lam, v, k


@kernel((definite(3), real(3)), (definite(7), real(7)))
def conjugate_gradient(A, b, x=None, tol=1e-10):
    if x is None:
        x = np.zeros_like(b)
    r = b - A @ x
    p = r.copy()
    rs = r @ r
    for it in range(2 * len(b)):
        Ap = A.dot(p)
        alpha = rs / p.dot(Ap)
        x += alpha * p
        r -= alpha * Ap
        new = r @ r
        if np.sqrt(new) < tol:
            return x, it
        p = r + new / rs * p
        rs = new
    return x, -1


@kernel((definite(3), real(3), 1.1), (definite(5), real(5), 1.4))
def successive_over_relaxation(A, b, omega):
    phi = np.zeros(b.shape)
    residual = np.linalg.norm(A @ phi - b)
    steps = 0
    while residual > 1e-6 and steps < 25:
        for i in range(A.shape[0]):
            sigma = 0
            for j in range(A.shape[1]):
                if j != i:
                    sigma += A[i, j] * phi[j]
            phi[i] = (1 - omega) * phi[i] + omega / A[i, i] * (b[i] - sigma)
        residual = np.linalg.norm(A @ phi - b)
        steps += 1
    return phi, steps
