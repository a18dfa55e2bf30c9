"""The words and sizes that a hidden test may repeat to the author of a submission.

A submission can put a hidden input into any name that it makes up while it runs: of an exception, a dict key, a type.
So a hidden test repeats only words that were there before: those of Python and NumPy, the usual names of parameters and
gradients, and what stands in the submission's own text. Sizes are alike: those of the arguments are no news, and of
others one is shown, a small one, as it may be a number that somebody wrote into their code.
"""

from __future__ import annotations

import builtins
import functools
import keyword
import re
import types
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

# A submission chooses among its own words, which tells log2 of their number. The longest reference solution has 600
# different ones; in a longer text than anybody writes the first ones count.
_MOST_WORDS = 2000
_WORD = re.compile(r"(?<!\w)(?P<text>[^\W\d]\w{0,39})(?!\w)")
_QUOTED = re.compile(r"""(?P<quote>['"])(?P<text>[^\W\d][^'"\n\\]{0,39})(?P=quote)""")
_PARAMETER = re.compile(r"d?[WbAZ][0-5]?")  # put together by right code, f"dW{l}"; all digits would spell numbers
_OF_NUMPY = frozenset({"numpy", "LinAlgError", "UFuncTypeError"})
_SMALL_SIZES = frozenset({0, 1, 2})
LARGEST_SIZE = 100  # a larger number could hold a hidden input in its digits


class Vocabulary:
    """The words that may be repeated to whoever wrote `source`, the bytes of the file."""

    def __init__(self, source: bytes) -> None:
        self._source = source

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and (
            word in _words_of_python() or _PARAMETER.fullmatch(word) is not None or word in self._own
        )

    @cached_property
    def _own(self) -> frozenset[str]:
        text = self._source.decode("utf-8", "replace")
        found: dict[str, None] = {}
        for form in (_WORD, _QUOTED):
            for match in form.finditer(text):
                found[match["text"]] = None
                if len(found) == _MOST_WORDS:
                    return frozenset(found)
        return frozenset(found)


@functools.cache
def _words_of_python() -> frozenset[str]:
    """Names of Python and NumPy that stand in texts of exceptions and warnings."""
    kinds = {kind.__name__ for kind in vars(types).values() if isinstance(kind, type)}
    views: tuple[object, ...] = ({}.keys(), {}.values(), {}.items())
    kinds.update(type(view).__name__ for view in views)
    modules = (builtins, np, np.exceptions, np.linalg, np.random)
    return frozenset(keyword.kwlist).union(kinds, _OF_NUMPY, *map(dir, modules))


@dataclass(frozen=True)
class Known:
    """What was known before a hidden test called a function, so that the test may repeat it.

    words: of the submission, see `Vocabulary`. sizes: of the arguments.
    """

    words: Container[str] = Vocabulary(b"")
    sizes: Collection[int] = _SMALL_SIZES

    def news(self, sizes: Iterable[int], *, largest: int = LARGEST_SIZE) -> frozenset[int]:
        """Those of `sizes`, which the submission chose, that must not be shown.

        A single one that is not known is shown up to `largest`: two would be enough for four digits of an input.
        """
        unknown = frozenset(sizes).difference(self.sizes)
        return frozenset() if len(unknown) == 1 and max(unknown) <= largest else unknown


def sizes_in(args: Sequence[Any], kwargs: Mapping[str, Any]) -> frozenset[int]:
    """Dimensions, sizes and lengths of arguments and of what is in them.

    Small integers count, as they may be sizes; a larger integer is a value. 0, 1 and 2 are no secret.
    """
    sizes = set(_SMALL_SIZES)
    pending: list[Any] = [*args, *kwargs.values()]
    while pending:
        value = pending.pop()
        if isinstance(value, np.ndarray):
            sizes.update(value.shape, (value.size,))
        elif isinstance(value, Mapping):
            pending += value.values()
        elif isinstance(value, list | tuple):
            sizes.add(len(value))
            pending += value
        elif isinstance(value, int) and 0 <= value <= LARGEST_SIZE:
            sizes.add(int(value))
    return frozenset(sizes)
