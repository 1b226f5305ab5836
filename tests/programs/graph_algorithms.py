"""Graphs and geometry."""

import heapq
from collections import defaultdict, deque

import numpy as np

from tests.programs.row import f64, i64, program

G5 = np.array([[0, 4, 0, 0, 8], [4, 0, 8, 0, 11], [0, 8, 0, 7, 0], [0, 0, 7, 0, 9], [8, 11, 0, 9, 0]])


G3 = np.array([[0, 1.5, 0], [1.5, 0, 0], [0, 0, 0]])


INF = float("inf")


@program((G5, 0, 3), (G3, 0, 2), (G3, 1, 1))
def dijkstra_heap(adj, start, goal):
    n = len(adj)
    dist = {start: 0}
    prev = {}
    heap = [(0, start)]
    while heap:
        d, u = heapq.heappop(heap)
        if u == goal:
            break
        if d > dist[u]:
            continue
        for v in range(n):
            w = adj[u][v]
            if w == 0:
                continue
            nd = d + w
            if v not in dist or nd < dist[v]:
                dist[v] = nd
                prev[v] = u
                heapq.heappush(heap, (nd, v))
    if goal not in dist:
        return None, []
    path = [goal]
    while path[-1] != start:
        path.append(prev[path[-1]])
    return dist[goal], path[::-1]


@program((np.where(G5 == 0, np.inf, G5),), (np.where(G3 == 0, 99, G3),))
def floyd_warshall(graph):
    dist = np.array(graph, copy=True)
    V = dist.shape[0]
    for i in range(V):
        dist[i, i] = 0
    for k in range(V):
        for i in range(V):
            for j in range(V):
                if dist[i][k] + dist[k][j] < dist[i][j]:
                    dist[i][j] = dist[i][k] + dist[k][j]
    return dist


@program((G5, 0), (G3, 2), (G3, 0))
def bfs(adj, start):
    visited = [False] * len(adj)
    queue = [start]
    visited[start] = True
    order = []
    while queue:
        s = queue.pop(0)
        order.append(s)
        for i in range(len(adj)):
            if adj[s, i] and not visited[i]:
                queue.append(i)
                visited[i] = True
    return order


@program((G5, 0), (G3, 2))
def dfs_recursive(adj, start):
    visited = []

    def visit(v):
        visited.append(v)
        for w in range(adj.shape[0]):
            if adj[v, w] != 0 and w not in visited:
                visit(w)

    visit(start)
    return visited


@program((G5,), (G3,), (np.zeros((0, 0)),))
def connected_components(adj):
    n = adj.shape[0]
    label = -np.ones(n, dtype=int)
    current = 0
    for s in range(n):
        if label[s] >= 0:
            continue
        stack = [s]
        while stack:
            v = stack.pop()
            if label[v] >= 0:
                continue
            label[v] = current
            for w in np.nonzero(adj[v])[0]:
                if label[w] < 0:
                    stack.append(w)
        current += 1
    return label, current


