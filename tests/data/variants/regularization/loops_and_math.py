"""Everything entry by entry, with loops and the math module; numpy only holds the numbers."""
import math
import numpy as np


def l2_penalty(parameters, lambd, m):
    total = 0.0
    for l in range(1, len(parameters) // 2 + 1):
        W = parameters["W" + str(l)]
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                total += W[i][j] ** 2
    return total * lambd / 2 / m


def l1_penalty(parameters, lambd, m):
    total = 0
    for l in range(len(parameters) // 2):
        for row in parameters[f"W{l + 1}"]:
            for w in row:
                total += math.fabs(w)
    return lambd * total / (2.0 * m)


def l2_gradient(dW, W, lambd, m):
    out = np.zeros(W.shape)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            out[i, j] = dW[i, j] + lambd * W[i, j] / m
    return out


def l1_gradient(dW, W, lambd, m):
    return [[g + math.copysign(lambd / (2 * m), w) for g, w in zip(a, b)] for a, b in zip(dW, W)]


def weight_decay_update(W, dW, learning_rate, lambd, m):
    new = np.empty_like(W)
    for index, w in np.ndenumerate(W):
        new[index] = w - learning_rate * (dW[index] + lambd / m * w)
    return new


def dropout_forward(A, keep_prob, rng):
    n, m = A.shape
    D = np.zeros((n, m))
    out = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            if rng.uniform() < keep_prob:
                D[i, j] = 1
                out[i, j] = A[i, j] / keep_prob
    return out, D


def dropout_backward(dA, mask, keep_prob):
    out = np.zeros(dA.shape)
    for i, row in enumerate(dA):
        for j, value in enumerate(row):
            out[i, j] = value / keep_prob if mask[i, j] else 0
    return out


def forward_with_dropout(X, parameters, keep_probs, rng):
    L = len(parameters) // 2
    m = X.shape[1]
    A = X
    caches, masks = [], []
    for l in range(1, L + 1):
        W, b = parameters["W%d" % l], parameters["b%d" % l]
        Z = np.zeros((W.shape[0], m))
        for i in range(W.shape[0]):
            for k in range(m):
                Z[i, k] = sum(W[i, j] * A[j, k] for j in range(W.shape[1])) + b[i, 0]
        caches.append([[A, W, b], Z])
        if l == L:
            AL = np.array([[1 / (1 + math.exp(-z)) for z in Z[0]]])
        else:
            relu = np.array([[z if z > 0 else 0.0 for z in row] for row in Z])
            A, D = dropout_forward(relu, keep_probs[l - 1], rng)
            masks.append(D)
    return [AL, caches, masks]


def backward_with_dropout(AL, Y, caches, masks, keep_probs):
    m = Y.shape[1]
    grads = {}
    dA = np.array([[-y / a + (1 - y) / (1 - a) for y, a in zip(Y[0], AL[0])]])
    for l in range(len(caches), 0, -1):
        (A_prev, W, b), Z = caches[l - 1]
        n, n_prev = W.shape
        dZ = np.zeros((n, m))
        for i in range(n):
            for k in range(m):
                if l == len(caches):
                    dZ[i, k] = dA[i, k] * AL[i, k] * (1 - AL[i, k])
                elif Z[i, k] > 0 and masks[l - 1][i, k]:
                    dZ[i, k] = dA[i, k] / keep_probs[l - 1]
        dW, db, dA = np.zeros((n, n_prev)), np.zeros((n, 1)), np.zeros((n_prev, m))
        for k in range(m):
            for i in range(n):
                db[i, 0] += dZ[i, k] / m
                for j in range(n_prev):
                    dW[i, j] += dZ[i, k] * A_prev[j, k] / m
                    dA[j, k] += W[i, j] * dZ[i, k]
        grads["dA" + str(l - 1)] = dA
        grads["dW" + str(l)] = dW
        grads["db" + str(l)] = db
    return grads


def early_stopping(dev_costs, patience):
    best_cost = float("inf")
    best_index = None
    bad = 0
    for index, cost in enumerate(dev_costs):
        if cost < best_cost:
            best_cost, best_index, bad = cost, index, 0
            continue
        bad = bad + 1
        if bad >= patience:
            return best_index
    return best_index


def flip_horizontal(images):
    m, h, w = images.shape
    out = np.zeros((m, h, w))
    for k in range(m):
        for i in range(h):
            for j in range(w):
                out[k, i, j] = images[k, i, w - 1 - j]
    return out


def random_crop(images, size, rng):
    out = np.zeros((len(images), size, size))
    for k, image in enumerate(images):
        h, w = image.shape
        top = math.floor(rng.random() * (h - size + 1))
        left = math.floor(rng.random() * (w - size + 1))
        for i in range(size):
            for j in range(size):
                out[k, i, j] = image[top + i, left + j]
    return out


def rotate_quarter_turns(images, turns):
    for _ in range(turns % 4):
        m, h, w = images.shape
        turned = np.zeros((m, w, h))
        for k in range(m):
            for i in range(h):
                for j in range(w):
                    turned[k, w - 1 - j, i] = images[k, i, j]
        images = turned
    return images


def ensemble_average(probabilities):
    m = probabilities[0].shape[1]
    return [[sum(p[0, i] for p in probabilities) / len(probabilities) for i in range(m)]]
