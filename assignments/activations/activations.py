# %% [markdown]
# # Activation functions and their derivatives
#
# A layer of a neural network first takes weighted sums, $Z = W A_{prev} + b$, and then bends them with an
# *activation function* $g$: $A = g(Z)$. Without $g$ any number of layers would collapse into a single
# linear one, because a product of matrices is again a matrix.
#
# Training goes backwards through the same functions. The chain rule multiplies what comes from above by
# $g'(Z)$, so every activation is needed together with its derivative.
#
# Here you write four activations and their four derivatives:
#
# | | $g(z)$ | $g'(z)$ | range of $g$ |
# |---|---|---|---|
# | sigmoid | $1 / (1 + e^{-z})$ | $g(z)\,(1 - g(z))$ | $(0, 1)$ |
# | tanh | $(e^z - e^{-z}) / (e^z + e^{-z})$ | $1 - g(z)^2$ | $(-1, 1)$ |
# | relu | $\max(0, z)$ | $1$ for $z > 0$, $0$ for $z < 0$ | $[0, \infty)$ |
# | leaky relu | $z$ for $z > 0$, $slope \cdot z$ else | $1$ for $z > 0$, $slope$ for $z < 0$ | all numbers |
#
# **Three rules hold for all eight functions.**
#
# - They work entry by entry: the result has the shape of `z`, whatever that shape is, and entry $i$ of the result
#   depends on entry $i$ of `z` only.
# - They take $z$, the number *before* the activation. That matters most for the derivatives.
# - They leave `z` as it is and return a new array.
#
# Run `grader check` in this folder whenever you like.

# %%
import numpy as np

# %% [markdown]
# ## Sigmoid
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# It squeezes every number into $(0, 1)$, which can be read as a probability. So it is what the last layer of a
# yes-or-no classifier uses.
#
# The formula has a trap. For $z = -1000$ it asks for $e^{1000}$, which is larger than any floating-point number:
# NumPy warns of an overflow. Multiplying numerator and denominator by $e^z$ gives a second form of the same function,
#
# $$\sigma(z) = \frac{e^{z}}{1 + e^{z}},$$
#
# which has the same trap on the other side, at $z = +1000$. Each form is safe where the other is not, and both
# are safe if the exponential is only ever taken of $-|z|$, which is never positive.


# %%
def sigmoid(z):
    """The logistic function 1 / (1 + exp(-z)) of every entry of z.

    z: array of any shape, of floats or of whole numbers.

    Returns an array of floats of the shape of z, with entries from 0 to 1. No entry is NaN and nothing overflows
    where z is as large as 1000 or as small as -1000: the result there is 1 or 0, up to rounding.

    >>> np.round(sigmoid(np.array([[-2.0, 0.0], [1.0, 3.0]])), 4)
    array([[0.1192, 0.5   ],
           [0.7311, 0.9526]])
    """
    raise NotImplementedError("sigmoid")


# %% [markdown]
# ## Hyperbolic tangent
#
# $$\tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}} = 2\,\sigma(2z) - 1$$
#
# It is a sigmoid that was stretched and moved so that it lies between $-1$ and $1$ and goes through the origin.
# In hidden layers it usually beats the sigmoid, because its outputs are centred around 0, and the
# next layer learns more easily from centred inputs.
#
# You may use the function that NumPy has for it. If you write out the exponentials instead, try $z = 1000$: a
# quotient of two infinities is NaN.


# %%
def tanh(z):
    """The hyperbolic tangent of every entry of z.

    z: array of floats of any shape.

    Returns an array of the shape of z, with entries from -1 to 1.

    >>> np.round(tanh(np.array([[-2.0, 0.0], [0.5, 1.0]])), 4)
    array([[-0.964 ,  0.    ],
           [ 0.4621,  0.7616]])
    """
    raise NotImplementedError("tanh")


# %% [markdown]
# ## ReLU, the rectified linear unit
#
# $$\mathrm{relu}(z) = \max(0, z)$$
#
# Nothing is simpler, and it is the usual choice for hidden layers. It does not flatten out for large $z$, so
# the signal that flows backwards is not damped there.
#
# `max` and `if` of Python compare single numbers. NumPy has functions that compare whole arrays entry by entry.


# %%
def relu(z):
    """max(0, z) for every entry of z: positive entries stay as they are, negative ones become 0.

    z: array of floats of any shape.

    Returns an array of the shape of z.

    >>> relu(np.array([[-2.0, 0.5], [3.0, -0.1]]))
    array([[0. , 0.5],
           [3. , 0. ]])
    """
    raise NotImplementedError("relu")


# %% [markdown]
# ## Leaky ReLU
#
# A relu unit whose $z$ is negative for every example outputs 0 and has the derivative 0: it no longer learns. The leaky
# relu lets a little of the negative side through:
#
# $$\mathrm{leaky\_relu}(z) = \begin{cases} z & z > 0 \\ slope \cdot z & z \le 0 \end{cases}$$
#
# The slope is a small number such as 0.01. With the slope 0 the function is relu again, with the slope 1 it returns
# `z` unchanged.


