"""forward: A = sigmoid(wᵀ X + b)."""

import pytest
from grader.checks import check_close

pytestmark = pytest.mark.exercise("forward")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Three features, five examples."""
    case = draw(rng, 3, 5)

    check_close(reference.forward(*case), student.forward(*case), name="A")


def draw(rng, n_x, m):
    """Weights and a bias away from 0 that keep the sigmoid unsaturated, and inputs."""
    w = rng.normal(size=(n_x, 1)) / n_x**0.5
    return w, float(rng.choice([-1, 1]) * rng.uniform(0.3, 1.0)), rng.normal(size=(n_x, m))
