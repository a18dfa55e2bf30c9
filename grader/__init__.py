"""Grades deep learning written in NumPy, safely and with feedback that names the mistake.

In a notebook: `from grader import check`, then `check("affine_backward")`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.notebook_checking import check

__all__ = ["__version__", "check"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """What is public is imported when it is first used: `grader --help` and workers need nothing of it."""
    if name == "check":
        from grader.notebook_checking import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
