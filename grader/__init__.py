"""Grades deep learning written in NumPy, safely and with feedback that names the mistake.

In a notebook: `from grader import check`, then `check("affine_backward")`.
In a program: `grader.grade("deep_network", Path("ada/deep_network.py"))`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.api import grade, iter_results, open_session
    from grader.notebook_checking import check

__all__ = ["__version__", "check", "grade", "iter_results", "open_session"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """What is public is imported when it is first used: `grader --help` and workers need nothing of it."""
    if name == "check":
        from grader.notebook_checking import check

        return check
    if name in ("grade", "iter_results", "open_session"):
        from grader import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
