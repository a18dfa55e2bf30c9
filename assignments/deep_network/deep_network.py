# %% [markdown]
# # A deep network, layer by layer
#
# You build a network with any number of layers that answers a yes-or-no question, and train it on images of digits.
# Every piece is a small function, and each uses those before it.
#
# **Notation.** $m$ examples stand side by side as the *columns* of $X$, shape $(n_0, m)$; the labels $Y$ have shape
# $(1, m)$ and are 0 or 1. Layer $l = 1, \dots, L$ has $n_l$ units, weights $W_l$ of shape $(n_l, n_{l-1})$ and a bias
# $b_l$ of shape $(n_l, 1)$. It computes
#
# $$Z_l = W_l A_{l-1} + b_l, \qquad A_l = g_l(Z_l), \qquad A_0 = X.$$
#
# The hidden layers use relu, the last one sigmoid, so that $A_L$ is a probability.
#
# **Data that travels.** `parameters` is a dict with the keys `"W1"`, `"b1"`, …, `"WL"`, `"bL"`; `grads` a dict with
# `"dW1"`, `"db1"`, …. What a forward step must remember for the backward step is its *cache*, a plain tuple.
#
# Functions return new arrays and leave their arguments as they are. Randomness comes from the generator `rng` that is
# passed in, and from nowhere else.
#
# Run `grader check` in this folder whenever you like.

# %%
import numpy as np

# %% [markdown]
# ## Parameters
#
# Getting the shapes right is half of the work: $W_l$ maps $n_{l-1}$ numbers to $n_l$ numbers.


# %%
def parameter_shapes(layer_dims):
    """The shape of every weight matrix and bias of a network.

    layer_dims: sizes [n_0, n_1, …, n_L], the number of inputs first.

    Returns a dict with the keys "W1", "b1", …, "WL", "bL" and tuples as values: W of layer l has shape
    (n_l, n_{l-1}), b has shape (n_l, 1).

    >>> parameter_shapes([3, 2, 1])
    {'W1': (2, 3), 'b1': (2, 1), 'W2': (1, 2), 'b2': (1, 1)}
    """
    raise NotImplementedError("parameter_shapes")


# %% [markdown]
# With equal weights all units of a layer would stay equal for ever, so weights start at random. *He initialization*
# draws them from a normal distribution with mean 0 and standard deviation $\sqrt{2 / n_{l-1}}$, which keeps the size
# of the signals alike from layer to layer when the activation is relu.


# %%
def initialize_parameters(layer_dims, rng):
    """He initialization of all layers.

    layer_dims: sizes [n_0, n_1, …, n_L].
    rng: a numpy.random.Generator, the only source of randomness.

    Returns the parameters, a dict. Weights are independent normal draws with mean 0 and standard deviation
    sqrt(2 / n_{l-1}); biases are zero.

    >>> parameters = initialize_parameters([3, 2, 1], np.random.default_rng(0))
    >>> parameters["W1"].shape, parameters["b2"]
    ((2, 3), array([[0.]]))
    """
    raise NotImplementedError("initialize_parameters")


# %% [markdown]
# ## Forward
#
# A layer has a linear half, $Z = W A_{prev} + b$, and the activation. $b$ is one column, and NumPy adds it to every
# column of $W A_{prev}$.


# %%
def affine_forward(A_prev, W, b):
    """The linear half of a layer.

    A_prev: (n_prev, m). W: (n, n_prev). b: (n, 1).

    Returns Z = W A_prev + b of shape (n, m), and the cache (A_prev, W, b).

    >>> Z, cache = affine_forward(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, -1.0]]), np.array([[0.5]]))
    >>> Z
    array([[-1.5, -1.5]])
    """
    raise NotImplementedError("affine_forward")


# %%
def activation_forward(Z, activation):
    """The activation of a layer.

    Z: (n, m). activation: "relu", max(0, Z), or "sigmoid", 1 / (1 + exp(-Z)).

    Returns A of the shape of Z, and the cache, which is Z itself. Raises ValueError for any other activation.

    >>> A, cache = activation_forward(np.array([[-1.0, 2.0]]), "relu")
    >>> A
    array([[0., 2.]])
    """
    raise NotImplementedError("activation_forward")


