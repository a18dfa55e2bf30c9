# %% [markdown]
# # Regularization: penalties, dropout and the other remedies
#
# A network that is large enough learns its training examples by heart, noise included. It then has a small error on
# the examples it has seen and a large one on all others: *high variance*. Regularization is what keeps it from that.
#
# Here you write the usual remedies, in five groups:
#
# - **penalties** on large weights (L2 and L1), their gradients, and weight decay;
# - **dropout**, first for one layer, then for a whole network, forwards and backwards;
# - **early stopping**;
# - **data augmentation**: more images from those that are there;
# - **ensembles**: several networks, one answer.
#
# **Notation.** $m$ examples stand side by side as the *columns* of $X$, shape $(n_0, m)$; the labels $Y$ have shape
# $(1, m)$ and are 0 or 1. Layer $l = 1, \dots, L$ has $n_l$ units, weights $W_l$ of shape $(n_l, n_{l-1})$ and a bias
# $b_l$ of shape $(n_l, 1)$. `parameters` is a dict with the keys `"W1"`, `"b1"`, …, `"WL"`, `"bL"`; `grads` a dict with
# `"dW1"`, `"db1"`, …. Images come as an array of shape $(m, h, w)$: $m$ pictures of $h$ rows and $w$ columns.
#
# Functions return new arrays and leave their arguments as they are. Randomness comes from the generator `rng` that is
# passed in, and from nowhere else. *How* you draw from it is up to you: only the distribution counts.
#
# Run `grader check` in this folder whenever you like.

# %%
import numpy as np

# %% [markdown]
# ## Penalties
#
# A network with small weights is a smooth function, and a smooth function cannot follow every bit of noise. So the
# cost that is minimized gets a second term that grows with the weights:
#
# $$J = J_{data} + \frac{\lambda}{2m} \sum_{l=1}^{L} \lVert W_l \rVert_F^2 \quad\text{(L2)}, \qquad
# J = J_{data} + \frac{\lambda}{2m} \sum_{l=1}^{L} \sum_{i,j} \lvert w_{ij} \rvert \quad\text{(L1)}.$$
#
# $\lVert W \rVert_F^2$, the squared *Frobenius norm*, is the sum of the squares of all entries of $W$. The number in
# the name is the power: L2 adds up *squares*, L1 adds up *absolute values*.
#
# $\lambda$ says how much the penalty matters; with $\lambda = 0$ there is none. In Python `lambda` is a word of the
# language, so the argument is called `lambd`. Biases are left out: a bias shifts a unit, and makes nothing less smooth.


# %%
def l2_penalty(parameters, lambd, m):
    """The L2 penalty on the weights of a network.

    parameters: dict with W1, b1, …, WL, bL, for any number L of layers. lambd: λ, a number of at least 0.
    m: the number of examples.

    Returns one number: λ/(2m) times the sum of the squares of all entries of W1, …, WL. Biases do not count.

    >>> parameters = {"W1": np.array([[1.0, -2.0]]), "b1": np.array([[7.0]])}
    >>> float(l2_penalty(parameters, 0.5, 10))
    0.125
    """
    raise NotImplementedError("l2_penalty")


# %%
def l1_penalty(parameters, lambd, m):
    """The L1 penalty on the weights of a network.

    parameters: dict with W1, b1, …, WL, bL, for any number L of layers. lambd: λ, a number of at least 0.
    m: the number of examples.

    Returns one number: λ/(2m) times the sum of the absolute values of all entries of W1, …, WL. Biases do not count.

    >>> parameters = {"W1": np.array([[1.0, -2.0]]), "b1": np.array([[7.0]])}
    >>> round(float(l1_penalty(parameters, 0.5, 10)), 6)
    0.075
    """
    raise NotImplementedError("l1_penalty")


# %% [markdown]
# ## Their gradients
#
# Backpropagation gives $dW$, the gradient of $J_{data}$. The penalty adds its own derivative:
#
# $$\frac{\partial}{\partial w} \frac{\lambda}{2m} w^2 = \frac{\lambda}{m} w, \qquad
# \frac{\partial}{\partial w} \frac{\lambda}{2m} \lvert w \rvert = \frac{\lambda}{2m} \mathrm{sign}(w).$$
#
# The $2$ of the square cancels the $\frac12$; that is why the $\frac12$ is there. $\lvert w \rvert$ has nothing to
# cancel, so there the $\frac12$ stays. And the two pull differently: L2 pulls a large weight harder than
# a small one, L1 pulls all of them alike, and so draws many weights to exactly 0.


