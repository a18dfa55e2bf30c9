"""model_backward: the gradients of all layers."""

import itertools

import pytest

from grader.checks import away_from_kinks, check_close, check_dict, check_gradient

pytestmark = pytest.mark.exercise("model_backward")


@pytest.mark.points(1.5)
@pytest.mark.visibility("visible")
def test_two_layers(student, reference, rng):
    """A network with sizes 3, 4, 1 and five examples."""
    check(student, reference, rng, [3, 4, 1], 5)


@pytest.mark.points(1.5)
def test_any_depth(student, reference, rng):
    """Networks with one, three and four layers."""
    for layer_dims in ([4, 1], [4, 3, 2, 1], [2, 5, 4, 3, 1]):
        check(student, reference, rng, layer_dims, 6)


@pytest.mark.points(3)
def test_is_the_gradient_of_the_cost(student, reference, rng):
    """Every entry of every gradient agrees with a central difference of the cost of a network with sizes 5, 4, 3, 1."""
    X, parameters, Y = draw_away_from_kinks(reference, rng, [5, 4, 3, 1], 7)
    AL, caches = reference.model_forward(X, parameters)

    grads = check_dict(
        student.model_backward(AL, Y, caches),
        {f"d{key}": value.shape for key, value in parameters.items()},
        name="grads",
    )

    theta = {f"d{key}": value for key, value in parameters.items()}
    check_gradient(lambda shifted: cost(reference, X, Y, shifted), theta, grads, rng=rng, name="grads")


def cost(reference, X, Y, theta):
    """The cost of a network whose parameters are named as their gradients are."""
    AL, _ = reference.model_forward(X, {key[1:]: value for key, value in theta.items()})
    return reference.cross_entropy_cost(AL, Y)


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
