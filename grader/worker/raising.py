"""Exceptions of a submission as plain, bounded text: it chose their classes and their words."""

from __future__ import annotations

import linecache
from collections import deque
from types import TracebackType

from .wire import MAX_NAME, MAX_NOTES, MAX_TEXT, Frame


def name_of(error: BaseException) -> str:
    """The name of the exception's class."""
    return plain_text(getattr(type(error), "__name__", "?"), limit=MAX_NAME)


def text_of(error: BaseException) -> str:
    """What str() gives for the exception; a sentence that says so when that fails."""
    try:
        return plain_text(str(error))
    except BaseException:
        return "(its text could not be made)"


def frames_of(traceback: TracebackType | None, file_name: str) -> list[Frame]:
    """The last MAX_NOTES frames that run code of `file_name`, outermost first."""
    frames: deque[Frame] = deque(maxlen=MAX_NOTES)
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == file_name:
            line = traceback.tb_lineno or 0
            source = linecache.getline(file_name, line).strip()
            frames.append(Frame(line, plain_text(code.co_name, limit=MAX_NAME), plain_text(source, limit=MAX_NAME)))
        traceback = traceback.tb_next
    return list(frames)


def plain_text(text: object, *, limit: int = MAX_TEXT) -> str:
    """`text`, which should be a str, as an exact str that UTF-8 can hold, of at most `limit` characters."""
    if not isinstance(text, str):
        return "?"
    return str.__str__(text)[:limit].encode("utf-8", "replace").decode("utf-8")
