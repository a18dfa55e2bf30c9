"""backward: the gradients of all four parameters.

Whoever takes the long way, dA2 = -Y / (A2 + ε) + (1 - Y) / (1 - A2 + ε) with ε up to 1e-8, has dZ2 wrong by up to 1e-7
of itself where A2 lies between 0.1 and 0.9. That is much for a gradient in which the examples cancel out; so cases are
drawn in which none does, and compared at 1e-5.
"""

import numpy as np
import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("backward")


@pytest.mark.points(2)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Three inputs, four hidden units, five examples."""
    case = draw(reference, rng, 3, 4, 5)

    check(reference.backward(*case), student.backward(*case))


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
