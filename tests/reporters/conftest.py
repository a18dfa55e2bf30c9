"""Records whose every text comes from a submission, and texts that try to be more than text."""

from fractions import Fraction

import msgspec
import pytest

from grader import records
from grader.model import (
    CodePiece,
    ExerciseResult,
    Feedback,
    Outcome,
    Picture,
    PictureKind,
    SandboxMode,
    Status,
    SubmissionResult,
    TestResult,
    Visibility,
)

HOSTILE_TEXTS = {
    "script": "<script>alert(1)</script>",
    "image": '<img src=x onerror="alert(1)">',
    "attribute": '" onmouseover="alert(1)" x=\' onfocus=\'alert(2)',
    "closing_tags": "</code></pre></td></table></section></style></title><h1>owned</h1>",
    "comment": "--><!-- <![CDATA[ ]]> <?php ?>",
    "style": "</style><style>@import url(//evil.example/x.css)</style>",
    "template": "{{ 7 * 7 }} {% include 'x' %} ${7 * 7} %(x)s {0}",
    "entity": "&lt;b&gt; &#60;b&#62; &copy;",
    "link": "[click](javascript:alert(1)) [a][b] [b]: //evil.example",
    "md_image": "![x](https://evil.example/x.png)",
    "autolink": "<https://evil.example> https://evil.example www.evil.example mailto:a@evil.example ftp://e.example",
    "mention": "@everyone hello @octocat, a@evil.example (@team/all) #1",
    "fence": "```\n# owned\n```\n~~~\n<b>x</b>",
    "heading": "# owned\n## again\n===\n---",
    "table": "| a | b |\n|---|---|\n| c | d |",
    "list": "- [x] done\n1. one\n* star\n+ plus\n> quote",
    "emphasis": "**bold** _soft_ __init__ ~~gone~~ $x^2$ <b>b</b>",
    "backticks": "` `` ``` a ` <b> ` c",
    "backslash": "\\ \\` \\[a\\](b) \\",
    "footnote": "[^1] [^1]: note [[wiki]] [x] (y)",
    "terminal": "\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07 \x9b2J \r over",
    "control": "\x00\x01\x07\x08\x0b\x0c\x7f\x85\u2028\u2029",
    "bidi": "\u202egpj.exe\u202c \u2066x\u2069 \u200fabc \u061c",
    "invisible": "a\u200b\u200d\u2060\ufeff\u00adb \U000e0041",
    "markup_of_rich": "[bold red]x[/] [link=http://evil.example]y[/link]",
    "spreadsheet": '=HYPERLINK("http://evil.example")\n+1+1\n-1+1\n@SUM(A1)',
    "spreadsheet_at": "@SUM(A1)\t=1+1",
    "ci": "::error file=a::forged\n::set-output name=score::100\n##[error]forged\n##teamcity[x]\n%0A::error::x",
    "ci_at_carriage_return": "a\r::stop-commands::x\r\n::add-mask::a",
    "end_of_data": '</script><script>alert(1)</script> "}]} ]]> \\u003c',
    "array": "x is\n[[1, <b>2</b>],\n [`3`, @four]]\nand done",
    "indented": "    indented\n\tcode",
    "long": "<w>" * 400,
}


@pytest.fixture(scope="session")
def hostile_texts():
    """All texts that try to be more than text."""
    return tuple(HOSTILE_TEXTS.values())


@pytest.fixture(params=HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS.keys())
def hostile(request):
    """One text that tries to be more than text."""
    return request.param


