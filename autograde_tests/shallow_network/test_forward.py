"""forward: tanh in the hidden layer, sigmoid in the output layer."""

import numpy as np
import pytest

from grader.checks import advise_vectorized, check_array, check_close, check_dict, is_close, unpack
from grader.errors import CallRaised

pytestmark = pytest.mark.exercise("forward")

CALL = "forward(X, parameters)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Three inputs, four hidden units, five examples: the probabilities A2."""
    check_output(reference, draw(rng, 3, 4, 5), student.forward)


@pytest.mark.points(1.5)
def test_all_sizes(student, reference, rng):
    """Wide and narrow hidden layers, one of them with a single unit, and different numbers of examples."""
    cases = [draw(rng, *sizes) for sizes in ((2, 5, 7), (6, 3, 4), (4, 1, 6), (1, 3, 9), (5, 2, 1))]

    for case, actual in zip(cases, student.map("forward", cases), strict=True):
        check_output(reference, case, lambda *_, actual=actual: actual)
    advise_vectorized(student, "forward", draw(rng, 2, 3, 5), draw(rng, 2, 3, 105), examples=(5, 105))


@pytest.mark.points(1)
def test_as_many_hidden_units_as_inputs(student, reference, rng):
    """With a square W1 a transpose goes unnoticed by the shapes, but not by the values."""
    try:
        check_output(reference, draw(rng, 3, 3, 5), student.forward)
    except CallRaised:
        # With both weights transposed the products exist only where all three sizes are equal: there, they are named.
        X, parameters = draw(rng, 3, 3, 5, n_y=3)
        name_transposed_weights(reference, X, parameters, student.forward)
        raise


@pytest.mark.points(1.5)
def test_cache_holds_both_layers(student, reference, rng):
    """The cache is a dict with Z1, A1, Z2 and A2."""
    X, parameters = draw(rng, 4, 3, 6)
    _, expected = reference.forward(X, parameters)

    _, cache = unpack(student.forward(X, parameters), ("A2", "cache"), call=CALL)

    found = check_dict(cache, list(expected), name="cache")
    for key, value in expected.items():
        check_close(value, found[key], name=f"{key} in the cache")


def check_output(reference, case, forward):
    expected, _ = reference.forward(*case)
    actual, _ = unpack(forward(*case), ("A2", "cache"), call=CALL)
    check_close(expected, actual, name="A2")


def name_transposed_weights(reference, X, parameters, forward):
    """Fail when `forward` gives what transposed weights give, and pass otherwise, whatever it does."""
    transposed = {key: value.T if key.startswith("W") else value for key, value in parameters.items()}
    try:
        A2, _ = unpack(forward(X, parameters), ("A2", "cache"), call=CALL)
    except CallRaised:
        return
    if is_close(reference.forward(X, transposed)[0], A2):
        check_close(reference.forward(X, parameters)[0], check_array(A2, name="A2"), name="A2")


def draw(rng, n_x, n_h, m, n_y=1):
    """Inputs, and parameters with non-zero biases that keep tanh and sigmoid unsaturated."""
    parameters = {
        "W1": rng.normal(size=(n_h, n_x)) / n_x**0.5,
        "b1": rng.normal(size=(n_h, 1)) / 2,
        "W2": rng.normal(size=(n_y, n_h)) / n_h**0.5,
        "b2": rng.normal(size=(n_y, 1)) / 2,
    }
    return np.asarray(rng.normal(size=(n_x, m))), parameters
