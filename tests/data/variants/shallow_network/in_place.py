"""Whatever can be overwritten is overwritten: parameters, the arrays in the cache, even the generator's draws."""
import numpy as np

def initialize_parameters(n_x, n_h, n_y, rng, scale=0.01):
    W1 = rng.standard_normal(size=(n_h, n_x)); W1 *= scale
    W2 = rng.standard_normal(size=(n_y, n_h)); W2 *= scale
    return dict(W1=W1, b1=np.zeros((n_h, 1), dtype=int), W2=W2, b2=np.zeros((n_y, 1), dtype=int))

def forward(X, parameters):
    W1, b1, W2, b2 = (parameters[k] for k in ("W1", "b1", "W2", "b2"))
    Z1 = np.dot(W1, X)
    Z1 += b1
    A1 = Z1.copy()
    np.tanh(A1, out=A1)
    Z2 = np.dot(W2, A1)
    Z2 += b2
    A2 = -Z2
    np.exp(A2, out=A2)
    A2 += 1
    np.reciprocal(A2, out=A2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}

def cross_entropy_cost(A2, Y):
    P = np.where(Y == 1, A2, 1 - A2)
    np.log(P, out=P)
    return -P.mean()

def backward(parameters, cache, X, Y):
    m = Y.size
    dZ2 = cache["A2"]
    dZ2 -= Y                       # the cache is not needed any more
    dW2 = dZ2.dot(cache["A1"].T); dW2 /= m
    db2 = dZ2.sum(1)[:, None] / m
    slope = cache["A1"]
    slope *= -slope
    slope += 1
    slope *= np.dot(parameters["W2"].T, dZ2)
    dW1 = slope.dot(X.T); dW1 /= m
    db1 = slope.sum(1).reshape(-1, 1) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}

def update_parameters(parameters, grads, learning_rate):
    for key in parameters:
        grads["d" + key] *= learning_rate
        parameters[key] = parameters[key] + 0.0
        parameters[key] -= grads["d" + key]
    return parameters

def fit(X, Y, n_h, learning_rate, iterations, rng):
    p = initialize_parameters(X.shape[0], n_h, 1, rng)
    J = np.zeros(iterations)
    for i in range(iterations):
        a, c = forward(X, p)
        J[i] = cross_entropy_cost(a, Y)
        update_parameters(p, backward(p, c, X, Y), learning_rate)
    return p, J

def predict(parameters, X):
    A2 = forward(X, parameters)[0]
    A2[A2 > 0.5] = 1
    A2[A2 <= 0.5] = 0
    return A2