# %%
def layer_forward(A_prev, W, b, activation):
    """A whole layer: linear half, then activation.

    A_prev: (n_prev, m). W: (n, n_prev). b: (n, 1). activation: "relu" or "sigmoid".

    Returns A of shape (n, m), and the cache ((A_prev, W, b), Z).

    >>> A_prev, W, b = np.array([[1.0], [2.0]]), np.array([[3.0, 1.0]]), np.array([[-1.0]])
    >>> A, (affine_cache, Z) = layer_forward(A_prev, W, b, "relu")
    >>> A, Z
    (array([[4.]]), array([[4.]]))
    """
    raise NotImplementedError("layer_forward")


# %% [markdown]
# The network is layers in a row: relu in the layers $1, \dots, L-1$, sigmoid in layer $L$.


# %%
def model_forward(X, parameters):
    """The forward pass through all layers.

    X: (n_0, m). parameters: dict with W1, b1, …, WL, bL.

    Returns AL of shape (1, m), the probabilities, and the list of the L layer caches, first layer first.

    >>> AL, caches = model_forward(np.array([[2.0]]), {"W1": np.array([[1.0]]), "b1": np.array([[-2.0]])})
    >>> AL, len(caches)
    (array([[0.5]]), 1)
    """
    raise NotImplementedError("model_forward")


# %% [markdown]
# ## Cost
#
# The cross-entropy punishes confident wrong answers. It is the *mean* over the examples:
#
# $$J = -\frac{1}{m} \sum_{i=1}^{m} \Big( y^{(i)} \log a^{(i)} + (1 - y^{(i)}) \log(1 - a^{(i)}) \Big)$$


# %%
def cross_entropy_cost(AL, Y):
    """The mean cross-entropy of the predictions AL for the labels Y.

    AL: (1, m), probabilities strictly between 0 and 1. Y: (1, m) of 0 and 1.

    Returns one number.

    >>> round(float(cross_entropy_cost(np.array([[0.5, 0.25]]), np.array([[1, 0]]))), 4)
    0.4904
    """
    raise NotImplementedError("cross_entropy_cost")


# %% [markdown]
# ## Backward
#
# The chain rule runs through the same layers from the end. $dZ$ stands for the derivative of the cost of *one*
# example by $Z$, column by column; the mean over the examples, $1/m$, enters once, where a layer's gradients are summed
# up:
#
# $$dW = \frac{1}{m}\, dZ\, A_{prev}^T, \qquad db = \frac{1}{m} \sum_{i=1}^{m} dZ^{(i)}, \qquad dA_{prev} = W^T dZ$$


# %%
def affine_backward(dZ, affine_cache):
    """The backward step of the linear half of a layer.

    dZ: (n, m). affine_cache: (A_prev, W, b) as affine_forward returned it.

    Returns dA_prev = Wᵀ dZ of shape (n_prev, m), dW = dZ A_prevᵀ / m of shape (n, n_prev), and db, the mean of dZ
    over the examples, of shape (n, 1).

    >>> cache = (np.array([[1.0, 2.0]]), np.array([[3.0]]), np.array([[0.0]]))
    >>> affine_backward(np.array([[1.0, 3.0]]), cache)
    (array([[3., 9.]]), array([[3.5]]), array([[2.]]))
    """
    raise NotImplementedError("affine_backward")


# %% [markdown]
# The activation works entry by entry, and so does its backward step: $dZ = dA * g'(Z)$. At exactly 0 relu has no
# derivative; 0 and 1 are both accepted there.


# %%
def activation_backward(dA, Z, activation):
    """The backward step of the activation.

    dA: (n, m). Z: (n, m), the number *before* the activation, as activation_forward was given it.
    activation: "relu" or "sigmoid".

    Returns dZ = dA * g'(Z) of the same shape.

    >>> activation_backward(np.array([[5.0, 5.0]]), np.array([[-1.0, 2.0]]), "relu")
    array([[0., 5.]])
    """
    raise NotImplementedError("activation_backward")


