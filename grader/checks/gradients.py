"""Gradient checks: the student's analytic gradient against central differences of a function we trust.

Central differences in float64 with a step of 1e-5 have a relative error of about 1e-9 away from kinks; with a step of
1e-3 it is 5e-7, with 1e-7 it is 1e-7. Small sets of parameters are checked entry by entry, large ones along random
directions, several for each tensor: a direction costs two evaluations whatever the size, and misses an error that is
small beside the norm of its tensor. Entries of a direction have random signs and sizes: with ±1 alone, two equal errors
would cancel in every second direction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.margins import note_margin
from grader.checks.pictures import drawn, gradient_scatter
from grader.checks.structure import check_array, check_dict, check_finite, first_index, place
from grader.checks.tolerances import Tolerance, tolerance_for
from grader.errors import CheckFailed, GraderError
from grader.messages import feedback

FULL_CHECK_ENTRIES = 100
DIRECTIONS = 4
# Right gradients of random networks differ by up to 2e-8 of the largest entry; an error of 0.1 % in an entry is above
# the tolerance unless the entry is smaller than 1/4000 of the largest.
FULL_RTOL, FULL_ATOL = 1e-5, 2e-7
# Along a direction the error is relative to the sum of absolute entries, which bounds the derivative.
DIRECTION_TOLERANCE = 1e-6
# Rounding of f, in units of its last place: a difference quotient sees no smaller errors, however small the gradient.
_ROUNDING = 256 * float(np.finfo(np.float64).eps)

Array = NDArray[np.float64]
Parameters = Array | Mapping[str, Array]


def check_gradient(
    f: Callable[[Any], float],
    theta: Parameters,
    analytic: object,
    *,
    rng: np.random.Generator,
    name: str = "the gradient",
    eps: float = 1e-5,
) -> None:
    """Fail unless `analytic` is the gradient of `f` at `theta`.

    f: takes what `theta` is, an array or a dict of arrays, and returns a number; it is trusted, smooth around theta,
        and evaluated in float64. When it has a method `map` that takes a list of thetas, that is used.
    analytic: an array of theta's shape, or a dict with at least theta's keys; a wrong tensor is named by its key.
    Checked in full up to FULL_CHECK_ENTRIES entries altogether, else along DIRECTIONS random directions a tensor, which
    finds every error of a common factor, and an error in few entries when they carry 1e-6 of the tensor's absolute sum.
    A float32 gradient may be wrong by the rounding of float32, as in `check_close`. Raises CheckFailed.
    """
    tensors = dict(theta) if isinstance(theta, Mapping) else {name: theta}
    claimed = check_dict(analytic, list(tensors), name=name) if isinstance(theta, Mapping) else {name: analytic}
    gradients = {key: check_array(claimed[key], name=key, shape=tensor.shape) for key, tensor in tensors.items()}
    evaluate = _evaluator(f, theta)
    is_small = sum(tensor.size for tensor in tensors.values()) <= FULL_CHECK_ENTRIES
    for key, tensor in tensors.items():
        check_finite(gradients[key], name=key)
        least = _least_tolerance(claimed[key])
        if is_small:
            _check_full(evaluate, key, tensor, gradients[key], eps, least)
        else:
            _check_directions(evaluate, key, tensor, gradients[key], eps, least, rng)


def numerical_gradient(f: Callable[[Array], float], theta: Array, *, eps: float = 1e-5) -> Array:
    """(f(θ + ε e_i) − f(θ − ε e_i)) / 2ε for every entry i of theta. Source: CS231n, "Gradient checks"."""
    values = np.array([f(shifted) for shifted in _shifts(np.asarray(theta, np.float64), eps)])
    differences: Array = ((values[0::2] - values[1::2]) / (2 * eps)).reshape(np.shape(theta))
    return differences


def away_from_kinks(
    draw: Callable[[], Any], preactivations: Callable[[Any], Any], *, margin: float = 1e-3, tries: int = 200
) -> Any:
    """A drawing of `draw` at which no pre-activation lies within `margin` of 0, where ReLU has no derivative.

    preactivations: the arrays Z of all hidden layers for a drawing, as one array or a list of arrays. Raises
    GraderError after `tries` drawings: margin or network is then too large.
    """
    for _ in range(tries):
        drawn = draw()
        arrays = preactivations(drawn)
        arrays = [arrays] if isinstance(arrays, np.ndarray) else arrays
        if all(np.min(np.abs(array), initial=np.inf) > margin for array in arrays):
            return drawn
    raise GraderError(f"no drawing out of {tries} keeps all pre-activations {margin} away from 0; use a smaller margin")


def _least_tolerance(gradient: object) -> Tolerance:
    """What the dtype of the student's gradient allows for, beyond the tolerances of this module."""
    dtype = np.asarray(gradient).dtype
    return tolerance_for(dtype, "gradient") if dtype in (np.float32, np.float16) else Tolerance(0.0, 0.0)