# %%
def leaky_relu(z, slope=0.01):
    """z where z is positive, slope * z elsewhere.

    z: array of floats of any shape.
    slope: number from 0 to 1, the slope of the line on the negative side.

    Returns an array of the shape of z.

    >>> leaky_relu(np.array([[-2.0, 0.5], [3.0, -10.0]]))
    array([[-0.02,  0.5 ],
           [ 3.  , -0.1 ]])
    >>> leaky_relu(np.array([-2.0, 0.5]), 0.25)
    array([-0.5,  0.5])
    """
    raise NotImplementedError("leaky_relu")


# %% [markdown]
# ## The derivatives
#
# The next four functions return $g'(z)$ for the *same* $z$ that $g$ was given. Many formulas in books are
# written with the activation $a = g(z)$ instead, such as $\sigma' = a (1 - a)$. They are right, but $a$ is not what
# your function receives: compute it from `z` first.
#
# A derivative can always be checked against the slope of the curve itself:
#
# $$g'(z) \approx \frac{g(z + \varepsilon) - g(z - \varepsilon)}{2 \varepsilon}, \qquad \varepsilon = 10^{-5}$$
#
# This is how the hidden tests check yours, and you can do the same.
#
# ## Derivative of the sigmoid
#
# With $a = \sigma(z)$,
#
# $$\sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2} = a\,(1 - a)$$
#
# It is largest at $z = 0$, and even there only $\frac14$. The chain rule multiplies one such factor per layer; after
# ten sigmoid layers at most $4^{-10} \approx 10^{-6}$ of the signal is left, unless the weights make up for it.
# That is the *vanishing gradient*.


# %%
def sigmoid_derivative(z):
    """The derivative of the sigmoid at every entry of z: a * (1 - a) with a = sigmoid(z).

    z: array of floats of any shape, the values before the activation (not sigmoid(z)).

    Returns an array of the shape of z, with entries from 0 to 0.25.

    >>> np.round(sigmoid_derivative(np.array([[-2.0, 0.0], [1.0, 3.0]])), 4)
    array([[0.105 , 0.25  ],
           [0.1966, 0.0452]])
    """
    raise NotImplementedError("sigmoid_derivative")


# %% [markdown]
# ## Derivative of the hyperbolic tangent
#
# With $a = \tanh(z)$,
#
# $$\tanh'(z) = 1 - a^2$$
#
# At $z = 0$ it is 1, four times the largest derivative of the sigmoid. So signals fade less, but they still
# fade where $|z|$ is large.


# %%
def tanh_derivative(z):
    """The derivative of tanh at every entry of z: 1 - a**2 with a = tanh(z).

    z: array of floats of any shape, the values before the activation (not tanh(z)).

    Returns an array of the shape of z, with entries from 0 to 1.

    >>> np.round(tanh_derivative(np.array([[-2.0, 0.0], [0.5, 1.0]])), 4)
    array([[0.0707, 1.    ],
           [0.7864, 0.42  ]])
    """
    raise NotImplementedError("tanh_derivative")


# %% [markdown]
# ## Derivative of ReLU
#
# $$\mathrm{relu}'(z) = \begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases}$$
#
# At exactly $z = 0$ the curve has a corner: its slope is 0 from the left and 1 from the right, and there is no
# derivative.
# Some texts simply say that it is 1 there. A computed $z$ is hardly ever exactly 0, so it does not matter
# which of the two you return, as long as it is a number.


# %%
def relu_derivative(z):
    """The derivative of relu at every entry of z: 1 where z is positive, 0 where it is negative.

    z: array of floats of any shape, the values before the activation.

    Returns an array of the shape of z. Where z is exactly 0 there is no derivative, and either one-sided
    value, 0 or 1, is accepted.

    >>> relu_derivative(np.array([[-2.0, 0.5], [3.0, -0.1]]))
    array([[0., 1.],
           [1., 0.]])
    """
    raise NotImplementedError("relu_derivative")


# %% [markdown]
# ## Derivative of leaky ReLU
#
# $$\mathrm{leaky\_relu}'(z) = \begin{cases} 1 & z > 0 \\ slope & z < 0 \end{cases}$$
#
# It is never 0 as long as the slope is not, so every unit keeps learning.


# %%
def leaky_relu_derivative(z, slope=0.01):
    """The derivative of leaky_relu at every entry of z: 1 where z is positive, slope where it is negative.

    z: array of floats of any shape, the values before the activation.
    slope: number from 0 to 1, the slope of the line on the negative side.

    Returns an array of the shape of z. Where z is exactly 0 there is no derivative, and either one-sided
    value, slope or 1, is accepted.

    >>> leaky_relu_derivative(np.array([[-2.0, 0.5], [3.0, -0.1]]))
    array([[0.01, 1.  ],
           [1.  , 0.01]])
    >>> leaky_relu_derivative(np.array([-2.0, 0.5]), 0.25)
    array([0.25, 1.  ])
    """
    raise NotImplementedError("leaky_relu_derivative")
