"""Games and simulations."""

import enum
from dataclasses import dataclass, field

import numpy as np

from tests.programs.row import f32, f64, i64, program

T = ("converted", "traced")


BLINKER = np.array([[0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]])


@program((BLINKER.copy(), 2), (BLINKER[:3, :4].astype(np.uint8), 1))
def game_of_life(board, steps):
    rows, cols = board.shape
    for _ in range(steps):
        new = board.copy()
        for i in range(rows):
            for j in range(cols):
                live = 0
                for di in (-1, 0, 1):
                    for dj in (-1, 0, 1):
                        if di == 0 and dj == 0:
                            continue
                        ni, nj = (i + di) % rows, (j + dj) % cols
                        live += board[ni, nj]
                if board[i, j] == 1 and (live < 2 or live > 3):
                    new[i, j] = 0
                elif board[i, j] == 0 and live == 3:
                    new[i, j] = 1
        board = new
    return board


@program((BLINKER.copy(), 2), (BLINKER.astype(bool), 1))
def life_with_roll(grid, n):
    for gen in range(n):
        neighbours = sum(
            np.roll(np.roll(grid, i, 0), j, 1) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i != 0 or j != 0)
        )
        grid = (neighbours == 3) | (grid & (neighbours == 2))
    return grid


@program((f64(0.5, -0.2, 0.9, -0.7), 1.0), (f32(1, 1, 1), 2.0), (f64(), 1.0))
def random_walk(noise, barrier):
    pos = 0.0
    path = [pos]
    hit = -1
    for t, n in enumerate(noise):
        pos += 1 if n > 0 else -1
        path.append(pos)
        if abs(pos) >= barrier and hit < 0:
            hit = t
    return np.array(path), hit


@program(
    (f64([0, 0], [1, 0], [0, 2]), f64([0, 0], [0, 1], [-1, 0]), f64(10, 1, 0.5), 0.01, 5),
    (f64([0, 0, 0], [1, 1, 1]), np.zeros((2, 3)), f64(1, 1), 0.1, 2),
)
def n_body(pos, vel, mass, dt, steps):
    N = len(mass)
    G = 1.0
    soft = 0.1
    for s in range(steps):
        acc = np.zeros_like(pos)
        for i in range(N):
            for j in range(N):
                if i == j:
                    continue
                dr = pos[j] - pos[i]
                inv_r3 = (np.sum(dr**2) + soft**2) ** (-1.5)
                acc[i] += G * mass[j] * dr * inv_r3
        vel += acc * dt
        pos += vel * dt
    KE = 0.5 * np.sum(mass * np.sum(vel**2, axis=1))
    return pos, vel, KE


@program((f64(0, 1, 1.5, 4), f64(1, 1, 1, 1)), (f64(0, 0, 0), f64(2, 1, 1)))
def single_server_queue(arrivals, services):
    t_free = 0.0
    waits = []
    busy = 0.0
    for a, s in zip(arrivals, services):
        start = max(a, t_free)
        waits.append(start - a)
        t_free = start + s
        busy += s
    return {"mean_wait": sum(waits) / len(waits), "max_wait": max(waits), "utilisation": busy / t_free}


@program(([3, 1, 2], 1), ([5], 2), ([], 1))
def round_robin(bursts, quantum):
    queue = [(i, b) for i, b in enumerate(bursts)]
    t = 0
    finish = {}
    while queue:
        pid, left = queue.pop(0)
        if left > quantum:
            t += quantum
            queue.append((pid, left - quantum))
        else:
            t += left
            finish[pid] = t
    return finish, t


class State(enum.Enum):
    IDLE = 0
    RUNNING = 1
    DONE = 2


@program((i64(0, 1, 0, 1, 2),), (i64(0),), (i64(1, 2, 1),))
def enum_machine(events):
    state = State.IDLE
    ticks = 0
    for e in events:
        if state is State.IDLE:
            if e == 1:
                state = State.RUNNING
        elif state is State.RUNNING:
            ticks += 1
            if e == 2:
                state = State.DONE
        else:
            break
    return state.name, state.value, ticks


