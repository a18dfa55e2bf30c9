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
    """Random networks; the bias of the last layer is set so that both answers occur and no probability is near one "
    "half."""
    for layer_dims in ([4, 1], [3, 5, 1], [4, 3, 2, 1]):
        parameters, X = draw(reference, rng, layer_dims)

        check_close(reference.predict(parameters, X), student.predict(parameters, X), name="predict(parameters, X)")


def draw(reference, rng, layer_dims):
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        parameters[f"W{layer}"] = rng.normal(size=(n, n_prev)) / n_prev**0.5
        parameters[f"b{layer}"] = rng.normal(size=(n, 1)) / 2
    X = rng.normal(size=(layer_dims[0], 40))
    _, caches = reference.model_forward(X, parameters)
    z = np.sort(caches[-1][1].ravel())
    last = f"b{len(layer_dims) - 1}"
    # Shift the last pre-activation so that 0 falls into its widest gap among the middle examples.
    widest = 10 + int(np.argmax(np.diff(z[10:30])))
    parameters[last] = parameters[last] - (z[widest] + z[widest + 1]) / 2
    return parameters, X
