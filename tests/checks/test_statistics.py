"""Checks of random results: as few false alarms as they say, and the power to see the mistakes they name.

Two kinds of proof: where the distribution is known the false-alarm rate is computed, and simulations see the rest. In a
simulation at 1e-7 no right sample may fail; at 1 % the number of failures must fit the binomial distribution.
"""

import math
from fractions import Fraction

import numpy as np
import pytest

from grader.checks import (
    check_distinct,
    check_independent,
    check_kept_fraction,
    check_mean,
    check_std,
    check_symmetric,
)
from grader.checks.statistics import FALSE_ALARM, _relative_bound, binomial_tail, pooled, z_bound
from grader.errors import CheckFailed, GraderError

SAMPLES = 2000
ROOT3 = math.sqrt(3)


def failures(check, draw, seed, samples=SAMPLES):
    """How many of `samples` drawings fail."""
    rng = np.random.default_rng(seed)
    count = 0
    for _ in range(samples):
        try:
            check(draw(rng))
        except CheckFailed:
            count += 1
    return count


# Right samples: a check with its false-alarm rate as parameter, how a right sample is drawn, and whether the check
# uses the whole rate at 1 % (a check of a uniform sample by the bound of a normal one is stricter than it says).
RIGHT = {
    "mean of a normal": (
        lambda s, rate: check_mean(s, 2.0, 3.0, name="W", false_alarm=rate),
        lambda rng: rng.normal(2, 3, size=(20, 15)),
        True,
    ),
    "mean of a uniform": (
        lambda s, rate: check_mean(s, 0.0, 1 / ROOT3, name="W", false_alarm=rate),
        lambda rng: rng.uniform(-1, 1, size=300),
        True,
    ),
    "std of a normal": (
        lambda s, rate: check_std(s, 0.2, name="W", false_alarm=rate),
        lambda rng: 0.2 * rng.standard_normal(size=(50, 40)),
        True,
    ),
    "std of a normal in float32": (
        lambda s, rate: check_std(s, 0.2, name="W", false_alarm=rate),
        lambda rng: np.float32(0.2) * rng.standard_normal(size=2000, dtype=np.float32),
        True,
    ),
    "std of a small normal sample": (
        lambda s, rate: check_std(s, 0.2, name="W", false_alarm=rate),
        lambda rng: 0.2 * rng.standard_normal(size=200),
        False,
    ),
    "std of a uniform": (
        lambda s, rate: check_std(s, 0.2, name="W", false_alarm=rate),
        lambda rng: 0.2 * rng.uniform(-ROOT3, ROOT3, size=1000),
        False,
    ),
    "signs of a normal": (
        lambda s, rate: check_symmetric(s, name="W", false_alarm=rate),
        lambda rng: rng.normal(size=1001),
        True,
    ),
    "share of a mask": (
        lambda s, rate: check_kept_fraction(s, 0.8, name="mask", false_alarm=rate),
        lambda rng: rng.random(size=(30, 40)) < 0.8,
        True,
    ),
    "share of a small mask with a rare zero": (
        lambda s, rate: check_kept_fraction(s, 0.95, name="mask", false_alarm=rate),
        lambda rng: (rng.random(size=200) < 0.95).astype(int),
        False,
    ),
    "two normals": (
        lambda s, rate: check_independent(s[0], s[1], name="W1 and W2", false_alarm=rate),
        lambda rng: rng.normal(size=(2, 20, 15)),
        True,
    ),
    "two masks": (
        lambda s, rate: check_independent(s[0], s[1], name="the masks", false_alarm=rate),
        lambda rng: rng.random(size=(2, 500)) < 0.5,
        True,
    ),
    "distinct float64": (
        lambda s, rate: check_distinct(s, name="W", false_alarm=rate),
        lambda rng: rng.random(size=2000),
        False,
    ),
    "distinct float32": (
        lambda s, rate: check_distinct(s, name="W", false_alarm=rate),
        lambda rng: rng.random(size=2000, dtype=np.float32),
        False,
    ),
}


