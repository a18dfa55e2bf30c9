"""wrong_gradients: the names of those gradients that are wrong, and of no others."""

import numpy as np
import pytest

from grader.checks import check_close, fail

pytestmark = pytest.mark.exercise("wrong_gradients")

CALL = "wrong_gradients(f, grads, parameters)"
SHAPES = {"W1": (2, 3), "b1": (2, 1), "W2": (1, 2), "b2": (1, 1)}


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_names_the_one_that_is_wrong(student, rng):
    """A network with two layers, in which dW2 has the wrong sign."""
    parameters, grads = draw(rng)
    grads["dW2"] = -grads["dW2"]

    check_names(["dW2"], student.wrong_gradients(cost, grads, parameters))


@pytest.mark.points(1)
def test_names_none_when_all_are_right(student, rng):
    """All four gradients are right."""
    parameters, grads = draw(rng)

    check_names([], student.wrong_gradients(cost, grads, parameters))


@pytest.mark.points(1)
def test_names_several_in_order(student, rng):
    """Several are wrong, a bias among them; the names come sorted."""
    for wrong in (["dW1", "db2"], ["dW2", "db1", "db2"], ["dW1", "dW2", "db1", "db2"]):
        parameters, grads = draw(rng)
        grads |= {name: 2 * grads[name] for name in wrong}
        grads = {name: grads[name] for name in rng.permutation(list(grads)).tolist()}
        check_names(wrong, student.wrong_gradients(cost, grads, parameters))


@pytest.mark.points(1)
def test_uses_the_threshold_that_it_is_given(student, rng):
    """An error of 0.1 % counts at a fine threshold and not at a coarse one."""
    parameters, grads = draw(rng)
    grads["db1"] = grads["db1"] * 1.001

    check_names(["db1"], student.wrong_gradients(cost, grads, parameters, 1e-5))
    check_names([], student.wrong_gradients(cost, grads, parameters, 1e-2))


@pytest.mark.points(1)
def test_leaves_the_parameters_as_they_are(student, rng):
    """The parameters are afterwards as they were before."""
    parameters, grads = draw(rng)

    student.wrong_gradients(cost, grads, parameters)

    if 2 in student.last_changed:
        fail(
            "parameters_changed",
            rationale="The parameters are not what they were before: your function changes them and does not put "
            "them back.",
            help="Give f a new dict, {**parameters, name: shifted}, and shift a copy of the array.",
        )


def check_names(expected, actual):
    """`actual` as a list of names, in any sequence type."""
    check_close(expected, actual, name=CALL)


def draw(rng):
    """Parameters away from 0, and the right gradients of `cost`."""
    parameters = {name: rng.uniform(0.5, 1.5, size=shape) for name, shape in SHAPES.items()}
    W1, b1, W2, b2 = parameters.values()
    last = W2 @ (W1.sum(axis=1, keepdims=True) + b1**2) + b2
    d_hidden = last * W2.T
    grads = {
        "dW1": np.repeat(d_hidden, 3, axis=1) + 3 * W1**2,
        "db1": 2 * b1 * d_hidden,
        "dW2": last * (W1.sum(axis=1, keepdims=True) + b1**2).T,
        "db2": last,
    }
    return parameters, grads


def cost(parameters):
    """A smooth function of all parameters together, small enough to derive by hand."""
    W1, b1, W2, b2 = (np.asarray(parameters[name]) for name in ("W1", "b1", "W2", "b2"))
    last = W2 @ (W1.sum(axis=1, keepdims=True) + b1**2) + b2
    return float(0.5 * np.sum(last**2) + np.sum(W1**3))
