"""What a hidden test may repeat: words that were there before, sizes of the arguments, and one small number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.vocabulary import LARGEST_SIZE, Known, Vocabulary, sizes_in

SOURCE = """
import matplotlib
class NoDoubling(Exception): pass
def affine_forward(A_prev, W, b):
    cache = {"high bias": W, 'learning_rate': 0x7193, "it's": 1}
    return größe  # and a comment
""".encode()


@pytest.mark.parametrize(
    "word",
    [
        *("matplotlib", "NoDoubling", "A_prev", "cache", "high bias", "learning_rate", "größe", "comment"),
        *("ValueError", "RuntimeWarning", "NoneType", "function", "dict_keys", "lambda"),
        *("numpy", "ndarray", "float64", "AxisError", "LinAlgError", "Generator"),
        *("W1", "dW2", "b", "db5", "A0", "Z", "dZ3"),
    ],
)
def test_a_word_is_known(word):
    assert word in Vocabulary(SOURCE)


@pytest.mark.parametrize("word", ["E7193", "x7193", "7193", "W7193", "W9", "high", "prev", "NoDoublin", "", 3, None])
def test_a_word_is_not_known(word):
    assert word not in Vocabulary(SOURCE.replace(b'"high bias"', b"0"))


def test_of_more_words_than_anybody_writes_the_first_ones_are_known():
    vocabulary = Vocabulary(" ".join(f"v{number}" for number in range(100_000)).encode())

    assert "v0" in vocabulary
    assert sum(f"v{number}" in vocabulary for number in range(100_000)) == 2000


def test_a_long_word_is_not_known_even_in_part():
    vocabulary = Vocabulary(b"'" + b"ab" * 30 + b"'")

    assert "ab" * 30 not in vocabulary
    assert "ab" * 20 not in vocabulary


def test_bytes_that_are_no_text_have_the_words_that_can_be_read():
    assert "price" in Vocabulary(b"price = '\xa4'")


def test_sizes_are_those_of_arguments_and_of_what_is_in_them():
    args = [np.ones((3, 4)), {"W1": [np.ones(5), (6, 7, 700)]}, 8, 0.9, "text", True]

    assert sorted(sizes_in(args, {"m": 10})) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12]


@given(st.sets(st.integers(0, 10**6), max_size=6), st.sets(st.integers(0, 10**6)))
def test_of_sizes_that_are_not_known_at_most_a_small_one_is_shown(chosen, sizes):
    news = Known(sizes=sizes).news(chosen)

    shown = chosen - news - sizes
    assert len(shown) <= 1
    assert all(size <= LARGEST_SIZE for size in shown)
    assert not news & sizes
