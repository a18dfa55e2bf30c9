"""nbgrader's gradebook, opened so that all that is written to it is one transaction.

nbgrader's API commits after every call. Here its session runs inside a transaction of the connection, which these
commits do not end. Needs nbgrader, so it is imported where it is used.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from alembic.script import ScriptDirectory
from nbgrader.api import Base, Gradebook, InvalidEntry
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import scoped_session, sessionmaker

from grader.errors import UsageError
from grader.names import printable

_VERSIONS = "alembic_version"
_NO_SCORES = "; no score was written"


@contextmanager
def opened(url: str, course_id: str) -> Iterator[Any]:
    """The nbgrader.api.Gradebook at `url`; made where the database is empty. Kept when the block ends well.

    course_id: of assignments that are new; empty: nbgrader's default. Raises UsageError when the database cannot be
    used, and then it is as it was.
    """
    engine = _engine(url)
    shown = printable(engine.url.render_as_string(hide_password=True))
    # The API reports an error with its traceback here, and raises it as well.
    log = logging.getLogger("tornado.application")
    was_disabled, log.disabled = log.disabled, True
    try:
        with _in_words(shown), engine.connect() as connection, connection.begin():
            _prepare_tables(connection, shown)
            gradebook = _gradebook(connection, course_id)
            try:
                yield gradebook
            finally:
                gradebook.db.remove()
    finally:
        log.disabled = was_disabled
        engine.dispose()


def _engine(url: str) -> Engine:
    example = "sqlite:////course/gradebook.db or postgresql+psycopg://user@host/name"
    try:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        # The URL may hold a password: it is not repeated.
        raise UsageError(f"--db is not the URL of a database that can be used; write it like {example}") from error
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the driver {error.name} for --db is not installed; pip install 'grader[nbgrader]' brings psycopg, for "
            "URLs that begin with postgresql+psycopg://"
        ) from error
    if engine.dialect.name == "sqlite":
        # sqlite3 would begin a transaction only at the first change of a row, and leave out the tables before it.
        sqlalchemy.event.listen(engine, "connect", _leave_transactions_to_us)
        sqlalchemy.event.listen(engine, "begin", _begin)
    return engine


def _leave_transactions_to_us(connection: Any, _: object) -> None:
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # with the lock, so that a locked database is known at once


@contextmanager
def _in_words(shown: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise UsageError(f"the gradebook {shown} cannot be used: {_reason(error.orig)}{_NO_SCORES}") from error
    except (SQLAlchemyError, InvalidEntry) as error:
        raise UsageError(f"the gradebook {shown} refuses a value: {_reason(error)}{_NO_SCORES}") from error


def _reason(error: object) -> str:
    """The first line of what a database said."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return printable(lines[0] if lines else type(error).__name__)


def _gradebook(connection: Connection, course_id: str) -> Any:
    """A Gradebook on `connection`: its constructor would connect by itself, and commit."""
    gradebook = Gradebook.__new__(Gradebook)
    gradebook.engine = connection.engine
    gradebook.db = scoped_session(sessionmaker(bind=connection, expire_on_commit=False))
    gradebook.authenticator = None
    gradebook.course_id = course_id or "default_course"
    gradebook.check_course(gradebook.course_id)
    return gradebook


def _prepare_tables(connection: Connection, shown: str) -> None:
    """Make the tables of nbgrader, or see that they are those of the nbgrader that is installed."""
    found = set(inspect(connection).get_table_names())
    script = ScriptDirectory(ALEMBIC_DIR)
    if not found:
        Base.metadata.create_all(connection)
        connection.execute(text(f"CREATE TABLE {_VERSIONS} (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(
            text(f"INSERT INTO {_VERSIONS} (version_num) VALUES (:head)"), {"head": script.get_current_head()}
        )
        return
    if "assignment" not in found:
        others = ", ".join(printable(name) for name in sorted(found)[:3])
        raise UsageError(f"{shown} is no gradebook: it has tables of something else ({others}); give another database")
    version = _version(connection) if _VERSIONS in found else None
    known = {revision.revision for revision in script.walk_revisions()}
    if version is not None and version not in known:
        raise UsageError(f"the gradebook {shown} is of a newer nbgrader; upgrade nbgrader here")
    lacking = _lacking(connection, found)
    if version != script.get_current_head() or lacking:
        what = f" (it lacks {lacking[0]})" if lacking else ""
        raise UsageError(
            f"the gradebook {shown} is of an older nbgrader{what}; make a copy of it, and run nbgrader db upgrade"
        )


def _version(connection: Connection) -> str | None:
    version: str | None = connection.execute(text(f"SELECT version_num FROM {_VERSIONS}")).scalar()
    return version


def _lacking(connection: Connection, found: set[str]) -> list[str]:
    """Tables and columns that are not there."""
    inspector = inspect(connection)
    lacking = []
    for name, table in sorted(Base.metadata.tables.items()):
        columns = {column["name"] for column in inspector.get_columns(name)} if name in found else set()
        lacking += [f"{name}.{column.name}" for column in table.columns if column.name not in columns]
    return lacking
