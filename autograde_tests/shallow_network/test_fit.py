"""fit: training on flowers that no straight line tells apart.

With these sizes an honest implementation reached an accuracy of at least 0.93 and a last cost of at most 0.15 for each
of 3,000 seeds (other flowers and another start each time, every other one with exchanged labels); the tests ask for
0.86 and 0.3. The best straight line reaches 0.77 at most on such a choice of 100 flowers.
"""

import numpy as np
import pytest

from grader.checks import (
    check_array,
    check_changes,
    check_deterministic,
    check_dict,
    check_finite,
    decision_boundary,
    fail,
    illustrate,
    learning_curve,
    unpack,
)

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


@pytest.mark.points(0.5)
def test_learns_from_the_labels_it_is_given(student, data_folder, rng):
    """With exchanged labels the same flowers get the opposite answers."""
    X, Y = flowers(data_folder, rng)

    parameters, costs = train(student, X, 1 - Y, N_H, LEARNING_RATE, ITERATIONS, fresh(rng))

    check_learned(parameters, recorded(costs), X, 1 - Y)


@pytest.mark.points(2)
def test_takes_as_many_and_as_large_steps_as_it_is_told(student, reference, rng):
    """From the student's own start, the parameters are those that the asked-for steps of gradient descent lead to.

    A training with a learning rate of 1e-9 shows the start: it moves every parameter by less than 1e-8. Ours then goes
    the same way with right gradients. Single precision and epsilons up to 1e-8 change the result by less than 1e-6 of
    the largest entry, one step more or less by more than 6e-2 (500 seeds); 1e-3 is allowed.
    """
    # With as many ones as zeros the gradient of b2 would cancel out at the start, and rounding would be all of it.
    X, Y, n_h = rng.normal(size=(3, 20)), rng.permutation([0.0] * 6 + [1.0] * 14).reshape(1, 20), 4
    seed = int(rng.integers(1 << 30))
    steps = ((1e-9, 1), (1e-9, 6), (0.9, 1), (0.9, 6), (0.4, 6))
    cases = [(X, Y, n_h, rate, iterations, np.random.default_rng(seed)) for rate, iterations in steps]

    results = student.map("fit", cases)
    start, still, one, six, small = (parameters_of(result, X, n_h)[0] for result in results)

    check_changes([one, six], name="the result of fit", argument="iterations")
    check_changes([six, small], name="the result of fit", argument="learning_rate")
    if not all(np.allclose(start[key], still[key], rtol=0, atol=1e-6) for key in start):
        fail(
            "moves_without_learning_rate",
            rationale="With a learning rate of almost zero, more iterations still change the parameters that fit "
            "returns.",
            help="Initialize once, before the loop, and multiply every step by learning_rate.",
        )
    for found, (rate, iterations) in zip((one, six, small), steps[2:], strict=True):
        check_steps(walk(reference, start, X, Y, rate, iterations + 1)[0], iterations, found)


@pytest.mark.points(1)
def test_the_costs_are_those_of_the_training_in_order(student, reference, data_folder, rng):
    """Every recorded cost belongs to parameters that the training goes through, one after the other.

    How many are recorded, before or after the updates, is free. A cost may be wrong by 1e-3; single precision changes
    it by less than 1e-6.
    """
    X, Y = flowers(data_folder, rng)
    seed = int(rng.integers(1 << 30))

    start, _ = train(student, X, Y, N_H, 1e-9, 1, np.random.default_rng(seed))
    _, costs = train(student, X, Y, N_H, 1.0, 110, np.random.default_rng(seed))

    way = np.array(walk(reference, start, X, Y, 1.0, 110)[1])
    position = 0
    for cost in recorded(costs):
        fitting = np.flatnonzero(np.abs(way[position:] - cost) < 1e-3)
        if not fitting.size:
            fail(
                "costs_do_not_fit",
                rationale="The recorded costs are not, in this order, costs of the parameters that the training goes "
                "through.",
                help="Append cross_entropy_cost(A2, Y) of the current parameters in every iteration, or every tenth.",
            )
        position += int(fitting[0]) + 1


@pytest.mark.points(1)
def test_starts_from_rng_alone(student, rng):
    """The same state of rng gives the same network, another one gives another; n_h is the number of hidden units."""
    X, Y = rng.normal(size=(4, 9)), rng.permutation([0.0, 1.0, 1.0] * 3).reshape(1, 9)

    def start(seed):
        return train(student, X, Y, 6, 0.5, 2, np.random.default_rng(seed))[0]

    first, other = check_deterministic(lambda: start(5), name="fit"), start(6)

    check_changes([first["W1"], other["W1"]], name="W1", argument="rng")


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


def walk(reference, parameters, X, Y, learning_rate, iterations):
    """The parameters and the costs of right gradient descent: at the start and after every update."""
    way, costs = [], []
    for _ in range(iterations + 1):
        A2, cache = reference.forward(X, parameters)
        way.append(parameters)
        costs.append(reference.cross_entropy_cost(A2, Y))
        grads = reference.backward(parameters, cache, X, Y)
        parameters = reference.update_parameters(parameters, grads, learning_rate)
    return way, costs


def check_steps(way, iterations, found):
    """Fail unless `found` are the parameters after `iterations` steps of `way`, which goes one step further."""
    if is_near(way[iterations], found):
        return
    if is_near(way[iterations - 1], found):
        fail(
            "one_update_too_few",
            rationale="fit makes one update fewer than it is told.",
            help="Let the loop run over range(iterations), and return what the last update gave.",
        )
    if is_near(way[iterations + 1], found):
        fail(
            "one_update_too_many",
            rationale="fit makes one update more than it is told.",
            help="Let the loop run over range(iterations).",
        )
    fail(
        "not_gradient_descent",
        rationale="The parameters that fit returns are not those that this number of steps with this learning rate "
        "leads to.",
        help="An iteration is: forward, all four gradients, then one update of all four parameters.",
    )


def is_near(expected, found):
    return all(
        np.allclose(expected[key], found[key], rtol=1e-3, atol=1e-3 * np.max(np.abs(expected[key])))
        for key in ("W1", "b1", "W2", "b2")
    )


def fresh(rng):
    return np.random.default_rng(int(rng.integers(1 << 30)))
