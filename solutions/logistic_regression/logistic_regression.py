# %% [markdown]
# # Logistic regression: a network of one neuron
#
# Is a tumour malignant or benign? One neuron can answer such a yes-or-no question. It weighs the features, adds a
# bias, and squeezes the sum into a probability. You write the neuron, the cost that says how wrong it is, the
# gradient of this cost, and gradient descent, and train it on measurements of 569 tumours. All of it returns in deep
# networks: there, a layer is many of these neurons side by side.
#
# **Notation.** $m$ examples with $n_x$ features each stand side by side as the *columns* of $X$.
#
# | | shape | |
# |---|---|---|
# | $X$ | $(n_x, m)$ | the features; column $i$ is the example $x^{(i)}$ |
# | $Y$ | $(1, m)$ | the labels, 0 or 1 |
# | $w$ | $(n_x, 1)$ | the weights, one for each feature |
# | $b$ | a number | the bias |
# | $A$ | $(1, m)$ | the probabilities that the neuron gives for label 1; the notes call them $\hat y$ |
#
# A gradient has the shape of what it belongs to: $dw$ that of $w$, and $db$ is a number.
#
# **No loops over examples.** NumPy works on whole arrays: `w.T @ X` computes the sums for all $m$ examples in one
# call, and hundreds of times faster than a loop in Python. Here that is part of the exercise: work that Python does
# for each example (a loop, a comprehension, `map`, `np.vectorize`) costs points, even where the result is right.
# Loops over iterations or over features are fine.
#
# Functions return new arrays and leave their arguments as they are. Nothing is random.
#
# Run `grader check` in this folder whenever you like.

# %%
import numpy as np

# %% [markdown]
# ## Sigmoid
#
# The sum of a neuron can be any number; a probability lies between 0 and 1. The sigmoid takes the one to the other:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# $\sigma(0) = \frac12$; a large positive $z$ gives almost 1, a large negative one almost 0.


# %%
def sigmoid(z):
    """The logistic function 1 / (1 + exp(-z)) of every entry of z.

    z: array of floats of any shape; here mostly (1, m).

    Returns an array of the shape of z.

    >>> np.round(sigmoid(np.array([[-2.0, 0.0, 3.0]])), 4)
    array([[0.1192, 0.5   , 0.9526]])
    """
    # BEGIN SOLUTION
    return 1 / (1 + np.exp(-z))
    # END SOLUTION


# %% [markdown]
# ## Parameters
#
# Several neurons side by side must not start alike, or they would stay alike for ever. One neuron alone has nobody to
# be like, and its cost has a single valley: it may start at zero.


# %%
def initialize_parameters(n_x):
    """Zero weights and a zero bias.

    n_x: the number of features.

    Returns w, zeros of shape (n_x, 1), and b, the number 0.0.

    >>> initialize_parameters(2)
    (array([[0.],
           [0.]]), 0.0)
    """
    # BEGIN SOLUTION
    return np.zeros((n_x, 1)), 0.0
    # END SOLUTION


# %% [markdown]
# ## Forward
#
# For one example the neuron computes $z = w_1 x_1 + \dots + w_{n_x} x_{n_x} + b = w^T x + b$. For all examples at
# once:
#
# $$Z = w^T X + b, \qquad A = \sigma(Z)$$
#
# $w^T$ is a row $(1, n_x)$, so $w^T X$ is a row $(1, m)$ with a sum for each example, and NumPy adds the number $b$
# to every entry of it.


# %%
def forward(w, b, X):
    """The probabilities that the neuron gives to all examples.

    w: (n_x, 1). b: a number. X: (n_x, m).

    Returns A = sigmoid(wᵀ X + b) of shape (1, m). No work in Python per example.

    >>> w, b = np.array([[1.0], [-2.0]]), 0.5
    >>> np.round(forward(w, b, np.array([[1.5, 0.0, 3.0], [1.0, 1.0, 0.5]])), 4)
    array([[0.5   , 0.1824, 0.9241]])
    """
    # BEGIN SOLUTION
    return sigmoid(w.T @ X + b)
    # END SOLUTION


