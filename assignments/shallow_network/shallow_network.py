# %% [markdown]
# # One hidden layer
#
# A single neuron draws one straight line between yes and no. Many questions have no such line: *Iris versicolor* lies
# between its two sister species, and the best of all lines tells it from them in 70 % of the flowers only. A hidden
# layer bends the line. You build such a network, derive its gradients, and train it on those flowers.
#
# **Notation.** $m$ examples stand side by side as the *columns* of $X$, shape $(n_x, m)$; the labels $Y$ have shape
# $(1, m)$ and are 0 or 1. The hidden layer has $n_h$ units, the output layer $n_y = 1$:
#
# | | shape | | shape |
# |---|---|---|---|
# | $W_1$ | $(n_h, n_x)$ | $Z_1, A_1$ | $(n_h, m)$ |
# | $b_1$ | $(n_h, 1)$ | $Z_2, A_2$ | $(1, m)$ |
# | $W_2$ | $(1, n_h)$ | | |
# | $b_2$ | $(1, 1)$ | | |
#
# A gradient has the shape of what it belongs to: $dW_1$ that of $W_1$, $dZ_1$ that of $Z_1$.
#
# **Data that travels.** `parameters` is a dict with the keys `"W1"`, `"b1"`, `"W2"`, `"b2"`; `grads` a dict with
# `"dW1"`, `"db1"`, `"dW2"`, `"db2"`. What the forward pass must remember for the backward pass is the `cache`.
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
# If all rows of $W_1$ were equal, all hidden units would compute the same, get the same gradient, and stay equal for
# ever: $n_h$ units would be worth one. So the weights start at random. They start *small*, because tanh is steep near 0
# and flat far from it, and where it is flat nothing is learned. Biases may start at zero: the weights have already
# broken the symmetry.


# %%
def initialize_parameters(n_x, n_h, n_y, rng, scale=0.01):
    """Small random weights and zero biases.

    n_x, n_h, n_y: the numbers of inputs, of hidden units and of outputs. rng: a numpy.random.Generator, the only source
    of randomness. scale: the standard deviation of the weights.

    Returns the parameters, a dict: W1 (n_h, n_x) and W2 (n_y, n_h), all entries independent draws from the normal
    distribution with mean 0, times scale; b1 (n_h, 1) and b2 (n_y, 1), zeros.

    >>> parameters = initialize_parameters(3, 2, 1, np.random.default_rng(0))
    >>> parameters["W1"].shape, parameters["W2"].shape, parameters["b2"]
    ((2, 3), (1, 2), array([[0.]]))
    """
    raise NotImplementedError("initialize_parameters")


# %% [markdown]
# ## Forward
#
# $$Z_1 = W_1 X + b_1, \qquad A_1 = \tanh(Z_1)$$
#
# $$Z_2 = W_2 A_1 + b_2, \qquad A_2 = \sigma(Z_2) = \frac{1}{1 + e^{-Z_2}}$$
#
# Row $j$ of $W_1$ holds the weights of hidden unit $j$, so the product is $W_1 X$, without a transpose. $b_1$ is one
# column, and NumPy adds it to every column. Without tanh the two layers would be one: $W_2 (W_1 X)$ is again a matrix
# times $X$, and draws one straight line.


# %%
def forward(X, parameters):
    """The forward pass: tanh in the hidden layer, sigmoid in the output layer.

    X: (n_x, m). parameters: dict with W1, b1, W2, b2.

    Returns A2 of shape (1, m), the probabilities, and the cache, a dict with Z1 and A1, of shape (n_h, m), and Z2 and
    A2, of shape (1, m).

    >>> parameters = {"W1": np.array([[1.0], [-1.0]]), "b1": np.array([[0.0], [2.0]]),
    ...               "W2": np.array([[1.0, 1.0]]), "b2": np.array([[0.0]])}
    >>> A2, cache = forward(np.array([[0.0, 1.0]]), parameters)
    >>> A2.round(3)
    array([[0.724, 0.821]])
    >>> cache["Z1"]
    array([[0., 1.],
           [2., 1.]])
    """
    raise NotImplementedError("forward")


# %% [markdown]
# ## Cost
#
# For an example with label 1 the loss is $-\log a$, for one with label 0 it is $-\log(1 - a)$: small when the network
# gives the right answer a high probability, large when it is confident and wrong. The cost is the *mean* over the
# examples:
#
# $$J = -\frac{1}{m} \sum_{i=1}^{m} \Big( y^{(i)} \log a^{(i)} + (1 - y^{(i)}) \log(1 - a^{(i)}) \Big)$$


# %%
def cross_entropy_cost(A2, Y):
    """The mean cross-entropy of the predictions A2 for the labels Y.

    A2: (1, m), probabilities strictly between 0 and 1. Y: (1, m) of 0 and 1.

    Returns one number.

    >>> round(float(cross_entropy_cost(np.array([[0.5, 0.25]]), np.array([[1, 0]]))), 4)
    0.4904
    """
    raise NotImplementedError("cross_entropy_cost")


