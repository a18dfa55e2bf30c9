"""fit: training on real images of digits.

With these sizes an honest implementation reached an accuracy of at least 0.93 and a last cost of at most 0.32 for
each of 4,000 seeds, normal and uniform draws alike; the tests ask for 0.8 and 0.45. What else they ask for was measured
in the same way, and stands beside each bound.
"""

import functools
import itertools

import numpy as np
import pytest

from grader.checks import (
    check_array,
    check_changes,
    check_deterministic,
    check_dict,
    check_finite,
    illustrate,
    learning_curve,
    unpack,
)
from grader.errors import CheckFailed
from grader.messages import feedback

pytestmark = pytest.mark.exercise("fit")

LAYER_DIMS = [64, 10, 1]
LEARNING_RATE, ITERATIONS = 0.3, 40


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_learns_to_tell_digits_apart(student, data_folder):
    """60 images: the cost falls, and at least 8 of 10 images are recognised in the end."""
    X, Y = digits(data_folder, np.random.default_rng(3))

    parameters, costs = train(student, X, Y, LEARNING_RATE, ITERATIONS, np.random.default_rng(4))

    with illustrate(learning_curve, all_costs(costs), limit=0.45):
        check_learned(parameters, costs, X, Y)


@pytest.mark.points(0.5)
def test_learns_from_the_labels_it_is_given(student, data_folder, rng):
    """With exchanged labels the same images get the opposite answers."""
    X, Y = digits(data_folder, rng)

    parameters, costs = train(student, X, 1 - Y, LEARNING_RATE, ITERATIONS, rng)

    check_learned(parameters, costs, X, 1 - Y)


@pytest.mark.points(1)
def test_takes_as_many_and_as_large_steps_as_it_is_told(student, data_folder, rng):
    """More iterations end lower, and with a tiny learning rate they hardly move."""
    X, Y = digits(data_folder, rng)
    seed = int(rng.integers(1 << 30))

    def last_cost(learning_rate, iterations):
        parameters, _ = train(student, X, Y, learning_rate, iterations, np.random.default_rng(seed))
        return cost(parameters, X, Y)

    # 40 steps bring the cost to 0.59 or less of what it is after 2.
    if not last_cost(LEARNING_RATE, ITERATIONS) < 0.8 * last_cost(LEARNING_RATE, 2):
        raise CheckFailed(feedback("argument_ignored", name="fit", argument="iterations"))
    # The same start twice; five steps of this size move the cost by 6e-5 or less.
    if not abs(last_cost(1e-6, 6) - last_cost(1e-6, 1)) < 1e-3:
        raise CheckFailed(feedback("argument_ignored", name="fit", argument="learning_rate"))


@pytest.mark.points(0.5)
def test_builds_the_network_that_it_is_told(student, data_folder, rng):
    """Two hidden layers of 6 and 4 units, and one layer alone: all shapes fit layer_dims."""
    X, Y = digits(data_folder, rng, count=20)

    for layer_dims in ([64, 6, 4, 1], [64, 1]):
        train(student, X, Y, LEARNING_RATE, 2, rng, layer_dims)


@pytest.mark.points(0.5)
def test_the_costs_are_those_of_the_parameters(student, data_folder, rng):
    """The costs fall from the first to the last, and the last one fits the returned parameters."""
    X, Y = digits(data_folder, rng)

    parameters, costs = train(student, X, Y, 0.02, 20, rng)

    recorded = all_costs(costs)
    # 10 steps of this size bring the cost to between 0.75 and 1.0 of what it was; some record every tenth.
    if not 0.5 < cost(parameters, X, Y) / recorded[-1] < 1.2 or not recorded[0] > recorded[-1]:
        raise CheckFailed(feedback("costs_do_not_fit"))


@pytest.mark.points(0.5)
def test_starts_from_rng_alone(student, data_folder, rng):
    """The same state of rng gives the same network, another one gives another."""
    X, Y = digits(data_folder, rng)

    first = check_deterministic(lambda: train(student, X, Y, LEARNING_RATE, 2, np.random.default_rng(5))[0], name="fit")
    other = train(student, X, Y, LEARNING_RATE, 2, np.random.default_rng(6))[0]

    check_changes([first["W1"], other["W1"]], name="W1", argument="rng")


def digits(data_folder, rng, count=60):
    """`count` images with values from 0 to 1, and their labels, in random order."""
    X, Y = all_digits(data_folder)
    chosen = rng.permutation(X.shape[1])[:count]
    return X[:, chosen] / 16, Y[:, chosen].astype(float)


@functools.cache
def all_digits(data_folder):
    """X and Y of the file, which is read once for all submissions."""
    with np.load(data_folder / "digits.npz") as data:
        return data["X"], data["Y"]


def train(student, X, Y, learning_rate, iterations, rng, layer_dims=LAYER_DIMS):
    """Parameters and costs of the student's fit; the shapes of the parameters are checked, and that they are finite."""
    result = student.fit(X, Y, layer_dims, learning_rate, iterations, rng)
    parameters, costs = unpack(result, ("parameters", "costs"), call="fit(…)")
    shapes = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1):
        shapes |= {f"W{layer}": (n, n_prev), f"b{layer}": (n, 1)}
    found = check_dict(parameters, shapes, name="parameters")
    arrays = {key: check_array(found[key], name=key) for key in shapes}
    for key, array in arrays.items():
        check_finite(array, name=key)
    return arrays, costs


def all_costs(costs):
    """The recorded costs as an array. Asked for only after 20 iterations or more: some record every tenth."""
    recorded = check_array(costs, name="costs").ravel()
    if recorded.size < 2:
        raise CheckFailed(feedback("too_few_costs", count=recorded.size))
    return recorded


def cost(parameters, X, Y):
    """The cross-entropy of a network with one hidden layer, computed so that it stays finite."""
    hidden = np.maximum(0, parameters["W1"] @ X + parameters["b1"])
    z = parameters["W2"] @ hidden + parameters["b2"]
    return float(np.mean(np.logaddexp(0, z) - Y * z))


def check_learned(parameters, costs, X, Y):
    recorded = all_costs(costs)
    hidden = np.maximum(0, parameters["W1"] @ X + parameters["b1"])
    z = parameters["W2"] @ hidden + parameters["b2"]
    accuracy = float(np.mean((z > 0) == (Y > 0.5)))
    if not (cost(parameters, X, Y) < 0.45 and recorded[-1] < recorded[0]):
        raise CheckFailed(feedback("cost_does_not_fall", last=f"{cost(parameters, X, Y):.2g}"))
    if accuracy < 0.8:
        raise CheckFailed(feedback("accuracy_too_low", accuracy=f"{100 * accuracy:.0f}"))
