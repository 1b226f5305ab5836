"""Sparse matrices, graphs in arrays, scans, clusters."""

import numpy as np

from tests.kernels.row import kernel, real, whole


def csr(n, m, seed):
    dense = real(n, m, seed=seed) * (whole(n, m, below=3, seed=seed) == 0)
    rows, cols = np.nonzero(dense)
    return np.searchsorted(rows, np.arange(n + 1)), cols, dense[rows, cols]


@kernel((*csr(3, 3, 0), real(3)), (*csr(6, 5, 1), real(5)))
def csr_times_vector(indptr, indices, data, x):
    n = len(indptr) - 1
    y = np.zeros(n)
    for i in range(n):
        for k in range(indptr[i], indptr[i + 1]):
            y[i] += data[k] * x[indices[k]]
    return y


@kernel((*csr(3, 3, 0), *csr(3, 3, 1), 3), (*csr(5, 4, 2), *csr(4, 6, 3), 6))
def csr_times_csr(ap, aj, ax, bp, bj, bx, n_cols):
    n = len(ap) - 1
    cp = np.zeros(n + 1, dtype=int)
    cj, cx = [], []
    marker = -np.ones(n_cols, dtype=int)
    for i in range(n):
        start = len(cj)
        for ja in range(ap[i], ap[i + 1]):
            k = aj[ja]
            for jb in range(bp[k], bp[k + 1]):
                j = bj[jb]
                if marker[j] < start:
                    marker[j] = len(cj)
                    cj.append(j)
                    cx.append(ax[ja] * bx[jb])
                else:
                    cx[marker[j]] += ax[ja] * bx[jb]
        cp[i + 1] = len(cj)
    return cp, np.array(cj), np.array(cx)


@kernel((*csr(3, 4, 0), 4), (*csr(6, 5, 1), 5))
def csr_transpose(indptr, indices, data, n_cols):
    counts = np.zeros(n_cols + 1, dtype=indptr.dtype)
    for j in indices:
        counts[j + 1] += 1
    for c in range(n_cols):
        counts[c + 1] += counts[c]
    nxt = counts.copy()
    rows = np.empty_like(indices)
    values = np.empty_like(data)
    for i in range(indptr.shape[0] - 1):
        for k in range(indptr[i], indptr[i + 1]):
            dest = nxt[indices[k]]
            rows[dest] = i
            values[dest] = data[k]
            nxt[indices[k]] += 1
    return counts, rows, values


@kernel((whole(4, 4, below=2), 0.85, 1e-3), (whole(7, 7, below=2), 0.9, 1e-6))
def pagerank(links, d, tol):
    n = links.shape[0]
    out = links.sum(axis=1)
    rank = np.full(n, 1 / n)
    for iteration in range(20):
        new = np.full(n, (1 - d) / n)
        for i in range(n):
            if out[i] == 0:
                new += d * rank[i] / n
            else:
                new[links[i] == 1] += d * rank[i] / out[i]
        if np.abs(new - rank).sum() < tol:
            break
        rank = new
    return rank, iteration


@kernel((*csr(4, 4, 0)[:2], 0), (*csr(8, 8, 1)[:2], 2))
def breadth_first(indptr, indices, source):
    n = len(indptr) - 1
    level = np.full(n, -1, dtype=np.int32)
    queue = np.empty(n, dtype=np.int32)
    head, tail = 0, 1
    queue[0] = source
    level[source] = 0
    while head < tail:
        u = queue[head]
        head += 1
        for v in indices[indptr[u] : indptr[u + 1]]:
            if level[v] < 0:
                level[v] = level[u] + 1
                queue[tail] = v
                tail += 1
    return level, queue[:tail]


@kernel((4, np.array([[0, 1], [1, 2], [0, 3]])), (6, np.array([[5, 2], [5, 0], [4, 0], [4, 1], [2, 3], [3, 1]])))
def topological_order(n, edges):
    indegree = np.zeros(n, int)
    np.add.at(indegree, edges[:, 1], 1)
    ready = [v for v in range(n) if indegree[v] == 0]
    order = []
    while ready:
        u = ready.pop(0)
        order.append(u)
        for a, b in edges:
            if a == u:
                indegree[b] -= 1
                if indegree[b] == 0:
                    ready.append(b)
    assert len(order) == n, "cycle"
    return order


