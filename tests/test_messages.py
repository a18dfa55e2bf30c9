"""Every sentence of the table: its blanks are known and filled, somebody uses it, and it reads as a sentence."""

import ast
import re
import string
from pathlib import Path

import pytest

import grader
from grader.messages import MESSAGES, feedback
from grader.model import Feedback

PACKAGE = Path(grader.__file__).parent
COURSE = PACKAGE.parent / "autograde_tests"
SOURCES = [path for path in (*PACKAGE.rglob("*.py"), *COURSE.rglob("*.py")) if path.name != "messages.py"]
KEYS = sorted(MESSAGES)

# What a blank may be called: one word for one thing. A new name is added here, or an old one is used.
BLANKS = set(
    """
    accuracy actual argument call called category code count detail error examples examples_before exception exercise
    expected expected factor faulty file files folder function hint key keys kind last limit line mebibytes mistake name
    names other others position reason remedy right seconds shape share sign signal size source text time times
    times_before total what where wrong
    """.split()
)
# These end with what is quoted: a line of code, the text of an exception, a value.
END_WITH_A_QUOTATION = {"raised", "raised_at_call", "warning_raised", "wrong_array_shown", "wrong_result_shown"}


def blanks(template):
    return {name for _, name, _, _ in string.Formatter().parse(template or "") if name is not None}


def all_blanks(key):
    return blanks(MESSAGES[key].rationale) | blanks(MESSAGES[key].help)


def fill(key):
    """The message with a short word in every blank."""
    return feedback(key, **dict.fromkeys(all_blanks(key), "ab"))


def strings_and_calls():
    """All text literals of the sources, prefixes of f-strings apart, and the calls of `feedback` with a literal key."""
    texts, prefixes, calls = set(), set(), []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "feedback" and node.args:
                (key, *_) = node.args
                if isinstance(key, ast.Constant):
                    calls.append((path.name, node.lineno, key.value, {word.arg for word in node.keywords}))
                elif isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
                    prefixes.add(key.values[0].value)
    return texts, prefixes, calls


TEXTS, PREFIXES, CALLS = strings_and_calls()


def is_used(key):
    """Whether the key stands in a source: as it is, after the prefix of an f-string, or before an ending `_shown`."""
    candidates = {key, key.removesuffix("_shown")} | {key.removeprefix(prefix) for prefix in PREFIXES}
    return not candidates.isdisjoint(TEXTS)


@pytest.mark.parametrize("key", KEYS)
def test_a_message_is_used_somewhere(key):
    assert is_used(key)


def test_a_key_that_nobody_uses_would_be_found():
    assert not is_used("no_such_" + "message")
    assert not is_used("load_no_such_" + "finding")


@pytest.mark.parametrize("key", KEYS)
def test_a_message_has_only_named_and_known_blanks(key):
    assert all_blanks(key) <= BLANKS


def test_no_name_of_a_blank_is_left_over():
    assert set().union(*map(all_blanks, KEYS)) == BLANKS


@pytest.mark.parametrize("key", KEYS)
def test_a_message_is_filled_in(key):
    found = fill(key)

    assert found.key == key
    assert "{" not in found.rationale.replace("W{l}", "")
    assert found.rationale.count("ab") >= len(blanks(MESSAGES[key].rationale))
    assert (found.help is None) == (MESSAGES[key].help is None)


@pytest.mark.parametrize("key", [key for key in KEYS if all_blanks(key)])
def test_a_blank_without_a_value_is_an_error_of_the_caller(key):
    values = dict.fromkeys(all_blanks(key), "ab")
    values.popitem()

    with pytest.raises(KeyError):
        feedback(key, **values)


def test_an_unknown_key_is_an_error_of_the_caller():
    with pytest.raises(KeyError, match="no_such_message"):
        feedback("no_such_message")


@pytest.mark.parametrize(("key", "given"), [pytest.param(k, g, id=f"{path}:{line}:{k}") for path, line, k, g in CALLS])
def test_a_call_fills_all_blanks_of_its_message_and_no_others(key, given):
    if None in given:  # **facts: at run time only
        assert given - {None} <= all_blanks(key) | all_blanks(f"{key}_shown" if f"{key}_shown" in MESSAGES else key)
    else:
        assert given == all_blanks(key)


@pytest.mark.parametrize("key", KEYS)
def test_a_message_reads_as_a_sentence(key):
    for template in MESSAGES[key]:
        if template is None:
            continue
        first, is_quotation = template.lstrip("`")[0], key in END_WITH_A_QUOTATION
        assert first.isupper() or first == "{" or template.startswith(("fit ", "np."))
        assert template.endswith(".") or (is_quotation and template.endswith(("}", "}`")))
        assert not re.search(r"  | [.,;:](?!\w)|\.\.|!|\(\)\w|\bpls\b|n't\b", template)
        assert template == template.strip()


@pytest.mark.parametrize("key", KEYS)
def test_what_is_wrong_and_what_to_try_are_two_things(key):
    message = MESSAGES[key]

    assert message.rationale != message.help
    assert len(message.rationale) <= 200
    assert message.help is None or len(message.help) <= 200


@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith("pattern_")])
def test_a_pattern_reads_well_of_one_value_and_of_several(key):
    """ "dW and db" takes a plural verb and "dW" a singular one, so neither may be the subject of one."""
    rationale = MESSAGES[key].rationale

    assert not re.match(r"\{(what|wrong|right)\} (is|has)\b", rationale) or key in ONE_VALUE_ONLY


ONE_VALUE_ONLY = {"pattern_region", "pattern_line"}  # recognised only where one value is wrong


def test_help_is_what_is_filled_in_too():
    found = feedback("missing_key", name="grads", key="dW1", hint="; it has W1", keys="W1, b1")

    assert found == Feedback(
        "missing_key",
        "grads has no key dW1; it has W1.",
        "Its keys are W1, b1; the docstring says which are needed.",
    )


# What comes from a submission is cut and cleaned.


def test_a_long_value_is_cut():
    found = feedback("wrong_plain", name="x", actual="a" * 10_000)

    assert found.rationale.count("a") < 510
    assert "…" in found.rationale


@pytest.mark.parametrize("size", [499, 500])
def test_a_value_that_just_fits_is_whole(size):
    assert "a" * size + "." in feedback("wrong_plain", name="x", actual="a" * size).rationale


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\r", "\t", "\u202e", "\u2028", "\ud800", "\x7f"])
def test_what_cannot_be_printed_is_replaced(character):
    found = feedback("wrong_plain", name="x", actual=f"a{character}b")

    assert "a\N{REPLACEMENT CHARACTER}b" in found.rationale


def test_lines_of_an_array_stay_lines():
    assert "[1,\n 2]" in feedback("wrong_array_shown", name="x", expected="[1,\n 2]", actual="[]").rationale


def test_braces_in_a_value_are_text():
    found = feedback("wrong_plain", name="{name}", actual="{0.__class__} {")

    assert found.rationale == "{name} is not what it should be; it is {0.__class__} {."
