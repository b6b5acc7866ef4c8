"""CSV (RFC 4180): a header row that names the columns in any order, then one concern a record.

A record may run over several lines inside quotation marks; its number is the line it begins on. We
follow the quotation marks ourselves, so that a record that is too long or not CSV ends where it ends:
text quoted inside it is never taken for a record of its own.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence

from hub.problem import Problem
from services.referral.formats.concern_export.line import FIELDS, LARGEST, NEEDED, TOO_LONG, Fields, no_such
from services.referral.schemas.files import FieldFault

NOT_CSV: FieldFault = {"pointer": "", "detail": "This is not CSV: look at its quotation marks."}
NEVER_CLOSED: FieldFault = {
    "pointer": "",
    "detail": "A quotation mark is opened here and never closed, so nothing after it could be read.",
}
NOTHING_AFTER: FieldFault = {
    "pointer": "",
    "detail": "This line is longer than eight megabytes, so nothing after it could be read.",
}


class ConcernExportNotValid(Problem):
    """The header row does not name the columns of a concern export."""

    status = 422


def rows(lines: Iterable[str | None]) -> Iterator[tuple[int, Fields | list[FieldFault]]]:
    """Each record's line number with its fields, or with what is wrong.

    Raises ConcernExportNotValid before the first record if the header is not ours.
    """
    records = _records(lines)
    header = _header(next(records, (1, ""))[1])
    for number, record in records:
        if not isinstance(record, str):
            yield number, [record]
            continue
        cells = _cells(record)
        if cells is None:
            yield number, [NOT_CSV]
        elif len(cells) != len(header):
            detail = f"Columns on this line: {len(cells)}; in the header: {len(header)}."
            yield number, [{"pointer": "", "detail": detail}]
        elif any(cells):
            yield number, dict(zip(header, cells, strict=True))


def _header(record: str | FieldFault) -> Sequence[str]:
    names = [name.strip() for name in (isinstance(record, str) and _cells(record)) or []]
    faults = no_such(names)
    faults += [
        {"pointer": f"/{name}", "detail": "This column is missing."}
        for name in FIELDS
        if name in NEEDED and name not in names
    ]
    if len(set(names)) != len(names):
        faults.append({"pointer": "", "detail": "A column is named twice."})
    if faults:
        raise ConcernExportNotValid(errors=faults)
    return names


def _cells(record: str) -> Sequence[str] | None:
    try:
        return next(csv.reader([record], strict=True))
    except csv.Error:
        return None


def _records(lines: Iterable[str | None]) -> Iterator[tuple[int, str | FieldFault]]:
    """Records with the number of the line they begin on. Blank lines between them are passed over."""
    parts: list[str] = []
    began, size, quoted = 0, 0, False
    for number, line in enumerate(lines, 1):
        if not quoted:
            parts, began, size = [], number, 0
        if line is None:
            yield began, NOTHING_AFTER
            return
        size += len(line)
        if size <= LARGEST:
            parts.append(line)
        quoted = _open_after(line, quoted=quoted)
        if not quoted and (len(parts) > 1 or line.strip("\r\n")):
            yield began, "".join(parts) if size <= LARGEST else TOO_LONG
    if quoted:
        yield began, NEVER_CLOSED


def _open_after(line: str, *, quoted: bool) -> bool:
    """Whether a quoted field is still open at the end of this line.

    A quotation mark opens a field only as its first character; inside, two stand for one.
    """
    at = 0
    if not quoted:
        quoted = line.startswith('"')
        at += quoted
    while True:
        if quoted:
            at = _end_of_quoted(line, at)
            if at < 0:
                return True
        at = line.find(",", at) + 1
        if not at:
            return False
        quoted = line.startswith('"', at)
        at += quoted


def _end_of_quoted(line: str, at: int) -> int:
    """The position after the mark that closes a field, or -1."""
    while (at := line.find('"', at)) >= 0 and line.startswith('"', at + 1):
        at += 2
    return at + 1 if at >= 0 else -1
