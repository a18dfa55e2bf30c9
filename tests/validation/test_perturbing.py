"""Perturbed answers: always the same for a label, a little wrong in one array, and of the same types as before."""

import numpy as np
import pytest

from grader.validation.perturbing import Perturbation

ANSWER = ({"W": np.arange(1.0, 7.0).reshape(2, 3), "text": "as it is"}, [np.ones((4, 1))], 2.5)


def perturbations(kind, count=20):
    drawn = (Perturbation(f"an exercise {number}") for number in range(1000))
    return [perturbation for perturbation in drawn if perturbation.kind == kind][:count]


def changed(before, after):
    """Where entries of two arrays differ."""
    return np.flatnonzero(np.asarray(before) != np.asarray(after))


def test_a_label_always_gives_the_same_answers():
    one, other = Perturbation("fit 3"), Perturbation("fit 3")

    for _ in range(3):
        first, second = one.disturb(ANSWER), other.disturb(ANSWER)
        assert np.array_equal(first[0]["W"], second[0]["W"])
        assert np.array_equal(first[1][0], second[1][0])
        assert first[2] == second[2]


def test_one_number_or_array_of_an_answer_changes_and_all_have_their_turn():
    seen = set()
    for number in range(60):
        after = Perturbation(f"an exercise {number}").disturb(ANSWER)
        differ = [
            name
            for name, a, b in (
                ("dict", ANSWER[0]["W"], after[0]["W"]),
                ("list", ANSWER[1][0], after[1][0]),
                ("number", ANSWER[2], after[2]),
            )
            if changed(a, b).size
        ]
        assert len(differ) == 1
        assert after[0]["text"] == "as it is"
        assert (type(after), type(after[1]), type(after[2])) == (tuple, list, float)
        seen.add(differ[0])

    assert seen == {"dict", "list", "number"}
    assert np.array_equal(ANSWER[0]["W"], np.arange(1.0, 7.0).reshape(2, 3))


def test_an_entry_changes_by_a_thousandth_to_a_tenth():
    array = np.arange(1.0, 13.0).reshape(3, 4)

    errors = []
    for perturbation in perturbations("entry"):
        after = perturbation.disturb(array)
        (place,) = changed(array, after)
        errors.append(abs(after.flat[place] / array.flat[place] - 1))

    assert 1e-3 <= min(errors) < 1e-2 < max(errors) <= 1e-1


def test_a_row_is_scaled_as_a_whole():
    array = np.arange(1.0, 13.0).reshape(3, 4)

    for perturbation in perturbations("row"):
        ratios = perturbation.disturb(array) / array
        rows = [row for row in ratios if not np.array_equal(row, np.ones(4))]
        assert len(rows) == 1
        assert np.ptp(rows[0]) < 1e-12
        assert 0.3 <= rows[0][0] <= 3.0


def test_noise_is_on_all_entries_and_other_noise_in_every_call():
    array = np.ones((3, 4))

    for perturbation in perturbations("noise"):
        first, second = perturbation.disturb(array), perturbation.disturb(array)
        assert changed(array, first).size == array.size
        assert changed(first, second).size == array.size


def test_the_place_is_the_same_in_every_call():
    for perturbation in perturbations("entry"):
        first, second = perturbation.disturb(np.ones(9)), perturbation.disturb(np.full(9, 3.0))
        assert changed(np.ones(9), first).tolist() == changed(np.full(9, 3.0), second).tolist()


@pytest.mark.parametrize("count", [2, 4, 20])
@pytest.mark.parametrize("kind", ["entry", "row", "noise"])
def test_of_zeros_and_ones_some_are_exchanged_and_never_all(kind, count):
    answers = np.array([[0, 1] * (count // 2)])

    for perturbation in perturbations(kind):
        after = perturbation.disturb(answers)
        assert set(after.ravel()) <= {0, 1}
        assert after.dtype == answers.dtype
        assert 0 < changed(answers, after).size <= answers.size / 2


@pytest.mark.parametrize("kind", ["entry", "row", "noise"])
def test_whole_numbers_change_by_more_than_a_slip_in_counting(kind):
    for perturbation in perturbations(kind):
        assert abs(perturbation.disturb(7) - 7) >= 2
        assert isinstance(perturbation.disturb(7), int)


@pytest.mark.parametrize("value", ["text", {"high bias"}, None, True, np.array([[1]]), np.ones(0)], ids=repr)
def test_what_can_be_wrong_in_few_ways_only_stays_as_it_is(value):
    perturbation = Perturbation("diagnose 1")

    assert perturbation.disturb(value) is value
    assert not perturbation.touched


def test_a_function_is_called_with_its_arguments_and_its_answer_is_perturbed():
    perturbation = Perturbation("scale 1")

    perturbed = perturbation.of(lambda x, *, factor: factor * x)

    assert perturbed(2.0, factor=3.0) != 6.0
    assert perturbed(2.0, factor=3.0) == pytest.approx(6.0, rel=2.5)
    assert perturbation.touched
