# %% [markdown]
# # Initialization: symmetry, vanishing and exploding signals
#
# Before the first step of gradient descent the weights must be *something*. Which numbers they are decides whether a
# deep network learns at all:
#
# - If all units of a layer start with the same weights, they get the same gradients and stay copies of each other
#   for ever. So weights are drawn at random.
# - If they are drawn too small, the signal shrinks from layer to layer until nothing of the input is left. If they are
#   drawn too large, it grows, and tanh saturates or relu overflows. So the *size* of the draws matters, and the right
#   size depends on the layer.
#
# Here you write five initializations, from the useless one to the one that most relu networks use, and three small
# instruments that show what each does to a network.
#
# **Notation.** A network has the sizes `layer_dims` $= [n_0, n_1, \dots, n_L]$, the number of inputs first. Layer
# $l = 1, \dots, L$ has weights $W_l$ of shape $(n_l, n_{l-1})$, one row for each of its units, and a bias $b_l$ of
# shape $(n_l, 1)$. It computes
#
# $$Z_l = W_l A_{l-1} + b_l, \qquad A_l = g(Z_l), \qquad A_0 = X,$$
#
# where the examples are the $m$ *columns* of $X$, shape $(n_0, m)$. `parameters` is a dict with the keys `"W1"`,
# `"b1"`, …, `"WL"`, `"bL"`.
#
# Functions return new arrays and leave their arguments as they are. Randomness comes from the generator `rng` that is
# passed in, and from nowhere else. *How* you draw from it is up to you: only the distribution counts.
#
# Run `grader check` in this folder whenever you like.

# %%
import numpy as np

# %% [markdown]
# ## Zeros
#
# The simplest idea first. It gives arrays of the right shapes, and for the biases it is all that is needed: what
# makes units differ are the weights.


# %%
def zeros(layer_dims):
    """All weights and all biases zero.

    layer_dims: sizes [n_0, n_1, …, n_L].

    Returns the parameters, a dict with W1, b1, …, WL, bL: W of layer l has shape (n_l, n_{l-1}), b has shape (n_l, 1).

    >>> zeros([3, 2, 1])
    {'W1': array([[0., 0., 0.],
           [0., 0., 0.]]), 'b1': array([[0.],
           [0.]]), 'W2': array([[0., 0.]]), 'b2': array([[0.]])}
    """
    raise NotImplementedError("zeros")


# %% [markdown]
# ## One scale for all layers
#
# Random weights break the symmetry. `rng.standard_normal(shape)` draws from a normal distribution with mean 0 and
# standard deviation 1, and a factor in front of it becomes the new standard deviation:
#
# $$W_l = scale \cdot G, \qquad G_{ij} \sim \mathcal{N}(0, 1).$$
#
# Two things to mind. `rng.random(shape)` is no replacement: it is uniform on $[0, 1)$, so no weight would be negative.
# And the standard deviation of a *uniform* draw between $-a$ and $a$ is not $a$ but $a / \sqrt{3}$; whoever prefers
# uniform draws needs the limit $a = \sqrt{3} \cdot scale$.


# %%
def scaled_normal(layer_dims, scale, rng):
    """Random weights with one standard deviation in all layers, zero biases.

    layer_dims: sizes [n_0, n_1, …, n_L]. scale: the standard deviation, a number above 0. rng: a
    numpy.random.Generator, the only source of randomness.

    Returns the parameters, a dict. Weights are independent draws with mean 0 and standard deviation scale, normal (or
    uniform around 0); biases are zero.

    >>> parameters = scaled_normal([400, 300, 1], 0.01, np.random.default_rng(0))
    >>> parameters["W1"].shape, round(float(np.std(parameters["W1"])), 4), parameters["b2"]
    ((300, 400), 0.01, array([[0.]]))
    """
    raise NotImplementedError("scaled_normal")


# %% [markdown]
# ## The right size for each layer
#
# A unit adds up $n_{l-1}$ products, $z = \sum_j w_j a_j$. If the weights are independent, have mean 0 and variance
# $\sigma^2$, the variances of the products add up:
#
# $$\mathrm{Var}(z) = n_{l-1}\, \sigma^2\, \overline{a^2},$$
#
# with $\overline{a^2}$ the mean square of the inputs of the layer. The more inputs, the larger the sum; the variance of
# the weights has to make up for it.
#
# **Xavier initialization.** Near 0, tanh is nearly the identity, $a \approx z$. The signal keeps its size from layer to
# layer if $n_{l-1} \sigma^2 = 1$, which gives the standard deviation
#
# $$\sigma = \sqrt{\frac{1}{n_{l-1}}}.$$


# %%
def xavier(layer_dims, rng):
    """Xavier initialization of all layers, for tanh.

    layer_dims: sizes [n_0, n_1, …, n_L]. rng: a numpy.random.Generator, the only source of randomness.

    Returns the parameters, a dict. Weights of layer l are independent draws with mean 0 and standard deviation
    sqrt(1 / n_{l-1}), normal (or uniform around 0); biases are zero.

    >>> parameters = xavier([400, 300, 1], np.random.default_rng(0))
    >>> round(float(np.std(parameters["W1"])), 2), float(np.sqrt(1 / 400))
    (0.05, 0.05)
    """
    raise NotImplementedError("xavier")


