"""Steps of training and evaluation, written from scratch."""

import numpy as np

from tests.programs.row import f32, f64, given, i64, program

R = np.random.RandomState(0)


X4 = R.randn(4, 3).round(2)


X6 = R.randn(6, 2).round(2)


T = ("converted", "traced")


class Adam:
    def __init__(self, lr=0.01, betas=(0.9, 0.999), eps=1e-8):
        self.lr, self.eps = lr, eps
        self.b1, self.b2 = betas
        self.m, self.v = {}, {}
        self.t = 0

    def step(self, params, grads):
        self.t += 1
        for key in params:
            if key not in self.m:
                self.m[key] = np.zeros_like(params[key])
                self.v[key] = np.zeros_like(params[key])
            self.m[key] = self.b1 * self.m[key] + (1 - self.b1) * grads[key]
            self.v[key] = self.b2 * self.v[key] + (1 - self.b2) * grads[key] ** 2
            m_hat = self.m[key] / (1 - self.b1**self.t)
            v_hat = self.v[key] / (1 - self.b2**self.t)
            params[key] = params[key] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        return params


@program((X4.copy(), f64(1, 0, 2, 1), 5), (X4.astype(np.float32), f32(1, 0, 2, 1), 3), (X4.copy(), f64(1, 0, 2, 1), 0))
def adam_linear_regression(X, y, steps):
    params = {"w": np.zeros(X.shape[1], X.dtype), "b": np.zeros(1, X.dtype)}
    opt = Adam(lr=0.1)
    for step in range(steps):
        pred = X @ params["w"] + params["b"]
        diff = pred - y
        grads = {"w": 2 * X.T @ diff / len(y), "b": np.array([2 * diff.mean()])}
        params = opt.step(params, grads)
    return params, opt.t, opt.m


@program(({"w": f64(1, 2), "b": f64(3)}, {"w": f64(0.1, 0.2), "b": f64(0.3)}), forms=T, made=True)
def adam_outside():
    opt = Adam()
    return opt.step


@program((R.rand(4, 3), R.rand(4, 3)), (R.rand(2, 5).astype(np.float32), R.rand(2, 5).astype(np.float32)))
def cosine_similarity_matrix(a, b):
    out = np.zeros((a.shape[0], b.shape[0]))
    for i in range(a.shape[0]):
        for j in range(b.shape[0]):
            num = a[i].dot(b[j])
            den = np.linalg.norm(a[i]) * np.linalg.norm(b[j])
            out[i, j] = num / den if den else 0
    return out


@program((X4.copy(), 2), (X6.copy(), 1))
def pca(X, n_components):
    X = X - np.mean(X, axis=0)
    cov = np.cov(X.T)
    values, vectors = np.linalg.eigh(cov)
    order = values.argsort()[::-1]
    components = vectors[:, order[:n_components]]
    return np.abs(X @ components), values[order]


@program((f32(1, -2, 3), "relu"), (f32(1, -2, 3), "tanh"), (f64(1, -2, 3), "gelu"), (f64(1, -2), "nope"))
def activation(x, kind):
    if kind == "relu":
        return np.maximum(x, 0)
    elif kind == "tanh":
        return np.tanh(x)
    elif kind in ("gelu", "gelu_new"):
        return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    raise NotImplementedError(f"activation {kind!r}")


@program(
    (R.randn(2, 3), R.randn(4, 3), R.randn(4, 3), None),
    (R.randn(2, 3), R.randn(2, 3), R.randn(2, 3), np.tril(np.ones((2, 2)))),
)
def attention(q, k, v, mask):
    d_k = q.shape[-1]
    scores = q @ k.T / np.sqrt(d_k)
    if mask is not None:
        scores = np.where(mask == 0, -1e9, scores)
    scores = scores - scores.max(-1, keepdims=True)
    weights = np.exp(scores)
    weights /= weights.sum(-1, keepdims=True)
    return weights @ v, weights


@program(
    (f64(0.1, 0.9, 0.4, 0.7), i64(0, 1, 0, 1), 0.5), (f64(0.1, 0.2), i64(1, 1), 0.5), (f64(0.9, 0.8), i64(0, 0), 0.5)
)
def precision_recall_f1(scores, truth, threshold):
    tp = fp = fn = tn = 0
    for s, t in zip(scores, truth):
        pred = 1 if s >= threshold else 0
        if pred == 1 and t == 1:
            tp += 1
        elif pred == 1 and t == 0:
            fp += 1
        elif pred == 0 and t == 1:
            fn += 1
        else:
            tn += 1
    try:
        precision = tp / (tp + fp)
        recall = tp / (tp + fn)
        f1 = 2 * precision * recall / (precision + recall)
    except ZeroDivisionError:
        precision, recall, f1 = 0.0, 0.0, 0.0
    return dict(precision=precision, recall=recall, f1=f1, matrix=[[tn, fp], [fn, tp]])


