"""random_crop: a random window of every image.

How the places are drawn is free. Images have no value twice, so a crop shows by itself where it was cut out.
"""

import math
import numpy as np
import pytest
from grader.checks import check_array, fail

pytestmark = pytest.mark.exercise("random_crop")

CALL = "random_crop(images, size, rng)"


@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_crops_are_windows(student, rng):
    """Four images of five rows and seven columns, windows of size 3."""
    images = draw(rng, (4, 5, 7))

    find_windows(images, 3, student.random_crop(images, 3, np.random.default_rng(1)))


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


def draw(rng, shape):
    """Images with values between 0 and 1, no two of them alike or nearly alike."""
    count = math.prod(shape)
    return ((rng.permutation(count) + 0.5) / count).reshape(shape)