# %% [markdown]
# **Glorot initialization.** On the way back the sum runs the other way: $dA_{l-1} = W_l^T dZ_l$ adds up $n_l$ products,
# so the gradients keep their size if $n_l\, \sigma^2 = 1$. Both cannot hold unless $n_{l-1} = n_l$. Xavier Glorot and
# Yoshua Bengio (2010) proposed the compromise: the mean of both numbers takes their place,
#
# $$\sigma = \sqrt{\frac{2}{n_{l-1} + n_l}}.$$
#
# (Their paper draws uniformly up to the limit $\sqrt{6 / (n_{l-1} + n_l)}$. Divided by $\sqrt{3}$ that is the same
# standard deviation.)


# %%
def glorot(layer_dims, rng):
    """Glorot initialization of all layers.

    layer_dims: sizes [n_0, n_1, …, n_L]. rng: a numpy.random.Generator, the only source of randomness.

    Returns the parameters, a dict. Weights of layer l are independent draws with mean 0 and standard deviation
    sqrt(2 / (n_{l-1} + n_l)), normal (or uniform around 0); biases are zero.

    >>> parameters = glorot([500, 300, 1], np.random.default_rng(0))
    >>> round(float(np.std(parameters["W1"])), 2), float(np.sqrt(2 / (500 + 300)))
    (0.05, 0.05)
    """
    raise NotImplementedError("glorot")


# %% [markdown]
# **He initialization.** Relu sets the negative half of its inputs to 0. For $z$ that is symmetric around 0 this halves
# the mean square, $\overline{a^2} = \frac12 \mathrm{Var}(z)$, in every layer; after 20 layers a millionth is left. The
# weights make up for it with twice the variance:
#
# $$\sigma = \sqrt{\frac{2}{n_{l-1}}}.$$


# %%
def he(layer_dims, rng):
    """He initialization of all layers, for relu.

    layer_dims: sizes [n_0, n_1, …, n_L]. rng: a numpy.random.Generator, the only source of randomness.

    Returns the parameters, a dict. Weights of layer l are independent draws with mean 0 and standard deviation
    sqrt(2 / n_{l-1}), normal (or uniform around 0); biases are zero.

    >>> parameters = he([800, 300, 1], np.random.default_rng(0))
    >>> round(float(np.std(parameters["W1"])), 2), float(np.sqrt(2 / 800))
    (0.05, 0.05)
    """
    raise NotImplementedError("he")


# %% [markdown]
# ## Three instruments
#
# **Symmetry.** A row of $W$ holds the weights of one unit. If all rows are equal (and all biases are zero), all units
# compute the same activation. Where the next layer treats them alike, too, they get the same gradient, and one step
# later the rows are still equal.


# %%
def hidden_units_identical(W):
    """Whether all units of a layer have the same weights.

    W: (n, n_prev), with at least two rows.

    Returns True when all rows of W are equal, and False otherwise. Whether you compare exactly or up to rounding is up
    to you.

    >>> hidden_units_identical(np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]))
    True
    >>> hidden_units_identical(np.array([[1.0, 1.0], [2.0, 2.0]]))
    False
    """
    raise NotImplementedError("hidden_units_identical")


# %% [markdown]
# **Vanishing and exploding.** Take a deep network without activations and biases, with the same square matrix in every
# layer. Then the signal after $k$ layers is $W^k x$, and its length is
#
# $$\lVert W^k x \rVert = \sqrt{\sum_i \big( (W^k x)_i \big)^2}, \qquad k = 0, 1, \dots, depth.$$
#
# For $W = 1.5\, I$ it is $1.5^k \lVert x \rVert$, 3,325 times as long after 20 layers; for $W = 0.5\, I$ a millionth is
# left. Real layers differ from each other, but the lesson stays: factors multiply, so the size of the signal changes
# *exponentially* with the depth.


# %%
def linear_chain_norms(x, W, depth):
    """The length of the signal after each layer of a linear network.

    x: (n, 1). W: (n, n), the weights of every layer. depth: the number of layers, at least 0.

    Returns an array of shape (depth + 1,): the Euclidean norms of x, W x, W² x, …, W^depth x.

    >>> linear_chain_norms(np.array([[3.0], [4.0]]), np.array([[0.0, 2.0], [2.0, 0.0]]), 3)
    array([ 5., 10., 20., 40.])
    """
    raise NotImplementedError("linear_chain_norms")


# %% [markdown]
# **A whole network.** In a real network the standard deviation of the activations tells how the signal fares: the same
# from layer to layer is healthy, towards 0 is vanishing, and for tanh towards 1 is saturation.


# %%
def layer_activation_std(X, parameters, activation):
    """The standard deviation of the activations of every layer.

    X: (n_0, m). parameters: dict with W1, b1, …, WL, bL, for any number L of layers. activation: "tanh" or "relu",
    used in every layer, the last included.

    Returns an array of shape (L,): for layers 1, …, L the standard deviation of all n_l · m entries of A_l together,
    divided by their number as numpy.std does.

    >>> parameters = {"W1": np.array([[1.0], [2.0]]), "b1": np.zeros((2, 1))}
    >>> layer_activation_std(np.array([[1.0, -3.0]]), parameters, "relu")
    array([0.8291562])
    """
    raise NotImplementedError("layer_activation_std")


# %% [markdown]
# ## Look at it
#
# When all eight functions are there, send random inputs through ten layers of 100 units, relu in each, and compare:
#
# ```python
# rng = np.random.default_rng(1)
# X, layer_dims = rng.standard_normal((100, 300)), [100] * 11
# for parameters in (scaled_normal(layer_dims, 0.05, rng), he(layer_dims, rng), scaled_normal(layer_dims, 0.4, rng)):
#     print(layer_activation_std(X, parameters, "relu"))
# ```
#
# Then try tanh, with `xavier` in place of `he`.