# %% [markdown]
# ## Cost
#
# How wrong is a probability $a$ if the label is $y$? For $y = 1$ the *cross-entropy* loss is $-\log a$, for $y = 0$
# it is $-\log(1 - a)$. Both are 0 for the right answer given with certainty, and grow without bound towards the wrong
# one. One formula holds both cases, because $y$ switches one of its terms off; the cost is the *mean* over the
# examples:
#
# $$J = -\frac{1}{m} \sum_{i=1}^{m} \Big( y^{(i)} \log a^{(i)} + (1 - y^{(i)}) \log(1 - a^{(i)}) \Big)$$
#
# The formula has a trap. A sigmoid that is certain rounds to exactly 0 or 1, and then $\log 0 = -\infty$; even the
# term that is switched off is $0 \cdot \infty$, which NumPy calls NaN. So keep the probabilities a little away from 0
# and 1 before taking logarithms. *A little* means $10^{-8}$ or less: more would change the cost.


# %%
def cross_entropy_cost(A, Y):
    """The mean cross-entropy of the probabilities A for the labels Y.

    A: (1, m), from 0 to 1. Y: (1, m) of 0 and 1.

    Returns one number. It is finite even where A is exactly 0 or 1: an answer that is certain and right costs nothing,
    one that is certain and wrong costs much. No work in Python per example.

    >>> round(float(cross_entropy_cost(np.array([[0.5, 0.25]]), np.array([[1, 0]]))), 4)
    0.4904
    >>> round(float(cross_entropy_cost(np.array([[1.0, 0.5]]), np.array([[1, 0]]))), 4)
    0.3466
    """
    # BEGIN SOLUTION
    A = np.clip(A, 1e-15, 1 - 1e-15)
    return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    # END SOLUTION


# %% [markdown]
# Why not simply the squared error, with the loss $\frac12 (a - y)^2$? Its derivative by $z$ is $(a - y)\,a(1 - a)$. A
# neuron that is certain and wrong has $a(1 - a) \approx 0$: just where it should learn most, it would learn nothing,
# and the cost has flat regions and more than one valley. The cross-entropy has the derivative $a - y$ and neither of
# the two faults. Write the squared error all the same, to compare:
#
# $$J_2 = \frac{1}{m} \sum_{i=1}^{m} \tfrac12 \big(a^{(i)} - y^{(i)}\big)^2$$


# %%
def squared_error_cost(A, Y):
    """The mean of the losses (a - y)² / 2 over the examples.

    A: (1, m), from 0 to 1. Y: (1, m) of 0 and 1.

    Returns one number. No work in Python per example.

    >>> float(squared_error_cost(np.array([[0.5, 0.25]]), np.array([[1, 0]])))
    0.078125
    """
    # BEGIN SOLUTION
    return np.mean((A - Y) ** 2) / 2
    # END SOLUTION


# %% [markdown]
# ## Backward
#
# By the chain rule, one example sends this back from its loss $\mathcal L$ to its sum $z$:
#
# $$\frac{\partial \mathcal L}{\partial z} = \underbrace{\left(-\frac{y}{a} + \frac{1 - y}{1 - a}\right)}_{\text{by } a}
# \; \underbrace{a (1 - a)}_{\sigma'(z)} = a - y$$
#
# The weight of feature $j$ enters $z$ as $w_j x_j$, so its share is $(a - y)\,x_j$, and that of the bias is $a - y$.
# The cost is the mean over the examples, and so is its gradient:
#
# $$dw = \frac{1}{m} X (A - Y)^T, \qquad db = \frac{1}{m} \sum_{i=1}^{m} \big(a^{(i)} - y^{(i)}\big)$$


# %%
def backward(X, A, Y):
    """The gradient of the cross-entropy cost.

    X: (n_x, m). A: (1, m), what forward returned for X. Y: (1, m) of 0 and 1.

    Returns dw = X (A - Y)ᵀ / m of shape (n_x, 1), and db, the mean of A - Y, a number. No work in Python per example.

    >>> dw, db = backward(np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[0.5, 0.75]]), np.array([[1, 0]]))
    >>> dw, float(db)
    (array([[ 0.5  ],
           [-1.125]]), 0.125)
    """
    # BEGIN SOLUTION
    m = X.shape[1]
    dw = X @ (A - Y).T / m
    db = np.sum(A - Y) / m
    return dw, db
    # END SOLUTION


