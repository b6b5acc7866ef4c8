"""One concern as a school's system exports it, or what is wrong with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo

from hub.heard import LONGEST_ACCOUNT
from services.referral.formats.record import NotReadable, Record, one_of, words
from services.referral.rules import identifiers
from services.referral.rules.identifiers import Upn
from services.referral.schemas.files import FieldFault

Fields = Mapping[str, str | None]

LONDON = ZoneInfo("Europe/London")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
YEARS = range(1900, 3000)
CLOCKS_DIFFER = timedelta(minutes=5)  # a red concern must not wait for a school's fast clock
CATEGORY = one_of(
    *("physical", "emotional", "neglect", "sexual", "low_level", "attendance", "behaviour"),
    *("welfare", "online", "other"),
)
RAG = one_of("red", "amber", "green")
WORDS = words(LONGEST_ACCOUNT)


@dataclass(frozen=True, slots=True)
class ConcernLine:
    """A concern, its moments in UTC. `rag` is the school's own scheme and never the MASH's."""

    number: int
    external_id: str
    upn: Upn
    occurred_at: datetime
    recorded_at: datetime | None
    category: str
    narrative: str
    words_of_the_child: str | None
    immediate_action: str | None
    reporter_role: str | None
    rag: str | None


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line we could not take, by its number in the file, with every reason at once."""

    number: int
    errors: tuple[FieldFault, ...]


FIELDS = tuple(field.name for field in fields(ConcernLine) if field.name != "number")
NEEDED = frozenset({"external_id", "upn", "occurred_at", "category", "narrative"})
LARGEST = 512 * 1024  # characters, enough for every field at its longest and escaped
NAMED = 10  # unknown names, lest a report grow longer than the file
TOO_LONG: FieldFault = {"pointer": "", "detail": "This is longer than any concern."}


def read_line(number: int, have: Fields, now: datetime) -> ConcernLine | BadLine:
    """The concern on this line, or everything that is wrong with it."""
    record = Record(have.get)
    moment = partial(_moment, now)
    concern = ConcernLine(
        number=number,
        external_id=record.need("external_id", words(100)),
        upn=record.need("upn", identifiers.upn),
        occurred_at=record.need("occurred_at", moment),
        recorded_at=record.may("recorded_at", moment),
        category=record.need("category", CATEGORY),
        narrative=record.need("narrative", WORDS),
        words_of_the_child=record.may("words_of_the_child", WORDS),
        immediate_action=record.may("immediate_action", WORDS),
        reporter_role=record.may("reporter_role", words(200)),
        rag=record.may("rag", RAG),
    )
    return BadLine(number, tuple(record.faults)) if record.faults else concern


def no_such(names: Iterable[str]) -> list[FieldFault]:
    """A fault for each of the first names the format does not have. Only a plain name is repeated."""
    unknown = islice((name for name in names if name not in FIELDS), NAMED)
    return [
        {
            "pointer": f"/{name}" if name.isascii() and name.isidentifier() else "",
            "detail": "A concern export has no such field.",
        }
        for name in unknown
    ]


def _moment(now: datetime, text: str) -> datetime:
    found = _in_utc(text.strip())
    if found > now + CLOCKS_DIFFER:
        raise NotReadable("This is in the future.")
    return found


def _in_utc(text: str) -> datetime:
    """A moment; without a zone it is London's, and the earlier one in the hour that comes twice."""
    try:
        found = datetime.fromisoformat(text) if MOMENT.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise NotReadable("This is a date and time like 2026-11-19T10:40 or 2026-11-19T10:40:00Z.")
    if found.tzinfo:
        return found.astimezone(UTC)
    moment = found.replace(tzinfo=LONDON).astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != found:
        raise NotReadable("There was no such time: the clocks went forward.")
    return moment
