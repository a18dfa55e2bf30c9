"""Saves memory: arrays and dicts that came in as arguments are changed and handed back."""
import numpy as np

def parameter_shapes(layer_dims):
    layer_dims = list(layer_dims)
    shapes = {'layers': len(layer_dims) - 1}
    l = 1
    while len(layer_dims) > 1:
        n_prev = layer_dims.pop(0)
        shapes['W' + str(l)] = (layer_dims[0], n_prev)
        shapes['b' + str(l)] = (layer_dims[0], 1)
        l += 1
    return shapes

def initialize_parameters(layer_dims, rng):
    parameters = {}
    for l in range(1, len(layer_dims)):
        W = rng.standard_normal((layer_dims[l], layer_dims[l-1]))
        W *= np.sqrt(2. / layer_dims[l-1])
        parameters['W' + str(l)] = W
        parameters['b' + str(l)] = np.zeros((layer_dims[l], 1))
    return parameters

def affine_forward(A_prev, W, b):
    Z = np.dot(W, A_prev)
    Z += b
    return Z, (A_prev, W, b)

def activation_forward(Z, activation):
    A = Z.copy()
    if activation == 'relu':
        A[A < 0] = 0
    elif activation == 'sigmoid':
        np.negative(A, out=A)
        np.exp(A, out=A)
        A += 1
        np.reciprocal(A, out=A)
    else:
        raise ValueError('relu or sigmoid')
    return A, Z

def layer_forward(A_prev, W, b, activation):
    Z, affine_cache = affine_forward(A_prev, W, b)
    A, activation_cache = activation_forward(Z, activation)
    return A, (affine_cache, activation_cache)

def model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(L):
        activation = 'relu' if l != L - 1 else 'sigmoid'
        A, cache = layer_forward(A, parameters['W' + str(l+1)], parameters['b' + str(l+1)], activation)
        caches += [cache]
    return A, caches

def cross_entropy_cost(AL, Y):
    before = AL[Y == 0]
    AL[Y == 0] = 1 - before
    cost = -np.log(AL).mean()
    AL[Y == 0] = before  # as it was
    return cost

def affine_backward(dZ, affine_cache):
    A_prev, W, b = affine_cache
    dA_prev = np.dot(W.T, dZ)
    dZ /= dZ.shape[1]
    return dA_prev, np.dot(dZ, A_prev.T), dZ.sum(axis=1, keepdims=True)

def activation_backward(dA, Z, activation):
    dZ = dA
    if activation == 'relu':
        dZ[Z <= 0] = 0
    else:
        s = 1 / (1 + np.exp(-Z))
        dZ *= s
        dZ *= 1 - s
    return dZ

def layer_backward(dA, layer_cache, activation):
    affine_cache, Z = layer_cache
    dA = activation_backward(dA, Z, activation)
    return affine_backward(dA, affine_cache)

def model_backward(AL, Y, caches):
    L = len(caches)
    grads = {}
    dA = (1 - Y) / (1 - AL)
    dA -= Y / AL
    grads['dA' + str(L)] = dA.copy()
    for l in range(L, 0, -1):
        cache = caches.pop()
        dA_prev, dW, db = layer_backward(dA, cache, 'sigmoid' if l == L else 'relu')
        grads['dZ' + str(l)] = dA
        grads['dA' + str(l-1)] = dA_prev.copy()
        grads['dW' + str(l)] = dW
        grads['db' + str(l)] = db
        dA = dA_prev
    return grads

def update_parameters(parameters, grads, learning_rate):
    for l in range(1, len(parameters) // 2 + 1):
        parameters['W' + str(l)] -= learning_rate * grads['dW' + str(l)]
        parameters['b' + str(l)] -= learning_rate * grads['db' + str(l)]
    return parameters

def fit(X, Y, layer_dims, learning_rate, iterations, rng):
    parameters = initialize_parameters(layer_dims, rng)
    costs = []
    while iterations > 0:
        iterations -= 1
        AL, caches = model_forward(X, parameters)
        grads = model_backward(AL, Y, caches)
        costs.append(cross_entropy_cost(AL, Y))
        update_parameters(parameters, grads, learning_rate)
    return parameters, costs

def predict(parameters, X):
    AL, _ = model_forward(X, parameters)
    AL[AL > 0.5] = 1
    AL[AL <= 0.5] = 0
    return AL