# %% [markdown]
# ## Gradient descent
#
# The gradient points to where the cost grows fastest, so a small step against it brings the cost down:
#
# $$w \leftarrow w - \alpha\, dw, \qquad b \leftarrow b - \alpha\, db$$
#
# $\alpha$ is the learning rate. Both gradients belong to the same $w$ and $b$: go forward and backward first, and
# change the two afterwards. Then everything is done again, with the new ones.


# %%
def gradient_descent(w, b, X, Y, learning_rate, iterations):
    """Many steps against the gradient, from the given start.

    w: (n_x, 1) and b, a number: where to start. X: (n_x, m). Y: (1, m) of 0 and 1. learning_rate: α, a number above 0.
    iterations: the number of steps, at least 1.

    Returns w, b and costs. costs is a list with one cross-entropy for each iteration: that of w and b *before* the
    step of this iteration. So the first one belongs to the start, and that of the returned w and b is not among them.
    No work in Python per example; the loop over the iterations is needed.

    >>> X, Y = np.array([[1.0, -1.0]]), np.array([[1, 0]])
    >>> w, b, costs = gradient_descent(np.array([[0.0]]), 0.0, X, Y, 1.0, 2)
    >>> np.round(w, 4), np.round(costs, 4)
    (array([[0.8775]]), array([0.6931, 0.4741]))
    """
    # BEGIN SOLUTION
    costs = []
    for _ in range(iterations):
        A = forward(w, b, X)
        costs.append(cross_entropy_cost(A, Y))
        dw, db = backward(X, A, Y)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return w, b, costs
    # END SOLUTION


# %% [markdown]
# ## Predict
#
# A probability becomes an answer by a threshold. One half is natural, but not always wise: whoever must not overlook
# a malignant tumour asks for less.


# %%
def predict(w, b, X, threshold=0.5):
    """The answers of the neuron.

    w: (n_x, 1). b: a number. X: (n_x, m). threshold: a number between 0 and 1.

    Returns (1, m): 1 where the probability is above the threshold, and 0 elsewhere. No work in Python per example.

    >>> predict(np.array([[1.0]]), 0.0, np.array([[-3.0, 0.5, 3.0]]))
    array([[0, 1, 1]])
    >>> predict(np.array([[1.0]]), 0.0, np.array([[-3.0, 0.5, 3.0]]), 0.9)
    array([[0, 0, 1]])
    """
    # BEGIN SOLUTION
    return (forward(w, b, X) > threshold).astype(int)
    # END SOLUTION


# %% [markdown]
# ## Training on tumours
#
# `data/tumours.npz` holds ten measures of the cell nuclei of 569 tumours: `X` of shape (10, 569), and `Y` of shape
# (1, 569), 1 for malignant and 0 for benign. An area of 2000 beside a smoothness of 0.1 would need another learning
# rate for each weight, so bring every feature to mean 0 and standard deviation 1 before training. When `fit` is done,
# try it:
#
# ```python
# with np.load("data/tumours.npz") as data:
#     X, Y = data["X"].astype(float), data["Y"]
# X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
# w, b = fit(X, Y, 0.5, 50)
# print(np.mean(predict(w, b, X) == Y))
# ```
#
# It should print 0.97. Then compare thresholds: how many malignant tumours are overlooked with 0.5, and with 0.1?


# %%
def fit(X, Y, learning_rate, iterations):
    """Train the neuron by gradient descent from zero.

    X: (n_x, m), used as it is. Y: (1, m) of 0 and 1. learning_rate: the step α. iterations: the number of steps.

    Returns w and b after the last step. No work in Python per example.

    >>> w, b = fit(np.array([[1.0, -1.0]]), np.array([[1, 0]]), 1.0, 2)
    >>> np.round(w, 4), float(b)
    (array([[0.8775]]), 0.0)
    """
    # BEGIN SOLUTION
    w, b = initialize_parameters(X.shape[0])
    w, b, _ = gradient_descent(w, b, X, Y, learning_rate, iterations)
    return w, b
    # END SOLUTION
