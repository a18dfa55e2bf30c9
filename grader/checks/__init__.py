"""What authors of hidden tests import: checks that explain themselves. All raise CheckFailed."""

from grader.checks.advice import advise, values_may_be_shown
from grader.checks.exceptions import check_raises
from grader.checks.failing import fail
from grader.checks.gradients import away_from_kinks, check_gradient, numerical_gradient
from grader.checks.misconceptions import misconception
from grader.checks.pictures import activation_spread, decision_boundary, illustrate, kept_fraction, learning_curve
from grader.checks.statistics import (
    check_distinct,
    check_independent,
    check_kept_fraction,
    check_mean,
    check_std,
    check_symmetric,
)
from grader.checks.structure import (
    check_array,
    check_binary,
    check_dict,
    check_finite,
    check_scalar,
    check_shape,
    unpack,
)
from grader.checks.values import check_changes, check_close, check_deterministic, is_close, relative_error
from grader.checks.vectorization import advise_vectorized, check_vectorized

__all__ = [
    "activation_spread",
    "advise",
    "advise_vectorized",
    "away_from_kinks",
    "check_array",
    "check_binary",
    "check_changes",
    "check_close",
    "check_deterministic",
    "check_dict",
    "check_distinct",
    "check_finite",
    "check_gradient",
    "check_independent",
    "check_kept_fraction",
    "check_mean",
    "check_raises",
    "check_scalar",
    "check_shape",
    "check_std",
    "check_symmetric",
    "check_vectorized",
    "decision_boundary",
    "fail",
    "illustrate",
    "is_close",
    "kept_fraction",
    "learning_curve",
    "misconception",
    "numerical_gradient",
    "relative_error",
    "unpack",
    "values_may_be_shown",
]
