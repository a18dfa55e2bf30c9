"""What is wrong, by name: known misconceptions first, then patterns in the difference.

A diagnosis is given only when it explains the answer to rounding, in every call of the test whose answer is wrong.
Otherwise there is none, and the check's own words stand alone. Names of misconceptions are looked at again when all
tests of an exercise are done (`AllTests`).
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from grader.checks.comparisons import Comparison, common_factor, is_right, names_of, parts_of, wrong_parts
from grader.checks.comparisons import ObservedCall as ObservedCall
from grader.checks.evidence import FEWEST_BITS, bits_of, has_few_ways
from grader.checks.misconceptions import Misconception
from grader.checks.patterns import RECOGNISERS, recognise_wrong_parts
from grader.checks.quantities import name_of_factor
from grader.errors import GraderError
from grader.messages import feedback
from grader.model import Feedback

_MOST_CALLS = 20  # a test with hundreds of calls is diagnosed by its first ones
_MOST_IN_ALL = 200  # calls of all tests of an exercise
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


class AllTests:
    """The calls of one exercise in all tests that are done, to look again at the names that single tests were given.

    lost: calls in tests that took points. passed: in those that did not.
    """

    def __init__(
        self,
        lost: Sequence[ObservedCall],
        passed: Sequence[ObservedCall],
        exercise: str,
        reference: object,
        misconceptions: Sequence[Misconception],
    ) -> None:
        self._lost_calls = lost
        self._passed_calls = passed
        self._exercise = exercise
        self._reference = reference
        self._ideas = [_Idea(m, reference) for m in misconceptions if m.exercise == exercise]

    def name(self, named: Feedback, calls: Sequence[ObservedCall]) -> Feedback | None:
        """What the diagnosis `named` of one lost test, with these calls, becomes; None when nothing stays.

        A misconception that does not explain all lost tests gives way to one that does, if there is any. Answers that
        are wrong in few ways must moreover be explained in the tests that were passed, and all together be more than an
        accident: else they are given no name. What is explained to many digits keeps its name: there are two mistakes.
        """
        own = next((idea for idea in self._ideas if idea.misconception.key == named.key), None)
        is_few = all(has_few_ways(call.value) for call in calls)
        if own is None or (not is_few and len(calls) == len(self._lost_calls)):
            return named
        compared = self._all if is_few else self._lost
        for idea in (own, *self._ideas):
            if all(idea.explains(number, one) for number, one in enumerate(compared)):
                return idea.misconception.feedback() if not is_few or bits_of(compared) >= FEWEST_BITS else None
        return None if is_few else named

    @cached_property
    def _lost(self) -> list[Comparison]:
        return _compared(self._lost_calls, self._exercise, self._reference, most=_MOST_IN_ALL)

    @cached_property
    def _all(self) -> list[Comparison]:
        """Lost ones first, so that ideas know calls by the same numbers."""
        return self._lost + _compared(self._passed_calls, self._exercise, self._reference, most=_MOST_IN_ALL)


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


def _compared(
    calls: Sequence[ObservedCall], exercise: str, reference: object, *, most: int = _MOST_CALLS
) -> list[Comparison]:
    found: list[Comparison] = []
    names: list[str] | None = None
    for call in calls:
        if call.function != exercise or call.exception or len(found) == most:
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
