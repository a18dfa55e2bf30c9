"""predict: 1 where the probability is above one half."""

import numpy as np
import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("predict")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two inputs, two hidden units, five examples; two probabilities lie a little above one half."""
    parameters = {
        "W1": np.array([[1.0, -1.0], [0.5, 1.0]]),
        "b1": np.array([[0.25], [-0.5]]),
        "W2": np.array([[1.0, -1.5]]),
        "b2": np.array([[0.25]]),
    }
    X = np.array([[1.0, -1.0, 0.5, 3.0, 0.0], [0.5, 1.0, 0.5, -1.0, 2.0]])

    check_close(reference.predict(parameters, X), student.predict(parameters, X), name="predict(parameters, X)")


@pytest.mark.points(1)
def test_networks_of_all_sizes(student, reference, rng):
    """Random networks; b2 is set so that both answers occur and no probability is near one half."""
    for n_x, n_h in ((3, 5), (4, 4), (5, 2)):
        parameters, X = draw(reference, rng, n_x, n_h)

        check_close(reference.predict(parameters, X), student.predict(parameters, X), name="predict(parameters, X)")


def draw(reference, rng, n_x, n_h):
    parameters = {
        "W1": rng.normal(size=(n_h, n_x)) / n_x**0.5,
        "b1": rng.normal(size=(n_h, 1)) / 2,
        "W2": rng.normal(size=(1, n_h)) / n_h**0.5,
        "b2": rng.normal(size=(1, 1)) / 2,
    }
    X = rng.normal(size=(n_x, 40))
    z = np.sort(reference.forward(X, parameters)[1]["Z2"].ravel())
    # Shift Z2 so that 0 falls into its widest gap among the middle examples.
    widest = 10 + int(np.argmax(np.diff(z[10:30])))
    parameters["b2"] = parameters["b2"] - (z[widest] + z[widest + 1]) / 2
    return parameters, X
