"""predict: 1 where the probability is above one half."""

import itertools

import numpy as np
import pytest

from grader.checks import check_close

pytestmark = pytest.mark.exercise("predict")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """One unit: the sign of a number decides."""
    parameters = {"W1": np.array([[2.0, -1.0]]), "b1": np.array([[0.5]])}
    X = np.array([[1.0, -1.0, 0.0, 3.0], [0.5, 1.0, 2.0, -1.0]])

    check_close(reference.predict(parameters, X), student.predict(parameters, X), name="predict(parameters, X)")


@pytest.mark.points(1)
def test_networks_of_any_depth(student, reference, rng):
    """Random networks that give both answers, and no probability near one half."""
    for layer_dims in ([3, 5, 1], [4, 3, 2, 1], [4, 1]):
        parameters, X = draw(reference, rng, layer_dims)

        check_close(reference.predict(parameters, X), student.predict(parameters, X), name="predict(parameters, X)")


def draw(reference, rng, layer_dims):
    """Parameters and 40 examples, at least a tenth of which get each of the two answers."""
    X = A = rng.normal(size=(layer_dims[0], 40))
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        W = rng.normal(size=(n, n_prev)) / n_prev**0.5
        b = -np.mean(W @ A, axis=1, keepdims=True)  # no unit is off for all examples, so that they differ in the end
        A = np.maximum(0, W @ A + b)
        parameters |= {f"W{layer}": W, f"b{layer}": b}
    _, caches = reference.model_forward(X, parameters)
    z = np.sort(caches[-1][1].ravel())
    # Shift the last pre-activation so that 0 falls into its widest gap, away from both ends. Examples for which all
    # units of a layer are off share one z. In 30,000 drawings no probability was nearer to one half than 4e-5.
    widest = 4 + int(np.argmax(np.diff(z[4:36])))
    parameters[f"b{len(layer_dims) - 1}"] -= (z[widest] + z[widest + 1]) / 2
    return parameters, X
