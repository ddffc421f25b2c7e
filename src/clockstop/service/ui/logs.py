"""Logging that cannot carry what a visitor typed."""

import logging
import traceback
from http.client import responses
from types import TracebackType
from typing import TypeAlias

_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class DiscreetFormatter(logging.Formatter):
    """Prints where an error happened and its type, never its message, and no request's path.

    Exception messages repeat the value that caused them, a path is what was typed: here either
    can be a postcode. Of a request that was answered with an error the status is left.
    """

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        status = getattr(record, "status_code", None)
        if status:
            record.message = f"{status} {responses.get(status, '')}".rstrip()
        return super().formatMessage(record)

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802
        kind, _, trace = ei
        frames = "".join(traceback.format_tb(trace)).rstrip()
        return f"{frames}\n{kind.__name__}" if kind else frames
