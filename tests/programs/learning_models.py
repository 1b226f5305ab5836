"""Models and cells, written from scratch."""

import numpy as np

from tests.programs.row import i64, program

R = np.random.RandomState(0)


X4 = R.randn(4, 3).round(2)


X6 = R.randn(6, 2).round(2)


T = ("converted", "traced")


@program((X6.copy(), X6[:2].copy()), (X6[:4].astype(np.float32), X6[:3].astype(np.float32)))
def kmeans(X, centroids, max_iters=10):
    K = centroids.shape[0]
    labels = np.zeros(len(X), dtype=int)
    for it in range(max_iters):
        changed = False
        for i, x in enumerate(X):
            best, best_d = None, float("inf")
            for k in range(K):
                d = np.sqrt(((x - centroids[k]) ** 2).sum())
                if d < best_d:
                    best, best_d = k, d
            if labels[i] != best:
                labels[i] = best
                changed = True
        for k in range(K):
            members = X[labels == k]
            if len(members) > 0:
                centroids[k] = members.mean(axis=0)
        if not changed and it > 0:
            break
    return labels, centroids, it


@program((X6.copy(), i64(1, 0, 1, 1, 0, 0), 20), (X4.astype(np.float32), i64(1, 0, 1, 0), 5))
def logistic_regression(X, y, epochs, lr=0.1, verbose=True):
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    m, n = X.shape
    w = np.zeros(n)
    b = 0
    losses = []
    for epoch in range(epochs):
        y_hat = sigmoid(X.dot(w) + b)
        loss = -np.mean(y * np.log(y_hat + 1e-9) + (1 - y) * np.log(1 - y_hat + 1e-9))
        losses.append(loss)
        dw = (1 / m) * X.T.dot(y_hat - y)
        db = (1 / m) * np.sum(y_hat - y)
        w -= lr * dw
        b -= lr * db
        if verbose and epoch % 5 == 0:
            print(f"Epoch {epoch}: loss={loss:.4f}")
    acc = np.mean((sigmoid(X @ w + b) > 0.5) == y)
    return w, b, losses, acc


class RNNCell:
    def __init__(self, n_in, n_hidden):
        rng = np.random.RandomState(42)
        self.Wxh = rng.randn(n_hidden, n_in) * 0.1
        self.Whh = rng.randn(n_hidden, n_hidden) * 0.1
        self.bh = np.zeros(n_hidden)
        self.n_hidden = n_hidden

    def __call__(self, x, h=None):
        if h is None:
            h = np.zeros(self.n_hidden)
        return np.tanh(self.Wxh @ x + self.Whh @ h + self.bh)


CELL = RNNCell(3, 4)


@program((X4.copy(),), (X4[:2].astype(np.float32),), (np.zeros((0, 3)),), stages="while_loop")
def run_rnn(seq):
    h = None
    outputs = []
    for x in seq:
        h = CELL(x, h)
        outputs.append(h)
    if not outputs:
        return None
    return np.stack(outputs), h


class LSTMCell:
    def __init__(self, input_size, hidden_size):
        rng = np.random.RandomState(1)
        self.hidden_size = hidden_size
        self.params = {
            name: rng.randn(hidden_size, input_size + hidden_size) * 0.1 for name in ("Wf", "Wi", "Wc", "Wo")
        }
        self.params.update({b: np.zeros((hidden_size, 1)) for b in ("bf", "bi", "bc", "bo")})

    @staticmethod
    def sigmoid(x):
        return 1.0 / (1.0 + np.exp(-x))

    def forward(self, x, h, c):
        p = self.params
        z = np.vstack((h, x))
        f = self.sigmoid(p["Wf"] @ z + p["bf"])
        i = self.sigmoid(p["Wi"] @ z + p["bi"])
        g = np.tanh(p["Wc"] @ z + p["bc"])
        o = self.sigmoid(p["Wo"] @ z + p["bo"])
        c = f * c + i * g
        h = o * np.tanh(c)
        return h, c

    def init_state(self):
        return np.zeros((self.hidden_size, 1)), np.zeros((self.hidden_size, 1))


LSTM = LSTMCell(3, 2)