# %% [markdown]
# ## Backward
#
# The chain rule, from the cost back to the weights. $dZ$ stands for the derivative of the loss of *one* example, column
# by column. For sigmoid with cross-entropy the two slopes cancel, and what is left is the error itself:
#
# $$dZ_2 = A_2 - Y$$
#
# The weights and the bias of a layer serve all examples, so their gradients are sums over the examples, and since the
# cost is a mean, $1/m$ enters here and nowhere else:
#
# $$dW_2 = \frac{1}{m}\, dZ_2\, A_1^T, \qquad db_2 = \frac{1}{m} \sum_{i=1}^{m} dZ_2^{(i)}$$
#
# One layer further back, $W_2^T$ hands every hidden unit its share of the error, and the slope of tanh is multiplied
# in, entry by entry ($*$). Since $\tanh'(z) = 1 - \tanh(z)^2$, the slope can be read off $A_1$:
#
# $$dZ_1 = W_2^T dZ_2 * (1 - A_1^2)$$
#
# $$dW_1 = \frac{1}{m}\, dZ_1\, X^T, \qquad db_1 = \frac{1}{m} \sum_{i=1}^{m} dZ_1^{(i)}$$


# %%
def backward(parameters, cache, X, Y):
    """The gradients of the cross-entropy cost.

    parameters: dict with W1, b1, W2, b2. cache: dict with Z1, A1, Z2, A2 as forward returned it for X.
    X: (n_x, m). Y: (1, m) of 0 and 1.

    Returns grads, a dict with dW1 (n_h, n_x), db1 (n_h, 1), dW2 (1, n_h) and db2 (1, 1); more keys do no harm.

    >>> parameters = {"W1": np.array([[0.0]]), "b1": np.array([[0.0]]),
    ...               "W2": np.array([[2.0]]), "b2": np.array([[0.0]])}
    >>> X, Y = np.array([[1.0, 3.0]]), np.array([[1, 0]])
    >>> A2, cache = forward(X, parameters)
    >>> grads = backward(parameters, cache, X, Y)
    >>> float(grads["dW1"][0, 0]), float(grads["db1"][0, 0])
    (1.0, 0.0)
    """
    raise NotImplementedError("backward")


# %% [markdown]
# ## Learning
#
# The gradient points uphill. Gradient descent takes a step against it, for both layers $l$ at once; $\alpha$ is the
# learning rate:
#
# $$W_l \leftarrow W_l - \alpha\, dW_l, \qquad b_l \leftarrow b_l - \alpha\, db_l$$


# %%
def update_parameters(parameters, grads, learning_rate):
    """One step of gradient descent.

    parameters: dict with W1, b1, W2, b2. grads: dict with dW1, db1, dW2, db2. learning_rate: α, a number above 0.

    Returns the new parameters, a dict with the same keys.

    >>> new = update_parameters({"W1": np.array([[1.0]]), "b1": np.array([[0.0]]),
    ...                          "W2": np.array([[3.0]]), "b2": np.array([[1.0]])},
    ...                         {"dW1": np.array([[2.0]]), "db1": np.array([[-1.0]]),
    ...                          "dW2": np.array([[4.0]]), "db2": np.array([[0.0]])}, 0.5)
    >>> [float(new[key][0, 0]) for key in ("W1", "b1", "W2", "b2")]
    [0.0, 0.5, 1.0, 1.0]
    """
    raise NotImplementedError("update_parameters")


# %% [markdown]
# ## Training on flowers
#
# `data/iris.npz` holds 150 flowers: `X` of shape (2, 150), the lengths of sepal and petal in millimetres, and `Y` of
# shape (1, 150), 1 where the flower is an *Iris versicolor*. Bring both features to mean 0 and standard deviation 1
# before training:
#
# ```python
# with np.load("data/iris.npz") as data:
#     X, Y = data["X"].astype(float), data["Y"]
# X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
# parameters, costs = fit(X, Y, 5, 4.0, 160, np.random.default_rng(1))
# np.mean(predict(parameters, X) == Y)
# ```
#
# Training is: initialize once, then again and again forward, cost, backward, update. All gradients of an iteration
# belong to the *same* parameters: compute all four before you change any.


# %%
def fit(X, Y, n_h, learning_rate, iterations, rng):
    """Train a network with one hidden layer by gradient descent on all examples.

    X: (n_x, m). Y: (1, m) of 0 and 1. n_h: the number of hidden units. learning_rate: the step α. iterations: the
    number of updates. rng: the generator for the initial parameters, drawn by initialize_parameters.

    Returns the parameters after the last update, and the costs on the way in order: as many as you like, for a long
    training at least two.

    >>> X, Y = np.array([[-2.0, -1.0, 0.0, 2.0]]), np.array([[1, 0, 0, 1]])
    >>> parameters, costs = fit(X, Y, 3, 1.0, 500, np.random.default_rng(0))
    >>> bool(costs[0] > 0.69), bool(costs[-1] < 0.1)
    (True, True)
    """
    raise NotImplementedError("fit")


# %%
def predict(parameters, X):
    """The answers of a trained network.

    parameters: dict with W1, b1, W2, b2. X: (n_x, m).

    Returns (1, m): 1 where the probability is above 0.5, and 0 elsewhere.

    >>> parameters = {"W1": np.array([[1.0]]), "b1": np.array([[0.0]]),
    ...               "W2": np.array([[2.0]]), "b2": np.array([[0.1]])}
    >>> predict(parameters, np.array([[-3.0, 3.0]]))
    array([[0, 1]])
    """
    raise NotImplementedError("predict")