# %%
def l2_gradient(dW, W, lambd, m):
    """The gradient of the cost with L2 penalty by one weight matrix.

    dW: the gradient of the cost without penalty, of the shape of W. W: (n, n_prev). lambd: λ. m: the number of
    examples.

    Returns dW + λ/m W, of the shape of W.

    >>> l2_gradient(np.array([[1.0, 1.0]]), np.array([[2.0, -4.0]]), 0.5, 2)
    array([[1.5, 0. ]])
    """
    raise NotImplementedError("l2_gradient")


# %%
def l1_gradient(dW, W, lambd, m):
    """The gradient of the cost with L1 penalty by one weight matrix.

    dW: the gradient of the cost without penalty, of the shape of W. W: (n, n_prev), no entry of which is 0.
    lambd: λ. m: the number of examples.

    Returns dW + λ/(2m) sign(W), of the shape of W.

    >>> l1_gradient(np.array([[1.0, 1.0]]), np.array([[2.0, -4.0]]), 0.5, 2)
    array([[1.125, 0.875]])
    """
    raise NotImplementedError("l1_gradient")


# %% [markdown]
# Put the L2 gradient into a step of gradient descent and sort by $W$:
#
# $$W - \alpha \Big( dW + \frac{\lambda}{m} W \Big) = \Big( 1 - \frac{\alpha \lambda}{m} \Big) W - \alpha\, dW.$$
#
# So each step first shrinks the weights by a factor a little below 1, and then goes against $dW$ as always. Hence the
# second name of the L2 penalty: *weight decay*.


# %%
def weight_decay_update(W, dW, learning_rate, lambd, m):
    """One step of gradient descent with weight decay for one weight matrix.

    W: (n, n_prev). dW: the gradient of the cost *without* penalty, of the shape of W. learning_rate: the step α.
    lambd: λ. m: the number of examples.

    Returns the new weights (1 - αλ/m) W - α dW, of the shape of W.

    >>> weight_decay_update(np.array([[2.0, -4.0]]), np.array([[1.0, 1.0]]), 0.5, 1.0, 2)
    array([[ 1. , -3.5]])
    """
    raise NotImplementedError("weight_decay_update")


# %% [markdown]
# ## Dropout
#
# In every training step, dropout switches off some units at random. A unit can then rely on no single one of its
# inputs, because any of them may be gone in the next step, and has to spread its weights.
#
# Each entry of $A$ is *kept* with the probability $p$, the argument `keep_prob`, and set to 0 otherwise. Every entry is
# drawn by itself: another unit, or the same unit in another example, has its own fate. With $u$ uniform on $[0, 1)$
# the event $u < 0.8$ has probability 0.8, so what is *below* $p$ is kept.
#
# That alone would make the sum of a layer's outputs smaller by the factor $p$, on average. *Inverted* dropout makes
# up for it at once, by dividing what is kept:
#
# $$A_{dropped} = \frac{A * mask}{p}, \qquad E[A_{dropped}] = A.$$
#
# So the next layer gets signals of the usual size, and when the trained network is used, nothing is dropped and nothing
# scaled.


# %%
def dropout_forward(A, keep_prob, rng):
    """Inverted dropout of the activations of one layer.

    A: (n, m). keep_prob: the probability that an entry is kept, above 0 and at most 1. rng: a numpy.random.Generator,
    the only source of randomness.

    Returns A_dropped and mask, both of the shape of A. mask is boolean: True where the entry is kept. Every entry of
    it is drawn by itself. A_dropped is A / keep_prob where mask is True, and 0 elsewhere.

    >>> A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    >>> A_dropped, mask = dropout_forward(A, 0.5, np.random.default_rng(0))
    >>> mask.dtype, np.array_equal(A_dropped, 2 * A * mask)
    (dtype('bool'), True)
    """
    raise NotImplementedError("dropout_forward")


# %% [markdown]
# Backwards, the chain rule goes through the same operation. What was multiplied by $mask / p$ on the way forward
# has this very factor as its derivative: the gradient is stopped where the entry was dropped, and divided by $p$ where
# it was kept. It has to be the mask of the forward step; a new one would belong to another network.