@program((["coin", "push", "push", "coin"],), (["push"],), (["kick"],))
def turnstile(events):
    state = "locked"
    passed = 0
    for event in events:
        if state == "locked" and event == "coin":
            state = "unlocked"
        elif state == "unlocked" and event == "push":
            state = "locked"
            passed += 1
        elif event not in ("coin", "push"):
            raise ValueError("unknown event: " + event)
    return state, passed


@program((i64(0, 1, 1, 2, 0),), (i64(2, 2),), (i64(),))
def traffic_light(inputs):
    table = {("red", 0): "green", ("green", 1): "yellow", ("yellow", 1): "red", ("yellow", 2): "red"}
    state = "red"
    names = ["red"]
    for i in inputs:
        state = table.get((state, int(i)), state)
        names.append(state)
    return names


@program(
    (i64([1, 2, 1], [2, 1, 2], [2, 1, 1]),),
    (i64([1, 2, 1], [2, 2, 2], [2, 1, 1]),),
    (i64([0, 0, 0], [0, 0, 0], [0, 0, 0]),),
    (i64([1, 2, 1], [1, 2, 2], [2, 1, 1]),),
    (i64([2, 2, 1], [0, 1, 0], [1, 0, 0]),),
)
def tic_tac_toe(board):
    for player in [1, 2]:
        for i in range(3):
            if all(board[i, :] == player) or all(board[:, i] == player):
                return f"player {player} wins"
        if board[0, 0] == board[1, 1] == board[2, 2] == player:
            return f"player {player} wins"
        if board[0, 2] == player and board[1, 1] == player and board[2, 0] == player:
            return f"player {player} wins"
    if (board == 0).any():
        return "open"
    return "draw"


@program((5, f64(0, -1, 1)), (3, f64(2)), (0, f64()), (3, f64(-200)))
def bouncing_ball(steps, kicks, g=9.81, dt=0.1):
    y, v = 10.0, 0.0
    bounces = 0
    ys = np.zeros(steps)
    k = 0
    for i in range(steps):
        v -= g * dt
        if k < len(kicks):
            v += kicks[k]
            k += 1
        y += v * dt
        if y < 0:
            y = -y
            v = -0.8 * v
            bounces += 1
        ys[i] = y
    return ys, bounces


@dataclass
class Particle:
    x: float
    v: float = 0.0
    alive: bool = True
    trail: list = field(default_factory=list)

    def step(self, dt, force):
        self.v += force * dt
        self.x += self.v * dt
        self.trail.append(self.x)
        if self.x < 0:
            self.alive = False


@program((1.0, f64(-1, -1, -50, 1)), (2.0, f64(1.0)), (np.float32(1), f32(1, 2)))
def particle(x0, forces):
    p = Particle(x0)
    for f in forces:
        if not p.alive:
            break
        p.step(0.1, f)
    return p.x, p.v, p.alive, p.trail


@program((3, 10), (0, 5), (5, 1))
def particles_list(n, steps):
    ps = [Particle(float(i + 1), v=-0.5 * i) for i in range(n)]
    for s in range(steps):
        for p in ps:
            if p.alive:
                p.step(0.2, -1.0)
    return [p.x for p in ps], sum(p.alive for p in ps), [len(p.trail) for p in ps]


@program((0.5, 100.0, 20.0, 10), (np.float64(0.1), 40.0, 9.0, 3))
def lotka_volterra(h, prey, predator, steps):
    alpha, beta, delta, gamma = 1.1, 0.4, 0.1, 0.4
    hist = np.empty((steps + 1, 2))
    hist[0] = prey, predator
    for t in range(1, steps + 1):
        dprey = (alpha - beta * predator / 100) * prey
        dpred = (delta * prey / 100 - gamma) * predator
        prey, predator = max(0, prey + h * dprey), max(0, predator + h * dpred)
        hist[t, :] = [prey, predator]
    return hist
