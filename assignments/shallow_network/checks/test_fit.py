"""fit: training on flowers that no straight line tells apart.

With these sizes an honest implementation reached an accuracy of at least 0.93 and a last cost of at most 0.15 for each
of 3,000 seeds (other flowers and another start each time, every other one with exchanged labels); the tests ask for
0.86 and 0.3. The best straight line reaches 0.77 at most on such a choice of 100 flowers.
"""

import numpy as np
import pytest
from grader.checks import check_array, check_dict, check_finite, decision_boundary, fail, illustrate, learning_curve, unpack

pytestmark = pytest.mark.exercise("fit")

N_H, LEARNING_RATE, ITERATIONS = 5, 4.0, 160  # more than 100 iterations: some record only every hundredth cost

HIGHEST_COST, LOWEST_ACCURACY = 0.3, 0.86


@pytest.mark.points(1.5)
@pytest.mark.visibility("visible")
def test_learns_what_no_line_separates(student, data_folder):
    """100 flowers: the cost falls below 0.3, and 86 % are recognised in the end, where the best line reaches 71 %."""
    X, Y = flowers(data_folder, np.random.default_rng(3))

    parameters, costs = train(student, X, Y, N_H, LEARNING_RATE, ITERATIONS, np.random.default_rng(4))

    values = recorded(costs)
    with (
        illustrate(learning_curve, values, limit=HIGHEST_COST),
        illustrate(decision_boundary, lambda points: probabilities(parameters, points), X, Y),
    ):
        check_learned(parameters, values, X, Y)


def flowers(data_folder, rng, count=100):
    """`count` flowers with features of mean 0 and standard deviation 1, and their labels, in random order."""
    with np.load(data_folder / "iris.npz") as data:
        X, Y = data["X"].astype(float), data["Y"].astype(float)
    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
    chosen = rng.permutation(X.shape[1])[:count]
    return X[:, chosen], Y[:, chosen]


def train(student, X, Y, n_h, learning_rate, iterations, rng):
    """Parameters and costs of the student's fit, the parameters with all shapes checked."""
    return parameters_of(student.fit(X, Y, n_h, learning_rate, iterations, rng), X, n_h)


def parameters_of(result, X, n_h):
    parameters, costs = unpack(result, ("parameters", "costs"), call="fit(…)")
    shapes = {"W1": (n_h, X.shape[0]), "b1": (n_h, 1), "W2": (1, n_h), "b2": (1, 1)}
    found = check_dict(parameters, shapes, name="parameters")
    arrays = {key: check_array(found[key], name=key) for key in shapes}
    for key, array in arrays.items():
        check_finite(array, name=key)
    return arrays, costs


def recorded(costs):
    """The costs as one row of at least two numbers."""
    row = check_array(costs, name="costs").ravel()
    if row.size < 2:
        fail(
            "too_few_costs",
            rationale="costs holds fewer than two numbers.",
            help="Append the cost in the loop, in every iteration or in every tenth.",
        )
    return row


def probabilities(parameters, X):
    return 1 / (1 + np.exp(-(parameters["W2"] @ np.tanh(parameters["W1"] @ X + parameters["b1"]) + parameters["b2"])))


def check_learned(parameters, costs, X, Y):
    z = parameters["W2"] @ np.tanh(parameters["W1"] @ X + parameters["b1"]) + parameters["b2"]
    cost = float(np.mean(np.logaddexp(0, z) - Y * z))  # the cross-entropy, so written that it stays finite
    accuracy = float(np.mean((z > 0) == (Y > 0.5)))
    if not (cost < HIGHEST_COST and costs[-1] < costs[0]):
        fail(
            "cost_does_not_fall",
            rationale=f"Training does not bring the cost down: in the end it is {cost:.2g}.",
            help="Check that every iteration goes forward, computes the gradients of the current parameters, and "
            "keeps the update.",
        )
    if accuracy < LOWEST_ACCURACY:
        fail(
            "accuracy_too_low",
            rationale=f"The trained network answers right for {100 * accuracy:.0f} % of its own training flowers; "
            "that is not much more than a straight line can do.",
            help="Check that both layers are trained, and that X and Y are the arguments of fit.",
        )
