# %%
"""A notebook on its last evening: plots, prints, asserts, helpers that are not here, cells that fail, second attempts."""

# %%
import numpy as np
import matplotlib.pyplot as plt
import sklearn
import sklearn.datasets
import sklearn.linear_model
from testCases_v2 import *
from planar_utils import plot_decision_boundary, sigmoid, load_planar_dataset, load_extra_datasets

get_ipython().run_line_magic("matplotlib", "inline")
np.random.seed(1)


# %%
def sigmoid(x):
    x = np.clip(x, -500, 500)
    return 1.0 / (1.0 + np.exp(-x))


# %%
X, Y = load_planar_dataset()
plt.scatter(X[0, :], X[1, :], c=Y, s=40, cmap=plt.cm.Spectral)
shape_X = X.shape
m = shape_X[1]
print("The shape of X is: " + str(shape_X))

# %%
clf = sklearn.linear_model.LogisticRegressionCV()
clf.fit(X.T, Y.T)
plot_decision_boundary(lambda x: clf.predict(x), X, Y)


# %%
def initialize_parameters(n_x, n_h, n_y, rng, scale=0.01, verbose=False):
    np.random.seed(2)  # as in the course; the numbers come from rng all the same
    W1 = rng.standard_normal((n_h, n_x)) * scale
    W2 = rng.standard_normal((n_y, n_h)) * scale
    b1, b2 = np.zeros((n_h, 1)), np.zeros((n_y, 1))
    assert W1.shape == (n_h, n_x)
    assert b1.shape == (n_h, 1)
    assert W2.shape == (n_y, n_h)
    assert b2.shape == (n_y, 1)
    parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    if verbose:
        print(parameters)
    return parameters


# %%
def forward(X, parameters):
    raise NotImplementedError


# %%
def forward(X, parameters):
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = sigmoid(Z2)
    assert A2.shape == (1, X.shape[1])
    cache = {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}
    return A2, cache


# %%
def cross_entropy_cost(A2, Y, parameters=None):
    m = Y.shape[1]
    epsilon = 1e-8
    logprobs = np.multiply(np.log(A2 + epsilon), Y) + np.multiply(np.log(1 - A2 + epsilon), 1 - Y)
    cost = -np.sum(logprobs) / m
    cost = float(np.squeeze(cost))
    assert isinstance(cost, float)
    return cost


# %%
def backward(parameters, cache, X, Y):
    m = X.shape[1]
    W1 = parameters["W1"]
    W2 = parameters["W2"]
    A1 = cache["A1"]
    A2 = cache["A2"]
    # by the long way, to see whether the slopes really cancel
    dA2 = -Y / (A2 + 1e-8) + (1 - Y) / (1 - A2 + 1e-8)
    dZ2 = dA2 * A2 * (1 - A2)
    dW2 = (1 / m) * np.dot(dZ2, A1.T)
    db2 = (1 / m) * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.multiply(np.dot(W2.T, dZ2), 1 - np.power(A1, 2))
    dW1 = (1 / m) * np.dot(dZ1, X.T)
    db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)
    assert dW1.shape == W1.shape, "shape"
    grads = {"dZ2": dZ2, "dZ1": dZ1, "dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
    return grads


# %%
parameters, cache, X_assess, Y_assess = backward_propagation_test_case()
grads = backward(parameters, cache, X_assess, Y_assess)
print("dW1 = " + str(grads["dW1"]))


# %%
def update_parameters(parameters, grads, learning_rate=1.2):
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]
    W1 = W1 - learning_rate * grads["dW1"]
    b1 = b1 - learning_rate * grads["db1"]
    W2 = W2 - learning_rate * grads["dW2"]
    b2 = b2 - learning_rate * grads["db2"]
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


# %%
def fit(X, Y, n_h=4, learning_rate=1.2, num_iterations=10000, rng=None, print_cost=True):
    np.random.seed(3)
    n_x, n_y = X.shape[0], Y.shape[0]
    parameters = initialize_parameters(n_x, n_h, n_y, rng)
    costs = []
    for i in range(0, num_iterations):
        A2, cache = forward(X, parameters)
        cost = cross_entropy_cost(A2, Y, parameters)
        grads = backward(parameters, cache, X, Y)
        parameters = update_parameters(parameters, grads, learning_rate)
        if i % 100 == 0:
            costs.append(cost)
            if print_cost:
                print("Cost after iteration %i: %f" % (i, cost))
    return parameters, costs


# %%
def predict(parameters, X):
    A2, cache = forward(X, parameters)
    predictions = np.round(A2)
    print("predictions mean = " + str(np.mean(predictions)))
    return predictions


# %%
parameters, costs = fit(X, Y, 4, num_iterations=10000, print_cost=True)
plt.plot(costs)
plt.title("Decision Boundary for hidden layer size " + str(4))

# %%
for i, n_h in enumerate([1, 2, 3, 4, 5, 20, 50]):
    plt.subplot(5, 2, i + 1)
    parameters, _ = fit(X, Y, n_h, num_iterations=5000)
    plot_decision_boundary(lambda x: predict(parameters, x.T), X, Y)
    accuracy = float((np.dot(Y, predict(parameters, X).T) + np.dot(1 - Y, 1 - predict(parameters, X).T)) / Y.size * 100)

# %%
print(undefined_name_from_a_deleted_cell)
