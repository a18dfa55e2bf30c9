"""The hidden tests of deep_network as plain functions of a namespace: what every peer runs, in its own way.

Set GRADER_COURSE to the course folder. No isolation, no feedback: the tests of this repository, called as they are.
"""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
import types
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

COURSE = Path(os.environ["GRADER_COURSE"])
ASSIGNMENT = "deep_network"
sys.path.insert(0, str(COURSE / "benchmarks"))

from bare_calls import Plain, collect  # noqa: E402 — the folder is known only now

from grader import manifest  # noqa: E402
from grader.course import load_reference  # noqa: E402


@lru_cache(maxsize=1)
def tests() -> dict[str, Callable[..., None]]:
    """The test functions by a name that is an identifier."""
    found = collect(manifest.load(COURSE, ASSIGNMENT).tests_folder)
    return {f"{Path(test.__code__.co_filename).stem}__{test.__name__}": test for test in found}


@lru_cache(maxsize=1)
def _reference() -> types.ModuleType:
    return load_reference(manifest.load(COURSE, ASSIGNMENT))


def run(name: str, namespace: Mapping[str, Any]) -> None:
    """Run one test on the functions in `namespace`; an AssertionError or any other exception is a failure."""
    test = tests()[name]
    module = types.ModuleType("submission")
    module.__dict__.update(namespace)
    given = {
        "student": Plain(module),
        "reference": _reference(),
        "rng": np.random.default_rng(sorted(tests()).index(name)),
        "data_folder": COURSE / "solutions" / ASSIGNMENT / "data",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        test(**{parameter: given[parameter] for parameter in inspect.signature(test).parameters})


def load(path: Path) -> dict[str, Any]:
    """The namespace of a submission."""
    spec = importlib.util.spec_from_file_location("submission", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)
