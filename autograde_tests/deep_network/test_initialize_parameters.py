"""initialize_parameters: He initialization."""

import itertools

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


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_shapes_and_zero_biases(student, reference):
    """Sizes 5, 4, 1: two weight matrices and two biases, and the biases are zero."""
    shapes = reference.parameter_shapes([5, 4, 1])

    parameters = check_dict(
        student.initialize_parameters([5, 4, 1], np.random.default_rng(1)), shapes, name="parameters"
    )

    for key in ("b1", "b2"):
        check_close(np.zeros(shapes[key]), parameters[key], name=key)


@pytest.mark.points(1.5)
def test_weights_have_the_standard_deviation_of_he(student, rng):
    """The standard deviation is sqrt(2 / fan-in), in each of two large layers (false alarms: 2e-7)."""
    sizes = [50, 80, 30]

    parameters = draw(student, sizes, rng)

    for key, fan_in, fan_out in (("W1", 50, 80), ("W2", 80, 30)):
        check_std(
            parameters[key],
            np.sqrt(2 / fan_in),
            name=key,
            alternatives={
                "it is 2/sqrt(n), and the root belongs over the whole fraction": 2 / np.sqrt(fan_in),
                "it is sqrt(2)/n, and the root belongs over the whole fraction": np.sqrt(2) / fan_in,
                "it is 2/n, the variance; its root is missing": 2 / fan_in,
                "it is sqrt(1/n), which suits tanh; relu needs sqrt(2/n)": np.sqrt(1 / fan_in),
                "it is sqrt(2/n) with the units of this layer for n, in place of the layer before": np.sqrt(
                    2 / fan_out
                ),
                "it is 0.01, a fixed factor": 0.01,
                "it is 1, so a factor is missing": 1.0,
                "it is 10, a fixed factor": 10.0,
                "the draws are uniform on [0, 1), and should be normal": np.sqrt(2 / fan_in / 3),
            },
        )


@pytest.mark.points(0.5)
def test_weights_lie_around_zero(student, rng):
    """Mean 0, and half of the weights negative (false alarms: 4e-7)."""
    parameters = draw(student, [50, 80, 30], rng)

    for key in ("W1", "W2"):
        check_symmetric(parameters[key], name=key)
        # The own spread, so that a wrong factor does not cost this test as well.
        check_mean(parameters[key], 0.0, float(np.std(parameters[key])), name=key)


@pytest.mark.points(0.5)
def test_layers_are_independent(student, rng):
    """Two layers of one shape get other numbers, and so do two rows of one layer (false alarms: 2e-7)."""
    parameters = draw(student, [40, 40, 40], rng)

    check_independent(parameters["W1"], parameters["W2"], name="W1 and W2")
    check_independent(parameters["W1"][0::2], parameters["W1"][1::2], name="rows of W1")


@pytest.mark.points(0.5)
def test_randomness_comes_from_rng_alone(student):
    """The same state of rng gives the same parameters, another one gives others."""
    first = check_deterministic(
        lambda: student.initialize_parameters([4, 3, 1], np.random.default_rng(5)), name="initialize_parameters"
    )
    other = student.initialize_parameters([4, 3, 1], np.random.default_rng(6))

    shapes = {"W1": (3, 4), "W2": (1, 3)}
    weights = [check_dict(p, shapes, name="parameters")["W1"] for p in (first, other)]
    check_changes(weights, name="W1", argument="rng")


def draw(student, layer_dims, rng):
    """The student's parameters, with all shapes checked."""
    shapes = {f"W{i}": (n, n_prev) for i, (n_prev, n) in enumerate(itertools.pairwise(layer_dims), start=1)}
    return check_dict(student.initialize_parameters(layer_dims, rng), shapes, name="parameters")
