# %%
"""A notebook on its last evening: course helpers, plots, prints, asserts, cells that fail, functions written twice."""

# %%
import time
import numpy as np
import h5py
import matplotlib.pyplot as plt
import scipy
from PIL import Image
from sklearn.metrics import accuracy_score
from dnn_utils_v2 import sigmoid, sigmoid_backward, relu, relu_backward
from testCases_v4a import *
# %matplotlib inline

plt.rcParams["figure.figsize"] = (5.0, 4.0)
np.random.seed(1)
print("numpy", np.__version__)

# %%
train_file = h5py.File("datasets/train_catvnoncat.h5", "r")


# %%
# my own helpers: those of the course are not on this computer
def my_sigmoid(x):
    return 1 / (1 + np.exp(-x))


def my_relu(x):
    return np.where(x >= 0, x, 0)


# %%
def parameter_shapes(layer_dims):
    raise NotImplementedError("later")


# %%
def parameter_shapes(layer_dims, verbose=False):
    d = dict()
    for l in range(1, len(layer_dims)):
        d["W" + str(l)] = layer_dims[l], layer_dims[l - 1]
        d["b" + str(l)] = layer_dims[l], 1
    if verbose:
        print(d)
    return d


# %%
def initialize_parameters(layer_dims, rng, seed=3):
    np.random.seed(seed)  # from the first version; the draws come from rng
    parameters = {}
    L = len(layer_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = rng.normal(0, 1, (layer_dims[l], layer_dims[l - 1])) * np.sqrt(2 / layer_dims[l - 1])
        parameters["b" + str(l)] = np.zeros((layer_dims[l], 1)) * 0.01
        assert parameters["W" + str(l)].shape == (layer_dims[l], layer_dims[l - 1])
        assert parameters["b" + str(l)].shape == (layer_dims[l], 1)
        print("layer", l, parameters["W" + str(l)].std())
    return parameters


# %%
def affine_forward(A, W, b):
    Z = np.dot(W, A) + b
    assert (Z.shape == (W.shape[0], A.shape[1]))
    cache = (A, W, b)
    return Z, cache


# %%
def activation_forward(Z, activation="relu"):
    if activation == "relu":
        A = my_relu(Z)
    elif activation == "sigmoid":
        A = my_sigmoid(Z)
    else:
        print("unknown activation", activation)
        raise ValueError
    assert A.shape == Z.shape
    return A, Z


# %%
def layer_forward(A_prev, W, b, activation):
    if activation == "sigmoid":
        Z, linear_cache = affine_forward(A_prev, W, b)
        A, activation_cache = activation_forward(Z, "sigmoid")
    elif activation == "relu":
        Z, linear_cache = affine_forward(A_prev, W, b)
        A, activation_cache = activation_forward(Z, "relu")
    cache = (linear_cache, activation_cache)
    return A, cache


# %%
def model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L):
        A_prev = A
        A, cache = layer_forward(A_prev, parameters["W" + str(l)], parameters["b" + str(l)], activation="relu")
        caches.append(cache)
    AL, cache = layer_forward(A, parameters["W" + str(L)], parameters["b" + str(L)], activation="sigmoid")
    caches.append(cache)
    assert AL.shape == (1, X.shape[1])
    return AL, caches


# %%
def cross_entropy_cost(AL, Y, epsilon=1e-8):
    m = Y.shape[1]
    cost = -1 / m * (np.dot(Y, np.log(AL + epsilon).T) + np.dot(1 - Y, np.log(1 - AL + epsilon).T))
    print("cost so far:", cost)
    return cost  # np.squeeze(cost)


# %%
def affine_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = 1 / m * np.dot(dZ, A_prev.T)
    db = 1 / m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    assert (dA_prev.shape == A_prev.shape)
    assert (dW.shape == W.shape)
    assert (db.shape == b.shape)
    return dA_prev, dW, db


# %%
def activation_backward(dA, Z, activation):
    if activation == "relu":
        dZ = np.array(dA, copy=True)
        dZ[Z < 0] = 0
    elif activation == "sigmoid":
        s = my_sigmoid(Z)
        dZ = dA * s * (1 - s)
    assert (dZ.shape == Z.shape)
    return dZ


# %%
def layer_backward(dA, cache, activation):
    linear_cache, activation_cache = cache
    dZ = activation_backward(dA, activation_cache, activation)
    dA_prev, dW, db = affine_backward(dZ, linear_cache)
    return dA_prev, dW, db


# %%
def model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    m = AL.shape[1]
    Y = Y.reshape(AL.shape)
    dAL = -(np.divide(Y, AL + 1e-12) - np.divide(1 - Y, 1 - AL + 1e-12))
    grads["dA" + str(L - 1)], grads["dW" + str(L)], grads["db" + str(L)] = layer_backward(
        dAL, caches[L - 1], "sigmoid"
    )
    for l in reversed(range(L - 1)):
        dA_prev_temp, dW_temp, db_temp = layer_backward(grads["dA" + str(l + 1)], caches[l], "relu")
        grads["dA" + str(l)] = dA_prev_temp
        grads["dW" + str(l + 1)] = dW_temp
        grads["db" + str(l + 1)] = db_temp
    return grads


# %%
def update_parameters(params, grads, learning_rate):
    parameters = params.copy()
    L = len(parameters) // 2
    for l in range(L):
        parameters["W" + str(l + 1)] = params["W" + str(l + 1)] - learning_rate * grads["dW" + str(l + 1)]
        parameters["b" + str(l + 1)] = params["b" + str(l + 1)] - learning_rate * grads["db" + str(l + 1)]
    return parameters


# %%
def fit(X, Y, layers_dims, learning_rate=0.0075, num_iterations=3000, rng=None, print_cost=True):
    np.random.seed(1)
    tic = time.time()
    costs = []
    parameters = initialize_parameters(layers_dims, rng)
    for i in range(0, num_iterations):
        AL, caches = model_forward(X, parameters)
        cost = cross_entropy_cost(AL, Y)
        grads = model_backward(AL, Y, caches)
        parameters = update_parameters(parameters, grads, learning_rate)
        if print_cost and i % 10 == 0:
            print("Cost after iteration %i: %f" % (i, cost.item()))
            costs.append(cost)
    plt.plot(np.squeeze(costs))
    plt.ylabel("cost")
    plt.xlabel("iterations (per tens)")
    plt.show()
    print("seconds:", time.time() - tic)
    return parameters, costs


# %%
def predict(parameters, X):
    m = X.shape[1]
    p = np.zeros((1, m))
    probas, caches = model_forward(X, parameters)
    for i in range(0, probas.shape[1]):
        if probas[0, i] >= 0.5:
            p[0, i] = 1
        else:
            p[0, i] = 0
    return p


# %%
train_x = train_file["train_set_x"][:] / 255.0
parameters, costs = fit(train_x, train_y, [12288, 20, 7, 5, 1])

# %%
assert parameters["W1"].shape == (20, 12287), "left over from debugging"

# %%
print(undefined_name_from_a_deleted_cell)