@program((X4.copy(), 4), (X4.copy(), 2), (X4[:1].copy(), 0))
def run_lstm_with_lengths(inputs, length):
    h, c = LSTM.init_state()
    hs = {}
    for t in range(inputs.shape[0]):
        x = inputs[t].reshape(-1, 1)
        h_new, c_new = LSTM.forward(x, h, c)
        if t < length:
            h, c = h_new, c_new
        hs[t] = h.ravel()
    return h, c, hs


@program((R.rand(5, 4).round(3), 2), (R.rand(3, 3).astype(np.float32), 3), (np.ones((1, 2)), 1))
def beam_search(probs, k):
    sequences = [[list(), 0.0]]
    for row in probs:
        all_candidates = list()
        for i in range(len(sequences)):
            seq, score = sequences[i]
            for j in range(len(row)):
                candidate = [seq + [j], score - np.log(row[j] + 1e-9)]
                all_candidates.append(candidate)
        ordered = sorted(all_candidates, key=lambda tup: tup[1])
        sequences = ordered[:k]
    return sequences


@program(
    (np.array([[0.1, 2.0, 0.3], [0.4, 0.1, 3.0], [1.0, 0.2, 0.1]]), 1, 0, 5),
    (np.eye(4)[[1, 2, 3, 0]], 0, 3, 10),
    (np.eye(2), 1, 0, 3),
)
def greedy_decode(logits, start, eos, max_len):
    tokens = [start]
    while len(tokens) < max_len:
        scores = logits[tokens[-1]]
        probs = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
        nxt = int(np.argmax(probs))
        tokens.append(nxt)
        if nxt == eos:
            break
    else:
        print("hit max length")
    return np.array(tokens)


class Layer:
    def __init__(self, n_in, n_out, activation="relu", seed=0):
        rng = np.random.RandomState(seed)
        self.W = rng.randn(n_in, n_out) * np.sqrt(2.0 / n_in)
        self.b = np.zeros((1, n_out))
        self.activation = activation

    def forward(self, x):
        self.x = x
        self.z = x @ self.W + self.b
        if self.activation == "relu":
            self.a = np.maximum(0, self.z)
        elif self.activation == "sigmoid":
            self.a = 1 / (1 + np.exp(-self.z))
        else:
            self.a = self.z
        return self.a

    def backward(self, grad, lr):
        if self.activation == "relu":
            grad = grad * (self.z > 0)
        elif self.activation == "sigmoid":
            grad = grad * self.a * (1 - self.a)
        dW = self.x.T @ grad
        db = grad.sum(axis=0, keepdims=True)
        out = grad @ self.W.T
        self.W -= lr * dW
        self.b -= lr * db
        return out


class MLP:
    def __init__(self, sizes):
        self.layers = []
        for i in range(len(sizes) - 1):
            last = i == len(sizes) - 2
            self.layers.append(Layer(sizes[i], sizes[i + 1], "sigmoid" if last else "relu", seed=i))
        self.history = []

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def fit(self, X, y, epochs=3, lr=0.1):
        for e in range(epochs):
            out = self.predict(X)
            err = out - y
            loss = float(np.mean(err**2))
            self.history.append(loss)
            grad = 2 * err / err.size
            for layer in reversed(self.layers):
                grad = layer.backward(grad, lr)
            if loss < 1e-4:
                break
        return self.history[-1]


@program(
    (X4.copy(), np.array([[0.0], [1.0], [1.0], [0.0]])), (X4[:2].copy(), np.array([[0.0], [1.0]])), forms=T, made=True
)
def mlp_fit():
    net = MLP([3, 4, 1])

    def train(X, y):
        net.fit(X, y, epochs=3)
        return net.predict(X)

    return train


@program(
    (X4.copy(), np.array([[0.0], [1.0], [1.0], [0.0]])), (X4[:2].copy(), np.array([[0.0], [1.0]])), forms=T, made=True
)
def mlp_method_directly():
    return MLP([3, 2, 1]).fit


@program((X4.copy(), 3), (X4[:2].copy(), 0))
def mlp_inside(X, epochs):
    net = MLP([X.shape[1], 2, 1])
    y = (X.sum(axis=1, keepdims=True) > 0).astype(float)
    for _ in range(epochs):
        net.fit(X, y, epochs=1, lr=0.5)
    return net.predict(X), net.history


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
