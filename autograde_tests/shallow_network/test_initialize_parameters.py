"""initialize_parameters: small normal weights, zero biases."""

import numpy as np
import pytest

from grader.checks import (
    check_changes,
    check_close,
    check_deterministic,
    check_dict,
    check_independent,
    check_mean,
    check_std,
    check_symmetric,
)

pytestmark = pytest.mark.exercise("initialize_parameters")

N_X, N_H, N_Y = 50, 60, 10  # large enough to judge a distribution by


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_shapes_and_zero_biases(student):
    """5 inputs, 4 hidden units, 1 output: two weight matrices and two biases, and the biases are zero."""
    drawn = student.initialize_parameters(5, 4, 1, np.random.default_rng(1))

    parameters = check_dict(drawn, {"W1": (4, 5), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}, name="parameters")

    check_close(np.zeros((4, 1)), parameters["b1"], name="b1")
    check_close(np.zeros((1, 1)), parameters["b2"], name="b2")


@pytest.mark.points(0.5)
def test_standard_deviation_is_the_scale(student, rng):
    """With scale 0.3 the standard deviation is 0.3 in both layers (false alarms: 2e-7)."""
    parameters = draw(student, rng, 0.3)

    for key, fan_in in (("W1", N_X), ("W2", N_H)):
        check_std(
            parameters[key],
            0.3,
            name=key,
            alternatives={
                "it is 1, so the factor scale is missing": 1.0,
                "it is 0.01 whatever scale is": 0.01,
                "it is scale squared": 0.3**2,
                "it is the root of scale": 0.3**0.5,
                "the draws are uniform, and should be normal": 0.3 / 3**0.5,
                "it is sqrt(1/n), which has its place in deeper networks; here scale decides": fan_in**-0.5,
                "it is sqrt(2/n), which suits relu; here scale decides": (2 / fan_in) ** 0.5,
            },
        )


@pytest.mark.points(0.5)
def test_scale_is_one_hundredth_by_default(student, rng):
    """Without the argument scale the standard deviation is 0.01 (false alarms: 2e-7)."""
    parameters = draw(student, rng)

    for key in ("W1", "W2"):
        check_std(
            parameters[key],
            0.01,
            name=key,
            alternatives={
                "it is 1, so the factor scale is missing": 1.0,
                "the draws are uniform, and should be normal": 0.01 / 3**0.5,
                "it is 0.1": 0.1,
            },
        )


@pytest.mark.points(0.5)
def test_weights_lie_around_zero(student, rng):
    """Mean 0, and half of the weights negative (false alarms: 4e-7)."""
    parameters = draw(student, rng, 0.3)

    for key in ("W1", "W2"):
        check_symmetric(parameters[key], name=key)
        # The own spread, so that a wrong factor does not cost this test as well.
        check_mean(parameters[key], 0.0, float(np.std(parameters[key])), name=key)


@pytest.mark.points(1)
def test_units_differ(student, rng):
    """No hidden unit starts as another one does: rows, columns and layers are independent (false alarms: 4e-7)."""
    parameters = draw(student, rng, 0.3)
    W1, W2 = (np.asarray(parameters[key]) for key in ("W1", "W2"))

    check_independent(W1[0::2], W1[1::2], name="rows of W1")
    check_independent(W1[:, 0::2], W1[:, 1::2], name="columns of W1")
    check_independent(W2[0::2], W2[1::2], name="rows of W2")
    check_independent(W1.ravel()[: W2.size], W2.ravel(), name="W1 and W2")


@pytest.mark.points(0.5)
def test_randomness_comes_from_rng_alone(student):
    """The same state of rng gives the same parameters, another one gives others."""
    first = check_deterministic(
        lambda: student.initialize_parameters(5, 4, 1, np.random.default_rng(5)), name="initialize_parameters"
    )
    other = student.initialize_parameters(5, 4, 1, np.random.default_rng(6))

    weights = [check_dict(p, {"W1": (4, 5), "W2": (1, 4)}, name="parameters")["W1"] for p in (first, other)]
    check_changes(weights, name="W1", argument="rng")


def draw(student, rng, *scale):
    """The student's parameters for three sizes that differ, with all shapes checked."""
    shapes = {"W1": (N_H, N_X), "b1": (N_H, 1), "W2": (N_Y, N_H), "b2": (N_Y, 1)}
    fresh = np.random.default_rng(int(rng.integers(1 << 30)))
    return check_dict(student.initialize_parameters(N_X, N_H, N_Y, fresh, *scale), shapes, name="parameters")