class EarlyStopping:
    def __init__(self, patience=2, delta=0.0):
        self.patience = patience
        self.delta = delta
        self.best = None
        self.counter = 0
        self.stop = False

    def __call__(self, loss):
        if self.best is None or loss < self.best - self.delta:
            self.best = loss
            self.counter = 0
        else:
            self.counter += 1
            if self.counter >= self.patience:
                self.stop = True


@program((f64(1, 0.5, 0.6, 0.7, 0.1),), (f64(3, 2, 1),), (f64(),))
def early_stopping(losses):
    es = EarlyStopping(patience=2)
    last = -1
    for epoch, loss in enumerate(losses):
        last = epoch
        es(loss)
        if es.stop:
            print("Early stopping at epoch", epoch)
            break
    return last, es.best, es.counter


@program(
    (R.rand(5, 5).round(2), np.ones((3, 3)) / 9, 1), (R.rand(6, 6).astype(np.float32), np.ones((2, 2), np.float32), 2)
)
def conv2d_loops(image, kernel, stride):
    kh, kw = kernel.shape
    oh = (image.shape[0] - kh) // stride + 1
    ow = (image.shape[1] - kw) // stride + 1
    out = np.zeros((oh, ow), dtype=image.dtype)
    for i in range(oh):
        for j in range(ow):
            patch = image[i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[i, j] = np.sum(patch * kernel)
    return out


@program((R.rand(4, 4), 2, "max"), (R.rand(4, 6), 2, "avg"), (R.rand(4, 4), 2, "huh"))
def pool2d(x, size, mode):
    h, w = x.shape
    out = np.zeros((h // size, w // size))
    for i in range(0, h, size):
        for j in range(0, w, size):
            window = x[i : i + size, j : j + size]
            if mode == "max":
                out[i // size, j // size] = window.max()
            elif mode == "avg":
                out[i // size, j // size] = window.mean()
            else:
                raise ValueError("Unknown mode")
    return out


@program((R.rand(3, 4).round(2), i64(1, 2, 0)), (R.rand(2, 2).astype(np.float32), i64(0, 1)))
def softmax_cross_entropy(logits, labels):
    N = logits.shape[0]
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    loss = -np.sum(log_probs[np.arange(N), labels]) / N
    dx = np.exp(log_probs)
    dx[range(N), labels] -= 1
    dx /= N
    return loss, dx


@program((R.rand(6, 3), 4, True), (R.rand(6, 3), 2, False), (R.rand(5, 3), 2, True))
def minibatches(X, batch_size, drop_last):
    batches = []
    n = len(X)
    for start in range(0, n, batch_size):
        end = min(start + batch_size, n)
        if drop_last and end - start < batch_size:
            break
        batches.append(X[start:end])
    return batches, len(batches)


class BatchNorm:
    def __init__(self, n, momentum=0.9):
        self.gamma = np.ones(n)
        self.beta = np.zeros(n)
        self.running_mean = np.zeros(n)
        self.running_var = np.ones(n)
        self.momentum = momentum

    def forward(self, x, training=True):
        if training:
            mu, var = x.mean(0), x.var(0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mu
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        else:
            mu, var = self.running_mean, self.running_var
        return self.gamma * (x - mu) / np.sqrt(var + 1e-5) + self.beta


@program((X4.copy(),), (X4.copy(), False), given(X4 + 1, training=True), forms=T, made=True)
def batch_norm():
    return BatchNorm(3).forward


@program(
    (f64([0.7, 0.3], [0.4, 0.6]), f64([0.5, 0.4, 0.1], [0.1, 0.3, 0.6]), f64(0.6, 0.4), i64(0, 1, 2)),
    (np.eye(2), np.eye(2), f64(0.5, 0.5), i64(1, 1)),
)
def viterbi(A, B, pi, obs):
    n_states = A.shape[0]
    T = len(obs)
    delta = np.zeros((T, n_states))
    psi = np.zeros((T, n_states), dtype=int)
    delta[0] = pi * B[:, obs[0]]
    for t in range(1, T):
        for s in range(n_states):
            probs = delta[t - 1] * A[:, s]
            psi[t, s] = np.argmax(probs)
            delta[t, s] = probs[psi[t, s]] * B[s, obs[t]]
    path = [int(np.argmax(delta[-1]))]
    for t in range(T - 1, 0, -1):
        path.insert(0, int(psi[t, path[0]]))
    return path, delta.max()


@program((np.array([[0.1, 0.0], [0.9, 0.5], [0.2, 0.3]]), 3), (np.zeros((2, 2)), 2))
def q_learning(rewards, episodes, alpha=0.5, gamma=0.9):
    n_states, n_actions = rewards.shape
    Q = np.zeros((n_states, n_actions))
    for ep in range(episodes):
        s = 0
        done = False
        while not done:
            a = int(np.argmax(Q[s])) if (ep + s) % 2 == 0 else (ep + s) % n_actions
            r = rewards[s, a]
            s2 = s + 1
            done = s2 == n_states
            target = r if done else r + gamma * np.max(Q[s2])
            Q[s, a] += alpha * (target - Q[s, a])
            s = s2
    return Q
