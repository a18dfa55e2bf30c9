"""The `student` fixture: the submission's functions as if they were here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.checks.advice import advise
from grader.checks.diagnosis import ObservedCall
from grader.checks.vocabulary import Known, sizes_in
from grader.errors import CallRaised
from grader.messages import feedback
from grader.sandbox.explanations import shown_name
from grader.sandbox.running import SubmissionRun
from grader.worker import wire

_MOST_CALLS = 10  # whose arguments tell which sizes are known


class Student:
    """A submission as hidden tests see it: `student.affine_forward(A, W, b)` runs behind the wall.

    Arguments cross as copies and results come back as fresh data, so nothing that the submission does to an array
    can reach the test. Every call raises a StudentError where the submission fails; tests need not catch it.

    replacements: exercises that the reference stands in for ("one mistake costs once").
    observed: every call that returned, in order, for the diagnosis of a failure.
    last_warnings: Python warnings of the most recent call.
    last_changed: positions of the arguments that the most recent call changed in place.
    """

    def __init__(self, run: SubmissionRun, *, replacements: Mapping[str, Callable[..., Any]], show_text: bool) -> None:
        self._run = run
        self._replacements = replacements
        self._show_text = show_text
        self.observed: list[ObservedCall] = []
        self.last_warnings: tuple[wire.CaughtWarning, ...] = ()
        self.last_changed: frozenset[int] = frozenset()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._run.exercises:
            raise AttributeError(f"{name} is no exercise of this assignment")
        return lambda *args, **kwargs: self._evaluate(name, [wire.Arguments(list(args), kwargs)])[0]

    def map(self, name: str, arguments: Sequence[Sequence[Any]]) -> list[Any]:
        """The results of `name` for every entry of `arguments`, in one crossing of the wall."""
        return self._evaluate(name, [wire.Arguments(list(args)) for args in arguments]) if arguments else []

    def count_lines(self, name: str, *args: Any) -> dict[int, int]:
        """How often each line of the submission runs while `name` is evaluated: the busiest ones, by line number.

        The submission's own process counts, so a hostile one can forge this: use it for points of style only.
        """
        (evaluation,) = self._call(name, [wire.Arguments(list(args))], counts_lines=True)
        return {line.line: line.count for line in evaluation.lines if self._run.has_code_in(line.line)}

    def defines(self, name: str) -> bool:
        """Whether the submission has a function `name` that is more than a stub."""
        info = self._run.functions.get(name)
        return info is not None and info.state == "defined"

    def known(self) -> Known:
        """What a hidden test may repeat of what the submission chose, after the calls that were made so far."""
        calls = self.observed[-_MOST_CALLS:]
        return Known(
            self._run.vocabulary, frozenset().union(*(sizes_in(call.args, call.kwargs) for call in calls), (0, 1, 2))
        )

    def _evaluate(self, name: str, batch: list[wire.Arguments]) -> list[Any]:
        if name in self._replacements:
            return [self._replacements[name](*entry.args, **entry.kwargs) for entry in batch]
        evaluations = self._call(name, batch)
        self._take_advice(name, evaluations)
        self.last_warnings = tuple(warning for e in evaluations for warning in e.warnings)
        self.last_changed = frozenset(position for e in evaluations for position in e.changed)
        for entry, evaluation in zip(batch, evaluations, strict=True):
            self.observed.append(ObservedCall(name, tuple(entry.args), entry.kwargs, evaluation.value))
        return [evaluation.value for evaluation in evaluations]

    def _call(self, name: str, batch: list[wire.Arguments], *, counts_lines: bool = False) -> list[wire.Evaluation]:
        try:
            return self._run.call(
                name, batch, replacements=self._replacements, show_text=self._show_text, counts_lines=counts_lines
            )
        except CallRaised as error:
            self.observed.extend(
                ObservedCall(name, tuple(entry.args), entry.kwargs, None, error.exception) for entry in batch[:1]
            )
            raise

    def _take_advice(self, name: str, evaluations: Sequence[wire.Evaluation]) -> None:
        for evaluation in evaluations:
            for position in evaluation.changed:
                advise(feedback("argument_changed", function=name, position=position + 1))
            for warning in evaluation.warnings:
                text = warning.message if self._show_text else "…"
                category = shown_name(
                    warning.category, self._run.vocabulary, show_text=self._show_text, otherwise="a warning"
                )
                where = f" in line {warning.line}" if self._run.has_code_in(warning.line) else ""
                advise(feedback("warning_raised", function=name, where=where, category=category, text=text))
