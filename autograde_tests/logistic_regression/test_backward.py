"""backward: dw and db of the cross-entropy cost.

Whoever takes the long way, dA = -Y / (A + ε) + (1 - Y) / (1 - A + ε) with ε up to 1e-8, has A - Y wrong by up to 1e-7
of itself where A lies between 0.1 and 0.9. That is much for a gradient in which the examples cancel out; so cases are
drawn in which none does, and compared at 1e-5.
"""

import numpy as np
import pytest

from grader.checks import check_close, check_gradient, check_scalar, check_vectorized, unpack

pytestmark = pytest.mark.exercise("backward")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Three features, five examples."""
    check(student, reference, [draw(reference, rng, 3, 5)[2:]])


@pytest.mark.points(2)
def test_all_sizes(student, reference, rng):
    """As many examples as features, more, fewer, and one feature alone."""
    # The square case comes first: elsewhere a wrong product raises, and could not be told what is wrong.
    check(student, reference, [draw(reference, rng, 4, 4)[2:]])
    check(student, reference, [draw(reference, rng, *size)[2:] for size in ((2, 7), (6, 3), (1, 5), (5, 2))])


@pytest.mark.points(3)
def test_is_the_gradient_of_the_cost(student, reference, rng):
    """Every entry of dw, and db, agrees with a central difference of the cost, for four features."""
    w, b, X, A, Y = draw(reference, rng, 4, 7)

    def cost(theta):
        return reference.cross_entropy_cost(reference.forward(theta["dw"], theta["db"], X), Y)

    dw, db = unpack(student.backward(X, A, Y), ("dw", "db"), call="backward(X, A, Y)")

    check_scalar(db, name="db")
    # Reshaped, db keeps its dtype, and with it the tolerance for single precision.
    grads = {"dw": dw, "db": np.reshape(db, ())}
    check_gradient(cost, {"dw": w, "db": np.array(b)}, grads, rng=rng, name="the gradient")


@pytest.mark.points(1)
def test_works_on_all_examples_at_once(student, reference, rng):
    """Ten examples or a thousand: the result is right, and Python works no more."""
    few, many = (draw(reference, rng, 3, m)[2:] for m in (10, 1000))

    check(student, reference, [few])
    check_vectorized(student, "backward", few, many, examples=(10, 1000))


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("backward", cases), strict=True):
        found = unpack(actual, ("dw", "db"), call="backward(X, A, Y)")
        for name, wanted, value in zip(("dw", "db"), reference.backward(*case), found, strict=True):
            check_close(wanted, value, name=name, rtol=1e-5, atol=1e-5)


def draw(reference, rng, n_x, m):
    """w, b, X, the probabilities of a real forward pass, and labels of which a third is 1.

    In a small set the probabilities lie between 0.1 and 0.9; db and every entry of dw are above 0.02: drawn again where
    not.
    """
    while True:
        w, b = rng.normal(size=(n_x, 1)) / n_x**0.5, float(rng.choice([-1, 1]) * rng.uniform(0.2, 0.8))
        X = rng.normal(size=(n_x, m))
        Y = rng.permutation(np.arange(m) % 3 == 0).astype(float)[np.newaxis]
        A = reference.forward(w, b, X)
        dw, db = reference.backward(X, A, Y)
        if (m > 10 or np.all(np.abs(A - 0.5) < 0.4)) and min(np.min(np.abs(dw)), abs(db)) > 0.02:
            return w, b, X, A, Y
