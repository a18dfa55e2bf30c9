"""Gradient checks pass for right gradients of smooth functions, and fail when one entry is wrong by 0.1 %."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checks import away_from_kinks, check_gradient, numerical_gradient
from grader.checks.advice import collect_advice
from grader.checks.gradients import FULL_CHECK_ENTRIES
from grader.errors import CheckFailed, GraderError

SEEDS = st.integers(0, 2**32 - 1)


def draw(seed, shape):
    """A random smooth function of an array, a point, and its gradient there; all of moderate size."""
    rng = np.random.default_rng(seed)
    a, b, c, theta = (rng.normal(size=shape) for _ in range(4))
    waves = 1.0 + 2.0 * rng.random(size=shape)

    def f(x):
        return float(np.sum(a * np.sin(waves * x + b)) + 0.5 * np.sum(x**2) + np.log1p(np.sum((c * x) ** 2)))

    gradient = a * waves * np.cos(waves * theta + b) + theta + 2 * c**2 * theta / (1 + np.sum((c * theta) ** 2))
    return f, theta, gradient


def network(seed, sizes=None, m=7):
    """The cost of a tanh network, its parameters, and their gradients by backpropagation."""
    rng = np.random.default_rng(seed)
    sizes = sizes or [int(n) for n in rng.integers(1, 5, size=rng.integers(1, 4))] + [1]
    X, Y = rng.normal(size=(sizes[0], m)), rng.integers(0, 2, size=(sizes[-1], m)).astype(float)
    theta = {}
    for layer, (n_prev, n) in enumerate(itertools.pairwise(sizes), start=1):
        theta[f"dW{layer}"] = rng.normal(size=(n, n_prev)) / np.sqrt(n_prev)
        theta[f"db{layer}"] = rng.normal(size=(n, 1)) / 2
    L = len(sizes) - 1

    def forward(theta):
        A = [X]
        for layer in range(1, L + 1):
            Z = theta[f"dW{layer}"] @ A[-1] + theta[f"db{layer}"]
            A.append(np.tanh(Z) if layer < L else 1 / (1 + np.exp(-Z)))
        return A

    def cost(theta):
        AL = forward(theta)[-1]
        return float(-np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)) / m)

    A = forward(theta)
    dZ, grads = A[-1] - Y, {}
    for layer in range(L, 0, -1):
        grads[f"dW{layer}"] = dZ @ A[layer - 1].T / m
        grads[f"db{layer}"] = dZ.sum(axis=1, keepdims=True) / m
        dZ = (theta[f"dW{layer}"].T @ dZ) * (1 - A[layer - 1] ** 2)
    return cost, theta, grads


def fails(f, theta, analytic, rng, **options):
    try:
        check_gradient(f, theta, analytic, rng=rng, **options)
    except CheckFailed:
        return True
    return False


# right gradients


@given(SEEDS, st.sampled_from([(1,), (5,), (1, 1), (3, 4), (2, 3, 2), (10, 10), (12, 13), (400,)]))
@settings(max_examples=60)
def test_the_gradient_of_a_smooth_function_passes_whatever_its_shape(seed, shape):
    f, theta, gradient = draw(seed, shape)

    check_gradient(f, theta, gradient, rng=np.random.default_rng(seed))


@given(SEEDS)
@settings(max_examples=60)
def test_backpropagation_through_a_network_passes(seed):
    cost, theta, grads = network(seed)

    check_gradient(cost, theta, grads, rng=np.random.default_rng(seed))


def test_backpropagation_through_a_network_of_hundreds_of_parameters_passes(rng):
    cost, theta, grads = network(3, [20, 15, 8, 1])

    check_gradient(cost, theta, grads, rng=rng)


@pytest.mark.parametrize("shape", [(3, 4), (12, 13)], ids=["in full", "along directions"])
@pytest.mark.parametrize(
    "form",
    [np.float32, np.float16, np.longdouble, np.ndarray.tolist, np.asfortranarray],
    ids=lambda form: form.__name__,
)
def test_a_right_gradient_passes_in_any_form(rng, form, shape):
    f, theta, gradient = draw(1, shape)

    check_gradient(f, theta, form(gradient), rng=rng)


@pytest.mark.parametrize("shape", [(3, 4), (12, 13)], ids=["in full", "along directions"])
def test_a_float32_gradient_that_is_wrong_by_two_percent_fails(rng, shape):
    f, theta, gradient = draw(1, shape)

    assert fails(f, theta, (1.02 * gradient).astype(np.float32), rng)


def test_an_integer_gradient_and_an_integer_point_pass(rng):
    check_gradient(lambda x: float(np.sum(x**2)), np.arange(6), 2 * np.arange(6), rng=rng)


def test_more_keys_than_those_of_theta_pass(rng):
    cost, theta, grads = network(5)

    check_gradient(cost, theta, {**grads, "dA0": None, "dZ1": np.ones(3)}, rng=rng)


def test_a_function_that_maps_over_many_points_is_called_once_for_each_tensor(rng):
    class Cost:
        calls = 0

        def __call__(self, theta):
            raise AssertionError("the points go to `map`")

        def map(self, points):
            self.calls += 1
            return [cost(point) for point in points]

    cost, theta, grads = network(5, [3, 2, 1])
    mapped = Cost()

    check_gradient(mapped, theta, grads, rng=rng)

    assert mapped.calls == len(theta)


@pytest.mark.parametrize("size", [6, FULL_CHECK_ENTRIES + 20], ids=["in full", "along directions"])
def test_a_gradient_far_below_the_rounding_of_a_large_cost_is_no_alarm(rng, size):
    """Central differences of 1e4 + x²/2 see nothing below some 1e-7, so they cannot refute a gradient of 1e-8."""
    theta = 1e-8 * rng.normal(size=size)

    check_gradient(lambda x: 1e4 + 0.5 * float(np.sum(x**2)), theta, theta, rng=rng)


def test_a_zero_gradient_passes(rng):
    for size in (6, FULL_CHECK_ENTRIES + 20):
        check_gradient(lambda x: 3.0, rng.normal(size=size), np.zeros(size), rng=rng)


def test_the_point_is_left_as_it_was(rng):
    cost, theta, grads = network(5)
    before = {key: value.copy() for key, value in theta.items()}

    check_gradient(cost, theta, grads, rng=rng)

    assert all(np.array_equal(theta[key], before[key]) for key in before)


# wrong gradients


@given(SEEDS, st.sampled_from([(5,), (3, 4), (10, 10), (12, 13)]), st.data())
@settings(max_examples=100)
def test_one_entry_wrong_by_one_in_a_thousand_fails(seed, shape, data):
    f, theta, gradient = draw(seed, shape)
    entry = data.draw(st.integers(0, gradient.size - 1))
    flat = gradient.ravel()
    is_full = gradient.size <= FULL_CHECK_ENTRIES
    seen = np.abs(gradient).max() / 1000 if is_full else 2e-3 * np.abs(gradient).sum()
    if abs(flat[entry]) < seen:
        flat[entry] = flat[entry] + seen / 1000  # an entry that is nearly zero: wrong by as much as a visible one
    else:
        flat[entry] *= 1.001

    assert fails(f, theta, gradient, np.random.default_rng(seed))


def test_an_entry_of_a_two_thousandth_of_the_largest_that_is_wrong_by_one_in_a_thousand_fails(finding, rng):
    slopes = np.array([1.0, -0.7, 5e-4, 0.3])

    def f(x):
        return float(slopes @ np.sin(x))

    gradient = slopes * np.cos(theta := 0.1 * rng.normal(size=4))
    check_gradient(f, theta, gradient, rng=rng)
    gradient[2] *= 1.001

    assert "in 1 of 4 entries, the first at [2]" in finding(check_gradient, f, theta, gradient, rng=rng).rationale


@given(SEEDS, st.data())
@settings(max_examples=60)
def test_one_entry_of_one_tensor_of_a_network_wrong_by_one_in_a_thousand_fails_by_name(seed, data):
    cost, theta, grads = network(seed)
    key = data.draw(st.sampled_from(sorted(grads)))
    wrong = grads[key].ravel()
    if np.abs(wrong).max() < 1e-3:
        return  # a saturated network: the rounding of the cost hides what is so small
    wrong[np.argmax(np.abs(wrong))] *= 1.001

    with pytest.raises(CheckFailed) as caught:
        check_gradient(cost, theta, {**grads, key: wrong.reshape(grads[key].shape)}, rng=np.random.default_rng(seed))

    (feedback,) = caught.value.feedback
    assert feedback.key == "gradient_differs"
    assert feedback.rationale.startswith(f"{key} is not the gradient")
    assert f"in 1 of {wrong.size} entries" in feedback.rationale


@given(SEEDS, st.sampled_from([-1.0, 0.0, 0.5, 2.0, 7.0, 1 / 7, 1.0001]), st.sampled_from([(3, 4), (12, 13)]))
@settings(max_examples=60)
def test_a_common_factor_fails(seed, factor, shape):
    f, theta, gradient = draw(seed, shape)

    assert fails(f, theta, factor * gradient, np.random.default_rng(seed))


def test_two_equal_errors_do_not_hide_each_other():
    """Along directions of ±1 they cancel in every second one, and so in all four for one seed in sixteen."""
    f, theta, gradient = draw(2, (12, 13))
    gradient[0, :2] += 0.01 * np.abs(gradient).mean()

    assert all(fails(f, theta, gradient, np.random.default_rng(seed)) for seed in range(100))


def test_a_large_gradient_does_not_buy_a_large_tolerance(rng):
    f, theta, gradient = draw(2, (12, 13))

    assert fails(f, theta, gradient + 1e12, rng)
    assert fails(f, theta, gradient * 1e300, rng)


WRONG_FORMS = {
    "None": (lambda gradient: None, "nothing_returned"),
    "transposed": (lambda gradient: gradient.T, "transposed_shape"),
    "a shape that would broadcast": (lambda gradient: gradient[:1], "wrong_shape"),
    "a number": (lambda gradient: 1.0, "wrong_shape"),
    "a text": (lambda gradient: "dW", "wrong_type"),
    "complex": (lambda gradient: gradient + 1j, "complex_numbers"),
}


@pytest.mark.parametrize("shape", [(3, 4), (12, 13)], ids=["in full", "along directions"])
@pytest.mark.parametrize(("change", "key"), WRONG_FORMS.values(), ids=WRONG_FORMS)
def test_a_gradient_is_refused_before_it_is_compared_that_is(finding, rng, shape, change, key):
    f, theta, gradient = draw(4, shape)

    found = finding(check_gradient, f, theta, change(gradient), rng=rng, name="dW1")

    assert key == found.key
    assert "dW1" in found.rationale


@pytest.mark.parametrize("shape", [(3, 4), (12, 13)], ids=["in full", "along directions"])
@pytest.mark.parametrize(("value", "word"), [(np.nan, "NaN"), (np.inf, "infinity"), (-np.inf, "infinity")])
def test_one_entry_that_is_not_finite_is_located(finding, rng, shape, value, word):
    f, theta, gradient = draw(4, shape)
    gradient[1, 2] = value

    found = finding(check_gradient, f, theta, gradient, rng=rng, name="dW1")

    assert found.key == "not_finite"
    assert found.rationale.startswith(f"dW1 has {word} at [1, 2] (1 of ")


def test_a_missing_tensor_is_named(finding, rng):
    cost, theta, grads = network(5, [3, 2, 1])
    del grads["db2"]

    found = finding(check_gradient, cost, theta, grads, rng=rng, name="grads")

    assert found.rationale.startswith("grads has no key db2")


@pytest.mark.parametrize("shape", [(3, 4), (12, 13)], ids=["in full", "along directions"])
def test_a_hidden_gradient_is_in_no_text(finding, rng, shape):
    slope = 7.390625

    for is_visible in (False, True):
        with collect_advice(show_values=is_visible):
            found = finding(
                check_gradient, lambda x: slope * float(np.sum(x)), np.ones(shape), np.full(shape, 9.0), rng=rng
            )

        assert found.key == ("gradient_differs" if shape == (3, 4) else "gradient_direction_differs")
        assert "7.39" not in f"{found.rationale} {found.help}"


# numerical_gradient


@given(SEEDS, st.sampled_from([(), (1,), (4,), (2, 3)]))
@settings(max_examples=50)
def test_a_central_difference_is_right_to_one_in_ten_million(seed, shape):
    f, theta, gradient = draw(seed, shape)

    numerical = numerical_gradient(f, theta)

    assert numerical.shape == shape
    np.testing.assert_allclose(numerical, gradient, rtol=1e-7, atol=1e-8)


def test_a_central_difference_is_exact_to_second_order_and_a_forward_one_is_not():
    theta = np.array([0.7])

    coarse, fine = (
        abs(float(numerical_gradient(lambda x: float(np.exp(x[0])), theta, eps=eps)[0]) - np.exp(0.7))
        for eps in (1e-2, 1e-3)
    )

    assert coarse / fine == pytest.approx(100, rel=0.01)


def test_an_integer_point_is_shifted_by_fractions():
    assert numerical_gradient(lambda x: float(np.sum(x**2)), np.array([1, 2])) == pytest.approx([2.0, 4.0])


# away_from_kinks


def test_the_first_drawing_away_from_kinks_is_taken():
    drawings = iter([np.array([0.5, 0.0]), np.array([0.5, 1e-4]), np.array([0.5, -0.2]), np.array([1.0, 1.0])])

    drawn = away_from_kinks(lambda: next(drawings), lambda z: z)

    assert drawn.tolist() == [0.5, -0.2]


def test_every_layer_counts_and_an_empty_network_has_no_kinks():
    drawings = iter([1e-4, 0.1])

    assert away_from_kinks(lambda: next(drawings), lambda z: [np.ones((2, 2)), np.full((2, 2), z)]) == 0.1
    assert away_from_kinks(lambda: "anything", lambda z: []) == "anything"


def test_a_margin_that_no_drawing_keeps_is_our_own_fault():
    with pytest.raises(GraderError, match=r"no drawing out of 5 keeps .* 0\.1 away from 0; use a smaller margin"):
        away_from_kinks(lambda: np.zeros(2), lambda z: z, margin=0.1, tries=5)
