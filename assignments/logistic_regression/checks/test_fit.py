"""fit: training on real measurements of tumours.

With 100 tumours, 50 steps and learning rate 0.5 the right w and b reached an accuracy of at least 0.92 and a last cost
of at most 0.22 for each of 5,000 random choices of tumours; the tests ask for 0.85 and 0.3. Always saying benign was
right for 0.80 of them at most. Nothing in the training is random, and exchanged labels give the same numbers with the
other sign, so the values are compared, too.
"""

import functools
import numpy as np
import pytest
from grader.checks import check_array, check_close, check_finite, check_scalar, fail, unpack

pytestmark = pytest.mark.exercise("fit")

CALL = "fit(X, Y, learning_rate, iterations)"

LEARNING_RATE, ITERATIONS = 0.5, 50

HIGHEST_COST, LOWEST_ACCURACY = 0.3, 0.85


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_learns_to_tell_tumours_apart(student, reference, data_folder):
    """100 tumours: the cost falls below 0.3, at least 85 % are recognised, and w and b are those of 50 steps."""
    X, Y = tumours(data_folder, np.random.default_rng(3))

    check_learned(student, reference, X, Y)


def tumours(data_folder, rng, count=100):
    """`count` tumours in random order, with features of mean 0 and standard deviation 1, and their labels."""
    X, Y = all_tumours(data_folder)
    chosen = rng.permutation(X.shape[1])[:count]
    return X[:, chosen], Y[:, chosen]


@functools.cache
def all_tumours(data_folder):
    """X, normalized, and Y of the file, which is read once for all submissions."""
    with np.load(data_folder / "tumours.npz") as data:
        X, Y = data["X"].astype(float), data["Y"].astype(float)
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True), Y


def check_learned(student, reference, X, Y):
    w, b = trained(student.fit(X, Y, LEARNING_RATE, ITERATIONS), X)
    weights, bias = check_array(w, name="w"), check_scalar(b, name="b")
    z = weights.T @ X + bias
    cost = float(np.mean(np.logaddexp(0, z) - Y * z))  # the cross-entropy, so written that it stays finite
    accuracy = float(np.mean((z > 0) == (Y > 0.5)))
    if not cost < HIGHEST_COST:
        fail(
            "cost_does_not_fall",
            rationale=f"Training does not bring the cost down: in the end it is {cost:.2g}.",
            help="Check that every iteration goes forward, computes the gradients of the current w and b, and keeps "
            "the step.",
        )
    if accuracy < LOWEST_ACCURACY:
        fail(
            "accuracy_too_low",
            rationale=f"The trained neuron answers right for only {100 * accuracy:.0f} % of its own training tumours.",
            help="Check that X and Y are the arguments of fit, and that w and b are both trained.",
        )
    compare(reference.fit(X, Y, LEARNING_RATE, ITERATIONS), (w, b))


def trained(actual, X):
    """w and b as the student's fit returned them; their shapes are checked, and that they are finite."""
    w, b = unpack(actual, ("w", "b"), call=CALL)
    check_finite(check_array(w, name="w", shape=(X.shape[0], 1)), name="w")
    check_finite(check_scalar(b, name="b"), name="b")
    return w, b


def compare(expected, actual):
    """Errors count relative to the largest of all parameters: w and b carry the rounding of each other."""
    largest = max(np.max(np.abs(value)) for value in expected)
    for name, wanted, found in zip(("w", "b"), expected, actual, strict=True):
        atol = 1e-5 * largest / np.max(np.abs(wanted))  # `check_close` takes it relative to the largest entry
        check_close(wanted, found, name=name, rtol=1e-5, atol=atol)
