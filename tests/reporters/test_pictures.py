"""Pictures of every kind: as SVG, in a sentence, and in characters."""

import re
from xml.etree import ElementTree

import msgspec
import pytest

from grader.model import ExerciseResult, Feedback, Picture, PictureKind, Visibility
from grader.reporters import feedback_html, notebook_html, terminal, text_pictures
from grader.reporters.captions import caption
from grader.reporters.pictures import panels

WRONG = Feedback("k", "It is wrong.")


def heat_map(expected, actual, **numbers):
    wrong = tuple(
        tuple(float(e != a) for e, a in zip(*rows, strict=True)) for rows in zip(expected, actual, strict=True)
    )
    size = {"rows": float(len(expected)), "columns": float(len(expected[0])), "top": 0.0, "left": 0.0}
    return Picture(
        kind=PictureKind.HEAT_MAP,
        name="dW",
        arrays={"expected": expected, "actual": actual, "wrong": wrong},
        numbers={**size, **numbers},
    )


def lost(make_test, *pictures, visibility=Visibility.VISIBLE, said=WRONG):
    test = make_test("", test="test_a", visibility=visibility, pictures=pictures, feedback=(said,))
    return (ExerciseResult(exercise="f", tests=(test,)),)


def test_every_panel_is_small_well_formed_svg_of_known_elements(picture):
    for panel in panels(picture):
        root = ElementTree.fromstring(panel.svg)
        assert {element.tag for element in root.iter()} <= {"svg", "path", "text", "circle"}
        assert len(panel.svg) < 8_000


def test_a_name_cannot_leave_its_place(picture, hostile):
    renamed = msgspec.structs.replace(picture, name=hostile)

    for panel in panels(renamed):
        ElementTree.fromstring(panel.svg)
    assert caption(renamed).startswith(f"{hostile}: ")


def test_colours_tell_sign_and_size():
    expected, yours, difference, *_ = panels(heat_map(((0.0, 5.0), (-5.0, 1.0)), ((0.0, 5.0), (-5.0, 3.0))))

    assert re.findall(r'class="(\w+)" d', expected.svg) == ["n5", "p1", "p5", "z"]
    assert re.findall(r'class="(\w+)" d', difference.svg) == ["p5", "z", "mark"]
    assert "mark" not in expected.svg
    assert "mark" in yours.svg


@pytest.mark.parametrize(
    ("expected", "actual", "numbers", "sentence"),
    [
        (
            ((1.0, 2.0), (3.0, 4.0)),
            ((1.0, 2.0), (3.5, 4.5)),
            {},
            "2 of 4 entries are wrong, all of [1, :] and no other.",
        ),
        (
            ((1.0, 2.0), (3.0, 4.0)),
            ((1.5, 2.0), (3.5, 4.0)),
            {},
            "2 of 4 entries are wrong, all of [:, 0] and no other.",
        ),
        (((1.0, 2.0), (3.0, 4.0)), ((1.5, 2.0), (3.0, 4.5)), {}, "2 of 4 entries are wrong."),
        (((1.0, 2.0),), ((7.0, 14.0),), {"factor": 7.0}, "wrong. Each of them is 7 times what it should be."),
        (((1.0, 2.0),), ((-1.0, -2.0),), {"factor": -1.0}, "wrong. Each of them has the wrong sign."),
        (((1.0, 2.0),), ((1.0, 3.0),), {}, "1 of 2 entries is wrong."),
        (((1.0, 2.0),), ((1.0, 3.0),), {"rows": 64.0, "top": 3.0}, "1 of 2 entries is wrong in the part [3:4, 0:2]."),
    ],
)
def test_the_sentence_names_the_pattern(expected, actual, numbers, sentence):
    assert caption(heat_map(expected, actual, **numbers)).endswith(sentence)


def test_a_vanishing_signal_is_drawn_by_its_logarithm():
    spread = Picture(
        kind=PictureKind.ACTIVATION_SPREAD,
        name="spread",
        arrays={"expected": ((1.0, 1.0),), "actual": ((1.0, 1e-4),)},
        numbers={},
    )

    (panel,) = panels(spread)

    assert "log10" in panel.svg


def test_characters_keep_within_their_columns(picture):
    assert all(len(line) <= text_pictures.WIDTH for line in text_pictures.plain_lines(picture))


def test_wrong_entries_are_starred_below_each_other():
    picture = heat_map(((1.0, 20.0), (3.0, 4.0)), ((1.0, -20.0), (3.0, 400.0)))

    assert text_pictures.plain_lines(picture) == [
        "should be    and is",
        "1  20        1  -20*",
        "3   4        3  400*",
    ]


def test_a_wide_array_shows_where_it_is_wrong():
    row = tuple(0.123 + i for i in range(12))

    (line,) = text_pictures.plain_lines(heat_map((row,), ((*row[:-1], 99.0),)))

    assert line == "· " * 11 + "×"


def test_pictures_of_hidden_tests_are_shown_nowhere(make_record, make_test, capsys):
    secret = heat_map(((123.25, 2.0),), ((456.75, 2.0),))
    record = make_record(student="ada", exercises=lost(make_test, secret, visibility=Visibility.HIDDEN))

    terminal.print_check(record)
    shown = feedback_html.render(record, title="x") + notebook_html.render(record) + capsys.readouterr().out

    assert "123" not in shown
    assert "entries" not in shown


def test_the_page_and_the_notebook_draw_what_a_visible_test_saw(make_record, make_test, picture):
    record = make_record(student="ada", exercises=lost(make_test, picture))

    for shown in (feedback_html.render(record, title="x"), notebook_html.render(record)):
        assert shown.count("<figure>") == 1
        assert all(panel.svg in shown for panel in panels(picture))


def test_the_terminal_shows_the_picture_in_place_of_the_same_array(make_record, make_test, capsys):
    said = Feedback("wrong_array_shown", "dW should be\n[[1., 2.]]\nand is\n[[1., 3.]]")
    record = make_record(student="ada", exercises=lost(make_test, heat_map(((1.0, 2.0),), ((1.0, 3.0),)), said=said))

    terminal.print_check(record)

    printed = capsys.readouterr().out
    assert "[[1., 2.]]" not in printed
    assert "  should be    and is\n  1  2         1  3*\n" in printed


def test_a_page_with_too_many_pictures_is_cut_to_size(make_record, make_test):
    side = tuple(tuple(-1.0 - i * j for j in range(7)) for i in range(12))
    large = heat_map(side, tuple(tuple(value * 1.5 for value in row) for row in side), factor=1.5)
    pictures = [msgspec.structs.replace(large, name=f"W{i}") for i in range(3)]
    exercises = tuple(
        msgspec.structs.replace(lost(make_test, *pictures)[0], exercise=f"exercise_{i}") for i in range(14)
    )

    source = feedback_html.render(make_record(student="ada", exercises=exercises), title="x")

    assert len(source.encode()) <= feedback_html.LARGEST_PAGE_BYTES
