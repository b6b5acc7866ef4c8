"""Open Referral UK 3.0, read liberally: missing zones, nulls, other spellings, half-filled addresses.

What cannot be published as Open Referral UK wants it is left out with a note; a record that lacks what
every service must have (an id, a name, a status) is refused with its reasons. One record at a time.
"""

from services.directory.formats.oruk.envelope import FeedPage, NotAFeed, parse, read_page
from services.directory.formats.oruk.record import Names, Record, RecordNotUsable, differences
from services.directory.formats.oruk.service import identity, is_detailed, read_service
from services.directory.formats.oruk.terms import read_words

__all__ = [
    "FeedPage",
    "Names",
    "NotAFeed",
    "Record",
    "RecordNotUsable",
    "differences",
    "identity",
    "is_detailed",
    "parse",
    "read_page",
    "read_service",
    "read_words",
]
