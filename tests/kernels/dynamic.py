"""Dynamic programming tables, and paths in graphs."""

import numpy as np

from tests.kernels.row import codes, kernel, real, whole


@kernel((codes("abcb"), codes("bdcb")), (codes("nematode"), codes("empty kn")))
def longest_common_subsequence(a, b):
    m, n = len(a), len(b)
    L = np.zeros((m + 1, n + 1), dtype=int)
    for i in range(m):
        for j in range(n):
            if a[i] == b[j]:
                L[i + 1, j + 1] = L[i, j] + 1
            else:
                L[i + 1, j + 1] = max(L[i + 1, j], L[i, j + 1])
    picked = []
    i, j = m, n
    while i > 0 and j > 0:
        if a[i - 1] == b[j - 1]:
            picked.append(a[i - 1])
            i -= 1
            j -= 1
        elif L[i - 1, j] >= L[i, j - 1]:
            i -= 1
        else:
            j -= 1
    return L[m, n], np.array(picked[::-1])


@kernel((codes("cat"), codes("cut")), (codes("kitten"), codes("sitting")))
def levenshtein_two_rows(s, t):
    prev = np.arange(len(t) + 1)
    cur = np.zeros_like(prev)
    for i, a in enumerate(s):
        cur[0] = i + 1
        for j, b in enumerate(t):
            cost = 0 if a == b else 1
            cur[j + 1] = min(cur[j] + 1, prev[j + 1] + 1, prev[j] + cost)
        prev, cur = cur, prev
    return prev[-1]


@kernel(("cat", "cut"), ("kitten", "sitting"))
def edit_distance_of_strings(s, t):
    d = np.zeros((len(s) + 1, len(t) + 1), np.int32)
    d[:, 0] = np.arange(len(s) + 1)
    d[0, :] = np.arange(len(t) + 1)
    for i in range(1, len(s) + 1):
        for j in range(1, len(t) + 1):
            d[i, j] = min(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + (s[i - 1] != t[j - 1]))
    return int(d[-1, -1])


@kernel((np.array([1, 3, 4]), np.array([15, 20, 30]), 4), (whole(5, below=7) + 1, whole(5, below=50, seed=1), 10))
def knapsack(weights, values, capacity):
    n = weights.size
    table = np.zeros((n + 1, capacity + 1), dtype=np.int64)
    for i in range(1, n + 1):
        for w in range(capacity + 1):
            table[i, w] = table[i - 1, w]
            if weights[i - 1] <= w:
                candidate = table[i - 1, w - weights[i - 1]] + values[i - 1]
                if candidate > table[i, w]:
                    table[i, w] = candidate
    chosen = np.zeros(n, dtype=bool)
    w = capacity
    for i in range(n, 0, -1):
        if table[i, w] != table[i - 1, w]:
            chosen[i - 1] = True
            w -= weights[i - 1]
    return table[n, capacity], chosen


@kernel((real(4), real(3, seed=1), None), (real(8), real(9, seed=1), 3))
def dynamic_time_warping(x, y, window):
    n, m = len(x), len(y)
    D = np.full((n + 1, m + 1), np.inf)
    D[0, 0] = 0
    w = max(window, abs(n - m)) if window is not None else max(n, m)
    for i in range(1, n + 1):
        for j in range(max(1, i - w), min(m, i + w) + 1):
            cost = abs(x[i - 1] - y[j - 1])
            D[i, j] = cost + np.min([D[i - 1, j], D[i, j - 1], D[i - 1, j - 1]])
    return D[n, m]


@kernel((np.where(real(4, 4) > 0, np.inf, 2.0),), (np.where(real(6, 6) > 0.5, np.inf, whole(6, 6) + 1.0),))
def floyd_warshall(dist):
    n = dist.shape[0]
    nxt = -np.ones((n, n), dtype=int)
    for i in range(n):
        dist[i, i] = 0
        for j in range(n):
            if np.isfinite(dist[i, j]):
                nxt[i, j] = j
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if dist[i, k] + dist[k, j] < dist[i, j]:
                    dist[i, j] = dist[i, k] + dist[k, j]
                    nxt[i, j] = nxt[i, k]
    return nxt


@kernel((np.array([2, 3, 4, 2]),), (np.array([30, 35, 15, 5, 10, 20]),))
def matrix_chain_order(p):
    n = len(p) - 1
    m = np.zeros((n, n), dtype=int)
    s = np.zeros((n, n), dtype=int)
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            m[i, j] = np.iinfo(np.int64).max
            for k in range(i, j):
                q = m[i, k] + m[k + 1, j] + p[i] * p[k + 1] * p[j + 1]
                if q < m[i, j]:
                    m[i, j] = q
                    s[i, j] = k
    return m[0, n - 1], s


