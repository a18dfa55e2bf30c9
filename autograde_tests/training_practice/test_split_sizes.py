"""split_sizes: 60/20/20 % up to a million examples, 98/1/1 % above, nothing lost and nothing doubled.

Several ways of rounding are right, so sizes are not compared with the reference's but checked by what they must be.
"""

import numpy as np
import pytest

from grader.checks import check_array, check_finite, fail, unpack

pytestmark = pytest.mark.exercise("split_sizes")

NAMES = ("train", "dev", "test")
MILLION = 1_000_000


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_round_numbers(student):
    """Numbers of examples from 1,000 to 3,000,000 for which all three shares are whole."""
    check(student, [1_000, 30_000, 300_000, 3_000_000])


@pytest.mark.points(0.5)
def test_up_to_a_million(student, rng):
    """Three fifths and two fifths, for hundreds as for hundreds of thousands of examples."""
    small, large = draw(rng)

    check(student, small, besides=large)


@pytest.mark.points(0.5)
def test_above_a_million(student, rng):
    """98 % and twice 1 %."""
    small, large = draw(rng)

    check(student, large, besides=small)


@pytest.mark.points(0.5)
def test_exactly_a_million(student, rng):
    """A million examples are still split 60/20/20, one more is not."""
    small, large = draw(rng)

    check(student, [MILLION, MILLION + 1, MILLION + 100], besides=small + large)


@pytest.mark.points(1.5)
def test_nothing_is_lost_by_rounding(student, rng):
    """Whatever m is, the sizes add up to it, and each lies within 1 of its share."""
    # Shares of 60 % and 20 % repeat every 5 examples, shares of 1 % every 100.
    small = [5 * int(rng.integers(1, 2_000)) + rest for rest in (4, 1, 3, 2, 0)]
    large = [MILLION + 100 * int(rng.integers(1, 20_000)) + rest for rest in (99, 98, 74, 51, 50, 49, 25, 1, 0)]
    check(student, [*small, *large, *range(1, 101)])


def check(student, numbers, *, besides=()):
    """All calls first, `besides` as well, so that what is wrong can be told from all of them."""
    results = student.map("split_sizes", [(m,) for m in (*numbers, *besides)])
    for m, actual in zip(numbers, results, strict=False):
        check_sizes(m, actual)


def check_sizes(m, actual):
    if isinstance(actual, list | tuple):
        unpack(actual, NAMES, call="split_sizes(m)")
    sizes = check_array(actual, name="split_sizes(m)", shape=(3,))
    check_finite(sizes, name="split_sizes(m)")
    percent = np.array([60, 20, 20] if m <= MILLION else [98, 1, 1])
    excess = 100 * sizes - percent * m  # in hundredths of an example, and so without rounding
    if not np.array_equal(sizes, np.round(sizes)):
        fail(
            "sizes_not_whole",
            rationale="The sizes are not whole numbers: a share of m must be rounded before examples can be counted "
            "by it.",
            help="Round the places where the examples are cut, round(0.6 * m) and round(0.8 * m); the sizes are "
            "differences.",
        )
    if sizes.min() < 0:
        fail("negative_size", rationale="A size is negative.", help="Try m = 1 and m = 2.")
    if sizes.sum() != m:
        few_or_many = "fewer" if sizes.sum() < m else "more"
        fail(
            "sizes_do_not_add_up",
            rationale=f"The three sizes together are {few_or_many} than m.",
            help="Compute two of the places where the examples are cut, and the sizes as differences: then the sum is "
            "m, however you round.",
        )
    if np.abs(excess).max() > 300:
        fail(
            "wrong_shares",
            rationale="The shares are not those that were asked for.",
            help="60, 20 and 20 % up to and including 1,000,000 examples, and 98, 1 and 1 % above.",
        )
    if np.abs(excess).max() > 100:
        fail(
            "size_too_far_from_its_share",
            rationale="The sizes add up to m, but one of them is more than 1 away from its share: the set that takes "
            "what the other two leave takes too much, or too little.",
            help="Try m = 4 and m = 9. Round the places where the examples are cut, not the sizes themselves.",
        )


def draw(rng):
    """Numbers of examples below and above a million, with shares that are whole."""
    small = [100 * int(rng.integers(low // 100 + 1, 10 * low // 100)) for low in (100, 1_000, 10_000, 100_000)]
    large = [100 * int(rng.integers(10_001, 40_000)) for _ in range(2)]
    return small, large
