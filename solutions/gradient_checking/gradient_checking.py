# %% [markdown]
# # Gradient checking
#
# Backward propagation is easy to get almost right. A network with a wrong gradient often still learns, only worse,
# and nothing says so. Gradient checking does: it compares the gradient that you derived with one that needs no
# derivation, because it only evaluates the cost.
#
# **The idea.** Shift one parameter by a small $\varepsilon$ to both sides and look how much the cost changes:
#
# $$
# \frac{\partial J}{\partial \theta_i} \approx
# \frac{J(\theta + \varepsilon e_i) - J(\theta - \varepsilon e_i)}{2 \varepsilon}
# $$
#
# where $e_i$ is 1 at position $i$ and 0 elsewhere. The error of this *central* difference shrinks with
# $\varepsilon^2$, that of the one-sided difference only with $\varepsilon$. It costs two evaluations of $J$ for every
# parameter, so it is a check and no way to train.
#
# **Notation.** `parameters` is a dict of arrays, `{"W1": …, "b1": …}`; $\theta$ is a vector of shape $(n,)$ that
# holds all of their entries. Functions leave their arguments as they are.
#
# Run `grader check` in this folder whenever you like.

# %%
import numpy as np

# %% [markdown]
# ## From parameters to a vector and back
#
# The check wants one vector, a network has a dict of matrices. So the entries are written one after the other, and a
# *layout* remembers what stood where. Which layout you choose is up to you, as long as you can find everything again.


# %%
def parameters_to_vector(parameters):
    """All parameters in one vector.

    parameters: dict from names to arrays of any shape.

    Returns theta, an array of shape (n,) that holds every entry of every array exactly once, and the layout: whatever
    vector_to_parameters needs to undo this (plain data: lists, tuples, dicts, numbers, texts). Parameters of the same
    names and shapes always give the same order.

    >>> theta, layout = parameters_to_vector({"W1": np.array([[1.0, 2.0]]), "b1": np.array([[3.0]])})
    >>> theta
    array([1., 2., 3.])
    """
    # BEGIN SOLUTION
    layout = [(name, array.shape) for name, array in parameters.items()]
    return np.concatenate([array.ravel() for array in parameters.values()]), layout
    # END SOLUTION


# %%
def vector_to_parameters(theta, layout):
    """The dict of parameters that a vector stands for: the exact inverse of parameters_to_vector.

    theta: (n,). layout: as parameters_to_vector returned it.

    Returns a dict with the names and shapes that the layout tells, and the entries of theta.

    >>> theta, layout = parameters_to_vector({"W1": np.array([[1.0, 2.0]]), "b1": np.array([[3.0]])})
    >>> vector_to_parameters(10 * theta, layout)
    {'W1': array([[10., 20.]]), 'b1': array([[30.]])}
    """
    # BEGIN SOLUTION
    parameters, begin = {}, 0
    for name, shape in layout:
        size = int(np.prod(shape))
        parameters[name] = theta[begin : begin + size].reshape(shape)
        begin += size
    return parameters
    # END SOLUTION


# %% [markdown]
# ## The numerical gradient
#
# Work in floating point, whatever comes in: an integer $\theta$ to which $10^{-5}$ is added in place stays what it
# was, and every difference is 0. The step is a compromise: a large one has the error of the formula, a tiny one
# drowns in rounding. For float64 $10^{-5}$ is a good choice.


# %%
def numerical_gradient(f, theta, epsilon=1e-5):
    """The gradient of f at theta by central differences.

    f: a function that takes an array of theta's shape and returns a number. theta: (n,), of floats or integers.
    epsilon: the step to each side.

    Returns an array of shape (n,): (f(theta + epsilon * e_i) - f(theta - epsilon * e_i)) / (2 * epsilon) for every i.
    theta is afterwards as it was before.

    >>> numerical_gradient(lambda theta: theta[0] ** 2 + 3 * theta[1], np.array([2.0, 5.0])).round(6)
    array([4., 3.])
    """
    # BEGIN SOLUTION
    theta = np.asarray(theta, dtype=float)
    gradient = np.zeros(theta.shape)
    for i in range(theta.size):
        step = np.zeros(theta.shape)
        step[i] = epsilon
        gradient[i] = (f(theta + step) - f(theta - step)) / (2 * epsilon)
    return gradient
    # END SOLUTION


# %% [markdown]
# ## How far apart two gradients are
#
# An absolute difference says nothing without the size of the gradient. So it is divided by the lengths of both:
#
# $$\frac{\lVert a - b \rVert}{\lVert a \rVert + \lVert b \rVert}$$
#
# which is 0 for equal vectors and 1 for opposite ones.


# %%
def relative_error(a, b):
    """The distance of two vectors, relative to their lengths.

    a, b: arrays of one shape (n,).

    Returns one number, ‖a − b‖ / (‖a‖ + ‖b‖) with Euclidean norms, and 0 when both vectors are zero.

    >>> relative_error(np.array([3.0, 4.0]), np.array([0.0, 0.0]))
    1.0
    """
    # BEGIN SOLUTION
    lengths = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / lengths) if lengths > 0 else 0.0
    # END SOLUTION


# %%
def gradient_check(f, gradient, theta, epsilon=1e-5, threshold=1e-6):
    """Whether a gradient is right.

    f: a function that takes an array (n,) and returns a number. gradient: (n,), the one to be checked, at theta.
    theta: (n,). epsilon: the step of the numerical gradient.

    Returns the relative error between the numerical gradient and `gradient`, and whether it is below the threshold.

    >>> error, passed = gradient_check(lambda theta: np.sum(theta**2), np.array([2.0, 4.0]), np.array([1.0, 2.0]))
    >>> passed
    True
    """
    # BEGIN SOLUTION
    error = relative_error(numerical_gradient(f, theta, epsilon), gradient)
    return error, error < threshold
    # END SOLUTION


# %% [markdown]
# ## Which one is wrong?
#
# One number for the whole network says that something is wrong. Checked array by array, it says what: if `dW2` and
# `db2` are right and `dW1` is not, the fault lies between the two layers.


# %%
def wrong_gradients(f, grads, parameters, threshold=1e-6):
    """The names of the gradients that are wrong.

    f: a function that takes the dict of parameters and returns the cost.
    grads: dict with the gradients to be checked, "dW1" for the parameter "W1" and so on.
    parameters: dict of arrays, as the gradients belong to. It stays as it is.

    Returns the sorted list of those names in grads whose gradient has a relative error of threshold or more against
    the numerical one.

    >>> cost = lambda parameters: np.sum(parameters["W1"] ** 2) + np.sum(parameters["b1"])
    >>> parameters = {"W1": np.array([[1.0, 2.0]]), "b1": np.array([[3.0]])}
    >>> wrong_gradients(cost, {"dW1": np.array([[1.0, 2.0]]), "db1": np.array([[1.0]])}, parameters)
    ['dW1']
    """
    # BEGIN SOLUTION
    wrong = []
    for name, array in parameters.items():

        def cost_of_one(theta, name=name, shape=array.shape):
            return f({**parameters, name: theta.reshape(shape)})

        _, passed = gradient_check(cost_of_one, np.ravel(grads[f"d{name}"]), array.ravel(), threshold=threshold)
        if not passed:
            wrong.append(f"d{name}")
    return sorted(wrong)
    # END SOLUTION
