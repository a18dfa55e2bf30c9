"""Checks of random results by their distribution, each with a stated false-alarm rate.

How a student draws is free, so nothing is compared with one stream of numbers. A statistic of a large sample is
compared with what it should be, and the allowed distance is z standard errors, where z belongs to the false-alarm
rate (1e-7 by default: z = 5.33, two-sided). A right sample fails as often as that, and not more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.structure import check_array
from grader.errors import CheckFailed, GraderError
from grader.messages import feedback

FALSE_ALARM = 1e-7
_FEWEST = 200  # below, the normal approximations used here are too coarse for such small rates
# Variance of the sample std, times n, over sigma²: (kurtosis − 1)/4. 0.5 for a normal, 0.2 for a uniform distribution.
_STD_VARIANCE = 0.5


def z_bound(false_alarm: float = FALSE_ALARM) -> float:
    """How many standard errors a statistic may be away from its mean, two-sided."""
    return NormalDist().inv_cdf(1 - false_alarm / 2)


def check_mean(sample: object, mean: float, std: float, *, name: str, false_alarm: float = FALSE_ALARM) -> None:
    """Fail unless the mean of `sample` is `mean`, for independent entries with standard deviation `std`.

    The mean of n entries has the standard error std/√n. Raises CheckFailed.
    """
    values = _sample(sample, name)
    found = float(values.mean())
    if not abs(found - mean) <= z_bound(false_alarm) * std / math.sqrt(values.size):
        raise CheckFailed(feedback("wrong_mean", name=name, expected=f"{mean:.3g}", actual=f"{found:.3g}"))


def check_std(
    sample: object,
    std: float,
    *,
    name: str,
    alternatives: Mapping[str, float] | None = None,
    false_alarm: float = FALSE_ALARM,
) -> None:
    """Fail unless the standard deviation around 0 of `sample` is `std`; entries independent, normal or uniform.

    The sample's std has the standard error std·√((κ−1)/4n) with κ the kurtosis (Kendall and Stuart, vol. 1, section
    10.5): the
    larger one, of the normal distribution, is used. A term of second order in 1/√n keeps the bound right for small n.
    alternatives: standard deviations that common mistakes give, by what to say of them; one that fits is named.
    Raises CheckFailed.
    """
    values = _sample(sample, name)
    found = math.sqrt(float(np.mean(values**2)))
    bound = _relative_bound(values.size, false_alarm)
    if abs(found / std - 1) <= bound:
        return
    for description, other in (alternatives or {}).items():
        if abs(found / other - 1) <= bound:
            raise CheckFailed(
                feedback("std_of_mistake", name=name, expected=f"{std:.3g}", actual=f"{found:.3g}", mistake=description)
            )
    raise CheckFailed(feedback("wrong_std", name=name, expected=f"{std:.3g}", actual=f"{found:.3g}"))


def check_symmetric(sample: object, *, name: str, false_alarm: float = FALSE_ALARM) -> None:
    """Fail unless about half of the entries are negative. The count is binomial with p = ½. Raises CheckFailed."""
    values = _sample(sample, name)
    share = float(np.mean(values < 0))
    if share == 0:
        raise CheckFailed(feedback("never_negative", name=name))
    if not abs(share - 0.5) <= z_bound(false_alarm) * 0.5 / math.sqrt(values.size):
        raise CheckFailed(feedback("not_symmetric", name=name, share=f"{100 * share:.0f}"))


def check_kept_fraction(mask: object, keep_prob: float, *, name: str, false_alarm: float = FALSE_ALARM) -> None:
    """Fail unless the share of True (or 1) entries of `mask` is `keep_prob`, for independent entries.

    The count is binomial; its normal approximation has the standard error √(p(1−p)/n). Raises CheckFailed.
    """
    values = _sample(mask, name)
    found = float(np.mean(values != 0))
    bound = z_bound(false_alarm) * math.sqrt(keep_prob * (1 - keep_prob) / values.size)
    if not abs(found - keep_prob) <= bound:
        raise CheckFailed(
            feedback("wrong_kept_fraction", name=name, expected=f"{keep_prob:.3g}", actual=f"{found:.3g}")
        )


def check_independent(one: object, other: object, *, name: str, false_alarm: float = FALSE_ALARM) -> None:
    """Fail when two samples of one size go together: equal, proportional, or correlated.

    The correlation of n independent pairs has the standard error 1/√n. Raises CheckFailed.
    """
    a, b = _sample(one, name).ravel(), _sample(other, name).ravel()
    if a.size != b.size:
        raise GraderError(f"check_independent compares samples of one size, not {a.size} and {b.size}")
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.linalg.norm(a) * np.linalg.norm(b))
    if norm == 0 or abs(float(a @ b)) / norm > z_bound(false_alarm) / math.sqrt(a.size):
        raise CheckFailed(feedback("not_independent", name=name))


def check_distinct(sample: object, *, name: str) -> None:
    """Fail when entries of a continuous random sample repeat: rows or columns were copied.

    Two float64 draws are equal with a probability of about n²·1e-16, which is the false-alarm rate. Raises CheckFailed.
    """
    values = _sample(sample, name)
    if np.unique(values).size < values.size:
        raise CheckFailed(feedback("entries_repeat", name=name))


def _sample(sample: object, name: str) -> NDArray[np.float64]:
    values = check_array(sample, name=name)
    if values.size < _FEWEST:
        raise GraderError(f"a sample of {values.size} entries is too small to judge; draw at least {_FEWEST}")
    if not np.isfinite(values).all():
        raise CheckFailed(feedback("sample_not_finite", name=name))
    return values


def _relative_bound(size: int, false_alarm: float) -> float:
    z = z_bound(false_alarm)
    return z * math.sqrt(_STD_VARIANCE / size) + z**2 / (2 * size)


def pooled(samples: Sequence[Any]) -> NDArray[np.float64]:
    """Several samples, each divided by its own scale beforehand, as one."""
    return np.concatenate([np.asarray(sample, np.float64).ravel() for sample in samples])
