"""predict: 1 where the probability is above the threshold."""

import numpy as np
import pytest

from grader.checks import check_close, check_vectorized

pytestmark = pytest.mark.exercise("predict")


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference):
    """Two features, five examples, with the threshold one half and with two others."""
    w, b = np.array([[1.0], [-2.0]]), 0.5
    X = np.array([[1.0, -1.0, 0.5, 3.0, 0.0], [0.5, 1.0, 0.3, -1.0, 0.7]])

    check(student, reference, [(w, b, X), (w, b, X, 0.3), (w, b, X, 0.7)])


@pytest.mark.points(1)
def test_one_half_by_default(student, reference, rng):
    """Without the argument threshold it is one half. Both answers occur, and no probability is near one half."""
    check(student, reference, [draw(rng, n_x)[:3] for n_x in (3, 1, 5)])


@pytest.mark.points(1)
def test_other_thresholds(student, reference, rng):
    """Thresholds below and above one half; no probability is near them."""
    cases = []
    for n_x, share in ((4, 0.25), (2, 0.75), (3, 0.3)):
        w, b, X, z = draw(rng, n_x)
        cases.append((w, b, X, 1 / (1 + np.exp(-gap(z, share)))))

    check(student, reference, cases)


@pytest.mark.points(1)
def test_works_on_all_examples_at_once(student, reference, rng):
    """Ten examples or a thousand: the result is right, and Python works no more."""
    w, b, many, _ = draw(rng, 3, m=1000)
    few = many[:, :10]

    check(student, reference, [(w, b, few)])
    check_vectorized(student, "predict", (w, b, few), (w, b, many), examples=(10, 1000))


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("predict", cases), strict=True):
        name = "predict(w, b, X)" if len(case) == 3 else "predict(w, b, X, threshold)"
        check_close(reference.predict(*case), actual, name=name)


def draw(rng, n_x, m=40):
    """w, b, X and the sums z, of which some 19 of 40 are below 0; 0 lies in a wide gap."""
    w = rng.choice([-1, 1], size=(n_x, 1)) * rng.uniform(0.5, 1.5, size=(n_x, 1))
    X = rng.normal(size=(n_x, m))
    b = -gap(w.T @ X, 0.5)
    return w, b, X, w.T @ X + b


def gap(z, share):
    """The middle of the widest gap between neighbours among those numbers of z of which about `share` are smaller."""
    z = np.sort(z.ravel())
    first = int(share * z.size) - z.size // 20 - 1
    widest = first + int(np.argmax(np.diff(z[first : first + z.size // 10 + 2])))
    return float((z[widest] + z[widest + 1]) / 2)