# %%
def layer_backward(dA, layer_cache, activation):
    """The backward step of a whole layer.

    dA: (n, m). layer_cache: ((A_prev, W, b), Z) as layer_forward returned it. activation: "relu" or "sigmoid".

    Returns dA_prev (n_prev, m), dW (n, n_prev) and db (n, 1).

    >>> cache = ((np.array([[1.0, 2.0]]), np.array([[3.0]]), np.array([[0.0]])), np.array([[3.0, -6.0]]))
    >>> layer_backward(np.array([[1.0, 1.0]]), cache, "relu")
    (array([[3., 0.]]), array([[0.5]]), array([[0.5]]))
    """
    raise NotImplementedError("layer_backward")


# %% [markdown]
# At the end of the network the cost of one example has the derivative
#
# $$dA_L = -\frac{Y}{A_L} + \frac{1 - Y}{1 - A_L}$$
#
# (without $1/m$, which enters in `affine_backward`), and from there the layers follow backwards: sigmoid first, then
# relu $L - 1$ times.


# %%
def model_backward(AL, Y, caches):
    """The backward pass through all layers.

    AL: (1, m), as model_forward returned it. Y: (1, m) of 0 and 1. caches: the list that model_forward returned.

    Returns grads, a dict with dW1, db1, …, dWL, dbL (more keys do no harm).

    >>> AL, caches = model_forward(np.array([[2.0]]), {"W1": np.array([[1.0]]), "b1": np.array([[-2.0]])})
    >>> model_backward(AL, np.array([[1]]), caches)
    {'dW1': array([[-1.]]), 'db1': array([[-0.5]])}
    """
    raise NotImplementedError("model_backward")


# %% [markdown]
# ## Learning
#
# Gradient descent takes a step against the gradient: $W_l \leftarrow W_l - \alpha\, dW_l$, and the same for $b_l$.


# %%
def update_parameters(parameters, grads, learning_rate):
    """One step of gradient descent.

    parameters: dict with W1, b1, …. grads: dict with dW1, db1, …. learning_rate: α, a number above 0.

    Returns the new parameters, a dict with the same keys.

    >>> update_parameters({"W1": np.array([[1.0]]), "b1": np.array([[0.0]])},
    ...                   {"dW1": np.array([[2.0]]), "db1": np.array([[-1.0]])}, 0.5)
    {'W1': array([[0.]]), 'b1': array([[0.5]])}
    """
    raise NotImplementedError("update_parameters")


# %% [markdown]
# ## Training on digits
#
# `data/digits.npz` holds images of handwritten digits, 8 × 8 pixels, as columns: `X` of shape (64, m) with values
# from 0 to 16, and `Y` of shape (1, m), 1 where the digit is an 8 and 0 where it is a 3. `fit` gets them divided by 16.
#
# Training is: initialize once, then again and again forward, cost, backward, update. To see it work:
#
# ```python
# with np.load("data/digits.npz") as data:
#     X, Y = data["X"] / 16, data["Y"]
# parameters, costs = fit(X, Y, [64, 10, 1], 0.3, 100, np.random.default_rng(0))
# print(costs[0], costs[-1], np.mean(predict(parameters, X) == Y))
# ```


# %%
def fit(X, Y, layer_dims, learning_rate, iterations, rng):
    """Train a network by gradient descent on all examples.

    X: (n_0, m). Y: (1, m) of 0 and 1. layer_dims: sizes [n_0, …, 1]. learning_rate: the step α. iterations: the number
    of updates. rng: the generator for the initial parameters.

    Returns the parameters after the last update, and the list of the costs on the way, in order. One for every
    iteration or every tenth is fine, as long as there are at least two.

    >>> X, Y = np.array([[0.0, 1.0, 2.0, 3.0]]), np.array([[0, 0, 1, 1]])
    >>> parameters, costs = fit(X, Y, [1, 1], 0.5, 100, np.random.default_rng(0))
    >>> len(costs), bool(costs[-1] < costs[0])
    (100, True)
    """
    raise NotImplementedError("fit")


# %%
def predict(parameters, X):
    """The answers of a trained network.

    parameters: dict with W1, b1, …. X: (n_0, m).

    Returns (1, m): 1 where the probability is above 0.5, and 0 elsewhere.

    >>> predict({"W1": np.array([[1.0]]), "b1": np.array([[0.0]])}, np.array([[-3.0, 3.0]]))
    array([[0, 1]])
    """
    raise NotImplementedError("predict")