@program((i64([0, 1, 10], [0, 2, 6], [0, 3, 5], [1, 3, 15], [2, 3, 4]), 4), (i64([0, 1, 1]), 3))
def kruskal(edges, n):
    parent = list(range(n))
    rank = [0] * n

    def find(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def union(x, y):
        xr, yr = find(x), find(y)
        if xr == yr:
            return False
        if rank[xr] < rank[yr]:
            parent[xr] = yr
        elif rank[xr] > rank[yr]:
            parent[yr] = xr
        else:
            parent[yr] = xr
            rank[xr] += 1
        return True

    edges = sorted(edges.tolist(), key=lambda e: e[2])
    mst, cost = [], 0
    for u, v, w in edges:
        if union(u, v):
            mst.append((u, v, w))
            cost += w
    return mst, cost


@program((G5,), (G3 + 1,))
def prim(graph):
    N = graph.shape[0]
    selected = np.zeros(N, dtype=bool)
    selected[0] = True
    edges = []
    while len(edges) < N - 1:
        minimum = np.inf
        a = b = 0
        for m in range(N):
            if selected[m]:
                for n in range(N):
                    if (not selected[n]) and graph[m][n]:
                        if minimum > graph[m][n]:
                            minimum = graph[m][n]
                            a, b = m, n
        edges.append((a, b, graph[a][b]))
        selected[b] = True
    return edges


@program((i64([0, 1], [1, 2], [0, 2]), 3), (i64([0, 1], [1, 0]), 2), (np.zeros((0, 2), int), 2))
def topological_sort(edges, n):
    indegree = [0] * n
    adj = defaultdict(list)
    for u, v in edges:
        adj[u].append(v)
        indegree[v] += 1
    q = deque(i for i in range(n) if indegree[i] == 0)
    order = []
    while q:
        u = q.popleft()
        order.append(u)
        for v in adj[u]:
            indegree[v] -= 1
            if indegree[v] == 0:
                q.append(v)
    if len(order) != n:
        raise ValueError("cycle")
    return order


@program(
    (np.array([[0, 1, 1], [1, 0, 0], [0, 1, 0.0]]), 0.85),
    (np.zeros((2, 2)), 0.5),
    (np.array([[0, 1], [1, 0.0]]), 0.85, 0.0),
)
def pagerank(links, d, eps=1e-6):
    n = links.shape[0]
    out = links.sum(axis=1)
    rank = np.ones(n) / n
    for it in range(100):
        new = np.full(n, (1 - d) / n)
        for i in range(n):
            if out[i] == 0:
                new += d * rank[i] / n
            else:
                for j in np.flatnonzero(links[i]):
                    new[j] += d * rank[i] * links[i, j] / out[i]
        if np.abs(new - rank).sum() < eps:
            return new, it
        rank = new
    return rank, -1


@program((np.array(["S.#", "..#", "#.E"]),), (np.array(["S#E"]),))
def maze_strings(maze):
    rows, cols = len(maze), len(maze[0])
    start = None
    for r in range(rows):
        for c in range(cols):
            if maze[r][c] == "S":
                start = (r, c)
    frontier = [(start, 0)]
    seen = {start}
    while frontier:
        (r, c), d = frontier.pop(0)
        if maze[r][c] == "E":
            return d
        for dr, dc in [(0, 1), (1, 0), (0, -1), (-1, 0)]:
            rr, cc = r + dr, c + dc
            if 0 <= rr < rows and 0 <= cc < cols and maze[rr][cc] != "#" and (rr, cc) not in seen:
                seen.add((rr, cc))
                frontier.append(((rr, cc), d + 1))
    return None


@program((i64([0, 0, 1], [0, 0, 1], [1, 0, 0]), (0, 0), (2, 2)), (i64([0, 1], [1, 0]), (0, 0), (1, 1)))
def maze_bfs(grid, start, goal):
    rows, cols = grid.shape
    queue = deque([start])
    parent = {start: None}
    while queue:
        cur = queue.popleft()
        if cur == goal:
            path = []
            while cur is not None:
                path.append(cur)
                cur = parent[cur]
            return path[::-1]
        r, c = cur
        for nr, nc in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
            if nr < 0 or nr >= rows or nc < 0 or nc >= cols:
                continue
            if grid[nr, nc] == 1 or (nr, nc) in parent:
                continue
            parent[(nr, nc)] = cur
            queue.append((nr, nc))
    return None


@program((i64([1, 1, 0], [0, 1, 0], [1, 0, 1]), 0, 0, 7), (i64([2]), 0, 0, 2))
def flood_fill(image, sr, sc, color):
    old = image[sr, sc]
    if old == color:
        return image
    stack = [(sr, sc)]
    while stack:
        r, c = stack.pop()
        if r < 0 or c < 0 or r >= image.shape[0] or c >= image.shape[1]:
            continue
        if image[r, c] != old:
            continue
        image[r, c] = color
        stack.extend([(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)])
    return image


@program((f64([0, 0], [2, 0], [1, 1], [2, 2], [0, 2], [1, 0.5]),), (f64([0, 0], [1, 1]),))
def convex_hull(points):
    def cross(o, a, b):
        return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])

    pts = sorted(set(map(tuple, points.tolist())))
    if len(pts) <= 2:
        return pts
    lower = []
    for p in pts:
        while len(lower) >= 2 and cross(lower[-2], lower[-1], p) <= 0:
            lower.pop()
        lower.append(p)
    upper = []
    for p in reversed(pts):
        while len(upper) >= 2 and cross(upper[-2], upper[-1], p) <= 0:
            upper.pop()
        upper.append(p)
    return lower[:-1] + upper[:-1]


@program((f64([0, 0], [4, 0], [4, 4], [0, 4]), f64(2, 2)), (f64([0, 0], [4, 0], [4, 4], [0, 4]), f64(5, 2)))
def point_in_polygon(poly, p):
    x, y = p
    inside = False
    j = len(poly) - 1
    for i in range(len(poly)):
        xi, yi = poly[i]
        xj, yj = poly[j]
        if ((yi > y) != (yj > y)) and (x < (xj - xi) * (y - yi) / (yj - yi) + xi):
            inside = not inside
        j = i
    return inside
