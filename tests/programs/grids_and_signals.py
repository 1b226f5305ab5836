"""Images, signals and matrices, element by element."""

import math

import numpy as np

from tests.programs.row import f32, f64, grid, i64, program

INF = float("inf")


@program(
    ((0, 0), (2, 2), (0, 2), (2, 0)), ((0, 0), (1, 1), (2, 2), (3, 3)), ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
)
def segment_intersection(p1, p2, p3, p4):
    x1, y1 = p1
    x2, y2 = p2
    x3, y3 = p3
    x4, y4 = p4
    den = (x1 - x2) * (y3 - y4) - (y1 - y2) * (x3 - x4)
    if den == 0:
        return None
    t = ((x1 - x3) * (y3 - y4) - (y1 - y3) * (x3 - x4)) / den
    u = -((x1 - x2) * (y1 - y3) - (y1 - y2) * (x1 - x3)) / den
    if 0 <= t <= 1 and 0 <= u <= 1:
        return (x1 + t * (x2 - x1), y1 + t * (y2 - y1))


@program((f64([0, 0], [3, 4], [1, 1], [1, 1.5]),), (f64([0, 0], [1, 0]),), (f64([1, 2]),))
def closest_pair(pts):
    best = (INF, None, None)
    for i in range(len(pts)):
        for j in range(i + 1, len(pts)):
            d = math.sqrt((pts[i][0] - pts[j][0]) ** 2 + (pts[i][1] - pts[j][1]) ** 2)
            if d < best[0]:
                best = (d, i, j)
    return best


