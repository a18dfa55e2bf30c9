"""backward: the gradients of all four parameters.

Whoever takes the long way, dA2 = -Y / (A2 + ε) + (1 - Y) / (1 - A2 + ε) with ε up to 1e-8, has dZ2 wrong by up to 1e-7
of itself where A2 lies between 0.1 and 0.9. That is much for a gradient in which the examples cancel out; so cases are
drawn in which none does, and compared at 1e-5.
"""

import numpy as np
import pytest

from grader.checks import advise_vectorized, check_close, check_dict, check_gradient

pytestmark = pytest.mark.exercise("backward")


@pytest.mark.points(2)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Three inputs, four hidden units, five examples."""
    case = draw(reference, rng, 3, 4, 5)

    check(reference.backward(*case), student.backward(*case))


@pytest.mark.points(3)
def test_all_sizes(student, reference, rng):
    """Wide and narrow hidden layers, a square one, a single unit, and different numbers of examples."""
    sizes = ((2, 5, 7), (6, 3, 4), (4, 4, 6), (3, 1, 5), (1, 4, 9), (5, 3, 2))
    cases = [draw(reference, rng, *size) for size in sizes]

    for case, actual in zip(cases, student.map("backward", cases), strict=True):
        check(reference.backward(*case), actual)
    few, many = (draw(reference, rng, 2, 3, m) for m in (5, 25))
    advise_vectorized(student, "backward", few, many, examples=(5, 25))


@pytest.mark.points(3)
def test_is_the_gradient_of_the_cost(student, reference, rng):
    """Every entry of every gradient agrees with a central difference of the cost, for 4 inputs and 3 hidden units."""
    parameters, cache, X, Y = draw(reference, rng, 4, 3, 8)

    def cost(theta):
        A2, _ = reference.forward(X, {key[1:]: value for key, value in theta.items()})
        return reference.cross_entropy_cost(A2, Y)

    theta = {f"d{key}": value for key, value in parameters.items()}
    grads = check_dict(
        student.backward(parameters, cache, X, Y), {key: value.shape for key, value in theta.items()}, name="grads"
    )

    check_gradient(cost, theta, grads, rng=rng, name="grads")


def check(expected, actual):
    check_close(expected, actual, name="grads", rtol=1e-5, atol=1e-5)


def draw(reference, rng, n_x, n_h, m):
    """Parameters with non-zero biases, the cache of a real forward pass, inputs, and labels of both kinds.

    The probabilities lie between 0.1 and 0.9, and every gradient has an entry above 0.05: drawn again where not.
    """
    while True:
        parameters = {
            "W1": rng.normal(size=(n_h, n_x)) / n_x**0.5,
            "b1": rng.normal(size=(n_h, 1)) / 2,
            "W2": rng.normal(size=(1, n_h)) / n_h**0.5,
            "b2": rng.normal(size=(1, 1)) / 2,
        }
        X = rng.normal(size=(n_x, m))
        Y = rng.permutation([float(i % 2) for i in range(m)]).reshape(1, m)
        A2, cache = reference.forward(X, parameters)
        grads = reference.backward(parameters, cache, X, Y)
        if np.all(np.abs(A2 - 0.5) < 0.4) and all(np.max(np.abs(grad)) > 0.05 for grad in grads.values()):
            return parameters, cache, X, Y
