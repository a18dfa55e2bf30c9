# %%
"""A notebook on its last evening: plots, prints, asserts, clipping, cells that fail, functions written twice."""

# %%
import numpy as np
import matplotlib.pyplot as plt
from testCases_v2 import *

np.random.seed(1)
print("numpy", np.__version__)


# %%
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# %%
# second try, without the warning
def sigmoid(x, epsilon=1e-12, verbose=True):
    x = np.clip(x, -500, 500)
    s = 1.0 / (1.0 + np.exp(-x))
    if verbose:
        print("sigmoid", x.shape, s.min(), s.max())
    assert np.all(s >= 0) and np.all(s <= 1), "not a probability"
    return np.clip(s, epsilon, 1 - epsilon)


# %%
def tanh(x):
    # NaN for very large x, which no layer of mine reaches
    t = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x) + 1e-12)
    print("tanh of", x.size, "numbers")
    return t


# %%
def relu(x, copy=True):
    if copy:
        x = np.copy(x)
    x[x < 0] = 0
    return x


# %%
def leaky_relu(x, slope=0.01, inplace=False):
    assert 0 <= slope < 1
    out = x if inplace else x + 0
    out[out < 0] *= slope
    return out


# %%
def sigmoid_derivative(x):
    s = sigmoid(x, verbose=False)
    ds = np.multiply(s, np.subtract(1, s))
    assert ds.shape == x.shape
    return ds


# %%
def tanh_derivative(x, from_activation=False):
    a = x if from_activation else tanh(x)
    return 1 - np.power(a, 2)


# %%
def relu_derivative(x):
    x = np.array(x)
    x[x <= 0] = 0
    x[x > 0] = 1
    return x


# %%
def leaky_relu_derivative(x, slope=0.01):
    d = np.full(x.shape, slope)
    d[x > 0] = 1
    return d


# %%
grid = np.linspace(-5, 5, 101)
fig, axes = plt.subplots(2, 4, figsize=(12, 6))
for axis, f in zip(axes.flat, [sigmoid, tanh, relu, leaky_relu]):
    axis.plot(grid, f(grid), label=f.__name__)
    axis.legend()
plt.show()

# %%
assert np.allclose(sigmoid(np.array([0.0])), 0.4), "left over from debugging"

# %%
print(undefined_name_from_a_deleted_cell)