# %%
def dropout_backward(dA, mask, keep_prob):
    """The backward step of inverted dropout.

    dA: (n, m), the gradient by A_dropped. mask: (n, m), boolean, as dropout_forward returned it. keep_prob: as in the
    forward step.

    Returns the gradient by A, of the shape of dA: dA / keep_prob where mask is True, and 0 elsewhere.

    >>> dropout_backward(np.array([[1.0, 2.0, 3.0]]), np.array([[True, False, True]]), 0.5)
    array([[2., 0., 6.]])
    """
    raise NotImplementedError("dropout_backward")


# %% [markdown]
# ## A network with dropout
#
# Relu in the layers $1, \dots, L-1$, sigmoid in layer $L$. Dropout comes after the activation of every *hidden* layer:
#
# $$Z_l = W_l A_{l-1} + b_l, \qquad A_l = \frac{\mathrm{relu}(Z_l) * mask_l}{p_l} \quad (l < L), \qquad
# A_L = \sigma(Z_L), \qquad A_0 = X,$$
#
# with $p_l$ for the probability to keep in layer $l$. Neither the input nor the output is dropped: the network sees
# the whole picture, and half an answer is none. So there are $L - 1$ probabilities and $L - 1$ masks.


# %%
def forward_with_dropout(X, parameters, keep_probs, rng):
    """The forward pass of a network with dropout in its hidden layers.

    X: (n_0, m). parameters: dict with W1, b1, …, WL, bL. keep_probs: list of L - 1 probabilities, one for each hidden
    layer, first layer first. rng: a numpy.random.Generator, the only source of randomness.

    Returns AL of shape (1, m); the list of the L layer caches ((A_prev, W, b), Z), where A_prev is what the layer
    really got, *after* dropout, and Z = W A_prev + b; and the list of the L - 1 masks of the hidden layers, boolean
    and of shape (n_l, m) each.

    >>> parameters = {"W1": np.array([[1.0]]), "b1": np.array([[-2.0]]),
    ...               "W2": np.array([[3.0]]), "b2": np.array([[0.0]])}
    >>> AL, caches, masks = forward_with_dropout(np.array([[2.0, 1.0]]), parameters, [0.5], np.random.default_rng(0))
    >>> AL, len(caches), len(masks)
    (array([[0.5, 0.5]]), 2, 1)
    """
    raise NotImplementedError("forward_with_dropout")


# %% [markdown]
# The way back takes the same steps in reverse order: first the dropout of a layer, then its activation, then its linear
# half. For the cross-entropy cost behind a sigmoid the start is simple, and $1/m$ enters once, where the gradients of
# a layer are summed up:
#
# $$dZ_L = A_L - Y, \qquad dW_l = \frac{1}{m}\, dZ_l A_{l-1}^T, \qquad db_l = \frac{1}{m} \sum_{i=1}^{m} dZ_l^{(i)},$$
#
# $$dZ_l = \frac{(W_{l+1}^T dZ_{l+1}) * mask_l}{p_l} * \mathrm{relu}'(Z_l) \quad (l < L).$$
#
# $A_{l-1}$ is the dropped one, which is in the cache.


# %%
def backward_with_dropout(AL, Y, caches, masks, keep_probs):
    """The gradients of the mean cross-entropy, through the same dropout as in the forward pass.

    AL: (1, m), caches and masks: as forward_with_dropout returned them. Y: (1, m) of 0 and 1. keep_probs: list of L - 1
    probabilities, as in the forward pass.

    Returns grads, a dict with dW1, db1, …, dWL, dbL (more keys do no harm).

    >>> parameters = {"W1": np.array([[1.0]]), "b1": np.array([[-2.0]]),
    ...               "W2": np.array([[3.0]]), "b2": np.array([[0.0]])}
    >>> X, Y = np.array([[2.5, 1.0]]), np.array([[1, 0]])
    >>> AL, caches, masks = forward_with_dropout(X, parameters, [1.0], np.random.default_rng(0))
    >>> grads = backward_with_dropout(AL, Y, caches, masks, [1.0])
    >>> round(float(grads["dW1"][0, 0]), 4), round(float(grads["db2"][0, 0]), 4)
    (-0.6841, 0.1588)
    """
    raise NotImplementedError("backward_with_dropout")


