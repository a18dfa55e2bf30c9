"""random_crop: a random window of every image.

How the places are drawn is free. Images have no value twice, so a crop shows by itself where it was cut out.
"""

import math

import numpy as np
import pytest

from grader.checks import check_array, check_changes, check_deterministic, fail

pytestmark = pytest.mark.exercise("random_crop")

CALL = "random_crop(images, size, rng)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_crops_are_windows(student, rng):
    """Four images of five rows and seven columns, windows of size 3."""
    images = draw(rng, (4, 5, 7))

    find_windows(images, 3, student.random_crop(images, 3, np.random.default_rng(1)))


@pytest.mark.points(1)
def test_all_shapes(student, rng):
    """Wide, tall and square images, windows of one pixel and of several."""
    cases = [
        (draw(rng, shape), size, generator(rng))
        for shape, size in (((6, 3, 8), 2), ((5, 7, 4), 3), ((9, 6, 6), 4), ((3, 4, 5), 1))
    ]

    for (images, size, _), crops in zip(cases, student.map("random_crop", cases), strict=True):
        find_windows(images, size, crops)


@pytest.mark.points(0.5)
def test_window_of_full_height_or_width(student, rng):
    """A window as high as the image, one as wide, and one that is the whole image: a single place remains."""
    cases = [
        (draw(rng, shape), size, generator(rng)) for shape, size in (((4, 3, 6), 3), ((5, 7, 4), 4), ((3, 5, 5), 5))
    ]

    for (images, size, _), crops in zip(cases, student.map("random_crop", cases), strict=True):
        find_windows(images, size, crops)


@pytest.mark.points(2)
def test_all_places_are_equally_likely(student, rng):
    """1,200 crops of size 2 from images of 4 rows and 5 columns fall alike on 12 places (false alarms: below 1e-7).

    With n crops and probability p the share q of a place is this far from p with a probability of at most
    exp(-n KL(q, p)), on either side (Chernoff). That is held against 1e-7 / 40 for 12 places, 3 rows and 4 columns, so
    all together stay below 38/40 of 1e-7.
    """
    cases = [(draw(rng, (300, 4, 5)), 2, generator(rng)) for _ in range(4)]

    found = [
        find_windows(images, size, crops)
        for (images, size, _), crops in zip(cases, student.map("random_crop", cases), strict=True)
    ]

    if any(len(set(zip(*places, strict=True))) == 1 for places in found):
        fail(
            "one_place_for_all",
            rationale="All images are cropped at the same place.",
            help="Draw row and column for every image by itself: rng.integers(0, h - size + 1, size=m).",
        )
    rows, columns = np.concatenate(found, axis=1)
    check_shares(np.bincount(rows, minlength=3), "its first row", 4)
    check_shares(np.bincount(columns, minlength=4), "its first column", 5)
    check_shares(np.bincount(4 * rows + columns, minlength=12), "its place", None)


@pytest.mark.points(0.5)
def test_randomness_comes_from_rng_alone(student, rng):
    """The same state of rng gives the same crops, another one gives others (false alarms: 20^-12)."""
    images = draw(rng, (12, 6, 7))

    first = check_deterministic(lambda: student.random_crop(images, 3, np.random.default_rng(5)), name="random_crop")
    other = student.random_crop(images, 3, np.random.default_rng(6))

    check_changes([first, other], name="random_crop(images, size, rng)", argument="rng")


def find_windows(images, size, actual):
    """First row and first column of every crop in its image, two arrays. Fails when a crop is no window of it."""
    m, h, w = images.shape
    crops = check_array(actual, shape=(m, size, size), name=CALL)
    values = images.reshape(m, h * w)
    corners = np.argmin(np.abs(values - crops[:, 0, 0][:, None]), axis=1)
    rows, columns = np.minimum(corners // w, h - size), np.minimum(corners % w, w - size)
    windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))[np.arange(m), rows, columns]
    # Neighbouring values differ by more than 5e-5, so 1e-6 leaves room for single precision and none for doubt.
    is_wrong = ~(np.abs(crops - windows) < 1e-6).all(axis=(1, 2))
    if is_wrong.any():
        fail_for_wrong_crops(images, crops, np.flatnonzero(is_wrong))
    return rows, columns


def fail_for_wrong_crops(images, crops, wrong):
    """wrong: the indices of crops that are no windows of their image."""
    first = wrong[0]
    pixels = crops[first].reshape(-1, 1)
    in_own_image = np.abs(images[first].reshape(1, -1) - pixels).min(axis=1)
    in_any_image = np.abs(images.reshape(1, -1) - pixels).min(axis=1)
    if in_own_image.min() > 1e-6 > in_any_image.max():
        fail(
            "crop_of_another_image",
            rationale=f"Crop {first} is not cut out of image {first} but out of another one.",
            help="Keep the order of the images: crop i belongs to image i.",
        )
    fail(
        "no_window",
        rationale=f"{len(wrong)} of {len(images)} crops, the first of them crop {first}, are no window of their image: "
        "neighbouring rows and columns, in their order.",
        help="images[i, r : r + size, c : c + size], with r from 0 to h - size and c from 0 to w - size.",
    )


def check_shares(counts, what, length):
    """Fail when the places, all equally likely, do not have about equal counts."""
    n, p = int(counts.sum()), 1 / len(counts)
    surprise = [n * divergence(count / n, p) for count in counts]
    if max(surprise) <= math.log(40 / 1e-7):
        return
    if length is not None and counts[-1] == 0:
        fail(
            "last_place_never_drawn",
            rationale=f"No window has {what} in the last position that is possible.",
            help="The upper limit of rng.integers is excluded: rng.integers(0, h - size + 1).",
        )
    fail(
        "places_not_equally_likely",
        rationale=f"The windows are not spread evenly: by {what} some positions occur far more often than others.",
        help="Draw the first row from 0, …, h - size and the first column from 0, …, w - size, each by itself.",
    )


def divergence(q, p):
    """The Kullback-Leibler divergence between two coins with the probabilities q and p."""
    return sum(a * math.log(a / b) for a, b in ((q, p), (1 - q, 1 - p)) if a > 0)


def draw(rng, shape):
    """Images with values between 0 and 1, no two of them alike or nearly alike."""
    count = math.prod(shape)
    return ((rng.permutation(count) + 0.5) / count).reshape(shape)


def generator(rng):
    """A generator of its own for one call, so that a mistake can be computed again from the same state."""
    return np.random.default_rng(int(rng.integers(1 << 32)))
