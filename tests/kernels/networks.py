"""Layers of networks, written out."""

import numpy as np

from tests.kernels.row import kernel, real, whole


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@kernel((real(3, 2), real(2, 4), real(4, 4), real(4)), (real(6, 3), real(3, 5), real(5, 5), real(5)))
def rnn(xs, Wx, Wh, b):
    h = np.zeros(Wh.shape[0])
    hs = []
    for x in xs:
        h = np.tanh(x @ Wx + h @ Wh + b)
        hs.append(h)
    return np.stack(hs)


@kernel(
    (real(2, 2, 3), real(12, 3), real(12, 3), real(12)),
    (real(3, 5, 2).astype(np.float32), real(16, 2).astype(np.float32), real(16, 4), real(16).astype(np.float32)),
)
def lstm(x, W, U, b):
    batch, steps, _ = x.shape
    n = U.shape[1]
    h = np.zeros((batch, n), x.dtype)
    c = np.zeros((batch, n), x.dtype)
    out = np.zeros((batch, steps, n), x.dtype)
    for t in range(steps):
        z = x[:, t] @ W.T + h @ U.T + b
        i, f, g, o = np.split(z, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        out[:, t] = h
    return out, (h, c)


@kernel((real(3, 2), real(3, 2, 3), real(3, 3, 3)), (real(5, 3), real(3, 3, 4), real(3, 4, 4)))
def gru_by_units(xs, W, U):
    n = U.shape[1]
    h = np.zeros(n)
    for x in xs:
        r, z, cand = np.zeros(n), np.zeros(n), np.zeros(n)
        for k in range(n):
            r[k] = sigmoid(x @ W[0][:, k] + h @ U[0][:, k])
            z[k] = sigmoid(x @ W[1][:, k] + h @ U[1][:, k])
        for k in range(n):
            cand[k] = np.tanh(x @ W[2][:, k] + (r * h) @ U[2][:, k])
        h = (1 - z) * h + z * cand
    return h


@kernel((real(3, 4), real(3, 4, seed=1), real(3, 4, seed=2), False), (real(5, 4), real(5, 4), real(5, 6), True))
def attention(q, k, v, causal):
    scores = q @ k.T / np.sqrt(q.shape[-1])
    if causal:
        scores[np.triu_indices(len(q), 1)] = -np.inf
    return softmax(scores) @ v


@kernel((real(3, 4), 2), (real(5, 6), 3))
def attention_by_heads_and_rows(x, heads):
    T, D = x.shape
    d = D // heads
    out = np.zeros_like(x)
    for h in range(heads):
        part = x[:, h * d : (h + 1) * d]
        for i in range(T):
            s = np.empty(i + 1)
            for j in range(i + 1):
                s[j] = (part[i] * part[j]).sum() / np.sqrt(d)
            w = np.exp(s - np.max(s))
            w /= w.sum()
            for j in range(i + 1):
                out[i, h * d : (h + 1) * d] += w[j] * part[j]
    return out


@kernel((real(1, 2, 4, 4), real(2, 2, 3, 3), real(2), 1, 0), (real(2, 1, 5, 6), real(3, 1, 3, 2), real(3), 2, 1))
def conv_layer_by_pixels(x, w, b, stride, pad):
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    n, c, h, wd = x.shape
    f, _, kh, kw = w.shape
    oh, ow = (h - kh) // stride + 1, (wd - kw) // stride + 1
    y = np.zeros((n, f, oh, ow))
    for b_i in range(n):
        for f_i in range(f):
            for i in range(oh):
                for j in range(ow):
                    patch = x[b_i, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
                    y[b_i, f_i, i, j] = np.sum(patch * w[f_i]) + b[f_i]
    return np.maximum(y, 0)


@kernel((real(1, 2, 2, 2), real(1, 1, 4, 4)), (real(2, 2, 3, 2), real(2, 1, 7, 6)))
def conv_backward_weights(dout, x):
    n, f, oh, ow = dout.shape
    kh, kw = x.shape[2] - oh + 1, x.shape[3] - ow + 1
    dw = np.zeros((f, x.shape[1], kh, kw))
    db = np.zeros(f)
    for img in range(n):
        for k in range(f):
            db[k] += dout[img, k].sum()
            for r in range(oh):
                for s in range(ow):
                    dw[k] += dout[img, k, r, s] * x[img, :, r : r + kh, s : s + kw]
    return dw, db


@kernel((real(1, 4, 4),), (real(2, 6, 7),))
def max_pool(x):
    c, h, w = x.shape
    out = np.full((c, h // 2, w // 2), -np.inf)
    arg = np.zeros(out.shape + (2,), dtype=int)
    for ch in range(c):
        for i in range(h // 2 * 2):
            for j in range(w // 2 * 2):
                if x[ch, i, j] > out[ch, i // 2, j // 2]:
                    out[ch, i // 2, j // 2] = x[ch, i, j]
                    arg[ch, i // 2, j // 2] = i, j
    return out, arg


@kernel(
    (real(4, 3), np.ones(3), np.zeros(3), np.zeros(3), np.ones(3), True),
    (real(6, 4), real(4), real(4), np.zeros(4), np.ones(4), True),
    (real(6, 4), real(4), real(4), np.zeros(4), np.ones(4), False),
)
def batch_norm(x, gamma, beta, running_mean, running_var, training):
    if training:
        mean, var = x.mean(axis=0), x.var(axis=0)
        running_mean *= 0.9
        running_mean += 0.1 * mean
        running_var[:] = 0.9 * running_var + 0.1 * var
    else:
        mean, var = running_mean, running_var
    return gamma * (x - mean) / np.sqrt(var + 1e-5) + beta


@kernel((real(3, 4), 0.1), (real(2, 3, 5), 1e-5))
def layer_norm_rows(x, eps):
    flat = x.reshape(-1, x.shape[-1])
    for row in flat:
        m = row.mean()
        row -= m
        row /= np.sqrt((row**2).mean() + eps)


@kernel(
    (real(4, 2), whole(4, below=2), 3, 2),
    (real(6, 3), whole(6, below=2), 5, 4),
)
def train_mlp(X, y, hidden, epochs):
    W1 = np.sin(np.arange(X.shape[1] * hidden)).reshape(X.shape[1], hidden)
    b1 = np.zeros(hidden)
    W2 = np.cos(np.arange(hidden * 2)).reshape(hidden, 2)
    b2 = np.zeros(2)
    losses = []
    for epoch in range(epochs):
        h = np.maximum(0, X @ W1 + b1)
        p = softmax(h @ W2 + b2, axis=1)
        losses.append(-np.mean(np.log(p[np.arange(len(y)), y])))
        p[range(len(y)), y] -= 1
        p /= len(y)
        dW2, db2 = h.T @ p, p.sum(axis=0)
        dh = p @ W2.T
        dh[h <= 0] = 0
        for param, grad in zip((W1, b1, W2, b2), (X.T @ dh, dh.sum(0), dW2, db2)):
            param -= 0.5 * grad
    return losses, W1, b2


def adam_update(params, grads, m, v, t, lr=0.1, b1=0.9, b2=0.999):
    for k in params:
        m[k] = b1 * m[k] + (1 - b1) * grads[k]
        v[k] = b2 * v[k] + (1 - b2) * grads[k] ** 2
        params[k] -= lr * (m[k] / (1 - b1**t)) / (np.sqrt(v[k] / (1 - b2**t)) + 1e-8)


@kernel((real(4, 2), real(4), 2), (real(7, 3), real(7), 4))
def linear_regression_adam(X, y, steps):
    params = {"w": np.zeros(X.shape[1]), "b": np.zeros(())}
    m = {k: np.zeros_like(p) for k, p in params.items()}
    v = {k: np.zeros_like(p) for k, p in params.items()}
    for t in range(1, steps + 1):
        err = X @ params["w"] + params["b"] - y
        adam_update(params, {"w": X.T @ err / len(y), "b": err.mean()}, m, v, t)
    return params


@kernel((whole(4, below=2) * 2.0 - 1, real(4, 2), 3), (np.sign(real(8)), real(8, 3), 6))
def perceptron(labels, X, epochs):
    w = np.zeros(X.shape[1] + 1)
    for epoch in range(epochs):
        errors = 0
        for xi, target in zip(X, labels):
            predicted = 1 if xi @ w[1:] + w[0] >= 0.0 else -1
            if predicted != target:
                w[1:] += 0.1 * target * xi
                w[0] += 0.1 * target
                errors += 1
        if not errors:
            break
    return w, epoch
