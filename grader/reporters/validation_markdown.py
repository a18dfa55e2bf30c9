"""What `grader validate` found as tables in Markdown, to be published with a course."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from grader.validation.validating import TestFigures, Validation

# Headings of two lines each, as a terminal needs them.
COLUMNS = (
    "right,\nfailed",
    "ideas\ncaught",
    "ideas\nnamed",
    "false\nnames",
    "mutants\nkilled",
    "mutants\nexcused",
)


def cells(found: Validation) -> tuple[str, ...]:
    """The figures of one assignment, in the order of COLUMNS."""
    explained = sum(survivor.reason is not None for survivor in found.survivors)
    return (
        f"{found.false_failures}/{(1 + found.variants) * found.seeds}",
        f"{found.caught}/{found.misconceptions}",
        f"{found.named}",
        f"{sum(name.count for name in found.falsely_named)}/{found.perturbed}",
        f"{found.killed}/{found.mutants}",
        f"{explained}/{len(found.survivors)}",
    )


def milliseconds(found: Validation) -> str:
    """The time of all tests of an assignment, each the median for the reference."""
    return f"{1000 * sum(test.seconds for test in found.tests):.0f}"


def validation_markdown(validations: Sequence[Validation]) -> str:
    """The figures, the confusion matrix without its zeros, the margins, and a sentence for all that falls short."""
    figures = [(f"`{one.assignment}`", *cells(one), milliseconds(one), f"{one.seconds:.0f}") for one in validations]
    confused = [row for one in validations for row in _confused(one)]
    margins = [row for one in validations for row in _margins(one)]
    headings = (column.replace("\n", " ") for column in COLUMNS)
    tables = [
        _table(("assignment", *headings, "tests, ms", "proof, s"), figures, to_the_right=range(1, len(COLUMNS) + 3)),
        _table(("assignment", "misconception", "is named", "times"), confused, to_the_right=[3])
        if confused
        else "No misconception was given the name of another one.",
        _table(("assignment", "right code up to", "in", "wrong code from", "in"), margins, to_the_right=[1, 3]),
    ]
    problems = [f"- `{one.assignment}`: {problem}" for one in validations for problem in one.problems]
    return "\n\n".join([*tables, *(["\n".join(problems)] if problems else [])])


def _confused(found: Validation) -> Iterator[tuple[str, ...]]:
    for key, others in found.confusion.items():
        for other, count in others.items():
            yield f"`{found.assignment}`", f"`{key}`", f"`{other}`", str(count)


def _margins(found: Validation) -> Iterator[tuple[str, ...]]:
    """The test in which right code comes nearest to its limit, and the one in which wrong code does."""
    right = [(test.largest_right, test) for test in found.tests if test.largest_right is not None]
    wrong = [(test.smallest_wrong, test) for test in found.tests if test.smallest_wrong is not None]
    if right and wrong:
        largest, highest = max(right, key=lambda pair: pair[0])
        smallest, lowest = min(wrong, key=lambda pair: pair[0])
        yield f"`{found.assignment}`", f"{largest:.3g}", _shown(highest), f"{smallest:.3g}", _shown(lowest)


def _shown(test: TestFigures) -> str:
    return f"`{test.test}`"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, to_the_right: Container[int]) -> str:
    """to_the_right: the columns that hold numbers."""
    rule = ["---:" if number in to_the_right else "---" for number in range(len(headings))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (headings, rule, *rows))