@kernel((3, np.array([0, 1]), np.array([1, 2]), real(2)), (5, whole(7, below=5), whole(7, below=5, seed=1), real(7)))
def bellman_ford(n, src, dst, weight):
    dist = np.full(n, np.inf)
    dist[0] = 0
    for _ in range(n - 1):
        changed = False
        for e in range(len(weight)):
            if dist[src[e]] + weight[e] < dist[dst[e]]:
                dist[dst[e]] = dist[src[e]] + weight[e]
                changed = True
        if not changed:
            break
    negative = any(dist[u] + w < dist[v] for u, v, w in zip(src, dst, weight))
    return dist, negative


@kernel((whole(4),), (real(16),))
def blelloch_scan(x):
    n = len(x)
    d = 1
    while d < n:
        for k in range(0, n, 2 * d):
            x[k + 2 * d - 1] += x[k + d - 1]
        d *= 2
    x[n - 1] = 0
    d = n // 2
    while d >= 1:
        for k in range(0, n, 2 * d):
            t = x[k + d - 1]
            x[k + d - 1] = x[k + 2 * d - 1]
            x[k + 2 * d - 1] += t
        d //= 2


@kernel((real(4), np.array([0, 0, 1, 1])), (real(9), np.sort(whole(9, below=4))))
def segmented_scans(values, segment):
    run = np.empty_like(values)
    top = {}
    for i in range(values.size):
        if i == 0 or segment[i] != segment[i - 1]:
            run[i] = values[i]
        else:
            run[i] = run[i - 1] + values[i]
        s = int(segment[i])
        top[s] = max(top.get(s, -np.inf), values[i])
    return run, top


@kernel((real(6, 2), 2, 3), (real(12, 2), 3, 5))
def k_means(points, k, iterations):
    centers = points[:k].copy()
    labels = np.zeros(len(points), dtype=int)
    for it in range(iterations):
        for i, p in enumerate(points):
            labels[i] = np.argmin([np.sum((p - c) ** 2) for c in centers])
        old = centers.copy()
        for j in range(k):
            members = points[labels == j]
            if len(members) > 0:
                centers[j] = members.mean(axis=0)
        if np.allclose(old, centers):
            break
    return centers, labels, it


@kernel((real(4, 2), whole(4, below=2), real(2), 3), (real(9, 3), whole(9, below=3), real(3), 4))
def nearest_neighbours_vote(X, y, query, k):
    distances = np.zeros(len(X))
    for i in range(len(X)):
        distances[i] = np.sqrt(np.sum((X[i] - query) ** 2))
    votes = {}
    for i in np.argsort(distances, kind="stable")[:k]:
        label = int(y[i])
        votes[label] = votes.get(label, 0) + 1
    best = max(votes.values())
    return min(label for label, count in votes.items() if count == best)


@kernel((real(5, 2), 1.0, 2), (real(9, 2), 0.8, 3))
def dbscan(points, eps, min_points):
    n = len(points)
    labels = np.full(n, -2)
    cluster = -1
    for i in range(n):
        if labels[i] != -2:
            continue
        near = np.flatnonzero(np.hypot(*(points - points[i]).T) <= eps)
        if len(near) < min_points:
            labels[i] = -1
            continue
        cluster += 1
        labels[i] = cluster
        seeds = list(near)
        while seeds:
            q = seeds.pop()
            if labels[q] == -1:
                labels[q] = cluster
            if labels[q] != -2:
                continue
            labels[q] = cluster
            more = np.flatnonzero(np.hypot(*(points - points[q]).T) <= eps)
            if len(more) >= min_points:
                seeds += list(more)
    return labels


@kernel((real(6, 2),), (real(12, 2),))
def convex_hull(points):
    pts = points[np.lexsort((points[:, 1], points[:, 0]))]
    hull = np.zeros((2 * len(pts), 2))
    k = 0
    for p in pts:
        while k >= 2 and np.linalg.det(np.array([hull[k - 1] - hull[k - 2], p - hull[k - 2]])) <= 0:
            k -= 1
        hull[k] = p
        k += 1
    low = k + 1
    for p in pts[-2::-1]:
        while k >= low and np.linalg.det(np.array([hull[k - 1] - hull[k - 2], p - hull[k - 2]])) <= 0:
            k -= 1
        hull[k] = p
        k += 1
    return hull[: k - 1]
