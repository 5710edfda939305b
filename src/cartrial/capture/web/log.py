"""The server's log: one line an event, in UTC, without anything that was typed into a form.

A fault is told by its class and the lines of code where it arose, never by its message: that may
quote a cell. Line ends and other control characters are written out, so nothing forges a line. A
one-time link is a key until it is used: its token is left out.

Source: OWASP ASVS 5.0, 16.2.2, 16.2.5, 16.4.1
"""

import datetime as dt
import logging
import re
import traceback

TOKEN = re.compile(r"/link/\S+")


class Line(logging.Formatter):
    """A record of the log as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, and where a fault arose."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        message = f"{at} {record.levelname} {record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1] is not None:
            message += f" ({_where(record.exc_info[1])})"
        message = TOKEN.sub("/link/…", message)
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in message)


def _where(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    places = " < ".join(
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
    return f"{type(fault).__module__}.{type(fault).__qualname__} at {places}"
