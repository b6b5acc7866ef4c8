"""The body of an export by its content type, a line at a time: memory does not grow with the file."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.message import Message

from hub.problem import PayloadTooLarge, Problem
from services.referral.formats.concern_export import objects, table
from services.referral.formats.concern_export.line import BadLine, ConcernLine, Fields, read_line
from services.referral.formats.concern_export.physical import lines
from services.referral.schemas.files import FieldFault

ROWS = {
    "text/csv": table.rows,
    "application/x-ndjson": objects.rows,
    "application/ndjson": objects.rows,
    "application/jsonl": objects.rows,
}
MOST = 5_000
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})


class ConcernFormatNotKnown(Problem):
    """A concern export is text/csv or application/x-ndjson, in UTF-8."""

    status = 415


def read(
    content: bytes | Iterable[bytes], content_type: str, now: datetime | None = None
) -> Iterator[ConcernLine | BadLine]:
    """Every concern of an export, bad lines among them by number.

    Raises ConcernFormatNotKnown at once, ConcernExportNotValid at the first line, and PayloadTooLarge
    after 5,000 concerns, so that a report of bad lines stays a page somebody can read.
    """
    header = Message()
    header["content-type"] = content_type or "application/octet-stream"
    rows = ROWS.get(header.get_content_type())
    if rows is None or str(header.get_content_charset("utf-8")) not in CHARSETS:
        raise ConcernFormatNotKnown(headers={"accept": "text/csv, application/x-ndjson"})
    return _concerns(rows(lines(content)), now or datetime.now(UTC))


def _concerns(
    rows: Iterable[tuple[int, Fields | list[FieldFault]]], now: datetime
) -> Iterator[ConcernLine | BadLine]:
    for count, (number, row) in enumerate(rows, 1):
        if count > MOST:
            raise PayloadTooLarge(f"An export has at most {MOST:,} concerns. Send the rest in another.")
        yield BadLine(number, tuple(row)) if isinstance(row, list) else read_line(number, row, now)
