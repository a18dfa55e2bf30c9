"""What tests of checks share: a generator, and the finding with which a check fails."""

import numpy as np
import pytest

from grader.errors import CheckFailed


@pytest.fixture
def rng():
    return np.random.default_rng(20)


@pytest.fixture
def finding():
    """A function that calls a check, requires it to fail, and gives its feedback."""

    def call(check, *args, **kwargs):
        with pytest.raises(CheckFailed) as caught:
            check(*args, **kwargs)
        (feedback,) = caught.value.feedback
        return feedback

    return call
