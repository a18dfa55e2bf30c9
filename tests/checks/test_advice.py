"""Advice is gathered once, in order, by the test that runs, and costs nothing."""

import threading

import pytest

from grader.checks import advise, values_may_be_shown
from grader.checks.advice import collect_advice, hidden_known
from grader.checks.vocabulary import Known
from grader.model import Feedback

ONE, OTHER = Feedback("one", "One."), Feedback("other", "Other.", "Try.")


def test_advice_keeps_its_order_and_repeats_nothing():
    with collect_advice(show_values=False) as advice:
        for remark in (OTHER, ONE, OTHER, Feedback("one", "One.")):
            advise(remark)

    assert advice == [OTHER, ONE]


def test_advice_outside_of_a_test_goes_nowhere():
    with collect_advice(show_values=True) as advice:
        pass

    advise(ONE)

    assert advice == []


def test_inner_collections_leave_outer_ones_alone():
    with collect_advice(show_values=True) as outer:
        with collect_advice(show_values=False) as inner:
            advise(ONE)
            assert not values_may_be_shown()
        advise(OTHER)
        assert values_may_be_shown()

    assert (inner, outer) == ([ONE], [OTHER])


def test_values_are_hidden_unless_a_test_says_that_it_shows_them():
    assert not values_may_be_shown()
    with collect_advice(show_values=True):
        assert values_may_be_shown()
    with collect_advice(show_values=False):
        assert not values_may_be_shown()


def test_a_test_that_fails_ends_its_collection():
    def run():
        with collect_advice(show_values=True) as advice:
            gathered.append(advice)
            advise(ONE)
            raise RuntimeError

    gathered = []
    with pytest.raises(RuntimeError):
        run()

    advise(OTHER)

    assert gathered == [[ONE]]
    assert not values_may_be_shown()


def test_threads_do_not_share_advice():
    gathered = {}

    def run(name, remark):
        with collect_advice(show_values=False) as advice:
            barrier.wait(timeout=10)
            advise(remark)
            barrier.wait(timeout=10)
        gathered[name] = advice

    barrier = threading.Barrier(2)
    threads = [threading.Thread(target=run, args=case) for case in (("a", ONE), ("b", OTHER))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert gathered == {"a": [ONE], "b": [OTHER]}


def test_what_a_hidden_test_knows_is_asked_for_when_it_is_needed():
    asked = []

    def known():
        asked.append(1)
        return Known(sizes={3})

    with collect_advice(show_values=False, known=known):
        assert asked == []
        assert hidden_known().sizes == {3}
        with collect_advice(show_values=True):
            assert hidden_known() is None
    assert hidden_known() is None
    assert asked == [1]