# %% [markdown]
# ## Early stopping
#
# While a network trains, its cost on the training set goes down and down. Its cost on the *dev set*, examples that it
# does not train on, falls at first and rises again when learning by heart begins. So one watches the dev cost, stops
# when it has had no new best for a while, and takes the parameters of the best iteration.
#
# The length of that while is called *patience*: one bad iteration may be noise, and training goes on until `patience`
# iterations in a row brought no new best. A cost that only equals the best is no new best.


# %%
def early_stopping(dev_costs, patience):
    """The iteration whose parameters early stopping would take.

    dev_costs: list of the costs on the dev set, one for each iteration, at least one. patience: a whole number of at
    least 1.

    Training goes through the iterations in order. It stops as soon as `patience` iterations in a row brought no new
    best, that is none strictly lower than all before; otherwise it goes on to the end of the list. What comes
    after the stop is never seen.

    Returns the index, from 0, of the lowest cost until then.

    >>> early_stopping([0.9, 0.5, 0.6, 0.7, 0.1], 2)
    1
    >>> early_stopping([0.9, 0.5, 0.6, 0.7, 0.1], 3)
    4
    """
    raise NotImplementedError("early_stopping")


# %% [markdown]
# ## Data augmentation
#
# The best remedy against high variance is more data, and more images can be had for nothing: a cat seen in a mirror
# is a cat. What may be done depends on the task: the mirror image of a 3 is no digit at all.
#
# `images` has the shape $(m, h, w)$. Axis 0 counts the images, axis 1 the rows from top to bottom, axis 2 the columns
# from left to right.


# %%
def flip_horizontal(images):
    """Every image seen in a mirror: left and right are exchanged.

    images: (m, h, w).

    Returns an array of the shape of images.

    >>> flip_horizontal(np.array([[[1, 2, 3], [4, 5, 6]]]))
    array([[[3, 2, 1],
            [6, 5, 4]]])
    """
    raise NotImplementedError("flip_horizontal")


# %% [markdown]
# A crop is a window of the image, here a square one. In an image of $h$ rows the window's first row can be
# $0, 1, \dots, h - size$: these are $h - size + 1$ positions, and all of them have to be equally likely. The same holds
# for its first column.


# %%
def random_crop(images, size, rng):
    """A random square window of every image.

    images: (m, h, w). size: the number of rows and of columns of the window, at most h and at most w. rng: a
    numpy.random.Generator, the only source of randomness.

    Returns an array of shape (m, size, size). Entry i is a window of image i: `size` neighbouring rows and `size`
    neighbouring columns, in their order. Its place is drawn for every image by itself, and all places inside the
    image are equally likely.

    >>> window = random_crop(np.array([[[1, 2, 3], [4, 5, 6]]]), 2, np.random.default_rng(0))
    >>> window.tolist() in ([[[1, 2], [4, 5]]], [[[2, 3], [5, 6]]])
    True
    """
    raise NotImplementedError("random_crop")


# %%
def rotate_quarter_turns(images, turns):
    """Every image, turned by quarter turns.

    images: (m, h, w). turns: a whole number; one turn is 90 degrees counter-clockwise, a negative number turns
    clockwise, and four turns change nothing.

    Returns an array of shape (m, h, w) for an even number of turns, and (m, w, h) for an odd one.

    >>> rotate_quarter_turns(np.array([[[1, 2, 3], [4, 5, 6]]]), 1)
    array([[[3, 6],
            [2, 5],
            [1, 4]]])
    """
    raise NotImplementedError("rotate_quarter_turns")


# %% [markdown]
# ## Ensembles
#
# Networks that were trained from different starting points make different mistakes. Where one errs, most others do not,
# and so the mean of their probabilities is right more often than any of them.


# %%
def ensemble_average(probabilities):
    """The common answer of several networks: for every example the mean of their probabilities.

    probabilities: list of arrays of shape (1, m), one for each network, at least one.

    Returns an array of shape (1, m).

    >>> ensemble_average([np.array([[0.5, 1.0]]), np.array([[0.25, 0.5]])])
    array([[0.375, 0.75 ]])
    """
    raise NotImplementedError("ensemble_average")
