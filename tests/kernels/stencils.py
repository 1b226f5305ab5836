"""Stencils in one, two and three dimensions, with the boundary written in place."""

import numpy as np

from tests.kernels.row import kernel, real, whole


@kernel((real(6), 0.1, 3), (real(15), 0.2, 5))
def heat_1d(u, alpha, steps):
    n = len(u)
    for t in range(steps):
        new = u.copy()
        for i in range(1, n - 1):
            new[i] = u[i] + alpha * (u[i - 1] - 2 * u[i] + u[i + 1])
        new[0] = new[1]
        new[-1] = new[-2]
        u[:] = new
    return u


@kernel((real(5, 5), 1e-3, 4), (real(9, 7), 1e-3, 6))
def jacobi_2d(p, tol, max_iter):
    p[0, :] = 0.0
    p[-1, :] = 1.0
    error = 1.0
    it = 0
    while error > tol and it < max_iter:
        pn = p.copy()
        p[1:-1, 1:-1] = 0.25 * (pn[1:-1, 2:] + pn[1:-1, :-2] + pn[2:, 1:-1] + pn[:-2, 1:-1])
        p[:, 0] = p[:, 1]
        p[:, -1] = p[:, -2]
        error = np.abs(p - pn).max()
        it += 1
    return p, error, it


@kernel((real(4, 4), real(4, 4, seed=1), 2), (real(7, 6), real(7, 6, seed=1), 3))
def gauss_seidel_red_black(u, f, sweeps):
    rows, cols = u.shape
    for sweep in range(sweeps):
        for color in (0, 1):
            for i in range(1, rows - 1):
                for j in range(1 + (i + color) % 2, cols - 1, 2):
                    u[i, j] = (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - f[i, j]) / 4
    residual = 0.0
    for i in range(1, rows - 1):
        for j in range(1, cols - 1):
            r = f[i, j] - (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4 * u[i, j])
            residual += r * r
    return np.sqrt(residual)


@kernel((real(4, 4, 4), 2), (real(6, 5, 7).astype(np.float32), 3))
def laplace_3d(a, steps):
    b = np.zeros_like(a)
    for _ in range(steps):
        b[1:-1, 1:-1, 1:-1] = (
            a[:-2, 1:-1, 1:-1] + a[2:, 1:-1, 1:-1]
            + a[1:-1, :-2, 1:-1] + a[1:-1, 2:, 1:-1]
            + a[1:-1, 1:-1, :-2] + a[1:-1, 1:-1, 2:]
        ) / 6.0  # fmt: skip
        b[0] = a[0]
        b[-1] = a[-1]
        b[:, 0, :] = b[:, 1, :]
        b[:, -1, :] = b[:, -2, :]
        b[..., 0] = 0
        b[..., -1] = 0
        a, b = b, a
    return a


@kernel((real(3, 3, 3),), (real(4, 5, 3),))
def stencil_3d_by_elements(a):
    nx, ny, nz = a.shape
    out = np.zeros((nx, ny, nz))
    for i in range(nx):
        for j in range(ny):
            for k in range(nz):
                if i == 0 or j == 0 or k == 0 or i == nx - 1 or j == ny - 1 or k == nz - 1:
                    out[i, j, k] = a[i, j, k]
                    continue
                s = 0.0
                for d in range(3):
                    off = [0, 0, 0]
                    off[d] = 1
                    s += a[i + off[0], j + off[1], k + off[2]] + a[i - off[0], j - off[1], k - off[2]]
                out[i, j, k] = s / 6 - a[i, j, k]
    return out


@kernel((8, 4, 1.0), (20, 10, 0.5))
def wave_leapfrog(n, steps, c):
    dx = 1.0 / (n - 1)
    dt = 0.5 * dx / c
    x = np.linspace(0, 1, n)
    prev = np.exp(-100 * (x - 0.5) ** 2)
    cur = prev.copy()
    nxt = np.empty_like(cur)
    r2 = (c * dt / dx) ** 2
    for t in range(steps):
        for i in range(1, n - 1):
            nxt[i] = 2 * cur[i] - prev[i] + r2 * (cur[i + 1] - 2 * cur[i] + cur[i - 1])
        nxt[0], nxt[n - 1] = 0.0, 0.0
        prev, cur, nxt = cur, nxt, prev
    return cur


@kernel((whole(5, 5, below=2), 3), (whole(8, 6, below=2, dtype=np.uint8), 2))
def game_of_life(board, generations):
    rows, cols = board.shape
    for g in range(generations):
        old = board.copy()
        for r in range(rows):
            for c in range(cols):
                alive = 0
                for dr in (-1, 0, 1):
                    for dc in (-1, 0, 1):
                        if dr == 0 and dc == 0:
                            continue
                        alive += int(old[(r + dr) % rows, (c + dc) % cols])
                if old[r, c] == 1 and (alive < 2 or alive > 3):
                    board[r, c] = 0
                elif old[r, c] == 0 and alive == 3:
                    board[r, c] = 1
    return board.sum()