@program((grid(5, 5), 3), (grid(4, 6, np.uint8), 3))
def median_filter(img, k):
    pad = k // 2
    padded = np.pad(img, pad, mode="edge")
    out = np.zeros_like(img)
    for i in range(img.shape[0]):
        for j in range(img.shape[1]):
            window = padded[i : i + k, j : j + k].flatten()
            window.sort()
            out[i, j] = window[len(window) // 2]
    return out


@program((grid(5, 5),), (grid(3, 4, np.float32),))
def sobel(img):
    Gx = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    Gy = Gx.T
    h, w = img.shape
    mag = np.zeros((h, w))
    for i in range(1, h - 1):
        for j in range(1, w - 1):
            sx = sy = 0
            for u in range(-1, 2):
                for v in range(-1, 2):
                    sx += Gx[u + 1, v + 1] * img[i + u, j + v]
                    sy += Gy[u + 1, v + 1] * img[i + u, j + v]
            mag[i, j] = np.hypot(sx, sy)
    if mag.max() > 0:
        mag *= 255.0 / mag.max()
    return mag


@program((np.arange(12, dtype=np.uint8).reshape(3, 4) * 20,), (np.zeros((2, 2), np.uint8),))
def histogram_equalize(img):
    hist = [0] * 256
    for px in img.flat:
        hist[px] += 1
    cdf = []
    acc = 0
    for h in hist:
        acc += h
        cdf.append(acc)
    cdf_min = next(c for c in cdf if c > 0)
    n = img.size
    lut = np.zeros(256, dtype=np.uint8)
    for i in range(256):
        if n == cdf_min:
            lut[i] = i
        else:
            lut[i] = max(0, round((cdf[i] - cdf_min) / (n - cdf_min) * 255))
    return lut[img]


@program((np.arange(16, dtype=np.uint8).reshape(4, 4) * 16,), (np.full((2, 3), 130, np.uint8),))
def floyd_steinberg(img):
    out = img.astype(float)
    h, w = out.shape
    for y in range(h):
        for x in range(w):
            old = out[y, x]
            new = 255.0 if old > 127 else 0.0
            out[y, x] = new
            err = old - new
            if x + 1 < w:
                out[y, x + 1] += err * 7 / 16
            if y + 1 < h:
                if x > 0:
                    out[y + 1, x - 1] += err * 3 / 16
                out[y + 1, x] += err * 5 / 16
                if x + 1 < w:
                    out[y + 1, x + 1] += err * 1 / 16
    return np.clip(out, 0, 255).astype(np.uint8)


@program((grid(4, 4), 2, 2), (grid(2, 3, np.float32), 4, 5))
def bilinear_resize(img, new_h, new_w):
    h, w = img.shape
    out = np.zeros((new_h, new_w))
    for i in range(new_h):
        for j in range(new_w):
            y = (i + 0.5) * h / new_h - 0.5
            x = (j + 0.5) * w / new_w - 0.5
            y0, x0 = int(np.floor(y)), int(np.floor(x))
            dy, dx = y - y0, x - x0
            y0c, y1c = min(max(y0, 0), h - 1), min(max(y0 + 1, 0), h - 1)
            x0c, x1c = min(max(x0, 0), w - 1), min(max(x0 + 1, 0), w - 1)
            out[i, j] = (1 - dy) * ((1 - dx) * img[y0c, x0c] + dx * img[y0c, x1c]) + dy * (
                (1 - dx) * img[y1c, x0c] + dx * img[y1c, x1c]
            )
    return out


@program((f64(1, 3, 2, 5, 1, 4),), (f64(1),), (f32(3, 1, 2),), (f64(1, 3, 3, 2),))
def find_peaks(signal):
    peaks = []
    i = 1
    while i < len(signal) - 1:
        if signal[i - 1] < signal[i]:
            ahead = i + 1
            while ahead < len(signal) - 1 and signal[ahead] == signal[i]:
                ahead += 1
            if signal[ahead] < signal[i]:
                peaks.append((i + ahead - 1) // 2)
                i = ahead
                continue
        i += 1
    return np.array(peaks, dtype=int)


@program((f64(1, 2, 3, 4), f64(0.5, 0.5), "full"), (f64(1, 2, 3, 4), f64(1, 0, -1), "valid"), (f64(1), f64(1), "same"))
def convolve_1d(x, h, mode):
    n, m = len(x), len(h)
    y = np.zeros(n + m - 1)
    for i in range(n):
        for j in range(m):
            y[i + j] += x[i] * h[j]
    if mode == "full":
        return y
    elif mode == "valid":
        return y[m - 1 : n]
    start = (m - 1) // 2
    return y[start : start + n]


@program((f64(1, 2, 3, 4, 5), f64(0.2, 0.3), f64(1.0, -0.5)), (f32(1, 0, 0), f64(1), f64(2, 0.1, 0.1)))
def iir_filter(x, b, a):
    y = np.zeros(len(x))
    for n in range(len(x)):
        acc = 0
        for k in range(len(b)):
            if n - k >= 0:
                acc += b[k] * x[n - k]
        for k in range(1, len(a)):
            if n - k >= 0:
                acc -= a[k] * y[n - k]
        y[n] = acc / a[0]
    return y


@program((f64(1, np.nan, 3, np.nan, np.nan, 6),), (f64(np.nan, 1),), (f64(1, 2),))
def interpolate_nans(y):
    y = y.copy()
    n = len(y)
    i = 0
    while i < n:
        if np.isnan(y[i]):
            j = i
            while j < n and np.isnan(y[j]):
                j += 1
            if i == 0 or j == n:
                fill = y[j] if i == 0 else y[i - 1]
                y[i:j] = fill
            else:
                step = (y[j] - y[i - 1]) / (j - i + 1)
                for k in range(i, j):
                    y[k] = y[k - 1] + step
            i = j
        else:
            i += 1
    return y


@program((f64(1, 2, 3, 4, 5), 2), (f64(1, 2), 3), (f32(1, 2, 3), 0))
def moving_average_by_sum(x, w):
    if w <= 0:
        raise ValueError("window must be positive")
    if w > len(x):
        return np.array([])
    out = []
    s = sum(x[:w])
    out.append(s / w)
    for i in range(w, len(x)):
        s += x[i] - x[i - w]
        out.append(s / w)
    return np.array(out)


@program((grid(3, 3),), (grid(2, 2, np.int64),), (f64([2.0]),))
def determinant_recursive(m):
    if m.shape[0] == 1:
        return m[0, 0]
    if m.shape[0] == 2:
        return m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0]
    det = 0
    for c in range(m.shape[1]):
        minor = np.delete(np.delete(m, 0, axis=0), c, axis=1)
        det += (-1) ** c * m[0, c] * determinant_recursive(minor)
    return det


@program((i64([1, 2, 3], [4, 0, 6]),), (f64([0]),), (i64([1, 2]),))
def zero_matrix(matrix):
    rows, cols = set(), set()
    for i in range(matrix.shape[0]):
        for j in range(matrix.shape[1]):
            if matrix[i][j] == 0:
                rows.add(i)
                cols.add(j)
    for i in rows:
        matrix[i, :] = 0
    for j in cols:
        matrix[:, j] = 0
    return matrix


@program((grid(3, 3),), (grid(3, 4),), (i64([1, 2], [2, 1]),))
def matrix_report(A):
    rows, cols = A.shape
    if rows != cols:
        return {"square": False}
    symmetric = True
    for i in range(rows):
        for j in range(i):
            if A[i, j] != A[j, i]:
                symmetric = False
                break
        if not symmetric:
            break
    trace = sum(A[i, i] for i in range(rows))
    return {"square": True, "symmetric": symmetric, "trace": trace, "diag": [A[i][i] for i in range(rows)]}


@program(([[1, 2], [3, 4]], [[5, 6], [7, 8]]), ([[1, 2, 3]], [[1], [2], [3]]), ([[1, 2]], [[1, 2]]))
def matmul_lists(a, b):
    if len(a[0]) != len(b):
        raise ValueError("bad shapes")
    return [[sum(x * y for x, y in zip(row, col)) for col in zip(*b)] for row in a]


@program(
    (i64([5, 3, 0, 0], [6, 0, 0, 1], [0, 9, 8, 0], [8, 0, 0, 0]),),
    (i64([1, 2, 3, 4], [3, 4, 1, 2], [2, 1, 4, 3], [4, 3, 2, 0]),),
    (i64([1, 2, 0, 0], [4, 3, 1, 2], [2, 1, 0, 4], [3, 4, 2, 1]),),
)
def sudoku4_backtracking(board):
    def find_empty():
        for i in range(4):
            for j in range(4):
                if board[i, j] == 0:
                    return i, j
        return None

    def valid(r, c, v):
        if v in board[r, :] or v in board[:, c]:
            return False
        r0, c0 = 2 * (r // 2), 2 * (c // 2)
        return v not in board[r0 : r0 + 2, c0 : c0 + 2]

    def solve():
        spot = find_empty()
        if spot is None:
            return True
        r, c = spot
        for v in range(1, 5):
            if valid(r, c, v):
                board[r, c] = v
                if solve():
                    return True
                board[r, c] = 0
        return False

    ok = solve()
    return ok, board
