"""Exporters and reporters, ours and those of other packages, found by their entry points.

A package adds one by an entry point in the group `grader.exporters` or `grader.reporters` whose name is the word for
the command line and whose object is an `Exporter` or a `Reporter`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from grader.errors import GraderError, UsageError
from grader.names import did_you_mean, printable
from grader.records import Record

_Plugin = TypeVar("_Plugin")
_SUFFIX = re.compile(r"(\.[A-Za-z0-9_-]+)+")


@dataclass(frozen=True)
class Option:
    """An option of an exporter, `--name VALUE`; its value is text, or a Path where `is_path`."""

    name: str
    help: str
    metavar: str = "TEXT"
    is_path: bool = False
    is_required: bool = False


@dataclass(frozen=True)
class Exporter:
    """Writes the results in OUT in the format of another system.

    summary: one line for `grader export --help`. write: called with OUT and the value of every option by its name (None
    where it is not given); returns the lines to print: what was written where, and what the reader must know.
    """

    summary: str
    write: Callable[[Path, Mapping[str, Any]], list[str]]
    options: tuple[Option, ...] = ()


class Renderer(Protocol):
    """Makes a text of a record. title: that of the assignment."""

    def __call__(self, record: Record, *, title: str) -> str: ...


@dataclass(frozen=True)
class Reporter:
    """Shows one record as the text of a file, whose name ends in `suffix`, for example `.xml`."""

    summary: str
    suffix: str
    render: Renderer

    def __post_init__(self) -> None:
        if not _SUFFIX.fullmatch(self.suffix):
            raise ValueError(f"a reporter's suffix is like .xml or .junit.xml, not {self.suffix!r}")


@dataclass(frozen=True)
class Kind(Generic[_Plugin]):
    """A kind of plugin: its entry point group and the class of its objects."""

    group: str
    plugin: type[_Plugin]

    def names(self) -> list[str]:
        """What is installed, sorted."""
        return sorted({point.name for point in entry_points(group=self.group)})

    def load(self, name: str) -> _Plugin:
        """The plugin called `name`.

        Raises UsageError when there is none, and GraderError, which names its package, when it cannot be used.
        """
        points = list(entry_points(group=self.group, name=name))
        word = self.plugin.__name__.lower()
        if not points:
            known = self.names()
            hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
            raise UsageError(f"no {word} is called {printable(name)}{hint}")
        owners = sorted(_owner(point) for point in points)
        if len(points) > 1:
            raise GraderError(f"several packages have the {word} {name}: {', '.join(owners)}; uninstall all but one")
        try:
            found = points[0].load()
        except Exception as error:  # the code of others, which may fail in any way
            reason = f"{type(error).__name__}: {printable(str(error))}"
            raise GraderError(f"the {word} {name} of {owners[0]} cannot be imported: {reason}") from error
        if not isinstance(found, self.plugin):
            raise GraderError(
                f"the {word} {name} of {owners[0]} is a {type(found).__name__}; "
                f"its entry point must name a grader.plugins.{self.plugin.__name__}"
            )
        return found


EXPORTERS = Kind("grader.exporters", Exporter)
REPORTERS = Kind("grader.reporters", Reporter)


@contextmanager
def blaming(what: str) -> Iterator[None]:
    """Turns an error out of the code of a plugin, called `what`, into one that names it. Ours pass as they are."""
    try:
        yield
    except (GraderError, OSError):
        raise
    except Exception as error:
        raise GraderError(f"{what} failed: {type(error).__name__}: {printable(str(error))}") from error


def _owner(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "an unknown package"
