"""JUnit XML in pytest's dialect xunit2, which CI systems show: a test suite an exercise, a test case a test.

Points are properties, since the format has no place for them; so is the score of the submission, which is less than
the sum where it was late. Whatever loses points is a failure, tests that did not run included: `skipped` would count as
fine. Only what we failed to judge is an error.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from grader.model import Feedback, Outcome, Status, Visibility
from grader.plugins import Reporter
from grader.records import ExerciseRecord, Record, TestRecord
from grader.reporters.plain_text import printable
from grader.reporters.view import OUTCOME_WORDS, number, view

_LONGEST_MESSAGE = 300  # CI systems show it as a heading


def render(record: Record, *, title: str) -> str:
    """The results of one submission. title: that of the assignment, which becomes the name of the whole."""
    suites = [_suite(record, exercise) for exercise in record.exercises]
    if record.status is not Status.GRADED:
        suites.append(_unjudged(record))
    root = ET.Element("testsuites", name=_text(title))
    root.extend(suites)
    ET.indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ET.tostring(root, encoding='unicode')}\n"


def _suite(record: Record, exercise: ExerciseRecord) -> ET.Element:
    errors = sum(test.outcome is Outcome.GRADER_ERROR for test in exercise.tests)
    lost = sum(test.outcome is not Outcome.PASSED for test in exercise.tests)
    suite = _suite_element(
        f"{record.assignment}.{exercise.exercise}",
        tests=len(exercise.tests),
        failures=lost - errors,
        errors=errors,
        seconds=sum(test.seconds for test in exercise.tests),
    )
    _add_properties(
        suite,
        student=record.student,
        points=number(exercise.score),
        max_points=number(exercise.max_score),
        submission_score=number(record.score),
        submission_max_score=number(record.max_score),
        sha256=record.submission.sha256,
        suite_sha256=record.suite_sha256,
    )
    suite.extend(_case(record, exercise, test) for test in exercise.tests)
    if lost and record.notes:
        ET.SubElement(suite, "system-out").text = _paragraphs(record.notes)
    return suite


def _case(record: Record, exercise: ExerciseRecord, test: TestRecord) -> ET.Element:
    name = test.test.partition("::")[2] or test.test
    case = _case_element(f"{record.assignment}.{exercise.exercise}", name, test.seconds)
    _add_properties(
        case, points=number(test.score), max_points=number(test.max_score), visibility=test.visibility.value
    )
    if test.outcome is Outcome.PASSED:
        if test.feedback:  # which other exercise is at fault
            ET.SubElement(case, "system-out").text = _paragraphs(test.feedback)
        return case
    kind = "error" if test.outcome is Outcome.GRADER_ERROR else "failure"
    problem = ET.SubElement(case, kind, message=_message(test), type=test.outcome.value)
    problem.text = _paragraphs(test.feedback)
    if test.reproduce and test.visibility is Visibility.VISIBLE:
        problem.text += f"\n\nRepeat:\n{printable(test.reproduce)}"
    return case


def _unjudged(record: Record) -> ET.Element:
    """The suite of a submission without a verdict. Why there is none is for the instructor, and not in here."""
    suite = _suite_element(record.assignment, tests=1, failures=0, errors=1, seconds=0.0)
    _add_properties(suite, student=record.student, max_points=number(record.max_score))
    case = _case_element(record.assignment, "grading", 0.0)
    ET.SubElement(case, "error", message=view(record).notices[-1], type=Outcome.GRADER_ERROR.value)
    suite.append(case)
    return suite


def _suite_element(name: str, *, tests: int, failures: int, errors: int, seconds: float) -> ET.Element:
    counts = {"errors": errors, "failures": failures, "skipped": 0, "tests": tests}
    return ET.Element(
        "testsuite", {"name": _text(name), **{k: str(v) for k, v in counts.items()}, "time": f"{seconds:.3f}"}
    )


def _case_element(classname: str, name: str, seconds: float) -> ET.Element:
    return ET.Element("testcase", {"classname": _text(classname), "name": _text(name), "time": f"{seconds:.3f}"})


def _add_properties(element: ET.Element, **values: str) -> None:
    properties = ET.SubElement(element, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", {"name": name, "value": _text(value)})


def _message(test: TestRecord) -> str:
    """The first sentence of the feedback on one line, or the outcome in words."""
    text = test.feedback[0].rationale if test.feedback else OUTCOME_WORDS[test.outcome]
    line = _text(text.partition("\n")[0])
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[: _LONGEST_MESSAGE - 1]}…"


def _paragraphs(feedback: tuple[Feedback, ...]) -> str:
    texts = [f"{f.rationale}\nTry: {f.help}" if f.help else f.rationale for f in feedback]
    return printable("\n\n".join(texts))


def _text(text: str) -> str:
    """`text` on one line. What is printable is legal in XML 1.0, too: every character that is not falls under C."""
    return printable(text).replace("\n", " ")


REPORTER = Reporter("JUnit XML of one student, for CI systems.", ".junit.xml", render)
