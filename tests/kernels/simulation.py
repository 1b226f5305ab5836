"""Particles, time stepping with helpers that change their arguments, filters, fractals."""

import numpy as np

from tests.kernels.row import kernel, real, whole


def accelerate(pos, mass, acc, soft):
    n = len(mass)
    acc[:] = 0
    for i in range(n):
        for j in range(i + 1, n):
            d = pos[j] - pos[i]
            r2 = np.dot(d, d) + soft**2
            inv = 1.0 / (r2 * np.sqrt(r2))
            acc[i] += mass[j] * inv * d
            acc[j] -= mass[i] * inv * d


def kick(vel, acc, dt):
    vel += acc * dt


def drift(pos, vel, dt):
    pos += vel * dt


@kernel(
    (real(2, 3), real(2, 3, seed=1), np.ones(2), 0.01, 2),
    (real(4, 3), real(4, 3, seed=1), np.arange(1.0, 5.0), 0.02, 4),
)
def n_body_leapfrog(pos, vel, mass, dt, steps):
    acc = np.zeros_like(pos)
    accelerate(pos, mass, acc, 0.1)
    for _ in range(steps):
        kick(vel, acc, dt / 2)
        drift(pos, vel, dt)
        accelerate(pos, mass, acc, 0.1)
        kick(vel, acc, dt / 2)
    return 0.5 * np.sum(mass[:, None] * vel**2)


@kernel((real(3, 2),), (real(6, 3),))
def pairwise_lennard_jones(x):
    n, dim = x.shape
    force = np.zeros((n, dim))
    energy = 0.0
    for i in range(n - 1):
        for j in range(i + 1, n):
            r2 = 0.0
            rij = np.zeros(dim)
            for k in range(dim):
                rij[k] = x[i, k] - x[j, k]
                r2 += rij[k] * rij[k]
            if r2 > 9.0:
                continue
            s6 = 1.0 / r2**3
            energy += 4 * (s6 * s6 - s6)
            f = 24 * (2 * s6 * s6 - s6) / r2
            force[i] += f * rij
            force[j] -= f * rij
    return energy, force


def lorenz(state, t, sigma=10.0, rho=28.0, beta=8.0 / 3.0):
    x, y, z = state
    return np.array([sigma * (y - x), x * (rho - z) - y, x * y - beta * z])


def rk4_step(f, y, t, dt):
    k1 = f(y, t)
    k2 = f(y + dt / 2 * k1, t + dt / 2)
    k3 = f(y + dt / 2 * k2, t + dt / 2)
    k4 = f(y + dt * k3, t + dt)
    return y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


@kernel((np.ones(3), 0.01, 3), (np.array([1.0, 2.0, 20.0]), 0.005, 8))
def runge_kutta_lorenz(y0, dt, steps):
    out = np.empty((steps + 1, y0.size))
    out[0] = y0
    t = 0.0
    for i in range(steps):
        out[i + 1] = rk4_step(lorenz, out[i], t, dt)
        t += dt
    return out


@kernel((1.0, 1e-3), (2.0, 1e-6))
def runge_kutta_adaptive(t_end, tol):
    t, y, h = 0.0, 1.0, 0.1
    ts, ys = [t], [y]
    rejected = 0
    while t < t_end:
        if t + h > t_end:
            h = t_end - t
        k1 = -2 * t * y
        k2 = -2 * (t + h) * (y + h * k1)
        k3 = -2 * (t + h / 2) * (y + h * (k1 + k2) / 4)
        err = abs(h / 3 * (k1 + k2 - 2 * k3))
        if err <= tol:
            t += h
            y += h * (k1 + k2 + 4 * k3) / 6
            ts.append(t)
            ys.append(y)
        else:
            rejected += 1
        h *= min(5.0, max(0.2, 0.9 * (tol / max(err, 1e-16)) ** (1 / 3)))
    return np.array(ts), np.array(ys), rejected


@kernel(
    (real(4, 1), np.eye(2), np.eye(2) * 0.01, np.array([[1.0, 0.0]]), np.eye(1)),
    (real(9, 1), np.array([[1.0, 0.1], [0.0, 1.0]]), np.eye(2) * 0.1, np.array([[1.0, 0.0]]), 0.5 * np.eye(1)),
)
def kalman_filter(zs, F, Q, H, R):
    n = F.shape[0]
    x, P = np.zeros(n), np.eye(n)
    track = np.zeros((len(zs), n))
    for k, z in enumerate(zs):
        x = F @ x
        P = F @ P @ F.T + Q
        y = z - H @ x
        S = H @ P @ H.T + R
        K = P @ H.T @ np.linalg.inv(S)
        x = x + K @ y
        P = (np.eye(n) - K @ H) @ P
        track[k] = x
    return track, P


