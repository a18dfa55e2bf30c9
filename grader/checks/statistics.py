"""Checks of random results by their distribution, each with a stated false-alarm rate.

How a student draws is free, so nothing is compared with one stream of numbers. A statistic of a large sample is
compared with what it should be. Where it is a count, its exact distribution decides; elsewhere the allowed distance is
z standard errors, where z belongs to the false-alarm rate (1e-7 by default: z = 5.33, two-sided). A right sample fails
as often as that, and not more.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.margins import note_margin
from grader.checks.pictures import drawn, kept_fraction
from grader.checks.structure import check_array
from grader.errors import CheckFailed, GraderError
from grader.messages import feedback
from grader.model import Picture

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
    allowed = z_bound(false_alarm) * std / math.sqrt(values.size)
    note_margin(abs(found - mean) / allowed)
    if not abs(found - mean) <= allowed:
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
    10.5): the larger one, of the normal distribution, is used. A term of second order in 1/√n keeps the bound right for
    small n.
    alternatives: standard deviations that common mistakes give, by what to say of them; of those that fit, the nearest
    is named. Raises CheckFailed.
    """
    values = _sample(sample, name)
    found = math.sqrt(float(np.mean(values**2)))
    bound = _relative_bound(values.size, false_alarm)
    note_margin(abs(found / std - 1) / bound)
    if abs(found / std - 1) <= bound:
        return
    facts = {"name": name, "expected": f"{std:.3g}", "actual": f"{found:.3g}"}
    distances = {mistake: abs(found / other - 1) for mistake, other in (alternatives or {}).items()}
    nearest = min(distances, key=distances.__getitem__, default=None)
    if nearest is not None and distances[nearest] <= bound:
        raise CheckFailed(feedback("std_of_mistake", **facts, mistake=nearest))
    raise CheckFailed(feedback("wrong_std", **facts))


def check_symmetric(sample: object, *, name: str, false_alarm: float = FALSE_ALARM) -> None:
    """Fail unless about half of the entries are negative. The count is binomial with p = ½. Raises CheckFailed."""
    values = _sample(sample, name)
    count = int(np.sum(values < 0))
    if count == 0:
        raise CheckFailed(feedback("never_negative", name=name))
    if binomial_tail(count, values.size, 0.5) < false_alarm / 2:
        raise CheckFailed(feedback("not_symmetric", name=name, share=f"{100 * count / values.size:.0f}"))


def check_kept_fraction(mask: object, keep_prob: float, *, name: str, false_alarm: float = FALSE_ALARM) -> None:
    """Fail unless the share of True (or 1) entries of `mask` is `keep_prob`, for independent entries.

    The count is binomial. Its normal approximation is not used: for 200 entries kept with 0.9 it would fail ten times
    as many right masks as it says. Raises CheckFailed.
    """
    values = _sample(mask, name)
    count = int(np.sum(values != 0))
    if binomial_tail(count, values.size, keep_prob) < false_alarm / 2:
        found = count / values.size
        raise CheckFailed(
            feedback("wrong_kept_fraction", name=name, expected=f"{keep_prob:.3g}", actual=f"{found:.3g}"),
            pictures=drawn(_kept_picture, values, keep_prob, name=name, false_alarm=false_alarm),
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


def check_distinct(sample: object, *, name: str, false_alarm: float = FALSE_ALARM) -> None:
    """Fail when entries of a continuous random sample repeat: rows or columns were copied.

    Two draws of a dtype with relative spacing ε are equal with a probability below 2ε, so among n entries the number of
    repetitions is at most Poisson with mean n²ε: none in float64, a few in float32. Raises CheckFailed.
    """
    values = _sample(sample, name)
    dtype = np.asarray(sample).dtype
    spacing = float(np.finfo(dtype if dtype.kind == "f" else np.float64).eps)
    repeated = values.size - np.unique(values).size
    if _poisson_tail(repeated, values.size**2 * spacing) < false_alarm:
        raise CheckFailed(feedback("entries_repeat", name=name))


def _sample(sample: object, name: str) -> NDArray[np.float64]:
    values = check_array(sample, name=name)
    if values.size < _FEWEST:
        raise GraderError(f"a sample of {values.size} entries is too small to judge; draw at least {_FEWEST}")
    if not np.isfinite(values).all():
        raise CheckFailed(feedback("sample_not_finite", name=name))
    return values


def _kept_picture(mask: NDArray[np.float64], keep_prob: float, *, name: str, false_alarm: float) -> Picture | None:
    """The kept share beside the band outside of which `check_kept_fraction` fails."""
    size, least = mask.size, false_alarm / 2
    middle = int(size * keep_prob)
    low = bisect_left(range(middle), least, key=lambda count: binomial_tail(count, size, keep_prob))
    # Counted down from all: the upper tail grows towards the middle.
    high = size - bisect_left(range(size - middle), least, key=lambda n: binomial_tail(size - n, size, keep_prob))
    return kept_fraction(mask, keep_prob, low=low / size, high=high / size, name=name)


def binomial_tail(count: int, size: int, probability: float) -> float:
    """How likely `count` successes of `size`, or more extreme ones on the same side, are: the smaller of both tails."""
    if probability in (0.0, 1.0):
        return float(count == size * probability)
    if count > size * probability:  # the upper tail is the lower one of the failures
        count, probability = size - count, 1 - probability
    log_last = (
        math.lgamma(size + 1)
        - math.lgamma(count + 1)
        - math.lgamma(size - count + 1)
        + count * math.log(probability)
        + (size - count) * math.log1p(-probability)
    )
    # P(k − 1)/P(k), from `count` down: the terms fall, and what underflows does not count.
    k = np.arange(count, 0, -1)
    ratios = k / (size - k + 1) * ((1 - probability) / probability)
    return math.exp(log_last) * (1 + float(np.cumprod(ratios).sum()))


def _poisson_tail(count: int, mean: float) -> float:
    """How likely at least `count` events are; 1 where the mean is so large that they are no surprise."""
    if count <= mean:
        return 1.0
    term = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    # The terms fall by mean/(k + 1) < 1 each, so the geometric series with the first ratio bounds their sum.
    return term / (1 - mean / (count + 1))


def _relative_bound(size: int, false_alarm: float) -> float:
    z = z_bound(false_alarm)
    return z * math.sqrt(_STD_VARIANCE / size) + z**2 / (2 * size)


def pooled(samples: Sequence[Any]) -> NDArray[np.float64]:
    """Several samples, each divided by its own scale beforehand, as one."""
    return np.concatenate([np.asarray(sample, np.float64).ravel() for sample in samples])