def laplacian(z):
    return np.roll(z, 1, 0) + np.roll(z, -1, 0) + np.roll(z, 1, 1) + np.roll(z, -1, 1) - 4 * z


@kernel((6, 3, 0.04, 0.06), (12, 6, 0.035, 0.065))
def gray_scott(n, steps, F, k):
    U = np.ones((n, n))
    V = np.zeros((n, n))
    r = n // 4
    U[n // 2 - r : n // 2 + r, n // 2 - r : n // 2 + r] = 0.5
    V[n // 2 - r : n // 2 + r, n // 2 - r : n // 2 + r] = 0.25
    for _ in range(steps):
        Lu, Lv = laplacian(U), laplacian(V)
        uvv = U * V * V
        U += 0.16 * Lu - uvv + F * (1 - U)
        V += 0.08 * Lv + uvv - (F + k) * V
    return U, V


def apply_boundary(u, v):
    u[0, :] = 0
    u[:, 0] = 0
    u[:, -1] = 0
    u[-1, :] = 1
    v[0, :] = v[-1, :] = 0
    v[:, 0] = v[:, -1] = 0


def build_up_b(b, rho, dt, u, v, dx, dy):
    du = (u[1:-1, 2:] - u[1:-1, 0:-2]) / (2 * dx)
    dv = (v[2:, 1:-1] - v[0:-2, 1:-1]) / (2 * dy)
    b[1:-1, 1:-1] = rho * (1 / dt * (du + dv) - du**2 - dv**2)


def pressure_poisson(p, dx, dy, b, nit):
    for q in range(nit):
        pn = p.copy()
        p[1:-1, 1:-1] = (
            (pn[1:-1, 2:] + pn[1:-1, 0:-2]) * dy**2 + (pn[2:, 1:-1] + pn[0:-2, 1:-1]) * dx**2
        ) / (2 * (dx**2 + dy**2)) - dx**2 * dy**2 / (2 * (dx**2 + dy**2)) * b[1:-1, 1:-1]  # fmt: skip
        p[:, -1] = p[:, -2]
        p[0, :] = p[1, :]
        p[:, 0] = p[:, 1]
        p[-1, :] = 0


@kernel((5, 2), (9, 4))
def cavity_flow(n, nt):
    dx = dy = 2 / (n - 1)
    rho, nu, dt = 1, 0.1, 0.001
    u, v, p, b = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, n))
    for step in range(nt):
        un, vn = u.copy(), v.copy()
        build_up_b(b, rho, dt, u, v, dx, dy)
        pressure_poisson(p, dx, dy, b, 3)
        lap = (un[1:-1, 2:] + un[1:-1, :-2] + un[2:, 1:-1] + un[:-2, 1:-1] - 4 * un[1:-1, 1:-1]) / dx**2
        u[1:-1, 1:-1] -= dt / (2 * rho * dx) * (p[1:-1, 2:] - p[1:-1, 0:-2]) - nu * dt * lap
        v[1:-1, 1:-1] -= un[1:-1, 1:-1] * dt / dx * (vn[1:-1, 1:-1] - vn[1:-1, 0:-2])
        apply_boundary(u, v)
    return u, v, p


def fill_ghosts(q, ng):
    q[:ng] = q[-2 * ng : -ng]
    q[-ng:] = q[ng : 2 * ng]


def minmod(a, b):
    if a * b <= 0.0:
        return 0.0
    return a if abs(a) < abs(b) else b


@kernel((real(10), 0.4, 3), (real(21), 0.25, 5))
def advection_minmod(q, cfl, steps):
    ng = 2
    slope = np.zeros(q.size)
    for _ in range(steps):
        fill_ghosts(q, ng)
        for i in range(1, q.size - 1):
            slope[i] = minmod(q[i] - q[i - 1], q[i + 1] - q[i])
        flux = q[ng - 1 : -ng] + 0.5 * (1 - cfl) * slope[ng - 1 : -ng]
        q[ng:-ng] -= cfl * (flux[1:] - flux[:-1])


@kernel((real(6, 6) > 0.3, 0), (real(9, 8) > 0, 1))
def signed_distance_sweep(solid, metric):
    big = 1000
    d = np.where(solid, 0, big)
    h, w = d.shape
    diagonal = 1 if metric == 1 else 2
    for y in range(1, h):
        for x in range(1, w):
            d[y, x] = min(d[y, x], d[y - 1, x] + 1, d[y, x - 1] + 1, d[y - 1, x - 1] + diagonal)
    for y in reversed(range(h - 1)):
        for x in range(w - 2, -1, -1):
            d[y, x] = min(d[y, x], d[y + 1, x] + 1, d[y, x + 1] + 1, d[y + 1, x + 1] + diagonal)
    return d
