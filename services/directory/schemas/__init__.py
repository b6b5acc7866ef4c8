"""What the directory hears and says, a file per noun."""

from services.directory.schemas.feeds import Change, Counts, Failure, FeedHeard, FeedReport, Note
from services.directory.schemas.questions import (
    Near,
    OrganizationQuestion,
    PageQuestion,
    PlaceQuestion,
    ServiceQuestion,
    TermQuestion,
)

__all__ = [
    "Change",
    "Counts",
    "Failure",
    "FeedHeard",
    "FeedReport",
    "Near",
    "Note",
    "OrganizationQuestion",
    "PageQuestion",
    "PlaceQuestion",
    "ServiceQuestion",
    "TermQuestion",
]
