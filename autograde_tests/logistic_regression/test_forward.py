"""forward: A = sigmoid(wᵀ X + b)."""

import pytest

from grader.checks import check_close, check_vectorized

pytestmark = pytest.mark.exercise("forward")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Three features, five examples."""
    case = draw(rng, 3, 5)

    check_close(reference.forward(*case), student.forward(*case), name="A")


@pytest.mark.points(2)
def test_all_sizes(student, reference, rng):
    """Few and many features, one alone, and different numbers of examples."""
    check(student, reference, [draw(rng, n_x, m) for n_x, m in ((2, 7), (6, 3), (1, 5), (5, 2), (3, 1))])


@pytest.mark.points(1)
def test_as_many_examples_as_features(student, reference, rng):
    """With a square X an exchange of its axes goes unnoticed by the shapes, but not by the values."""
    check(student, reference, [draw(rng, 4, 4), draw(rng, 3, 3)])


@pytest.mark.points(1)
def test_works_on_all_examples_at_once(student, reference, rng):
    """Ten examples or a thousand: the result is right, and Python works no more."""
    w, b, few = draw(rng, 3, 10)
    *_, many = draw(rng, 3, 1000)

    check_close(reference.forward(w, b, few), student.forward(w, b, few), name="A")
    check_vectorized(student, "forward", (w, b, few), (w, b, many), examples=(10, 1000))


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("forward", cases), strict=True):
        check_close(reference.forward(*case), actual, name="A")


def draw(rng, n_x, m):
    """Weights and a bias away from 0 that keep the sigmoid unsaturated, and inputs."""
    w = rng.normal(size=(n_x, 1)) / n_x**0.5
    return w, float(rng.choice([-1, 1]) * rng.uniform(0.3, 1.0)), rng.normal(size=(n_x, m))
