"""early_stopping: the best iteration, as far as training goes."""

import pytest
from grader.checks import check_close, values_may_be_shown

pytestmark = pytest.mark.exercise("early_stopping")

CALL = "early_stopping(dev_costs, patience)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_small_examples(student, reference):
    """One list of costs, with patience 1, 2, 3 and 4."""
    dev_costs = [0.9, 0.7, 0.6, 0.65, 0.55, 0.57, 0.58, 0.56, 0.54, 0.6]

    check(student, reference, [(dev_costs, patience) for patience in (1, 2, 3, 4)])


def check(student, reference, cases):
    """All calls first, so that what is wrong can be told from all of them."""
    for case, actual in zip(cases, student.map("early_stopping", cases), strict=True):
        name = f"{CALL} with patience = {case[1]}" if values_may_be_shown() else CALL
        check_close(reference.early_stopping(*case), actual, name=name)