def _evaluator(f: Callable[[Any], float], theta: Parameters) -> Callable[[str, list[Array]], Array]:
    """Values of `f` with one tensor replaced by each of several."""

    def evaluate(key: str, replacements: list[Array]) -> Array:
        points = [{**theta, key: r} if isinstance(theta, Mapping) else r for r in replacements]
        batch = getattr(f, "map", None)
        values = batch(points) if batch is not None else [f(point) for point in points]
        return np.array([float(value) for value in values])

    return evaluate


def _check_full(
    evaluate: Callable[[str, list[Array]], Array],
    key: str,
    tensor: Array,
    analytic: Array,
    eps: float,
    least: Tolerance,
) -> None:
    values = evaluate(key, list(_shifts(tensor, eps)))
    numerical = ((values[0::2] - values[1::2]) / (2 * eps)).reshape(tensor.shape)
    scale = max(float(np.max(np.abs(numerical), initial=0.0)), 1e-8)
    rtol, atol = max(FULL_RTOL, least.rtol), max(FULL_ATOL, least.atol)
    allowed = rtol * np.abs(numerical) + atol * scale + _rounding(values, eps)
    wrong = ~(np.abs(analytic - numerical) <= allowed)
    note_margin(float(np.max(np.abs(analytic - numerical) / allowed, initial=0.0)))
    if wrong.any():
        index = first_index(wrong)
        norms = float(np.linalg.norm(analytic)) + float(np.linalg.norm(numerical))
        error = float(np.linalg.norm(analytic - numerical)) / max(norms, 1e-12)
        raise CheckFailed(
            feedback(
                "gradient_differs",
                name=key,
                error=f"{error:.1g}",
                count=int(wrong.sum()),
                total=wrong.size,
                where=place(index),
            ),
            pictures=drawn(gradient_scatter, numerical, analytic, name=key),
        )


def _check_directions(
    evaluate: Callable[[str, list[Array]], Array],
    key: str,
    tensor: Array,
    analytic: Array,
    eps: float,
    least: Tolerance,
    rng: np.random.Generator,
) -> None:
    directions = [
        rng.choice([-1.0, 1.0], size=tensor.shape) * rng.uniform(0.5, 1.5, size=tensor.shape) for _ in range(DIRECTIONS)
    ]
    values = evaluate(key, [tensor + sign * eps * d for d in directions for sign in (1.0, -1.0)])
    numerical = (values[0::2] - values[1::2]) / (2 * eps)
    claimed = np.array([float(np.vdot(analytic, d)) for d in directions])
    bound = max(float(np.abs(analytic).sum()), float(np.abs(numerical).max()), 1e-8)
    error = float(np.max(np.abs(claimed - numerical))) / bound
    allowed = max(DIRECTION_TOLERANCE, least.atol) + _rounding(values, eps) / bound
    note_margin(error / allowed)
    if not error <= allowed:
        raise CheckFailed(feedback("gradient_direction_differs", name=key, error=f"{error:.1g}"))


def _rounding(values: Array, eps: float) -> float:
    """How far rounding of `values` can move a difference quotient of them."""
    return _ROUNDING * float(np.max(np.abs(values), initial=0.0)) / (2 * eps)


def _shifts(tensor: Array, eps: float) -> Iterator[Array]:
    """theta + ε e_i and theta − ε e_i for every entry i, in turn."""
    base = np.asarray(tensor, dtype=np.float64)
    for index in np.ndindex(base.shape):
        for step in (eps, -eps):
            shifted = base.copy()
            shifted[index] += step
            yield shifted
