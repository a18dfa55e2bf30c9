"""Interactive charts: what they need, and what is in the page for them."""

import json
import sys

import pytest

from grader.errors import UsageError
from grader.reporters import dashboard


@pytest.fixture(scope="module")
def charts():
    pytest.importorskip("altair")
    pytest.importorskip("vl_convert")
    return dashboard.charts(["affine_forward", "affine_backward"])


def test_the_script_carries_all_it_needs_and_cannot_end_its_element(charts):
    assert len(charts.script) > 500_000  # Vega, Vega-Lite and Vega-Embed
    assert "window.classTable" in charts.script
    assert "</script" not in charts.script.lower()
    assert "<!--" not in charts.script


def test_the_description_has_the_exercises_in_their_order_and_no_data(charts):
    text = charts.spec
    spec = json.loads(text)

    assert text.count('["affine_forward", "affine_backward"]') >= 1
    assert "datasets" not in spec
    assert {"scores", "cells"} == {part.split('"')[0] for part in text.split('"data": {"name": "')[1:]}


@pytest.mark.parametrize("missing", ["altair", "vl_convert"])
def test_what_is_not_installed_is_named_with_the_command_that_installs_it(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)

    with pytest.raises(UsageError, match=rf"need {missing}, .*pip install 'grader\[dashboard\]'"):
        dashboard.charts(["f"])