@kernel((np.abs(real(5)), 4), (np.abs(real(12)), 6))
def cloud_in_cell(x, cells):
    rho = np.zeros(cells)
    dx = 3.0 / cells
    for p in range(x.shape[0]):
        s = x[p] / dx
        i = int(s) % cells
        w = s - int(s)
        rho[i] += (1 - w) / dx
        rho[(i + 1) % cells] += w / dx
    return rho


@kernel((real(8), 4, -2.0, 2.0), (real(25), 10, -1.0, 1.5))
def histogram_by_hand(data, bins, lo, hi):
    counts = np.zeros(bins, dtype=int)
    edges = np.linspace(lo, hi, bins + 1)
    width = (hi - lo) / bins
    for v in data:
        if v < lo or v > hi:
            continue
        b = int((v - lo) / width)
        if b == bins:
            b -= 1
        counts[b] += 1
    return counts, edges


@kernel((6, 5, 10), (9, 8, 20))
def mandelbrot_by_points(h, w, maxit):
    img = np.zeros((h, w), np.int32)
    for i in range(h):
        for j in range(w):
            c = complex(-2.0 + 3.0 * j / w, -1.5 + 3.0 * i / h)
            z = 0j
            n = 0
            while abs(z) <= 2 and n < maxit:
                z = z * z + c
                n += 1
            img[i, j] = n
    return img


@kernel((4, 5, 8), (8, 9, 15))
def mandelbrot_shrinking(n, m, itermax):
    ix, iy = np.mgrid[0:n, 0:m]
    c = np.linspace(-2, 0.5, n)[ix] + 1j * np.linspace(-1.25, 1.25, m)[iy]
    img = np.zeros(c.shape, dtype=int)
    ix.shape = n * m
    iy.shape = n * m
    c.shape = n * m
    z = np.copy(c)
    for i in range(itermax):
        if len(z) == 0:
            break
        np.multiply(z, z, z)
        np.add(z, c, z)
        rem = abs(z) > 2.0
        img[ix[rem], iy[rem]] = i + 1
        rem = ~rem
        z = z[rem]
        ix, iy = ix[rem], iy[rem]
        c = c[rem]
    img[img == 0] = itermax + 1
    return img


def bounce(x, v, box):
    low = x < 0
    x[low] *= -1
    v[low] *= -1
    high = x > box
    x[high] = 2 * box - x[high]
    v[high] = -v[high]


def absorb(alive, x, where):
    alive[(x > where).any(axis=1)] = False


@kernel((np.abs(real(4, 2)), real(4, 2, seed=5), 3), (np.abs(real(9, 3)), real(9, 3, seed=5), 6))
def bouncing_particles(x, v, steps):
    alive = np.ones(len(x), bool)
    for s in range(steps):
        x += 0.1 * v
        bounce(x, v, 2.0)
        absorb(alive, x, 1.95)
        if not alive.any():
            break
    return x[alive], alive.sum()


@kernel((99.0, 1.0, 4), (990.0, 10.0, 12))
def sir_epidemic(s, i, days):
    r = 0.0
    n = s + i + r
    history = []
    for day in range(days):
        infected = 0.3 * s * i / n
        recovered = 0.1 * i
        s -= infected
        i += infected - recovered
        r += recovered
        history.append((s, i, r))
    return np.array(history)


@kernel((whole(4, 4, below=2) * 2 - 1, 8, 0.4), (whole(5, 5, below=2) * 2 - 1, 20, 1.2))
def ising_metropolis(spins, moves, beta):
    n = spins.shape[0]
    seed = 2463534242
    accepted = 0
    for _ in range(moves):
        seed ^= seed << 13 & 0xFFFFFFFF
        seed ^= seed >> 17
        seed ^= seed << 5 & 0xFFFFFFFF
        i, j = seed % n, seed // n % n
        nb = spins[(i + 1) % n, j] + spins[i - 1, j] + spins[i, (j + 1) % n] + spins[i, j - 1]
        dE = 2 * spins[i, j] * nb
        if dE <= 0 or (seed & 0xFFFF) / 65536 < np.exp(-beta * dE):
            spins[i, j] *= -1
            accepted += 1
    return accepted


@kernel((np.ones(4), 3), (np.linspace(1, 2, 7), 5))
def verlet_chain(x, steps):
    x_old = x.copy()
    force = np.zeros_like(x)
    for step in range(steps):
        for i in range(1, x.size - 1):
            force[i] = x[i + 1] - 2 * x[i] + x[i - 1]
        force[0] = x[1] - 2 * x[0]
        force[-1] = x[-2] - 2 * x[-1]
        x_new = 2 * x - x_old + 0.01 * force
        x_old[:], x[:] = x, x_new
    return 0.5 * ((x - x_old) ** 2).sum()
