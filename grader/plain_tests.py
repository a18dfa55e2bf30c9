"""Which tests need nothing of pytest when they run, and how to call them.

pytest's hooks take 0.25 ms to set up, call and tear down a test, longer than most tests take themselves. A test that is
a function, and has no fixtures but those of our plugin and no marks but ours, can be called instead: there is nothing
to tear down, and its assertions were rewritten when it was collected. Whatever else an author may use (fixtures of
their own, of any scope, classes, `skip`, hooks in a conftest.py) is left to pytest.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import _pytest.python
import pytest

_MARKS = frozenset({"exercise", "points", "visibility", "parametrize"})
# What pytest makes of an argument of `parametrize`: its own business, so without it pytest runs such tests itself.
_PARAMETER = getattr(_pytest.python, "get_direct_param_fixture_func", None)
_HOOKS = (
    "pytest_runtest_setup",
    "pytest_runtest_call",
    "pytest_runtest_teardown",
    "pytest_runtest_makereport",
    "pytest_runtest_logreport",
    "pytest_pyfunc_call",
    "pytest_fixture_setup",
    "pytest_fixture_post_finalizer",
    "pytest_exception_interact",
)


def plain_call(item: pytest.Item, plugin: object) -> Callable[[], object] | None:
    """A function that calls the test of `item` with fresh fixtures of `plugin`; None where that is not all of it."""
    if type(item) is not pytest.Function or item.cls is not None or not inspect.isfunction(item.obj):
        return None
    is_unusual = inspect.iscoroutinefunction(item.obj) or inspect.isasyncgenfunction(item.obj)
    if is_unusual or not _MARKS.issuperset(mark.name for mark in item.iter_markers()) or _has_other_hooks(item, plugin):
        return None
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    makers: dict[str, Callable[[], Any]] = {}
    for name in item.fixturenames:
        (*others, fixture) = item._fixtureinfo.name2fixturedefs.get(name, (None,))
        if fixture is None or others:
            return None
        if _PARAMETER is not None and fixture.func is _PARAMETER:
            continue
        if getattr(fixture.func, "__self__", None) is not plugin:
            return None
        makers[name] = fixture.func
    function, names = item.obj, item._fixtureinfo.argnames
    return lambda: function(**{name: makers[name]() if name in makers else parameters[name] for name in names})


def _has_other_hooks(item: pytest.Item, plugin: object) -> bool:
    """Whether anybody beside pytest and `plugin` takes part when `item` runs."""
    return any(
        implementation.plugin is not plugin and not _is_pytests(implementation.plugin)
        for hook in _HOOKS
        for implementation in getattr(item.ihook, hook).get_hookimpls()
    )


def _is_pytests(plugin: object) -> bool:
    module = plugin.__name__ if inspect.ismodule(plugin) else type(plugin).__module__
    return module.startswith("_pytest.")
