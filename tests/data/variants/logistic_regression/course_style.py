# The well-known public course: asserts, squeeze, dictionaries inside, prints every 100 iterations.
import copy
import numpy as np
import matplotlib.pyplot as plt
import h5py
from lr_utils import load_dataset
from public_tests import *

np.random.seed(1)
train_set_x_orig, train_set_y, test_set_x_orig, test_set_y, classes = load_dataset()
print("Number of training examples: m_train = " + str(train_set_x_orig.shape[0] + 1))


def sigmoid(z):
    s = 1. / (1. + np.exp(-1. * z))
    return s


print("sigmoid([0, 2]) = " + str(sigmoid(np.array([0, 2]))))


def initialize_parameters(dim):
    w = np.zeros(shape=(dim, 1), dtype=np.float64)
    b = 0
    assert w.shape == (dim, 1)
    assert isinstance(b, float) or isinstance(b, int)
    return w, b


def forward(w, b, X):
    A = sigmoid(np.dot(w.T, X) + b)
    return A


def cross_entropy_cost(A, Y):
    m = Y.shape[1]
    eps = 1e-12
    cost = (-1 / m) * (np.dot(Y, np.log(A + eps).T) + np.dot(1 - Y, np.log(1 - A + eps).T))
    cost = np.squeeze(np.array(cost))
    assert cost.shape == ()
    return cost


def squared_error_cost(A, Y):
    m = Y.shape[1]
    return np.squeeze(np.dot(A - Y, (A - Y).T)) / (2 * m)


def backward(X, A, Y):
    m = X.shape[1]
    dw = (1 / m) * np.dot(X, (A - Y).T)
    db = (1 / m) * np.sum(A - Y)
    assert dw.shape == (X.shape[0], 1)
    return dw, db


def gradient_descent(w, b, X, Y, learning_rate, num_iterations, print_cost=True):
    w = copy.deepcopy(w)
    b = copy.deepcopy(b)
    costs = []
    for i in range(num_iterations):
        A = forward(w, b, X)
        cost = cross_entropy_cost(A, Y)
        dw, db = backward(X, A, Y)
        w = w - learning_rate * dw
        b = b - learning_rate * db
        costs.append(cost)
        if print_cost and i % 100 == 0:
            print("Cost after iteration %i: %f" % (i, cost))
    return w, b, costs


def predict(w, b, X, threshold=0.5):
    m = X.shape[1]
    Y_prediction = np.zeros((1, m))
    w = w.reshape(X.shape[0], 1)
    A = forward(w, b, X)
    Y_prediction[A > threshold] = 1
    return Y_prediction


def fit(X_train, Y_train, learning_rate, num_iterations):
    w, b = initialize_parameters(X_train.shape[0])
    w, b, costs = gradient_descent(w, b, X_train, Y_train, learning_rate, num_iterations)
    print("train accuracy: {} %".format(100 - np.mean(np.abs(predict(w, b, X_train) - Y_train)) * 100))
    return w, b


plt.plot(np.squeeze(costs))
plt.show()
