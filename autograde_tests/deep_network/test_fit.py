"""fit: training on real images of digits.

With these sizes an honest implementation reached an accuracy of at least 0.93 and a last cost of at most 0.25 for
each of 2,000 seeds; the tests ask for 0.8 and 0.45.
"""

import numpy as np
import pytest

from grader.checks import check_array, check_changes, check_deterministic, check_dict, check_finite, unpack
from grader.errors import CheckFailed
from grader.messages import feedback

pytestmark = pytest.mark.exercise("fit")

LAYER_DIMS = [64, 10, 1]
LEARNING_RATE, ITERATIONS = 0.2, 60


@pytest.mark.points(1.5)
@pytest.mark.visibility("visible")
def test_learns_to_tell_digits_apart(student, data_folder):
    """60 images: the cost falls, and at least 8 of 10 images are recognised in the end."""
    X, Y = digits(data_folder, np.random.default_rng(3))

    parameters, costs = train(student, X, Y, LEARNING_RATE, ITERATIONS, np.random.default_rng(4))

    check_learned(parameters, costs, X, Y)


@pytest.mark.points(0.5)
def test_learns_from_the_labels_it_is_given(student, data_folder, rng):
    """With exchanged labels the same images get the opposite answers."""
    X, Y = digits(data_folder, rng)

    parameters, costs = train(student, X, 1 - Y, LEARNING_RATE, ITERATIONS, rng)

    check_learned(parameters, costs, X, 1 - Y)


@pytest.mark.points(1)
def test_takes_as_many_and_as_large_steps_as_it_is_told(student, data_folder, rng):
    """More iterations end lower, and a tiny learning rate hardly moves."""
    X, Y = digits(data_folder, rng)
    seed = int(rng.integers(1 << 30))

    few = train(student, X, Y, LEARNING_RATE, 5, np.random.default_rng(seed))
    many = train(student, X, Y, LEARNING_RATE, ITERATIONS, np.random.default_rng(seed))
    slow = train(student, X, Y, 1e-6, 5, np.random.default_rng(seed))

    if not cost(many[0], X, Y) < 0.8 * cost(few[0], X, Y):
        raise CheckFailed(feedback("argument_ignored", name="fit", argument="iterations"))
    if not abs(cost(slow[0], X, Y) - slow[1][0]) < 1e-3:
        raise CheckFailed(feedback("argument_ignored", name="fit", argument="learning_rate"))


@pytest.mark.points(0.5)
def test_the_costs_are_those_of_the_parameters(student, data_folder, rng):
    """The last recorded cost lies near the cost of the returned parameters, and the first one near that of the "
    "start."""
    X, Y = digits(data_folder, rng)

    parameters, costs = train(student, X, Y, 0.02, 20, rng)

    # With this small step the cost moves by less than 5 % in one iteration; costs may be recorded every tenth.
    if not 0.5 < cost(parameters, X, Y) / costs[-1] < 1.2 or not costs[0] > costs[-1]:
        raise CheckFailed(feedback("costs_do_not_fit"))


@pytest.mark.points(0.5)
def test_starts_from_rng_alone(student, data_folder, rng):
    """The same state of rng gives the same network, another one gives another."""
    X, Y = digits(data_folder, rng)

    first = check_deterministic(lambda: train(student, X, Y, LEARNING_RATE, 3, np.random.default_rng(5))[0], name="fit")
    other = train(student, X, Y, LEARNING_RATE, 3, np.random.default_rng(6))[0]

    check_changes([first["W1"], other["W1"]], name="W1", argument="rng")


def digits(data_folder, rng, count=60):
    """`count` images with values from 0 to 1, and their labels, in random order."""
    with np.load(data_folder / "digits.npz") as data:
        chosen = rng.permutation(data["X"].shape[1])[:count]
        return data["X"][:, chosen] / 16, data["Y"][:, chosen].astype(float)


def train(student, X, Y, learning_rate, iterations, rng):
    """Parameters and costs of the student's fit, with all shapes checked."""
    result = student.fit(X, Y, LAYER_DIMS, learning_rate, iterations, rng)
    parameters, costs = unpack(result, ("parameters", "costs"), call="fit(…)")
    shapes = {"W1": (10, 64), "b1": (10, 1), "W2": (1, 10), "b2": (1, 1)}
    found = check_dict(parameters, shapes, name="parameters")
    arrays = {key: check_array(found[key], name=key) for key in shapes}
    for key, array in arrays.items():
        check_finite(array, name=key)
    recorded = check_array(costs, name="costs").ravel()
    if recorded.size < 2:
        raise CheckFailed(feedback("too_few_costs", count=recorded.size))
    return arrays, recorded


def cost(parameters, X, Y):
    """The cross-entropy of a network with one hidden layer, computed so that it stays finite."""
    hidden = np.maximum(0, parameters["W1"] @ X + parameters["b1"])
    z = parameters["W2"] @ hidden + parameters["b2"]
    return float(np.mean(np.logaddexp(0, z) - Y * z))


def check_learned(parameters, costs, X, Y):
    hidden = np.maximum(0, parameters["W1"] @ X + parameters["b1"])
    z = parameters["W2"] @ hidden + parameters["b2"]
    accuracy = float(np.mean((z > 0) == (Y > 0.5)))
    if not (cost(parameters, X, Y) < 0.45 and costs[-1] < costs[0]):
        raise CheckFailed(feedback("cost_does_not_fall", last=f"{cost(parameters, X, Y):.2g}"))
    if accuracy < 0.8:
        raise CheckFailed(feedback("accuracy_too_low", accuracy=f"{100 * accuracy:.0f}"))
