"""What is wrong, by name: known misconceptions first, then patterns in the difference.

A diagnosis is given only when it explains the answer to rounding, in every call of the test whose answer is wrong.
Otherwise there is none, and the check's own words stand alone.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.checks.comparisons import Comparison, common_factor, is_right, names_of, parts_of, wrong_parts
from grader.checks.comparisons import ObservedCall as ObservedCall
from grader.checks.misconceptions import Misconception
from grader.checks.patterns import RECOGNISERS, recognise_wrong_parts
from grader.checks.quantities import name_of_factor
from grader.errors import GraderError
from grader.messages import feedback
from grader.model import Feedback

_MOST_CALLS = 20  # a test with hundreds of calls is diagnosed by its first ones
_MOST_ANSWERS = 2000  # of misconceptions, for one test
_FEWEST_FOR_TWO = 4  # entries in all wrong calls; some idea and some factor explain fewer by accident

_NO_ANSWER = object()


def diagnose(
    calls: Sequence[ObservedCall], exercise: str, reference: object, misconceptions: Sequence[Misconception]
) -> Feedback | None:
    """The name of what is wrong with the calls of `exercise`, or None when nothing explains all of them.

    Reference and misconceptions are evaluated on copies of the very arguments. A misconception that raises on them
    explains nothing. Calls for which the reference cannot answer (recorded answers) are left out.
    """
    compared = _compared(calls, exercise, reference)
    differences = [one for one in compared if one.is_wrong]
    if not differences:
        return None
    ideas = [_Idea(misconception, reference) for misconception in misconceptions if misconception.exercise == exercise]
    for idea in ideas:
        if all(idea.explains(number, one) for number, one in enumerate(compared)):
            return idea.misconception.feedback()
    if any(map(_is_drawn, differences)):
        return None
    for recognise in RECOGNISERS:
        if (found := recognise(differences)) is not None:
            return found
    return _recognise_two(compared, ideas) or recognise_wrong_parts(differences)


class _Idea:
    """A misconception with its answers to the calls of one test: each is computed once, when it is first needed."""

    def __init__(self, misconception: Misconception, reference: object) -> None:
        self.misconception = misconception
        self._reference = reference
        self._answers: dict[int, Any] = {}

    @property
    def asked(self) -> int:
        """How many answers have been computed."""
        return len(self._answers)

    def answer(self, number: int, comparison: Comparison) -> Any:
        """What somebody with this idea returns from call `number`; _NO_ANSWER when the wrong code raises."""
        if number not in self._answers:
            args, kwargs = copy.deepcopy((comparison.call.args, dict(comparison.call.kwargs)))
            try:
                with np.errstate(all="ignore"):
                    self._answers[number] = self.misconception.evaluate(self._reference, args, kwargs)
            except Exception:
                self._answers[number] = _NO_ANSWER
        return self._answers[number]

    def explains(self, number: int, comparison: Comparison) -> bool:
        """Whether the idea gives the student's answer, where it is wrong and where it is right."""
        answer = self.answer(number, comparison)
        if answer is _NO_ANSWER or (comparison.is_wrong and is_right(comparison.expected, answer)):
            return False
        if _missing(comparison.expected, answer) != _missing(comparison.expected, comparison.call.value):
            return False
        return is_right(_like(comparison.expected, answer), comparison.call.value)


def _is_drawn(comparison: Comparison) -> bool:
    """Whether the call was given a random generator: the reference's own draw is one right answer of many."""
    return any(isinstance(argument, np.random.Generator) for _, argument in comparison.arguments)


def _compared(calls: Sequence[ObservedCall], exercise: str, reference: object) -> list[Comparison]:
    found: list[Comparison] = []
    names: list[str] | None = None
    for call in calls:
        if call.function != exercise or call.exception or len(found) == _MOST_CALLS:
            continue
        args, kwargs = copy.deepcopy((call.args, dict(call.kwargs)))
        function = getattr(reference, exercise)
        try:
            with np.errstate(all="ignore"):
                expected = function(*args, **kwargs)
        except GraderError:
            continue  # nothing is recorded for these arguments
        except Exception:
            return []  # a call that is meant to fail: its value is wrong whatever it is
        is_wrong = not is_right(expected, call.value)
        names = _parameters(function) if names is None else names
        found.append(
            Comparison(
                call,
                expected,
                is_wrong,
                parts=parts_of(expected, call.value) if is_wrong else {},
                arguments=_arguments(call, names),
            )
        )
    return found


def _parameters(function: Callable[..., Any]) -> list[str]:
    """The names of the parameters that are passed by place; none where only a recording answers."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def _arguments(call: ObservedCall, names: Sequence[str]) -> tuple[tuple[str, Any], ...]:
    by_place = [
        (names[i] if i < len(names) else f"(argument {i + 1})", argument) for i, argument in enumerate(call.args)
    ]
    return (*by_place, *call.kwargs.items())


def _recognise_two(compared: Sequence[Comparison], ideas: Sequence[_Idea]) -> Feedback | None:
    """A known misconception's answer, all of it or some parts of it times one constant that has a name."""
    wrong = [one for one in compared if one.is_wrong]
    if len(wrong) < 2 and sum(expected.size for one in wrong for expected, _ in one.parts.values()) < _FEWEST_FOR_TWO:
        return None
    for idea in ideas:
        if sum(other.asked for other in ideas) + len(compared) > _MOST_ANSWERS:
            return None
        factors: list[float] = []
        scaled: list[list[str]] = []
        for number, one in enumerate(compared):
            found = _scaled_parts(idea.answer(number, one), one)
            if found is None or (factors and found[1] != scaled[0]):
                break
            factors.append(found[0])
            scaled.append(found[1])
            # The first call settles most ideas: its factor has no name.
            if number == 0 and name_of_factor([one], factors, pairs=False) is None:
                break
        else:
            name = name_of_factor(compared, factors, pairs=False)
            if name is not None:
                return _two(idea.misconception, name, names_of(dict.fromkeys(scaled[0])))
    return None


def _scaled_parts(answer: Any, one: Comparison) -> tuple[float, list[str]] | None:
    """The factor between the idea's answer and the student's, and the parts that have it; all others are equal."""
    if answer is _NO_ANSWER or _missing(one.expected, answer):
        return None
    supposed = Comparison(
        one.call, _like(one.expected, answer), True, parts_of(_like(one.expected, answer), one.call.value)
    )
    differing = wrong_parts(supposed)
    factor = common_factor(differing)
    if factor is None or (one.is_wrong and is_right(one.expected, answer)):
        return None
    return factor, list(differing)


def _two(misconception: Misconception, factor: str, what: str) -> Feedback:
    return feedback(
        "pattern_two",
        mistake=misconception.rationale,
        factor=factor,
        what=what,
        remedy=misconception.help or "Correct the first one.",
    )


def _like(expected: Any, answer: Any) -> Any:
    """`answer` without dict keys that the reference does not have: nobody compares those."""
    if isinstance(expected, Mapping) and isinstance(answer, Mapping):
        return {key: answer[key] for key in expected if key in answer}
    return answer


def _missing(expected: Any, value: Any) -> set[Any]:
    """Keys of a dict that `value` lacks: an idea that leaves some out explains only answers without them."""
    both = isinstance(expected, Mapping) and isinstance(value, Mapping)
    return set(expected) - set(value) if both else set()