ONE_OF_EACH_KIND = (
    Picture(
        kind=PictureKind.HEAT_MAP,
        name="dW",
        arrays={
            "expected": ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)),
            "actual": ((1.0, 2.0, 3.0), (-4.0, -5.0, None)),
            "wrong": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
        },
        numbers={"rows": 2.0, "columns": 3.0, "top": 0.0, "left": 0.0, "factor": -1.0},
    ),
    Picture(
        kind=PictureKind.GRADIENTS,
        name="db",
        arrays={"numerical": ((1.0, 2.0, 3.0),), "analytic": ((1.0, 4.0, None),)},
        numbers={},
    ),
    Picture(
        kind=PictureKind.KEPT_FRACTION,
        name="mask",
        arrays={},
        numbers={"kept": 0.9, "keep_prob": 0.1, "low": 0.0, "high": 0.34, "size": 100.0},
    ),
    Picture(
        kind=PictureKind.LEARNING_CURVE,
        name="costs",
        arrays={"costs": ((0.7, None, 0.6, 0.65),)},
        numbers={"last": 3.0, "limit": 0.3},
    ),
    Picture(
        kind=PictureKind.DECISION_BOUNDARY,
        name="boundary",
        arrays={"probability": ((0.1, 0.9), (None, 0.6)), "points": ((0.5, 1.0), (0.5, 1.5)), "labels": ((0.0, 1.0),)},
        numbers={"x0": 0.0, "y0": 0.0, "x1": 2.0, "y1": 2.0},
    ),
    Picture(
        kind=PictureKind.ACTIVATION_SPREAD,
        name="spread",
        arrays={"expected": ((1.0, 1.0, 1.0),), "actual": ((1.0, 0.01, 0.0001),)},
        numbers={},
    ),
)


@pytest.fixture(params=ONE_OF_EACH_KIND, ids=lambda picture: picture.kind)
def picture(request):
    """One picture of each kind."""
    return request.param


def _test(
    text,
    *,
    test,
    outcome=Outcome.FAILED,
    visibility=Visibility.HIDDEN,
    points=1,
    feedback=None,
    reproduce=None,
    pictures=(),
):
    passed = outcome is Outcome.PASSED
    return TestResult(
        test=f"test_f.py::{test}",
        exercise="f",
        outcome=outcome,
        visibility=visibility,
        score=Fraction(points if passed else 0),
        max_score=Fraction(points),
        seconds=0.0,
        feedback=(Feedback("said", text, text),) if feedback is None else feedback,
        reproduce=reproduce,
        pictures=pictures,
    )


@pytest.fixture
def make_result():
    """Makes a result of three exercises with `text` in every field that a submission or a name can reach."""

    def make(text="words", *, student=None, status=Status.GRADED, exercises=None):
        said = Feedback("said", text, text)
        if exercises is None:
            exercises = (
                ExerciseResult(
                    exercise="f",
                    tests=(
                        _test(
                            text,
                            test="test_a",
                            visibility=Visibility.VISIBLE,
                            reproduce=text,
                            pictures=tuple(msgspec.structs.replace(p, name=text) for p in ONE_OF_EACH_KIND[:3]),
                        ),
                        _test(text, test="test_b", outcome=Outcome.RAISED, feedback=(Feedback("n", text), said)),
                        _test(text, test="test_c", outcome=Outcome.PASSED, feedback=()),
                    ),
                    advice=(said,),
                    code=(CodePiece(7, "def f():"), CodePiece(9, text)),
                    formula="Z = W A_{prev} + b",
                ),
                ExerciseResult(exercise="g", tests=(_test(text, test="test_d", outcome=Outcome.PASSED),)),
                ExerciseResult(exercise="h", tests=(_test(text, test="test_e", outcome=Outcome.NOT_IMPLEMENTED),)),
            )
        return SubmissionResult(
            assignment="small",
            student=text if student is None else student,
            status=status,
            exercises=exercises,
            max_score=sum((e.max_score for e in exercises), Fraction(0)),
            file_name=text,
            sha256="0" * 64,
            submitted_at=None,
            suite_sha256="1" * 64,
            seed="2" * 64,
            sandbox=SandboxMode.FULL,
            environment={"python": "3"},
            notes=(said,),
            error=None if status is Status.GRADED else text,
        )

    return make


@pytest.fixture
def make_record(make_result):
    """`make_result`, as the record that reporters read."""
    return lambda *args, **kwargs: records.to_record(make_result(*args, **kwargs))


@pytest.fixture
def make_test():
    """Makes the result of one test of the exercise f."""
    return _test
