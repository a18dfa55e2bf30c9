"""model_backward: the gradients of all layers."""

import itertools
import pytest
from grader.checks import away_from_kinks, check_close

pytestmark = pytest.mark.exercise("model_backward")


@pytest.mark.points(1.5)
@pytest.mark.visibility("visible")
def test_two_layers(student, reference, rng):
    """A network with sizes 3, 4, 1 and five examples."""
    check(student, reference, rng, [3, 4, 1], 5)


def check(student, reference, rng, layer_dims, m):
    X, parameters, Y = draw_away_from_kinks(reference, rng, layer_dims, m)
    AL, caches = reference.model_forward(X, parameters)
    check_close(reference.model_backward(AL, Y, caches), student.model_backward(AL, Y, caches), name="grads")


def draw_away_from_kinks(reference, rng, layer_dims, m):
    def preactivations(drawn):
        X, parameters, _ = drawn
        return [Z for _, Z in reference.model_forward(X, parameters)[1][:-1]]

    return away_from_kinks(lambda: draw(rng, layer_dims, m), preactivations)


def draw(rng, layer_dims, m):
    """Inputs, parameters with non-zero biases, and labels of both kinds."""
    parameters = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        parameters[f"W{layer}"] = rng.normal(size=(n, n_prev)) / n_prev**0.5
        parameters[f"b{layer}"] = rng.normal(size=(n, 1)) / 2
    X = rng.normal(size=(layer_dims[0], m))
    Y = rng.permutation([float(i % 2) for i in range(m)]).reshape(1, m)
    return X, parameters, Y
