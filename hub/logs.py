"""What a log line may say: what happened, and ids, numbers and names of ours. Never what somebody wrote.

A processor lets through only what it knows by name and shape. Library logs keep who spoke and which kind of
error it was: their words may quote a row, a header or a body.
"""

import contextlib
import io
import json
import logging
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO, cast
from uuid import UUID

import structlog
from structlog.typing import EventDict
from typing_extensions import override

NOISY = ("authlib", "sqlalchemy.engine", "uvicorn.access", "httpx", "alembic")
UNSAID = "something happened"
OURS = re.compile(r"[a-z]+(?: [a-z]+){0,6}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,80}")
ROUTE = re.compile(r"/[A-Za-z0-9_{}:./-]{0,120}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
STATE = re.compile(r"[0-9A-Z]{5}")

# A route is a template (`/people/{person}`), never the path somebody sent.
TEXTS: Mapping[str, re.Pattern[str]] = dict.fromkeys(
    ("level", "part", "method", "kind", "logger", "where", "agency", "client"), NAME
) | {"event": OURS, "timestamp": MOMENT, "route": ROUTE, "sqlstate": STATE}


def only_what_is_known(_: Any, __: str, said: EventDict) -> EventDict:
    """Drop everything that is not a number, an id, or a known key of a known shape."""
    kept = {key: value for key, value in said.items() if _is_known(key, value)}
    return {"event": UNSAID, **kept}


def quiet_logs(level: str = "INFO") -> None:
    """JSON lines on standard error, of which none holds anything about a person."""
    stream = StandardError()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LibraryLine())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_what_is_known,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", stream)),
    )


class StandardError(io.TextIOBase):
    """Standard error as it stands when a line is written. A log that cannot be written stops no answer."""

    @override
    def write(self, text: str, /) -> int:
        """Write the text, or lose it: the trace in the database is what must not be lost."""
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
        return len(text)

    @override
    def flush(self) -> None:
        """Push out what was written."""
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()


class LibraryLine(logging.Formatter):
    """A library's log record as a line that quotes nobody: who spoke, where, which kind of error."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as JSON."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        line = {
            "event": "library spoke",
            "level": record.levelname.lower(),
            "logger": record.name,
            "where": f"{record.module}:{record.lineno}",
            "kind": kind,
        }
        return json.dumps(only_what_is_known(None, "", line))


def _is_known(key: str, value: object) -> bool:
    """Numbers and ids under any plain name of ours; text only where its key and shape are known."""
    if not NAME.fullmatch(key):
        return False
    if value is None or isinstance(value, bool | int | float | UUID):
        return True
    if not isinstance(value, str):
        return False
    shape: Callable[[str], object] = TEXTS[key].fullmatch if key in TEXTS else _id
    return bool(shape(value))


def _id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
