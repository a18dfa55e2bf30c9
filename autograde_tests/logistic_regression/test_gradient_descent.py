"""gradient_descent: steps against the gradient from the given start, and the cost before each of them.

Steps are compared at 1e-5 of the largest parameter. Single precision and epsilons up to 1e-8 changed none by more than
2e-6 in 30,000 cases, since cases with a saturated probability are drawn again: there, an epsilon counts.
"""

import numpy as np
import pytest

from grader.checks import check_array, check_changes, check_close, check_vectorized, fail, unpack
from grader.checks.structure import shown_count

pytestmark = pytest.mark.exercise("gradient_descent")

CALL = "gradient_descent(w, b, X, Y, learning_rate, iterations)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_example(student, reference, rng):
    """Three features, seven examples, four steps: w and b after the last one."""
    check_parameters(student, reference, [draw(reference, rng, 3, 7, 0.5, 4)])


@pytest.mark.points(2)
def test_all_sizes_and_steps(student, reference, rng):
    """One step and many, small and large ones, from starts that are not zero."""
    sizes = ((2, 6, 0.1, 1), (4, 4, 1.2, 3), (1, 5, 0.7, 8), (5, 3, 0.3, 20))

    check_parameters(student, reference, [draw(reference, rng, *size) for size in sizes])


@pytest.mark.points(1)
def test_start_learning_rate_and_iterations_matter(student, reference, rng):
    """Another start, another learning rate and another number of iterations give another result, and the right one."""
    cases = draw_neighbours(reference, rng)

    found = [parameters(actual) for actual in student.map("gradient_descent", list(cases.values()))]

    for argument, other in zip(cases, found, strict=True):
        if argument:
            check_changes([found[0], other], name="the result of gradient_descent", argument=argument)
    for case, actual in zip(cases.values(), found, strict=True):
        compare(reference.gradient_descent(*case)[:2], actual)


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_costs_of_a_small_example(student, reference, rng):
    """Two features, six examples: one cost for each of five iterations, that before its step."""
    check_costs(student, reference, [draw(reference, rng, 2, 6, 0.8, 5)])


@pytest.mark.points(2)
def test_one_cost_for_each_iteration_before_its_step(student, reference, rng):
    """One iteration, three and twelve: as many costs, the first of which belongs to the start."""
    check_costs(
        student, reference, [draw(reference, rng, *size) for size in ((3, 8, 1.0, 12), (4, 5, 0.6, 3), (2, 7, 0.5, 1))]
    )


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_works_on_all_examples_at_once(student, reference, rng):
    """Ten examples or a thousand, three steps: the result is right, and Python works no more, here or in what it calls.

    The loop over the iterations runs as often for few as for many, so it does not count.
    """
    few, many = (draw(reference, rng, 3, m, 0.5, 3) for m in (10, 1000))

    check_parameters(student, reference, [few])
    check_vectorized(student, "gradient_descent", few, many, examples=(10, 1000))


def check_parameters(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("gradient_descent", cases), strict=True):
        compare(reference.gradient_descent(*case)[:2], parameters(actual))


def compare(expected, actual):
    """Errors count relative to the largest of all parameters: w and b carry the rounding of each other."""
    largest = max(np.max(np.abs(value)) for value in expected)
    for name, wanted, found in zip(("w", "b"), expected, actual, strict=True):
        atol = 1e-5 * largest / np.max(np.abs(wanted))  # `check_close` takes it relative to the largest entry
        check_close(wanted, found, name=name, rtol=1e-5, atol=atol)


def parameters(actual):
    return unpack(actual, ("w", "b", "costs"), call=CALL)[:2]


def check_costs(student, reference, cases):
    for case, actual in zip(cases, student.map("gradient_descent", cases), strict=True):
        _, _, costs = unpack(actual, ("w", "b", "costs"), call=CALL)
        found, iterations = check_array(costs, name="costs").ravel(), case[-1]
        if found.size != iterations:
            fail(
                "one_cost_for_each_iteration",
                rationale=f"costs has {shown_count(found.size, iterations)} entries for {iterations} iterations.",
                help="Append the cost in every iteration, before the step: costs.append(cross_entropy_cost(A, Y)).",
            )
        expected = np.array(reference.gradient_descent(*case)[2])
        check_close(expected, found, name="costs", kind="cost", rtol=1e-5, atol=1e-5)


def draw_neighbours(reference, rng):
    """Cases by the name of the one argument in which they differ from the first, which has none."""
    while True:
        w, b, X, Y, rate, iterations = draw(reference, rng, 3, 8, 0.4, 3)
        cases = {
            "": (w, b, X, Y, rate, iterations),
            "w": (w + 0.5, b, X, Y, rate, iterations),
            "b": (w, b + 0.5, X, Y, rate, iterations),
            "learning_rate": (w, b, X, Y, 2 * rate, iterations),
            "iterations": (w, b, X, Y, rate, 2 * iterations),
        }
        if all(is_tame(reference, case) for case in cases.values()):
            return cases


def draw(reference, rng, n_x, m, learning_rate, iterations):
    """A start away from zero and data, drawn again until the case is tame."""
    while True:
        w, b = rng.normal(size=(n_x, 1)) / n_x**0.5, float(rng.choice([-1, 1]) * rng.uniform(0.3, 1.0))
        X = rng.normal(size=(n_x, m))
        Y = rng.permutation(np.arange(m) % 3 == 0).astype(float)[np.newaxis]
        case = w, b, X, Y, learning_rate, iterations
        if is_tame(reference, case):
            return case


def is_tame(reference, case):
    """Whether no probability is saturated, at the start or at the end, and b moves and ends away from 0."""
    w, b, X, *_ = case
    new_w, new_b, _ = reference.gradient_descent(*case)
    A = np.stack([reference.forward(w, b, X), reference.forward(new_w, new_b, X)])
    is_unsaturated = X.shape[1] > 10 or np.all(np.abs(A - 0.5) < 0.47)
    return is_unsaturated and abs(new_b) > 0.1 and abs(new_b - b) > 0.01 and np.max(np.abs(new_w)) > 0.1
