"""feedback/<student>.html in a browser: in all colours and widths, and on paper."""

import pytest

STUDENTS = ("ada", "blaise", "mallory", "niels", "untouched")


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(out, visit, violations, has_sideways_scroll, student, scheme, width):
    page = visit(out / "feedback" / f"{student}.html", color_scheme=scheme, width=width)
    page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")

    assert violations(page) == []
    assert not has_sideways_scroll(page)


@pytest.mark.parametrize("student", STUDENTS)
def test_the_page_needs_no_script(out, visit, student):
    page = visit(out / "feedback" / f"{student}.html", java_script_enabled=False)

    assert page.locator("script").count() == 0
    assert page.locator("h1").is_visible()


def test_paper_is_white_and_has_what_the_screen_has(out, visit):
    page = visit(out / "feedback" / "blaise.html", color_scheme="dark")
    on_screen = page.locator("h1, h2, h3").all_text_contents()

    page.emulate_media(media="print")

    assert page.locator("h1:visible, h2:visible, h3:visible").all_text_contents() == on_screen
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


@pytest.mark.parametrize("student", STUDENTS)
def test_html_validates(out, student):
    html5lib = pytest.importorskip("html5lib")

    html5lib.HTMLParser(strict=True).parse((out / "feedback" / f"{student}.html").read_text(encoding="utf-8"))