def stochastic(*shape):
    a = np.abs(real(*shape, seed=7)) + 0.1
    return a / a.sum(-1, keepdims=True)


@kernel(
    (np.array([0, 1, 1]), stochastic(2), stochastic(2, 2), stochastic(2, 2)),
    (whole(6, below=4), stochastic(3), stochastic(3, 3), stochastic(3, 4)),
)
def viterbi(obs, start, trans, emit):
    S, T = trans.shape[0], obs.shape[0]
    delta = np.zeros((T, S))
    back = np.zeros((T, S), int)
    delta[0] = np.log(start) + np.log(emit[:, obs[0]])
    for t in range(1, T):
        for j in range(S):
            scores = delta[t - 1] + np.log(trans[:, j])
            back[t, j] = scores.argmax()
            delta[t, j] = scores[back[t, j]] + np.log(emit[j, obs[t]])
    path = [int(np.argmax(delta[-1]))]
    for t in range(T - 1, 0, -1):
        path.append(int(back[t, path[-1]]))
    return path[::-1], delta[-1].max()


@kernel(
    (np.array([0, 1, 1]), stochastic(2), stochastic(2, 2), stochastic(2, 2)),
    (whole(7, below=4), stochastic(3), stochastic(3, 3), stochastic(3, 4)),
)
def hmm_forward_scaled(obs, start, trans, emit):
    alpha = start * emit[:, obs[0]]
    loglik = 0.0
    for o in obs[1:]:
        c = alpha.sum()
        loglik += np.log(c)
        alpha = (alpha / c) @ trans * emit[:, o]
    return loglik + np.log(alpha.sum())


@kernel((np.array([1, 2, 5]), 6), (np.array([3, 5, 7]), 11), (np.array([5]), 3))
def coin_change(coins, amount):
    dp = [0] + [amount + 1] * amount
    for a in range(1, amount + 1):
        for c in coins:
            if c <= a:
                dp[a] = min(dp[a], dp[a - c] + 1)
    return dp[amount] if dp[amount] <= amount else -1


@kernel((whole(5),), (whole(10, below=20),))
def longest_increasing_subsequence(a):
    n = len(a)
    best = np.ones(n, dtype=int)
    parent = np.full(n, -1)
    for i in range(n):
        for j in range(i):
            if a[j] < a[i] and best[j] + 1 > best[i]:
                best[i] = best[j] + 1
                parent[i] = j
    k = best.argmax()
    out = []
    while k != -1:
        out.append(a[k])
        k = parent[k]
    out.reverse()
    return out


@kernel((real(5),), (whole(9) - 5,))
def kadane(x):
    best = current = x[0]
    start = s = end = 0
    for i in range(1, len(x)):
        if current < 0:
            current = x[i]
            s = i
        else:
            current += x[i]
        if current > best:
            best, start, end = current, s, i
    return best, start, end


@kernel((whole(4, 4) * (real(4, 4) > 0), 0), (whole(7, 7) * (real(7, 7) > 0), 2))
def dijkstra_dense(graph, source):
    n = len(graph)
    dist = np.full(n, np.inf)
    done = np.zeros(n, dtype=bool)
    dist[source] = 0
    for _ in range(n):
        u = -1
        for v in range(n):
            if not done[v] and (u == -1 or dist[v] < dist[u]):
                u = v
        if u == -1 or dist[u] == np.inf:
            break
        done[u] = True
        for v in range(n):
            w = graph[u, v]
            if w > 0 and dist[u] + w < dist[v]:
                dist[v] = dist[u] + w
    return dist


@kernel((codes("GAT"), codes("GT")), (codes("GATTACA"), codes("GCATGCU")))
def needleman_wunsch(a, b, match=1, mismatch=-1, gap=-1):
    F = np.zeros((len(a) + 1, len(b) + 1))
    F[:, 0] = gap * np.arange(len(a) + 1)
    F[0] = gap * np.arange(len(b) + 1)
    for i in range(1, F.shape[0]):
        for j in range(1, F.shape[1]):
            diag = F[i - 1, j - 1] + (match if a[i - 1] == b[j - 1] else mismatch)
            F[i, j] = max(diag, F[i - 1, j] + gap, F[i, j - 1] + gap)
    top, bottom = "", ""
    i, j = len(a), len(b)
    while i > 0 or j > 0:
        if i > 0 and j > 0 and F[i, j] == F[i - 1, j - 1] + (match if a[i - 1] == b[j - 1] else mismatch):
            i, j = i - 1, j - 1
            top, bottom = chr(a[i]) + top, chr(b[j]) + bottom
        elif i > 0 and F[i, j] == F[i - 1, j] + gap:
            i -= 1
            top, bottom = chr(a[i]) + top, "-" + bottom
        else:
            j -= 1
            top, bottom = "-" + top, chr(b[j]) + bottom
    return top, bottom, F[-1, -1]