@pytest.mark.parametrize(("check", "draw", "_"), RIGHT.values(), ids=RIGHT)
def test_of_2000_right_samples_none_fails(check, draw, _):
    count = failures(lambda sample: check(sample, FALSE_ALARM), draw, seed=1)

    assert count == 0


@pytest.mark.parametrize(("check", "draw", "uses_all"), RIGHT.values(), ids=RIGHT)
def test_at_one_percent_as_many_fail_as_the_binomial_allows(check, draw, uses_all):
    count = failures(lambda sample: check(sample, 0.01), draw, seed=2)

    assert count <= 20 or binomial_tail(count, SAMPLES, 0.01) > 1e-3
    if uses_all:
        # Discrete statistics may reach only part of the rate: a quarter of it shows that 1 % is not an empty promise.
        assert count >= 5


@pytest.mark.parametrize("false_alarm", [1e-2, 1e-7])
@pytest.mark.parametrize("keep_prob", [0.05, 0.25, 0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize("size", [200, 333, 1000])
def test_the_exact_false_alarm_rate_of_a_share_is_not_above_the_stated_one(size, keep_prob, false_alarm):
    kept = np.arange(size + 1)
    log_pmf = [
        math.log(math.comb(size, k)) + k * math.log(keep_prob) + (size - k) * math.log1p(-keep_prob) for k in kept
    ]
    rejected = [binomial_tail(int(k), size, keep_prob) < false_alarm / 2 for k in kept]

    assert float(np.exp(log_pmf)[rejected].sum()) <= false_alarm
    assert any(rejected)


@pytest.mark.parametrize("false_alarm", [1e-2, 1e-7])
@pytest.mark.parametrize("size", [200, 400, 1000, 4000])
def test_the_exact_false_alarm_rate_of_a_standard_deviation_is_not_above_the_stated_one(size, false_alarm):
    """n·found²/std² is χ² with n degrees of freedom; for even n its tail is a sum of Poisson terms."""
    bound = _relative_bound(size, false_alarm)

    def upper_tail(x):
        half = x / 2
        return math.fsum(math.exp(i * math.log(half) - half - math.lgamma(i + 1)) for i in range(size // 2))

    too_large, too_small = upper_tail(size * (1 + bound) ** 2), 1 - upper_tail(size * (1 - bound) ** 2)

    assert too_large + too_small <= false_alarm
    assert bound < 0.35


@pytest.mark.parametrize(
    ("count", "size", "probability"),
    [
        (0, 20, 0.3),
        (3, 20, 0.3),
        (5, 20, 0.3),
        (7, 20, 0.3),
        (20, 20, 0.3),
        (50, 100, 0.5),
        (51, 100, 0.5),
        (1, 300, 0.9),
    ],
)
def test_a_binomial_tail_is_the_exact_sum(count, size, probability):
    p = Fraction(probability)
    terms = [math.comb(size, k) * p**k * (1 - p) ** (size - k) for k in range(size + 1)]
    expected = sum(terms[: count + 1]) if count <= size * p else sum(terms[count:])

    assert binomial_tail(count, size, probability) == pytest.approx(float(expected), rel=1e-9)


def test_a_certain_share_allows_no_exception(finding):
    everything, one_missing = np.ones(500), np.ones(500)
    one_missing[7] = 0

    check_kept_fraction(everything, 1.0, name="mask")
    check_kept_fraction(1 - everything, 0.0, name="mask")
    assert finding(check_kept_fraction, one_missing, 1.0, name="mask").key == "wrong_kept_fraction"
    assert finding(check_kept_fraction, 1 - one_missing, 0.0, name="mask").key == "wrong_kept_fraction"


@pytest.mark.parametrize(("rate", "bound"), [(0.05, 1.959964), (0.01, 2.575829), (1e-7, 5.326724)])
def test_the_bound_belongs_to_its_two_sided_rate(rate, bound):
    assert z_bound(rate) == pytest.approx(bound, abs=1e-6)


# Wrong samples: the mistakes that the checks are there for, with the sizes that tests of the course use.
SHAPE = (80, 50)
HE = math.sqrt(2 / 50)
WRONG = {
    "rand for randn": (
        lambda s: check_symmetric(s, name="W1"),
        lambda rng: HE * rng.random(size=SHAPE),
        "never_negative",
    ),
    "all zero": (lambda s: check_symmetric(s, name="W1"), lambda rng: np.zeros(SHAPE), "never_negative"),
    "a shifted uniform": (
        lambda s: check_symmetric(s, name="W1"),
        lambda rng: rng.uniform(-0.8, 1.2, size=SHAPE),
        "not_symmetric",
    ),
    "never positive": (lambda s: check_symmetric(s, name="W1"), lambda rng: -rng.random(size=SHAPE), "not_symmetric"),
    "a mean of 15 % of the std": (
        lambda s: check_mean(s, 0.0, HE, name="W1"),
        lambda rng: HE * (rng.normal(size=SHAPE) + 0.15),
        "wrong_mean",
    ),
    "a std that is 12 % too large": (
        lambda s: check_std(s, HE, name="W1"),
        lambda rng: 1.12 * HE * rng.normal(size=SHAPE),
        "wrong_std",
    ),
    "a std that is 12 % too small": (
        lambda s: check_std(s, HE, name="W1"),
        lambda rng: 0.88 * HE * rng.normal(size=SHAPE),
        "wrong_std",
    ),
    "a constant": (lambda s: check_std(s, HE, name="W1"), lambda rng: np.full(SHAPE, 2 * HE), "wrong_std"),
    "the inverted mask": (
        lambda s: check_kept_fraction(s, 0.8, name="mask"),
        lambda rng: rng.random(size=SHAPE) > 0.8,
        "wrong_kept_fraction",
    ),
    "randn for rand in a mask": (
        lambda s: check_kept_fraction(s, 0.5, name="mask"),
        lambda rng: rng.normal(size=SHAPE) < 0.5,
        "wrong_kept_fraction",
    ),
    "a mask that keeps 5 % too many": (
        lambda s: check_kept_fraction(s, 0.8, name="mask"),
        lambda rng: rng.random(size=SHAPE) < 0.85,
        "wrong_kept_fraction",
    ),
    "one draw for two layers": (
        lambda s: check_independent(s, s, name="W1 and W2"),
        lambda rng: rng.normal(size=SHAPE),
        "not_independent",
    ),
    "one draw with two scales and a shift": (
        lambda s: check_independent(s, 3 - 0.01 * s, name="W1 and W2"),
        lambda rng: rng.normal(size=SHAPE),
        "not_independent",
    ),
    "a seed that is set before every layer, and noise": (
        lambda s: check_independent(s[0], s[0] + 4 * s[1], name="W1 and W2"),
        lambda rng: rng.normal(size=(2, *SHAPE)),
        "not_independent",
    ),
    "a constant for a draw": (
        lambda s: check_independent(s, np.ones(SHAPE), name="W1 and W2"),
        lambda rng: rng.normal(size=SHAPE),
        "not_independent",
    ),
    "one row for all units": (
        lambda s: check_distinct(s, name="W1"),
        lambda rng: np.tile(rng.normal(size=(1, 50)), (80, 1)),
        "entries_repeat",
    ),
    "two equal rows": (
        lambda s: check_distinct(s, name="W1"),
        lambda rng: rng.normal(size=SHAPE)[[0, *range(79)]],
        "entries_repeat",
    ),
    "two equal rows in float32": (
        lambda s: check_distinct(s, name="W1"),
        lambda rng: rng.normal(size=SHAPE).astype(np.float32)[[0, *range(79)]],
        "entries_repeat",
    ),
    "one entry twice": (
        lambda s: check_distinct(s, name="W1"),
        lambda rng: np.append(s := rng.normal(size=300), s[5]),
        "entries_repeat",
    ),
}


@pytest.mark.parametrize(("check", "draw", "key"), WRONG.values(), ids=WRONG)
def test_fifty_of_fifty_wrong_samples_are_named_that_have(finding, check, draw, key):
    rng = np.random.default_rng(3)

    assert {key} == {finding(check, draw(rng)).key for _ in range(50)}


ALTERNATIVES = {
    "2/sqrt(n)": 2 / math.sqrt(50),
    "sqrt(2)/n": math.sqrt(2) / 50,
    "2/n": 2 / 50,
    "sqrt(1/n)": math.sqrt(1 / 50),
    "fan-out": math.sqrt(2 / 80),
    "0.01": 0.01,
    "1": 1.0,
    "uniform": math.sqrt(2 / 50 / 3),
}


@pytest.mark.parametrize(("mistake", "std"), ALTERNATIVES.items(), ids=ALTERNATIVES)
def test_a_common_mistake_in_the_factor_is_named_every_time(finding, mistake, std):
    """sqrt(1/50) and sqrt(2/80) lie within each other's bounds at the edges: the nearest one is meant."""
    rng = np.random.default_rng(4)

    for _ in range(50):
        found = finding(check_std, std * rng.normal(size=SHAPE), HE, name="W1", alternatives=ALTERNATIVES)

        assert found.key == "std_of_mistake"
        assert found.rationale.endswith(f": {mistake}.")


def test_of_two_mistakes_that_fit_the_nearest_is_named(finding, rng):
    sample = rng.normal(size=SHAPE)
    sample *= 0.1495 / np.sqrt(np.mean(sample**2))  # sqrt(1/50) = 0.1414 comes first, sqrt(2/80) = 0.1581 is nearer

    found = finding(check_std, sample, HE, name="W1", alternatives=ALTERNATIVES)

    assert found.rationale.endswith(": fan-out.")


def test_a_std_that_no_mistake_gives_is_not_given_one(finding, rng):
    sample = rng.normal(size=SHAPE)

    found = finding(check_std, 0.5 * sample / sample.std(), HE, name="W1", alternatives=ALTERNATIVES)

    assert found.key == "wrong_std"
    assert found.rationale == "W1 should have standard deviation 0.2, and has 0.5."


# what a sample must be

CHECKS = {
    "check_mean": lambda s: check_mean(s, 0.0, 1.0, name="W1"),
    "check_std": lambda s: check_std(s, 1.0, name="W1"),
    "check_symmetric": lambda s: check_symmetric(s, name="W1"),
    "check_kept_fraction": lambda s: check_kept_fraction(s, 0.5, name="W1"),
    "check_independent": lambda s: check_independent(s, np.random.default_rng(1).normal(size=400), name="W1"),
    "check_distinct": lambda s: check_distinct(s, name="W1"),
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_sample_with_one_number_that_is_not_finite_fails(finding, rng, check, value):
    sample = rng.normal(size=400)
    sample[17] = value

    assert finding(check, sample).key == "sample_not_finite"


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@pytest.mark.parametrize(
    ("value", "key"), [(None, "nothing_returned"), ("W1", "wrong_type"), ([[1], [1, 2]], "ragged")]
)
def test_what_is_no_sample_fails(finding, check, value, key):
    assert key == finding(check, value).key


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_a_sample_too_small_to_judge_is_the_fault_of_the_test(rng, check):
    with pytest.raises(GraderError, match="a sample of 199 entries is too small to judge; draw at least 200"):
        check(rng.normal(size=199))


def test_samples_of_two_sizes_are_the_fault_of_the_test(rng):
    with pytest.raises(GraderError, match="one size, not 300 and 400"):
        check_independent(rng.normal(size=300), rng.normal(size=400), name="W1 and W2")


def test_a_sample_is_left_as_it_is(rng):
    sample = rng.normal(size=400)
    before = sample.copy()

    for check in CHECKS.values():
        if check is not CHECKS["check_kept_fraction"]:
            check(sample)

    np.testing.assert_array_equal(before, sample)


def test_layers_of_several_scales_are_judged_as_one_sample(rng):
    W1, W2 = rng.normal(size=(20, 10)), 0.1 * rng.normal(size=(5, 20))

    sample = pooled([W1, W2 / 0.1])

    assert sample.shape == (300,)
    check_std(sample, 1.0, name="the weights")
