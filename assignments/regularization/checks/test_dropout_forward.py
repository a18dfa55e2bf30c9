"""dropout_forward: keep every entry with probability keep_prob, and divide what is kept by it.

How the mask is drawn is free. So values are compared with what follows from the mask that came back, and the mask
itself is judged by its statistics.
"""

import numpy as np
import pytest
from grader.checks import advise, check_array, check_binary, check_close, fail, illustrate, is_close, kept_fraction, unpack
from grader.model import Feedback

pytestmark = pytest.mark.exercise("dropout_forward")


@pytest.mark.points(0.5)
@pytest.mark.visibility("visible")
def test_small_example(student, rng):
    """Three units, four examples: what is kept is divided by keep_prob, what is not is 0."""
    A = rng.normal(size=(3, 4))
    cases = [(A, 0.8, np.random.default_rng(1)), (A, 0.25, np.random.default_rng(2))]

    for case, actual in zip(cases, student.map("dropout_forward", cases), strict=True):
        check_dropped(A, case[1], actual)


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_keeps_the_right_share_of_100_entries(student):
    """With keep_prob = 0.1 some 10 of 100 entries are kept; fewer than 35 in any case (false alarms: below 1e-8).

    By Chernoff's bound 35 or more happen with a probability of at most exp(-100 KL(0.35, 0.1)) = 2e-10, and none at all
    with 0.9^100 = 3e-5, which is why there is no lower limit.
    """
    A = np.ones((20, 5))

    mask = check_dropped(A, 0.1, student.dropout_forward(A, 0.1, np.random.default_rng(3)))

    with illustrate(kept_fraction, mask, 0.1, low=0.0, high=0.34):
        if mask.sum() >= 35:
            fail(
                "too_many_kept",
                rationale=f"{mask.sum():.0f} of 100 entries are kept; with keep_prob = 0.1 it should be about 10.",
                help="Keep where a uniform number is below keep_prob: rng.random(A.shape) < keep_prob.",
            )


def check_dropped(A, keep_prob, actual):
    """The mask of a result, after the check that A_dropped follows from it."""
    call = "dropout_forward(A, keep_prob, rng)"
    A_dropped, mask = unpack(actual, ("A_dropped", "mask"), call=call)
    check_array(A_dropped, shape=A.shape, name="A_dropped")
    kept = check_binary(mask, A.shape, name="mask")
    if not (isinstance(mask, np.ndarray) and mask.dtype.kind == "b"):
        advise(Feedback("mask_not_boolean", "mask is not boolean.", "A comparison such as u < keep_prob gives one."))
    if is_close(A * kept / keep_prob, A_dropped):
        return kept
    for key, factor, what in (
        ("kept_not_scaled", kept, "What is kept is A itself: it is not divided by keep_prob."),
        ("kept_multiplied", kept * keep_prob, "What is kept is multiplied by keep_prob; it should be divided."),
        (
            "kept_divided_by_drop_probability",
            kept / ((1 - keep_prob) or np.nan),
            "What is kept is divided by 1 - keep_prob.",
        ),
        ("mask_exchanged", (1 - kept) / keep_prob, "mask is True where A_dropped is 0: it marks what is dropped."),
    ):
        if is_close(A * factor, A_dropped):
            fail(key, rationale=what, help="A_dropped = A * mask / keep_prob, with mask True where A is kept.")
    check_close(A * kept / keep_prob, A_dropped, name="A_dropped")
    return kept
