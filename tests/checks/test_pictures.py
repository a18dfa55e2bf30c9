"""Pictures of visible tests: what is in them, how large they get, and that hidden tests make none."""

import msgspec
import numpy as np
import pytest

from grader.checks import check_close, check_gradient, check_kept_fraction, fail, is_close
from grader.checks.advice import collect_advice
from grader.checks.pictures import (
    activation_spread,
    decision_boundary,
    heat_map,
    illustrate,
    kept_fraction,
    learning_curve,
)
from grader.errors import CheckFailed
from grader.model import PictureKind


def failure(check, *, is_visible=True):
    with collect_advice(show_values=is_visible), pytest.raises(CheckFailed) as info:
        check()
    return info.value


def picture_of(check):
    (picture,) = failure(check).pictures
    return picture


def test_a_wrong_array_is_drawn_with_its_wrong_entries():
    expected = np.arange(6.0).reshape(2, 3)
    actual = expected.copy()
    actual[1] += 0.5

    picture = picture_of(lambda: check_close(expected, actual, name="dW"))

    assert (picture.kind, picture.name) == (PictureKind.HEAT_MAP, "dW")
    assert picture.arrays["expected"] == ((0.0, 1.0, 2.0), (3.0, 4.0, 5.0))
    assert picture.arrays["actual"] == ((0.0, 1.0, 2.0), (3.5, 4.5, 5.5))
    assert picture.arrays["wrong"] == ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    assert "factor" not in picture.numbers


def test_one_factor_of_all_wrong_entries_is_told(rng):
    expected = rng.normal(size=(3, 4))

    picture = picture_of(lambda: check_close(expected, 7 * expected, name="dW"))

    assert picture.numbers["factor"] == pytest.approx(7)


@pytest.mark.parametrize(
    "check",
    [
        lambda: check_close(np.ones(3), np.zeros(3), name="x"),
        lambda: check_kept_fraction(np.ones(300), 0.5, name="mask"),
        lambda: check_gradient(np.sum, np.ones(3), np.zeros(3), rng=np.random.default_rng(0)),
    ],
)
def test_a_hidden_test_draws_nothing(check):
    assert failure(check, is_visible=False).pictures == ()
    assert len(failure(check).pictures) == 1


def test_a_maker_is_not_even_called_in_a_hidden_test():
    def check():
        with illustrate(lambda: 1 / 0):
            fail("wrong", rationale="It is wrong.")

    assert failure(check, is_visible=False).pictures == ()


def test_a_question_is_not_drawn():
    with collect_advice(show_values=True):
        assert not is_close(np.ones(3), np.zeros(3))


def test_of_a_large_array_the_part_around_the_first_wrong_entry_is_taken():
    expected = np.arange(900.0).reshape(30, 30)
    right = np.ones((30, 30), bool)
    right[20, 28] = False

    picture = heat_map(expected, expected, right, name="W")

    top, left = int(picture.numbers["top"]), int(picture.numbers["left"])
    assert (len(picture.arrays["wrong"]), len(picture.arrays["wrong"][0])) == (12, 12)
    assert picture.arrays["wrong"][20 - top][28 - left] == 1
    assert picture.arrays["expected"][20 - top][28 - left] == 628


@pytest.mark.parametrize("shape", [(5,), (2, 3, 4)])
def test_any_rank_gives_a_matrix(shape):
    right = np.ones(shape, bool)
    right[(-1,) * len(shape)] = False

    picture = heat_map(np.ones(shape), np.zeros(shape), right, name="x")

    assert picture.arrays["wrong"][-1][-1] == 1


def test_single_numbers_are_not_drawn():
    assert failure(lambda: check_close(1.0, 2.0, name="cost")).pictures == ()


def test_what_is_not_finite_has_no_number():
    picture = heat_map(np.ones(2), np.array([np.nan, np.inf]), np.zeros(2, bool), name="x")

    assert picture.arrays["actual"] == ((None, None),)
    assert msgspec.json.decode(msgspec.json.encode(picture), type=type(picture)) == picture


def test_a_gradient_is_drawn_against_the_numerical_one(rng):
    theta = rng.normal(size=4)

    picture = picture_of(lambda: check_gradient(lambda t: np.sum(t**2), theta, 3 * theta, rng=rng, name="dw"))

    assert picture.kind is PictureKind.GRADIENTS
    np.testing.assert_allclose(picture.arrays["numerical"][0], 2 * theta, rtol=1e-3)
    np.testing.assert_allclose(picture.arrays["analytic"][0], 3 * theta, rtol=1e-3)


@pytest.mark.parametrize("keep_prob", [0.1, 0.5, 0.9])
def test_the_band_of_a_mask_is_where_the_check_passes(keep_prob):
    size = 400
    picture = picture_of(lambda: check_kept_fraction(np.zeros(size), keep_prob, name="mask"))

    for share in (picture.numbers["low"], picture.numbers["high"]):
        mask = np.arange(size) < round(share * size)
        check_kept_fraction(mask, keep_prob, name="mask")
    for count in (round(picture.numbers["low"] * size) - 1, round(picture.numbers["high"] * size) + 1):
        with pytest.raises(CheckFailed):
            check_kept_fraction(np.arange(size) < count, keep_prob, name="mask")


def test_a_long_curve_keeps_its_ends():
    picture = learning_curve(np.linspace(1.0, 0.0, 1000), limit=0.3)

    (costs,) = picture.arrays["costs"]
    assert len(costs) <= 60
    assert (costs[0], costs[-1], picture.numbers["last"]) == (1.0, 0.0, 999.0)


def test_one_cost_is_no_curve():
    assert learning_curve([0.5]) is None


def test_a_boundary_is_the_answer_in_every_cell(rng):
    X = rng.uniform(-1, 1, size=(2, 100))

    picture = decision_boundary(lambda points: (points[1:] > 0).astype(float), X, X[1:] > 0)

    grid = np.array(picture.arrays["probability"])
    assert grid[0].all()  # the topmost row
    assert not grid[-1].any()
    assert len(picture.arrays["points"][0]) <= 60


def test_inputs_that_are_no_plane_have_no_boundary():
    assert decision_boundary(lambda points: points[:1], np.ones((3, 4)), np.ones((1, 4))) is None


@pytest.mark.parametrize("actual", ["text", [[1, 2], [3]], [], [1.0] * 1000])
def test_a_spread_that_is_no_short_list_of_numbers_is_not_drawn(actual):
    assert activation_spread([1.0, 2.0], actual) is None


def test_a_mask_is_told_by_shares():
    picture = kept_fraction(np.array([True, False, False, False]), 0.1, low=0.0, high=0.3)

    assert picture.numbers == {"kept": 0.25, "keep_prob": 0.1, "low": 0.0, "high": 0.3, "size": 4.0}
