"""An object for every idea; the functions that were asked for are methods, partials and small wrappers of these."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import partial, reduce
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np


class Sizes(NamedTuple):
    train: int
    dev: int
    test: int


class Problem(str, Enum):
    BIAS = "high bias"
    VARIANCE = "high variance"


@dataclass(frozen=True)
class Splitter:
    shares: tuple[Fraction, ...]

    @classmethod
    def for_count(cls, m):
        percent = (98, 1, 1) if m > 10**6 else (60, 20, 20)
        return cls(tuple(Fraction(p, 100) for p in percent))

    def sizes(self, m):
        cuts = [0, *(int(share * m) for share in accumulate(self.shares))]
        return Sizes(*(b - a for a, b in pairwise(cuts)))


def split_sizes(m):
    return Splitter.for_count(m).sizes(m)


class Example(NamedTuple):
    x: np.ndarray
    y: np.ndarray


class Split(NamedTuple):
    train: Example
    dev: Example
    test: Example


class Dealer:
    """Deals examples like cards: each gets a random number, and the lowest go first."""

    def __init__(self, rng):
        self.rng = rng

    def __call__(self, X, Y, sizes):
        ranks = self.rng.random(X.shape[1]).argsort()
        hands = np.split(ranks, np.cumsum(sizes)[:-1])
        return Split(*(Example(np.take(X, hand, axis=1), np.take(Y, hand, axis=-1)) for hand in hands))


def train_dev_test_split(X, Y, sizes, rng):
    return Dealer(rng)(X, Y, Sizes(*sizes))


class Normalizer:
    def __init__(self, mean=None, std=None):
        self.mean, self.std = mean, std

    def fit(self, X):
        self.mean = np.apply_along_axis(np.mean, 1, X).reshape(-1, 1)
        self.std = np.apply_along_axis(np.std, 1, X).reshape(-1, 1)
        return self

    def transform(self, X):
        return np.divide(X - self.mean, self.std, out=np.zeros_like(X), where=self.std != 0)


def fit_normalizer(X):
    fitted = Normalizer().fit(X)
    return fitted.mean, fitted.std


normalize = lambda X, mean, std: Normalizer(mean, std).transform(X)


def above(tolerance):
    def is_above(pair):
        return pair[1] - pair[0] > tolerance

    return is_above


def diagnose(train_error, dev_error, human_error=0.0, tolerance=0.02):
    gaps = OrderedDict([(Problem.BIAS, (human_error, train_error)), (Problem.VARIANCE, (train_error, dev_error))])
    is_high = above(tolerance)
    return {problem.value for problem, pair in gaps.items() if is_high(pair)}


def _remedies(table, diagnosis):
    return reduce(frozenset.union, (table[Problem(problem)] for problem in diagnosis), frozenset())


remedies = partial(
    _remedies,
    {
        Problem.BIAS: frozenset(["bigger network", "train longer", "better optimizer", "different architecture"]),
        Problem.VARIANCE: frozenset(["more data", "regularization", "different architecture"]),
    },
)
